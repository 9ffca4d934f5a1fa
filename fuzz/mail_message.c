/* Fields of a message, one a line: composed or refused, and never a bare line end. */
#include "mail/message.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice rest = { (const char *)bytes, size }, out = { 0 }, to;
	struct arena *arena = arena_new();
	struct message message = { .message_id = S("<1@a.example>"),
				   .to = { &to, 1, 1 } };
	struct error err;

	slice_next(&rest, '\n', &message.from_name);
	slice_next(&rest, '\n', &message.from);
	to = slice_next(&rest, '\n', &to) ? to : S("");
	slice_next(&rest, '\n', &message.subject);
	slice_next(&rest, '\n', &message.in_reply_to);
	message.text = rest;
	if (message_compose(arena, &message, &out, &err) == 0)
		for (size_t i = 0; i < out.len; i++)
			assert((out.at[i] == '\n') == (i && out.at[i - 1] == '\r'));
	arena_free(arena);
	return 0;
}
