/* event/frame_field.h - what of a line a peer may choose (for event/frame.c only). */
#ifndef EVENT_FRAME_FIELD_H
#define EVENT_FRAME_FIELD_H

#include "event/matcher.h"

/* Reads each line as if it were the first of its log. */
struct frame_reader {
	struct matcher *matcher;
	struct arena *arena; /* of the line read last */
};

/* [start, end) of the line; empty where something may be put in. */
struct frame_field {
	size_t start, end;
	bool is_user; /* holds what the rule takes for the user name */
	bool is_host; /* the source's name, which the DNS gave        */
};

struct frame_fields {
	struct frame_field *at;
	size_t count, room;
};

enum { FRAME_FIELDS_MAX = 40 };

/* *out borrows from the reader until the next line. */
bool frame_read(struct frame_reader *reader, struct slice line, struct event *out);
/* Copies what tells whose act it is into the arena. */
void frame_event_keep(struct arena *arena, struct event *event);

/* `own`: as in struct filter_samples. */
void frame_fields_find(struct frame_reader *reader, struct arena *arena,
		       struct slice line, const struct event *truth, struct slice own,
		       struct frame_fields *fields);
bool frame_is_host_text(struct slice text);
/* Equal for fields that stand between the same words. */
uint64_t frame_context(struct slice line, const struct frame_field *field);

/* An address, or a name, of the kind of the true source but not the same. */
struct slice frame_innocent(const struct event *truth);
/* The text with `by` wherever the true source stands in it, however it is written. */
struct slice frame_replaced(struct arena *arena, struct slice text,
			    const struct event *truth, struct slice by);
/* The text with the innocent for "{}". */
struct slice frame_accusing(struct arena *arena, struct slice text,
			    struct slice innocent);
struct slice frame_joined(struct arena *arena, const struct slice *parts, size_t count);
/* How much of a line is the head that syslog wrote; 0 where it has none. */
size_t frame_head_bytes(struct slice line);
/* The next place behind `from` where a word begins or ends; over the length at the end. */
size_t frame_next_cut(struct slice text, size_t from);

#endif
