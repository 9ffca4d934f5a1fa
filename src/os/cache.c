#include "os/cache.h"

#include "base/digest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LISTED_MAX = 1000, NAME_ROOM = 128 };

/* --- the folder --------------------------------------------------------------------- */

static int folder_look(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & 077) == 0)
		return fd;
	close(fd);
	return -1;
}

/* What is above the folder may be open to others: who can rename there can only take the
 * folder away, for another one in its place would not be this user's.                 */
static bool folder_make(const char *path)
{
	char part[PATH_MAX];
	size_t len = strlen(path);
	bool below_own = false;
	struct stat st;

	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		(void)snprintf(part, sizeof part, "%.*s", (int)i, path);
		if (stat(part, &st) == 0)
			below_own = st.st_uid == geteuid();
		else if (!below_own || (mkdir(part, 0700) != 0 && errno != EEXIST))
			return false;
	}
	return true;
}

bool cache_open(struct cache *cache, const char *folder)
{
	cache->folder = -1;
	if (folder[0] != '/' || strlen(folder) >= PATH_MAX)
		return false;
	cache->folder = folder_look(folder);
	if (cache->folder < 0 && errno == ENOENT && folder_make(folder))
		cache->folder = folder_look(folder);
	return cache->folder >= 0;
}

void cache_close(struct cache *cache)
{
	if (cache->folder >= 0)
		close(cache->folder);
	cache->folder = -1;
}

/* --- a file ------------------------------------------------------------------------- */

static bool is_trusted(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid() &&
	       (st->st_mode & 022) == 0;
}

static bool bytes_read(int fd, size_t count, struct buffer *out)
{
	size_t end = out->len + count;

	if (!buffer_reserve(out, count))
		return false;
	while (out->len < end) {
		ssize_t got = read(fd, out->at + out->len, end - out->len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		out->len += (size_t)got;
	}
	return true;
}

bool cache_read(const struct cache *cache, const char *name, struct buffer *out)
{
	int fd = openat(cache->folder, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	bool read;

	if (fd < 0)
		return false;
	read = fstat(fd, &st) == 0 && is_trusted(&st) &&
	       bytes_read(fd, (size_t)st.st_size, out);
	close(fd);
	return read;
}

static bool bytes_write(int fd, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t put = write(fd, bytes.at, bytes.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		bytes = slice_from(bytes, (size_t)put);
	}
	return true;
}

/* --- few are kept ---------------------------------------------------------------------- */

struct listed {
	char name[NAME_ROOM];
	struct timespec at;
};

static int newest_first(const void *a, const void *b)
{
	const struct timespec one = ((const struct listed *)a)->at;
	const struct timespec other = ((const struct listed *)b)->at;

	if (one.tv_sec != other.tv_sec)
		return one.tv_sec < other.tv_sec ? 1 : -1;
	return (one.tv_nsec < other.tv_nsec) - (one.tv_nsec > other.tv_nsec);
}

static size_t files_list(DIR *directory, struct listed *out)
{
	struct dirent *entry;
	struct stat st;
	size_t count = 0;

	while (count < LISTED_MAX && (entry = readdir(directory)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (len >= sizeof out->name ||
		    fstatat(dirfd(directory), entry->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		memcpy(out[count].name, entry->d_name, len + 1);
		out[count++].at = st.st_mtim;
	}
	return count;
}

/* With an offset of its own. */
static DIR *directory_open(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory;

	if (fd < 0)
		return NULL;
	directory = fdopendir(fd);
	if (directory == NULL)
		close(fd);
	return directory;
}

/* What a killed writer left behind is a file as any other, and goes in its turn. The clock
 * of files is a coarse one: the file of this moment is named, and stays.               */
static void oldest_remove(int folder, const char *newest, size_t keep)
{
	DIR *directory = directory_open(folder);
	struct listed *files = calloc(LISTED_MAX, sizeof *files);
	size_t count = 0;

	if (files == NULL)
		abort();
	if (directory != NULL) {
		count = files_list(directory, files);
		closedir(directory);
	}
	qsort(files, count, sizeof *files, newest_first);
	for (size_t i = keep; i < count; i++) {
		if (strcmp(files[i].name, newest) != 0)
			(void)unlinkat(folder, files[i].name, 0);
	}
	free(files);
}

bool cache_write(const struct cache *cache, const char *name, struct slice bytes,
		 size_t keep)
{
	char temporary[NAME_ROOM];
	uint64_t number = 0;
	bool written;
	int fd;

	random_bytes(&number, sizeof number);
	(void)snprintf(temporary, sizeof temporary, ".new-%016llx",
		       (unsigned long long)number);
	fd = openat(cache->folder, temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	written = bytes_write(fd, bytes);
	written = close(fd) == 0 && written &&
		  renameat(cache->folder, temporary, cache->folder, name) == 0;
	if (written)
		oldest_remove(cache->folder, name, keep);
	else
		(void)unlinkat(cache->folder, temporary, 0);
	return written;
}
