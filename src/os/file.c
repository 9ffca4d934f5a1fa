#include "os/file.h"

#include "os/point.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Joining the group that may read it is better than running as root. */
static bool find_group(const char *path, char *name, size_t size)
{
	struct stat st;
	struct group entry, *group = NULL;
	char names[4096];

	if (stat(path, &st) != 0 || !(st.st_mode & S_IRGRP) || st.st_gid == 0 ||
	    getgrgid_r(st.st_gid, &entry, names, sizeof names, &group) != 0 ||
	    group == NULL)
		return false;
	(void)snprintf(name, size, "%s", group->gr_name);
	return true;
}

static int fail_access(const char *path, struct error *err)
{
	char group[256];

	if (find_group(path, group, sizeof group))
		return error_system(
			err, EACCES,
			"cannot read '%s' (join the group '%s', or run as root)", path,
			group);
	return error_system(err, EACCES, "cannot read '%s' (run as root)", path);
}

static int fail_open(const char *path, int sys, struct error *err)
{
	if (sys == EACCES)
		return fail_access(path, err);
	if (sys == ENOENT)
		return error_system(err, sys, "cannot read '%s' (check the name)",
				    path);
	if (sys == ELOOP)
		return error_set(
			err, ERROR_REFUSED,
			"'%s' is a link and not followed: name what it points to",
			path);
	return error_system(err, sys, "cannot read '%s'", path);
}

static int check_kind(int fd, const char *path, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return error_system(err, errno, "cannot examine '%s'", path);
	if (S_ISDIR(st.st_mode))
		return error_set(err, ERROR_REFUSED,
				 "'%s' is a folder: name a file in it", path);
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return error_set(
			err, ERROR_REFUSED,
			"'%s' is a device or socket: name a file, or '-' to read "
			"standard input",
			path);
	return 0;
}

int file_open_read(const char *path, enum file_links links, int *fd, struct error *err)
{
	int follow = links == FILE_LINKS_REFUSE ? O_NOFOLLOW : 0;
	int opened = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | follow);

	if (opened < 0)
		return fail_open(path, errno, err);
	if (check_kind(opened, path, err) != 0)
		goto close_fd;
	if (fcntl(opened, F_SETFL, 0) != 0) {
		error_system(err, errno, "cannot read '%s'", path);
		goto close_fd;
	}
	*fd = opened;
	return 0;
close_fd:
	close(opened);
	return -1;
}

static int read_all(int fd, const char *path, struct buffer *out, struct error *err)
{
	char block[16384];

	for (;;) {
		ssize_t got = read(fd, block, sizeof block);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_system(err, errno, "cannot read '%s'", path);
		if (got == 0)
			return 0;
		buffer_add(out, (struct slice){ block, (size_t)got });
		if (out->failed)
			return error_set(
				err, ERROR_LIMIT,
				"'%s' has more than the %zu bytes allowed for it", path,
				out->max);
	}
}

int file_read(const char *path, struct buffer *out, struct error *err)
{
	int fd = -1;
	int result;

	if (file_open_read(path, FILE_LINKS_FOLLOW, &fd, err) != 0)
		return -1;
	result = read_all(fd, path, out, err);
	close(fd);
	return result;
}

int file_write_all(int fd, const char *path, struct slice bytes, struct error *err)
{
	crash_point("file.write");
	while (bytes.len > 0) {
		ssize_t put = write(fd, bytes.at, bytes.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return error_system(err, errno, "cannot write '%s'%s", path,
					    errno == ENOSPC ? " (make room)" : "");
		bytes = slice_from(bytes, (size_t)put);
	}
	return 0;
}

/* The folder part of `path`, "." where there is none. */
static void folder_of(const char *path, char folder[PATH_MAX])
{
	ptrdiff_t slash = slice_find_last_byte(slice_of(path), '/');

	if (slash < 0)
		(void)snprintf(folder, PATH_MAX, ".");
	else
		(void)snprintf(folder, PATH_MAX, "%.*s", slash ? (int)slash : 1, path);
}

static int sync_folder(const char *folder, struct error *err)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = 0;

	/* Some file systems cannot sync a folder (EINVAL): nothing more can be done. */
	if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
		result =
			error_system(err, errno, "cannot sync the folder '%s'", folder);
	if (fd >= 0)
		close(fd);
	return result;
}

static int fill(int fd, const char *path, unsigned mode, struct slice bytes,
		struct error *err)
{
	if (fchmod(fd, (mode_t)mode) != 0)
		return error_system(err, errno, "cannot set the mode of '%s'", path);
	if (file_write_all(fd, path, bytes, err) != 0)
		return -1;
	if (fsync(fd) != 0)
		return error_system(err, errno, "cannot write '%s'", path);
	return 0;
}

