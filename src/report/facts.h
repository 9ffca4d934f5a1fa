/* report/facts.h - what a report may say of one source: its incidents taken together.
 *
 * All texts are escaped for a mail body already (text_clean) and short; what a sensor
 * hides is hidden here.                                                               */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include "report/report.h"

struct evidence_lines; /* report/evidence.c */

struct facts {
	const struct report_source *given;
	const struct settings *settings;
	const struct incident *lead; /* of the highest category                    */
	uint64_t count, successes;
	int64_t first, last, success_at; /* success_at 0: none                      */
	bool logged_in; /* a login worked before its failures, which is no entry   */
	enum certainty certainty; /* of the least sure incident                     */
	struct facts_acts {
		struct incident *at; /* all of one category as one, highest first */
		size_t count, room;
	} acts;
	struct tally lists[LIST_COUNT];
	struct incident_targets targets;

	struct address address; /* to name: one full address; family 0: none        */
	struct slice source; /* its text, or the name it was logged under        */
	struct slice prefix; /* "2001:db8:1:2::/64"; empty for IPv4 and names    */
	struct slice name; /* logged or forward-confirmed; empty: none         */
	bool is_logged_name; /* the log has the name, not the address            */
	bool is_sum; /* of several sources (report/sum.h)                   */
	bool refused; /* of a sum: each line held says itself that the attempt was
	                 turned away; so many were looked at                     */
	size_t lines;
	struct slice service; /* label of the service most hit: "SSH"             */
	struct evidence_lines *evidence; /* what report/evidence.c made of its lines */
};
void facts_gather(struct arena *arena, const struct settings *settings,
		  const struct report_source *given, struct facts *out);

/* The one counted most; NULL where there is none. */
const struct tally_item *facts_top(const struct tally *tally);

/* Adds a source to the sum of several, which is told by `is_sum` and borrows nothing. */
void facts_join(struct arena *arena, struct facts *sum, const struct facts *one);
/* May this address of ours be shown: public, or documentation where that counts. */
bool facts_may_show(const struct settings *settings, const struct address *address);

/* Gaps: the public address of a host that was hit; the zone of lines that carry none. */
bool facts_target_unknown(const struct facts *facts);
bool facts_zone_guessed(const struct facts *facts);

/* The values of the memo's first lines. */
struct slice facts_source(struct arena *arena, const struct facts *facts);
/* ", ports 40112 to 59870"; empty where the log names none. */
struct slice facts_source_ports(struct arena *arena, const struct facts *facts);
struct slice facts_network(struct arena *arena, const struct facts *facts);
struct slice facts_what(struct arena *arena, const struct facts *facts);
struct slice facts_target(struct arena *arena, const struct facts *facts);
struct slice facts_compromise(struct arena *arena, const struct facts *facts);
struct slice facts_now(struct arena *arena, const struct facts *facts, int64_t now);
/* How the machine hit is called in a sentence: "web1", "3 machines". */
struct slice facts_machine(struct arena *arena, const struct facts *facts);
/* "22/tcp", "22/tcp and 80/tcp", "64 ports"; empty where unknown. */
struct slice facts_ports(struct arena *arena, const struct facts *facts);

#endif
