/* The raw answers, server after server. */
#include "contact/whois.h"

#include "contact/look_up.h"
#include "contact/signs.h"

/* Wider ranges are whole registries': an answer about one says little of a neighbour. */
enum { WIDEST_IPV4 = 8, WIDEST_IPV6 = 16 };

struct whois_question {
	struct look_up look_up;
	struct contact_answer answer;
	struct whois_query query;
	bool whole; /* of a domain's chain: every server answered */
};

static enum subject subject_of(enum whois_kind kind)
{
	static const enum subject subjects[] = {
		[WHOIS_RAW] = SUBJECT_NONE,      [WHOIS_ADDRESS] = SUBJECT_ADDRESS,
		[WHOIS_RANGE] = SUBJECT_ADDRESS, [WHOIS_NUMBER] = SUBJECT_NUMBER,
		[WHOIS_DOMAIN] = SUBJECT_NAME,   [WHOIS_HANDLE] = SUBJECT_HANDLE,
	};

	return subjects[kind];
}

struct whois_question *whois_begin(struct finder *finder, struct arena *arena,
				   const struct whois_query *query)
{
	struct whois_question *question = ARENA_NEW(arena, struct whois_question);

	question->query = *query;
	question->query.text = arena_copy(arena, query->text);
	question->query.host = arena_copy(arena, query->host);
	question->whole = true;
	question->answer.query = question->query.text;
	question->look_up = (struct look_up){
		.finder = finder,
		.arena = arena,
		.answer = &question->answer,
		.subject = subject_of(query->kind),
		.about = query->range.first,
		.number = query->number,
		.name = question->query.text,
		.top_level = query->top_level,
		.flags = arena_copy(arena, query->flags),
		.whois_only = true,
	};
	if (query->kind == WHOIS_RANGE)
		question->look_up.range = query->range;
	return question;
}

static struct hop first_hop(struct whois_question *question)
{
	struct look_up *look_up = &question->look_up;
	const struct bootstrap *bootstrap = &look_up->finder->bootstrap;

	if (question->query.kind == WHOIS_NUMBER)
		return whois_first(look_up, registry_of_host(bootstrap_for_number(
						    bootstrap, look_up->number)));
	if (question->query.kind == WHOIS_HANDLE)
		return whois_first(look_up, registry_of_host(question->query.host));
	return whois_first(look_up, registry_of_host(bootstrap_for_address(
					    bootstrap, &look_up->about)));
}

/* The line as it is, to the server that was named. */
static bool advance_raw(struct whois_question *question)
{
	const struct whois_query *query = &question->query;
	struct hop hop = { .host = query->host,
			   .port = query->port,
			   .rwhois = query->port == RWHOIS_PORT,
			   .query = query->text };
	const struct reply *reply = look_up_ask_hop(&question->look_up, &hop);
	struct heard *heard;

	if (reply->outcome == ASK_PENDING)
		return false;
	if (reply->outcome != ASK_ANSWERED) {
		network_failed(&question->look_up, reply);
		return true;
	}
	heard = look_up_heard(&question->look_up, reply);
	if (!heard->reading) {
		heard->reading = ARENA_NEW(question->look_up.arena, struct reading);
		heard->reading->state = signs_of(question->look_up.arena, reply->text,
						 &heard->reading->note);
		look_up_judge(&question->look_up, &hop, heard->reading);
	}
	return true;
}

bool whois_advance(struct whois_question *question)
{
	struct look_up *look_up = &question->look_up;
	struct finding unused = { 0 };

	look_up->readings.count = 0;
	if (question->query.kind == WHOIS_RAW)
		return advance_raw(question);
	if (question->query.kind == WHOIS_DOMAIN || look_up->top_level.len)
		return domain_chain(look_up, look_up->name, &unused, &question->whole);
	return whois_chain(look_up, first_hop(question));
}

static void collect(const struct look_up *look_up, struct whois_parts *out)
{
	for (size_t i = 0; i < look_up->heard.count; i++) {
		const struct heard *heard = &look_up->heard.at[i];
		const struct reply *reply = heard->reply;

		if (reply->text.len)
			*LIST_ADD(look_up->arena, out) = (struct whois_part){
				heard->label, arena_copy(look_up->arena, reply->text),
				reply->truncated
			};
	}
}

static bool has_refusal(const struct look_up *look_up)
{
	for (size_t i = 0; i < look_up->heard.count; i++) {
		const struct heard *heard = &look_up->heard.at[i];

		if (heard->reply->outcome == ASK_REFUSED ||
		    (heard->reading && heard->reading->state == READING_REFUSED))
			return true;
	}
	return false;
}

