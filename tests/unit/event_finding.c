#include "check.h"
#include "event/finding.h"

static const struct {
	const char *text;
	uint64_t count;
} ACTS[] = {
	{ "", 1 },    { "1", 1 },
	{ "3", 3 },   { "1000000", 1000000 },
	{ "0", 1 },   { "1000001", 1 },
	{ "-3", 1 },  { "3x", 1 },
	{ "007", 7 }, { "99999999999999999999", 1 },
};

static void a_line_tells_how_many_acts(void)
{
	const struct rule rule = { 0 };

	for (size_t i = 0; i < COUNT_OF(ACTS); i++) {
		struct slice roles[ROLE_COUNT] = { 0 };
		struct event event;

		roles[ROLE_IP4] = S("203.0.113.77");
		roles[ROLE_ACTS] = slice_of(ACTS[i].text);
		CHECK_INT(finding_read(&rule, roles, &event), FINDING_SOURCE);
		if (!CHECK_INT(event.count, ACTS[i].count))
			check_true(false, ACTS[i].text, __FILE__, __LINE__);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(a_line_tells_how_many_acts));
}
