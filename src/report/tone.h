/* report/tone.h - does a memo sound like a neighbour's letter?
 *
 * Judges sentences by their shape, not by a list of bad words: a command without a
 * courtesy, a command with a date, a condition that ends in what "we will" do, blame with
 * "you" as its subject. The rows of tone_rules.c say which shapes; tone.c matches them. What
 * a shape found counts where the words around it sound hostile too (report/tone_model.h),
 * and words that sound so without a shape are found as "tone".
 *
 * Words are lower case and without punctuation; "n't" is "not", "'ll" is "will".          */
#ifndef REPORT_TONE_H
#define REPORT_TONE_H

#include "base/arena.h"

enum {
	TONE_WORDS_MAX = 120
}; /* of a sentence; a longer one is judged in pieces       */

struct tone_row {
	const char *rule; /* NULL: `pattern` puts the class `tag` on its first word */
	const char *tag;
	/* Words apart by blanks, each "a|b*|CLASS"; "~" up to six words of the same
	 * clause, "..." up to 40 of the sentence, "^" a clause begins, "^^" the sentence
	 * begins, "?" at the end: it is a question.                                  */
	const char *pattern;
	const char
		*unless; /* "a|b|CLASS": not where one of them is in the sentence     */
};
extern const struct tone_row TONE_ROWS[];
extern const size_t TONE_ROW_COUNT;
struct tone_class {
	const char *name, *words; /* "a b* c" */
};
extern const struct tone_class TONE_CLASSES[];
extern const size_t TONE_CLASS_COUNT;

struct tone; /* the rows, compiled; borrows from `arena` */
struct tone *tone_new(struct arena *arena);

/* The next line of prose, by its number; an empty one ends a sentence. `found` is told of
 * every rule once for a sentence, with the words that fit.                              */
struct tone_reader {
	const struct tone *tone;
	void (*found)(void *context, size_t line, const char *rule, struct slice words);
	/* NULL, or told of every feature, and by an empty one that a sentence ended */
	void (*told)(void *context, struct slice feature);
	void *context;
};
struct tone_text; /* a sentence on its way */
struct tone_text *tone_begin(struct arena *arena, const struct tone_reader *reader);
void tone_line(struct tone_text *text, size_t number, struct slice line);
void tone_end(struct tone_text *text);

#endif
