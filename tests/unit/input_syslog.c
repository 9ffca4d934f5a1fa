#include "check.h"
#include "input/syslog.h"
#include "input/syslog_socket.h"

#include "base/clock.h"

#include <string.h>

/* What a stream gives, each message in brackets, "L" for one that is too long, "B" where
 * it breaks; given `piece` bytes at a time, and `after` what stays.                     */
static void frames(struct slice stream, size_t piece, struct buffer *out, size_t *after)
{
	struct syslog_framer framer = { 0 };
	struct slice known = slice_cut(stream, 0, 0), message;
	enum syslog_frame frame = SYSLOG_MORE;
	size_t seen = 0;

	while (seen < stream.len && frame != SYSLOG_BROKEN) {
		size_t more = stream.len - seen < piece ? stream.len - seen : piece;

		known.len += more;
		seen += more;
		do {
			frame = syslog_frame_next(&framer, &known, &message);
			if (frame == SYSLOG_MESSAGE)
				buffer_printf(out, "[" SLICE_FMT "]",
					      SLICE_ARG(message));
			else if (frame != SYSLOG_MORE)
				buffer_add_byte(out, frame == SYSLOG_LONG ? 'L' : 'B');
		} while (frame == SYSLOG_MESSAGE || frame == SYSLOG_LONG);
	}
	*after = known.len;
}

static const struct {
	const char *stream;
	const char *frames;
	size_t after;
} streams[] = {
	{ "<1>a\n<2>b\n", "[<1>a][<2>b]", 0 },
	{ "4 <1>a5 <2>bc", "[<1>a][<2>bc]", 0 },
	{ "6 <1>a\nb<2>c\n4 <3>d", "[<1>a\nb][<2>c][<3>d]", 0 }, /* LF inside; mixed */
	{ "4 <1>", "", 5 }, /* the rest is on its way */
	{ "<1>a", "", 4 },
	{ "12 o'clock\n", "[12 o'clock]", 0 }, /* a number is no length without "<" */
	{ "2026-11-20T10:00:00Z web1 a: b\n", "[2026-11-20T10:00:00Z web1 a: b]", 0 },
	{ "04 <1>a\n", "[04 <1>a]", 0 }, /* MSG-LEN begins with a non-zero digit */
	{ "9999999 <1>a", "B", 0 },
	{ "\n\n<1>a\n", "[][][<1>a]", 0 },
};

static void frames_are_found_however_they_arrive(void)
{
	for (size_t i = 0; i < COUNT_OF(streams); i++) {
		struct slice stream = slice_of(streams[i].stream);

		for (size_t piece = 1; piece <= stream.len; piece++) {
			struct buffer out;
			size_t after;

			buffer_init(&out, 4096);
			frames(stream, piece, &out, &after);
			CHECK_SLICE(buffer_slice(&out), slice_of(streams[i].frames));
			if (streams[i].frames[0] != 'B')
				CHECK_INT(after, streams[i].after);
			buffer_clear(&out);
		}
	}
}

static void add_many(struct buffer *out, char byte, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_add_byte(out, byte);
}

static void what_is_too_long_is_passed_over_whole(void)
{
	for (size_t extra = 0; extra < 2; extra++) {
		for (int counted = 0; counted < 2; counted++) {
			size_t len = SYSLOG_MESSAGE_MAX + extra, after;
			struct buffer stream, out;
			struct slice said;

			buffer_init(&stream, 65536);
			buffer_init(&out, 65536);
			if (counted)
				buffer_printf(&stream, "%zu ", len);
			buffer_add(&stream, S("<1>"));
			add_many(&stream, 'x', len - 3);
			if (!counted)
				buffer_add_byte(&stream, '\n');
			buffer_add(&stream, S("<2>b\n"));
			frames(buffer_slice(&stream), 1000, &out, &after);
			said = buffer_slice(&out);
			CHECK_SLICE(slice_from(said, said.len - 6), S("[<2>b]"));
			CHECK_INT(said.len, extra ? 7 : len + 8);
			buffer_clear(&stream);
			buffer_clear(&out);
		}
	}
}

