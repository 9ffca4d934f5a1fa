/* pipeline/draft.h - incidents in the store become judged cases with drafted reports.
 *
 * Order: judge every incident that is still open for judgement; look up the contacts of
 * those worth a report or held (outside any transaction); then in one transaction lift
 * holds by history and network, place incidents into cases, and render reports. The same
 * facts give the same revision: running it twice adds nothing. However many incidents there
 * are, they are read one by one: a hundred thousand take no more memory than ten thousand. */
#ifndef PIPELINE_DRAFT_H
#define PIPELINE_DRAFT_H

#include "case/store.h"
#include "contact/answers.h"
#include "contact/find.h"
#include "event/rules.h"
#include "incident/own.h"
#include "incident/roll.h"
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
	const struct contact_answer *answer; /* NULL: not looked up                */
	size_t number; /* of what the answer shares with others (contact/answers.h) */
	struct case_held held; /* its case, id empty: none                         */
	enum verdict was; /* as it was stored                        */
	struct slices were;
	bool drafted;
	bool finished; /* its case was sent or closed            */
	bool barred; /* in no case, whatever is asked: it is your own side, or waits for
		      * your answer                                              */
};

struct draft_result {
	struct db *db; /* where it is                            */
	const struct settings *settings;
	struct incident_roll judged; /* all of them, by their end               */
	struct answers *answers; /* of the look-ups                         */
	struct kases cases; /* open and approved ones                  */
	struct slices problems; /* of the look-ups                         */
	struct slices missing; /* particulars of yours that memos lack    */
	uint64_t new_cases, new_revisions;
};
void draft_result_clear(struct draft_result *result);

/* The one of a roll's part as it is stored now, with what was found about it; its evidence
 * too where it is wanted `whole`. 1; 0: it has another name by now.                      */
struct drafted_place {
	const struct incident_roll *roll;
	size_t part;
	bool whole;
};
MUST_CHECK int drafted_read(const struct draft_result *result,
			    const struct drafted_place *place, struct arena *arena,
			    struct drafted_incident *out, struct error *err);

/* Whether a word of the command line means this incident's source: its address or prefix,
 * an address inside the prefix, or the name in the log.                                  */
bool incident_is_named(const struct incident *incident, struct arena *arena,
		       struct slice name);

MUST_CHECK int draft_run(const struct draft *draft, struct arena *arena,
			 struct draft_result *out, struct error *err);

#endif
