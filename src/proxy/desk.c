#include "proxy/desk.h"

#include "base/escape.h"
#include "proxy/absence.h"
#include "proxy/query.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct clock REAL = { 0 };

struct desk {
	struct desk_options options;
	struct proxy_rules rules;
	struct cache *cache;
	struct upstream *upstream;
	struct allowance *answers, *questions;
	struct absences *absences;
	struct arena *arena; /* of the question at hand */
	struct proxy_query query;
	struct desk_counts counts;
	struct desk_answer made; /* for those who wait */
};

static const char HELP[] =
	"% A caching WHOIS proxy (tipoff " TIPOFF_VERSION ").\r\n"
	"%\r\n"
	"% Ask one question a connection: an address, a range (CIDR or first - last), an\r\n"
	"% AS number, a domain, or a handle that names its registry (-RIPE, -AP, -ARIN,\r\n"
	"% -AFRINIC, -LACNIC, NET-..., nic-hdl-br: ...). The registry that has it is asked.\r\n"
	"%\r\n"
	"% -h SERVER TEXT or TEXT@SERVER sends TEXT as it is to a registry's server.\r\n"
	"% Flags of RIPE's software (-B -T inetnum ...) reach the servers that know them.\r\n"
	"% help, version, and from this machine stats, are about the proxy.\r\n"
	"%\r\n"
	"% \"% cache: hit\" says that the answer was kept, how old it is and whose it is.\r\n"
	"\r\n";

static_assert(sizeof HELP <= HEAD_MAX, "the help fits into a head");

static const void *result_made(void *context, const struct proxy_query *query,
			       const struct whois_result *result);

/* All are told; what is kept for longer they hold themselves. */
static void result_done(void *context, const void *answer)
{
	struct desk *desk = context;

	(void)answer;
	desk_let_go(desk, &desk->made);
}

struct desk *desk_new(const struct desk_options *options, struct error *err)
{
	const struct settings *settings = options->settings;
	struct desk *desk = calloc(1, sizeof *desk);

	if (!desk)
		abort();
	desk->options = *options;
	desk->rules = (struct proxy_rules){ settings->documentation_public,
					    &settings->whoisd_servers };
	desk->arena = arena_new();
	desk->absences = absences_new();
	desk->cache = cache_new((size_t)settings->whoisd_memory * 1024 * 1024);
	desk->answers = allowance_new(&(struct allowance_options){
		settings->whoisd_answers, settings->whoisd_answers });
	desk->questions = allowance_new(&(struct allowance_options){
		settings->whoisd_questions, settings->whoisd_questions });
	desk->upstream =
		upstream_new(&(struct upstream_options){ .settings = settings,
							 .clock = options->clock,
							 .loop = options->loop,
							 .db = options->db,
							 .made = result_made,
							 .done = result_done,
							 .context = desk },
			     err);
	if (desk->upstream)
		return desk;
	desk_free(desk);
	return NULL;
}

void desk_free(struct desk *desk)
{
	if (!desk)
		return;
	upstream_free(desk->upstream);
	allowance_free(desk->answers);
	allowance_free(desk->questions);
	absences_free(desk->absences);
	cache_free(desk->cache);
	arena_free(desk->arena);
	free(desk);
}

void desk_let_go(struct desk *desk, struct desk_answer *answer)
{
	if (answer->entry)
		cache_let_go(desk->cache, answer->entry);
	answer->entry = NULL;
}

void desk_renew_lists(struct desk *desk)
{
	upstream_renew_lists(desk->upstream);
}

bool desk_is_busy(const struct desk *desk)
{
	return upstream_is_busy(desk->upstream);
}

struct desk_counts desk_counts(const struct desk *desk)
{
	return desk->counts;
}

struct cache *desk_cache(struct desk *desk)
{
	return desk->cache;
}

static void remark(struct desk_answer *out, const char *text)
{
	out->entry = NULL;
	out->head_len = answer_remark_write(out->head, text);
}

/* --- what came from the registries ---------------------------------------------------------------- */

static int64_t fresh_for(const struct proxy_query *query,
			 const struct whois_result *result)
{
	if (result->ending != WHOIS_ANSWERED)
		return CACHE_NOTHING_US;
	return query->query.kind == WHOIS_DOMAIN ? CACHE_DOMAIN_US : CACHE_NUMBERS_US;
}

static bool is_own_range(const struct proxy_query *query)
{
	return query->query.kind == WHOIS_ADDRESS && query->query.flags.len == 0;
}

