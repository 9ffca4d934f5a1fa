#include "registry/fetch.h"

#include "os/file.h"
#include "registry/fetch_get.h"
#include "registry/received.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTEMPTS_MAX = 4, MARK_MAX = 4096 };

struct fetcher {
	const struct fetch_options *options;
	struct arena *arena;
	struct getter *getter;
	struct fetched_list ledger;
};

/* One file. */
struct job {
	struct fetcher *fetcher;
	const struct source *source;
	const char *path, *part_path, *mark_path;
	int part; /* descriptor */
	uint64_t offset; /* bytes of the part that stand */
	uint64_t fetched, whole;
	struct slice mark; /* of the part: "strong ETag or date"; empty: none */
	bool started; /* a body that counts has begun */
	struct error err; /* why our own side stopped it */
	struct fetch_result result;
};

/* ---- paths ------------------------------------------------------------------------- */

static const char *path_in(struct fetcher *fetcher, const char *before,
			   struct slice name, const char *behind)
{
	struct slice path = arena_printf(fetcher->arena, SLICE_FMT "/%s" SLICE_FMT "%s",
					 SLICE_ARG(fetcher->options->folder), before,
					 SLICE_ARG(name), behind);

	return arena_cstr(fetcher->arena, path);
}

/* "rdap/ipv4.json" has its part in ".rdap_ipv4.json.part". */
static void set_paths(struct job *job)
{
	struct fetcher *fetcher = job->fetcher;
	char *flat = arena_cstr(fetcher->arena, job->source->name);

	for (char *at = flat; *at; at++)
		if (*at == '/')
			*at = '_';
	job->path = path_in(fetcher, "", job->source->name, "");
	job->part_path = path_in(fetcher, ".", slice_of(flat), ".part");
	job->mark_path = path_in(fetcher, ".", slice_of(flat), ".mark");
}

static void forget_part(struct job *job)
{
	(void)unlink(job->mark_path);
	(void)unlink(job->part_path);
	job->offset = 0;
	job->mark = slice_of(NULL);
}

/* ---- what stands already ------------------------------------------------------------ */

/* The mark says of which URL and which state of the file the part is. */
static void read_mark(struct job *job)
{
	struct arena *arena = job->fetcher->arena;
	struct buffer text;
	struct slice rest, url, mark;
	struct stat status;
	struct error ignored;

	buffer_init(&text, MARK_MAX);
	if (file_read(job->mark_path, &text, &ignored) == 0 &&
	    stat(job->part_path, &status) == 0) {
		rest = buffer_slice(&text);
		if (slice_next(&rest, '\n', &url) && slice_next(&rest, '\n', &mark) &&
		    slice_equal(url, job->source->url) && mark.len &&
		    status.st_size > 0) {
			job->mark = arena_copy(arena, mark);
			job->offset = (uint64_t)status.st_size;
		}
	}
	buffer_clear(&text);
}

/* Only a strong ETag or a date says that the rest belongs to the same file (RFC 9110
 * section 13.1.5).                                                                      */
static int write_mark(struct job *job, const struct http_answer *answer)
{
	struct arena *arena = job->fetcher->arena;
	struct slice text;

	job->mark = slice_starts(answer->etag, S("\"")) ? answer->etag
							: answer->last_modified;
	job->mark = arena_copy(arena, job->mark);
	text = arena_printf(arena, SLICE_FMT "\n" SLICE_FMT "\n",
			    SLICE_ARG(job->source->url), SLICE_ARG(job->mark));
	return file_write(job->mark_path, FILE_REPLACE, 0644, text, &job->err);
}

/* ---- taking the bytes --------------------------------------------------------------- */

