/* A log is read the same whatever the size of the blocks it is read in. */
#include "base/arena.h"
#include "input/input.h"

#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One hash over all lines, their numbers and offsets, and the end's position. */
static uint64_t read_in_blocks(const char *path, size_t block_bytes)
{
	struct input_file file = { .path = path };
	struct input_options options = { block_bytes, 24 };
	struct error err = { 0 };
	struct input *input = input_open(&file, &options, &err);
	struct input_chunk chunk;
	struct input_position at;
	struct line line;
	uint64_t seen[2] = { 0 };

	if (input == NULL)
		return err.kind;
	while (input_next(input, &chunk, &err) > 0)
		while (input_chunk_line(&chunk, &line)) {
			assert(line.text.len <= 24);
			seen[1] = table_hash(line.text) + line.number + line.offset;
			seen[0] =
				table_hash((struct slice){ (char *)seen, sizeof seen });
		}
	at = input_position(input);
	assert(input_position_fits(input, &at));
	input_free(input);
	return seen[0] + at.offset + at.line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = memfd_create("log", 0);
	uint64_t first;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		return 0;
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	first = read_in_blocks(path, 1 + size % 40);
	assert(first == read_in_blocks(path, 4096));
	close(fd);
	return 0;
}