static const struct {
	const char *message;
	bool is_local;
	const char *line;
} lines[] = {
	/* a header that is there stays */
	{ "<38>Nov 20 10:00:00 web1 su: a", false, "Nov 20 10:00:00 web1 su: a\n" },
	{ "<38>2026-11-20T10:00:00.1+01:00 web1 su: a", false,
	  "2026-11-20T10:00:00.1+01:00 web1 su: a\n" },
	{ "<38>1 2026-11-20T10:00:00Z web1 su 1 - - a", false,
	  "<38>1 2026-11-20T10:00:00Z web1 su 1 - - a\n" },
	/* this machine's programs leave the host out */
	{ "<38>Nov 20 10:00:00 su[1]: a", true, "Nov 20 10:00:00 here su[1]: a\n" },
	{ "<38>Nov 20 10:00:00 web1 su[1]: a", true,
	  "Nov 20 10:00:00 web1 su[1]: a\n" },
	{ "<38>Nov 20 10:00:00 su[1]: a", false, "Nov 20 10:00:00 su[1]: a\n" },
	/* one that is not there is made: when it came and from whom */
	{ "<38>su: a", false, "1970-01-01T00:00:01Z here su: a\n" },
	{ "a", false, "1970-01-01T00:00:01Z here a\n" },
	{ "<999>a", false, "1970-01-01T00:00:01Z here <999>a\n" },
	/* nothing makes two lines or no line */
	{ "<38>Nov 20 10:00:00 web1 su: a\nb\rc\td\x7f e\n", false,
	  "Nov 20 10:00:00 web1 su: a#012b#015c\td#177 e\n" },
	{ "<38>", false, "" },
	{ "\n \n", false, "" },
};

static void a_message_is_one_line(void)
{
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct syslog_origin origin = { S("here"), lines[i].is_local,
						SECOND_US };
		struct slice message = slice_of(lines[i].message);
		struct buffer out;

		buffer_init(&out, 65536);
		syslog_line(&out, message, &origin);
		CHECK_SLICE(buffer_slice(&out), slice_of(lines[i].line));
		for (size_t cut = 0; cut < message.len; cut++) {
			buffer_reset(&out);
			syslog_line(&out, slice_cut(message, 0, cut), &origin);
			CHECK(out.len == 0 ||
			      slice_find_byte(buffer_slice(&out), '\n') + 1 ==
				      (ptrdiff_t)out.len);
		}
		buffer_clear(&out);
	}
}

static const struct {
	const char *text;
	int kind; /* -1: none */
	unsigned port;
	bool is_local;
} places[] = {
	{ "udp:127.0.0.1:5514", SYSLOG_UDP, 5514, true },
	{ "tcp:[::1]:0", SYSLOG_TCP, 0, true },
	{ "tcp:[::]:514", SYSLOG_TCP, 514, false },
	{ "udp:0.0.0.0:514", SYSLOG_UDP, 514, false },
	{ "udp:192.0.2.1:514", SYSLOG_UDP, 514, false },
	{ "unix:/run/log", SYSLOG_UNIX, 0, true },
	{ "unix-stream:/run/log", SYSLOG_UNIX_STREAM, 0, true },
	{ "udp:localhost:514", -1, 0, false },
	{ "udp:127.0.0.1", -1, 0, false },
	{ "udp:127.0.0.1:65536", -1, 0, false },
	{ "tcp:::1:514", -1, 0, false },
	{ "unix:log", -1, 0, false },
	{ "unix:/", -1, 0, false },
	{ "tls:127.0.0.1:514", -1, 0, false },
	{ "", -1, 0, false },
};

static void places_are_read_strictly(void)
{
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct syslog_place place;
		struct error err = { 0 };
		int result = syslog_place_parse(slice_of(places[i].text), &place, &err);

		CHECK_INT(result, places[i].kind < 0 ? -1 : 0);
		if (result != 0) {
			CHECK_INT(err.kind, ERROR_CONFIG);
			continue;
		}
		CHECK_INT(place.kind, places[i].kind);
		CHECK_INT(place.port, places[i].port);
		CHECK_INT(syslog_place_is_local(&place), places[i].is_local);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(frames_are_found_however_they_arrive),
			 TEST(what_is_too_long_is_passed_over_whole),
			 TEST(a_message_is_one_line), TEST(places_are_read_strictly));
}
