#include "contact/store.h"

bool finding_is_fresh(const struct finding *finding, int64_t now)
{
	int64_t age = now - finding->asked_at;

	if (finding->contacts.count == 0)
		return age < FINDING_FRESH_NOBODY_US;
	return age < (finding->domain.len ? FINDING_FRESH_DOMAIN_US : FINDING_FRESH_US);
}

/* Behind its family. */
static struct range column_range(struct statement *row, int column)
{
	return (struct range){ column_address(row, column + 1),
			       column_address(row, column + 2) };
}

static void origin_parse(struct arena *arena, struct slice text, struct origins *out)
{
	struct slice part;
	uint64_t number;

	while (slice_next(&text, ' ', &part))
		if (slice_to_u64(part, UINT32_MAX, &number) == 0)
			*LIST_ADD(arena, out) = (uint32_t)number;
}

static struct slice origin_text(struct arena *arena, const struct origins *origin)
{
	struct slice text = { "", 0 };

	for (size_t i = 0; i < origin->count; i++)
		text = arena_printf(arena, SLICE_FMT "%s%u", SLICE_ARG(text),
				    i ? " " : "", origin->at[i]);
	return text;
}

/* An enum's number from a row: out of its bounds only if another hand wrote it. */
static unsigned column_enum(struct statement *row, int column, unsigned last)
{
	int64_t value = column_int(row, column);

	return value < 0 || value > last ? last : (unsigned)value;
}

static struct contact contact_of_row(struct statement *row, struct arena *arena)
{
	return (struct contact){
		.address = column_text(row, 0, arena),
		.kind = column_enum(row, 1, CONTACT_API),
		.scope = column_enum(row, 2, SCOPE_UPSTREAM),
		.role = column_enum(row, 3, ROLE_MAILBOX),
		.found_by = column_enum(row, 4, FOUND_CONVENTION),
		.server = column_text(row, 5, arena),
		.object = column_text(row, 6, arena),
		.range = column_range(row, 7),
		.confidence = column_real(row, 10),
		.suspect = column_int(row, 11) != 0,
		.checked_at = column_int(row, 12),
	};
}

static int read_contacts(struct db *db, struct arena *arena, int64_t id,
			 struct finding *out, struct error *err)
{
	struct statement *rows = db_prepare(
		db,
		"SELECT address, kind, scope, role, found_by, server, object, family,"
		" first, last, confidence, suspect, checked_at"
		" FROM finding_contact WHERE finding = ?1 ORDER BY position",
		err);
	int step;

	if (!rows)
		return -1;
	bind_int(rows, 1, id);
	while ((step = db_step(rows, err)) == 1)
		*LIST_ADD(arena, &out->contacts) = contact_of_row(rows, arena);
	db_reset(rows);
	return step;
}

static int read_rejected(struct db *db, struct arena *arena, int64_t id,
			 struct finding *out, struct error *err)
{
	struct statement *rows =
		db_prepare(db,
			   "SELECT address, reason FROM finding_rejected"
			   " WHERE finding = ?1 ORDER BY position",
			   err);
	int step;

	if (!rows)
		return -1;
	bind_int(rows, 1, id);
	while ((step = db_step(rows, err)) == 1)
		*LIST_ADD(arena, &out->rejected) =
			(struct contact_rejected){ column_text(rows, 0, arena),
						   column_text(rows, 1, arena) };
	db_reset(rows);
	return step;
}

#define FINDING_COLUMNS                                                         \
	"id, family, first, last, domain, handle, name, organisation, country," \
	" registry, found_in, origin, asked_at"

static int64_t finding_of_row(struct statement *row, struct arena *arena,
			      struct finding *out)
{
	*out = (struct finding){
		.domain = column_text(row, 4, arena),
		.has_network = column_int(row, 1) != 0,
		.network = { .range = column_range(row, 1),
			     .handle = column_text(row, 5, arena),
			     .name = column_text(row, 6, arena),
			     .organisation = column_text(row, 7, arena),
			     .country = column_text(row, 8, arena),
			     .registry = column_text(row, 9, arena),
			     .found_in = column_text(row, 10, arena),
			     .looked_up_at = column_int(row, 12) },
		.asked_at = column_int(row, 12),
	};
	origin_parse(arena, column_text(row, 11, arena), &out->origin);
	return column_int(row, 0);
}

/* The statement's row, if there is one, and what hangs on it. */
static int read_finding(struct db *db, struct arena *arena, struct statement *rows,
			struct finding *out, struct error *err)
{
	struct finding finding;
	int64_t id = 0;
	int step = db_step(rows, err);

	if (step == 1)
		id = finding_of_row(rows, arena, &finding);
	db_reset(rows);
	if (step != 1)
		return step;
	if (read_contacts(db, arena, id, &finding, err) != 0 ||
	    read_rejected(db, arena, id, &finding, err) != 0)
		return -1;
	*out = finding;
	return 1;
}

/* Ranges nest or are disjoint: of those that begin at or before the address the last one
 * that contains it is the most specific. The limit bounds the search where many ranges
 * begin before an address that none of them contains.                                  */
