#include "pipeline/revise.h"

#include "case/store.h"
#include "contact/suppression.h"
#include "delivery/store.h"
#include "incident/block.h"
#include "incident/store.h"
#include "report/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One source of the case with its incidents. */
struct source_group {
	struct slice name; /* "203.0.113.77": the part's name in the store            */
	const struct contact_answer *answer;
	struct {
		const struct incident **at;
		size_t count, room;
	} incidents;
};
struct source_groups {
	struct source_group *at;
	size_t count, room;
};

/* All that rendering the parts of one case shares. */
struct revision {
	const struct draft *draft;
	struct arena *arena;
	const struct kase *kase;
	struct source_groups groups;
	struct stored_reports current;
	struct suppressions stops;
	uint8_t pseudonym_key[32];
	bool lapsed; /* an approval was taken back already */
	const struct drafted_incidents *incidents;
	struct draft_result *result;
};

/* Where a name stands, or where it goes: a case may have very many sources. */
struct name_slots {
	size_t *at; /* index of a group + 1; 0: free                              */
	size_t mask;
};

static size_t *slot_find(const struct name_slots *slots,
			 const struct source_groups *groups, struct slice name)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	size_t i;

	for (size_t at = 0; at < name.len; at++)
		hash = (hash ^ (unsigned char)name.at[at]) * UINT64_C(1099511628211);
	for (i = (size_t)hash & slots->mask; slots->at[i]; i = (i + 1) & slots->mask)
		if (slice_equal(groups->at[slots->at[i] - 1].name, name))
			break;
	return &slots->at[i];
}

static void groups_gather(struct revision *revision,
			  const struct drafted_incidents *incidents)
{
	struct source_groups *groups = &revision->groups;
	struct name_slots slots = { .mask = 15 };

	while (slots.mask < 2 * incidents->count)
		slots.mask = 2 * slots.mask + 1;
	slots.at = ARENA_ARRAY(revision->arena, size_t, slots.mask + 1);
	for (size_t i = 0; i < incidents->count; i++) {
		const struct drafted_incident *one = &incidents->at[i];
		struct source_group *group;
		struct slice name;
		size_t *slot;

		if (!slice_equal(one->kase, slice_of(revision->kase->id)))
			continue;
		name = incident_source(&one->incident, revision->arena);
		slot = slot_find(&slots, groups, name);
		if (!*slot) {
			*LIST_ADD(revision->arena, groups) =
				(struct source_group){ .name = name };
			*slot = groups->count;
		}
		group = &groups->at[*slot - 1];
		if (!group->answer)
			group->answer = one->answer;
		*LIST_ADD(revision->arena, &group->incidents) = &one->incident;
	}
}

static const struct stored_report *current_find(const struct revision *revision,
						struct slice part)
{
	for (size_t i = 0; i < revision->current.count; i++)
		if (slice_equal(revision->current.at[i].part, part))
			return &revision->current.at[i];
	return NULL;
}

static void wide_list(struct revision *revision, struct slices *out)
{
	struct slice rest = revision->kase->wide, line;
	const struct range any = { 0 };

	if (!revision->kase->is_wide || !rest.len)
		return;
	while (slice_next(&rest, '\n', &line)) {
		ptrdiff_t blank = slice_find_byte(line, ' ');

		line = slice_from(line, (size_t)(blank + 1));
		if (!suppression_match(&revision->stops, line, &any))
			*LIST_ADD(revision->arena, out) = line;
	}
}

struct slice revision_message_id(struct arena *arena, const struct settings *settings,
				 const struct kase *kase,
				 const struct stored_report *report)
{
	struct slice mail = settings->mail;
	ptrdiff_t at = slice_find_last_byte(mail, '@');
	struct slice domain =
		at >= 0 ? slice_from(mail, (size_t)at + 1) : S("tipoff.invalid");
	char text[24], hash[13];
	struct slice parts[4] = { slice_of(kase->id), report->part, S(""),
				  kase->contact };
	struct sha256 digest;

	snprintf(text, sizeof text, "%lld", (long long)report->revision);
	parts[2] = slice_of(text);
	digest = sha256_of_parts(parts, COUNT_OF(parts));
	token_of(&digest, hash, sizeof hash - 1);
	return arena_printf(arena, "<" SLICE_FMT ".%s.%s@" SLICE_FMT ">",
			    SLICE_ARG(report->token), text, hash, SLICE_ARG(domain));
}

