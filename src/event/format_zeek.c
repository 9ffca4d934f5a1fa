/* Zeek's notice.log and conn.log: tab-separated under a header of "#" lines (its "Zeek Log
 * Formats"), or one JSON object a line.
 *
 * A notice names the attacker in `src`. Of conn.log only attempts that never became a
 * connection are read: who connects is no attacker. None of these proves the address, as
 * no handshake was completed; what a notice tells of logins does.                       */
#include "base/cursor.h"
#include "event/format_parts.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_MAX_BYTES = 16 * 1024, COLUMNS_MAX = 128 };

enum column {
	COLUMN_TS,
	COLUMN_ORIG_H,
	COLUMN_ORIG_P,
	COLUMN_RESP_H,
	COLUMN_RESP_P,
	COLUMN_PROTO,
	COLUMN_NOTE,
	COLUMN_MSG,
	COLUMN_SUB,
	COLUMN_SRC,
	COLUMN_DST,
	COLUMN_P,
	COLUMN_N,
	COLUMN_STATE,
	COLUMN_HISTORY,
	COLUMN_LOCAL_ORIG,
	COLUMN_COUNT,
};
static const char *const COLUMNS[COLUMN_COUNT] = {
	"ts",   "id.orig_h",  "id.orig_p", "id.resp_h",  "id.resp_p", "proto",
	"note", "msg",        "sub",       "src",        "dst",       "p",
	"n",    "conn_state", "history",   "local_orig",
};

struct zeek {
	struct buffer header; /* its lines, to be saved                            */
	bool is_open; /* between #fields and #close                        */
	char separator;
	struct slice path, unset; /* in `header`                                   */
	size_t count; /* of columns                                        */
	int8_t place[COLUMNS_MAX]; /* which of ours stands there; -1 none          */
};

/* A record's values by column; absent and unset ones are empty. */
struct zeek_row {
	struct slice at[COLUMN_COUNT];
};

struct zeek *zeek_new(void)
{
	struct zeek *zeek = calloc(1, sizeof *zeek);

	if (zeek == NULL)
		abort();
	buffer_init(&zeek->header, HEADER_MAX_BYTES);
	return zeek;
}

void zeek_free(struct zeek *zeek)
{
	buffer_clear(&zeek->header);
	free(zeek);
}

bool zeek_is_begun(const struct zeek *zeek)
{
	return zeek->header.len > 0;
}

/* ---- records ---- */

static const struct zeek_note {
	const char *name;
	enum category category;
	enum outcome outcome;
	enum certainty certainty;
	const char *service;
	const char *count; /* its words before the number in `msg`              */
} NOTES[] = {
	{ "SSH::Password_Guessing", CATEGORY_LOGIN_ATTACK, OUTCOME_ATTEMPT,
	  CERTAINTY_CONNECTION, "ssh", "(seen in " },
	{ "SSH::Login_By_Password_Guesser", CATEGORY_LOGIN_ATTACK, OUTCOME_SUCCESS,
	  CERTAINTY_CONNECTION, "ssh", NULL },
	{ "FTP::Bruteforcing", CATEGORY_LOGIN_ATTACK, OUTCOME_ATTEMPT,
	  CERTAINTY_CONNECTION, "ftp", " had " },
	{ "Scan::Port_Scan", CATEGORY_SCAN, OUTCOME_ATTEMPT, CERTAINTY_DATAGRAM, "",
	  " scanned at least " },
	{ "Scan::Address_Scan", CATEGORY_SWEEP, OUTCOME_ATTEMPT, CERTAINTY_DATAGRAM, "",
	  " scanned at least " },
	{ "Scan::Random_Scan", CATEGORY_SWEEP, OUTCOME_ATTEMPT, CERTAINTY_DATAGRAM, "",
	  " scanned at least " },
	{ "HTTP::SQL_Injection_Attacker", CATEGORY_EXPLOIT_ATTEMPT, OUTCOME_ATTEMPT,
	  CERTAINTY_CONNECTION, "http", NULL },
	{ "Heartbleed::SSL_Heartbeat_Attack", CATEGORY_EXPLOIT_ATTEMPT, OUTCOME_ATTEMPT,
	  CERTAINTY_CONNECTION, "", NULL },
	{ "Heartbleed::SSL_Heartbeat_Attack_Success", CATEGORY_EXPLOIT_ATTEMPT,
	  OUTCOME_ATTEMPT, CERTAINTY_CONNECTION, "", NULL },
};

