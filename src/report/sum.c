#include "report/sum.h"

#include "report/csv.h"
#include "report/memo.h"

enum { ROWS_MAX_BYTES = 900 * 1024 };

void sum_init(struct report_sum *sum, struct arena *arena,
	      const struct settings *settings)
{
	*sum = (struct report_sum){
		.arena = arena,
		.settings = settings,
		.facts = { .settings = settings, .is_sum = true },
		.source = { .successes_read = true },
		.compromise = S(""),
	};
	sum->facts.given = &sum->source;
	buffer_init(&sum->rows, ROWS_MAX_BYTES);
	csv_begin(&sum->table);
}

void sum_clear(struct report_sum *sum)
{
	buffer_clear(&sum->rows);
	buffer_clear(&sum->table);
}

/* One line for a source that no longer gets a block. */
static void row_add(struct report_sum *sum, struct arena *work,
		    const struct facts *facts)
{
	struct time_text first = time_format(facts->first, TIME_MEMO);
	struct time_text last = time_format(facts->last, TIME_MEMO);
	struct slice what;

	if (sum->count < MEMO_BLOCKS_MAX ||
	    sum->count >= MEMO_BLOCKS_MAX + MEMO_ROWS_MAX)
		return;
	what = facts_what(work, facts);
	buffer_printf(&sum->rows, "%s | to %s | " SLICE_FMT ": " SLICE_FMT "\n",
		      first.text, last.text, SLICE_ARG(facts->source), SLICE_ARG(what));
}

static void kind_add(struct report_sum *sum, const struct facts *facts)
{
	if (!sum->count) {
		sum->category = facts->lead->category;
		sum->service = arena_copy(sum->arena, facts->service);
	} else if (facts->lead->category != sum->category ||
		   !slice_equal(facts->service, sum->service)) {
		sum->mixed = true;
	}
}

static void network_add(struct report_sum *sum, struct arena *work,
			const struct facts *facts)
{
	const struct contact_answer *about = facts->given->about;
	struct slice words = facts_network(work, facts);

	if (!sum->count && about && about->has_network) {
		sum->has_range = true;
		sum->range = about->network.range;
	} else if (sum->count && (!about || !about->has_network ||
				  !range_equal(&about->network.range, &sum->range))) {
		sum->has_range = false;
	}
	for (size_t i = sum->networks.count; i-- > 0;)
		if (slice_equal(sum->networks.at[i], words))
			return;
	*LIST_ADD(sum->arena, &sum->networks) = arena_copy(sum->arena, words);
}

static void compromise_add(struct report_sum *sum, struct arena *work,
			   const struct facts *facts)
{
	struct slice words = facts_compromise(work, facts);

	if (!sum->count)
		sum->compromise = arena_copy(sum->arena, words);
	sum->entered += slice_starts(words, S("yes"));
	sum->same_compromise += slice_equal(words, sum->compromise);
}

void sum_add(struct report_sum *sum, struct arena *work, const struct facts *facts)
{
	const struct report_source *source = facts->given;

	row_add(sum, work, facts);
	csv_add(work, facts, &sum->table);
	kind_add(sum, facts);
	network_add(sum, work, facts);
	compromise_add(sum, work, facts);
	sum->source.successes_read &= source->successes_read;
	sum->blocked += source->blocked_at != 0 && source->unblocked_at == 0;
	sum->target_unknown |= facts_target_unknown(facts);
	sum->zone_guessed |= facts_zone_guessed(facts);
	facts_join(sum->arena, &sum->facts, facts);
	sum->count++;
}

void sum_source(struct report_sum *sum, struct arena *work,
		const struct report_source *source)
{
	struct facts facts;

	facts_gather(work, sum->settings, source, &facts);
	sum_add(sum, work, &facts);
}
