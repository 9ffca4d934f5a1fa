#include "registry/index_builder.h"

#include <stdlib.h>

/* ---- order ------------------------------------------------------------------------- */

struct sort_key {
	uint64_t high; /* the range's beginning; of a narrow one its end as well */
	uint32_t at;
};

/* Only IPv6 ranges can have equal keys without being equal. */
static int compare(const void *left, const void *right, void *context)
{
	const struct sort_key *a = left, *b = right;
	const struct index_drafts *drafts = context;

	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	if (drafts->wide.count) {
		const struct index_bounds6 *x = &drafts->wide.at[a->at];
		const struct index_bounds6 *y = &drafts->wide.at[b->at];

		if (x->first_low != y->first_low)
			return x->first_low < y->first_low ? -1 : 1;
		if (x->last_high != y->last_high)
			return x->last_high > y->last_high ? -1 : 1;
		if (x->last_low != y->last_low)
			return x->last_low > y->last_low ? -1 : 1;
	}
	/* rows of statistics around the object that they count */
	if ((drafts->at[a->at].value == 0) != (drafts->at[b->at].value == 0))
		return drafts->at[a->at].value == 0 ? -1 : 1;
	return a->at < b->at ? -1 : 1;
}

void index_sort(struct index_drafts *drafts)
{
	struct sort_key *keys = calloc(drafts->count + 1, sizeof *keys);

	free(drafts->order);
	drafts->order = calloc(drafts->count + 1, sizeof *drafts->order);
	if (!keys || !drafts->order)
		abort();
	for (uint32_t i = 0; i < drafts->count; i++) {
		keys[i].at = i;
		keys[i].high =
			drafts->wide.count
				? drafts->wide.at[i].first_high
				: (uint64_t)drafts->narrow.at[i].first << 32 |
					  (UINT32_MAX - drafts->narrow.at[i].last);
	}
	qsort_r(keys, drafts->count, sizeof *keys, compare, drafts);
	for (size_t i = 0; i < drafts->count; i++)
		drafts->order[i] = keys[i].at;
	free(keys);
}

/* ---- flattening -------------------------------------------------------------------- */

struct point {
	uint64_t high, low;
};

struct sweep {
	const struct index_drafts *drafts;
	struct index_flat *out;
	struct {
		size_t *at; /* drafts that hold the place where the sweep is */
		size_t count, room;
	} open;
};

static struct point first_of(const struct sweep *sweep, size_t i)
{
	uint32_t at = sweep->drafts->order[i];

	if (sweep->drafts->wide.count)
		return (struct point){ sweep->drafts->wide.at[at].first_high,
				       sweep->drafts->wide.at[at].first_low };
	return (struct point){ 0, sweep->drafts->narrow.at[at].first };
}

static struct point last_of(const struct sweep *sweep, size_t i)
{
	uint32_t at = sweep->drafts->order[i];

	if (sweep->drafts->wide.count)
		return (struct point){ sweep->drafts->wide.at[at].last_high,
				       sweep->drafts->wide.at[at].last_low };
	return (struct point){ 0, sweep->drafts->narrow.at[at].last };
}

static bool is_before(struct point a, struct point b)
{
	return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/* A later segment with the same start is the more specific one. */
static void emit(struct sweep *sweep, struct point start, uint32_t block)
{
	struct index_segments *out = &sweep->out->segments;
	struct index_segment6 *last = out->count ? &out->at[out->count - 1] : NULL;

	if (last && last->high == start.high && last->low == start.low)
		last->block = block;
	else if (!last || last->block != block)
		*ROWS_ADD(out) =
			(struct index_segment6){ start.high, start.low, block, 0 };
}

static size_t top(const struct sweep *sweep)
{
	return sweep->open.at[sweep->open.count - 1];
}

static uint32_t top_block(const struct sweep *sweep)
{
	return sweep->open.count ? (uint32_t)top(sweep) : INDEX_NONE;
}

/* What lies behind the innermost open draft belongs to the one around it. */
static void close_top(struct sweep *sweep)
{
	struct point behind = last_of(sweep, top(sweep));
	uint64_t most = sweep->drafts->wide.count ? UINT64_MAX : UINT32_MAX;

	sweep->open.count--;
	if (behind.low < most)
		behind.low++;
	else if (sweep->drafts->wide.count && behind.high < UINT64_MAX)
		behind = (struct point){ behind.high + 1, 0 };
	else
		return; /* nothing lies behind it */
	emit(sweep, behind, top_block(sweep));
}

static void open_draft(struct sweep *sweep, size_t at)
{
	struct point first = first_of(sweep, at);

	while (sweep->open.count && is_before(last_of(sweep, top(sweep)), first))
		close_top(sweep);
	if (sweep->open.count &&
	    is_before(last_of(sweep, top(sweep)), last_of(sweep, at))) {
		sweep->out->overlapping++;
		return;
	}
	sweep->out->parents[at] = top_block(sweep);
	*ROWS_ADD(&sweep->open) = at;
	emit(sweep, first, top_block(sweep));
}

void index_flatten(const struct index_drafts *drafts, struct index_flat *out)
{
	struct sweep sweep = { .drafts = drafts, .out = out };

	*out = (struct index_flat){ 0 };
	out->parents = malloc((drafts->count + 1) * sizeof *out->parents);
	if (!out->parents)
		abort();
	for (size_t i = 0; i < drafts->count; i++) {
		out->parents[i] = INDEX_NONE;
		open_draft(&sweep, i);
	}
	while (sweep.open.count)
		close_top(&sweep);
	free(sweep.open.at);
}

void index_flat_clear(struct index_flat *flat)
{
	free(flat->segments.at);
	free(flat->parents);
	*flat = (struct index_flat){ 0 };
}
