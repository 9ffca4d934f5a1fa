#include "input/find.h"

#include "base/clock.h"
#include "input/folder.h"
#include "input/rotation.h"
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STALE_DAYS = 7 };

/* What fail2ban did, beside its log; a file by its whole path. */
#define FAIL2BAN_DATABASE "/var/lib/fail2ban/fail2ban.sqlite3"

/* Under /var/log. A folder counts with all in it. */
static const char *const usual[] = {
	"auth.log", "secure",       "syslog",      "messages",     "mail.log",
	"maillog",  "kern.log",     "firewalld",   "ufw.log",      "vsftpd.log",
	"proftpd",  "pure-ftpd",    "dovecot.log", "fail2ban.log", "apache2",
	"httpd",    "nginx",        "lighttpd",    "exim4",        "suricata",
	"eve.json", "crowdsec.log", "cowrie.json",
};

static void add_problem(struct arena *arena, struct input_problems *problems,
			enum input_problem_kind kind, const char *path,
			struct slice text)
{
	*LIST_ADD(arena, problems) = (struct input_problem){
		.kind = kind,
		.path = arena_copy(arena, slice_of(path)),
		.text = text,
	};
}

static enum input_problem_kind kind_of(const struct error *err)
{
	if (err->kind == ERROR_SYNTAX)
		return INPUT_DAMAGED;
	if (err->kind == ERROR_REFUSED)
		return INPUT_NOT_A_LOG;
	return err->sys == ENOENT ? INPUT_MISSING : INPUT_UNREADABLE;
}

void input_problem_add(struct arena *arena, struct input_problems *problems,
		       const char *path, const struct error *err)
{
	add_problem(arena, problems, kind_of(err), path,
		    arena_copy(arena, slice_of(err->text)));
}

void input_warning_add(struct arena *arena, struct input_problems *problems,
		       const char *path, const struct error *err)
{
	add_problem(arena, problems, INPUT_ODD, path,
		    arena_copy(arena, slice_of(err->text)));
}

bool input_problem_is_warning(enum input_problem_kind kind)
{
	return kind == INPUT_OLD || kind == INPUT_ODD;
}

static void note_no_logs(struct arena *arena, const char *path,
			 struct input_files *files)
{
	add_problem(arena, &files->problems, INPUT_NO_LOGS, path,
		    arena_printf(arena,
				 "the folder '%s' has no logs in it: name a log file, "
				 "or a folder that holds some",
				 path));
}

static void note_open_failure(struct arena *arena, const char *path,
			      struct input_files *files)
{
	struct error err = { 0 };
	int fd = -1;

	if (file_open_read(path, FILE_LINKS_FOLLOW, &fd, &err) == 0)
		close(fd);
	else
		input_problem_add(arena, &files->problems, path, &err);
}

static bool is_stale(const struct input_file *file, int64_t now)
{
	return file->modified_at < now - STALE_DAYS * DAY_US;
}

static void warn_if_old(struct arena *arena, const struct input_file *file, int64_t now,
			struct input_files *files)
{
	if (!is_stale(file, now))
		return;
	add_problem(arena, &files->problems, INPUT_OLD, file->path,
		    arena_printf(
			    arena,
			    "'%s' was last written on %s: read whole because you named "
			    "it, but what it shows may be too old to report",
			    file->path,
			    time_format(file->modified_at, TIME_DATE).text));
}

static void note_closed_folder(struct arena *arena, const char *path, int sys,
			       struct input_files *files)
{
	struct error err = { 0 };

	error_system(&err, sys, "cannot read the folder '%s'%s", path,
		     sys == EACCES ? " (run as root)" : "");
	input_problem_add(arena, &files->problems, path, &err);
}

