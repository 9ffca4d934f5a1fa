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

const char *certainty_name(enum certainty certainty)
{
	static const char *const names[] = { "unknown", "name", "datagram",
					     "connection" };

	return names[certainty];
}

const char *time_basis_name(enum time_basis basis)
{
	static const char *const names[] = { "full", "zone", "year", "previous" };

	return names[basis];
}

const char *protocol_name(enum protocol protocol)
{
	static const char *const names[] = { "", "tcp", "udp", "icmp", "sctp" };

	return names[protocol];
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
