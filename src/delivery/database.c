#include "delivery/database.h"

#include "delivery/database_answer.h"
#include "delivery/methods.h"
#include "delivery/secret.h"
#include "net/http.h"
#include "net/smtp.h"
#include "os/point.h"
#include "report/public_source.h"

/* A bulk report takes its time there. */
enum { DEADLINE_MS = 120 * 1000, CONNECT_MS = 15 * 1000, BODY_MAX = 4 * 1024 * 1024 };

/* The files of the keys, by settings. */
static struct slice key_file(const struct settings *settings, enum database database)
{
	return database == DATABASE_ABUSEIPDB ? settings->abuseipdb_key_file
					      : settings->blocklist_de_key_file;
}

bool leaves_by_mail(struct slice part, bool is_database)
{
	enum database database;

	return !is_database || (database_of_part(part, &database) == 0 &&
				database_facts(database)->by_mail);
}

bool database_is_on(const struct settings *settings, enum database database)
{
	struct slice name = slice_of(database_facts(database)->name);

	for (size_t i = 0; i < settings->databases.count; i++)
		if (slice_equal(settings->databases.at[i], name))
			return true;
	return false;
}

int databases_check(const struct settings *settings, struct error *err)
{
	enum database ignored;

	for (size_t i = 0; i < settings->databases.count; i++)
		if (database_parse(settings->databases.at[i], &ignored) != 0)
			return error_set(
				err, ERROR_CONFIG,
				"[databases] report-to: there is no '" SLICE_FMT
				"'; abuseipdb, blocklist.de and dshield are known",
				SLICE_ARG(settings->databases.at[i]));
	return 0;
}

static int user_check(const struct settings *settings, struct error *err)
{
	uint64_t number;

	if (slice_to_u64(settings->dshield_user, UINT32_MAX, &number) == 0)
		return 0;
	return error_set(err, ERROR_CONFIG,
			 "[databases] dshield-user '" SLICE_FMT "' is no number",
			 SLICE_ARG(settings->dshield_user));
}

/* What stands in a header must not end it. */
static int key_read(struct arena *arena, const struct settings *settings,
		    enum database database, struct slice *out, struct error *err)
{
	struct slice file = key_file(settings, database);

	if (!file.len)
		return error_set(
			err, ERROR_CONFIG,
			"[databases] %s-key-file is not set: name the file that "
			"holds the API key of your account at %s",
			database == DATABASE_ABUSEIPDB ? "abuseipdb" : "blocklist-de",
			database_facts(database)->title);
	if (secret_read(arena, file, "key file", out, err) != 0)
		return -1;
	for (size_t i = 0; i < out->len; i++)
		if (!ascii_is_print(out->at[i]) || out->at[i] == ' ')
			out->len = 0;
	if (out->len)
		return 0;
	return error_set(err, ERROR_CONFIG,
			 "key file '" SLICE_FMT
			 "' holds no key: one line without blanks",
			 SLICE_ARG(file));
}

int database_check(struct arena *arena, const struct settings *settings,
		   enum database database, struct error *err)
{
	struct slice key;

	if (!database_is_on(settings, database))
		return error_set(err, ERROR_CONFIG,
				 "[databases] report-to does not name '%s'",
				 database_facts(database)->name);
	if (database == DATABASE_DSHIELD)
		return user_check(settings, err);
	if (database == DATABASE_BLOCKLIST_DE &&
	    !smtp_address_plain(settings->blocklist_de_server))
		return error_set(err, ERROR_CONFIG,
				 "[databases] blocklist-de-server is not set: the mail "
				 "address under which your server is known there");
	return key_read(arena, settings, database, &key, err);
}

struct slice database_url(const struct submission *submission)
{
	if (submission->database == DATABASE_BLOCKLIST_DE)
		return S("https://www.blocklist.de/en/httpreports.html");
	if (slice_starts(submission->media, S("multipart/")))
		return S("https://api.abuseipdb.com/api/v2/bulk-report");
	return S("https://api.abuseipdb.com/api/v2/report");
}

struct slice database_key_words(struct arena *arena, const struct settings *settings,
				enum database database)
{
	return arena_printf(arena, "%s the key in '" SLICE_FMT "'",
			    database == DATABASE_ABUSEIPDB ? "header Key:"
							   : "behind them &apikey=",
			    SLICE_ARG(key_file(settings, database)));
}

/* ---- the request ---- */

struct post {
	struct arena *arena;
	const struct handover *handover;
	const struct submission *submission;
	struct slice key;
	struct loop *loop;
	struct hosts hosts;
	struct dns *dns;
	struct http *http;
	struct routes routes;
	struct endpoints endpoints;
	bool waiting;
	bool passed, held; /* the barrier said yes; no                           */
	bool connected;
	struct database_answer answer;
};

static void post_clear(struct post *post)
{
	http_free(post->http);
	dns_free(post->dns);
	if (post->loop)
		loop_free(post->loop);
}

