/* What AbuseIPDB or blocklist.de answered; the first byte says which and how. */
#include "delivery/database_answer.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const long statuses[] = { 200, 401, 422, 429, 500, 0, 302, 503 };
	struct database_answer answer = { .body = { (const char *)bytes + 1,
						    size ? size - 1 : 0 } };
	struct arena *arena = arena_new();
	struct handover_end end = { 0 };

	if (size) {
		answer.status = statuses[bytes[0] >> 1 & 7];
		answer.retry_after_s = bytes[0] & 16 ? 3600 : 0;
		database_answer_read(arena,
				     bytes[0] & 1 ? DATABASE_BLOCKLIST_DE
						  : DATABASE_ABUSEIPDB,
				     &answer, &end);
		assert(end.state == DELIVERY_SENT || end.state == DELIVERY_DEFERRED ||
		       end.state == DELIVERY_FAILED || end.state == DELIVERY_IN_DOUBT);
		assert(end.state != DELIVERY_SENT || answer.status == 200);
		assert(end.words.len <= 500 && slice_find_byte(end.words, '\n') < 0);
	}
	arena_free(arena);
	return 0;
}