static const struct contact *contact_of(const struct source_group *groups, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (groups[i].answer && case_contact(groups[i].answer))
			return case_contact(groups[i].answer);
	return NULL;
}

/* Whether some rule reads successful logins of a service: only then is "no successful
 * login" a fact. What names no service (a firewall's packet) has no logins.           */
static bool reads_successes(const struct rules *rules, struct slice service)
{
	for (size_t i = 0; i < rules_count(rules); i++) {
		const struct rule_report *report = rule_report(rules_at(rules, i));

		if (report->outcome == OUTCOME_SUCCESS &&
		    slice_equal(report->service, service))
			return true;
	}
	return false;
}

static bool successes_read(const struct revision *revision,
			   const struct source_group *group)
{
	for (size_t i = 0; i < group->incidents.count; i++) {
		const struct tally *services =
			&group->incidents.at[i]->lists[LIST_SERVICES];

		for (size_t s = 0; s < services->count; s++)
			if (!reads_successes(revision->draft->rules,
					     services->at[s].text))
				return false;
	}
	return true;
}

/* Since when we block a source, by any of its incidents; an older block that is in force
 * goes before a newer one that ended.                                                   */
static void block_gather(struct revision *revision, const struct source_group *group,
			 struct report_source *out)
{
	const struct block *best = NULL;

	for (size_t i = 0; i < group->incidents.count; i++) {
		const struct block *one = incident_block(group->incidents.at[i]);

		if (!one)
			continue;
		if (!best ||
		    (best->unbanned_at &&
		     (!one->unbanned_at || one->unbanned_at > best->unbanned_at)))
			best = one;
	}
	if (!best)
		return;
	out->blocked_at = best->banned_at;
	out->unblocked_at = best->unbanned_at;
	out->blocked_by = arena_printf(revision->arena, SLICE_FMT ", jail " SLICE_FMT,
				       SLICE_ARG(best->by), SLICE_ARG(best->jail));
}

/* What one report is about: a source by its name, or "all" of the case. */
struct part {
	struct slice name;
	const struct source_group *groups;
	size_t count;
};

enum { BEFORE_DAYS = 30 };

/* The mail that this one follows, if its contact was told of the source before. */
static int before_find(const struct revision *revision, const struct part *part,
		       struct report_before *out, struct error *err)
{
	int64_t since = clock_now(revision->draft->clock) - BEFORE_DAYS * DAY_US;
	struct outbox_row like = { .kase = slice_of(revision->kase->id),
				   .part = part->name };

	if (!revision->kase->contact.len) {
		*out = (struct report_before){ 0 };
		return 0;
	}
	*LIST_ADD(revision->arena, &like.recipients) = revision->kase->contact;
	return outbox_before(revision->draft->db, revision->arena, &like, since, out,
			     err);
}

enum { RECURRING_DAYS = 30 };

/* On how many days the source was seen that was seen on most. */
static int days_gather(struct revision *revision, const struct part *part,
		       struct report_scale *out, struct error *err)
{
	const struct draft *draft = revision->draft;
	int64_t since = clock_now(draft->clock) - RECURRING_DAYS * DAY_US, most = 0;

	for (size_t i = 0; i < part->count; i++) {
		int64_t days = 0;

		if (incident_store_days(draft->db, part->groups[i].incidents.at[0],
					since, &days, err) != 0)
			return -1;
		most = days > most ? days : most;
	}
	if (most >= draft->settings->judge_days) {
		out->days = (uint32_t)most;
		out->days_of = RECURRING_DAYS;
	}
	return 0;
}

/* The one network of all sources of a part; NULL where there are several. */
static const struct range *network_of(const struct part *part)
{
	const struct range *range = NULL;

	for (size_t i = 0; i < part->count; i++) {
		const struct contact_answer *answer = part->groups[i].answer;

		if (!answer || !answer->has_network ||
		    (range && !range_equal(range, &answer->network.range)))
			return NULL;
		range = &answer->network.range;
	}
	return range;
}

static int address_sort(const void *left, const void *right)
{
	return address_compare(left, right);
}

