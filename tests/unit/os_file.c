#include "check.h"
#include "os/file.h"

#include <errno.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void check_content(const char *path, const char *want)
{
	struct error err = { 0 };
	struct buffer content;

	buffer_init(&content, 64);
	CHECK_INT(file_read(path, &content, &err), 0);
	CHECK_SLICE(buffer_slice(&content), slice_of(want));
	buffer_clear(&content);
}

static int count_names(const char *folder)
{
	DIR *dir = opendir(folder);
	int count = 0;

	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2;
}

static void writes_whole_and_replaces(void)
{
	struct error err = { 0 };
	struct stat st;

	CHECK_INT(file_write("a", FILE_REPLACE, 0640, S("one"), &err), 0);
	check_content("a", "one");
	CHECK_INT(file_write("./a", FILE_REPLACE, 0600, S("two"), &err), 0);
	check_content("a", "two");
	CHECK_INT(stat("a", &st), 0);
	CHECK_INT(st.st_mode & 07777, 0600);
	CHECK_INT(count_names("."), 1);
}

static void a_new_file_never_replaces(void)
{
	struct error err = { 0 };

	CHECK_INT(file_write("n", FILE_NEW, 0600, S("one"), &err), 0);
	CHECK_INT(file_write("n", FILE_NEW, 0600, S("two"), &err), -1);
	CHECK_INT(err.kind, ERROR_REFUSED);
	CHECK_TEXT(err.text, "'n' is there already and was left alone");
	check_content("n", "one");
	CHECK_INT(count_names("."), 2);
}

static void failures_name_the_path(void)
{
	struct error err = { 0 };
	struct buffer small;
	int fd = -1;

	CHECK_INT(file_write("no/where", FILE_NEW, 0600, S("x"), &err), -1);
	CHECK_TEXT(err.text,
		   "cannot write into the folder 'no': No such file or directory");
	buffer_init(&small, 2);
	CHECK_INT(file_read("n", &small, &err), -1);
	CHECK_INT(err.kind, ERROR_LIMIT);
	CHECK_TEXT(err.text, "'n' has more than the 2 bytes allowed for it");
	buffer_clear(&small);
	CHECK_INT(file_open_read(".", FILE_LINKS_FOLLOW, &fd, &err), -1);
	CHECK_TEXT(err.text, "'.' is a folder: name a file in it");
	CHECK_INT(symlink("n", "link"), 0);
	CHECK_INT(file_open_read("link", FILE_LINKS_REFUSE, &fd, &err), -1);
	CHECK_INT(err.kind, ERROR_REFUSED);
	CHECK_INT(fd, -1);
	CHECK_INT(file_open_read("link", FILE_LINKS_FOLLOW, &fd, &err), 0);
	close(fd);
	CHECK_INT(unlink("link"), 0);
}

static void makes_folders_of_its_own(void)
{
	struct error err = { 0 };
	struct stat st;

	CHECK_INT(file_make_folder("x/y//z/", &err), 0);
	CHECK_INT(file_make_folder("x/y/z", &err), 0);
	CHECK_INT(stat("x/y", &st), 0);
	CHECK_INT(st.st_mode & 07777, 0700);
	CHECK_INT(file_make_folder("n/y", &err), -1);
	CHECK_TEXT(err.text, "'n' is in the way: a folder is needed there");
}

#ifdef TIPOFF_CRASH_POINTS
/* Writes `content` over "k" in a child that dies at the given point. */
static int write_and_die(const char *point, const char *content)
{
	struct error err = { 0 };
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		(void)setenv("TIPOFF_CRASH_AT", point, 1);
		(void)setenv("TIPOFF_CRASH_LOG", "points", 1);
		_exit(file_write("k", FILE_REPLACE, 0600, slice_of(content), &err) !=
		      0);
	}
	CHECK_INT(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* What a killed write leaves behind is hidden and not read as anything. */
static void remove_left_over(void)
{
	DIR *dir = opendir(".");
	struct dirent *entry;

	while ((entry = readdir(dir)) != NULL)
		if (slice_starts(slice_of(entry->d_name), S(".new-")))
			CHECK_INT(unlink(entry->d_name), 0);
	closedir(dir);
}

/* The first test: points count per process, and a forked child goes on counting. */
static void killed_at_a_point_the_old_or_the_new_is_there(void)
{
	static const char *const rows[][3] = {
		{ "1", "old", "1 file.write\n" },
		{ "2", "old", "1 file.write\n2 file.rename\n" },
		{ "3", "new", "1 file.write\n2 file.rename\n3 file.renamed\n" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK_INT(write_and_die("0", "old"), 0);
		(void)unlink("points");
		CHECK_INT(write_and_die(rows[i][0], "new"), SIGKILL);
		check_content("k", rows[i][1]);
		check_content("points", rows[i][2]);
	}
	CHECK_INT(write_and_die("4", "done"), 0);
	check_content("k", "done");
	CHECK_INT(unlink("k") | unlink("points"), 0);
	remove_left_over();
	CHECK_INT(count_names("."), 0);
}
#else
static void killed_at_a_point_the_old_or_the_new_is_there(void)
{
}
#endif

int main(void)
{
	static char folder[200];
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(folder, sizeof folder, "%s/file-XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return 1;
	return CHECK_RUN(TEST(killed_at_a_point_the_old_or_the_new_is_there),
			 TEST(writes_whole_and_replaces),
			 TEST(a_new_file_never_replaces), TEST(failures_name_the_path),
			 TEST(makes_folders_of_its_own));
}
