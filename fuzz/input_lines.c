/* A log is read the same whatever the size of the blocks it is read in, and in one go or
 * from where an earlier reading stopped.                                              */
#include "base/arena.h"
#include "input/input.h"

#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
	const char *path;
	size_t block_bytes, chunks;
	uint64_t seen[2]; /* one hash over all lines, their numbers and offsets */
	struct input_position at;
};

static struct input *log_open(const struct reading *reading, struct error *err)
{
	struct input_file file = { .path = reading->path };
	struct input_options options = { reading->block_bytes, 24 };

	return input_open(&file, &options, err);
}

static void seek_refused(struct input *input, struct input_position at)
{
	struct error err = { 0 };

	at.tail.bytes[0] ^= 1;
	if (at.tail_len > 0)
		assert(input_seek(input, &at, &err) != 0 && err.kind != ERROR_NONE);
}

/* Goes on where it stood, for so many chunks. */
static void read_on(struct reading *reading)
{
	struct error err = { 0 };
	struct input *input = log_open(reading, &err);
	struct input_chunk chunk;
	struct line line;

	if (input == NULL)
		return;
	seek_refused(input, reading->at);
	assert(reading->at.offset == 0 || input_seek(input, &reading->at, &err) == 0);
	for (size_t i = 0; i < reading->chunks && input_next(input, &chunk, &err) > 0;
	     i++)
		while (input_chunk_line(&chunk, &line)) {
			assert(line.text.len <= 24);
			reading->seen[1] =
				table_hash(line.text) + line.number + line.offset;
			reading->seen[0] = table_hash((struct slice){
				(char *)reading->seen, sizeof reading->seen });
		}
	reading->at = input_position(input);
	assert(input_position_fits(input, &reading->at));
	assert(input_counts(input).long_lines <= input_counts(input).lines);
	input_free(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = memfd_create("log", 0);
	struct reading whole = { path, 4096, SIZE_MAX, { 0 }, { 0 } };
	struct reading parts = { path, 1 + size % 40, 1 + size % 3, { 0 }, { 0 } };

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		return 0;
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	read_on(&whole);
	read_on(&parts);
	parts.chunks = SIZE_MAX;
	read_on(&parts);
	assert(whole.seen[0] == parts.seen[0] && whole.at.offset == parts.at.offset &&
	       whole.at.line == parts.at.line);
	close(fd);
	return 0;
}
