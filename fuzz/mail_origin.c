/* A mail that somebody hands in: whatever its sender wrote below our server's own Received
 * field, or said in HELO, names nobody. */
#include "mail/encoded.h"
#include "mail/header.h"
#include "mail/origin.h"

#include <assert.h>

#define TRUE_HOP \
	"Received: from x (y [203.0.113.77]) by mx.books.example; 20 Nov 2026 21:14 Z\n"

static void origin_check(struct arena *arena, struct slice mail, bool is_known)
{
	struct slice rows[] = { S("mx.books.example"), S("192.0.2.0/24") };
	struct slices relays = { rows, COUNT_OF(rows), COUNT_OF(rows) };
	struct origin origin;
	struct error err;

	if (origin_find(arena, &relays, mail, &origin, &err) != 0) {
		assert(!is_known && err.kind == ERROR_SYNTAX);
		return;
	}
	assert(origin.hop.peer.family && origin.hop.is_dated);
	assert(slice_equal_nocase(origin.hop.by, rows[0]));
	assert(slice_find_byte(origin.line, '\n') < 0);
	assert(!is_known || slice_equal(slice_of(address_format(&origin.hop.peer).text),
					S("203.0.113.77")));
}

/* Postfix writes what a client says in HELO without these. */
static struct slice helo_of(struct arena *arena, struct slice bytes)
{
	char *helo = arena_cstr(arena, slice_cut(bytes, 0, 200));

	for (char *c = helo; *c; c++)
		if (slice_find_byte(S("<>()\\\";@"), *c) >= 0 || *c <= ' ' || *c > '~')
			*c = '?';
	return slice_of(helo);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice mail = { (const char *)bytes, size }, helo, text;
	struct arena *arena = arena_new();

	origin_check(arena, mail, false);
	if (size && *bytes != ' ' && *bytes != '\t')
		origin_check(arena,
			     arena_printf(arena, TRUE_HOP SLICE_FMT, SLICE_ARG(mail)),
			     true);
	helo = helo_of(arena, mail);
	if (helo.len)
		origin_check(arena,
			     arena_printf(arena,
					  "Received: from " SLICE_FMT
					  " (y [203.0.113.77]) by mx.books.example; 20 "
					  "Nov 2026 21:14 Z\n",
					  SLICE_ARG(helo)),
			     true);
	text = encoded_decode(arena, slice_cut(mail, 0, HEADER_FIELD_MAX));
	assert(text.len <= 3 * (size + 40));
	arena_free(arena);
	return 0;
}
