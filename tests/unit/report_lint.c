#include "check.h"
#include "report/lint.h"

static struct arena *arena;

static const char GOOD[] =
	"Source:      203.0.113.77\n"
	"Target:      198.51.100.20, port 22/tcp\n"
	"Compromise:  no; our log shows none\n"
	"\n"
	"Good day,\n"
	"\n"
	"My name is Maria Keller. You are listed as the abuse contact.\n"
	"Addresses can be forged; I do not blame your staff.\n"
	"Could you look into it? You may pass this on.\n"
	"\n"
	"All times are UTC (+0000).\n"
	"2026-11-21 02:14:07 +0000 | Nov 20 21:14:07 web1 sshd[1]: Failed\n"
	"\n"
	"No reply is expected. For no more\nreports, answer \"stop\". Thank you.\n";

static struct lint_findings lint(const char *memo)
{
	struct lint_findings findings = { 0 };

	memo_lint(lint_new(arena), arena, slice_of(memo), &findings);
	return findings;
}

static size_t line_of(const struct lint_findings *findings, const char *rule)
{
	for (size_t i = 0; i < findings->count; i++)
		if (slice_equal(findings->at[i].rule, slice_of(rule)))
			return findings->at[i].line + 1;
	return 0;
}

static void a_good_memo_is_good(void)
{
	struct lint_findings findings = lint(GOOD);

	for (size_t i = 0; i < findings.count; i++)
		CHECK_SLICE(findings.at[i].text, S(""));
	CHECK_INT(findings.count, 0);
}

/* Each element taken away is missed. */
static void misses_each_element(void)
{
	static const struct {
		const char *gone, *rule;
		size_t found;
	} rows[] = {
		{ "Good day,", "greeting", 1 },
		{ "My name is Maria Keller. ", "who", 1 },
		{ "listed as the abuse contact", "listed", 1 },
		{ "Target:      198.51.100.20, port 22/tcp\n", "target", 1 },
		{ "Compromise:  no; our log shows none\n", "compromise", 1 },
		{ "Addresses can be forged; ", "forged", 1 },
		{ "I do not blame your staff.", "staff", 1 },
		{ "Could you look into it? ", "request", 1 },
		{ "You may pass this on.", "pass-on", 1 },
		{ "No reply is expected. ", "acknowledgement", 1 },
		{ "For no more\nreports, answer \"stop\".", "how-to-stop", 1 },
		{ "Thank you.", "thanks", 1 },
		{ "2026-11-21 02:14:07 +0000 | Nov 20 21:14:07 web1 sshd[1]: Failed\n",
		  "evidence", 2 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ptrdiff_t at = slice_find(slice_of(GOOD), slice_of(rows[i].gone));
		struct slice good = slice_of(GOOD);
		struct slice behind;
		struct lint_findings findings;

		if (!CHECK(at >= 0))
			continue;
		behind = slice_from(good, (size_t)at + slice_of(rows[i].gone).len);
		findings = lint(arena_printf(arena, SLICE_FMT SLICE_FMT, (int)at,
					     good.at, SLICE_ARG(behind))
					.at);
		if (!CHECK_INT(line_of(&findings, rows[i].rule), 1))
			CHECK_TEXT(rows[i].rule, "");
		CHECK_INT(findings.count, rows[i].found);
	}
}

static void finds_what_hurts(void)
{
	static const struct {
		const char *line, *rule;
	} rows[] = {
		{ "We will take legal action.", "legal" },
		{ "My lawyers know.", "legal" },
		{ "I informed the police and CERT.", "authority" },
		{ "Answer within 24 hours", "ultimatum" },
		{ "You must stop it", "demand" },
		{ "Stop it or we will block you", "threat" },
		{ "We will retaliate.", "retaliation" },
		{ "Are you idiots?", "insult" },
		{ "A hacker in your network", "accusation" },
		{ "Your employees attack us", "accusation" },
		{ "You are on a blacklist", "block-list" },
		{ "Powered by some program", "advertising" },
		{ "Even my nephew manages that, so one wonders who works there",
		  "tone" },
		{ "STOP THIS RIGHT NOW OR REGRET IT", "shouting" },
		{ "My name is [your name]", "placeholder" },
		{ "Phone 555-5987", "zone" },
		{ "Phone +4930 1234", "zone" },
		{ "Phone 555-0143", "zone" },
		{ "Target 10.0.0.5 was hit", "private-address" },
		{ "Nov 20 21:14:07 web1 sshd[1]: Failed", "year" },
		{ "aaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
		  "aaaaaaaaaaaaa",
		  "width" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct lint_findings findings =
			lint(arena_printf(arena, "%s%s\n", GOOD, rows[i].line).at);

		if (!CHECK_INT(line_of(&findings, rows[i].rule), 17))
			CHECK_TEXT(rows[i].line, rows[i].rule);
	}
}

static void spares_what_does_not(void)
{
	static const char *const rows[] = {
		"Its name, hacker-1.example, suggests nothing.",
		"Its name, host-1234.police.example, is a name.",
		"Zone: US Eastern (GMT-0500)",
		"at 02:14:07 +0200 it was",
		"certain, concerted",
		"Target: gate (inside address 10.0.0.5, behind NAT)",
		"Fingerprint: 1A2B 3C4D 5E6F 7081 92A3  B4C5 D6E7 F809 1A2B 3C4D",
		"2026-11-21 02:14:07 +0000 | x sshd: you must die hacker 10.0.0.5-1234",
		"Phone +49 30 1234 5987",
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct lint_findings findings =
			lint(arena_printf(arena, "%s%s\n", GOOD, rows[i]).at);

		if (!CHECK_INT(findings.count, 0))
			CHECK_SLICE(findings.at[0].text, slice_of(rows[i]));
	}
}

static void a_time_needs_a_zone(void)
{
	struct lint_findings findings = lint("It was at 02:14:07.\n");

	CHECK_INT(line_of(&findings, "zone"), 2);
	findings = lint("It was at 02:14:07 +0000.\n");
	CHECK_INT(line_of(&findings, "zone"), 0);
	findings = lint("All times\nare UTC (+0000). It was at\n02:14:07.\n");
	CHECK_INT(line_of(&findings, "zone"), 0);
}

static void findings_are_capped(void)
{
	struct slice memo = S("you must\n");

	for (int i = 0; i < 8; i++)
		memo = arena_printf(arena, SLICE_FMT SLICE_FMT, SLICE_ARG(memo),
				    SLICE_ARG(memo));
	CHECK_INT(lint(memo.at).count, 100);
	CHECK(lint("").count > 10);
}

int main(void)
{
	int failed;

	arena = arena_new();
	failed = CHECK_RUN(TEST(a_good_memo_is_good), TEST(misses_each_element),
			   TEST(finds_what_hurts), TEST(spares_what_does_not),
			   TEST(a_time_needs_a_zone), TEST(findings_are_capped));
	arena_free(arena);
	return failed;
}
