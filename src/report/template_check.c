#include "report/template_check.h"

#include "report/lint.h"
#include "report/sample.h"

enum {
	LETTER = USE_MEMO | USE_SEVERAL,
	ALL_BUT_WORDS = LETTER | USE_SUBJECT,
	SUBJECT_MAX = 150
};

const struct template_name TEMPLATE_NAMES[] = {
	{ "source", "the address, its prefix or name, and its ports", LETTER },
	{ "network", "their range, its name, and who announces it", LETTER },
	{ "what", "what was done and how often", LETTER },
	{ "first", "the first time, in UTC", LETTER },
	{ "last", "the last time, in UTC", LETTER },
	{ "target", "what of ours was hit", LETTER },
	{ "compromise", "whether somebody got in: yes, no or not checked, and why",
	  LETTER },
	{ "now", "whether it goes on or was blocked", LETTER },
	{ "followup", "which earlier report this one follows; may be empty", LETTER },
	{ "recurring", "on how many days it was seen; may be empty", LETTER },
	{ "spread", "how many sources of their network were seen; may be empty",
	  LETTER },
	{ "name", "your name", LETTER },
	{ "position", "your role and organisation", LETTER },
	{ "relation", "\"; web1 is our machine\"", LETTER },
	{ "provider", "your own provider; may be empty", LETTER },
	{ "did", "what happened, as half a sentence, from the category's words",
	  LETTER },
	{ "listed", "why this reader gets it, as a sentence", LETTER },
	{ "certainty", "how sure the address is", LETTER },
	{ "hint", "what its name or network suggests", LETTER },
	{ "why", "why this kind of attack matters, from the category's words", LETTER },
	{ "terms", "the clause of their own terms; may be empty", LETTER },
	{ "ask", "what is asked, from the category's words", LETTER },
	{ "private", "what of yours not to pass on", LETTER },
	{ "advice", "concrete advice, from the category's words", LETTER },
	{ "clock", "what the times and the lines mean", LETTER },
	{ "share", "how many lines are shown of how many", LETTER },
	{ "lines", "the evidence", LETTER },
	{ "signature", "who you are, and your key", LETTER },
	{ "sources", "a list: a block for each source", USE_SEVERAL },
	{ "number", "the number of a block", USE_SEVERAL },
	{ "one-network", "whether all sources are of one network", USE_SEVERAL },
	{ "rest", "a line each for the sources beyond the blocks; may be empty",
	  USE_SEVERAL },
	{ "rest-count", "how many those are", USE_SEVERAL },
	{ "table", "whether a table is attached", USE_SEVERAL },
	{ "kind", "\"SSH login attack\"", USE_SUBJECT },
	{ "from", "the address, or how many addresses of which network", USE_SUBJECT },
	{ "at", "the first time, to the minute, in UTC", USE_SUBJECT },
	{ "token", "the report's token; a subject must hold it", ALL_BUT_WORDS },
	{ "count", "how many sources", USE_SEVERAL | USE_SUBJECT },
	{ "host", "\"a host in your network\"", USE_WORDS },
	{ "it", "what was hit: \"it\" or \"them\"", USE_WORDS },
	{ "its", "\"its\" or \"their\"", USE_WORDS },
	{ "owner", "\"its owner\" or \"their owners\", of the hosts", USE_WORDS },
	{ "several", "whether there is more than one source", USE_WORDS },
	{ "where", "\"SSH service, port 22/tcp\"", USE_WORDS },
	{ "port", "\"port 22\"", USE_WORDS },
	{ "received", "whether the evidence is a mail that was received, not a log",
	  USE_WORDS },
	{ "did", "a part: what happened, as half a sentence", USE_WORDS },
	{ "why", "a part: why this kind of attack matters", USE_WORDS },
	{ "ask", "a part: what is asked", USE_WORDS },
	{ "advice", "a part: concrete advice", USE_WORDS },
	{ "probe", "whether that is the category; so for each of them", ALL_BUT_WORDS },
	{ "scan", NULL, ALL_BUT_WORDS },
	{ "sweep", NULL, ALL_BUT_WORDS },
	{ "dos", NULL, ALL_BUT_WORDS },
	{ "login-attack", NULL, ALL_BUT_WORDS },
	{ "exploit-attempt", NULL, ALL_BUT_WORDS },
	{ "mail-abuse", NULL, ALL_BUT_WORDS },
	{ "compromise", NULL, USE_SUBJECT },
};
const size_t TEMPLATE_NAME_COUNT = COUNT_OF(TEMPLATE_NAMES);

