#include "event/filter.h"
#include "event/matcher.h"
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATTERNS_MAX = 8, LINES_MAX = 12 };

/* A rule by hand. */
struct made {
	const char *name, *prefregex;
	const char *failregex[PATTERNS_MAX], *ignoreregex[PATTERNS_MAX];
	const char *datepattern;
	unsigned maxlines;
	bool names, datagram, success, no_act;
};

static struct slices patterns(struct arena *arena, const char *const *from)
{
	struct slices all = { 0 };

	for (size_t i = 0; i < PATTERNS_MAX && from[i] != NULL; i++)
		*LIST_ADD(arena, &all) = slice_of(from[i]);
	return all;
}

static struct filter filter_of(struct arena *arena, const struct made *made)
{
	return (struct filter){
		.name = slice_of(made->name),
		.path = S("made.conf"),
		.prefregex = slice_of(made->prefregex),
		.failregex = patterns(arena, made->failregex),
		.ignoreregex = patterns(arena, made->ignoreregex),
		.datepattern = slice_of(made->datepattern),
		.maxlines = made->maxlines ? made->maxlines : 1,
		.has_report = true,
		.report = { .category = CATEGORY_LOGIN_ATTACK,
			    .service = S("ssh"),
			    .port = 22,
			    .protocol = PROTOCOL_TCP,
			    .handshake = !made->datagram,
			    .outcome =
				    made->success ? OUTCOME_SUCCESS : OUTCOME_ATTEMPT },
		.source_may_be_name = made->names,
		.no_act = made->no_act,
	};
}

struct bench {
	struct arena *arena;
	struct zone *zone;
	struct rules *rules;
	struct matcher *matcher;
	uint64_t number;
};

static struct bench bench_new(const struct made *made, size_t count)
{
	struct bench bench = { .arena = arena_new() };
	struct filter *filters = ARENA_ARRAY(bench.arena, struct filter, count);
	struct matcher_options options = { 0 };
	struct error err = { 0 };

	for (size_t i = 0; i < count; i++)
		filters[i] = filter_of(bench.arena, &made[i]);
	bench.zone = zone_open(S("UTC"), &err);
	bench.rules = rules_new(filters, count, &err);
	CHECK_TEXT(err.text, "");
	options.zone = bench.zone;
	CHECK_INT(time_parse(S("2026-11-22T00:00:00Z"), &options.written_at), 0);
	if (bench.rules != NULL)
		bench.matcher = matcher_new(bench.rules, &options);
	return bench;
}

static void bench_free(struct bench *bench)
{
	matcher_free(bench->matcher);
	rules_free(bench->rules);
	zone_free(bench->zone);
	arena_free(bench->arena);
}

static bool line_match(struct bench *bench, const char *text, struct event *event)
{
	struct line line = { .text = slice_of(text),
			     .file = S("made.log"),
			     .number = ++bench->number };

	memset(event, 0, sizeof *event);
	return matcher_line(bench->matcher, bench->arena, &line, event) == 1;
}

/* What a line gives: "", or the source, with " user" and "!" if contested. */
static struct slice line_result(struct bench *bench, const char *text)
{
	struct event event;
	struct slice source;

	if (!line_match(bench, text, &event))
		return S("");
	source = event.source_name;
	if (event.source.family != FAMILY_NONE)
		source = slice_of(address_format(&event.source).text);
	return arena_printf(bench->arena, SLICE_FMT "%s" SLICE_FMT "%s",
			    SLICE_ARG(source), event.user.len ? " " : "",
			    SLICE_ARG(event.user), event.contested ? "!" : "");
}

struct row {
	const char *line, *result;
};

static void rows_check(const struct made *made, size_t count, const struct row *rows,
		       size_t row_count)
{
	struct bench bench = bench_new(made, count);

	for (size_t i = 0; bench.matcher != NULL && i < row_count; i++) {
		if (!CHECK_SLICE(line_result(&bench, rows[i].line),
				 slice_of(rows[i].result)))
			CHECK_TEXT(rows[i].line, "(the line of the check above)");
	}
	bench_free(&bench);
}

#define ROWS_CHECK(made, rows) rows_check((made), 1, (rows), COUNT_OF(rows))

static void finds_the_source_and_the_user(void)
{
	static const struct made made = {
		.name = "made",
		.failregex = { "^ \\S+ sshd\\[\\d+\\]: Failed password for "
			       "<F-USER>\\S+</F-USER> from <HOST> port \\d+$" },
	};
	static const struct row rows[] = {
		{ "Nov 20 10:00:01 srv sshd[1]: Failed password for root from 192.0.2.9 "
		  "port 4",
		  "192.0.2.9 root" },
		{ "Nov 20 10:00:01 srv sshd[1]: Failed password for root from "
		  "2001:DB8::0:1 port 4",
		  "2001:db8::1 root" },
		{ "Nov 20 10:00:01 srv sshd[1]: Failed password for root from "
		  "::ffff:192.0.2.9 port 4",
		  "192.0.2.9 root" },
		{ "Nov 20 10:00:01 srv sshd[1]: Failed password for J\xc3\xb6 from "
		  "192.0.2.9 port 4",
		  "192.0.2.9 J\xc3\xb6" },
		{ "Nov 20 10:00:01 srv sshd[1]: Failed password for \xff from 192.0.2.9 "
		  "port 4",
		  "192.0.2.9 \xef\xbf\xbd" },
		{ "Nov 20 10:00:01 srv sshd[1]: Failed password for a from 198.51.100.66 "
		  "port 22 from 192.0.2.9 port 4",
		  "" },
		{ "Nov 20 10:00:01 srv sshd[1]: Accepted password for root", "" },
		{ "", "" },
	};

	ROWS_CHECK(&made, rows);
}

