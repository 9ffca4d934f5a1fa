/* input/input.h - one log, read as chunks of whole lines, from where we were last time.
 *
 *   struct input *input = input_open(&file, NULL, &err);
 *   if (input_seek(input, &stored, &err) == 0) ...      (for the stored position that fits)
 *   while ((more = input_next(input, &chunk, &err)) > 0) {
 *           while (input_chunk_line(&chunk, &line)) ...
 *           position = input_position(input);            (save with what was counted)
 *   }
 *
 * Memory is constant whatever the file holds. A line over LINE_MAX_BYTES is counted and
 * passed over whole. An unterminated last line of a file that somebody may be writing is
 * left for the next time; of a compressed file or standard input it is taken, but never
 * when the data are cut off: half a line may name another address.                    */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include "base/digest.h"
#include "base/error.h"
#include "input/line.h"

enum { INPUT_PRINT_BYTES = 4096 };

/* Where reading stands, and by what the log is known again under any name, compressed
 * or not, after it grew. Both hashes are over decompressed bytes. With an offset of 0
 * it fits every log and is not worth storing.                                        */
struct input_position {
	uint64_t offset; /* of the next byte to read                              */
	uint64_t line; /* number of the next line, from 1                       */
	uint32_t head_len; /* at most 4 KiB, and nothing past offset                */
	uint32_t tail_len; /* the same                                              */
	struct sha256 head; /* of the first head_len bytes                           */
	struct sha256 tail; /* of the tail_len bytes before offset                   */
};

/* One log to read; input/find.h makes lists of them. Only `path` is needed. */
struct input_file {
	const char *path; /* "-" is standard input                                */
	struct slice set; /* path of the live file of its rotated set             */
	int64_t modified_at;
	uint64_t size_bytes; /* as stored                                            */
	uint64_t device, inode; /* of the file behind the name                       */
	bool is_found; /* found in a folder: a link of that name is not followed */
	bool is_open; /* read by `fd`, which the caller keeps: the name may have moved */
	int fd;
};

struct input_options {
	size_t block_bytes; /* read at once, 0 is 512 KiB                     */
	size_t line_max_bytes; /* 0 is LINE_MAX_BYTES                            */
};

/* Over the life of one struct input. */
struct input_counts {
	uint64_t bytes,
		lines; /* given, long lines included                           */
	uint64_t long_lines; /* over the maximum, passed over                        */
	uint64_t torn_lines; /* rest of a line whose first part was taken last time  */
	bool unfinished; /* the last line had no end and was left                */
	bool rewritten; /* truncated or written anew while it was read          */
};

struct input_chunk {
	struct slice bytes; /* whole lines, the last of a log perhaps without LF     */
	struct slice file; /* path                                                  */
	uint64_t offset; /* of the first byte                                     */
	uint64_t line; /* number of the first line                              */
	uint64_t lines; /* how many there are                                    */
	size_t line_max_bytes;
};

/* The memory of a chunk that is to outlive the next input_next(). */
struct input_buffer {
	char *at;
};

struct input;

/* `file->path` is borrowed for the input's life. NULL and err: as file_open_read(), or
 * ERROR_REFUSED where the bytes are no text (the error says what they seem to be).    */
MUST_CHECK struct input *input_open(const struct input_file *file,
				    const struct input_options *options,
				    struct error *err);
void input_free(struct input *input); /* NULL is fine */

/* To look positions up: the bytes that a position's head is a hash of. `len` over what
 * the log has or over 4 KiB gives the hash of no bytes and false.                     */
bool input_head(const struct input *input, uint32_t len, struct sha256 *head);
/* A log of under 4 KiB may have grown since it was opened, and somebody else may have saved
 * a position with a longer head: looks at the head again, so that theirs is found.    */
void input_head_grow(struct input *input);
/* Whether the head fits: a candidate for input_seek(). */
bool input_position_fits(const struct input *input,
			 const struct input_position *position);
/* False for a pipe, where the next bytes may be long in coming. */
bool input_is_file(const struct input *input);
/* Before the first input_next(); any number of candidates may be tried, the one with the
 * largest offset first. -1 and err, standing at the beginning again:
 *   ERROR_NOT_FOUND  another log
 *   ERROR_REFUSED    an older, shorter copy of that log: nothing in it is new
 *   ERROR_SYSTEM     it cannot be read                                                */
MUST_CHECK int input_seek(struct input *input, const struct input_position *position,
			  struct error *err);

/* 1 and a chunk, which lives until the next call; 0 at the end; -1 and err once, after
 * all whole lines before the damage were given: ERROR_SYNTAX damaged or cut off,
 * ERROR_SYSTEM. Afterwards 0.                                                         */
MUST_CHECK int input_next(struct input *input, struct input_chunk *chunk,
			  struct error *err);
/* Leaves the memory of the last chunk in `buffer`, and reads on in that which it held, if
 * any: the chunk lives until the buffer is given again, or cleared.                   */
void input_keep(struct input *input, struct input_buffer *buffer);
void input_buffer_clear(struct input_buffer *buffer);
/* Takes the next line off the chunk; passes over those that are too long. */
bool input_chunk_line(struct input_chunk *chunk, struct line *line);

/* A line as stored: with its newline, if it has one. The first of `bytes` is taken off
 * them, or the last; false where there is none.                                       */
bool input_stored_line(struct slice *bytes, struct slice *stored);
bool input_stored_last(struct slice *bytes, struct slice *stored);
/* Its text: without the newline and a CR before that. */
struct slice input_line_text(struct slice stored);

/* After the last chunk given. */
struct input_position input_position(const struct input *input);
struct input_counts input_counts(const struct input *input);

#endif
