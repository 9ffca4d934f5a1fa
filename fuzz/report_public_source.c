/* An evidence line on its way to a public database: ASCII on few lines, no quote, and
 * neither the host that wrote it nor an address of ours is in it. */
#include "report/public_source.h"

#include <assert.h>

/* "20216.9.9.9" is no address, and so none of ours. */
static bool names_us(struct slice text)
{
	ptrdiff_t at;

	while ((at = slice_find(text, S("16.9.9.9 "))) >= 0) {
		char before = at > 0 ? text.at[at - 1] : ' ';

		if (!ascii_is_alnum(before) && before != '.')
			return true;
		text = slice_from(text, (size_t)at + 1);
	}
	return slice_find(text, S(" web1 ")) >= 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct settings settings = { 0 };
	struct evidence line = { .text = { (const char *)bytes, size } };
	struct incident_target target = { .host = S("web1") };
	struct incident incident = { .source_bits = 32,
				     .category = CATEGORY_LOGIN_ATTACK,
				     .certainty = CERTAINTY_CONNECTION,
				     .verdict = VERDICT_REPORT,
				     .count = 2,
				     .evidence = { &line, 1, 1 },
				     .targets = { &target, 1, 1, 0, NULL } };
	const struct incident *one = &incident;
	struct report_source source = { .incidents = &one, .count = 1 };
	struct report_request request = { .settings = &settings };
	struct public_source read;
	struct arena *arena = arena_new();
	struct slice why, text;

	if (address_parse(S("16.1.2.3"), &incident.source) != 0 ||
	    address_parse(S("16.9.9.9"), &target.address) != 0 ||
	    !public_source_read(arena, &request, &source, &read, &why))
		return -1;
	text = public_comment(arena, &request, &read, 1024);
	assert(text.len <= 1024 && slice_find_byte(text, '"') < 0);
	for (size_t i = 0; i < text.len; i++)
		assert(ascii_is_print(text.at[i]) || text.at[i] == '\n');
	assert(!names_us(text));
	arena_free(arena);
	return 0;
}
