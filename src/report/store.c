#include "report/store.h"

#include "base/buffer.h"
#include "json/reader.h"
#include "json/writer.h"

#include <string.h>

#define COLUMNS                                                                            \
	"id, kase, part, revision, recipients, token, message_id, subject, memo, csv, "    \
	"parts, facts_sha256, state, made_at, message, sha256, approved_at, approved_by, " \
	"kind, thread, is_unattended, edited_by"

static void row_read(struct statement *s, struct arena *arena,
		     struct stored_report *out)
{
	struct slice recipients = column_text(s, 4, arena), line;
	struct slice digest = column_text(s, 15, arena);

	*out = (struct stored_report){
		.id = column_int(s, 0),
		.kase = column_text(s, 1, arena),
		.part = column_text(s, 2, arena),
		.revision = column_int(s, 3),
		.token = column_text(s, 5, arena),
		.message_id = column_text(s, 6, arena),
		.subject = column_text(s, 7, arena),
		.memo = column_text(s, 8, arena),
		.csv = column_text(s, 9, arena),
		.parts = column_text(s, 10, arena),
		.state = column_text(s, 12, arena),
		.made_at = column_int(s, 13),
		.message = column_text(s, 14, arena),
		.approved_at = column_int(s, 16),
		.approved_by = column_text(s, 17, arena),
		.kind = column_text(s, 18, arena),
		.thread = column_text(s, 19, arena),
		.is_unattended = column_int(s, 20) != 0,
		.edited_by = column_text(s, 21, arena),
	};
	column_digest(s, 11, &out->facts);
	if (digest.len)
		out->sha256_hex = arena_copy(arena, slice_of(hex_of(digest).text));
	while (recipients.len && slice_next(&recipients, '\n', &line))
		*LIST_ADD(arena, &out->recipients) = line;
}

static int rows_read(struct statement *s, struct arena *arena,
		     struct stored_reports *out, struct error *err)
{
	int step;

	while ((step = db_step(s, err)) == 1)
		row_read(s, arena, LIST_ADD(arena, out));
	db_reset(s);
	return step;
}

int report_store_current(struct db *db, struct arena *arena, struct slice kase,
			 struct stored_reports *out, struct error *err)
{
	struct statement *s =
		db_prepare(db,
			   "SELECT " COLUMNS
			   " FROM report WHERE kase = upper(?1) AND state IN ('draft', "
			   "'approved') ORDER BY kind = 'database', part",
			   err);

	if (!s)
		return -1;
	bind_text(s, 1, kase);
	return rows_read(s, arena, out, err);
}

int report_store_get(struct db *db, struct arena *arena, int64_t id,
		     struct stored_report *out, struct error *err)
{
	struct statement *s =
		db_prepare(db, "SELECT " COLUMNS " FROM report WHERE id = ?1", err);
	int step;

	if (!s)
		return -1;
	bind_int(s, 1, id);
	step = db_step(s, err);
	if (step == 1)
		row_read(s, arena, out);
	db_reset(s);
	if (step == 0)
		return error_set(err, ERROR_NOT_FOUND, "no report %lld", (long long)id);
	return step < 0 ? -1 : 0;
}

int report_store_last(struct db *db, struct slice kase, struct slice part, int64_t *out,
		      struct error *err)
{
	struct statement *s = db_prepare(
		db, "SELECT max(revision) FROM report WHERE kase = ?1 AND part = ?2",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, kase);
	bind_text(s, 2, part);
	step = db_step(s, err);
	*out = step == 1 ? column_int(s, 0) : 0;
	db_reset(s);
	return step < 0 ? -1 : 0;
}

int report_store_replace(struct db *db, int64_t id, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"UPDATE report SET state = 'replaced' WHERE id = ?1 AND state IN ('draft', "
		"'approved')",
		err);

	if (!s)
		return -1;
	bind_int(s, 1, id);
	return db_run(s, err);
}

static int replace_older(struct db *db, const struct stored_report *report,
			 struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"UPDATE report SET state = 'replaced' WHERE kase = ?1 AND part = ?2 AND state "
		"IN ('draft', 'approved')",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, report->kase);
	bind_text(s, 2, report->part);
	return db_run(s, err);
}

static struct slice lines_join(struct buffer *room, const struct slices *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		if (i)
			buffer_add_byte(room, '\n');
		buffer_add(room, lines->at[i]);
	}
	return buffer_slice(room);
}

int report_store_add(struct db *db, struct stored_report *report, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO report (kase, part, revision, recipients, token, message_id, "
		"subject, memo, csv, parts, facts_sha256, state, made_at, kind, thread, "
		"is_unattended, edited_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
		"'draft', ?12, ?13, ?14, ?15, ?16)",
		err);
	struct buffer recipients;
	int result;

	if (!s || replace_older(db, report, err) != 0)
		return -1;
	buffer_init(&recipients, 1 << 20);
	bind_text(s, 1, report->kase);
	bind_text(s, 2, report->part);
	bind_int(s, 3, report->revision);
	bind_text(s, 4, lines_join(&recipients, &report->recipients));
	bind_text(s, 5, report->token);
	bind_text(s, 6, report->message_id);
	bind_text(s, 7, report->subject);
	bind_text(s, 8, report->memo);
	bind_text(s, 9, report->csv);
	bind_text(s, 10, report->parts);
	bind_blob(s, 11, sha256_slice(&report->facts));
	bind_int(s, 12, report->made_at);
	bind_text(s, 13, report->kind.len ? report->kind : S("report"));
	bind_text(s, 14, report->thread);
	bind_int(s, 15, report->is_unattended);
	bind_text(s, 16, report->edited_by);
	result = db_run(s, err);
	report->id = db_last_id(db);
	buffer_clear(&recipients);
	return result;
}

