#include "base/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			     "0123456789+/";

struct slice base64_encode(struct arena *arena, struct slice bytes)
{
	size_t len = (bytes.len + 2) / 3 * 4;
	char *out = ARENA_ARRAY(arena, char, len + 1);

	for (size_t i = 0, at = 0; i < bytes.len; i += 3, at += 4) {
		uint32_t word = 0;
		size_t left = bytes.len - i;

		for (size_t b = 0; b < 3; b++)
			word = word << 8 |
			       (b < left ? (unsigned char)bytes.at[i + b] : 0);
		out[at] = digits[word >> 18];
		out[at + 1] = digits[word >> 12 & 63];
		out[at + 2] = left > 1 ? digits[word >> 6 & 63] : '=';
		out[at + 3] = left > 2 ? digits[word & 63] : '=';
	}
	return (struct slice){ out, len };
}

/* -1 for what is no digit. */
static int digit_of(char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Three bytes of four digits, fewer where the last ones are padding. */
static int group_decode(struct slice group, char *out, size_t *len)
{
	size_t count = slice_ends(group, S("=="))  ? 2
		       : slice_ends(group, S("=")) ? 3
						   : 4;
	uint32_t word = 0;

	for (size_t i = 0; i < 4; i++) {
		int digit = i < count ? digit_of(group.at[i]) : 0;

		if (digit < 0)
			return -1;
		word = word << 6 | (uint32_t)digit;
	}
	for (size_t i = 0; i + 1 < count; i++)
		out[(*len)++] = (char)(word >> (16 - 8 * i) & 0xff);
	return word & (count == 2 ? 0xffff : count == 3 ? 0xff : 0) ? -1 : 0;
}

int base64_decode(struct arena *arena, struct slice text, struct slice *out)
{
	char *bytes = ARENA_ARRAY(arena, char, text.len / 4 * 3 + 1);
	size_t len = 0;

	if (text.len % 4)
		return -1;
	for (size_t i = 0; i < text.len; i += 4) {
		struct slice group = slice_cut(text, i, i + 4);

		if (slice_find_byte(group, '=') >= 0 && i + 4 < text.len)
			return -1;
		if (group_decode(group, bytes, &len) != 0)
			return -1;
	}
	*out = (struct slice){ bytes, len };
	return 0;
}
