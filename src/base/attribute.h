/* base/attribute.h - compiler attributes under plain names.
 *
 * MUST_CHECK  the result says whether the call worked: it may not be dropped.
 *             ([[nodiscard]] is a pedantic warning in gcc 12, an error in clang 14.)
 * WIDE        compiled twice, and the processor at hand decides: the better half of them
 *             has vectors of twice the length (AVX2). For loops over whole blocks.
 * PRINTF(f,a) argument f is a printf format, the values begin at argument a.        */
#ifndef BASE_ATTRIBUTE_H
#define BASE_ATTRIBUTE_H

#include <features.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a), nonnull(f)))
#define NORETURN __attribute__((noreturn))
/* clang 14 gives what it compiles so another name, which no other file finds. */
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
