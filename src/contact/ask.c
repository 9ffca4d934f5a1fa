#include "contact/ask.h"

#include "base/digest.h"
#include "contact/budget.h"
#include "net/http.h"
#include "net/tcp.h"
#include "os/loop_signal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE };

struct job {
	struct job *next_same_hash;
	struct asker *asker;
	struct question question;
	struct slice key;
	struct slice host; /* that is asked now */
	uint16_t port;
	enum job_state state;
	bool has_turn; /* taken of the host's budget; to be ended          */
	int64_t again_ms; /* waits until then, by the loop's time             */
	int64_t turn_at; /* the same by the clock; 0: for a free connection  */
	struct reply reply;
	int64_t started_ms;
	unsigned redirects;
	struct endpoints endpoints; /* checked, still to try */
};
struct jobs {
	struct job **at;
	size_t count, room;
};

enum { TABLE_SIZE = 4096, GLANCE_MS = 1000 };
static const int STOPPING[] = { SIGINT, SIGTERM };

struct asker {
	const struct clock *clock;
	struct arena *settings_arena, *arena;
	struct loop *loop;
	bool owns_loop;
	void (*answered)(void *context);
	void *context;
	struct dns *dns;
	struct http *http;
	struct hosts hosts;
	bool has_hosts;
	struct routes routes;
	struct job *table[TABLE_SIZE];
	struct jobs open; /* waiting and running, in the order asked */
	size_t running, resolving, ended;
	struct budgets *budgets;
	int64_t wait_us;
	struct loop_timer *wake;
	struct loop_signal *signals[COUNT_OF(STOPPING)];
	bool stopped;
};

static bool is_resolving(const struct job *job)
{
	return job->question.kind >= ASK_ADDRESSES;
}

/* On a loop of ours its turn is what this is for. */
static void wake(void *context)
{
	struct asker *asker = context;

	if (!asker->owns_loop)
		asker_start(asker);
}

static int read_settings(struct asker *asker, const struct settings *settings,
			 struct error *err)
{
	if (settings->hosts_file.len) {
		asker->has_hosts = true;
		if (hosts_read(asker->settings_arena, settings->hosts_file,
			       &asker->hosts, err) != 0)
			return error_context(err, "the hosts table");
	}
	return routes_parse(asker->settings_arena, &settings->connect_to,
			    &asker->routes, err);
}

struct asker *asker_new(const struct asker_options *options, struct error *err)
{
	struct arena *arena = arena_new();
	struct asker *asker = ARENA_NEW(arena, struct asker);

	asker->settings_arena = arena;
	asker->clock = options->clock;
	asker->arena = arena_new();
	asker->wait_us = options->settings->wait_us;
	if (read_settings(asker, options->settings, err) != 0)
		goto free_asker;
	asker->answered = options->answered;
	asker->context = options->context;
	asker->owns_loop = !options->loop;
	asker->budgets = budgets_new(
		&(struct budgets_options){ .db = options->db,
					   .rows = &options->settings->budgets },
		err);
	if (!asker->budgets)
		goto free_asker;
	asker->loop = options->loop ? options->loop : loop_new(err);
	if (!asker->loop)
		goto free_asker;
	asker->wake = loop_timer_new(asker->loop, wake, asker);
	asker->dns = dns_new(asker->loop, options->settings->dns,
			     asker->has_hosts ? &asker->hosts : NULL, err);
	if (!asker->dns)
		goto free_asker;
	asker->http = http_new(asker->loop, options->settings->ca_file, err);
	if (!asker->http)
		goto free_asker;
	return asker;

free_asker:
	asker_free(asker);
	return NULL;
}

void asker_free(struct asker *asker)
{
	if (!asker)
		return;
	http_free(asker->http);
	dns_free(asker->dns);
	loop_timer_free(asker->wake);
	for (size_t i = 0; i < COUNT_OF(STOPPING); i++)
		loop_signal_free(asker->signals[i]);
	if (asker->owns_loop)
		loop_free(asker->loop);
	budgets_free(asker->budgets);
	arena_free(asker->arena);
	arena_free(asker->settings_arena);
}

bool asker_has_hosts(const struct asker *asker)
{
	return asker->has_hosts;
}

int64_t asker_refused(struct asker *asker, struct slice server, struct slice words)
{
	return budgets_refused(asker->budgets, server, 0, words);
}

