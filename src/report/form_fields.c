/* What stands in the fields of a form. */
#include "report/form.h"

#include "report/evidence.h"
#include "report/letter.h"
#include "report/subject.h"
#include "report/sum.h"
#include "report/text.h"

enum {
	VALUE_MAX = 1000,
	LINES_EACH = 10, /* evidence of a lone source */
	LINES_OF_SEVERAL = 2, /* and of each of the first ones of several */
	SOURCES_WITH_LINES = 10,
};

bool report_is_form(const struct stored_report *report)
{
	return !slice_equal(report->kind, S("database")) && report->recipients.count &&
	       contact_is_url(report->recipients.at[0]);
}

static void put(struct arena *arena, struct form *form, const char *name,
		const char *label, struct slice value)
{
	if (value.len && form->fields.count < FORM_FIELDS_MAX)
		*LIST_ADD(arena, &form->fields) = (struct form_field){
			slice_of(name),
			slice_of(label),
			value,
		};
}

/* ---- what the facts fill ---- */

static struct slice instant(struct arena *arena, int64_t at)
{
	return arena_copy(arena, slice_of(time_format(at, TIME_MEMO).text));
}

static struct slice without_comma(struct slice ports)
{
	ptrdiff_t digit = slice_find(ports, S("s "));

	if (digit < 0)
		digit = slice_find(ports, S("t "));
	return digit < 0 ? S("") : slice_from(ports, (size_t)digit + 2);
}

/* One a line; a form that takes one alone gets the first. */
static struct slice sources_lines(struct arena *arena,
				  const struct report_request *request,
				  const struct facts *facts, size_t shown)
{
	struct buffer lines;
	struct slice text;

	buffer_init(&lines, FORM_MAX_BYTES);
	for (size_t i = 0; i < shown; i++)
		buffer_printf(&lines, SLICE_FMT "\n", SLICE_ARG(facts[i].source));
	if (request->count > shown)
		buffer_printf(&lines, "and %zu more\n", request->count - shown);
	text = arena_copy(arena, slice_trim(buffer_slice(&lines)));
	buffer_clear(&lines);
	return text;
}

static struct slice evidence_lines(struct arena *arena,
				   const struct report_request *request,
				   const struct facts *facts, size_t shown)
{
	size_t each = request->count == 1 ? LINES_EACH : LINES_OF_SEVERAL;
	struct buffer lines;
	struct slice text;

	buffer_init(&lines, FORM_MAX_BYTES);
	for (size_t i = 0; i < shown && i < SOURCES_WITH_LINES; i++) {
		struct evidence_block block;

		evidence_gather(arena, request, &facts[i], each, &block);
		buffer_add(&lines, block.text);
	}
	text = arena_copy(arena, slice_trim(buffer_slice(&lines)));
	buffer_clear(&lines);
	return text;
}

static void facts_put(struct arena *arena, const struct report_request *request,
		      const struct facts *facts, struct form *form)
{
	const struct report_sum *sum = request->sum;
	const struct facts *lead = sum ? &sum->facts : facts;
	size_t shown =
		request->count < REPORT_SHOWN_MAX ? request->count : REPORT_SHOWN_MAX;

	put(arena, form, "kind", "Kind of abuse", subject_kind(arena, request, lead));
	put(arena, form, "source", sum ? "Source addresses" : "Source address",
	    sources_lines(arena, request, facts, shown));
	if (!sum) {
		put(arena, form, "source_ports", "Source ports",
		    without_comma(facts_source_ports(arena, facts)));
		put(arena, form, "source_name", "Source name", facts->name);
		put(arena, form, "network", "Network", facts_network(arena, facts));
		put(arena, form, "compromise", "Compromise",
		    facts_compromise(arena, facts));
		put(arena, form, "now", "Does it go on",
		    facts_now(arena, facts, request->made_at));
	}
	put(arena, form, "target", "Target address and port",
	    facts_target(arena, lead));
	put(arena, form, "what", "What happened", facts_what(arena, lead));
	put(arena, form, "first", "First seen", instant(arena, lead->first));
	put(arena, form, "last", "Last seen", instant(arena, lead->last));
	put(arena, form, "zone", "Time zone", S("UTC (+0000)"));
	put(arena, form, "evidence", "Log lines",
	    evidence_lines(arena, request, facts, shown));
}

void form_part_write(struct arena *arena, const struct report_request *request,
		     const struct facts *facts, struct report_parts *out)
{
	struct form form = { 0 };

	if (request->contact)
		form.wants = text_clean(arena, request->contact->wants, VALUE_MAX);
	facts_put(arena, request, facts, &form);
	*LIST_ADD(arena, out) = (struct report_part){
		.source = S("the report"),
		.kind = S("form"),
		.media = S("application/json"),
		.name = S("form.json"),
		.body = form_json(arena, &form),
	};
}

/* ---- the whole ---- */

/* What finds the report again when the desk answers. */
static struct slice own_address(struct arena *arena, const struct settings *settings,
				struct slice token)
{
	struct slice plus = report_plus_address(arena, settings, token);

	return plus.len ? plus : settings->mail;
}

static void reporter_put(struct arena *arena, const struct settings *settings,
			 const struct stored_report *report, struct form *form)
{
	const struct {
		const char *name, *label;
		struct slice value;
	} rows[] = {
		{ "reporter", "Your name", settings->name },
		{ "reporter_mail", "Your mail address",
		  own_address(arena, settings, report->token) },
		{ "reporter_organisation", "Your organisation",
		  settings->organisation },
		{ "reporter_role", "Your role", settings->role },
		{ "reporter_phone", "Your telephone number", settings->phone },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		put(arena, form, rows[i].name, rows[i].label,
		    text_clean(arena, rows[i].value, VALUE_MAX));
}

/* A correction has no part: it says all in its memo. */
static int part_read(struct arena *arena, const struct stored_report *report,
		     struct form *out, struct error *err)
{
	struct report_parts parts = { 0 };

	if (report_parts_read(arena, report->parts, &parts, err) != 0)
		return -1;
	for (size_t i = 0; i < parts.count; i++)
		if (slice_equal(parts.at[i].kind, S("form")))
			return form_read(arena, parts.at[i].body, out, err);
	return 0;
}

int report_form(struct arena *arena, const struct settings *settings,
		const struct stored_report *report, struct form *out, struct error *err)
{
	struct form facts = { 0 }, whole = { 0 };

	if (report->message.len)
		return form_read(arena, report->message, out, err);
	if (part_read(arena, report, &facts, err) != 0)
		return -1;
	whole.url = report->recipients.at[0];
	whole.wants = facts.wants;
	reporter_put(arena, settings, report, &whole);
	put(arena, &whole, "reference", "Your reference", report->token);
	put(arena, &whole, "subject", "Subject", report->subject);
	for (size_t i = 0; i < facts.fields.count; i++)
		*LIST_ADD(arena, &whole.fields) = facts.fields.at[i];
	put(arena, &whole, "description", "Description", report->memo);
	*out = whole;
	return 0;
}
