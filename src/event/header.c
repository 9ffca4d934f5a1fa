#include "event/header.h"

#include "base/cursor.h"

#include <string.h>

enum { HOST_MAX = 255, PROGRAM_MAX = 128, PID_MAX = 128, STAMP_MAX = 64 };

static bool is_host_byte(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_' || c == ':';
}

static bool is_program_byte(char c)
{
	return ascii_is_print(c) && c != ' ' && c != '[' && c != ':' && c != ']';
}

static bool is_pid_byte(char c)
{
	return ascii_is_print(c) && c != ' ' && c != ']';
}

static bool is_word_byte(char c)
{
	return ascii_is_print(c) && c != ' ';
}

static bool is_iso_byte(char c)
{
	return ascii_is_digit(c) || c == '-' || c == ':' || c == '.' || c == ',' ||
	       c == 'T' || c == 'Z' || c == '+';
}

static void blank(struct cursor *cursor)
{
	cursor_literal(cursor, S(" "));
}

static bool is_digits(const char *at)
{
	return ascii_is_digit(at[0]) && ascii_is_digit(at[1]);
}

static void digits(struct cursor *cursor, size_t count)
{
	struct slice taken = cursor_take(cursor, count);

	for (size_t i = 0; i < taken.len; i++) {
		if (!ascii_is_digit(taken.at[i]))
			cursor->failed = true;
	}
}

static void clock_skip(struct cursor *cursor)
{
	struct slice clock = cursor_take(cursor, 8);

	if (cursor->failed || !is_digits(clock.at) || clock.at[2] != ':' ||
	    !is_digits(clock.at + 3) || clock.at[5] != ':' || !is_digits(clock.at + 6))
		cursor->failed = true;
	else if (cursor_try(cursor, S(".")))
		cursor_while(cursor, ascii_is_digit, 9);
}

static uint32_t three(const char *at)
{
	return (uint32_t)(uint8_t)at[0] << 16 | (uint32_t)(uint8_t)at[1] << 8 |
	       (uint8_t)at[2];
}

static bool month_try(struct cursor *cursor)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct slice rest = cursor_rest(cursor);
	uint32_t word = rest.len > 3 ? three(rest.at) : 0;

	for (size_t i = 0; names[i] != '\0'; i += 3) {
		if (word != three(names + i))
			continue;
		cursor->at += 3;
		return true;
	}
	return false;
}

/* "Mon  d [yyyy ]hh:mm:ss" */
static void bsd_stamp_skip(struct cursor *cursor)
{
	struct cursor probe;

	blank(cursor);
	cursor_try(cursor, S(" "));
	cursor_while(cursor, ascii_is_digit, 2);
	blank(cursor);
	probe = *cursor;
	digits(&probe, 4);
	blank(&probe);
	if (!probe.failed)
		*cursor = probe;
	clock_skip(cursor);
}

static void iso_stamp_skip(struct cursor *cursor)
{
	struct slice stamp = cursor_while(cursor, is_iso_byte, STAMP_MAX);

	if (stamp.len < 19 || stamp.at[4] != '-' || stamp.at[10] != 'T')
		cursor->failed = true;
}

static struct slice host_read(struct cursor *cursor)
{
	struct slice host = cursor_while(cursor, is_host_byte, HOST_MAX);

	/* "sshd[1]:" or "kernel:" in its place: the writer left the host out. */
	if (host.len > 0 && host.at[host.len - 1] == ':')
		cursor->failed = true;
	blank(cursor);
	return host;
}

/* The line goes on with the program of the last one, and a bracket. */
static bool program_known(const struct header_memo *memo, struct cursor *cursor,
			  struct header *out)
{
	const char *start = cursor->at;

	if (memo->tag_len == 0 ||
	    !cursor_try(cursor,
			(struct slice){ memo->bytes + memo->len, memo->tag_len }))
		return false;
	out->program = (struct slice){ start, memo->tag_len - 1 };
	return true;
}

static void program_keep(struct header_memo *memo, struct slice program)
{
	memo->tag_len = 0;
	if (memo->len == 0 || memo->len + program.len + 1 > HEADER_MEMO_BYTES)
		return;
	memcpy(memo->bytes + memo->len, program.at, program.len);
	memo->tag_len = program.len + 1;
	memo->bytes[memo->len + program.len] = '[';
}

/* The program, and whether a bracket stands behind it. */
static bool program_read(struct header_memo *memo, struct cursor *cursor,
			 struct header *out)
{
	if (program_known(memo, cursor, out))
		return true;
	out->program = cursor_while(cursor, is_program_byte, PROGRAM_MAX);
	if (!cursor_try(cursor, S("[")))
		return false;
	program_keep(memo, out->program);
	return true;
}

