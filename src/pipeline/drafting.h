/* pipeline/drafting.h - one run of draft under way; private to draft, judge, look, place and
 * revise.
 *
 * Incidents are read one by one into `scratch`, which the next one empties; of the run only
 * what does not grow with them stays in memory. Their names and the number of each one's
 * answer are in the connection's temporary file (incident/roll.h, contact/answers.h).    */
#ifndef PIPELINE_DRAFTING_H
#define PIPELINE_DRAFTING_H

#include "case/store.h"
#include "contact/answers.h"
#include "pipeline/draft.h"

/* Sources of a network that did more than a lone knock. */
struct network_count {
	struct range range;
	struct address last; /* the source counted last: they come in order */
	uint32_t sources;
	int64_t since;
};
struct network_counts {
	struct network_count *at;
	size_t count, room;
	uint32_t *of_part; /* by the number of an answer's part: place + 1; 0: none */
};

struct drafting {
	const struct draft *draft;
	struct arena *arena, *scratch;
	struct network_counts networks;
	struct draft_result *result;
};

/* judge.c */

/* Reads one and judges it, if no sent or closed case holds it; history may lift a hold.
 * 1; 0: it has another name by now, so the next run sees to it.                          */
MUST_CHECK int incident_judged(const struct drafting *drafting, size_t place,
			       struct drafted_incident *out, struct error *err);
/* A source that did more than a lone knock, may not be forged, and is none of our users'. */
bool is_active(const struct draft *draft, const struct drafted_incident *one);
/* Lifts a hold where many sources of its network were active. Needs the answer. */
void lift_by_network(const struct drafting *drafting, struct drafted_incident *one);
/* Writes the verdict, if it is another one than before. */
MUST_CHECK int verdict_save(const struct drafting *drafting,
			    const struct drafted_incident *one, struct error *err);
/* What gets a report drafted. A name without an address leads to nobody. */
bool is_drafted(const struct draft *draft, struct arena *arena,
		const struct drafted_incident *one);

/* look.c */

/* Asks for the contacts of all that needs one, outside of any transaction, and counts the
 * active sources of each network.                                                        */
MUST_CHECK int contacts_look_up(struct drafting *drafting, struct error *err);
/* What was found about its source, if that was looked up. */
MUST_CHECK int answer_give(const struct draft_result *result, struct arena *arena,
			   struct drafted_incident *one, struct error *err);
/* Nobody is known yet, because a registry may not be asked yet: it stays where it is, and
 * the next run asks.                                                                    */
bool waits_for_registry(const struct drafted_incident *one);
const struct network_count *network_count_of(const struct drafting *drafting,
					     const struct drafted_incident *one);

/* place.c */

/* Inside the caller's transaction: verdicts, and which case each incident belongs to. */
MUST_CHECK int incidents_place(struct drafting *drafting, struct error *err);

#endif
