#include "pipeline/revise.h"

#include "case/store.h"
#include "contact/suppression.h"
#include "delivery/store.h"
#include "incident/block.h"
#include "incident/store.h"
#include "pipeline/revision.h"
#include "report/format.h"
#include "report/sum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct stored_report *revision_current(const struct revision *revision,
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
static void block_gather(struct arena *arena, const struct source_group *group,
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
	out->blocked_by = arena_printf(arena, SLICE_FMT ", jail " SLICE_FMT,
				       SLICE_ARG(best->by), SLICE_ARG(best->jail));
}

/* What one report is about: a source by its name, or "all" of the case. */
struct part {
	struct slice name;
	const struct report_source *sources; /* those that are shown */
	size_t count;
	const struct report_sum *sum; /* NULL: of one source */
	const struct contact *contact;
	const struct network_count
		*network; /* that all of them are of; NULL: several */
	int64_t days; /* on which the one was seen that was seen on most */
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

static int days_most(const struct revision *revision, const struct source_group *group,
		     int64_t *most, struct error *err)
{
	const struct draft *draft = revision->draft;
	int64_t since = clock_now(draft->clock) - RECURRING_DAYS * DAY_US, days = 0;

	if (incident_store_days(draft->db, group->incidents.at[0], since, &days, err) !=
	    0)
		return -1;
	*most = days > *most ? days : *most;
	return 0;
}

static void scale_gather(const struct revision *revision, const struct part *part,
			 struct report_scale *out)
{
	if (part->days >= revision->draft->settings->judge_days) {
		out->days = (uint32_t)part->days;
		out->days_of = RECURRING_DAYS;
	}
	if (part->network) {
		out->sources = part->network->sources;
		out->sources_since = part->network->since;
	}
}

/* ARF where the evidence is a mail, and nothing else is asked for. */
static enum report_format format_of(const struct revision *revision,
				    const struct part *part)
{
	struct slice known = part->contact ? part->contact->format : S("");
	bool is_mail = part->count == 1 && part->sources[0].mail.header.len;

	if (is_mail && !known.len)
		known = S("arf");
	return report_format_of(revision->draft->settings, revision->kase->contact,
				known);
}

static int part_render(struct revision *revision, const struct part *part,
		       const struct stored_report *stored, struct report *out,
		       struct error *err)
{
	struct slice seed[2] = { slice_of(revision->kase->id), part->name };
	struct sha256 digest = sha256_of_parts(seed, 2);
	struct slices wide = { 0 };
	struct report_request request = {
		.settings = revision->draft->settings,
		.sources = part->sources,
		.count = part->count,
		.sum = part->sum,
		.contact = part->contact,
		.token = stored->token,
		.message_id = stored->message_id,
		.made_at = stored->made_at,
		.tag = revision->kase->tag,
		.format = format_of(revision, part),
		.terms = part->contact ? part->contact->terms : S(""),
		.templates = revision->draft->templates,
	};

	if (before_find(revision, part, &request.before, err) != 0)
		return -1;
	if (!request.tag.len)
		request.tag = request.before.tag;
	if (part->contact && part->contact->scope == SCOPE_CSIRT)
		request.reader = READER_CSIRT;
	scale_gather(revision, part, &request.scale);
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
	struct slices *all = &revision->drafting->result->missing;

