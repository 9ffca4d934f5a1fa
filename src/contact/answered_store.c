#include "contact/answered.h"

#include <string.h>

/* The family before the bytes, so that they sort as address_compare() does. */
struct key {
	char bytes[1 + sizeof((struct address *)0)->bytes];
	size_t len;
};

static struct key key_of(const struct address *address)
{
	struct key key = { .len = 1 + address_bits(address) / 8 };

	key.bytes[0] = (char)address->family;
	memcpy(key.bytes + 1, address->bytes, key.len - 1);
	return key;
}

static struct address key_read(struct statement *s, int column)
{
	struct address address = { .family = FAMILY_NONE };
	struct key key;

	key.len = column_bytes(s, column, key.bytes, sizeof key.bytes);
	if (key.len < 1)
		return address;
	address.family = (uint8_t)key.bytes[0];
	memcpy(address.bytes, key.bytes + 1, key.len - 1);
	return address;
}

static void bind_key(struct statement *s, int position, const struct address *address)
{
	struct key key = key_of(address);

	bind_blob(s, position, (struct slice){ key.bytes, key.len });
}

static int run(struct db *db, const char *sql, struct error *err)
{
	struct statement *s = db_prepare(db, sql, err);

	return s ? db_run(s, err) : -1;
}

int answered_begin(struct db *db, struct error *err)
{
	if (run(db,
		"CREATE TEMP TABLE IF NOT EXISTS answer_noted (address BLOB NOT NULL, "
		"since INTEGER NOT NULL) STRICT",
		err) != 0 ||
	    run(db,
		"CREATE TEMP TABLE IF NOT EXISTS answer_given (place INTEGER PRIMARY KEY, "
		"address BLOB NOT NULL UNIQUE, since INTEGER NOT NULL, part INTEGER NOT "
		"NULL, names TEXT NOT NULL) STRICT",
		err) != 0 ||
	    run(db, "DELETE FROM answer_noted", err) != 0)
		return -1;
	return run(db, "DELETE FROM answer_given", err);
}

int answered_note(struct db *db, const struct address *address, int64_t since,
		  struct error *err)
{
	struct statement *s = db_prepare(
		db, "INSERT INTO answer_noted (address, since) VALUES (?1, ?2)", err);

	if (!s)
		return -1;
	bind_key(s, 1, address);
	bind_int(s, 2, since);
	return db_run(s, err);
}

int answered_sort(struct db *db, size_t *count, struct error *err)
{
	if (run(db,
		"INSERT INTO answer_given (place, address, since, part, names) SELECT "
		"row_number() OVER (ORDER BY address) - 1, address, coalesce(min(nullif("
		"since, 0)), 0), 0, '' FROM answer_noted GROUP BY address",
		err) != 0)
		return -1;
	*count = (size_t)db_changes(db);
	return run(db, "DELETE FROM answer_noted", err);
}

static struct answered row_read(struct statement *s)
{
	return (struct answered){
		.address = key_read(s, 0),
		.since = column_int(s, 1),
		.part = (uint32_t)column_int(s, 2),
	};
}

int answered_at(struct db *db, size_t place, struct answered *out, struct error *err)
{
	struct statement *s = db_prepare(
		db, "SELECT address, since, part FROM answer_given WHERE place = ?1",
		err);
	int step;

	if (!s)
		return -1;
	*out = (struct answered){ .part = 0 };
	bind_int(s, 1, (int64_t)place);
	step = db_step(s, err);
	if (step == 1)
		*out = row_read(s);
	db_reset(s);
	return step < 0 ? -1 : 0;
}

int answered_give(struct db *db, size_t place, uint32_t part, struct slice names,
		  struct error *err)
{
	struct statement *s = db_prepare(
		db, "UPDATE answer_given SET part = ?2, names = ?3 WHERE place = ?1",
		err);

	if (!s)
		return -1;
	bind_int(s, 1, (int64_t)place);
	bind_int(s, 2, part);
	bind_text(s, 3, names);
	return db_run(s, err);
}

int answered_find(struct db *db, struct arena *arena, const struct address *address,
		  struct answered *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT address, since, part, names FROM answer_given WHERE address = ?1",
		err);
	int step;

	if (!s)
		return -1;
	bind_key(s, 1, address);
	step = db_step(s, err);
	if (step == 1) {
		*out = row_read(s);
		out->names = column_text(s, 3, arena);
	}
	db_reset(s);
	return step;
}