static void fills_the_event(void)
{
	static const struct made made = {
		.name = "made",
		.failregex = { "IN=\\S* SRC=<HOST> DST=<F-TARGET>\\S+</F-TARGET> "
			       "PROTO=<F-PROTOCOL>\\S+</F-PROTOCOL> "
			       "SPT=<F-PORT>\\d+</F-PORT> "
			       "DPT=<F-TARGET_PORT>\\d+</F-TARGET_PORT>" },
		.datagram = true,
	};
	struct bench bench = bench_new(&made, 1);
	struct event event;

	CHECK(line_match(&bench,
			 "Nov 20 10:00:01 gate kernel: IN=eth0 SRC=192.0.2.9 "
			 "DST=198.51.100.7 PROTO=UDP SPT=4000 DPT=161",
			 &event));
	CHECK_TEXT(time_format(event.at, TIME_RFC3339).text, "2026-11-20T10:00:01Z");
	CHECK_INT(event.time_basis, TIME_BASIS_YEAR);
	CHECK_INT(event.source_port, 4000);
	CHECK_TEXT(address_format(&event.target).text, "198.51.100.7");
	CHECK_INT(event.target_port, 161);
	CHECK_INT(event.protocol, PROTOCOL_UDP);
	CHECK_SLICE(event.target_host, S("gate"));
	CHECK_SLICE(event.service, S("ssh"));
	CHECK_SLICE(event.rule, S("made"));
	CHECK_INT(event.category, CATEGORY_LOGIN_ATTACK);
	CHECK_INT(event.certainty, CERTAINTY_DATAGRAM);
	CHECK_INT(event.outcome, OUTCOME_ATTEMPT);
	CHECK_INT(event.count, 1);
	CHECK_INT(event.line.number, 1);
	bench_free(&bench);
}

static void takes_a_name_only_where_the_rule_allows(void)
{
	static const struct made made = { .name = "made",
					  .failregex = { "refused from <HOST>$" } };
	static const struct made named = { .name = "named",
					   .failregex = { "refused from <HOST>$" },
					   .names = true };
	static const char line[] =
		"Nov 20 10:00:01 srv ftpd[1]: refused from a.example";
	struct bench bench = bench_new(&made, 1);
	struct event event;

	CHECK(!line_match(&bench, line, &event));
	bench_free(&bench);
	bench = bench_new(&named, 1);
	CHECK(line_match(&bench, line, &event));
	CHECK_SLICE(event.source_name, S("a.example"));
	CHECK_INT(event.source.family, FAMILY_NONE);
	CHECK_INT(event.certainty, CERTAINTY_NAME);
	CHECK(line_match(&bench, "Nov 20 10:00:01 srv ftpd[1]: refused from 192.0.2.9",
			 &event));
	CHECK_INT(event.certainty, CERTAINTY_CONNECTION);
	CHECK_INT(event.source_name.len, 0);
	bench_free(&bench);
}

static void refuses_what_is_no_address(void)
{
	static const struct made made = { .name = "made",
					  .failregex = { "refused from <HOST>$" },
					  .names = true };
	static const char *const rows[] = {
		"Nov 20 10:00:01 srv ftpd[1]: refused from 999.999.999.999",
		"Nov 20 10:00:01 srv ftpd[1]: refused from 1.2.3.456",
		"Nov 20 10:00:01 srv ftpd[1]: refused from 010.8.8.8",
		"Nov 20 10:00:01 srv ftpd[1]: refused from 1:2:3:4:5:6:7:8:9",
		"Nov 20 10:00:01 srv ftpd[1]: refused from 134744072",
		"Nov 20 10:00:01 srv ftpd[1]: refused from b\xc3\xb6se.example",
	};
	struct bench bench = bench_new(&made, 1);

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_SLICE(line_result(&bench, rows[i]), S(""));
	CHECK_INT(matcher_counts(bench.matcher).bad_address, 5);
	bench_free(&bench);
}

static void an_id_that_is_no_address_gives_way(void)
{
	static const struct made made = {
		.name = "made",
		.failregex = { "id=<F-ID>\\S+</F-ID>(?: from <ADDR>)?$" },
	};
	static const struct row rows[] = {
		{ "Nov 20 10:00:01 srv x: id=bob from 192.0.2.9", "192.0.2.9" },
		{ "Nov 20 10:00:01 srv x: id=192.0.2.8 from 192.0.2.9", "192.0.2.8" },
		{ "Nov 20 10:00:01 srv x: id=bob", "" },
	};

	ROWS_CHECK(&made, rows);
}

static void cuts_the_date_out_first(void)
{
	static const struct made made = {
		.name = "made",
		.failregex = { "^<HOST> \\S+ \\S+ \\[\\] \"GET /etc/passwd\" 40[34]$" },
		.datepattern = "^[^\\[]*\\[({DATE})",
	};
	static const struct row rows[] = {
		{ "192.0.2.9 - - [20/Nov/2026:10:00:01 +0000] \"GET /etc/passwd\" 404",
		  "192.0.2.9" },
		{ "192.0.2.9 - - [] \"GET /etc/passwd\" 404", "192.0.2.9" },
	};

	ROWS_CHECK(&made, rows);
}

