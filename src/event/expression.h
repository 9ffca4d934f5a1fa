/* event/expression.h - one regular expression of a rule, compiled (the home of PCRE2).
 *
 * expression_new      translates, compiles and checks.
 * expression_checked  only translates: for a pattern and flags that expression_new() took
 *                     before, with the names that it found. What is compiled when it is
 *                     first matched then cannot fail.
 *
 * Immutable once made; any number of threads may match with it, each through its own
 * struct expression_scratch. Two codes are held: bytes for pure ASCII subjects and
 * UTF|UCP for the others, whose text must be valid UTF-8 already (expression_utf8()).
 * A match that reaches its limit (100,000 steps, or the stack) is EXPRESSION_LIMITED: it
 * is counted and names nobody, never an error.                                        */
#ifndef EVENT_EXPRESSION_H
#define EVENT_EXPRESSION_H

#include "base/arena.h"
#include "base/error.h"

enum expression_flag {
	EXPRESSION_NAMES = 1, /* <HOST> may be a name                      */
	EXPRESSION_LINES = 2, /* ^ and $ match at every newline (maxlines) */
	EXPRESSION_NO_TAGS = 4, /* dates: no tags inside                     */
};

/* Named groups that mean something to the matcher. */
enum role {
	ROLE_FID,
	ROLE_IP4,
	ROLE_IP6,
	ROLE_DNS,
	ROLE_PORT, /* of the source */
	ROLE_USER,
	ROLE_TARGET,
	ROLE_TARGET_PORT,
	ROLE_PROTOCOL,
	ROLE_MLFID,
	ROLE_NOFAIL,
	ROLE_GAINED,
	ROLE_FORGET,
	ROLE_PENDING,
	ROLE_ACTS, /* how many acts the line tells        */
	ROLE_ONCE, /* a sign of what another line may tell */
	ROLE_CIDR, /* of the source, where a network is told */
	ROLE_CONTENT,
	ROLE_COUNT,
};

struct expression;
struct expression_scratch;

enum { EXPRESSION_GROUPS_MAX = 500, EXPRESSION_NAME_MAX = 128 };

/* The named groups, in order of names: PCRE2 keeps them so. */
struct expression_names {
	struct expression_name {
		struct slice name;
		unsigned group;
	} * at;
	size_t count, room;
};

/* `arena` is for the work of this call only. */
MUST_CHECK struct expression *expression_new(struct arena *arena, struct slice pattern,
					     unsigned flags, struct error *err);
MUST_CHECK struct expression *expression_checked(struct arena *arena,
						 struct slice pattern, unsigned flags,
						 const struct expression_names *names,
						 struct error *err);
void expression_free(struct expression *expression); /* NULL is fine */

/* False where the system forbids JIT (MemoryDenyWriteExecute): slower, same results. */
bool expression_has_jit(const struct expression *expression);
bool expression_has_role(const struct expression *expression, enum role role);
struct slice expression_text(const struct expression *expression); /* as PCRE2 got it */
const struct expression_names *expression_names(const struct expression *expression);
/* The number of a named group, 0 where there is none. */
unsigned expression_group(const struct expression *expression, const char *name);
/* The library that compiles: another one may read a pattern otherwise. */
struct slice expression_library(struct arena *arena);
/* "alt_user_2" and "tuple_user" feed "user", and say so in *alternate. */
struct slice expression_name_base(struct slice name, bool *alternate);

struct expression_scratch *expression_scratch_new(void);
void expression_scratch_free(struct expression_scratch *scratch);

enum expression_result { EXPRESSION_MISS, EXPRESSION_HIT, EXPRESSION_LIMITED };

/* Searches subject[start..]; what stands before `start` is seen by look-behinds. */
enum expression_result expression_match(const struct expression *expression,
					struct expression_scratch *scratch,
					struct slice subject, bool ascii, size_t start);

/* True where the subject, taken for the beginning of a longer one, matches in a way that
 * nothing behind it could change; *end is where the match ends. Slow: not for every line.
 * The captures of the last hit are gone afterwards.                                   */
bool expression_match_decided(const struct expression *expression,
			      struct expression_scratch *scratch, struct slice subject,
			      bool ascii, size_t *end);

/* Of the last hit. A group that took no part has a NULL pointer. */
struct slice expression_capture(const struct expression_scratch *scratch,
				unsigned group);
/* Fills roles[r] for each role whose group (or first alt_ group with text) took part,
 * and leaves the others.                                                             */
void expression_roles(const struct expression *expression,
		      const struct expression_scratch *scratch, struct slice *roles);

bool expression_is_ascii(struct slice text);
/* The text with every invalid byte replaced by U+FFFD, in `arena`. */
struct slice expression_utf8(struct arena *arena, struct slice text);

#endif