/* Packages name their notices for the weakness: "CVE_2021_44228::LOG4J_ATTEMPT_HEADER". */
static const struct zeek_note CVE_NOTE = {
	"CVE_", CATEGORY_EXPLOIT_ATTEMPT, OUTCOME_ATTEMPT, CERTAINTY_CONNECTION, "",
	NULL
};

static const struct zeek_note *note_find(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(NOTES); i++) {
		if (slice_equal(name, slice_of(NOTES[i].name)))
			return &NOTES[i];
	}
	if (slice_starts(name, S("CVE_")) && slice_find_nocase(name, S("ATTEMPT")) >= 0)
		return &CVE_NOTE;
	return NULL;
}

enum { NOTE_COUNT_MAX = 1000000 };

/* "192.0.2.9 scanned at least 25 unique hosts": the number behind these words. */
static uint64_t note_count(const struct zeek_note *note, const struct zeek_row *row)
{
	struct slice msg = row->at[COLUMN_MSG];
	ptrdiff_t words = note->count ? slice_find(msg, slice_of(note->count)) : -1;
	struct cursor cursor;
	uint64_t count;

	if (slice_to_u64(row->at[COLUMN_N], NOTE_COUNT_MAX, &count) == 0 && count > 0)
		return count;
	if (words < 0)
		return 1;
	cursor = cursor_of(slice_from(msg, (size_t)words + slice_of(note->count).len));
	count = cursor_u64(&cursor, NOTE_COUNT_MAX);
	return cursor.failed || count == 0 ? 1 : count;
}

static uint16_t port_of(struct slice text)
{
	uint64_t port;
	ptrdiff_t slash = slice_find_byte(text, '/'); /* "22/tcp" */

	if (slash >= 0)
		text = slice_cut(text, 0, (size_t)slash);
	return slice_to_u64(text, UINT16_MAX, &port) == 0 ? (uint16_t)port : 0;
}

static struct address address_of(struct slice text)
{
	struct address address;

	return address_parse(text, &address) == 0 ? address : (struct address){ 0 };
}

static void notice_read(struct format_reading *reading, const struct zeek_row *row,
			struct event event)
{
	const struct zeek_note *note = note_find(row->at[COLUMN_NOTE]);
	struct slice source = row->at[COLUMN_SRC], port = row->at[COLUMN_P];

	if (note == NULL || slice_equal(row->at[COLUMN_SUB], S("local")))
		return; /* "local": a machine of the network that Zeek watches */
	if (source.len == 0)
		source = row->at[COLUMN_ORIG_H];
	if (port.len == 0)
		port = row->at[COLUMN_RESP_P];
	event.category = note->category;
	event.outcome = note->outcome;
	event.certainty = note->certainty;
	event.count = note_count(note, row);
	event.target = address_of(row->at[COLUMN_DST].len ? row->at[COLUMN_DST]
							  : row->at[COLUMN_RESP_H]);
	event.target_port = port_of(port);
	event.service = slice_of(note->service);
	if (event.service.len == 0)
		event.service = port_service(event.target_port);
	if (event.protocol == PROTOCOL_NONE && event.target_port)
		event.protocol = PROTOCOL_TCP;
	event.source = address_of(source);
	if (event.source.family != FAMILY_NONE)
		event_add(reading, event);
}

/* Attempts that got no answer, were refused, or were taken back before the handshake was
 * complete ("ShR": SYN, its answer, and a reset in place of the ACK).                   */
