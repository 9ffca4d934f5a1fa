#include "event/prefilter.h"

#include "event/cover.h"

#include <hs/hs.h>
#include <stdlib.h>
#include <string.h>

struct prefilter {
	struct arena *arena;
	struct cover cover;
	hs_database_t *database; /* of the cover's strings */
	size_t words;
};

/* Where a scan stands: the line that the last literal was found in. */
struct prefilter_scratch {
	const struct prefilter *prefilter;
	hs_scratch_t *space;
	struct slice block;
	size_t start, end; /* of that line; end 0: none yet */
	bool disordered;
	prefilter_line *line;
	void *context;
	uint64_t *seen;
};

static void out_of_memory_unless(const void *made)
{
	if (made == NULL)
		abort();
}

static hs_database_t *database_new(const struct cover *cover)
{
	struct arena *arena = arena_new();
	size_t count = cover->count;
	const char **texts = ARENA_ARRAY(arena, const char *, count);
	unsigned *flags = ARENA_ARRAY(arena, unsigned, count);
	unsigned *ids = ARENA_ARRAY(arena, unsigned, count);
	size_t *lengths = ARENA_ARRAY(arena, size_t, count);
	hs_database_t *database = NULL;
	hs_compile_error_t *why = NULL;

	for (size_t i = 0; i < count; i++) {
		texts[i] = cover->at[i].text.at;
		lengths[i] = cover->at[i].text.len;
		flags[i] = HS_FLAG_CASELESS;
		ids[i] = (unsigned)i;
	}
	if (hs_compile_lit_multi(texts, flags, ids, lengths, (unsigned)count,
				 HS_MODE_BLOCK, NULL, &database, &why) != HS_SUCCESS)
		database = NULL;
	hs_free_compile_error(why);
	arena_free(arena);
	return database;
}

static bool is_possible(size_t literals)
{
	return literals > 0 && literals <= PREFILTER_LITERALS_MAX &&
	       hs_valid_platform() == HS_SUCCESS;
}

static struct prefilter *prefilter_begin(const struct slices *literals)
{
	struct arena *arena;
	struct prefilter *prefilter;

	if (!is_possible(literals->count))
		return NULL;
	arena = arena_new();
	prefilter = ARENA_NEW(arena, struct prefilter);
	prefilter->arena = arena;
	prefilter->cover = cover_make(arena, literals);
	prefilter->words = literals->count / 64 + 1;
	return prefilter;
}

static struct prefilter *prefilter_if_made(struct prefilter *prefilter)
{
	if (prefilter->database != NULL)
		return prefilter;
	prefilter_free(prefilter);
	return NULL;
}

struct prefilter *prefilter_new(const struct slices *literals)
{
	struct prefilter *prefilter = prefilter_begin(literals);

	if (prefilter == NULL)
		return NULL;
	prefilter->database = database_new(&prefilter->cover);
	return prefilter_if_made(prefilter);
}

void prefilter_save(const struct prefilter *prefilter, struct buffer *out)
{
	char *bytes = NULL;
	size_t count = 0;

	if (hs_serialize_database(prefilter->database, &bytes, &count) != HS_SUCCESS)
		return;
	buffer_add(out, (struct slice){ bytes, count });
	free(bytes);
}

struct prefilter *prefilter_restore(struct slice saved, const struct slices *literals)
{
	struct prefilter *prefilter = prefilter_begin(literals);

	if (prefilter == NULL)
		return NULL;
	if (hs_deserialize_database(saved.at, saved.len, &prefilter->database) !=
	    HS_SUCCESS)
		prefilter->database = NULL;
	return prefilter_if_made(prefilter);
}

struct slice prefilter_library(struct arena *arena)
{
	hs_platform_info_t platform = { 0 };

	if (hs_populate_platform(&platform) != HS_SUCCESS)
		platform = (hs_platform_info_t){ 0 };
	return arena_printf(arena, "Hyperscan %s %x %llx", hs_version(), platform.tune,
			    platform.cpu_features);
}

void prefilter_free(struct prefilter *prefilter)
{
	if (prefilter == NULL)
		return;
	hs_free_database(prefilter->database);
	arena_free(prefilter->arena);
}

struct prefilter_scratch *prefilter_scratch_new(const struct prefilter *prefilter)
{
	struct prefilter_scratch *scratch = calloc(1, sizeof *scratch);

	out_of_memory_unless(scratch);
	scratch->prefilter = prefilter;
	scratch->seen = calloc(prefilter->words, sizeof *scratch->seen);
	out_of_memory_unless(scratch->seen);
	if (hs_alloc_scratch(prefilter->database, &scratch->space) != HS_SUCCESS)
		abort();
	return scratch;
}

void prefilter_scratch_free(struct prefilter_scratch *scratch)
{
	if (scratch == NULL)
		return;
	hs_free_scratch(scratch->space);
	free(scratch->seen);
	free(scratch);
}

static void line_tell(struct prefilter_scratch *scratch)
{
	struct slice line = slice_cut(scratch->block, scratch->start, scratch->end);

	if (scratch->end == 0)
		return;
	scratch->line(scratch->context, line, scratch->seen);
	memset(scratch->seen, 0, scratch->prefilter->words * sizeof *scratch->seen);
}

/* The line around a byte behind the last one. */
static void line_find(struct prefilter_scratch *scratch, size_t at)
{
	const char *text = scratch->block.at;
	const char *before = memrchr(text + scratch->end, '\n', at - scratch->end);
	const char *behind = memchr(text + at, '\n', scratch->block.len - at);

	if (before != NULL)
		scratch->start = (size_t)(before - text) + 1;
	else
		scratch->start = scratch->end;
	scratch->end =
		behind != NULL ? (size_t)(behind - text) + 1 : scratch->block.len;
}

/* Goes to the line of a literal; false where it is not this line or one behind it. */
static bool line_reach(struct prefilter_scratch *scratch, size_t at)
{
	if (at >= scratch->end) {
		line_tell(scratch);
		line_find(scratch, at);
	}
	return at >= scratch->start;
}

/* Finds come in the order of their ends; should they ever not, all lines are looked at. */
static int found(unsigned id, unsigned long long from, unsigned long long to,
		 unsigned flags, void *context)
{
	struct prefilter_scratch *scratch = context;
	const struct cover *cover = &scratch->prefilter->cover;
	const struct cover_string *string = &cover->at[id < cover->count ? id : 0];

	(void)from;
	(void)flags;
	for (size_t i = 0; i < string->count; i++) {
		const struct cover_literal *literal = &string->at[i];

		if (!cover_stands(literal, scratch->block, (size_t)to))
			continue;
		if (!line_reach(scratch, (size_t)to - 1)) {
			scratch->disordered = true;
			return 1;
		}
		scratch->seen[literal->number / 64] |= UINT64_C(1)
						       << literal->number % 64;
	}
	return 0;
}

bool prefilter_scan(const struct prefilter *prefilter,
		    struct prefilter_scratch *scratch, struct slice block,
		    prefilter_line *line, void *context)
{
	hs_error_t result;

	scratch->block = block;
	scratch->start = scratch->end = 0;
	scratch->disordered = false;
	scratch->line = line;
	scratch->context = context;
	memset(scratch->seen, 0, prefilter->words * sizeof *scratch->seen);
	if (block.len == 0)
		return true;
	result = hs_scan(prefilter->database, block.at, (unsigned)block.len, 0,
			 scratch->space, found, scratch);
	line_tell(scratch);
	return result == HS_SUCCESS && !scratch->disordered;
}
