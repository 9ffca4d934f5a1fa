#include "event/rules.h"

#include "event/entry.h"
#include "event/rule.h"
#include "event/upstream.h"
#include "os/cache.h"
#include "os/process.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RULES_FOLDER TIPOFF_DATADIR "/rules"
#define UPSTREAM_FILE "upstream.conf"

static int name_order(const void *a, const void *b)
{
	const struct rule *one = a, *other = b;

	return slice_compare(one->report.name, other->report.name);
}

/* Nothing else of a filter decides what is compiled, and how. */
static struct sha256 filters_digest(const struct filter *filters, size_t count)
{
	struct arena *work = arena_new();
	struct slices parts = { 0 };
	struct sha256 digest;

	for (size_t i = 0; i < count; i++) {
		const struct filter *one = &filters[i];

		*LIST_ADD(work, &parts) =
			arena_printf(work, "%zu %zu %u %d %d", one->failregex.count,
				     one->ignoreregex.count, one->maxlines,
				     one->source_may_be_name, one->no_act);
		*LIST_ADD(work, &parts) = one->name;
		*LIST_ADD(work, &parts) = one->datepattern;
		*LIST_ADD(work, &parts) = one->prefregex;
		for (size_t j = 0; j < one->failregex.count; j++)
			*LIST_ADD(work, &parts) = one->failregex.at[j];
		for (size_t j = 0; j < one->ignoreregex.count; j++)
			*LIST_ADD(work, &parts) = one->ignoreregex.at[j];
	}
	digest = sha256_of_parts(parts.at, parts.count);
	arena_free(work);
	return digest;
}

/* The gate numbers literals as they come: known ones come first, in their order. */
static int known_literals_add(struct rules *rules, struct error *err)
{
	const struct rules_known *known = rules->known;

	for (size_t i = 0; known != NULL && i < known->literals.count; i++) {
		if (gate_add(rules->gate, known->literals.at[i]) != i)
			return error_set(err, ERROR_SYNTAX, "a literal stands twice");
	}
	return 0;
}

static int rules_compile(struct rules *rules, const struct filter *filters,
			 size_t count, struct error *err)
{
	if (known_literals_add(rules, err) != 0)
		return -1;
	rules->at = ARENA_ARRAY(rules->arena, struct rule, count);
	for (size_t i = 0; i < count; i++) {
		rules->count = i + 1;
		if (rule_compile(rules, &filters[i], &rules->at[i], err) != 0)
			return -1;
	}
	for (size_t i = 0; i < count; i++)
		rule_masks_fill(rules, &rules->at[i]);
	if (count > 0)
		qsort(rules->at, count, sizeof rules->at[0], name_order);
	entries_build(rules);
	return 0;
}

/* A state saved under other rules must not be taken for theirs: hence the digest. */
static struct rules *rules_make(const struct filter *filters, size_t count,
				const struct sha256 *digest,
				const struct rules_known *known, struct error *err)
{
	struct arena *arena = arena_new();
	struct rules *rules = ARENA_NEW(arena, struct rules);
	int result;

	rules->arena = arena;
	rules->gate = gate_new();
	rules->fingerprint = hex_of(sha256_slice(digest));
	rules->known = known;
	result = rules_compile(rules, filters, count, err);
	rules->known = NULL;
	if (result == 0)
		return rules;
	rules_free(rules);
	return NULL;
}

struct rules *rules_new(const struct filter *filters, size_t count, struct error *err)
{
	return rules_new_kept(filters, count, S(""), err);
}

void rules_free(struct rules *rules)
{
	if (rules == NULL)
		return;
	for (size_t i = 0; i < rules->count; i++)
		rule_clear(&rules->at[i]);
	for (size_t i = 0; i < rules->prefixes.count; i++)
		expression_free(rules->prefixes.at[i].expression);
	for (size_t i = 0; i < rules->stamps.count; i++)
		stamp_set_free(rules->stamps.at[i]);
	gate_free(rules->gate);
	prefilter_free(rules->prefilter);
	arena_free(rules->arena);
}

size_t rules_stamp_sets(const struct rules *rules)
{
	return rules->stamps.count;
}

bool rules_read_in_order(const struct rules *rules)
{
	return rules->has_windows;
}

