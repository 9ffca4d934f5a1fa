#include "registry/charset.h"

#include "base/escape.h"

static bool is_utf8(struct slice text)
{
	while (text.len) {
		size_t len;

		if (utf8_decode(text, &len) < 0)
			return false;
		text = slice_from(text, len);
	}
	return true;
}

struct slice charset_to_utf8(struct arena *arena, struct slice text)
{
	struct slice out;
	char *at;

	if (is_utf8(text))
		return text;
	at = ARENA_ARRAY(arena, char, text.len * 2);
	out = (struct slice){ at, 0 };
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c >= 0x80)
			at[out.len++] = (char)(0xc0 | c >> 6);
		at[out.len++] = (char)(c < 0x80 ? c : 0x80 | (c & 0x3f));
	}
	return out;
}
