#include "registry/source.h"

#include "net/url.h"

static const char *const kinds[] = {
	[SOURCE_DATABASE] = "database",
	[SOURCE_STATISTICS] = "statistics",
	[SOURCE_BOOTSTRAP] = "bootstrap",
};

const char *source_kind_name(enum source_kind kind)
{
	return kinds[kind];
}

/* The next word of a row of blank-separated ones; empty at its end. */
static struct slice word(struct slice *row)
{
	size_t end = 0;
	struct slice found;

	*row = slice_trim(*row);
	while (end < row->len && !ascii_is_space(row->at[end]))
		end++;
	found = slice_cut(*row, 0, end);
	*row = slice_from(*row, end);
	return found;
}

static int read_row(struct slice row, struct source *out)
{
	struct slice kind, sum;
	uint64_t packed, unpacked;
	size_t i = 0;

	out->name = word(&row);
	out->registry = word(&row);
	kind = word(&row);
	sum = word(&row);
	if (slice_to_u64(word(&row), 1 << 20, &packed) != 0 ||
	    slice_to_u64(word(&row), 1 << 20, &unpacked) != 0)
		return -1;
	out->url = word(&row);
	while (i < COUNT_OF(kinds) && !slice_equal(kind, slice_of(kinds[i])))
		i++;
	if (i == COUNT_OF(kinds) || out->url.len == 0)
		return -1;
	out->kind = (enum source_kind)i;
	out->md5 = slice_equal(sum, S("md5"));
	out->max_bytes = packed << 20;
	out->max_unpacked = unpacked << 20;
	return 0;
}

static int mirror(struct arena *arena, const struct slices *mirrors,
		  struct source *source, struct error *err)
{
	for (size_t i = 0; i < mirrors->count; i++) {
		struct slice row = mirrors->at[i];
		struct slice from = word(&row), to = word(&row);
		struct slice url;
		struct url ignored;

		if (to.len == 0 || slice_trim(row).len)
			return error_set(
				err, ERROR_CONFIG,
				"[look-up] registry-mirrors '" SLICE_FMT
				"': BEGINNING REPLACEMENT is wanted, such as "
				"https://ftp.ripe.net/ https://mirror.example/",
				SLICE_ARG(mirrors->at[i]));
		if (!slice_starts(source->url, from))
			continue;
		url = arena_printf(arena, SLICE_FMT SLICE_FMT, SLICE_ARG(to),
				   SLICE_ARG(slice_from(source->url, from.len)));
		if (url_parse(url, &ignored, err) != 0) {
			err->kind = ERROR_CONFIG;
			return error_context(err,
					     "[look-up] registry-mirrors: '" SLICE_FMT
					     "' is no URL",
					     SLICE_ARG(url));
		}
		source->url = url;
		return 0;
	}
	return 0;
}

static bool is_meant(const struct source *source, struct slice word)
{
	return slice_equal(word, source->name) || slice_equal(word, source->registry) ||
	       slice_equal(word, slice_of(kinds[source->kind]));
}

static bool is_wanted(const struct source *source, const struct slices *only,
		      bool *used)
{
	bool wanted = only->count == 0;

	for (size_t i = 0; i < only->count; i++)
		if (is_meant(source, only->at[i]))
			wanted = used[i] = true;
	return wanted;
}

int sources_read(struct arena *arena, struct slice table, const struct slices *mirrors,
		 const struct slices *only, struct sources *out, struct error *err)
{
	bool *used = ARENA_ARRAY(arena, bool, only->count + 1);
	struct sources found = { 0 };
	struct slice line;

	while (slice_next(&table, '\n', &line)) {
		struct source source;

		line = slice_trim(line);
		if (line.len == 0 || line.at[0] == '#')
			continue;
		if (read_row(line, &source) != 0)
			return error_set(err, ERROR_SYNTAX,
					 "the row '" SLICE_FMT
					 "' of the table of dumps makes no sense",
					 SLICE_ARG(line));
		if (mirror(arena, mirrors, &source, err) != 0)
			return -1;
		if (is_wanted(&source, only, used))
			*LIST_ADD(arena, &found) = source;
	}
	for (size_t i = 0; i < only->count; i++)
		if (!used[i])
			return error_set(
				err, ERROR_CONFIG,
				"--only '" SLICE_FMT
				"': no such dump; a file's name, a registry "
				"(ripe, apnic, arin, lacnic, afrinic, iana) or "
				"a kind (database, statistics, bootstrap) is "
				"meant",
				SLICE_ARG(only->at[i]));
	*out = found;
	return 0;
}

struct slice source_terms_of(struct slice registry)
{
	struct slice rest = { terms_shipped, terms_shipped_bytes }, line;

	while (slice_next(&rest, '\n', &line))
		if (line.len && line.at[0] != '#' && slice_equal(word(&line), registry))
			return slice_trim(line);
	return slice_of(NULL);
}
