/* event/rule_cache.h - what the compilation of a set of rules found out, as bytes that can
 * be kept (for event/ only).
 *
 * That all of it compiles is said by its being kept at all: who reads this compiles an
 * expression when it is first matched. What lies in the file is only what is dear to find:
 * the names of groups, the literals, the prefilter's database (of what event/cover.h makes
 * of the literals: another cover is another format). What an expression matches
 * is always read from the rule files.
 *
 *   file       = "tipoffrc" format key literals expressions database sha256
 *   literals   = count *( text )
 *   expressions = count *( count *( group text ) count *( number ) )
 *   database   = text
 *   text       = length bytes            ; numbers are 32 bits, the lowest byte first
 * sha256 is over all that stands before it: it proves that the file is whole, not who
 * wrote it (os/cache.h).
 *
 * rules_known_read  false where the bytes are not of this form and key, to the last one.
 *                   `out` borrows from `bytes`; its arrays live in `arena`.
 * rules_known_write the same bytes for the same value; fails past the buffer's maximum. */
#ifndef EVENT_RULE_CACHE_H
#define EVENT_RULE_CACHE_H

#include "base/buffer.h"
#include "base/digest.h"
#include "event/expression.h"
#include "event/literal.h"

enum { RULE_CACHE_FORMAT = 3, RULE_CACHE_MAX_BYTES = 4 * 1024 * 1024 };

struct rules_known {
	struct slices literals; /* in the order of the gate's numbers */
	struct known_expressions { /* in the order of compilation; no date patterns */
		struct known_expression {
			struct expression_names names;
			struct literal_numbers literals;
		} * at;
		size_t count, room;
	} expressions;
	struct slice database; /* of the prefilter; empty: none */
};

MUST_CHECK bool rules_known_read(struct arena *arena, struct slice bytes,
				 const struct sha256 *key, struct rules_known *out);
void rules_known_write(const struct rules_known *known, const struct sha256 *key,
		       struct buffer *out);

#endif
