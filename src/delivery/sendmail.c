#include "delivery/methods.h"
#include "os/spawn.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* A local queue answers in milliseconds; one that delivers first may take its time. */
enum { DEADLINE_MS = 10 * 60 * 1000, OUTPUT_MAX = 4096 };

static int check(struct arena *arena, const struct settings *settings,
		 struct error *err)
{
	const char *path = arena_cstr(arena, settings->sendmail);

	if (path[0] == '/' && access(path, X_OK) == 0)
		return 0;
	return error_set(
		err, ERROR_CONFIG,
		"no mail program at '%s': install a mail server, or set [send] "
		"sendmail to its path, or [send] method = smtp",
		path);
}

/* LF line ends. The message holds CR only before LF (RFC 5322 section 2.2). */
static struct slice with_lf(struct arena *arena, struct slice message)
{
	char *copy = ARENA_ARRAY(arena, char, message.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < message.len; i++)
		if (message.at[i] != '\r')
			copy[len++] = message.at[i];
	return (struct slice){ copy, len };
}

static char *const *arguments(struct arena *arena, const struct handover *handover)
{
	char **argv = ARENA_ARRAY(arena, char *, handover->recipients.count + 6);
	size_t count = 0;

	argv[count++] = arena_cstr(arena, handover->settings->sendmail);
	argv[count++] = arena_cstr(arena, S("-i"));
	argv[count++] = arena_cstr(arena, S("-f"));
	argv[count++] = arena_cstr(arena, handover->sender);
	argv[count++] = arena_cstr(arena, S("--"));
	for (size_t i = 0; i < handover->recipients.count; i++)
		argv[count++] = arena_cstr(arena, handover->recipients.at[i]);
	return argv;
}

static const char *code_words(int code)
{
	static const struct {
		int code;
		const char *words;
	} rows[] = {
		{ EX_USAGE, "wrong usage" },
		{ EX_DATAERR, "it did not like the message" },
		{ EX_NOUSER, "no such user" },
		{ EX_NOHOST, "no such host" },
		{ EX_UNAVAILABLE, "service not available" },
		{ EX_OSERR, "the system failed it" },
		{ EX_CANTCREAT, "it cannot write its queue" },
		{ EX_IOERR, "it cannot write its queue" },
		{ EX_TEMPFAIL, "try later" },
		{ EX_NOPERM, "not permitted" },
		{ EX_CONFIG, "its configuration is wrong" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].code == code)
			return rows[i].words;
	return "no";
}

static void end_write(struct arena *arena, const struct spawn *spawn,
		      const struct spawn_end *ended, struct handover_end *out)
{
	struct slice said = one_line(arena, ended->output);
	const char *colon = said.len ? ": " : "";

	if (ended->how == SPAWN_TOO_SLOW)
		*out = (struct handover_end){
			.state = DELIVERY_IN_DOUBT,
			.words = arena_printf(
				arena, "'%s' did not end in ten minutes%s" SLICE_FMT,
				spawn->path, colon, SLICE_ARG(said)),
		};
	else if (ended->how == SPAWN_SIGNALLED)
		*out = (struct handover_end){
			.state = DELIVERY_IN_DOUBT,
			.words = arena_printf(
				arena, "'%s' was killed by signal %d%s" SLICE_FMT,
				spawn->path, ended->code, colon, SLICE_ARG(said)),
		};
	else if (ended->code == EX_OK)
		*out = (struct handover_end){
			.state = DELIVERY_SENT,
			.words = arena_printf(arena, "queued by '%s'%s" SLICE_FMT,
					      spawn->path, colon, SLICE_ARG(said)),
		};
	else
		*out = (struct handover_end){
			.state = ended->code == EX_TEMPFAIL ? DELIVERY_DEFERRED
							    : DELIVERY_FAILED,
			.words = arena_printf(
				arena, "'%s' ended with %d (%s)%s" SLICE_FMT,
				spawn->path, ended->code, code_words(ended->code),
				colon, SLICE_ARG(said)),
			.is_mailbox =
				ended->code == EX_NOUSER || ended->code == EX_NOHOST,
		};
}

/* The whole message is there before the barrier: end of file is its final dot, and a half
 * message would be queued.                                                               */
static int run(struct arena *arena, const struct handover *handover,
	       struct handover_end *out, struct error *err)
{
	char *const *argv = arguments(arena, handover);
	struct spawn spawn = { argv[0], argv, OUTPUT_MAX, DEADLINE_MS };
	struct spawn_input input;
	struct spawn_end ended;
	struct error failed;

	if (spawn_input_open(with_lf(arena, handover->message), &input, err) != 0)
		return -1;
	*out = (struct handover_end){ .state = DELIVERY_CLAIMED };
	if (handover->barrier(handover->context) != 0)
		goto close_input;
	if (spawn_run(&spawn, &input, arena, &ended, &failed) == 0)
		end_write(arena, &spawn, &ended, out);
	else
		*out = (struct handover_end){
			.state = DELIVERY_DEFERRED,
			.words = arena_copy(arena, slice_of(failed.text)),
		};
close_input:
	spawn_input_close(&input);
	return 0;
}

const struct delivery_method delivery_sendmail = { "sendmail", check, run };