/* "bytes 1000-4999/5000" begins where we stand (RFC 9110 section 14.4). */
static bool continues_ours(const struct job *job, const struct http_answer *answer)
{
	struct slice range = answer->content_range;
	uint64_t first;
	ptrdiff_t dash;

	if (!slice_starts_nocase(range, S("bytes ")))
		return false;
	range = slice_from(range, 6);
	dash = slice_find_byte(range, '-');
	return dash > 0 &&
	       slice_to_u64(slice_cut(range, 0, (size_t)dash), INT64_MAX, &first) ==
		       0 &&
	       first == job->offset;
}

static int start_body(struct job *job, const struct http_answer *answer)
{
	job->started = true;
	if (answer->status == 206 && !continues_ours(job, answer)) {
		forget_part(job);
		return error_set(
			&job->err, ERROR_SYNTAX,
			"it sends another part of the file than was asked for");
	}
	if (answer->status == 200) {
		job->offset = 0;
		if (write_mark(job, answer) != 0)
			return -1;
	}
	job->part = open(job->part_path,
			 O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
				 (answer->status == 200 ? O_TRUNC : 0),
			 0644);
	if (job->part < 0 || lseek(job->part, (off_t)job->offset, SEEK_SET) < 0)
		return error_system(&job->err, errno, "cannot write '%s'",
				    job->part_path);
	job->whole = answer->length > 0 ? job->offset + (uint64_t)answer->length : 0;
	if (job->whole > job->source->max_bytes)
		return error_set(&job->err, ERROR_LIMIT,
				 "it is larger than the %" PRIu64 " MiB allowed for it",
				 job->source->max_bytes >> 20);
	return 0;
}

static bool arrived(void *context, const struct http_answer *so_far, struct slice bytes)
{
	struct job *job = context;
	const struct fetch_options *options = job->fetcher->options;

	if (so_far->status != 200 && so_far->status != 206)
		return true; /* the page of an error */
	if (!job->started && start_body(job, so_far) != 0)
		return false;
	if (job->offset + bytes.len > job->source->max_bytes) {
		error_fill(&job->err, ERROR_LIMIT,
			   "it is larger than the %" PRIu64 " MiB allowed for it",
			   job->source->max_bytes >> 20);
		return false;
	}
	if (file_write_all(job->part, job->part_path, bytes, &job->err) != 0)
		return false;
	job->offset += bytes.len;
	job->fetched += bytes.len;
	if (options->progress)
		options->progress(options->context, job->source, job->offset,
				  job->whole);
	return true;
}

/* ---- one exchange ------------------------------------------------------------------- */

static struct get question(struct job *job)
{
	struct arena *arena = job->fetcher->arena;
	const struct fetched *before =
		fetched_of(&job->fetcher->ledger, job->source->name);
	struct get get = { .url = job->source->url,
			   .arrived = arrived,
			   .context = job };

	if (job->offset) {
		*LIST_ADD(arena, &get.headers) =
			arena_printf(arena, "Range: bytes=%" PRIu64 "-", job->offset);
		*LIST_ADD(arena, &get.headers) = arena_printf(
			arena, "If-Range: " SLICE_FMT, SLICE_ARG(job->mark));
	} else if (before && slice_equal(before->url, job->source->url) &&
		   access(job->path, F_OK) == 0) {
		if (before->etag.len)
			*LIST_ADD(arena, &get.headers) =
				arena_printf(arena, "If-None-Match: " SLICE_FMT,
					     SLICE_ARG(before->etag));
		if (before->last_modified.len)
			*LIST_ADD(arena, &get.headers) =
				arena_printf(arena, "If-Modified-Since: " SLICE_FMT,
					     SLICE_ARG(before->last_modified));
	}
	return get;
}

static void fail(struct job *job, const char *format, ...) PRINTF(2, 3);
static void fail(struct job *job, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	job->result.outcome = FETCH_FAILED;
	job->result.problem = arena_vprintf(job->fetcher->arena, format, args);
	va_end(args);
}

/* Its row, as one that was asked for now. */
static struct fetched *ledger_row(struct fetcher *fetcher, const struct source *source)
{
	struct fetched *row = fetched_of(&fetcher->ledger, source->name);

