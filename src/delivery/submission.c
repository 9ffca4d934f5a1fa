#include "delivery/methods.h"
#include "delivery/secret.h"
#include "net/smtp.h"

/* A server may think ten minutes about the end (RFC 5321 section 4.5.3.2.6). */
enum { DEADLINE_MS = 15 * 60 * 1000 };

static int password_read(struct arena *arena, const struct settings *settings,
			 struct slice *out, struct error *err)
{
	*out = S("");
	if (!settings->smtp_user.len)
		return 0;
	if (!settings->smtp_password_file.len)
		return error_set(
			err, ERROR_CONFIG,
			"[send] smtp-user is set: name the file that holds its "
			"password in smtp-password-file");
	return secret_read(arena, settings->smtp_password_file, "password file", out,
			   err);
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
