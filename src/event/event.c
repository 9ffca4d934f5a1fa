#include "event/event.h"

#include <stddef.h>

static const char *const CATEGORIES[CATEGORY_COUNT] = {
	[CATEGORY_BACKSCATTER] = "backscatter",
	[CATEGORY_PROBE] = "probe",
	[CATEGORY_SCAN] = "scan",
	[CATEGORY_SWEEP] = "sweep",
	[CATEGORY_DOS] = "dos",
	[CATEGORY_MAIL_ABUSE] = "mail-abuse",
	[CATEGORY_LOGIN_ATTACK] = "login-attack",
	[CATEGORY_EXPLOIT_ATTEMPT] = "exploit-attempt",
	[CATEGORY_COMPROMISE] = "compromise",
};

const char *category_name(enum category category)
{
	return CATEGORIES[category];
}

int category_parse(struct slice name, enum category *out)
{
	for (size_t i = 0; i < COUNT_OF(CATEGORIES); i++) {
		if (slice_equal(name, slice_of(CATEGORIES[i]))) {
			*out = (enum category)i;
			return 0;
		}
	}
	return -1;
}

static const char *const CERTAINTIES[] = { "unknown", "name", "datagram",
					   "connection" };
static const char *const BASES[] = { "full", "zone", "year", "previous" };
static const char *const OUTCOMES[OUTCOME_COUNT] = { "attempt", "success", "blocked",
						     "unblocked", "summary" };

/* The place of a name among others; `count` where it is none of them. */
static size_t place_of(struct slice name, const char *const *names, size_t count)
{
	size_t i = 0;

	while (i < count && !slice_equal(name, slice_of(names[i])))
		i++;
	return i;
}

const char *outcome_name(enum outcome outcome)
{
	return OUTCOMES[outcome];
}

int outcome_parse(struct slice name, enum outcome *out)
{
	size_t place = place_of(name, OUTCOMES, COUNT_OF(OUTCOMES));

	if (place == COUNT_OF(OUTCOMES))
		return -1;
	*out = (enum outcome)place;
	return 0;
}

const char *certainty_name(enum certainty certainty)
{
	return CERTAINTIES[certainty];
}

int certainty_parse(struct slice name, enum certainty *out)
{
	size_t place = place_of(name, CERTAINTIES, COUNT_OF(CERTAINTIES));

	if (place == COUNT_OF(CERTAINTIES))
		return -1;
	*out = (enum certainty)place;
	return 0;
}

const char *time_basis_name(enum time_basis basis)
{
	return BASES[basis];
}

int time_basis_parse(struct slice name, enum time_basis *out)
{
	size_t place = place_of(name, BASES, COUNT_OF(BASES));

	if (place == COUNT_OF(BASES))
		return -1;
	*out = (enum time_basis)place;
	return 0;
}

const char *protocol_name(enum protocol protocol)
{
	static const char *const names[] = { "", "tcp", "udp", "icmp", "sctp" };

	return names[protocol];
}

enum protocol protocol_parse(struct slice text)
{
	static const struct {
		const char *name;
		enum protocol protocol;
	} rows[] = {
		{ "tcp", PROTOCOL_TCP },     { "6", PROTOCOL_TCP },
		{ "udp", PROTOCOL_UDP },     { "17", PROTOCOL_UDP },
		{ "icmp", PROTOCOL_ICMP },   { "1", PROTOCOL_ICMP },
		{ "icmpv6", PROTOCOL_ICMP }, { "ipv6-icmp", PROTOCOL_ICMP },
		{ "58", PROTOCOL_ICMP },     { "sctp", PROTOCOL_SCTP },
		{ "132", PROTOCOL_SCTP },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (slice_equal_nocase(text, slice_of(rows[i].name)))
			return rows[i].protocol;
	}
	return PROTOCOL_NONE;
}

bool event_is_block(const struct event *event)
{
	return event->outcome == OUTCOME_BLOCKED || event->outcome == OUTCOME_UNBLOCKED;
}

const char *doubt_words(enum doubt doubt)
{
	static const char *const words[] = {
		[DOUBT_NONE] = "",
		[DOUBT_WRITER] = "a line of syslog in the log of another program",
		[DOUBT_CUT] = "the line before it is cut off within quotes",
		[DOUBT_ORDER] =
			"another host than in all lines before, and out of time",
	};

	return words[doubt];
}
