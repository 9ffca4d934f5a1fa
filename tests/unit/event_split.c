/* The same events wherever a log is cut, whoever scans the pieces, and however old the
 * dates are that they were scanned with. The log is made by chance, by a fixed seed, of
 * all that makes lines depend on each other: several forms of dates, lines without one,
 * connections told by several lines, a template that comes up late. Lines repeat, so that
 * scans know them (event/repeat.h): a matcher with a witness reads each for itself.    */
#include "check.h"
#include "event/matcher.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINES = 3000, ROUNDS = 40, BEHIND_MAX = 4 };

struct ground {
	struct arena *arena;
	struct zone *zone;
	struct rules *rules;
	struct matcher_options options;
	struct slice log;
	struct slice before; /* the text of the line before */
	uint64_t seed;
};

enum way { WAY_READ, WAY_SCANNED, WAY_WITNESSED };

static uint64_t chance(struct ground *ground, uint64_t below)
{
	ground->seed =
		ground->seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (ground->seed >> 33) % below;
}

/* socklog's lines have their date in the middle, and later another one before it: what was
 * decided by the first is not what is decided by both.                                */
static void socklog_add(struct ground *ground, struct buffer *log, unsigned second,
			bool late)
{
	static const char level[] = "auth.infoinfoinfoinfoinfoinfoinfoinfoinfoinfo";
	unsigned hour = second / 3600, minute = second / 60 % 60;

	if (late)
		buffer_printf(log, "2026-11-20T%02u:%02u:%02u+01:00 ", hour, minute,
			      second % 60);
	if (late && chance(ground, 10) == 0) {
		buffer_printf(log, "web1 sshd[99]: Invalid user x from 203.0.113.99\n");
		return;
	}
	buffer_printf(log,
		      "%.*s: Nov 20 %02u:%02u:%02u sshd[%u]: Invalid user x from "
		      "203.0.113.%u\n",
		      late ? 9 : 9 + (int)chance(ground, 36), level, hour, minute,
		      second % 60, (unsigned)(100 + chance(ground, 40)),
		      (unsigned)(1 + chance(ground, 30)));
}

static void stamp_add(struct ground *ground, struct buffer *log, unsigned second,
		      bool late)
{
	unsigned hour = second / 3600, minute = second / 60 % 60;

	switch (chance(ground, late ? 4 : 2)) {
	case 2:
		buffer_printf(log, "2026-11-20T%02u:%02u:%02u.%06u+01:00 ", hour,
			      minute, second % 60, (unsigned)chance(ground, 1000000));
		break;
	case 3:
		buffer_printf(log, "2026/11/20 %02u:%02u:%02u ", hour, minute,
			      second % 60);
		break;
	default:
		buffer_printf(log, "Nov 20 %02u:%02u:%02u ", hour, minute, second % 60);
	}
}

static void line_add(struct ground *ground, struct buffer *log, unsigned second,
		     bool late)
{
	static const char *const texts[] = {
		"web1 sshd[%u]: Failed password for root from 203.0.113.%u port 4%u ssh2",
		"web1 sshd[%u]: Invalid user x from 203.0.113.%u port 4%u",
		"web1 sshd[%u]: Connection closed by authenticating user root "
		"203.0.113.%u port 4%u [preauth]",
		"web1 sshd[%u]: Failed password for invalid user \xc3\xbc\xff from "
		"203.0.113.%u port 4%u ssh2",
		"web1 systemd[%u]: Started Session %u of user jan, %u.",
		"web1 kernel: [%u.1] DROP IN=eth0 OUT= MAC=00 SRC=203.0.113.%u "
		"DST=198.51.100.5 LEN=60 TOS=0x00 PREC=0x00 TTL=49 ID=1 DF PROTO=TCP SPT=4 "
		"DPT=%u WINDOW=1024 RES=0x00 SYN URGP=0",
		"web1 ftpd[%u]: refused connect from 203.0.113.%u%.0u",
		"web1 sshd[%u]: Accepted password for jan from 203.0.113.%u port 4%u ssh2",
		"web1 postfix/smtpd[%u]: warning: unknown[203.0.113.%u]: SASL LOGIN "
		"authentication failed: UGFzc3dvcmQ6 %.0u",
	};
	size_t text = chance(ground, COUNT_OF(texts)), start;

	if (chance(ground, 12) != 0)
		stamp_add(ground, log, second, late);
	if (ground->before.len > 0 && chance(ground, 3) == 0) {
		buffer_add(log, ground->before);
		return;
	}
	start = log->len;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	buffer_printf(log, texts[text], (unsigned)(100 + chance(ground, 40)),
		      (unsigned)(1 + chance(ground, 30)), (unsigned)chance(ground, 10));
#pragma GCC diagnostic pop
	buffer_add(log, chance(ground, 20) == 0 ? S("\r\n") : S("\n"));
	ground->before =
		arena_copy(ground->arena, slice_from(buffer_slice(log), start));
}

static struct ground ground_new(uint64_t seed, bool socklog)
{
	struct ground ground = { .arena = arena_new(), .seed = seed };
	struct rules_options options = { .folder = slice_of(getenv("TIPOFF_RULES")) };
	struct error err = { 0 };
	struct buffer log;

