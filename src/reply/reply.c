#include "reply/reply.h"

#include "mail/encoded.h"
#include "mail/header.h"
#include "mail/hop.h"
#include "report/store.h"

enum { TAG_MAX = 60, ID_MAX = 250, FIELDS_MAX = 500 };

struct reading {
	struct arena *arena;
	const struct settings *settings;
	struct reply *out;
};

static void key_add(struct arena *arena, struct slices *keys, struct slice key)
{
	if (keys->count < REPLY_KEYS_MAX)
		*LIST_ADD(arena, keys) = key;
}

/* ---- ids ---- */

static bool is_id(struct slice id)
{
	for (size_t i = 1; i + 1 < id.len; i++)
		if (id.at[i] <= ' ' || id.at[i] > '~' || id.at[i] == '<')
			return false;
	return id.len > 4 && id.len <= ID_MAX && slice_find_byte(id, '@') > 1;
}

/* Each "<...>" of a field. */
static void ids_take(struct reading *reading, struct slice value)
{
	while (value.len) {
		ptrdiff_t open = slice_find_byte(value, '<');
		struct slice rest =
			slice_from(value, open < 0 ? value.len : (size_t)open);
		ptrdiff_t close = slice_find_byte(rest, '>');

		if (close < 0)
			return;
		if (is_id(slice_cut(rest, 0, (size_t)close + 1)))
			key_add(reading->arena, &reading->out->ids,
				slice_cut(rest, 0, (size_t)close + 1));
		value = slice_from(rest, (size_t)close + 1);
	}
}

/* ---- tokens ---- */

static bool is_token(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alnum(text.at[i]))
			return false;
	return text.len == REPORT_TOKEN_LEN;
}

/* "maria+%t@example.net": the token stands between what is before and behind "%t". */
static void plus_take(struct reading *reading, struct slice value)
{
	struct slice plus = reading->settings->plus;
	ptrdiff_t hole = slice_find(plus, S("%t"));
	struct slice before = slice_cut(plus, 0, hole < 0 ? 0 : (size_t)hole);
	struct slice behind = slice_from(plus, (size_t)(hole + 2));

	for (size_t at = 0; hole > 0 && at < value.len; at++) {
		struct slice rest = slice_from(value, at), token;

		if (!slice_starts_nocase(rest, before))
			continue;
		token = slice_cut(rest, before.len, before.len + REPORT_TOKEN_LEN);
		if (is_token(token) &&
		    slice_starts_nocase(slice_from(rest, before.len + token.len),
					behind))
			key_add(reading->arena, &reading->out->tokens,
				arena_upper(reading->arena, token));
	}
}

static void subject_tokens_take(struct reading *reading, struct slice subject)
{
	for (size_t at = 0; at < subject.len; at++) {
		struct slice token =
			slice_cut(subject, at + 1, at + 1 + REPORT_TOKEN_LEN);

		if (subject.at[at] == '[' && is_token(token) &&
		    slice_starts(slice_from(subject, at + 1 + token.len), S("]")))
			key_add(reading->arena, &reading->out->subject_tokens,
				arena_upper(reading->arena, token));
	}
}

/* ---- the desk's tag ---- */

static size_t digits_len(struct slice text)
{
	size_t len = 0;

	while (len < text.len && ascii_is_digit(text.at[len]))
		len++;
	return len;
}

static bool is_plain(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_print(text.at[i]))
			return false;
	return true;
}

/* "[name #41]": a hash and digits before the bracket shuts. */
static struct slice bracketed_tag(struct slice rest)
{
	ptrdiff_t close = slice_find_byte(rest, ']');
	struct slice inner = slice_cut(rest, 1, close < 0 ? 1 : (size_t)close);
	ptrdiff_t hash = slice_find_last_byte(inner, '#');
	struct slice number = slice_trim(slice_from(inner, (size_t)(hash + 1)));

	if (close < 0 || hash < 0 || inner.len > TAG_MAX || !is_plain(inner) ||
	    slice_find_byte(inner, '[') >= 0 || !number.len ||
	    digits_len(number) != number.len)
		return S("");
	return slice_cut(rest, 0, (size_t)close + 1);
}

static bool in_number(char c)
{
	return ascii_is_digit(c) || (c >= 'A' && c <= 'Z') || c == '-';
}

