#include "cli/summary.h"

#include "case/store.h"
#include "cli/form.h"
#include "cli/record.h"
#include "incident/classify.h"
#include "incident/tally.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

void files_find_named(struct run *run, const struct slices *names,
		      struct input_files *files)
{
	const char **texts = ARENA_ARRAY(run->arena, const char *, names->count);
	struct input_search search = { .names = texts,
				       .count = names->count,
				       .now = clock_now(&run->clock) };

	for (size_t i = 0; i < names->count; i++)
		texts[i] = arena_cstr(run->arena, names->at[i]);
	*files = (struct input_files){ 0 };
	input_find(run->arena, &search, files);
}

void files_find(struct run *run, struct input_files *files)
{
	files_find_named(run,
			 run->arguments.count ? &run->arguments : &run->settings.logs,
			 files);
}

void problems_print(struct run *run, const struct input_files *files)
{
	for (size_t i = 0; i < files->problems.count; i++) {
		const struct input_problem *problem = &files->problems.at[i];

		if (!run->quiet || !input_problem_is_warning(problem->kind))
			command_problem(problem->text);
	}
}

int problems_exit(const struct run *run, const struct input_files *files)
{
	int code = 0;

	(void)run;
	for (size_t i = 0; i < files->problems.count; i++) {
		enum input_problem_kind kind = files->problems.at[i].kind;

		if (input_problem_is_warning(kind))
			continue;
		if (kind == INPUT_UNREADABLE)
			return EX_NOPERM;
		code = kind == INPUT_DAMAGED || kind == INPUT_NOT_A_LOG ? EX_DATAERR
									: EX_NOINPUT;
	}
	return code;
}

static bool is_alarm(const struct drafted_incident *one)
{
	return one->incident.category == CATEGORY_COMPROMISE &&
	       !one->incident.answered.len;
}

static struct slice first_of(const struct tally *tally, const char *otherwise)
{
	return tally->count ? tally->at[0].text : slice_of(otherwise);
}

static void alarm_one(struct drafted *drafted, const struct incident *incident)
{
	struct time_text at = time_format(incident->success_at, TIME_MEMO);
	struct printer *out = &drafted->run->out;

	print_colour(out, COLOUR_RED);
	print_text(out, "LOOK AT THIS FIRST: a login from ");
	print_slice(out, incident_source(incident, drafted->arena));
	print_text(out, " worked after %" PRIu64 " failures.\n", incident->count);
	print_colour(out, COLOUR_NONE);
	print_text(out, "  Login:    %s", at.text);
	for (size_t i = 0; i < incident->evidence.count; i++) {
		if (incident->evidence.at[i].at != incident->success_at)
			continue;
		print_text(out, "\n  Line:     ");
		print_slice(out, incident->evidence.at[i].text);
	}
	print_text(out,
		   "\n  Was it you, or a user who mistyped?  tipoff answer %s ours\n",
		   incident->id);
	print_text(out,
		   "  If it was not:                       tipoff answer %s theirs\n",
		   incident->id);
	print_text(
		out,
		"  Then save first, and change nothing yet: who is logged in (who, last, ss "
		"-tnp),\n  what runs (ps auxf), and copies of the logs on another machine. "
		"Do not reboot and do\n  not delete anything: memory and time stamps are "
		"evidence. Take the machine off the\n  network if it can do harm. No report "
		"about it is drafted before you answer.\n\n");
}

/* 1; 0: it has another name by now; -1. */
static int place_read(struct drafted *drafted, const struct drafted_place *place,
		      struct drafted_incident *out)
{
	arena_reset(drafted->arena);
	table_clear(&drafted->table);
	return drafted_read(drafted->result, place, drafted->arena, out,
			    &drafted->run->err);
}

static int row_read(struct drafted *drafted, size_t part, struct drafted_incident *out)
{
	struct drafted_place place = { &drafted->shown, part, false };

	return place_read(drafted, &place, out);
}