static int post_init(struct post *post, struct error *err)
{
	const struct settings *settings = post->handover->settings;
	bool has_hosts = settings->hosts_file.len != 0;

	if (has_hosts &&
	    hosts_read(post->arena, settings->hosts_file, &post->hosts, err) != 0)
		return error_context(err, "the hosts table");
	if (routes_parse(post->arena, &settings->connect_to, &post->routes, err) != 0 ||
	    !(post->loop = loop_new(err)))
		return -1;
	post->dns = dns_new(post->loop, settings->dns, has_hosts ? &post->hosts : NULL,
			    err);
	if (!post->dns)
		return -1;
	post->http = http_new(post->loop, settings->ca_file, err);
	return post->http ? 0 : -1;
}

static void wait_for_it(struct post *post)
{
	while (post->waiting && loop_turn(post->loop))
		;
}

static void endpoints_found(void *context, const struct endpoints *endpoints,
			    const char *problem)
{
	struct post *post = context;

	post->waiting = false;
	for (size_t i = 0; i < endpoints->count; i++)
		*LIST_ADD(post->arena, &post->endpoints) = endpoints->at[i];
	post->answer.problem = arena_copy(post->arena, slice_of(problem));
}

static int before_body(void *context)
{
	struct post *post = context;

	if (post->handover->barrier(post->handover->context) != 0) {
		post->held = true;
		return -1;
	}
	post->passed = true;
	return 0;
}

static void answered(void *context, const struct http_answer *answer)
{
	struct post *post = context;

	post->waiting = false;
	post->connected = answer->connected;
	post->answer = (struct database_answer){
		.status = answer->status,
		.body = arena_copy(post->arena, answer->body),
		.retry_after_s = answer->retry_after_s,
		.problem = arena_copy(post->arena, slice_of(answer->problem)),
	};
}

static struct slice body_of(const struct post *post)
{
	struct buffer body;
	struct slice out;

	if (post->submission->database == DATABASE_ABUSEIPDB)
		return post->handover->message;
	buffer_init(&body, BODY_MAX);
	buffer_add(&body, post->handover->message);
	form_field(&body, "apikey", post->key);
	out = arena_copy(post->arena, buffer_slice(&body));
	buffer_clear(&body);
	return out;
}

/* Until one of the endpoints takes the connection. */
static void ask(struct post *post, const struct url *url)
{
	struct slices headers = { 0 };
	struct http_request request = {
		.url = database_url(post->submission),
		.accept = S("application/json"),
		.headers = &headers,
		.max_bytes = DATABASE_ANSWER_MAX,
		.deadline_ms = DEADLINE_MS,
		.connect_ms = CONNECT_MS,
		.body = body_of(post),
		.before_body = before_body,
	};

	*LIST_ADD(post->arena, &headers) =
		arena_printf(post->arena, "Content-Type: " SLICE_FMT,
			     SLICE_ARG(post->submission->media));
	if (post->submission->database == DATABASE_ABUSEIPDB)
		*LIST_ADD(post->arena, &headers) = arena_printf(
			post->arena, "Key: " SLICE_FMT, SLICE_ARG(post->key));
	post->waiting = true;
	route_find(&post->routes, post->dns, url->host, url->port, endpoints_found,
		   post);
	wait_for_it(post);
	for (size_t i = 0; i < post->endpoints.count && !post->connected; i++) {
		request.to = post->endpoints.at[i];
		post->waiting = true;
		http_post(post->http, &request, answered, post);
		wait_for_it(post);
	}
}

/* Whatever they say of the key, it is not ours to repeat. */
static struct slice without_key(const struct post *post, struct slice words)
{
	ptrdiff_t at;

	while (post->key.len && (at = slice_find(words, post->key)) >= 0)
		words = arena_printf(
			post->arena, SLICE_FMT "[key]" SLICE_FMT,
			SLICE_ARG(slice_cut(words, 0, (size_t)at)),
			SLICE_ARG(slice_from(words, (size_t)at + post->key.len)));
	return words;
}

static void end_write(struct post *post, struct handover_end *out)
{
	if (post->held) {
		*out = (struct handover_end){ .state = DELIVERY_CLAIMED };
		return;
	}
	if (post->passed || post->answer.status)
		database_answer_read(post->arena, post->submission->database,
				     &post->answer, out);
	else
		*out = (struct handover_end){ .words = one_line(post->arena,
								post->answer.problem) };
	out->words = without_key(post, out->words);
	/* Without a body nothing was told, whatever they answered. */
	if (!post->passed && out->state != DELIVERY_FAILED)
		out->state = DELIVERY_DEFERRED;
}

int database_post(struct arena *arena, const struct handover *handover,
		  const struct submission *submission, struct handover_end *out,
		  struct error *err)
{
	struct post post = { .arena = arena,
			     .handover = handover,
			     .submission = submission };
	struct url url;
	int result = -1;

	if (database_check(arena, handover->settings, submission->database, err) != 0 ||
	    key_read(arena, handover->settings, submission->database, &post.key, err) !=
		    0 ||
	    url_parse(database_url(submission), &url, err) != 0)
		return -1;
	if (post_init(&post, err) == 0) {
		crash_point("http.before");
		ask(&post, &url);
		crash_point("http.answered");
		end_write(&post, out);
		result = 0;
	}
	post_clear(&post);
	return result;
}
