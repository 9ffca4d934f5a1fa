#include "mail/encoded.h"

#include "base/base64.h"
#include "base/buffer.h"

enum { ENCODED_MAX_BYTES = 64 * 1024, CHARSET_MAX = 40 };

enum charset { CHARSET_UTF8, CHARSET_LATIN1, CHARSET_OTHER };

static enum charset charset_of(struct slice name)
{
	static const struct {
		const char *name;
		enum charset charset;
	} rows[] = { { "utf-8", CHARSET_UTF8 },
		     { "utf8", CHARSET_UTF8 },
		     { "us-ascii", CHARSET_UTF8 },
		     { "iso-8859-1", CHARSET_LATIN1 } };

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (slice_equal_nocase(name, slice_of(rows[i].name)))
			return rows[i].charset;
	return CHARSET_OTHER;
}

/* RFC 2047 section 4.2. */
static int q_decode(struct arena *arena, struct slice text, struct slice *out)
{
	char *bytes = ARENA_ARRAY(arena, char, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '=') {
			bool whole = i + 2 < text.len;
			int high = whole ? ascii_hex_value(text.at[i + 1]) : -1;
			int low = whole ? ascii_hex_value(text.at[i + 2]) : -1;

			if (high < 0 || low < 0)
				return -1;
			c = (char)(high << 4 | low);
			i += 2;
		}
		bytes[len++] = c == '_' ? ' ' : c;
	}
	*out = (struct slice){ bytes, len };
	return 0;
}

static void latin1_add(struct buffer *out, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.at[i];

		if (c >= 0x80)
			buffer_add_byte(out, (char)(0xC0 | c >> 6));
		buffer_add_byte(out, (char)(c < 0x80 ? c : 0x80 | (c & 0x3F)));
	}
}

/* "=?charset?q?text?=" at the front, without the marks around it. */
struct word {
	struct slice charset, text;
	char encoding;
	size_t len; /* of the whole */
};

static bool word_find(struct slice text, struct word *out)
{
	struct slice rest = slice_from(text, 2);
	ptrdiff_t end;
	struct slice encoding;

	if (!slice_starts(text, S("=?")) || !rest.len ||
	    !slice_next(&rest, '?', &out->charset) ||
	    !slice_next(&rest, '?', &encoding) || encoding.len != 1 ||
	    out->charset.len > CHARSET_MAX || !rest.len)
		return false;
	end = slice_find(rest, S("?="));
	if (end < 0)
		return false;
	out->text = slice_cut(rest, 0, (size_t)end);
	out->encoding = ascii_lower(encoding.at[0]);
	out->len = (size_t)(out->text.at + out->text.len + 2 - text.at);
	return slice_find_byte(out->text, ' ') < 0;
}

static void word_add(struct arena *arena, const struct word *word, struct buffer *out)
{
	ptrdiff_t language = slice_find_byte(word->charset, '*');
	struct slice name = slice_cut(
		word->charset, 0, language < 0 ? word->charset.len : (size_t)language);
	enum charset charset = charset_of(name);
	struct slice bytes = { NULL, 0 };
	int failed = word->encoding == 'q'   ? q_decode(arena, word->text, &bytes)
		     : word->encoding == 'b' ? base64_decode(arena, word->text, &bytes)
					     : -1;

	if (failed) {
		buffer_add(out, S("[text]"));
	} else if (charset == CHARSET_UTF8) {
		buffer_add(out, bytes);
	} else if (charset == CHARSET_LATIN1) {
		latin1_add(out, bytes);
	} else {
		buffer_add(out, S("[text in "));
		buffer_add(out, name);
		buffer_add(out, S("]"));
	}
}

static bool is_blank(struct slice text)
{
	return !slice_trim(text).len;
}

struct slice encoded_decode(struct arena *arena, struct slice text)
{
	struct buffer out;
	struct slice made;
	size_t plain = 0; /* from here on nothing was added yet */
	bool after_word = false;

	if (slice_find(text, S("=?")) < 0)
		return text;
	buffer_init(&out, ENCODED_MAX_BYTES);
	for (size_t at = 0; at < text.len;) {
		struct word word;

		if (!word_find(slice_from(text, at), &word)) {
			at++;
			continue;
		}
		if (!after_word || !is_blank(slice_cut(text, plain, at)))
			buffer_add(&out, slice_cut(text, plain, at));
		word_add(arena, &word, &out);
		at += word.len;
		plain = at;
		after_word = true;
	}
	buffer_add(&out, slice_from(text, plain));
	made = out.failed ? S("[text]") : arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return made;
}
