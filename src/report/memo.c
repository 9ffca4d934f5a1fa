#include "report/memo.h"

#include "report/evidence.h"
#include "report/format.h"
#include "report/letter.h"
#include "report/sum.h"
#include "report/templates.h"
#include "report/text.h"

enum { RANGES_SHOWN = 3, VALUES_MAX = 40, LETTER_MAX_BYTES = 900 * 1024 };

/* ---- what the holes of a template are filled with ---- */

struct values {
	struct template_value at[VALUES_MAX];
	size_t count;
};

static struct template_value *put(struct values *values, const char *name,
				  struct slice text)
{
	struct template_value *value = &values->at[values->count++];

	*value = (struct template_value){ .name = name, .text = text };
	return value;
}

static void put_lines(struct values *values, const char *name, struct slice text)
{
	put(values, name, text)->as_is = true;
}

static void put_truth(struct values *values, const char *name, bool truth)
{
	put(values, name, S(""))->truth = truth;
}

static struct slice time_words(struct arena *arena, int64_t at, enum time_style style)
{
	struct time_text text = time_format(at, style);

	return arena_copy(arena, slice_of(text.text));
}

/* What both a source and the sum of several have in common. */
static void facts_put(struct arena *arena, const struct facts *facts,
		      struct values *values)
{
	put(values, "what", facts_what(arena, facts));
	put(values, "first", time_words(arena, facts->first, TIME_MEMO));
	put(values, "last", time_words(arena, facts->last, TIME_MEMO));
	put(values, "target", facts_target(arena, facts));
}

static void source_put(struct arena *arena, const struct report_request *request,
		       const struct facts *facts, struct values *values)
{
	facts_put(arena, facts, values);
	put(values, "source", facts_source(arena, facts));
	put(values, "network", facts_network(arena, facts));
	put(values, "compromise", facts_compromise(arena, facts));
	put(values, "now", facts_now(arena, facts, request->made_at));
	put(values, "hint", letter_hint(arena, facts));
}

static void evidence_put(struct arena *arena, const struct evidence_block *lines,
			 struct values *values)
{
	put(values, "share", evidence_share(arena, lines));
	put_lines(values, "lines", lines->text);
}

/* That it recurs and that it is wide: what makes a busy desk act (DESIGN.md section 5). */
static void scale_put(struct arena *arena, const struct report_request *request,
		      struct values *values)
{
	const struct report_scale *scale = &request->scale;
	if (scale->days > 1)
		put(values, "recurring",
		    arena_printf(arena, "%s on %u of the last %u days",
				 request->count == 1 ? "seen" : "one of them was seen",
				 scale->days, scale->days_of));
	if (scale->sources > request->count)
		put(values, "spread",
		    arena_printf(
			    arena,
			    "%u addresses of this network since %s; this report is "
			    "about %s",
			    scale->sources,
			    time_format(scale->sources_since, TIME_DATE).text,
			    request->count == 1
				    ? "one of them"
				    : arena_printf(arena, "%zu of them", request->count)
					      .at));
}

static const char *after_answer(const struct facts *lead, int64_t answered_at)
{
	if (lead->first > answered_at)
		return "what is below came after your answer";
	return lead->last > answered_at ? "it went on after your answer"
					: "what is below came before your answer";
}

/* A desk that has a ticket about it already wants to know before anything else. */
static void before_put(struct arena *arena, const struct report_request *request,
		       const struct facts *lead, struct values *values)
{
	const struct report_before *before = &request->before;
	struct slice text;

	if (!before->sent_at)
		return;
	text = arena_printf(arena, "to my report [" SLICE_FMT "] of %s",
			    SLICE_ARG(before->token),
			    time_format(before->sent_at, TIME_MEMO).text);
	put(values, "followup",
	    before->answered_at
		    ? arena_printf(arena, SLICE_FMT ", which you answered on %s; %s",
				   SLICE_ARG(text),
				   time_format(before->answered_at, TIME_MEMO).text,
				   after_answer(lead, before->answered_at))
		    : arena_printf(arena, SLICE_FMT "; what is below came after that",
				   SLICE_ARG(text)));
}

/* The letter itself, the same whether it is about one source or several. */
static void letter_put(struct arena *arena, const struct report_request *request,
		       const struct facts *lead, struct values *values)
{
	struct letter_words words;

	letter_words(arena, request, lead, &words);
	before_put(arena, request, lead, values);
	scale_put(arena, request, values);
	put(values, "name", letter_name(arena, request->settings));
	put(values, "position", letter_position(arena, request->settings));
	put(values, "relation", letter_relation(arena, lead));
	put(values, "provider", letter_provider(arena, request->settings));
	put(values, "listed", letter_listed(arena, request));
	put(values, "did", words.did);
	put(values, "why", words.why);
	put(values, "ask", words.ask);
	put(values, "advice", words.advice);
	put(values, "terms", text_clean(arena, request->terms, 300));
	put(values, "private", letter_private(request->settings));
	put(values, "token", text_clean(arena, request->token, 20));
	put_lines(values, "signature", letter_signature(arena, request));
	put_truth(values, category_name(lead->lead->category), true);
}

