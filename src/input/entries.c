#include "input/entries.h"

#include "input/entry.h"
#include "input/line.h"
#include "json/reader.h"

#include <stdlib.h>
#include <string.h>

/* A name of a field (systemd.journal-fields(7)); a JSON object of one entry. */
enum { NAME_MAX_BYTES = 64, BLOCK_BYTES = 64 << 10, OBJECT_MAX_BYTES = 4 << 20 };

struct entries {
	enum entries_format format;
	struct entries_source source;
	struct entry entry;
	struct buffer text; /* a line of the export format, or of JSON           */
	struct buffer out;
	size_t given; /* of `out`                                             */
	bool ended, failed;
	struct error failure; /* told at every read behind it                   */
	size_t start, end; /* of the block                                    */
	char block[BLOCK_BYTES];
};

static bool is_name_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || ascii_is_digit(c) || c == '_';
}

enum entries_format entries_format_of(struct slice head)
{
	ptrdiff_t newline = slice_find_byte(head, '\n');
	struct slice first =
		slice_cut(head, 0, newline < 0 ? head.len : (size_t)newline);

	if (slice_starts(first, S("__CURSOR=")))
		return ENTRIES_EXPORT;
	if (slice_starts(first, S("{")) &&
	    slice_find(first, S("\"__REALTIME_TIMESTAMP\"")) >= 0)
		return ENTRIES_JSON;
	return ENTRIES_NONE;
}

struct entries *entries_new(enum entries_format format,
			    const struct entries_source *source)
{
	struct entries *entries = calloc(1, sizeof *entries);

	if (entries == NULL)
		abort();
	entries->format = format;
	entries->source = *source;
	entry_init(&entries->entry);
	buffer_init(&entries->text, OBJECT_MAX_BYTES);
	buffer_init(&entries->out, 4 * LINE_MAX_BYTES);
	return entries;
}

void entries_free(struct entries *entries)
{
	if (entries == NULL)
		return;
	entry_clear(&entries->entry);
	buffer_clear(&entries->text);
	buffer_clear(&entries->out);
	free(entries);
}

/* --- bytes --------------------------------------------------------------------------------------- */

/* 1 there are some, 0 the end, -1. */
static int fill(struct entries *entries, struct error *err)
{
	size_t got = 0;
	int result;

	if (entries->start < entries->end)
		return 1;
	if (entries->ended)
		return 0;
	result = entries->source.read(entries->source.context, entries->block,
				      sizeof entries->block, &got, err);
	entries->ended = got < sizeof entries->block;
	entries->start = 0;
	entries->end = got;
	return got > 0 ? 1 : result;
}

static struct slice waiting(const struct entries *entries)
{
	return (struct slice){ entries->block + entries->start,
			       entries->end - entries->start };
}

/* The next line into `text`, which is failed where the line is longer than it takes. */
static int line_read(struct entries *entries, struct error *err)
{
	int more;

	buffer_reset(&entries->text);
	while ((more = fill(entries, err)) == 1) {
		struct slice bytes = waiting(entries);
		ptrdiff_t newline = slice_find_byte(bytes, '\n');

		if (!entries->text.failed)
			buffer_add(&entries->text,
				   slice_cut(bytes, 0,
					     newline < 0 ? bytes.len
							 : (size_t)newline));
		entries->start += newline < 0 ? bytes.len : (size_t)newline + 1;
		if (newline >= 0)
			return 1;
	}
	return more;
}

/* `count` bytes into `text`, which is failed where they are too many; they are passed by. */
static int bytes_read(struct entries *entries, uint64_t count, struct error *err)
{
	int more;

	buffer_reset(&entries->text);
	entries->text.failed = count > 2 * LINE_MAX_BYTES;
	while (count > 0) {
		struct slice bytes;

		more = fill(entries, err);
		if (more != 1)
			return more;
		bytes = slice_cut(waiting(entries), 0,
				  count < SIZE_MAX ? (size_t)count : SIZE_MAX);
		if (!entries->text.failed)
			buffer_add(&entries->text, bytes);
		entries->start += bytes.len;
		count -= bytes.len;
	}
	return 1;
}

/* --- the export format --------------------------------------------------------------------------- */

static int no_journal(struct error *err)
{
	return error_set(err, ERROR_SYNTAX,
			 "damaged: what follows is no entry of a journal");
}

static bool is_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!is_name_byte(name.at[i]))
			return false;
	return name.len > 0 && name.len <= NAME_MAX_BYTES;
}

static void field_give(struct entries *entries, struct slice name, struct slice value)
{
	if (!entries->text.failed)
		entry_field(&entries->entry, name, value);
	else if (slice_equal(name, S("MESSAGE")))
		entry_message_too_long(&entries->entry);
}

/* The bytes of a field whose name was read. */
static int binary_read(struct entries *entries, struct error *err)
{
	char kept[NAME_MAX_BYTES];
	struct slice name = buffer_slice(&entries->text);
	uint64_t count = 0;
	int more;

	if (!is_name(name))
		return no_journal(err);
	memcpy(kept, name.at, name.len);
	name.at = kept;
	more = bytes_read(entries, 8, err);
	if (more != 1)
		return more;
	for (size_t i = 8; i > 0; i--)
		count = count << 8 | (unsigned char)entries->text.at[i - 1];
	more = bytes_read(entries, count, err);
	if (more != 1)
		return more;
	field_give(entries, name, buffer_slice(&entries->text));
	more = bytes_read(entries, 1, err);
	if (more == 1 && entries->text.at[0] != '\n')
		return no_journal(err);
	return more;
}

