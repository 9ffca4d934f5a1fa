#include "check.h"
#include "report/text.h"
#include "report/words.h"

static struct arena *arena;

static void paragraphs_are_76_wide(void)
{
	struct buffer out;

	buffer_init(&out, 1 << 20);
	for (size_t len = 1; len < 90; len++) {
		struct slice word = { arena_cstr(arena, S("")), 0 }, rest, line;
		char *letters = ARENA_ARRAY(arena, char, len + 1);

		for (size_t i = 0; i < len; i++)
			letters[i] = 'x';
		word = arena_printf(arena, "a %s  %s b", letters, letters);
		buffer_reset(&out);
		text_paragraph(&out, word);
		rest = buffer_slice(&out);
		while (slice_next(&rest, '\n', &line)) {
			CHECK(line.len <= 76 || line.len == len);
			CHECK(!slice_ends(line, S(" ")));
		}
	}
	buffer_clear(&out);
}

static void fields_line_up(void)
{
	struct buffer out;

	buffer_init(&out, 4096);
	text_field(&out, "Now", S("blocked"));
	text_field(&out, "Compromise", S("no"));
	text_field(
		&out, "What",
		S("a\xc3\xa4\xc3\xa4\xc3\xa4 word word word word word word word word "
		  "word word word ends tail"));
	CHECK_SLICE(
		buffer_slice(&out),
		S("Now:         blocked\n"
		  "Compromise:  no\n"
		  "What:        a\xc3\xa4\xc3\xa4\xc3\xa4 word word word word word word "
		  "word word word word word\n"
		  "             ends tail\n"));
	buffer_clear(&out);
}

static void cleaned_text_is_harmless(void)
{
	CHECK_SLICE(text_clean(arena, S(" a\r\nb\x1b[0m\0"), 100),
		    S("a\\x0d\\x0ab\\x1b[0m\\x00"));
	CHECK_SLICE(text_clean(arena, S("abcdef"), 3), S("abc..."));
	CHECK_SLICE(text_clean(arena, S("abc"), 3), S("abc"));
	CHECK_SLICE(text_clean(arena, S(""), 3), S(""));
}

static void templates_are_filled_once(void)
{
	CHECK_SLICE(FILL(arena, "{a} and {b}{c}", { "a", S("{b}") }, { "b", S("2") }),
		    S("{b} and 2{c}"));
	CHECK_SLICE(FILL(arena, "}{ {a", { "a", S("1") }), S("}{ {a"));
}

static void lists_read_as_people_write(void)
{
	static const char *const want[] = { "",
					    "a",
					    "a and b",
					    "a, b and c",
					    "a, b, c and 1 more",
					    "a, b, c and 2 more" };
	static const char *const letters[] = { "a", "b", "c", "d", "e" };
	struct slices items = { 0 };

	CHECK_SLICE(text_list(arena, &items, 3), slice_of(want[0]));
	for (size_t i = 0; i < COUNT_OF(letters); i++) {
		*LIST_ADD(arena, &items) = slice_of(letters[i]);
		CHECK_SLICE(text_list(arena, &items, 3), slice_of(want[i + 1]));
	}
}

static void names_hint_at_lines(void)
{
	static const struct {
		const char *name, *word;
	} rows[] = {
		{ "7dyn94.ztm.example", "dial-up" },
		{ "p4FD2.dip0.pool.example", "dial-up" },
		{ "dsl-1-2-3.dyn.example", "dial-up" },
		{ "cable-12.example", "DSL or cable" },
		{ "vps77.northwind.example", "hosted" },
		{ "NORTHWIND-HOSTING", "hosted" },
		{ "mail.example", NULL },
		{ "dynamite.example", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *hint = line_hint(slice_of(rows[i].name));

		CHECK_INT(hint != NULL, rows[i].word != NULL);
		if (hint && rows[i].word &&
		    !CHECK(slice_find(slice_of(hint), slice_of(rows[i].word)) >= 0))
			CHECK_TEXT(rows[i].name, hint);
	}
}

int main(void)
{
	int failed;

	arena = arena_new();
	failed = CHECK_RUN(TEST(paragraphs_are_76_wide), TEST(fields_line_up),
			   TEST(cleaned_text_is_harmless),
			   TEST(templates_are_filled_once),
			   TEST(lists_read_as_people_write), TEST(names_hint_at_lines));
	arena_free(arena);
	return failed;
}