static void letter_write(const struct report_request *request, struct slice name,
			 const struct values *values, struct buffer *out)
{
	struct template_scope scope = { values->at, values->count, NULL };
	struct buffer text;

	buffer_init(&text, LETTER_MAX_BYTES);
	template_render(templates_find(request->templates, name, request->contact),
			&scope, &text);
	text_layout(buffer_slice(&text), out);
	out->failed |= text.failed;
	buffer_clear(&text);
}

static size_t lines_max(const struct report_request *request)
{
	int64_t wanted = request->settings->report_lines;

	return wanted ? (size_t)wanted : MEMO_LINES_SINGLE;
}

static void single_write(struct arena *arena, const struct report_request *request,
			 const struct facts *facts, struct buffer *out)
{
	struct evidence_block lines;
	struct values values = { .count = 0 };

	evidence_gather(arena, request, facts, lines_max(request), &lines);
	source_put(arena, request, facts, &values);
	put(&values, "certainty", letter_forged(arena, facts));
	evidence_put(arena, &lines, &values);
	put(&values, "clock", evidence_intro(arena, request->settings, &lines));
	letter_put(arena, request, facts, &values);
	letter_write(request, S("memo"), &values, out);
}

/* ---- several sources ---- */

/* One answer for all where it is the same for each. */
static struct slice sum_compromise(struct arena *arena, const struct report_sum *sum)
{
	if (sum->entered == sum->count)
		return S("yes, from each of them, as shown below");
	if (sum->entered)
		return arena_printf(arena, "yes, from %zu of them, as shown below",
				    sum->entered);
	return sum->same_compromise == sum->count ? facts_compromise(arena, &sum->facts)
						  : S("as each block below says");
}

static struct slice sum_now(struct arena *arena, const struct report_request *request,
			    const struct report_sum *sum)
{
	if (sum->blocked == sum->count)
		return S("blocked by us, so we cannot see whether it goes on");
	return sum->blocked ? S("as each block below says")
			    : facts_now(arena, &sum->facts, request->made_at);
}

static void sum_put(struct arena *arena, const struct report_request *request,
		    struct values *values)
{
	const struct report_sum *sum = request->sum;

	facts_put(arena, &sum->facts, values);
	put(values, "count", arena_printf(arena, "%zu", sum->count));
	put(values, "network", text_list(arena, &sum->networks, RANGES_SHOWN));
	put(values, "compromise", sum_compromise(arena, sum));
	put(values, "now", sum_now(arena, request, sum));
	put_truth(values, "one-network", sum->networks.count == 1);
	put_truth(values, "table",
		  report_format_has_table(request->format, request->count) &&
			  !(request->contact &&
			    request->contact->kind == CONTACT_FORM));
}

static void rest_put(struct arena *arena, const struct report_request *request,
		     struct values *values)
{
	struct slice rows = buffer_slice(&request->sum->rows);
	size_t count = request->count, told = MEMO_BLOCKS_MAX + MEMO_ROWS_MAX;

	if (count <= MEMO_BLOCKS_MAX)
		return;
	put(values, "rest-count", arena_printf(arena, "%zu", count - MEMO_BLOCKS_MAX));
	put_lines(values, "rest",
		  count <= told
			  ? rows
			  : arena_printf(arena,
					 SLICE_FMT "and %zu more: the whole list is "
						   "yours on request\n",
					 SLICE_ARG(rows), count - told));
}

static void block_put(struct arena *arena, const struct report_request *request,
		      const struct facts *facts, const struct evidence_block *lines,
		      struct values *values)
{
	source_put(arena, request, facts, values);
	put(values, "certainty",
	    arena_printf(arena, SLICE_FMT ".",
			 SLICE_ARG(letter_certainty(arena, facts))));
	evidence_put(arena, lines, values);
}

/* What one introduction must say for the lines of all blocks. */
static void intro_merge(struct evidence_block *into, const struct evidence_block *block)
{
	into->names |= block->names;
	into->accounts |= block->accounts;
	into->secrets |= block->secrets;
	into->addresses |= block->addresses;
	into->words |= block->words;
	into->logs |= block->logs;
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
	size_t each = lines_max(request) < MEMO_LINES_EACH ? lines_max(request)
							   : MEMO_LINES_EACH;
	struct values *blocks = ARENA_ARRAY(arena, struct values, shown);
	struct template_scope *scopes =
		ARENA_ARRAY(arena, struct template_scope, shown);
	struct evidence_block all = { 0 };
	struct values values = { .count = 0 };
	struct template_value *list;

	sum_put(arena, request, &values);
	for (size_t i = 0; i < shown; i++) {
		struct evidence_block lines;

		evidence_gather(arena, request, &facts[i], each, &lines);
		intro_merge(&all, &lines);
		block_put(arena, request, &facts[i], &lines, &blocks[i]);
		put(&blocks[i], "number", arena_printf(arena, "%zu", i + 1));
		scopes[i] =
			(struct template_scope){ blocks[i].at, blocks[i].count, NULL };
	}
	put(&values, "clock", evidence_intro(arena, request->settings, &all));
	rest_put(arena, request, &values);
	letter_put(arena, request, &request->sum->facts, &values);
	list = put(&values, "sources", S(""));
	list->items = scopes;
	list->count = shown;
	letter_write(request, S("several"), &values, out);
}

void memo_write(struct arena *arena, const struct report_request *request,
		const struct facts *facts, struct buffer *out)
{
	if (request->count == 1)
		single_write(arena, request, facts, out);
	else
		several_write(arena, request, facts, out);
}
