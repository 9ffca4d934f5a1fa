/* What a memo says of a date, against what is found without one. */
#include "check.h"
#include "event/stamp_choice.h"

#include <stdio.h>
#include <stdlib.h>

enum { DATES = 4000 };

static struct zone *zone;
static uint64_t seed = 7;

static unsigned chance(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(seed >> 33) % below;
}

struct ground {
	struct stamp_set *set;
	struct stamp_context context;
	struct stamp_choice choice;
	struct expression_scratch *scratch;
};

static struct ground ground_new(const char *pattern, const char *first)
{
	struct error err = { 0 };
	struct ground ground = { .set = stamp_set_new(slice_of(pattern), &err),
				 .context = { .zone = zone },
				 .scratch = expression_scratch_new() };
	struct stamp_finder *finder;
	struct stamp stamp;

	CHECK_TEXT(err.text, "");
	CHECK_INT(time_parse(S("2026-11-20T12:00:30Z"), &ground.context.written_at), 0);
	finder = stamp_finder_new(ground.set, &ground.context);
	CHECK(stamp_find(finder, ground.scratch, slice_of(first), true, &stamp) ==
	      STAMP_FOUND);
	stamp_choice_learn(&ground.choice, stamp.template, stamp.begin);
	stamp_finder_free(finder);
	return ground;
}

static void ground_free(struct ground *ground)
{
	stamp_set_free(ground->set);
	expression_scratch_free(ground->scratch);
}

static enum stamp_result find(struct ground *ground, struct stamp_memo *memo,
			      struct slice text, struct stamp *out)
{
	struct stamp_reading reading = { .set = ground->set,
					 .context = &ground->context,
					 .choice = &ground->choice,
					 .memo = memo,
					 .scratch = ground->scratch };

	*out = (struct stamp){ 0 };
	return stamp_choice_find(&reading, text, true, out);
}

static void line_check(struct ground *ground, struct stamp_memo *memo, const char *line)
{
	struct stamp_memo none = { 0 };
	struct stamp with, without;
	enum stamp_result result = find(ground, &none, slice_of(line), &without);
	bool same;

	CHECK_INT(find(ground, memo, slice_of(line), &with), result);
	same = with.at == without.at && with.basis == without.basis &&
	       with.start == without.start && with.end == without.end &&
	       with.template == without.template && with.begin == without.begin;
	if (!CHECK(same))
		CHECK_TEXT(line, "(the line of the check above)");
}

/* Minutes that follow each other, some of them broken, with one of the digits wrong now and
 * then; near the end of the log and a year before it, where the year is another one.    */
static void line_make(char *out, size_t room, const char *form)
{
	static const char *const days[] = { "Nov 21", "Nov 20", "Mar 29", "Oct 25",
					    "Feb 29", "Jan  1", "Nov 22" };
	unsigned day = chance(COUNT_OF(days)), hour = 12 + chance(2);
	unsigned minute = chance(2), second = chance(64);
	size_t wrong = chance(50);

	if (form[0] == 'b')
		snprintf(out, room, "%s %02u:%02u:%02u web1 x", days[day], hour, minute,
			 second);
	else if (form[0] == 'f')
		snprintf(out, room, "%s %02u:%02u:%02u.%0*u web1 x", days[day], hour,
			 minute, second, (int)(1 + chance(7)), chance(10));
	else
		snprintf(out, room, "2026-11-2%uT%02u:%02u:%02u.%0*u+0%u:00 web1 x",
			 chance(3), hour, minute, second, (int)(5 + chance(3)),
			 chance(100000), chance(2));
	if (wrong < 20)
		out[wrong] = "x5:."[chance(4)];
}

static void form_check(const char *form, const char *pattern, const char *first,
		       bool moves)
{
	size_t moved = 0;

	struct ground ground = ground_new(pattern, first);
	struct stamp_memo memo = { 0 };
	char line[128] = "";

	for (size_t i = 0; i < DATES; i++) {
		memo.misses = 0; /* kept, however rarely it serves */
		if (i % 4 == 0)
			line_make(line, sizeof line, form);
		else /* the same minute, another second */
			line[form[0] == 'i' ? 18 : 14] = (char)('0' + chance(10));
		line_check(&ground, &memo, line);
		moved += memo.misses == 0 && memo.second.len > 0;
	}
	CHECK_INT(moved > DATES / 4, moves);
	ground_free(&ground);
}

static void a_memo_says_what_the_line_says(void)
{
	form_check("b", "", "Nov 20 11:00:00 web1 x", true);
	form_check("f", "", "Nov 20 11:00:00.123 web1 x", true);
	form_check("i", "", "2026-11-20T11:00:00.123456+00:00 web1 x", true);
	form_check("b", "{^LN-BEG}", "Nov 20 11:00:00 web1 x", true);
	/* a filter's own pattern may treat digits in any way */
	form_check("b", "^%b %d %H:%M:(?:3|%S)", "Nov 20 11:00:00 web1 x", false);
}

int main(void)
{
	struct error err;
	int status;

	zone = zone_open(S("CET-1CEST,M3.5.0,M10.5.0"), &err);
	status = CHECK_RUN(TEST(a_memo_says_what_the_line_says));
	zone_free(zone);
	return status;
}
