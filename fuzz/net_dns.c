/* Replies to PTR, TXT and MX questions: whatever comes, only host names and short texts
 * go out.                                                                               */
#include "net/dns.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice packet = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct slices names = { 0 }, texts = { 0 }, exchanges = { 0 };
	bool no_mail;

	dns_pointers_read(arena, packet, &names);
	dns_texts_read(arena, packet, &texts);
	dns_exchanges_read(arena, packet, &exchanges, &no_mail);
	assert(names.count <= DNS_ANSWERS_MAX && texts.count <= DNS_ANSWERS_MAX &&
	       exchanges.count <= DNS_ANSWERS_MAX);
	for (size_t i = 0; i < names.count; i++)
		assert(host_name_valid(names.at[i]));
	for (size_t i = 0; i < exchanges.count; i++)
		assert(host_name_valid(exchanges.at[i]));
	for (size_t i = 0; i < texts.count; i++)
		assert(texts.at[i].len <= DNS_TEXT_MAX);
	arena_free(arena);
	return 0;
}