static bool is_attempt(const struct zeek_row *row)
{
	static const char *const states[] = { "S0", "REJ", "RSTOS0", "SH" };
	struct slice state = row->at[COLUMN_STATE];

	for (size_t i = 0; i < COUNT_OF(states); i++) {
		if (slice_equal(state, slice_of(states[i])))
			return true;
	}
	return slice_equal(state, S("RSTO")) &&
	       slice_equal(row->at[COLUMN_HISTORY], S("ShR"));
}

/* A datagram from a port of services is an answer whose question Zeek did not see. */
static bool is_answer(const struct event *event)
{
	static const uint16_t ports[] = { 53,  67,  68,   80,   123,  137, 138,
					  443, 853, 1900, 3478, 5353, 5355 };

	for (size_t i = 0; i < COUNT_OF(ports); i++) {
		if (event->protocol == PROTOCOL_UDP && event->source_port == ports[i])
			return true;
	}
	return false;
}

static bool is_to_many(const struct address *target)
{
	uint8_t first = target->bytes[0];

	return target->family == FAMILY_IPV6 ? first == 0xff : first >= 224;
}

static void connection_read(struct format_reading *reading, const struct zeek_row *row,
			    struct event event)
{
	struct slice local = row->at[COLUMN_LOCAL_ORIG];

	if (!is_attempt(row) || slice_equal(local, S("T")) ||
	    slice_equal(local, S("true")))
		return;
	event.category = CATEGORY_PROBE;
	event.certainty = CERTAINTY_DATAGRAM;
	event.source = address_of(row->at[COLUMN_ORIG_H]);
	event.source_port = port_of(row->at[COLUMN_ORIG_P]);
	event.target = address_of(row->at[COLUMN_RESP_H]);
	event.target_port = port_of(row->at[COLUMN_RESP_P]);
	if (event.protocol == PROTOCOL_ICMP) /* these "ports" are its type and code */
		event.source_port = event.target_port = 0;
	event.service = port_service(event.target_port);
	if (event.source.family != FAMILY_NONE && !is_answer(&event) &&
	    !is_to_many(&event.target))
		event_add(reading, event);
}

static void row_read(struct format_reading *reading, const struct zeek_row *row,
		     struct event event)
{
	event.rule = S("zeek");
	event.protocol = protocol_parse(row->at[COLUMN_PROTO]);
	if (row->at[COLUMN_NOTE].len > 0)
		notice_read(reading, row, event);
	else
		connection_read(reading, row, event);
}

static struct slice value_text(struct format_reading *reading,
			       const struct json_value *value)
{
	int64_t number = json_integer(value, -1);

	if (json_is_string(value))
		return json_text(value);
	if (json_truth(value))
		return S("T");
	return number < 0 ? S("")
			  : arena_printf(reading->arena, "%lld", (long long)number);
}

/* A notice has `note`, a connection `conn_state`; both have what the others of Zeek's
 * logs have too.                                                                        */
bool zeek_read(struct format_reading *reading)
{
	const struct json_value *root = reading->root;
	struct event event = { 0 };
	struct zeek_row row = { 0 };

	if (json_get(root, "ts") == NULL ||
	    (json_get(root, "note") == NULL && json_get(root, "conn_state") == NULL))
		return false;
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		row.at[i] = value_text(reading, json_get(root, COLUMNS[i]));
	if (field_time(reading, json_get(root, "ts"), &event.at, &event.time_basis) ==
	    0)
		row_read(reading, &row, event);
	return true;
}

/* ---- the header of a tab-separated log ---- */

static void zeek_close(struct zeek *zeek)
{
	buffer_reset(&zeek->header);
	zeek->is_open = false;
	zeek->count = 0;
	zeek->separator = '\0';
	zeek->path = zeek->unset = S("");
}

/* "#separator \x09" */
static void separator_read(struct zeek *zeek, struct slice line)
{
	struct cursor cursor = cursor_of(line);
	int high, low;

	cursor_literal(&cursor, S("#separator \\x"));
	high = ascii_hex_value(cursor_byte(&cursor));
	low = ascii_hex_value(cursor_byte(&cursor));
	if (!cursor.failed && high >= 0 && low >= 0)
		zeek->separator = (char)(high * 16 + low);
}

