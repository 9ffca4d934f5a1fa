/* A mail that arrived: what is found in it is part of it, and short. */
#include "mail/header.h"
#include "mail/received.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena = arena_new();
	struct received received;

	received_read(arena, (struct slice){ (const char *)bytes, size }, &received);
	assert(received.spf.len <= 20 && received.dkim.len <= 20);
	assert(!received.message_id.len || received.message_id.at[0] == '<');
	assert(received.envelope.len <= HEADER_FIELD_MAX);
	for (size_t i = 0; i < received.spf.len; i++)
		assert(ascii_is_alnum(received.spf.at[i]));
	arena_free(arena);
	return 0;
}
