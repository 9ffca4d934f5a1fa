#include "event/header.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *line, *host, *program, *pid, *text;
} HEADERS[] = {
	{ "Nov  8 15:26:31 linux ftpd[3689]: refused connect from 192.0.2.9", "linux",
	  "ftpd", "3689", "refused connect from 192.0.2.9" },
	{ "Nov 8 15:26:31 linux kernel: IN=eth0", "linux", "kernel", "", "IN=eth0" },
	{ "Nov  8 2000 15:26:31.250 linux su: x", "linux", "su", "", "x" },
	{ "<34>Nov  8 15:26:31 host.example cron[1]: x", "host.example", "cron", "1",
	  "x" },
	{ "2026-11-21T02:14:07.123456+01:00 srv sshd[12]: Failed", "srv", "sshd", "12",
	  "Failed" },
	{ "2026-11-21T02:14:07Z 2001:db8::1 postfix/smtpd[7]: x", "2001:db8::1",
	  "postfix/smtpd", "7", "x" },
	{ "2026-11-21T02:14:07 srv proftpd[9] srv (192.0.2.9): x", "srv", "proftpd",
	  "9", "srv (192.0.2.9): x" },
	{ "Nov  8 15:26:31 linux sshd[12]:  two blanks", "linux", "sshd", "12",
	  "two blanks" },
	{ "Nov  8 15:26:31 linux sshd[12]:none", "linux", "sshd", "12", "none" },
	{ "Nov  8 15:26:31 linux sshd[12]: ", "linux", "sshd", "12", "" },
	{ "Nov  8 15:26:31 linux sshd[1.2-x]: x", "linux", "sshd", "1.2-x", "x" },
	{ "<35>1 2026-11-21T02:14:07.5Z srv sshd 86784 - - Failed", "srv", "sshd",
	  "86784", "Failed" },
	{ "1 2026-11-21T02:14:07.5Z srv sshd 86784 - - Failed", "srv", "sshd", "86784",
	  "Failed" },
	{ "<35>1 - - sshd - ID47 [a@1 b=\"x \\\" ] y\"][c@1] text", "", "sshd", "",
	  "text" },
};

static const char *const OTHERS[] = {
	"192.0.2.9 - - [21/Nov/2026:02:14:07 +0000] \"GET / HTTP/1.1\" 200 5",
	"[Sat Nov 21 02:14:07 2026] [error] [client 192.0.2.9] x",
	"Nov  8 15:26:31 sshd[1]: no host here",
	"Nov  8 15:26:31 last message repeated 2 times",
	"Nov  8 15:26 linux ftpd[1]: x",
	"Nov  8 15:26:31 li<b>nux ftpd[1]: x",
	"Nov  8 15:26:31 linux ftpd[]: x",
	"Nov  8 15:26:31 linux ftpd[1",
	"2026-11-21 02:14:07 srv sshd[12]: x",
	"Nov  8 15:26:31 srv srv sshd[12]: x",
	"Nov  8 15:26:31 srv other sshd[12]: x",
	"Nov  8 15:26:31 srv srvx sshd[12]: x",
	"",
};

static void reads_each_form(void)
{
	for (size_t i = 0; i < COUNT_OF(HEADERS); i++) {
		struct header header = { 0 };

		CHECK(header_parse(slice_of(HEADERS[i].line), &header));
		CHECK_SLICE(header.host, slice_of(HEADERS[i].host));
		CHECK_SLICE(header.program, slice_of(HEADERS[i].program));
		CHECK_SLICE(header.pid, slice_of(HEADERS[i].pid));
		CHECK_SLICE(header.text, slice_of(HEADERS[i].text));
	}
}

static void leaves_other_lines_alone(void)
{
	for (size_t i = 0; i < COUNT_OF(OTHERS); i++) {
		struct header header = { .host = S("untouched") };

		CHECK(!header_parse(slice_of(OTHERS[i]), &header));
		CHECK_SLICE(header.host, S("untouched"));
	}
}

/* Cut off at every byte, in memory of just that size: ASan sees a read past the end. */
static void never_reads_past_the_end(void)
{
	for (size_t i = 0; i < COUNT_OF(HEADERS); i++) {
		for (size_t len = 0; len <= strlen(HEADERS[i].line); len++) {
			char *copy = malloc(len + 1);
			struct header header = { 0 };

			memcpy(copy, HEADERS[i].line, len);
			if (header_parse((struct slice){ copy, len }, &header))
				CHECK(header.host.len <= len);
			free(copy);
		}
	}
}

int main(void)
{
	return CHECK_RUN(TEST(reads_each_form), TEST(leaves_other_lines_alone),
			 TEST(never_reads_past_the_end));
}
