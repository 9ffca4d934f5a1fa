#include "base/escape.h"

/* RFC 3629 section 4: the shortest form only, no surrogates, nothing above U+10FFFF. */
int32_t utf8_decode(struct slice text, size_t *len)
{
	unsigned char first = (unsigned char)text.at[0];
	size_t need = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	int32_t code;

	*len = 1;
	if (first < 0x80)
		return first;
	if (first < 0xc2 || first > 0xf4 || text.len < need)
		return -1;
	code = first & (0x7f >> need);
	for (size_t i = 1; i < need; i++) {
		unsigned char next = (unsigned char)text.at[i];

		if ((next & 0xc0) != 0x80)
			return -1;
		code = (code << 6) | (next & 0x3f);
	}
	if ((need == 3 && code < 0x800) || (need == 4 && code < 0x10000) ||
	    (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
		return -1;
	*len = need;
	return code;
}

static const uint64_t ONES = UINT64_C(0x0101010101010101);

/* A byte that is not from 1 to 127 has its highest bit set, or gets it when 1 is taken
 * away.                                                                                 */
static uint64_t eight_odd(const char *at)
{
	return eight_bytes(at) | (eight_bytes(at) - ONES);
}

static bool is_plain(struct slice text)
{
	uint64_t odd = 0;
	size_t i = 0;

	for (; i + sizeof odd < text.len; i += sizeof odd)
		odd |= eight_odd(text.at + i);
	if (text.len >= sizeof odd)
		odd |= eight_odd(text.at + text.len - sizeof odd);
	for (; text.len < sizeof odd && i < text.len; i++)
		odd |= (uint64_t)(text.at[i] <= 0) << 7;
	return (odd & ONES << 7) == 0;
}

bool utf8_is_text(struct slice text)
{
	if (is_plain(text))
		return true;
	if (slice_find_byte(text, '\0') >= 0)
		return false;
	while (text.len) {
		size_t len;

		if (utf8_decode(text, &len) < 0)
			return false;
		text = slice_from(text, len);
	}
	return true;
}

void utf8_encode(struct buffer *out, uint32_t code)
{
	if (code < 0x80) {
		buffer_add_byte(out, (char)code);
	} else if (code < 0x800) {
		buffer_add_byte(out, (char)(0xc0 | code >> 6));
		buffer_add_byte(out, (char)(0x80 | (code & 0x3f)));
	} else if (code < 0x10000) {
		buffer_add_byte(out, (char)(0xe0 | code >> 12));
		buffer_add_byte(out, (char)(0x80 | (code >> 6 & 0x3f)));
		buffer_add_byte(out, (char)(0x80 | (code & 0x3f)));
	} else {
		buffer_add_byte(out, (char)(0xf0 | code >> 18));
		buffer_add_byte(out, (char)(0x80 | (code >> 12 & 0x3f)));
		buffer_add_byte(out, (char)(0x80 | (code >> 6 & 0x3f)));
		buffer_add_byte(out, (char)(0x80 | (code & 0x3f)));
	}
}

bool unicode_is_treacherous(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad ||
	       code == 0x61c || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	       (code >= 0xfff9 && code <= 0xfffb) ||
	       (code >= 0xe0000 && code <= 0xe007f);
}

static void escape_one(struct buffer *out, struct slice character, int32_t code)
{
	if (code < 0)
		buffer_printf(out, "\\x%02x", (unsigned)(unsigned char)character.at[0]);
	else if (code < 0x80 && unicode_is_treacherous((uint32_t)code))
		buffer_printf(out, "\\x%02x", (unsigned)code);
	else if (unicode_is_treacherous((uint32_t)code))
		buffer_printf(out, "\\u{%x}", (unsigned)code);
	else
		buffer_add(out, character);
}

/* Whether none of eight bytes is a control, DEL or above ASCII (Hacker's Delight, 6-1). */
static bool eight_are_plain(const char *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t word, del;

	memcpy(&word, at, sizeof word);
	del = word ^ (ones * 0x7f);
	return (((word - ones * ' ') | word | ((del - ones) & ~del)) & tops) == 0;
}

/* How much at the front needs nothing: most of most logs. */
static size_t plain_len(struct slice text)
{
	size_t len = 0;

	while (len + 8 <= text.len && eight_are_plain(text.at + len))
		len += 8;

	while (len < text.len && text.at[len] >= ' ' && text.at[len] < 0x7f)
		len++;
	return len;
}

static void escape_text(struct buffer *out, struct slice text, bool keep_tab)
{
	while (text.len) {
		size_t len = plain_len(text);
		int32_t code;

		buffer_add(out, slice_cut(text, 0, len));
		text = slice_from(text, len);
		if (!text.len)
			return;
		code = utf8_decode(text, &len);
		if (keep_tab && code == '\t')
			buffer_add_byte(out, ' ');
		else
			escape_one(out, slice_cut(text, 0, len), code);
		text = slice_from(text, len);
	}
}

bool escape_is_needed(struct slice text)
{
	return plain_len(text) < text.len;
}

void escape_terminal(struct buffer *out, struct slice text)
{
	escape_text(out, text, false);
}

void escape_mail_body(struct buffer *out, struct slice text)
{
	escape_text(out, text, true);
}

static void escape_xml_one(struct buffer *out, struct slice character, int32_t code)
{
	static const struct {
		char byte;
		const char *entity;
	} rows[] = { { '&', "&amp;" },
		     { '<', "&lt;" },
		     { '>', "&gt;" },
		     { '"', "&quot;" },
		     { '\'', "&apos;" } };

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (code == rows[i].byte) {
			buffer_add(out, slice_of(rows[i].entity));
			return;
		}
	if (code == '\t')
		buffer_add_byte(out, ' ');
	else if (code == 0xfffe || code == 0xffff)
		buffer_printf(out, "\\u{%x}", (unsigned)code);
	else
		escape_one(out, character, code);
}

void escape_xml(struct buffer *out, struct slice text)
{
	while (text.len) {
		size_t len;
		int32_t code = utf8_decode(text, &len);

		escape_xml_one(out, slice_cut(text, 0, len), code);
		text = slice_from(text, len);
	}
}

void escape_csv(struct buffer *out, struct slice field)
{
	bool quote = false;
	struct buffer inner;
	struct slice text;

	buffer_init(&inner, out->max);
	if (field.len && slice_find_byte(S("=+-@\t"), field.at[0]) >= 0)
		buffer_add_byte(&inner, '\'');
	escape_text(&inner, field, true);
	text = buffer_slice(&inner);
	for (size_t i = 0; i < text.len; i++)
		quote |= text.at[i] == '"' || text.at[i] == ',' || text.at[i] == ';';
	if (!quote) {
		buffer_add(out, text);
		goto clear_inner;
	}
	buffer_add_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buffer_add_byte(out, '"');
		buffer_add_byte(out, text.at[i]);
	}
	buffer_add_byte(out, '"');
clear_inner:
	out->failed |= inner.failed;
	buffer_clear(&inner);
}

int escape_mail_header_check(struct slice text, struct error *err)
{
	while (text.len) {
		size_t len;
		int32_t code = utf8_decode(text, &len);

		if (code < 0 ||
		    (code != '\t' && unicode_is_treacherous((uint32_t)code)))
			return error_set(
				err, ERROR_SYNTAX,
				"a mail header may not hold control characters "
				"(RFC 5322 section 2.2)");
		text = slice_from(text, len);
	}
	return 0;
}
