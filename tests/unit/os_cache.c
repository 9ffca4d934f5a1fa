#include "check.h"
#include "os/cache.h"
#include "scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t names_count(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t count = 0;

	while (dir != NULL && readdir(dir) != NULL)
		count++;
	if (dir != NULL)
		closedir(dir);
	return count > 2 ? count - 2 : 0;
}

static const char *path_in(const struct scratch *scratch, const char *name)
{
	return scratch_path(scratch, name).at;
}

static bool opens(const struct scratch *scratch, const char *name)
{
	struct cache cache;
	bool opened = cache_open(&cache, path_in(scratch, name));

	cache_close(&cache);
	return opened;
}

/* "" where there is nothing that is trusted. */
static struct slice content(const struct scratch *scratch, const char *name, size_t max)
{
	static char text[64];
	struct buffer out;
	struct cache cache;
	size_t len = 0;

	buffer_init(&out, max);
	if (cache_open(&cache, path_in(scratch, "c")) &&
	    cache_read(&cache, name, &out)) {
		len = out.len;
		memcpy(text, out.at, len);
	}
	buffer_clear(&out);
	cache_close(&cache);
	return (struct slice){ text, len };
}

static bool reads(const struct scratch *scratch, const char *name)
{
	struct buffer out;
	struct cache cache;
	bool read;

	buffer_init(&out, 60);
	read = cache_open(&cache, path_in(scratch, "c")) &&
	       cache_read(&cache, name, &out);
	buffer_clear(&out);
	cache_close(&cache);
	return read;
}

static bool writes(const struct scratch *scratch, const char *name, const char *text,
		   size_t keep)
{
	struct cache cache;
	bool written = cache_open(&cache, path_in(scratch, "c")) &&
		       cache_write(&cache, name, slice_of(text), keep);

	cache_close(&cache);
	return written;
}

static void writes_what_it_reads(void)
{
	struct scratch scratch = scratch_new();
	struct stat st;

	CHECK_SLICE(content(&scratch, "a", 60), S(""));
	CHECK(writes(&scratch, "a", "one", 8));
	CHECK_SLICE(content(&scratch, "a", 60), S("one"));
	CHECK(writes(&scratch, "a", "two", 8));
	CHECK_SLICE(content(&scratch, "a", 60), S("two"));
	CHECK_SLICE(content(&scratch, "a", 3), S("two"));
	CHECK_SLICE(content(&scratch, "a", 2), S(""));
	CHECK_INT(names_count(path_in(&scratch, "c")), 1);
	CHECK_INT(stat(path_in(&scratch, "c"), &st), 0);
	CHECK_INT(st.st_mode & 07777, 0700);
	CHECK_INT(stat(path_in(&scratch, "c/a"), &st), 0);
	CHECK_INT(st.st_mode & 07777, 0600);
	scratch_free(&scratch);
}

static void trusts_no_folder_of_others(void)
{
	struct scratch scratch = scratch_new();
	struct cache cache;

	CHECK(opens(&scratch, "x/y/z"));
	CHECK(opens(&scratch, "x/y/z/"));
	CHECK_INT(symlink("x/y", path_in(&scratch, "link")), 0);
	CHECK(!opens(&scratch, "link"));
	CHECK(opens(&scratch, "link/z")); /* it is what is behind a link that counts */
	scratch_write(&scratch, "file", "x");
	CHECK(!opens(&scratch, "file"));
	CHECK(!opens(&scratch, "file/z"));
	CHECK_INT(chmod(path_in(&scratch, "x/y"), 0750), 0);
	CHECK(!opens(&scratch, "x/y"));
	CHECK_INT(chmod(path_in(&scratch, "x/y"), 0702), 0);
	CHECK(!opens(&scratch, "x/y"));
	CHECK_INT(chmod(path_in(&scratch, "x/y"), 0500), 0);
	CHECK(opens(&scratch, "x/y"));
	CHECK_INT(chmod(path_in(&scratch, "x/y"), 0700), 0);
	CHECK(!cache_open(&cache, "x/y")); /* from wherever it is started */
	CHECK(!cache_open(&cache, ""));
	CHECK_INT(cache.folder, -1);
	if (geteuid() == 0) {
		CHECK_INT(chown(path_in(&scratch, "x/y"), 1, 1), 0);
		CHECK(!opens(&scratch, "x/y"));
		CHECK(!opens(&scratch, "x/y/new"));
		CHECK(access(path_in(&scratch, "x/y/new"), F_OK) != 0);
	} else {
		CHECK(!cache_open(&cache, "/usr"));
		CHECK(!cache_open(&cache, "/usr/tipoff-test"));
	}
	scratch_free(&scratch);
}

