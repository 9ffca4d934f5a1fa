#include "check.h"
#include "input/input.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A folder of the test's own, and the paths in it. */
static char folder[200];
static char path_text[300];

static const char *path_of(const char *name)
{
	(void)snprintf(path_text, sizeof path_text, "%s/%s", folder, name);
	return path_text;
}

static void put(const char *name, struct slice bytes, int flags)
{
	int fd = open(path_of(name), O_WRONLY | O_CREAT | flags, 0600);

	CHECK_INT(write(fd, bytes.at, bytes.len), bytes.len);
	close(fd);
}

static void put_new(const char *name, struct slice bytes)
{
	(void)unlink(path_of(name));
	put(name, bytes, O_TRUNC);
}

static void put_packed(const char *name, const char *filter, struct slice bytes)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	CHECK_INT(archive_write_add_filter_by_name(archive, filter), ARCHIVE_OK);
	CHECK_INT(archive_write_set_format_raw(archive), ARCHIVE_OK);
	CHECK_INT(archive_write_open_filename(archive, path_of(name)), ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	CHECK_INT(archive_write_header(archive, entry), ARCHIVE_OK);
	CHECK_INT(archive_write_data(archive, bytes.at, bytes.len), bytes.len);
	archive_entry_free(entry);
	CHECK_INT(archive_write_free(archive), ARCHIVE_OK);
}

/* What one run over a log gave. */
struct run {
	struct buffer text; /* its lines, each with LF        */
	uint64_t last_number;
	struct input_position position;
	struct input_counts counts;
	struct error err; /* of opening, seeking or reading */
};

static void take_chunk(struct run *run, struct input_chunk chunk)
{
	struct line line;

	while (input_chunk_line(&chunk, &line)) {
		buffer_add(&run->text, line.text);
		buffer_add_byte(&run->text, '\n');
		run->last_number = line.number;
	}
}

static struct run read_log(const char *path, const struct input_options *options,
			   const struct input_position *from)
{
	struct run run = { 0 };
	struct input_file file = { .path = path };
	struct input *input = input_open(&file, options, &run.err);
	struct input_chunk chunk;

	buffer_init(&run.text, 1 << 24);
	if (input == NULL)
		return run;
	if (from != NULL)
		(void)!input_seek(input, from, &run.err);
	while (input_next(input, &chunk, &run.err) > 0)
		take_chunk(&run, chunk);
	CHECK_INT(input_next(input, &chunk, &run.err), 0);
	run.position = input_position(input);
	run.counts = input_counts(input);
	input_free(input);
	return run;
}

static struct run read_name(const char *name, const struct input_position *from)
{
	return read_log(path_of(name), NULL, from);
}

/* Checks the text of a run and frees it. */
static void check_run_text(struct run *run, struct slice want)
{
	CHECK_SLICE(buffer_slice(&run->text), want);
	buffer_clear(&run->text);
}

static void check_name(const char *name, const struct input_position *from,
		       struct slice want, enum error_kind kind)
{
	struct run run = read_name(name, from);

	CHECK_INT(run.err.kind, kind);
	check_run_text(&run, want);
}

/* `count` numbered lines, the same for the same seed. */
static struct slice many_lines(struct arena *arena, const char *seed, int count)
{
	struct buffer text;
	struct slice copy;

	buffer_init(&text, 1 << 24);
	for (int i = 0; i < count; i++)
		buffer_printf(&text, "%s line %d refused connect from 192.0.2.%d\n",
			      seed, i, i % 250);
	copy = arena_copy(arena, buffer_slice(&text));
	buffer_clear(&text);
	return copy;
}

