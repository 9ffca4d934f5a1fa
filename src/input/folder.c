#include "input/folder.h"

#include "base/clock.h"
#include "input/rotation.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Found beside logs everywhere, and none. A name that ends in a slash is a folder. What
 * Exim's rejectlog says of logins stands in its mainlog too, and would count twice.    */
static const struct slice non_logs[] = {
	{ "wtmp", 4 },    { "btmp", 4 },         { "utmp", 4 },
	{ "lastlog", 7 }, { "faillog", 7 },      { "tallylog", 8 },
	{ "wtmp.db", 7 }, { "lastlog2.db", 11 }, { "journal/", 8 },
	{ "sa/", 3 },     { "sysstat/", 8 },     { "atop/", 5 },
	{ "audit/", 6 },  { "pcp/", 4 },         { "lost+found/", 11 },
	{ "README", 6 },  { "rejectlog", 9 },
};
static const struct slice non_log_ends[] = {
	{ ".db", 3 },     { ".sqlite", 7 },  { ".sqlite3", 8 }, { ".pcap", 5 },
	{ ".pcapng", 7 }, { ".journal", 8 }, { ".pid", 4 },     { ".lock", 5 },
	{ ".html", 5 },   { ".pos", 4 },     { ".tar", 4 },     { ".tar.gz", 7 },
	{ ".zip", 4 },    { ".swp", 4 },     { "~", 1 },
};

static bool is_non_log(struct slice name, struct slice set)
{
	for (size_t i = 0; i < COUNT_OF(non_logs); i++)
		if (slice_equal(set, non_logs[i]))
			return true;
	for (size_t i = 0; i < COUNT_OF(non_log_ends); i++)
		if (slice_ends(name, non_log_ends[i]))
			return true;
	return false;
}

static bool is_non_log_folder(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(non_logs); i++)
		if (slice_ends(non_logs[i], S("/")) &&
		    slice_equal(name, slice_cut(non_logs[i], 0, non_logs[i].len - 1)))
			return true;
	return false;
}

static struct slice set_of(struct arena *arena, struct slice path,
			   struct slice *set_name)
{
	size_t folder_len = (size_t)(slice_find_last_byte(path, '/') + 1);
	struct slice folder = slice_cut(path, 0, folder_len);

	*set_name = rotation_of(arena, slice_from(path, folder_len)).set;
	return arena_printf(arena, SLICE_FMT SLICE_FMT, SLICE_ARG(folder),
			    SLICE_ARG(*set_name));
}

bool folder_add_file(struct arena *arena, struct slice path, bool is_found,
		     struct input_files *files)
{
	char *name = arena_cstr(arena, path);
	struct slice set_name;
	struct input_file file = { .path = name, .is_found = is_found };
	struct stat st;

	if ((is_found ? lstat(name, &st) : stat(name, &st)) != 0 ||
	    !(S_ISREG(st.st_mode) || (S_ISFIFO(st.st_mode) && !is_found)))
		return false;
	file.set = set_of(arena, slice_of(name), &set_name);
	if (is_found && is_non_log(path, set_name))
		return false;
	file.modified_at = (int64_t)st.st_mtim.tv_sec * SECOND_US;
	file.device = st.st_dev;
	file.inode = st.st_ino;
	file.size_bytes = (uint64_t)st.st_size;
	*LIST_ADD(arena, files) = file;
	return true;
}

static int by_name(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static void add_name(struct arena *arena, const char *name, struct slices *names,
		     struct input_files *files)
{
	struct slice text = slice_of(name);

	if (slice_equal(text, S(".")) || slice_equal(text, S("..")))
		return;
	if (slice_starts(text, S(".")) || names->count == FOLDER_FILES_MAX)
		files->passed_over++;
	else
		*LIST_ADD(arena, names) = arena_copy(arena, text);
}

/* The names in a folder, sorted, so that two runs see the same order. */
static int list_names(struct arena *arena, const char *path, struct slices *names,
		      struct input_files *files)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	if (folder == NULL)
		return errno;
	while ((entry = readdir(folder)) != NULL)
		add_name(arena, entry->d_name, names, files);
	closedir(folder);
	if (names->count > 0)
		qsort(names->at, names->count, sizeof *names->at, by_name);
	return 0;
}

/* What stays the same on the way down. */
struct walk {
	struct arena *arena;
	bool (*wanted)(struct slice set);
	struct input_files *files;
};

static int add_level(const struct walk *walk, const char *path, int depth);

static void add_subfolder(const struct walk *walk, const char *path, struct slice name,
			  int depth)
{
	int sys = 0;

	if (depth == FOLDER_DEPTH_MAX || is_non_log_folder(name))
		walk->files->passed_over++;
	else
		sys = add_level(walk, path, depth);
	walk->files->unreadable += sys != 0;
}

static void add_entry(const struct walk *walk, const char *folder, struct slice name,
		      int depth)
{
	bool has_slash = slice_ends(slice_of(folder), S("/"));
	struct slice path = arena_printf(walk->arena, "%s%s" SLICE_FMT, folder,
					 has_slash ? "" : "/", SLICE_ARG(name));
	const char *text = arena_cstr(walk->arena, path);
	struct stat st;

	if (lstat(text, &st) == 0 && S_ISDIR(st.st_mode))
		add_subfolder(walk, text, name, depth + 1);
	else if (!folder_add_file(walk->arena, path, true, walk->files))
		walk->files->passed_over++;
}

/* Recursion is bounded by FOLDER_DEPTH_MAX, and links are not followed. */
static int add_level(const struct walk *walk, const char *path, int depth)
{
	struct slices names = { 0 };
	int sys = list_names(walk->arena, path, &names, walk->files);

	for (size_t i = 0; i < names.count; i++) {
		struct slice set = rotation_of(walk->arena, names.at[i]).set;

		if (depth == 0 && walk->wanted != NULL && !walk->wanted(set))
			walk->files->passed_over++;
		else
			add_entry(walk, path, names.at[i], depth);
	}
	return sys;
}

int folder_add(struct arena *arena, const char *path, bool (*wanted)(struct slice set),
	       struct input_files *files)
{
	const struct walk walk = { arena, wanted, files };

	return add_level(&walk, path, 0);
}
