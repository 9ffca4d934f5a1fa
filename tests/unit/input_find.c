#include "check.h"
#include "input/find.h"

#include "base/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const int64_t now = 1795300000 * SECOND_US;
static struct arena *arena;

static void put_aged(const char *path, int days)
{
	struct timespec times[2] = { { now / SECOND_US - days * 86400, 0 } };
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	times[1] = times[0];
	CHECK_INT(write(fd, "a\n", 2), 2);
	close(fd);
	CHECK_INT(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void put(const char *path)
{
	put_aged(path, 0);
}

static struct slice paths_of(const struct input_files *files)
{
	struct slice all = S("");

	for (size_t i = 0; i < files->count; i++)
		all = arena_printf(arena, SLICE_FMT "%s%s", SLICE_ARG(all),
				   i ? " " : "", files->at[i].path);
	return all;
}

static struct input_files find(const char *const *names, size_t count, const char *root)
{
	struct input_files files;
	struct input_search search = { names, count, root, now };

	input_find(arena, &search, &files);
	return files;
}

#define FIND(...)                                  \
	find((const char *const[]){ __VA_ARGS__ }, \
	     COUNT_OF(((const char *const[]){ __VA_ARGS__ })), NULL)

/* A folder of its own for every test, entered. */
static void enter(const char *name)
{
	static char base[200];
	const char *tmp = getenv("TMPDIR");

	if (base[0] == '\0') {
		(void)snprintf(base, sizeof base, "%s/find-XXXXXX", tmp ? tmp : "/tmp");
		CHECK(mkdtemp(base) != NULL);
	}
	CHECK_INT(chdir(base), 0);
	CHECK_INT(mkdir(name, 0700), 0);
	CHECK_INT(chdir(name), 0);
}

static void sets_stand_together_oldest_first(void)
{
	struct input_files files;

	enter("sets");
	put("auth.log");
	put("auth.log.1");
	put("auth.log.2.gz");
	put("auth.log.10.gz");
	put("secure-20261115");
	put("secure-20261108.xz");
	put("secure");
	files = FIND("auth.log", "secure", "auth.log.1", "secure-20261115",
		     "auth.log.10.gz", "auth.log.2.gz", "secure-20261108.xz");
	CHECK_SLICE(paths_of(&files),
		    S("auth.log.10.gz auth.log.2.gz auth.log.1 auth.log "
		      "secure-20261108.xz secure-20261115 secure"));
	CHECK_SLICE(files.at[0].set, S("auth.log"));
	CHECK_INT(files.problems.count, 0);
	files = FIND("./");
	CHECK_SLICE(paths_of(&files),
		    S("./auth.log.10.gz ./auth.log.2.gz ./auth.log.1 ./auth.log "
		      "./secure-20261108.xz ./secure-20261115 ./secure"));
}

static void a_file_named_twice_is_read_once(void)
{
	struct input_files files;

	enter("twice");
	put("log");
	CHECK_INT(symlink("log", "other"), 0);
	files = FIND("-", "log", "./log", "-", "other");
	CHECK_SLICE(paths_of(&files), S("- log"));
}

static void folders_are_read_without_what_is_no_log(void)
{
	struct input_files files;

	enter("folders");
	put("auth.log");
	put(".hidden");
	put("wtmp");
	put("wtmp.1");
	put("lastlog");
	put("rejectlog");
	put("rejectlog.1");
	put("state.db");
	CHECK_INT(symlink("auth.log", "link"), 0);
	CHECK_INT(mkfifo("fifo", 0600), 0);
	CHECK_INT(mkdir("journal", 0700), 0);
	put("journal/system.journal");
	CHECK_INT(mkdir("b", 0700) | mkdir("b/c", 0700) | mkdir("b/c/d", 0700) |
			  mkdir("b/c/d/e", 0700),
		  0);
	put("b/c/d/deep");
	put("b/c/d/e/deeper");
	files = FIND(".");
	CHECK_SLICE(paths_of(&files), S("./auth.log ./b/c/d/deep"));
	CHECK(files.at[0].is_found);
	CHECK_INT(files.passed_over, 11);
	CHECK_INT(files.problems.count, 0);
}

static void check_problem(const char *name, enum input_problem_kind kind,
			  const char *text)
{
	struct input_files files = FIND("good", name);

	CHECK_SLICE(slice_cut(paths_of(&files), 0, 4), S("good"));
	if (!CHECK_INT(files.problems.count, 1))
		return;
	CHECK_INT(files.problems.at[0].kind, kind);
	CHECK_SLICE(files.problems.at[0].path, slice_of(name));
	CHECK_SLICE(files.problems.at[0].text, slice_of(text));
}

static void check_problem_of(const char *name, const char *text)
{
	struct input_files files = FIND(name);

	CHECK_INT(files.problems.count, 1);
	CHECK_INT(files.problems.at[0].kind, INPUT_UNREADABLE);
	CHECK_SLICE(files.problems.at[0].text, slice_of(text));
}

static void problems_are_told_and_the_rest_is_read(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	enter("problems");
	put("good");
	CHECK_INT(mkdir("empty", 0700), 0);
	put_aged("old", 8);
	CHECK_INT(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	check_problem(
		"absent", INPUT_MISSING,
		"cannot read 'absent' (check the name): No such file or directory");
	check_problem(
		"empty", INPUT_NO_LOGS,
		"the folder 'empty' has no logs in it: name a log file, or a folder "
		"that holds some");
	check_problem(
		"old", INPUT_OLD,
		"'old' was last written on 2026-11-13: read whole because you named "
		"it, but what it shows may be too old to report");
	check_problem("/dev/null", INPUT_NOT_A_LOG,
		      "'/dev/null' is a device or socket: name a file, or '-' to read "
		      "standard input");
	close(fd);
}

static void the_usual_logs_are_found(void)
{
	struct input_files files;

	enter("usual");
	CHECK_INT(mkdir("root", 0700) | mkdir("root/nginx", 0700), 0);
	put("root/auth.log");
	put("root/auth.log.1");
	put_aged("root/auth.log.2.gz", 8);
	put("root/dpkg.log");
	put("root/nginx/access.log");
	put("root/nginx/shop-access.log.1");
	files = find(NULL, 0, "root");
	CHECK_SLICE(paths_of(&files),
		    S("root/auth.log.1 root/auth.log "
		      "root/nginx/access.log root/nginx/shop-access.log.1"));
	CHECK_INT(files.stale, 1);
	CHECK_INT(files.passed_over, 1);
	CHECK_INT(files.problems.count, 0);
	files = find(NULL, 0, "root/");
	CHECK_INT(files.count, 4);
}

static void what_syslog_repeats_is_read_once(void)
{
	struct input_files files;

	enter("repeated");
	CHECK_INT(mkdir("a", 0700) | mkdir("b", 0700), 0);
	put("a/auth.log");
	put("a/syslog");
	put("a/syslog.1");
	put("a/mail.log");
	put("a/mail.log.1");
	put("a/kern.log");
	put("b/mail.log");
	files = FIND("a", "b");
	CHECK_SLICE(paths_of(&files), S("a/auth.log a/syslog.1 a/syslog b/mail.log"));
	CHECK_INT(files.told_twice, 3);
	files = FIND("a/syslog", "a/mail.log");
	CHECK_SLICE(paths_of(&files), S("a/syslog a/mail.log"));
	CHECK_INT(files.told_twice, 0);
}

/* Root may read everything: as nobody, where we are root. */
static void what_may_not_be_read_is_told(void)
{
	struct input_files files;
	bool is_root = geteuid() == 0;

	enter("forbidden");
	CHECK_INT(chmod("..", 0755) | chmod(".", 0755), 0);
	put("auth.log");
	CHECK_INT(mkdir("nginx", 0700) | chmod("auth.log", 0), 0);
	put("nginx/access.log");
	put("syslog");
	CHECK_INT(chmod("nginx", 0) | chmod("syslog", 0644), 0);
	CHECK_INT(is_root ? seteuid(65534) : 0, 0);
	files = find(NULL, 0, ".");
	CHECK_SLICE(paths_of(&files), S("./syslog"));
	CHECK_INT(files.unreadable, 2);
	CHECK_INT(files.problems.count, 1);
	CHECK_INT(files.problems.at[0].kind, INPUT_UNREADABLE);
	CHECK_SLICE(
		files.problems.at[0].text,
		S("2 logs or folders in '.' may not be read by you: run with sudo, or "
		  "join the group that may (often 'adm')"));
	check_problem_of("nginx", "cannot read the folder 'nginx' (run as root): "
				  "Permission denied");
	CHECK_INT(is_root ? seteuid(0) : 0, 0);
	CHECK_INT(chmod("nginx", 0700), 0);
}

static void no_usual_log_is_a_problem(void)
{
	struct input_files files;

	enter("none");
	put("dpkg.log");
	files = find(NULL, 0, ".");
	CHECK_INT(files.count, 0);
	CHECK_INT(files.problems.count, 1);
	CHECK_INT(files.problems.at[0].kind, INPUT_NO_LOGS);
	CHECK_SLICE(
		files.problems.at[0].text,
		S("no recent log that is known was found in '.': name the logs to read"));
}

int main(void)
{
	int failed;

	arena = arena_new();
	failed = CHECK_RUN(TEST(sets_stand_together_oldest_first),
			   TEST(a_file_named_twice_is_read_once),
			   TEST(folders_are_read_without_what_is_no_log),
			   TEST(problems_are_told_and_the_rest_is_read),
			   TEST(the_usual_logs_are_found),
			   TEST(what_syslog_repeats_is_read_once),
			   TEST(what_may_not_be_read_is_told),
			   TEST(no_usual_log_is_a_problem));
	arena_free(arena);
	return failed;
}
