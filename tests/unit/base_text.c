/* Slices, cursors, buffers and arenas: what everything else reads and writes with. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/cursor.h"
#include "check.h"

static void slices_are_cut_within_bounds(void)
{
	struct slice s = S("hello"), part, rest;

	CHECK_SLICE(slice_from(s, 2), S("llo"));
	CHECK_SLICE(slice_from(s, 9), S(""));
	CHECK_SLICE(slice_cut(s, 1, 99), S("ello"));
	CHECK_SLICE(slice_cut(s, 4, 2), S(""));
	CHECK_SLICE(slice_trim(S(" \t a b \r\n")), S("a b"));
	CHECK_SLICE(slice_trim(S("  ")), S(""));
	rest = S("a,,b");
	CHECK(slice_next(&rest, ',', &part));
	CHECK_SLICE(part, S("a"));
	CHECK(slice_next(&rest, ',', &part));
	CHECK_SLICE(part, S(""));
	CHECK(slice_next(&rest, ',', &part));
	CHECK_SLICE(part, S("b"));
	CHECK(!slice_next(&rest, ',', &part));
}

static void slices_are_found_and_compared(void)
{
	CHECK_INT(slice_find(S("abcabc"), S("ca")), 2);
	CHECK_INT(slice_find(S("abc"), S("abcd")), -1);
	CHECK_INT(slice_find(S("abc"), S("")), 0);
	CHECK_INT(slice_find_nocase(S("xxABC"), S("abc")), 2);
	CHECK_INT(slice_find_byte(S("a@b@c"), '@'), 1);
	CHECK_INT(slice_find_last_byte(S("a@b@c"), '@'), 3);
	CHECK_INT(slice_find_byte(S(""), '@'), -1);
	CHECK(slice_equal_nocase(S("MiXed"), S("mIxED")));
	CHECK(!slice_equal_nocase(S("mixed"), S("mixe")));
	CHECK(!slice_equal(S("a"), S("b")));
	CHECK(slice_ends(S("a.conf"), S(".conf")));
	CHECK(!slice_ends(S("conf"), S(".conf")));
	CHECK(slice_compare(S("ab"), S("abc")) < 0);
	CHECK(slice_compare(S("b"), S("abc")) > 0);
}

static void numbers_are_whole_and_bounded(void)
{
	static const struct {
		const char *text;
		uint64_t max;
		int result;
		uint64_t value;
	} rows[] = {
		{ "0", 9, 0, 0 },
		{ "18446744073709551615", UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, -1, 0 },
		{ "256", 255, -1, 0 },
		{ "", 9, -1, 0 },
		{ "+1", 9, -1, 0 },
		{ "1 ", 9, -1, 0 },
		{ "0x1", 9, -1, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint64_t value = 0;

		CHECK_INT(slice_to_u64(slice_of(rows[i].text), rows[i].max, &value),
			  rows[i].result);
		CHECK_INT(value, rows[i].value);
	}
}

static void a_cursor_fails_once_and_stays_so(void)
{
	struct cursor cursor = cursor_of(S("key=42;rest"));

	CHECK_SLICE(cursor_until(&cursor, '=', 10), S("key"));
	CHECK_INT(cursor_u64(&cursor, 99), 42);
	cursor_literal(&cursor, S(";"));
	CHECK(!cursor.failed);
	CHECK_SLICE(cursor_rest(&cursor), S("rest"));
	CHECK_SLICE(cursor_take(&cursor, 5), S(""));
	CHECK(cursor.failed);
	CHECK_SLICE(cursor_take(&cursor, 1), S(""));
	CHECK_INT(cursor_byte(&cursor), 0);
	CHECK(cursor_at_end(&cursor));
}

static void a_cursor_keeps_its_caps(void)
{
	struct cursor cursor = cursor_of(S("abcdef=1"));

	CHECK_SLICE(cursor_until(&cursor, '=', 5), S(""));
	CHECK(cursor.failed);
	cursor = cursor_of(S("12345"));
	CHECK_SLICE(cursor_while(&cursor, ascii_is_digit, 4), S(""));
	CHECK(cursor.failed);
	cursor = cursor_of(S("300"));
	CHECK_INT(cursor_u64(&cursor, 255), 0);
	CHECK(cursor.failed);
	cursor = cursor_of(S(""));
	CHECK_INT(cursor_peek(&cursor), 0);
	CHECK(!cursor.failed);
}

static void lines_end_in_every_way(void)
{
	struct cursor cursor = cursor_of(S("a\r\nb\n\nc"));
	struct slice line;

	CHECK(cursor_line(&cursor, &line));
	CHECK_SLICE(line, S("a"));
	CHECK(cursor_line(&cursor, &line));
	CHECK_SLICE(line, S("b"));
	CHECK(cursor_line(&cursor, &line));
	CHECK_SLICE(line, S(""));
	CHECK(cursor_line(&cursor, &line));
	CHECK_SLICE(line, S("c"));
	CHECK(!cursor_line(&cursor, &line));
}

static void a_buffer_stops_at_its_maximum(void)
{
	struct buffer buffer;

	buffer_init(&buffer, 8);
	buffer_add(&buffer, S("1234"));
	buffer_printf(&buffer, "%s", "567");
	CHECK_SLICE(buffer_slice(&buffer), S("1234567"));
	CHECK(!buffer.failed);
	buffer_add(&buffer, S("89"));
	CHECK(buffer.failed);
	CHECK_SLICE(buffer_slice(&buffer), S("1234567"));
	buffer_add(&buffer, S("8"));
	CHECK_SLICE(buffer_slice(&buffer), S("1234567"));
	buffer_reset(&buffer);
	CHECK(!buffer.failed);
	CHECK_INT(buffer.len, 0);
	buffer_clear(&buffer);
}

static void a_lean_arena_keeps_what_it_needed(void)
{
	struct arena *arena = arena_new();
	size_t few = 1 << 20, many = 16 << 20;

	arena_reset_lean(arena);
	CHECK_INT(arena_size_bytes(arena), 0);
	for (size_t i = 0; i < many / few; i++)
		(void)arena_alloc(arena, few, 1, 1);
	arena_reset_lean(arena);
	CHECK(arena_size_bytes(arena) >= many);
	CHECK(arena_size_bytes(arena) < many + few);
	(void)arena_alloc(arena, few, 1, 1);
	arena_reset(arena);
	CHECK(arena_size_bytes(arena) >= many);
	(void)arena_alloc(arena, few, 1, 1);
	arena_reset_lean(arena);
	CHECK(arena_size_bytes(arena) < 2 * few);
	CHECK(arena_size_bytes(arena) >= few);
	arena_free(arena);
}

/* Of every length, with one byte changed anywhere. */
static void bytes_are_compared_to_the_last(void)
{
	char a[80], b[80];

	for (size_t len = 0; len <= sizeof a; len++) {
		memset(a, 'x', sizeof a);
		memset(b, 'x', sizeof b);
		CHECK(bytes_equal(a, b, len));
		for (size_t i = 0; i < sizeof a; i++) {
			b[i] = 'y';
			CHECK(bytes_equal(a, b, len) == (i >= len));
			b[i] = 'x';
		}
	}
}

static void bytes_are_counted_wherever_they_stand(void)
{
	static char text[40000];

	for (size_t len = 0; len < 300; len++) {
		for (size_t i = 0; i < len; i++)
			text[i] = i % 3 == 0 ? '\n' : 'x';
		CHECK_INT(slice_count_byte((struct slice){ text, len }, '\n'),
			  (len + 2) / 3);
	}
	memset(text, '\n', sizeof text);
	CHECK_INT(slice_count_byte((struct slice){ text, sizeof text }, '\n'),
		  sizeof text);
	CHECK_INT(slice_count_byte((struct slice){ text, sizeof text }, 'x'), 0);
}

int main(void)
{
	return CHECK_RUN(TEST(slices_are_cut_within_bounds),
			 TEST(slices_are_found_and_compared),
			 TEST(bytes_are_compared_to_the_last),
			 TEST(bytes_are_counted_wherever_they_stand),
			 TEST(numbers_are_whole_and_bounded),
			 TEST(a_cursor_fails_once_and_stays_so),
			 TEST(a_cursor_keeps_its_caps), TEST(lines_end_in_every_way),
			 TEST(a_buffer_stops_at_its_maximum),
			 TEST(a_lean_arena_keeps_what_it_needed));
}
