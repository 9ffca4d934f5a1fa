#include "pipeline/try.h"

#include "delivery/secret.h"
#include "mail/message.h"
#include "mail/received.h"
#include "os/file.h"
#include "report/report.h"
#include "report/store.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

enum { MAIL_MAX = 1 << 20, BOX_DEADLINE_MS = 30 * 1000 };

static int let_pass(void *context)
{
	(void)context;
	return 0;
}

static struct slice id_new(struct arena *arena, const struct settings *settings,
			   struct slice token, const char *what)
{
	ptrdiff_t at = slice_find_last_byte(settings->mail, '@');
	char drawn[13];

	random_token(drawn, sizeof drawn - 1);
	return arena_printf(arena, "<" SLICE_FMT ".%s.%s@" SLICE_FMT ">",
			    SLICE_ARG(token), what, drawn,
			    SLICE_ARG(slice_from(settings->mail, (size_t)(at + 1))));
}

/* One of the two mails. */
struct leg {
	struct slice to, id;
};

static int mail_send(const struct try *try, struct arena *arena, const struct leg *leg,
		     const struct trip *trip, struct handover_end *end,
		     struct error *err)
{
	const struct settings *settings = try->settings;
	struct handover handover = { .settings = settings, .barrier = let_pass };
	struct message message = {
		.from_name = settings->name,
		.from = settings->mail,
		.subject = arena_printf(
			arena, "tipoff: a try of the way to you [" SLICE_FMT "]",
			SLICE_ARG(trip->token)),
		.message_id = leg->id,
		.date = clock_now(try->clock),
		.text = S(
			"This mail is a try of the way by which your reports will go: "
			"'tipoff init --try'\nsent it to you and to nobody else. Its "
			"header says how it came; tipoff reads it\nwhere you let it.\n"),
	};

	*LIST_ADD(arena, &message.to) = leg->to;
	handover.recipients = message.to;
	handover.sender = settings->envelope.len ? settings->envelope : settings->mail;
	if (handover_clean(arena, settings, &handover.recipients, handover.sender,
			   err) ||
	    message_compose(arena, &message, &handover.message, err) != 0)
		return -1;
	return handover_run(arena, &handover, end, err);
}

static int trip_save(const struct try *try, const struct trip *trip, struct error *err)
{
	if (db_begin(try->db, err) != 0)
		return -1;
	if (trip_put(try->db, trip, err) == 0 && db_commit(try->db, err) == 0)
		return 0;
	db_rollback(try->db);
	return -1;
}

int try_begin(const struct try *try, struct arena *arena, struct trip *out,
	      struct handover_end *end, struct error *err)
{
	const struct settings *settings = try->settings;
	char drawn[REPORT_TOKEN_LEN + 1];
	struct slice back;

	random_token(drawn, REPORT_TOKEN_LEN);
	*out = (struct trip){ .plus = settings->plus,
			      .token = arena_copy(arena, slice_of(drawn)),
			      .began_at = clock_now(try->clock) };
	back = report_plus_address(arena, settings, out->token);
	out->out_id = id_new(arena, settings, out->token, "out");
	if (back.len)
		out->back_id = id_new(arena, settings, out->token, "back");
	if (trip_save(try, out, err) != 0 ||
	    mail_send(try, arena, &(struct leg){ settings->mail, out->out_id }, out,
		      end, err) != 0)
		return -1;
	if (!back.len || end->state != DELIVERY_SENT)
		return 0;
	return mail_send(try, arena, &(struct leg){ back, out->back_id }, out, end,
			 err);
}

int try_take(const struct try *try, struct arena *arena, struct trip *trip,
	     struct slice message, bool *ours, struct error *err)
{
	int64_t now = clock_now(try->clock);
	struct received received;
	bool is_out, is_back;