void asker_answered(struct asker *asker, struct slice server)
{
	budgets_answered(asker->budgets, server);
}

bool asker_waits(const struct asker *asker, struct slice *server, int64_t *until)
{
	for (size_t i = 0; i < asker->open.count; i++) {
		const struct job *job = asker->open.at[i];

		if (job->state != JOB_WAITING || !job->again_ms)
			continue;
		*server = job->host;
		*until = job->turn_at;
		return true;
	}
	return false;
}

/* The connection is closed: those that wait for a free one may try again. */
static void give_turn_back(struct job *job)
{
	struct asker *asker = job->asker;

	if (!job->has_turn)
		return;
	job->has_turn = false;
	budgets_end(asker->budgets, job->host);
	for (size_t i = 0; i < asker->open.count; i++)
		if (!asker->open.at[i]->turn_at)
			asker->open.at[i]->again_ms = 0;
}

static void job_end(struct job *job, enum ask_outcome outcome, const char *problem)
{
	struct asker *asker = job->asker;
	size_t i = 0;

	if (job->state == JOB_RUNNING) {
		if (is_resolving(job))
			asker->resolving--;
		else
			asker->running--;
		job->reply.took_ms += loop_now_ms(asker->loop) - job->started_ms;
	}
	give_turn_back(job);
	asker->ended++;
	while (asker->open.at[i] != job)
		i++;
	memmove(asker->open.at + i, asker->open.at + i + 1,
		(asker->open.count - i - 1) * sizeof *asker->open.at);
	asker->open.count--;
	job->state = JOB_DONE;
	job->reply.outcome = outcome;
	job->reply.problem = arena_copy(asker->arena, slice_of(problem));
	job->reply.asked_at = clock_now(asker->clock);
	if (asker->answered)
		asker->answered(asker->context);
}

/* Back into the queue, for the server that a redirect names. */
static void job_requeue(struct job *job)
{
	job->asker->running--;
	job->reply.took_ms += loop_now_ms(job->asker->loop) - job->started_ms;
	job->state = JOB_WAITING;
}

static int64_t time_left_ms(const struct job *job)
{
	return job->question.limit_ms - job->reply.took_ms -
	       (loop_now_ms(job->asker->loop) - job->started_ms);
}

static void resolver_answered(void *context, const struct dns_answer *answer)
{
	struct job *job = context;
	struct arena *arena = job->asker->arena;

	for (size_t i = 0; i < answer->addresses.count; i++)
		*LIST_ADD(arena, &job->reply.addresses) = answer->addresses.at[i];
	for (size_t i = 0; i < answer->names.count; i++)
		*LIST_ADD(arena, &job->reply.names) =
			arena_copy(arena, answer->names.at[i]);
	for (size_t i = 0; i < answer->texts.count; i++)
		*LIST_ADD(arena, &job->reply.texts) =
			arena_copy(arena, answer->texts.at[i]);
	job->reply.no_mail = answer->no_mail;
	job_end(job,
		answer->outcome == DNS_FOUND    ? ASK_ANSWERED
		: answer->outcome == DNS_ABSENT ? ASK_ABSENT
						: ASK_FAILED,
		answer->problem);
}

static void connect_next(struct job *job, const char *problem);

/* RWhois says when it is done and may stay connected (RFC 2167 section 3.3). */
static bool rwhois_complete(struct slice so_far)
{
	return slice_find(so_far, S("\n%ok")) >= 0 ||
	       slice_find(so_far, S("\n%error")) >= 0 ||
	       slice_starts(so_far, S("%error"));
}

static void tcp_done(void *context, const struct tcp_answer *answer)
{
	struct job *job = context;

	if (answer->problem && !answer->connected) {
		connect_next(job, answer->problem);
		return;
	}
	job->reply.truncated = answer->truncated;
	job->reply.text = arena_copy(job->asker->arena, answer->text);
	job_end(job, answer->problem ? ASK_FAILED : ASK_ANSWERED, answer->problem);
}

static void tcp_start(struct job *job, const struct endpoint *to)
{
	bool rwhois = job->question.kind == ASK_RWHOIS;
	struct tcp_question question = {
		.to = *to,
		.text = arena_printf(job->asker->arena, SLICE_FMT "\r\n",
				     SLICE_ARG(job->question.text)),
		.max_bytes = ASK_WHOIS_MAX_BYTES,
		.deadline_ms = time_left_ms(job),
		.connect_ms = ASK_CONNECT_MS,
		.complete = rwhois ? rwhois_complete : NULL,
	};

	tcp_ask(job->asker->loop, &question, tcp_done, job);
}

