#include "report/tone.h"

#include "base/buffer.h"
#include "report/tone_model.h"

#include <assert.h>
#include <string.h>

enum {
	CLASSES_MAX = 1024, /* named ones, and the alternatives of patterns */
	BITS = CLASSES_MAX / 64,
	TOKENS_MAX = 12,
	GAP_CLAUSE = 6,
	GAP_SENTENCE = 40,
	WORD_MAX = 32, /* longer words are of no class                             */
	LETTERS = 256,
	FEATURE_MAX = 120,
	RULES_MAX = 16,
	SHAPE_SCORE = -50, /* hundredths: so friendly may sound what has a shape     */
	JUDGED_WORDS = 4, /* fewer are no sentence                                  */
	SHOUT_MIN = 4, /* letters of a word that is no abbreviation                   */
};

enum token_kind {
	TOKEN_CLASS,
	TOKEN_GAP,
	TOKEN_FAR,
	TOKEN_CLAUSE,
	TOKEN_FIRST,
	TOKEN_ASK
};

struct token {
	enum token_kind kind;
	unsigned class;
};

struct entry { /* one word of one class */
	struct slice word;
	bool stem;
	unsigned class;
};
struct entries {
	struct entry *at;
	size_t count, room;
};

struct part { /* a class within a larger one */
	unsigned class, whole;
};
struct parts {
	struct part *at;
	size_t count, room;
};

struct shape {
	const struct tone_row *row;
	struct token at[TOKENS_MAX];
	size_t count;
	unsigned tag, unless; /* classes; 0: none */
};

struct tone {
	struct arena *arena;
	struct entries by_letter[LETTERS];
	struct slice names[CLASSES_MAX];
	unsigned class_count; /* class 0 is none */
	struct parts parts;
	struct shape *shapes;
	struct tone_model *model;
};

struct word {
	struct slice text; /* lower case */
	uint64_t classes[BITS];
	size_t line;
	bool begins; /* a clause */
};

/* What shapes found in a sentence, until it is known how it sounds. */
struct suspicion {
	const char *rule;
	size_t line;
	struct slice words;
};

struct tone_text {
	struct tone_reader reader;
	struct arena *arena;
	struct word at[TONE_WORDS_MAX];
	size_t count;
	bool asks,
		breaks; /* ends in "?"; the next word begins a clause               */
	size_t shouts, exclaims; /* words in capitals, marks                         */
	struct suspicion suspicions[RULES_MAX];
	size_t suspicion_count;
	struct buffer feature;
	struct tone_sum sum,
		before; /* of this sentence, and of the one before it in the
				      * paragraph                                       */
};

/* ---- compiling ---- */

static unsigned class_find(const struct tone *tone, struct slice name)
{
	for (unsigned i = 1; i <= tone->class_count; i++)
		if (slice_equal(tone->names[i], name))
			return i;
	return 0;
}

static unsigned class_add(struct tone *tone, struct slice name)
{
	assert(tone->class_count + 1 < CLASSES_MAX);
	tone->names[++tone->class_count] = name;
	return tone->class_count;
}

static bool is_class_name(struct slice word)
{
	return word.len && word.at[0] >= 'A' && word.at[0] <= 'Z' &&
	       slice_find_byte(word, '|') < 0;
}

static void word_add(struct tone *tone, unsigned class, struct slice word)
{
	struct entry entry = { word, slice_ends(word, S("*")), class };

	entry.word.len -= entry.stem;
	if (entry.word.len)
		*LIST_ADD(tone->arena,
			  &tone->by_letter[(unsigned char)entry.word.at[0]]) = entry;
}

/* The class of "a|b*|CLASS": one that is named, or a new one of these. */
static unsigned class_of(struct tone *tone, struct slice words)
{
	unsigned class = class_find(tone, words);
	struct slice rest = words, word;

	if (!class)
		class = class_add(tone, words);
	else
		return class;
	if (is_class_name(words))
		return class;
	while (slice_next(&rest, '|', &word)) {
		if (is_class_name(word))
			*LIST_ADD(tone->arena, &tone->parts) =
				(struct part){ class_of(tone, word), class };
		else
			word_add(tone, class, word);
	}
	return class;
}

static struct token token_of(struct tone *tone, struct slice text)
{
	static const struct {
		const char *text;
		enum token_kind kind;
	} marks[] = {
		{ "~", TOKEN_GAP },    { "...", TOKEN_FAR }, { "^", TOKEN_CLAUSE },
		{ "^^", TOKEN_FIRST }, { "?", TOKEN_ASK },
	};

