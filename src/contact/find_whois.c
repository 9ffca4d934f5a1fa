/* WHOIS and RWhois from server to server (contacts.md 2.11), at most HOPS_MAX of them. */
#include "contact/look_up.h"

struct chain {
	struct hop hops[HOPS_MAX];
	size_t count;
};

/* Servers of RIPE's software take ranges, and flags before the question; RIPE's own is
 * told -r all the same.                                                                */
static struct slice flagged_query(struct look_up *look_up, const struct registry *to)
{
	bool is_ripe = slice_equal(slice_of(to->name), S("ripe"));
	const char *ration = is_ripe ? "-r " : "";
	struct slice about = look_up->name;
	struct arena *arena = look_up->arena;

	if (look_up->subject == SUBJECT_NUMBER)
		about = arena_printf(arena, "AS%u", look_up->number);
	else if (look_up->range.first.family != FAMILY_NONE)
		about = arena_printf(arena, "%s", range_format(&look_up->range).text);
	else if (look_up->subject == SUBJECT_ADDRESS)
		about = arena_printf(arena, "%s", address_format(&look_up->about).text);
	return arena_printf(look_up->arena, "%s" SLICE_FMT "%s" SLICE_FMT, ration,
			    SLICE_ARG(look_up->flags), look_up->flags.len ? " " : "",
			    SLICE_ARG(about));
}

static struct hop hop_to(struct look_up *look_up, struct slice host)
{
	struct hop hop = { .host = host, .port = WHOIS_PORT };
	const struct registry *registry = registry_of_host(host);
	bool is_special =
		look_up->flags.len || look_up->range.first.family != FAMILY_NONE;

	if (is_special && registry_takes_flags(registry))
		hop.query = flagged_query(look_up, registry);
	else if (look_up->subject == SUBJECT_NUMBER)
		hop.query = server_number_query(look_up->arena, host, look_up->number);
	else if (look_up->subject == SUBJECT_HANDLE)
		hop.query = look_up->name;
	else
		hop.query = server_address_query(look_up->arena, host, &look_up->about);
	return hop;
}

struct hop whois_first(struct look_up *look_up, const struct registry *registry)
{
	return hop_to(look_up, registry && registry->whois ? slice_of(registry->whois)
							   : S("whois.iana.org"));
}

static bool is_visited(const struct chain *chain, const struct hop *hop)
{
	for (size_t i = 0; i < chain->count; i++)
		if (slice_equal_nocase(chain->hops[i].host, hop->host) &&
		    chain->hops[i].port == hop->port &&
		    slice_equal(chain->hops[i].query, hop->query))
			return true;
	return false;
}

/* IANA only says who has it; the people it names are the registries' own. */
static void read_iana(struct look_up *look_up, const struct hop *hop,
		      const struct reply *reply, struct reading *out)
{
	struct reading reading;

	whois_domain_read(look_up->arena, hop->host, reply->text, hop->query,
			  reply->asked_at, &reading);
	*out = (struct reading){ .state = reading.state,
				 .has_referral = reading.has_referral,
				 .referral = reading.referral,
				 .note = reading.note };
	if (reading.state == READING_ANSWER)
		out->state = READING_ELSEWHERE;
}

static bool is_of(const struct hop *hop, const char *name)
{
	const struct registry *registry = registry_of_host(hop->host);

	return registry && slice_equal(slice_of(registry->name), slice_of(name));
}

static struct reading *read_hop(struct look_up *look_up, const struct hop *hop,
				const struct reply *reply)
{
	struct heard *heard = look_up_heard(look_up, reply);
	struct arena *arena = look_up->arena;

	if (heard->reading)
		return heard->reading;
	heard->reading = ARENA_NEW(arena, struct reading);
	if (is_of(hop, "iana"))
		read_iana(look_up, hop, reply, heard->reading);
	else if (hop->rwhois)
		rwhois_read(arena, heard->label, reply->text, &look_up->about,
			    reply->asked_at, heard->reading);
	else
		whois_read(arena, heard->label, reply->text, &look_up->about,
			   reply->asked_at, heard->reading);
	look_up_judge(look_up, hop, heard->reading);
	if (reply->truncated)
		look_up_note(look_up,
			     SLICE_FMT " sent more than we read; its answer was cut",
			     SLICE_ARG(hop->host));
	return heard->reading;
}