	if (!row) {
		row = LIST_ADD(fetcher->arena, &fetcher->ledger);
		*row = (struct fetched){ .name = source->name };
	}
	row->asked_at = clock_now(fetcher->options->clock);
	row->fresh_until = 0;
	return row;
}

static void record(struct job *job, const struct get *get)
{
	struct fetcher *fetcher = job->fetcher;
	struct fetched *row = ledger_row(fetcher, job->source);
	int64_t now = row->asked_at;
	struct error err;

	if (get->fresh_s)
		row->fresh_until = now + get->fresh_s * SECOND_US;
	if (job->result.outcome == FETCH_NEW) {
		row->url = job->source->url;
		row->etag = get->etag;
		row->last_modified = get->last_modified;
		row->fetched_at = now;
	}
	if (fetched_write(fetcher->arena, fetcher->options->folder, &fetcher->ledger,
			  &err) != 0)
		fail(job, "%s", err.text);
}

/* That they were tried, from `first` to `last`; where the ledger cannot be written they
 * are tried again.                                                                      */
static void record_failures(struct fetcher *fetcher, size_t first, size_t last)
{
	const struct sources *sources = fetcher->options->sources;
	struct error ignored;

	for (size_t i = first; i <= last; i++)
		(void)ledger_row(fetcher, &sources->at[i]);
	(void)(fetched_write(fetcher->arena, fetcher->options->folder, &fetcher->ledger,
			     &ignored) == 0);
}

/* The published sum; a server without it is no failure. */
static struct slice ask_sum(struct job *job)
{
	struct get get = { .url = arena_printf(job->fetcher->arena, SLICE_FMT ".md5",
					       SLICE_ARG(job->source->url)) };

	if (!job->source->md5)
		return slice_of(NULL);
	get_run(job->fetcher->getter, &get);
	return get.problem.len == 0 && get.status == 200 ? get.body : slice_of(NULL);
}

/* The file's date is that of the data, as the server tells it. */
static int move_into_place(struct job *job, const struct get *get, struct error *err)
{
	struct file_draft draft = { .fd = job->part,
				    .path = strdup(job->path),
				    .temporary = strdup(job->part_path) };

	job->part = -1;
	if (!draft.path || !draft.temporary)
		abort();
	if (get->modified_at) {
		struct timespec times[2];

		times[0].tv_sec = times[1].tv_sec =
			(time_t)(get->modified_at / SECOND_US);
		times[0].tv_nsec = times[1].tv_nsec = 0;
		(void)(futimens(draft.fd, times) == 0);
	}
	if (file_draft_commit(&draft, err) != 0)
		return -1;
	(void)unlink(job->mark_path);
	return 0;
}

static void finish(struct job *job, const struct get *get)
{
	struct received received = { .source = job->source,
				     .path = job->part_path,
				     .old_path = job->path,
				     .md5 = ask_sum(job) };
	struct error err = { 0 };

	if (received_check(&received, &err) != 0) {
		forget_part(job);
		fail(job, "%s", err.text);
		return;
	}
	if (move_into_place(job, get, &err) != 0) {
		fail(job, "%s", err.text);
		return;
	}
	job->result.outcome = FETCH_NEW;
	record(job, get);
}

static void close_part(struct job *job)
{
	if (job->part >= 0)
		close(job->part);
	job->part = -1;
}

/* What the server's status means where no body counts. */
static void judge_status(struct job *job, const struct get *get)
{
	if (get->status == 304) {
		job->result.outcome = FETCH_UNCHANGED;
		record(job, get);
	} else if (get->status == 200 || get->status == 206) {
		fail(job, "it is empty");
	} else {
		fail(job, "the server answered HTTP %ld", get->status);
	}
}

