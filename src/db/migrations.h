/* db/migrations.h - the numbered steps from an empty store to today's, forward only.
 *
 * The texts stand in db/migrations/NNNN_name.sql and are embedded by the build. Their
 * SHA-256 is recorded in the store: a step that was ever released is never edited.     */
#ifndef DB_MIGRATIONS_H
#define DB_MIGRATIONS_H

#include <stddef.h>

struct migration {
	int number;
	const char *name;
	const char *sql;
};

extern const struct migration migrations[];
extern const size_t migration_count;

#endif
