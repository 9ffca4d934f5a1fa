/* report.c - renders reports, whole messages with memo and parts, one after the other.
 *
 * usage: bench_report COUNT [KEY]
 * About one made-up source each, as report_sample() makes them, their categories in turn;
 * with KEY each is signed by gpg. What is measured is report_render(), from facts to bytes.
 * Prints the bytes made, so that nobody can leave the work out.                         */
#include "report/sample.h"
#include "report/templates.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	struct arena *kept = arena_new(), *arena = arena_new();
	struct template_set templates = { 0 };
	struct settings settings;
	size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000, bytes = 0;
	struct error err = { 0 };

	templates_shipped(kept, &templates);
	for (size_t i = 0; i < count; i++) {
		struct report_request request;
		struct report report;

		report_sample(arena, (enum category)(i % CATEGORY_BACKSCATTER), 1,
			      &request);
		request.templates = &templates;
		settings = *request.settings;
		settings.key = slice_of(argc > 2 ? argv[2] : NULL);
		request.settings = &settings;
		request.sign = argc > 2;
		if (report_render(arena, &request, &report, &err) != 0) {
			fprintf(stderr, "bench_report: %s\n", err.text);
			return 1;
		}
		bytes += report.message.len;
		arena_reset(arena);
	}
	printf("%zu bytes in %zu messages\n", bytes, count);
	arena_free(arena);
	arena_free(kept);
	return 0;
}
