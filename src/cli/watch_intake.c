#include "cli/watch_parts.h"

#include "input/intake.h"
#include "input/syslog_socket.h"

#include <stdlib.h>
#include <unistd.h>

struct watch_intake {
	struct watch_intake_options options;
	struct arena *arena;
	const char *folder;
	struct spool *spool;
	struct syslog_sockets *sockets;
	struct intake *input;
	struct range *senders;
};

static void came(void *context)
{
	struct watch_intake *intake = context;

	intake->options.came(intake->options.context);
}

static void input_ended(void *context)
{
	struct watch_intake *intake = context;

	intake->options.input_ended(intake->options.context);
}

static void failed(void *context, const struct error *err)
{
	struct watch_intake *intake = context;

	intake->options.trouble(intake->options.context, slice_of(err->text));
}

static int senders_parse(struct watch_intake *intake, const struct settings *settings,
			 struct error *err)
{
	const struct slices *words = &settings->watch_senders;

	intake->senders = ARENA_ARRAY(intake->arena, struct range, words->count);
	for (size_t i = 0; i < words->count; i++)
		if (range_parse(words->at[i], &intake->senders[i]) != 0)
			return error_set(err, ERROR_CONFIG,
					 "[watch] senders: '" SLICE_FMT
					 "' is no address range",
					 SLICE_ARG(words->at[i]));
	return 0;
}

/* A place that others reach is opened by the configuration's word alone, and only to
 * those it names.                                                                      */
static int place_check(const struct syslog_place *place, struct slice text,
		       bool is_configured, const struct settings *settings,
		       struct error *err)
{
	if (syslog_place_is_local(place))
		return 0;
	if (!is_configured)
		return error_set(
			err, ERROR_CONFIG,
			"'" SLICE_FMT
			"' can be reached by other machines: write it into "
			"[watch] syslog, and into [watch] senders who may send",
			SLICE_ARG(text));
	if (settings->watch_senders.count == 0)
		return error_set(
			err, ERROR_CONFIG,
			"'" SLICE_FMT
			"' can be reached by other machines: write into [watch] "
			"senders which of them may send",
			SLICE_ARG(text));
	return 0;
}

struct place_list {
	struct syslog_place *at;
	size_t count, room;
};

static int places_add(struct watch_intake *intake, struct run *run,
		      const struct slices *texts, bool is_configured,
		      struct place_list *out, struct error *err)
{
	for (size_t i = 0; i < texts->count; i++) {
		struct syslog_place *place = LIST_ADD(intake->arena, out);

		if (syslog_place_parse(texts->at[i], place, err) != 0 ||
		    place_check(place, texts->at[i], is_configured, &run->settings,
				err) != 0)
			return -1;
	}
	return 0;
}

static int sockets_open(struct watch_intake *intake, struct run *run,
			const struct place_list *places, struct error *err)
{
	struct syslog_options options = {
		.loop = intake->options.loop,
		.spool = intake->spool,
		.clock = &run->clock,
		.places = places->at,
		.count = places->count,
		.senders = intake->senders,
		.sender_count = run->settings.watch_senders.count,
		.came = came,
		.failed = failed,
		.context = intake,
	};

	intake->sockets = syslog_sockets_open(&options, err);
	return intake->sockets ? 0 : -1;
}

static int input_open_pipe(struct watch_intake *intake, struct error *err)
{
	struct intake_options options = {
		.loop = intake->options.loop,
		.spool = intake->spool,
		.name = S("stdin"),
		.fd = STDIN_FILENO,
		.came = came,
		.ended = input_ended,
		.failed = failed,
		.context = intake,
	};

	intake->input = intake_open(&options, err);
	return intake->input ? 0 : -1;
}

static int parts_open(struct watch_intake *intake, struct run *run, struct error *err)
{
	struct slices given = run_list(run, "syslog");
	struct place_list places = { 0 };

	if (senders_parse(intake, &run->settings, err) != 0 ||
	    places_add(intake, run, &run->settings.watch_syslog, true, &places, err) !=
		    0 ||
	    places_add(intake, run, &given, false, &places, err) != 0)
		return -1;
	if (places.count == 0 && !intake->options.takes_input)
		return 0;
	intake->folder = arena_cstr(intake->arena,
				    arena_printf(intake->arena, SLICE_FMT ".spool",
						 SLICE_ARG(intake->options.store)));
	intake->spool = spool_open(intake->folder, err);
	if (!intake->spool)
		return -1;
	if (places.count > 0 && sockets_open(intake, run, &places, err) != 0)
		return -1;
	return intake->options.takes_input ? input_open_pipe(intake, err) : 0;
}

struct watch_intake *watch_intake_open(const struct watch_intake_options *options,
				       struct run *run, struct error *err)
{
	struct watch_intake *intake = calloc(1, sizeof *intake);

	if (!intake)
		abort();
	intake->options = *options;
	intake->arena = arena_new();
	if (parts_open(intake, run, err) == 0)
		return intake;
	watch_intake_free(intake);
	return NULL;
}

void watch_intake_free(struct watch_intake *intake)
{
	if (!intake)
		return;
	intake_free(intake->input);
	syslog_sockets_free(intake->sockets);
	spool_free(intake->spool);
	arena_free(intake->arena);
	free(intake);
}

const char *watch_intake_folder(const struct watch_intake *intake)
{
	return intake->folder;
}

int watch_intake_clean(struct watch_intake *intake, struct db *db, struct error *err)
{
	return intake->spool ? spool_clean(intake->spool, db, err) : 0;
}

uint64_t watch_intake_refused(const struct watch_intake *intake)
{
	struct syslog_counts counts = { 0 };
	uint64_t refused = intake->input ? intake_long_lines(intake->input) : 0;

	if (intake->sockets)
		counts = syslog_sockets_counts(intake->sockets);
	return refused + counts.refused + counts.long_messages + counts.full +
	       counts.torn;
}