/* A URL and its host; the rules of redirects are those of first requests. */
static int url_take(struct job *job, struct slice text, struct error *err)
{
	struct url url;

	if (url_parse(text, &url, err) != 0)
		return -1;
	if (!url.https && !routes_match(&job->asker->routes, url.host, url.port))
		return error_set(err, ERROR_REFUSED, "only https is asked");
	job->reply.server = arena_copy(job->asker->arena, text);
	job->host = arena_copy(job->asker->arena, url.host);
	job->port = url.port;
	return 0;
}

static void redirect(struct job *job, struct slice location)
{
	struct asker *asker = job->asker;
	struct slice target;
	struct error err;

	give_turn_back(job);
	if (++job->redirects > ASK_REDIRECTS_MAX) {
		job_end(job, ASK_FAILED, "it redirects more than five times");
		return;
	}
	if (url_resolve(asker->arena, job->reply.server, location, &target, &err) !=
		    0 ||
	    url_take(job, target, &err) != 0) {
		error_context(&err, "its redirect is not followed");
		job_end(job, ASK_FAILED, err.text);
		return;
	}
	job_requeue(job);
}

/* What a status means; all others are failures. */
static const struct {
	long status;
	enum ask_outcome outcome;
	const char *problem;
} STATUSES[] = {
	{ 200, ASK_ANSWERED, NULL },
	{ 404, ASK_ABSENT, NULL },
	{ 403, ASK_REFUSED, "it refuses to answer us (HTTP 403)" },
	{ 429, ASK_REFUSED, "we asked too often (HTTP 429)" },
	{ 503, ASK_REFUSED, "it is out of service (HTTP 503)" },
};

static void http_status(struct job *job, const struct http_answer *answer)
{
	struct budgets *budgets = job->asker->budgets;
	char problem[48];

	for (size_t i = 0; i < COUNT_OF(STATUSES); i++)
		if (STATUSES[i].status == answer->status) {
			if (STATUSES[i].outcome == ASK_REFUSED)
				job->reply.later_at = budgets_refused(
					budgets, job->host,
					answer->retry_after_s * SECOND_US,
					slice_of(STATUSES[i].problem));
			else if (job->question.kind != ASK_RDAP ||
				 STATUSES[i].outcome != ASK_ANSWERED)
				budgets_answered(budgets, job->host);
			job_end(job, STATUSES[i].outcome, STATUSES[i].problem);
			return;
		}
	snprintf(problem, sizeof problem, "it answered HTTP %ld", answer->status);
	job_end(job, ASK_FAILED, problem);
}

static void http_done(void *context, const struct http_answer *answer)
{
	struct job *job = context;

	if (answer->problem && !answer->connected) {
		connect_next(job, answer->problem);
	} else if (answer->problem) {
		job_end(job, ASK_FAILED, answer->problem);
	} else if (answer->status >= 301 && answer->status <= 308 &&
		   answer->status != 304 && answer->location.len) {
		redirect(job, answer->location);
	} else {
		job->reply.text = arena_copy(job->asker->arena, answer->body);
		http_status(job, answer);
	}
}

static void http_start(struct job *job, const struct endpoint *to)
{
	int64_t left = time_left_ms(job);
	struct http_request request = {
		.url = job->reply.server,
		.to = *to,
		.accept = job->question.kind == ASK_WEB ? S("text/plain")
							: S("application/rdap+json"),
		.max_bytes = ASK_RDAP_MAX_BYTES,
		.deadline_ms = left,
		.connect_ms = left < ASK_CONNECT_MS ? left : ASK_CONNECT_MS,
	};

	http_get(job->asker->http, &request, http_done, job);
}

static void connect_next(struct job *job, const char *problem)
{
	struct endpoint to;

	if (job->endpoints.count == 0) {
		job_end(job, ASK_FAILED, problem);
		return;
	}
	if (time_left_ms(job) <= 0) {
		job_end(job, ASK_FAILED, "no time is left for it");
		return;
	}
	to = *job->endpoints.at++;
	job->endpoints.count--;
	if (job->question.kind == ASK_RDAP || job->question.kind == ASK_WEB)
		http_start(job, &to);
	else
		tcp_start(job, &to);
}

