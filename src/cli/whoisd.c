/* tipoff whoisd: the caching WHOIS proxy, until SIGTERM. */
#include "cli/commands.h"
#include "cli/whoisd_lists.h"
#include "os/loop_signal.h"
#include "os/notify.h"
#include "proxy/listen.h"
#include "proxy/server.h"
#include "proxy/store.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/resource.h>

static const struct option OPTIONS[] = {
	{ "listen", 'l', OPTION_LIST, "ADDRESS:PORT",
	  "listen here (127.0.0.1:43), as often as wanted" },
	{ "summary-every", 0, OPTION_TEXT, "TIME",
	  "say what was asked so often (1 h); 0 is never" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

enum { SAVE_MS = 10000, PATIENCE_MS = 50, SPARE_DESCRIPTORS = 128 };

struct serving {
	struct run *run;
	struct loop *loop;
	struct db *db; /* of the budgets, and of the answers where those are kept */
	struct server *server;
	struct whoisd_lists *lists;
	struct loop_timer *save, *summary;
	struct desk_counts told;
	bool save_failed, stop, at_once;
};

/* --- what it says ------------------------------------------------------------------------------- */

static void summary_json(struct run *run, const struct desk_counts *c, int64_t at,
			 const struct cache *cache)
{
	const struct {
		const char *key;
		uint64_t value;
	} rows[] = {
		{ "questions", c->questions },  { "hits", c->hits },
		{ "stale", c->stale },          { "misses", c->misses },
		{ "joined", c->joined },        { "refused", c->refused },
		{ "failed", c->failed },        { "errors", c->errors },
		{ "limited", c->limited },      { "busy", c->busy },
		{ "kept", cache_count(cache) },
	};
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 4096);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "served");
	json_put_time(&writer, "time", at);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		json_put_int(&writer, rows[i].key, (int64_t)rows[i].value);
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

static struct desk_counts since(const struct desk_counts *now,
				const struct desk_counts *told)
{
	return (struct desk_counts){
		.questions = now->questions - told->questions,
		.hits = now->hits - told->hits,
		.stale = now->stale - told->stale,
		.misses = now->misses - told->misses,
		.joined = now->joined - told->joined,
		.refused = now->refused - told->refused,
		.failed = now->failed - told->failed,
		.errors = now->errors - told->errors,
		.limited = now->limited - told->limited,
		.busy = now->busy - told->busy,
	};
}

static void summary_text(struct run *run, const struct desk_counts *c, int64_t at,
			 const struct cache *cache)
{
	print_text(&run->out,
		   "%s: %" PRIu64 " question%s: %" PRIu64 " from the cache (%" PRIu64
		   " stale), %" PRIu64 " asked of registries (%" PRIu64
		   " refused, %" PRIu64 " failed), %" PRIu64 " wrong, %" PRIu64
		   " over the allowance; %zu answers kept\n",
		   time_format(at, TIME_MINUTE).text, c->questions,
		   c->questions == 1 ? "" : "s", c->hits + c->stale, c->stale,
		   c->misses, c->refused, c->failed, c->errors, c->limited + c->busy,
		   cache_count(cache));
}

static void summary_tell(struct serving *serving)
{
	struct desk *desk = server_desk(serving->server);
	struct desk_counts now = desk_counts(desk), new = since(&now, &serving->told);
	int64_t at = clock_now(&serving->run->clock);

	(serving->run->json ? summary_json : summary_text)(serving->run, &new, at,
							   desk_cache(desk));
	fflush(serving->run->out.file);
	serving->told = now;
}

static void summary_due(void *context)
{
	struct serving *serving = context;

	summary_tell(serving);
	loop_timer_start(serving->summary,
			 serving->run->settings.whoisd_summary_us / 1000);
}

/* --- what it keeps ------------------------------------------------------------------------------ */

static void save(struct serving *serving)
{
	const struct settings *settings = &serving->run->settings;
	struct error err;
	bool failed;

	if (!settings->whoisd_keep)
		return;
	failed = proxy_store_save(serving->db, desk_cache(server_desk(serving->server)),
				  (size_t)settings->whoisd_memory * 1024 * 1024,
				  clock_now(&serving->run->clock), &err) != 0;
	if (failed && err.kind != ERROR_RETRY && !serving->save_failed) {
		error_prepend(&err, "answers are not kept");
		command_problem(slice_of(err.text));
	}
	serving->save_failed = failed && err.kind != ERROR_RETRY;
}

static void save_due(void *context)
{
	struct serving *serving = context;

	save(serving);
	loop_timer_start(serving->save, SAVE_MS);
}

/* The store holds what may still be asked of each server, for every tipoff together, also
 * where no answers are kept; without any, both finders share what this process knows.  */
static int store_open(struct serving *serving, struct error *err)
{
	struct run *run = serving->run;
	struct slice path;

	if (run_store_path(run, &path, err) != 0)
		return -1;
	serving->db = db_open(path, &run->clock, err);
	if (!serving->db && !run->settings.whoisd_keep) {
		command_notice(run,
			       "what servers are asked is not shared with other "
			       "tipoffs: %s",
			       err->text);
		serving->db = db_open_memory(&run->clock, err);
	}
	if (!serving->db)
		return -1;
	db_patience(serving->db, PATIENCE_MS);
	return 0;
}

/* --- its life ----------------------------------------------------------------------------------- */

static void signal_came(void *context, int number)
{
	struct serving *serving = context;

	if (number == SIGUSR1) {
		summary_tell(serving);
		return;
	}
	if (number == SIGHUP) {
		whoisd_lists_look(serving->lists);
		return;
	}
	serving->at_once = serving->stop; /* the second time nobody waits */
	serving->stop = true;
}

/* Every client is a descriptor. */
static void descriptors_raise(struct run *run)
{
	rlim_t wanted = (rlim_t)run->settings.whoisd_connections + SPARE_DESCRIPTORS;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= wanted || limit.rlim_cur <= SPARE_DESCRIPTORS)
		return;
	run->settings.whoisd_connections =
		(int64_t)(limit.rlim_cur - SPARE_DESCRIPTORS);
	command_notice(run,
		       "the system allows %" PRIu64 " open files: at most %" PRId64
		       " connections at once",
		       (uint64_t)limit.rlim_cur, run->settings.whoisd_connections);
}

