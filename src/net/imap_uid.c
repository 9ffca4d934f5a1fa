#include "net/imap.h"

uint32_t imap_uid(struct slice lines)
{
	struct slice line, word;
	uint32_t highest = 0;

	while (lines.len && slice_next(&lines, '\n', &line)) {
		line = slice_trim(line);
		if (!slice_starts_nocase(line, S("* SEARCH")))
			continue;
		line = slice_from(line, 8);
		while (line.len && slice_next(&line, ' ', &word)) {
			uint64_t number;

			if (slice_to_u64(word, UINT32_MAX, &number) == 0 &&
			    number > highest)
				highest = (uint32_t)number;
		}
	}
	return highest;
}
