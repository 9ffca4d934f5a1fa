#include "base/clock.h"
#include "base/zone.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

static int64_t instant(const char *text)
{
	int64_t at = 0;

	CHECK_INT(time_parse(slice_of(text), &at), 0);
	return at;
}

static void opens_offsets_as_people_write_them(void)
{
	static const struct {
		const char *name;
		int offset_s;
	} rows[] = {
		{ "UTC", 0 },        { "Z", 0 },           { "GMT", 0 },
		{ "+0200", 7200 },   { "-05:00", -18000 }, { "+05:30", 19800 },
		{ "GMT-5", -18000 }, { "UTC+2", 7200 },    { "+02", 7200 },
		{ "-0330", -12600 }, { "EST5", -18000 },   { "<+03>-3", 10800 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = { 0 };
		struct zone *zone = zone_open(slice_of(rows[i].name), &err);

		if (!CHECK(zone != NULL))
			continue;
		CHECK_INT(zone_offset_s(zone, 0), rows[i].offset_s);
		CHECK_TEXT(zone_name(zone), rows[i].name);
		zone_free(zone);
	}
}

static void refuses_what_is_no_zone(void)
{
	static const struct {
		const char *name;
		int kind;
	} rows[] = {
		{ "Atlantis/Deep", ERROR_NOT_FOUND },
		{ "../../etc/passwd", ERROR_SYNTAX },
		{ "/etc/localtime", ERROR_SYNTAX },
		{ "+2500", ERROR_NOT_FOUND },
		{ "+02:99", ERROR_SYNTAX },
		{ "CET-1CEST,M3.5", ERROR_SYNTAX },
		{ "CET-1CEST,M3.5.0,M13.5.0", ERROR_SYNTAX },
		{ "a b", ERROR_SYNTAX },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = { 0 };
		struct zone *zone = zone_open(slice_of(rows[i].name), &err);

		CHECK(zone == NULL);
		CHECK_INT(err.kind, rows[i].kind);
		zone_free(zone);
	}
}

/* A year of Central European time by its rule: both changes, both odd hours. */
static void follows_a_posix_rule(void)
{
	static const struct {
		const char *local, *utc;
	} rows[] = {
		{ "2026-01-10T12:00:00Z", "2026-01-10T11:00:00Z" },
		{ "2026-07-10T12:00:00Z", "2026-07-10T10:00:00Z" },
		{ "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z" },
		{ "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z" }, /* never happens */
		{ "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z" },
		{ "2026-10-25T02:30:00Z",
		  "2026-10-25T00:30:00Z" }, /* the first of two */
		{ "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z" },
	};
	struct error err = { 0 };
	struct zone *zone = zone_open(S("CET-1CEST,M3.5.0,M10.5.0/3"), &err);

	CHECK(zone != NULL);
	for (size_t i = 0; zone != NULL && i < COUNT_OF(rows); i++)
		CHECK_TEXT(time_format(zone_to_utc(zone, instant(rows[i].local)),
				       TIME_RFC3339)
				   .text,
			   rows[i].utc);
	zone_free(zone);
}

static void knows_the_forms_of_change_days(void)
{
	static const struct {
		const char *zone, *utc;
		int offset_s;
	} rows[] = {
		/* South: summer spans the new year. */
		{ "AAA-10BBB,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 39600 },
		{ "AAA-10BBB,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z", 36000 },
		/* Day 60 without leap days is 1 March in every year. */
		{ "AAA0BBB,J60/0,J300/0", "2024-02-29T12:00:00Z", 0 },
		{ "AAA0BBB,J60/0,J300/0", "2024-03-01T00:00:00Z", 3600 },
		{ "AAA0BBB,59/0,300/0", "2024-02-29T00:00:00Z", 3600 },
		{ "EST5EDT4,M3.2.0,M11.1.0", "2026-07-01T00:00:00Z", -14400 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-07-01T00:00:00Z", -3600 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = { 0 };
		struct zone *zone = zone_open(slice_of(rows[i].zone), &err);

		if (CHECK(zone != NULL))
			CHECK_INT(zone_offset_s(zone, instant(rows[i].utc)),
				  rows[i].offset_s);
		zone_free(zone);
	}
}

/* Version 2: an empty block of version 1, then one transition, two types, a footer. */
static struct slice tzif(char *out)
{
	static const char head[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
	static const unsigned char counts1[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
						 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1 };
	static const unsigned char block1[] = { 0, 0, 0, 0, 0, 0, 0 };
	static const unsigned char counts2[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
						 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 8 };
	/* 2001-09-09T01:46:40Z, type 1; types: +3600, +7200 */
	static const unsigned char block2[] = {
		0, 0, 0,    0,    0x3b, 0x9a, 0xca, 0,   1,   0, 0,   0x0e, 0x10, 0, 0,
		0, 0, 0x1c, 0x20, 1,    4,    'A',  'A', 'A', 0, 'B', 'B',  'B',  0
	};
	static const char footer[] = "\nBBB-2\n";
	char *at = out;

	memcpy(at, head, 20);
	at += 20;
	memcpy(at, counts1, 24);
	at += 24;
	memcpy(at, block1, sizeof block1);
	at += sizeof block1;
	memcpy(at, head, 20);
	at += 20;
	memcpy(at, counts2, 24);
	at += 24;
	memcpy(at, block2, sizeof block2);
	at += sizeof block2;
	memcpy(at, footer, sizeof footer - 1);
	at += sizeof footer - 1;
	return (struct slice){ out, (size_t)(at - out) };
}

static void reads_a_file_and_refuses_each_cut(void)
{
	char bytes[256];
	struct slice whole = tzif(bytes);
	struct error err = { 0 };
	struct zone *zone = zone_read(whole, S("made"), &err);

	CHECK(zone != NULL);
	if (zone != NULL) {
		CHECK_INT(zone_offset_s(zone, instant("2001-09-09T01:46:39Z")), 3600);
		CHECK_INT(zone_offset_s(zone, instant("2001-09-09T01:46:40Z")), 7200);
		CHECK_INT(zone_offset_s(zone, instant("2030-01-01T00:00:00Z")), 7200);
	}
	zone_free(zone);
	for (size_t len = 0; len < whole.len; len++) {
		char *copy = malloc(len + 1);

		memcpy(copy, bytes, len);
		zone = zone_read((struct slice){ copy, len }, S("cut"), &err);
		CHECK(zone == NULL);
		zone_free(zone);
		free(copy);
	}
}

static void agrees_with_the_system_on_a_named_zone(void)
{
	static const char *const locals[] = {
		"1999-12-31T23:59:59Z", "2016-03-27T01:59:59Z", "2016-03-27T03:00:01Z",
		"2016-10-30T02:30:00Z", "2031-07-01T00:00:00Z", "2050-01-01T00:00:00Z",
	};
	struct error err = { 0 };
	struct zone *zone = zone_open(S("Europe/Berlin"), &err);
	struct zone *rule = zone_open(S("CET-1CEST,M3.5.0,M10.5.0/3"), &err);

	if (zone == NULL)
		CHECK_INT(err.kind, ERROR_NOT_FOUND); /* no tzdata here */
	for (size_t i = 0; zone != NULL && rule != NULL && i < COUNT_OF(locals); i++)
		CHECK_INT(zone_to_utc(zone, instant(locals[i])),
			  zone_to_utc(rule, instant(locals[i])));
	zone_free(zone);
	zone_free(rule);
}

int main(void)
{
	return CHECK_RUN(TEST(opens_offsets_as_people_write_them),
			 TEST(refuses_what_is_no_zone), TEST(follows_a_posix_rule),
			 TEST(knows_the_forms_of_change_days),
			 TEST(reads_a_file_and_refuses_each_cut),
			 TEST(agrees_with_the_system_on_a_named_zone));
}