	buffer_init(&log, 4 << 20);
	for (unsigned i = 0; i < LINES; i++) {
		if (socklog)
			socklog_add(&ground, &log, i / 3, i > LINES / 2);
		else
			line_add(&ground, &log, i / 3, i > LINES / 2);
	}
	ground.log = arena_copy(ground.arena, buffer_slice(&log));
	buffer_clear(&log);
	ground.zone = zone_open(S("UTC"), &err);
	ground.rules = rules_load(&options, &err);
	CHECK_TEXT(err.text, "");
	ground.options.zone = ground.zone;
	CHECK_INT(time_parse(S("2026-11-22T00:00:00Z"), &ground.options.written_at), 0);
	return ground;
}

static void ground_free(struct ground *ground)
{
	rules_free(ground->rules);
	zone_free(ground->zone);
	arena_free(ground->arena);
}

static void events_tell(const struct events *events, struct buffer *out)
{
	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->at[i];

		buffer_printf(out, "%llu@%llu %lld %d %s " SLICE_FMT " %d\n",
			      (unsigned long long)event->line.number,
			      (unsigned long long)event->line.offset,
			      (long long)event->at, event->time_basis,
			      address_format(&event->source).text,
			      SLICE_ARG(event->rule), event->contested);
		buffer_add(out, event->user);
		buffer_add(out, event->target_host);
	}
}

static struct input_chunk chunk_cut(const struct ground *ground, size_t start,
				    size_t least, uint64_t number)
{
	struct slice rest = slice_from(ground->log, start), whole = rest, line;
	struct input_chunk chunk = { .file = S("log"),
				     .offset = start,
				     .line = number,
				     .line_max_bytes = LINE_MAX_BYTES };

	while (whole.len - rest.len < least && input_stored_line(&rest, &line))
		chunk.lines++;
	chunk.bytes = slice_cut(whole, 0, whole.len - rest.len);
	return chunk;
}

static void account_ignore(void *context, const struct witness_account *account)
{
	(void)context;
	(void)account;
}

/* Pieces of at least `least` bytes (0: of any size), perhaps scanned with dates that are
 * up to BEHIND_MAX pieces old; the state saved and loaded now and then.                */
static struct slice log_read(struct ground *ground, size_t least, enum way way)
{
	const struct witness witness = { account_ignore, NULL };
	bool scans = way == WAY_SCANNED;
	struct matcher *matcher = matcher_new(ground->rules, &ground->options);
	struct scanner *scanner = scanner_new(ground->rules);
	struct arena *arena = arena_new();
	struct scan_dates dates = { .at = ARENA_ARRAY(
					    ground->arena, struct stamp_choice,
					    rules_stamp_sets(ground->rules)) };
	struct buffer told, state;
	uint64_t number = 1;
	size_t at = 0;
	struct slice out;

	buffer_init(&told, 16 << 20);
	buffer_init(&state, 16 << 20);
	if (way == WAY_WITNESSED)
		matcher_tell(matcher, &witness);
	matcher_dates(matcher, &dates);
	while (at < ground->log.len) {
		struct input_chunk chunk = chunk_cut(
			ground, at, least ? least : 1 + chance(ground, 20000), number);
		struct scan scan = { .arena = arena };
		struct events events = { 0 };

		if (scans)
			scan_chunk(scanner, &dates, &chunk, &scan);
		matcher_chunk(matcher, arena, &chunk, scans ? &scan : NULL, &events);
		events_tell(&events, &told);
		at += chunk.bytes.len;
		number += chunk.lines;
		if (chance(ground, BEHIND_MAX) == 0)
			matcher_dates(matcher, &dates);
		if (least == 0 && chance(ground, 5) == 0) {
			struct error err = { 0 };

			buffer_reset(&state);
			matcher_save(matcher, &state);
			matcher_free(matcher);
			matcher = matcher_new(ground->rules, &ground->options);
			CHECK_INT(matcher_load(matcher, buffer_slice(&state), &err), 0);
		}
		arena_reset(arena);
	}
	out = arena_copy(ground->arena, buffer_slice(&told));
	buffer_clear(&told);
	buffer_clear(&state);
	arena_free(arena);
	scanner_free(scanner);
	matcher_free(matcher);
	return out;
}

static size_t first_difference(struct slice a, struct slice b)
{
	size_t i = 0;

	while (i < a.len && i < b.len && a.at[i] == b.at[i])
		i++;
	return i > 100 ? i - 100 : 0;
}

static void splits_check(uint64_t seed, bool socklog)
{
	struct ground ground = ground_new(seed, socklog);
	struct slice whole = log_read(&ground, SIZE_MAX / 2, WAY_WITNESSED);
	size_t lines = 0;

	for (size_t i = 0; i < whole.len; i++)
		lines += whole.at[i] == '\n';
	CHECK(lines > LINES / 3);
	printf("# %zu events of %d lines, %d ways to cut them\n", lines, LINES, ROUNDS);
	for (int round = 0; round < ROUNDS; round++) {
		struct slice cut =
			log_read(&ground, 0, round % 2 == 1 ? WAY_SCANNED : WAY_READ);
		size_t from = first_difference(cut, whole);

		if (!CHECK_SLICE(slice_cut(cut, from, from + 200),
				 slice_cut(whole, from, from + 200)))
			break;
		CHECK_INT(cut.len, whole.len);
	}
	ground_free(&ground);
}

static void any_split_gives_the_same_events(void)
{
	splits_check(1, false);
}

static void whatever_the_log(void)
{
	splits_check(20261120, false);
}

static void a_date_before_the_known_one_is_seen_at_once(void)
{
	splits_check(3, true);
}

int main(void)
{
	return CHECK_RUN(TEST(any_split_gives_the_same_events), TEST(whatever_the_log),
			 TEST(a_date_before_the_known_one_is_seen_at_once));
}
