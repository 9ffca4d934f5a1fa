#include "event/row.h"

#include "check.h"
#include "event/filter.h"
#include "event/matcher.h"

/* What the rules made of the line at hand: "matched/0", "ignored", ...; and its row. */
struct heard {
	struct arena *arena;
	struct rows *rows;
	struct slice verdicts, row;
};

static const char *const VERDICTS[WITNESS_VERDICTS] = {
	"missed", "ignored", "harmless", "waiting", "no-source", "limited", "matched",
};

static void hear(void *context, const struct witness_account *account)
{
	struct heard *heard = context;
	struct row row;
	struct buffer text;

	heard->verdicts =
		arena_printf(heard->arena, SLICE_FMT "%s%s/%d",
			     SLICE_ARG(heard->verdicts), heard->verdicts.len ? " " : "",
			     VERDICTS[account->verdict], account->failregex);
	if (!rows_take(heard->rows, heard->arena, account, &row))
		return;
	buffer_init(&text, 1 << 16);
	row_write(&row, &text);
	heard->row = arena_copy(heard->arena, buffer_slice(&text));
	buffer_clear(&text);
}

static struct rules *rules_made(void)
{
	struct slice session[] = {
		S("^Failed for <F-USER>.*</F-USER> from <HOST>$"),
		S("^<F-NOFAIL>Hello</F-NOFAIL> of <F-USER>\\w+</F-USER>$"),
		S("^No address$"),
		S("^<F-MLFFORGET><F-MLFGAINED>Welcome</F-MLFGAINED></F-MLFFORGET> from <HOST>$"),
	};
	struct slice plain[] = { S("^ plain <F-ALT_USER_1>\\w*</F-ALT_USER_1>/"
				   "<F-USER>\\w*</F-USER> <HOST>$"),
				 S("^ <F-NOFAIL>noted</F-NOFAIL> <HOST>$"),
				 S("^ id <F-ID>\\S+</F-ID> of <HOST>$") };
	struct slice ignored = S("192\\.0\\.2\\.66");
	struct filter filters[] = {
		{ .name = S("plain"),
		  .failregex = { plain, 3, 3 },
		  .ignoreregex = { &ignored, 1, 1 },
		  .maxlines = 1,
		  .no_act = true },
		{ .name = S("session"),
		  .failregex = { session, 4, 4 },
		  .maxlines = 1,
		  .prefregex = S("^ <F-MLFID>\\d+</F-MLFID>: "
				 "<F-CONTENT>.+</F-CONTENT>$") },
	};
	struct error err = { 0 };
	struct rules *rules = rules_new(filters, COUNT_OF(filters), &err);

	CHECK_TEXT(err.text, "");
	return rules;
}

