#include "base/clock.h"
#include "base/cursor.h"
#include "event/format_parts.h"

/* Seconds since 1970: what lies outside is no stamp of a log. */
enum { EPOCH_MIN = 100000000 };
#define EPOCH_MAX INT64_C(4102444800) /* 2100 */

struct slice field_text(const struct format_reading *reading,
			const struct json_value *object, const char *key)
{
	return arena_copy(reading->arena, json_text(json_get(object, key)));
}

bool field_address(const struct json_value *object, const char *key,
		   struct address *out)
{
	struct slice text = json_text(json_get(object, key));

	return text.len > 0 && address_parse(text, out) == 0;
}

uint64_t field_count(const struct json_value *object, const char *key, uint64_t max,
		     uint64_t otherwise)
{
	const struct json_value *value = json_get(object, key);
	struct slice text = json_text(value);
	int64_t number = json_integer(value, -1);
	uint64_t read;

	if (text.len > 0)
		return slice_to_u64(text, max, &read) == 0 ? read : otherwise;
	return number >= 0 && (uint64_t)number <= max ? (uint64_t)number : otherwise;
}

uint16_t field_port(const struct json_value *object, const char *key)
{
	return (uint16_t)field_count(object, key, UINT16_MAX, 0);
}

static int epoch_read(struct slice text, int64_t *at)
{
	struct cursor cursor = cursor_of(text);
	int64_t seconds = (int64_t)cursor_u64(&cursor, (uint64_t)EPOCH_MAX);
	int64_t us = 0;

	if (cursor_peek(&cursor) == '.') {
		(void)cursor_byte(&cursor);
		struct slice digits = cursor_while(&cursor, ascii_is_digit, 12);

		for (size_t i = 0; i < 6; i++)
			us = us * 10 + (i < digits.len ? digits.at[i] - '0' : 0);
	}
	if (cursor.failed || !cursor_at_end(&cursor) || seconds < EPOCH_MIN)
		return -1;
	*at = seconds * SECOND_US + us;
	return 0;
}

static int month_of(struct slice name)
{
	static const char *const names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (slice_equal_nocase(name, slice_of(names[i])))
			return (int)i + 1;
	}
	return 0;
}

/* "21/Nov/2026:02:14:07 +0000", written anew as RFC 3339. */
static int common_log_read(struct slice text, int64_t *at)
{
	char iso[] = "yyyy-mm-dd hh:mm:ss +hhmm";
	int month;

	if (text.len != 26 || text.at[2] != '/' || text.at[6] != '/' ||
	    text.at[11] != ':')
		return -1;
	month = month_of(slice_cut(text, 3, 6));
	for (size_t i = 0; i < 4; i++)
		iso[i] = text.at[7 + i];
	iso[5] = (char)('0' + month / 10);
	iso[6] = (char)('0' + month % 10);
	iso[8] = text.at[0];
	iso[9] = text.at[1];
	for (size_t i = 0; i < 14; i++)
		iso[11 + i] = text.at[12 + i];
	return month == 0 ? -1 : time_parse(slice_of(iso), at);
}

enum { STAMP_TEXT_MAX = 48 };

/* "2026-11-21 05:14:30,123": a time of the log's own zone. */
static int local_read(const struct zone *zone, struct slice text, int64_t *at)
{
	char utc[STAMP_TEXT_MAX + 2];
	size_t len = 0;
	int64_t local;

	if (text.len < 19 || text.len > STAMP_TEXT_MAX)
		return -1;
	for (; len < text.len; len++)
		utc[len] = text.at[len] == ',' ? '.' : text.at[len];
	utc[len++] = 'Z';
	if (time_parse((struct slice){ utc, len }, &local) != 0)
		return -1;
	*at = zone_to_utc(zone, local);
	return 0;
}

int stamp_text_read(const struct zone *zone, struct slice text, int64_t *at,
		    enum time_basis *basis)
{
	if (slice_ends(text, S(" UTC")))
		text = slice_cut(text, 0, text.len - 4);
	*basis = TIME_BASIS_FULL;
	/* a bare date is no time of an act */
	if (text.len > 10 && time_parse(text, at) == 0)
		return 0;
	if (epoch_read(text, at) == 0 || common_log_read(text, at) == 0)
		return 0;
	*basis = TIME_BASIS_ZONE;
	return local_read(zone, text, at);
}

int field_time(const struct format_reading *reading, const struct json_value *value,
	       int64_t *at, enum time_basis *basis)
{
	double seconds = json_number(value, -1);

	if (!json_is_number(value))
		return stamp_text_read(reading->zone, json_text(value), at, basis);
	if (!(seconds >= EPOCH_MIN && seconds <= (double)EPOCH_MAX))
		return -1;
	*at = (int64_t)(seconds * (double)SECOND_US + 0.5);
	*basis = TIME_BASIS_FULL;
	return 0;
}

struct slice port_service(uint16_t port)
{
	static const struct {
		uint16_t port;
		struct slice service;
	} rows[] = {
		{ 21, { "ftp", 3 } },           { 22, { "ssh", 3 } },
		{ 23, { "telnet", 6 } },        { 25, { "smtp", 4 } },
		{ 53, { "dns", 3 } },           { 80, { "http", 4 } },
		{ 110, { "pop3", 4 } },         { 143, { "imap", 4 } },
		{ 443, { "https", 5 } },        { 445, { "smb", 3 } },
		{ 465, { "submission", 10 } },  { 587, { "submission", 10 } },
		{ 993, { "imap", 4 } },         { 995, { "pop3", 4 } },
		{ 1433, { "mssql", 5 } },       { 3306, { "mysql", 5 } },
		{ 3389, { "rdp", 3 } },         { 5060, { "sip", 3 } },
		{ 5432, { "postgresql", 10 } }, { 5900, { "vnc", 3 } },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (rows[i].port == port)
			return rows[i].service;
	}
	return S("");
}

struct event *event_add(struct format_reading *reading, struct event event)
{
	struct event *added = LIST_ADD(reading->arena, reading->out);

	if (event.count == 0 && event.outcome <= OUTCOME_SUCCESS)
		event.count = 1;
	if (event.line.file.len == 0)
		event.line = reading->line;
	if (event.target_host.len == 0)
		event.target_host = reading->host;
	event.retold = format_is_retold(event.rule);
	*added = event;
	return added;
}
