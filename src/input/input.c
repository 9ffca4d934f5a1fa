#include "input/input.h"

#include "input/binary.h"
#include "input/stream.h"
#include "input/tail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 512 * 1024 };

_Static_assert((int)INPUT_PRINT_BYTES == (int)TAIL_BYTES, "one size for both ends");

struct input {
	struct stream *stream;
	const char *path;
	size_t block_bytes, line_max_bytes;

	/* buffer[start..end) was read and not yet given. */
	char *buffer;
	size_t start, end;

	uint64_t offset; /* of buffer[start] */
	uint64_t line; /* the number of the line that begins there */
	bool skipping; /* in a line whose rest is dropped, up to its newline */
	bool torn; /* because its first part was given as a line */
	bool ended;
	bool failed; /* and `failure` is still to be told */
	struct error failure;

	struct input_counts counts;
	size_t head_len;
	char head[INPUT_PRINT_BYTES];
	struct tail tail;
};

static int read_head(struct input *input, struct error *err)
{
	struct error damage = { 0 };
	const char *advice;

	/* Damage in the first bytes is told by input_next(), after what comes before. */
	if (stream_read(input->stream, input->head, sizeof input->head,
			&input->head_len, &damage) != 0 &&
	    damage.kind != ERROR_SYNTAX) {
		*err = damage;
		return -1;
	}
	advice = binary_advice((struct slice){ input->head, input->head_len });
	if (advice != NULL)
		return error_set(err, ERROR_REFUSED, "'%s' %s", input->path, advice);
	return stream_seek(input->stream, 0, err);
}

static char *buffer_new(const struct input *input)
{
	/* Room for the longest line in progress, CR LF included, and a block after it. */
	return malloc(input->line_max_bytes + 2 + input->block_bytes);
}

static int set_up(struct input *input, const struct input_file *file, struct error *err)
{
	const struct raw_source source = {
		.path = input->path,
		.links = file->is_found ? FILE_LINKS_REFUSE : FILE_LINKS_FOLLOW,
		.fd = file->is_open ? &file->fd : NULL,
	};

	input->buffer = buffer_new(input);
	if (input->buffer == NULL)
		return error_system(err, ENOMEM, "cannot read '%s'", input->path);
	input->stream = stream_open(&source, err);
	return input->stream == NULL ? -1 : read_head(input, err);
}

struct input *input_open(const struct input_file *file,
			 const struct input_options *options, struct error *err)
{
	struct input *input = calloc(1, sizeof *input);
	struct input_options wanted =
		options != NULL ? *options : (struct input_options){ 0 };

	if (input == NULL) {
		error_system(err, ENOMEM, "cannot read '%s'", file->path);
		return NULL;
	}
	input->path = file->path;
	input->line = 1;
	input->block_bytes = wanted.block_bytes ? wanted.block_bytes : BLOCK_BYTES;
	input->line_max_bytes =
		wanted.line_max_bytes ? wanted.line_max_bytes : LINE_MAX_BYTES;
	if (set_up(input, file, err) == 0)
		return input;
	input_free(input);
	return NULL;
}

void input_free(struct input *input)
{
	if (input == NULL)
		return;
	stream_free(input->stream);
	free(input->buffer);
	free(input);
}

bool input_head(const struct input *input, uint32_t len, struct sha256 *head)
{
	bool has = len <= input->head_len;

	*head = sha256_of((struct slice){ input->head, has ? len : 0 });
	return has;
}

void input_head_grow(struct input *input)
{
	char now[INPUT_PRINT_BYTES];
	size_t got;

	if (input->head_len == sizeof input->head)
		return;
	got = stream_beginning(input->stream, now, sizeof now);
	if (got <= input->head_len || memcmp(now, input->head, input->head_len) != 0)
		return;
	memcpy(input->head, now, got);
	input->head_len = got;
}

bool input_is_file(const struct input *input)
{
	return stream_is_file(input->stream);
}

static bool same_hash(const struct sha256 *a, const struct sha256 *b)
{
	return slice_equal(sha256_slice(a), sha256_slice(b));
}

bool input_position_fits(const struct input *input,
			 const struct input_position *position)
{
	struct sha256 head;

	return input_head(input, position->head_len, &head) &&
	       same_hash(&head, &position->head);
}

/* 1: the bytes before the position are the same, 0: they are not, -1: cannot read. */
static int check_tail(struct input *input, const struct input_position *position,
		      struct error *err)
{
	struct sha256 hash;
	size_t got = 0;

	if (stream_seek(input->stream, position->offset - position->tail_len, err) !=
		    0 ||
	    stream_read(input->stream, input->tail.at, position->tail_len, &got, err) !=
		    0) {
		if (err->kind != ERROR_SYNTAX)
			return -1;
		got = 0; /* damaged before the position: as if it ended there */
	}
	if (got < position->tail_len)
		return error_set(
			err, ERROR_REFUSED,
			"'%s' is an older, shorter copy of a log that was read "
			"already: nothing in it is new",
			input->path);
	hash = sha256_of((struct slice){ input->tail.at, got });
	input->tail.len = got;
	return same_hash(&hash, &position->tail);
}

