#include "contact/more.h"

#include "base/clock.h"
#include "base/cursor.h"
#include "contact/provider.h"
#include "json/reader.h"

enum { MORE_MAX = 10, MORE_MAX_BYTES = 64 * 1024 };

void ripestat_read(struct arena *arena, struct slice json, struct slices *out)
{
	struct error ignored;
	struct json *document = json_read(json, MORE_MAX_BYTES, &ignored);
	const struct json_value *list =
		json_get(json_get(document ? json_root(document) : NULL, "data"),
			 "abuse_contacts");

	for (size_t i = 0; i < json_count(list) && out->count < MORE_MAX; i++)
		if (json_text(json_at(list, i)).len)
			*LIST_ADD(arena, out) =
				arena_copy(arena, json_text(json_at(list, i)));
	json_free(document);
}

/* The value of a field, where the line is one of it. */
static bool field_of(struct slice line, struct slice name, struct slice *value)
{
	if (!slice_starts_nocase(line, name))
		return false;
	*value = slice_trim(slice_from(line, name.len));
	return true;
}

static bool has_expired(struct slice text, int64_t now)
{
	struct cursor cursor = cursor_of(text);
	struct slice line, value;
	int64_t at;

	while (cursor_line(&cursor, &line))
		if (field_of(line, S("Expires:"), &value) &&
		    time_parse(value, &at) == 0 && at < now)
			return true;
	return false;
}

void security_txt_read(struct arena *arena, struct slice text, int64_t now,
		       struct slices *out)
{
	struct cursor cursor;
	struct slice line, value;

	text = slice_cut(text, 0, MORE_MAX_BYTES);
	if (has_expired(text, now))
		return;
	cursor = cursor_of(text);
	while (cursor_line(&cursor, &line) && out->count < MORE_MAX)
		if (field_of(line, S("Contact:"), &value) &&
		    slice_starts_nocase(value, S("mailto:")))
			*LIST_ADD(arena, out) =
				arena_copy(arena, slice_from(value, S("mailto:").len));
}

static void add(struct arena *arena, uint32_t number, struct origins *out)
{
	for (size_t i = 0; i < out->count; i++)
		if (out->at[i] == number)
			return;
	if (out->count < MORE_MAX)
		*LIST_ADD(arena, out) = number;
}

void origin_text_read(struct arena *arena, struct slice text,
		      const struct address *about, struct origins *out)
{
	struct slice numbers = table_field(&text), prefix = table_field(&text), part;
	struct range range;
	uint64_t number;

	if (range_parse(prefix, &range) < 0 || !range_contains(&range, about))
		return;
	while (slice_next(&numbers, ' ', &part))
		if (slice_to_u64(part, UINT32_MAX, &number) == 0 && number)
			add(arena, (uint32_t)number, out);
}