static void splits_lines(void)
{
	static const struct {
		struct slice stored, want;
		uint64_t long_lines;
	} rows[] = {
		{ { "", 0 }, { "", 0 }, 0 },
		{ { "\n", 1 }, { "\n", 1 }, 0 },
		{ { "a\nb\r\nc\n", 7 }, { "a\nb\nc\n", 6 }, 0 },
		{ { "a\0b\n\xff\xfe\n", 7 }, { "a\0b\n\xff\xfe\n", 7 }, 0 },
		{ { "a\rb\n\r\n", 6 }, { "a\rb\n\n", 5 }, 0 },
		{ { "12345678\nx\n", 11 }, { "12345678\nx\n", 11 }, 0 },
		{ { "12345678\r\nx\n", 12 }, { "12345678\nx\n", 11 }, 0 },
		{ { "123456789\nx\n", 12 }, { "x\n", 2 }, 1 },
		{ { "123456789\r\nx\n", 13 }, { "x\n", 2 }, 1 },
		{ { "a\n1234567890123456789012345678901234567890\nx\n", 45 },
		  { "a\nx\n", 4 },
		  1 },
		{ { "123456789\n123456789\n", 20 }, { "", 0 }, 2 },
	};
	static const size_t blocks[] = { 1, 2, 3, 7, 16, 4096 };

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t k = 0; k < COUNT_OF(blocks); k++) {
			struct input_options options = { blocks[k], 8 };
			struct run run;

			put_new("split", rows[i].stored);
			run = read_log(path_of("split"), &options, NULL);
			CHECK_INT(run.counts.long_lines, rows[i].long_lines);
			CHECK_INT(run.counts.bytes, rows[i].stored.len);
			CHECK_INT(run.position.offset, rows[i].stored.len);
			check_run_text(&run, rows[i].want);
		}
}

/* A long line between two short ones, with its end at every place of a block. */
static void long_lines_at_every_alignment(void)
{
	char stored[160];

	for (size_t len = 0; len < 100; len++) {
		struct input_options options = { 16, 20 };
		struct run run;

		memset(stored, 'x', sizeof stored);
		memcpy(stored, "before\n", 7);
		memcpy(stored + 7 + len, "\nafter\n", 7);
		put_new("long", (struct slice){ stored, len + 14 });
		run = read_log(path_of("long"), &options, NULL);
		CHECK_INT(run.counts.long_lines, len > 20);
		CHECK_INT(run.counts.lines, 3);
		CHECK_INT(run.last_number, 3);
		if (len > 20)
			check_run_text(&run, S("before\nafter\n"));
		else
			buffer_clear(&run.text);
	}
}

static void a_line_of_10_mib_is_one_counted_error(void)
{
	size_t len = 10 << 20;
	char *bytes = malloc(len + 14);
	struct run run;

	memset(bytes, 'x', len + 14);
	memcpy(bytes, "before\n", 7);
	memcpy(bytes + 7 + len, "\nafter\n", 7);
	put_new("huge", (struct slice){ bytes, len + 14 });
	run = read_name("huge", NULL);
	CHECK_INT(run.counts.long_lines, 1);
	CHECK_INT(run.last_number, 3);
	check_run_text(&run, S("before\nafter\n"));
	free(bytes);
}

static void twice_adds_nothing_and_growth_adds_the_new(void)
{
	struct arena *arena = arena_new();
	struct run first;

	put_new("log", many_lines(arena, "a", 3));
	first = read_name("log", NULL);
	CHECK_INT(first.position.line, 4);
	check_name("log", &first.position, S(""), ERROR_NONE);
	put("log", S("new\n"), O_APPEND);
	check_name("log", &first.position, S("new\n"), ERROR_NONE);
	buffer_clear(&first.text);
	arena_free(arena);
}

/* The same log under other names and packings, grown by one line. */
static void copies_are_known_again(void)
{
	static const char *const filters[] = { "gzip", "xz", "zstd", "bzip2" };
	static const int sizes[] = { 1, 3, 200, 20000 };
	struct arena *arena = arena_new();

	for (size_t s = 0; s < COUNT_OF(sizes); s++) {
		struct slice lines = many_lines(arena, "a", sizes[s]);
		struct slice grown =
			arena_printf(arena, SLICE_FMT "new\n", SLICE_ARG(lines));
		struct run first;

		put_new("log", lines);
		first = read_name("log", NULL);
		CHECK_INT(first.position.line, sizes[s] + 1);
		for (size_t i = 0; i < COUNT_OF(filters); i++) {
			put_packed("copy", filters[i], lines);
			check_name("copy", &first.position, S(""), ERROR_NONE);
			put_packed("copy", filters[i], grown);
			check_name("copy", &first.position, S("new\n"), ERROR_NONE);
		}
		put("log", S("new\n"), O_APPEND);
		CHECK_INT(rename(path_of("log"), "log.1"), 0);
		check_name("log.1", &first.position, S("new\n"), ERROR_NONE);
		check_run_text(&first, lines);
	}
	arena_free(arena);
}