int report_store_sources(struct db *db, int64_t id, const char *database,
			 const struct slices *sources, struct error *err)
{
	for (size_t i = 0; i < sources->count; i++) {
		struct statement *s = db_prepare(
			db,
			"INSERT OR IGNORE INTO submission (report, source, database) VALUES "
			"(?1, ?2, ?3)",
			err);

		if (!s)
			return -1;
		bind_int(s, 1, id);
		bind_text(s, 2, sources->at[i]);
		bind_text(s, 3, slice_of(database));
		if (db_run(s, err) != 0)
			return -1;
	}
	return 0;
}

int report_store_approve(struct db *db, int64_t id, struct slice message,
			 struct slice actor, int64_t now, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"UPDATE report SET state = 'approved', message = ?2, sha256 = ?3, approved_at "
		"= ?4, approved_by = ?5 WHERE id = ?1 AND state = 'draft'",
		err);
	struct sha256 digest = sha256_of(message);

	if (!s)
		return -1;
	bind_int(s, 1, id);
	bind_blob(s, 2, message);
	bind_blob(s, 3, sha256_slice(&digest));
	bind_int(s, 4, now);
	bind_text(s, 5, actor);
	if (db_run(s, err) != 0)
		return -1;
	if (db_changes(db) != 1)
		return error_set(
			err, ERROR_RETRY,
			"the report was replaced or approved meanwhile: look again");
	return 0;
}

enum { PARTS_MAX_BYTES = 16 << 20 };

int report_parts_read(struct arena *arena, struct slice json, struct report_parts *out,
		      struct error *err)
{
	struct json *document = json_read(json, PARTS_MAX_BYTES, err);
	const struct json_value *parts;

	if (!document)
		return error_context(err, "parts of a stored report");
	parts = json_root(document);
	for (size_t i = 0; i < json_count(parts); i++) {
		const struct json_value *part = json_at(parts, i);

		*LIST_ADD(arena, out) = (struct report_part){
			.source =
				arena_copy(arena, json_text(json_get(part, "source"))),
			.kind = arena_copy(arena, json_text(json_get(part, "kind"))),
			.type = arena_copy(arena, json_text(json_get(part, "type"))),
			.reason =
				arena_copy(arena, json_text(json_get(part, "reason"))),
			.media = arena_copy(arena, json_text(json_get(part, "media"))),
			.name = arena_copy(arena, json_text(json_get(part, "name"))),
			.body = arena_copy(arena, json_text(json_get(part, "body"))),
		};
	}
	json_free(document);
	return 0;
}

struct slice report_parts_json(struct arena *arena, const struct report *report)
{
	struct json_writer writer;
	struct buffer out;
	struct slice text;

	buffer_init(&out, PARTS_MAX_BYTES);
	json_writer_init(&writer, &out);
	json_array(&writer);
	for (size_t i = 0; i < report->parts.count; i++) {
		const struct report_part *part = &report->parts.at[i];

		json_object(&writer);
		json_put_string(&writer, "source", part->source);
		json_put_string(&writer, "kind", part->kind);
		json_put_optional(&writer, "type", part->type);
		json_put_optional(&writer, "reason", part->reason);
		json_put_optional(&writer, "media", part->media);
		json_put_optional(&writer, "name", part->name);
		json_put_optional(&writer, "body", part->body);
		json_object_end(&writer);
	}
	json_array_end(&writer);
	text = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return text;
}

struct sha256 report_facts(const struct report *report, struct slice parts_json)
{
	struct slice parts[16] = { report->subject, report->memo, report->csv,
				   parts_json };
	size_t count = 4;

	for (size_t i = 0; i < report->recipients.count && count < COUNT_OF(parts); i++)
		parts[count++] = report->recipients.at[i];
	return sha256_of_parts(parts, count);
}

int report_store_pseudonym_key(struct db *db, uint8_t out[32], struct error *err)
{
	struct statement *insert = db_prepare(
		db,
		"INSERT OR IGNORE INTO installation (key, value) VALUES ('pseudonym-key', ?1)",
		err);
	struct statement *s = db_prepare(
		db, "SELECT value FROM installation WHERE key = 'pseudonym-key'", err);
	struct sha256 fresh;
	struct arena *arena;
	struct slice value;
	int step;

	if (!s || !insert)
		return -1;
	random_bytes(fresh.bytes, sizeof fresh.bytes);
	bind_blob(insert, 1, sha256_slice(&fresh));
	if (db_run(insert, err) != 0)
		return -1;
	step = db_step(s, err);
	arena = arena_new();
	value = step == 1 ? column_text(s, 0, arena) : (struct slice){ NULL, 0 };
	if (value.len == 32)
		memcpy(out, value.at, 32);
	arena_free(arena);
	db_reset(s);
	return step < 0 ? -1 : 0;
}
