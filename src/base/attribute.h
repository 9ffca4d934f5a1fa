/* base/attribute.h - compiler attributes under plain names.
 *
 * MUST_CHECK  the result says whether the call worked: it may not be dropped.
 *             ([[nodiscard]] is a pedantic warning in gcc 12, an error in clang 14.)
 * PRINTF(f,a) argument f is a printf format, the values begin at argument a.        */
#ifndef BASE_ATTRIBUTE_H
#define BASE_ATTRIBUTE_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a), nonnull(f)))
#define NORETURN __attribute__((noreturn))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
