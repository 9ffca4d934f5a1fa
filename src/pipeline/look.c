/* The look-ups of a run of draft, and how many sources of a network were active. */
#include "pipeline/drafting.h"

/* So many addresses are asked about at once. Each page takes one of every few, so that it
 * reaches all networks and registries; what a page learnt of a network is kept.          */
enum { PAGE_MAX = 1024 };

/* An address to ask about: for an IPv6 prefix the first full one that was seen. */
static struct address query_of(const struct incident *incident)
{
	const struct tally *full = &incident->lists[LIST_ADDRESSES];
	struct address address = incident->source;

	if (address.family == FAMILY_IPV6 && full->count &&
	    address_parse(full->at[0].text, &address) != 0)
		return incident->source;
	return address;
}

static bool is_looked_up(const struct drafted_incident *one)
{
	return one->incident.source.family != FAMILY_NONE && !one->finished &&
	       (one->incident.verdict != VERDICT_IGNORE ||
		(one->held.id.len && !one->barred) || one->drafted);
}

/* ---- active sources ---- */

static struct network_count *network_get(struct drafting *drafting, size_t number)
{
	struct network_counts *networks = &drafting->networks;
	const struct contact_answer *part =
		answers_part(drafting->result->answers, number);
	uint32_t *place = &networks->of_part[number];

	if (!part->has_network)
		return NULL;
	for (size_t i = 0; !*place && i < networks->count; i++)
		if (range_equal(&networks->at[i].range, &part->network.range))
			*place = (uint32_t)(i + 1);
	if (!*place) {
		*LIST_ADD(drafting->arena, networks) =
			(struct network_count){ .range = part->network.range };
		*place = (uint32_t)networks->count;
	}
	return &networks->at[*place - 1];
}

const struct network_count *network_count_of(const struct drafting *drafting,
					     const struct drafted_incident *one)
{
	uint32_t place = one->answer ? drafting->networks.of_part[one->number] : 0;

	return place ? &drafting->networks.at[place - 1] : NULL;
}

static void active_count(struct drafting *drafting, struct address source,
			 int64_t since)
{
	const struct settings *settings = drafting->draft->settings;
	struct contact_answer answer;
	struct network_count *network;
	size_t number;

	if (!answers_find(drafting->result->answers, drafting->scratch, &source,
			  &answer, &number))
		return;
	network = network_get(drafting, number);
	if (!network)
		return;
	if (source.family == FAMILY_IPV6)
		source = address_mask(&source, (unsigned)settings->judge_ipv6_prefix);
	if (!network->sources || !address_equal(&network->last, &source))
		network->sources++;
	if (!network->since || since < network->since)
		network->since = since;
	network->last = source;
}

static void actives_count(struct drafting *drafting)
{
	const struct answers *answers = drafting->result->answers;

	drafting->networks.of_part =
		ARENA_ARRAY(drafting->arena, uint32_t, answers_shared(answers));
	for (size_t i = 0; i < answers_count(answers); i++) {
		int64_t since;
		struct address source = answers_wanted(answers, i, &since);

		arena_reset(drafting->scratch);
		if (since)
			active_count(drafting, source, since);
	}
}

/* ---- look-ups ---- */

static int wanted_gather(struct drafting *drafting, struct error *err)
{
	struct incident_ids *ids = &drafting->result->ids;

	if (incident_store_ids(drafting->draft->db, ids, err) != 0)
		return -1;
	for (size_t i = 0; i < ids->count; i++) {
		struct drafted_incident one;
		struct address query;
		int found = incident_judged(drafting, slice_of(ids->at[i]), &one, err);

		if (found < 0)
			return -1;
		if (!found)
			continue;
		one.drafted = !one.finished &&
			      is_drafted(drafting->draft, drafting->scratch, &one);
		if (!is_looked_up(&one))
			continue;
		query = query_of(&one.incident);
		answers_want(drafting->result->answers, &query,
			     is_active(&one) ? one.incident.first : 0);
	}
	answers_sort(drafting->result->answers);
	return 0;
}

struct page {
	const struct draft *draft;
	size_t done, count; /* before it, and in all */
};

static void page_progress(void *context, const struct finder_progress *progress)
{
	const struct page *page = context;
	struct finder_progress all = *progress;

	all.done += page->done;
	all.count = page->count;
	page->draft->progress(page->draft->context, &all);
}

static int page_ask(struct drafting *drafting, struct arena *arena, struct page *page,
		    size_t first, size_t step, struct error *err)
{
	struct answers *answers = drafting->result->answers;
	size_t count = (page->count - first + step - 1) / step;
	struct slice *queries = ARENA_ARRAY(arena, struct slice, count);
	struct contact_answer *found = ARENA_ARRAY(arena, struct contact_answer, count);

	for (size_t i = 0; i < count; i++) {
		int64_t since;
		struct address address =
			answers_wanted(answers, first + i * step, &since);

		queries[i] = arena_copy(arena, slice_of(address_format(&address).text));
	}
	if (finder_find(drafting->draft->finder, arena,
			&(struct finder_queries){ .at = queries,
						  .count = count,
						  .progress = drafting->draft->progress
								      ? page_progress
								      : NULL,
						  .context = page },
			found, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		answers_give(answers, first + i * step, &found[i]);
	page->done += count;
	return 0;
}

static int pages_ask(struct drafting *drafting, struct error *err)
{
	struct page page = { drafting->draft, 0,
			     answers_count(drafting->result->answers) };
	size_t pages = (page.count + PAGE_MAX - 1) / PAGE_MAX;

	for (size_t i = 0; i < pages; i++) {
		struct arena *arena = arena_new();
		int result = page_ask(drafting, arena, &page, i, pages, err);

		arena_free(arena);
		if (result != 0)
			return -1;
	}
	return 0;
}

int contacts_look_up(struct drafting *drafting, struct error *err)
{
	struct db *db = drafting->draft->db;
	int wanted = db_begin_reading(db, err);

	if (wanted == 0)
		wanted = wanted_gather(drafting, err);
	db_rollback(db);
	if (wanted != 0 || pages_ask(drafting, err) != 0)
		return -1;
	actives_count(drafting);
	return 0;
}

bool waits_for_registry(const struct drafted_incident *one)
{
	return one->answer && one->answer->later_at && !case_contact(one->answer);
}

/* An incident that came up only after the look-ups waits for the next run. */
void answer_give(const struct draft_result *result, struct arena *arena,
		 struct drafted_incident *one)
{
	struct address query = query_of(&one->incident);
	struct contact_answer *answer;

	if (query.family == FAMILY_NONE)
		return;
	answer = ARENA_NEW(arena, struct contact_answer);
	if (!answers_find(result->answers, arena, &query, answer, &one->number))
		return;
	one->answer = answer;
}