static int start_over(struct input *input, struct error *err)
{
	input->tail.len = 0;
	return stream_seek(input->stream, 0, err);
}

int input_seek(struct input *input, const struct input_position *position,
	       struct error *err)
{
	struct error ignored = { 0 };
	int fits = 0;

	if (position->tail_len <= TAIL_BYTES &&
	    position->tail_len <= position->offset &&
	    input_position_fits(input, position))
		fits = check_tail(input, position, err);
	if (fits < 0) {
		(void)start_over(input, &ignored);
		return -1;
	}
	if (fits == 0) {
		if (start_over(input, err) != 0)
			return -1;
		return error_set(err, ERROR_NOT_FOUND, "'%s' is another log",
				 input->path);
	}
	input->offset = position->offset;
	input->line = position->line;
	/* Bytes that follow an unterminated line which was given are no line of theirs:
	 * whoever wrote them would have chosen where it begins.                       */
	input->skipping =
		position->tail_len > 0 && input->tail.at[input->tail.len - 1] != '\n';
	input->torn = input->skipping;
	return 0;
}

/* The head is what was given: the log may have been written anew since it was opened, and
 * a position that has another log's head would have all of this one read again.       */
static void keep_head(struct input *input, struct slice passed)
{
	size_t room = input->offset < INPUT_PRINT_BYTES
			      ? INPUT_PRINT_BYTES - (size_t)input->offset
			      : 0;
	size_t count = passed.len < room ? passed.len : room;

	if (count == 0)
		return;
	memcpy(input->head + input->offset, passed.at, count);
	if (input->head_len < input->offset + count)
		input->head_len = (size_t)input->offset + count;
}

/* Passes over buffer[start..start + count): given or dropped. */
static void advance(struct input *input, size_t count)
{
	keep_head(input, (struct slice){ input->buffer + input->start, count });
	tail_add(&input->tail, (struct slice){ input->buffer + input->start, count });
	input->start += count;
	input->offset += count;
}

static struct slice waiting(const struct input *input)
{
	return (struct slice){ input->buffer + input->start,
			       input->end - input->start };
}

/* Up to and with the newline that ends a dropped line; all of it where there is none. */
static void skip_rest(struct input *input)
{
	struct slice bytes = waiting(input);
	ptrdiff_t newline = slice_find_byte(bytes, '\n');
	size_t count = newline < 0 ? bytes.len : (size_t)newline + 1;

	if (input->torn && slice_trim(slice_cut(bytes, 0, count)).len > 0) {
		input->counts.torn_lines++;
		input->torn = false;
	}
	if (newline >= 0)
		input->skipping = input->torn = false;
	advance(input, count);
}

static void begin_long_line(struct input *input)
{
	input->skipping = true;
	input->counts.long_lines++;
	input->counts.lines++;
	input->line++;
	skip_rest(input);
}

/* Reads a block behind what waits, which holds no newline and is not too long. */
static void read_block(struct input *input)
{
	struct slice rest = waiting(input);
	size_t got = 0;

	memmove(input->buffer, rest.at, rest.len);
	input->start = 0;
	input->end = rest.len;
	if (stream_read(input->stream, input->buffer + input->end, input->block_bytes,
			&got, &input->failure) != 0)
		input->failed = input->ended = true;
	if (got < input->block_bytes)
		input->ended = true;
	input->end += got;
	input->counts.bytes += got;
}

struct slice input_line_text(struct slice stored)
{
	if (slice_ends(stored, S("\n")))
		stored.len--;
	if (slice_ends(stored, S("\r")))
		stored.len--;
	return stored;
}

bool input_stored_line(struct slice *bytes, struct slice *stored)
{
	const char *newline;

	if (bytes->len == 0)
		return false;
	newline = memchr(bytes->at, '\n', bytes->len);
	*stored = *bytes;
	if (newline != NULL)
		stored->len = (size_t)(newline - bytes->at) + 1;
	bytes->at += stored->len;
	bytes->len -= stored->len;
	return true;
}

bool input_stored_last(struct slice *bytes, struct slice *stored)
{
	const char *newline;
	size_t start = 0;

	if (bytes->len == 0)
		return false;
	newline = memrchr(bytes->at, '\n', bytes->len - 1);
	if (newline != NULL)
		start = (size_t)(newline - bytes->at) + 1;
	*stored = slice_from(*bytes, start);
	bytes->len = start;
	return true;
}

static uint64_t lines_count(struct slice bytes)
{
	return slice_count_byte(bytes, '\n') +
	       (bytes.len > 0 && bytes.at[bytes.len - 1] != '\n');
}

