/* The ledger of a folder of dumps: a line a file, fields separated by tabs. */
#include "registry/fetch.h"

#include "os/file.h"

#include <inttypes.h>

/* The last field came later: a row without it is one that says nothing there. */
enum { LEDGER_MAX_BYTES = 1 << 20, FIELDS = 7, FIELDS_MIN = 6 };

static struct slice ledger_path(struct arena *arena, struct slice folder)
{
	return slice_of(arena_cstr(arena, arena_printf(arena, SLICE_FMT "/.ledger",
						       SLICE_ARG(folder))));
}

static bool read_line(struct arena *arena, struct slice line, struct fetched *out)
{
	struct slice field[FIELDS] = { 0 };
	uint64_t fetched, asked, fresh = 0;
	size_t count = 0;

	while (count < FIELDS && slice_next(&line, '\t', &field[count]))
		count++;
	if (count < FIELDS_MIN || slice_to_u64(field[4], INT64_MAX, &fetched) != 0 ||
	    slice_to_u64(field[5], INT64_MAX, &asked) != 0 ||
	    (count == FIELDS && slice_to_u64(field[6], INT64_MAX, &fresh) != 0))
		return false;
	*out = (struct fetched){ .name = arena_copy(arena, field[0]),
				 .url = arena_copy(arena, field[1]),
				 .etag = arena_copy(arena, field[2]),
				 .last_modified = arena_copy(arena, field[3]),
				 .fetched_at = (int64_t)fetched,
				 .asked_at = (int64_t)asked,
				 .fresh_until = (int64_t)fresh };
	return true;
}

void fetched_read(struct arena *arena, struct slice folder, struct fetched_list *out)
{
	struct buffer text;
	struct slice rest, line;
	struct error ignored;

	*out = (struct fetched_list){ 0 };
	buffer_init(&text, LEDGER_MAX_BYTES);
	if (file_read(ledger_path(arena, folder).at, &text, &ignored) == 0) {
		rest = buffer_slice(&text);
		while (slice_next(&rest, '\n', &line)) {
			struct fetched row;

			if (read_line(arena, line, &row))
				*LIST_ADD(arena, out) = row;
		}
	}
	buffer_clear(&text);
}

int fetched_write(struct arena *arena, struct slice folder,
		  const struct fetched_list *list, struct error *err)
{
	struct buffer text;
	int result;

	buffer_init(&text, LEDGER_MAX_BYTES);
	for (size_t i = 0; i < list->count; i++) {
		const struct fetched *row = &list->at[i];

		buffer_printf(&text,
			      SLICE_FMT "\t" SLICE_FMT "\t" SLICE_FMT "\t" SLICE_FMT
					"\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\n",
			      SLICE_ARG(row->name), SLICE_ARG(row->url),
			      SLICE_ARG(row->etag), SLICE_ARG(row->last_modified),
			      row->fetched_at, row->asked_at, row->fresh_until);
	}
	result = file_write(ledger_path(arena, folder).at, FILE_REPLACE, 0644,
			    buffer_slice(&text), err);
	buffer_clear(&text);
	return result;
}

struct fetched *fetched_of(const struct fetched_list *list, struct slice name)
{
	for (size_t i = 0; i < list->count; i++)
		if (slice_equal(list->at[i].name, name))
			return &list->at[i];
	return NULL;
}
