#include "check.h"
#include "scratch.h"
#include "input/follow.h"

#include "input/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct clock now = { 0 };

/* A followed log and what the last look listed. */
struct ground {
	struct scratch scratch;
	struct arena *arena;
	struct db *db;
	struct follow *follow;
	const char *names[2];
	char log[300];
};

static void open_ground(struct ground *ground, const char *name)
{
	struct error err = { 0 };
	struct follow_options options = { .count = 1, .clock = &now };

	*ground = (struct ground){ .scratch = scratch_new(), .arena = arena_new() };
	ground->db = db_open_memory(&now, &err);
	CHECK(ground->db != NULL);
	(void)snprintf(ground->log, sizeof ground->log, "%s%s%s", ground->scratch.path,
		       name[0] ? "/" : "", name);
	ground->names[0] = ground->log;
	options.names = ground->names;
	options.db = ground->db;
	ground->follow = follow_new(&options);
}

static void close_ground(struct ground *ground)
{
	follow_free(ground->follow);
	db_close(ground->db);
	arena_free(ground->arena);
	scratch_free(&ground->scratch);
}

/* The last parts of the names that a look lists, with blanks between. */
static const char *look(struct ground *ground, enum follow_look look, bool done)
{
	struct input_files files;
	struct slice said = S("");

	follow_look(ground->follow, look, ground->arena, &files);
	for (size_t i = 0; i < files.count; i++) {
		struct slice path = slice_of(files.at[i].path);
		size_t name = (size_t)(slice_find_last_byte(path, '/') + 1);

		said = arena_printf(ground->arena, SLICE_FMT "%s" SLICE_FMT,
				    SLICE_ARG(said), i ? " " : "",
				    SLICE_ARG(slice_from(path, name)));
	}
	if (done)
		follow_done(ground->follow);
	return arena_cstr(ground->arena, said);
}

static void put(struct ground *ground, const char *name, const char *text)
{
	scratch_write(&ground->scratch, name, text);
}

