/* input/find.h - which logs are meant, in the order in which they were written.
 *
 * A name may be a file, a folder (read to a depth of 4: hidden files, links, devices and
 * known non-logs are passed over and counted) or "-". Without names the usual logs of
 * this machine are found; those not written for 7 days are held as stale and counted.
 * The files of one rotated set stand together, oldest first; a file named twice is read
 * once. Nothing here fails as a whole: what cannot be read is a problem in the list, and
 * the rest is read.                                                                  */
#ifndef INPUT_FIND_H
#define INPUT_FIND_H

#include "base/arena.h"
#include "base/error.h"
#include "input/input.h"

enum input_problem_kind {
	INPUT_MISSING, /* no file of that name                                      */
	INPUT_UNREADABLE, /* no permission, a failing disk                             */
	INPUT_NO_LOGS, /* a folder, or this machine, without logs                   */
	INPUT_NOT_A_LOG, /* binary, a device, a link in a folder                      */
	INPUT_DAMAGED, /* cut off or damaged: read up to there                      */
	INPUT_OLD, /* a warning: named and older than 7 days, read all the same  */
	INPUT_ODD, /* a warning: something in it was passed over                */
};

/* One sentence that names the file and says what to do; may hold bytes that others
 * chose, so print it through an escaper.                                             */
struct input_problem {
	enum input_problem_kind kind;
	struct slice path, text;
};

struct input_problems {
	struct input_problem *at;
	size_t count, room;
};

struct input_files {
	struct input_file *at;
	size_t count, room;
	struct input_problems problems;
	uint64_t stale; /* found, not written for 7 days, held                  */
	uint64_t told_twice; /* mail.log and others beside a syslog that repeats them */
	uint64_t passed_over; /* hidden, links, devices, known non-logs, too deep    */
	uint64_t
		unreadable; /* usual logs, and folders, that you may not read         */
	/* Without names: syslog writes files here, so that they tell what a journal would */
	bool has_syslog;
};

struct input_search {
	const char *const *names;
	size_t count; /* 0: the usual logs                                    */
	const char *root; /* of the usual logs; NULL is /var/log                   */
	int64_t now; /* for the age of files                                 */
};

/* All of `files` lives in the arena. */
void input_find(struct arena *arena, const struct input_search *search,
		struct input_files *files);

/* Turns what input_open() or input_next() said into a problem of the list. */
void input_problem_add(struct arena *arena, struct input_problems *problems,
		       const char *path, const struct error *err);
/* The same as a warning: the log was read all the same. */
void input_warning_add(struct arena *arena, struct input_problems *problems,
		       const char *path, const struct error *err);
bool input_problem_is_warning(enum input_problem_kind kind);

#endif
