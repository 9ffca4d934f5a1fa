#include "pipeline/revision.h"

#include "delivery/database.h"
#include "delivery/store.h"

#include <string.h>

/* The case as one database is told of it. */
static struct report_request request_of(const struct revision *revision,
					const struct report_source *sources,
					size_t count)
{
	struct report_request request = {
		.settings = revision->draft->settings,
		.sources = sources,
		.count = count,
		.reader = READER_PUBLIC,
	};

	memcpy(request.pseudonym_key, revision->pseudonym_key,
	       sizeof request.pseudonym_key);
	return request;
}

static void fill(struct revision *revision, const struct publication *publication,
		 const struct report_parts *left_out, struct stored_report *fresh)
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
	for (size_t i = 0; i < left_out->count; i++)
		*LIST_ADD(arena, &report.parts) = left_out->at[i];
	fresh->kind = S("database");
	fresh->subject = report.subject;
	fresh->memo = report.memo;
	fresh->csv = report.csv;
	fresh->recipients = report.recipients;
	fresh->parts = report_parts_json(arena, &report);
	fresh->facts = report_facts(&report, fresh->parts);
}

static int part_publish(struct revision *revision,
			const struct publication *publication,
			const struct report_parts *left_out, struct error *err)
{
	const struct stored_report *old = revision_current(revision, publication->part);
	struct stored_report fresh;

	if (revision_begin(revision, publication->part, old, &fresh, err) != 0)
		return -1;
	fill(revision, publication, left_out, &fresh);
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

int case_publish(struct revision *revision, const struct report_source *sources,
		 size_t count, struct error *err)
{
	const struct settings *settings = revision->draft->settings;
	struct report_request request = request_of(revision, sources, count);
	struct publications all = { 0 };
	struct report_parts left_out[DATABASE_COUNT] = { 0 };
	struct outbox_rows rows = { 0 };

	if (databases_check(settings, err) != 0 ||
	    outbox_list(revision->draft->db, revision->arena,
			slice_of(revision->kase->id), &rows, err) != 0)
		return -1;
	for (size_t i = 0; i < DATABASE_COUNT; i++)
		if (request.count && database_is_on(settings, (enum database)i))
			publications_render(revision->arena, (enum database)i, &request,
					    &all, &left_out[i]);
	for (size_t i = 0; i < all.count; i++)
		if (!has_left(&rows, all.at[i].part) &&
		    part_publish(revision, &all.at[i], &left_out[all.at[i].database],
				 err) != 0)
			return -1;
	return unwanted_drop(revision, &all, &rows, err);
}
