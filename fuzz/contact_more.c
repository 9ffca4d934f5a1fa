/* RIPEstat's JSON, security.txt, the TXT record of an origin; the first byte says which. */
#include "contact/more.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes + 1, size ? size - 1 : 0 };
	struct arena *arena = arena_new();
	struct address about = { 0 };
	struct slices found = { 0 };
	struct origins origins = { 0 };

	if (size == 0 || address_parse(S("203.0.113.7"), &about) < 0)
		goto free_arena;
	if (bytes[0] == 'j')
		ripestat_read(arena, text, &found);
	else if (bytes[0] == 's')
		security_txt_read(arena, text, 1000000, &found);
	else
		origin_text_read(arena, text, &about, &origins);
free_arena:
	arena_free(arena);
	return 0;
}
