#include "input/follow.h"

#include "input/follow_names.h"
#include "input/rotation.h"
#include "input/store.h"
#include "os/file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Beyond this logs are read by their names, and a log without a name is let go after. */
enum { OPEN_MAX = 4096 };
static const int64_t grace_us = MINUTE_US;

/* By these a change shows. */
struct face {
	int64_t size_bytes, second, nanosecond;
};

struct followed {
	char *path, *set; /* owned */
	int fd; /* -1: none                                             */
	uint64_t device, inode;
	bool is_found, is_listed, is_skipped, was_read;
	struct face read, looked; /* as it was when it was read, or listed now     */
	size_t place; /* in the last listing, or behind which it stood before */
	int64_t nameless_at; /* ticks since when it had no name and did not grow; 0 */
};

struct follow {
	struct follow_options options;
	struct followed **at;
	size_t count, room, open;
	bool was_listed;
	struct arena *names; /* of one listing                                */
};

static void *checked(void *made)
{
	if (made == NULL)
		abort();
	return made;
}

struct follow *follow_new(const struct follow_options *options)
{
	struct follow *follow = checked(calloc(1, sizeof *follow));

	follow->options = *options;
	follow->names = arena_new();
	return follow;
}

void follow_renew(struct follow *follow, const struct follow_options *options)
{
	follow->options = *options;
	follow->was_listed = false;
}

static void followed_free(struct follow *follow, struct followed *one)
{
	if (one->fd >= 0) {
		close(one->fd);
		follow->open--;
	}
	free(one->path);
	free(one->set);
	free(one);
}

void follow_free(struct follow *follow)
{
	if (follow == NULL)
		return;
	for (size_t i = 0; i < follow->count; i++)
		followed_free(follow, follow->at[i]);
	free(follow->at);
	arena_free(follow->names);
	free(follow);
}

/* A copy of its own in place of the one before. */
static void text_set(char **to, struct slice text)
{
	char *copy = checked(malloc(text.len + 1));

	if (text.len > 0)
		memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	free(*to);
	*to = copy;
}

static struct followed *find(const struct follow *follow, uint64_t device,
			     uint64_t inode)
{
	for (size_t i = 0; i < follow->count; i++)
		if (follow->at[i]->device == device && follow->at[i]->inode == inode)
			return follow->at[i];
	return NULL;
}

/* Packed files are not written to any more: they need not be held. */
static bool is_packed(const char *path)
{
	static const struct slice ends[] = {
		{ ".gz", 3 }, { ".xz", 3 }, { ".zst", 4 }, { ".bz2", 4 }
	};

	for (size_t i = 0; i < COUNT_OF(ends); i++)
		if (slice_ends(slice_of(path), ends[i]))
			return true;
	return false;
}

/* The name may lead to another file by now: what was opened is what counts. */
static void hold_open(struct follow *follow, struct followed *one)
{
	struct error ignored;
	struct stat st;
	int fd;

	if (one->is_skipped || is_packed(one->path) || follow->open >= OPEN_MAX ||
	    file_open_read(one->path,
			   one->is_found ? FILE_LINKS_REFUSE : FILE_LINKS_FOLLOW, &fd,
			   &ignored) != 0)
		return;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_dev != one->device ||
	    st.st_ino != one->inode) {
		close(fd);
		return;
	}
	one->fd = fd;
	follow->open++;
}

static struct followed *followed_new(const struct input_file *file)
{
	struct followed *one = checked(calloc(1, sizeof *one));

	text_set(&one->path, slice_of(file->path));
	text_set(&one->set, file->set);
	one->fd = -1;
	one->device = file->device;
	one->inode = file->inode;
	one->is_found = file->is_found;
	return one;
}

static struct followed *add(struct follow *follow, const struct input_file *file,
			    bool is_skipped)
{
	struct followed *one = followed_new(file);

	one->is_skipped = is_skipped;
	hold_open(follow, one);
	if (follow->count == follow->room) {
		follow->room = follow->room ? 2 * follow->room : 16;
		follow->at =
			checked(realloc(follow->at, follow->room * sizeof *follow->at));
	}
	follow->at[follow->count++] = one;
	return one;
}

