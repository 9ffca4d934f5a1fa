#include "report/memo.h"

#include "report/evidence.h"
#include "report/format.h"
#include "report/letter.h"
#include "report/text.h"
#include "report/words.h"

enum { RANGES_SHOWN = 3 };

/* What both a source and the sum of several have in common. */
static void fields_write(struct arena *arena, const struct facts *facts,
			 struct slice compromise, struct buffer *out)
{
	struct time_text first = time_format(facts->first, TIME_MEMO);
	struct time_text last = time_format(facts->last, TIME_MEMO);

	text_field(out, "What", facts_what(arena, facts));
	text_field(out, "First", slice_of(first.text));
	text_field(out, "Last", slice_of(last.text));
	text_field(out, "Target", facts_target(arena, facts));
	text_field(out, "Compromise", compromise);
}

/* A desk that has a ticket about it already wants to know before anything else. */
static void before_write(struct arena *arena, const struct report_request *request,
			 struct buffer *out)
{
	const struct report_before *before = &request->before;

	if (!before->sent_at)
		return;
	text_field(out, "Follow-up",
		   arena_printf(arena,
				"to my report [" SLICE_FMT
				"] of %s; what is below came after that",
				SLICE_ARG(before->token),
				time_format(before->sent_at, TIME_MEMO).text));
}

static void source_write(struct arena *arena, const struct report_request *request,
			 const struct facts *facts, struct buffer *out)
{
	text_field(out, "Source", facts_source(arena, facts));
	text_field(out, "Network", facts_network(arena, facts));
	fields_write(arena, facts, facts_compromise(arena, facts), out);
	text_field(out, "Now", facts_now(arena, facts, request->made_at));
	buffer_add_byte(out, '\n');
}

static void greeting_write(struct arena *arena, const struct report_request *request,
			   const struct facts *lead, struct buffer *out)
{
	buffer_add(out, S("Good day,\n\n"));
	text_paragraph(out, letter_who(arena, request, lead));
}

static void ending_write(struct arena *arena, const struct report_request *request,
			 struct buffer *out)
{
	text_paragraph(out, S("No reply is expected, though a short acknowledgement "
			      "would be welcome. If you want no more reports from me, "
			      "answer \"stop\". Thank you for your time."));
	buffer_add(out, letter_signature(arena, request));
}

static void single_write(struct arena *arena, const struct report_request *request,
			 const struct facts *facts, struct buffer *out)
{
	struct evidence_block lines;

	before_write(arena, request, out);
	source_write(arena, request, facts, out);
	greeting_write(arena, request, facts, out);
	text_paragraph(out,
		       FILL(arena,
			    "{forged} {hint} I do not mean that your staff had any "
			    "part.",
			    { "forged", letter_forged(arena, facts) },
			    { "hint", letter_hint(arena, facts) }));
	text_paragraph(out, letter_ask(arena, request, facts));
	evidence_gather(arena, request, facts, MEMO_LINES_SINGLE, &lines);
	text_paragraph(
		out, FILL(arena, "{intro} {share}",
			  { "intro", evidence_intro(arena, request->settings, &lines) },
			  { "share", evidence_share(arena, &lines) }));
	buffer_add(out, lines.text);
	buffer_add_byte(out, '\n');
	ending_write(arena, request, out);
}

/* ---- several sources ---- */

static bool slices_has(const struct slices *slices, struct slice s)
{
	for (size_t i = 0; i < slices->count; i++)
		if (slice_equal(slices->at[i], s))
			return true;
	return false;
}

/* One answer for all where it is the same for each. */
static struct slice sum_compromise(struct arena *arena, const struct facts *facts,
				   size_t count, const struct facts *sum)
{
	struct slice first = facts_compromise(arena, facts);
	size_t entered = 0, same = 0;

	for (size_t i = 0; i < count; i++) {
		struct slice text = facts_compromise(arena, &facts[i]);

		entered += slice_starts(text, S("yes"));
		same += slice_equal(text, first);
	}
	if (entered)
		return arena_printf(
			arena, "yes, from %zu of them; see the blocks below", entered);
	return same == count ? facts_compromise(arena, sum) : S("see the blocks below");
}

static struct slice sum_now(struct arena *arena, const struct report_request *request,
			    const struct facts *sum)
{
	size_t blocked = 0;

	for (size_t i = 0; i < request->count; i++)
		blocked += request->sources[i].blocked_at != 0 &&
			   request->sources[i].unblocked_at == 0;
	if (blocked == request->count)
		return S("blocked by us, so we cannot see whether it goes on");
	return blocked ? S("see the blocks below")
		       : facts_now(arena, sum, request->made_at);
}

