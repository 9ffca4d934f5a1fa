#include "event/cover.h"

#include <stdlib.h>
#include <string.h>

/* More literals than this are never covered by so few strings, and a set is a word. */
enum { LITERALS_MAX = 64, EIGHT = 8 };

/* A string that could be chosen, and the literals that contain it. */
struct candidate {
	struct slice text;
	double rarity;
	uint64_t literals;
};

struct candidates {
	struct candidate *at;
	size_t count, room;
};

/* How often a byte stands in English text, of 1000; of what is no letter a guess. */
static double byte_share(char c)
{
	static const uint8_t letters[26] = { 82, 15, 28, 43, 127, 22, 20, 61, 70,
					     2,  8,  40, 24, 67,  75, 19, 1,  60,
					     63, 91, 28, 10, 24,  2,  20, 1 };

	if (c >= 'a' && c <= 'z')
		return letters[c - 'a'] / 1000.0;
	return c == ' ' ? 0.12 : 0.03;
}

/* 1 of what is never found; finds cost as much as a string more where there is one for
 * each of that many bytes.                                                             */
static double rarity_of(struct slice text)
{
	double often = 100000;

	for (size_t i = 0; i < text.len; i++)
		often *= byte_share(text.at[i]);
	return 1 / (1 + often);
}

static int by_text(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	return slice_compare(left->text, right->text);
}

/* Each string of COVER_STRING_BYTES in a literal, once, in the order of the bytes. */
static struct candidates candidates_find(struct arena *arena,
					 const struct slices *literals)
{
	struct candidates found = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < literals->count; i++) {
		struct slice literal = literals->at[i];
		size_t at = 0;

		do
			*LIST_ADD(arena, &found) = (struct candidate){
				.text = slice_cut(literal, at, at + COVER_STRING_BYTES),
				.literals = UINT64_C(1) << i,
			};
		while (++at + COVER_STRING_BYTES <= literal.len);
	}
	qsort(found.at, found.count, sizeof *found.at, by_text);
	for (size_t i = 0; i < found.count; i++) {
		if (kept > 0 && slice_equal(found.at[kept - 1].text, found.at[i].text))
			found.at[kept - 1].literals |= found.at[i].literals;
		else
			found.at[kept++] = found.at[i];
	}
	found.count = kept;
	for (size_t i = 0; i < found.count; i++)
		found.at[i].rarity = rarity_of(found.at[i].text);
	return found;
}

static const struct candidate *best_of(const struct candidates *candidates,
				       uint64_t left)
{
	const struct candidate *best = NULL;
	double most = 0;

	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *one = &candidates->at[i];
		double worth = one->rarity * __builtin_popcountll(one->literals & left);

		if (worth > most) {
			most = worth;
			best = one;
		}
	}
	return best;
}

static void literal_add(struct arena *arena, struct cover_string *string,
			const struct slices *literals, size_t number)
{
	struct slice literal = literals->at[number];
	size_t at = (size_t)slice_find(literal, string->text);

	*LIST_ADD(arena, string) = (struct cover_literal){
		.number = (unsigned)number,
		.text = literal,
		.end = at + string->text.len,
		.is_whole = literal.len == string->text.len,
	};
}

static struct cover_string *string_add(struct arena *arena, struct cover *cover,
				       struct slice text)
{
	struct cover_string *string = LIST_ADD(arena, cover);

	*string = (struct cover_string){ .text = text };
	return string;
}

/* Greedily: what stands in most of the literals that are left and in few lines. False
 * where that takes too many strings.                                                  */
static bool cover_find(struct arena *arena, const struct slices *literals,
		       struct cover *cover)
{
	struct candidates candidates = candidates_find(arena, literals);
	uint64_t left = UINT64_MAX >> (LITERALS_MAX - literals->count);

	while (left != 0 && cover->count < COVER_STRINGS_MAX) {
		const struct candidate *best = best_of(&candidates, left);
		struct cover_string *string;
		uint64_t now;

		if (best == NULL)
			return false;
		string = string_add(arena, cover, best->text);
		now = best->literals & left;
		left ^= now;
		for (; now != 0; now &= now - 1)
			literal_add(arena, string, literals,
				    (size_t)__builtin_ctzll(now));
	}
	return left == 0;
}

struct cover cover_make(struct arena *arena, const struct slices *literals)
{
	struct cover cover = { 0 };

	if (literals->count > 0 && literals->count <= LITERALS_MAX &&
	    cover_find(arena, literals, &cover))
		return cover;
	cover.count = 0;
	for (size_t i = 0; i < literals->count; i++)
		literal_add(arena, string_add(arena, &cover, literals->at[i]), literals,
			    i);
	return cover;
}

/* Eight bytes with their ASCII letters in lower case: bit 7 of a sum says that a byte is
 * at least 'A', or over 'Z'.                                                           */
static uint64_t eight_lower(const char *at)
{
	const uint64_t ones = UINT64_MAX / 255, high = ones * 0x80;
	uint64_t bytes, low, is_upper;

	memcpy(&bytes, at, sizeof bytes);
	low = bytes & ~high;
	is_upper = (low + ones * (0x80 - 'A')) & ~(low + ones * (0x7f - 'Z')) & ~bytes &
		   high;
	return bytes | is_upper >> 2;
}

static bool eight_equal(const char *at, const char *lower)
{
	uint64_t bytes;

	memcpy(&bytes, lower, sizeof bytes);
	return eight_lower(at) == bytes;
}

/* From the end: literals with one string mostly begin alike. */
static bool all_equal(const char *at, struct slice lower)
{
	size_t left = lower.len;

	for (; left > EIGHT; left -= EIGHT)
		if (!eight_equal(at + left - EIGHT, lower.at + left - EIGHT))
			return false;
	if (lower.len < EIGHT)
		return slice_equal_nocase((struct slice){ at, lower.len }, lower);
	return eight_equal(at, lower.at);
}

bool cover_stands(const struct cover_literal *literal, struct slice text, size_t end)
{
	size_t behind = literal->text.len - literal->end;

	if (literal->is_whole)
		return true;
	return literal->end <= end && behind <= text.len - end &&
	       all_equal(text.at + end - literal->end, literal->text);
}
