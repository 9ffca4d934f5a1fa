#include "pipeline/lone.h"

static int event_add(struct incident_table *table, const struct event *event,
		     int64_t resolved_at, struct arena *arena, struct lones *alone,
		     struct error *err)
{
	uint64_t before = incidents_counts(table)->successes_alone;

	if (incidents_add(table, event, resolved_at, err) != 0)
		return -1;
	if (incidents_counts(table)->successes_alone > before)
		*LIST_ADD(arena, alone) = (struct lone){ *event, resolved_at };
	return 0;
}

int events_add(struct incident_table *table, const struct events *events,
	       const struct resolutions *names, struct arena *arena,
	       struct lones *alone, struct error *err)
{
	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->at[i];
		struct event resolved;
		int64_t resolved_at = 0;
		size_t left = events->count - i;

		if (i % INCIDENTS_FETCH_MAX == 0)
			incidents_fetch(table, event,
					left < INCIDENTS_FETCH_MAX
						? left
						: INCIDENTS_FETCH_MAX);
		if (names->count > 0) {
			resolved = *event;
			resolved_at = resolution_apply(names, &resolved);
			event = &resolved;
		}
		if (event_add(table, event, resolved_at, arena, alone, err) != 0)
			return -1;
	}
	return 0;
}

void lone_keep(struct arena *arena, const struct lones *from, struct lones *kept)
{
	for (size_t i = 0; i < from->count && kept->count < LONE_MAX; i++) {
		struct lone *one = LIST_ADD(arena, kept);
		struct event *event = &one->event;

		*one = from->at[i];
		event->source_name = arena_copy(arena, event->source_name);
		event->target_host = arena_copy(arena, event->target_host);
		event->user = arena_copy(arena, event->user);
		event->line.text = arena_copy(arena, event->line.text);
	}
}

static int retry_all(struct incident_table *table, const struct lones *kept,
		     struct error *err)
{
	for (size_t i = 0; i < kept->count; i++)
		if (incidents_add(table, &kept->at[i].event, kept->at[i].resolved_at,
				  err) != 0)
			return -1;
	return 0;
}

int lone_retry(struct incident_table *table, struct db *db, const struct lones *kept,
	       struct error *err)
{
	int result;

	if (!kept->count || !db)
		return retry_all(table, kept, err);
	if (db_begin(db, err) != 0)
		return -1;
	result = retry_all(table, kept, err);
	if (result == 0)
		result = incidents_save(table, err);
	if (result == 0)
		result = db_commit(db, err);
	incidents_forget(table);
	if (result != 0)
		db_rollback(db);
	return result;
}
