#include "net/smtp.h"

#include "base/buffer.h"
#include "net/mail_server.h"
#include "os/point.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 600 };

struct submission {
	const struct smtp_request *request;
	CURL *easy;
	struct curl_slist *recipients, *connect_to;
	struct slice rest; /* of the message                                       */
	bool ended, held; /* before_end said yes; no                               */
	struct buffer words;
	char problem[CURL_ERROR_SIZE];
};

static bool is_atom_byte(char c)
{
	return ascii_is_alnum(c) || (c && strchr("!#$&'*+-/=?^_`{|}~.", c));
}

bool smtp_address_plain(struct slice address)
{
	ptrdiff_t at = slice_find_byte(address, '@');

	if (at <= 0 || at != slice_find_last_byte(address, '@') ||
	    (size_t)at + 1 == address.len || address.len > 254 || address.at[0] == '-')
		return false;
	for (size_t i = 0; i < address.len; i++)
		if (i != (size_t)at && !is_atom_byte(address.at[i]))
			return false;
	return true;
}

static const struct mail_scheme SCHEME = {
	"smtp",
	"smtps",
	587,
	465,
	false,
	"is no submission server: write smtp://mail.example.net:587 or "
	"smtps://mail.example.net",
};

int smtp_url_check(struct slice url, struct error *err)
{
	struct mail_server server;

	return mail_server_parse(&SCHEME, url, &server, err);
}

static size_t message_read(char *out, size_t size, size_t count, void *context)
{
	struct submission *submission = context;
	size_t len = submission->rest.len < size * count ? submission->rest.len
							 : size * count;

	if (len > 0) {
		memcpy(out, submission->rest.at, len);
		submission->rest = slice_from(submission->rest, len);
		return len;
	}
	if (!submission->ended &&
	    submission->request->before_end(submission->request->context) != 0) {
		submission->held = true;
		return CURL_READFUNC_ABORT;
	}
	if (!submission->ended)
		crash_point("smtp.ending");
	submission->ended = true;
	return 0;
}

/* The server's last line; curl gives each as a header. */
static size_t line_arrived(char *bytes, size_t size, size_t count, void *context)
{
	struct submission *submission = context;
	struct slice line = slice_trim((struct slice){ bytes, size * count });

	buffer_reset(&submission->words);
	buffer_add(&submission->words, slice_cut(line, 0, WORDS_MAX));
	return size * count;
}

static size_t body_dropped(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	(void)context;
	return size * count;
}

static struct curl_slist *append(struct curl_slist *list, struct slice text)
{
	char room[512];

	snprintf(room, sizeof room, "<" SLICE_FMT ">", SLICE_ARG(text));
	return curl_slist_append(list, room);
}

static void set_server(struct submission *submission, const struct mail_server *server)
{
	const struct smtp_request *request = submission->request;
	char url[512];

	snprintf(url, sizeof url, "%s://" SLICE_FMT ":%u",
		 server->tls ? "smtps" : "smtp", SLICE_ARG(server->host), server->port);
	curl_easy_setopt(submission->easy, CURLOPT_URL, url);
	submission->connect_to = mail_server_set(submission->easy, server,
						 request->routes, request->ca_file);
}

static void set_message(struct submission *submission)
{
	const struct smtp_request *request = submission->request;
	CURL *easy = submission->easy;

	for (size_t i = 0; i < request->recipients.count; i++) {
		assert(smtp_address_plain(request->recipients.at[i]));
		submission->recipients =
			append(submission->recipients, request->recipients.at[i]);
	}
	assert(smtp_address_plain(request->sender));
	mail_server_text(easy, CURLOPT_MAIL_FROM, request->sender);
	curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, submission->recipients);
	if (request->user.len) {
		mail_server_text(easy, CURLOPT_USERNAME, request->user);
		mail_server_text(easy, CURLOPT_PASSWORD, request->password);
	}
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	/* No size is given: curl then ends the message only after the end was read. */
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, message_read);
	curl_easy_setopt(easy, CURLOPT_READDATA, submission);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, line_arrived);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, submission);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_dropped);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, submission->problem);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->deadline_ms);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
}

static enum smtp_outcome outcome_of(const struct submission *submission, CURLcode code)
{
	long status = 0;

	curl_easy_getinfo(submission->easy, CURLINFO_RESPONSE_CODE, &status);
	if (submission->held)
		return SMTP_HELD;
	if (code == CURLE_OK)
		return SMTP_TAKEN;
	if (status >= 400 && status < 500)
		return SMTP_LATER;
	if (mail_server_is_ours(code) || (status >= 500 && status < 600))
		return SMTP_REFUSED;
	return submission->ended ? SMTP_UNKNOWN : SMTP_LATER;
}

/* 550, 551 and 553 speak of mailboxes (RFC 5321 section 4.2.3), but for those of which the
 * enhanced code says that a policy stands behind them (5.7, RFC 3463).                  */
static bool is_of_mailbox(struct slice said, const char *problem)
{
	static const char *const codes[] = { "550", "551", "553" };

	if (!strstr(problem, "RCPT") || slice_find(said, S(" 5.7.")) == 3)
		return false;
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (slice_starts(said, slice_of(codes[i])))
			return true;
	return false;
}

static void answer_write(struct arena *arena, struct submission *submission,
			 CURLcode code, struct smtp_answer *out)
{
	struct slice said = buffer_slice(&submission->words);
	const char *problem =
		submission->problem[0] ? submission->problem : curl_easy_strerror(code);

	out->outcome = outcome_of(submission, code);
	out->is_mailbox = out->outcome == SMTP_REFUSED && is_of_mailbox(said, problem);
	if (code == CURLE_OK)
		out->words = arena_copy(arena, said);
	else if (said.len && said.at[0] >= '4' && said.at[0] <= '5')
		out->words = arena_printf(arena, SLICE_FMT " (%s)", SLICE_ARG(said),
					  problem);
	else
		out->words = arena_copy(arena, slice_of(problem));
}

int smtp_send(struct arena *arena, const struct smtp_request *request,
	      struct smtp_answer *out, struct error *err)
{
	struct submission submission = { .request = request, .rest = request->message };
	struct mail_server server;
	CURLcode code;

	if (mail_server_parse(&SCHEME, request->url, &server, err) != 0)
		return -1;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return error_set(err, ERROR_LIMIT, "curl cannot be used");
	submission.easy = curl_easy_init();
	if (!submission.easy) {
		curl_global_cleanup();
		return error_set(err, ERROR_LIMIT, "curl cannot be used");
	}
	buffer_init(&submission.words, WORDS_MAX + 1);
	set_server(&submission, &server);
	set_message(&submission);
	crash_point("smtp.before");
	code = curl_easy_perform(submission.easy);
	crash_point("smtp.answered");
	answer_write(arena, &submission, code, out);
	curl_easy_cleanup(submission.easy);
	curl_slist_free_all(submission.recipients);
	curl_slist_free_all(submission.connect_to);
	buffer_clear(&submission.words);
	curl_global_cleanup();
	return 0;
}
