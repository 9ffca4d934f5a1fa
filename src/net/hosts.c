#include "net/hosts.h"

#include "base/buffer.h"
#include "base/cursor.h"
#include "os/file.h"

static bool label_valid(struct slice label)
{
	if (label.len == 0 || label.len > 63)
		return false;
	if (label.at[0] == '-' || label.at[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!ascii_is_alnum(label.at[i]) && label.at[i] != '-' &&
		    label.at[i] != '_')
			return false;
	return true;
}

static bool all_digits(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_digit(s.at[i]))
			return false;
	return true;
}

static struct slice without_final_dot(struct slice name)
{
	return slice_ends(name, S(".")) ? slice_cut(name, 0, name.len - 1) : name;
}

bool host_name_valid(struct slice name)
{
	struct slice rest = without_final_dot(name), label = { NULL, 0 };

	if (rest.len == 0 || rest.len > 253)
		return false;
	while (slice_next(&rest, '.', &label))
		if (!label_valid(label))
			return false;
	return !all_digits(label);
}

struct slice host_name_canonical(struct arena *arena, struct slice name)
{
	return arena_lower(arena, without_final_dot(name));
}

/* The next word of a line; empty at its end. */
static struct slice word(struct cursor *cursor)
{
	struct slice rest;
	size_t len = 0;

	cursor_spaces(cursor);
	rest = cursor_rest(cursor);
	while (len < rest.len && !ascii_is_space(rest.at[len]))
		len++;
	return cursor_take(cursor, len);
}

static int row_parse(struct arena *arena, struct slice line, struct hosts *out,
		     struct error *err)
{
	struct cursor cursor = cursor_of(line);
	struct slice first = word(&cursor), name = word(&cursor);
	struct address address;

	if (first.len == 0)
		return 0;
	if (address_parse(first, &address) != 0)
		return error_set(err, ERROR_CONFIG,
				 "'" SLICE_FMT
				 "' is no address; write: ADDRESS NAME...",
				 SLICE_ARG(first));
	if (name.len == 0)
		return error_set(err, ERROR_CONFIG, "no name behind '" SLICE_FMT "'",
				 SLICE_ARG(first));
	for (; name.len; name = word(&cursor)) {
		if (!host_name_valid(name))
			return error_set(err, ERROR_CONFIG,
					 "'" SLICE_FMT "' is no host name",
					 SLICE_ARG(name));
		*LIST_ADD(arena, out) =
			(struct hosts_row){ address, host_name_canonical(arena, name) };
	}
	return 0;
}

int hosts_parse(struct arena *arena, struct slice path, struct slice text,
		struct hosts *out, struct error *err)
{
	struct cursor cursor = cursor_of(text);
	struct hosts hosts = { 0 };
	struct slice line;

	for (int number = 1; cursor_line(&cursor, &line); number++) {
		ptrdiff_t comment = slice_find_byte(line, '#');

		if (comment >= 0)
			line = slice_cut(line, 0, (size_t)comment);
		if (row_parse(arena, line, &hosts, err) != 0)
			return error_context(err, SLICE_FMT ":%d", SLICE_ARG(path),
					     number);
	}
	*out = hosts;
	return 0;
}

int hosts_read(struct arena *arena, struct slice path, struct hosts *out,
	       struct error *err)
{
	struct buffer text;
	int status;

	buffer_init(&text, HOSTS_MAX_BYTES);
	status = file_read(arena_cstr(arena, path), &text, err);
	if (status == 0)
		status = hosts_parse(arena, path, buffer_slice(&text), out, err);
	buffer_clear(&text);
	return status;
}

void hosts_addresses(const struct hosts *hosts, struct arena *arena, struct slice name,
		     struct addresses *out)
{
	struct slice wanted = without_final_dot(name);

	for (size_t i = 0; i < hosts->count; i++)
		if (slice_equal_nocase(hosts->at[i].name, wanted))
			*LIST_ADD(arena, out) = hosts->at[i].address;
}

void hosts_names(const struct hosts *hosts, struct arena *arena,
		 const struct address *address, struct slices *out)
{
	for (size_t i = 0; i < hosts->count; i++)
		if (address_equal(&hosts->at[i].address, address))
			*LIST_ADD(arena, out) = hosts->at[i].name;
}
