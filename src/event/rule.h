/* event/rule.h - a rule as the matcher sees it (for event/ only).
 *
 * `gate` finds literals in a raw line; a rule or one of its expressions can match only
 * where one literal of its mask was seen (event/literal.h), or where it is open.       */
#ifndef EVENT_RULE_H
#define EVENT_RULE_H

#include "base/digest.h"
#include "event/filter.h"
#include "event/gate.h"
#include "event/literal.h"
#include "event/prefilter.h"
#include "event/rule_cache.h"
#include "event/stamp_template.h"

struct mask {
	bool open; /* no literal is known: may always match */
	uint64_t *words; /* gate_words() */
};

struct rule_expression {
	struct expression *expression;
	struct literal_numbers literals; /* a match contains one of them */
	struct mask mask;
};

struct rule {
	struct rule_report report;
	struct filter_samples samples;
	struct expression *prefregex; /* NULL: none; owned by rules->prefixes */
	size_t prefix_index; /* in rules->prefixes: rules of one family share theirs */
	struct rule_expression *failregex;
	size_t fail_count;
	struct expression **ignoreregex;
	size_t ignore_count;
	const struct stamp_set *stamps;
	size_t stamp_index;
	unsigned maxlines;
	bool names; /* the source may be a name */
	bool no_act; /* nothing it matches is an event */
	bool content_is_rest; /* what its prefregex gives goes to the line's end */
	struct mask prefix, any; /* of prefregex; of all failregex together */
	struct rule_needs *needs; /* event/needs.h */
};

struct rules {
	struct arena *arena;
	struct rule *at; /* in order of name */
	size_t count;
	struct hex fingerprint; /* of all that is compiled, as it was given */
	struct gate *gate;
	/* event/entry.h: bit sets over the rules, rule_words long */
	size_t rule_words;
	uint64_t *open; /* rules that every line has to be tried with        */
	bool has_open;
	bool has_windows; /* some rule looks at several lines */
	uint64_t *by_literal; /* a row for each literal of the gate            */
	struct prefilter *prefilter; /* NULL: every line has to be looked at   */
	/* One for each expression and set of date templates: what it says of a line holds
	 * for all rules that have it.                                                    */
	struct rule_prefixes {
		struct rule_prefix {
			struct slice pattern;
			unsigned flags;
			size_t stamp_index;
			bool content_is_rest; /* as in struct rule */
			struct expression *expression;
			struct literal_numbers literals;
		} * at;
		size_t count, room;
	} prefixes;
	struct stamp_sets {
		struct stamp_set **at;
		size_t count, room;
	} stamps;
	/* While it is compiled: what is known of it already, or NULL, and how much of that
	 * was used. What came of each expression, in the order in which they were met.   */
	const struct rules_known *known;
	size_t known_used;
	struct known_expressions met;
};

enum { RULES_MAX = 1000, RULE_EXPRESSIONS_MAX = 2000, RULE_LINES_MAX = 100 };

/* Whether its prefix and one of its expressions may match a line with these literals. */
bool rule_may_match(const struct rule *rule, const uint64_t *seen, size_t words);

/* Which of a rule's expressions the literals of a line allow. What they say of the first
 * ones is often known from an earlier line with the same literals.                      */
enum { ALLOWED_BITS = 64 };
struct allowed {
	const struct rule *rule;
	const uint64_t *seen;
	size_t words;
	bool has_bits;
	uint64_t bits; /* of the first ALLOWED_BITS expressions */
};
uint64_t allowed_bits(const struct rule *rule, const uint64_t *seen, size_t words);
/* The first from `from` on, or a number behind them all. */
size_t allowed_next(const struct allowed *allowed, size_t from);

/* Compiles one filter. The masks are as long as rules->gate has literals: they are filled
 * when all filters have been compiled.                                               */
MUST_CHECK int rule_compile(struct rules *rules, const struct filter *filter,
			    struct rule *out, struct error *err);
void rule_masks_fill(struct rules *rules, struct rule *rule);
void rule_clear(struct rule *rule);

#endif
