#include "input/rotation.h"

enum { NUMBER_DIGITS = 4, DATE_DIGITS = 8, ORDER_DIGITS = 18 };

static const struct slice packed[] = {
	{ ".gz", 3 }, { ".xz", 3 }, { ".zst", 4 }, { ".bz2", 4 }, { ".Z", 2 },
};

static bool is_of_date(char c)
{
	return ascii_is_digit(c) || c == '-';
}

static struct slice without(struct slice name, struct slice end)
{
	bool has = name.len > end.len && slice_ends(name, end);

	return has ? slice_cut(name, 0, name.len - end.len) : name;
}

/* The digits among `text`, as if written with 18 of them, so that dates, dates with an
 * hour and dates with seconds compare.                                               */
static uint64_t order_of(struct slice text, size_t *digits)
{
	uint64_t order = 0;

	*digits = 0;
	for (size_t i = 0; i < text.len && *digits < ORDER_DIGITS; i++)
		if (ascii_is_digit(text.at[i])) {
			order = order * 10 + (uint64_t)(text.at[i] - '0');
			++*digits;
		}
	for (size_t i = *digits; i < ORDER_DIGITS; i++)
		order *= 10;
	return order;
}

/* `stem` ends in a separator and a date: cuts them off. */
static bool take_date(struct slice *stem, struct rotation *rotation)
{
	size_t start = stem->len, digits;
	uint64_t order;

	while (start > 0 && is_of_date(stem->at[start - 1]))
		start--;
	if (start < stem->len && stem->at[start] == '-')
		start++;
	else if (start < 2 ||
		 (stem->at[start - 1] != '.' && stem->at[start - 1] != '_'))
		return false;
	order = order_of(slice_from(*stem, start), &digits);
	if (start < 2 || digits < DATE_DIGITS ||
	    (!slice_starts(slice_from(*stem, start), S("20")) &&
	     !slice_starts(slice_from(*stem, start), S("19"))))
		return false;
	rotation->rank = ROTATION_DATED;
	rotation->order = order;
	*stem = slice_cut(*stem, 0, start - 1);
	return true;
}

/* "NAME.N". A number after another separator may be part of the name (site-1). */
static bool take_number(struct slice *stem, struct rotation *rotation)
{
	ptrdiff_t dot = slice_find_last_byte(*stem, '.');
	struct slice digits = slice_from(*stem, (size_t)(dot + 1));
	uint64_t number;

	if (dot < 1 || digits.len > NUMBER_DIGITS ||
	    slice_to_u64(digits, UINT64_MAX, &number) != 0)
		return false;
	rotation->rank = ROTATION_NUMBERED;
	rotation->order = UINT32_MAX - number;
	*stem = slice_cut(*stem, 0, (size_t)dot);
	return true;
}

static bool take_age(struct slice *stem, struct rotation *rotation)
{
	return take_number(stem, rotation) || take_date(stem, rotation);
}

static struct slice unpacked_name(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(packed); i++) {
		struct slice stem = without(name, packed[i]);

		if (stem.len != name.len)
			return stem;
	}
	return name;
}

struct rotation rotation_of(struct arena *arena, struct slice name)
{
	struct slice stem = unpacked_name(name);
	struct slice inner = without(stem, S(".log"));
	struct rotation rotation = { .rank = ROTATION_LIVE };

	if (take_age(&stem, &rotation)) {
		rotation.set = stem;
	} else if (inner.len != stem.len && take_age(&inner, &rotation)) {
		rotation.set = arena_printf(arena, SLICE_FMT ".log", SLICE_ARG(inner));
	} else {
		/* A compressed file is not being written: it comes before the live one. */
		rotation.set = stem;
		if (stem.len != name.len) {
			rotation.rank = ROTATION_NUMBERED;
			rotation.order = UINT32_MAX;
		}
	}
	return rotation;
}

int rotation_compare(const struct rotation *a, const struct rotation *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}