static void add(struct ground *ground, const char *name, const char *text)
{
	FILE *file = fopen(scratch_path(&ground->scratch, name).at, "a");

	CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void move(struct ground *ground, const char *from, const char *to)
{
	CHECK_INT(rename(scratch_path(&ground->scratch, from).at,
			 scratch_path(&ground->scratch, to).at),
		  0);
}

static void growth_is_listed_once(void)
{
	struct ground ground;

	open_ground(&ground, "a.log");
	CHECK_TEXT(look(&ground, FOLLOW_CONTENT, true), "");
	put(&ground, "a.log", "one\n");
	CHECK_TEXT(look(&ground, FOLLOW_NAMES, false), "a.log");
	CHECK_TEXT(look(&ground, FOLLOW_CONTENT, true), "a.log"); /* it was not done */
	CHECK_TEXT(look(&ground, FOLLOW_CONTENT, true), "");
	add(&ground, "a.log", "two\n");
	CHECK_TEXT(look(&ground, FOLLOW_CONTENT, true), "a.log");
	CHECK_TEXT(look(&ground, FOLLOW_ALL, true), "");
	add(&ground, "a.log", "thr");
	CHECK_TEXT(look(&ground, FOLLOW_CONTENT, true), "a.log");
	CHECK_TEXT(look(&ground, FOLLOW_CONTENT, true), "");
	CHECK_TEXT(look(&ground, FOLLOW_ALL, true),
		   "a.log"); /* it may have an end now */
	close_ground(&ground);
}

static void an_old_name_is_read_before_the_new(void)
{
	struct ground ground;

	open_ground(&ground, "a.log");
	put(&ground, "a.log", "one\n");
	(void)look(&ground, FOLLOW_NAMES, true);
	move(&ground, "a.log", "a.log.1");
	add(&ground, "a.log.1", "two\n");
	put(&ground, "a.log", "three\n");
	CHECK_TEXT(look(&ground, FOLLOW_NAMES, true), "a.log.1 a.log");
	/* gone, and still written to by whom has it open */
	{
		int fd = open(scratch_path(&ground.scratch, "a.log.1").at,
			      O_WRONLY | O_APPEND);

		CHECK_INT(unlink(scratch_path(&ground.scratch, "a.log.1").at), 0);
		CHECK_INT(write(fd, "four\n", 5), 5);
		close(fd);
	}
	add(&ground, "a.log", "five\n");
	CHECK_TEXT(look(&ground, FOLLOW_NAMES, true), "a.log.1 a.log");
	CHECK_TEXT(look(&ground, FOLLOW_NAMES, true), "");
	close_ground(&ground);
}

/* Rotated long before is none of ours; rotated since, under any name, is. */
static void rotated_files_go_with_a_named_log(void)
{
	const struct timespec old[2] = { { 1000000, 0 }, { 1000000, 0 } };
	struct ground ground;

	open_ground(&ground, "a.log");
	put(&ground, "a.log.1", "old\n");
	CHECK_INT(utimensat(AT_FDCWD, scratch_path(&ground.scratch, "a.log.1").at, old,
			    0),
		  0);
	put(&ground, "a.log", "one\n");
	put(&ground, "a.log-no", "other\n");
	CHECK_TEXT(look(&ground, FOLLOW_NAMES, true), "a.log");
	move(&ground, "a.log.1", "a.log.3");
	put(&ground, "a.log.2", "two\n"); /* came and went between two looks */
	move(&ground, "a.log", "a.log.1");
	put(&ground, "a.log", "three\n");
	CHECK_TEXT(look(&ground, FOLLOW_NAMES, true), "a.log.2 a.log.1 a.log");
	close_ground(&ground);
}

/* A watch that was killed before it read anything remembers since when it follows. */
static void the_store_remembers_since_when(void)
{
	struct ground ground;
	struct follow_options options;

	open_ground(&ground, "a.log");
	put(&ground, "a.log", "");
	CHECK_TEXT(look(&ground, FOLLOW_NAMES, true), "a.log");
	options = (struct follow_options){
		.names = ground.names, .count = 1, .clock = &now, .db = ground.db
	};
	follow_free(ground.follow);
	ground.follow = follow_new(&options);
	put(&ground, "a.log.1", "one\n");
	CHECK_TEXT(look(&ground, FOLLOW_NAMES, true), "a.log.1 a.log");
	close_ground(&ground);
}

static void a_truncation_lists_the_copy(void)
{
	struct ground ground;

	open_ground(&ground, "a.log");
	put(&ground, "a.log", "one\ntwo\n");
	(void)look(&ground, FOLLOW_NAMES, true);
	put(&ground, "a.log.1", "one\ntwo\nthree\n");
	CHECK_INT(truncate(ground.log, 0), 0);
	CHECK_TEXT(look(&ground, FOLLOW_CONTENT, true), "a.log.1 a.log");
	close_ground(&ground);
}

static void folders_and_patterns_are_listed_anew(void)
{
	struct ground ground;
	struct slices folders = { 0 };

	open_ground(&ground, "*.d/*.log");
	CHECK_TEXT(look(&ground, FOLLOW_NAMES, true), "");
	put(&ground, "a.d/x.log", "one\n");
	CHECK_TEXT(look(&ground, FOLLOW_CONTENT, true), "");
	CHECK_TEXT(look(&ground, FOLLOW_NAMES, true), "x.log");
	follow_folders(ground.follow, ground.arena, &folders);
	CHECK_INT(folders.count, 2);
	close_ground(&ground);
	open_ground(&ground, "");
	put(&ground, "x.log", "one\n");
	put(&ground, "x.log.2", "two\n");
	CHECK_TEXT(look(&ground, FOLLOW_NAMES, true), "x.log.2 x.log");
	close_ground(&ground);
}

static void a_fifo_is_told_and_not_opened(void)
{
	struct ground ground;
	struct input_files files;

	open_ground(&ground, "fifo");
	CHECK_INT(mkfifo(ground.log, 0600), 0);
	follow_look(ground.follow, FOLLOW_NAMES, ground.arena, &files);
	CHECK_INT(files.count, 0);
	CHECK_INT(files.problems.count, 1);
	CHECK(slice_find(files.problems.at[0].text, S("cannot be followed")) > 0);
	close_ground(&ground);
}

int main(void)
{
	return CHECK_RUN(TEST(growth_is_listed_once),
			 TEST(an_old_name_is_read_before_the_new),
			 TEST(rotated_files_go_with_a_named_log),
			 TEST(the_store_remembers_since_when),
			 TEST(a_truncation_lists_the_copy),
			 TEST(folders_and_patterns_are_listed_anew),
			 TEST(a_fifo_is_told_and_not_opened));
}
