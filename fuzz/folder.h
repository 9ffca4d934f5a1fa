/* folder.h - hostile text as files, for parsers that open files themselves.
 *
 * The input is cut at lines "%%% NAME"; what stands before the first is `first`. Names
 * are taken only from the list given: text chosen by nobody we know writes nowhere else.
 * One folder for the whole process, taken away when it ends.                          */
#ifndef FUZZ_FOLDER_H
#define FUZZ_FOLDER_H

#include "base/slice.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FUZZ_PATH_MAX = 128 };

static char fuzz_folder[96];
static const char *const *fuzz_names;

static void fuzz_path(const char *name, char path[static FUZZ_PATH_MAX])
{
	(void)snprintf(path, FUZZ_PATH_MAX, "%s/%s", fuzz_folder, name);
}

static void fuzz_folder_empty(void)
{
	char path[FUZZ_PATH_MAX];

	for (const char *const *name = fuzz_names; *name; name++) {
		fuzz_path(*name, path);
		(void)unlink(path);
	}
}

static void fuzz_folder_remove(void)
{
	char path[FUZZ_PATH_MAX];

	fuzz_folder_empty();
	fuzz_path("x.d", path);
	(void)rmdir(path);
	(void)rmdir(fuzz_folder);
}

static void fuzz_folder_make(const char *const *names)
{
	const char *at = getenv("TMPDIR");
	char path[FUZZ_PATH_MAX];

	(void)snprintf(fuzz_folder, sizeof fuzz_folder, "%s/fuzz-XXXXXX",
		       at ? at : "/tmp");
	if (mkdtemp(fuzz_folder) == NULL)
		abort();
	fuzz_path("x.d", path);
	if (mkdir(path, 0700) != 0)
		abort();
	fuzz_names = names;
	(void)atexit(fuzz_folder_remove);
}

static void fuzz_file_write(const char *name, struct slice text)
{
	char path[FUZZ_PATH_MAX];
	int fd;

	fuzz_path(name, path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, text.at, text.len) != (ssize_t)text.len)
		abort();
	close(fd);
}

/* Empties the folder, then writes the files that the text names, `first` among them. */
static void fuzz_files_write(const char *first, struct slice text)
{
	const char *name = first;

	fuzz_folder_empty();
	while (name != NULL) {
		ptrdiff_t cut = slice_find(text, S("%%% "));
		struct slice line;

		fuzz_file_write(name, cut < 0 ? text : slice_cut(text, 0, (size_t)cut));
		text = slice_from(text, cut < 0 ? text.len : (size_t)cut + 4);
		slice_next(&text, '\n', &line);
		name = NULL;
		for (const char *const *each = fuzz_names; cut >= 0 && *each; each++)
			name = slice_equal(line, slice_of(*each)) ? *each : name;
	}
}

#endif
