#include "event/order.h"

#include "base/cursor.h"
#include "event/header.h"

#include <string.h>

enum {
	RUN_BYTES_MAX = 8 * 1024, /* what a peer writes at once                  */
	ACCESS_LOOK = 300, /* bytes in which an access log has its date   */
	LINES_FEW = 2, /* that show a habit, where the log began so   */
	LINES_ENOUGH = 16, /* and where it did not                        */
	FORM_SHARE = 4, /* a quarter of the lines is a habit           */
	CUT_SHARE = 16,
	BACK_SECONDS = 600,
	AHEAD_SECONDS = 86400,
	HOUR_SECONDS = 3600,
	HOUR_SLACK = 300,
	YEAR_SECONDS = 366 * 86400,
	FAIL2BAN_STAMP = 24,
};

#define STATE_WORD "order "

/* --- one line --------------------------------------------------------------------------- */

/* Whether the text begins like the pattern: '9' is a digit, 'a' a letter, '-' one of -/ */
static bool begins(struct slice text, const char *pattern)
{
	for (size_t i = 0; pattern[i] != '\0'; i++) {
		char c = i < text.len ? text.at[i] : '\0';
		bool fits = pattern[i] == '9'   ? ascii_is_digit(c)
			    : pattern[i] == 'a' ? ascii_is_alpha(c)
			    : pattern[i] == '-' ? c == '-' || c == '/'
			    : pattern[i] == ' ' ? c == ' ' || c == 'T'
						: c == pattern[i];

		if (!fits)
			return false;
	}
	return true;
}

static bool is_access(struct slice text)
{
	struct slice rest = slice_cut(text, 0, ACCESS_LOOK);
	ptrdiff_t at;

	while ((at = slice_find_byte(rest, '[')) >= 0) {
		rest = slice_from(rest, (size_t)at + 1);
		if (begins(rest, "99-aaa-9999:"))
			return true;
	}
	return false;
}

/* JSON from a line's beginning, CrowdSec's and fail2ban's logs, Zeek's columns. Wider than
 * the readers: what looks like a record in a log that has none is worth a doubt.        */
static bool is_record(struct slice text)
{
	size_t digits = 0;

	if (text.len == 0)
		return false;
	if (text.at[0] == '{')
		return true;
	if (text.at[0] == '[')
		return text.len == 1 ||
		       slice_starts(slice_trim(slice_from(text, 1)), S("{"));
	if (begins(text, "9999-99-99 99:99:99,999 "))
		return slice_starts(slice_trim(slice_from(text, FAIL2BAN_STAMP)),
				    S("fail2ban"));
	while (digits < text.len &&
	       (ascii_is_digit(text.at[digits]) || text.at[digits] == '.'))
		digits++;
	return (digits > 0 && digits < text.len && text.at[digits] == '\t') ||
	       slice_starts(text, S("time=\"")) ||
	       slice_starts(text, S("#separator")) || slice_starts(text, S("#fields"));
}

static bool has_syslog_stamp(struct slice text)
{
	return begins(text, "aaa 99 99:99:99") || begins(text, "aaa  9 99:99:99");
}

static enum order_form form_of(struct slice text, const struct header *header)
{
	if (header->text.at != NULL || has_syslog_stamp(text))
		return FORM_SYSLOG;
	if (is_record(text))
		return FORM_RECORD;
	if (begins(text, "9999-99-99 99:99")) /* with a T: syslog, or anybody */
		return text.at[10] == ' ' ? FORM_DATED : FORM_NONE;
	if (begins(text, "[aaa aaa") || begins(text, "[9999-99-99"))
		return FORM_BRACKETS;
	if (begins(text, "99-aaa-9999") || begins(text, "aaa aaa 99") ||
	    begins(text, "aaa aaa  9"))
		return FORM_NAMED;
	return is_access(text) ? FORM_ACCESS : FORM_NONE;
}

static bool is_odd(struct slice text)
{
	bool odd = false;
	ptrdiff_t at;

	while ((at = slice_find_byte(text, '"')) >= 0) {
		odd ^= at == 0 || text.at[at - 1] != '\\';
		text = slice_from(text, (size_t)at + 1);
	}
	return odd;
}