/* "sshd" stands in the line only once the date between its halves is gone. */
static void no_date_pattern_hides_a_line_from_the_gate(void)
{
	static const char *const patterns[] = { "(\\[%Y-%m-%d %H:%M:%S\\])",
						"**%Y-%m-%d %H:%M:%S**",
						"{UNB}%Y-%m-%d %H:%M:%S" };
	static const char *const lines[] = { "ss[2026-11-20 10:00:01]hd 192.0.2.9",
					     "ss2026-11-20 10:00:01hd 192.0.2.9",
					     "ss2026-11-20 10:00:01hd 192.0.2.9" };

	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		struct made made = { .name = "made",
				     .failregex = { "^sshd <HOST>$" },
				     .datepattern = patterns[i] };
		struct row row = { lines[i], "192.0.2.9" };

		rows_check(&made, 1, &row, 1);
	}
}

static void the_prefix_hands_on_its_content(void)
{
	static const struct made made = {
		.name = "made",
		.prefregex = "^\\s*\\S+ sshd\\[\\d+\\]: <F-CONTENT>.+</F-CONTENT>$",
		.failregex = { "^Bad <HOST>$",
			       "^Worse for <F-USER>.*</F-USER> <HOST>$" },
		.ignoreregex = { "192\\.0\\.2\\.77" },
	};
	static const struct row rows[] = {
		{ "Nov 20 10:00:01 srv sshd[1]: Bad 192.0.2.9", "192.0.2.9" },
		{ "Nov 20 10:00:01 srv sshd[1]: Worse for bob 192.0.2.9",
		  "192.0.2.9 bob" },
		{ "Nov 20 10:00:01 srv sshd[1]: Bad 192.0.2.77", "" },
		{ "Nov 20 10:00:01 srv ftpd[1]: Bad 192.0.2.9", "" },
		{ "Nov 20 10:00:01 srv sshd[1]: very Bad 192.0.2.9", "" },
	};

	ROWS_CHECK(&made, rows);
}

/* Each with what it must find, and the same line with " late" behind what stands there. */
static void a_content_begins_as_its_words_do(void)
{
	static const struct {
		const char *content, *line;
		bool ends; /* it need not go on behind the words */
	} contents[] = {
		{ "Bad .+", "Bad 192.0.2.9", false },
		{ "(?:Bad|Worse) .+", "Worse 192.0.2.9", false },
		{ "Bad [|)(] .+", "Bad ( 192.0.2.9", false },
		{ "Good|Bad .+", "Good 192.0.2.9", true },
		{ "Bad [](]|Good|[])] .+", "Good 192.0.2.9", true },
		{ "(?:Good 192.0.2.9|Bad .+)", "Good 192.0.2.9", true },
		{ "Good 192.0.2.9\\.+", "Good 192.0.2.9.", true },
	};

	for (size_t i = 0; i < COUNT_OF(contents); i++) {
		char prefix[200], line[200];
		struct made made = {
			.name = "made",
			.prefregex = prefix,
			.failregex = { "^(?:Good|Bad|Worse) (?:\\S )?<HOST>\\.?(?: late)?$" },
		};
		struct row row = { line, contents[i].ends ? "" : "192.0.2.9" };

		snprintf(prefix, sizeof prefix, "^ sshd: <F-CONTENT>%s</F-CONTENT>$",
			 contents[i].content);
		snprintf(line, sizeof line, "Nov 20 10:00:01 sshd: %s late",
			 contents[i].line);
		rows_check(&made, 1, &row, 1);
	}
}

/* fail2ban's MLFID: a connection tells its story in several lines. */
static const struct made SESSION_RULE = {
	.name = "made",
	.prefregex = "^<F-MLFID> \\S+ sshd\\[\\d+\\]: </F-MLFID><F-CONTENT>.+</F-CONTENT>$",
	.failregex = {
		"^Failed for <F-USER>\\S+</F-USER> from <HOST>$",
		"^<F-NOFAIL>Key refused</F-NOFAIL> for <F-USER>\\S+</F-USER> from <HOST>$",
		"^<F-MLFGAINED>Accepted</F-MLFGAINED> for <F-USER>\\S+</F-USER> from <HOST>$",
		"^<F-NOFAIL>Connection</F-NOFAIL> from <HOST>$",
		"^Bad packet$",
		"^<F-MLFFORGET><F-NOFAIL>Closed</F-NOFAIL></F-MLFFORGET>$",
		"^<F-MLFFORGET>Broken</F-MLFFORGET>$",
	},
};

static void follows_a_connection(void)
{
	static const struct row rows[] = {
		/* The address is told first, the failure later. */
		{ "Nov 20 10:00:01 srv sshd[1]: Connection from 192.0.2.1", "" },
		{ "Nov 20 10:00:02 srv sshd[1]: Bad packet", "192.0.2.1" },
		{ "Nov 20 10:00:03 srv sshd[2]: Bad packet", "" },
		/* The failure first, the address later. */
		{ "Nov 20 10:00:04 srv sshd[2]: Connection from 192.0.2.2",
		  "192.0.2.2" },
		{ "Nov 20 10:00:05 srv sshd[2]: Closed", "" },
		{ "Nov 20 10:00:06 srv sshd[2]: Bad packet", "" },
		/* One key of several is no failure, another name is. */
		{ "Nov 20 10:00:07 srv sshd[3]: Key refused for ann from 192.0.2.3",
		  "" },
		{ "Nov 20 10:00:08 srv sshd[3]: Key refused for ann from 192.0.2.3",
		  "" },
		{ "Nov 20 10:00:09 srv sshd[3]: Key refused for bob from 192.0.2.3",
		  "192.0.2.3 bob" },
		{ "Nov 20 10:00:10 srv sshd[3]: Accepted for bob from 192.0.2.3",
		  "192.0.2.3 bob" },
		/* A login clears what waits. */
		{ "Nov 20 10:00:11 srv sshd[4]: Bad packet", "" },
		{ "Nov 20 10:00:12 srv sshd[4]: Accepted for ann from 192.0.2.4", "" },
		{ "Nov 20 10:00:13 srv sshd[4]: Broken", "192.0.2.4 ann" },
		{ "Nov 20 10:00:14 srv sshd[4]: Broken", "" },
		/* After five minutes of the log's time all is forgotten. */
		{ "Nov 20 10:00:15 srv sshd[5]: Connection from 192.0.2.5", "" },
		{ "Nov 20 10:05:15 srv sshd[5]: Bad packet", "192.0.2.5" },
		{ "Nov 20 10:05:16 srv sshd[5]: Bad packet", "" },
	};

	ROWS_CHECK(&SESSION_RULE, rows);
}

