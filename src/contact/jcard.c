#include "contact/jcard.h"

enum { PROPERTIES_MAX = 200, MAILS_MAX = 32 };

/* ["vcard", [[name, parameters, type, value...], ...]]; anything else has no rows. */
static const struct json_value *property(const struct json_value *vcard_array, size_t i,
					 const char *name)
{
	const struct json_value *row = json_at(json_at(vcard_array, 1), i);

	if (!slice_equal_nocase(json_text(json_at(row, 0)), slice_of(name)))
		return NULL;
	return row;
}

static size_t property_count(const struct json_value *vcard_array)
{
	size_t count = json_count(json_at(vcard_array, 1));

	return count < PROPERTIES_MAX ? count : PROPERTIES_MAX;
}

struct slice jcard_name(const struct json_value *vcard_array)
{
	static const char *const names[] = { "fn", "org" };

	for (size_t n = 0; n < COUNT_OF(names); n++)
		for (size_t i = 0; i < property_count(vcard_array); i++) {
			const struct json_value *row =
				property(vcard_array, i, names[n]);
			const struct json_value *value = json_at(row, 3);

			if (json_is_array(value))
				value = json_at(value, 0);
			if (slice_trim(json_text(value)).len)
				return slice_trim(json_text(value));
		}
	return slice_of(NULL);
}

/* A parameter is a string or a list of strings. */
static bool has_parameter(const struct json_value *row, const char *name,
			  struct slice value)
{
	const struct json_value *parameter = json_get(json_at(row, 1), name);

	if (slice_equal_nocase(json_text(parameter), value))
		return true;
	for (size_t i = 0; i < json_count(parameter) && i < MAILS_MAX; i++)
		if (slice_equal_nocase(json_text(json_at(parameter, i)), value))
			return true;
	return false;
}

static bool is_marked(const struct json_value *row, size_t mark)
{
	if (mark == 0)
		return has_parameter(row, "type", S("abuse"));
	if (mark == 1)
		return has_parameter(row, "pref", S("1")) ||
		       json_integer(json_get(json_at(row, 1), "pref"), 0) == 1;
	return true;
}

static void add_values(struct arena *arena, const struct json_value *row,
		       struct slices *out)
{
	for (size_t i = 3; i < json_count(row) && out->count < MAILS_MAX; i++) {
		struct slice value = slice_trim(json_text(json_at(row, i)));

		if (value.len)
			*LIST_ADD(arena, out) = arena_copy(arena, value);
	}
}

void jcard_mails(struct arena *arena, const struct json_value *vcard_array,
		 bool for_abuse, struct slices *out)
{
	for (size_t mark = for_abuse ? 0 : 2; mark < 3 && out->count == 0; mark++)
		for (size_t i = 0; i < property_count(vcard_array); i++) {
			const struct json_value *row =
				property(vcard_array, i, "email");

			if (row && is_marked(row, mark))
				add_values(arena, row, out);
		}
}