static void sum_write(struct arena *arena, const struct report_request *request,
		      const struct facts *facts, const struct facts *sum,
		      struct buffer *out)
{
	struct slices ranges = { 0 };

	for (size_t i = 0; i < request->count; i++) {
		struct slice network = facts_network(arena, &facts[i]);

		if (!slices_has(&ranges, network))
			*LIST_ADD(arena, &ranges) = network;
	}
	text_field(out, "Sources",
		   arena_printf(arena, "%zu addresses; each has its own block below",
				request->count));
	text_field(out, ranges.count == 1 ? "Network" : "Networks",
		   text_list(arena, &ranges, RANGES_SHOWN));
	fields_write(arena, sum, sum_compromise(arena, facts, request->count, sum),
		     out);
	text_field(out, "Now", sum_now(arena, request, sum));
	buffer_add_byte(out, '\n');
}

/* One line for a source that no longer gets a block. */
static void row_write(struct arena *arena, const struct facts *facts,
		      struct buffer *out)
{
	struct time_text first = time_format(facts->first, TIME_MEMO);
	struct time_text last = time_format(facts->last, TIME_MEMO);
	struct slice what = facts_what(arena, facts);

	buffer_printf(out, "%s | to %s | " SLICE_FMT ": " SLICE_FMT "\n", first.text,
		      last.text, SLICE_ARG(facts->source), SLICE_ARG(what));
}

static void rows_write(struct arena *arena, const struct report_request *request,
		       const struct facts *facts, size_t from, struct buffer *out)
{
	if (from >= request->count)
		return;
	text_paragraph(out, arena_printf(arena, "The other %zu, one line each (UTC):",
					 request->count - from));
	for (size_t i = from; i < request->count; i++)
		row_write(arena, &facts[i], out);
	buffer_add_byte(out, '\n');
}

static void block_write(struct arena *arena, const struct report_request *request,
			const struct facts *facts, const struct evidence_block *lines,
			struct buffer *out)
{
	source_write(arena, request, facts, out);
	text_paragraph(out, FILL(arena, "{certainty}. {hint}",
				 { "certainty", letter_certainty(arena, facts) },
				 { "hint", letter_hint(arena, facts) }));
	text_paragraph(out, FILL(arena, "All times are UTC (+0000). {share}",
				 { "share", evidence_share(arena, lines) }));
	buffer_add(out, lines->text);
	buffer_add_byte(out, '\n');
}

/* What one introduction must say for the lines of all blocks. */
static void intro_merge(struct evidence_block *into, const struct evidence_block *block)
{
	into->names |= block->names;
	into->accounts |= block->accounts;
	into->secrets |= block->secrets;
	into->addresses |= block->addresses;
	if (block->time_basis > into->time_basis)
		into->time_basis = block->time_basis;
	if (block->has_offset) {
		into->has_offset = true;
		into->offset_minutes = block->offset_minutes;
	}
}

static void several_write(struct arena *arena, const struct report_request *request,
			  const struct facts *facts, struct buffer *out)
{
	size_t shown =
		request->count < MEMO_BLOCKS_MAX ? request->count : MEMO_BLOCKS_MAX;
	struct evidence_block *blocks =
		ARENA_ARRAY(arena, struct evidence_block, shown);
	struct evidence_block all = { 0 };
	struct facts sum;

	for (size_t i = 0; i < shown; i++) {
		evidence_gather(arena, request, &facts[i], MEMO_LINES_EACH, &blocks[i]);
		intro_merge(&all, &blocks[i]);
	}
	facts_sum(arena, request, &sum);
	before_write(arena, request, out);
	sum_write(arena, request, facts, &sum, out);
	greeting_write(arena, request, &sum, out);
	text_paragraph(out,
		       S("Addresses can be forged, and the owners of these hosts may "
			 "well be victims; each block says how sure its address "
			 "is. I do not mean that your staff had any part."));
	text_paragraph(out, letter_ask(arena, request, &sum));
	text_paragraph(
		out, FILL(arena, "{intro}{table}",
			  { "intro", evidence_intro(arena, request->settings, &all) },
			  { "table",
			    report_format_has_table(request->format, request->count)
				    ? S(" The CSV attached says the same to machines.")
				    : S("") }));
	for (size_t i = 0; i < shown; i++) {
		buffer_printf(out, "No. %zu of %zu\n", i + 1, request->count);
		block_write(arena, request, &facts[i], &blocks[i], out);
	}
	rows_write(arena, request, facts, shown, out);
	ending_write(arena, request, out);
}

void memo_write(struct arena *arena, const struct report_request *request,
		const struct facts *facts, struct buffer *out)
{
	if (request->count == 1)
		single_write(arena, request, facts, out);
	else
		several_write(arena, request, facts, out);
}