/* How many sources of that network did something lately. */
static void sources_gather(struct revision *revision, const struct part *part,
			   struct report_scale *out)
{
	const struct range *network = network_of(part);
	struct {
		struct address *at;
		size_t count, room;
	} sources = { 0 };

	for (size_t i = 0; network && i < revision->incidents->count; i++) {
		const struct drafted_incident *one = &revision->incidents->at[i];

		if (one->finished || !one->answer || !one->answer->has_network ||
		    one->incident.verdict == VERDICT_IGNORE ||
		    incident_forgeable(&one->incident) ||
		    !range_equal(&one->answer->network.range, network))
			continue;
		*LIST_ADD(revision->arena, &sources) = one->incident.source;
		if (!out->sources_since || one->incident.first < out->sources_since)
			out->sources_since = one->incident.first;
	}
	if (!sources.count)
		return;
	qsort(sources.at, sources.count, sizeof *sources.at, address_sort);
	out->sources = 1;
	for (size_t i = 1; i < sources.count; i++)
		out->sources +=
			address_compare(&sources.at[i - 1], &sources.at[i]) != 0;
}

static int part_render(struct revision *revision, const struct part *part,
		       const struct stored_report *stored, struct report *out,
		       struct error *err)
{
	const struct source_group *groups = part->groups;
	size_t count = part->count;
	struct report_source *sources =
		ARENA_ARRAY(revision->arena, struct report_source, count);
	struct slice seed[2] = { slice_of(revision->kase->id), part->name };
	struct sha256 digest = sha256_of_parts(seed, 2);
	struct slices wide = { 0 };
	struct report_request request = {
		.settings = revision->draft->settings,
		.sources = sources,
		.count = count,
		.contact = contact_of(groups, count),
		.token = stored->token,
		.message_id = stored->message_id,
		.made_at = stored->made_at,
		.tag = revision->kase->tag,
		.format = report_format_of(revision->draft->settings,
					   revision->kase->contact, S("")),
	};

	if (before_find(revision, part, &request.before, err) != 0)
		return -1;
	if (!request.tag.len)
		request.tag = request.before.tag;
	request.templates = revision->draft->templates;
	if (contact_of(groups, count) &&
	    contact_of(groups, count)->scope == SCOPE_CSIRT)
		request.reader = READER_CSIRT;
	if (days_gather(revision, part, &request.scale, err) != 0)
		return -1;
	sources_gather(revision, part, &request.scale);
	for (size_t i = 0; i < count; i++) {
		sources[i] = (struct report_source){
			.incidents = groups[i].incidents.at,
			.count = groups[i].incidents.count,
			.about = groups[i].answer,
			.successes_read = successes_read(revision, &groups[i]),
		};
		block_gather(revision, &groups[i], &sources[i]);
	}
	wide_list(revision, &wide);
	request.wide = wide.at;
	request.wide_count = wide.count;
	memcpy(request.pseudonym_key, revision->pseudonym_key,
	       sizeof request.pseudonym_key);
	memcpy(request.report_uuid, digest.bytes, sizeof request.report_uuid);
	return report_render(revision->arena, &request, out, err);
}

static void missing_add(struct revision *revision, const struct report *report)
{
	struct slices *all = &revision->result->missing;

	for (size_t i = 0; i < report->missing.count; i++) {
		bool known = false;

		for (size_t j = 0; j < all->count; j++)
			known |= slice_equal(all->at[j], report->missing.at[i]);
		if (!known)
			*LIST_ADD(revision->arena, all) = report->missing.at[i];
	}
}

static void take_over(struct revision *revision, const struct report *report,
		      struct stored_report *stored)
{
	stored->thread = report->thread;
	stored->edited_by = S("");
	stored->is_unattended = false;
	stored->recipients = report->recipients;
	stored->subject = report->subject;
	stored->memo = report->memo;
	stored->csv = report->csv;
	stored->parts = report_parts_json(revision->arena, report);
	stored->facts = report_facts(report, stored->parts);
}

/* An approval that new facts outdate is taken back, and that is on record. */
static int approval_lapse(struct revision *revision, const struct stored_report *old,
			  struct error *err)
{
	const struct draft *draft = revision->draft;
	struct slice id = slice_of(revision->kase->id);
	int64_t now = clock_now(draft->clock);
	struct case_change change = { id, CASE_APPROVED, CASE_OPEN, S(""), now };

