#include "input/syslog.h"

#include "base/clock.h"
#include "base/cursor.h"

enum { LENGTH_DIGITS = 7, LENGTH_MAX = 8 << 20, PRIORITY_MAX = 191 };

/* --- frames ------------------------------------------------------------------------------------ */

static struct slice skip(struct slice bytes, uint64_t *count)
{
	size_t now = *count < bytes.len ? (size_t)*count : bytes.len;

	*count -= now;
	return slice_from(bytes, now);
}

/* Where the message ends that begins here: at LF or NUL; -1: not in these bytes. */
static ptrdiff_t end_of(struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (bytes.at[i] == '\n' || bytes.at[i] == '\0')
			return (ptrdiff_t)i;
	return -1;
}

static enum syslog_frame ended_next(struct syslog_framer *framer, struct slice *bytes,
				    struct slice *message)
{
	ptrdiff_t end = end_of(*bytes);

	if (end < 0 && bytes->len <= SYSLOG_MESSAGE_MAX)
		return SYSLOG_MORE;
	if (end < 0) {
		framer->skips_line = true;
		*bytes = slice_from(*bytes, bytes->len);
		return SYSLOG_LONG;
	}
	*message = slice_cut(*bytes, 0, (size_t)end);
	*bytes = slice_from(*bytes, (size_t)end + 1);
	return message->len <= SYSLOG_MESSAGE_MAX ? SYSLOG_MESSAGE : SYSLOG_LONG;
}

enum length { LENGTH_NONE, LENGTH_PART, LENGTH_THERE };

/* "LEN <": a message that merely begins with a number has no "<" behind it. */
static enum length length_read(struct slice bytes, uint64_t *length, size_t *head)
{
	size_t digits = 0;

	while (digits < bytes.len && digits <= LENGTH_DIGITS &&
	       ascii_is_digit(bytes.at[digits]))
		digits++;
	if (digits == 0 || digits > LENGTH_DIGITS || bytes.at[0] == '0')
		return LENGTH_NONE;
	if (digits + 2 > bytes.len)
		return digits == bytes.len || bytes.at[digits] == ' ' ? LENGTH_PART
								      : LENGTH_NONE;
	if (bytes.at[digits] != ' ' || bytes.at[digits + 1] != '<')
		return LENGTH_NONE;
	*head = digits + 1;
	return slice_to_u64(slice_cut(bytes, 0, digits), UINT64_MAX, length) == 0
		       ? LENGTH_THERE
		       : LENGTH_NONE;
}

static enum syslog_frame counted_next(struct syslog_framer *framer, struct slice *bytes,
				      struct slice *message, uint64_t length,
				      size_t head)
{
	if (length > LENGTH_MAX)
		return SYSLOG_BROKEN;
	if (length > SYSLOG_MESSAGE_MAX) {
		framer->skip = length;
		*bytes = skip(slice_from(*bytes, head), &framer->skip);
		return SYSLOG_LONG;
	}
	if (bytes->len - head < length)
		return SYSLOG_MORE;
	*message = slice_cut(*bytes, head, head + (size_t)length);
	*bytes = slice_from(*bytes, head + (size_t)length);
	return SYSLOG_MESSAGE;
}

enum syslog_frame syslog_frame_next(struct syslog_framer *framer, struct slice *bytes,
				    struct slice *message)
{
	uint64_t length = 0;
	size_t head = 0;
	ptrdiff_t end;

	*bytes = skip(*bytes, &framer->skip);
	if (framer->skips_line) {
		end = end_of(*bytes);
		*bytes = slice_from(*bytes, end < 0 ? bytes->len : (size_t)end + 1);
		framer->skips_line = end < 0;
	}
	if (bytes->len == 0)
		return SYSLOG_MORE;
	switch (length_read(*bytes, &length, &head)) {
	case LENGTH_PART:
		return SYSLOG_MORE;
	case LENGTH_THERE:
		return counted_next(framer, bytes, message, length, head);
	case LENGTH_NONE:
		break;
	}
	return ended_next(framer, bytes, message);
}

/* --- lines ------------------------------------------------------------------------------------- */

static bool is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

static void add_escaped(struct buffer *out, struct slice text)
{
	size_t plain = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (!is_control(text.at[i]))
			continue;
		buffer_add(out, slice_cut(text, plain, i));
		buffer_printf(out, "#%03o", (unsigned)(unsigned char)text.at[i]);
		plain = i + 1;
	}
	buffer_add(out, slice_from(text, plain));
}

/* PRI of RFC 5424 section 6.2.1: three digits at most, no leading zero but "0" itself. */
static struct slice priority_of(struct slice message)
{
	struct cursor cursor = cursor_of(message);
	struct slice digits;
	uint64_t value;

	cursor_literal(&cursor, S("<"));
	digits = cursor_while(&cursor, ascii_is_digit, 3);
	cursor_literal(&cursor, S(">"));
	if (cursor.failed || slice_to_u64(digits, PRIORITY_MAX, &value) != 0)
		return slice_cut(message, 0, 0);
	return slice_cut(message, 0, digits.len + 2);
}

static bool fits(struct slice text, const char *pattern)
{
	size_t i = 0;

	for (; pattern[i] != '\0'; i++) {
		char c = i < text.len ? text.at[i] : '\0';
		bool ok = c == pattern[i];

		if (pattern[i] == 'A')
			ok = ascii_is_alpha(c);
		else if (pattern[i] == '9')
			ok = ascii_is_digit(c) || c == ' ';
		if (!ok)
			return false;
	}
	return true;
}

/* Length of the TIMESTAMP of RFC 3164 section 4.1.2, or of RFC 3339's, with its blank. */
static size_t stamp_len(struct slice text)
{
	ptrdiff_t blank = slice_find_byte(text, ' ');

	if (fits(text, "AAA 99 99:99:99 "))
		return 16;
	if (blank > 0 && blank < 40 && fits(text, "9999-99-99T99:99:99"))
		return (size_t)blank + 1;
	return 0;
}

/* "su:" or "sshd[12]:" where a host should be: programs of this machine write so. */
static bool lacks_host(struct slice text)
{
	ptrdiff_t blank = slice_find_byte(text, ' ');
	struct slice word = slice_cut(text, 0, blank < 0 ? text.len : (size_t)blank);

	return slice_ends(word, S(":")) || slice_find_byte(word, '[') > 0;
}

void syslog_line(struct buffer *out, struct slice message,
		 const struct syslog_origin *origin)
{
	struct slice priority, rest;
	size_t stamp;

	while (message.len > 0 && (is_control(message.at[message.len - 1]) ||
				   message.at[message.len - 1] == ' '))
		message.len--;
	priority = priority_of(message);
	rest = slice_from(message, priority.len);
	if (rest.len == 0)
		return;
	if (slice_starts(rest, S("1 ")))
		buffer_add(out, priority);
	stamp = stamp_len(rest);
	if (stamp > 0 && origin->is_local && lacks_host(slice_from(rest, stamp))) {
		add_escaped(out, slice_cut(rest, 0, stamp));
		buffer_printf(out, SLICE_FMT " ", SLICE_ARG(origin->host));
		rest = slice_from(rest, stamp);
	} else if (stamp == 0 && !slice_starts(rest, S("1 "))) {
		buffer_printf(out, "%s " SLICE_FMT " ",
			      time_format(origin->received_at, TIME_RFC3339).text,
			      SLICE_ARG(origin->host));
	}
	add_escaped(out, rest);
	buffer_add_byte(out, '\n');
}
