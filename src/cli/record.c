#include "cli/record.h"

#include "incident/tally.h"
#include "report/form.h"

static void put_address(struct json_writer *w, const char *key,
			const struct address *address)
{
	struct address_text text = address_format(address);

	json_put_optional(w, key, slice_of(text.text));
}

static void put_count(struct json_writer *w, const char *key, uint64_t count)
{
	json_put_int(w, key, (int64_t)count);
}

static void put_port(struct json_writer *w, const char *key, uint16_t port)
{
	json_key(w, key);
	if (port)
		json_int(w, port);
	else
		json_null(w);
}

/* null for 0: not known, or never */
static void put_time(struct json_writer *w, const char *key, int64_t at)
{
	json_key(w, key);
	if (at)
		json_time(w, at);
	else
		json_null(w);
}

void record_event(struct json_writer *w, const struct event *event)
{
	json_object(w);
	json_put_text(w, "type", "event");
	json_put_time(w, "time", event->at);
	put_time(w, "until", event->until);
	json_put_text(w, "time_basis", time_basis_name(event->time_basis));
	put_address(w, "source", &event->source);
	json_put_optional(w, "source_name", event->source_name);
	put_port(w, "source_port", event->source_port);
	json_key(w, "target");
	json_object(w);
	put_address(w, "address", &event->target);
	json_put_optional(w, "host", event->target_host);
	put_port(w, "port", event->target_port);
	json_put_optional(w, "protocol", slice_of(protocol_name(event->protocol)));
	json_object_end(w);
	json_put_string(w, "service", event->service);
	/* what we did has none */
	json_put_optional(w, "category",
			  event_is_block(event)
				  ? S("")
				  : slice_of(category_name(event->category)));
	json_put_text(w, "outcome", outcome_name(event->outcome));
	json_put_optional(w, "user", event->user);
	json_put_string(w, "rule", event->rule);
	json_put_text(w, "certainty", certainty_name(event->certainty));
	json_put_bool(w, "contested", event->contested);
	json_put_optional(w, "doubt", slice_of(doubt_words(event->doubt)));
	put_count(w, "count", event->count);
	json_put_string(w, "file", event->line.file);
	put_count(w, "line", event->line.number);
	json_put_string(w, "text", event->line.text);
	json_object_end(w);
}

