/* What a conditional asks for, written into the group that it asks about. */
#include "base/buffer.h"
#include "event/conditional.h"
#include "event/expression.h"
#include "check.h"

#include <string.h>

static struct arena *arena;

static void the_group_looks_ahead(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "(?P<a>x)(?(a): |$)", "(?P<a>(?=(?s:.*): )x)(?(a): |$)" },
		{ "^(?:(?P<a>\\S+)|[^:]+) to(?: [)(]*)?(?(a): |$)",
		  "^(?:(?P<a>(?=(?s:.*): )\\S+)|[^:]+) to(?: [)(]*)?(?(a): |$)" },
		{ "(?P<a>x)?(?P<b>y)?(?(b)no)(?(a)yes+|$)",
		  "(?P<a>(?=(?s:.*)yes)x)?(?P<b>(?=(?s:.*)no)y)?(?(b)no)(?(a)yes+|$)" },
		/* the last byte need not be there */
		{ "(?P<a>x)?(?(a)yes?)", "(?P<a>(?=(?s:.*)ye)x)?(?(a)yes?)" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_SLICE(conditional_hasten(arena, slice_of(rows[i].text)),
			    slice_of(rows[i].want));
}

static void what_is_not_sure_stays_as_it_is(void)
{
	static const char *const texts[] = {
		"",
		"a",
		"(",
		"(?P<a>x)(?(",
		"(?P<a>x)(?(a",
		"(?P<a>x)(?(a)",
		"(?P<a>x)?(?(a):|$)", /* too little to look for */
		"(?P<a>x)?(?(a)[:] |$)", /* no literal */
		"(?P<a>x)?(?:(?(a): |$))?", /* in a group */
		"(?P<a>x)?(?(a): |$)?", /* need not be asked */
		"(?P<a>x)?(?(a): |$)*",
		"(?P<a>x)?(?(a): |$)|y", /* an alternative goes round it */
		"y|(?P<a>x)?(?(a): |$)",
		"(?=.*(?P<a>x))?(?(a): |$)", /* the group may lie behind */
		"(?P<a>x)?(?P<a>y)?(?(a): |$)", /* which of the two? */
		"(?(a): |$)(?P<a>x)?", /* asked before */
		"(?>(?P<a>x)|y)(?(a): |$)", /* an atomic group takes no other way */
		"(?:(?P<a>x)|y)++(?(a): |$)",
		"(?:(?P<a>x)|y){1,2}+(?(a): |$)",
		"(?i:(?P<a>x))?(?(a): |$)", /* another case, or blanks that are none */
		"(?x)(?P<a>x)?(?(a): |$)",
		"(?P<a>x)?\\Q(\\E(?(a): |$)",
		"(?P<a>x)?(?(a)ab\\E?|c)", /* the b need not be there */
		"(?P<a>x)?(?(a): |y)\\g<a>", /* enters the group anew */
		"(?P<DEFINE>x)(?(DEFINE)ab)y", /* no conditional */
		"(?P<R1>x)?(?(R1): |$)",
		"(?P<b>x)?(?(a): |$)", /* no such group */
		"(?P<a>x)?(?(1): |$)",
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		CHECK_SLICE(conditional_hasten(arena, slice_of(texts[i])),
			    slice_of(texts[i]));
}

/* The expression of fail2ban's sshd filter, on lines that take each of its ways. */
static void matches_stay_the_same(void)
{
	static const char pattern[] =
		"^Failed \\S+ for (?P<cond_inv>invalid user )?<F-USER>(?P<cond_user>\\S+)|"
		"(?(cond_inv)(?:(?! from ).)*?|[^:]+)</F-USER> from <HOST>"
		"(?: (?:port \\d+|on \\S+)){0,2}(?: ssh\\d*)?(?(cond_user): |"
		"(?:(?:(?! from ).)*)$)";
	static const struct {
		const char *line, *user, *host;
	} rows[] = {
		{ "Failed password for root from 192.0.2.1 port 1 ssh2\n", "root",
		  "192.0.2.1" },
		{ "Failed publickey for root from 192.0.2.1 port 1 ssh2: RSA x\n",
		  "root", "192.0.2.1" },
		{ "Failed x for invalid user a from 192.0.2.9 from 192.0.2.1 ssh2\n",
		  "invalid user a from 192.0.2.9", "192.0.2.1" },
		{ "Failed x for a from 192.0.2.9: from 192.0.2.1 port 2 ssh2\n", "a",
		  "192.0.2.9" },
		{ "Failed x for a b: from 192.0.2.1 port 2 ssh2\n", "", "" },
	};
	struct expression_scratch *scratch = expression_scratch_new();
	struct error err;
	struct expression *expression =
		expression_new(arena, slice_of(pattern), 0, &err);

	CHECK(expression != NULL);
	for (size_t i = 0; expression != NULL && i < COUNT_OF(rows); i++) {
		struct slice roles[ROLE_COUNT] = { 0 };

		if (expression_match(expression, scratch, slice_of(rows[i].line), true,
				     0) == EXPRESSION_HIT)
			expression_roles(expression, scratch, roles);
		CHECK_SLICE(roles[ROLE_USER], slice_of(rows[i].user));
		CHECK_SLICE(roles[ROLE_IP4], slice_of(rows[i].host));
	}
	expression_free(expression);
	expression_scratch_free(scratch);
}

/* A look-ahead in a group that is entered often may reach the limit where the expression
 * itself does not.                                                                     */
static void a_limit_is_that_of_the_expression(void)
{
	static const struct {
		const char *pattern, *fill, *end;
		enum expression_result want;
	} rows[] = {
		{ "^Login .*?(?P<a>\\[\\w+\\] )?from <HOST>(?(a): bad|$)", "u",
		  " from 192.0.2.5", EXPRESSION_HIT },
		{ "^(?:.*?)(?P<a>\\d+)?(?(a): x|q)", "u", "1", EXPRESSION_MISS },
	};
	struct expression_scratch *scratch = expression_scratch_new();
	struct error err;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct expression *expression =
			expression_new(arena, slice_of(rows[i].pattern), 0, &err);
		struct buffer line;

		buffer_init(&line, 1 << 16);
		buffer_add(&line, S("Login failed "));
		for (size_t n = 0; n < 500; n++)
			buffer_add(&line, slice_of(rows[i].fill));
		buffer_add(&line, slice_of(rows[i].end));
		CHECK(expression != NULL);
		if (expression != NULL)
			CHECK_INT(expression_match(expression, scratch,
						   buffer_slice(&line), true, 0),
				  rows[i].want);
		buffer_clear(&line);
		expression_free(expression);
	}
	expression_scratch_free(scratch);
}

int main(void)
{
	int result;

	arena = arena_new();
	result = CHECK_RUN(TEST(the_group_looks_ahead),
			   TEST(what_is_not_sure_stays_as_it_is),
			   TEST(matches_stay_the_same),
			   TEST(a_limit_is_that_of_the_expression));
	arena_free(arena);
	return result;
}