/* The last server that was heard is the one that should know. */
static bool says_nothing(const struct look_up *look_up)
{
	const struct heard *last;

	if (look_up->heard.count == 0)
		return false;
	last = &look_up->heard.at[look_up->heard.count - 1];
	return last->reading && last->reading->state == READING_NOTHING;
}

static bool has_cut(const struct whois_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		if (parts->at[i].truncated)
			return true;
	return false;
}

static enum whois_ending ending_of(const struct whois_question *question,
				   const struct whois_parts *parts)
{
	const struct look_up *look_up = &question->look_up;

	if (has_refusal(look_up))
		return WHOIS_REFUSED;
	if (parts->count == 0)
		return WHOIS_FAILED;
	if (look_up->incomplete || !question->whole || has_cut(parts))
		return WHOIS_PARTIAL;
	return says_nothing(look_up) ? WHOIS_ABSENT : WHOIS_ANSWERED;
}

/* The narrowest range that an answer names and that holds the address (S23, S28). */
static void find_range(const struct look_up *look_up, struct whois_result *out)
{
	const struct address *about = &look_up->about;
	struct range widest;

	if (look_up->subject != SUBJECT_ADDRESS ||
	    look_up->range.first.family != FAMILY_NONE)
		return;
	widest = range_of_prefix(about, about->family == FAMILY_IPV4 ? WIDEST_IPV4
								     : WIDEST_IPV6);
	for (size_t i = 0; i < look_up->readings.count; i++) {
		const struct reading *reading = look_up->readings.at[i];
		const struct range *range = &reading->network.range;

		if (!reading->has_network || !range_contains(range, about) ||
		    !range_covers(&widest, range) ||
		    (out->has_range && !range_covers(&out->range, range)))
			continue;
		out->has_range = true;
		out->range = *range;
	}
}

static struct slice silent_server(const struct look_up *look_up)
{
	for (size_t i = 0; i < look_up->heard.count; i++)
		if (look_up->heard.at[i].reply->outcome == ASK_FAILED)
			return look_up->heard.at[i].label;
	return (struct slice){ NULL, 0 };
}

void whois_end(struct whois_question *question, struct whois_result *out)
{
	const struct slices *problems = &question->answer.problems;

	*out = (struct whois_result){ .ending = WHOIS_FAILED };
	collect(&question->look_up, &out->parts);
	out->ending = ending_of(question, &out->parts);
	find_range(&question->look_up, out);
	out->silent = silent_server(&question->look_up);
	if (out->ending == WHOIS_ANSWERED || out->ending == WHOIS_ABSENT)
		return;
	out->problem =
		problems->count ? problems->at[0] : S("no server gave an answer");
}

void whois_start(struct finder *finder)
{
	asker_start(finder->asker);
}

bool whois_is_idle(const struct finder *finder)
{
	return asker_is_idle(finder->asker);
}

size_t whois_size_bytes(const struct finder *finder)
{
	return asker_size_bytes(finder->asker);
}

void whois_forget(struct finder *finder)
{
	asker_forget(finder->asker);
}

/* What is to be asked: of the right servers, or as it is of the one that is named. */
static int query_make(const struct finder *finder, struct arena *arena,
		      struct slice text, struct slice server, struct whois_query *out,
		      struct error *err)
{
	if (server.len == 0)
		return whois_query_parse(
			arena, text, finder->settings->documentation_public, out, err);
	if (whois_line_check(text, err) != 0)
		return -1;
	*out = (struct whois_query){ .kind = WHOIS_RAW, .text = text };
	return whois_server_parse(server, &out->host, &out->port, err);
}

int finder_whois(struct finder *finder, struct arena *arena, struct slice query,
		 struct slice server, struct whois_result *out, struct error *err)
{
	struct whois_question *question;
	struct whois_query asked;
	struct whois_result result;

	if (query_make(finder, arena, query, server, &asked, err) != 0)
		return -1;
	if (asked.special.len)
		return error_set(err, ERROR_REFUSED, "no registry has it: " SLICE_FMT,
				 SLICE_ARG(asked.special));
	question = whois_begin(finder, arena, &asked);
	while (!whois_advance(question))
		asker_turn(finder->asker);
	whois_end(question, &result);
	asker_forget(finder->asker);
	if (result.parts.count == 0)
		return error_set(err, ERROR_RETRY, SLICE_FMT,
				 SLICE_ARG(result.problem));
	*out = result;
	return 0;
}
