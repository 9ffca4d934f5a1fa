#include "input/spool.h"

#include "input/store.h"
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file is moved aside at the first size, and grows to the second where it cannot be. */
static const int64_t file_bytes = 64 << 20, file_max_bytes = 1 << 30;
enum { WAITING_BYTES = 64 << 10, WAITING_MAX = 1 << 20 };
static const struct slice ending = { ".syslog", 7 };

struct spooled {
	struct spooled *next;
	int fd;
	int64_t size_bytes;
	bool is_unsynced;
	struct buffer waiting;
	char path[]; /* NUL-terminated; its last part is the name and `ending` */
};

struct spool {
	char folder[PATH_MAX];
	struct spooled *files;
	size_t count;
};

static int path_make(const struct spool *spool, struct slice name, const char *end,
		     char out[PATH_MAX], struct error *err)
{
	int len = snprintf(out, PATH_MAX, "%s/" SLICE_FMT "%s", spool->folder,
			   SLICE_ARG(name), end);

	if (len < 0 || len >= PATH_MAX)
		return error_system(err, ENAMETOOLONG, "cannot write into '%s'",
				    spool->folder);
	return 0;
}

/* The length up to the last newline among the last bytes; a part of a line behind it was
 * never handed over whole.                                                             */
static int64_t whole_len(int fd, int64_t size_bytes)
{
	char block[4096];

	while (size_bytes > 0) {
		size_t count = size_bytes < (int64_t)sizeof block ? (size_t)size_bytes
								  : sizeof block;
		ssize_t got = pread(fd, block, count, size_bytes - (int64_t)count);
		ptrdiff_t last;

		if (got < 0 || (size_t)got < count)
			return -1;
		last = slice_find_last_byte((struct slice){ block, count }, '\n');
		size_bytes -= (int64_t)count;
		if (last >= 0)
			return size_bytes + last + 1;
	}
	return 0;
}

static int mend(struct spooled *file, struct error *err)
{
	struct stat st;
	int64_t len;

	if (fstat(file->fd, &st) != 0)
		return error_system(err, errno, "cannot read '%s'", file->path);
	len = whole_len(file->fd, st.st_size);
	if (len < 0 || (len < st.st_size && ftruncate(file->fd, len) != 0))
		return error_system(err, errno, "cannot mend '%s'", file->path);
	file->size_bytes = len;
	return 0;
}

/* So that two files are never taken for each other by what they begin with. */
static int begin(struct spooled *file, struct error *err)
{
	char token[25], line[80];
	int len;

	if (file->size_bytes > 0)
		return 0;
	random_token(token, sizeof token - 1);
	len = snprintf(line, sizeof line, "# tipoff spool %s\n", token);
	if (file_write_all(file->fd, file->path, (struct slice){ line, (size_t)len },
			   err) != 0)
		return -1;
	file->size_bytes = len;
	return 0;
}

static int open_file(struct spooled *file, struct error *err)
{
	file->fd = open(file->path,
			O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file->fd < 0)
		return error_system(err, errno, "cannot write '%s'", file->path);
	return mend(file, err) != 0 || begin(file, err) != 0 ? -1 : 0;
}

static void file_free(struct spooled *file)
{
	if (file->fd >= 0)
		close(file->fd);
	buffer_clear(&file->waiting);
	free(file);
}

static struct spooled *file_add(struct spool *spool, const char *path,
				struct error *err)
{
	size_t len = strlen(path);
	struct spooled *file = calloc(1, sizeof *file + len + 1);

	if (file == NULL)
		abort();
	memcpy(file->path, path, len);
	buffer_init(&file->waiting, WAITING_MAX);
	if (open_file(file, err) != 0) {
		file_free(file);
		return NULL;
	}
	file->next = spool->files;
	spool->files = file;
	spool->count++;
	return file;
}

/* What an earlier process left: mended before anybody reads it. */
static int files_mend(struct spool *spool, struct error *err)
{
	DIR *folder = opendir(spool->folder);
	struct dirent *entry;
	char path[PATH_MAX];
	int result = 0;

	if (folder == NULL)
		return error_system(err, errno, "cannot read '%s'", spool->folder);
	while (result == 0 && (entry = readdir(folder)) != NULL) {
		if (!slice_ends(slice_of(entry->d_name), ending) ||
		    spool->count >= SPOOL_SENDERS_MAX)
			continue;
		result = path_make(spool, slice_of(entry->d_name), "", path, err);
		if (result == 0 && file_add(spool, path, err) == NULL)
			result = -1;
	}
	closedir(folder);
	return result;
}

struct spool *spool_open(const char *folder, struct error *err)
{
	struct spool *spool = calloc(1, sizeof *spool);

