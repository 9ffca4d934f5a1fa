#include "event/gate.h"
#include "event/literal.h"
#include "check.h"

#include <stdlib.h>

/* Literals joined with '|'. */
static void finds_what_every_match_holds(void)
{
	static const struct {
		const char *pattern, *literals;
		bool joins;
	} rows[] = {
		{ "^refused connect from (.*)$", "refused connect from", true },
		{ "^refused connect from", " connect", false },
		{ "one\\ two", "one two", true },
		{ "port 22 from", " from", true },
		{ "two  blanks", " blanks", true },
		{ "end ", "end", true },
		{ "end \\(x", "end", true },
		{ " a b", " a b", true },
		{ "log? in", " in", true },
		{ "^Failed password$", " password", false },
		{ "a+bc", "bc", false },
		{ "abc?", "ab", false },
		{ "abc{0,2}d", "ab", false },
		{ "abc{2}", "abc", false },
		{ "x(?:one|three)y", "one|three", false },
		{ "x(?:one|.)y", "", false },
		{ "(?:abcdef)?xyz", "xyz", false },
		{ "(?:abcdef)+xyz", "abcdef", false },
		{ "(?P<user>root)", "root", false },
		{ "(?P<user>ROOT) LOGIN", "root login", true },
		{ "^(?P<a>Received (?P<b>disconnect)) from", "received disconnect from",
		  true },
		{ "a(?:bc(?>d)e)f", "abcdef", false },
		{ "ab(?:cd)?ef", "ab", false },
		{ "ab(?:cd)+e", "ab", false },
		{ "ab(?:cd){2}efg", "efg", false },
		{ "ab(?:[)|]cd)ef", "cdef", false },
		{ "ab(?:c(?:d|ee)f)gh", "abc", false },
		{ "a(?:b(?i)kx)kyz", "xkyz", false },
		{ "(?i)a(?:(?-i)kkx)kyz", "kkx", false },
		{ "ab(cd", "", false },
		{ "(?i)ABC12", "abc12", false },
		{ "(?i)disk", "di", false },
		{ "\\w\"\\d", "\"", false },
		{ "(?i:AB) for", " for", false },
		{ "(?!never)yes", "yes", false },
		{ "(?(ip4)aaaa|bbbb)cc", "cc", false },
		{ "(?>aaaa|bbb)cc", "aaaa|bbb", false },
		{ "(?>aaaa)?cc", "cc", false },
		{ "[a-z]+sshd\\[\\d+\\]: ", "sshd", false },
		{ "a|b", "", false },
		{ "\\x41bcd", "bcd", false },
		{ "a\\.b\\.c", ".b", false },
		{ "\\p{L}abc", "", false },
		{ "gr\xc3\xb6sser", "sser", false },
		{ "abc)", "", false },
		{ ".*", "", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct slices found = literal_required(arena, slice_of(rows[i].pattern),
						       rows[i].joins);
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

	CHECK(!gate_scan(gate, S("anything"), &seen));
	gate_free(gate);
}

int main(void)
{
	return CHECK_RUN(TEST(finds_what_every_match_holds),
			 TEST(finds_all_literals_in_one_pass),
			 TEST(works_without_literals));
}
