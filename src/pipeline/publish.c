#include "pipeline/revision.h"

#include "base/buffer.h"
#include "delivery/database.h"
#include "delivery/store.h"
#include "pipeline/drafting.h"

#include <string.h>

static void fill(struct revision *revision, const struct publication *publication,
		 struct stored_report *fresh)
{
	struct arena *arena = revision->arena;
	struct report report = { .subject = publication->subject,
				 .memo = publication->memo,
				 .csv = S("") };

	*LIST_ADD(arena, &report.recipients) =
		slice_of(database_facts(publication->database)->recipient);
	if (publication->media.len)
		*LIST_ADD(arena, &report.parts) = (struct report_part){
			.source = slice_of("the submission"),
			.kind = slice_of(database_facts(publication->database)->name),
			.media = publication->media,
			.body = publication->body,
		};
	fresh->kind = S("database");
	fresh->subject = report.subject;
	fresh->memo = report.memo;
	fresh->csv = report.csv;
	fresh->recipients = report.recipients;
	fresh->parts = report_parts_json(arena, &report);
	fresh->facts = report_facts(&report, fresh->parts);
}

static int part_publish(struct revision *revision,
			const struct publication *publication, struct error *err)
{
	const struct stored_report *old = revision_current(revision, publication->part);
	struct stored_report fresh;

	if (revision_begin(revision, publication->part, old, &fresh, err) != 0)
		return -1;
	fill(revision, publication, &fresh);
	if (old && memcmp(fresh.facts.bytes, old->facts.bytes, SHA256_BYTES) == 0)
		return 0;
	revision_number(revision, old, &fresh);
	if (revision_put(revision, old, &fresh, err) != 0)
		return -1;
	return report_store_sources(revision->draft->db, fresh.id,
				    database_facts(publication->database)->name,
				    &publication->sources, err);
}

static bool has_left(const struct outbox_rows *rows, struct slice part)
{
	for (size_t i = 0; i < rows->count; i++)
		if (slice_equal(rows->at[i].part, part) &&
		    delivery_state_left(rows->at[i].state))
			return true;
	return false;
}

static bool is_among(const struct publications *all, struct slice part)
{
	for (size_t i = 0; i < all->count; i++)
		if (slice_equal(all->at[i].part, part))
			return true;
	return false;
}

static int unwanted_drop(struct revision *revision, const struct publications *wanted,
			 const struct outbox_rows *rows, struct error *err)
{
	for (size_t i = 0; i < revision->current.count; i++) {
		const struct stored_report *old = &revision->current.at[i];

		if (slice_equal(old->kind, S("database")) &&
		    !is_among(wanted, old->part) && !has_left(rows, old->part) &&
		    revision_drop(revision, old, err) != 0)
			return -1;
	}
	return 0;
}

int telling_begin(struct revision *revision, struct telling *out, struct error *err)
{
	const struct settings *settings = revision->draft->settings;
	struct report_request request = { .settings = settings };

	*out = (struct telling){ .count = 0 };
	if (databases_check(settings, err) != 0)
		return -1;
	memcpy(request.pseudonym_key, revision->pseudonym_key,
	       sizeof request.pseudonym_key);
	for (int i = 0; i < DATABASE_COUNT; i++)
		if (database_is_on(settings, (enum database)i)) {
			out->databases[out->count] = (enum database)i;
			out->at[out->count++] = publishing_new(
				revision->arena, (enum database)i, &request);
		}
	return 0;
}

void telling_add(struct telling *telling, struct arena *work,
		 const struct report_source *source)
{
	for (size_t i = 0; i < telling->count; i++)
		publishing_add(telling->at[i], work, source);
}

/* A line for the case; where the database is told nothing at all, a word on it at once. */
static void untold_add(struct revision *revision, enum database database, bool told,
		       const struct left_outs *left_out, struct buffer *untold)
{
	const char *title = database_facts(database)->title;

	for (size_t i = 0; i < left_out->count; i++) {
		struct slice words = left_out_words(revision->arena, &left_out->at[i]);

		buffer_printf(untold, "%s%s: " SLICE_FMT, untold->len ? "\n" : "",
			      title, SLICE_ARG(words));
		if (!told)
			*LIST_ADD(revision->drafting->arena,
				  &revision->drafting->result->problems) =
				arena_printf(revision->drafting->arena,
					     "case %s tells %s nothing: " SLICE_FMT,
					     revision->kase->id, title,
					     SLICE_ARG(words));
	}
}

enum { UNTOLD_MAX_BYTES = 16 * 1024 };

void telling_end(struct revision *revision, struct telling *telling,
		 struct publications *out)
{
	struct buffer untold;

	buffer_init(&untold, UNTOLD_MAX_BYTES);
	for (size_t i = 0; i < telling->count; i++) {
		struct left_outs left_out = { 0 };
		size_t before = out->count;

		publishing_end(telling->at[i], out, &left_out);
		untold_add(revision, telling->databases[i], out->count > before,
			   &left_out, &untold);
	}
	revision->kase->untold = arena_copy(revision->arena, buffer_slice(&untold));
	buffer_clear(&untold);
}

int case_publish(struct revision *revision, const struct publications *all,
		 struct error *err)
{
	struct outbox_rows rows = { 0 };

	if (outbox_list(revision->draft->db, revision->arena,
			slice_of(revision->kase->id), &rows, err) != 0)
		return -1;
	for (size_t i = 0; i < all->count; i++)
		if (!has_left(&rows, all->at[i].part) &&
		    part_publish(revision, &all->at[i], err) != 0)
			return -1;
	return unwanted_drop(revision, all, &rows, err);
}
