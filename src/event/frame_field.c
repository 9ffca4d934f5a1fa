#include "event/frame_field.h"

#include "event/finding.h"
#include "event/header.h"

#include <string.h>

/* Words that no rule knows, of the kinds that rules ask for. */
static const char *const PLACEHOLDERS[] = { "Zq9", "zq@zq.example", "/zq",
					    "zq.example" };

enum { GAPS_MAX = 3, CONTEXT_BYTES = 10, HEAD_MAX = 100 };

bool frame_read(struct frame_reader *reader, struct slice text, struct event *out)
{
	struct line line = { .text = text, .file = S("frame"), .number = 1 };

	arena_reset(reader->arena);
	matcher_forget(reader->matcher);
	return matcher_line(reader->matcher, reader->arena, &line, out) == 1;
}

void frame_event_keep(struct arena *arena, struct event *event)
{
	event->source_name = arena_copy(arena, event->source_name);
	event->user = arena_copy(arena, event->user);
}

/* "sshd[12]: " behind words that other syslogs put before it ("<auth.info> web1 "). */
static size_t odd_head_bytes(struct slice line)
{
	ptrdiff_t end = slice_find(slice_cut(line, 0, HEAD_MAX), S("]: "));
	size_t at = end > 0 ? (size_t)end : 0;

	while (at > 0 && ascii_is_digit(line.at[at - 1]))
		at--;
	if (at == 0 || at == (size_t)end || line.at[at - 1] != '[')
		return 0;
	return (size_t)end + 3;
}

size_t frame_head_bytes(struct slice line)
{
	struct header header;

	if (header_parse(line, &header))
		return (size_t)(header.text.at - line.at);
	return odd_head_bytes(line);
}

struct slice frame_joined(struct arena *arena, const struct slice *parts, size_t count)
{
	size_t len = 0, at = 0;
	char *out;

	for (size_t i = 0; i < count; i++)
		len += parts[i].len;
	out = ARENA_ARRAY(arena, char, len + 1);
	for (size_t i = 0; i < count; i++) {
		if (parts[i].len > 0)
			memcpy(out + at, parts[i].at, parts[i].len);
		at += parts[i].len;
	}
	return (struct slice){ out, len };
}

/* --- words ----------------------------------------------------------------------------------- */

static bool is_word_byte(char c)
{
	return ascii_is_alnum(c) || (unsigned char)c >= 0x80 || c == '.' || c == '_' ||
	       c == '-' || c == '@' || c == '/' || c == '+' || c == '%';
}

size_t frame_next_cut(struct slice text, size_t from)
{
	size_t at = from + 1;

	while (at < text.len &&
	       (is_word_byte(text.at[at - 1]) && is_word_byte(text.at[at])))
		at++;
	return at;
}

/* --- the source in a text ------------------------------------------------------------------- */

struct slice frame_innocent(const struct event *truth)
{
	static const char *const rows[][2] = {
		[FAMILY_NONE] = { "innocent.example", "bystander.example" },
		[FAMILY_IPV4] = { "198.51.100.66", "203.0.113.66" },
		[FAMILY_IPV6] = { "2001:db8:bad::66", "2001:db8:bad::67" },
	};
	const char *const *row = rows[truth->source.family];
	struct event innocent = { .source_name = slice_of(row[0]) };

	if (truth->source.family != FAMILY_NONE) {
		if (address_parse(slice_of(row[0]), &innocent.source) != 0)
			return slice_of(row[1]);
	}
	return slice_of(row[finding_same_source(truth, &innocent)]);
}

static bool is_address_byte(char c)
{
	return ascii_is_xdigit(c) || c == ':' || c == '.';
}

/* Bytes at the beginning of `text` that are the true source; 0: none are. */
static size_t source_bytes(struct slice text, const struct event *truth)
{
	struct address address;
	size_t len = 0;

	if (truth->source.family == FAMILY_NONE)
		return slice_starts_nocase(text, truth->source_name)
			       ? truth->source_name.len
			       : 0;
	while (len < text.len && len < ADDRESS_TEXT_MAX &&
	       is_address_byte(text.at[len]))
		len++;
	for (; len > 1; len--) {
		if (address_parse(slice_cut(text, 0, len), &address) == 0 &&
		    address_equal(&address, &truth->source))
			return len;
	}
	return 0;
}

