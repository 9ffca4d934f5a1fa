#include "check.h"
#include "reply/reply.h"

#include <stdio.h>

/* What a desk's subject says of its ticket: verbatim, or nothing. */
static void tags(void)
{
	static const struct {
		const char *subject, *tag;
	} rows[] = {
		{ "[isp.example #41] AutoReply: SSH login attack [TK7Q2]",
		  "[isp.example #41]" },
		{ "Re: SSH login attack from 203.0.113.77 [TK7Q2]", "" },
		{ "[Ticket#202611210001] Re: x [TK7Q2]", "[Ticket#202611210001]" },
		{ "[#4711] x", "[#4711]" },
		{ "Re: [TK7Q2] [x # 12] y", "[x # 12]" },
		{ "=?utf-8?q?=5Bisp.example_=2341=5D_Gr=C3=BC=C3=9Fe?=",
		  "[isp.example #41]" },
		{ "[Gr\303\274n #41]", "" },
		{ "[a\x1b[31m #41]", "[31m #41]" },
		{ "[a\x1b #41]", "" },
		{ "[isp #]", "" },
		{ "[isp #4a]", "" },
		{ "[isp #41", "" },
		{ "[[isp #41]]", "[isp #41]" },
		{ "Your Ticket 4711-A was opened", "Ticket 4711-A" },
		{ "Abuse-ID: 12AB34 received", "Abuse-ID: 12AB34" },
		{ "Case: ABCDEF", "" },
		{ "Ref 123", "" },
		{ "Reference 12345", "" },
		{ "Suitcase 12345", "" },
		{ "", "" },
		{ "[", "" },
		{ "[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx #41]",
		  "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct settings settings = { .plus = { NULL, 0 } };
		struct reply reply;

		reply_read(arena, &settings,
			   arena_printf(arena, "Subject: %s\n\n", rows[i].subject),
			   &reply);
		if (!CHECK_SLICE(reply.tag, slice_of(rows[i].tag)))
			printf("# row %zu\n", i);
		arena_free(arena);
	}
}

static struct slice joined(struct arena *arena, const struct slices *keys)
{
	struct slice text = { "", 0 };

	for (size_t i = 0; i < keys->count; i++)
		text = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(text),
				    i ? "," : "", SLICE_ARG(keys->at[i]));
	return text;
}

static void keys(void)
{
	static const struct {
		const char *mail, *tokens, *ids, *subject;
		bool is_bounce, is_automatic;
	} rows[] = {
		{ "To: Maria <maria+tk7q2@books.example>\n", "TK7Q2", "", "", false,
		  false },
		{ "Delivered-To: MARIA+TK7Q2@BOOKS.EXAMPLE\n", "TK7Q2", "", "", false,
		  false },
		{ "To: maria+tk7q2x@books.example, maria+tk7q@books.example\n", "", "",
		  "", false, false },
		{ "To: maria+tk7q2@evil.example\n", "", "", "", false, false },
		{ "From: maria+tk7q2@books.example\n", "", "", "", false, false },
		{ "In-Reply-To: <a@b>\nReferences: <c@d>\r\n\t<e@f> junk <<g@h> <i j@k>\n",
		  "", "<a@b>,<c@d>,<e@f>", "", false, false },
		{ "Subject: Re: x [TK7Q2] [tk7q3] [TK7Q] [TK7Q22]\n", "", "",
		  "TK7Q2,TK7Q3", false, false },
		{ "\nSubject: [TK7Q2]\n", "", "", "", false, false },
		{ "Return-Path: <>\n", "", "", "", true, false },
		{ "Return-Path: <a@b>\n", "", "", "", false, false },
		{ "From: MAILER-DAEMON@mx.example\n", "", "", "", true, false },
		{ "Content-Type: multipart/report; report-type=delivery-status\n", "",
		  "", "", true, false },
		{ "Auto-Submitted: auto-replied (rt)\n", "", "", "", false, true },
		{ "Auto-Submitted: no\n", "", "", "", false, false },
		{ "Precedence: bulk\n", "", "", "", false, true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct settings settings = { .plus = S("maria+%t@books.example") };
		struct reply reply;

		reply_read(arena, &settings, slice_of(rows[i].mail), &reply);
		if (!CHECK_SLICE(joined(arena, &reply.tokens),
				 slice_of(rows[i].tokens)) ||
		    !CHECK_SLICE(joined(arena, &reply.ids), slice_of(rows[i].ids)) ||
		    !CHECK_SLICE(joined(arena, &reply.subject_tokens),
				 slice_of(rows[i].subject)) ||
		    !CHECK_INT(reply.is_bounce, rows[i].is_bounce) ||
		    !CHECK_INT(reply.is_automatic, rows[i].is_automatic))
			printf("# row %zu\n", i);
		arena_free(arena);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(tags), TEST(keys));
}
