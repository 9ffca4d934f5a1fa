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

static int active_count(struct drafting *drafting, struct address source, int64_t since,
			struct error *err)
{
	const struct settings *settings = drafting->draft->settings;
	struct contact_answer answer;
	struct network_count *network;
	size_t number;
	int found = answers_find(drafting->result->answers, drafting->scratch, &source,
				 &answer, &number, err);

	if (found != 1)
		return found;
	network = network_get(drafting, number);
	if (!network)
		return 0;
	if (source.family == FAMILY_IPV6)
		source = address_mask(&source, (unsigned)settings->judge_ipv6_prefix);
	if (!network->sources || !address_equal(&network->last, &source))
		network->sources++;
	if (!network->since || since < network->since)
		network->since = since;
	network->last = source;
	return 0;
}

static int actives_count(struct drafting *drafting, struct error *err)
{
	const struct answers *answers = drafting->result->answers;

	drafting->networks.of_part =
		ARENA_ARRAY(drafting->arena, uint32_t, answers_shared(answers));
	for (size_t i = 0; i < answers_count(answers); i++) {
		struct address source;
		int64_t since;

		arena_reset(drafting->scratch);
		if (answers_wanted(answers, i, &source, &since, err) != 0 ||
		    (since && active_count(drafting, source, since, err) < 0))
			return -1;
	}
	return 0;
}

/* ---- look-ups ---- */

static int one_want(struct drafting *drafting, size_t place, struct error *err)
{
	struct drafted_incident one;
	struct address query;
	int found = incident_judged(drafting, place, &one, err);

	if (found != 1)
		return found;
	one.drafted =
		!one.finished && is_drafted(drafting->draft, drafting->scratch, &one);
	if (!is_looked_up(&one))
		return 0;
	query = query_of(&one.incident);
	return answers_want(drafting->result->answers, &query,
			    is_active(drafting->draft, &one) ? one.incident.first : 0,
			    err);
}

static int wanted_gather(struct drafting *drafting, struct error *err)
{
	struct incident_roll *judged = &drafting->result->judged;

	if (incident_roll_all(drafting->draft->db, judged, err) != 0)
		return -1;
	for (size_t i = 0; i < judged->count; i++)
		if (one_want(drafting, i, err) != 0)
			return -1;
	return answers_sort(drafting->result->answers, err);
}

struct page {
	const struct draft *draft;
	size_t done, count; /* before it, and in all */
	size_t first, step; /* the places it is made of */
};

static void page_progress(void *context, const struct finder_progress *progress)
{
	const struct page *page = context;
	struct finder_progress all = *progress;

	all.done += page->done;
	all.count = page->count;
	page->draft->progress(page->draft->context, &all);
}

static int page_give(struct drafting *drafting, const struct page *page,
		     const struct contact_answer *found, struct error *err)
{
	struct db *db = drafting->draft->db;

	if (db_begin_reading(db, err) != 0)
		return -1;
	for (size_t i = 0; page->first + i * page->step < page->count; i++)
		if (answers_give(drafting->result->answers,
				 page->first + i * page->step, &found[i], err) != 0)
			goto rollback;
	if (db_end_reading(db, err) == 0)
		return 0;
rollback:
	db_rollback(db);
	return -1;
}

static int page_ask(struct drafting *drafting, struct arena *arena, struct page *page,
		    struct error *err)
{
	size_t count = (page->count - page->first + page->step - 1) / page->step;
	struct slice *queries = ARENA_ARRAY(arena, struct slice, count);
	struct contact_answer *found = ARENA_ARRAY(arena, struct contact_answer, count);

	for (size_t i = 0; i < count; i++) {
		struct address address;
		int64_t since;

		if (answers_wanted(drafting->result->answers,
				   page->first + i * page->step, &address, &since,
				   err) != 0)
			return -1;
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
	page->done += count;
	return page_give(drafting, page, found, err);
}

static int pages_ask(struct drafting *drafting, struct error *err)
{
	struct page page = {
		.draft = drafting->draft,
		.count = answers_count(drafting->result->answers),
	};

	page.step = (page.count + PAGE_MAX - 1) / PAGE_MAX;
	for (; page.first < page.step; page.first++) {
		struct arena *arena = arena_new();
		int result = page_ask(drafting, arena, &page, err);

		arena_free(arena);
		if (result != 0)
			return -1;
	}
	return 0;
}

int contacts_look_up(struct drafting *drafting, struct error *err)
{
	struct db *db = drafting->draft->db;

	if (db_begin_reading(db, err) != 0)
		return -1;
	if (wanted_gather(drafting, err) != 0 || db_end_reading(db, err) != 0) {
		db_rollback(db);
		return -1;
	}
	if (pages_ask(drafting, err) != 0)
		return -1;
	return actives_count(drafting, err);
}

bool waits_for_registry(const struct drafted_incident *one)
{
	return one->answer && one->answer->later_at && !case_contact(one->answer);
}

/* An incident that came up only after the look-ups waits for the next run. */
int answer_give(const struct draft_result *result, struct arena *arena,
		struct drafted_incident *one, struct error *err)
{
	struct address query = query_of(&one->incident);
	struct contact_answer *answer;
	int found;

	if (query.family == FAMILY_NONE)
		return 0;
	answer = ARENA_NEW(arena, struct contact_answer);
	found = answers_find(result->answers, arena, &query, answer, &one->number, err);
	if (found == 1)
		one->answer = answer;
	return found < 0 ? -1 : 0;
}