/* Reads a few chunks in small blocks, stops, and goes on from there with large ones. */
static void check_resume(const char *name, int chunks, struct slice want)
{
	struct input_options options = { 300, 60 };
	struct input_file file = { .path = path_of(name) };
	struct run first = { 0 }, rest;
	struct input *input = input_open(&file, &options, &first.err);
	struct input_chunk chunk;

	buffer_init(&first.text, 1 << 20);
	while (chunks-- > 0 && input_next(input, &chunk, &first.err) > 0)
		take_chunk(&first, chunk);
	first.position = input_position(input);
	input_free(input);
	options.block_bytes = 0;
	rest = read_log(path_of(name), &options, &first.position);
	CHECK_INT(rest.err.kind, ERROR_NONE);
	CHECK_INT(rest.position.line, 203);
	buffer_add(&first.text, buffer_slice(&rest.text));
	buffer_clear(&rest.text);
	check_run_text(&first, want);
}

/* A run may be killed after any chunk. */
static void every_chunk_is_a_place_to_go_on_from(void)
{
	struct arena *arena = arena_new();
	struct slice lines = many_lines(arena, "a", 100);
	struct slice want = arena_printf(arena, SLICE_FMT SLICE_FMT "end\n",
					 SLICE_ARG(lines), SLICE_ARG(lines));
	struct slice stored =
		arena_printf(arena, SLICE_FMT "%0400d\n" SLICE_FMT "end\n",
			     SLICE_ARG(lines), 0, SLICE_ARG(lines));

	put_new("plain", stored);
	put_packed("packed", "gzip", stored);
	for (int chunks = 0; chunks < 30; chunks++) {
		check_resume("plain", chunks, want);
		check_resume("packed", chunks, want);
	}
	arena_free(arena);
}

static void another_log_is_read_whole(void)
{
	struct arena *arena = arena_new();
	struct slice same = many_lines(arena, "a", 200);
	struct slice one = arena_printf(arena, SLICE_FMT "one\n", SLICE_ARG(same));
	struct slice two = arena_printf(arena, SLICE_FMT "two\nx\n", SLICE_ARG(same));
	struct run first;

	/* Young: the heads differ after the common part. */
	put_new("log", S("header\none\n"));
	first = read_name("log", NULL);
	buffer_clear(&first.text);
	put_new("log", S("header\ntwo\nx\n"));
	check_name("log", &first.position, S("header\ntwo\nx\n"), ERROR_NOT_FOUND);
	/* Grown: the same 4 KiB of head, another tail. */
	put_new("log", one);
	first = read_name("log", NULL);
	buffer_clear(&first.text);
	put_new("log", two);
	check_name("log", &first.position, two, ERROR_NOT_FOUND);
	put_packed("log", "gzip", two);
	check_name("log", &first.position, two, ERROR_NOT_FOUND);
	/* copytruncate: the name stays, the content is new. */
	put_new("log", S("fresh\n"));
	check_name("log", &first.position, S("fresh\n"), ERROR_NOT_FOUND);
	arena_free(arena);
}

/* Two read a young log at once; the second opened it when it was longer, and saved. */
static void a_longer_head_is_found_after_growth(void)
{
	char path[sizeof path_text];
	struct input_file file = { .path = path };
	struct input_position theirs;
	struct input *input;
	struct error err;
	struct run run;

	(void)snprintf(path, sizeof path, "%s", path_of("young"));
	put_new("young", S("one\ntwo\n"));
	input = input_open(&file, NULL, &err);
	put("young", S("three\n"), O_APPEND);
	run = read_log(path, NULL, NULL);
	theirs = run.position;
	check_run_text(&run, S("one\ntwo\nthree\n"));
	CHECK_INT(theirs.head_len, 14);
	CHECK(!input_position_fits(input, &theirs));
	input_head_grow(input);
	CHECK(input_position_fits(input, &theirs));
	/* written anew: what was read of it came from the old text, which stays the head */
	put("young", S("other\nlines\nthan before\n"), O_TRUNC);
	input_head_grow(input);
	CHECK(input_position_fits(input, &theirs));
	input_free(input);
}

static void a_shorter_copy_is_refused(void)
{
	struct arena *arena = arena_new();
	struct slice lines = many_lines(arena, "a", 400);
	struct run first;

	put_new("log", lines);
	first = read_name("log", NULL);
	buffer_clear(&first.text);
	put_new("log", slice_cut(lines, 0, lines.len / 2));
	first = read_name("log", &first.position);
	CHECK_INT(first.err.kind, ERROR_REFUSED);
	CHECK(slice_find(slice_of(first.err.text), S("nothing in it is new")) > 0);
	buffer_clear(&first.text);
	arena_free(arena);
}

