/* What journalctl wrote is read the same in pieces of any size, and makes whole lines. */
#include "input/entries.h"

#include "base/buffer.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int give(void *context, char *out, size_t count, size_t *got, struct error *err)
{
	struct slice *rest = context;

	(void)err;
	*got = count < rest->len ? count : rest->len;
	if (*got > 0)
		memcpy(out, rest->at, *got);
	*rest = slice_from(*rest, *got);
	return 0;
}

static void read_all(struct slice text, enum entries_format format, size_t piece,
		     struct buffer *lines)
{
	const struct entries_source source = { give, &text };
	struct entries *entries = entries_new(format, &source);
	struct error err = { 0 };
	char block[4096];
	size_t got = piece;
	int result = 0;

	while (result == 0 && got == piece) {
		result = entries_read(entries, block, piece, &got, &err);
		buffer_add(lines, (struct slice){ block, got });
	}
	entries_free(entries);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	enum entries_format format = entries_format_of(text);
	struct buffer whole, cut;

	if (format == ENTRIES_NONE)
		format = size % 2 ? ENTRIES_EXPORT : ENTRIES_JSON;
	buffer_init(&whole, SIZE_MAX / 4);
	buffer_init(&cut, SIZE_MAX / 4);
	read_all(text, format, 4096, &whole);
	read_all(text, format, 1 + size % 61, &cut);
	assert(slice_equal(buffer_slice(&whole), buffer_slice(&cut)));
	assert(whole.len == 0 || whole.at[whole.len - 1] == '\n');
	buffer_clear(&whole);
	buffer_clear(&cut);
	return 0;
}
