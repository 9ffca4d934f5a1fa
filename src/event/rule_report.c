#include "event/rule_report.h"

struct reading {
	struct rule_report report;
	struct rule_marks marks;
};

struct key {
	const char *name;
	int (*read)(struct slice value, struct reading *reading);
	const char *allowed;
};

static int read_category(struct slice value, struct reading *reading)
{
	return category_parse(value, &reading->report.category);
}

static int read_service(struct slice value, struct reading *reading)
{
	for (size_t i = 0; i < value.len; i++) {
		if (!ascii_is_alnum(value.at[i]) && value.at[i] != '-')
			return -1;
	}
	reading->report.service = value;
	return value.len > 0 ? 0 : -1;
}

static enum protocol protocol_of(struct slice name)
{
	static const enum protocol all[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_SCTP,
					     PROTOCOL_ICMP };

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		if (slice_equal(name, slice_of(protocol_name(all[i]))))
			return all[i];
	}
	return PROTOCOL_NONE;
}

static int port_number(struct slice value, size_t end, uint64_t *out)
{
	return slice_to_u64(slice_cut(value, 0, end), 65535, out) || *out == 0 ? -1 : 0;
}

static int read_port(struct slice value, struct reading *reading)
{
	ptrdiff_t slash = slice_find_byte(value, '/');
	enum protocol protocol = protocol_of(slice_from(value, (size_t)(slash + 1)));
	uint64_t port = 0;

	if (protocol == PROTOCOL_NONE)
		return -1;
	if (slash >= 0 &&
	    (protocol == PROTOCOL_ICMP || port_number(value, (size_t)slash, &port)))
		return -1;
	reading->report.port = (uint16_t)port;
	reading->report.protocol = protocol;
	return 0;
}

static int read_switch(struct slice value, bool *out)
{
	*out = slice_equal(value, S("yes"));
	return *out || slice_equal(value, S("no")) ? 0 : -1;
}

static int read_handshake(struct slice value, struct reading *reading)
{
	return read_switch(value, &reading->report.handshake);
}

static int read_names(struct slice value, struct reading *reading)
{
	return read_switch(value, &reading->marks.source_may_be_name);
}

static int read_act(struct slice value, struct reading *reading)
{
	bool act = true;
	int result = read_switch(value, &act);

	reading->marks.no_act = !act;
	return result;
}

static int read_outcome(struct slice value, struct reading *reading)
{
	bool success = slice_equal(value, S("success"));

	reading->report.outcome = success ? OUTCOME_SUCCESS : OUTCOME_ATTEMPT;
	return success || slice_equal(value, S("attempt")) ? 0 : -1;
}

static int read_description(struct slice value, struct reading *reading)
{
	reading->report.description = value;
	return value.len > 0 && slice_find_byte(value, '\n') < 0 ? 0 : -1;
}

static const struct key KEYS[] = {
	{ "category", read_category,
	  "probe, scan, sweep, dos, mail-abuse, login-attack, exploit-attempt or "
	  "compromise" },
	{ "service", read_service, "one word of letters, digits and '-', as in ssh" },
	{ "port", read_port,
	  "a number with /tcp, /udp or /sctp, as in 22/tcp, or tcp, udp, sctp or icmp alone" },
	{ "handshake", read_handshake, "yes or no" },
	{ "names", read_names, "yes or no" },
	{ "act", read_act, "yes or no" },
	{ "outcome", read_outcome, "attempt or success" },
	{ "description", read_description, "one line of text" },
};

static int unknown_key(const struct ini_section *section,
		       const struct ini_option *option, struct error *err)
{
	return error_set(err, ERROR_SYNTAX,
			 SLICE_FMT ":%u: unknown key '" SLICE_FMT "' in [" SLICE_FMT
				   "]; known are category, service, port, handshake, "
				   "names, act, outcome and description",
			 SLICE_ARG(option->path), option->line, SLICE_ARG(option->name),
			 SLICE_ARG(section->name));
}

static int read_option(const struct ini_section *section,
		       const struct ini_option *option, struct reading *reading,
		       struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(KEYS); i++) {
		if (!slice_equal(option->name, slice_of(KEYS[i].name)))
			continue;
		if (KEYS[i].read(option->value, reading) == 0)
			return 0;
		return error_set(err, ERROR_SYNTAX,
				 SLICE_FMT ":%u:%u: '" SLICE_FMT
					   "' is no %s; allowed: %s",
				 SLICE_ARG(option->path), option->line, option->column,
				 SLICE_ARG(slice_cut(option->value, 0, 80)),
				 KEYS[i].name, KEYS[i].allowed);
	}
	return unknown_key(section, option, err);
}

