#include "reply/store.h"

static int case_of(struct db *db, struct arena *arena, const char *sql,
		   struct slice key, struct slice *kase, struct error *err)
{
	struct statement *s = db_prepare(db, sql, err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, key);
	step = db_step(s, err);
	if (step == 1)
		*kase = column_text(s, 0, arena);
	db_reset(s);
	return step < 0 ? -1 : 0;
}

#define LEFT                                                                             \
	"SELECT r.kase FROM report r JOIN outbox o ON o.report = r.id WHERE o.state IN " \
	"('sending', 'sent', 'in doubt') AND "

int reply_store_case(struct db *db, struct arena *arena, const struct reply *reply,
		     struct slice *kase, struct error *err)
{
	const struct {
		const char *sql;
		const struct slices *keys;
	} rows[] = {
		{ LEFT "r.token = ?1 LIMIT 1", &reply->tokens },
		{ LEFT "o.message_id = ?1 LIMIT 1", &reply->ids },
		{ LEFT "r.token = ?1 LIMIT 1", &reply->subject_tokens },
	};

	*kase = (struct slice){ NULL, 0 };
	for (size_t r = 0; r < COUNT_OF(rows); r++)
		for (size_t i = 0; i < rows[r].keys->count && !kase->len; i++)
			if (case_of(db, arena, rows[r].sql, rows[r].keys->at[i], kase,
				    err) != 0)
				return -1;
	return 0;
}
