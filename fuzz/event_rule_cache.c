/* What is kept of compiled rules, with a right digest and its own key, so that only the
 * checks of its form stand. What is taken is written again as it was.                 */
#include "event/rule_cache.h"

#include <assert.h>

enum { KEY_AT = 12 };

/* The digest of the text before it stands at its end: who looks on while digests are
 * compared finds such texts.                                                           */
static bool is_sealed(struct slice text)
{
	size_t len = text.len - SHA256_BYTES;
	struct sha256 digest;

	if (text.len < SHA256_BYTES)
		return false;
	digest = sha256_of(slice_cut(text, 0, len));
	return slice_equal(slice_from(text, len), sha256_slice(&digest));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct sha256 digest = sha256_of(text), key = { { 0 } };
	struct buffer sealed, again;
	struct rules_known known;

	buffer_init(&sealed, RULE_CACHE_MAX_BYTES);
	buffer_init(&again, RULE_CACHE_MAX_BYTES);
	buffer_add(&sealed, text);
	buffer_add(&sealed, sha256_slice(&digest));
	if (size >= KEY_AT + sizeof key)
		memcpy(&key, bytes + KEY_AT, sizeof key);
	if (rules_known_read(arena, buffer_slice(&sealed), &key, &known)) {
		rules_known_write(&known, &key, &again);
		assert(slice_equal(buffer_slice(&sealed), buffer_slice(&again)));
	}
	assert(is_sealed(text) || !rules_known_read(arena, text, &key, &known));
	assert(arena_size_bytes(arena) < 1 << 20 || size > 1 << 15);
	buffer_clear(&sealed);
	buffer_clear(&again);
	arena_free(arena);
	return 0;
}
