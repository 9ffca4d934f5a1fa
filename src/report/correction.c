#include "report/correction.h"

#include "report/letter.h"
#include "report/text.h"

enum { MEMO_MAX = 64 << 10, SUBJECT_MAX = 300 };

struct slice correction_memo(struct arena *arena, const struct correction *correction)
{
	const struct report_request request = { .settings = correction->settings };
	struct slice reason =
		text_clean(arena, correction->reason, CORRECTION_REASON_MAX);
	struct time_text sent = time_format(correction->sent_at, TIME_MEMO);
	bool is_one = !slice_equal(correction->about, S("all"));
	struct buffer out;
	struct slice text;

	buffer_init(&out, MEMO_MAX);
	text_field(&out, "Correction",
		   arena_printf(arena, "of my report [" SLICE_FMT "], sent %s",
				SLICE_ARG(correction->token), sent.text));
	text_field(&out, "About", text_clean(arena, correction->subject, SUBJECT_MAX));
	text_field(&out, is_one ? "Source" : "Sources",
		   is_one ? correction->about : S("those listed in that report"));
	text_field(&out, "Wrong", reason);
	buffer_add(&out, S("\nGood day,\n\n"));
	text_paragraph(
		&out,
		S("The report named above, which I sent to you, was wrong: please "
		  "see what it says after \"Wrong\". Please disregard it, and undo "
		  "what may have been done because of it; whoever got it from you "
		  "should know as well. I am sorry for the work that it made."));
	text_paragraph(&out,
		       S("All times are UTC (+0000). No reply is expected. If you want "
			 "no more mail from me, answer \"stop\". Thank you for your "
			 "time."));
	buffer_add(&out, letter_signature(arena, &request));
	text = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return text;
}

struct slice memo_automatic(struct arena *arena, struct slice memo)
{
	ptrdiff_t fields = slice_find(memo, S("\n\n"));
	size_t at = fields < 0 ? 0 : (size_t)fields + 2;
	struct buffer out;
	struct slice text;

	buffer_init(&out, MEMO_MAX + memo.len);
	buffer_add(&out, slice_cut(memo, 0, at));
	text_paragraph(&out,
		       S("This report is automatic: it was sent by a program, under "
			 "rules that a person set, and nobody read it before it left. "
			 "Your answer is read by a person."));
	buffer_add(&out, slice_from(memo, at));
	text = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return text;
}
