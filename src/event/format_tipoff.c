/* Our own records (docs/json.md): `detect --json` and `detect --events --json` of another
 * machine. An event comes out as it went in. An incident is handed on as it stands: the
 * table of incidents takes its counts over (incident/told.h).                           */
#include "base/clock.h"
#include "event/format_parts.h"

enum { ACTS_MAX = 1000000000 };

static bool names_read(const struct json_value *root, struct event *event)
{
	return (event_is_block(event) ||
		category_parse(json_text(json_get(root, "category")),
			       &event->category) == 0) &&
	       certainty_parse(json_text(json_get(root, "certainty")),
			       &event->certainty) == 0 &&
	       time_basis_parse(json_text(json_get(root, "time_basis")),
				&event->time_basis) == 0;
}

static void target_read(struct format_reading *reading, struct event *event)
{
	const struct json_value *target = json_get(reading->root, "target");

	(void)field_address(target, "address", &event->target);
	event->target_host = field_text(reading, target, "host");
	event->target_port = field_port(target, "port");
	event->protocol = protocol_parse(json_text(json_get(target, "protocol")));
}

/* Where the line stands in the log of that machine. */
static struct line line_of(struct format_reading *reading)
{
	const struct json_value *root = reading->root;

	return (struct line){ .text = field_text(reading, root, "text"),
			      .file = field_text(reading, root, "file"),
			      .number = field_count(root, "line", INT64_MAX, 0) };
}

static void event_read(struct format_reading *reading)
{
	const struct json_value *root = reading->root;
	struct event event = { .line = line_of(reading) };

	if (outcome_parse(json_text(json_get(root, "outcome")), &event.outcome) != 0 ||
	    !names_read(root, &event) || event.outcome == OUTCOME_SUMMARY ||
	    time_parse(json_text(json_get(root, "time")), &event.at) != 0)
		return;
	if (!field_address(root, "source", &event.source))
		event.source_name = field_text(reading, root, "source_name");
	if (event.source.family == FAMILY_NONE && event.source_name.len == 0)
		return;
	if (time_parse(json_text(json_get(root, "until")), &event.until) != 0)
		event.until = 0;
	target_read(reading, &event);
	event.source_port = field_port(root, "source_port");
	event.service = field_text(reading, root, "service");
	event.user = field_text(reading, root, "user");
	event.rule = field_text(reading, root, "rule");
	event.contested = json_truth(json_get(root, "contested"));
	event.count = field_count(root, "count", ACTS_MAX, 1);
	event_add(reading, event);
}

/* The source is read here too, so that whoever lists events has one to show. */
static void incident_read(struct format_reading *reading, struct slice text)
{
	const struct json_value *root = reading->root;
	struct slice source = json_text(json_get(root, "source"));
	struct event event = { .outcome = OUTCOME_SUMMARY, .rule = S("tipoff") };
	struct range range;

	if (!names_read(root, &event) ||
	    time_parse(json_text(json_get(root, "first")), &event.at) != 0 ||
	    time_parse(json_text(json_get(root, "last")), &event.until) != 0)
		return;
	if (range_parse(source, &range) == 0)
		event.source = range.first;
	else
		event.source_name = field_text(reading, root, "source_name");
	if (event.source.family == FAMILY_NONE && event.source_name.len == 0)
		return;
	event.count = field_count(root, "count", ACTS_MAX, 0);
	event.line = reading->line;
	event.line.text = text;
	event_add(reading, event);
}

/* The object itself, without what a syslog header put in front of it. */
static struct slice object_text(struct slice text)
{
	ptrdiff_t brace = slice_find_byte(text, '{');

	return slice_trim(slice_from(text, brace < 0 ? text.len : (size_t)brace));
}

bool tipoff_read(struct format_reading *reading)
{
	struct slice type = json_text(json_get(reading->root, "type"));

	if (slice_equal(type, S("event")) &&
	    json_get(reading->root, "time_basis") != NULL) {
		event_read(reading);
		return true;
	}
	if (slice_equal(type, S("incident")) &&
	    json_get(reading->root, "evidence") != NULL) {
		incident_read(reading, object_text(reading->line.text));
		return true;
	}
	return false;
}
