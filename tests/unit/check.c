#include "check.h"

#include <stdio.h>

static int failures;

int check_run(const struct check_test *tests, size_t count)
{
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		failures = 0;
		tests[i].run();
		printf("%s %s\n", failures ? "not ok" : "ok", tests[i].name);
		fflush(stdout);
		failed += failures != 0;
	}
	return failed != 0;
}

bool check_true(bool holds, const char *text, const char *file, int line)
{
	if (!holds) {
		printf("# %s:%d: does not hold: %s\n", file, line, text);
		failures++;
	}
	return holds;
}

bool check_int(long long got, long long want, const char *text, const char *file,
	       int line)
{
	if (got != want) {
		printf("# %s:%d: %s is %lld, want %lld\n", file, line, text, got, want);
		failures++;
	}
	return got == want;
}

bool check_slice(struct slice got, struct slice want, const char *text,
		 const char *file, int line)
{
	bool same = slice_equal(got, want);

	if (!same) {
		printf("# %s:%d: %s is '" SLICE_FMT "', want '" SLICE_FMT "'\n", file,
		       line, text, SLICE_ARG(got), SLICE_ARG(want));
		failures++;
	}
	return same;
}