static void columns_read(struct zeek *zeek, struct slice names)
{
	struct slice name;

	zeek->count = 0;
	while (names.len > 0 && slice_next(&names, zeek->separator, &name)) {
		if (zeek->count == COLUMNS_MAX) {
			zeek_close(zeek);
			return;
		}
		zeek->place[zeek->count] = -1;
		for (size_t i = 0; i < COLUMN_COUNT; i++) {
			if (slice_equal(name, slice_of(COLUMNS[i])))
				zeek->place[zeek->count] = (int8_t)i;
		}
		zeek->count++;
	}
	zeek->is_open = zeek->count > 1;
}

/* One line of the header, which stands in `header` for good. */
static void header_read(struct zeek *zeek, struct slice line)
{
	struct slice rest = line, key;

	if (slice_starts(line, S("#separator "))) {
		separator_read(zeek, line);
		return;
	}
	if (!slice_next(&rest, zeek->separator, &key))
		return;
	if (slice_equal(key, S("#path")))
		zeek->path = rest;
	else if (slice_equal(key, S("#unset_field")))
		zeek->unset = rest;
	else if (slice_equal(key, S("#fields")))
		columns_read(zeek, rest);
}

/* The header is read anew from its kept copy: slices of it would move while it grows. */
static void header_follow(struct zeek *zeek)
{
	struct slice lines = buffer_slice(&zeek->header), line;

	zeek->separator = '\0';
	zeek->is_open = false;
	zeek->path = zeek->unset = S("");
	while (lines.len > 0 && slice_next(&lines, '\n', &line))
		header_read(zeek, line);
}

static void header_line(struct zeek *zeek, struct slice line)
{
	if (slice_starts(line, S("#close")))
		zeek_close(zeek);
	if (slice_starts(line, S("#separator ")))
		zeek_close(zeek);
	if (slice_starts(line, S("#close")))
		return;
	buffer_add(&zeek->header, line);
	buffer_add_byte(&zeek->header, '\n');
	if (zeek->header.failed)
		zeek_close(zeek);
	else
		header_follow(zeek);
}

void zeek_save(const struct zeek *zeek, struct buffer *out)
{
	buffer_add(out, buffer_slice(&zeek->header));
}

void zeek_load(struct zeek *zeek, struct slice header)
{
	struct slice line;

	while (header.len > 0 && slice_next(&header, '\n', &line)) {
		if (slice_starts(line, S("#")))
			header_line(zeek, line);
	}
}

/* False where the columns do not fit the header. */
static bool columns_split(const struct zeek *zeek, struct slice text,
			  struct zeek_row *row)
{
	struct slice value;
	size_t count = 0;

	while (slice_next(&text, zeek->separator, &value)) {
		if (count == zeek->count)
			return false;
		if (zeek->place[count] >= 0 && !slice_equal(value, zeek->unset))
			row->at[zeek->place[count]] = value;
		count++;
	}
	return count == zeek->count;
}

/* A log of Zeek's begins with its header, so that no line within another log makes one. */
static bool begins_header(const struct format_reading *reading)
{
	return slice_starts(reading->line.text, S("#separator \\x")) &&
	       (reading->line.offset == 0 || reading->zeek->header.len > 0 ||
		slice_equal(reading->line.file, S("-")));
}

bool zeek_line(struct format_reading *reading)
{
	struct zeek *zeek = reading->zeek;
	struct slice text = reading->line.text;
	struct event event = { 0 };
	struct zeek_row row = { 0 };

	if (text.at[0] == '#') {
		if (zeek->header.len == 0 && !begins_header(reading))
			return false;
		header_line(zeek, text);
		return true;
	}
	if (!zeek->is_open || !columns_split(zeek, text, &row))
		return false;
	if ((slice_equal(zeek->path, S("notice")) ||
	     slice_equal(zeek->path, S("conn"))) &&
	    stamp_text_read(reading->zone, row.at[COLUMN_TS], &event.at,
			    &event.time_basis) == 0)
		row_read(reading, &row, event);
	return true;
}
