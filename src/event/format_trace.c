#include "event/format_parts.h"

#include <string.h>

/* Every chunk of every log is searched, nearly all of them for nothing: so a block at once,
 * by what is rare in other logs.                                                        */
enum { BLOCK = 256, BEHIND = 2 /* bytes that are looked at behind a block */ };

/* The first block from `at` on in which '{', "l2" or "d.'" (any byte between) begins, or what
 * is left behind the last. Without branches, so that the compiler looks at many bytes at once.         */
static WIDE size_t block_find(struct slice bytes, size_t at)
{
	for (; at + BLOCK + BEHIND <= bytes.len; at += BLOCK) {
		const char *block = bytes.at + at;
		uint8_t found = 0;

		for (size_t i = 0; i < BLOCK; i++)
			found |=
				(uint8_t)((block[i] == '{') |
					  ((block[i] == 'l') & (block[i + 1] == '2')) |
					  ((block[i] == 'd') & (block[i + 2] == '\'')));
		if (found != 0)
			break;
	}
	return at;
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
	size_t at = block_find(bytes, 0);

	while (at + BLOCK + BEHIND <= bytes.len) {
		if (is_there(bytes, at, BLOCK))
			return true;
		at = block_find(bytes, at + BLOCK);
	}
	return is_there(bytes, at, bytes.len - at);
}
