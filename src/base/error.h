/* base/error.h - the one way a failure travels.
 *
 * The outermost caller owns a struct error and passes it down. Who finds the failure
 * writes kind and text and returns -1 (or NULL); every layer that knows more prepends
 * its subject with error_context(); the edge (cli/) prints it once. `err` is never NULL.
 *
 * Text: lower case, no full stop, subjects in 'quotes', and what to do about it. It may
 * hold bytes that others chose: print it through an escaper only.                    */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/attribute.h"

enum error_kind {
	ERROR_NONE,
	ERROR_SYNTAX, /* the input breaks its grammar                      */
	ERROR_LIMIT, /* a cap was reached                                 */
	ERROR_RETRY, /* may work later: busy, changed under us, time out  */
	ERROR_REFUSED, /* the other side or a rule of ours says no          */
	ERROR_NOT_FOUND, /* asked and absent                                  */
	ERROR_CONFIG, /* the user's configuration must change              */
	ERROR_SYSTEM, /* the system said no; `sys` holds errno             */
};

enum { ERROR_TEXT_MAX = 1024 };

struct error {
	enum error_kind kind;
	int sys; /* errno, 0 unless kind is ERROR_SYSTEM      */
	char text[ERROR_TEXT_MAX]; /* NUL-terminated, cut at the end if longer  */
};

/* Each is an expression that is always -1, so that callers write `return
 * error_set(...)`. They are macros so that compilers and analysers see the -1: else they
 * go on as if a failed call had filled its outputs.
 *
 * error_set      fills `err`
 * error_system   as above for a failed system call: ": " and its text are appended
 * error_context  puts "context: " before the text; kind and sys stay               */
#define error_set(err, kind, ...) \
	(error_fill((err), (kind), __VA_ARGS__), error_result())
#define error_system(err, sys, ...) \
	(error_fill_system((err), (sys), __VA_ARGS__), error_result())
#define error_context(err, ...) (error_prepend((err), __VA_ARGS__), error_result())

static inline int error_result(void)
{
	return -1;
}

void error_fill(struct error *err, enum error_kind kind, const char *format, ...)
	PRINTF(3, 4);
void error_fill_system(struct error *err, int sys, const char *format, ...)
	PRINTF(3, 4);
void error_prepend(struct error *err, const char *format, ...) PRINTF(2, 3);
void error_clear(struct error *err);

#endif
