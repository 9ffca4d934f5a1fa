#include "scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(bool done, const char *what)
{
	if (done)
		return;
	perror(what);
	abort();
}

struct scratch scratch_new(void)
{
	const char *base = getenv("TMPDIR");
	struct scratch scratch;

	snprintf(scratch.path, sizeof scratch.path, "%s/unit-XXXXXX",
		 base ? base : "/tmp");
	must(mkdtemp(scratch.path) != NULL, scratch.path);
	return scratch;
}

struct slice scratch_path(const struct scratch *scratch, const char *name)
{
	static char paths[4][512];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof paths[0], "%s/%s", scratch->path, name);
	return slice_of(path);
}

void scratch_write(const struct scratch *scratch, const char *name, const char *text)
{
	char path[512];

	snprintf(path, sizeof path, "%s/%s", scratch->path, name);
	for (char *slash = path + strlen(scratch->path) + 1;
	     (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	FILE *file = fopen(path, "w");
	must(file != NULL, path);
	must(fputs(text, file) >= 0 && fclose(file) == 0, path);
}

static int remove_one(const char *path, const struct stat *status, int kind,
		      struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(path);
}

void scratch_free(const struct scratch *scratch)
{
	nftw(scratch->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