static uint64_t two(struct slice text, size_t at)
{
	char tens = text.at[at] == ' ' ? '0' : text.at[at];

	return (uint64_t)(tens - '0') * 10 + (uint64_t)(text.at[at + 1] - '0');
}

static uint64_t clock_seconds(uint64_t month, uint64_t day, struct slice clock)
{
	return ((month * 31 + day) * 24 + two(clock, 0)) * HOUR_SECONDS +
	       two(clock, 3) * 60 + two(clock, 6);
}

/* Months are 31 days long here: only differences of minutes and days are looked at. */
static bool clock_read(struct slice text, uint64_t *out)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	bool is_short = begins(text, "aaa  9 99:99:99");
	ptrdiff_t month;

	if (begins(text, "9999-99-99 99:99:99")) {
		*out = clock_seconds(two(text, 5), two(text, 8), slice_from(text, 11));
		return true;
	}
	if (!is_short && !begins(text, "aaa 99 99:99:99"))
		return false;
	month = slice_find(slice_of(months), slice_cut(text, 0, 3));
	if (month < 0)
		return false;
	*out = clock_seconds((uint64_t)month / 3 + 1, two(text, 4),
			     slice_from(text, 7));
	return true;
}

static uint64_t hash_of(struct slice text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.at[i]) * UINT64_C(0x100000001b3);
	return text.len > 0 ? hash | 1 : 0;
}

static struct order_line line_of(struct order_memo *memo, struct slice text)
{
	struct header header = { 0 };
	struct order_line line = { 0 };
	bool is_syslog = header_parse_next(&memo->header, text, &header);

	if (is_syslog && memo->header.served && memo->line.form == FORM_SYSLOG) {
		line = memo->line;
		line.cut = is_odd(text);
		return line;
	}
	if (!is_syslog)
		header = (struct header){ 0 };
	line.form = form_of(text, &header);
	line.cut = line.form != FORM_RECORD && is_odd(text);
	line.host = hash_of(header.host);
	line.has_clock = clock_read(text, &line.clock);
	memo->line = (struct order_line){ 0 };
	if (is_syslog)
		memo->line = line;
	return line;
}

/* The same of an event's line, of which the matcher may have read the header already. */
static struct order_line event_line_of(struct order_memo *memo,
				       const struct event *event, struct slice text)
{
	struct slice start = { memo->header.bytes, memo->header.len };
	struct order_line line = memo->line;

	if (!event->is_syslog || start.len == 0 || line.form != FORM_SYSLOG ||
	    !slice_starts(text, start))
		return line_of(memo, text);
	line.cut = is_odd(text);
	return line;
}

/* Its form alone, which most lines tell by their first bytes. */
static enum order_form line_form(struct order_memo *memo, struct slice text)
{
	return has_syslog_stamp(text) ? FORM_SYSLOG : line_of(memo, text).form;
}

static struct order_line order_line_of(struct slice text)
{
	struct order_memo memo = { 0 };

	return line_of(&memo, text);
}

/* --- the lines before --------------------------------------------------------------------- */

static bool is_programs_own(enum order_form form)
{
	return form != FORM_NONE && form != FORM_SYSLOG;
}

/* The lines of one form, and undated ones between, before a place. */
struct behind {
	uint64_t row_bytes;
	enum order_form row, before_row;
};

static struct slice line_before(struct slice *bytes)
{
	struct slice text = *bytes;
	ptrdiff_t start;

	if (text.len > 0 && text.at[text.len - 1] == '\n')
		text.len--;
	start = slice_find_last_byte(text, '\n') + 1;
	*bytes = slice_cut(*bytes, 0, (size_t)start);
	text = slice_from(text, (size_t)start);
	if (text.len > 0 && text.at[text.len - 1] == '\r')
		text.len--;
	return text;
}

