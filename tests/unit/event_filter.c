#include "event/filter.h"
#include "event/filter_name.h"
#include "base/buffer.h"
#include "check.h"
#include "scratch.h"

/* --- names with parameters --- */

/* "k=v|k=v" of what was read, in order. */
static struct slice shown(struct arena *arena, const struct ini_vars *parameters)
{
	struct slice text = S("");

	for (size_t i = 0; i < parameters->count; i++)
		text = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT "=" SLICE_FMT,
				    SLICE_ARG(text), i > 0 ? "|" : "",
				    SLICE_ARG(parameters->at[i].name),
				    SLICE_ARG(parameters->at[i].value));
	return text;
}

static void reads_names(void)
{
	static const struct {
		const char *text;
		const char *name, *parameters; /* NULL name: an error */
		const char *message;
	} rows[] = {
		{ "sshd", "sshd", "", NULL },
		{ " sshd ", "sshd", "", NULL },
		{ "sshd[]", "sshd", "", NULL },
		{ "sshd[mode=aggressive]", "sshd", "mode=aggressive", NULL },
		{ "sshd [mode=aggressive] ", "sshd", "mode=aggressive", NULL },
		{ "a[x=\"a,b\", y=c]", "a", "x=a,b|y=c", NULL },
		{ "a[x='a]\"b', y=\"c'd\"]", "a", "x=a]\"b|y=c'd", NULL },
		{ "a[x=1][y=2] [z=3]", "a", "x=1|y=2|z=3", NULL },
		{ "a[ x-y.z_0= b c ,]", "a", "x-y.z_0=b c", NULL },
		{ "a[x=]", "a", "x=", NULL },
		{ "a[x=1,x=2]", "a", "x=2", NULL },
		{ "a[x=b=c]", "a", "x=b=c", NULL },
		{ "/etc/f/a.conf[x=1]", "/etc/f/a.conf", "x=1", NULL },
		{ "", NULL, NULL, "the name of a filter at byte 1" },
		{ "[x=1]", NULL, NULL, "the name of a filter at byte 1" },
		{ "a[x=1", NULL, NULL, "',' or ']' at byte 6" },
		{ "a[", NULL, NULL, "a closing ']' at byte 3" },
		{ "a[x]", NULL, NULL, "name=value at byte 4" },
		{ "a[=1]", NULL, NULL, "name=value at byte 3" },
		{ "a[x=\"1]", NULL, NULL, "a closing quote at byte 8" },
		{ "a[x=\"1\"y]", NULL, NULL, "',' or ']' at byte 8" },
		{ "a[x=1]b", NULL, NULL, "'[' or the end at byte 7" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct ini_vars parameters = { 0 };
		struct slice name = S("untouched"), text = slice_of(rows[i].text);
		struct error err = { 0 };

		int result = filter_name_parse(arena, text, &name, &parameters, &err);
		CHECK_INT(result, rows[i].name ? 0 : -1);
		if (rows[i].name) {
			CHECK_SLICE(name, slice_of(rows[i].name));
			CHECK_SLICE(shown(arena, &parameters),
				    slice_of(rows[i].parameters));
		} else {
			CHECK_SLICE(name, S("untouched"));
			CHECK(slice_find(slice_of(err.text),
					 slice_of(rows[i].message)) > 0);
		}
		arena_free(arena);
	}
}

/* --- one file, one name, what comes of it --- */

struct reading {
	struct arena *arena;
	struct scratch scratch;
	struct filter filter;
	struct error err;
	int result;
};

static struct reading read_text(const char *text, const char *name)
{
	struct reading reading = { .arena = arena_new(), .scratch = scratch_new() };

	scratch_write(&reading.scratch, "x.conf", text);
	reading.result = filter_read(reading.arena, slice_of(reading.scratch.path),
				     slice_of(name), &reading.filter, &reading.err);
	return reading;
}

static void close_reading(const struct reading *reading)
{
	arena_free(reading->arena);
	scratch_free(&reading->scratch);
}

static void resolves(void)
{
	static const struct {
		const char *text, *name;
		const char *failregex; /* all lines, joined by " / " */
	} rows[] = {
		{ "[Definition]\nfailregex = a\n\n  b\n", "x", "a / b" },
		{ "[Definition]\nfailregex = <m> <HOST>\nm = 1\n", "x", "1 <HOST>" },
		{ "[Definition]\nfailregex = <m>\nm = 1\n", "x[m=2]", "2" },
		{ "[Definition]\nfailregex = <m>\nm = 1\n[Init]\nm = 3\n", "x", "3" },
		{ "[Definition]\nfailregex = <m>\n[Init]\nm = 3\n", "x[m=2]", "2" },
		{ "[Definition]\nfailregex = <m>\n[Init]\nm = 3\n",
		  "x[m=\"2<known/m>\"]", "23" },
		{ "[Definition]\nfailregex = %(m)s\nm = 1\n[Init]\nm = 3\n", "x", "1" },
		{ "[Definition]\nfailregex = %(m)s\nm = 1\n", "x[m=2]", "2" },
		{ "[Definition]\nfailregex = <n-<m>>\nm = a\nn-a = 1\nn-b = 2\n", "x",
		  "1" },
		{ "[Definition]\nfailregex = <n-<m>>\nm = a\nn-a = 1\nn-b = 2\n",
		  "x[m=b]", "2" },
		{ "[Definition]\nfailregex = <n-<m>>\nm = a\n", "x[m=c]", "<n-c>" },
		{ "[Definition]\nfailregex = <lt_<logtype>/p>\n[lt_file]\np = f\n"
		  "[lt_short]\np = s\n",
		  "x", "f" },
		{ "[Definition]\nfailregex = <lt_<logtype>/p>\n[lt_file]\np = f\n"
		  "[lt_short]\np = s\n",
		  "x[logtype=short]", "s" },
		{ "[DEFAULT]\nlogtype = short\n[Definition]\nfailregex = <logtype>\n",
		  "x", "file" },
		{ "[Definition]\nlogtype = short\nfailregex = <logtype>\n", "x",
		  "short" },
		{ "[Definition]\nfailregex = <m>\n[Init]\nm = 4\n[Init?family=inet6]\n"
		  "m = 6\n",
		  "x", "<m>" },
		{ "[Definition]\nfailregex = <F-USER>\\S+</F-USER> < b> <> <ADDR>\n",
		  "x", "<F-USER>\\S+</F-USER> < b> <> <ADDR>" },
		{ "[Definition]\nfailregex = a\n", "x[failregex=b]", "b" },
		{ "[Init]\nfailregex = a\n", "x", "a" },
		{ "[DEFAULT]\nfailregex = a\n", "x", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct reading reading = read_text(rows[i].text, rows[i].name);
		struct slice joined = S("");

		CHECK_TEXT(reading.err.text, "");
		for (size_t j = 0; j < reading.filter.failregex.count; j++)
			joined =
				arena_printf(reading.arena, SLICE_FMT "%s" SLICE_FMT,
					     SLICE_ARG(joined), j > 0 ? " / " : "",
					     SLICE_ARG(reading.filter.failregex.at[j]));
		CHECK_SLICE(joined, slice_of(rows[i].failregex));
		close_reading(&reading);
	}
}

static void fills_everything(void)
{
	struct reading reading = read_text(
		"[Definition]\nprefregex = p\nfailregex = f\nignoreregex = i\n  j\n"
		"datepattern = ^%%Y\n  {^LN-BEG}\nmaxlines = 7\n"
		"journalmatch = _COMM=a\n  _COMM=b + _X=c\n",
		"x[mode=any]");
	const struct filter *filter = &reading.filter;

	CHECK_INT(reading.result, 0);
	CHECK_SLICE(filter->name, S("x"));
	CHECK(slice_ends(filter->path, S("/x.conf")));
	CHECK_SLICE(filter->prefregex, S("p"));
	CHECK_INT(filter->ignoreregex.count, 2);
	CHECK_SLICE(filter->ignoreregex.at[1], S("j"));
	CHECK_SLICE(filter->datepattern, S("^%Y\n{^LN-BEG}"));
	CHECK_INT(filter->maxlines, 7);
	CHECK_INT(filter->journalmatch.count, 2);
	CHECK_SLICE(filter->journalmatch.at[1], S("_COMM=b + _X=c"));
	CHECK(!filter->has_report);
	CHECK_INT(filter->samples.count, 0);
	close_reading(&reading);
}

static void finds_files(void)
{
	struct reading reading = read_text("[Definition]\nfailregex = a\n", "x");
	static const char *const paths[] = { "x.conf", "x" };

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct filter filter;

		CHECK_INT(filter_read(reading.arena, S("/nowhere"),
				      scratch_path(&reading.scratch, paths[i]), &filter,
				      &reading.err),
			  0);
		CHECK_SLICE(filter.name, S("x"));
		CHECK_SLICE(filter.failregex.at[0], S("a"));
	}
	CHECK_INT(filter_read(reading.arena, S("/nowhere"), S("x"), &reading.filter,
			      &reading.err),
		  -1);
	CHECK_INT(reading.err.kind, ERROR_NOT_FOUND);
	CHECK_TEXT(reading.err.text, "rule 'x': no file '/nowhere/x.conf'");
	close_reading(&reading);
}

static void knows_parts(void)
{
	CHECK(filter_is_part(S("common")));
	CHECK(filter_is_part(S("apache-common")));
	CHECK(filter_is_part(S("upstream")));
	CHECK(!filter_is_part(S("sshd")));
	CHECK(!filter_is_part(S("common-sense")));
}

/* --- [Report] --- */

static void reads_a_report(void)
{
	struct reading reading = read_text(
		"[DEFAULT]\nport = 1/tcp\n[Definition]\nfailregex = f\n[Report]\n"
		"category = login-attack\nservice = ssh\nport = 22/tcp\n"
		"handshake = yes\nnames = yes\noutcome = success\nact = no\n"
		"description = 100% of <things>\n",
		"x");
	const struct rule_report *report = &reading.filter.report;

	CHECK_TEXT(reading.err.text, "");
	CHECK(reading.filter.has_report);
	CHECK_SLICE(report->name, S("x"));
	CHECK(slice_ends(report->path, S("/x.conf")));
	CHECK_SLICE(report->description, S("100% of <things>"));
	CHECK_INT(report->category, CATEGORY_LOGIN_ATTACK);
	CHECK_SLICE(report->service, S("ssh"));
	CHECK_INT(report->port, 22);
	CHECK_INT(report->protocol, PROTOCOL_TCP);
	CHECK(report->handshake);
	CHECK_INT(report->outcome, OUTCOME_SUCCESS);
	CHECK(reading.filter.source_may_be_name);
	CHECK(reading.filter.no_act);
	close_reading(&reading);
}

static void report_defaults_are_cautious(void)
{
	struct reading reading =
		read_text("[DEFAULT]\nhandshake = yes\n[Definition]\nfailregex = f\n"
			  "[Report]\ncategory = probe\nservice = x\n",
			  "x");
	const struct rule_report *report = &reading.filter.report;

	CHECK_TEXT(reading.err.text, "");
	CHECK(!report->handshake);
	CHECK_INT(report->port, 0);
	CHECK_INT(report->protocol, PROTOCOL_NONE);
	CHECK_INT(report->outcome, OUTCOME_ATTEMPT);
	CHECK(!reading.filter.source_may_be_name);
	CHECK(!reading.filter.no_act);
	close_reading(&reading);
}

static void report_ports(void)
{
	static const struct {
		const char *text;
		int port, protocol; /* port -1: refused */
	} rows[] = {
		{ "22/tcp", 22, PROTOCOL_TCP },
		{ "53/udp", 53, PROTOCOL_UDP },
		{ "65535/sctp", 65535, PROTOCOL_SCTP },
		{ "tcp", 0, PROTOCOL_TCP },
		{ "icmp", 0, PROTOCOL_ICMP },
		{ "22", -1, 0 },
		{ "0/tcp", -1, 0 },
		{ "65536/tcp", -1, 0 },
		{ "22/TCP", -1, 0 },
		{ "/tcp", -1, 0 },
		{ "22/icmp", -1, 0 },
		{ "22/", -1, 0 },
		{ "ssh", -1, 0 },
		{ "", -1, 0 },
		{ "22/tcp,80/tcp", -1, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct slice text = arena_printf(
			arena, "[Report]\ncategory = probe\nservice = x\nport = %s\n",
			rows[i].text);
		struct reading reading = read_text(arena_cstr(arena, text), "x");

		if (CHECK_INT(reading.result, rows[i].port < 0 ? -1 : 0) &&
		    rows[i].port >= 0) {
			CHECK_INT(reading.filter.report.port, rows[i].port);
			CHECK_INT(reading.filter.report.protocol, rows[i].protocol);
		}
		close_reading(&reading);
		arena_free(arena);
	}
}

static void refuses(void)
{
	static const struct {
		const char *text, *name, *message; /* the end of the error's text */
	} rows[] = {
		{ "[Report]\ncategory = probe\nservice = x\nports = 22/tcp\n", "x",
		  "x.conf:4: unknown key 'ports' in [Report]; known are category, "
		  "service, port, handshake, names, act, outcome and description" },
		{ "[Report]\nservice = x\ncategory = rude\n", "x",
		  "x.conf:3:12: 'rude' is no category; allowed: probe, scan, sweep, "
		  "dos, mail-abuse, login-attack, exploit-attempt or compromise" },
		{ "[Report]\nservice = x y\ncategory = probe\n", "x",
		  "x.conf:2:11: 'x y' is no service; allowed: one word of letters, "
		  "digits and '-', as in ssh" },
		{ "[Report]\nhandshake = perhaps\n", "x",
		  "x.conf:2:13: 'perhaps' is no handshake; allowed: yes or no" },
		{ "[Report]\nservice = x\n", "x",
		  "x.conf:1: [Report] needs a category" },
		{ "[Report]\ncategory = probe\n", "x",
		  "x.conf:1: [Report] needs a service" },
		{ "[Samples]\nmatch.1 =\n", "x",
		  "x.conf:2: 'match.1' in [Samples] is empty: give the log line" },
		{ "[Samples]\nmatch.one = a\n", "x",
		  "x.conf:2: 'match.one' in [Samples] is unknown; known are match.N, "
		  "match.N.source, match.N.time, match.N.user, never.N and own" },
		{ "[Samples]\nmatch.1 = a\nmatch.1.port = 1\n", "x",
		  "x.conf:3: 'match.1.port' in [Samples] is unknown; a match has "
		  ".source, .time and .user" },
		{ "[Samples]\nmatch.2.source = 192.0.2.1\n", "x",
		  "x.conf:2: 'match.2.source' in [Samples] has no match of that "
		  "number" },
		{ "[Samples]\nnever.1 = a\nnever.1.source = 192.0.2.1\n", "x",
		  "x.conf:3: 'never.1.source' in [Samples] is unknown: a never.N has "
		  "no fields" },
		{ "[Definition]\nfailregex = <a>\na = <b>\nb = <a>\n", "x",
		  "x.conf: 'failregex' refers to itself through <a>" },
		{ "[Definition]\nfailregex = <failregex>\n", "x",
		  "x.conf: 'failregex' refers to itself through <failregex>" },
		{ "[Definition]\nmaxlines = many\n", "x",
		  "x.conf: maxlines is 'many': give a number from 1 to 1000" },
		{ "[Definition]\nfailregex = %(no)s\n", "x",
		  "x.conf:2: 'failregex': 'no' is referred to by %(...)s and defined "
		  "nowhere: define it, or write %% for a percent sign" },
		{ "[Definition]\n", "x[mode",
		  "name=value at byte 7, as in "
		  "sshd[mode=aggressive, logtype=short]" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct reading reading = read_text(rows[i].text, rows[i].name);

		CHECK_INT(reading.result, -1);
		CHECK_INT(reading.err.kind, ERROR_SYNTAX);
		if (!CHECK(slice_ends(slice_of(reading.err.text),
				      slice_of(rows[i].message))))
			CHECK_TEXT(reading.err.text, rows[i].message);
		CHECK_INT(reading.filter.name.len, 0);
		close_reading(&reading);
	}
}

/* --- [Samples] --- */

static void samples_are_verbatim(void)
{
	struct reading reading =
		read_text("[Definition]\nfailregex = f\n[Samples]\n"
			  "match.2 = a ; b %% %(c)s <HOST> # d\n"
			  "match.2.source = 192.0.2.9\nmatch.2.user = x ; y\n"
			  "match.2.time = 2026-11-21T02:14:07Z\n"
			  "never.1 = no: = such\nmatch.10 = one\n  two\n",
			  "x");
	const struct rule_sample *at = reading.filter.samples.at;

	CHECK_TEXT(reading.err.text, "");
	if (CHECK_INT(reading.filter.samples.count, 3)) {
		CHECK(at[0].must_match && !at[1].must_match && at[2].must_match);
		CHECK_SLICE(at[0].line, S("a ; b %% %(c)s <HOST> # d"));
		CHECK_SLICE(at[0].source, S("192.0.2.9"));
		CHECK_SLICE(at[0].user, S("x ; y"));
		CHECK_SLICE(at[0].time, S("2026-11-21T02:14:07Z"));
		CHECK_SLICE(at[1].line, S("no: = such"));
		CHECK_SLICE(at[1].source, S(""));
		CHECK_SLICE(at[2].line, S("one\ntwo"));
	}
	close_reading(&reading);
}

/* One tag may be needed 26 times in one value, as in fail2ban. */
static void counts_repeated_tags(void)
{
	for (int count = 26; count <= 27; count++) {
		struct buffer text;

		buffer_init(&text, 1 << 16);
		buffer_printf(&text, "[Definition]\nm = x\nfailregex = ");
		for (int i = 0; i < count; i++)
			buffer_printf(&text, "<a%d>", i);
		for (int i = 0; i < count; i++)
			buffer_printf(&text, "\na%d = <m>", i);
		buffer_add_byte(&text, '\0');
		struct reading reading = read_text(text.at, "x");
		CHECK_INT(reading.result, count == 26 ? 0 : -1);
		close_reading(&reading);
		buffer_clear(&text);
	}
}

/* A quarter of a million tags that nobody knows. */
static void work_is_capped(void)
{
	static const char *const names[] = { "prefregex", "failregex", "ignoreregex" };
	struct buffer text;

	buffer_init(&text, 1 << 20);
	buffer_printf(&text, "[Init]\n");
	for (int i = 0; i < 20; i++)
		buffer_printf(&text, "i%d = x\n", i);
	buffer_printf(&text, "[Definition]\n");
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		buffer_printf(&text, "%s =", names[i]);
		for (int j = 0; j < 80000; j++)
			buffer_printf(&text, j % 20000 == 0 ? "\n <z>" : "<z>");
		buffer_printf(&text, "\n");
	}
	buffer_add_byte(&text, '\0');
	struct reading reading = read_text(text.at, "x");
	CHECK_INT(reading.result, -1);
	CHECK_INT(reading.err.kind, ERROR_LIMIT);
	close_reading(&reading);
	buffer_clear(&text);
}

/* Tags that double themselves: small text, endless work. */
static void bombs_are_capped(void)
{
	static const char *const texts[] = {
		"[Definition]\nfailregex = <a><a><a><a><a><a><a><a>\n"
		"a = <b><b><b><b><b><b><b><b>\nb = <c><c><c><c><c><c><c><c>\n"
		"c = <d><d><d><d><d><d><d><d>\nd = <e><e><e><e><e><e><e><e>\n"
		"e = <f><f><f><f><f><f><f><f>\nf = <g><g><g><g><g><g><g><g>\n"
		"g = 0123456789\n",
		"[Definition]\nfailregex = <a>\na = x<b>\nb = y<a><a>\n",
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct reading reading = read_text(texts[i], "x");

		CHECK_INT(reading.result, -1);
		CHECK(reading.err.kind == ERROR_LIMIT ||
		      reading.err.kind == ERROR_SYNTAX);
		CHECK(arena_size_bytes(reading.arena) < 64 << 20);
		close_reading(&reading);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(reads_names), TEST(resolves), TEST(fills_everything),
			 TEST(finds_files), TEST(knows_parts), TEST(reads_a_report),
			 TEST(report_defaults_are_cautious), TEST(report_ports),
			 TEST(refuses), TEST(samples_are_verbatim),
			 TEST(counts_repeated_tags), TEST(work_is_capped),
			 TEST(bombs_are_capped));
}