/* Whether a line may be over `max`: only where no newline stands in some stretch of that
 * length, so only few bytes are looked at.                                            */
static bool has_long_line(struct slice bytes, size_t max)
{
	size_t start = 0;

	while (bytes.len - start > max) {
		const char *newline = memrchr(bytes.at + start, '\n', max + 1);

		if (newline == NULL)
			return true;
		start = (size_t)(newline - bytes.at) + 1;
	}
	return false;
}

static uint64_t long_lines_count(struct slice bytes, size_t max)
{
	struct slice stored;
	uint64_t count = 0;

	if (!has_long_line(bytes, max))
		return 0;
	while (input_stored_line(&bytes, &stored))
		count += input_line_text(stored).len > max;
	return count;
}

static int give(struct input *input, size_t count, struct input_chunk *chunk)
{
	struct slice bytes = slice_cut(waiting(input), 0, count);

	*chunk = (struct input_chunk){ .bytes = bytes,
				       .file = slice_of(input->path),
				       .offset = input->offset,
				       .line = input->line,
				       .lines = lines_count(bytes),
				       .line_max_bytes = input->line_max_bytes };
	input->line += chunk->lines;
	input->counts.lines += chunk->lines;
	input->counts.long_lines += long_lines_count(bytes, input->line_max_bytes);
	advance(input, count);
	return 1;
}

void input_keep(struct input *input, struct input_buffer *buffer)
{
	struct slice rest = waiting(input);
	char *next = buffer->at != NULL ? buffer->at : buffer_new(input);

	if (next == NULL)
		abort();
	if (rest.len > 0)
		memcpy(next, rest.at, rest.len);
	buffer->at = input->buffer;
	input->buffer = next;
	input->start = 0;
	input->end = rest.len;
}

void input_buffer_clear(struct input_buffer *buffer)
{
	free(buffer->at);
	buffer->at = NULL;
}

/* Whether what waits at the end without a newline is a line: 1 yes, 0 no, -1 look again.
 * The file is read once more after the question, because it may have been finished just
 * before.                                                                             */
static int takes_unfinished(struct input *input)
{
	size_t seen = waiting(input).len;

	if (input->failed || stream_was_rewritten(input->stream))
		return 0;
	if (!stream_is_plain_file(input->stream))
		return 1;
	if (!stream_is_finished(input->stream)) {
		input->counts.unfinished = true;
		return 0;
	}
	input->ended = false;
	read_block(input);
	return input->ended && !input->failed && waiting(input).len == seen ? 1 : -1;
}

static int tell_end(struct input *input, struct error *err)
{
	input->counts.rewritten = stream_was_rewritten(input->stream);
	if (!input->failed)
		return 0;
	input->failed = false;
	*err = input->failure;
	if (err->kind == ERROR_SYNTAX)
		error_set(
			err, ERROR_SYNTAX,
			"%s: the %llu lines before that were read; if there is a whole "
			"copy, name it and the rest is added",
			input->failure.text, (unsigned long long)(input->line - 1));
	return -1;
}

int input_next(struct input *input, struct input_chunk *chunk, struct error *err)
{
	int taken = -1;

	stream_keep_no_more(input->stream);
	while (taken != 0) {
		struct slice bytes;
		ptrdiff_t last;

		if (input->skipping)
			skip_rest(input);
		bytes = waiting(input);
		last = slice_find_last_byte(bytes, '\n');
		if (last >= 0)
			return give(input, (size_t)last + 1, chunk);
		if (bytes.len > input->line_max_bytes + 1)
			begin_long_line(input);
		else if (!input->ended)
			read_block(input);
		else
			taken = bytes.len > 0 ? takes_unfinished(input) : 0;
		if (taken > 0)
			return give(input, waiting(input).len, chunk);
	}
	input->start = input->end; /* what is left stays for the next time */
	return tell_end(input, err);
}

bool input_chunk_line(struct input_chunk *chunk, struct line *line)
{
	struct slice stored;

	while (input_stored_line(&chunk->bytes, &stored)) {
		struct slice text = input_line_text(stored);
		uint64_t number = chunk->line++, offset = chunk->offset;

		chunk->lines -= chunk->lines > 0;
		chunk->offset += stored.len;
		if (text.len > chunk->line_max_bytes)
			continue;
		*line = (struct line){ text, chunk->file, number, offset };
		return true;
	}
	return false;
}

struct input_position input_position(const struct input *input)
{
	struct input_position position = {
		.offset = input->offset,
		.line = input->line,
		.tail_len = (uint32_t)input->tail.len,
		.tail = sha256_of((struct slice){ input->tail.at, input->tail.len }),
	};

	position.head_len = input->offset < input->head_len ? (uint32_t)input->offset
							    : (uint32_t)input->head_len;
	(void)input_head(input, position.head_len, &position.head);
	return position;
}

struct input_counts input_counts(const struct input *input)
{
	return input->counts;
}
