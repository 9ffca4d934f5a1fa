#include "contact/budget_table.h"

#include "base/cursor.h"

enum { QUESTIONS_MOST = 1000000000, AT_ONCE_MOST = 64 };
#define PERIOD_MOST_US (31 * DAY_US)

static bool word_next(struct slice *rest, struct slice *out)
{
	size_t len = 0;

	*rest = slice_trim(*rest);
	while (len < rest->len && !ascii_is_space(rest->at[len]))
		len++;
	*out = slice_cut(*rest, 0, len);
	*rest = slice_from(*rest, len);
	return len > 0;
}

static int count_parse(struct slice word, int64_t most, int64_t *out)
{
	uint64_t number;

	if (slice_to_u64(word, (uint64_t)most, &number) != 0 || number == 0)
		return -1;
	*out = (int64_t)number;
	return 0;
}

/* "2s", "1m", "24h", "1d" */
static int period_parse(struct slice word, int64_t *out)
{
	static const struct {
		char letter;
		int64_t us;
	} units[] = { { 's', SECOND_US },
		      { 'm', MINUTE_US },
		      { 'h', HOUR_US },
		      { 'd', DAY_US } };
	int64_t number;

	for (size_t i = 0; word.len && i < COUNT_OF(units); i++)
		if (word.at[word.len - 1] == units[i].letter &&
		    count_parse(slice_cut(word, 0, word.len - 1),
				PERIOD_MOST_US / units[i].us, &number) == 0) {
			*out = number * units[i].us;
			return 0;
		}
	return -1;
}

/* What the text leaves out stays as it is in *out. */
static int row_parse(struct arena *arena, struct slice text, struct budget_row *out)
{
	ptrdiff_t hash = slice_find_byte(text, '#');
	struct slice rest = hash < 0 ? text : slice_cut(text, 0, (size_t)hash), word;

	if (!word_next(&rest, &out->name))
		return -1;
	if (!word_next(&rest, &word) ||
	    count_parse(word, QUESTIONS_MOST, &out->questions) != 0)
		return -1;
	if (!word_next(&rest, &word) || period_parse(word, &out->period_us) != 0)
		return -1;
	if (word_next(&rest, &word) &&
	    count_parse(word, AT_ONCE_MOST, &out->at_once) != 0)
		return -1;
	if (word_next(&rest, &word) && period_parse(word, &out->back_off_us) != 0)
		return -1;
	while (word_next(&rest, &word))
		*LIST_ADD(arena, &out->hosts) = word;
	return 0;
}

static int read_shipped(struct arena *arena, struct budget_rows *out, struct error *err)
{
	struct cursor cursor =
		cursor_of((struct slice){ budgets_shipped, budgets_shipped_bytes });
	struct slice line;

	while (cursor_line(&cursor, &line)) {
		struct budget_row row = { 0 };

		line = slice_trim(line);
		if (line.len == 0 || line.at[0] == '#')
			continue;
		if (row_parse(arena, line, &row) != 0)
			return error_set(err, ERROR_SYNTAX,
					 "the shipped table of budgets: '" SLICE_FMT
					 "'",
					 SLICE_ARG(line));
		*LIST_ADD(arena, out) = row;
	}
	return 0;
}

static struct budget_row *row_named(const struct budget_rows *rows, struct slice name)
{
	for (size_t i = 0; i < rows->count; i++)
		if (slice_equal_nocase(rows->at[i].name, name))
			return &rows->at[i];
	return NULL;
}

static void take_numbers(struct budget_row *row, const struct budget_row *own)
{
	row->questions = own->questions;
	row->period_us = own->period_us;
	if (own->at_once)
		row->at_once = own->at_once;
	if (own->back_off_us)
		row->back_off_us = own->back_off_us;
}

static const struct budget_row *row_listing(const struct budget_rows *rows,
					    struct slice host)
{
	for (size_t i = 0; i < rows->count; i++)
		for (size_t k = 0; k < rows->at[i].hosts.count; k++)
			if (slice_equal_nocase(rows->at[i].hosts.at[k], host))
				return &rows->at[i];
	return NULL;
}

/* A host that has shared a budget leaves it for one of its own. */
static void leave_row(struct budget_rows *rows, struct slice host)
{
	for (size_t i = 0; i < rows->count; i++)
		for (size_t k = 0; k < rows->at[i].hosts.count; k++)
			if (slice_equal_nocase(rows->at[i].hosts.at[k], host))
				rows->at[i].hosts.at[k] = (struct slice){ "", 0 };
}

static void add_host(struct arena *arena, struct budget_rows *rows,
		     const struct budget_row *own)
{
	struct budget_row row = *budget_row_of_host(rows, own->name);

	leave_row(rows, own->name);
	row.name = own->name;
	row.hosts = (struct slices){ 0 };
	*LIST_ADD(arena, &row.hosts) = own->name;
	take_numbers(&row, own);
	*LIST_ADD(arena, rows) = row;
}

static int take_own(struct arena *arena, struct slice text, struct budget_rows *rows,
		    struct error *err)
{
	struct budget_row own = { 0 }, *row;

	if (row_parse(arena, text, &own) != 0 || own.hosts.count)
		return error_set(
			err, ERROR_CONFIG,
			"'" SLICE_FMT "' is no budget: write a name or host, how many "
			"questions in how long, and perhaps how many at once, such as: "
			"lacnic 10 1m 2",
			SLICE_ARG(text));
	row = row_named(rows, own.name);
	if (slice_equal(own.name, S("*")))
		for (size_t i = 0; i < rows->count; i++)
			take_numbers(&rows->at[i], &own);
	else if (row)
		take_numbers(row, &own);
	else
		add_host(arena, rows, &own);
	return 0;
}

int budget_rows_read(struct arena *arena, const struct slices *own,
		     struct budget_rows *out, struct error *err)
{
	struct budget_rows rows = { 0 };

	if (read_shipped(arena, &rows, err) != 0)
		return -1;
	for (size_t i = 0; own && i < own->count; i++)
		if (take_own(arena, own->at[i], &rows, err) != 0)
			return -1;
	*out = rows;
	return 0;
}

const struct budget_row *budget_row_of_host(const struct budget_rows *rows,
					    struct slice host)
{
	const struct budget_row *row = row_listing(rows, host);

	return row ? row : row_listing(rows, S("*"));
}