static void note_unreadable(struct arena *arena, const char *path, uint64_t count,
			    struct input_files *files)
{
	add_problem(
		arena, &files->problems, INPUT_UNREADABLE, path,
		arena_printf(arena,
			     "%llu logs or folders in '%s' may not be read by you: run "
			     "with sudo, or join the group that may (often 'adm')",
			     (unsigned long long)count, path));
}

static void add_folder(struct arena *arena, const char *name, struct input_files *files)
{
	size_t before = files->count;
	uint64_t unreadable_before = files->unreadable;
	int sys = folder_add(arena, name, NULL, files);

	if (sys != 0)
		note_closed_folder(arena, name, sys, files);
	else if (files->unreadable > unreadable_before)
		note_unreadable(arena, name, files->unreadable - unreadable_before,
				files);
	else if (files->count == before)
		note_no_logs(arena, name, files);
}

static void add_named(struct arena *arena, const char *name, int64_t now,
		      struct input_files *files)
{
	struct stat st;

	if (strcmp(name, "-") == 0) {
		*LIST_ADD(arena, files) = (struct input_file){ .path = "-",
							       .set = S("-"),
							       .modified_at = now };
		return;
	}
	if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
		add_folder(arena, name, files);
	else if (folder_add_file(arena, slice_of(name), false, files))
		warn_if_old(arena, &files->at[files->count - 1], now, files);
	else
		note_open_failure(arena, name, files);
}

static bool is_usual(struct slice set)
{
	for (size_t i = 0; i < COUNT_OF(usual); i++)
		if (slice_equal(set, slice_of(usual[i])))
			return true;
	return false;
}

/* Found, not named: only what is fresh and what may be read. */
static void keep_usable(int64_t now, struct input_files *files)
{
	size_t kept = 0;

	for (size_t i = 0; i < files->count; i++) {
		struct input_file file = files->at[i];

		if (is_stale(&file, now))
			files->stale++;
		else if (faccessat(AT_FDCWD, file.path, R_OK, AT_EACCESS) != 0)
			files->unreadable++;
		else
			files->at[kept++] = file;
	}
	files->count = kept;
}

static void note_nothing_usual(struct arena *arena, const char *root,
			       struct input_files *files)
{
	add_problem(arena, &files->problems, INPUT_NO_LOGS, root,
		    arena_printf(arena,
				 "no recent log that is known was found in '%s': name "
				 "the logs to read",
				 root));
}

static bool is_of_syslog(const struct input_file *file)
{
	static const char *const names[] = { "auth.log", "secure", "syslog",
					     "messages" };
	ptrdiff_t slash = slice_find_last_byte(file->set, '/');

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (slice_equal(slice_from(file->set, (size_t)(slash + 1)),
				slice_of(names[i])))
			return true;
	return false;
}

static void find_usual(struct arena *arena, const struct input_search *search,
		       struct input_files *files)
{
	const char *root = search->root != NULL ? search->root : "/var/log";
	int sys;

	sys = folder_add(arena, root, is_usual, files);
	if (search->root == NULL)
		(void)folder_add_file(arena, S(FAIL2BAN_DATABASE), false, files);
	keep_usable(search->now, files);
	for (size_t i = 0; i < files->count; i++)
		files->has_syslog |= is_of_syslog(&files->at[i]);
	if (sys != 0)
		note_closed_folder(arena, root, sys, files);
	else if (files->unreadable > 0)
		note_unreadable(arena, root, files->unreadable, files);
	else if (files->count == 0)
		note_nothing_usual(arena, root, files);
}

struct place {
	struct input_file file;
	size_t set;
	struct rotation rotation;
	size_t named; /* in the order of names, for what is otherwise equal */
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = rotation_compare(&x->rotation, &y->rotation);

	if (x->set != y->set)
		return x->set < y->set ? -1 : 1;
	if (order != 0)
		return order;
	return (x->named > y->named) - (x->named < y->named);
}

static int by_set(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = slice_compare(x->file.set, y->file.set);

	return order != 0 ? order : (x->named > y->named) - (x->named < y->named);
}