	received_read(arena, arena_copy(arena, message), &received);
	is_out = received.message_id.len &&
		 slice_equal(received.message_id, trip->out_id);
	is_back = received.message_id.len &&
		  slice_equal(received.message_id, trip->back_id);
	*ours = is_out || is_back;
	if (is_back)
		trip->back_at = now;
	if (is_out) {
		trip->out_at = now;
		trip->envelope = received.envelope;
		trip->spf = received.spf;
		trip->dkim = received.dkim.len || !received.is_signed
				     ? received.dkim
				     : S("signed, and your server does not say whether "
					 "rightly");
	}
	return *ours ? trip_save(try, trip, err) : 0;
}

/* What is too large is none of ours, and what is gone a mail reader moved. */
static int file_take(const struct try *try, struct trip *trip, struct arena *arena,
		     const char *path, bool *ours, struct error *err)
{
	struct buffer text;
	struct stat st;
	int result = 0;

	*ours = false;
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > MAIL_MAX)
		return 0;
	buffer_init(&text, MAIL_MAX + 1);
	if (file_read(path, &text, err) != 0)
		error_clear(err);
	else
		result = try_take(try, arena, trip, buffer_slice(&text), ours, err);
	buffer_clear(&text);
	return result;
}

static int part_take(const struct try *try, struct arena *arena, struct trip *trip,
		     const char *path, size_t *seen, struct error *err)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	int result = 0;

	if (!folder)
		return error_system(err, errno, "maildir '%s'", path);
	while (result == 0 && (entry = readdir(folder)) != NULL) {
		struct slice name = arena_printf(arena, "%s/%s", path, entry->d_name);
		bool ours = false;

		if (entry->d_name[0] == '.')
			continue;
		result = file_take(try, trip, arena, arena_cstr(arena, name), &ours,
				   err);
		*seen += ours;
	}
	closedir(folder);
	return result;
}

int try_folder(const struct try *try, struct arena *arena, struct trip *trip,
	       struct slice folder, size_t *seen, struct error *err)
{
	static const char *const parts[] = { "new", "cur" };

	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		struct slice path = arena_printf(arena, SLICE_FMT "/%s",
						 SLICE_ARG(folder), parts[i]);

		if (part_take(try, arena, trip, arena_cstr(arena, path), seen, err) !=
		    0)
			return -1;
	}
	return 0;
}

struct imap *try_box_open(const struct try *try, struct arena *arena, struct error *err)
{
	const struct settings *settings = try->settings;
	struct routes *routes = ARENA_NEW(arena, struct routes);
	struct imap_options options = {
		.url = settings->imap_url,
		.user = settings->imap_user.len ? settings->imap_user : settings->mail,
		.ca_file = settings->ca_file,
		.routes = routes,
		.deadline_ms = BOX_DEADLINE_MS,
	};
	struct imap *imap;

	if (!settings->imap_password_file.len) {
		(void)error_set(err, ERROR_CONFIG,
				"[mail] imap-url is set: name the file that holds its "
				"password in imap-password-file");
		return NULL;
	}
	if (routes_parse(arena, &settings->connect_to, routes, err) != 0 ||
	    secret_read(arena, settings->imap_password_file, "password file",
			&options.password, err) != 0)
		return NULL;
	imap = imap_new(&options, err);
	if (!imap)
		(void)error_context(err, "[mail] imap-url");
	return imap;
}

int try_box(const struct try *try, struct arena *arena, struct trip *trip,
	    struct imap *imap, struct error *err)
{
	const struct {
		struct slice id;
		bool seen;
	} legs[] = { { trip->out_id, trip->out_at != 0 },
		     { trip->back_id, trip->back_at != 0 } };

	for (size_t i = 0; i < COUNT_OF(legs); i++) {
		struct slice header;
		bool ours;
		int found;

		if (!legs[i].id.len || legs[i].seen)
			continue;
		found = imap_find(imap, arena, legs[i].id, &header, err);
		if (found < 0 ||
		    (found && try_take(try, arena, trip, header, &ours, err) != 0))
			return -1;
	}
	return 0;
}