	if (spool == NULL)
		abort();
	if (strlen(folder) >= sizeof spool->folder) {
		error_system(err, ENAMETOOLONG, "cannot write into '%s'", folder);
		goto free_spool;
	}
	memcpy(spool->folder, folder, strlen(folder) + 1);
	if (file_make_folder(folder, err) == 0 && files_mend(spool, err) == 0)
		return spool;
free_spool:
	spool_free(spool);
	return NULL;
}

void spool_free(struct spool *spool)
{
	struct error ignored;

	if (spool == NULL)
		return;
	(void)(spool_flush(spool, &ignored) == 0 && spool_sync(spool, &ignored) == 0);
	while (spool->files != NULL) {
		struct spooled *next = spool->files->next;

		file_free(spool->files);
		spool->files = next;
	}
	free(spool);
}

static int flush_file(struct spooled *file, struct error *err)
{
	struct slice waiting = buffer_slice(&file->waiting);

	if (waiting.len == 0)
		return 0;
	if (file_write_all(file->fd, file->path, waiting, err) != 0) {
		/* half of it may stand there: nobody may read that as a line */
		struct error ignored;

		(void)mend(file, &ignored);
		buffer_reset(&file->waiting);
		return -1;
	}
	file->size_bytes += (int64_t)waiting.len;
	file->is_unsynced = true;
	buffer_reset(&file->waiting);
	return 0;
}

/* False where the one before was not read yet. */
static bool move_aside(struct spooled *file, struct error *err)
{
	char aside[PATH_MAX + 2];

	(void)snprintf(aside, sizeof aside, "%s.1", file->path);
	if (access(aside, F_OK) == 0 || flush_file(file, err) != 0 ||
	    rename(file->path, aside) != 0)
		return false;
	(void)fdatasync(file->fd);
	close(file->fd);
	file->is_unsynced = false;
	return open_file(file, err) == 0;
}

enum spool_result spool_add(struct spool *spool, struct slice name, struct slice lines,
			    struct error *err)
{
	struct spooled *file = spool->files;
	char path[PATH_MAX];

	if (path_make(spool, name, ending.at, path, err) != 0)
		return SPOOL_FAILED;
	while (file != NULL && strcmp(file->path, path) != 0)
		file = file->next;
	if (file == NULL && spool->count >= SPOOL_SENDERS_MAX)
		return SPOOL_MANY;
	if (file == NULL)
		file = file_add(spool, path, err);
	if (file == NULL || (file->fd < 0 && open_file(file, err) != 0))
		return SPOOL_FAILED;
	if (file->size_bytes > file_bytes && !move_aside(file, err) &&
	    (file->fd < 0 || file->size_bytes > file_max_bytes))
		return SPOOL_FULL;
	buffer_add(&file->waiting, lines);
	if (file->waiting.len > WAITING_BYTES && flush_file(file, err) != 0)
		return SPOOL_FAILED;
	return SPOOL_KEPT;
}

int spool_flush(struct spool *spool, struct error *err)
{
	int result = 0;

	for (struct spooled *file = spool->files; file != NULL; file = file->next)
		result |= flush_file(file, err);
	return result;
}

int spool_sync(struct spool *spool, struct error *err)
{
	for (struct spooled *file = spool->files; file != NULL; file = file->next) {
		if (!file->is_unsynced)
			continue;
		if (fdatasync(file->fd) != 0)
			return error_system(err, errno, "cannot sync '%s'", file->path);
		file->is_unsynced = false;
	}
	return 0;
}

/* Whether the store has counted all of it. */
static int is_counted(const char *path, struct db *db, bool *out, struct error *err)
{
	struct input_file file = { .path = path, .is_found = true };
	struct stored_positions seen = { 0 };
	struct arena *arena = arena_new();
	struct input *input = input_open(&file, NULL, err);
	struct stat st;
	int result = -1;

	*out = false;
	if (input != NULL && stat(path, &st) == 0 &&
	    input_store_find(db, arena, input, &seen, err) == 0) {
		*out = seen.count > 0 &&
		       seen.at[0].position.offset >= (uint64_t)st.st_size;
		result = 0;
	}
	input_free(input);
	arena_free(arena);
	return result;
}

int spool_clean(struct spool *spool, struct db *db, struct error *err)
{
	for (struct spooled *file = spool->files; file != NULL; file = file->next) {
		char aside[PATH_MAX + 2];
		bool counted;

		(void)snprintf(aside, sizeof aside, "%s.1", file->path);
		if (access(aside, F_OK) != 0)
			continue;
		if (is_counted(aside, db, &counted, err) != 0)
			return -1;
		if (counted && unlink(aside) != 0)
			return error_system(err, errno, "cannot remove '%s'", aside);
	}
	return 0;
}