static struct cache_entry *keep(struct desk *desk, struct arena *arena,
				const struct proxy_query *query,
				const struct whois_result *result)
{
	struct cache_answer answer = {
		.key = query->key,
		.servers = answer_servers(arena, &result->parts),
		.asked = query->query.text,
		.asked_at = clock_now(desk->options.clock),
		.fresh_us = fresh_for(query, result),
	};
	struct cache_entry *entry;
	struct buffer text;

	if (result->has_range && is_own_range(query) &&
	    result->ending == WHOIS_ANSWERED) {
		answer.about = query->query.range.first;
		answer.range = result->range;
	}
	buffer_init(&text, ANSWER_MAX_BYTES);
	answer_text_write(&text, arena, &result->parts);
	answer.text = buffer_slice(&text);
	entry = cache_put(desk->cache, &answer);
	buffer_clear(&text);
	return entry;
}

/* Refused and failed answers are given to those who wait and kept for nobody. */
static bool may_keep(const struct whois_result *result)
{
	return result->ending == WHOIS_ANSWERED || result->ending == WHOIS_ABSENT ||
	       result->ending == WHOIS_PARTIAL;
}

static struct cache_entry *stale_entry(struct desk *desk,
				       const struct proxy_query *query, int64_t now)
{
	struct cache_entry *entry = cache_find(desk->cache, query->key);

	if (!entry && is_own_range(query))
		entry = cache_find_address(desk->cache, &query->query.range.first);
	if (!entry || now - entry->answer.asked_at >= CACHE_STALE_US)
		return NULL;
	return entry;
}

static void give_entry(struct desk *desk, const struct proxy_query *query,
		       struct cache_entry *entry, struct answer_head about,
		       struct desk_answer *out)
{
	about.age_us = clock_now(desk->options.clock) - entry->answer.asked_at;
	if (about.age_us < 0)
		about.age_us = 0;
	if (!slice_equal(entry->answer.key, query->key))
		about.asked = entry->answer.asked;
	out->entry = entry;
	out->head_len = answer_head_write(out->head, &entry->answer, &about);
}

static void count_ending(struct desk *desk, enum whois_ending ending)
{
	struct desk_counts *counts = &desk->counts;
	uint64_t *const counters[] = {
		[WHOIS_ANSWERED] = &counts->answered,
		[WHOIS_ABSENT] = &counts->absent,
		[WHOIS_PARTIAL] = &counts->partial,
		[WHOIS_REFUSED] = &counts->refused,
		[WHOIS_FAILED] = &counts->failed,
	};

	++*counters[ending];
}

static const void *result_made(void *context, const struct proxy_query *query,
			       const struct whois_result *result)
{
	struct desk *desk = context;
	struct desk_answer *out = &desk->made;
	struct arena *arena = arena_new();
	struct cache_entry *old =
		result->ending == WHOIS_ANSWERED || result->ending == WHOIS_ABSENT
			? NULL
			: stale_entry(desk, query, clock_now(desk->options.clock));
	struct slice problem;
	struct buffer escaped;

	count_ending(desk, result->ending);
	absence_note(desk->absences, result->silent, clock_now(&REAL));
	buffer_init(&escaped, HEAD_MAX);
	escape_terminal(&escaped, slice_cut(result->problem, 0, HEAD_MAX / 8));
	problem = buffer_slice(&escaped);
	if (old) {
		desk->counts.stale++;
		cache_hold(old);
		give_entry(desk, query, old,
			   (struct answer_head){ .source = FROM_STALE,
						 .problem = problem },
			   out);
	} else if (may_keep(result)) {
		give_entry(desk, query, keep(desk, arena, query, result),
			   (struct answer_head){ .source = FROM_SERVERS,
						 .problem = problem },
			   out);
	} else {
		remark(out, arena_cstr(arena, result->problem));
	}
	buffer_clear(&escaped);
	arena_free(arena);
	return out;
}

/* --- what is asked -------------------------------------------------------------------------------- */

static bool is_loopback(const struct address *client)
{
	static const uint8_t one[16] = { [15] = 1 };

	return client->family == FAMILY_IPV4
		       ? client->bytes[0] == 127
		       : memcmp(client->bytes, one, sizeof one) == 0;
}

static void stats_give(struct desk *desk, struct desk_answer *out)
{
	const struct desk_counts *c = &desk->counts;
	struct buffer text;

	buffer_init(&text, HEAD_MAX - 8);
	buffer_printf(&text,
		      "%% questions %" PRIu64 ", own %" PRIu64 ", wrong %" PRIu64
		      ", over the allowance %" PRIu64 ", too busy %" PRIu64 "\r\n"
		      "%% from the cache %" PRIu64 " (of these by range %" PRIu64
		      "), stale %" PRIu64 "\r\n"
		      "%% from registries %" PRIu64 ", waited with another %" PRIu64
		      "\r\n"
		      "%% answered %" PRIu64 ", absent %" PRIu64 ", partial %" PRIu64
		      ", refused %" PRIu64 ", failed %" PRIu64 "\r\n"
		      "%% cache: %zu answers, %zu KiB\r\n",
		      c->questions, c->own, c->errors, c->limited, c->busy, c->hits,
		      c->range_hits, c->stale, c->misses, c->joined, c->answered,
		      c->absent, c->partial, c->refused, c->failed,
		      cache_count(desk->cache), cache_size_bytes(desk->cache) / 1024);
	if (desk->options.stats)
		desk->options.stats(desk->options.context, &text);
	buffer_add(&text, S("\r\n"));
	out->entry = NULL;
	out->head_len = text.len;
	memcpy(out->head, text.at, text.len);
	buffer_clear(&text);
}

