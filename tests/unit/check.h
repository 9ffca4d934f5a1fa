/* tests/unit/check.h - a test program is a list of named functions.
 *
 * Each test prints one line, "ok NAME" or "not ok NAME"; failed checks print both values
 * on lines that begin with "# ". The program exits 1 if any failed.
 *
 *   static void leap_day(void) { CHECK_INT(days(2024, 2), 29); }
 *   int main(void) { return CHECK_RUN(TEST(leap_day), TEST(...)); }                  */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include "base/slice.h"

struct check_test {
	const char *name;
	void (*run)(void);
};

#define TEST(function) ((struct check_test){ #function, function })
#define CHECK_RUN(...)                                           \
	check_run((struct check_test[]){ __VA_ARGS__ },          \
		  sizeof((struct check_test[]){ __VA_ARGS__ }) / \
			  sizeof(struct check_test))

#define CHECK(condition) check_true((condition), #condition, __FILE__, __LINE__)
#define CHECK_INT(got, want) \
	check_int((long long)(got), (long long)(want), #got, __FILE__, __LINE__)
#define CHECK_SLICE(got, want) check_slice((got), (want), #got, __FILE__, __LINE__)
#define CHECK_TEXT(got, want) \
	check_slice(slice_of(got), slice_of(want), #got, __FILE__, __LINE__)

int check_run(const struct check_test *tests, size_t count);
/* All return whether the check held. */
bool check_true(bool holds, const char *text, const char *file, int line);
bool check_int(long long got, long long want, const char *text, const char *file,
	       int line);
bool check_slice(struct slice got, struct slice want, const char *text,
		 const char *file, int line);

#endif
