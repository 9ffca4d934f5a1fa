/* event/translate.h - an expression as fail2ban's filters write it, in PCRE2's words.
 *
 * Tags:     <HOST> (<ADDR>, or with TRANSLATE_NAMES also a name), <ADDR>, <IP4>, <IP6>,
 *           <DNS>, <CIDR>, <SUBNET>, <F-ID/>, <F-PORT/>, <F-NAME>...</F-NAME> as the group
 *           `name` ("id" is fid, "port" is fport), <SKIPLINES>. A closing tag that was
 *           never opened and unknown tags stay text.
 * Dialect:  what Python's re reads otherwise than PCRE2: the flag u, {,n}, \s and \S
 *           (with FS GS RS US), \v, \Z, \u0000 and \U00000000, '[' inside a class, ':',
 *           '.' and '=' at its head, flags at the head of a group.
 *           "(*" is refused: verbs are PCRE2's alone.
 * *out lives in `arena`. ERROR_SYNTAX, or ERROR_LIMIT over TRANSLATE_MAX_BYTES.        */
#ifndef EVENT_TRANSLATE_H
#define EVENT_TRANSLATE_H

#include "base/arena.h"
#include "base/error.h"

enum { TRANSLATE_MAX_BYTES = 256 * 1024 };

enum translate_flag {
	TRANSLATE_NAMES = 1, /* <HOST> may be a name                */
	TRANSLATE_NO_TAGS = 2, /* dates: '<' is text, dialect only  */
};

MUST_CHECK int translate_expression(struct arena *arena, struct slice pattern,
				    unsigned flags, struct slice *out,
				    struct error *err);

#endif
