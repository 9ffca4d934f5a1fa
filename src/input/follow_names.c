#include "input/follow_names.h"

#include "input/rotation.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

struct name_list {
	const char **at;
	size_t count, room;
};

static bool is_pattern(const char *name)
{
	struct stat st;

	return strpbrk(name, "*?[") != NULL && lstat(name, &st) != 0;
}

/* Reading one waits for its writers, and what was read is gone. */
static bool is_fifo(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 && S_ISFIFO(st.st_mode);
}

static void fifo_tell(struct arena *arena, const char *name,
		      struct input_problems *problems)
{
	struct error err = { 0 };

	error_set(
		&err, ERROR_REFUSED,
		"'%s' is a pipe and cannot be followed: give it on standard input, as "
		"'-'",
		name);
	input_problem_add(arena, problems, name, &err);
}

static void pattern_add(struct arena *arena, const char *pattern,
			struct name_list *names)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		*LIST_ADD(arena, names) =
			arena_cstr(arena, slice_of(found.gl_pathv[i]));
	globfree(&found);
}

static struct slice folder_of(struct slice path)
{
	return slice_cut(path, 0, (size_t)(slice_find_last_byte(path, '/') + 1));
}

static bool is_named(const struct name_list *names, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names->at[i], path) == 0)
			return true;
	return false;
}

/* The files beside `live` that were it once, by their names; links are none. */
static void rotated_add(struct arena *arena, struct slice live, size_t named,
			struct name_list *names)
{
	struct slice folder = folder_of(live), wanted = slice_from(live, folder.len);
	DIR *open = opendir(folder.len ? arena_cstr(arena, folder) : ".");
	struct dirent *entry;

	while (open != NULL && (entry = readdir(open)) != NULL) {
		struct slice name = slice_of(entry->d_name);
		const char *path;
		struct stat st;

		if (name.len <= wanted.len || name.at[0] == '.' ||
		    !slice_equal(rotation_of(arena, name).set, wanted))
			continue;
		path = arena_cstr(arena,
				  arena_printf(arena, SLICE_FMT SLICE_FMT,
					       SLICE_ARG(folder), SLICE_ARG(name)));
		if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
		    !is_named(names, named, path))
			*LIST_ADD(arena, names) = path;
	}
	if (open != NULL)
		closedir(open);
}

/* A log that is the live one of its set, there or not: it may be about to be made. */
static bool is_live_log(struct arena *arena, const char *name)
{
	struct slice path = slice_of(name);
	struct slice last = slice_from(path, folder_of(path).len);
	struct stat st;

	if (last.len == 0 || strcmp(name, "-") == 0 ||
	    (stat(name, &st) == 0 && !S_ISREG(st.st_mode)))
		return false;
	return slice_equal(rotation_of(arena, last).set, last);
}

void follow_names_find(struct arena *arena, const struct follow_options *options,
		       struct follow_names *out)
{
	struct input_search search = { .root = options->root,
				       .now = clock_now(options->clock) };
	struct input_problems fifos = { 0 };
	struct name_list names = { 0 };
	size_t named;

	*out = (struct follow_names){ 0 };
	for (size_t i = 0; i < options->count; i++) {
		if (is_fifo(options->names[i]))
			fifo_tell(arena, options->names[i], &fifos);
		else if (is_pattern(options->names[i]))
			pattern_add(arena, options->names[i], &names);
		else
			*LIST_ADD(arena, &names) = options->names[i];
	}
	named = names.count;
	for (size_t i = 0; i < named; i++) {
		if (!is_live_log(arena, names.at[i]))
			continue;
		*LIST_ADD(arena, &out->sets) = slice_of(names.at[i]);
		rotated_add(arena, slice_of(names.at[i]), named, &names);
	}
	search.names = names.at;
	search.count = names.count;
	if (names.count > 0 || options->count == 0)
		input_find(arena, &search, &out->files);
	for (size_t i = 0; i < fifos.count; i++)
		*LIST_ADD(arena, &out->files.problems) = fifos.at[i];
	for (size_t i = 0; i < out->files.count; i++)
		if (follow_names_is_rotated(out, &out->files.at[i]))
			out->files.at[i].is_found = true; /* so no link is followed */
}

bool follow_names_is_rotated(const struct follow_names *names,
			     const struct input_file *file)
{
	if (slice_equal(file->set, slice_of(file->path)))
		return false;
	for (size_t i = 0; i < names->sets.count; i++)
		if (slice_equal(names->sets.at[i], file->set))
			return true;
	return false;
}