static void trusts_no_file_of_others(void)
{
	struct scratch scratch = scratch_new();

	CHECK(writes(&scratch, "a", "one", 8));
	CHECK_INT(symlink("a", path_in(&scratch, "c/link")), 0);
	CHECK_SLICE(content(&scratch, "link", 60), S(""));
	CHECK_INT(mkdir(path_in(&scratch, "c/folder"), 0700), 0);
	CHECK(!reads(&scratch, "folder"));
	CHECK_INT(mkfifo(path_in(&scratch, "c/pipe"), 0600), 0);
	CHECK(!reads(&scratch, "pipe"));
	CHECK(!reads(&scratch, "none"));
	CHECK(reads(&scratch, "a"));
	CHECK_INT(chmod(path_in(&scratch, "c/a"), 0620), 0);
	CHECK_SLICE(content(&scratch, "a", 60), S(""));
	CHECK_INT(chmod(path_in(&scratch, "c/a"), 0602), 0);
	CHECK_SLICE(content(&scratch, "a", 60), S(""));
	CHECK_INT(chmod(path_in(&scratch, "c/a"), 0644), 0);
	CHECK_SLICE(content(&scratch, "a", 60), S("one"));
	if (geteuid() == 0) {
		CHECK_INT(chown(path_in(&scratch, "c/a"), 1, 1), 0);
		CHECK_SLICE(content(&scratch, "a", 60), S(""));
	}
	/* in the place of a link stands the file, and what it led to stays as it was */
	CHECK(writes(&scratch, "link", "two", 8));
	CHECK_SLICE(content(&scratch, "link", 60), S("two"));
	CHECK(!writes(&scratch, "folder", "two", 8));
	scratch_free(&scratch);
}

static void file_age(const struct scratch *scratch, const char *name, time_t at)
{
	const struct timespec times[] = { { .tv_sec = at }, { .tv_sec = at } };

	CHECK_INT(utimensat(AT_FDCWD, path_in(scratch, name), times, 0), 0);
}

static void keeps_few(void)
{
	struct scratch scratch = scratch_new();

	CHECK(writes(&scratch, "a", "1", 3));
	CHECK(writes(&scratch, ".new-left", "2", 3));
	CHECK(writes(&scratch, "b", "3", 3));
	file_age(&scratch, "c/a", 2000);
	file_age(&scratch, "c/.new-left", 1000);
	file_age(&scratch, "c/b", 4000000000); /* the clock was wrong */
	CHECK(writes(&scratch, "d", "4", 3));
	CHECK_SLICE(content(&scratch, ".new-left", 60), S(""));
	CHECK_SLICE(content(&scratch, "a", 60), S("1"));
	CHECK(writes(&scratch, "e", "5", 1));
	CHECK_SLICE(content(&scratch, "e", 60), S("5"));
	CHECK_SLICE(content(&scratch, "a", 60), S(""));
	CHECK(names_count(path_in(&scratch, "c")) <= 2);
	scratch_free(&scratch);
}

static void a_folder_that_cannot_be_written_stays_as_it_is(void)
{
	struct scratch scratch = scratch_new();

	CHECK(writes(&scratch, "a", "one", 8));
	if (geteuid() != 0) {
		CHECK_INT(chmod(path_in(&scratch, "c"), 0500), 0);
		CHECK(!writes(&scratch, "a", "two", 8));
		CHECK_SLICE(content(&scratch, "a", 60), S("one"));
		CHECK_INT(chmod(path_in(&scratch, "c"), 0700), 0);
		CHECK_INT(chmod(scratch.path, 0500), 0);
		CHECK(!opens(&scratch, "other"));
		CHECK_INT(chmod(scratch.path, 0700), 0);
	}
	CHECK_INT(names_count(path_in(&scratch, "c")), 1);
	scratch_free(&scratch);
}

static void many_writers_leave_one_whole_file(void)
{
	static const char *const texts[] = { "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb" };
	struct scratch scratch = scratch_new();
	pid_t children[4];
	struct slice got;

	for (size_t i = 0; i < COUNT_OF(children); i++) {
		children[i] = fork();
		if (children[i] != 0)
			continue;
		for (int j = 0; j < 50; j++)
			(void)writes(&scratch, "a", texts[i % 2], 9);
		_exit(0);
	}
	for (size_t i = 0; i < COUNT_OF(children); i++)
		CHECK_INT(waitpid(children[i], NULL, 0), children[i]);
	got = content(&scratch, "a", 60);
	CHECK(slice_equal(got, slice_of(texts[0])) ||
	      slice_equal(got, slice_of(texts[1])));
	scratch_free(&scratch);
}

int main(void)
{
	return CHECK_RUN(TEST(writes_what_it_reads), TEST(trusts_no_folder_of_others),
			 TEST(trusts_no_file_of_others), TEST(keeps_few),
			 TEST(a_folder_that_cannot_be_written_stays_as_it_is),
			 TEST(many_writers_leave_one_whole_file));
}