static void rename_to(struct followed *one, const struct input_file *file)
{
	if (strcmp(one->path, file->path) == 0)
		return;
	text_set(&one->path, slice_of(file->path));
	text_set(&one->set, file->set);
	one->is_found = file->is_found;
}

/* --- which of the rotated files belong to what is followed --------------------------------- */

/* The store knows a log that begins like this. */
static bool is_stored(struct follow *follow, const struct input_file *file)
{
	struct stored_positions seen = { 0 };
	struct error ignored;
	struct input *input;

	if (follow->options.db == NULL)
		return false;
	input = input_open(file, NULL, &ignored);
	if (input == NULL)
		return false;
	if (input_store_find(follow->options.db, follow->names, input, &seen,
			     &ignored) != 0)
		seen.count = 0;
	input_free(input);
	return seen.count > 0;
}

/* Real time, a second early: a file's own time is taken from a coarser clock. Without a
 * store nothing that was rotated before is of interest.                                */
static int64_t followed_since(struct follow *follow, struct slice set)
{
	const struct clock real = { 0 };
	int64_t since = INT64_MAX;
	struct error ignored;

	if (follow->options.db == NULL ||
	    input_store_follow(follow->options.db, set, clock_now(&real) - SECOND_US,
			       &since, &ignored) != 0)
		return INT64_MAX;
	return since;
}

/* Some of the rotated files of one named log, oldest first. */
struct rotated {
	const struct input_file *at;
	size_t count;
	bool *wanted;
};

/* What was written since the log is followed belongs to it. Where reading began before
 * that, what is newer than the newest file that is known does as well. No order is relied
 * on for the first of these: names move while they are listed.                         */
static void choose(struct follow *follow, const struct rotated *rotated, int64_t since)
{
	bool behind = follow->options.db != NULL, any = false;

	for (size_t i = rotated->count; i > 0; i--) {
		const struct input_file *file = &rotated->at[i - 1];
		const struct followed *one = find(follow, file->device, file->inode);
		bool stored = one == NULL && is_stored(follow, file);

		rotated->wanted[i - 1] =
			one != NULL ? !one->is_skipped : stored || behind;
		any |= one != NULL || stored;
		behind &= one == NULL && !stored;
	}
	for (size_t i = 0; i < rotated->count; i++)
		rotated->wanted[i] = (rotated->wanted[i] && any) ||
				     rotated->at[i].modified_at >= since;
}

static void take(struct follow *follow, const struct input_file *file, bool is_wanted,
		 size_t place)
{
	struct followed *one = find(follow, file->device, file->inode);

	if (one == NULL)
		one = add(follow, file, !is_wanted);
	else
		rename_to(one, file);
	if (one->is_skipped && is_wanted) {
		one->is_skipped = false;
		hold_open(follow, one);
	}
	one->is_listed = true;
	one->nameless_at = 0;
	one->place = place;
}

static void take_set(struct follow *follow, const struct follow_names *names,
		     size_t first, size_t end)
{
	const struct input_file *at = names->files.at;
	struct rotated rotated = { at + first, 0,
				   ARENA_ARRAY(follow->names, bool, end - first) };

	while (first + rotated.count < end &&
	       follow_names_is_rotated(names, &at[first + rotated.count]))
		rotated.count++;
	if (rotated.count > 0)
		choose(follow, &rotated, followed_since(follow, at[first].set));
	for (size_t i = first; i < end; i++)
		take(follow, &at[i],
		     i - first >= rotated.count || rotated.wanted[i - first], i);
}