/* False where the row ended within `bytes`, or is as long as we look. */
static bool row_goes_on(struct behind *behind, struct slice bytes)
{
	struct order_memo memo = { 0 };

	while (bytes.len > 0 && behind->row_bytes < RUN_BYTES_MAX) {
		struct slice all = bytes, text = line_before(&bytes);
		enum order_form form = line_form(&memo, text);

		if (text.len > LINE_MAX_BYTES)
			return false;
		if (behind->row == FORM_NONE)
			behind->row = form;
		if (form != FORM_NONE && form != behind->row) {
			behind->before_row = form;
			return false;
		}
		behind->row_bytes += all.len - bytes.len;
	}
	return behind->row_bytes < RUN_BYTES_MAX;
}

/* The row at the end of `bytes`, which begin a chunk: as far as 8 KiB back. */
static struct behind look_back(const struct order *order,
			       const struct input_chunk *chunk, struct slice bytes)
{
	struct behind behind = { 0 };
	enum order_form row = order->row;

	if (row_goes_on(&behind, bytes) && order->end == chunk->offset) {
		if (behind.row == FORM_NONE || row == FORM_NONE || row == behind.row) {
			behind.row = behind.row == FORM_NONE ? row : behind.row;
			behind.row_bytes += order->row_bytes;
			behind.before_row = order->before_row;
		} else {
			behind.before_row = row;
		}
	}
	if (behind.row_bytes >= RUN_BYTES_MAX)
		behind.before_row = FORM_NONE;
	return behind;
}

/* --- signs ---------------------------------------------------------------------------------- */

/* Lines of forms that `form` does not stand among: of programs' own logs for a line of
 * syslog, of all others for a record.                                                  */
static bool is_strange_to(enum order_form form, enum order_form other)
{
	if (form == FORM_RECORD)
		return other != FORM_NONE && other != FORM_RECORD;
	return is_programs_own(other);
}

static uint64_t strange_lines(const struct order *order, enum order_form to)
{
	uint64_t sum = 0;

	for (int form = 0; form < FORM_COUNT; form++)
		sum += is_strange_to(to, (enum order_form)form) ? order->habit[form]
								: 0;
	return sum;
}

static bool is_odd_writer(const struct order *order, const struct order_line *line,
			  const struct input_chunk *chunk, struct slice bytes)
{
	uint64_t strange = strange_lines(order, line->form);
	uint64_t same = order->habit[line->form];
	uint64_t enough = order->first == line->form ? LINES_FEW : LINES_ENOUGH;
	struct behind behind;

	if ((line->form != FORM_SYSLOG && line->form != FORM_RECORD) ||
	    (same * FORM_SHARE >= strange + same && strange + same >= enough))
		return false;
	behind = look_back(order, chunk, bytes);
	if (behind.row == line->form)
		return is_strange_to(line->form, behind.before_row);
	return is_strange_to(line->form, behind.row);
}

static bool is_behind_cut(const struct order *order, const struct order_line *before)
{
	uint64_t own = strange_lines(order, FORM_SYSLOG);

	return before->cut && is_programs_own(before->form) &&
	       (own < LINES_ENOUGH || order->cut * CUT_SHARE <= own);
}

static bool is_out_of_order(const struct order *order, const struct order_line *line,
			    const struct order_line *before)
{
	int64_t jump = (int64_t)line->clock - (int64_t)before->clock;

	if (line->host == 0 || order->many_hosts || order->host == line->host ||
	    order->host_lines < LINES_ENOUGH || before->form != FORM_SYSLOG ||
	    !line->has_clock || !before->has_clock)
		return false;
	if (jump < -YEAR_SECONDS / 2 || jump > YEAR_SECONDS / 2)
		return false; /* New Year */
	if (jump > -HOUR_SECONDS - HOUR_SLACK && jump < -HOUR_SECONDS + HOUR_SLACK)
		return false;
	return jump < -BACK_SECONDS || jump > AHEAD_SECONDS;
}

/* --- what is learned ------------------------------------------------------------------------ */

