#include "registry/index_builder.h"

#include <stdlib.h>

/* Outer blocks before inner ones; of equal ones the first read is the outer. */
static int compare(const void *left, const void *right)
{
	const struct index_draft *a = left;
	const struct index_draft *b = right;
	int order = address_compare(&a->range.first, &b->range.first);

	if (order == 0)
		order = address_compare(&b->range.last, &a->range.last);
	if (order == 0)
		order = a->order < b->order ? -1 : 1;
	return order;
}

void index_sort(struct index_drafts *drafts)
{
	if (drafts->count)
		qsort(drafts->at, drafts->count, sizeof *drafts->at, compare);
}

static struct index_segment6 segment_at(const struct address *start, uint32_t block)
{
	struct index_segment6 segment = { .block = block };

	for (size_t i = 0; i < 8 && start->family == FAMILY_IPV6; i++) {
		segment.high = segment.high << 8 | start->bytes[i];
		segment.low = segment.low << 8 | start->bytes[i + 8];
	}
	for (size_t i = 0; i < 4 && start->family == FAMILY_IPV4; i++)
		segment.low = segment.low << 8 | start->bytes[i];
	return segment;
}

/* A later segment with the same start is the more specific one. */
static void emit(struct arena *arena, struct index_segments *out,
		 const struct address *start, uint32_t block)
{
	struct index_segment6 segment = segment_at(start, block);
	struct index_segment6 *last = out->count ? &out->at[out->count - 1] : NULL;

	if (last && last->high == segment.high && last->low == segment.low)
		last->block = block;
	else if (!last || last->block != block)
		*LIST_ADD(arena, out) = segment;
}

/* The address behind; false where there is none. */
static bool next_address(struct address *address)
{
	for (unsigned i = address_bits(address) / 8; i-- > 0;)
		if (++address->bytes[i] != 0)
			return true;
	return false;
}

struct sweep {
	struct index_builder *builder;
	const struct index_drafts *drafts;
	size_t first_block;
	struct index_segments *out;
	struct open {
		size_t *at; /* drafts that hold the place where the sweep is */
		size_t count, room;
	} open;
};

static const struct range *top(const struct sweep *sweep)
{
	return &sweep->drafts->at[sweep->open.at[sweep->open.count - 1]].range;
}

static uint32_t top_block(const struct sweep *sweep)
{
	if (sweep->open.count == 0)
		return INDEX_NONE;
	return (uint32_t)(sweep->first_block + sweep->open.at[sweep->open.count - 1]);
}

static void close_top(struct sweep *sweep)
{
	struct address behind = top(sweep)->last;
	bool more = next_address(&behind);

	sweep->open.count--;
	if (more)
		emit(sweep->builder->arena, sweep->out, &behind, top_block(sweep));
}

static void open_draft(struct sweep *sweep, size_t at)
{
	const struct range *range = &sweep->drafts->at[at].range;
	uint32_t parent;

	while (sweep->open.count &&
	       address_compare(&top(sweep)->last, &range->first) < 0)
		close_top(sweep);
	if (sweep->open.count && address_compare(&top(sweep)->last, &range->last) < 0) {
		sweep->builder->overlapping++;
		return;
	}
	parent = top_block(sweep);
	sweep->builder->blocks.at[sweep->first_block + at].parent = parent;
	*LIST_ADD(sweep->builder->arena, &sweep->open) = at;
	emit(sweep->builder->arena, sweep->out, &range->first, top_block(sweep));
}

void index_flatten(struct index_builder *builder, struct index_drafts *drafts,
		   size_t first_block, uint8_t family, struct index_segments *out)
{
	struct sweep sweep = { .builder = builder,
			       .drafts = drafts,
			       .first_block = first_block,
			       .out = out };

	*out = (struct index_segments){ 0 };
	for (size_t i = 0; i < drafts->count; i++)
		if (drafts->at[i].range.first.family == family)
			open_draft(&sweep, i);
	while (sweep.open.count)
		close_top(&sweep);
}