int alarm_print(struct drafted *drafted)
{
	const struct incident_roll *judged = &drafted->result->judged;

	for (size_t i = 0; drafted->alarm && i < judged->count; i++) {
		struct drafted_place place = { judged, i, true };
		struct drafted_incident one;
		int found = place_read(drafted, &place, &one);

		if (found < 0)
			return -1;
		if (found && is_alarm(&one))
			alarm_one(drafted, &one.incident);
	}
	return 0;
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* Who tries tipoff with a line of the own network must not find silence. */
static void refused_print(struct run *run, const struct incident_counts *counts)
{
	uint64_t acts = 0;

	for (size_t i = 0; i < counts->refused_count; i++)
		acts += counts->refused[i].events;
	if (!acts)
		return;
	print_text(&run->out,
		   "Left out %" PRIu64 " act%s whose source is never reported", acts,
		   plural(acts));
	for (size_t i = 0; i < counts->refused_count; i++)
		print_text(&run->out, "%s %" PRIu64 " %s", i ? "," : ":",
			   counts->refused[i].events, counts->refused[i].reason);
	print_text(&run->out, ".\n");
}

/* "Read 3 mails (1 known from before, 1 held). " */
static void mails_read_print(struct run *run, const struct mails_result *mails)
{
	uint64_t held = mails->read - mails->taken - mails->known;

	print_text(&run->out, "Read %" PRIu64 " mail%s", mails->read,
		   plural(mails->read));
	if (mails->known)
		print_text(&run->out, " (%" PRIu64 " known from before", mails->known);
	if (held)
		print_text(&run->out, "%s%" PRIu64 " held", mails->known ? ", " : " (",
			   held);
	print_text(&run->out, mails->known || held ? "). " : ". ");
}

static void read_print(struct run *run, const struct drafted *drafted,
		       const struct pass_counts *counts)
{
	if (drafted->mails)
		mails_read_print(run, drafted->mails);
	if (!drafted->mails || counts->files)
		print_text(&run->out,
			   "Read %" PRIu64 " new line%s of %" PRIu64 " log%s. ",
			   counts->lines, plural(counts->lines), counts->files,
			   plural(counts->files));
}

void summary_print(const struct drafted *drafted, const struct pass_counts *counts)
{
	const struct draft_result *result = drafted->result;
	const struct source_counts *sources = &drafted->sources;
	struct run *run = drafted->run;
	uint64_t tellable = 0, nobody = 0;

	for (size_t i = 0; i < result->cases.count; i++) {
		tellable += result->cases.at[i].contact.len > 0;
		nobody += result->cases.at[i].contact.len == 0;
	}
	read_print(run, drafted, counts);
	print_text(&run->out,
		   "%" PRIu64 " source%s: %" PRIu64 " worth a mail, %" PRIu64
		   " held, %" PRIu64 " ignored.",
		   sources->all, plural(sources->all),
		   sources->of_verdict[VERDICT_REPORT],
		   sources->of_verdict[VERDICT_HOLD],
		   sources->of_verdict[VERDICT_IGNORE]);
	if (tellable)
		print_text(&run->out, " %" PRIu64 " contact%s to write to.", tellable,
			   plural(tellable));
	if (nobody)
		print_text(&run->out, " No contact is known for %" PRIu64 " network%s.",
			   nobody, plural(nobody));
	print_text(&run->out, "\n");
	if (counts->contested)
		print_text(&run->out,
			   "%" PRIu64
			   " line%s could be read in two ways and name%s nobody.\n",
			   counts->contested, plural(counts->contested),
			   counts->contested == 1 ? "s" : "");
	refused_print(run, &counts->counted);
	print_text(&run->out, "\n");
}

/* What was knocked at: the service, or the ports where it says nothing. */
static struct slice goal_words(struct arena *arena, const struct incident *incident)
{
	const struct tally *ports = &incident->lists[LIST_PORTS];
	struct slice service = first_of(&incident->lists[LIST_SERVICES], "");

	if (ports->count > 1 && (incident->category <= CATEGORY_SWEEP ||
				 incident->category == CATEGORY_BACKSCATTER))
		return tally_words(arena, ports, "port", "ports");
	if (ports->count == 1 && slice_equal(service, S("firewall")))
		return ports->at[0].text;
	return service;
}

struct slice incident_words(struct arena *arena, const struct incident *incident)
{
	static const struct {
		enum category category;
		const char *one, *many;
	} words[] = {
		{ CATEGORY_BACKSCATTER, "answer to nothing", "answers to nothing" },
		{ CATEGORY_PROBE, "probe", "probes" },
		{ CATEGORY_SCAN, "port scan knock", "port scan knocks" },
		{ CATEGORY_SWEEP, "sweep knock", "sweep knocks" },
		{ CATEGORY_DOS, "flood knock", "flood knocks" },
		{ CATEGORY_MAIL_ABUSE, "mail abuse attempt", "mail abuse attempts" },
		{ CATEGORY_LOGIN_ATTACK, "failed login", "failed logins" },
		{ CATEGORY_EXPLOIT_ATTEMPT, "exploit attempt", "exploit attempts" },
		{ CATEGORY_COMPROMISE, "failure, then a login",
		  "failures, then a login" },
	};
	struct slice goal = goal_words(arena, incident);

	if (incident_is_mail(incident))
		return arena_printf(arena, "%" PRIu64 " mail%s received",
				    incident->count, plural(incident->count));
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (words[i].category == incident->category)
			return arena_printf(
				arena, "%" PRIu64 " %s, " SLICE_FMT, incident->count,
				incident->count == 1 ? words[i].one : words[i].many,
				SLICE_ARG(goal));
	return goal;
}

static enum colour verdict_colour(enum verdict verdict)
{
	static const enum colour colours[] = { COLOUR_FAINT, COLOUR_YELLOW,
					       COLOUR_GREEN };

	return colours[verdict];
}

static struct slice contact_words(struct arena *arena,
				  const struct drafted_incident *one)
{
	const struct contact *contact = one->answer ? case_contact(one->answer) : NULL;

	if (one->finished)
		return S("case sent or closed");
	if (contact)
		return contact->address;
	if (one->incident.verdict == VERDICT_IGNORE)
		return S("-");
	if (one->answer && one->answer->has_network)
		return arena_printf(arena, "nobody known for %s",
				    range_format(&one->answer->network.range).text);
	return S("not looked up");
}

static void incident_row(struct table *table, const struct drafted_incident *one)
{
	const struct incident *incident = &one->incident;
	struct time_text last = time_format(incident->last, TIME_MEMO);
	const struct slices *reasons = &incident->reasons;
	struct arena *arena = table->arena;

	table_add(table, slice_of(verdict_name(incident->verdict)),
		  verdict_colour(incident->verdict));
	table_add(table, incident_source(incident, arena), COLOUR_NONE);
	table_add(table, incident_words(arena, incident), COLOUR_NONE);
	table_add(table, arena_printf(arena, "%.16s", last.text), COLOUR_NONE);
	table_add(table, one->held.id.len ? one->held.id : S("-"), COLOUR_NONE);
	table_add(table, contact_words(arena, one), COLOUR_NONE);
	table_add(table, reasons->count ? reasons->at[reasons->count - 1] : S(""),
		  COLOUR_NONE);
}

static int rows_measure(struct drafted *drafted)
{
	for (size_t i = 0; i < drafted->shown.count; i++) {
		struct drafted_incident one;
		int found = row_read(drafted, i, &one);

		if (found < 0)
			return -1;
		if (!found)
			continue;
		drafted->alarm |= is_alarm(&one);
		incident_row(&drafted->table, &one);
		table_measure(&drafted->table);
	}
	return 0;
}

int drafted_measure(struct drafted *drafted)
{
	static const char *const titles[] = { "VERDICT",    "SOURCE", "WHAT",
					      "LAST (UTC)", "CASE",   "CONTACT",
					      "WHY" };
	const struct incident_roll *judged = &drafted->result->judged;
	struct error *err = &drafted->run->err;

	drafted->arena = arena_new();
	table_init(&drafted->table, drafted->arena, titles, COUNT_OF(titles));
	if (incident_roll_by_verdict(judged, &drafted->shown, err) != 0 ||
	    incident_roll_sources(judged, &drafted->sources, err) != 0)
		return -1;
	return rows_measure(drafted);
}

void drafted_clear(struct drafted *drafted)
{
	arena_free(drafted->arena);
	drafted->arena = NULL;
}

int incidents_print(struct drafted *drafted)
{
	if (!drafted->shown.count)
		return 0;
	table_print_titles(&drafted->table, &drafted->run->out);
	for (size_t i = 0; i < drafted->shown.count; i++) {
		struct drafted_incident one;
		int found = row_read(drafted, i, &one);

		if (found < 0)
			return -1;
		if (!found)
			continue;
		incident_row(&drafted->table, &one);
		table_print_rows(&drafted->table, &drafted->run->out);
	}
	print_text(&drafted->run->out, "\n");
	return 0;
}

static void counts_print(struct run *run, const struct pass_counts *counts)
{
	const struct {
		uint64_t count;
		const char *one, *many;
	} rows[] = {
		{ counts->torn_lines, "rest of a line that was cut off was passed over",
		  "rests of lines that were cut off were passed over" },
		{ counts->limited, "line made a rule work too hard and was left",
		  "lines made a rule work too hard and were left" },
		{ counts->forged,
		  "line does not seem to be its log's own and names nobody "
		  "(detect --events says why)",
		  "lines do not seem to be their log's own and name nobody "
		  "(detect --events says why)" },
		{ counts->bad_address, "line named an impossible address",
		  "lines named impossible addresses" },
		{ counts->undated, "line of an attack had no time that could be read",
		  "lines of attacks had no time that could be read" },
		{ counts->unfinished,
		  "last line has no end yet and waits for the next run",
		  "last lines have no end yet and wait for the next run" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].count)
			print_text(&run->out, "%" PRIu64 " %s.\n", rows[i].count,
				   rows[i].count == 1 ? rows[i].one : rows[i].many);
}

static void detected_row(struct table *table, const struct incident *incident)
{
	struct time_text last = time_format(incident->last, TIME_MEMO);

	table_add(table, slice_of(verdict_name(incident->verdict)),
		  verdict_colour(incident->verdict));
	table_add(table, incident_source(incident, table->arena), COLOUR_NONE);
	table_add(table, incident_words(table->arena, incident), COLOUR_NONE);
	table_add(table,
		  arena_copy(table->arena, slice_cut(slice_of(last.text), 0, 16)),
		  COLOUR_NONE);
	table_add(table, slice_of(certainty_name(incident->certainty)), COLOUR_NONE);
	table_add(table, incident->reasons.count ? incident->reasons.at[0] : S(""),
		  COLOUR_NONE);
}

/* A row is made to measure it and kept until it is printed, or made once more: there may be
 * ten millions.                                                                        */
enum { ROWS_KEPT_BYTES = 4 << 20 };

struct detected {
	struct run *run;
	struct incident_table *incidents;
	struct table table;
	struct arena *arena; /* of one row */
	uint8_t *verdicts; /* of all of them, in order */
	struct arena *kept;
	struct kept_rows { /* of the first ones, in order */
		struct table_cell **at; /* NULL: an empty place */
		size_t count, room;
	} rows;
};

static bool detected_next(struct detected *detected, size_t *place)
{
	struct incident incident;

	arena_reset(detected->arena);
	table_clear(&detected->table);
	if (!incidents_next(detected->incidents, place, detected->arena, &incident))
		return false;
	incident_judge(detected->arena, &incident, &detected->run->settings,
		       clock_now(&detected->run->clock));
	detected->verdicts[*place - 1] = (uint8_t)(incident.verdict + 1);
	detected_row(&detected->table, &incident);
	return true;
}

/* The row at hand, of the place before this one. */
static void row_keep(struct detected *detected, size_t place)
{
	const struct table *table = &detected->table;
	struct table_cell *row;

	if (arena_size_bytes(detected->kept) > ROWS_KEPT_BYTES)
		return;
	while (detected->rows.count + 1 < place)
		*LIST_ADD(detected->kept, &detected->rows) = NULL;
	row = ARENA_ARRAY(detected->kept, struct table_cell, table->count);
	for (size_t i = 0; i < table->count; i++)
		row[i] = (struct table_cell){
			arena_copy(detected->kept, table->at[i].text),
			table->at[i].colour,
		};
	*LIST_ADD(detected->kept, &detected->rows) = row;
}

static bool row_find(struct detected *detected, size_t *place)
{
	if (*place >= detected->rows.count)
		return detected_next(detected, place);
	arena_reset(detected->arena);
	table_clear(&detected->table);
	detected->table.at = detected->rows.at[(*place)++];
	detected->table.count = detected->table.columns;
	return true;
}

static void detected_rows(struct detected *detected, size_t places, int verdict)
{
	for (size_t place = 0; place < places;) {
		if (detected->verdicts[place] != verdict + 1)
			place++;
		else if (row_find(detected, &place))
			table_print_rows(&detected->table, &detected->run->out);
	}
}

void detected_print(struct run *run, struct incident_table *incidents)
{
	static const char *const titles[] = { "VERDICT",    "SOURCE",    "WHAT",
					      "LAST (UTC)", "CERTAINTY", "WHY" };
	size_t places = incidents_places(incidents), place = 0;
	struct detected detected = { .run = run,
				     .incidents = incidents,
				     .arena = arena_new(),
				     .verdicts = calloc(places + 1, 1),
				     .kept = arena_new() };

	if (!detected.verdicts)
		abort();
	table_init(&detected.table, detected.arena, titles, COUNT_OF(titles));
	while (detected_next(&detected, &place)) {
		table_measure(&detected.table);
		row_keep(&detected, place);
	}
	if (incidents_count(incidents)) {
		table_print_titles(&detected.table, &run->out);
		for (int verdict = VERDICT_REPORT; verdict >= VERDICT_IGNORE; verdict--)
			detected_rows(&detected, places, verdict);
		print_text(&run->out, "\n");
	}
	free(detected.verdicts);
	arena_free(detected.arena);
	arena_free(detected.kept);
}

/* "23/tcp", "ssh (22/tcp)", "http" */
static struct slice door_words(struct arena *arena, const struct crowd *crowd)
{
	const char *protocol =
		protocol_name(crowd->protocol ? crowd->protocol : PROTOCOL_TCP);

	if (!crowd->port)
		return slice_of(crowd->service);
	if (slice_equal(slice_of(crowd->service), S("firewall")))
		return arena_printf(arena, "%u/%s", crowd->port, protocol);
	return arena_printf(arena, "%s (%u/%s)", crowd->service, crowd->port, protocol);
}

void detected_crowds(struct run *run, const struct incident_table *incidents)
{
	const struct crowd *crowds[CROWDS_SHOWN];
	size_t count = crowds_greatest(incidents_crowds(incidents), CROWD_MIN, crowds,
				       CROWDS_SHOWN);

	for (size_t i = 0; i < count; i++) {
		struct slice door = door_words(run->arena, crowds[i]);
		struct slice sources =
			about_words(run->arena, sketch_count(&crowds[i]->sources));
		struct slice span =
			span_words(run->arena, crowds[i]->last - crowds[i]->first);

		print_text(&run->out,
			   "Distributed: about " SLICE_FMT " sources came to ",
			   SLICE_ARG(sources));
		print_slice(&run->out, door);
		print_text(&run->out, " within " SLICE_FMT " (%s).\n", SLICE_ARG(span),
			   category_name(crowds[i]->category));
	}
}

static void dropped_print(struct run *run, const struct incident_counts *counts)
{
	if (counts->dropped)
		print_text(
			&run->out,
			"%" PRIu64
			" source%s with little to tell made room for others: [judge] "
			"sources says how many are held at once.\n",
			counts->dropped, plural(counts->dropped));
	if (counts->crowded)
		print_text(&run->out,
			   "%" PRIu64
			   " act%s of further sources found no room: raise [judge] "
			   "sources.\n",
			   counts->crowded, plural(counts->crowded));
	if (counts->logins_crowded)
		print_text(&run->out, "Not every login that worked found room to be "
				      "remembered: raise [judge] sources.\n");
}

void detected_summary(struct run *run, const struct pass_counts *counts,
		      size_t incidents)
{
	print_text(&run->out,
		   "Read %" PRIu64 " line%s of %" PRIu64 " log%s: %" PRIu64
		   " event%s, %zu incident%s.\n",
		   counts->lines, plural(counts->lines), counts->files,
		   plural(counts->files), counts->events, plural(counts->events),
		   incidents, plural(incidents));
	refused_print(run, &counts->counted);
	dropped_print(run, &counts->counted);
	counts_print(run, counts);
}

static size_t lines_count(struct slice lines)
{
	struct slice line;
	size_t count = 0;

	while (lines.len && slice_next(&lines, '\n', &line))
		count++;
	return count;
}

static void recipients_print(struct run *run, const struct kase *kase,
			     const struct stored_report *report)
{
	bool is_database = slice_equal(report->kind, S("database"));
	struct printer *out = &run->out;

	for (size_t i = 0; i < report->recipients.count; i++) {
		print_text(out, "%s", i ? ", " : "To: ");
		print_slice(out, report->recipients.at[i]);
	}
	if (!report->recipients.count)
		print_text(out, "To: nobody known for this network");
	if (is_database)
		print_text(out, " (a public database: everybody can read this)");
	/* of several networks each memo names its own record */
	if (!is_database && kase->found.len && lines_count(kase->networks) < 2) {
		print_text(out, "\n    (");
		print_slice(out, kase->found);
		print_text(out, ")");
	}
	if (!is_database && kase->wide.len && report->recipients.count == 1 &&
	    !report_is_form(report))
		print_text(out, "\n    (%zu more on the wider list, which --wide adds)",
			   lines_count(kase->wide));
}

static int memo_print(struct run *run, const struct kase *kase,
		      const struct stored_report *report)
{
	struct printer *out = &run->out;

	print_colour(out, COLOUR_STRONG);
	print_text(out, "---- case %s, revision %" PRId64 ", %s ----\n", kase->id,
		   report->revision, case_state_name(kase->state));
	print_colour(out, COLOUR_NONE);
	recipients_print(run, kase, report);
	if (report_is_form(report)) {
		print_text(
			out,
			"\n    (a web form: you fill it in once 'tipoff send %s' gave "
			"it to you,\n     and then say 'tipoff told %s')\n\n",
			kase->id, kase->id);
		return form_print(run, report);
	}
	print_text(out, "\nSubject: ");
	print_slice(out, report->subject);
	print_text(out, "\n\n");
	print_lines(out, report->memo);
	print_text(out, "\n");
	return 0;
}

int memos_print(struct run *run, struct db *db, const struct kases *kases)
{
	for (size_t i = 0; i < kases->count; i++) {
		const struct kase *kase = &kases->at[i];
		struct stored_reports reports = { 0 };

		if (kase->state == CASE_SENT || kase->state == CASE_CLOSED)
			continue;
		if (report_store_current(db, run->arena, slice_of(kase->id), &reports,
					 &run->err) != 0)
			return -1;
		for (size_t r = 0; r < reports.count; r++)
			if (memo_print(run, kase, &reports.at[r]) != 0)
				return -1;
	}
	return 0;
}

/* What report_render calls its gaps, in the words of the configuration. */
static void missing_print(struct run *run, const struct slices *missing)
{
	static const struct {
		const char *gap, *words;
	} rows[] = {
		{ "name", "your name ([reporter] name)" },
		{ "role", "your role ([reporter] role)" },
		{ "relation", "your relation to the machines ([reporter] relation)" },
		{ "mail", "your mail address ([reporter] mail)" },
		{ "hosts",
		  "the public address of a host that was hit ([hosts]; '*' for lines that name none)" },
		{ "zone", "the time zone of the logs ([logs] zone)" },
	};

	for (size_t i = 0; i < missing->count; i++) {
		struct slice words = missing->at[i];

		for (size_t r = 0; r < COUNT_OF(rows); r++)
			if (slice_equal(missing->at[i], slice_of(rows[r].gap)))
				words = slice_of(rows[r].words);
		print_text(&run->out, "%s", i ? ", " : "The memos still lack: ");
		print_slice(&run->out, words);
	}
	if (missing->count)
		print_text(&run->out, ".\n");
}

/* A first report is better after some time of watching: one mail tells more. */
static void watched_print(struct run *run, const struct kases *cases)
{
	int64_t now = clock_now(&run->clock);

	for (size_t i = 0; i < cases->count; i++) {
		const struct kase *kase = &cases->at[i];
		int64_t until = kase->window_start + run->settings.observation_us;
		struct time_text text = time_format(until, TIME_MINUTE);

		if (kase->contact.len && kase->state == CASE_OPEN && until > now)
			print_text(&run->out,
				   "Case %s has just begun: wait until %s, and one "
				   "mail tells it all.\n",
				   kase->id, text.text);
	}
}

/* Nobody else does it, and till then the case stands still. */
static void forms_print(struct run *run, const struct kases *cases)
{
	for (size_t i = 0; i < cases->count; i++)
		if (cases->at[i].state == CASE_TO_FILL)
			print_text(
				&run->out,
				"Case %s has a form that waits for you: 'tipoff show "
				"%s', then 'tipoff told %s'.\n",
				cases->at[i].id, cases->at[i].id, cases->at[i].id);
}

void hints_print(struct run *run, const struct input_files *files,
		 const struct pass_counts *counts, const struct draft_result *result)
{
	bool to_review = false;

	counts_print(run, counts);
	if (files->told_twice)
		print_text(&run->out,
			   "%" PRIu64
			   " log%s passed over that syslog repeats (mail.log and the "
			   "like); name %s to read.\n",
			   files->told_twice, plural(files->told_twice),
			   files->told_twice == 1 ? "it" : "them");
	if (files->stale)
		print_text(&run->out,
			   "%" PRIu64
			   " log%s older than 7 days left aside; name %s to read.\n",
			   files->stale, plural(files->stale),
			   files->stale == 1 ? "it" : "them");
	for (size_t i = 0; i < result->problems.count; i++) {
		print_text(&run->out, "Note: ");
		print_slice(&run->out, result->problems.at[i]);
		print_text(&run->out, "\n");
	}
	missing_print(run, &result->missing);
	if (!run->settings.path.len)
		print_text(&run->out,
			   "'tipoff init' asks who you are and what may be asked.\n");
	watched_print(run, &result->cases);
	for (size_t i = 0; i < result->cases.count; i++)
		to_review |= result->cases.at[i].contact.len > 0 &&
			     result->cases.at[i].state == CASE_OPEN;
	forms_print(run, &result->cases);
	if (to_review)
		print_text(
			&run->out,
			"Next: 'tipoff show CASE' to read one, 'tipoff send CASE' to "
			"approve and send it.\n");
	print_text(&run->out, "Nothing was sent.\n");
}

int case_print_json(struct run *run, struct db *db, const struct kase *kase)
{
	struct stored_reports reports = { 0 };
	struct incident_roll incidents;
	struct json_writer writer;
	struct buffer out;
	int result = -1;

	buffer_init(&out, 64 << 20);
	json_writer_init(&writer, &out);
	if (report_store_current(db, run->arena, slice_of(kase->id), &reports,
				 &run->err) == 0 &&
	    case_store_incidents(db, slice_of(kase->id), &incidents, &run->err) == 0)
		result = record_case(&writer, run->arena,
				     &(struct record_of_case){ &run->settings, kase,
							       &incidents, &reports },
				     &run->err);
	if (result == 0)
		print_json(&run->out, &out);
	buffer_clear(&out);
	return result;
}
