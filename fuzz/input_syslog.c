/* Messages come out the same however the stream is cut, and each makes one line. */
#include "input/syslog.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All lines of the stream, given in pieces; what a connection keeps never grows too far. */
static void read_in_pieces(struct slice stream, size_t piece, struct buffer *lines)
{
	const struct syslog_origin origin = { S("host"), piece % 2 == 0, 0 };
	struct syslog_framer framer = { 0 };
	struct slice known = slice_cut(stream, 0, 0), message;

	while (known.at + known.len < stream.at + stream.len) {
		size_t left = (size_t)(stream.at + stream.len - known.at) - known.len;
		enum syslog_frame frame;

		known.len += left < piece ? left : piece;
		while ((frame = syslog_frame_next(&framer, &known, &message)) !=
		       SYSLOG_MORE) {
			size_t before = lines->len;

			if (frame == SYSLOG_BROKEN)
				return;
			if (frame == SYSLOG_LONG)
				continue;
			syslog_line(lines, message, &origin);
			for (size_t i = before; i < lines->len; i++)
				assert((lines->at[i] == '\n') == (i + 1 == lines->len));
			assert(lines->len - before <= LINE_MAX_BYTES);
		}
		assert(known.len <= SYSLOG_FRAME_MAX);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice stream = { (const char *)data, size };
	struct buffer whole, cut;

	buffer_init(&whole, SIZE_MAX / 4);
	buffer_init(&cut, SIZE_MAX / 4);
	read_in_pieces(stream, 8192, &whole);
	read_in_pieces(stream, 2 + 2 * (size % 7), &cut);
	assert(slice_equal(buffer_slice(&whole), buffer_slice(&cut)));
	buffer_clear(&whole);
	buffer_clear(&cut);
	return 0;
}