static bool follow_referral(struct look_up *look_up, const struct hop *from,
			    const struct referral *referral, struct hop *next)
{
	const char *refusal = server_referral_refusal(from->host, referral);

	if (refusal) {
		look_up_note(look_up,
			     "the referral of " SLICE_FMT " to " SLICE_FMT
			     " was not followed: %s",
			     SLICE_ARG(from->host), SLICE_ARG(referral->host), refusal);
		return false;
	}
	*next = hop_to(look_up, referral->host);
	next->port = referral->port;
	next->rwhois = referral->rwhois;
	return true;
}

static bool follow_hint(struct look_up *look_up, struct slice hint, struct hop *next)
{
	const struct registry *registry = registry_named(hint);

	if (!registry || !registry->whois)
		return false;
	*next = hop_to(look_up, slice_of(registry->whois));
	return true;
}

/* The record behind a handle that the same server has; false: ask RDAP for it. */
static bool handle_hop(struct look_up *look_up, const struct hop *from,
		       struct slice handle, struct hop *next)
{
	struct hop hop = *from;

	if (is_of(from, "jpnic"))
		hop.query =
			arena_printf(look_up->arena, SLICE_FMT "/e", SLICE_ARG(handle));
	else if (is_of(from, "arin") && slice_starts_nocase(handle, S("NET")))
		hop.query = arena_printf(look_up->arena, "n + ! " SLICE_FMT,
					 SLICE_ARG(handle));
	else
		return false;
	*next = hop;
	return true;
}

/* Where the answer says to go on; false: it is the last. */
static bool next_hop(struct look_up *look_up, const struct hop *from,
		     const struct reading *reading, struct hop *next)
{
	if (reading->has_referral &&
	    follow_referral(look_up, from, &reading->referral, next))
		return true;
	if (reading->handle_query.len &&
	    handle_hop(look_up, from, reading->handle_query, next))
		return true;
	if (reading->registry_hint.len &&
	    follow_hint(look_up, reading->registry_hint, next))
		return true;
	if (reading->state != READING_ELSEWHERE)
		return false;
	*next = hop_to(look_up, S("whois.iana.org"));
	return true;
}

static void take_reading(struct look_up *look_up, struct reading *reading)
{
	if (reading->state == READING_ANSWER)
		*LIST_ADD(look_up->arena, &look_up->readings) = reading;
}

static void refused(struct look_up *look_up, const struct hop *hop,
		    const struct reading *reading)
{
	look_up->incomplete = true;
	look_up_note(look_up, SLICE_FMT " refused to answer: " SLICE_FMT,
		     SLICE_ARG(hop->host), SLICE_ARG(reading->note));
}

/* A contact named by its handle alone: RDAP has the record behind it, where nothing said
 * so far is of use. False: pending.                                                      */
static bool handle_part(struct look_up *look_up, const struct hop *hop,
			const struct reading *reading)
{
	struct hop unused;

	if (reading->handle_query.len == 0 || look_up->whois_only ||
	    handle_hop(look_up, hop, reading->handle_query, &unused) ||
	    contacts_usable(look_up, &reading->contacts, NULL))
		return true;
	return entity_part(look_up, registry_of_host(hop->host), reading->handle_query);
}

bool whois_chain(struct look_up *look_up, struct hop hop)
{
	struct chain chain = { .count = 0 };

	for (;;) {
		const struct reply *reply = look_up_ask_hop(look_up, &hop);
		struct reading *reading;
		struct hop next;

		if (reply->outcome == ASK_PENDING)
			return false;
		if (reply->outcome != ASK_ANSWERED) {
			network_failed(look_up, reply);
			return true;
		}
		reading = read_hop(look_up, &hop, reply);
		if (reading->state == READING_REFUSED) {
			refused(look_up, &hop, reading);
			return true;
		}
		take_reading(look_up, reading);
		if (!handle_part(look_up, &hop, reading))
			return false;
		chain.hops[chain.count++] = hop;
		if (!next_hop(look_up, &hop, reading, &next))
			return true;
		if (is_visited(&chain, &next))
			return true;
		if (chain.count == HOPS_MAX) {
			look_up_note(look_up,
				     "stopped after %d servers: each named "
				     "another one",
				     HOPS_MAX);
			return true;
		}
		hop = next;
	}
}
