/* contact/signs.h - what the words of an answer say before any object is read.
 *
 * Refusals (rate limits, bans, failures upstream: contacts.md S29) and "not found" come
 * as text, not as codes. Only comment lines, error lines and answers without an object
 * are looked at, because the values of objects are written by anybody (S22).           */
#ifndef CONTACT_SIGNS_H
#define CONTACT_SIGNS_H

#include "contact/reading.h"

/* READING_REFUSED or READING_NOTHING with the line that says so in *note (valid UTF-8,
 * in `arena`); READING_ANSWER where nothing of that kind stands in the text.          */
enum reading_state signs_of(struct arena *arena, struct slice text, struct slice *note);

#endif