	for (size_t i = 0; i < COUNT_OF(marks); i++)
		if (slice_equal(text, slice_of(marks[i].text)))
			return (struct token){ .kind = marks[i].kind };
	return (struct token){ .kind = TOKEN_CLASS, .class = class_of(tone, text) };
}

static void shape_compile(struct tone *tone, const struct tone_row *row,
			  struct shape *out)
{
	struct slice rest = slice_of(row->pattern), part;

	*out = (struct shape){ .row = row };
	while (out->count < TOKENS_MAX && slice_next(&rest, ' ', &part))
		if (part.len)
			out->at[out->count++] = token_of(tone, part);
	if (row->tag)
		out->tag = class_of(tone, slice_of(row->tag));
	if (row->unless)
		out->unless = class_of(tone, slice_of(row->unless));
}

struct tone *tone_new(struct arena *arena)
{
	struct tone *tone = ARENA_NEW(arena, struct tone);

	tone->arena = arena;
	for (size_t i = 0; i < TONE_CLASS_COUNT; i++) {
		unsigned class = class_add(tone, slice_of(TONE_CLASSES[i].name));
		struct slice rest = slice_of(TONE_CLASSES[i].words), word;

		while (slice_next(&rest, ' ', &word))
			word_add(tone, class, word);
	}
	tone->shapes = ARENA_ARRAY(arena, struct shape, TONE_ROW_COUNT);
	for (size_t i = 0; i < TONE_ROW_COUNT; i++)
		shape_compile(tone, &TONE_ROWS[i], &tone->shapes[i]);
	tone->model = tone_model_new(arena);
	return tone;
}

/* ---- matching ---- */

static bool has_class(const struct word *word, unsigned class)
{
	return class && (word->classes[class / 64] >> (class % 64) & 1);
}

/* A class and all that hold it. */
static void class_put(const struct tone *tone, struct word *word, unsigned class)
{
	word->classes[class / 64] |= (uint64_t)1 << (class % 64);
	for (size_t i = 0; i < tone->parts.count; i++)
		if (tone->parts.at[i].class == class)
			word->classes[tone->parts.at[i].whole / 64] |=
				(uint64_t)1 << (tone->parts.at[i].whole % 64);
}

/* Whether the tokens from `token` on fit the words from `at` on; `end` is behind them. */
static bool fits(const struct tone_text *text, const struct shape *shape, size_t token,
		 size_t at, size_t *end)
{
	while (token < shape->count) {
		const struct token *is = &shape->at[token];

		if (is->kind == TOKEN_GAP || is->kind == TOKEN_FAR)
			break;
		if (is->kind == TOKEN_CLASS &&
		    (at == text->count || !has_class(&text->at[at++], is->class)))
			return false;
		if (is->kind == TOKEN_CLAUSE &&
		    (at == text->count || !text->at[at].begins))
			return false;
		if ((is->kind == TOKEN_FIRST && at) ||
		    (is->kind == TOKEN_ASK && !text->asks))
			return false;
		token++;
	}
	*end = at;
	if (token == shape->count)
		return true;
	for (size_t skip = 0; at + skip < text->count; skip++) {
		bool far = shape->at[token].kind == TOKEN_FAR;

		if (skip > (size_t)(far ? GAP_SENTENCE : GAP_CLAUSE) ||
		    (!far && text->at[at + skip].begins))
			return false;
		if (fits(text, shape, token + 1, at + skip, end))
			return true;
	}
	return false;
}

static bool is_excused(const struct tone_text *text, const struct shape *shape)
{
	for (size_t i = 0; shape->unless && i < text->count; i++)
		if (has_class(&text->at[i], shape->unless))
			return true;
	return false;
}

static struct slice words_between(const struct tone_text *text, size_t from, size_t to)
{
	struct slice out = { "", 0 };

	for (size_t i = from; i < to && i < from + 12; i++)
		out = arena_printf(text->arena, SLICE_FMT "%s" SLICE_FMT,
				   SLICE_ARG(out), i > from ? " " : "",
				   SLICE_ARG(text->at[i].text));
	return out;
}

/* One finding of a rule is enough for a sentence. */
static bool is_suspected(const struct tone_text *text, const char *rule)
{
	for (size_t i = 0; i < text->suspicion_count; i++)
		if (strcmp(text->suspicions[i].rule, rule) == 0)
			return true;
	return false;
}

static void shape_try(struct tone_text *text, const struct shape *shape)
{
	const char *rule = shape->row->rule;
	size_t end;

	if ((rule && is_suspected(text, rule)) || is_excused(text, shape))
		return;
	for (size_t at = 0; at < text->count; at++) {
		if (!fits(text, shape, 0, at, &end))
			continue;
		if (!rule) {
			class_put(text->reader.tone, &text->at[at], shape->tag);
			continue;
		}
		if (text->suspicion_count < RULES_MAX)
			text->suspicions[text->suspicion_count++] =
				(struct suspicion){ rule, text->at[at].line,
						    words_between(text, at, end) };
		return;
	}
}

