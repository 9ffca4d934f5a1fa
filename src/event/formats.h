/* event/formats.h - logs that are no prose: records of detectors and of programs.
 *
 * One table of rows, one file per format (format_<name>.c): Suricata EVE, Cowrie,
 * CrowdSec, Zeek, fail2ban's own log, our own JSON, access logs written as JSON. A reader
 * knows the meaning of each field, so nothing in it can be read two ways; what is no
 * record of a format it knows is text for the rules.
 *
 * JSON stands as a line of its own, behind a syslog header whose program is the format's
 * ("suricata[12]: {...}", "@cee: {...}"), as an array in one line, or indented over many
 * lines, as `cscli alerts list -o json` prints it.
 *
 * What lines leave behind (the header of a Zeek log, the first half of a record, the
 * protocol of a Cowrie session) is capped, and saved in front of the matcher's state.    */
#ifndef EVENT_FORMATS_H
#define EVENT_FORMATS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/zone.h"
#include "event/event.h"
#include "input/input.h"

enum { FORMAT_RECORD_MAX = 1 << 20, FORMAT_STATE_MAX = FORMAT_RECORD_MAX + (64 << 10) };

struct formats;

/* `zone` is of stamps without one; it must outlive what is made here. */
struct formats *formats_new(const struct zone *zone);
void formats_free(struct formats *formats); /* NULL is fine */

/* True: the line belongs to a format, and 0 to many events were added, whose slices live
 * in `arena` or are the line's. False: it is text for the rules. A request that an access
 * log holds as JSON is judged by the rules too: line->text is then the same request as the
 * common log format writes it, in `arena`.                                             */
bool formats_line(struct formats *formats, struct arena *arena, struct line *line,
		  struct events *out);

/* False where no line of the chunk can be of a format: then none needs to be asked, and
 * the cost is that of a search for a few bytes.                                         */
bool formats_may_begin(const struct formats *formats, const struct input_chunk *chunk);

void formats_save(const struct formats *formats, struct buffer *out);
/* Takes back what was saved and returns what stands behind it. A state that is damaged,
 * or of a version without formats, leaves nothing behind.                              */
struct slice formats_load(struct formats *formats, struct slice state);

/* Whether events of this rule are `retold`. */
bool format_is_retold(struct slice rule);

/* A ban of fail2ban's database, one row of its tables bans or bips (db/fail2ban.h). */
struct fail2ban_ban {
	struct slice jail, ip;
	int64_t time_s, length_s; /* when, and for how long; -1 for ever              */
	bool has_length;
	int64_t count;
	struct slice data; /* JSON, untrusted; empty where there is none          */
};
/* The ban, its end where that lies before `now`, and unless `is_known` the failures it
 * stands for. `line` says where it stands.                                             */
void format_fail2ban_ban(struct arena *arena, const struct fail2ban_ban *ban,
			 const struct line *line, bool is_known, int64_t now,
			 struct events *out);

#endif
