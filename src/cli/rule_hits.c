#include "cli/rule_log.h"
#include "event/stamp_template.h"

#include <inttypes.h>

static uint64_t sum(const uint64_t *counts, size_t count)
{
	uint64_t whole = 0;

	for (size_t i = 0; i < count; i++)
		whole += counts[i];
	return whole;
}

/* "  3) [12]  expression", those that matched only. */
static void expressions_print(struct printer *out, const char *title,
			      const struct slices *expressions, const uint64_t *hits)
{
	uint64_t whole = sum(hits, expressions->count);

	if (expressions->count == 0)
		return;
	print_text(out, "  %s: %zu, matched %" PRIu64 " time%s\n", title,
		   expressions->count, whole, whole == 1 ? "" : "s");
	for (size_t i = 0; i < expressions->count; i++) {
		if (hits[i] == 0)
			continue;
		print_text(out, "    %zu) [%" PRIu64 "]  ", i + 1, hits[i]);
		print_slice(out, expressions->at[i]);
		print_text(out, "\n");
	}
}

/* fail2ban filters of a journal say which lines of it are theirs. */
static void journal_print(struct printer *out, const struct filter *filter)
{
	for (size_t i = 0; i < filter->journalmatch.count; i++) {
		print_text(out, "  journalmatch: ");
		print_slice(out, filter->journalmatch.at[i]);
		print_text(out, "\n");
	}
}

static void odd_print(struct printer *out, const struct rule_hits *hits)
{
	static const struct {
		enum witness_verdict verdict;
		const char *words;
	} rows[] = {
		{ WITNESS_HARMLESS, "told more of a session and were no failure" },
		{ WITNESS_WAITING, "were failures whose source a later line tells" },
		{ WITNESS_NO_SOURCE, "had no address where the source stands" },
		{ WITNESS_LIMITED, "were too hard to match" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (hits->verdicts[rows[i].verdict])
			print_text(out, "  %" PRIu64 " %s\n",
				   hits->verdicts[rows[i].verdict], rows[i].words);
	}
}

static void rule_print(const struct rule_log *log, size_t index,
		       const struct rule_log_counts *counts)
{
	const struct filter *filter = &log->filters->at[index];
	const struct rule_hits *hits = &counts->rules[index];
	struct printer *out = &log->run->out;

	print_slice(out, filter->name);
	print_text(out, "  ");
	print_slice(out, filter->path);
	print_text(out, "\n");
	if (filter->prefregex.len)
		print_text(out, "  prefregex: matched %" PRIu64 " time%s\n",
			   hits->prefix, hits->prefix == 1 ? "" : "s");
	expressions_print(out, "failregex", &filter->failregex, hits->failregex);
	expressions_print(out, "ignoreregex", &filter->ignoreregex, hits->ignoreregex);
	odd_print(out, hits);
	journal_print(out, filter);
}

static void dates_print(struct printer *out, const struct date_hits *dates)
{
	if (dates->count > 0)
		print_text(out, "dates\n");
	for (size_t i = 0; i < dates->count; i++) {
		print_text(out, "  [%" PRIu64 "]  ", dates->at[i].lines);
		print_slice(out, dates->at[i].template->pattern);
		print_text(out, "\n");
	}
}

static void totals_print(struct run *run, const struct rule_log_counts *counts)
{
	struct printer *out = &run->out;

	print_text(out, "%" PRIu64 " line%s: %" PRIu64 " matched", counts->lines,
		   counts->lines == 1 ? "" : "s", counts->matched);
	if (counts->ignored)
		print_text(out, ", %" PRIu64 " ignored", counts->ignored);
	print_text(out, ", %" PRIu64 " missed%s", counts->missed,
		   counts->missed && !run_flag(run, "missed") ? " (--missed shows them)"
							      : "");
	if (counts->undated)
		print_text(out, ", %" PRIu64 " without a time", counts->undated);
	if (counts->contested)
		print_text(out, ", %" PRIu64 " contested", counts->contested);
	if (counts->limited)
		print_text(out, ", %" PRIu64 " too hard to match", counts->limited);
	print_text(out, "\n");
}

/* Of many rules only those that had something to say. */
static bool rule_is_told(const struct rule_log *log, size_t index,
			 const struct rule_log_counts *counts)
{
	return log->filters->count == 1 ||
	       counts->rules[index].verdicts[WITNESS_MISSED] < counts->lines;
}

void rule_hits_print(const struct rule_log *log, const struct rule_log_counts *counts)
{
	for (size_t i = 0; i < log->filters->count; i++) {
		if (rule_is_told(log, i, counts))
			rule_print(log, i, counts);
	}
	dates_print(&log->run->out, &counts->dates);
	totals_print(log->run, counts);
}

static void expressions_json(struct json_writer *writer, const char *key,
			     const struct slices *expressions, const uint64_t *hits)
{
	json_key(writer, key);
	json_array(writer);
	for (size_t i = 0; i < expressions->count; i++) {
		json_object(writer);
		json_put_int(writer, "number", (int64_t)i + 1);
		json_put_int(writer, "hits", (int64_t)hits[i]);
		json_put_string(writer, "expression", expressions->at[i]);
		json_object_end(writer);
	}
	json_array_end(writer);
}

static void verdicts_json(struct json_writer *writer, const struct rule_hits *hits)
{
	static const char *const names[WITNESS_VERDICTS] = {
		"missed",    "ignored", "harmless", "waiting",
		"no_source", "limited", "matched",
	};

	for (size_t i = 0; i < WITNESS_VERDICTS; i++)
		json_put_int(writer, names[i], (int64_t)hits->verdicts[i]);
}

static void dates_json(struct json_writer *writer, const struct date_hits *dates)
{
	json_key(writer, "dates");
	json_array(writer);
	for (size_t i = 0; i < dates->count; i++) {
		json_object(writer);
		json_put_int(writer, "lines", (int64_t)dates->at[i].lines);
		json_put_string(writer, "pattern", dates->at[i].template->pattern);
		json_object_end(writer);
	}
	json_array_end(writer);
}

static void rule_json(struct json_writer *writer, const struct filter *filter,
		      const struct rule_hits *hits,
		      const struct rule_log_counts *counts)
{
	json_object(writer);
	json_put_text(writer, "type", "rule-test");
	json_put_string(writer, "rule", filter->name);
	json_put_string(writer, "path", filter->path);
	json_put_int(writer, "lines", (int64_t)counts->lines);
	verdicts_json(writer, hits);
	json_put_optional(writer, "prefregex", filter->prefregex);
	json_put_int(writer, "prefregex_hits", (int64_t)hits->prefix);
	expressions_json(writer, "failregex", &filter->failregex, hits->failregex);
	expressions_json(writer, "ignoreregex", &filter->ignoreregex,
			 hits->ignoreregex);
	json_key(writer, "journalmatch");
	json_array(writer);
	for (size_t i = 0; i < filter->journalmatch.count; i++)
		json_string(writer, filter->journalmatch.at[i]);
	json_array_end(writer);
	dates_json(writer, &counts->dates);
	json_object_end(writer);
}

void rule_hits_json(const struct rule_log *log, const struct rule_log_counts *counts)
{
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 4 << 20);
	for (size_t i = 0; i < log->filters->count; i++) {
		if (!rule_is_told(log, i, counts))
			continue;
		json_writer_init(&writer, &out);
		rule_json(&writer, &log->filters->at[i], &counts->rules[i], counts);
		print_json(&log->run->out, &out);
	}
	buffer_clear(&out);
}
