/* The tables and the small readers beside the registries. */
#include "base/arena.h"
#include "base/clock.h"
#include "check.h"
#include "contact/csirt.h"
#include "contact/more.h"
#include "contact/numbers.h"

#include <string.h>

static void reads_security_txt(void)
{
	static const struct {
		const char *text;
		size_t count;
		const char *first;
	} rows[] = {
		{ "Contact: mailto:a@b.example\nExpires: 2030-01-01T00:00:00Z\n", 1,
		  "a@b.example" },
		{ "contact: mailto:a@b.example\r\nContact: https://b.example\r\n", 1,
		  "a@b.example" },
		{ "Contact: mailto:a@b.example\nExpires: 1970-01-01T00:00:00Z\n", 0,
		  "" },
		{ "# Contact: mailto:a@b.example\n", 0, "" },
		{ "", 0, "" },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slices found = { 0 };

		security_txt_read(arena, slice_of(rows[i].text), SECOND_US, &found);
		if (CHECK_INT(found.count, rows[i].count) && found.count)
			CHECK(slice_equal(found.at[0], slice_of(rows[i].first)));
	}
	arena_free(arena);
}

static void reads_origins(void)
{
	static const struct {
		const char *text;
		size_t count;
	} rows[] = {
		{ "64500 | 203.0.113.0/24 | NL | ripencc | 2007-01-01", 1 },
		{ "64500 64501 64500 | 203.0.113.0/24 | NL", 2 },
		{ "64500 | 198.51.100.0/24 | NL", 0 },
		{ "0 4294967296 x | 203.0.113.0/24", 0 },
		{ "64500", 0 },
	};
	struct arena *arena = arena_new();
	struct address about = { 0 };

	CHECK_INT(address_parse(S("203.0.113.7"), &about), 0);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct origins found = { 0 };

		origin_text_read(arena, slice_of(rows[i].text), &about, &found);
		CHECK_INT(found.count, rows[i].count);
	}
	arena_free(arena);
}

static void knows_numbers(void)
{
	static const struct {
		uint32_t number;
		bool special;
	} rows[] = {
		{ 0, true },          { 1, false },         { 23455, false },
		{ 23456, true },      { 64495, false },     { 64496, true },
		{ 64512, true },      { 65535, true },      { 65551, true },
		{ 131071, true },     { 131072, false },    { 4199999999, false },
		{ 4200000000, true }, { UINT32_MAX, true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_INT(number_special(rows[i].number, false).len > 0,
			  rows[i].special);
	CHECK_INT(number_special(64500, true).len, 0);
}

/* The tables that are built in hold only rows that can be read. */
static void reads_shipped_tables(void)
{
	struct arena *arena = arena_new();
	struct providers providers = { 0 };
	struct csirts csirts = { 0 };
	struct error err = { 0 };

	CHECK_INT(providers_read(arena,
				 (struct slice){ providers_shipped,
						 providers_shipped_bytes },
				 &providers, &err),
		  0);
	CHECK_TEXT(err.text, "");
	CHECK(providers.count >= 8);
	CHECK(provider_of(&providers, S("abuse@desk.hetzner.com")) != NULL);
	CHECK(provider_of(&providers, S("abuse@nothetzner.com")) == NULL);
	CHECK_INT(csirts_read(arena,
			      (struct slice){ csirts_shipped, csirts_shipped_bytes },
			      &csirts, &err),
		  0);
	CHECK_TEXT(err.text, "");
	CHECK(csirts.count >= 20);
	arena_free(arena);
}

/* What stands behind the source of a row; "" says that the row is none. */
static void reads_rows_of_providers(void)
{
	static const struct {
		const char *row, *format, *terms;
		int result;
	} rows[] = {
		{ "isp.example | mail | - | w | s; d", "", "", 0 },
		{ "isp.example | mail | - | w | s; d |", "", "", 0 },
		{ "isp.example | mail | - | w | s; d | format = plain", "plain", "",
		  0 },
		{ "isp.example | mail | - | w | s; d | format=xarf-0.2 | terms=rule 4",
		  "xarf-0.2", "rule 4", 0 },
		{ "isp.example | mail | - | w | s; d | terms = a = b", "", "a = b", 0 },
		{ "isp.example | mail | - | w | s; d | format = xar", "", "", -1 },
		{ "isp.example | mail | - | w | s; d | format = plain|csv", "", "",
		  -1 },
		{ "isp.example | mail | - | w | s; d | format =", "", "", -1 },
		{ "isp.example | mail | - | w | s; d | terms =", "", "", -1 },
		{ "isp.example | mail | - | w | s; d | colour = red", "", "", -1 },
		{ "isp.example | mail | - | w | s; d | plain", "", "", -1 },
		{ "isp.example | api | - | w | s; d", "", "", 0 },
		{ "isp.example | api | https://isp.example/f | w | s; d", "", "", 0 },
		{ "isp.example | api | http://isp.example/f | w | s; d", "", "", -1 },
		{ "isp.example | form | - | w | s; d", "", "", -1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct providers providers = { 0 };
		struct error err = { 0 };

		CHECK_INT(providers_read(arena, slice_of(rows[i].row), &providers,
					 &err),
			  rows[i].result);
		if (rows[i].result != 0) {
			CHECK_INT(err.kind, ERROR_CONFIG);
			CHECK(strstr(err.text, "isp.example") != NULL);
		} else {
			CHECK_SLICE(providers.at[0].format, slice_of(rows[i].format));
			CHECK_SLICE(providers.at[0].terms, slice_of(rows[i].terms));
		}
		arena_free(arena);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(reads_security_txt), TEST(reads_origins),
			 TEST(knows_numbers), TEST(reads_shipped_tables),
			 TEST(reads_rows_of_providers));
}