static void forgets_the_oldest_of_a_hundred(void)
{
	struct bench bench = bench_new(&SESSION_RULE, 1);

	for (int i = 0; i <= 100; i++) {
		struct slice line = arena_printf(
			bench.arena,
			"Nov 20 10:00:01 srv sshd[%d]: Connection from 192.0.2.%d",
			1000 + i, i + 1);

		CHECK_SLICE(line_result(&bench, arena_cstr(bench.arena, line)), S(""));
	}
	CHECK_SLICE(line_result(&bench, "Nov 20 10:00:02 srv sshd[1001]: Bad packet"),
		    S("192.0.2.2"));
	CHECK_SLICE(line_result(&bench, "Nov 20 10:00:02 srv sshd[1000]: Bad packet"),
		    S(""));
	bench_free(&bench);
}

static void looks_over_several_lines(void)
{
	static const struct made made = {
		.name = "made",
		.failregex = { "^ id=(?P<__id>\\d+) from <HOST>$<SKIPLINES>"
			       "^ id=(?P=__id) failed" },
		.maxlines = 4,
	};
	static const struct row rows[] = {
		{ "2026-11-20 10:00:01 id=1 from 192.0.2.1", "" },
		{ "2026-11-20 10:00:02 id=2 from 192.0.2.2", "" },
		{ "2026-11-20 10:00:03 id=1 failed", "192.0.2.1" },
		{ "2026-11-20 10:00:04 id=2 failed J\xc3\xb6", "192.0.2.2" },
		{ "2026-11-20 10:00:05 id=2 failed", "" },
		{ "2026-11-20 10:00:06 id=3 from 192.0.2.3", "" },
		{ "2026-11-20 10:00:07 a", "" },
		{ "2026-11-20 10:00:08 b", "" },
		{ "2026-11-20 10:00:09 c", "" },
		{ "2026-11-20 10:00:10 id=3 failed", "" },
	};

	ROWS_CHECK(&made, rows);
}

/* Other lines of the window are not asked, and '^' is where the matched ones begin. */
static void ignores_by_the_lines_that_matched(void)
{
	static const struct made made = {
		.name = "made",
		.failregex = { "^ id=(?P<__id>\\d+) from <HOST>$<SKIPLINES>"
			       "^ id=(?P=__id) failed" },
		.ignoreregex = { "known", "^ id=\\d+ failed" },
		.maxlines = 4,
	};
	static const struct row rows[] = {
		{ "2026-11-20 10:00:01 known", "" },
		{ "2026-11-20 10:00:02 id=2 from 192.0.2.2", "" },
		{ "2026-11-20 10:00:03 known", "" },
		{ "2026-11-20 10:00:04 id=2 failed", "192.0.2.2" },
		{ "2026-11-20 10:00:05 id=3 from 192.0.2.3", "" },
		{ "2026-11-20 10:00:06 id=3 failed, known", "" },
	};

	ROWS_CHECK(&made, rows);
}

static void a_network_is_no_source_of_a_session(void)
{
	static const struct made made = {
		.name = "made",
		.prefregex = "^<F-MLFID> \\S+ x\\[\\d+\\]</F-MLFID>: "
			     "<F-CONTENT>.+</F-CONTENT>$",
		.failregex = { "^from <SUBNET>$", "^failed$" },
	};
	static const struct row rows[] = {
		{ "Nov 20 10:00:01 srv x[1]: from 192.0.2.0/24", "" },
		{ "Nov 20 10:00:01 srv x[1]: failed", "" },
		{ "Nov 20 10:00:01 srv x[2]: from 192.0.2.2", "192.0.2.2" },
		{ "Nov 20 10:00:01 srv x[2]: failed", "192.0.2.2" },
	};

	ROWS_CHECK(&made, rows);
}

static void two_rules_that_differ_contest_the_line(void)
{
	static const struct made made[] = {
		{ .name = "b", .failregex = { "last <HOST>$" } },
		{ .name = "a", .failregex = { "first <HOST>" } },
		{ .name = "c", .failregex = { "never <HOST>" }, .no_act = true },
	};
	static const struct row rows[] = {
		{ "Nov 20 10:00:01 srv x: first 192.0.2.1 last 192.0.2.1",
		  "192.0.2.1" },
		{ "Nov 20 10:00:01 srv x: first 192.0.2.1 last 192.0.2.2",
		  "192.0.2.1!" },
		{ "Nov 20 10:00:01 srv x: last 192.0.2.2", "192.0.2.2" },
		{ "Nov 20 10:00:01 srv x: never 192.0.2.2", "" },
	};

	rows_check(made, COUNT_OF(made), rows, COUNT_OF(rows));
}