/* A line that is too long still begins with its name. */
static int text_read(struct entries *entries, size_t equals, struct error *err)
{
	struct slice line = buffer_slice(&entries->text);
	struct slice name = slice_cut(line, 0, equals);

	if (!is_name(name))
		return no_journal(err);
	field_give(entries, name, slice_from(line, equals + 1));
	return 1;
}

static int export_next(struct entries *entries, struct error *err)
{
	bool any = false;
	int more;

	while ((more = line_read(entries, err)) == 1) {
		struct slice line = buffer_slice(&entries->text);
		ptrdiff_t equals = slice_find_byte(line, '=');

		if (line.len == 0 && !entries->text.failed) {
			if (any)
				return 1;
			continue;
		}
		any = true;
		more = equals >= 0 ? text_read(entries, (size_t)equals, err)
				   : binary_read(entries, err);
		if (more != 1)
			return more;
	}
	return more;
}

/* --- JSON ------------------------------------------------------------------------------------------ */

static void bytes_give(struct entries *entries, struct slice name,
		       const struct json_value *numbers)
{
	struct buffer bytes;

	buffer_init(&bytes, 2 * LINE_MAX_BYTES);
	for (size_t i = 0; i < json_count(numbers); i++)
		buffer_add_byte(&bytes, (char)(unsigned char)json_integer(
						json_at(numbers, i), 0));
	if (!bytes.failed)
		entry_field(&entries->entry, name, buffer_slice(&bytes));
	else if (slice_equal(name, S("MESSAGE")))
		entry_message_too_long(&entries->entry);
	buffer_clear(&bytes);
}

static void value_give(struct entries *entries, struct slice name,
		       const struct json_value *value)
{
	if (json_is_string(value))
		entry_field(&entries->entry, name, json_text(value));
	else if (json_is_array(value) && json_is_number(json_at(value, 0)))
		bytes_give(entries, name, value);
	else if (value != NULL && !json_is_array(value) &&
		 slice_equal(name, S("MESSAGE")))
		entry_message_too_long(&entries->entry); /* null */
}

static void object_give(struct entries *entries, const struct json_value *object)
{
	static const char *const names[] = {
		"MESSAGE",
		"_HOSTNAME",
		"SYSLOG_IDENTIFIER",
		"_COMM",
		"SYSLOG_PID",
		"_PID",
		"_SOURCE_REALTIME_TIMESTAMP",
		"__REALTIME_TIMESTAMP",
		"_SOURCE_MONOTONIC_TIMESTAMP",
		"__MONOTONIC_TIMESTAMP",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const struct json_value *value = json_get(object, names[i]);
		struct slice name = slice_of(names[i]);

		if (json_is_array(value) && !json_is_number(json_at(value, 0)))
			for (size_t j = 0; j < json_count(value); j++)
				value_give(entries, name, json_at(value, j));
		else
			value_give(entries, name, value);
	}
}

static int json_next(struct entries *entries, struct error *err)
{
	struct json *json;
	int more = line_read(entries, err);

	if (more != 1)
		return more;
	if (entries->text.failed) {
		/* its time is somewhere in it; any will do for what is passed over */
		entry_field(&entries->entry, S("__REALTIME_TIMESTAMP"), S("1"));
		entry_message_too_long(&entries->entry);
		return 1;
	}
	if (slice_trim(buffer_slice(&entries->text)).len == 0)
		return 1;
	json = json_read(buffer_slice(&entries->text), OBJECT_MAX_BYTES, err);
	if (json == NULL || !json_is_object(json_root(json))) {
		json_free(json);
		return no_journal(err);
	}
	object_give(entries, json_root(json));
	json_free(json);
	return 1;
}

/* --- lines ------------------------------------------------------------------------------------------- */

/* 1: `out` holds another line, or nothing where the entry made none. */
static int next(struct entries *entries, struct error *err)
{
	int more;

	entry_reset(&entries->entry);
	buffer_reset(&entries->out);
	entries->given = 0;
	more = entries->format == ENTRIES_EXPORT ? export_next(entries, err)
						 : json_next(entries, err);
	if (more == 1)
		(void)entry_line(&entries->entry, &entries->out);
	return more;
}

int entries_read(struct entries *entries, char *out, size_t count, size_t *got,
		 struct error *err)
{
	*got = 0;
	while (*got < count) {
		struct slice left =
			slice_from(buffer_slice(&entries->out), entries->given);
		struct slice now = slice_cut(left, 0, count - *got);

		if (now.len > 0) {
			memcpy(out + *got, now.at, now.len);
			entries->given += now.len;
			*got += now.len;
			continue;
		}
		if (entries->failed) {
			*err = entries->failure;
			return -1;
		}
		switch (next(entries, err)) {
		case 0:
			return 0;
		case -1:
			entries->failed = true;
			entries->failure = *err;
			return -1;
		default:
			break;
		}
	}
	return 0;
}
