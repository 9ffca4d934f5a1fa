/* Opening the file of the index, which is looked through once. */
#include "registry/index_map.h"

#include "os/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- verified once ----------------------------------------------------------------- */

enum { STAMP_MAX = 200 };
struct stamp {
	char text[STAMP_MAX];
};

/* What a file is known by: another one of that name has another line. */
static struct stamp stamp_of(const struct index *index, const struct stat *status)
{
	struct stamp stamp;
	struct hex digest = hex_of((struct slice){ (const char *)index->header->digest,
						   sizeof index->header->digest });

	snprintf(stamp.text, sizeof stamp.text, "%ju %ju %jd.%09ld %jd %s\n",
		 (uintmax_t)status->st_dev, (uintmax_t)status->st_ino,
		 (intmax_t)status->st_mtim.tv_sec, status->st_mtim.tv_nsec,
		 (intmax_t)status->st_size, digest.text);
	return stamp;
}

static bool was_verified(const char *path, const struct stamp *stamp)
{
	struct buffer text;
	struct error ignored;
	bool same;

	buffer_init(&text, STAMP_MAX);
	same = file_read(path, &text, &ignored) == 0 &&
	       slice_equal(buffer_slice(&text), slice_of(stamp->text));
	buffer_clear(&text);
	return same;
}

/* Where the note cannot be written, the file is verified again the next time. */
static int verify_once(const struct index *index, const struct stat *status,
		       const char *path, struct error *err)
{
	struct stamp stamp = stamp_of(index, status);
	struct error ignored;

	if (was_verified(path, &stamp))
		return 0;
	if (index_verify(index, err) < 0)
		return -1;
	(void)(file_write(path, FILE_REPLACE, 0644, slice_of(stamp.text), &ignored) ==
	       0);
	return 0;
}

static int map_file(struct index *index, const char *path, struct stat *status,
		    struct error *err)
{
	void *at;
	int fd;
	int result = -1;

	if (file_open_read(path, FILE_LINKS_FOLLOW, &fd, err) < 0)
		return -1;
	if (fstat(fd, status) < 0) {
		error_system(err, errno, "'%s' cannot be read", path);
		goto close_fd;
	}
	if (!S_ISREG(status->st_mode) || status->st_size <= 0) {
		error_set(err, ERROR_SYNTAX, "not a registry index");
		goto close_fd;
	}
	at = mmap(NULL, (size_t)status->st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED) {
		error_system(err, errno, "'%s' cannot be mapped", path);
		goto close_fd;
	}
	index->at = at;
	index->bytes = (size_t)status->st_size;
	index->header = at;
	result = 0;
close_fd:
	close(fd);
	return result;
}

struct index *index_map(const char *path, struct stat *status, struct error *err)
{
	struct index *index = calloc(1, sizeof *index);

	if (!index)
		abort();
	if (map_file(index, path, status, err) == 0 &&
	    index_check_header(index, err) == 0)
		return index;
	index_close(index);
	return NULL;
}

struct index *index_open(struct slice path, struct error *err)
{
	struct arena *arena = arena_new();
	struct slice note = arena_printf(arena, SLICE_FMT ".verified", SLICE_ARG(path));
	struct stat status;
	struct index *index = index_map(arena_cstr(arena, path), &status, err);

	if (index && verify_once(index, &status, arena_cstr(arena, note), err) < 0) {
		index_close(index);
		index = NULL;
	}
	if (!index)
		error_context(err, "registry index '" SLICE_FMT "'", SLICE_ARG(path));
	arena_free(arena);
	return index;
}

void index_close(struct index *index)
{
	if (!index)
		return;
	if (index->at)
		munmap((void *)(uintptr_t)index->at, index->bytes);
	free(index);
}
