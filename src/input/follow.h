/* input/follow.h - logs that grow, rotate and appear, as lists of what to read next.
 *
 *   follow_look(follow, look, arena, &files);   what may have something new, oldest first
 *   pass_run(..., &files, ...)                  by content and position, as ever
 *   follow_done(follow)                         all of it was read; without this call the
 *                                               next look lists the same files again
 *
 * Names are as for input_find(), and may be patterns too (glob(7)). What matches later is
 * found later. With a log that was named go its rotated files, as far as they were written
 * since it was read: those whose content the store knows, and the ones newer than these.
 *
 * A log is kept open, so that what its writer still puts into it after it was renamed or
 * removed is read, and before what stands in the log that took its name. It is let go when
 * it has not grown for a minute without a name. Whether something is new shows in size
 * and time of change, so a look costs a stat() per log, and nothing is missed where the
 * system does not tell of changes.                                                      */
#ifndef INPUT_FOLLOW_H
#define INPUT_FOLLOW_H

#include "base/clock.h"
#include "db/db.h"
#include "input/find.h"

struct follow;

struct follow_options {
	const char *const *names; /* borrowed for the follow's life                   */
	size_t count; /* 0: the usual logs                                    */
	const char *root; /* of the usual logs; NULL is /var/log              */
	const struct clock *clock;
	struct db
		*db; /* what was read before; NULL: nothing, and only new lines count */
};

struct follow *follow_new(const struct follow_options *options);
/* Other names, another store; what is held open stays so as long as it did without this. */
void follow_renew(struct follow *follow, const struct follow_options *options);
void follow_free(struct follow *follow); /* NULL is fine */

enum follow_look {
	FOLLOW_CONTENT, /* of the files known so far                        */
	FOLLOW_NAMES, /* what the names stand for as well: some came, went or moved */
	FOLLOW_ALL, /* and lines that were unfinished, whose writer may have ended */
};

/* Problems are those of the first look only. A system that lends no more descriptors is
 * no failure: such a log is read by its name.                                           */
void follow_look(struct follow *follow, enum follow_look look, struct arena *arena,
		 struct input_files *files);
void follow_done(struct follow *follow);

/* The folders in which something may come, go or change. */
void follow_folders(const struct follow *follow, struct arena *arena,
		    struct slices *out);

#endif
