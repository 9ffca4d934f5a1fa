/* A mail that came back: its keys have the shape of keys, and its tag may stand in a
 * subject. */
#include "base/escape.h"
#include "case/store.h"
#include "reply/reply.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct settings settings = { .plus = S("maria+%t@books.example") };
	struct arena *arena = arena_new();
	struct reply reply;
	struct error err;

	reply_read(arena, &settings, (struct slice){ (const char *)bytes, size },
		   &reply);
	assert(reply.tag.len <= CASE_TAG_MAX);
	assert(escape_mail_header_check(reply.tag, &err) == 0);
	for (size_t i = 0; i < reply.tokens.count; i++)
		assert(reply.tokens.at[i].len == 5);
	for (size_t i = 0; i < reply.ids.count; i++)
		assert(reply.ids.at[i].at[0] == '<' &&
		       slice_ends(reply.ids.at[i], S(">")) &&
		       reply.ids.at[i].len <= 250);
	assert(reply.ids.count <= REPLY_KEYS_MAX && reply.message_id.len <= 250);
	arena_free(arena);
	return 0;
}
