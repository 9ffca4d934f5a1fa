/* event/rule_report.h - the [Report] section of a rule file, and its [Samples].
 *
 *   category     needed; a category's name ("login-attack", see event/event.h)
 *   service      needed; one word, letters digits and - ("ssh")
 *   port         22/tcp, /udp, /sctp; tcp, udp, sctp or icmp alone where the port is not
 *                known; default: neither is known
 *   handshake    yes: the source completed a handshake, so it is not forged; default no
 *   names        yes: the source may be logged as a name; default no
 *   outcome      attempt (default) or success: a login that worked
 *   act          no: what it matches is no hostile act in itself (a ban that another rule
 *                earned, a door knock): never an event; default yes
 *   description  one line for people
 * An unknown key or value is ERROR_SYNTAX with file, line and what is allowed.
 *
 *   match.N          a line that must match
 *   match.N.source   what it must give; likewise .time and .user
 *   never.N          a line that must not match
 * N is a number; samples come out in the order of the file. Text is verbatim.          */
#ifndef EVENT_RULE_REPORT_H
#define EVENT_RULE_REPORT_H

#include "conf/ini.h"
#include "event/filter.h"

/* What [Report] says beside the report itself. */
struct rule_marks {
	bool source_may_be_name; /* names = yes */
	bool no_act; /* act = no */
};

/* Fills all of *report but name and path; both are untouched on failure. */
MUST_CHECK int rule_report_read(const struct ini_section *section,
				struct rule_report *report, struct rule_marks *marks,
				struct error *err);

MUST_CHECK int rule_samples_read(struct arena *arena, const struct ini_section *section,
				 struct filter_samples *out, struct error *err);

#endif
