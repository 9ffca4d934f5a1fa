#include "check.h"
#include "os/process.h"
#include "os/spawn.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static struct spawn_end run_shell(struct arena *arena, const char *script,
				  struct slice input, int64_t deadline_ms)
{
	char *argv[] = { arena_cstr(arena, S("sh")), arena_cstr(arena, S("-c")),
			 arena_cstr(arena, slice_of(script)), NULL };
	struct spawn spawn = { "/bin/sh", argv, 64, deadline_ms };
	struct spawn_end end = { 0 };
	struct spawn_input in;
	struct error err = { 0 };

	CHECK_INT(spawn_input_open(input, &in, &err), 0);
	CHECK_INT(spawn_run(&spawn, &in, arena, &end, &err), 0);
	spawn_input_close(&in);
	return end;
}

static void how_it_ends(void)
{
	static const struct {
		const char *script;
		enum spawn_how how;
		int code;
		const char *output;
	} rows[] = {
		{ "cat", SPAWN_EXITED, 0, "in" },
		{ "exit 75", SPAWN_EXITED, 75, "" },
		{ "echo out; echo err >&2; exit 1", SPAWN_EXITED, 1, "out\nerr\n" },
		{ "kill -9 $$", SPAWN_SIGNALLED, 9, "" },
		{ "exit 255", SPAWN_EXITED, 255, "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct spawn_end end = run_shell(arena, rows[i].script, S("in"), 60000);

		CHECK_INT(end.how, rows[i].how);
		CHECK_INT(end.code, rows[i].code);
		CHECK_SLICE(end.output, slice_of(rows[i].output));
		arena_free(arena);
	}
}

static void output_is_capped_and_read_to_its_end(void)
{
	struct arena *arena = arena_new();
	struct spawn_end end =
		run_shell(arena, "head -c 300000 /dev/zero | tr '\\0' x", S(""), 60000);

	CHECK_INT(end.how, SPAWN_EXITED);
	CHECK_INT(end.code, 0);
	CHECK_INT(end.output.len, 64);
	arena_free(arena);
}

static void too_slow(void)
{
	struct arena *arena = arena_new();
	struct spawn_end end =
		run_shell(arena, "echo so far; exec sleep 60", S(""), 300);

	CHECK_INT(end.how, SPAWN_TOO_SLOW);
	CHECK_SLICE(end.output, S("so far\n"));
	arena_free(arena);
}

/* A mail server's own children may hold the pipe: the child's end is what counts. */
static void a_grandchild_is_not_waited_for(void)
{
	struct arena *arena = arena_new();
	struct spawn_end end = run_shell(arena, "sleep 3 & echo ok", S(""), 60000);

	CHECK_INT(end.how, SPAWN_EXITED);
	CHECK_SLICE(end.output, S("ok\n"));
	arena_free(arena);
}

static void no_descriptor_is_inherited(void)
{
	struct arena *arena = arena_new();
	int leak = open("/dev/null", O_RDONLY); /* not closed on exec, on purpose */
	struct spawn_end end =
		run_shell(arena, "ls /proc/self/fd | tr '\\n' ' '", S(""), 60000);

	CHECK_SLICE(end.output, S("0 1 2 3 ")); /* 3 is the listing of ls itself */
	close(leak);
	arena_free(arena);
}

static void the_input_cannot_be_changed(void)
{
	struct spawn_input input;
	struct error err = { 0 };

	CHECK_INT(spawn_input_open(S("whole"), &input, &err), 0);
	CHECK_INT(write(input.fd, "x", 1), -1);
	CHECK_INT(ftruncate(input.fd, 1), -1);
	spawn_input_close(&input);
}

static void a_program_that_is_not_there(void)
{
	char *argv[] = { NULL, NULL };
	struct spawn spawn = { "/nowhere/sendmail", argv, 64, 1000 };
	struct arena *arena = arena_new();
	struct spawn_input input;
	struct spawn_end end;
	struct error err = { 0 };

	argv[0] = arena_cstr(arena, S("sendmail"));
	CHECK_INT(spawn_input_open(S(""), &input, &err), 0);
	CHECK_INT(spawn_run(&spawn, &input, arena, &end, &err), -1);
	CHECK_INT(err.kind, ERROR_SYSTEM);
	spawn_input_close(&input);
	arena_free(arena);
}

static void processes(void)
{
	struct process_text self = process_self(), other;
	struct slice text = slice_of(self.text);
	ptrdiff_t blank = slice_find_last_byte(text, ' ');

	CHECK_INT(process_look(text), PROCESS_RUNS);
	/* The number again, but started at another time: not the same process. */
	snprintf(other.text, sizeof other.text, SLICE_FMT " 1",
		 SLICE_ARG(slice_cut(text, 0, (size_t)blank)));
	CHECK_INT(process_look(slice_of(other.text)), PROCESS_GONE);
	self.text[0] = self.text[0] == '0' ? '1' : '0'; /* another boot */
	CHECK_INT(process_look(slice_of(self.text)), PROCESS_UNKNOWN);
	CHECK_INT(process_look(S("")), PROCESS_UNKNOWN);
	CHECK_INT(process_look(S("x y -1 1")), PROCESS_UNKNOWN);
}

/* The hash of a whole SHA-1: of this program, which has no other. */
static void the_build_that_runs(void)
{
	struct process_text program = process_program(), again = process_program();
	size_t digits = 0;

	for (const char *at = program.text; ascii_is_xdigit(*at); at++)
		digits++;
	CHECK_INT(digits, 40);
	CHECK_INT(slice_of(program.text).len, 40);
	CHECK_TEXT(program.text, again.text);
}

int main(void)
{
	return CHECK_RUN(TEST(how_it_ends), TEST(output_is_capped_and_read_to_its_end),
			 TEST(too_slow), TEST(a_grandchild_is_not_waited_for),
			 TEST(no_descriptor_is_inherited),
			 TEST(the_input_cannot_be_changed),
			 TEST(a_program_that_is_not_there), TEST(processes),
			 TEST(the_build_that_runs));
}
