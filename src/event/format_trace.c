#include "event/format_parts.h"

#include <string.h>

/* Every chunk of every log is searched, nearly all of them for nothing: so 64 bytes at
 * once, by what is rare in other logs.                                                  */
typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint64_t words2 __attribute__((vector_size(16)));
enum { AT_ONCE = 16, BLOCK = 64 };

static bytes16 all_of(char c)
{
	uint8_t b = (uint8_t)c;

	return (bytes16){ b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b };
}

static bytes16 load(const char *at)
{
	bytes16 out;

	memcpy(&out, at, sizeof out);
	return out;
}

/* '{', "l2b" or "d '" begins at one of the 16; two bytes behind them are read. */
static words2 seems(const char *at)
{
	bytes16 first = load(at), second = load(at + 1), third = load(at + 2);

	return (words2)(first == all_of('{')) |
	       ((words2)(first == all_of('l')) & (words2)(second == all_of('2')) &
		(words2)(third == all_of('b'))) |
	       ((words2)(first == all_of('d')) & (words2)(second == all_of(' ')) &
		(words2)(third == all_of('\'')));
}

static bool block_seems(const char *at)
{
	words2 found = { 0 };

	for (size_t i = 0; i < BLOCK; i += AT_ONCE)
		found |= seems(at + i);
	return (found[0] | found[1]) != 0;
}

/* Of one that begins at any of the first `count` bytes. */
static bool is_there(struct slice bytes, size_t at, size_t count)
{
	static const char fail2ban[] = "fail2ban.", performed[] = " performed '";
	struct slice part = slice_cut(slice_from(bytes, at), 0, count);
	size_t before = at < sizeof performed ? at : sizeof performed;
	struct slice around = slice_cut(slice_from(bytes, at - before), 0,
					before + count + sizeof performed);

	return slice_find_byte(part, '{') >= 0 ||
	       slice_find(around, slice_of(fail2ban)) >= 0 ||
	       slice_find(around, slice_of(performed)) >= 0;
}

bool format_trace(struct slice bytes)
{
	size_t at = 0;

	for (; at + BLOCK + 2 <= bytes.len; at += BLOCK)
		if (block_seems(bytes.at + at) && is_there(bytes, at, BLOCK))
			return true;
	return is_there(bytes, at, bytes.len - at);
}
