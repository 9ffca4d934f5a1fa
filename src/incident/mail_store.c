#include "incident/mail.h"

enum { KEPT_WHOLE = 4 };

static const char *const KINDS[MAIL_KIND_COUNT] = {
	[MAIL_SPAM] = "spam",
	[MAIL_PHISH] = "phish",
	[MAIL_VIRUS] = "virus",
};

int mail_kind_parse(struct slice name, enum mail_kind *out)
{
	for (size_t i = 0; i < MAIL_KIND_COUNT; i++)
		if (slice_equal(name, slice_of(KINDS[i]))) {
			*out = (enum mail_kind)i;
			return 0;
		}
	return -1;
}

int mail_store_has(struct db *db, const struct sha256 *sha256, struct error *err)
{
	struct statement *s =
		db_prepare(db, "SELECT 1 FROM incident_mail WHERE sha256 = ?1", err);
	int step;

	if (!s)
		return -1;
	bind_blob(s, 1, sha256_slice(sha256));
	step = db_step(s, err);
	db_reset(s);
	return step;
}

int mail_store_add(struct db *db, struct slice site, const struct incident *like,
		   const struct incident_mail *mail, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO incident_mail (sha256, incident, at, kind, depth, header) "
		"SELECT ?5, i.id, ?4, ?6, ?7, CASE WHEN (SELECT COUNT(*) FROM "
		"incident_mail m WHERE m.incident = i.id) < ?8 THEN ?9 ELSE x'' END FROM "
		"incident i WHERE i.site = ?1 AND i.source = ?2 AND i.base = ?3 AND "
		"i.first <= ?4 AND i.last >= ?4 ORDER BY i.window_start DESC LIMIT 1",
		err);
	struct sha256 sha256 = sha256_of(mail->header);

	if (!s)
		return -1;
	bind_text(s, 1, site);
	bind_address(s, 2, &like->source);
	bind_text(s, 3, slice_of(category_name(like->base)));
	bind_int(s, 4, mail->at);
	bind_blob(s, 5, sha256_slice(&sha256));
	bind_text(s, 6, slice_of(KINDS[mail->kind]));
	bind_int(s, 7, (int64_t)mail->depth);
	bind_int(s, 8, KEPT_WHOLE);
	bind_blob(s, 9, mail->header);
	if (db_run(s, err) != 0)
		return -1;
	if (db_changes(db) == 1)
		return 0;
	return error_set(err, ERROR_NOT_FOUND,
			 "the mail's incident is not in the store");
}

int mail_store_first(struct db *db, struct arena *arena, struct slice id,
		     struct incident_mail *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT at, kind, depth, header FROM incident_mail WHERE incident = ?1 AND "
		"length(header) > 0 ORDER BY at, sha256 LIMIT 1",
		err);
	int step;

	*out = (struct incident_mail){ .at = 0 };
	if (!s)
		return -1;
	bind_text(s, 1, id);
	step = db_step(s, err);
	if (step == 1) {
		out->at = column_int(s, 0);
		if (mail_kind_parse(column_text(s, 1, arena), &out->kind) != 0)
			out->kind = MAIL_SPAM;
		out->depth = (size_t)column_int(s, 2);
		out->header = column_text(s, 3, arena);
	}
	db_reset(s);
	return step < 0 ? -1 : 0;
}
