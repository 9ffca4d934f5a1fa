/* report/store.h - revisions of reports in the store. Inside the caller's transaction
 * where it writes.
 *
 * A revision is a draft until a person approves it; from then on its exact bytes are in
 * the row. New facts make a new revision and replace the old one, approved or not: an
 * approval covers one revision only.                                                     */
#ifndef REPORT_STORE_H
#define REPORT_STORE_H

#include "db/db.h"
#include "report/report.h"

enum { REPORT_TOKEN_LEN = 5 };

struct stored_report {
	int64_t id;
	struct slice kase, part;
	int64_t revision;
	struct slices
		recipients; /* the first is the contact                           */
	struct slice token, message_id, subject, memo, csv;
	struct slice parts; /* JSON: [{"source","kind","type","reason","media","name",
	                       "body"}]                                            */
	struct sha256 facts;
	struct slice state; /* draft, approved, replaced, withdrawn               */
	int64_t made_at;
	struct slice message; /* empty until approved                               */
	struct slice sha256_hex;
	int64_t approved_at;
	struct slice approved_by;
	struct slice kind; /* report, correction or database                      */
	struct slice thread; /* Message-ID of the mail it follows, empty: none      */
	bool is_unattended; /* approved by a policy, and marked as automatic       */
	struct slice
		edited_by; /* whose words it has; empty: tipoff's own             */
};
struct stored_reports {
	struct stored_report *at;
	size_t count, room;
};

/* The current revisions (draft or approved) of a case, by part, those for public
 * databases behind the others.                                                          */
MUST_CHECK int report_store_current(struct db *db, struct arena *arena,
				    struct slice kase, struct stored_reports *out,
				    struct error *err);
MUST_CHECK int report_store_get(struct db *db, struct arena *arena, int64_t id,
				struct stored_report *out, struct error *err);
/* The number of the newest revision there ever was of a part; 0 for none. */
MUST_CHECK int report_store_last(struct db *db, struct slice kase, struct slice part,
				 int64_t *out, struct error *err);
/* Writes a new revision; an older current one of the same part becomes replaced. */
MUST_CHECK int report_store_add(struct db *db, struct stored_report *report,
				struct error *err);
/* Current revisions of parts that are no longer wanted. */
MUST_CHECK int report_store_replace(struct db *db, int64_t id, struct error *err);
/* draft -> approved with its bytes; ERROR_RETRY where it is no draft any more. */
MUST_CHECK int report_store_approve(struct db *db, int64_t id, struct slice message,
				    struct slice actor, int64_t now, struct error *err);

/* The addresses that a submission to a public database names. */
MUST_CHECK int report_store_sources(struct db *db, int64_t id, const char *database,
				    const struct slices *sources, struct error *err);

struct sha256 report_facts(const struct report *report, struct slice parts_json);
struct slice report_parts_json(struct arena *arena, const struct report *report);
/* The way back. ERROR_SYNTAX where the store holds something else. */
MUST_CHECK int report_parts_read(struct arena *arena, struct slice json,
				 struct report_parts *out, struct error *err);
/* 32 random bytes of this installation, drawn once: pseudonyms stay countable. */
MUST_CHECK int report_store_pseudonym_key(struct db *db, uint8_t out[32],
					  struct error *err);

#endif