/* Runs read_log on "-" with a pipe that holds the bytes. */
static struct run read_piped(struct slice bytes, const struct input_position *from)
{
	int ends[2], saved = dup(STDIN_FILENO);
	pid_t child;
	struct run run;

	CHECK_INT(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		while (bytes.len > 0) {
			ssize_t put_now = write(ends[1], bytes.at, bytes.len);

			if (put_now < 0)
				_exit(1);
			bytes = slice_from(bytes, (size_t)put_now);
		}
		_exit(0);
	}
	close(ends[1]);
	(void)dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	run = read_log("-", NULL, from);
	(void)dup2(saved, STDIN_FILENO);
	close(saved);
	return run;
}

static void standard_input_twice_adds_nothing(void)
{
	struct arena *arena = arena_new();
	struct slice lines = many_lines(arena, "a", 15000);
	struct slice other =
		arena_printf(arena, SLICE_FMT "other\n",
			     SLICE_ARG(slice_cut(lines, 0, lines.len / 2)));
	struct run run = read_piped(lines, NULL);
	struct input_position position = run.position;

	check_run_text(&run, lines);
	run = read_piped(lines, &position);
	check_run_text(&run, S(""));
	/* One that has the same first half is read whole, though a pipe cannot rewind. */
	other = arena_printf(arena, SLICE_FMT SLICE_FMT, SLICE_ARG(other),
			     SLICE_ARG(lines));
	run = read_piped(other, &position);
	CHECK_INT(run.err.kind, ERROR_NOT_FOUND);
	check_run_text(&run, other);
	/* The last line without an end is taken from a pipe. */
	run = read_piped(S("a\nb"), NULL);
	check_run_text(&run, S("a\nb\n"));
	arena_free(arena);
}

static void set_age(const char *name, int age_s)
{
	struct timespec times[2];

	(void)clock_gettime(CLOCK_REALTIME, &times[0]);
	times[0].tv_sec -= age_s;
	times[1] = times[0];
	CHECK_INT(utimensat(AT_FDCWD, path_of(name), times, 0), 0);
}

static void an_unfinished_line_waits_for_its_writer(void)
{
	struct run run;
	int writer;

	put_new("log", S("a\nrefused from 192.0.2.1"));
	set_age("log", 60);
	writer = open(path_of("log"), O_WRONLY | O_APPEND);
	run = read_name("log", NULL);
	CHECK(run.counts.unfinished);
	CHECK_INT(run.position.offset, 2);
	CHECK_INT(run.position.line, 2);
	check_run_text(&run, S("a\n"));
	CHECK_INT(write(writer, "3\n", 2), 2);
	close(writer);
	check_name("log", &run.position, S("refused from 192.0.2.13\n"), ERROR_NONE);
	put_new("log", S("a\nb"));
	set_age("log", 60);
	check_name("log", NULL, S("a\nb\n"), ERROR_NONE);
}