int finding_of_address(struct db *db, struct arena *arena,
		       const struct address *address, struct finding *out,
		       struct error *err)
{
	struct statement *rows = db_prepare(
		db,
		"SELECT " FINDING_COLUMNS " FROM (SELECT * FROM finding"
		" WHERE family = ?1 AND first <= ?2 ORDER BY first DESC, last ASC LIMIT 64)"
		" WHERE last >= ?2 ORDER BY first DESC, last ASC LIMIT 1",
		err);

	if (!rows)
		return -1;
	bind_int(rows, 1, address->family);
	bind_address(rows, 2, address);
	return read_finding(db, arena, rows, out, err);
}

int finding_of_domain(struct db *db, struct arena *arena, struct slice domain,
		      struct finding *out, struct error *err)
{
	struct statement *rows =
		db_prepare(db,
			   "SELECT " FINDING_COLUMNS
			   " FROM finding WHERE family = 0 AND domain = ?1",
			   err);

	if (!rows)
		return -1;
	bind_text(rows, 1, domain);
	return read_finding(db, arena, rows, out, err);
}

static void bind_range(struct statement *row, int position, const struct range *range)
{
	bind_int(row, position, range->first.family);
	bind_address(row, position + 1, &range->first);
	bind_address(row, position + 2, &range->last);
}

static int keep_contact(struct db *db, int64_t id, size_t position,
			const struct contact *contact, struct error *err)
{
	struct statement *row = db_prepare(
		db,
		"INSERT INTO finding_contact (finding, position, address, kind, scope,"
		" role, found_by, server, object, family, first, last, confidence,"
		" suspect, checked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
		" ?11, ?12, ?13, ?14, ?15)",
		err);

	if (!row)
		return -1;
	bind_int(row, 1, id);
	bind_int(row, 2, (int64_t)position);
	bind_text(row, 3, contact->address);
	bind_int(row, 4, contact->kind);
	bind_int(row, 5, contact->scope);
	bind_int(row, 6, contact->role);
	bind_int(row, 7, contact->found_by);
	bind_text(row, 8, contact->server);
	bind_text(row, 9, contact->object);
	bind_range(row, 10, &contact->range);
	bind_real(row, 13, contact->confidence);
	bind_int(row, 14, contact->suspect);
	bind_int(row, 15, contact->checked_at);
	return db_run(row, err);
}

static int keep_rejected(struct db *db, int64_t id, size_t position,
			 const struct contact_rejected *rejected, struct error *err)
{
	struct statement *row =
		db_prepare(db,
			   "INSERT INTO finding_rejected (finding, position, address,"
			   " reason) VALUES (?1, ?2, ?3, ?4)",
			   err);

	if (!row)
		return -1;
	bind_int(row, 1, id);
	bind_int(row, 2, (int64_t)position);
	bind_blob(row, 3, rejected->address);
	bind_text(row, 4, rejected->reason);
	return db_run(row, err);
}

/* The older answer goes with everything that hangs on it. */
static int remove_older(struct db *db, const struct finding *finding, struct error *err)
{
	struct statement *row =
		db_prepare(db,
			   "DELETE FROM finding WHERE family = ?1 AND first = ?2"
			   " AND last = ?3 AND domain = ?4",
			   err);

	if (!row)
		return -1;
	bind_range(row, 1, &finding->network.range);
	bind_text(row, 4, finding->domain);
	return db_run(row, err);
}

static int keep_finding(struct db *db, const struct finding *finding, struct error *err)
{
	struct statement *row = db_prepare(
		db,
		"INSERT INTO finding (family, first, last, domain, handle, name,"
		" organisation, country, registry, found_in, origin, asked_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
		err);
	const struct network *network = &finding->network;
	struct arena *arena;
	int status;

	if (!row)
		return -1;
	arena = arena_new();
	bind_range(row, 1, &network->range);
	bind_text(row, 4, finding->domain);
	bind_text(row, 5, network->handle);
	bind_text(row, 6, network->name);
	bind_text(row, 7, network->organisation);
	bind_text(row, 8, network->country);
	bind_text(row, 9, network->registry);
	bind_text(row, 10, network->found_in);
	bind_text(row, 11, origin_text(arena, &finding->origin));
	bind_int(row, 12, finding->asked_at);
	status = db_run(row, err);
	arena_free(arena);
	return status;
}

int finding_keep(struct db *db, const struct finding *finding, struct error *err)
{
	int64_t id;

	if (remove_older(db, finding, err) != 0 || keep_finding(db, finding, err) != 0)
		return -1;
	id = db_last_id(db);
	for (size_t i = 0; i < finding->contacts.count; i++)
		if (keep_contact(db, id, i, &finding->contacts.at[i], err) != 0)
			return -1;
	for (size_t i = 0; i < finding->rejected.count; i++)
		if (keep_rejected(db, id, i, &finding->rejected.at[i], err) != 0)
			return -1;
	return 0;
}

int findings_forget_old(struct db *db, int64_t now, struct error *err)
{
	struct statement *row =
		db_prepare(db, "DELETE FROM finding WHERE asked_at < ?1", err);

	if (!row)
		return -1;
	bind_int(row, 1, now - FINDING_KEPT_US);
	return db_run(row, err);
}