static void ready_tell(struct run *run, const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		command_notice(run, "answering WHOIS questions at " SLICE_FMT,
			       SLICE_ARG(listen_place(run->arena, fds[i])));
	notify(S("READY=1\nSTATUS=Answering WHOIS questions"));
}

/* Those who wait get their answers, unless it is told to stop again. */
static void serve(struct serving *serving)
{
	int64_t summary_us = serving->run->settings.whoisd_summary_us;

	loop_timer_start(serving->save, SAVE_MS);
	if (summary_us > 0)
		loop_timer_start(serving->summary, summary_us / 1000);
	while (!serving->stop)
		loop_turn(serving->loop);
	notify(S("STOPPING=1"));
	server_stop(serving->server);
	while (!serving->at_once && server_is_busy(serving->server))
		loop_turn(serving->loop);
	save(serving);
	if (summary_us > 0)
		summary_tell(serving);
}

static int serve_at(struct serving *serving, const int *fds, size_t count,
		    struct error *err)
{
	struct run *run = serving->run;
	struct server_options options = {
		.settings = &run->settings,
		.clock = &run->clock,
		.loop = serving->loop,
		.db = serving->db,
		.fds = fds,
		.count = count,
	};

	serving->lists = whoisd_lists_new(serving->loop, run);
	serving->server = server_new(&options, err);
	if (!serving->server)
		return -1;
	whoisd_lists_start(serving->lists, server_desk(serving->server));
	if (run->settings.whoisd_keep &&
	    proxy_store_load(serving->db, desk_cache(server_desk(serving->server)),
			     clock_now(&run->clock), err) != 0)
		return -1;
	ready_tell(run, fds, count);
	serve(serving);
	return 0;
}

static int serve_on_loop(struct serving *serving, struct error *err)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGUSR1, SIGHUP };
	struct loop_signal *signals[COUNT_OF(numbers)] = { NULL };
	int fds[LISTEN_MAX], result;
	size_t count = 0;

	result = listen_open(&serving->run->settings.whoisd_listen, fds, &count, err);
	for (size_t i = 0; result == 0 && i < COUNT_OF(numbers); i++) {
		signals[i] = loop_signal_new(serving->loop, numbers[i], signal_came,
					     serving, err);
		result = signals[i] ? 0 : -1;
	}
	serving->save = loop_timer_new(serving->loop, save_due, serving);
	serving->summary = loop_timer_new(serving->loop, summary_due, serving);
	if (result == 0)
		result = serve_at(serving, fds, count, err);
	whoisd_lists_free(serving->lists);
	server_free(serving->server);
	loop_timer_free(serving->save);
	loop_timer_free(serving->summary);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		loop_signal_free(signals[i]);
	return result;
}

static int options_take(struct run *run, struct error *err)
{
	if (run_given(run, "listen"))
		run->settings.whoisd_listen = run_list(run, "listen");
	if (!run_given(run, "summary-every"))
		return 0;
	return settings_override(
		run->arena, &run->settings,
		arena_printf(run->arena, "whoisd.summary-every=" SLICE_FMT,
			     SLICE_ARG(run_text(run, "summary-every"))),
		err);
}

/* A name that is none would let nobody be asked, and say nothing. */
static int servers_check(struct run *run, struct error *err)
{
	const struct slices *servers = &run->settings.whoisd_servers;

	for (size_t i = 0; i < servers->count; i++) {
		struct slice host;
		uint16_t port;

		if (whois_server_parse(servers->at[i], &host, &port, err) == 0)
			continue;
		err->kind = ERROR_CONFIG;
		error_prepend(err, "[whoisd] servers");
		return -1;
	}
	return 0;
}

static int whoisd_run(struct run *run)
{
	struct serving serving = { .run = run };
	int result = -1;

	if (run->offline)
		return command_usage(run, "whoisd asks servers: leave out --offline");
	if (options_take(run, &run->err) != 0 || servers_check(run, &run->err) != 0)
		return command_fail(run);
	descriptors_raise(run);
	if (store_open(&serving, &run->err) != 0)
		return command_fail(run);
	serving.loop = loop_new(&run->err);
	if (serving.loop)
		result = serve_on_loop(&serving, &run->err);
	loop_free(serving.loop);
	db_close(serving.db);
	if (result != 0 && run->err.kind == ERROR_CONFIG && !run_given(run, "listen"))
		(void)run_setting_wrong(run, &run->err);
	return result == 0 ? 0 : command_fail(run);
}

const struct command command_whoisd = {
	"whoisd",
	"",
	"a WHOIS server that asks the right registry and keeps the answers",
	"Answers WHOIS questions (port 43) from its cache, or asks the registry that has\n"
	"the address, range, AS number, domain or handle and follows its referrals, until\n"
	"SIGTERM or SIGINT. A first line says how old an answer is and who gave it. Only\n"
	"this machine may ask unless [whoisd] clients says otherwise.\n\n"
	"SIGUSR1, or the question 'stats', says what it did. It takes its sockets from\n"
	"systemd where that passes some, and tells it when it is ready.",
	OPTIONS,
	NEEDS_NO_ARGUMENT,
	whoisd_run,
};
