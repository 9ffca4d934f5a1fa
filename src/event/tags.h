/* event/tags.h - the <tags> of a filter's options, replaced by other options.
 *
 * `tags` holds the options to resolve; each value's <name> is replaced by the value of
 * the tag of that name (case counts), else by what `find` knows, again and again, the
 * innermost first: <mdre-<mode>> asks for <mode>, then for <mdre-normal>. What nobody
 * knows stays as it is: <HOST> and its like belong to expressions.
 *
 * A tag named in `ignored` is neither replaced nor resolved.
 *
 * ERROR_SYNTAX  a tag that refers to itself, or one needed more than 25 times in one
 *               value; `find` failed.   ERROR_LIMIT  a value over 256 KiB, or too much
 *               work in all. On failure the values are of no use.                      */
#ifndef EVENT_TAGS_H
#define EVENT_TAGS_H

#include "base/arena.h"
#include "base/error.h"

enum {
	TAG_VALUE_MAX = 256 << 10,
	TAG_WORK_MAX = 16 << 20, /* bytes written for all values together */
	TAG_REPEAT_MAX = 25,
};

struct tag {
	struct slice name, value;
};

struct tags {
	struct tag *at;
	size_t count, room;
};

/* 1 with *value, 0 unknown, -1 with an error: what is asked is not one of `tags`. */
struct tag_finder {
	int (*find)(void *context, struct slice name, struct slice *value,
		    struct error *err);
	void *context;
};

struct tag *tag_find(const struct tags *tags, struct slice name);
MUST_CHECK int tags_resolve(struct arena *arena, struct tags *tags,
			    const struct slices *ignored,
			    const struct tag_finder *finder, struct error *err);

#endif
