#include "event/stamp.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

static struct zone *zone;

static int64_t instant(const char *text)
{
	int64_t at = 0;

	CHECK_INT(time_parse(slice_of(text), &at), 0);
	return at;
}

struct bench {
	struct stamp_set *set;
	struct stamp_finder *finder;
	struct expression_scratch *scratch;
};

static struct bench bench_new(const char *pattern, const char *written_at)
{
	struct error err = { 0 };
	struct stamp_context context = { zone, instant(written_at) };
	struct bench bench = { .set = stamp_set_new(slice_of(pattern), &err) };

	CHECK_TEXT(err.text, "");
	if (bench.set != NULL)
		bench.finder = stamp_finder_new(bench.set, &context);
	bench.scratch = expression_scratch_new();
	return bench;
}

static void bench_free(struct bench *bench)
{
	stamp_finder_free(bench->finder);
	stamp_set_free(bench->set);
	expression_scratch_free(bench->scratch);
}

/* "" none; "-" no instant; else the instant, "|" and the line without its date. */
static void stamp_check(struct bench *bench, const char *line, const char *at,
			const char *rest)
{
	struct slice text = slice_of(line);
	struct stamp stamp = { 0 };
	enum stamp_result result = stamp_find(bench->finder, bench->scratch, text,
					      expression_is_ascii(text), &stamp);
	struct arena *arena = arena_new();
	const char *got = result == STAMP_FOUND
				  ? time_format(stamp.at, TIME_RFC3339).text
			  : result == STAMP_NONE ? ""
						 : "-";

	if (!CHECK_SLICE(slice_of(got), slice_of(at)))
		CHECK_TEXT(line, "(the line of the check above)");
	CHECK_SLICE(arena_printf(arena, SLICE_FMT SLICE_FMT,
				 SLICE_ARG(slice_cut(text, 0, stamp.start)),
				 SLICE_ARG(slice_from(text, stamp.end))),
		    slice_of(rest));
	arena_free(arena);
}