int rule_report_read(const struct ini_section *section, struct rule_report *report,
		     struct rule_marks *marks, struct error *err)
{
	static const char *const needed[] = { "category", "service" };
	struct reading reading = { 0 };

	for (size_t i = 0; i < section->options.count; i++) {
		if (read_option(section, &section->options.at[i], &reading, err))
			return -1;
	}
	for (size_t i = 0; i < COUNT_OF(needed); i++) {
		if (!ini_option_find(&section->options, slice_of(needed[i])))
			return error_set(err, ERROR_SYNTAX,
					 SLICE_FMT ":%u: [" SLICE_FMT "] needs a %s",
					 SLICE_ARG(section->path), section->line,
					 SLICE_ARG(section->name), needed[i]);
	}
	*report = reading.report;
	*marks = reading.marks;
	return 0;
}

/* --- samples --- */

static int bad_sample(const struct ini_option *option, const char *what,
		      struct error *err)
{
	return error_set(err, ERROR_SYNTAX,
			 SLICE_FMT ":%u: '" SLICE_FMT "' in [Samples] %s",
			 SLICE_ARG(option->path), option->line,
			 SLICE_ARG(slice_cut(option->name, 0, 80)), what);
}

/* "match.12.source" gives "12" and "source"; the latter is empty for "match.12". */
static bool sample_name(struct slice rest, struct slice *number, struct slice *field)
{
	ptrdiff_t dot = slice_find_byte(rest, '.');
	uint64_t value;

	*number = slice_cut(rest, 0, dot < 0 ? rest.len : (size_t)dot);
	*field = dot < 0 ? S("") : slice_from(rest, (size_t)dot + 1);
	return slice_to_u64(*number, 9999, &value) == 0 && (dot < 0 || field->len > 0);
}

static struct slice sample_field(struct arena *arena, const struct ini_section *section,
				 struct slice match, const char *field)
{
	struct slice name =
		arena_printf(arena, SLICE_FMT ".%s", SLICE_ARG(match), field);
	const struct ini_option *option = ini_option_find(&section->options, name);

	return option ? option->verbatim : S("");
}

/* A field of a match: known, and its match.N is there. */
static int check_field(const struct ini_section *section,
		       const struct ini_option *option, struct slice field,
		       struct error *err)
{
	static const char *const known[] = { "source", "time", "user" };
	struct slice match =
		slice_cut(option->name, 0, option->name.len - field.len - 1);

	if (!ini_option_find(&section->options, match))
		return bad_sample(option, "has no match of that number", err);
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (slice_equal(field, slice_of(known[i])))
			return 0;
	}
	return bad_sample(option, "is unknown; a match has .source, .time and .user",
			  err);
}

static int read_sample(struct arena *arena, const struct ini_section *section,
		       const struct ini_option *option, struct filter_samples *out,
		       struct error *err)
{
	bool match = slice_starts(option->name, S("match."));
	struct slice number, field;

	if (slice_equal(option->name, S("own"))) {
		out->own = option->verbatim;
		return 0;
	}
	if ((!match && !slice_starts(option->name, S("never."))) ||
	    !sample_name(slice_from(option->name, 6), &number, &field))
		return bad_sample(option,
				  "is unknown; known are match.N, match.N.source, "
				  "match.N.time, match.N.user, never.N and own",
				  err);
	if (field.len > 0 && !match)
		return bad_sample(option, "is unknown: a never.N has no fields", err);
	if (field.len > 0)
		return check_field(section, option, field, err);
	if (option->verbatim.len == 0)
		return bad_sample(option, "is empty: give the log line", err);
	*LIST_ADD(arena, out) = (struct rule_sample){
		.line = option->verbatim,
		.must_match = match,
		.source = sample_field(arena, section, option->name, "source"),
		.time = sample_field(arena, section, option->name, "time"),
		.user = sample_field(arena, section, option->name, "user"),
	};
	return 0;
}

int rule_samples_read(struct arena *arena, const struct ini_section *section,
		      struct filter_samples *out, struct error *err)
{
	struct filter_samples samples = { 0 };

	for (size_t i = 0; i < section->options.count; i++) {
		if (read_sample(arena, section, &section->options.at[i], &samples, err))
			return -1;
	}
	*out = samples;
	return 0;
}