/* What follows a line that was given without its end is no line. */
static void the_rest_of_a_given_line_is_dropped(void)
{
	static const struct {
		const char *added, *want;
		uint64_t torn, next_line;
	} rows[] = {
		{ "\nc\n", "c\n", 0, 4 },
		{ "\r\nc\n", "c\n", 0, 4 },
		{ " from 192.0.2.9\nc\n", "c\n", 1, 4 },
		{ " from 192.0.2.9", "", 1, 3 },
		{ "", "", 0, 3 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct run run;

		put_new("log", S("a\nb"));
		set_age("log", 60);
		run = read_name("log", NULL);
		CHECK_INT(run.position.line, 3);
		check_run_text(&run, S("a\nb\n"));
		put("log", slice_of(rows[i].added), O_APPEND);
		set_age("log", 60);
		run = read_name("log", &run.position);
		CHECK_INT(run.counts.torn_lines, rows[i].torn);
		CHECK_INT(run.position.line, rows[i].next_line);
		check_run_text(&run, slice_of(rows[i].want));
	}
}

static void truncation_while_reading_ends_cleanly(void)
{
	struct arena *arena = arena_new();
	struct input_options options = { 64, 0 };
	struct input_chunk chunk;
	struct run run = { 0 };
	struct input_file file = { .path = path_of("log") };
	struct input *input;

	buffer_init(&run.text, 1 << 16);
	put_new("log", many_lines(arena, "a", 20));
	input = input_open(&file, &options, &run.err);
	CHECK_INT(input_next(input, &chunk, &run.err), 1);
	/* Truncated and grown again beyond where we stand. */
	put("log", many_lines(arena, "longer name, other lines", 40), O_TRUNC);
	while (input_next(input, &chunk, &run.err) > 0)
		take_chunk(&run, chunk);
	CHECK_INT(run.err.kind, ERROR_NONE);
	CHECK(input_counts(input).rewritten);
	CHECK(slice_find(buffer_slice(&run.text), S("other")) < 0);
	input_free(input);
	buffer_clear(&run.text);
	arena_free(arena);
}

static void damaged_files_give_what_stands_before(void)
{
	static const char *const filters[] = { "gzip", "xz", "zstd", "bzip2" };
	struct arena *arena = arena_new();
	struct slice lines = many_lines(arena, "a", 20000);

	for (size_t i = 0; i < COUNT_OF(filters); i++) {
		struct stat st;
		struct run run;

		put_packed("log", filters[i], lines);
		CHECK_INT(stat(path_of("log"), &st), 0);
		CHECK_INT(truncate(path_of("log"), st.st_size * 9 / 10), 0);
		run = read_name("log", NULL);
		CHECK_INT(run.err.kind, ERROR_SYNTAX);
		CHECK(slice_find(slice_of(run.err.text), S("/log': the ")) > 0);
		CHECK(slice_find(slice_of(run.err.text), S(" lines before")) > 0);
		/* Whole lines only, and of gzip nearly all. */
		CHECK(slice_starts(lines, buffer_slice(&run.text)));
		if (i == 0)
			CHECK(run.text.len > lines.len / 2);
		CHECK_INT(run.position.offset, run.text.len);
		buffer_clear(&run.text);
	}
	arena_free(arena);
}

/* Found at the very end, by the sum over all: a digit may be another one anywhere. */
static void a_damaged_gzip_gives_nothing(void)
{
	struct arena *arena = arena_new();
	struct slice lines = many_lines(arena, "a", 20000);
	struct stat st;
	struct run run;
	int fd;

	put_packed("log", "gzip", lines);
	fd = open(path_of("log"), O_WRONLY);
	CHECK_INT(fstat(fd, &st), 0);
	CHECK_INT(pwrite(fd, "tipoff", 6, st.st_size - 8), 6); /* CRC-32, RFC 1952 */
	close(fd);
	run = read_name("log", NULL);
	CHECK_INT(run.err.kind, ERROR_REFUSED);
	CHECK(slice_find(slice_of(run.err.text),
			 S("/log': the gzip data are damaged")) > 0);
	check_run_text(&run, S(""));
	arena_free(arena);
}

/* A short log cut off: everything would be lost if a block had to be complete. */
static void a_short_truncated_gzip_is_not_lost(void)
{
	struct arena *arena = arena_new();
	struct slice lines = many_lines(arena, "a", 100);
	struct stat st;
	struct run run;

	put_packed("log", "gzip", lines);
	CHECK_INT(stat(path_of("log"), &st), 0);
	CHECK_INT(truncate(path_of("log"), st.st_size - 12), 0);
	run = read_name("log", NULL);
	CHECK_INT(run.err.kind, ERROR_SYNTAX);
	CHECK(run.last_number > 90);
	buffer_clear(&run.text);
	arena_free(arena);
}

static void gzip_members_follow_each_other(void)
{
	char bytes[512];
	int fd;
	ssize_t len;

	put_packed("one", "gzip", S("a\n"));
	fd = open(path_of("one"), O_RDONLY);
	len = read(fd, bytes, sizeof bytes);
	close(fd);
	put("one", (struct slice){ bytes, (size_t)len }, O_APPEND);
	check_name("one", NULL, S("a\na\n"), ERROR_NONE);
	put("one", S("\0\0\0\0"), O_APPEND);
	check_name("one", NULL, S("a\na\n"), ERROR_NONE);
	put("one", S("garbage"), O_APPEND);
	check_name("one", NULL, S("a\na\n"), ERROR_NONE);
	put_packed("one", "gzip", S(""));
	check_name("one", NULL, S(""), ERROR_NONE);
	put_packed("one", "xz", S(""));
	check_name("one", NULL, S(""), ERROR_NONE);
}

static void refuses_what_is_no_log(void)
{
	char zeros[4096] = { 0 };
	static const struct {
		struct slice bytes;
		const char *says;
	} rows[] = {
		{ { "LPKSHHRH\0\0", 10 }, "is a systemd journal" },
		{ { "PK\x03\x04rest", 8 }, "is a zip archive" },
		{ { "\xff\xfe"
		    "a\0b\0",
		    6 },
		  "is UTF-16 text" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct run run;

		put_new("bin", rows[i].bytes);
		run = read_name("bin", NULL);
		CHECK_INT(run.err.kind, ERROR_REFUSED);
		CHECK(slice_find(slice_of(run.err.text), slice_of(rows[i].says)) > 0);
		check_run_text(&run, S(""));
	}
	put_new("bin", (struct slice){ zeros, sizeof zeros });
	check_name("bin", NULL, S(""), ERROR_REFUSED);
	put_packed("bin", "gzip", (struct slice){ zeros, sizeof zeros });
	check_name("bin", NULL, S(""), ERROR_REFUSED);
	check_name(".", NULL, S(""), ERROR_REFUSED);
	check_name("absent", NULL, S(""), ERROR_SYSTEM);
	CHECK_INT(mkfifo(path_of("fifo"), 0600), 0);
	check_name("fifo", NULL, S(""), ERROR_NONE); /* no writer: does not hang */
}

/* Between opening and reading: the position has to be one of what was read. */
static void a_log_written_anew_before_it_is_read(void)
{
	struct input_file file = { .path = "anew" };
	struct error err = { 0 };
	struct input *first, *again;
	struct input_chunk chunk;
	struct input_position position;

	put_new("anew", S("the log of before\n"));
	first = input_open(&file, NULL, &err);
	CHECK(first != NULL);
	put("anew", S("another log, and longer\n"), O_TRUNC);
	CHECK_INT(input_next(first, &chunk, &err), 1);
	CHECK_SLICE(chunk.bytes, S("another log, and longer\n"));
	position = input_position(first);
	again = input_open(&file, NULL, &err);
	CHECK(again != NULL && input_position_fits(again, &position));
	CHECK_INT(input_seek(again, &position, &err), 0);
	input_free(again);
	input_free(first);
}

/* A descriptor leads to what was opened, whatever has the name by now. */
static void a_log_is_read_by_its_descriptor(void)
{
	struct input_file file = { .path = "held", .is_open = true };
	struct error err = { 0 };
	struct input_chunk chunk;
	struct input *input;

	put_new("held", S("old\n"));
	file.fd = open(path_of("held"), O_RDONLY);
	CHECK_INT(unlink(path_of("held")), 0);
	put_new("held", S("new\n"));
	for (int i = 0; i < 2; i++) { /* it stays open, and is read anew each time */
		input = input_open(&file, NULL, &err);
		CHECK(input != NULL && input_next(input, &chunk, &err) == 1);
		CHECK_SLICE(chunk.bytes, S("old\n"));
		CHECK_SLICE(chunk.file, S("held"));
		input_free(input);
	}
	CHECK_INT(close(file.fd), 0);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(folder, sizeof folder, "%s/input-XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return 1;
	return CHECK_RUN(TEST(splits_lines), TEST(long_lines_at_every_alignment),
			 TEST(a_line_of_10_mib_is_one_counted_error),
			 TEST(twice_adds_nothing_and_growth_adds_the_new),
			 TEST(copies_are_known_again),
			 TEST(every_chunk_is_a_place_to_go_on_from),
			 TEST(another_log_is_read_whole),
			 TEST(a_longer_head_is_found_after_growth),
			 TEST(a_shorter_copy_is_refused),
			 TEST(standard_input_twice_adds_nothing),
			 TEST(an_unfinished_line_waits_for_its_writer),
			 TEST(the_rest_of_a_given_line_is_dropped),
			 TEST(truncation_while_reading_ends_cleanly),
			 TEST(damaged_files_give_what_stands_before),
			 TEST(a_damaged_gzip_gives_nothing),
			 TEST(a_short_truncated_gzip_is_not_lost),
			 TEST(gzip_members_follow_each_other),
			 TEST(refuses_what_is_no_log),
			 TEST(a_log_written_anew_before_it_is_read),
			 TEST(a_log_is_read_by_its_descriptor));
}
