#include "registry/received.h"

#include "base/md5.h"
#include "input/gzip.h"
#include "input/input.h"
#include "json/reader.h"
#include "registry/index_builder.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Longer than any registry's header of comments. */
enum { HEAD_BYTES = 64 * 1024 };

/* ---- sums --------------------------------------------------------------------------- */

/* The first 32 hex digits that stand alone: "MD5 (file) = hash", "hash  file". */
static struct slice published_sum(struct slice text)
{
	size_t run = 0;

	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && ascii_is_xdigit(text.at[i])) {
			run++;
			continue;
		}
		if (run == 32)
			return slice_cut(text, i - 32, i);
		run = 0;
	}
	return slice_of(NULL);
}

static int check_sum(const struct received *received, struct slice bytes,
		     struct error *err)
{
	struct slice wanted = published_sum(received->md5);
	struct hex sum;

	if (wanted.len == 0)
		return 0;
	sum = md5_of(bytes);
	if (sum.text[0] && !slice_equal_nocase(wanted, slice_of(sum.text)))
		return error_set(
			err, ERROR_SYNTAX,
			"its MD5 sum is not the published one: the transfer is "
			"broken, or the file changed meanwhile");
	return 0;
}

/* ---- kinds -------------------------------------------------------------------------- */

static bool begins_like_page(struct slice bytes)
{
	if (slice_starts(bytes, S("\xef\xbb\xbf")))
		bytes = slice_from(bytes, 3);
	bytes = slice_trim(slice_cut(bytes, 0, HEAD_BYTES));
	return slice_starts(bytes, S("<"));
}

static bool is_gzip(struct slice bytes)
{
	return slice_starts(bytes, S("\x1f\x8b"));
}

/* A line that begins an object of a kind that the index reads. */
static bool begins_object(struct slice line)
{
	static const char *const classes[] = {
		"inetnum:", "inet6num:", "aut-num:", "organisation:", "role:",  "irt:",
		"route:",   "route6:",   "person:",  "as-block:",     "mntner:"
	};

	for (size_t i = 0; i < COUNT_OF(classes); i++)
		if (slice_starts_nocase(line, slice_of(classes[i])))
			return true;
	return false;
}

/* Unpacked already up to its end by gzip_measure(): its beginning is enough. */
static int check_database(const struct received *received, struct error *err)
{
	struct input_file file = { .path = received->path };
	struct input *input = input_open(&file, NULL, err);
	struct input_chunk chunk;
	bool found = false;
	int more = 0;

	if (!input)
		return -1;
	while (!found && (more = input_next(input, &chunk, err)) > 0) {
		struct line line;

		while (!found && input_chunk_line(&chunk, &line))
			found = begins_object(line.text);
	}
	input_free(input);
	if (more < 0)
		return -1;
	return found ? 0 : error_set(err, ERROR_SYNTAX, "there is no object in it");
}

/* Read as the build will read it. */
static int check_statistics(const struct received *received, struct error *err)
{
	struct arena *arena = arena_new();
	struct index_counts counts = { 0 };
	struct index_builder builder;
	struct index_file file = { .path = slice_of(received->path),
				   .name = received->source->name,
				   .registry =
					   registry_named(received->source->registry),
				   .statistics = true };
	int result;

	index_builder_init(&builder, arena, &counts);
	result = index_read_statistics(&builder, &file, err);
	index_builder_clear(&builder);
	arena_free(arena);
	return result;
}

static int check_bootstrap(struct slice bytes, uint64_t max_bytes, struct error *err)
{
	struct json *json = json_read(bytes, (size_t)max_bytes, err);
	bool known;

	if (!json)
		return error_context(err, "no bootstrap file");
	known = json_count(json_get(json_root(json), "services")) > 0;
	json_free(json);
	return known ? 0
		     : error_set(err, ERROR_SYNTAX,
				 "no bootstrap file: there are no services in it");
}

static int check_kind(const struct received *received, struct slice bytes,
		      struct error *err)
{
	switch (received->source->kind) {
	case SOURCE_DATABASE:
		return check_database(received, err);
	case SOURCE_STATISTICS:
		return check_statistics(received, err);
	default:
		return check_bootstrap(bytes, received->source->max_bytes, err);
	}
}

/* ---- the whole ---------------------------------------------------------------------- */

static int check_packing(const struct received *received, struct slice bytes,
			 struct error *err)
{
	const struct source *source = received->source;
	uint64_t unpacked;

	if (begins_like_page(bytes))
		return error_set(err, ERROR_SYNTAX,
				 "a page for browsers came instead of the data");
	if (!is_gzip(bytes))
		return slice_ends(source->name, S(".gz"))
			       ? error_set(err, ERROR_SYNTAX, "it is no gzip file")
			       : 0;
	return gzip_measure(received->path, source->max_unpacked, &unpacked, err);
}

static int check_size(const struct received *received, struct slice bytes,
		      struct error *err)
{
	struct stat old;

	if (stat(received->old_path, &old) != 0 ||
	    bytes.len >= (uint64_t)old.st_size / 2)
		return 0;
	return error_set(
		err, ERROR_SYNTAX,
		"it is far smaller than the one before (%zu bytes, not %jd): if "
		"that is right, remove that file and fetch again",
		bytes.len, (intmax_t)old.st_size);
}

static int check_bytes(const struct received *received, struct slice bytes,
		       struct error *err)
{
	if (check_packing(received, bytes, err) != 0 ||
	    check_sum(received, bytes, err) != 0 ||
	    check_size(received, bytes, err) != 0)
		return -1;
	return check_kind(received, bytes, err);
}

int received_check(const struct received *received, struct error *err)
{
	struct stat status;
	int fd = open(received->path, O_RDONLY | O_CLOEXEC);
	int result = -1;
	void *at;

	if (fd < 0 || fstat(fd, &status) != 0) {
		error_system(err, errno, "cannot read '%s'", received->path);
		goto close_fd;
	}
	if (status.st_size == 0) {
		error_set(err, ERROR_SYNTAX, "it is empty");
		goto close_fd;
	}
	at = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED) {
		error_system(err, errno, "cannot read '%s'", received->path);
		goto close_fd;
	}
	result = check_bytes(received, (struct slice){ at, (size_t)status.st_size },
			     err);
	munmap(at, (size_t)status.st_size);
close_fd:
	if (fd >= 0)
		close(fd);
	return result;
}