/* "Ticket 4711-A", "Abuse-ID: 12AB34": a word, and at least four of a number. */
static struct slice worded_tag(struct slice rest)
{
	static const char *const words[] = { "Ticket", "Case", "Abuse-ID", "AbuseID",
					     "Ref" };
	size_t from = 0, len, digits = 0;

	for (size_t i = 0; i < COUNT_OF(words) && !from; i++)
		if (slice_starts_nocase(rest, slice_of(words[i])))
			from = strlen(words[i]);
	len = from;
	while (from && len < rest.len && slice_find_byte(S(" :#-"), rest.at[len]) >= 0)
		len++;
	if (len == from || len > from + 3)
		return S("");
	from = len;
	while (len < rest.len && in_number(rest.at[len]))
		digits += ascii_is_digit(rest.at[len++]);
	return len - from >= 4 && digits && len <= TAG_MAX ? slice_cut(rest, 0, len)
							   : S("");
}

static struct slice tag_find(struct slice subject)
{
	for (size_t at = 0; at < subject.len; at++)
		if (subject.at[at] == '[') {
			struct slice tag = bracketed_tag(slice_from(subject, at));

			if (tag.len)
				return tag;
		}
	for (size_t at = 0; at < subject.len; at++)
		if (!at || !ascii_is_alnum(subject.at[at - 1])) {
			struct slice tag = worded_tag(slice_from(subject, at));

			if (tag.len)
				return tag;
		}
	return S("");
}

/* ---- the fields ---- */

static void subject_take(struct reading *reading, struct slice value)
{
	struct slice subject = encoded_decode(reading->arena, value);

	reading->out->subject = subject;
	reading->out->tag = tag_find(subject);
	subject_tokens_take(reading, subject);
}

static void from_take(struct reading *reading, struct slice value)
{
	reading->out->from = value;
	reading->out->is_bounce |= slice_find_nocase(value, S("mailer-daemon@")) >= 0;
}

static void path_take(struct reading *reading, struct slice value)
{
	reading->out->is_bounce |= slice_equal(value, S("<>"));
}

static void type_take(struct reading *reading, struct slice value)
{
	reading->out->is_bounce |= slice_starts_nocase(value, S("multipart/report")) &&
				   slice_find_nocase(value, S("delivery-status")) >= 0;
}

static void automatic_take(struct reading *reading, struct slice value)
{
	reading->out->is_automatic |= !slice_starts_nocase(value, S("no"));
}

static void precedence_take(struct reading *reading, struct slice value)
{
	reading->out->is_automatic |= slice_starts_nocase(value, S("bulk")) ||
				      slice_starts_nocase(value, S("junk")) ||
				      slice_starts_nocase(value, S("auto_reply"));
}

static void id_take(struct reading *reading, struct slice value)
{
	if (slice_starts(value, S("<")) && slice_ends(value, S(">")) && is_id(value))
		reading->out->message_id = value;
}

static void date_take(struct reading *reading, struct slice value)
{
	if (hop_date(value, &reading->out->at) != 0)
		reading->out->at = 0;
}

static const struct {
	const char *name;
	void (*take)(struct reading *reading, struct slice value);
} FIELDS[] = {
	{ "Subject", subject_take },
	{ "To", plus_take },
	{ "Cc", plus_take },
	{ "Delivered-To", plus_take },
	{ "Envelope-To", plus_take },
	{ "X-Original-To", plus_take },
	{ "In-Reply-To", ids_take },
	{ "References", ids_take },
	{ "From", from_take },
	{ "Return-Path", path_take },
	{ "Content-Type", type_take },
	{ "Auto-Submitted", automatic_take },
	{ "X-Autoreply", automatic_take },
	{ "Precedence", precedence_take },
	{ "Message-ID", id_take },
	{ "Date", date_take },
};

void reply_read(struct arena *arena, const struct settings *settings,
		struct slice message, struct reply *out)
{
	struct reading reading = { arena, settings, out };
	struct slice rest = header_block(message);
	struct header_field field;

	*out = (struct reply){ .at = 0 };
	for (size_t n = 0; n < FIELDS_MAX && header_next(arena, &rest, &field); n++)
		for (size_t i = 0; i < COUNT_OF(FIELDS); i++)
			if (slice_equal_nocase(field.name, slice_of(FIELDS[i].name)))
				FIELDS[i].take(&reading, field.value);
}
