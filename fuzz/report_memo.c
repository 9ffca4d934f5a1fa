/* Lint reads any memo; every finding names a line that is there and a rule. */
#include "report/lint.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena = arena_new();
	struct lint_findings findings = { 0 };

	memo_lint(lint_new(arena), arena, (struct slice){ (const char *)bytes, size },
		  &findings);
	for (size_t i = 0; i < findings.count; i++) {
		assert(findings.at[i].line <= size + 1);
		assert(findings.at[i].rule.len && findings.at[i].text.len);
	}
	arena_free(arena);
	return 0;
}
