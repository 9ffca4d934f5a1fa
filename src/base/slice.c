#include "base/slice.h"

#include <string.h>

struct slice slice_of(const char *text)
{
	return (struct slice){ text, text ? strlen(text) : 0 };
}

struct slice slice_trim(struct slice s)
{
	while (s.len && ascii_is_space(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len && ascii_is_space(s.at[s.len - 1]))
		s.len--;
	return s;
}

/* Most of what is compared has few bytes, for which memcmp() takes longer to be called
 * than to compare. The last ones of each are looked at twice where they are no multiple. */
bool bytes_equal_any(const char *a, const char *b, size_t len)
{
	if (len > 32)
		return memcmp(a, b, len) == 0;
	if (len >= 8) {
		for (size_t i = 0; i + 8 < len; i += 8)
			if (eight_bytes(a + i) != eight_bytes(b + i))
				return false;
		return eight_bytes(a + len - 8) == eight_bytes(b + len - 8);
	}
	if (len >= 4)
		return four_bytes(a) == four_bytes(b) &&
		       four_bytes(a + len - 4) == four_bytes(b + len - 4);
	for (size_t i = 0; i < len; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
	return a.len == b.len && slice_starts_nocase(a, b);
}

int slice_compare(struct slice a, struct slice b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? memcmp(a.at, b.at, shorter) : 0;

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

bool slice_starts_nocase(struct slice s, struct slice prefix)
{
	if (s.len < prefix.len)
		return false;
	for (size_t i = 0; i < prefix.len; i++)
		if (ascii_lower(s.at[i]) != ascii_lower(prefix.at[i]))
			return false;
	return true;
}

ptrdiff_t slice_find(struct slice s, struct slice needle)
{
	const char *hit;

	if (needle.len == 0)
		return 0;
	if (s.len < needle.len)
		return -1;
	hit = memmem(s.at, s.len, needle.at, needle.len);
	return hit ? hit - s.at : -1;
}

ptrdiff_t slice_find_nocase(struct slice s, struct slice needle)
{
	for (size_t i = 0; i + needle.len <= s.len; i++)
		if (slice_starts_nocase(slice_from(s, i), needle))
			return (ptrdiff_t)i;
	return -1;
}

ptrdiff_t slice_find_byte(struct slice s, char byte)
{
	const char *hit = s.len ? memchr(s.at, byte, s.len) : NULL;

	return hit ? hit - s.at : -1;
}

ptrdiff_t slice_find_last_byte(struct slice s, char byte)
{
	const char *hit = s.len ? memrchr(s.at, byte, s.len) : NULL;

	return hit ? hit - s.at : -1;
}

/* Each lane counts for itself, as often as fits its byte, so that the compiler counts in all
 * of them at once and adds them up but seldom.                                         */
WIDE uint64_t slice_count_byte(struct slice s, char byte)
{
	enum { LANES = 64 };
	uint64_t count = 0;

	while (s.len >= LANES) {
		size_t rounds = s.len / LANES < UINT8_MAX ? s.len / LANES : UINT8_MAX;
		uint8_t lanes[LANES] = { 0 };

		for (size_t i = 0; i < rounds; i++, s.at += LANES)
			for (size_t j = 0; j < LANES; j++)
				lanes[j] = (uint8_t)(lanes[j] + (s.at[j] == byte));
		for (size_t j = 0; j < LANES; j++)
			count += lanes[j];
		s.len -= rounds * LANES;
	}
	for (size_t i = 0; i < s.len; i++)
		count += s.at[i] == byte;
	return count;
}

bool slice_next(struct slice *rest, char separator, struct slice *part)
{
	ptrdiff_t hit;

	if (!rest->at)
		return false;
	hit = slice_find_byte(*rest, separator);
	if (hit < 0) {
		*part = *rest;
		*rest = (struct slice){ NULL, 0 };
		return true;
	}
	*part = slice_cut(*rest, 0, (size_t)hit);
	*rest = slice_from(*rest, (size_t)hit + 1);
	return true;
}

int slice_to_u64(struct slice s, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;

	if (s.len == 0)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		uint64_t digit;

		if (!ascii_is_digit(s.at[i]))
			return -1;
		digit = (uint64_t)(s.at[i] - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return -1;
		value = value * 10 + digit;
	}
	if (value > max)
		return -1;
	*out = value;
	return 0;
}

size_t slice_distance(struct slice a, struct slice b)
{
	size_t row[64], previous, keep;

	if (a.len >= COUNT_OF(row) || b.len >= COUNT_OF(row))
		return COUNT_OF(row);
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		previous = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t best = previous + (a.at[i - 1] != b.at[j - 1]);

			keep = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			previous = keep;
		}
	}
	return row[b.len];
}
