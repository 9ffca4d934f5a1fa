#include "cli/init_try.h"

#include "base/buffer.h"
#include "cli/workplace.h"
#include "os/file.h"
#include "pipeline/try.h"

#include <poll.h>

enum { LOOK_MS = 1000, WAIT_S = 60, MAIL_MAX = 1 << 20 };

static void fact(struct run *run, const char *name, struct slice value,
		 const char *otherwise)
{
	print_text(&run->out, "%-17s", name);
	print_slice(&run->out, value.len ? value : slice_of(otherwise));
	print_text(&run->out, "\n");
}

static bool is_whole(const struct trip *trip)
{
	return trip->out_at && (!trip->back_id.len || trip->back_at);
}

static void back_print(struct run *run, const struct trip *trip)
{
	if (!trip->plus.len)
		fact(run, "Plus-address:", S(""),
		     "none is set ([send] plus): answers and bounces come to your "
		     "address");
	else if (trip->back_at)
		fact(run, "Plus-address:", S(""), "came back, and is used from now on");
	else
		fact(run, "Plus-address:", S(""),
		     "not seen to come back, so none is used");
}

static void trip_print(struct run *run, const struct trip *trip)
{
	const char *unsaid = "your server does not say (no Authentication-Results)";

	fact(run, "To you:", S(""), trip->out_at ? "arrived" : "not seen in your box");
	if (trip->out_at) {
		fact(run, "Envelope sender:", trip->envelope,
		     "not shown (no Return-Path)");
		fact(run, "SPF:", trip->spf, unsaid);
		fact(run, "DKIM:", trip->dkim, unsaid);
	}
	back_print(run, trip);
}

static int mails_send(struct run *run, const struct try *try, struct trip *trip)
{
	struct handover_end end = { 0 };

	if (handover_check(run->arena, &run->settings, &run->err) != 0 ||
	    try_begin(try, run->arena, trip, &end, &run->err) != 0)
		return -1;
	print_text(&run->out, "%s to ", trip->back_id.len ? "Two mails" : "A mail");
	print_slice(&run->out, run->settings.mail);
	print_text(&run->out, ": %s%s", delivery_state_name(end.state),
		   end.words.len ? ", " : "");
	print_slice(&run->out, end.words);
	print_text(&run->out, "\n");
	if (end.state == DELIVERY_SENT)
		return 0;
	return error_set(&run->err, ERROR_REFUSED,
			 "your mail server did not take it: see [send] in "
			 "tipoff.conf(5)");
}

/* Where they arrive: a maildir, or a box of an IMAP server. */
struct place {
	struct slice folder;
	struct imap *box; /* NULL: the folder */
};

static int place_look(struct run *run, const struct try *try, struct trip *trip,
		      const struct place *place)
{
	size_t seen = 0;

	if (place->box)
		return try_box(try, run->arena, trip, place->box, &run->err);
	return try_folder(try, run->arena, trip, place->folder, &seen, &run->err);
}

/* Mail takes its time, in real time. */
static int place_wait(struct run *run, const struct try *try, struct trip *trip,
		      const struct place *place)
{
	int64_t end = clock_ticks() + WAIT_S * SECOND_US;

	do {
		int result = place_look(run, try, trip, place);

		if (result != 0 || is_whole(trip))
			return result;
		(void)poll(NULL, 0, LOOK_MS);
	} while (clock_ticks() < end);
	return 0;
}

static int mail_paste(struct run *run, const struct try *try, struct trip *trip,
		      struct slice path)
{
	const char *name =
		slice_equal(path, S("-")) ? "/dev/stdin" : arena_cstr(run->arena, path);
	struct buffer text;
	bool ours = false;
	int result;

	buffer_init(&text, MAIL_MAX);
	result = file_read(name, &text, &run->err);
	if (result == 0)
		result = try_take(try, run->arena, trip, buffer_slice(&text), &ours,
				  &run->err);
	buffer_clear(&text);
	if (result == 0 && !ours)
		return error_set(&run->err, ERROR_SYNTAX,
				 "'" SLICE_FMT
				 "' is none of the mails that 'tipoff init --try' sent "
				 "last: save it with its whole header",
				 SLICE_ARG(path));
	return result;
}

static void next_print(struct run *run, const struct trip *trip)
{
	bool both = trip->back_id.len > 0;

	print_text(&run->out,
		   "When %s there, save %s with the whole header, then%s:\n"
		   "  tipoff init --try --received FILE\n",
		   both ? "they are" : "it is", both ? "them" : "it",
		   both ? " for each" : "");
}

/* A mail that is shown needs no box, and a maildir that is named goes before one. */
static bool wants_box(const struct run *run)
{
	return run->settings.imap_url.len && !run_given(run, "received") &&
	       !run_given(run, "maildir");
}

static int try_at(struct run *run, const struct try *try, const struct place *place)
{
	bool looks = place->folder.len || place->box;
	struct slice pasted = run_text(run, "received");
	struct trip trip = { 0 };
	bool found = false;

	if (trip_get(try->db, run->arena, run->settings.plus, &trip, &found, &run->err))
		return -1;
	if (pasted.len && !found)
		return error_set(&run->err, ERROR_NOT_FOUND,
				 "nothing was sent yet: 'tipoff init --try' first");
	if ((pasted.len ? mail_paste(run, try, &trip, pasted)
			: mails_send(run, try, &trip)) != 0)
		return -1;
	if (looks && place_wait(run, try, &trip, place) != 0)
		return -1;
	if (looks || pasted.len)
		trip_print(run, &trip);
	else
		next_print(run, &trip);
	return 0;
}

static int try_do(struct run *run, const struct try *try)
{
	struct place place = { .folder = run_text(run, "maildir") };
	int result;

	if (!run->settings.mail.len)
		return error_set(&run->err, ERROR_CONFIG,
				 "[reporter] mail is not set: 'tipoff init' first");
	if (wants_box(run)) {
		if (run->offline)
			return error_set(&run->err, ERROR_REFUSED,
					 "[mail] imap-url names a box that --offline "
					 "forbids to ask");
		place.box = try_box_open(try, run->arena, &run->err);
		if (!place.box)
			return -1;
	}
	result = try_at(run, try, &place);
	imap_free(place.box);
	return result;
}

int init_try(struct run *run)
{
	struct slice plus = run->settings.plus;
	struct workplace workplace;
	struct try try = { .settings = &run->settings, .clock = &run->clock };
	int code = 0;

	if (run->settings.documentation_public) {
		(void)error_set(&run->err, ERROR_REFUSED,
				"nothing is sent while [judge] documentation = public, "
				"which is meant for examples");
		return command_fail(run);
	}
	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	try.db = workplace.db;
	run->settings.plus = plus; /* as configured: that is what is tried */
	if (try_do(run, &try) != 0)
		code = command_fail(run);
	workplace_close(&workplace);
	return code;
}