/* True: try again. A transfer that broke goes on at once, as long as it moves. */
static bool attempt(struct job *job)
{
	uint64_t before = job->fetched;
	struct get get = question(job);

	job->started = false;
	get_run(job->fetcher->getter, &get);
	if (job->err.kind != ERROR_NONE) {
		close_part(job);
		if (job->err.kind == ERROR_LIMIT)
			forget_part(job);
		fail(job, "%s", job->err.text);
		return false;
	}
	if (get.problem.len) {
		close_part(job);
		job->result.unreached = !job->started;
		if (job->started && job->mark.len == 0)
			forget_part(job);
		fail(job, SLICE_FMT "%s", SLICE_ARG(get.problem),
		     job->offset ? "; what came is kept, and the next update goes on "
				   "from there"
				 : "");
		return job->started && job->fetched > before;
	}
	if (get.status == 416 && job->offset) {
		forget_part(job);
		return true;
	}
	if (job->started)
		finish(job, &get);
	else
		judge_status(job, &get);
	close_part(job);
	return false;
}

/* False: it was not updated. */
static bool fetch_one(struct fetcher *fetcher, const struct source *source)
{
	struct job job = { .fetcher = fetcher,
			   .source = source,
			   .part = -1,
			   .result = { .source = source } };
	struct stat status;
	unsigned attempts = 1;

	set_paths(&job);
	read_mark(&job);
	while (attempt(&job) && attempts < ATTEMPTS_MAX)
		attempts++;
	job.result.fetched = job.fetched;
	if (stat(job.path, &status) == 0) {
		job.result.kept = true;
		job.result.bytes = (uint64_t)status.st_size;
		job.result.dated_at = (int64_t)status.st_mtim.tv_sec * SECOND_US;
	}
	fetcher->options->ended(fetcher->options->context, &job.result);
	return job.result.outcome != FETCH_FAILED;
}

/* ---- the run ------------------------------------------------------------------------ */

static int make_folders(struct fetcher *fetcher, struct error *err)
{
	const struct sources *sources = fetcher->options->sources;

	if (file_make_folder(arena_cstr(fetcher->arena, fetcher->options->folder),
			     err) != 0)
		return -1;
	for (size_t i = 0; i < sources->count; i++) {
		ptrdiff_t slash = slice_find_byte(sources->at[i].name, '/');

		if (slash > 0 && file_make_folder(path_in(fetcher, "",
							  slice_cut(sources->at[i].name,
								    0, (size_t)slash),
							  ""),
						  err) != 0)
			return -1;
	}
	return 0;
}

/* Held as long as the descriptor is open; it goes with the process, however that ends. */
static int lock(struct fetcher *fetcher, int *out, struct error *err)
{
	const char *path = path_in(fetcher, "", S(".lock"), "");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return error_system(err, errno, "cannot open '%s'", path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return error_set(
			err, ERROR_RETRY,
			"another 'tipoff registry update' is fetching into '" SLICE_FMT
			"': wait for its end",
			SLICE_ARG(fetcher->options->folder));
	}
	*out = fd;
	return 0;
}

static void fetch_all(struct fetcher *fetcher)
{
	const struct sources *sources = fetcher->options->sources;

	for (size_t i = 0; i < sources->count; i++) {
		bool ends = fetcher->options->patience_ms != 0;

		if (fetch_one(fetcher, &sources->at[i]))
			continue;
		record_failures(fetcher, i, ends ? sources->count - 1 : i);
		if (ends)
			return;
	}
}

int fetch_run(struct arena *arena, const struct fetch_options *options,
	      struct error *err)
{
	struct fetcher fetcher = { .options = options, .arena = arena };
	int locked = -1;

	if (make_folders(&fetcher, err) != 0 || lock(&fetcher, &locked, err) != 0)
		return -1;
	fetcher.getter =
		getter_new(arena, options->settings, options->patience_ms, err);
	if (!fetcher.getter) {
		close(locked);
		return -1;
	}
	fetched_read(arena, options->folder, &fetcher.ledger);
	fetch_all(&fetcher);
	getter_free(fetcher.getter);
	close(locked);
	return 0;
}