static int move_into_place(const char *from, const char *to, enum file_write how,
			   struct error *err)
{
	crash_point("file.rename");
	if (how == FILE_REPLACE) {
		if (rename(from, to) == 0)
			return 0;
		return error_system(err, errno, "cannot write '%s'", to);
	}
	if (link(from, to) != 0) {
		if (errno == EEXIST)
			return error_set(err, ERROR_REFUSED,
					 "'%s' is there already and was left alone",
					 to);
		return error_system(err, errno, "cannot write '%s'", to);
	}
	return unlink(from) == 0 ? 0
				 : error_system(err, errno, "cannot remove '%s'", from);
}

static int write_beside(const char *temporary, int fd, const char *path,
			enum file_write how, struct error *err)
{
	char folder[PATH_MAX];

	if (close(fd) != 0)
		return error_system(err, errno, "cannot write '%s'", path);
	if (move_into_place(temporary, path, how, err) != 0)
		return -1;
	crash_point("file.renamed");
	folder_of(path, folder);
	return sync_folder(folder, err);
}

int file_write(const char *path, enum file_write how, unsigned mode, struct slice bytes,
	       struct error *err)
{
	char folder[PATH_MAX], temporary[PATH_MAX + 16];
	int fd;

	if (slice_of(path).len >= PATH_MAX)
		return error_system(err, ENAMETOOLONG, "cannot write '%s'", path);
	folder_of(path, folder);
	(void)snprintf(temporary, sizeof temporary, "%s/.new-XXXXXX", folder);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return error_system(err, errno, "cannot write into the folder '%s'",
				    folder);
	if (fill(fd, path, mode, bytes, err) != 0) {
		close(fd);
		goto remove_temporary;
	}
	if (write_beside(temporary, fd, path, how, err) != 0)
		goto remove_temporary;
	return 0;
remove_temporary:
	(void)unlink(temporary); /* gone already where only the sync failed */
	return -1;
}

static void draft_free(struct file_draft *draft)
{
	free(draft->path);
	free(draft->temporary);
	*draft = (struct file_draft){ .fd = -1 };
}

int file_draft_open(struct file_draft *draft, const char *path, unsigned mode,
		    struct error *err)
{
	char folder[PATH_MAX], temporary[PATH_MAX + 16];

	if (slice_of(path).len >= PATH_MAX)
		return error_system(err, ENAMETOOLONG, "cannot write '%s'", path);
	folder_of(path, folder);
	(void)snprintf(temporary, sizeof temporary, "%s/.new-XXXXXX", folder);
	*draft = (struct file_draft){ mkostemp(temporary, O_CLOEXEC), strdup(path),
				      strdup(temporary) };
	if (!draft->path || !draft->temporary)
		abort();
	if (draft->fd < 0) {
		error_system(err, errno, "cannot write into the folder '%s'", folder);
		draft_free(draft);
		return -1;
	}
	if (fchmod(draft->fd, (mode_t)mode) != 0) {
		error_system(err, errno, "cannot set the mode of '%s'", path);
		file_draft_drop(draft);
		return -1;
	}
	return 0;
}

int file_draft_commit(struct file_draft *draft, struct error *err)
{
	int fd = draft->fd;
	int result = -1;

	if (fsync(fd) != 0) {
		error_system(err, errno, "cannot write '%s'", draft->path);
		close(fd);
	} else {
		result = write_beside(draft->temporary, fd, draft->path, FILE_REPLACE,
				      err);
	}
	if (result != 0)
		(void)unlink(draft->temporary);
	draft_free(draft);
	return result;
}

void file_draft_drop(struct file_draft *draft)
{
	close(draft->fd);
	(void)unlink(draft->temporary);
	draft_free(draft);
}

static int make_one(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return 0;
		return error_set(err, ERROR_REFUSED,
				 "'%s' is in the way: a folder is needed there", path);
	}
	crash_point("file.mkdir");
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return error_system(err, errno, "cannot make the folder '%s'", path);
	return 0;
}

int file_make_folder(const char *path, struct error *err)
{
	char part[PATH_MAX];
	size_t len = slice_of(path).len;

	if (len == 0 || len >= PATH_MAX)
		return error_system(err, ENAMETOOLONG, "cannot make the folder '%s'",
				    path);
	for (size_t i = 1; i < len; i++) {
		if (path[i] != '/' || path[i - 1] == '/')
			continue;
		(void)snprintf(part, sizeof part, "%.*s", (int)i, path);
		if (make_one(part, err) != 0)
			return -1;
	}
	return make_one(path, err);
}