static void line_learn(struct order *order, const struct order_line *line)
{
	order->habit[line->form]++;
	if (order->first == FORM_NONE)
		order->first = line->form;
	order->cut += line->cut && is_programs_own(line->form);
	if (line->host == 0 || order->many_hosts)
		return;
	if (order->host == 0)
		order->host = line->host;
	if (order->host == line->host)
		order->host_lines++;
	else
		order->many_hosts = true;
}

/* The event at hand among the lines before it. */
struct place {
	const struct input_chunk *chunk;
	struct slice behind; /* of the chunk, before the line          */
	struct order_line line, before;
	uint64_t bytes; /* of the line, with its newline           */
	bool any; /* `before` is known                        */
	bool follows; /* `before` is that of the event before     */
};

static struct place place_of(struct order *order, const struct input_chunk *chunk,
			     const struct order_place *at, const struct event *event)
{
	size_t start = (size_t)(at->line.offset - chunk->offset);
	struct place place = { .chunk = chunk,
			       .behind = slice_cut(chunk->bytes, 0, start),
			       .line = event_line_of(&order->memo, event,
						     at->line.text),
			       .bytes = at->line.text.len + 1,
			       .any = true };
	struct slice rest = place.behind;

	if (at->is_record && place.line.form != FORM_SYSLOG)
		place.line.form = FORM_RECORD;
	place.follows =
		order->event_number > 0 && order->event_number + 1 == at->line.number;
	if (place.follows) {
		place.before = order->event;
	} else if (rest.len > 0) {
		struct slice text = line_before(&rest);

		place.any = text.len <= LINE_MAX_BYTES;
		if (place.any)
			place.before = line_of(&order->memo, text);
	} else {
		place.any = order->end > 0 && order->end == chunk->offset;
		place.before = order->last;
	}
	return place;
}

/* Whether the line before is marked and this one is of the same kind. */
static bool is_in_run(const struct order *order, const struct place *place)
{
	return place->follows && order->doubt != DOUBT_NONE &&
	       place->line.form == order->event.form &&
	       (order->doubt != DOUBT_ORDER || place->line.host == order->event.host);
}

static enum doubt doubt_of(const struct order *order, const struct place *place)
{
	if (is_in_run(order, place))
		return order->run_bytes + place->bytes <= RUN_BYTES_MAX ? order->doubt
									: DOUBT_NONE;
	if (place->any && is_behind_cut(order, &place->before))
		return DOUBT_CUT;
	if (is_odd_writer(order, &place->line, place->chunk, place->behind))
		return DOUBT_WRITER;
	if (place->any && is_out_of_order(order, &place->line, &place->before))
		return DOUBT_ORDER;
	return DOUBT_NONE;
}

static void event_check(struct order *order, const struct input_chunk *chunk,
			const struct order_place *at, struct event *event)
{
	struct place place = place_of(order, chunk, at, event);

	if (place.any && !place.follows)
		line_learn(order, &place.before);
	event->doubt = doubt_of(order, &place);
	order->run_bytes =
		place.bytes + (is_in_run(order, &place) ? order->run_bytes : 0);
	order->doubt = event->doubt;
	order->event = place.line;
	order->event_number = at->line.number;
	if (event->doubt == DOUBT_NONE) {
		line_learn(order, &place.line);
		return;
	}
	event->contested = true;
	event->source = (struct address){ 0 };
	event->source_name = S("");
}

static void chunk_end(struct order *order, const struct input_chunk *chunk)
{
	struct behind behind = look_back(order, chunk, chunk->bytes);
	struct slice rest = chunk->bytes, text = line_before(&rest);

	order->last = (struct order_line){ 0 };
	if (text.len <= LINE_MAX_BYTES)
		order->last = order_line_of(text);
	order->end = chunk->offset + chunk->bytes.len;
	order->row = behind.row;
	order->row_bytes = behind.row_bytes;
	order->before_row = behind.before_row;
}

uint64_t order_check(struct order *order, const struct input_chunk *chunk,
		     struct event *events, const struct order_place *places,
		     size_t count)
{
	uint64_t marked = 0;

	for (size_t i = 0; i < count; i++) {
		struct order_place own = { events[i].line, false };

		event_check(order, chunk, places != NULL ? &places[i] : &own,
			    &events[i]);
		marked += events[i].doubt != DOUBT_NONE;
	}
	if (chunk->bytes.len > 0)
		chunk_end(order, chunk);
	return marked;
}