/* Nothing leads to them any more; those that are open may grow for a while. */
static void drop_nameless(struct follow *follow)
{
	int64_t now = clock_ticks();
	size_t kept = 0;

	for (size_t i = 0; i < follow->count; i++) {
		struct followed *one = follow->at[i];

		if (!one->is_listed && one->nameless_at == 0)
			one->nameless_at = now;
		if (!one->is_listed &&
		    (one->fd < 0 || now - one->nameless_at > grace_us))
			followed_free(follow, one);
		else
			follow->at[kept++] = one;
	}
	follow->count = kept;
}

static void list_names(struct follow *follow, struct arena *arena,
		       struct input_files *files)
{
	struct follow_names names;

	arena_reset(follow->names);
	follow_names_find(follow->names, &follow->options, &names);
	for (size_t i = 0; !follow->was_listed && i < names.sets.count; i++)
		(void)followed_since(follow, names.sets.at[i]);
	for (size_t i = 0; i < follow->count; i++)
		follow->at[i]->is_listed = false;
	for (size_t i = 0, end; i < names.files.count; i = end) {
		for (end = i + 1; end < names.files.count; end++)
			if (!slice_equal(names.files.at[i].set,
					 names.files.at[end].set))
				break;
		take_set(follow, &names, i, end);
	}
	drop_nameless(follow);
	for (size_t i = 0; !follow->was_listed && i < names.files.problems.count; i++) {
		struct input_problem problem = names.files.problems.at[i];

		problem.path = arena_copy(arena, problem.path);
		problem.text = arena_copy(arena, problem.text);
		*LIST_ADD(arena, &files->problems) = problem;
	}
	follow->was_listed = true;
}

/* --- what changed ---------------------------------------------------------------------------- */

static bool face_of(const struct followed *one, struct face *out)
{
	struct stat st;

	if ((one->fd >= 0 ? fstat(one->fd, &st) : stat(one->path, &st)) != 0)
		return false;
	/* another file took the name of one that is not held open: the next listing sees */
	if (st.st_dev != one->device || st.st_ino != one->inode)
		return false;
	*out = (struct face){ st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec };
	return true;
}

static bool is_unfinished(const struct followed *one)
{
	char last = '\n';

	return one->fd >= 0 && one->looked.size_bytes > 0 &&
	       pread(one->fd, &last, 1, one->looked.size_bytes - 1) == 1 &&
	       last != '\n';
}

static bool same_face(const struct face *a, const struct face *b)
{
	return a->size_bytes == b->size_bytes && a->second == b->second &&
	       a->nanosecond == b->nanosecond;
}

/* Whether it was cut since: a copy of it may lie beside it now. */
static bool look_at(struct followed *one, bool *is_changed)
{
	*is_changed = false;
	if (one->is_skipped || !face_of(one, &one->looked))
		return false;
	*is_changed = !one->was_read || !same_face(&one->looked, &one->read);
	if (*is_changed && one->nameless_at != 0)
		one->nameless_at = clock_ticks();
	return one->was_read && one->looked.size_bytes < one->read.size_bytes;
}

/* In the order of the listing; what lost its name stands before what has one. */
static int by_time(const void *left, const void *right)
{
	const struct followed *const *a = left, *const *b = right;
	int sets = strcmp((*a)->set, (*b)->set);

	if (sets == 0 && (*a)->is_listed != (*b)->is_listed)
		return (*a)->is_listed ? 1 : -1;
	if ((*a)->place != (*b)->place)
		return (*a)->place < (*b)->place ? -1 : 1;
	return sets;
}

/* Places of a set with some of its files gone: all of it moves behind the one that is
 * left, so that a set stays together.                                                */
static void order(struct follow *follow)
{
	for (size_t i = 0; i < follow->count; i++) {
		struct followed *one = follow->at[i];

		for (size_t j = 0; !one->is_listed && j < follow->count; j++)
			if (follow->at[j]->is_listed &&
			    strcmp(follow->at[j]->set, one->set) == 0 &&
			    follow->at[j]->place < one->place)
				one->place = follow->at[j]->place;
	}
	if (follow->count > 0)
		qsort(follow->at, follow->count, sizeof *follow->at, by_time);
}

