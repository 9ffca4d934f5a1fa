#include "event/expression.h"
#include "event/translate.h"
#include "check.h"

static void speaks_pcre2(void)
{
	static const struct {
		const char *pattern;
		unsigned flags;
		const char *result;
	} rows[] = {
		{ "^a<HOST>$", 0,
		  "^a\\[?(?:(?:::f{4,6}:)?(?P<ip4>(?:\\d{1,3}\\.){3}\\d{1,3})|"
		  "(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|::){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):)))"
		  "\\]?$" },
		{ "<DNS>", 0, "(?P<dns>[\\w\\-.^_]*\\w)" },
		{ "<F-ID/> <F-PORT/>", 0,
		  "(?P<fid>[^\\s\\x1c-\\x1f]+) (?P<fport>\\w+)" },
		{ "<F-ID>a</F-ID>", 0, "(?P<fid>a)" },
		{ "<F-ALT_USER_1>a</F-ALT_USER_1>", 0, "(?P<alt_user_1>a)" },
		{ "<F-USER>a</F-OTHER>", 0, "(?P<user>a</F-OTHER>" },
		{ "<f-user>x<unknown>", 0, "<f-user>x<unknown>" },
		{ "a<SKIPLINES>b<SKIPLINES>", 0,
		  "a\\n(?P<skiplines0>(?:(?:.*\\n)*?))b"
		  "\\n(?P<skiplines1>(?:(?:.*\\n)*?))" },
		{ "<HOST>", TRANSLATE_NO_TAGS, "<HOST>" },
		{ "(?iu)a", 0, "(?i)a" },
		{ "(?u)a", 0, "a" },
		{ "((?i)a)b", 0, "(?i:a)b" },
		{ "(?:(?i)a)b", 0, "(?i:a)b" },
		{ "a{,3}", 0, "a{0,3}" },
		{ "\\{,3}[{,3}]", 0, "\\{,3}[{,3}]" },
		{ "\\v[\\v]\\u0041[\\U00000042]\\\\u0041", 0,
		  "\\x0b[\\x0b]\\x41[\\x42]\\\\u0041" },
		{ "\\u00e9[\\u4e2d-\\U0001f600]", 0,
		  "\xc3\xa9[\xe4\xb8\xad-\xf0\x9f\x98\x80]" },
		{ "[:alpha:][.a.][[:a:]][^:a:]", 0,
		  "[\\:alpha:][\\.a.][\\[:a:]][^:a:]" },
		{ "\\s[\\s-]\\S\\\\s", 0,
		  "[\\s\\x1c-\\x1f][\\s\\x1c-\\x1f-][^\\s\\x1c-\\x1f]\\\\s" },
		{ "[]a][^]b][[:x]\\Z", 0, "[\\]a][^\\]b][\\[:x]\\z" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct slice text = { 0 };
		struct error err = { 0 };

		CHECK_INT(translate_expression(arena, slice_of(rows[i].pattern),
					       rows[i].flags, &text, &err),
			  0);
		CHECK_SLICE(text, slice_of(rows[i].result));
		arena_free(arena);
	}
}

static void refuses_bad_expressions(void)
{
	static const char *const rows[] = {
		"(", "a{2,1}", "(*LIMIT_MATCH=9)a", "[a", "(?P<ip4>a)(?P<ip4>b)", "\\"
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct error err = { 0 };

		CHECK(expression_new(arena, slice_of(rows[i]), 0, &err) == NULL);
		CHECK_INT(err.kind, ERROR_SYNTAX);
		arena_free(arena);
	}
}

static struct slice matched(const char *pattern, unsigned flags, struct slice text,
			    const char *group)
{
	struct arena *arena = arena_new();
	struct error err = { 0 };
	struct expression *expression =
		expression_new(arena, slice_of(pattern), flags, &err);
	struct expression_scratch *scratch = expression_scratch_new();
	struct slice result = S("(miss)");

	if (CHECK(expression != NULL) &&
	    expression_match(expression, scratch, text, expression_is_ascii(text), 0) ==
		    EXPRESSION_HIT)
		result = expression_capture(scratch,
					    expression_group(expression, group));
	expression_scratch_free(scratch);
	expression_free(expression);
	arena_free(arena);
	return result;
}

static void matches_as_python_does(void)
{
	static const struct {
		const char *pattern;
		unsigned flags;
		const char *text, *group, *result;
	} rows[] = {
		{ "from <HOST>$", 0, "from 192.0.2.9\n", "ip4", "192.0.2.9" },
		{ "from <HOST>$", 0, "from ::ffff:192.0.2.9\n", "ip4", "192.0.2.9" },
		{ "from <HOST>$", 0, "from [2001:db8::1]\n", "ip6", "2001:db8::1" },
		{ "from <HOST>$", 0, "from host.example\n", "dns", "(miss)" },
		{ "from <HOST>$", EXPRESSION_NAMES, "from host.example\n", "dns",
		  "host.example" },
		{ "^a\\s<F-USER>b</F-USER>", 0,
		  "a\x1c"
		  "b",
		  "user", "b" },
		{ "^<F-USER>\\S+</F-USER>$", 0, "J\xc3\xb6rg\n", "user",
		  "J\xc3\xb6rg" },
		{ "^<F-USER>\\w{4}</F-USER>$", 0, "J\xc3\xb6rg\n", "user",
		  "J\xc3\xb6rg" },
		{ "^<F-USER>\xc3\xb6*x</F-USER>", 0, "x", "user", "x" },
		{ "^<F-USER>b</F-USER>$", EXPRESSION_LINES, "a\nb\nc\n", "user", "b" },
		{ "^<F-USER>b</F-USER>$", 0, "a\nb\nc\n", "user", "(miss)" },
		{ "^((?i)<F-USER>AB</F-USER>)c", 0, "abc", "user", "ab" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_SLICE(matched(rows[i].pattern, rows[i].flags,
				    slice_of(rows[i].text), rows[i].group),
			    slice_of(rows[i].result));
}

/* Whatever a match may begin with: lines that begin otherwise are turned away unseen. */
static void matches_at_every_beginning_that_is_allowed(void)
{
	static const struct {
		const char *pattern, *text, *result;
	} rows[] = {
		{ "^ab<F-USER>c</F-USER>", "abc", "c" },
		{ "^ab<F-USER>c</F-USER>", "Abc", "(miss)" },
		{ "^ab<F-USER>c</F-USER>", "", "(miss)" },
		{ "^(?i)ks<F-USER>c</F-USER>", "KsC", "C" },
		{ "^(?i)ks<F-USER>c</F-USER>", "kSc", "c" },
		{ "^(?i:x|ks)<F-USER>c</F-USER>", "KSc", "c" },
		{ "^(?:a|bb?|[0-3])<F-USER>c</F-USER>", "ac", "c" },
		{ "^(?:a|bb?|[0-3])<F-USER>c</F-USER>", "bbc", "c" },
		{ "^(?:a|bb?|[0-3])<F-USER>c</F-USER>", "3c", "c" },
		{ "^(?:a|bb?|[0-3])<F-USER>c</F-USER>", "4c", "(miss)" },
		{ "^(?:a|)<F-USER>b</F-USER>", "b", "b" },
		{ "^(?:x|^)<F-USER>y</F-USER>", "y", "y" },
		{ "^(?=x)<F-USER>\\w</F-USER>", "x", "x" },
		{ "^(?!x)<F-USER>\\w</F-USER>", "y", "y" },
		{ "^\\b<F-USER>w</F-USER>", "w", "w" },
		{ "^\\s*<F-USER>w</F-USER>", "w", "w" },
		{ "^\\x41<F-USER>w</F-USER>", "Aw", "w" },
		{ "^.*<F-USER>w</F-USER>", "\x01w", "w" },
		{ "^[^a]<F-USER>w</F-USER>", "\x7fw", "w" },
		{ "^[^a]<F-USER>w</F-USER>", "\xc3\xa9w", "w" },
		{ "^<F-USER>[ab]?</F-USER>$", "\n", "" },
		{ "^(a)?(?(1)b|c)<F-USER>d</F-USER>", "cd", "d" },
		{ "^(a)?(?(1)b|c)<F-USER>d</F-USER>", "abd", "d" },
		{ "^a|b<F-USER>c</F-USER>", "xbc", "c" },
		{ "^a|^b<F-USER>c</F-USER>", "bc", "c" },
		{ "^(?:a(?=b)|c)*<F-USER>b</F-USER>", "b", "b" },
		{ "^(?P<x>a|b)(?P=x)<F-USER>c</F-USER>", "bbc", "c" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_SLICE(matched(rows[i].pattern, 0, slice_of(rows[i].text), "user"),
			    slice_of(rows[i].result));
}

static void merges_alternative_groups(void)
{
	static const struct {
		const char *text, *user;
	} rows[] = { { "u=a", "a" }, { "v=b", "b" }, { "w=c", "c" } };
	struct arena *arena = arena_new();
	struct error err = { 0 };
	struct expression *expression = expression_new(
		arena,
		S("^(?:u=<F-USER>\\w*</F-USER>|v=<F-ALT_USER>\\w+</F-ALT_USER>|"
		  "w=<F-ALT_USER_2>\\w+</F-ALT_USER_2>)"),
		0, &err);
	struct expression_scratch *scratch = expression_scratch_new();

	for (size_t i = 0; expression != NULL && i < COUNT_OF(rows); i++) {
		struct slice roles[ROLE_COUNT] = { 0 };

		CHECK_INT(expression_match(expression, scratch, slice_of(rows[i].text),
					   true, 0),
			  EXPRESSION_HIT);
		expression_roles(expression, scratch, roles);
		CHECK_SLICE(roles[ROLE_USER], slice_of(rows[i].user));
	}
	CHECK(expression_has_role(expression, ROLE_USER));
	CHECK(!expression_has_role(expression, ROLE_IP4));
	expression_scratch_free(scratch);
	expression_free(expression);
	arena_free(arena);
}

/* Exponential work ends at the limit, and says so. */
static void gives_up_at_the_limit(void)
{
	struct arena *arena = arena_new();
	struct error err = { 0 };
	struct expression *expression = expression_new(arena, S("^(a|aa)+$"), 0, &err);
	struct expression_scratch *scratch = expression_scratch_new();

	CHECK_INT(
		expression_match(expression, scratch,
				 S("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
				 true, 0),
		EXPRESSION_LIMITED);
	CHECK_INT(expression_match(expression, scratch, S("aaaa"), true, 0),
		  EXPRESSION_HIT);
	expression_scratch_free(scratch);
	expression_free(expression);
	arena_free(arena);
}

static void makes_valid_utf8(void)
{
	static const struct {
		const char *text, *result;
		bool ascii;
	} rows[] = {
		{ "plain text of more than eight bytes",
		  "plain text of more than eight bytes", true },
		{ "\xff", "\xef\xbf\xbd", false },
		{ "12345678\xc3\xb6\xc3", "12345678\xc3\xb6\xef\xbf\xbd", false },
		{ "\xe2\x82 \xf0\x9f\x98\xe2\x82",
		  "\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd", false },
		{ "\xf4\x90\x80\xe0\x80",
		  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		  "\xef\xbf\xbd",
		  false },
		{ "\xed\xa0\x80x", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx", false },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK_INT(expression_is_ascii(slice_of(rows[i].text)), rows[i].ascii);
		CHECK_SLICE(expression_utf8(arena, slice_of(rows[i].text)),
			    slice_of(rows[i].result));
	}
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(speaks_pcre2), TEST(refuses_bad_expressions),
			 TEST(matches_as_python_does),
			 TEST(matches_at_every_beginning_that_is_allowed),
			 TEST(merges_alternative_groups), TEST(gives_up_at_the_limit),
			 TEST(makes_valid_utf8));
}
