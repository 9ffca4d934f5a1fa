#include "event/cover.h"
#include "event/gate.h"
#include "event/prefilter.h"
#include "check.h"

#include <stdlib.h>

#define SSHD                                                                          \
	"failed|invalid|disconnect|disconnected|connection|connection from|refused |" \
	" not allowed because|uthentication|ab"
/* No five bytes of one stand in another. */
#define APART "aaaaa|bbbbb|ccccc|ddddd|eeeee|fffff|ggggg|hhhhh|iiiii"

static struct slices literals_of(struct arena *arena, const char *joined)
{
	struct slices out = { 0 };
	struct slice rest = slice_of(joined), one;

	while (slice_next(&rest, '|', &one))
		*LIST_ADD(arena, &out) = one;
	return out;
}

static void few_strings_stand_for_many_literals(void)
{
	static const struct {
		const char *literals;
		size_t strings;
	} rows[] = {
		{ SSHD, 7 },
		{ APART, 9 }, /* one more than are worth it: the literals themselves */
		{ "abcdef", 1 },
		{ "ab|abc|abcd", 3 },
		{ "xabcdefgx|yabcdefgy|zabcdefgz", 1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct slices literals = literals_of(arena, rows[i].literals);
		struct cover cover = cover_make(arena, &literals);
		size_t held = 0;

		CHECK_INT(cover.count, rows[i].strings);
		for (size_t j = 0; j < cover.count; j++) {
			const struct cover_string *string = &cover.at[j];

			for (size_t k = 0; k < string->count; k++) {
				const struct cover_literal *one = &string->at[k];

				CHECK_SLICE(one->text, literals.at[one->number]);
				CHECK_SLICE(slice_cut(one->text,
						      one->end - string->text.len,
						      one->end),
					    string->text);
				held++;
			}
		}
		CHECK_INT(held, literals.count);
		arena_free(arena);
	}
}

static void a_literal_stands_around_its_string(void)
{
	static const struct {
		const char *literal, *text;
		size_t end; /* of the string in the text */
		bool stands;
	} rows[] = {
		{ "abcde", "abcde", 5, true },
		{ "abcde", "ABCDE", 5, true },
		{ "abcde", "abcdE", 5, true },
		{ "abcde", "abcdf", 5, false },
		{ "xxabcdeyyzz", "..xXabcdeYyzZ..", 9, true },
		{ "xxabcdeyyzz", "..xXabcdeYyzZ", 9, true },
		{ "xxabcdeyyzz", "..xXabcdeYyz", 9, false },
		{ "xxabcdeyyzz", "xXabcdeYyzz", 7, true },
		{ "xxabcdeyyzz", "Xabcdeyyzzz", 6, false },
		{ "xxabcdeyyzz", "xyabcdeyyzz", 7, false },
		{ "xxabcdeyyzz", "xxabcdeyyzy", 7, false },
		{ "xxabcdeyyz@", "xxabcdeyyz`", 7, false },
		{ "xxabcdeyyz{", "xxabcdeyyz[", 7, false },
		{ "xxabcdeyyz\xe1", "xxabcdeyyz\xc1", 7, false },
		{ "0123456789abcde0123456789", "0123456789ABCDE0123456789", 15, true },
		{ "0123456789abcde0123456789", "0123456_89ABCDE0123456789", 15, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice text = slice_of(rows[i].literal);
		struct cover_literal one = { .text = text };

		one.end = (size_t)slice_find(text, S("abcde")) + 5;
		CHECK_INT(cover_stands(&one, slice_of(rows[i].text), rows[i].end)
				  ? (int)i
				  : -1,
			  rows[i].stands ? (int)i : -1);
	}
}

/* --- the prefilter against the gate, which needs no blocks ----------------------------------- */

struct compared {
	const struct gate *gate;
	struct slice rest; /* lines that were not given yet */
	size_t given;
};

static uint64_t gate_of(const struct gate *gate, struct slice line)
{
	uint64_t seen = 0;

	CHECK_INT(gate_words(gate), 1);
	gate_scan(gate, line, &seen);
	return seen;
}

static bool line_next(struct slice *rest, struct slice *line)
{
	ptrdiff_t end = slice_find_byte(*rest, '\n');

	*line = slice_cut(*rest, 0, end < 0 ? rest->len : (size_t)end + 1);
	*rest = slice_from(*rest, line->len);
	return line->len > 0;
}

static void line_compare(void *context, struct slice given, const uint64_t *seen)
{
	struct compared *compared = context;
	struct slice line;

	while (line_next(&compared->rest, &line) && line.at != given.at)
		CHECK_INT(gate_of(compared->gate, line), 0);
	CHECK_SLICE(given, line);
	CHECK_INT(seen[0], gate_of(compared->gate, given));
	compared->given++;
}

static void block_fill(struct arena *arena, const struct slices *literals,
		       unsigned *seed, struct slice *out)
{
	struct slice text = S("");

	for (size_t i = 0; i < 200; i++) {
		unsigned drawn = *seed = *seed * 1103515245 + 12345;
		struct slice one = literals->at[(drawn >> 16) % literals->count];
		size_t cut = (drawn >> 8) % 4 == 0 ? (drawn >> 20) % (one.len + 1) : 0;

		text = arena_printf(arena, SLICE_FMT SLICE_FMT "%s", SLICE_ARG(text),
				    SLICE_ARG(slice_from(one, cut)),
				    (drawn >> 24) % 3 == 0   ? "\n"
				    : (drawn >> 24) % 5 == 0 ? " Ab"
							     : "");
	}
	*out = text;
}

static void gives_the_lines_and_literals_that_the_gate_finds(void)
{
	static const char *const sets[] = { SSHD, APART, "disconnect", "ab|\"" };

	for (size_t i = 0; i < COUNT_OF(sets); i++) {
		struct arena *arena = arena_new();
		struct gate *gate = gate_new();
		struct slices literals = literals_of(arena, sets[i]);
		struct prefilter *prefilter = prefilter_new(&literals);
		struct prefilter_scratch *scratch;
		unsigned seed = 7;

		if (prefilter == NULL)
			exit(1);
		for (size_t j = 0; j < literals.count; j++)
			CHECK_INT(gate_add(gate, literals.at[j]), j);
		scratch = prefilter_scratch_new(prefilter);
		for (size_t round = 0; round < 20; round++) {
			struct slice block, line;
			struct compared compared = { .gate = gate };

			block_fill(arena, &literals, &seed, &block);
			compared.rest = block;
			CHECK(prefilter_scan(prefilter, scratch, block, line_compare,
					     &compared));
			while (line_next(&compared.rest, &line))
				CHECK_INT(gate_of(gate, line), 0);
			CHECK(compared.given > 10);
		}
		prefilter_scratch_free(scratch);
		prefilter_free(prefilter);
		gate_free(gate);
		arena_free(arena);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(few_strings_stand_for_many_literals),
			 TEST(a_literal_stands_around_its_string),
			 TEST(gives_the_lines_and_literals_that_the_gate_finds));
}