size_t rules_count(const struct rules *rules)
{
	return rules->count;
}

const struct rule *rules_at(const struct rules *rules, size_t index)
{
	return &rules->at[index];
}

bool rules_have_jit(const struct rules *rules)
{
	/* what the system forbids, it forbids for all */
	for (size_t i = 0; i < rules->count; i++) {
		if (rules->at[i].fail_count > 0)
			return expression_has_jit(rules->at[i].failregex[0].expression);
	}
	return true;
}

const struct rule_report *rule_report(const struct rule *rule)
{
	return &rule->report;
}

size_t rule_sample_count(const struct rule *rule)
{
	return rule->samples.count;
}

struct rule_sample rule_sample_at(const struct rule *rule, size_t index)
{
	return rule->samples.at[index];
}

/* --- what is kept --------------------------------------------------------------------- */

enum { KEPT_SETS = 8 };

struct shelf {
	struct arena *arena;
	struct cache cache;
	struct sha256 key;
	const char *name;
};

/* Whatever could make another thing of the same filters. */
static bool shelf_open(struct shelf *shelf, struct slice folder,
		       const struct sha256 *digest)
{
	struct process_text program = process_program();

	if (folder.len == 0 || program.text[0] == '\0' ||
	    !cache_open(&shelf->cache, arena_cstr(shelf->arena, folder)))
		return false;
	struct slice parts[] = {
		S(TIPOFF_VERSION),
		slice_of(program.text),
		expression_library(shelf->arena),
		prefilter_library(shelf->arena),
		sha256_slice(digest),
	};
	shelf->key = sha256_of_parts(parts, COUNT_OF(parts));
	shelf->name = arena_cstr(shelf->arena,
				 slice_of(hex_of(sha256_slice(&shelf->key)).text));
	return true;
}

static struct rules *rules_recall(const struct shelf *shelf,
				  const struct filter *filters, size_t count,
				  const struct sha256 *digest)
{
	struct rules_known known;
	struct rules *rules = NULL;
	struct buffer bytes;
	struct error ignored;

	buffer_init(&bytes, RULE_CACHE_MAX_BYTES);
	if (cache_read(&shelf->cache, shelf->name, &bytes) &&
	    rules_known_read(shelf->arena, buffer_slice(&bytes), &shelf->key, &known))
		rules = rules_make(filters, count, digest, &known, &ignored);
	if (rules != NULL && rules->known_used != known.expressions.count) {
		rules_free(rules);
		rules = NULL;
	}
	buffer_clear(&bytes);
	return rules;
}

static void rules_keep(const struct shelf *shelf, const struct rules *rules)
{
	struct rules_known known = { .expressions = rules->met };
	struct buffer database, bytes;

	buffer_init(&database, RULE_CACHE_MAX_BYTES);
	buffer_init(&bytes, RULE_CACHE_MAX_BYTES);
	for (size_t i = 0; i < gate_count(rules->gate); i++)
		*LIST_ADD(shelf->arena, &known.literals) = gate_literal(rules->gate, i);
	if (rules->prefilter != NULL)
		prefilter_save(rules->prefilter, &database);
	known.database = buffer_slice(&database);
	rules_known_write(&known, &shelf->key, &bytes);
	if (!bytes.failed)
		cache_write(&shelf->cache, shelf->name, buffer_slice(&bytes),
			    KEPT_SETS);
	buffer_clear(&database);
	buffer_clear(&bytes);
}

struct rules *rules_new_kept(const struct filter *filters, size_t count,
			     struct slice folder, struct error *err)
{
	struct shelf shelf = { .cache.folder = -1 };
	struct sha256 digest;
	struct rules *rules = NULL;

	if (count > RULES_MAX) {
		error_set(err, ERROR_LIMIT, "over %d rule files: name those you want",
			  RULES_MAX);
		return NULL;
	}
	digest = filters_digest(filters, count);
	shelf.arena = arena_new();
	if (shelf_open(&shelf, folder, &digest))
		rules = rules_recall(&shelf, filters, count, &digest);
	if (rules == NULL) {
		rules = rules_make(filters, count, &digest, NULL, err);
		if (rules != NULL && shelf.cache.folder >= 0)
			rules_keep(&shelf, rules);
	}
	cache_close(&shelf.cache);
	arena_free(shelf.arena);
	return rules;
}

