#include "check.h"
#include "event/finding.h"

#include <stdio.h>

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
		CHECK_INT(finding_read(&rule, roles, NULL, &event), FINDING_SOURCE);
		if (!CHECK_INT(event.count, ACTS[i].count))
			check_true(false, ACTS[i].text, __FILE__, __LINE__);
	}
}

static const struct {
	const char *fid, *ip4, *ip6, *dns, *cidr;
	bool names;
	enum finding finding;
	const char *source;
} SOURCES[] = {
	{ .ip4 = "192.0.2.1", .finding = FINDING_SOURCE, .source = "192.0.2.1" },
	{ .ip4 = "192.0.2.300", .finding = FINDING_BAD },
	{ .fid = "192.0.2.1", .finding = FINDING_SOURCE, .source = "192.0.2.1" },
	{ .fid = "[2001:DB8::1]", .finding = FINDING_SOURCE, .source = "2001:db8::1" },
	{ .fid = "[192.0.2.1", .finding = FINDING_BAD },
	{ .fid = "[]", .finding = FINDING_BAD },
	{ .fid = "x7",
	  .ip4 = "192.0.2.1",
	  .finding = FINDING_SOURCE,
	  .source = "192.0.2.1" },
	{ .dns = "192.0.2.1", .finding = FINDING_SOURCE, .source = "192.0.2.1" },
	{ .dns = "a.example.com", .finding = FINDING_BAD },
	{ .dns = "192.0.2.1.5", .names = true, .finding = FINDING_BAD },
	{ .dns = "a.example.com",
	  .names = true,
	  .finding = FINDING_SOURCE,
	  .source = "" },
	{ .ip4 = "192.0.2.0", .cidr = "24", .finding = FINDING_BAD },
	{ .ip4 = "192.0.2.1",
	  .cidr = "32",
	  .finding = FINDING_SOURCE,
	  .source = "192.0.2.1" },
	{ .ip4 = "192.0.2.1", .cidr = "99", .finding = FINDING_BAD },
	{ .ip6 = "2001:db8::", .cidr = "32", .finding = FINDING_BAD },
	{ .ip6 = "2001:db8::1",
	  .cidr = "128",
	  .finding = FINDING_SOURCE,
	  .source = "2001:db8::1" },
	{ .finding = FINDING_NONE },
};

static struct slice role_of(const char *text)
{
	return text ? slice_of(text) : (struct slice){ 0 };
}

static void sources_are_found(struct address_memo *memo)
{
	for (size_t i = 0; i < COUNT_OF(SOURCES); i++) {
		const struct rule rule = { .names = SOURCES[i].names };
		struct slice roles[ROLE_COUNT] = {
			[ROLE_FID] = role_of(SOURCES[i].fid),
			[ROLE_IP4] = role_of(SOURCES[i].ip4),
			[ROLE_IP6] = role_of(SOURCES[i].ip6),
			[ROLE_DNS] = role_of(SOURCES[i].dns),
			[ROLE_CIDR] = role_of(SOURCES[i].cidr),
		};
		struct event event;
		bool right = CHECK_INT(finding_read(&rule, roles, memo, &event),
				       SOURCES[i].finding);

		if (right && SOURCES[i].finding == FINDING_SOURCE)
			right = CHECK_TEXT(address_format(&event.source).text,
					   SOURCES[i].source);
		if (!right)
			CHECK_INT(i, SIZE_MAX); /* the row */
	}
}

static void a_source_is_one_address(void)
{
	sources_are_found(NULL);
}

static void whether_or_not_it_was_read_before(void)
{
	struct address_memo memo = { 0 };

	sources_are_found(&memo);
	sources_are_found(&memo);
}

static void last_byte_is_asked(struct address_memo *memo, unsigned last)
{
	const struct rule rule = { 0 };
	struct slice roles[ROLE_COUNT] = { 0 };
	struct event event;
	char text[ADDRESS_TEXT_MAX];

	snprintf(text, sizeof text, "203.0.113.%u", last);
	roles[ROLE_IP4] = slice_of(text);
	CHECK_INT(finding_read(&rule, roles, memo, &event), FINDING_SOURCE);
	CHECK_TEXT(address_format(&event.source).text, text);
}

/* Each behind each other, so that some of one length share a place. */
static void a_memo_mistakes_no_text_for_another(void)
{
	struct address_memo memo = { 0 };

	for (unsigned i = 0; i < 256; i++) {
		for (unsigned j = 0; j < 256; j++) {
			last_byte_is_asked(&memo, i);
			last_byte_is_asked(&memo, j);
		}
	}
}

int main(void)
{
	return CHECK_RUN(TEST(a_line_tells_how_many_acts),
			 TEST(a_source_is_one_address),
			 TEST(whether_or_not_it_was_read_before),
			 TEST(a_memo_mistakes_no_text_for_another));
}
