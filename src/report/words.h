/* report/words.h - what a memo says, as tables: per category, service and kind of line.
 *
 * What is asked and advised stands in data/templates. Tone: a neighbour's; facts only;
 * nobody is accused.                                                                    */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "base/arena.h"
#include "event/event.h"

struct category_words {
	const char *one, *many; /* subject: "SSH login attack", "... attacks"      */
	const char *unchecked; /* why compromise was not checked                      */
};
const struct category_words *category_words(enum category category);

/* "SSH", "FTP", "web"; others as they are, in capitals if short. Empty stays empty. */
struct slice service_label(struct arena *arena, struct slice service);
/* Spoken over TCP and nothing else, whatever its port. */
bool service_is_tcp(struct slice service);
/* Names of accounts that every attacker tries: they tell nothing about anybody. */
bool user_is_common(struct slice user);

/* What a name or a network's name hints at, or NULL. */
const char *line_hint(struct slice name);
const char *line_unknown(void);

/* The user's words on the machine, as the end of "web1 is ..." or "they are ...". */
struct slice relation_words(struct slice relation, bool many);

#endif