struct slice frame_replaced(struct arena *arena, struct slice text,
			    const struct event *truth, struct slice by)
{
	struct slices parts = { 0 };
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		size_t len = i > 0 && ascii_is_alnum(text.at[i - 1])
				     ? 0
				     : source_bytes(slice_from(text, i), truth);

		if (len == 0)
			continue;
		*LIST_ADD(arena, &parts) = slice_cut(text, from, i);
		*LIST_ADD(arena, &parts) = by;
		from = i + len;
		i = from - 1;
	}
	*LIST_ADD(arena, &parts) = slice_from(text, from);
	return frame_joined(arena, parts.at, parts.count);
}

struct slice frame_accusing(struct arena *arena, struct slice text,
			    struct slice innocent)
{
	struct slices parts = { 0 };
	ptrdiff_t at;

	while ((at = slice_find(text, S("{}"))) >= 0) {
		*LIST_ADD(arena, &parts) = slice_cut(text, 0, (size_t)at);
		*LIST_ADD(arena, &parts) = innocent;
		text = slice_from(text, (size_t)at + 2);
	}
	*LIST_ADD(arena, &parts) = text;
	return frame_joined(arena, parts.at, parts.count);
}

/* --- fields ------------------------------------------------------------------------------------ */

struct search {
	struct frame_reader *reader;
	struct arena *arena;
	struct slice line;
	const struct event *truth;
	struct slice user; /* where it stands in the line */
	struct slice own;
	struct frame_fields *fields;
};

/* *event lives until the next line is read. */
static bool reads_same(const struct search *search, size_t start, size_t end,
		       struct slice word, struct event *event)
{
	const struct slice parts[] = { slice_cut(search->line, 0, start), word,
				       slice_from(search->line, end) };

	return frame_read(search->reader,
			  frame_joined(search->arena, parts, COUNT_OF(parts)), event) &&
	       !event->contested && finding_same_source(event, search->truth);
}

static bool still_names(const struct search *search, size_t start, size_t end,
			struct slice word)
{
	struct event event;

	return reads_same(search, start, end, word, &event);
}

/* Where the user name stands: the same word may stand elsewhere too. */
static struct slice user_find(const struct search *search, size_t head)
{
	struct slice user = search->truth->user, rest = slice_from(search->line, head);
	struct slice found = { 0 };
	ptrdiff_t at;

	while (user.len > 0 && (at = slice_find(rest, user)) >= 0) {
		struct event event;
		size_t start = (size_t)(rest.at - search->line.at) + (size_t)at;

		found = slice_cut(search->line, start, start + user.len);
		if (reads_same(search, start, start + user.len, S("zq9"), &event) &&
		    slice_equal(event.user, S("zq9")))
			break;
		rest = slice_from(rest, (size_t)at + 1);
	}
	return found;
}

static bool holds_user(const struct search *search, size_t start, size_t end)
{
	const char *at = search->user.at;

	return search->user.len > 0 && search->line.at + start <= at &&
	       at + search->user.len <= search->line.at + end;
}

bool frame_is_host_text(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (!ascii_is_alnum(c) && c != '.' && c != '-' && c != '_')
			return false;
	}
	return true;
}

/* "vps77.example[" and the source: a server asked the DNS for that name. */
static bool is_host_name(const struct search *search, size_t start, size_t end)
{
	struct slice word, rest;
	struct address address;

	while (start > 0 && is_address_byte(search->line.at[start - 1]))
		start--;
	while (end < search->line.len && is_address_byte(search->line.at[end]))
		end++;
	word = slice_cut(search->line, start, end);
	rest = slice_from(search->line, end);

	if (slice_starts(rest, S(" ")))
		rest = slice_from(rest, 1);
	if (!slice_starts(rest, S("[")) && !slice_starts(rest, S("(")))
		return false;
	if (source_bytes(slice_from(rest, 1), search->truth) == 0)
		return false;
	return slice_equal(word, S("unknown")) || address_parse(word, &address) == 0 ||
	       (frame_is_host_text(word) && slice_find_byte(word, '.') > 0);
}

static void field_add(const struct search *search, size_t start, size_t end)
{
	bool is_user = holds_user(search, start, end);

	if (search->fields->count < FRAME_FIELDS_MAX)
		*LIST_ADD(search->arena, search->fields) =
			(struct frame_field){ start, end, is_user,
					      !is_user && is_host_name(search, start,
								       end) };
}

/* Whether the rule's samples say that this word is the program's. */
static bool is_own(const struct search *search, struct slice word)
{
	struct slice rest = search->own, one;

	while (rest.len > 0 && slice_next(&rest, ' ', &one)) {
		if (one.len > 0 && slice_equal(one, word))
			return true;
	}
	return false;
}