static void put_tally(struct json_writer *w, const char *key, const struct tally *tally)
{
	json_key(w, key);
	json_array(w);
	for (size_t i = 0; i < tally->count; i++) {
		json_object(w);
		json_put_string(w, "value", tally->at[i].text);
		put_count(w, "count", tally->at[i].count);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_slices(struct json_writer *w, const char *key,
		       const struct slices *list)
{
	json_key(w, key);
	json_array(w);
	for (size_t i = 0; i < list->count; i++)
		json_string(w, list->at[i]);
	json_array_end(w);
}

static void put_lines(struct json_writer *w, const char *key, struct slice lines)
{
	struct slice line;

	json_key(w, key);
	json_array(w);
	while (lines.len && slice_next(&lines, '\n', &line))
		json_string(w, line);
	json_array_end(w);
}

static void put_targets(struct json_writer *w, const struct incident_targets *targets)
{
	json_key(w, "targets");
	json_array(w);
	for (size_t i = 0; i < targets->count; i++) {
		const struct incident_target *target = &targets->at[i];

		json_object(w);
		put_address(w, "address", &target->address);
		json_put_optional(w, "host", target->host);
		json_put_optional(w, "name", target->name);
		put_count(w, "count", target->count);
		json_object_end(w);
	}
	json_array_end(w);
}

static const char *const LISTS[LIST_COUNT] = { "services",     "users",     "ports",
					       "source_ports", "addresses", "rules" };

/* What did not fit into a list of its own. */
static void put_beyond(struct json_writer *w, const struct incident *incident)
{
	json_key(w, "beyond");
	json_object(w);
	for (size_t i = 0; i < LIST_COUNT; i++)
		put_count(w, LISTS[i], incident->lists[i].beyond);
	put_count(w, "targets", incident->targets.beyond);
	json_object_end(w);
}

static void put_sketch(struct json_writer *w, const char *list,
		       const struct sketch *sketch)
{
	static const char digits[] = "0123456789abcdef";
	char hex[2 * SKETCH_BYTES];

	if (!sketch)
		return;
	for (size_t i = 0; i < SKETCH_BYTES; i++) {
		hex[2 * i] = digits[sketch->registers[i] >> 4];
		hex[2 * i + 1] = digits[sketch->registers[i] & 15];
	}
	json_object(w);
	json_put_text(w, "list", list);
	json_put_string(w, "registers", (struct slice){ hex, sizeof hex });
	json_object_end(w);
}

/* Of lists that overflowed, so that another tipoff can go on with the estimate. */
static void put_sketches(struct json_writer *w, const struct incident *incident)
{
	json_key(w, "sketches");
	json_array(w);
	for (size_t i = 0; i < LIST_COUNT; i++)
		put_sketch(w, LISTS[i], incident->lists[i].sketch);
	put_sketch(w, "targets", incident->targets.sketch);
	json_array_end(w);
}

static void put_early(struct json_writer *w, const struct early *early)
{
	json_key(w, "early");
	json_array(w);
	for (size_t i = 0; i < early->count; i++)
		json_time(w, early->at[i]);
	json_array_end(w);
}

static void put_logins(struct json_writer *w, const struct logins *logins)
{
	json_key(w, "logins");
	json_array(w);
	for (size_t i = 0; i < logins->count; i++) {
		json_object(w);
		json_put_optional(w, "user", logins->at[i].user);
		json_put_time(w, "time", logins->at[i].at);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_blocks(struct json_writer *w, const struct blocks *blocks)
{
	json_key(w, "blocked");
	json_array(w);
	for (size_t i = 0; i < blocks->count; i++) {
		const struct block *block = &blocks->at[i];

		json_object(w);
		put_address(w, "address", &block->address);
		json_put_string(w, "by", block->by);
		json_put_string(w, "jail", block->jail);
		json_put_time(w, "banned_at", block->banned_at);
		put_time(w, "unbanned_at", block->unbanned_at);
		json_object_end(w);
	}
	json_array_end(w);
}

/* How many different ones, and of which that is an estimate. */
static void put_distinct(struct json_writer *w, const struct incident *incident)
{
	json_key(w, "distinct");
	json_object(w);
	for (size_t i = 0; i < LIST_COUNT; i++)
		put_count(w, LISTS[i], tally_distinct(&incident->lists[i]));
	put_count(w, "targets", targets_distinct(&incident->targets));
	json_object_end(w);
	json_key(w, "estimated");
	json_array(w);
	for (size_t i = 0; i < LIST_COUNT; i++)
		if (incident->lists[i].beyond)
			json_string(w, slice_of(LISTS[i]));
	if (incident->targets.beyond)
		json_string(w, S("targets"));
	json_array_end(w);
}

static void put_evidence(struct json_writer *w, const struct evidences *evidence)
{
	json_key(w, "evidence");
	json_array(w);
	for (size_t i = 0; i < evidence->count; i++) {
		const struct evidence *line = &evidence->at[i];
		struct hex hex = hex_of(sha256_slice(&line->sha256));

		json_object(w);
		json_put_time(w, "time", line->at);
		json_put_text(w, "time_basis", time_basis_name(line->time_basis));
		json_put_string(w, "file", line->file);
		put_count(w, "line", line->line);
		json_put_string(w, "text", line->text);
		json_put_optional(w, "user", line->user);
		put_port(w, "source_port", line->source_port);
		put_port(w, "target_port", line->target_port);
		json_put_text(w, "sha256", hex.text);
		json_object_end(w);
	}
	json_array_end(w);
}

void record_incident(struct json_writer *w, struct arena *arena,
		     const struct incident *incident)
{
	json_object(w);
	json_put_text(w, "type", "incident");
	json_put_text(w, "id", incident->id);
	json_put_string(w, "source", incident_source(incident, arena));
	json_put_optional(w, "source_name", incident->source_name);
	put_time(w, "resolved_at", incident->resolved_at);
	json_put_text(w, "base", category_name(incident->base));
	json_put_text(w, "category", category_name(incident->category));
	json_put_time(w, "first", incident->first);
	json_put_time(w, "last", incident->last);
	put_count(w, "count", incident->count);
	put_count(w, "successes", incident->successes);
	put_time(w, "success_at", incident->success_at);
	put_early(w, &incident->early);
	put_logins(w, &incident->logins);
	put_count(w, "peak", incident->peak);
	put_count(w, "steps", incident->steps);
	put_count(w, "steps_next", incident->steps_next);
	for (size_t i = 0; i < LIST_COUNT; i++)
		put_tally(w, LISTS[i], &incident->lists[i]);
	put_beyond(w, incident);
	put_targets(w, &incident->targets);
	put_distinct(w, incident);
	put_sketches(w, incident);
	put_blocks(w, &incident->blocks);
	json_put_text(w, "certainty", certainty_name(incident->certainty));
	json_put_text(w, "time_basis", time_basis_name(incident->time_basis));
	json_put_text(w, "verdict", verdict_name(incident->verdict));
	put_slices(w, "reasons", &incident->reasons);
	put_evidence(w, &incident->evidence);
	json_object_end(w);
}

void record_crowd(struct json_writer *w, const struct crowd *crowd)
{
	json_object(w);
	json_put_text(w, "type", "crowd");
	json_put_text(w, "category", category_name(crowd->category));
	json_put_optional(w, "service", slice_of(crowd->service));
	put_port(w, "port", crowd->port);
	json_put_optional(w, "protocol", slice_of(protocol_name(crowd->protocol)));
	put_count(w, "sources", sketch_count(&crowd->sources));
	json_put_time(w, "first", crowd->first);
	json_put_time(w, "last", crowd->last);
	json_object_end(w);
}

/* What a person pastes where; null for what goes by mail. */
static int put_form(struct json_writer *w, struct arena *arena,
		    const struct settings *settings, const struct stored_report *report,
		    struct error *err)
{
	struct form form = { 0 };

	json_key(w, "form");
	if (!report_is_form(report)) {
		json_null(w);
		return 0;
	}
	if (report_form(arena, settings, report, &form, err) != 0)
		return -1;
	form_write(w, &form);
	return 0;
}

static int put_report(struct json_writer *w, struct arena *arena,
		      const struct settings *settings,
		      const struct stored_report *report, struct error *err)
{
	json_object(w);
	json_put_string(w, "token", report->token);
	json_put_string(w, "part", report->part);
	json_put_int(w, "revision", report->revision);
	put_slices(w, "recipients", &report->recipients);
	json_put_string(w, "state", report->state);
	json_put_string(w, "subject", report->subject);
	json_put_string(w, "message_id", report->message_id);
	json_put_time(w, "made_at", report->made_at);
	json_put_optional(w, "sha256", report->sha256_hex);
	json_put_string(w, "memo", report->memo);
	if (put_form(w, arena, settings, report, err) != 0)
		return -1;
	json_object_end(w);
	return 0;
}

int record_case(struct json_writer *w, struct arena *arena,
		const struct record_of_case *given, struct error *err)
{
	const struct kase *kase = given->kase;

	json_object(w);
	json_put_text(w, "type", "case");
	json_put_text(w, "id", kase->id);
	json_put_text(w, "state", case_state_name(kase->state));
	json_put_time(w, "window", kase->window_start);
	json_put_optional(w, "contact", kase->contact);
	json_put_optional(w, "mailbox", kase->mailbox);
	json_put_optional(w, "found", kase->found);
	put_lines(w, "networks", kase->networks);
	put_lines(w, "wide", kase->wide);
	put_lines(w, "untold", kase->untold);
	json_key(w, "incidents");
	json_array(w);
	for (size_t i = 0; i < given->incidents->count; i++) {
		struct incident_name name;

		if (incident_roll_get(given->incidents, i, &name, err) != 0)
			return -1;
		json_string(w, slice_of(name.text));
	}
	json_array_end(w);
	json_key(w, "reports");
	json_array(w);
	for (size_t i = 0; i < given->reports->count; i++)
		if (put_report(w, arena, given->settings, &given->reports->at[i],
			       err) != 0)
			return -1;
	json_array_end(w);
	json_put_optional(w, "outcome", kase->outcome);
	json_object_end(w);
	return 0;
}
