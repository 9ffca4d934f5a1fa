#include "registry/rpsl.h"

#include "registry/charset.h"

#include <string.h>

static struct slice trim_line(struct slice line)
{
	while (line.len &&
	       (line.at[line.len - 1] == '\r' || line.at[line.len - 1] == ' ' ||
		line.at[line.len - 1] == '\t'))
		line.len--;
	return line;
}

static bool continues(struct slice line)
{
	return line.at[0] == ' ' || line.at[0] == '\t' || line.at[0] == '+';
}

static bool is_name(struct slice name)
{
	if (name.len == 0 || name.len > RPSL_NAME_MAX || !ascii_is_alnum(name.at[0]))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.at[i]) && name.at[i] != '-' &&
		    name.at[i] != '_' && name.at[i] != ' ')
			return false;
	return true;
}

static void add_attribute(struct arena *arena, struct rpsl_object *object,
			  struct slice line)
{
	ptrdiff_t colon = slice_find_byte(line, ':');

	if (colon < 0 || !is_name(slice_cut(line, 0, (size_t)colon)) ||
	    object->count == RPSL_ATTRIBUTES_MAX)
		return;
	*LIST_ADD(arena, object) = (struct rpsl_attribute){
		slice_cut(line, 0, (size_t)colon),
		charset_to_utf8(arena, slice_trim(slice_from(line, (size_t)colon + 1))),
	};
}

/* The lines that continue the last attribute, joined at once when all are known: line by
 * line a hostile answer would cost the square of its length.                           */
static void join_lines(struct arena *arena, struct rpsl_object *object,
		       struct slices *lines)
{
	struct slice *value =
		object->count ? &object->at[object->count - 1].value : NULL;
	struct slice joined;
	size_t room = value ? value->len : 0;
	char *at;

	for (size_t i = 0; i < lines->count; i++)
		room += lines->at[i].len + 1;
	if (value && lines->count) {
		at = ARENA_ARRAY(arena, char, room);
		joined = (struct slice){ at, room };
		memcpy(at, value->at ? value->at : "", value->len);
		at += value->len;
		for (size_t i = 0; i < lines->count; i++) {
			*at++ = '\n';
			memcpy(at, lines->at[i].at, lines->at[i].len);
			at += lines->at[i].len;
		}
		*value = joined;
	}
	lines->count = 0;
}

static void read_line(struct arena *arena, struct rpsl_object *object,
		      struct slices *lines, struct slice line)
{
	if (!continues(line)) {
		join_lines(arena, object, lines);
		add_attribute(arena, object, line);
	} else if (lines->count < RPSL_ATTRIBUTES_MAX) {
		*LIST_ADD(arena, lines) =
			charset_to_utf8(arena, slice_trim(slice_from(line, 1)));
	}
}

bool rpsl_next(struct arena *arena, struct cursor *text, struct slices *comments,
	       struct rpsl_object *out)
{
	struct rpsl_object object = { 0 };
	struct slices lines = { 0 };
	struct slice line;

	while (cursor_line(text, &line)) {
		line = trim_line(line);
		if (line.len == 0 && object.count)
			break;
		if (line.len == 0)
			continue;
		if (line.at[0] != '%' && line.at[0] != '#')
			read_line(arena, &object, &lines, line);
		else if (comments && comments->count < RPSL_ATTRIBUTES_MAX)
			*LIST_ADD(arena, comments) = charset_to_utf8(arena, line);
	}
	join_lines(arena, &object, &lines);
	*out = object;
	return object.count != 0;
}

bool rpsl_is(const struct rpsl_object *object, const char *class)
{
	return object->count && slice_equal_nocase(object->at[0].name, slice_of(class));
}

struct slice rpsl_key(const struct rpsl_object *object)
{
	return object->count ? rpsl_plain(object->at[0].value) : slice_of(NULL);
}

struct slice rpsl_get(const struct rpsl_object *object, const char *name)
{
	for (size_t i = 0; i < object->count; i++)
		if (slice_equal_nocase(object->at[i].name, slice_of(name)))
			return object->at[i].value;
	return slice_of(NULL);
}

bool rpsl_has(const struct rpsl_object *object, const char *name, struct slice value)
{
	for (size_t i = 0; i < object->count; i++) {
		struct slice rest = rpsl_plain(object->at[i].value);
		struct slice part;

		if (!slice_equal_nocase(object->at[i].name, slice_of(name)))
			continue;
		while (slice_next(&rest, ',', &part))
			if (slice_equal_nocase(slice_trim(part), value))
				return true;
	}
	return false;
}

struct slice rpsl_plain(struct slice value)
{
	ptrdiff_t hash = slice_find_byte(value, '#');

	return hash < 0 ? value : slice_trim(slice_cut(value, 0, (size_t)hash));
}

bool rpsl_ripe_stops(const struct rpsl_object *object)
{
	static const char *const maintainers[] = { "RIPE-NCC-HM-MNT",
						   "RIPE-NCC-END-MNT",
						   "RIPE-NCC-LEGACY-MNT" };

	for (size_t i = 0; i < COUNT_OF(maintainers); i++)
		if (rpsl_has(object, "mnt-by", slice_of(maintainers[i])) ||
		    rpsl_has(object, "mnt-lower", slice_of(maintainers[i])))
			return true;
	return false;
}
