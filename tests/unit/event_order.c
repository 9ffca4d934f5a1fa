#include "check.h"
#include "event/order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 400, LOG_MAX = 64 * 1024 };

/* A log whose lines are named by letters; a capital is an event.
 *   s S   syslog of web1            a A   an access log, with quotes that close
 *   o O   syslog of another host, two days before
 *   p P   syslog of another host, in time
 *   d D   a program's own log       c     an access log's line, cut off within quotes
 *   q     the rest of such a line   b     syslog, two hours before
 *   h H   syslog, an hour before    u     a line without a date
 *   r     a record in JSON          f     a line of fail2ban's log
 *   z     a line of Zeek's columns  t     a line of CrowdSec's log                    */
/* The same numbers in every run. */
static size_t chance(void)
{
	static uint64_t seed = 20261120;

	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(seed >> 33);
}

static const struct {
	char letter;
	const char *text;
} LINES[] = {
	{ 's',
	  "Nov 20 10:00:01 web1 sshd[7]: Failed password for root from 192.0.2.9" },
	{ 'o',
	  "Nov 18 10:00:01 web9 sshd[7]: Failed password for root from 192.0.2.9" },
	{ 'p',
	  "Nov 20 10:00:02 web8 sshd[7]: Failed password for root from 192.0.2.9" },
	{ 'b',
	  "Nov 20 08:00:01 web1 sshd[7]: Failed password for root from 192.0.2.9" },
	{ 'h',
	  "Nov 20 09:00:01 web1 sshd[7]: Failed password for root from 192.0.2.9" },
	{ 'a',
	  "192.0.2.9 - - [20/Nov/2026:10:00:01 +0000] \"GET / HTTP/1.1\" 404 9 \"-\" \"\\\"\"" },
	{ 'c',
	  "192.0.2.9 - - [20/Nov/2026:10:00:01 +0000] \"GET / HTTP/1.1\" 404 9 \"-\" \"x" },
	{ 'd', "2026/11/20 10:00:01 [error] 7#7: *1 something" },
	{ 'q', "\"" },
	{ 'u', "\tat somewhere" },
	{ 'r', "{\"event_type\":\"alert\",\"src_ip\":\"192.0.2.9\",\"why\":\"\\\\\"}" },
	{ 'f',
	  "2026-11-20 10:00:01,123 fail2ban.actions [7]: NOTICE [sshd] Ban 192.0.2.9" },
	{ 'z', "1795168801.125\tC9\t192.0.2.9\t40000\t203.0.113.7\t22" },
	{ 't',
	  "time=\"20-11-2026 10:00:01\" level=info msg=\"Ip 192.0.2.9 performed 'x'\"" },
};

static const char *text_of(char letter)
{
	for (size_t i = 0; i < COUNT_OF(LINES); i++) {
		if (LINES[i].letter == ascii_lower(letter))
			return LINES[i].text;
	}
	abort();
}

struct log {
	char text[LOG_MAX];
	size_t len, starts[LINES_MAX + 1], count;
	const char *letters;
	char marks[LINES_MAX + 1];
};

static void log_make(struct log *log, const char *letters)
{
	*log = (struct log){ .letters = letters };
	for (; letters[log->count] != '\0'; log->count++) {
		struct slice text = slice_of(text_of(letters[log->count]));

		log->starts[log->count] = log->len;
		memcpy(log->text + log->len, text.at, text.len);
		log->text[log->len + text.len] = '\n';
		log->len += text.len + 1;
	}
	log->starts[log->count] = log->len;
}

static struct event event_of(const struct log *log, size_t line)
{
	size_t start = log->starts[line];
	struct event event = { .source = { .family = FAMILY_IPV4 } };

	event.line = (struct line){
		.text = { log->text + start, log->starts[line + 1] - start - 1 },
		.number = line + 1,
		.offset = start,
	};
	return event;
}

/* Lines [from, to) as one chunk. */
static void chunk_check(struct log *log, struct order *order, size_t from, size_t to)
{
	struct event events[LINES_MAX];
	struct input_chunk chunk = {
		.bytes = { log->text + log->starts[from],
			   log->starts[to] - log->starts[from] },
		.offset = log->starts[from],
		.line = from + 1,
		.line_max_bytes = LINE_MAX_BYTES,
	};
	size_t count = 0;
	uint64_t marked;

	for (size_t i = from; i < to; i++) {
		log->marks[i] = '.';
		if (log->letters[i] < 'a')
			events[count++] = event_of(log, i);
	}
	marked = order_check(order, &chunk, events, NULL, count);
	for (size_t i = 0; i < count; i++) {
		const struct event *event = &events[i];

		log->marks[event->line.number - 1] = " wco"[event->doubt];
		marked -= event->doubt != DOUBT_NONE;
		CHECK_INT(event->contested, event->doubt != DOUBT_NONE);
		CHECK_INT(event->source.family == FAMILY_NONE, event->contested);
	}
	CHECK_INT(marked, 0);
}

static void through_text(struct order *order)
{
	struct buffer state;
	struct slice rest;

	buffer_init(&state, 4096);
	order_save(order, &state);
	buffer_add(&state, S("behind\n"));
	rest = order_load(order, buffer_slice(&state));
	CHECK_SLICE(rest, S("behind\n"));
	buffer_clear(&state);
}