static unsigned template_use(struct slice name)
{
	static const struct {
		const char *name;
		unsigned use;
	} rows[] = {
		{ "memo", USE_MEMO },
		{ "several", USE_SEVERAL },
		{ "subject", USE_SUBJECT },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (slice_equal(name, slice_of(rows[i].name)))
			return rows[i].use;
	return USE_WORDS;
}

static int name_check(const struct template_file *file,
		      const struct template_node *node, struct error *err)
{
	unsigned use = template_use(file->name);
	const char *near = NULL;
	size_t least = 4;

	for (size_t i = 0; i < TEMPLATE_NAME_COUNT; i++) {
		struct slice name = slice_of(TEMPLATE_NAMES[i].name);
		size_t distance;

		if (!(TEMPLATE_NAMES[i].uses & use))
			continue;
		if (slice_equal(name, node->text))
			return 0;
		distance = slice_distance(name, node->text);
		if (distance < least) {
			least = distance;
			near = TEMPLATE_NAMES[i].name;
		}
	}
	return error_set(err, ERROR_SYNTAX,
			 SLICE_FMT ":%zu: '" SLICE_FMT "' is no name known here%s%s%s "
				   "('tipoff templates names' lists them)",
			 SLICE_ARG(file->path), node->line, SLICE_ARG(node->text),
			 near ? "; did you mean '" : "", near ? near : "",
			 near ? "'?" : "");
}

static int names_check(const struct template_file *file, struct error *err)
{
	for (size_t i = 0; i < file->template.count; i++)
		if (file->template.at[i].kind != NODE_TEXT &&
		    name_check(file, &file->template.at[i], err) != 0)
			return -1;
	return 0;
}

static bool has_node(const struct template *template, enum template_kind kind,
		     struct slice name)
{
	for (size_t i = 0; i < template->count; i++)
		if (template->at[i].kind == kind &&
		    slice_equal(template->at[i].text, name))
			return true;
	return false;
}

static int words_check(const struct template_file *file, struct error *err)
{
	static const char *const parts[] = { "did", "why", "ask", "advice" };

	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (!has_node(&file->template, NODE_SECTION, slice_of(parts[i])))
			return error_set(err, ERROR_SYNTAX,
					 SLICE_FMT
					 ":1: the part {{#%s}}...{{/%s}} is missing",
					 SLICE_ARG(file->path), parts[i], parts[i]);
	return 0;
}

static int subject_check(const struct template_file *file, const struct report *report,
			 struct error *err)
{
	if (slice_find(report->subject, S("[TK7Q2]")) < 0)
		return error_set(err, ERROR_SYNTAX,
				 SLICE_FMT
				 ":1: a subject needs [{{token}}]: answers are "
				 "found by it",
				 SLICE_ARG(file->path));
	if (report->subject.len > SUBJECT_MAX)
		return error_set(err, ERROR_SYNTAX,
				 SLICE_FMT
				 ":1: the subject is over %d bytes long: '" SLICE_FMT
				 "'",
				 SLICE_ARG(file->path), SUBJECT_MAX,
				 SLICE_ARG(report->subject));
	return 0;
}

/* The letter about made-up attacks, as the lint sees it. */
static int sample_check(struct arena *arena, const struct lint *lint,
			const struct template_file *file,
			const struct report_request *request, struct error *err)
{
	struct lint_findings findings = { 0 };
	const struct lint_finding *finding;
	struct report report;
	enum category category = request->sources[0].incidents[0]->category;

	if (report_letter(arena, request, &report, err) != 0)
		return -1;
	if (template_use(file->name) == USE_SUBJECT &&
	    subject_check(file, &report, err) != 0)
		return -1;
	memo_lint(lint, arena, report.memo, &findings);
	if (!findings.count)
		return 0;
	finding = &findings.at[0];
	return error_set(err, ERROR_SYNTAX,
			 SLICE_FMT ": the letter it makes of %s (%s) does not pass the "
				   "lint: " SLICE_FMT "%s",
			 SLICE_ARG(file->path),
			 request->count == 1 ? "one source" : "several sources",
			 category_name(category), SLICE_ARG(finding->text),
			 findings.count > 1 ? "; and more" : "");
}

static int samples_check(struct arena *arena, const struct template_file *file,
			 struct error *err)
{
	unsigned use = template_use(file->name);
	const struct lint *lint = lint_new(arena);
	struct template_set set = { 0 };

	templates_shipped(arena, &set);
	*LIST_ADD(arena, &set) = *file;
	set.at[set.count - 1].domain = S("");
	for (enum category category = 0; category <= CATEGORY_COUNT; category++) {
		for (size_t count = 1; count <= 3; count += 2) {
			struct report_request request;

			if (category == CATEGORY_BACKSCATTER ||
			    (count == 1 &&
			     (use == USE_SEVERAL || category == CATEGORY_COUNT)) ||
			    (count > 1 && use == USE_MEMO))
				continue;
			report_sample(arena, category, count, &request);
			request.templates = &set;
			if (sample_check(arena, lint, file, &request, err) != 0)
				return -1;
		}
	}
	return 0;
}

int template_check(struct arena *arena, const struct template_file *file,
		   struct error *err)
{
	if (!template_is_shipped(file->name))
		return error_set(err, ERROR_SYNTAX,
				 SLICE_FMT
				 ": no template is called '" SLICE_FMT
				 "' ('tipoff templates list' shows the names)",
				 SLICE_ARG(file->path), SLICE_ARG(file->name));
	if (names_check(file, err) != 0)
		return -1;
	if (template_use(file->name) == USE_WORDS && words_check(file, err) != 0)
		return -1;
	return samples_check(arena, file, err);
}