/* "1234]: " at once, as most programs are written. */
static bool number_known(struct cursor *cursor, struct header *out)
{
	const char *at = cursor->at, *end = cursor->end;

	while (at < end && ascii_is_digit(*at))
		at++;
	if (at == cursor->at || at - cursor->at > PID_MAX || end - at < 3 ||
	    !bytes_equal(at, "]: ", 3))
		return false;
	out->pid = (struct slice){ cursor->at, (size_t)(at - cursor->at) };
	cursor->at = at + 3;
	return true;
}

/* "prog[pid]:", "prog:", "prog[pid]" */
static void tag_read(struct header_memo *memo, struct cursor *cursor,
		     struct header *out)
{
	if (!program_read(memo, cursor, out)) {
		cursor_literal(cursor, S(":"));
	} else if (!number_known(cursor, out)) {
		out->pid = cursor_while(cursor, is_pid_byte, PID_MAX);
		cursor_literal(cursor, S("]"));
		cursor_try(cursor, S(":"));
	}
	cursor_spaces(cursor);
	out->text = cursor_rest(cursor);
}

static struct slice word_read(struct cursor *cursor, size_t max)
{
	struct slice word = cursor_while(cursor, is_word_byte, max);

	blank(cursor);
	if (slice_equal(word, S("-")))
		word.len = 0;
	return word;
}

/* RFC 5424 section 6.3: "-" or elements in brackets, with \" \\ \] inside quotes. */
static void structured_data_skip(struct cursor *cursor)
{
	if (cursor_try(cursor, S("-")))
		return;
	do {
		bool quoted = false;

		cursor_literal(cursor, S("["));
		while (!cursor->failed && (quoted || cursor_peek(cursor) != ']')) {
			char c = cursor_byte(cursor);

			if (c == '\\' && quoted)
				cursor_byte(cursor);
			else if (c == '"')
				quoted = !quoted;
		}
		cursor_literal(cursor, S("]"));
	} while (!cursor->failed && cursor_peek(cursor) == '[');
}

static void rfc5424_read(struct cursor *cursor, struct header *out)
{
	if (!cursor_try(cursor, S("-")))
		iso_stamp_skip(cursor);
	blank(cursor);
	out->host = word_read(cursor, HOST_MAX);
	out->program = word_read(cursor, PROGRAM_MAX);
	out->pid = word_read(cursor, PID_MAX);
	word_read(cursor, 32); /* message id */
	structured_data_skip(cursor);
	cursor_try(cursor, S(" "));
	cursor_try(cursor, S("\xef\xbb\xbf"));
	out->text = cursor_rest(cursor);
}

static void priority_skip(struct cursor *cursor)
{
	if (!cursor_try(cursor, S("<")))
		return;
	cursor_u64(cursor, 191);
	cursor_literal(cursor, S(">"));
}

/* Priority, stamp and host, with the blank behind it. */
static void start_read(struct cursor *cursor, struct header *out)
{
	priority_skip(cursor);
	if (month_try(cursor))
		bsd_stamp_skip(cursor);
	else
		iso_stamp_skip(cursor);
	blank(cursor);
	out->host = host_read(cursor);
}

bool header_parse(struct slice line, struct header *out)
{
	struct header_memo memo = { 0 };

	return header_parse_next(&memo, line, out);
}

static void start_keep(struct header_memo *memo, struct slice line, size_t len,
		       size_t host_len)
{
	memo->len = memo->tag_len = 0;
	if (len > HEADER_MEMO_BYTES)
		return;
	memcpy(memo->bytes, line.at, len);
	memo->len = len;
	memo->host_len = host_len;
}

/* The line begins as the last one did: what stands there is known. */
static bool start_known(struct header_memo *memo, struct cursor *cursor,
			struct header *out)
{
	const char *line = cursor->at;

	if (memo->len == 0 ||
	    !cursor_try(cursor, (struct slice){ memo->bytes, memo->len }))
		return false;
	out->host =
		(struct slice){ line + memo->len - 1 - memo->host_len, memo->host_len };
	return true;
}

/* RFC 5424's lines have a version behind their priority. */
static void other_read(struct header_memo *memo, struct slice line,
		       struct cursor *cursor, struct header *out)
{
	struct cursor probe = *cursor;

	priority_skip(&probe);
	if (cursor_try(&probe, S("1 "))) {
		memo->len = memo->tag_len = 0;
		rfc5424_read(&probe, out);
		*cursor = probe;
		return;
	}
	start_read(cursor, out);
	if (!cursor->failed)
		start_keep(memo, line, (size_t)(cursor->at - line.at), out->host.len);
	tag_read(memo, cursor, out);
}

bool header_parse_next(struct header_memo *memo, struct slice line, struct header *out)
{
	struct cursor cursor = cursor_of(line);
	struct header header = { 0 };

	memo->served = start_known(memo, &cursor, &header);
	if (memo->served)
		tag_read(memo, &cursor, &header);
	else
		other_read(memo, line, &cursor, &header);
	if (cursor.failed)
		return false;
	*out = header;
	return true;
}
