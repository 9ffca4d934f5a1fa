#include "event/rule_cache.h"

#include "base/cursor.h"

#define MAGIC S("tipoffrc")

enum { WORD = 4, LITERAL_BYTES_MAX = 256 };

static void word_add(struct buffer *out, size_t word)
{
	for (size_t i = 0; i < WORD; i++)
		buffer_add_byte(out, (char)(word >> 8 * i & 0xff));
}

static void text_add(struct buffer *out, struct slice text)
{
	word_add(out, text.len);
	buffer_add(out, text);
}

static void expression_add(struct buffer *out, const struct known_expression *one)
{
	word_add(out, one->names.count);
	for (size_t i = 0; i < one->names.count; i++) {
		word_add(out, one->names.at[i].group);
		text_add(out, one->names.at[i].name);
	}
	word_add(out, one->literals.count);
	for (size_t i = 0; i < one->literals.count; i++)
		word_add(out, one->literals.at[i]);
}

void rules_known_write(const struct rules_known *known, const struct sha256 *key,
		       struct buffer *out)
{
	struct sha256 digest;

	buffer_add(out, MAGIC);
	word_add(out, RULE_CACHE_FORMAT);
	buffer_add(out, sha256_slice(key));
	word_add(out, known->literals.count);
	for (size_t i = 0; i < known->literals.count; i++)
		text_add(out, known->literals.at[i]);
	word_add(out, known->expressions.count);
	for (size_t i = 0; i < known->expressions.count; i++)
		expression_add(out, &known->expressions.at[i]);
	text_add(out, known->database);
	digest = sha256_of(buffer_slice(out));
	buffer_add(out, sha256_slice(&digest));
}

/* --- reading ------------------------------------------------------------------------- */

struct reader {
	struct arena *arena;
	struct cursor at;
	struct rules_known known;
};

/* 0 past the end: what counts is whether the cursor failed. */
static unsigned word_take(struct reader *reader, size_t most)
{
	struct slice bytes = cursor_take(&reader->at, WORD);
	uint32_t word = 0;

	for (size_t i = 0; i < bytes.len; i++)
		word |= (uint32_t)(uint8_t)bytes.at[i] << 8 * i;
	if (word <= most)
		return word;
	reader->at.failed = true;
	return 0;
}

static struct slice text_take(struct reader *reader, size_t least, size_t most)
{
	size_t len = word_take(reader, most);

	if (len < least)
		reader->at.failed = true;
	return cursor_take(&reader->at, len);
}

/* How many follow: no more than there are bytes for, so that a count buys no memory. */
static size_t count_take(struct reader *reader, size_t each_bytes)
{
	return word_take(reader, cursor_rest(&reader->at).len / each_bytes);
}

static void literals_take(struct reader *reader)
{
	struct slices *literals = &reader->known.literals;
	size_t count = count_take(reader, WORD + 1);

	LIST_RESERVE(reader->arena, literals, count);
	while (literals->count < count && !reader->at.failed)
		literals->at[literals->count++] =
			text_take(reader, 1, LITERAL_BYTES_MAX);
}

static struct expression_names names_take(struct reader *reader)
{
	struct expression_names names = { 0 };
	size_t count = count_take(reader, WORD + WORD + 1);

	LIST_RESERVE(reader->arena, &names, count);
	while (names.count < count && !reader->at.failed) {
		struct expression_name *name = &names.at[names.count++];

		name->group = word_take(reader, EXPRESSION_GROUPS_MAX);
		name->name = text_take(reader, 1, EXPRESSION_NAME_MAX);
	}
	return names;
}

static struct literal_numbers numbers_take(struct reader *reader)
{
	struct literal_numbers numbers = { 0 };
	size_t count = count_take(reader, WORD), known = reader->known.literals.count;

	LIST_RESERVE(reader->arena, &numbers, count);
	while (numbers.count < count && !reader->at.failed) {
		unsigned number = word_take(reader, SIZE_MAX);

		if (number >= known)
			reader->at.failed = true;
		numbers.at[numbers.count++] = number;
	}
	return numbers;
}

static void expressions_take(struct reader *reader)
{
	struct known_expressions *all = &reader->known.expressions;
	size_t count = count_take(reader, WORD + WORD);

	LIST_RESERVE(reader->arena, all, count);
	while (all->count < count && !reader->at.failed) {
		struct known_expression *one = &all->at[all->count++];

		one->names = names_take(reader);
		one->literals = numbers_take(reader);
	}
}

static bool is_whole(struct slice bytes)
{
	struct sha256 digest;
	size_t len = bytes.len - SHA256_BYTES;

	if (bytes.len < SHA256_BYTES || bytes.len > RULE_CACHE_MAX_BYTES)
		return false;
	digest = sha256_of(slice_cut(bytes, 0, len));
	return slice_equal(slice_from(bytes, len), sha256_slice(&digest));
}

bool rules_known_read(struct arena *arena, struct slice bytes, const struct sha256 *key,
		      struct rules_known *out)
{
	struct reader reader = { .arena = arena };

	if (!is_whole(bytes))
		return false;
	reader.at = cursor_of(slice_cut(bytes, 0, bytes.len - SHA256_BYTES));
	cursor_literal(&reader.at, MAGIC);
	if (word_take(&reader, SIZE_MAX) != RULE_CACHE_FORMAT)
		return false;
	cursor_literal(&reader.at, sha256_slice(key));
	literals_take(&reader);
	expressions_take(&reader);
	reader.known.database = text_take(&reader, 0, bytes.len);
	if (reader.at.failed || !cursor_at_end(&reader.at))
		return false;
	*out = reader.known;
	return true;
}
