#include "report/tone_model.h"

#include "base/cursor.h"

struct weight {
	struct slice feature; /* empty: a free place */
	int weight;
};
struct tone_model {
	struct weight *places;
	size_t mask;
	int bias;
};

static uint64_t hash_of(struct slice text)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.at[i]) * UINT64_C(1099511628211);
	return hash;
}

static struct weight *place_of(const struct tone_model *model, struct slice feature)
{
	size_t at = (size_t)hash_of(feature) & model->mask;

	while (model->places[at].feature.len &&
	       !slice_equal(model->places[at].feature, feature))
		at = (at + 1) & model->mask;
	return &model->places[at];
}

/* "WEIGHT FEATURE"; the weight may be negative. */
static void line_read(struct tone_model *model, struct slice line)
{
	ptrdiff_t blank = slice_find_byte(line, ' ');
	bool negative = slice_starts(line, S("-"));
	struct slice feature;
	uint64_t number;

	if (blank < 1 || slice_starts(line, S("#")) ||
	    slice_to_u64(slice_cut(line, negative, (size_t)blank), 100000, &number))
		return;
	feature = slice_from(line, (size_t)blank + 1);
	if (slice_equal(feature, S("<bias>")))
		model->bias = negative ? -(int)number : (int)number;
	else if (feature.len)
		*place_of(model, feature) =
			(struct weight){ feature,
					 negative ? -(int)number : (int)number };
}

struct tone_model *tone_model_new(struct arena *arena)
{
	struct tone_model *model = ARENA_NEW(arena, struct tone_model);
	struct slice text = { tone_weights, tone_weights_bytes };
	struct cursor cursor = cursor_of(text);
	struct slice line;

	model->mask = 1023;
	while (model->mask < 2 * slice_count_byte(text, '\n'))
		model->mask = 2 * model->mask + 1;
	model->places = ARENA_ARRAY(arena, struct weight, model->mask + 1);
	while (cursor_line(&cursor, &line))
		line_read(model, line);
	return model;
}

int tone_model_weight(const struct tone_model *model, struct slice feature)
{
	return place_of(model, feature)->weight;
}

/* The greatest whole number whose square is not more. */
static uint64_t root_of(uint64_t square)
{
	uint64_t root = 0;

	for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
		if ((root + bit) * (root + bit) <= square)
			root += bit;
	return root;
}

int64_t tone_model_score(const struct tone_model *model, const struct tone_sum *sum)
{
	if (!sum->features)
		return model->bias;
	return model->bias +
	       sum->weight * 100 / (int64_t)root_of(10000 * (uint64_t)sum->features);
}