/* `lines` to a chunk, the order saved and loaded between them; 0: of any size. */
static void in_chunks(struct log *log, size_t lines)
{
	struct order order = { 0 };

	for (size_t from = 0; from < log->count;) {
		size_t size = lines ? lines : 1 + chance() % 20;
		size_t to = from + size < log->count ? from + size : log->count;

		chunk_check(log, &order, from, to);
		through_text(&order);
		from = to;
	}
}

static const struct {
	const char *lines, *marks; /* ' ' an event that fits, . no event */
} ROWS[] = {
	/* ordinary logs */
	{ "SSsSsbSSSS", "  . ..    " },
	{ "AAaAADAdAA", "  .    .  " },
	{ "SuSuASAS", " . .    " },
	{ "sssssssssssssssssssssssssSSPSP", ".........................     " },
	{ "SSSSSSSSSSSSSSSSSSSSHSHhS", "                       . " },
	{ "SSSSSSSSSSSSSSSSSSSSPOPO", "                        " },
	{ "sSssSsAASAAS", ". .. .      " },
	/* another writer */
	{ "aS", ".w" },
	{ "aaASaS", ".. w.w" },
	{ "ssAAAAAASA", "..      w " },
	{ "auSuA", "..w. " },
	{ "dsS", "..w" },
	{ "dsussS", ".....w" },
	{ "aSSSSA", ".wwww " },
	/* cut off before */
	{ "AcAqA", " .c. " },
	{ "AcAAqA", " .cc. " },
	{ "AcSqA", " .c. " },
	{ "AcDqA", " .c. " },
	{ "scS", "..c" },
	/* a record where none are written */
	{ "RRRR", "    " },
	{ "rRuRRF", ". .   " },
	{ "AAR", "  w" },
	{ "sssR", "...w" },
	{ "ssuF", "...w" },
	{ "AAFRZTA", "  wwww " },
	{ "rrRRARSR", "..    w " },
	{ "SSSSSSSSSSSSSSSSSSSSRS", "                    w " },
	/* out of order */
	{ "SSSSSSSSSSSSSSSSSSSSOS", "                    o " },
	{ "SSSSSSSSSSSSSSSSSSSSOOS", "                    oo " },
};

static void signs_are_seen_wherever_chunks_end(void)
{
	static struct log log;

	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		for (size_t lines = 1; lines < 30; lines++) {
			log_make(&log, ROWS[i].lines);
			in_chunks(&log, lines);
			CHECK_TEXT(log.marks, ROWS[i].marks);
		}
	}
}

/* A log that changes its form is believed after 8 KiB, which is what a peer writes. */
static void a_long_row_is_believed(void)
{
	static struct log log;
	char letters[LINES_MAX + 1] = { 0 };
	size_t marked = 0;

	memset(letters, 'A', 50);
	memset(letters + 50, 'S', LINES_MAX - 50);
	log_make(&log, letters);
	in_chunks(&log, 7);
	for (size_t i = 0; i < LINES_MAX; i++)
		marked += log.marks[i] == 'w';
	CHECK_INT(marked, 8192 / (log.starts[60] - log.starts[59]));
	CHECK_INT(log.marks[50], 'w');
	CHECK_INT(log.marks[LINES_MAX - 1], ' ');
}

static void any_log_gives_the_same_however_it_is_cut(void)
{
	static struct log whole, cut;
	char letters[LINES_MAX + 1] = { 0 };
	size_t marked = 0;

	for (size_t round = 0; round < 300; round++) {
		size_t kinds = 2 + chance() % 6, shift = chance();

		for (size_t i = 0; i < LINES_MAX; i++) {
			char c = LINES[(chance() % kinds + shift) % COUNT_OF(LINES)]
					 .letter;

			letters[i] = c != 'c' && c != 'q' && c != 'u' && chance() % 3
					     ? ascii_upper(c)
					     : c;
		}
		log_make(&whole, letters);
		in_chunks(&whole, LINES_MAX);
		log_make(&cut, letters);
		in_chunks(&cut, 0);
		if (!CHECK_TEXT(cut.marks, whole.marks))
			return;
		for (size_t i = 0; i < LINES_MAX; i++)
			marked += whole.marks[i] != ' ' && whole.marks[i] != '.';
	}
	CHECK(marked > 1000);
}

static void a_damaged_state_begins_afresh(void)
{
	static const char *const states[] = { "order 1 2 3\n", "order \n", "order x\n",
					      "order 18446744073709551616\n" };
	struct order order = { .many_hosts = true };
	struct slice rest;

	for (size_t i = 0; i < COUNT_OF(states); i++) {
		order.many_hosts = true;
		rest = order_load(&order, slice_of(states[i]));
		CHECK_INT(rest.len, 0);
		CHECK(!order.many_hosts);
	}
	rest = order_load(&order, S("tipoff-matcher 1 x\n"));
	CHECK_SLICE(rest, S("tipoff-matcher 1 x\n"));
}

int main(void)
{
	return CHECK_RUN(TEST(signs_are_seen_wherever_chunks_end),
			 TEST(a_long_row_is_believed),
			 TEST(any_log_gives_the_same_however_it_is_cut),
			 TEST(a_damaged_state_begins_afresh));
}