	if (!old || !slice_equal(old->state, S("approved")))
		return 0;
	if (revision->kase->state == CASE_APPROVED && !revision->lapsed &&
	    case_store_state(draft->db, &change, err) != 0)
		return -1;
	revision->lapsed = true;
	return audit_add(draft->db, now, "approval lapsed", id,
			 arena_printf(revision->arena,
				      "new facts made a new revision of " SLICE_FMT,
				      SLICE_ARG(old->part)),
			 err);
}

static struct slice fresh_message_id(const struct revision *revision,
				     const struct stored_report *report)
{
	return revision_message_id(revision->arena, revision->draft->settings,
				   revision->kase, report);
}

static int part_revise(struct revision *revision, const struct part *part,
		       struct error *err)
{
	const struct stored_report *old = current_find(revision, part->name);
	struct stored_report fresh = old ? *old : (struct stored_report){ 0 };
	char token[REPORT_TOKEN_LEN + 1];
	struct report report;

	if (!old) {
		random_token(token, REPORT_TOKEN_LEN);
		fresh = (struct stored_report){
			.kase = slice_of(revision->kase->id),
			.part = part->name,
			.token = arena_copy(revision->arena, slice_of(token)),
			.made_at = clock_now(revision->draft->clock),
		};
		fresh.revision = 1;
		fresh.message_id = fresh_message_id(revision, &fresh);
	}
	if (part_render(revision, part, &fresh, &report, err) != 0)
		return -1;
	missing_add(revision, &report);
	take_over(revision, &report, &fresh);
	if (old && memcmp(fresh.facts.bytes, old->facts.bytes, SHA256_BYTES) == 0)
		return 0;
	if (old) {
		fresh.revision++;
		fresh.message_id = fresh_message_id(revision, &fresh);
		fresh.made_at = clock_now(revision->draft->clock);
		if (part_render(revision, part, &fresh, &report, err) != 0)
			return -1;
		take_over(revision, &report, &fresh);
	}
	revision->result->new_revisions++;
	if (approval_lapse(revision, old, err) != 0)
		return -1;
	return report_store_add(revision->draft->db, &fresh, err);
}

static bool is_wanted(const struct revision *revision, struct slice part, bool together)
{
	if (together)
		return slice_equal(part, S("all"));
	for (size_t i = 0; i < revision->groups.count; i++)
		if (slice_equal(revision->groups.at[i].name, part))
			return true;
	return false;
}

static int unwanted_replace(struct revision *revision, bool together, struct error *err)
{
	for (size_t i = 0; i < revision->current.count; i++) {
		const struct stored_report *old = &revision->current.at[i];

		if (is_wanted(revision, old->part, together))
			continue;
		if (report_store_replace(revision->draft->db, old->id, err) != 0 ||
		    approval_lapse(revision, old, err) != 0)
			return -1;
	}
	return 0;
}

int case_revise(const struct draft *draft, struct arena *arena, const struct kase *kase,
		const struct drafted_incidents *incidents, struct draft_result *result,
		struct error *err)
{
	struct revision revision = {
		.draft = draft,
		.arena = arena,
		.kase = kase,
		.incidents = incidents,
		.result = result,
	};
	bool together;

	groups_gather(&revision, incidents);
	if (report_store_current(draft->db, arena, slice_of(kase->id),
				 &revision.current, err) != 0 ||
	    suppression_list(draft->db, arena, &revision.stops, err) != 0 ||
	    report_store_pseudonym_key(draft->db, revision.pseudonym_key, err) != 0)
		return -1;
	together = revision.groups.count > (size_t)draft->settings->single_reports;
	if (unwanted_replace(&revision, together, err) != 0)
		return -1;
	if (together) {
		struct part all = { S("all"), revision.groups.at,
				    revision.groups.count };

		return part_revise(&revision, &all, err);
	}
	for (size_t i = 0; i < revision.groups.count; i++) {
		struct part one = { revision.groups.at[i].name, &revision.groups.at[i],
				    1 };

		if (part_revise(&revision, &one, err) != 0)
			return -1;
	}
	return 0;
}
