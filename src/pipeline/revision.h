/* pipeline/revision.h - what rendering the reports of one case shares (revise, publish). */
#ifndef PIPELINE_REVISION_H
#define PIPELINE_REVISION_H

#include "contact/suppression.h"
#include "pipeline/draft.h"
#include "report/publication.h"

/* One source of the case with its incidents, in the arena it was read into. */
struct source_group {
	struct slice name; /* "203.0.113.77": the part's name in the store            */
	const struct contact_answer *answer;
	size_t number; /* of what the answer shares with others                  */
	struct {
		const struct incident **at;
		size_t count, room;
	} incidents;
	struct report_source source; /* the same, as a report wants it               */
};

/* All that rendering the parts of one case shares. */
struct revision {
	struct drafting *drafting;
	const struct draft *draft;
	struct arena *arena; /* of the case   */
	struct arena *scratch; /* of one source */
	struct kase *kase;
	struct incident_roll told;
	struct stored_reports current;
	struct suppressions stops;
	uint8_t pseudonym_key[32];
	bool lapsed; /* an approval was taken back already */
};

/* The current revision of a part; NULL: there is none. */
const struct stored_report *revision_current(const struct revision *revision,
					     struct slice part);
/* A revision of a part that had none, or what one in place of `old` takes over. */
MUST_CHECK int revision_begin(struct revision *revision, struct slice part,
			      const struct stored_report *old,
			      struct stored_report *out, struct error *err);
/* Number, Message-ID and time of the one in place of `old`; nothing where that is NULL. */
void revision_number(const struct revision *revision, const struct stored_report *old,
		     struct stored_report *fresh);
/* Writes a revision that differs from `old` (NULL: the first one); the approval of that
 * lapses.                                                                                */
MUST_CHECK int revision_put(struct revision *revision, const struct stored_report *old,
			    struct stored_report *fresh, struct error *err);
/* A current revision that is not wanted any more. */
MUST_CHECK int revision_drop(struct revision *revision, const struct stored_report *old,
			     struct error *err);

/* What the public databases named in the configuration would be told of the case, made of
 * its sources one after another, whose texts die with `work`. telling_end() says in the
 * case what they are not told; it follows every telling_begin() that succeeded.          */
struct telling {
	enum database databases[DATABASE_COUNT];
	struct publishing *at[DATABASE_COUNT];
	size_t count;
};
MUST_CHECK int telling_begin(struct revision *revision, struct telling *out,
			     struct error *err);
void telling_add(struct telling *telling, struct arena *work,
		 const struct report_source *source);
void telling_end(struct revision *revision, struct telling *telling,
		 struct publications *out);
/* One part for each submission. What left already is told once and never again. */
MUST_CHECK int case_publish(struct revision *revision, const struct publications *all,
			    struct error *err);

#endif