/* Each in a fresh log. The zone is one hour east of UTC in winter, two in summer. */
static void knows_the_usual_shapes(void)
{
	static const struct {
		const char *line, *at, *rest;
	} rows[] = {
		{ "2026-01-23T21:59:59.981746+01:00 x", "2026-01-23T20:59:59.981746Z",
		  " x" },
		{ "2026-01-23 21:59:59 x", "2026-01-23T20:59:59Z", " x" },
		{ "2026/01/23 21:59:59 x", "2026-01-23T20:59:59Z", " x" },
		{ "2026.01.23  1:59:59,5 x", "2026-01-23T00:59:59.500000Z", " x" },
		{ "2026-01-23T21:59:59Z x", "2026-01-23T21:59:59Z", " x" },
		{ "Jan 23 21:59:59 host x", "2026-01-23T20:59:59Z", " host x" },
		{ "jan  3  1:59:59 host x", "2026-01-03T00:59:59Z", " host x" },
		{ "Sun Jan 23 21:59:59.011 2005 x", "2005-01-23T20:59:59.011000Z",
		  " x" },
		{ "Sun Jan 23 2005 21:59:59 x", "2005-01-23T20:59:59Z", " x" },
		{ "23/01/2005 21:59:59 x", "2005-01-23T20:59:59Z", " x" },
		{ "17-07-08 17:23:25 x", "2008-07-17T15:23:25Z", " x" },
		{ "192.0.2.9 - - [31/Oct/2025:09:22:55 -0500] \"GET\"",
		  "2025-10-31T14:22:55Z", "192.0.2.9 - - [] \"GET\"" },
		{ "26-Jul-2007 15:20:52.252 x", "2007-07-26T13:20:52.252000Z", " x" },
		{ "05/20/2008:01:57:39 x", "2008-05-19T23:57:39Z", " x" },
		{ "01-27-2012 16:22:44.252 x", "2012-01-27T15:22:44.252000Z", " x" },
		{ "1138049999 x", "2006-01-23T20:59:59Z", " x" },
		{ "[1138049999] x", "2006-01-23T20:59:59Z", "[] x" },
		{ "type=X msg=audit(1138049999.123:45): x", "2006-01-23T20:59:59Z",
		  "type=X msg=audit(:45): x" },
		{ "<09/16/08@05:03:30> x", "2008-09-16T03:03:30Z", " x" },
		{ "130322 11:46:11 x", "2013-03-22T10:46:11Z", " x" },
		{ "Jan 23, 2005 9:59:59 PM x", "2005-01-23T20:59:59Z", " x" },
		{ "Jan 23, 2005 12:00:01 AM x", "2005-01-22T23:00:01Z", " x" },
		{ "Apr-27-13 02:33:06 x", "2013-04-27T00:33:06Z", " x" },
		{ "20050123T215959 x", "2005-01-23T20:59:59Z", " x" },
		{ "[PDT Jan 23 21:59:59] x", "2026-01-24T04:59:59Z", "[] x" },
		/* An abbreviation of several zones: the log's own counts. */
		{ "[CST Jan 23 21:59:59] x", "2026-01-23T20:59:59Z", "[] x" },
		{ "+00:00 Jan 23 21:59:59 2005 x", "2005-01-23T21:59:59Z", " x" },
		{ "@4000000052545f0a1dcd6500 x", "2013-10-08T19:37:46.500000Z", " x" },
		{ "02:00:00 x", "2026-02-01T01:00:00Z", " x" },
		{ "23:00:00 x", "2026-01-31T22:00:00Z", " x" },
		{ "error from 192.0.2.9 without a date", "",
		  "error from 192.0.2.9 without a date" },
		{ "", "", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bench bench = bench_new("", "2026-02-01T12:00:00Z");

		stamp_check(&bench, rows[i].line, rows[i].at, rows[i].rest);
		bench_free(&bench);
	}
}

static void infers_the_year(void)
{
	static const struct {
		const char *written_at, *line, *at;
	} rows[] = {
		{ "2026-01-02T00:00:00Z", "Dec 31 23:00:00 x", "2025-12-31T22:00:00Z" },
		{ "2026-01-02T00:00:00Z", "Jan  2 23:00:00 x", "2026-01-02T22:00:00Z" },
		{ "2026-01-02T00:00:00Z", "Jan  4 23:00:00 x", "2025-01-04T22:00:00Z" },
		{ "2025-12-31T23:50:00Z", "Jan  1 00:55:00 x", "2025-12-31T23:55:00Z" },
		{ "2026-06-01T00:00:00Z", "Feb 29 12:00:00 x", "2024-02-29T11:00:00Z" },
		{ "2024-03-01T00:00:00Z", "Feb 29 12:00:00 x", "2024-02-29T11:00:00Z" },
		{ "2024-02-01T00:00:00Z", "Feb 29 12:00:00 x", "2020-02-29T11:00:00Z" },
		{ "2026-06-01T00:00:00Z", "Feb 30 12:00:00 x", "-" },
		{ "2026-06-01T00:00:00Z", "Mar 29 02:30:00 x", "2026-03-29T01:30:00Z" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bench bench = bench_new("", rows[i].written_at);

		stamp_check(&bench, rows[i].line, rows[i].at, " x");
		bench_free(&bench);
	}
}

static void reads_date_patterns(void)
{
	static const struct {
		const char *pattern, *line, *at, *rest;
	} rows[] = {
		{ "{^LN-BEG}", "x 2026-01-23 21:59:59", "", "x 2026-01-23 21:59:59" },
		{ "{^LN-BEG}", "[2026-01-23 21:59:59] x", "2026-01-23T20:59:59Z",
		  "[] x" },
		{ "^[^\\[]*\\[({DATE})\n{^LN-BEG}",
		  "a - [23/Jan/2026:21:59:59 +0000] \"x\" 2025-01-01 00:00:00",
		  "2026-01-23T21:59:59Z", "a - [] \"x\" 2025-01-01 00:00:00" },
		{ "^<\\d+>\\d+\\s+{DATE}", "<35>1 2026-01-23T21:59:59Z srv x",
		  "2026-01-23T21:59:59Z", " srv x" },
		{ "{DATE}", "x @4000000052545f0a1dcd6500 y",
		  "2013-10-08T19:37:46.500000Z", "x  y" },
		{ "^{DATE}", "1138049999 x", "2006-01-23T20:59:59Z", " x" },
		/* The nearer date, also where the last pattern finds one farther off. */
		{ "%Y-%m-%d\n%d.%m.%Y", "at 2026-01-23 x 01.01.2025",
		  "2026-01-22T23:00:00Z", "at  x 01.01.2025" },
		{ "^%Y:%m:%d-%H:%M:%S", "2026:01:23-21:59:59: x",
		  "2026-01-23T20:59:59Z", ": x" },
		{ "%d.%m.%y um %H.%M", "am 23.01.26 um 21.59 Uhr",
		  "2026-01-23T20:59:00Z", "am  Uhr" },
		{ "^L %d/%m/%Y - %H:%M:%S", "L 23/01/2026 - 21:59:59: x",
		  "2026-01-23T20:59:59Z", ": x" },
		{ "%B %d %Y %I:%M %p", "x January 23 2026 09:59 pm",
		  "2026-01-23T20:59:00Z", "x " },
		{ "%Y-%j %H:%M", "2026-032 12:00 x", "2026-02-01T11:00:00Z", " x" },
		{ "%Y week %W %a %H:%M", "2026 week 00 Thu 12:00 x",
		  "2026-01-01T11:00:00Z", " x" },
		{ "%Y week %U %a %H:%M", "2026 week 01 Sun 12:00 x",
		  "2026-01-04T11:00:00Z", " x" },
		/* Years that begin with the first day of their first week. */
		{ "%Y week %U %w %H:%M", "2023 week 26 0 12:00 x",
		  "2023-06-25T10:00:00Z", " x" },
		{ "%Y week %W %a %H:%M", "2024 week 09 Thu 12:00 x",
		  "2024-02-29T11:00:00Z", " x" },
		{ "^%j %H:%M", "032 12:00 x", "2026-02-01T11:00:00Z", " x" },
		{ "^%j %H:%M", "060 12:00 x", "2025-03-01T11:00:00Z", " x" },
		{ "%k:%M %Y-%m-%d", " 9:05 2026-01-23 x", "2026-01-23T08:05:00Z",
		  " x" },
		{ "%l:%M %p %d-%b-%Y", " 9:05 pm 23-Jan-2026 x", "2026-01-23T20:05:00Z",
		  " x" },
		{ "{NONE}", "2026-01-23 21:59:59 x", "-", "2026-01-23 21:59:59 x" },
		{ "^WARNING:()**", "WARNING: x", "-", "WARNING: x" },
		{ "EPOCH", "1138049999.123 x", "2006-01-23T20:59:59Z", " x" },
		{ "LEPOCH", "1138049999123 x", "2006-01-23T20:59:59.123000Z", " x" },
		{ "LEPOCH", "1138049999123456 x", "2006-01-23T20:59:59.123456Z", " x" },
		{ "^time={EPOCH};", "time=1138049999; x", "2006-01-23T20:59:59Z",
		  " x" },
		{ "tai64n", "a @4000000052545f0a00000000 x", "2013-10-08T19:37:46Z",
		  "a  x" },
		{ "**%Y%m%d**", "x20260123x", "2026-01-22T23:00:00Z", "xx" },
		{ "{UNB}%Y%m%d", "x20260123x", "2026-01-22T23:00:00Z", "xx" },
		{ "%Y%m%d", "x20260123x", "", "x20260123x" },
		{ "100%% %Y-%m-%d", "100% 2026-01-23 x", "2026-01-22T23:00:00Z", " x" },
		{ "%Y-%m-%d %H:%M %Exz", "2026-01-23 21:59 UTC+0200 x",
		  "2026-01-23T19:59:00Z", " x" },
		{ "(?P<Y>\\d{4})_(?P<m>\\d\\d)_(?P<d>\\d\\d)", "2026_01_23 x",
		  "2026-01-22T23:00:00Z", " x" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bench bench = bench_new(rows[i].pattern, "2026-02-01T12:00:00Z");

		if (bench.set != NULL)
			stamp_check(&bench, rows[i].line, rows[i].at, rows[i].rest);
		bench_free(&bench);
	}
}

static void refuses_bad_patterns(void)
{
	static const char *const rows[] = { "%Y(", "%Y%Y", "[%Y", "%Y %Q", "%H:%M %" };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = { 0 };
		struct stamp_set *set = stamp_set_new(slice_of(rows[i]), &err);

		CHECK(set == NULL);
		CHECK_INT(err.kind, ERROR_SYNTAX);
		CHECK(strstr(err.text, rows[i]) != NULL);
		stamp_set_free(set);
	}
}

/* What a log looked like so far decides: a date in a message does not take over. */
static void keeps_to_the_place_of_the_date(void)
{
	static const struct {
		const char *line, *at, *rest;
	} rows[] = {
		{ "[23/Jan/2026:21:59:59 +0000] a", "2026-01-23T21:59:59Z", "[] a" },
		{ "[23/Jan/2026:21:59:59 +0000] 2025-01-01 00:00:00",
		  "2026-01-23T21:59:59Z", "[] 2025-01-01 00:00:00" },
		{ "[23/Jan/2026:22:00:00 +0000] b", "2026-01-23T22:00:00Z", "[] b" },
		{ "2026-01-23T22:00:01Z [c]", "2026-01-23T22:00:01Z", " [c]" },
		{ "[23/Jan/2026:22:00:02 +0000] d", "2026-01-23T22:00:02Z", "[] d" },
	};
	struct bench bench = bench_new("", "2026-02-01T12:00:00Z");

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		stamp_check(&bench, rows[i].line, rows[i].at, rows[i].rest);
	bench_free(&bench);
}

/* Found further off than before, a date is asked to prove that no other is nearer. */
static void prefers_the_nearer_of_two_dates(void)
{
	static const struct {
		const char *line, *at, *rest;
	} rows[] = {
		{ "host-a - 23/Jan/2026:21:59:59 +0000 x", "2026-01-23T21:59:59Z",
		  "host-a -  x" },
		{ "host-a - 24/Jan/2026:21:59:59 x 2025-01-01 00:00:00",
		  "2026-01-24T20:59:59Z", "host-a -  x 2025-01-01 00:00:00" },
	};
	struct bench bench = bench_new("", "2026-02-01T12:00:00Z");

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		stamp_check(&bench, rows[i].line, rows[i].at, rows[i].rest);
	bench_free(&bench);
}

static void says_where_the_instant_came_from(void)
{
	static const struct {
		const char *line;
		enum time_basis basis;
	} rows[] = {
		{ "2026-01-23T21:59:59Z x", TIME_BASIS_FULL },
		{ "2026-01-23T21:59:59 x", TIME_BASIS_ZONE },
		{ "Jan 23 21:59:59 x", TIME_BASIS_YEAR },
		{ "1138049999 x", TIME_BASIS_FULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bench bench = bench_new("", "2026-02-01T12:00:00Z");
		struct stamp stamp = { 0 };

		CHECK_INT(stamp_find(bench.finder, bench.scratch,
				     slice_of(rows[i].line), true, &stamp),
			  STAMP_FOUND);
		CHECK_INT(stamp.basis, rows[i].basis);
		bench_free(&bench);
	}
}

/* A saved ranking, loaded, says the same once more; any cut of it is refused or harmless. */
static void saves_its_ranking(void)
{
	struct bench bench = bench_new("", "2026-02-01T12:00:00Z");
	struct buffer first, second;

	buffer_init(&first, 1 << 16);
	buffer_init(&second, 1 << 16);
	stamp_check(&bench, "x 2026-01-23 21:59:59", "2026-01-23T20:59:59Z", "x ");
	stamp_check(&bench, "Jan 23 21:59:59 x", "2026-01-23T20:59:59Z", " x");
	stamp_finder_save(bench.finder, &first);
	for (size_t len = 0; len + 1 < first.len; len++) {
		struct bench other = bench_new("", "2026-02-01T12:00:00Z");
		char *copy = malloc(len + 1);

		memcpy(copy, first.at, len);
		if (stamp_finder_load(other.finder, (struct slice){ copy, len }) == 0)
			stamp_check(&other, "Jan 23 21:59:59 x", "2026-01-23T20:59:59Z",
				    " x");
		free(copy);
		bench_free(&other);
		len += 6;
	}
	bench_free(&bench);
	bench = bench_new("", "2026-02-01T12:00:00Z");
	CHECK_INT(stamp_finder_load(bench.finder,
				    slice_cut(buffer_slice(&first), 0, first.len - 1)),
		  0);
	stamp_finder_save(bench.finder, &second);
	CHECK_SLICE(buffer_slice(&second), buffer_slice(&first));
	bench_free(&bench);
	buffer_clear(&first);
	buffer_clear(&second);
}

int main(void)
{
	struct error err = { 0 };
	int status;

	zone = zone_open(S("CET-1CEST,M3.5.0,M10.5.0/3"), &err);
	status = CHECK_RUN(TEST(knows_the_usual_shapes), TEST(infers_the_year),
			   TEST(reads_date_patterns), TEST(refuses_bad_patterns),
			   TEST(keeps_to_the_place_of_the_date),
			   TEST(prefers_the_nearer_of_two_dates),
			   TEST(says_where_the_instant_came_from),
			   TEST(saves_its_ranking));
	zone_free(zone);
	return status;
}
