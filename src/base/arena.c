#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(at, len) ASAN_POISON_MEMORY_REGION((at), (len))
#define UNPOISON(at, len) ASAN_UNPOISON_MEMORY_REGION((at), (len))
#else
#define POISON(at, len) ((void)(at), (void)(len))
#define UNPOISON(at, len) ((void)(at), (void)(len))
#endif

enum { CHUNK_MIN = 16 * 1024, CHUNK_MAX = 1024 * 1024 };

struct chunk {
	struct chunk *next;
	size_t size, used;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct chunk *first, *current;
	size_t held;
};

NORETURN static void out_of_memory(void)
{
	fputs("tipoff: out of memory\n", stderr);
	abort();
}

static size_t size_multiply(size_t a, size_t b)
{
	size_t product;

	if (__builtin_mul_overflow(a, b, &product) || product > PTRDIFF_MAX / 2)
		out_of_memory();
	return product;
}

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof *arena);

	if (!arena)
		out_of_memory();
	return arena;
}

static void chunks_free(struct arena *arena)
{
	struct chunk *chunk, *next;

	for (chunk = arena->first; chunk; chunk = next) {
		next = chunk->next;
		UNPOISON(chunk->bytes, chunk->size);
		free(chunk);
	}
	arena->first = arena->current = NULL;
	arena->held = 0;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	chunks_free(arena);
	free(arena);
}

void arena_reset(struct arena *arena)
{
	for (struct chunk *chunk = arena->first; chunk; chunk = chunk->next) {
		chunk->used = 0;
		POISON(chunk->bytes, chunk->size);
	}
	arena->current = arena->first;
}

size_t arena_size_bytes(const struct arena *arena)
{
	return arena->held;
}

/* Chunks double up to CHUNK_MAX; a larger request gets a chunk of its own size. */
static struct chunk *chunk_add(struct arena *arena, size_t need)
{
	size_t size = arena->current ? arena->current->size * 2 : CHUNK_MIN;
	struct chunk *chunk;

	if (size > CHUNK_MAX)
		size = CHUNK_MAX;
	if (size < need)
		size = need;
	chunk = malloc(sizeof *chunk + size);
	if (!chunk)
		out_of_memory();
	chunk->size = size;
	chunk->used = 0;
	chunk->next = NULL;
	POISON(chunk->bytes, size);
	arena->held += size;
	if (!arena->current) {
		chunk->next = arena->first;
		arena->first = chunk;
	} else {
		chunk->next = arena->current->next;
		arena->current->next = chunk;
	}
	arena->current = chunk;
	return chunk;
}

void arena_reset_lean(struct arena *arena)
{
	const struct chunk *first = arena->first;
	size_t used = 0;

	for (const struct chunk *chunk = first; chunk; chunk = chunk->next)
		used += chunk->used;
	if (!first || (!first->next &&
		       (first->size <= CHUNK_MAX || used >= first->size / 4 * 3))) {
		arena_reset(arena);
		return;
	}
	chunks_free(arena);
	chunk_add(arena, used);
}

/* Alignments are powers of two. */
static size_t padding(const struct chunk *chunk, size_t align)
{
	uintptr_t at = (uintptr_t)(chunk->bytes + chunk->used);

	return (size_t)-at & (align - 1);
}

void *arena_alloc_raw(struct arena *arena, size_t count, size_t size, size_t align)
{
	size_t need = size_multiply(count ? count : 1, size);
	struct chunk *chunk = arena->current;
	size_t pad;
	char *at;

	while (chunk && chunk->size - chunk->used < need + padding(chunk, align)) {
		if (!chunk->next) {
			chunk = NULL;
			break;
		}
		chunk = chunk->next;
		arena->current = chunk;
	}
	if (!chunk)
		chunk = chunk_add(arena, need + align);
	pad = padding(chunk, align);
	at = chunk->bytes + chunk->used + pad;
	chunk->used += pad + need;
	UNPOISON(at, need);
	return at;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size, size_t align)
{
	void *at = arena_alloc_raw(arena, count, size, align);

	memset(at, 0, count * size);
	return at;
}

struct slice arena_copy(struct arena *arena, struct slice s)
{
	return (struct slice){ arena_cstr(arena, s), s.len };
}

char *arena_cstr(struct arena *arena, struct slice s)
{
	char *copy = arena_alloc_raw(arena, s.len + 1, 1, 1);

	if (s.len)
		memcpy(copy, s.at, s.len);
	copy[s.len] = '\0';
	return copy;
}

struct slice arena_lower(struct arena *arena, struct slice s)
{
	char *copy = arena_cstr(arena, s);

	for (size_t i = 0; i < s.len; i++)
		copy[i] = ascii_lower(copy[i]);
	return (struct slice){ copy, s.len };
}

struct slice arena_upper(struct arena *arena, struct slice s)
{
	char *copy = arena_cstr(arena, s);

	for (size_t i = 0; i < s.len; i++)
		copy[i] = ascii_upper(copy[i]);
	return (struct slice){ copy, s.len };
}

struct slice arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	char few[256]; /* most fit: those are formatted once */
	va_list again;
	int len;
	char *at;

	va_copy(again, args);
	len = vsnprintf(few, sizeof few, format, again);
	va_end(again);
	if (len < 0)
		out_of_memory();
	if ((size_t)len < sizeof few)
		return arena_copy(arena, (struct slice){ few, (size_t)len });
	at = arena_alloc(arena, (size_t)len + 1, 1, 1);
	vsnprintf(at, (size_t)len + 1, format, args);
	return (struct slice){ at, (size_t)len };
}

struct slice arena_printf(struct arena *arena, const char *format, ...)
{
	struct slice text;
	va_list args;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

void *arena_grow(struct arena *arena, const void *old, size_t count, size_t *room,
		 size_t size)
{
	size_t grown = *room ? size_multiply(*room, 2) : 8;
	void *fresh = arena_alloc(arena, grown, size, alignof(max_align_t));

	if (count)
		memcpy(fresh, old, count * size);
	*room = grown;
	return fresh;
}

bool slices_equal(const struct slices *a, const struct slices *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!slice_equal(a->at[i], b->at[i]))
			return false;
	return true;
}