/* ---- how it sounds ---- */

/* "one", or "one", the mark and "other". */
static void feature_add(struct tone_text *text, struct slice one, const char *mark,
			struct slice other)
{
	const struct tone_reader *reader = &text->reader;
	struct buffer *feature = &text->feature;

	buffer_reset(feature);
	buffer_add(feature, one);
	buffer_add(feature, slice_of(mark));
	buffer_add(feature, other);
	text->sum.features++;
	text->sum.weight +=
		tone_model_weight(reader->tone->model, buffer_slice(feature));
	if (reader->told)
		reader->told(reader->context, buffer_slice(feature));
}

/* Numbers are one word, and so are the parts of an address. */
static struct slice spoken(const struct word *word)
{
	return ascii_is_digit(word->text.at[0]) ? S("#") : word->text;
}

static bool goes_on(const struct tone_text *text, size_t at)
{
	return at && ascii_is_digit(text->at[at].text.at[0]) &&
	       ascii_is_digit(text->at[at - 1].text.at[0]);
}

static void classes_add(struct tone_text *text, const struct word *word)
{
	for (unsigned i = 1; i <= TONE_CLASS_COUNT; i++)
		if (has_class(word, i))
			feature_add(text, text->reader.tone->names[i], "", S(""));
}

static void words_add(struct tone_text *text)
{
	struct slice last = S("^");

	for (size_t at = 0; at < text->count; at++) {
		struct slice word = spoken(&text->at[at]);

		if (goes_on(text, at))
			continue;
		feature_add(text, word, "", S(""));
		feature_add(text, last, " ", word);
		classes_add(text, &text->at[at]);
		last = word;
	}
	feature_add(text, last, " ", text->asks ? S("?") : S("$"));
}

static void features_add(struct tone_text *text)
{
	words_add(text);
	for (size_t i = 0; i < text->suspicion_count; i++)
		feature_add(text, S("rule"), ":", slice_of(text->suspicions[i].rule));
	if (text->asks)
		feature_add(text, S("<asks>"), "", S(""));
	for (size_t i = 0; i < text->exclaims; i++)
		feature_add(text, S("<exclaims>"), "", S(""));
	for (size_t i = 0; i < text->shouts; i++)
		feature_add(text, S("<shouts>"), "", S(""));
	if (text->reader.told)
		text->reader.told(text->reader.context, S(""));
}

/* What a memo must not say however kindly it is said. */
static bool is_always_found(const char *rule)
{
	static const char *const rules[] = { "country", "recipients", "block-list",
					     "advertising" };

	for (size_t i = 0; i < COUNT_OF(rules); i++)
		if (strcmp(rules[i], rule) == 0)
			return true;
	return false;
}

/* The sentence alone, or with the one before it. */
static int64_t score_of(const struct tone_text *text)
{
	const struct tone_model *model = text->reader.tone->model;
	struct tone_sum both = { text->sum.weight + text->before.weight,
				 text->sum.features + text->before.features };
	int64_t alone = tone_model_score(model, &text->sum);
	int64_t together = tone_model_score(model, &both);

	return text->before.features && together > alone ? together : alone;
}

/* A shape says something; words alone must say more, and be enough for a sentence. */
static void sentence_judge(struct tone_text *text)
{
	const struct tone_reader *reader = &text->reader;
	bool found = false;
	int64_t score;

	for (size_t i = 0; i < TONE_ROW_COUNT; i++)
		shape_try(text, &reader->tone->shapes[i]);
	features_add(text);
	score = score_of(text);
	for (size_t i = 0; i < text->suspicion_count; i++) {
		const struct suspicion *one = &text->suspicions[i];
		bool always = is_always_found(one->rule);

		if (!always && score <= SHAPE_SCORE)
			continue;
		found |= !always;
		reader->found(reader->context, one->line, one->rule, one->words);
	}
	if (!found && score > 0 && text->count >= JUDGED_WORDS)
		reader->found(reader->context, text->at[0].line, "tone",
			      words_between(text, 0, text->count));
	text->before = text->sum;
	if (found || score > 0)
		text->before = (struct tone_sum){ 0 };
}

/* ---- reading ---- */

static void sentence_end(struct tone_text *text)
{
	if (text->count)
		sentence_judge(text);
	text->count = text->suspicion_count = 0;
	text->shouts = text->exclaims = 0;
	text->sum = (struct tone_sum){ 0 };
	text->asks = false;
	text->breaks = true;
}