/* Whether the word of the line may be another one. A word of the program's own may be
 * left out of the line with what stands behind it and still be no peer's.             */
static bool is_free(const struct search *search, size_t start, size_t end)
{
	if (!is_word_byte(search->line.at[start]))
		return true;
	if (is_own(search, slice_cut(search->line, start, end)))
		return false;
	for (size_t i = 0; i < COUNT_OF(PLACEHOLDERS); i++) {
		if (still_names(search, start, end, slice_of(PLACEHOLDERS[i])))
			return true;
	}
	return false;
}

/* How far from `start` one word may stand in place of all; `start`: nowhere. */
static size_t field_end(const struct search *search, size_t start, struct slice word)
{
	size_t end = start, gaps = 0, from = start;

	for (size_t at = frame_next_cut(search->line, start);
	     at <= search->line.len && gaps < GAPS_MAX;
	     at = frame_next_cut(search->line, at)) {
		if (!is_free(search, from, at))
			break;
		from = at;
		if (still_names(search, start, at, word)) {
			end = at;
			gaps = 0;
		} else if (end == start) {
			return start;
		} else {
			gaps++;
		}
	}
	return end;
}

/* Whether one of the program's own words stands at this place or ends there. */
static bool touches_own(const struct search *search, size_t at)
{
	struct slice line = search->line;
	size_t before = at;

	if (at < line.len &&
	    is_own(search, slice_cut(line, at, frame_next_cut(line, at))))
		return true;
	if (at == 0)
		return false;
	do
		before--;
	while (before > 0 && is_word_byte(line.at[before]) &&
	       is_word_byte(line.at[before - 1]));
	return is_own(search, slice_cut(line, before, at));
}

static bool touches_word(const struct search *search, size_t at)
{
	struct slice line = search->line;

	return (at < line.len && is_word_byte(line.at[at])) ||
	       (at > 0 && is_word_byte(line.at[at - 1]));
}

/* Where nothing stands, something may be put in. */
static void gap_try(const struct search *search, size_t at, size_t field_ended)
{
	bool is_end = at == search->line.len;

	if (at == field_ended || touches_own(search, at))
		return;
	if ((!touches_word(search, at) && still_names(search, at, at, S("Zq9"))) ||
	    (is_end && still_names(search, at, at, S(" Zq9"))))
		field_add(search, at, at);
}

static void words_try(const struct search *search, size_t head)
{
	struct slice line = search->line;
	size_t ended = SIZE_MAX;

	for (size_t at = head; at < line.len;) {
		size_t end = at;

		for (size_t i = 0; i < COUNT_OF(PLACEHOLDERS) && end == at &&
				   is_word_byte(line.at[at]);
		     i++)
			end = field_end(search, at, slice_of(PLACEHOLDERS[i]));
		if (end > at) {
			field_add(search, at, end);
			at = ended = end;
			continue;
		}
		gap_try(search, at, ended);
		at = frame_next_cut(line, at);
	}
	gap_try(search, line.len, ended);
}

void frame_fields_find(struct frame_reader *reader, struct arena *arena,
		       struct slice line, const struct event *truth, struct slice own,
		       struct frame_fields *fields)
{
	struct search search = { reader, arena, line, truth, { 0 }, own, fields };
	size_t head = frame_head_bytes(line);
	bool among = false;

	search.user = user_find(&search, head);
	if (!slice_equal(own, S("*")))
		words_try(&search, head);
	for (size_t i = 0; i < fields->count; i++)
		among |= fields->at[i].is_user;
	if (search.user.len > 0 && !among)
		field_add(&search, (size_t)(search.user.at - line.at),
			  (size_t)(search.user.at - line.at) + search.user.len);
}

static uint64_t hash_add(uint64_t hash, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = ascii_is_digit(text.at[i]) ? '0' : text.at[i];

		hash = (hash ^ (unsigned char)c) * UINT64_C(0x100000001b3);
	}
	return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

uint64_t frame_context(struct slice line, const struct frame_field *field)
{
	size_t from = field->start > CONTEXT_BYTES ? field->start - CONTEXT_BYTES : 0;
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	hash = hash_add(hash, slice_cut(line, from, field->start));
	return hash_add(hash, slice_cut(line, field->end, field->end + CONTEXT_BYTES)) +
	       field->is_user;
}
