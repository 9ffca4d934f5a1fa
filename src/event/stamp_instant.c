#include "event/stamp_instant.h"

#include "base/clock.h"

static int digits_value(struct slice digits, uint64_t *value)
{
	ptrdiff_t point = slice_find_byte(digits, '.');

	if (point >= 0)
		digits = slice_cut(digits, 0, (size_t)point);
	return slice_to_u64(digits, UINT64_C(10000000000000000), value);
}

static int epoch_instant(struct slice digits, bool long_form, int64_t *at)
{
	uint64_t value;

	if (digits_value(digits, &value) != 0)
		return -1;
	if (!long_form || digits.len < 13 || value < UINT64_C(100000000000))
		*at = (int64_t)value * SECOND_US;
	else if (digits.len >= 16 && slice_find_byte(digits, '.') < 0)
		*at = (int64_t)value;
	else
		*at = (int64_t)value * 1000;
	return 0;
}

/* Of hex digits alone: the expression saw to that. */
static int hex_value(struct slice digits, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < digits.len; i++)
		*value = *value << 4 | (uint64_t)ascii_hex_value(digits.at[i]);
	return digits.len == 0 ? -1 : 0;
}

/* "@4000000052545f00...": 2^62 plus seconds. Some programs write them 10 s ahead of UTC,
 * some as much as TAI is: the label does not say which, so it is read as fail2ban does. */
static int tai64n_instant(struct slice text, int64_t *at)
{
	uint64_t label, nanoseconds;

	if (hex_value(slice_cut(text, 1, 17), &label) != 0 ||
	    hex_value(slice_from(text, 17), &nanoseconds) != 0)
		return -1;
	label -= UINT64_C(1) << 62;
	if (label > UINT64_C(100000000000) || nanoseconds > 999999999)
		return -1;
	*at = (int64_t)label * SECOND_US + (int64_t)(nanoseconds / 1000);
	return 0;
}

int stamp_instant(const struct stamp_template *template,
		  const struct stamp_context *context,
		  const struct expression_scratch *scratch, int64_t *at,
		  enum time_basis *basis)
{
	struct slice value = expression_capture(scratch, template->value_group);
	struct stamp_fields fields;

	*basis = TIME_BASIS_FULL;
	if (template->kind == STAMP_TAI64N)
		return tai64n_instant(value, at);
	if (template->kind != STAMP_FIELDS)
		return epoch_instant(value, template->kind == STAMP_LONG_EPOCH, at);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		fields.at[i] =
			template->groups[i]
				? expression_capture(scratch, template->groups[i])
				: (struct slice){ 0 };
	return stamp_fields_instant(&fields, context, at, basis);
}
