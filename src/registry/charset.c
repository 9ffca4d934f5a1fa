#include "registry/charset.h"

#include "base/escape.h"

#include <iconv.h>

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

/* The escapes that begin a Japanese or Roman set (RFC 1468). */
static bool is_japanese(struct slice text)
{
	static const char *const escapes[] = { "\x1b$B", "\x1b$@", "\x1b(J" };

	for (size_t i = 0; i < COUNT_OF(escapes); i++)
		if (slice_find(text, slice_of(escapes[i])) >= 0)
			return true;
	return false;
}

/* One line, from the set that every line begins in: one that an answer leaves open must
 * not take the next lines along (RFC 1468: a line ends in ASCII). What cannot be read
 * becomes a question mark and its byte is passed over.                                 */
static void convert_line(iconv_t converter, struct slice line, char **out, size_t *room)
{
	char *in = (char *)(uintptr_t)line.at;
	size_t left = line.len;

	iconv(converter, NULL, NULL, NULL, NULL);
	while (left && *room && iconv(converter, &in, &left, out, room) == (size_t)-1 &&
	       left && *room) {
		*(*out)++ = '?';
		(*room)--;
		in++;
		left--;
	}
}

static struct slice converted(struct arena *arena, struct slice text, const char *from)
{
	iconv_t converter = iconv_open("UTF-8", from);
	size_t room = text.len * 3 + 4, all = room;
	char *at, *out;

	if (converter == (iconv_t)-1)
		return text;
	at = out = ARENA_ARRAY(arena, char, room);
	while (text.len) {
		ptrdiff_t end = slice_find_byte(text, '\n');
		size_t len = end < 0 ? text.len : (size_t)end;

		convert_line(converter, slice_cut(text, 0, len), &out, &room);
		if (end >= 0 && room) {
			*out++ = '\n';
			room--;
		}
		text = slice_from(text, end < 0 ? len : len + 1);
	}
	iconv_close(converter);
	return (struct slice){ at, all - room };
}

struct slice charset_decode(struct arena *arena, struct slice text, bool korean)
{
	if (is_japanese(text))
		return converted(arena, text, "ISO-2022-JP");
	if (korean && !is_utf8(text))
		return converted(arena, text, "EUC-KR");
	return text;
}
