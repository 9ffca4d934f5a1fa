#include "input/journal.h"

#include "input/entry.h"
#include "input/line.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

struct journal {
	sd_journal *handle;
	const char *place;
	struct entry entry;
	bool stands; /* at an entry that was not given yet                        */
};

static int journal_error(const struct journal *journal, int status, struct error *err)
{
	return error_system(err, -status, "cannot read the journal '%s'",
			    journal->place);
}

static int match_add(struct journal *journal, struct slice match, struct error *err)
{
	int status =
		slice_equal(match, S("+"))
			? sd_journal_add_disjunction(journal->handle)
			: sd_journal_add_match(journal->handle, match.at, match.len);

	if (status == -EINVAL)
		return error_set(err, ERROR_CONFIG,
				 "'" SLICE_FMT "' matches no entry of a journal: write "
				 "FIELD=VALUE, as in _SYSTEMD_UNIT=ssh.service",
				 SLICE_ARG(match));
	return status < 0 ? journal_error(journal, status, err) : 0;
}

static int set_up(struct journal *journal, const struct journal_options *options,
		  struct error *err)
{
	bool is_system = strcmp(options->place, "system") == 0;
	int status =
		is_system ? sd_journal_open(&journal->handle,
					    SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM)
			  : sd_journal_open_directory(&journal->handle, options->place,
						      0);

	if (status == -ENOENT || status == -ENOTDIR)
		return error_set(err, ERROR_NOT_FOUND,
				 "no journal '%s': name a folder of journal files, or "
				 "'system' for that of this machine",
				 options->place);
	if (status < 0)
		return journal_error(journal, status, err);
	(void)sd_journal_set_data_threshold(journal->handle, 2 * LINE_MAX_BYTES);
	for (size_t i = 0; i < options->match_count; i++)
		if (match_add(journal, options->matches[i], err) != 0)
			return -1;
	return 0;
}

struct journal *journal_open(const struct journal_options *options, struct error *err)
{
	struct journal *journal = calloc(1, sizeof *journal);

	if (journal == NULL)
		abort();
	journal->place = options->place;
	entry_init(&journal->entry);
	if (set_up(journal, options, err) == 0)
		return journal;
	journal_free(journal);
	return NULL;
}

void journal_free(struct journal *journal)
{
	if (journal == NULL)
		return;
	sd_journal_close(journal->handle);
	entry_clear(&journal->entry);
	free(journal);
}

int journal_seek(struct journal *journal, struct slice cursor, int64_t since,
		 struct error *err)
{
	struct arena *arena = arena_new();
	const char *text = arena_cstr(arena, cursor);
	int status;

	if (cursor.len > 0)
		status = sd_journal_seek_cursor(journal->handle, text);
	else if (since > 0)
		status =
			sd_journal_seek_realtime_usec(journal->handle, (uint64_t)since);
	else
		status = sd_journal_seek_head(journal->handle);
	if (status >= 0 && cursor.len > 0) {
		status = sd_journal_next(journal->handle);
		/* that very entry was given; another one in its place was not */
		journal->stands = status > 0 &&
				  sd_journal_test_cursor(journal->handle, text) <= 0;
	}
	arena_free(arena);
	return status < 0 ? journal_error(journal, status, err) : 0;
}

static void fields_read(struct journal *journal)
{
	const void *at;
	size_t len;

	SD_JOURNAL_FOREACH_DATA(journal->handle, at, len)
	{
		struct slice field = { at, len };
		ptrdiff_t equals = slice_find_byte(field, '=');
		struct slice name =
			slice_cut(field, 0, equals < 0 ? len : (size_t)equals);

		entry_field(&journal->entry, name, slice_from(field, name.len + 1));
	}
}

static void times_read(struct journal *journal)
{
	uint64_t at = 0, monotonic = 0;
	sd_id128_t boot;

	if (sd_journal_get_realtime_usec(journal->handle, &at) >= 0)
		journal->entry.at = at;
	if (sd_journal_get_monotonic_usec(journal->handle, &monotonic, &boot) >= 0)
		journal->entry.monotonic = monotonic;
}

int journal_next(struct journal *journal, struct buffer *line, struct error *err)
{
	int status = journal->stands ? 1 : sd_journal_next(journal->handle);

	journal->stands = false;
	if (status < 0)
		return journal_error(journal, status, err);
	if (status == 0)
		return 0;
	entry_reset(&journal->entry);
	times_read(journal);
	fields_read(journal);
	buffer_reset(line);
	(void)entry_line(&journal->entry, line);
	return 1;
}

int journal_cursor(struct journal *journal, struct slice *out, struct arena *arena,
		   struct error *err)
{
	char *cursor = NULL;
	int status = sd_journal_get_cursor(journal->handle, &cursor);

	if (status < 0)
		return journal_error(journal, status, err);
	*out = arena_copy(arena, slice_of(cursor));
	free(cursor);
	return 0;
}

int journal_descriptor(struct journal *journal)
{
	int fd = sd_journal_get_fd(journal->handle);

	return fd < 0 ? -1 : fd;
}

void journal_process(struct journal *journal)
{
	(void)sd_journal_process(journal->handle);
}

bool journal_is_there(void)
{
	return access("/var/log/journal", R_OK) == 0 ||
	       access("/run/log/journal", R_OK) == 0;
}
