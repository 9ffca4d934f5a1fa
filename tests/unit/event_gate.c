#include "event/gate.h"
#include "event/literal.h"
#include "check.h"

#include <stdlib.h>

/* Literals joined with '|'. */
static void finds_what_every_match_holds(void)
{
	static const struct {
		const char *pattern, *literals;
	} rows[] = {
		{ "^Failed password$", " password" },
		{ "a+bc", "bc" },
		{ "abc?", "ab" },
		{ "abc{0,2}d", "ab" },
		{ "abc{2}", "abc" },
		{ "x(?:one|three)y", "one|three" },
		{ "x(?:one|.)y", "" },
		{ "(?:abcdef)?xyz", "xyz" },
		{ "(?:abcdef)+xyz", "abcdef" },
		{ "(?P<user>root)", "root" },
		{ "(?i)ABC12", "abc12" },
		{ "(?i)disk", "di" },
		{ "\\w\"\\d", "\"" },
		{ "(?i:AB) for", " for" },
		{ "(?!never)yes", "yes" },
		{ "(?(ip4)aaaa|bbbb)cc", "cc" },
		{ "[a-z]+sshd\\[\\d+\\]: ", "sshd" },
		{ "a|b", "" },
		{ "\\x41bcd", "bcd" },
		{ "a\\.b\\.c", ".b" },
		{ "\\p{L}abc", "" },
		{ "gr\xc3\xb6sser", "sser" },
		{ "abc)", "" },
		{ ".*", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct slices found =
			literal_required(arena, slice_of(rows[i].pattern));
		struct slice joined = { 0 };

		for (size_t j = 0; j < found.count; j++)
			joined = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT,
					      SLICE_ARG(joined), j ? "|" : "",
					      SLICE_ARG(found.at[j]));
		CHECK_SLICE(joined, slice_of(rows[i].literals));
		arena_free(arena);
	}
}

static void finds_all_literals_in_one_pass(void)
{
	static const struct {
		const char *text;
		uint64_t seen;
	} rows[] = {
		{ "", 0 },        { "xxxx", 0 },        { "she", 1 | 2 },
		{ "ushers", 15 }, { "hishers", 31 },    { "his", 16 },
		{ "h e r s", 0 }, { "\xff\xfeShE", 3 }, { "hhers", 14 },
	};
	static const char *const literals[] = {
		"she", "he", "hers", "ers", "his", "she"
	};
	struct gate *gate = gate_new();

	for (size_t i = 0; i < COUNT_OF(literals); i++)
		CHECK_INT(gate_add(gate, slice_of(literals[i])), i % 5);
	gate_finish(gate);
	CHECK_INT(gate_words(gate), 1);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint64_t seen = 0;

		CHECK_INT(gate_scan(gate, slice_of(rows[i].text), &seen),
			  rows[i].seen != 0);
		CHECK_INT(seen, rows[i].seen);
	}
	gate_free(gate);
}

static void works_without_literals(void)
{
	struct gate *gate = gate_new();
	uint64_t seen = 0;

	gate_finish(gate);
	CHECK(!gate_scan(gate, S("anything"), &seen));
	gate_free(gate);
}

int main(void)
{
	return CHECK_RUN(TEST(finds_what_every_match_holds),
			 TEST(finds_all_literals_in_one_pass),
			 TEST(works_without_literals));
}
