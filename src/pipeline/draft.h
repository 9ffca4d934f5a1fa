/* pipeline/draft.h - incidents in the store become judged cases with drafted reports.
 *
 * Order: judge every incident that is still open for judgement; look up the contacts of
 * those worth a report or held (outside any transaction); then in one transaction lift
 * holds by history and network, place incidents into cases, and render reports. The same
 * facts give the same revision: running it twice adds nothing.                           */
#ifndef PIPELINE_DRAFT_H
#define PIPELINE_DRAFT_H

#include "case/case.h"
#include "contact/find.h"
#include "event/rules.h"
#include "incident/own.h"
#include "report/store.h"

struct draft {
	const struct settings *settings;
	const struct clock *clock;
	struct db *db;
	struct finder *finder;
	const struct rules *rules; /* which services' successes are read */
	const struct own_side *own;
	const struct template_set *templates; /* NULL: the shipped ones            */
	bool held; /* draft the held ones too                            */
	struct slices sources; /* and those of these sources, whatever the verdict    */
	bool wide;
	void (*progress)(void *context, const struct finder_progress *so_far);
	void *context;
};

struct drafted_incident {
	struct incident incident;
	const struct contact_answer
		*answer; /* NULL: not looked up                    */
	struct slice kase; /* id of its case, empty: none            */
	bool drafted;
	bool finished; /* its case was sent or closed            */
	bool barred; /* in no case, whatever is asked: it is your own side, or waits for
		      * your answer                                              */
};
struct drafted_incidents {
	struct drafted_incident *at;
	size_t count, room;
};

struct draft_result {
	struct drafted_incidents
		incidents; /* all that were judged, gravest first     */
	struct kases cases; /* open and approved ones                  */
	struct slices problems; /* of the look-ups                         */
	struct slices missing; /* particulars of yours that memos lack    */
	uint64_t new_cases, new_revisions;
};

/* Whether a word of the command line means this incident's source: its address or prefix,
 * an address inside the prefix, or the name in the log.                                  */
bool incident_is_named(const struct incident *incident, struct arena *arena,
		       struct slice name);

MUST_CHECK int draft_run(const struct draft *draft, struct arena *arena,
			 struct draft_result *out, struct error *err);

#endif
