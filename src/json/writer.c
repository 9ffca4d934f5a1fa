#include "json/writer.h"

#include "base/clock.h"
#include "base/escape.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void json_writer_init(struct json_writer *writer, struct buffer *out)
{
	*writer = (struct json_writer){ .out = out };
}

/* What stands before any value: nothing behind a key, else a comma where needed. */
static void separate(struct json_writer *writer)
{
	if (!writer->keyed && writer->comma[writer->depth])
		buffer_add_byte(writer->out, ',');
	writer->comma[writer->depth] = true;
	writer->keyed = false;
}

static void open_with(struct json_writer *writer, char bracket)
{
	separate(writer);
	buffer_add_byte(writer->out, bracket);
	assert((size_t)writer->depth + 1 < COUNT_OF(writer->comma));
	writer->depth++;
	writer->comma[writer->depth] = false;
}

static void close_with(struct json_writer *writer, char bracket)
{
	assert(writer->depth > 0 && !writer->keyed);
	writer->depth--;
	buffer_add_byte(writer->out, bracket);
}

void json_object(struct json_writer *writer)
{
	open_with(writer, '{');
}

void json_object_end(struct json_writer *writer)
{
	close_with(writer, '}');
}

void json_array(struct json_writer *writer)
{
	open_with(writer, '[');
}

void json_array_end(struct json_writer *writer)
{
	close_with(writer, ']');
}

/* RFC 8259 section 7: above U+FFFF as a surrogate pair. */
static void put_escaped(struct buffer *out, uint32_t code)
{
	if (code == '\n')
		buffer_add(out, S("\\n"));
	else if (code == '\t')
		buffer_add(out, S("\\t"));
	else if (code == '\r')
		buffer_add(out, S("\\r"));
	else if (code < 0x10000)
		buffer_printf(out, "\\u%04x", (unsigned)code);
	else
		buffer_printf(out, "\\u%04x\\u%04x",
			      (unsigned)(0xd800 + ((code - 0x10000) >> 10)),
			      (unsigned)(0xdc00 + ((code - 0x10000) & 0x3ff)));
}

/* Told as they are: what neither ends a string nor is a control, in ASCII. */
static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef uint64_t words2 __attribute__((vector_size(16)));
enum { AT_ONCE = sizeof(bytes16), WORD = sizeof(uint64_t) };

/* Bytes from 0x80 on are below 0 here. */
static bool all_plain(const char *at)
{
	bytes16 b;
	words2 odd;

	memcpy(&b, at, sizeof b);
	odd = (words2)((b < 0x20) | (b == 0x7f) | (b == '"') | (b == '\\'));
	return (odd[0] | odd[1]) == 0;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether a byte of the word is 0: then, and only then, some high bit stays. */
static uint64_t zero_among(uint64_t word)
{
	return (word - EACH(1)) & ~word & EACH(0x80);
}

static bool word_plain(const char *at)
{
	uint64_t word, odd;

	memcpy(&word, at, sizeof word);
	odd = (word & EACH(0x80)) | ((word - EACH(0x20)) & ~word & EACH(0x80));
	odd |= zero_among(word ^ EACH(0x7f)) | zero_among(word ^ EACH('"'));
	return (odd | zero_among(word ^ EACH('\\'))) == 0;
}

static size_t plain_len(struct slice text)
{
	size_t len = 0;

	while (len + AT_ONCE <= text.len && all_plain(text.at + len))
		len += AT_ONCE;
	while (len + WORD <= text.len && word_plain(text.at + len))
		len += WORD;
	/* the last ones together with some before them */
	if (text.len >= WORD && text.len - len < WORD &&
	    word_plain(text.at + text.len - WORD))
		return text.len;
	while (len < text.len && is_plain(text.at[len]))
		len++;
	return len;
}

static size_t put_odd(struct buffer *out, struct slice text)
{
	size_t len;
	int32_t code = utf8_decode(text, &len);

	if (code < 0) {
		utf8_encode(out, 0xfffd);
	} else if (code == '"' || code == '\\') {
		buffer_add_byte(out, '\\');
		buffer_add_byte(out, (char)code);
	} else if (unicode_is_treacherous((uint32_t)code)) {
		put_escaped(out, (uint32_t)code);
	} else {
		buffer_add(out, slice_cut(text, 0, len));
	}
	return len;
}

/* Text that is told as it is, which most is, with its quotes. */
static void put_plain(struct buffer *out, struct slice text)
{
	if (!buffer_reserve(out, text.len + 2))
		return;
	out->at[out->len] = '"';
	if (text.len)
		memcpy(out->at + out->len + 1, text.at, text.len);
	out->at[out->len + 1 + text.len] = '"';
	out->len += text.len + 2;
}

static void put_string(struct buffer *out, struct slice text)
{
	size_t len = plain_len(text);

	if (len == text.len) {
		put_plain(out, text);
		return;
	}
	buffer_add_byte(out, '"');
	while (text.len) {
		buffer_add(out, slice_cut(text, 0, len));
		text = slice_from(text, len);
		if (text.len)
			text = slice_from(text, put_odd(out, text));
		len = plain_len(text);
	}
	buffer_add_byte(out, '"');
}

void json_key(struct json_writer *writer, const char *key)
{
	assert(!writer->keyed && writer->depth > 0);
	separate(writer);
	put_string(writer->out, slice_of(key));
	buffer_add_byte(writer->out, ':');
	writer->keyed = true;
}

void json_string(struct json_writer *writer, struct slice text)
{
	separate(writer);
	put_string(writer->out, text);
}

static void put_number(struct buffer *out, int64_t number)
{
	char digits[20];
	size_t at = sizeof digits;
	uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (number < 0)
		digits[--at] = '-';
	buffer_add(out, (struct slice){ digits + at, sizeof digits - at });
}

void json_int(struct json_writer *writer, int64_t value)
{
	separate(writer);
	put_number(writer->out, value);
}

void json_real(struct json_writer *writer, double value)
{
	assert(isfinite(value));
	separate(writer);
	buffer_printf(writer->out, "%.6g", value);
}

void json_bool(struct json_writer *writer, bool value)
{
	separate(writer);
	buffer_add(writer->out, value ? S("true") : S("false"));
}

void json_null(struct json_writer *writer)
{
	separate(writer);
	buffer_add(writer->out, S("null"));
}

void json_time(struct json_writer *writer, int64_t at_us)
{
	json_string(writer, slice_of(time_format(at_us, TIME_RFC3339).text));
}

void json_put_string(struct json_writer *writer, const char *key, struct slice text)
{
	json_key(writer, key);
	json_string(writer, text);
}

void json_put_text(struct json_writer *writer, const char *key, const char *text)
{
	json_put_string(writer, key, slice_of(text));
}

void json_put_int(struct json_writer *writer, const char *key, int64_t value)
{
	json_key(writer, key);
	json_int(writer, value);
}

void json_put_bool(struct json_writer *writer, const char *key, bool value)
{
	json_key(writer, key);
	json_bool(writer, value);
}

void json_put_time(struct json_writer *writer, const char *key, int64_t at_us)
{
	json_key(writer, key);
	json_time(writer, at_us);
}

void json_put_optional(struct json_writer *writer, const char *key, struct slice text)
{
	json_key(writer, key);
	if (text.len)
		json_string(writer, text);
	else
		json_null(writer);
}