void order_next_file(struct order *order)
{
	struct order kept = *order;

	*order = (struct order){ .cut = kept.cut,
				 .host = kept.host,
				 .host_lines = kept.host_lines,
				 .many_hosts = kept.many_hosts,
				 .first = kept.first };
	memcpy(order->habit, kept.habit, sizeof order->habit);
}

/* --- the state as text ------------------------------------------------------------------- */

enum {
	FIXED_NUMBERS = 12,
	LINE_NUMBERS = 5,
	NUMBERS = FIXED_NUMBERS + 2 * LINE_NUMBERS + FORM_COUNT,
};

static uint64_t *line_pack(const struct order_line *line, uint64_t *to)
{
	const uint64_t numbers[LINE_NUMBERS] = { line->form, line->cut, line->host,
						 line->has_clock, line->clock };

	memcpy(to, numbers, sizeof numbers);
	return to + LINE_NUMBERS;
}

static const uint64_t *line_unpack(const uint64_t *from, struct order_line *line)
{
	*line = (struct order_line){ (enum order_form)from[0], from[1] > 0, from[2],
				     from[3] > 0, from[4] };
	return from + LINE_NUMBERS;
}

void order_save(const struct order *order, struct buffer *out)
{
	uint64_t numbers[NUMBERS] = { order->end,          order->row_bytes,
				      order->row,          order->before_row,
				      order->cut,          order->host,
				      order->host_lines,   order->many_hosts,
				      order->event_number, order->doubt,
				      order->run_bytes,    order->first };
	uint64_t *to = line_pack(&order->event,
				 line_pack(&order->last, numbers + FIXED_NUMBERS));

	memcpy(to, order->habit, sizeof order->habit);
	buffer_add(out, S(STATE_WORD));
	for (size_t i = 0; i < NUMBERS; i++)
		buffer_printf(out, "%s%llu", i > 0 ? " " : "",
			      (unsigned long long)numbers[i]);
	buffer_add_byte(out, '\n');
}

static bool numbers_fit(const uint64_t *n)
{
	return n[2] < FORM_COUNT && n[3] < FORM_COUNT && n[9] < DOUBT_COUNT &&
	       n[11] < FORM_COUNT && n[FIXED_NUMBERS] < FORM_COUNT &&
	       n[FIXED_NUMBERS + LINE_NUMBERS] < FORM_COUNT;
}

struct slice order_load(struct order *order, struct slice state)
{
	uint64_t n[NUMBERS] = { 0 };
	struct cursor cursor = cursor_of(state);
	struct slice line, rest;
	const uint64_t *from;

	*order = (struct order){ 0 };
	if (!slice_starts(state, S(STATE_WORD)) || !cursor_line(&cursor, &line))
		return state;
	rest = cursor_rest(&cursor);
	cursor = cursor_of(slice_from(line, sizeof(STATE_WORD) - 1));
	for (size_t i = 0; i < NUMBERS; i++) {
		n[i] = cursor_u64(&cursor, UINT64_MAX);
		if (i + 1 < NUMBERS)
			cursor_literal(&cursor, S(" "));
	}
	if (cursor.failed || !cursor_at_end(&cursor) || !numbers_fit(n))
		return rest;
	*order = (struct order){ .end = n[0],
				 .row_bytes = n[1],
				 .row = (enum order_form)n[2],
				 .before_row = (enum order_form)n[3],
				 .cut = n[4],
				 .host = n[5],
				 .host_lines = n[6],
				 .many_hosts = n[7] > 0,
				 .event_number = n[8],
				 .doubt = (enum doubt)n[9],
				 .run_bytes = n[10],
				 .first = (enum order_form)n[11] };
	from = line_unpack(line_unpack(n + FIXED_NUMBERS, &order->last), &order->event);
	memcpy(order->habit, from, sizeof order->habit);
	return rest;
}