	for (size_t i = 0; i < report->missing.count; i++) {
		bool known = false;

		for (size_t j = 0; j < all->count; j++)
			known |= slice_equal(all->at[j], report->missing.at[i]);
		if (!known)
			*LIST_ADD(revision->drafting->arena, all) = arena_copy(
				revision->drafting->arena, report->missing.at[i]);
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

/* The number goes on where the part was one before, and then none. */
int revision_begin(struct revision *revision, struct slice part,
		   const struct stored_report *old, struct stored_report *out,
		   struct error *err)
{
	char token[REPORT_TOKEN_LEN + 1];
	int64_t last;

	if (old) {
		*out = *old;
		return 0;
	}
	if (report_store_last(revision->draft->db, slice_of(revision->kase->id), part,
			      &last, err) != 0)
		return -1;
	random_token(token, REPORT_TOKEN_LEN);
	*out = (struct stored_report){
		.kase = slice_of(revision->kase->id),
		.part = part,
		.token = arena_copy(revision->arena, slice_of(token)),
		.made_at = clock_now(revision->draft->clock),
		.revision = last + 1,
	};
	out->message_id = fresh_message_id(revision, out);
	return 0;
}

void revision_number(const struct revision *revision, const struct stored_report *old,
		     struct stored_report *fresh)
{
	if (!old)
		return;
	fresh->revision++;
	fresh->message_id = fresh_message_id(revision, fresh);
	fresh->made_at = clock_now(revision->draft->clock);
}

int revision_put(struct revision *revision, const struct stored_report *old,
		 struct stored_report *fresh, struct error *err)
{
	revision->drafting->result->new_revisions++;
	if (approval_lapse(revision, old, err) != 0)
		return -1;
	return report_store_add(revision->draft->db, fresh, err);
}

int revision_drop(struct revision *revision, const struct stored_report *old,
		  struct error *err)
{
	if (report_store_replace(revision->draft->db, old->id, err) != 0)
		return -1;
	return approval_lapse(revision, old, err);
}

static int part_revise(struct revision *revision, const struct part *part,
		       struct error *err)
{
	const struct stored_report *old = revision_current(revision, part->name);
	struct stored_report fresh;
	struct report report;

	if (revision_begin(revision, part->name, old, &fresh, err) != 0 ||
	    part_render(revision, part, &fresh, &report, err) != 0)
		return -1;
	missing_add(revision, &report);
	take_over(revision, &report, &fresh);
	if (old && memcmp(fresh.facts.bytes, old->facts.bytes, SHA256_BYTES) == 0)
		return 0;
	if (old) {
		revision_number(revision, old, &fresh);
		if (part_render(revision, part, &fresh, &report, err) != 0)
			return -1;
		take_over(revision, &report, &fresh);
	}
	return revision_put(revision, old, &fresh, err);
}

/* ---- the sources of a case, one after another ---- */

static int incident_take(const struct revision *revision, struct arena *arena,
			 struct slice id, struct source_group *group, struct error *err)
{
	struct drafted_incident *one = ARENA_NEW(arena, struct drafted_incident);

	if (incident_store_get(revision->draft->db, arena, id, &one->incident, err) !=
		    0 ||
	    login_store_of(revision->draft->db, arena, revision->draft->settings,
			   &one->incident, err) != 0)
		return -1;
	if (answer_give(revision->drafting->result, arena, one, err) != 0)
		return -1;
	if (!group->incidents.count)
		group->name = incident_source(&one->incident, arena);
	if (!group->answer) {
		group->answer = one->answer;
		group->number = one->number;
	}
	*LIST_ADD(arena, &group->incidents) = &one->incident;
	return one->answer && !waits_for_registry(one) ? 1 : 0;
}

/* The first mail that is evidence against the source. */
static int mail_gather(const struct revision *revision, struct arena *arena,
		       struct source_group *group, struct error *err)
{
	struct incident_mail *mail = &group->source.mail;

	for (size_t i = 0; !mail->header.len && i < group->incidents.count; i++)
		if (group->incidents.at[i]->base == CATEGORY_MAIL_ABUSE &&
		    mail_store_first(revision->draft->db, arena,
				     slice_of(group->incidents.at[i]->id), mail,
				     err) != 0)
			return -1;
	return 0;
}

/* 1; 0: not all of it was looked up; -1. */
static int group_read(const struct revision *revision, struct arena *arena, size_t n,
		      struct source_group *out, struct error *err)
{
	struct slices names = { 0 };
	int found = 1;

	if (incident_roll_part(&revision->told, n, arena, &names, err) != 0)
		return -1;
	*out = (struct source_group){ .number = 0 };
	LIST_RESERVE(arena, &out->incidents, names.count);
	for (size_t i = 0; found == 1 && i < names.count; i++)
		found = incident_take(revision, arena, names.at[i], out, err);
	if (found != 1)
		return found;
	out->source = (struct report_source){
		.incidents = out->incidents.at,
		.count = out->incidents.count,
		.about = out->answer,
		.successes_read = successes_read(revision, out),
	};
	block_gather(arena, out, &out->source);
	return mail_gather(revision, arena, out, err) == 0 ? 1 : -1;
}

/* What the look-ups of the incidents say of the case. */
struct description {
	struct buffer networks, wide, found;
	int64_t last; /* end of the incident that said so; and its name */
	char id[INCIDENT_ID_LEN + 1];
	bool *told; /* by the number of an answer */
	const struct contact *contact; /* of the first source that has one */
};

static bool has_line(struct slice lines, struct slice line)
{
	struct slice known;

	while (lines.len && slice_next(&lines, '\n', &known))
		if (slice_equal(known, line))
			return true;
	return false;
}

static void line_add(struct buffer *lines, struct slice line)
{
	if (!line.len || has_line(buffer_slice(lines), line))
		return;
	if (lines->len)
		buffer_add_byte(lines, '\n');
	buffer_add(lines, line);
}

/* The newest incident's look-up says where the contact was found. */
static void found_take(const struct source_group *group, struct arena *work,
		       struct description *out)
{
	const struct contact *contact = case_contact(group->answer);
	const struct incident *last = group->incidents.at[group->incidents.count - 1];
	bool newer = last->last > out->last ||
		     (last->last == out->last && strcmp(last->id, out->id) > 0);

	if (!contact || (out->found.len && !newer))
		return;
	out->last = last->last;
	memcpy(out->id, last->id, sizeof out->id);
	buffer_reset(&out->found);
	buffer_add(&out->found, case_found(work, contact));
}

static void group_describe(const struct source_group *group, struct arena *work,
			   struct description *out)
{
	struct slice rest, line;

	if (!out->contact)
		out->contact = case_contact(group->answer);
	found_take(group, work, out);
	if (out->told[group->number])
		return;
	out->told[group->number] = true;
	line_add(&out->networks, case_network_words(work, group->answer));
	rest = case_wide(work, group->answer);
	while (rest.len && slice_next(&rest, '\n', &line))
		line_add(&out->wide, line);
}

enum { LINES_MAX_BYTES = 16 << 20 };

static int case_describe(struct revision *revision, const struct description *given,
			 struct error *err)
{
	const struct draft *draft = revision->draft;
	struct kase *kase = revision->kase;

	kase->networks = arena_copy(revision->arena, buffer_slice(&given->networks));
	kase->wide = arena_copy(revision->arena, buffer_slice(&given->wide));
	kase->is_wide |= draft->wide; /* once asked for, it stays so */
	if (given->found.len)
		kase->found = arena_copy(revision->arena, buffer_slice(&given->found));
	return case_store_describe(draft->db, kase, clock_now(draft->clock), err);
}

/* Everything in it turned out to be nothing to write about. */
static int case_end(const struct draft *draft, const struct kase *kase,
		    struct error *err)
{
	const struct slice why = S("nothing is left in it to write about");
	int64_t now = clock_now(draft->clock);
	struct case_change change = { slice_of(kase->id), CASE_OPEN, CASE_CLOSED, why,
				      now };

	if (case_store_state(draft->db, &change, err) != 0)
		return -1;
	return audit_add(draft->db, now, "closed", slice_of(kase->id), why, err);
}

/* ---- one mail about all of them ---- */

struct together {
	struct part part;
	struct report_source *shown;
	struct report_sum sum;
};

/* The first ones stay, for they are told one by one; of the others their sum. */
static void group_join(struct revision *revision, struct arena *work, size_t n,
		       const struct source_group *group, struct together *out)
{
	const struct network_count *network =
		network_count_of(revision->drafting,
				 &(struct drafted_incident){ .answer = group->answer,
							     .number = group->number });

	if (n < REPORT_SHOWN_MAX)
		out->shown[n] = group->source;
	if (n == 0)
		out->part.network = network;
	else if (out->part.network != network)
		out->part.network = NULL;
	sum_source(&out->sum, work, &group->source);
}

/* Whether there are so many sources that one mail tells of all. */
static bool is_together(const struct revision *revision)
{
	return revision->told.count > (size_t)revision->draft->settings->single_reports;
}

/* 1; 0: not all was looked up; -1. */
static int groups_walk(struct revision *revision, struct description *description,
		       struct together *together, struct error *err)
{
	int found = 1;

	for (size_t n = 0; found == 1 && n < revision->told.count; n++) {
		bool shown = is_together(revision) && n < REPORT_SHOWN_MAX;
		struct source_group group;

		arena_reset(revision->scratch);
		found = group_read(revision,
				   shown ? revision->arena : revision->scratch, n,
				   &group, err);
		if (found != 1)
			return found;
		group_describe(&group, revision->scratch, description);
		if (!is_together(revision))
			continue;
		group_join(revision, revision->scratch, n, &group, together);
		if (days_most(revision, &group, &together->part.days, err) != 0)
			return -1;
	}
	return found;
}

/* Parts for databases come and go by themselves (publish.c). */
static bool is_mail(const struct stored_report *report)
{
	return slice_equal(report->kind, S("report"));
}

static int together_revise(struct revision *revision, struct together *together,
			   struct error *err)
{
	struct part *part = &together->part;

	for (size_t i = 0; i < revision->current.count; i++)
		if (is_mail(&revision->current.at[i]) &&
		    !slice_equal(revision->current.at[i].part, S("all")) &&
		    revision_drop(revision, &revision->current.at[i], err) != 0)
			return -1;
	part->name = S("all");
	part->count = revision->told.count;
	part->sources = together->shown;
	part->sum = part->count > 1 ? &together->sum : NULL;
	return part_revise(revision, part, err);
}

/* ---- one mail about each ---- */

static int one_revise(struct revision *revision, size_t n, struct slices *names,
		      struct error *err)
{
	struct source_group group;
	struct part part = { .count = 1 };
	int found = group_read(revision, revision->arena, n, &group, err);

	if (found != 1)
		return found;
	*LIST_ADD(revision->arena, names) = group.name;
	part.name = group.name;
	part.sources = &group.source;
	part.contact = case_contact(group.answer);
	part.network =
		network_count_of(revision->drafting,
				 &(struct drafted_incident){ .answer = group.answer,
							     .number = group.number });
	if (days_most(revision, &group, &part.days, err) != 0)
		return -1;
	return part_revise(revision, &part, err);
}

static int each_revise(struct revision *revision, struct error *err)
{
	struct slices names = { 0 };

	for (size_t n = 0; n < revision->told.count; n++)
		if (one_revise(revision, n, &names, err) != 0)
			return -1;
	for (size_t i = 0; i < revision->current.count; i++) {
		bool wanted = !is_mail(&revision->current.at[i]);

		for (size_t n = 0; n < names.count && !wanted; n++)
			wanted = slice_equal(names.at[n], revision->current.at[i].part);
		if (!wanted &&
		    revision_drop(revision, &revision->current.at[i], err) != 0)
			return -1;
	}
	return 0;
}

/* ---- what databases are told: of all sources, read anew for it ---- */

static int databases_revise(struct revision *revision, struct error *err)
{
	struct telling telling;
	struct publications all = { 0 };
	int found = 1;

	if (telling_begin(revision, &telling, err) != 0)
		return -1;
	for (size_t n = 0; found == 1 && telling.count && n < revision->told.count;
	     n++) {
		struct source_group group;

		arena_reset(revision->scratch);
		found = group_read(revision, revision->scratch, n, &group, err);
		if (found == 1)
			telling_add(&telling, revision->scratch, &group.source);
	}
	telling_end(revision, &telling, &all);
	return found == 1 ? case_publish(revision, &all, err) : found;
}

/* ---- the case ---- */

static int walked_revise(struct revision *revision, struct description *description,
			 struct together *together, struct error *err)
{
	struct draft_result *result = revision->drafting->result;
	const struct draft *draft = revision->draft;
	int found = groups_walk(revision, description, together, err);

	if (found != 1)
		return found;
	result->new_cases += revision->kase->opened_at == clock_now(draft->clock);
	together->part.contact = description->contact;
	if (databases_revise(revision, err) != 0 ||
	    case_describe(revision, description, err) != 0)
		return -1;
	if (!revision->told.count) {
		if (each_revise(revision, err) != 0)
			return -1;
		return case_end(draft, revision->kase, err);
	}
	return is_together(revision) ? together_revise(revision, together, err)
				     : each_revise(revision, err);
}

static int read_revise(struct revision *revision, struct error *err)
{
	struct description description = {
		.told = ARENA_ARRAY(
			revision->arena, bool,
			answers_shared(revision->drafting->result->answers)),
	};
	struct together together = {
		.shown = ARENA_ARRAY(revision->arena, struct report_source,
				     REPORT_SHOWN_MAX),
	};
	int result;

	buffer_init(&description.networks, LINES_MAX_BYTES);
	buffer_init(&description.wide, LINES_MAX_BYTES);
	buffer_init(&description.found, LINES_MAX_BYTES);
	sum_init(&together.sum, revision->arena, revision->draft->settings);
	result = walked_revise(revision, &description, &together, err);
	sum_clear(&together.sum);
	buffer_clear(&description.networks);
	buffer_clear(&description.wide);
	buffer_clear(&description.found);
	return result;
}

int case_revise(struct drafting *drafting, struct kase *kase, struct error *err)
{
	const struct draft *draft = drafting->draft;
	struct revision revision = {
		.drafting = drafting,
		.draft = draft,
		.arena = arena_new(),
		.scratch = arena_new(),
		.kase = kase,
	};
	struct slice id = slice_of(kase->id);
	int result = -1;

	if (case_store_told(draft->db, id, &revision.told, err) == 0 &&
	    report_store_current(draft->db, revision.arena, id, &revision.current,
				 err) == 0 &&
	    suppression_list(draft->db, revision.arena, &revision.stops, err) == 0 &&
	    report_store_pseudonym_key(draft->db, revision.pseudonym_key, err) == 0)
		result = read_revise(&revision, err);
	arena_free(revision.scratch);
	arena_free(revision.arena);
	return result;
}