/* --- reading a folder ----------------------------------------------------------------- */

/* Every "name.conf" that is a rule, in no order. */
static int folder_names(struct arena *arena, struct slice folder, struct slices *names,
			struct error *err)
{
	DIR *directory = opendir(arena_cstr(arena, folder));
	struct dirent *entry;

	if (directory == NULL)
		return error_system(err, errno,
				    "rules folder '" SLICE_FMT
				    "' cannot be read (check [logs] rules)",
				    SLICE_ARG(folder));
	while ((entry = readdir(directory)) != NULL) {
		struct slice name = slice_of(entry->d_name);

		if (!slice_ends(name, S(".conf")) || slice_starts(name, S(".")))
			continue;
		name = slice_cut(name, 0, name.len - 5);
		if (!filter_is_part(name))
			*LIST_ADD(arena, names) = arena_copy(arena, name);
	}
	closedir(directory);
	if (names->count == 0)
		return error_set(err, ERROR_CONFIG,
				 "rules folder '" SLICE_FMT
				 "' holds no rule: name another in [logs] rules",
				 SLICE_ARG(folder));
	return 0;
}

/* The table beside the rules, or the installed one; none is fine unless it was named. */
static int table_read(struct arena *arena, const struct rules_options *options,
		      struct slice folder, struct upstream *table, struct error *err)
{
	const struct slice paths[] = {
		options->upstream,
		arena_printf(arena, SLICE_FMT "/" UPSTREAM_FILE, SLICE_ARG(folder)),
		S(RULES_FOLDER "/" UPSTREAM_FILE),
	};

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		if (paths[i].len == 0)
			continue;
		if (upstream_read(arena, paths[i], table, err) == 0)
			return 0;
		if (i == 0 || err->kind != ERROR_NOT_FOUND)
			return -1;
		error_clear(err);
	}
	return 0;
}

static void table_apply(const struct upstream *table, struct filter *filter)
{
	const struct upstream_row *row = upstream_find(table, filter->name);

	if (filter->has_report || row == NULL)
		return;
	filter->has_report = true;
	filter->report = row->report;
	filter->source_may_be_name = row->marks.source_may_be_name;
	filter->no_act = row->marks.no_act;
}

static int filter_order(const void *a, const void *b)
{
	const struct filter *one = a, *other = b;

	return slice_compare(one->name, other->name);
}

void filters_sort(struct filters *filters)
{
	if (filters->count > 0)
		qsort(filters->at, filters->count, sizeof filters->at[0], filter_order);
}

int filters_load(struct arena *arena, const struct rules_options *options,
		 struct filters *filters, struct error *err)
{
	struct slice folder = options->folder.len ? options->folder : S(RULES_FOLDER);
	struct upstream table = { 0 };
	struct slices names = { 0 };

	if (table_read(arena, options, folder, &table, err) != 0)
		return -1;
	if (options->count == 0 && folder_names(arena, folder, &names, err) != 0)
		return -1;
	for (size_t i = 0; i < options->count; i++)
		*LIST_ADD(arena, &names) = options->names[i];
	for (size_t i = 0; i < names.count; i++) {
		struct filter *filter = LIST_ADD(arena, filters);

		if (filter_read(arena, folder, names.at[i], filter, err) != 0)
			return -1;
		table_apply(&table, filter);
		filter->source_may_be_name |= options->usedns_raw_names;
	}
	/* The order of a folder is any: what is numbered must not depend on it. */
	filters_sort(filters);
	return 0;
}

int filter_describe(struct arena *arena, const struct rules_options *options,
		    struct filter *filter, struct error *err)
{
	struct slice folder = options->folder.len ? options->folder : S(RULES_FOLDER);
	struct upstream table = { 0 };

	if (table_read(arena, options, folder, &table, err) != 0)
		return -1;
	table_apply(&table, filter);
	return 0;
}

struct rules *rules_load(const struct rules_options *options, struct error *err)
{
	struct arena *arena = arena_new();
	struct filters filters = { 0 };
	struct rules *rules = NULL;

	if (filters_load(arena, options, &filters, err) == 0)
		rules = rules_new_kept(filters.at, filters.count, options->cache, err);
	arena_free(arena);
	return rules;
}
