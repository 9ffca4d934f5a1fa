/* finder_whois(): the raw answers, server after server. */
#include "contact/look_up.h"

enum { LINE_MAX_BYTES = 255 };

/* One line without anything that a terminal, a server or a log could take for more. */
static int line_check(struct slice query, struct error *err)
{
	if (query.len == 0 || query.len > LINE_MAX_BYTES)
		return error_set(err, ERROR_SYNTAX,
				 "a query has 1 to %d characters, this one %zu",
				 LINE_MAX_BYTES, query.len);
	for (size_t i = 0; i < query.len; i++)
		if ((unsigned char)query.at[i] < ' ' || query.at[i] == 0x7f)
			return error_set(err, ERROR_SYNTAX,
					 "a query is one line without control "
					 "characters");
	return 0;
}

/* "host", "host:port", "[address]:port" */
static int server_parse(struct slice text, struct hop *out, struct error *err)
{
	ptrdiff_t colon = slice_find_last_byte(text, ':');
	struct slice host = text;
	uint64_t port = WHOIS_PORT;
	struct address address;

	if (colon >= 0 && address_parse(text, &address) != 0) {
		host = slice_cut(text, 0, (size_t)colon);
		if (slice_to_u64(slice_from(text, (size_t)colon + 1), UINT16_MAX,
				 &port) != 0 ||
		    port == 0)
			return error_set(err, ERROR_SYNTAX,
					 "'" SLICE_FMT "' is no server; write HOST or "
					 "HOST:PORT",
					 SLICE_ARG(text));
	}
	if (slice_starts(host, S("[")) && slice_ends(host, S("]")))
		host = slice_cut(host, 1, host.len - 1);
	if (!host_name_valid(host) && address_parse(host, &address) != 0)
		return error_set(err, ERROR_SYNTAX,
				 "'" SLICE_FMT
				 "' is no server; write HOST or HOST:PORT",
				 SLICE_ARG(text));
	out->host = host;
	out->port = (uint16_t)port;
	out->rwhois = port == RWHOIS_PORT;
	return 0;
}

static const struct registry *registry_of(const struct look_up *look_up)
{
	const struct bootstrap *bootstrap = &look_up->finder->bootstrap;

	if (look_up->subject == SUBJECT_HANDLE)
		return server_of_handle(look_up->name);
	if (look_up->subject == SUBJECT_NUMBER)
		return registry_of_host(
			bootstrap_for_number(bootstrap, look_up->number));
	return registry_of_host(bootstrap_for_address(bootstrap, &look_up->about));
}

/* Names are asked as domains, everything else goes to the registry that has it. */
static bool advance(struct look_up *look_up, const struct hop *given)
{
	struct finding unused = { 0 };
	struct slice domain;
	bool whole;

	look_up->readings.count = 0;
	if (given->host.len) {
		const struct reply *reply = look_up_ask_hop(look_up, given);

		if (reply->outcome != ASK_PENDING && reply->outcome != ASK_ANSWERED)
			look_up_failed(look_up, reply);
		return reply->outcome != ASK_PENDING;
	}
	if (look_up->subject != SUBJECT_NAME)
		return whois_chain(look_up, whois_first(look_up, registry_of(look_up)));
	domain = registered_domain(look_up->arena, look_up->name);
	return domain_chain(look_up, domain.len ? domain : look_up->name, &unused,
			    &whole);
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

static int problems_to_error(const struct contact_answer *answer, struct error *err)
{
	if (answer->problems.count == 0)
		return error_set(err, ERROR_NOT_FOUND, "no server gave an answer");
	return error_set(err, ERROR_RETRY, SLICE_FMT,
			 SLICE_ARG(answer->problems.at[0]));
}

static int check_subject(const struct look_up *look_up, const struct hop *hop,
			 struct error *err)
{
	const struct contact_answer *answer = look_up->answer;

	if (hop->host.len)
		return 0;
	if (look_up->subject == SUBJECT_NONE)
		return error_set(err, ERROR_SYNTAX,
				 "this is no address, name, AS number or handle of a "
				 "registry; name a server (-h SERVER) to send it as it "
				 "is");
	if (answer->special.len)
		return error_set(err, ERROR_REFUSED, "no registry has it: " SLICE_FMT,
				 SLICE_ARG(answer->special));
	return 0;
}

int finder_whois(struct finder *finder, struct arena *arena, struct slice query,
		 struct slice server, struct whois_parts *out, struct error *err)
{
	struct contact_answer answer;
	struct look_up look_up;
	struct hop hop = { .query = query };
	struct whois_parts parts = { 0 };

	if (line_check(query, err) != 0)
		return -1;
	if (server.len && server_parse(server, &hop, err) != 0)
		return -1;
	look_up_init(&look_up, finder, arena, query, &answer);
	look_up.whois_only = true;
	if (check_subject(&look_up, &hop, err) != 0)
		return -1;
	while (!advance(&look_up, &hop))
		asker_turn(finder->asker);
	collect(&look_up, &parts);
	asker_forget(finder->asker);
	if (parts.count == 0)
		return problems_to_error(&answer, err);
	*out = parts;
	return 0;
}