/* Lines of one log; of plain what is said is "missed" unless it is the one to speak. */
static const struct {
	const char *line, *verdicts, *row;
} ROWS[] = {
	{ "nothing", "missed/-1 missed/-1", "" },
	{ "2026-11-20 10:00:00 plain a/b 192.0.2.1", "matched/0 missed/-1",
	  "['192.0.2.1',\t1795168800.0,\t{'alt_user_1': 'a', 'ip4': '192.0.2.1', "
	  "'ip6': None, 'user': 'b'}]," },
	{ "plain a/ 192.0.2.1", "missed/-1 missed/-1", "" },
	{ "2026-11-20 10:00:00.5 plain a/ 2001:DB8::1", "matched/0 missed/-1",
	  "['2001:db8::1',\t1795168800.0,\t{'alt_user_1': 'a', 'ip4': None, "
	  "'ip6': '2001:DB8::1', 'user': 'a'}]," },
	{ " plain / 192.0.2.1", "matched/0 missed/-1",
	  "['192.0.2.1',\tNone,\t{'alt_user_1': '', 'ip4': '192.0.2.1', 'ip6': None, "
	  "'user': ''}]," },
	{ "2026-11-20 10:00:00 plain a/b 192.0.2.66", "ignored/0 missed/-1", "" },
	{ "2026-11-20 10:00:00 plain a/b 192.0.2.300", "no-source/0 missed/-1", "" },
	{ "2026-11-20 10:00:00 noted 192.0.2.1", "harmless/1 missed/-1", "" },
	{ "2026-11-20 10:00:00 id [192.0.2.9] of 2001:DB8::1", "matched/2 missed/-1",
	  "['192.0.2.9',\t1795168800.0,\t{'fid': '[192.0.2.9]', 'ip': '2001:db8::1', "
	  "'ip4': None, 'ip6': '2001:DB8::1'}]," },
	{ "2026-11-20 10:00:00 1: Failed for it's from 192.0.2.1",
	  "missed/-1 matched/0",
	  "['192.0.2.1',\t1795168800.0,\t{'ip4': '192.0.2.1', 'ip6': None, "
	  "'mlfid': '1', 'user': \"it's\", 'users': {\"it's\"}}]," },
	{ "2026-11-20 10:00:01 2: Hello of ann", "missed/-1 harmless/1", "" },
	{ "2026-11-20 10:00:02 2: No address", "missed/-1 waiting/2", "" },
	{ "2026-11-20 10:00:03 2: Failed for bob from 192.0.2.2", "missed/-1 matched/0",
	  "['192.0.2.2',\t1795168803.0,\t{'ip4': '192.0.2.2', 'mlfid': '2', "
	  "'user': 'bob', 'users': {'ann', 'bob'}}]," },
	{ "2026-11-20 10:00:04 3: Failed for \xc3\xa4\t'\"\\\x07 from 192.0.2.3",
	  "missed/-1 matched/0",
	  "['192.0.2.3',\t1795168804.0,\t{'ip4': '192.0.2.3', 'ip6': None, "
	  "'mlfid': '3', 'user': '\xc3\xa4\\t\\'\"\\\\\\x07', 'users': "
	  "{'\xc3\xa4\\t\\'\"\\\\\\x07'}}]," },
	{ "2026-11-20 10:00:05 4: Failed for \xe2\x80\xaex from 192.0.2.4",
	  "missed/-1 matched/0",
	  "['192.0.2.4',\t1795168805.0,\t{'ip4': '192.0.2.4', 'ip6': None, "
	  "'mlfid': '4', 'user': '\\u202ex', 'users': {'\\u202ex'}}]," },
	{ "2026-11-20 10:00:06 4: Welcome from 192.0.2.4", "missed/-1 harmless/3", "" },
};

static void tells_what_became_of_lines(void)
{
	struct rules *rules = rules_made();
	struct error err = { 0 };
	struct zone *zone = zone_open(S("UTC"), &err);
	struct matcher_options options = { zone, INT64_C(1795200000000000) };
	struct matcher *matcher = matcher_new(rules, &options);
	struct heard heard = { .arena = arena_new(), .rows = rows_new(2) };
	struct witness witness = { hear, &heard };

	matcher_tell(matcher, &witness);
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct line line = { .text = slice_of(ROWS[i].line),
				     .file = S("log"),
				     .number = i + 1 };
		struct event event;

		heard.verdicts = heard.row = S("");
		matcher_line(matcher, heard.arena, &line, &event);
		CHECK_SLICE(heard.verdicts, slice_of(ROWS[i].verdicts));
		CHECK_SLICE(heard.row, slice_of(ROWS[i].row));
	}
	rows_free(heard.rows);
	arena_free(heard.arena);
	matcher_free(matcher);
	rules_free(rules);
	zone_free(zone);
}

static void no_act_stays_none(void)
{
	struct rules *rules = rules_made();
	struct error err = { 0 };
	struct zone *zone = zone_open(S("UTC"), &err);
	struct matcher_options options = { zone, INT64_C(1795200000000000) };
	struct matcher *matcher = matcher_new(rules, &options);
	struct heard heard = { .arena = arena_new(), .rows = rows_new(2) };
	struct witness witness = { hear, &heard };
	struct line line = { .text = slice_of(ROWS[1].line), .file = S("log") };
	struct event event;

	CHECK_INT(matcher_line(matcher, heard.arena, &line, &event), 0);
	matcher_tell(matcher, &witness);
	CHECK_INT(matcher_line(matcher, heard.arena, &line, &event), 0);
	CHECK_SLICE(heard.verdicts, S("matched/0 missed/-1"));
	rows_free(heard.rows);
	arena_free(heard.arena);
	matcher_free(matcher);
	rules_free(rules);
	zone_free(zone);
}

int main(void)
{
	return CHECK_RUN(TEST(tells_what_became_of_lines), TEST(no_act_stays_none));
}
