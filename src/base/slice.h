/* base/slice.h - borrowed bytes: a pointer and a length.
 *
 * No NUL at the end is promised and any byte may be inside. A slice owns nothing; it
 * lives as long as the memory it points into. Comparisons are bytewise; the _nocase
 * ones fold ASCII letters only, whatever the locale.                                 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include "base/attribute.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *at;
	size_t len;
};

/* A literal as a slice; only for string literals. */
#define S(literal) ((struct slice){ (literal), sizeof(literal) - 1 })
/* For printf: SLICE_FMT in the format, SLICE_ARG(s) as its value. */
#define SLICE_FMT "%.*s"
#define SLICE_ARG(s) \
	((s).len > 1 << 20 ? 1 << 20 : (int)(s).len), ((s).len ? (s).at : "")

struct slice slice_of(const char *text); /* of a NUL-terminated string, NULL is empty */
struct slice slice_trim(struct slice s); /* blank, tab, CR, LF off both ends */

bool slice_equal_nocase(struct slice a, struct slice b);
int slice_compare(struct slice a, struct slice b); /* as memcmp, shorter first */
bool slice_starts_nocase(struct slice s, struct slice prefix);
/* Offset of the first (last) hit, or -1. */
ptrdiff_t slice_find(struct slice s, struct slice needle);
ptrdiff_t slice_find_nocase(struct slice s, struct slice needle);
ptrdiff_t slice_find_byte(struct slice s, char byte);
ptrdiff_t slice_find_last_byte(struct slice s, char byte);
uint64_t slice_count_byte(struct slice s, char byte);
/* Takes the part up to `separator` off *rest into *part; false when *rest is used up
 * (an empty *rest with a non-NULL pointer still yields one empty part).              */
bool slice_next(struct slice *rest, char separator, struct slice *part);
/* Edits needed to turn `a` into `b`, for "did you mean"; 64 for those that are long. */
size_t slice_distance(struct slice a, struct slice b);
/* Decimal digits only, the whole slice; -1 where it is anything else or over `max`. */
int slice_to_u64(struct slice s, uint64_t max, uint64_t *out);

/* The rest is small and asked for every byte or line: it stands here to be inlined. */

/* Clamped. */
static inline struct slice slice_cut(struct slice s, size_t start, size_t end)
{
	if (s.len == 0)
		return s;
	if (end > s.len)
		end = s.len;
	if (start > end)
		start = end;
	return (struct slice){ s.at + start, end - start };
}

static inline struct slice slice_from(struct slice s, size_t start)
{
	return slice_cut(s, start, s.len);
}

/* Eight bytes as a number, of which only the equality means something. */
static inline uint64_t eight_bytes(const char *at)
{
	uint64_t bytes;

	memcpy(&bytes, at, sizeof bytes);
	return bytes;
}

static inline uint32_t four_bytes(const char *at)
{
	uint32_t bytes;

	memcpy(&bytes, at, sizeof bytes);
	return bytes;
}

/* Compilers know how to compare a few bytes of which they know the number. */
bool bytes_equal_any(const char *a, const char *b, size_t len);
static inline bool bytes_equal(const char *a, const char *b, size_t len)
{
	if (__builtin_constant_p(len))
		return memcmp(a, b, len) == 0;
	return bytes_equal_any(a, b, len);
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && bytes_equal(a.at, b.at, a.len);
}

static inline bool slice_starts(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len && bytes_equal(s.at, prefix.at, prefix.len);
}

static inline bool slice_ends(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len &&
	       slice_equal(slice_from(s, s.len - suffix.len), suffix);
}

/* ASCII classes, safe for any char and blind to the locale. */
static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_is_alnum(char c)
{
	return ascii_is_digit(c) || ascii_is_alpha(c);
}

static inline bool ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool ascii_is_xdigit(char c)
{
	return ascii_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool ascii_is_print(char c)
{
	return c >= ' ' && c <= '~';
}

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* The value of a hex digit of either case; -1 where it is none. */
static inline int ascii_hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	return ascii_is_xdigit(c) ? ascii_lower(c) - 'a' + 10 : -1;
}

static inline char ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

#endif