static void give(struct arena *arena, struct followed *one, struct input_files *files)
{
	struct input_file *file = LIST_ADD(arena, files);

	*file = (struct input_file){
		.path = arena_cstr(arena, slice_of(one->path)),
		.set = arena_copy(arena, slice_of(one->set)),
		.modified_at = one->looked.second * SECOND_US,
		.size_bytes = (uint64_t)one->looked.size_bytes,
		.device = one->device,
		.inode = one->inode,
		.is_found = one->is_found,
		.is_open = one->fd >= 0,
		.fd = one->fd,
	};
}

/* What the older file of a set left behind for later lines goes to a new one with it. */
static bool hands_on(const struct follow *follow, size_t i)
{
	const struct followed *one = follow->at[i];
	const struct followed *next = i + 1 < follow->count ? follow->at[i + 1] : NULL;

	return next != NULL && !one->is_skipped && one->was_read && !next->was_read &&
	       !next->is_skipped && strcmp(one->set, next->set) == 0;
}

static bool look_at_all(struct follow *follow, bool *changed)
{
	bool was_cut = false;

	for (size_t i = 0; i < follow->count; i++)
		was_cut |= look_at(follow->at[i], &changed[i]);
	return was_cut;
}

void follow_look(struct follow *follow, enum follow_look look, struct arena *arena,
		 struct input_files *files)
{
	bool *changed, *unfinished;

	*files = (struct input_files){ 0 };
	if (look != FOLLOW_CONTENT || !follow->was_listed)
		list_names(follow, arena, files);
	order(follow);
	changed = ARENA_ARRAY(arena, bool, follow->count);
	if (look_at_all(follow, changed) && look == FOLLOW_CONTENT) {
		list_names(follow, arena, files);
		order(follow);
		changed = ARENA_ARRAY(arena, bool, follow->count);
		(void)look_at_all(follow, changed);
	}
	unfinished = ARENA_ARRAY(arena, bool, follow->count);
	for (size_t i = 0; look == FOLLOW_ALL && i < follow->count; i++)
		unfinished[i] =
			!follow->at[i]->is_skipped && is_unfinished(follow->at[i]);
	for (size_t i = 0; i < follow->count; i++)
		if (changed[i] || unfinished[i] ||
		    (hands_on(follow, i) && changed[i + 1]))
			give(arena, follow->at[i], files);
}

void follow_done(struct follow *follow)
{
	for (size_t i = 0; i < follow->count; i++) {
		struct followed *one = follow->at[i];

		one->read = one->looked;
		one->was_read = !one->is_skipped;
	}
}

/* --- where to be told of changes ----------------------------------------------------------- */

static void folder_add_once(struct arena *arena, struct slice folder,
			    struct slices *out)
{
	folder = folder.len ? folder : S(".");
	for (size_t i = 0; i < out->count; i++)
		if (slice_equal(out->at[i], folder))
			return;
	*LIST_ADD(arena, out) = arena_copy(arena, folder);
}

static struct slice parent_of(struct slice path)
{
	ptrdiff_t slash = slice_find_last_byte(path, '/');

	return slice_cut(path, 0, slash > 0 ? (size_t)slash : slash == 0 ? 1 : 0);
}

void follow_folders(const struct follow *follow, struct arena *arena,
		    struct slices *out)
{
	const struct follow_options *options = &follow->options;
	struct stat st;

	for (size_t i = 0; i < follow->count; i++)
		if (!follow->at[i]->is_skipped)
			folder_add_once(arena, parent_of(slice_of(follow->at[i]->path)),
					out);
	for (size_t i = 0; i < options->count; i++) {
		struct slice name = slice_of(options->names[i]);

		if (stat(options->names[i], &st) == 0 && S_ISDIR(st.st_mode))
			folder_add_once(arena, name, out);
		else if (!slice_equal(name, S("-")))
			folder_add_once(arena, parent_of(name), out);
	}
	if (options->count == 0)
		folder_add_once(arena,
				slice_of(options->root ? options->root : "/var/log"),
				out);
}