static struct place *places_of(struct arena *arena, const struct input_files *files)
{
	struct place *places = ARENA_ARRAY(arena, struct place, files->count);

	for (size_t i = 0; i < files->count; i++) {
		struct slice path = slice_of(files->at[i].path);
		size_t name = (size_t)(slice_find_last_byte(path, '/') + 1);

		places[i].file = files->at[i];
		places[i].named = i;
		places[i].rotation = rotation_of(arena, slice_from(path, name));
	}
	return places;
}

static int by_identity(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->file.device != y->file.device)
		return x->file.device < y->file.device ? -1 : 1;
	if (x->file.inode != y->file.inode)
		return x->file.inode < y->file.inode ? -1 : 1;
	return (x->named > y->named) - (x->named < y->named);
}

/* A file with two names is read once, under the first. */
static size_t drop_repeats(struct place *places, size_t count)
{
	size_t kept = 0;

	qsort(places, count, sizeof *places, by_identity);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 ||
		    places[kept - 1].file.device != places[i].file.device ||
		    places[kept - 1].file.inode != places[i].file.inode)
			places[kept++] = places[i];
	return kept;
}

/* A set stands where its first file was named. */
static void number_sets(struct place *places, size_t count)
{
	qsort(places, count, sizeof *places, by_set);
	for (size_t i = 0; i < count; i++) {
		bool same = i > 0 &&
			    slice_equal(places[i].file.set, places[i - 1].file.set);

		places[i].set = same ? places[i - 1].set : places[i].named;
	}
}

/* Debian's rsyslog writes what goes to these into syslog too: a line must not count
 * twice because it lies in two files of one folder.                                   */
static const char *const in_syslog_too[] = {
	"mail.log", "mail.info",  "mail.warn", "mail.err", "kern.log",
	"user.log", "daemon.log", "messages",  "debug",
};

static struct slice folder_of(struct slice path)
{
	return slice_cut(path, 0, (size_t)(slice_find_last_byte(path, '/') + 1));
}

static bool has_syslog(const struct input_files *files, struct slice folder)
{
	for (size_t i = 0; i < files->count; i++)
		if (slice_equal(folder_of(files->at[i].set), folder) &&
		    slice_equal(slice_from(files->at[i].set, folder.len), S("syslog")))
			return true;
	return false;
}

static bool is_told_twice(const struct input_files *files,
			  const struct input_file *file)
{
	struct slice folder = folder_of(file->set);
	struct slice name = slice_from(file->set, folder.len);

	for (size_t i = 0; file->is_found && i < COUNT_OF(in_syslog_too); i++)
		if (slice_equal(name, slice_of(in_syslog_too[i])))
			return has_syslog(files, folder);
	return false;
}

static void drop_told_twice(struct input_files *files)
{
	size_t kept = 0, count = files->count;

	for (size_t i = 0; i < count; i++) {
		struct input_file file = files->at[i];

		/* syslog itself is never dropped, so the kept ones tell as much as all */
		if (is_told_twice(files, &file))
			files->told_twice++;
		else
			files->at[kept++] = file;
	}
	files->count = kept;
}

static void order_sets(struct arena *arena, struct input_files *files)
{
	struct place *places = places_of(arena, files);

	files->count = drop_repeats(places, files->count);
	number_sets(places, files->count);
	qsort(places, files->count, sizeof *places, by_place);
	for (size_t i = 0; i < files->count; i++)
		files->at[i] = places[i].file;
}

void input_find(struct arena *arena, const struct input_search *search,
		struct input_files *files)
{
	*files = (struct input_files){ 0 };
	if (search->count == 0)
		find_usual(arena, search, files);
	for (size_t i = 0; i < search->count; i++)
		add_named(arena, search->names[i], search->now, files);
	drop_told_twice(files);
	if (files->count > 0)
		order_sets(arena, files);
}
