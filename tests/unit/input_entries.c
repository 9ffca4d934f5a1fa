#include "check.h"
#include "input/entries.h"

#include "base/buffer.h"

#include <string.h>

static int give(void *context, char *out, size_t count, size_t *got, struct error *err)
{
	struct slice *rest = context;

	(void)err;
	*got = count < rest->len ? count : rest->len;
	if (*got > 0)
		memcpy(out, rest->at, *got);
	*rest = slice_from(*rest, *got);
	return 0;
}

static int read_all(struct slice text, struct buffer *out)
{
	const struct entries_source source = { give, &text };
	enum entries_format format = entries_format_of(text);
	struct entries *entries;
	struct error err = { 0 };
	char block[7];
	size_t got = sizeof block;
	int result = 0;

	if (format == ENTRIES_NONE)
		return 1;
	entries = entries_new(format, &source);
	while (result == 0 && got == sizeof block) {
		result = entries_read(entries, block, sizeof block, &got, &err);
		buffer_add(out, (struct slice){ block, got });
	}
	entries_free(entries);
	return result;
}

/* As S(), for tables; NULs inside count. */
#define BYTES(literal)                         \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}
#define C "__CURSOR=s=1;i=1\n"
#define T "__REALTIME_TIMESTAMP=1795165200123456\n"
#define AT "2026-11-20T09:00:00.123456Z "
#define J "{\"__REALTIME_TIMESTAMP\":\"1795165200123456\","

static const struct {
	struct slice text;
	int result; /* 1: no journal at all */
	const char *lines;
} rows[] = {
	/* as fail2ban's systemd backend makes lines */
	{ BYTES(C T
		"_HOSTNAME=web1\nSYSLOG_IDENTIFIER=sshd\n_COMM=x\nSYSLOG_PID=1\n_PID=2\n"
		"MESSAGE=a b\n\n"),
	  0, AT "web1 sshd[1]: a b\n" },
	{ BYTES(C T "_COMM=x\n_PID=2\nMESSAGE=a\n\n"), 0, AT "x[2]: a\n" },
	{ BYTES(C T "_SOURCE_REALTIME_TIMESTAMP=1795165200000001\nSYSLOG_IDENTIFIER=x\n"
		    "MESSAGE=a\n\n"),
	  0, "2026-11-20T09:00:00.000001Z x: a\n" },
	{ BYTES(C T
		"__MONOTONIC_TIMESTAMP=12345678\nSYSLOG_IDENTIFIER=kernel\nMESSAGE=a\n\n"),
	  0, AT "kernel: [   12.345678] a\n" },
	{ BYTES(C T "SYSLOG_IDENTIFIER=x\nMESSAGE=a\nMESSAGE=b\n\n"), 0,
	  AT "x: a b\n" },
	/* nothing in a field looks like another */
	{ BYTES(C T "SYSLOG_IDENTIFIER=x\nMESSAGE\n\5\0\0\0\0\0\0\0a\nb\rc\n\n"), 0,
	  AT "x: a\\nb\\rc\n" },
	{ BYTES(C T
		"SYSLOG_IDENTIFIER=h x[1]: y\n_HOSTNAME=a b:\n_PID=1]\nMESSAGE=a\n\n"),
	  0, AT "a_b_ h_x_1___y[1_]: a\n" },
	{ BYTES(C T "MESSAGE=sshd[1]: a\n\n"), 0, AT "unknown: sshd[1]: a\n" },
	/* no line: no message, no time */
	{ BYTES(C T "SYSLOG_IDENTIFIER=x\n\n"), 0, "" },
	{ BYTES(C "MESSAGE=a\n\n"), 0, "" },
	/* the end of an entry is missing; what is no field */
	{ BYTES(C T "MESSAGE=a\n\n" C T "MESSAGE=b\n"), 0, AT "unknown: a\n" },
	{ BYTES(C T "MESSAGE=a\n\n" C "no name=b\n\n"), -1, AT "unknown: a\n" },
	{ BYTES(C T "MESSAGE\n\1\0\0\0\0\0\0\0abc\n\n"), -1, "" },
	{ BYTES(J
		"\"_HOSTNAME\":\"web1\",\"_COMM\":\"x\",\"_PID\":\"2\",\"MESSAGE\":\"a\"}\n"),
	  0, AT "web1 x[2]: a\n" },
	{ BYTES(J "\"_COMM\":\"x\",\"MESSAGE\":[97,10,98]}\n"), 0, AT "x: a\\nb\n" },
	{ BYTES(J "\"_COMM\":\"x\",\"MESSAGE\":[\"a\",[98]]}\n"), 0, AT "x: a b\n" },
	{ BYTES(J "\"_COMM\":\"x\"}\n\n" J "\"_COMM\":\"x\",\"MESSAGE\":\"b\"}\n"), 0,
	  AT "x: b\n" },
	{ BYTES(J "\"MESSAGE\":\"a\"}\nhello\n"), -1, AT "unknown: a\n" },
	{ BYTES(J "\"MESSAGE\":\"a\"}"), 0, "" },
	{ BYTES("{\"time\":1}\n"), 1, "" },
	{ BYTES("Nov 20 10:00:00 web1 x: __CURSOR=\n"), 1, "" },
};

static void entries_are_lines(void)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buffer out;

		buffer_init(&out, 1 << 20);
		CHECK_INT(read_all(rows[i].text, &out), rows[i].result);
		CHECK_SLICE(buffer_slice(&out), slice_of(rows[i].lines));
		buffer_clear(&out);
	}
}

/* Cut off anywhere, what comes is the beginning of the whole, up to the end of a line. */
static void what_is_cut_off_gives_whole_lines(void)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (size_t cut = 0; cut < rows[i].text.len; cut++) {
			struct buffer out;

			buffer_init(&out, 1 << 20);
			(void)read_all(slice_cut(rows[i].text, 0, cut), &out);
			CHECK(slice_starts(slice_of(rows[i].lines),
					   buffer_slice(&out)));
			CHECK(out.len == 0 || out.at[out.len - 1] == '\n');
			buffer_clear(&out);
		}
	}
}

int main(void)
{
	return CHECK_RUN(TEST(entries_are_lines),
			 TEST(what_is_cut_off_gives_whole_lines));
}
