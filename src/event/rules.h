/* event/rules.h - rule files, compiled: fail2ban filters with our [Report] and [Samples].
 *
 * A struct rules is immutable once loaded and owns all its memory.
 *
 * rules_load   reads every *.conf of `folder` (with *.local overrides), or only `names`
 *              where count is not 0. A name may carry parameters as fail2ban's jails
 *              write them ("sshd[mode=aggressive]"), and may be a path to a file.
 *              A file without its own [Report] gets one from the table of upstream
 *              filters by its name (rules/upstream.conf); a file in neither is loaded
 *              as login-attack with the file's name as service.
 *              ERROR_SYNTAX names file, line and what is wrong; nothing is half-loaded.
 * fail2ban semantics are cited beside the code by their documented rule.              */
#ifndef EVENT_RULES_H
#define EVENT_RULES_H

#include "base/arena.h"
#include "base/error.h"
#include "event/event.h"

struct rules;
struct rule;

struct rules_options {
	struct slice folder; /* empty: the installed rules                  */
	const struct slice *names; /* which, empty list: all of the folder        */
	size_t count;
	bool usedns_raw_names; /* a source may be a name (tcp-wrappers rules) */
	struct slice
		upstream; /* table for filters without [Report]; empty: installed */
	struct slice cache; /* folder, as for rules_new_kept(); empty: none */
};

MUST_CHECK struct rules *rules_load(const struct rules_options *options,
				    struct error *err);
void rules_free(struct rules *rules);

/* The same from filters that were read already; `filters` is for this call only. */
struct filter;
MUST_CHECK struct rules *rules_new(const struct filter *filters, size_t count,
				   struct error *err);
/* The same again; what compiling them found out is kept in the folder, for the next time.
 * No folder (empty), or one that cannot be used, only makes it slower.                 */
MUST_CHECK struct rules *rules_new_kept(const struct filter *filters, size_t count,
					struct slice folder, struct error *err);
/* False where the system forbids compiling expressions to machine code: slower only. */
bool rules_have_jit(const struct rules *rules);

/* How many sets of date templates there are. */
size_t rules_stamp_sets(const struct rules *rules);
/* Some rule looks at several lines: every line has to be read in order. */
bool rules_read_in_order(const struct rules *rules);

size_t rules_count(const struct rules *rules);
const struct rule *rules_at(const struct rules *rules, size_t index);

/* What [Report] says; all slices live as long as the rules. */
struct rule_report {
	struct slice name;
	struct slice path;
	struct slice description; /* one line                                    */
	enum category category;
	struct slice service;
	uint16_t port; /* 0 unknown */
	enum protocol protocol;
	bool handshake; /* the source completed a handshake: it is not forged   */
	enum outcome outcome; /* success: a login that worked, for compromise only */
};
const struct rule_report *rule_report(const struct rule *rule);

/* The [Samples] of a rule: match.N with .source (and .time, .user where given), never.N */
struct rule_sample {
	struct slice line;
	bool must_match;
	struct slice source, time, user; /* empty: not asserted */
};
size_t rule_sample_count(const struct rule *rule);
struct rule_sample rule_sample_at(const struct rule *rule, size_t index);

#endif
