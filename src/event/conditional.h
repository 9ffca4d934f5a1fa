/* event/conditional.h - what a conditional group asks for, asked early (for event/ only).
 *
 * In "(?P<a>\S+)|..." with "(?(a): |$)" further on, a match in which the group took part
 * holds ": " behind where the group began. conditional_hasten() writes that into the
 * group, "(?P<a>(?=(?s:.*): )\S+)", so that PCRE2 gives up before it tries the rest and
 * not behind it. Which match is found first, and what it captures, stays the same: only
 * ways are cut off that end nowhere.
 *
 * Only where that is sure: the conditional stands outside of all groups and is asked once,
 * no alternative goes round it, the group is none of a look-around, and nothing in the
 * expression is atomic, possessive or changes its flags. Otherwise, and where there is no
 * conditional at all, the text comes back as it is.                                     */
#ifndef EVENT_CONDITIONAL_H
#define EVENT_CONDITIONAL_H

#include "base/arena.h"

/* `text` is for PCRE2, as translate_expression() writes it. */
struct slice conditional_hasten(struct arena *arena, struct slice text);

#endif