static void endpoints_found(void *context, const struct endpoints *endpoints,
			    const char *problem)
{
	struct job *job = context;

	job->endpoints = (struct endpoints){ 0 };
	for (size_t i = 0; i < endpoints->count; i++)
		*LIST_ADD(job->asker->arena, &job->endpoints) = endpoints->at[i];
	connect_next(job, problem);
}

/* All questions to this server wait for the same. */
static void postpone(const struct job *job, const struct turn *turn)
{
	struct asker *asker = job->asker;
	int64_t again_ms = loop_now_ms(asker->loop) + turn->wait_ms;

	for (size_t i = 0; i < asker->open.count; i++) {
		struct job *other = asker->open.at[i];

		if (other->state != JOB_WAITING || is_resolving(other) ||
		    !slice_equal_nocase(other->host, job->host))
			continue;
		other->again_ms = again_ms;
		other->turn_at = turn->at;
	}
}

/* A server that refused is waited for in the time of those who ask, each in his own. */
static bool sits_out(struct job *job, const struct turn *turn)
{
	if (turn->wait_ms >= job->question.limit_ms - job->reply.took_ms)
		return false;
	job->again_ms = loop_now_ms(job->asker->loop) + turn->wait_ms;
	job->turn_at = turn->at;
	job->reply.took_ms += turn->wait_ms;
	return true;
}

/* False: it has to wait. Where that is too long, it ends. */
static bool take_turn(struct job *job)
{
	static const struct clock real = { 0 };
	struct asker *asker = job->asker;
	struct turn turn;

	switch (budgets_take(asker->budgets, job->host, &turn)) {
	case TURN_NOW:
		job->has_turn = true;
		return true;
	case TURN_LATER:
		if (turn.wait_ms <= clock_wait_ms(asker->wait_us)) {
			postpone(job, &turn);
			return false;
		}
		break;
	case TURN_BACK_OFF:
		if (sits_out(job, &turn))
			return false;
		break;
	}
	job->reply.later_at = turn.at ? turn.at : clock_now(&real);
	job_end(job, ASK_REFUSED, arena_cstr(asker->arena, turn.why));
	return true;
}

/* False: it has to wait. */
static bool job_start(struct job *job)
{
	struct asker *asker = job->asker;

	if (!is_resolving(job) && !take_turn(job))
		return false;
	if (job->state == JOB_DONE)
		return true;
	job->state = JOB_RUNNING;
	job->started_ms = loop_now_ms(asker->loop);
	if (is_resolving(job))
		asker->resolving++;
	else
		asker->running++;
	if (job->question.kind == ASK_ADDRESSES)
		dns_addresses(asker->dns, job->question.text, resolver_answered, job);
	else if (job->question.kind == ASK_NAMES)
		dns_names(asker->dns, &job->question.address, resolver_answered, job);
	else if (job->question.kind == ASK_TEXTS)
		dns_texts(asker->dns, job->question.text, resolver_answered, job);
	else if (job->question.kind == ASK_EXCHANGES)
		dns_exchanges(asker->dns, job->question.text, resolver_answered, job);
	else
		route_find(&asker->routes, asker->dns, job->host, job->port,
			   endpoints_found, job);
	return true;
}

static bool may_start(const struct asker *asker, const struct job *job, int64_t now_ms)
{
	if (job->state != JOB_WAITING)
		return false;
	if (is_resolving(job))
		return asker->resolving < ASK_RESOLVING_MAX;
	return asker->running < ASK_RUNNING_MAX && now_ms >= job->again_ms;
}

/* Starting may end a job at once, which changes the list: begin anew each time. */
static bool start_one(struct asker *asker)
{
	int64_t now_ms = loop_now_ms(asker->loop);

	for (size_t i = 0; i < asker->open.count; i++)
		if (may_start(asker, asker->open.at[i], now_ms) &&
		    job_start(asker->open.at[i]))
			return true;
	return false;
}

static void end_waiting(struct asker *asker)
{
	for (size_t i = asker->open.count; i-- > 0;)
		if (asker->open.at[i]->state == JOB_WAITING)
			job_end(asker->open.at[i], ASK_STOPPED, "we were stopped");
}

static void start_all(struct asker *asker)
{
	if (asker->stopped)
		end_waiting(asker);
	while (start_one(asker))
		;
}