static void word_put(struct tone_text *text, size_t line, struct slice lower)
{
	struct word *word;
	const struct entries *entries;

	if (!lower.len)
		return;
	if (text->count == TONE_WORDS_MAX)
		sentence_end(text);
	word = &text->at[text->count++];
	*word = (struct word){ .text = lower, .line = line, .begins = text->breaks };
	text->breaks = false;
	if (lower.len > WORD_MAX)
		return;
	entries = &text->reader.tone->by_letter[(unsigned char)lower.at[0]];
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->at[i];

		if (entry->stem ? slice_starts(lower, entry->word)
				: slice_equal(lower, entry->word))
			class_put(text->reader.tone, word, entry->class);
	}
	if (ascii_is_digit(lower.at[0])) {
		entries = &text->reader.tone->by_letter['#'];
		for (size_t i = 0; i < entries->count; i++)
			class_put(text->reader.tone, word, entries->at[i].class);
	}
}

/* "don't" is two words, as "we'll" is. */
static void word_split(struct tone_text *text, size_t line, struct slice lower)
{
	static const struct {
		const char *end, *stem, *other;
	} rows[] = {
		{ "won't", "will", "not" }, { "can't", "can", "not" },
		{ "cannot", "can", "not" }, { "n't", "", "not" },
		{ "'ll", "", "will" },      { "'re", "", "are" },
		{ "'ve", "", "have" },      { "'m", "", "am" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice end = slice_of(rows[i].end);

		if (!slice_ends(lower, end) ||
		    (lower.len == end.len && !rows[i].stem[0]))
			continue;
		word_put(text, line,
			 rows[i].stem[0] ? slice_of(rows[i].stem)
					 : slice_cut(lower, 0, lower.len - end.len));
		word_put(text, line, slice_of(rows[i].other));
		return;
	}
	word_put(text, line, lower);
}

static bool is_word_char(char c)
{
	return ascii_is_alnum(c) || c == '\'' || (unsigned char)c >= 0x80;
}

/* What stands behind a word: does it end the sentence, or the clause? */
static void marks_read(struct tone_text *text, struct slice marks, bool last)
{
	for (size_t i = 0; i < marks.len; i++) {
		char c = marks.at[i];

		if (slice_find_byte(S(",;:()"), c) >= 0 || (c == '-' && marks.len > 1))
			text->breaks = true;
		if (c == '?')
			text->asks = true;
		if (c == '!')
			text->exclaims++;
		if (c == '?' || c == '!' || (c == '.' && last)) {
			sentence_end(text);
			return;
		}
	}
}

/* The typographer's apostrophe is an apostrophe. */
static struct slice lowered(struct arena *arena, struct slice line)
{
	char *copy = arena_cstr(arena, line);
	size_t len = 0;

	for (size_t i = 0; i < line.len; i++) {
		if (slice_starts(slice_from(line, i), S("\xe2\x80\x99"))) {
			copy[len++] = '\'';
			i += 2;
		} else {
			copy[len++] = ascii_lower(line.at[i]);
		}
	}
	return (struct slice){ copy, len };
}

/* "STILL", not "SSH" or "CVE-2021". */
static bool is_shouted(struct slice word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.at[i] < 'A' || word.at[i] > 'Z')
			return false;
	return word.len >= SHOUT_MIN;
}

void tone_line(struct tone_text *text, size_t number, struct slice line)
{
	struct slice lower = lowered(text->arena, line);
	size_t at = 0;

	if (!slice_trim(line).len) {
		sentence_end(text);
		text->before = (struct tone_sum){ 0 };
	}
	while (at < lower.len) {
		size_t start = at, end;

		while (at < lower.len && is_word_char(lower.at[at]))
			at++;
		end = at;
		text->shouts += is_shouted(slice_cut(line, start, end));
		while (at < lower.len && !is_word_char(lower.at[at]))
			at++;
		word_split(text, number, slice_cut(lower, start, end));
		/* "198.51.100.20" and "vps77.example" are no ends of sentences */
		marks_read(text, slice_cut(lower, end, at),
			   at == lower.len || at > end + 1);
	}
}

struct tone_text *tone_begin(struct arena *arena, const struct tone_reader *reader)
{
	struct tone_text *text = ARENA_NEW(arena, struct tone_text);

	text->reader = *reader;
	text->arena = arena;
	text->breaks = true;
	buffer_init(&text->feature, FEATURE_MAX);
	return text;
}

void tone_end(struct tone_text *text)
{
	sentence_end(text);
	buffer_clear(&text->feature);
}