static void a_line_without_a_date_takes_the_last_one(void)
{
	static const struct made made = { .name = "made",
					  .failregex = { "refused from <HOST>$" } };
	struct bench bench = bench_new(&made, 1);
	struct event event;

	CHECK(!line_match(&bench, "ftpd: refused from 192.0.2.9", &event));
	CHECK_INT(matcher_counts(bench.matcher).undated, 1);
	CHECK(!line_match(&bench, "Nov 20 10:00:01 srv x: something else", &event));
	CHECK(line_match(&bench, "ftpd: refused from 192.0.2.9", &event));
	CHECK_INT(event.time_basis, TIME_BASIS_PREVIOUS);
	CHECK_TEXT(time_format(event.at, TIME_RFC3339).text, "2026-11-20T10:00:01Z");
	bench_free(&bench);
}

static void a_match_that_gives_up_names_nobody(void)
{
	static const struct made made = {
		.name = "made",
		.failregex = { "evil (a|aa)+ from <HOST>$", "from <HOST>$" },
	};
	struct bench bench = bench_new(&made, 1);

	CHECK_SLICE(line_result(&bench,
				"Nov 20 10:00:01 s x: evil "
				"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				"b from 192.0.2.9"),
		    S(""));
	CHECK_INT(matcher_counts(bench.matcher).limited, 1);
	CHECK_SLICE(line_result(&bench, "Nov 20 10:00:01 s x: from 192.0.2.9"),
		    S("192.0.2.9"));
	bench_free(&bench);
}

static const struct made STATE_RULES[] = {
	{ .name = "lines",
	  .failregex = { "^ id=(?P<__id>\\d+) from <HOST>$<SKIPLINES>^ id=(?P=__id) failed" },
	  .maxlines = 4 },
	{ .name = "session",
	  .prefregex = "^<F-MLFID> \\S+ sshd\\[\\d+\\]: </F-MLFID>"
		       "<F-CONTENT>.+</F-CONTENT>$",
	  .failregex = { "^<F-NOFAIL>Connection</F-NOFAIL> from <HOST>$",
			 "^Bad packet$" } },
};

static void state_make(struct bench *bench, struct buffer *out)
{
	*bench = bench_new(STATE_RULES, COUNT_OF(STATE_RULES));
	CHECK_SLICE(line_result(bench, "Nov 20 10:00:01 srv sshd[1]: Connection from "
				       "192.0.2.1"),
		    S(""));
	CHECK_SLICE(line_result(bench, "2026-11-20 10:00:01 id=1 from 192.0.2.2"),
		    S(""));
	buffer_init(out, 1 << 20);
	matcher_save(bench->matcher, out);
}

static void carries_its_state_over(void)
{
	struct bench before, after = bench_new(STATE_RULES, COUNT_OF(STATE_RULES));
	struct error err = { 0 };
	struct buffer state, again;

	state_make(&before, &state);
	CHECK_INT(matcher_load(after.matcher, buffer_slice(&state), &err), 0);
	CHECK_TEXT(err.text, "");
	buffer_init(&again, 1 << 20);
	matcher_save(after.matcher, &again);
	CHECK_SLICE(buffer_slice(&again), buffer_slice(&state));
	CHECK_SLICE(line_result(&after, "2026-11-20 10:00:02 id=1 failed"),
		    S("192.0.2.2"));
	CHECK_SLICE(line_result(&after, "Nov 20 10:00:03 srv sshd[1]: Bad packet"),
		    S("192.0.2.1"));
	buffer_clear(&state);
	buffer_clear(&again);
	bench_free(&before);
	bench_free(&after);
}

static void refuses_a_state_that_is_cut(void)
{
	struct bench before;
	struct buffer state;

	state_make(&before, &state);
	for (size_t len = 0; len < state.len; len += 7) {
		struct bench after = bench_new(STATE_RULES, COUNT_OF(STATE_RULES));
		struct error err = { 0 };
		bool whole = len > 0 && state.at[len - 1] == '\n';
		char *copy = malloc(len + 1);

		memcpy(copy, state.at, len);
		if (!whole)
			CHECK_INT(matcher_load(after.matcher,
					       (struct slice){ copy, len }, &err),
				  -1);
		free(copy);
		bench_free(&after);
	}
	buffer_clear(&state);
	bench_free(&before);
}

static void refuses_a_state_of_other_rules(void)
{
	struct made other[] = { STATE_RULES[0], STATE_RULES[1] };
	struct bench before, after;
	struct error err = { 0 };
	struct buffer state;

	other[1].failregex[1] = "^Worse packet$";
	state_make(&before, &state);
	after = bench_new(other, COUNT_OF(other));
	CHECK_INT(matcher_load(after.matcher, buffer_slice(&state), &err), -1);
	CHECK_INT(err.kind, ERROR_SYNTAX);
	buffer_clear(&state);
	bench_free(&before);
	bench_free(&after);
}

static void refuses_rules_that_name_no_source(void)
{
	static const struct {
		struct made made;
		const char *part;
	} rows[] = {
		{ { .name = "a", .failregex = { "no source" } }, "names no source" },
		{ { .name = "a", .failregex = { "<HOST> (" } }, "failregex" },
		{ { .name = "a", .failregex = { "<HOST>" }, .ignoreregex = { "[" } },
		  "ignoreregex" },
		{ { .name = "a", .failregex = { "<HOST>" }, .prefregex = "(" },
		  "prefregex" },
		{ { .name = "a", .failregex = { "<HOST>" }, .datepattern = "%Y(" },
		  "%Y(" },
		{ { .name = "a", .failregex = { "<HOST>" }, .maxlines = 1000 },
		  "maxlines" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct filter filter = filter_of(arena, &rows[i].made);
		struct error err = { 0 };

		CHECK(rules_new(&filter, 1, &err) == NULL);
		CHECK(strstr(err.text, rows[i].part) != NULL);
		CHECK(strstr(err.text, "made.conf") != NULL);
		arena_free(arena);
	}
}

/* What a few lines give: the number of each event's line, and "!" where contested. */
static struct slice lines_result(struct bench *bench, const char *text)
{
	struct slice bytes = slice_of(text), all = S("");
	struct input_chunk chunk = { .bytes = bytes,
				     .file = S("made.log"),
				     .line = 1,
				     .lines = slice_count_byte(bytes, '\n'),
				     .line_max_bytes = LINE_MAX_BYTES };
	struct events events = { 0 };

	matcher_chunk(bench->matcher, bench->arena, &chunk, NULL, &events);
	for (size_t i = 0; i < events.count; i++)
		all = arena_printf(bench->arena, SLICE_FMT " %llu%s", SLICE_ARG(all),
				   (unsigned long long)events.at[i].line.number,
				   events.at[i].contested ? "!" : "");
	return all;
}

/* The rules' dates leave the same text of all these lines, but for b on the 20th: there it
 * sees no "web1". That the text repeats must not hide that b finds another source.     */
static void lines_repeat_only_where_all_dates_do(void)
{
#define TEXT " web1 tells of 203.0.113.7 for 198.51.100.9\n"
	static const struct made made[] = {
		{ .name = "a", .failregex = { "^ web1 tells of <HOST> for" } },
		{ .name = "b",
		  .failregex = { "^ web1 tells of \\S+ for <HOST>$" },
		  .datepattern = "^Nov 20 %H:%M:%S web1\n^%b %d %H:%M:%S" },
	};
	static const char log[] =
		"Nov 20 10:00:00" TEXT "Nov 21 10:00:00" TEXT "Nov 20 10:00:01" TEXT
		"Nov 20 10:00:02" TEXT "Nov 21 10:00:01" TEXT "Nov 21 10:00:02" TEXT
		"Nov 20 10:00:03" TEXT "Nov 21 10:00:03" TEXT;
#undef TEXT
	struct bench bench = bench_new(made, COUNT_OF(made));

	CHECK_SLICE(lines_result(&bench, log), S(" 1 2! 3 4 5! 6! 7 8!"));
	bench_free(&bench);
}

/* Of the same text b wants a second that is a part of the date for a: what b has not of the
 * one line it may have of the other.                                                   */
static void lines_repeat_only_where_all_rules_were_asked(void)
{
#define TEXT " web1 tells of 203.0.113.7 for 198.51.100.9\n"
	static const struct made made[] = {
		{ .name = "a", .failregex = { "web1 tells of <HOST> for" } },
		{ .name = "b",
		  .failregex = { "^ 10:00:07 web1 tells of \\S+ for <HOST>$" },
		  .datepattern = "^%Y-%m-%d" },
	};
	static const char log[] = "2026-11-20 10:00:00" TEXT "2026-11-20 10:00:01" TEXT
				  "2026-11-20 10:00:02" TEXT "2026-11-20 10:00:07" TEXT;
#undef TEXT
	struct bench bench = bench_new(made, COUNT_OF(made));

	CHECK_SLICE(lines_result(&bench, log), S(" 1 2 3 4!"));
	bench_free(&bench);
}

/* What is told of lines: the number of each, its time where a date stands in it, else the
 * time that holds for it in brackets.                                                  */
struct told {
	struct bench *bench;
	struct slice dates;
};

static void date_told(void *context, const struct witness_account *account)
{
	struct told *told = context;
	struct time_text at = time_format(account->at, TIME_RFC3339);

	told->dates = arena_printf(
		told->bench->arena, SLICE_FMT "%llu %s%s%s\n", SLICE_ARG(told->dates),
		(unsigned long long)account->line->number, account->template ? "" : "(",
		account->dated ? at.text : "none", account->template ? "" : ")");
}

/* The same of events. */
static struct slice events_times(struct bench *bench, struct slice log)
{
	struct input_chunk chunk = { .bytes = log,
				     .file = S("made.log"),
				     .line = 1,
				     .lines = slice_count_byte(log, '\n'),
				     .line_max_bytes = LINE_MAX_BYTES };
	struct events events = { 0 };
	struct slice all = S("");

	matcher_chunk(bench->matcher, bench->arena, &chunk, NULL, &events);
	for (size_t i = 0; i < events.count; i++) {
		const struct event *event = &events.at[i];
		bool previous = event->time_basis == TIME_BASIS_PREVIOUS;

		all = arena_printf(
			bench->arena, SLICE_FMT "%llu %s%s%s\n", SLICE_ARG(all),
			(unsigned long long)event->line.number, previous ? "(" : "",
			time_format(event->at, TIME_RFC3339).text, previous ? ")" : "");
	}
	return all;
}

static const struct {
	const char *log, *events, *told;
} LISTENED[] = {
	/* The second form of a date stands only where no rule looks: it is shown, and the
	 * line without a date has the last one that detection knows of.               */
	{ "Nov 20 10:00:01 srv x: refused from 192.0.2.1\n"
	  "2026-11-20 11:00:00 srv x: something else\n"
	  "ftpd: something else\n"
	  "ftpd: refused from 192.0.2.9\n",
	  "1 2026-11-20T10:00:01Z\n4 (2026-11-20T10:00:01Z)\n",
	  "1 2026-11-20T10:00:01Z\n2 2026-11-20T11:00:00Z\n"
	  "3 (2026-11-20T10:00:01Z)\n4 (2026-11-20T10:00:01Z)\n" },
	/* Once a rule had to do with a line of that form, both know it. */
	{ "Nov 20 10:00:01 srv x: refused from 192.0.2.1\n"
	  "2026-11-20 11:00:00 srv x: refused from 192.0.2.2\n"
	  "2026-11-20 12:00:00 srv x: something else\n"
	  "ftpd: refused from 192.0.2.9\n",
	  "1 2026-11-20T10:00:01Z\n2 2026-11-20T11:00:00Z\n4 (2026-11-20T12:00:00Z)\n",
	  "1 2026-11-20T10:00:01Z\n2 2026-11-20T11:00:00Z\n3 2026-11-20T12:00:00Z\n"
	  "4 (2026-11-20T12:00:00Z)\n" },
	/* The first date of a log is learned wherever it stands. */
	{ "ftpd: refused from 192.0.2.9\n"
	  "2026-11-20 11:00:00 srv x: something else\n"
	  "ftpd: refused from 192.0.2.9\n",
	  "3 (2026-11-20T11:00:00Z)\n",
	  "1 (none)\n2 2026-11-20T11:00:00Z\n3 (2026-11-20T11:00:00Z)\n" },
	/* That a date stood far off in a line of no rule makes none of those in messages
	 * believed: the last line's is as the matcher finds it that saw the first alone. */
	{ "Nov 20 10:00:01 srv x: refused from 192.0.2.1\n"
	  "srv x: something that was said at 2026-11-20 08:00:00 about\n"
	  "srv x: something that was said at 2026-11-20 09:00:00 about\n"
	  "srv x: of 2026-11-20 07:00:00, refused from 192.0.2.1\n",
	  "1 2026-11-20T10:00:01Z\n4 2026-11-20T07:00:00Z\n",
	  "1 2026-11-20T10:00:01Z\n2 2026-11-20T08:00:00Z\n3 2026-11-20T09:00:00Z\n"
	  "4 2026-11-20T07:00:00Z\n" },
};

/* What the log has taught so far. */
static struct slice state_of(struct bench *bench)
{
	struct buffer state;
	struct slice copy;

	buffer_init(&state, 1 << 20);
	matcher_save(bench->matcher, &state);
	copy = arena_copy(bench->arena, buffer_slice(&state));
	buffer_clear(&state);
	return copy;
}

/* Who tests a rule is to see what it would do. */
static void who_listens_changes_no_event(void)
{
	static const struct made made = { .name = "made",
					  .failregex = { "refused from <HOST>$" } };

	for (size_t i = 0; i < COUNT_OF(LISTENED); i++) {
		struct slice log = slice_of(LISTENED[i].log);
		struct bench alone = bench_new(&made, 1), heard = bench_new(&made, 1);
		struct told told = { &heard, S("") };
		const struct witness witness = { date_told, &told };

		CHECK_SLICE(events_times(&alone, log), slice_of(LISTENED[i].events));
		matcher_tell(heard.matcher, &witness);
		CHECK_SLICE(events_times(&heard, log), slice_of(LISTENED[i].events));
		CHECK_SLICE(told.dates, slice_of(LISTENED[i].told));
		CHECK_SLICE(state_of(&heard), state_of(&alone));
		bench_free(&alone);
		bench_free(&heard);
	}
}

static void prefix_told(void *context, const struct witness_account *account)
{
	bool *prefixes = context;

	prefixes[account->rule] = account->prefix;
}

/* The first expression would reach its limit, but the line has no "qzv". Of the rule that
 * is turned away for its needs the prefix is told, and its date is not learned from.   */
static void who_listens_sees_what_is_tried(void)
{
	static const struct made made[] = {
		{ .name = "a",
		  .failregex = { "something evil and strange (a|aa)+ qzv from <HOST>$",
				 "from <HOST>$" } },
		{ .name = "b",
		  .prefregex = "something <F-CONTENT>.+</F-CONTENT>$",
		  .failregex = { "evil and strange \\S+ qzv from <HOST>$" },
		  .datepattern = "^%b %d %H:%M:%S\n^%Y-%m-%d %H:%M:%S" },
	};
	static const char *const lines[] = {
		"Nov 20 10:00:00 s x: all is well",
		"2026-11-20 10:00:01 s x: something evil and strange "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab from 192.0.2.9",
	};
	struct bench alone = bench_new(made, 2), heard = bench_new(made, 2);
	bool prefixes[2] = { false, false };
	const struct witness witness = { prefix_told, prefixes };

	matcher_tell(heard.matcher, &witness);
	CHECK_SLICE(line_result(&alone, lines[0]), S(""));
	CHECK_SLICE(line_result(&heard, lines[0]), S(""));
	CHECK_SLICE(line_result(&alone, lines[1]), S("192.0.2.9"));
	CHECK_SLICE(line_result(&heard, lines[1]), S("192.0.2.9"));
	CHECK(prefixes[1]);
	CHECK_SLICE(state_of(&heard), state_of(&alone));
	bench_free(&alone);
	bench_free(&heard);
}

/* A line loses one carriage return, and no other when it is told. */
static void a_line_loses_one_carriage_return(void)
{
	static const struct made made = { .name = "made",
					  .failregex = { "^ from <HOST>\\r$" } };
	struct bench whole = bench_new(&made, 1), lines = bench_new(&made, 1);

	CHECK_SLICE(events_times(&whole, S("Nov 20 10:00:00 from 192.0.2.1\r\r\n"
					   "Nov 20 10:00:01 from 192.0.2.2\r\n")),
		    S("1 2026-11-20T10:00:00Z\n"));
	CHECK_SLICE(line_result(&lines, "Nov 20 10:00:00 from 192.0.2.1\r"),
		    S("192.0.2.1"));
	CHECK_SLICE(line_result(&lines, "Nov 20 10:00:01 from 192.0.2.2"), S(""));
	bench_free(&whole);
	bench_free(&lines);
}

/* An empty line is one of those that a rule looks at, and is told of. */
static void an_empty_line_is_a_line(void)
{
	static const struct made made = {
		.name = "made",
		.failregex = { "^ from <HOST>$<SKIPLINES>^ failed" },
		.maxlines = 3,
	};
	static const char log[] = "Nov 20 10:00:00 from 192.0.2.1\n"
				  "\n"
				  "\n"
				  "Nov 20 10:00:01 failed\n"
				  "Nov 20 10:00:02 from 192.0.2.2\n"
				  "\n"
				  "Nov 20 10:00:03 failed\n";
	struct bench whole = bench_new(&made, 1), lines = bench_new(&made, 1);
	struct slice rest = slice_of(log), line, found = S("");
	struct told told = { &lines, S("") };
	const struct witness witness = { date_told, &told };

	matcher_tell(lines.matcher, &witness);
	CHECK_SLICE(events_times(&whole, slice_of(log)), S("7 2026-11-20T10:00:03Z\n"));
	while (rest.len > 0 && slice_next(&rest, '\n', &line)) {
		struct slice result =
			line_result(&lines, arena_cstr(lines.arena, line));

		found = arena_printf(lines.arena, SLICE_FMT SLICE_FMT ";",
				     SLICE_ARG(found), SLICE_ARG(result));
	}
	CHECK_SLICE(found, S(";;;;;;192.0.2.2;"));
	CHECK_SLICE(told.dates, S("1 2026-11-20T10:00:00Z\n2 (2026-11-20T10:00:00Z)\n"
				  "3 (2026-11-20T10:00:00Z)\n4 2026-11-20T10:00:01Z\n"
				  "5 2026-11-20T10:00:02Z\n6 (2026-11-20T10:00:02Z)\n"
				  "7 2026-11-20T10:00:03Z\n"));
	bench_free(&whole);
	bench_free(&lines);
}

/* A day that is none, and in the message a date that is one. */
#define NO_DAY "2026-02-30 10:00:00 srv x: at Nov 20 09:00:00 refused from 192.0.2.1\n"

/* Wherever a chunk begins: what the line behind it teaches comes too late for the first. */
static void a_line_teaches_those_behind_it(void)
{
	static const struct made made = { .name = "made",
					  .failregex = { "refused from <HOST>$" } };
	struct bench whole = bench_new(&made, 1), cut = bench_new(&made, 1);
	const char *teaches = "srv x: something else was said at Nov 20 10:00:00\n";

	CHECK_SLICE(events_times(&whole, arena_printf(whole.arena, "%s%s%s", NO_DAY,
						      teaches, NO_DAY)),
		    S("3 2026-11-20T09:00:00Z\n"));
	CHECK_SLICE(line_result(&cut, NO_DAY), S(""));
	CHECK_SLICE(line_result(&cut, teaches), S(""));
	CHECK_SLICE(line_result(&cut, NO_DAY), S("192.0.2.1"));
	bench_free(&whole);
	bench_free(&cut);
}

static void a_line_too_long_has_no_date(void)
{
	static const struct made made = { .name = "made",
					  .failregex = { "refused from <HOST>$" } };
	struct bench bench = bench_new(&made, 1);
	char *filler = ARENA_ARRAY(bench.arena, char, LINE_MAX_BYTES + 1);

	memset(filler, 'x', LINE_MAX_BYTES);
	filler[LINE_MAX_BYTES] = '\0';
	CHECK_SLICE(events_times(&bench, arena_printf(bench.arena,
						      "Nov 20 10:00:00 srv x: begins\n"
						      "Nov 20 11:00:00 srv x: %s\n"
						      "ftpd: refused from 192.0.2.1\n",
						      filler)),
		    S("3 (2026-11-20T10:00:00Z)\n"));
	bench_free(&bench);
}

int main(void)
{
	return CHECK_RUN(
		TEST(finds_the_source_and_the_user), TEST(fills_the_event),
		TEST(takes_a_name_only_where_the_rule_allows),
		TEST(refuses_what_is_no_address),
		TEST(an_id_that_is_no_address_gives_way), TEST(cuts_the_date_out_first),
		TEST(no_date_pattern_hides_a_line_from_the_gate),
		TEST(the_prefix_hands_on_its_content),
		TEST(a_content_begins_as_its_words_do), TEST(follows_a_connection),
		TEST(forgets_the_oldest_of_a_hundred), TEST(looks_over_several_lines),
		TEST(ignores_by_the_lines_that_matched),
		TEST(a_network_is_no_source_of_a_session),
		TEST(two_rules_that_differ_contest_the_line),
		TEST(a_line_without_a_date_takes_the_last_one),
		TEST(a_match_that_gives_up_names_nobody), TEST(carries_its_state_over),
		TEST(refuses_a_state_that_is_cut), TEST(refuses_a_state_of_other_rules),
		TEST(refuses_rules_that_name_no_source),
		TEST(lines_repeat_only_where_all_dates_do),
		TEST(who_listens_changes_no_event),
		TEST(lines_repeat_only_where_all_rules_were_asked),
		TEST(who_listens_sees_what_is_tried), TEST(an_empty_line_is_a_line),
		TEST(a_line_loses_one_carriage_return),
		TEST(a_line_teaches_those_behind_it),
		TEST(a_line_too_long_has_no_date));
}