/* Wakes the loop when the first of those that wait may try again, and now and then for
 * who shows how far it is.                                                              */
static void set_alarm(struct asker *asker)
{
	int64_t now_ms = loop_now_ms(asker->loop), first_ms = now_ms + GLANCE_MS;

	for (size_t i = 0; i < asker->open.count; i++) {
		const struct job *job = asker->open.at[i];

		if (job->state == JOB_WAITING && job->again_ms > now_ms &&
		    job->again_ms < first_ms)
			first_ms = job->again_ms;
	}
	loop_timer_start(asker->wake, first_ms - now_ms);
}

void asker_start(struct asker *asker)
{
	struct slice server;
	int64_t until;

	start_all(asker);
	if (asker_waits(asker, &server, &until))
		set_alarm(asker);
}

bool asker_is_idle(const struct asker *asker)
{
	return asker->open.count == 0;
}

size_t asker_size_bytes(const struct asker *asker)
{
	return arena_size_bytes(asker->arena);
}

bool asker_turn(struct asker *asker)
{
	size_t ended = asker->ended;

	if (asker->open.count == 0)
		return false;
	start_all(asker);
	if (asker->ended == ended) {
		set_alarm(asker);
		loop_turn(asker->loop);
		loop_timer_stop(asker->wake);
	}
	start_all(asker);
	return true;
}

size_t asker_ended(const struct asker *asker)
{
	return asker->ended;
}

struct slice asker_problem(const struct asker *asker)
{
	return budgets_problem(asker->budgets);
}

bool asker_stopped(const struct asker *asker)
{
	return asker->stopped;
}

/* No question is begun any more; what is under way ends by itself. */
static void signal_came(void *context, int number)
{
	struct asker *asker = context;

	(void)number;
	asker->stopped = true;
	for (size_t i = 0; i < COUNT_OF(STOPPING); i++) {
		loop_signal_free(asker->signals[i]);
		asker->signals[i] = NULL;
	}
}

int asker_stop_on_signals(struct asker *asker, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(STOPPING); i++) {
		asker->signals[i] = loop_signal_new(asker->loop, STOPPING[i],
						    signal_came, asker, err);
		if (!asker->signals[i])
			return -1;
	}
	return 0;
}

void asker_forget(struct asker *asker)
{
	while (asker_turn(asker))
		;
	memset(asker->table, 0, sizeof asker->table);
	asker->open = (struct jobs){ 0 };
	arena_reset(asker->arena);
}

enum { KEY_MAX = 4 * URL_MAX };

/* Questions longer than the key are told apart by what fits; none is that long. */
static struct slice key_of(char text[KEY_MAX], const struct question *question)
{
	int len = snprintf(text, KEY_MAX, "%d " SLICE_FMT " %u " SLICE_FMT " %s",
			   (int)question->kind, SLICE_ARG(question->server),
			   question->port, SLICE_ARG(question->text),
			   address_format(&question->address).text);

	return slice_cut((struct slice){ text, (size_t)len }, 0, KEY_MAX - 1);
}

static struct job *job_new(struct asker *asker, const struct question *question,
			   struct slice key)
{
	struct arena *arena = asker->arena;
	struct job *job = ARENA_NEW(arena, struct job);
	struct error err;

	*job = (struct job){ .asker = asker,
			     .question = *question,
			     .key = arena_copy(arena, key),
			     .host = arena_copy(arena, question->server),
			     .port = question->port };
	job->question.server = job->host;
	job->question.text = arena_copy(arena, question->text);
	job->reply.server = job->host;
	*LIST_ADD(arena, &asker->open) = job;
	if (question->limit_ms <= 0)
		job_end(job, ASK_FAILED, "no time is left for it");
	else if ((question->kind == ASK_RDAP || question->kind == ASK_WEB) &&
		 url_take(job, question->server, &err) != 0)
		job_end(job, ASK_FAILED, err.text);
	return job;
}

const struct reply *ask(struct asker *asker, const struct question *question)
{
	char text[KEY_MAX];
	struct slice key = key_of(text, question);
	struct job **first = &asker->table[table_hash(key) % TABLE_SIZE], *job = *first;

	while (job && !slice_equal(job->key, key))
		job = job->next_same_hash;
	if (!job) {
		job = job_new(asker, question, key);
		job->next_same_hash = *first;
		*first = job;
	}
	return &job->reply;
}