static void own_answer(struct desk *desk, enum proxy_verb verb,
		       const struct address *client, struct desk_answer *out)
{
	desk->counts.own++;
	out->entry = NULL;
	if (verb == PROXY_VERSION) {
		remark(out, "version " TIPOFF_VERSION);
	} else if (verb == PROXY_STATS && is_loopback(client)) {
		stats_give(desk, out);
	} else if (verb == PROXY_STATS) {
		remark(out, "stats are for this machine alone");
	} else {
		out->head_len = sizeof HELP - 1;
		memcpy(out->head, HELP, sizeof HELP - 1);
	}
}

/* Whatever is kept and fresh: under this very question, else about the range. */
static bool give_kept(struct desk *desk, const struct proxy_query *query, int64_t now,
		      struct desk_answer *out)
{
	struct cache_entry *entry = cache_find(desk->cache, query->key);

	if ((!entry || !cache_is_fresh(entry, now)) && is_own_range(query)) {
		entry = cache_find_address(desk->cache, &query->query.range.first);
		if (entry && cache_is_fresh(entry, now))
			desk->counts.range_hits++;
	}
	if (!entry || !cache_is_fresh(entry, now))
		return false;
	desk->counts.hits++;
	cache_hold(entry);
	give_entry(desk, query, entry, (struct answer_head){ .source = FROM_CACHE },
		   out);
	return true;
}

/* Of a server that was out of reach a moment ago what is kept is given, however old. */
static bool give_old(struct desk *desk, const struct proxy_query *query, int64_t now,
		     struct desk_answer *out)
{
	struct cache_entry *entry = stale_entry(desk, query, now);
	struct slice absent;

	if (!entry)
		return false;
	absent = absence_among(desk->absences, entry->answer.servers, clock_now(&REAL));
	if (absent.len == 0)
		return false;
	desk->counts.stale++;
	cache_hold(entry);
	give_entry(desk, query, entry,
		   (struct answer_head){
			   .source = FROM_STALE,
			   .problem = arena_printf(desk->arena,
						   SLICE_FMT
						   " gave no answer a moment ago",
						   SLICE_ARG(absent)) },
		   out);
	return true;
}

bool desk_wait(struct desk *desk, const struct address *client, struct waiter *waiter,
	       struct desk_answer *out)
{
	if (upstream_join(desk->upstream, &desk->query, waiter)) {
		desk->counts.joined++;
		return false;
	}
	if (!allowance_take(desk->questions, client, clock_now(desk->options.clock))) {
		desk->counts.limited++;
		remark(out, "you asked for too much that is not kept here; please "
			    "wait a minute");
		return true;
	}
	if (!upstream_ask(desk->upstream, &desk->query, waiter)) {
		desk->counts.busy++;
		remark(out, "too many questions are under way; please try again");
		return true;
	}
	desk->counts.misses++;
	return false;
}

static void special_answer(struct desk *desk, const struct whois_query *query,
			   struct desk_answer *out)
{
	char text[ERROR_TEXT_MAX];

	desk->counts.own++;
	snprintf(text, sizeof text, SLICE_FMT ": no registry has it: " SLICE_FMT,
		 SLICE_ARG(query->text), SLICE_ARG(query->special));
	remark(out, text);
}

bool desk_ask(struct desk *desk, struct slice line, const struct address *client,
	      struct desk_answer *out)
{
	struct proxy_query *query = &desk->query;
	int64_t now = clock_now(desk->options.clock);
	struct error err;

	desk->counts.questions++;
	if (!allowance_take(desk->answers, client, now)) {
		desk->counts.limited++;
		remark(out, "you asked too often; please wait a minute");
		return true;
	}
	arena_reset(desk->arena);
	if (proxy_query_parse(desk->arena, line, &desk->rules, query, &err) != 0) {
		desk->counts.errors++;
		remark(out, err.text);
	} else if (query->verb != PROXY_ASK) {
		own_answer(desk, query->verb, client, out);
	} else if (query->query.special.len) {
		special_answer(desk, &query->query, out);
	} else {
		return give_kept(desk, query, now, out) ||
		       give_old(desk, query, now, out);
	}
	return true;
}
