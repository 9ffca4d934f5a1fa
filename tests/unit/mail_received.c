#include "check.h"
#include "mail/received.h"

#include <stdio.h>

#define RESULTS "Authentication-Results: "

static void what_the_header_says(void)
{
	static const struct {
		const char *text, *id, *envelope, *spf, *dkim;
		bool is_signed;
	} rows[] = {
		{ "", "", "", "", "", false },
		{ "Message-ID: <a@b>\r\n\r\nMessage-ID: <c@d>\r\n", "<a@b>", "", "", "",
		  false },
		{ "\r\nMessage-ID: <a@b>\r\n", "", "", "", "", false },
		{ "message-id:\n <a@b>\n", "<a@b>", "", "", "", false },
		{ "Return-Path: <m@a.example>\nReturn-Path: <n@a.example>\n", "",
		  "m@a.example", "", "", false },
		{ "Return-Path: <>\n", "", "", "", "", false },
		{ RESULTS "x; spf=pass a=b; dkim=fail (no key)\n", "", "", "pass",
		  "fail", false },
		{ RESULTS "x;\r\n\tSPF=Pass\r\n\tsmtp.mailfrom=x;\r\n dkim=none\r\n",
		  "", "", "Pass", "none", false },
		{ RESULTS "x; none\n" RESULTS "y; spf=pass\n", "", "", "", "", false },
		{ RESULTS "x; noterspf=pass xspf=pass\n", "", "", "", "", false },
		{ "DKIM-Signature: v=1\n", "", "", "", "", true },
		{ "Message-ID: >a<\nReturn-Path >x<\n", "", "", "", "", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct received got;

		received_read(arena, slice_of(rows[i].text), &got);
		if (!CHECK_SLICE(got.message_id, slice_of(rows[i].id)) ||
		    !CHECK_SLICE(got.envelope, slice_of(rows[i].envelope)) ||
		    !CHECK_SLICE(got.spf, slice_of(rows[i].spf)) ||
		    !CHECK_SLICE(got.dkim, slice_of(rows[i].dkim)) ||
		    !CHECK_INT(got.is_signed, rows[i].is_signed))
			printf("# row %zu\n", i);
		arena_free(arena);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(what_the_header_says));
}
