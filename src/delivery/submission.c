#include "delivery/methods.h"
#include "net/smtp.h"
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A server may think ten minutes about the end (RFC 5321 section 4.5.3.2.6). */
enum { DEADLINE_MS = 15 * 60 * 1000, PASSWORD_MAX = 1024 };

/* A bare name is a credential that systemd hands to the service, where it does. */
static const char *password_path(struct arena *arena, const struct settings *settings)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	const char *name = arena_cstr(arena, settings->smtp_password_file);

	if (!name[0] || strchr(name, '/') || !folder || !folder[0])
		return name;
	return arena_cstr(arena, arena_printf(arena, "%s/%s", folder, name));
}

static int password_read(struct arena *arena, const struct settings *settings,
			 struct slice *out, struct error *err)
{
	const char *path = password_path(arena, settings);
	struct buffer text;
	struct stat st;

	*out = S("");
	if (!settings->smtp_user.len)
		return 0;
	if (!path[0])
		return error_set(
			err, ERROR_CONFIG,
			"[send] smtp-user is set: name the file that holds its "
			"password in smtp-password-file");
	if (stat(path, &st) != 0)
		return error_system(err, errno, "password file '%s'", path);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return error_set(err, ERROR_CONFIG,
				 "password file '%s' can be read by others: "
				 "chmod 600 %s",
				 path, path);
	buffer_init(&text, PASSWORD_MAX);
	if (file_read(path, &text, err) != 0) {
		buffer_clear(&text);
		return -1;
	}
	*out = arena_copy(arena, slice_trim(buffer_slice(&text)));
	buffer_clear(&text);
	return 0;
}

static int check(struct arena *arena, const struct settings *settings,
		 struct error *err)
{
	struct slice password;

	if (!settings->smtp_url.len)
		return error_set(err, ERROR_CONFIG,
				 "[send] smtp-url is not set: name your submission "
				 "server, smtp://mail.example.net:587");
	if (smtp_url_check(settings->smtp_url, err) != 0)
		return error_context(err, "[send] smtp-url");
	return password_read(arena, settings, &password, err);
}

static enum delivery_state state_of(enum smtp_outcome outcome)
{
	static const enum delivery_state states[] = {
		[SMTP_TAKEN] = DELIVERY_SENT,     [SMTP_LATER] = DELIVERY_DEFERRED,
		[SMTP_REFUSED] = DELIVERY_FAILED, [SMTP_UNKNOWN] = DELIVERY_IN_DOUBT,
		[SMTP_HELD] = DELIVERY_CLAIMED,
	};

	return states[outcome];
}

static int run(struct arena *arena, const struct handover *handover,
	       struct handover_end *out, struct error *err)
{
	const struct settings *settings = handover->settings;
	struct routes routes = { 0 };
	struct smtp_answer answer;
	struct smtp_request request = {
		.url = settings->smtp_url,
		.user = settings->smtp_user,
		.ca_file = settings->ca_file,
		.routes = &routes,
		.sender = handover->sender,
		.recipients = handover->recipients,
		.message = handover->message,
		.deadline_ms = DEADLINE_MS,
		.before_end = handover->barrier,
		.context = handover->context,
	};

	if (routes_parse(arena, &settings->connect_to, &routes, err) != 0 ||
	    password_read(arena, settings, &request.password, err) != 0 ||
	    smtp_send(arena, &request, &answer, err) != 0)
		return -1;
	out->state = state_of(answer.outcome);
	out->is_mailbox = answer.is_mailbox;
	out->words = one_line(arena, answer.words);
	return 0;
}

const struct delivery_method delivery_smtp = { "smtp", check, run };
