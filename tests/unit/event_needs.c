#include "event/filter.h"
#include "event/literal.h"
#include "event/needs.h"
#include "check.h"

#include <stdlib.h>

/* Sets by slashes, literals joined with '|'. */
static void finds_all_that_a_match_holds(void)
{
	static const struct {
		const char *pattern, *sets;
	} rows[] = {
		{ "^Failed .* from", "failed/ from" },
		{ "abc \\d+(?:one|three)x(?P<user>root)", "abc/one|three/xroot" },
		{ "(?:abc|d+x) yz", " yz" },
		{ "abc(?:def)?ghi", "abc/ghi" },
		{ "ab.cd|ef.gh", "ab|ef" },
		{ "\"x\"", "\"x/\"" },
		{ "abc)", "" },
		{ ".*", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct literal_sets found =
			literal_all_required(arena, slice_of(rows[i].pattern), false);
		struct slice joined = { 0 };

		for (size_t j = 0; j < found.count; j++)
			for (size_t k = 0; k < found.at[j].count; k++)
				joined = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT,
						      SLICE_ARG(joined),
						      k   ? "|"
						      : j ? "/"
							  : "",
						      SLICE_ARG(found.at[j].at[k]));
		CHECK_SLICE(joined, slice_of(rows[i].sets));
		arena_free(arena);
	}
}

static struct rules *rules_of(const char *prefregex, const char *failregex,
			      unsigned maxlines)
{
	struct slice pattern = slice_of(failregex);
	struct filter filter = {
		.name = S("made"),
		.path = S("made.conf"),
		.prefregex = slice_of(prefregex),
		.failregex = { .at = &pattern, .count = 1 },
		.maxlines = maxlines,
	};
	struct error err;
	struct rules *rules = rules_new(&filter, 1, &err);

	if (rules == NULL)
		exit(1);
	return rules;
}

static bool needs_met(const struct rules *rules, const char *line)
{
	const struct rule *rule = &rules->at[0];
	uint64_t seen[4] = { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX };
	struct allowed allowed = { rule, seen, gate_words(rules->gate), false, 0 };
	struct pairs pairs = { .now = 0 };

	pairs_read(&pairs, slice_of(line));
	return prefix_needs_met(rule, &pairs) &&
	       failregex_needs_met(&allowed, 0, &pairs) == 0;
}

static void turns_away_what_cannot_match(void)
{
	static const struct {
		const char *prefregex, *failregex, *line;
		unsigned maxlines;
		bool met;
	} rows[] = {
		{ "", "Failed .* from <HOST>", "Failed one from 192.0.2.1", 1, true },
		{ "", "Failed .* from <HOST>", "FAILED one FROM 192.0.2.1", 1, true },
		{ "", "Failed .* from <HOST>", "Failed one at 192.0.2.1", 1, false },
		{ "", "Failed .* from <HOST>", "Failed one at 192.0.2.1", 2, true },
		{ "", "(?:no|bad) \\w+ from <HOST>", "bad one from 192.0.2.1", 1,
		  true },
		{ "", "(?:no|bad) \\w+ from <HOST>", "any from 192.0.2.1", 1, false },
		{ "", "\" <HOST> x", "\" 192.0.2.1 x", 1, true },
		{ "", "\" <HOST> xyz", "192.0.2.1 xyz", 1, false },
		{ "^sshd: <F-CONTENT>.+</F-CONTENT>$", "bad <HOST>",
		  "sshd: bad 192.0.2.1", 1, true },
		{ "^sshd: <F-CONTENT>.+</F-CONTENT>$", "bad <HOST>",
		  "ftpd: bad 192.0.2.1", 1, false },
		{ "", "<HOST>", "", 1, true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct rules *rules = rules_of(rows[i].prefregex, rows[i].failregex,
					       rows[i].maxlines);

		CHECK_INT(needs_met(rules, rows[i].line) ? (int)i : -1,
			  rows[i].met ? (int)i : -1);
		rules_free(rules);
	}
}

/* Pairs are read in blocks: a literal may begin and end anywhere in them. */
static void sees_a_literal_at_every_place_of_lines_of_every_length(void)
{
	struct rules *rules = rules_of("", "xyz<HOST>", 1);
	char line[100];

	for (size_t len = 3; len < sizeof line; len++) {
		for (size_t at = 0; at + 3 <= len; at++) {
			memset(line, '.', len);
			line[len] = '\0';
			CHECK(!needs_met(rules, line));
			memcpy(line + at, "xYz", 3);
			CHECK_INT(needs_met(rules, line) ? len : 0, len);
		}
	}
	rules_free(rules);
}

static void asks_where_several_rules_are_left(void)
{
	struct rules rules = { .rule_words = 2 };

	CHECK(!needs_are_asked(&rules, (const uint64_t[]){ 0, 0 }));
	CHECK(!needs_are_asked(&rules, (const uint64_t[]){ 0, 8 }));
	CHECK(needs_are_asked(&rules, (const uint64_t[]){ 1, 8 }));
	CHECK(needs_are_asked(&rules, (const uint64_t[]){ 3, 0 }));
	rules.stamps.count = 2;
	CHECK(!needs_are_asked(&rules, (const uint64_t[]){ 0, 0 }));
	CHECK(needs_are_asked(&rules, (const uint64_t[]){ 0, 8 }));
}

int main(void)
{
	return CHECK_RUN(TEST(finds_all_that_a_match_holds),
			 TEST(turns_away_what_cannot_match),
			 TEST(sees_a_literal_at_every_place_of_lines_of_every_length),
			 TEST(asks_where_several_rules_are_left));
}
