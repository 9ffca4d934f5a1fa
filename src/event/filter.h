/* event/filter.h - one rule file read and resolved, before any expression is compiled.
 *
 * filter_read  follows fail2ban's reading of a filter.d file: INCLUDES before/after,
 *              .local files, [DEFAULT], %(interpolation)s, [Init] with its conditional
 *              sections, parameters given with the name, then recursive <tags>. Tags
 *              that belong to expressions (<HOST>, <ADDR>, <F-...>, <SKIPLINES>, ...)
 *              and unknown ones stay as they are: event/expression.c expands them.
 *              Empty lines of failregex and ignoreregex are dropped. The type of log is
 *              "file" where neither the parameters nor [Definition] name a logtype.
 *              A file without [Definition] (one that others include) has no failregex
 *              and is no error here.
 *              [Report] and [Samples] are read plainly: no %, no <tags>, no [DEFAULT].
 *              Their text is verbatim: a ';' begins no comment in a sample.
 * All slices live in `arena`. ERROR_SYNTAX names file and line; ERROR_NOT_FOUND.       */
#ifndef EVENT_FILTER_H
#define EVENT_FILTER_H

#include "base/arena.h"
#include "base/error.h"
#include "event/rules.h"

struct filter_samples {
	struct rule_sample *at;
	size_t count, room;
	/* Words of the samples that the program writes of itself and no peer can choose,
	 * separated by blanks; "*": all but the user name.                            */
	struct slice own;
};

struct filter {
	struct slice name; /* without folder, .conf and parameters               */
	struct slice path;
	struct slice prefregex; /* empty: none                                   */
	struct slices failregex, ignoreregex;
	struct slice datepattern; /* one a line (LF); empty: the default templates */
	unsigned maxlines; /* 1 unless <SKIPLINES> rules ask for more     */
	struct slices journalmatch; /* one a line of the file, as written         */
	bool has_report; /* false: take the row of rules/upstream.conf */
	struct rule_report report; /* from [Report]                              */
	bool source_may_be_name; /* [Report] names = yes: usedns=raw for it    */
	bool no_act; /* [Report] act = no: nothing it matches is an event */
	struct filter_samples samples;
};

struct filters {
	struct filter *at;
	size_t count, room;
};

/* What rules_load() compiles, not compiled: in order of name, all of it in `arena`. */
MUST_CHECK int filters_load(struct arena *arena, const struct rules_options *options,
			    struct filters *out, struct error *err);
/* The filter's row of the table of upstream filters, where it has no [Report]. */
MUST_CHECK int filter_describe(struct arena *arena, const struct rules_options *options,
			       struct filter *filter, struct error *err);
void filters_sort(struct filters *filters); /* by name, as rules have to be */

/* "<mdre-agressive>" alone, which nothing defined: what a misspelt parameter leaves of an
 * expression. fail2ban takes it for text, and so do we.                                */
bool filter_is_undefined(struct slice expression);

/* Whether a file of that name is no rule: those only for others to include ("common" and
 * "*-common", as fail2ban names them; some cannot be resolved alone) and the table
 * "upstream". Who reads a whole folder skips them.                                      */
bool filter_is_part(struct slice name);

/* `name` as in rules_options.names; `folder` is searched for it and its includes. */
MUST_CHECK int filter_read(struct arena *arena, struct slice folder, struct slice name,
			   struct filter *out, struct error *err);

/* The same for one file whose text is in memory (and lives as long as the arena): nothing
 * is included and no file is opened. `name` may carry parameters.                      */
MUST_CHECK int filter_parse(struct arena *arena, struct slice name, struct slice text,
			    struct filter *out, struct error *err);

#endif
