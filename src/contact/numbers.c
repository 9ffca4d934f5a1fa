#include "contact/numbers.h"

/* IANA's special-purpose AS numbers and what it has reserved, 2026-11-29. */
static const struct {
	uint32_t first, last;
	bool documentation;
	const char *words;
} specials[] = {
	{ 0, 0, false, "reserved (RFC 7607)" },
	{ 23456, 23456, false, "AS_TRANS (RFC 6793)" },
	{ 64496, 64511, true, "documentation (RFC 5398)" },
	{ 64512, 65534, false, "private use (RFC 6996)" },
	{ 65535, 65535, false, "reserved (RFC 7300)" },
	{ 65536, 65551, true, "documentation (RFC 5398)" },
	{ 65552, 131071, false, "reserved by IANA" },
	{ 4200000000, 4294967294, false, "private use (RFC 6996)" },
	{ 4294967295, 4294967295, false, "reserved (RFC 7300)" },
};

struct slice number_special(uint32_t number, bool documentation_public)
{
	for (size_t i = 0; i < COUNT_OF(specials); i++)
		if (specials[i].first <= number && number <= specials[i].last &&
		    !(specials[i].documentation && documentation_public))
			return slice_of(specials[i].words);
	return (struct slice){ NULL, 0 };
}

bool number_parse(struct slice text, uint32_t *out)
{
	uint64_t high = 0, low;
	ptrdiff_t dot;

	if (!slice_starts_nocase(text, S("AS")))
		return false;
	text = slice_trim(slice_from(text, 2));
	dot = slice_find_byte(text, '.');
	if (dot >= 0) {
		if (slice_to_u64(slice_cut(text, 0, (size_t)dot), UINT16_MAX, &high) !=
			    0 ||
		    slice_to_u64(slice_from(text, (size_t)dot + 1), UINT16_MAX, &low) !=
			    0)
			return false;
	} else if (slice_to_u64(text, UINT32_MAX, &low) != 0) {
		return false;
	}
	*out = (uint32_t)(high << 16 | low);
	return true;
}
