#include "report/csv.h"

#include "base/escape.h"

/* What a desk opens; the memo says that there are more. */
enum { CSV_ENOUGH_BYTES = 300 << 10 };

static void field(struct buffer *out, struct slice value, char end)
{
	escape_csv(out, value);
	buffer_add_byte(out, end);
}

static struct slice origin_text(struct arena *arena, const struct facts *facts)
{
	const struct contact_answer *about = facts->given->about;

	if (!about || !about->origin.count)
		return S("");
	return arena_printf(arena, "AS%u", about->origin.at[0]);
}

static struct slice range_only(struct arena *arena, const struct facts *facts)
{
	const struct contact_answer *about = facts->given->about;
	struct range_text text;

	if (!about || !about->has_network)
		return S("");
	text = range_format(&about->network.range);
	return arena_copy(arena, slice_of(text.text));
}

/* The target's address where it may be shown: never a private one. */
static struct slice target_only(struct arena *arena, const struct facts *facts)
{
	struct address_text text;

	if (!facts->targets.count ||
	    !facts_may_show(facts->settings, &facts->targets.at[0].address))
		return S("");
	text = address_format(&facts->targets.at[0].address);
	return arena_copy(arena, slice_of(text.text));
}

static void row(struct arena *arena, const struct facts *facts,
		const struct incident *act, struct buffer *out)
{
	struct time_text first = time_format(facts->first, TIME_RFC3339);
	struct time_text last = time_format(facts->last, TIME_RFC3339);
	struct slice count =
		arena_printf(arena, "%llu", (unsigned long long)act->count);

	field(out, facts->source, ',');
	field(out, range_only(arena, facts), ',');
	field(out, origin_text(arena, facts), ',');
	field(out, slice_of(category_name(act->category)), ',');
	field(out,
	      act->lists[LIST_SERVICES].count ? act->lists[LIST_SERVICES].at[0].text
					      : S(""),
	      ',');
	field(out, count, ',');
	field(out, slice_of(first.text), ',');
	field(out, slice_of(last.text), ',');
	field(out, target_only(arena, facts), ',');
	field(out,
	      act->lists[LIST_PORTS].count ? act->lists[LIST_PORTS].at[0].text : S(""),
	      ',');
	field(out, slice_of(certainty_name(facts->certainty)), '\n');
}

void csv_begin(struct buffer *out)
{
	buffer_init(out, CSV_MAX_BYTES);
	buffer_add(out, S("source,network,origin,category,service,count,first_utc,"
			  "last_utc,target,port,certainty\n"));
}

void csv_add(struct arena *arena, const struct facts *facts, struct buffer *out)
{
	for (size_t act = 0; out->len < CSV_ENOUGH_BYTES && act < facts->acts.count;
	     act++)
		row(arena, facts, &facts->acts.at[act], out);
}
