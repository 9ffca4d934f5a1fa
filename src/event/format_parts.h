/* event/format_parts.h - what the readers of event/formats.h share, and only they. */
#ifndef EVENT_FORMAT_PARTS_H
#define EVENT_FORMAT_PARTS_H

#include "event/formats.h"
#include "json/reader.h"

/* The columns of a Zeek log that are read, by the header of that log. */
struct zeek;
struct zeek *zeek_new(void);
void zeek_free(struct zeek *zeek);
bool zeek_is_begun(const struct zeek *zeek); /* a header, or the part of one      */
void zeek_save(const struct zeek *zeek, struct buffer *out);
void zeek_load(struct zeek *zeek, struct slice header);

/* Which door the last sessions of Cowrie came through: a login does not say. */
enum { COWRIE_SESSIONS_MAX = 256, COWRIE_SESSION_LEN = 32 };
struct cowrie_session {
	char id[COWRIE_SESSION_LEN + 1];
	char service[8];
	uint16_t port;
};
struct cowrie {
	struct cowrie_session at[COWRIE_SESSIONS_MAX];
	size_t next; /* to be overwritten */
};
void cowrie_save(const struct cowrie *cowrie, struct buffer *out);
void cowrie_load(struct cowrie *cowrie, struct slice sessions);

struct format_reading {
	const struct zone *zone;
	struct zeek *zeek;
	struct cowrie *cowrie;
	struct arena *arena;
	struct line line; /* where the record stands; text: the record as evidence  */
	struct slice host; /* of the syslog header, if there is one                 */
	const struct json_value *root; /* of a JSON record, an object              */
	struct slice rewritten; /* set: let the rules judge this                    */
	struct events *out;
};

/* Each is true where the record is of its format. */
bool suricata_read(struct format_reading *reading);
bool cowrie_read(struct format_reading *reading);
bool crowdsec_read(struct format_reading *reading);
bool zeek_read(struct format_reading *reading); /* a JSON record                    */
bool tipoff_read(struct format_reading *reading);
bool access_read(struct format_reading *reading);
/* The same of lines that are no JSON. */
bool zeek_line(struct format_reading *reading);
bool fail2ban_line(struct format_reading *reading);
bool crowdsec_line(struct format_reading *reading);

/* ---- fields (format_field.c) ---- */

struct slice field_text(const struct format_reading *reading,
			const struct json_value *object, const char *key);
/* False where it is no address and nothing else. */
bool field_address(const struct json_value *object, const char *key,
		   struct address *out);
uint16_t field_port(const struct json_value *object, const char *key);
/* A whole number in [0, max], else `otherwise`. */
uint64_t field_count(const struct json_value *object, const char *key, uint64_t max,
		     uint64_t otherwise);
/* Any documented form: RFC 3339 (also "+0000", a blank for the T, a trailing " UTC"), the
 * same without a zone (then `zone`, and the basis says so), with a comma before the
 * fraction, seconds since 1970 with a fraction, "21/Nov/2026:02:14:07 +0000".           */
MUST_CHECK int stamp_text_read(const struct zone *zone, struct slice text, int64_t *at,
			       enum time_basis *basis);
MUST_CHECK int field_time(const struct format_reading *reading,
			  const struct json_value *value, int64_t *at,
			  enum time_basis *basis);
/* "ssh" for 22 and so on; empty where no service is meant by it. */
struct slice port_service(uint16_t port);
/* An event of this record: one act, at `at`, with its evidence. */
struct event *event_add(struct format_reading *reading, struct event event);

/* Whether there is a '{', "fail2ban." or " performed '" in many lines of any log. */
bool format_trace(struct slice bytes);

#endif
