#include "report/arf_headers.h"

#include "base/buffer.h"
#include "base/digest.h"
#include "base/escape.h"
#include "mail/address.h"
#include "mail/encoded.h"
#include "mail/header.h"
#include "report/redact.h"
#include "report/text.h"
#include "report/words.h"

enum {
	FIELDS_MAX = 200,
	FIELD_MAX = 900,
	PEOPLE_MAX = 40,
	LOCAL_MAX = 64,
	ALONE_MIN = 4, /* a shorter name alone is a word like others            */
	TEXT_MAX_BYTES = 512 * 1024,
};

enum treatment {
	SHOWN, /* people under pseudonyms, the rest as it is                     */
	TRACE, /* the same, and other addresses of the network are left out      */
	PEOPLE, /* our recipients: their addresses alone, under pseudonyms        */
};

static const struct {
	const char *name;
	enum treatment treatment;
} FIELDS[] = {
	{ "Return-Path", SHOWN },
	{ "Received", TRACE },
	{ "Authentication-Results", TRACE },
	{ "Received-SPF", TRACE },
	{ "From", SHOWN },
	{ "Sender", SHOWN },
	{ "Reply-To", SHOWN },
	{ "Message-ID", SHOWN },
	{ "Date", SHOWN },
	{ "Subject", SHOWN },
	{ "User-Agent", SHOWN },
	{ "X-Mailer", SHOWN },
	{ "MIME-Version", SHOWN },
	{ "Content-Type", SHOWN },
	{ "Feedback-ID", SHOWN },
	{ "X-PHP-Originating-Script", SHOWN }, /* a hoster's desk finds it by these */
	{ "X-PHP-Script", TRACE },
	{ "X-Source", SHOWN },
	{ "X-Source-Args", SHOWN },
	{ "X-Source-Dir", SHOWN },
	{ "X-AntiAbuse", SHOWN },
	{ "X-Get-Message-Sender-Via", SHOWN },
	{ "X-Authenticated-Sender", SHOWN },
	{ "To", PEOPLE },
	{ "Cc", PEOPLE },
	{ "Bcc", PEOPLE },
	{ "Apparently-To", PEOPLE },
	{ "Delivered-To", PEOPLE },
	{ "Envelope-To", PEOPLE },
	{ "X-Original-To", PEOPLE },
};

/* ---- our people ---- */

struct person {
	struct slice local, domain; /* lower case                                   */
	struct slice shown; /* "user-7KQ2M"                                 */
	struct slice shown_domain;
};

struct headers {
	struct arena *arena;
	const struct report_request *request;
	const struct facts *facts;
	struct person people[PEOPLE_MAX];
	size_t count;
	size_t received; /* Received fields met so far */
	struct slice to;
};

static int treatment_of(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(FIELDS); i++)
		if (slice_equal_nocase(name, slice_of(FIELDS[i].name)))
			return (int)FIELDS[i].treatment;
	return -1;
}

static bool is_local_char(char c)
{
	return ascii_is_alnum(c) || slice_find_byte(S("._%+-='&~#/!$*?^{}|`"), c) >= 0;
}

static bool is_domain_char(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-';
}

/* The next "local@domain" from *at on. */
static bool address_next(struct slice text, size_t *at, struct slice *local,
			 struct slice *domain)
{
	for (size_t i = *at; i < text.len; i++) {
		size_t from = i, to = i + 1;

		if (text.at[i] != '@')
			continue;
		while (from > *at && is_local_char(text.at[from - 1]))
			from--;
		while (to < text.len && is_domain_char(text.at[to]))
			to++;
		if (from == i || to == i + 1 || i - from > LOCAL_MAX)
			continue;
		*local = slice_cut(text, from, i);
		*domain = slice_cut(text, i + 1, to);
		*at = to;
		return true;
	}
	return false;
}

static bool is_our_domain(const struct headers *headers, struct slice domain)
{
	struct slice mail = headers->request->settings->mail;
	ptrdiff_t at = slice_find_last_byte(mail, '@');

	return at > 0 && slice_equal_nocase(domain, slice_from(mail, (size_t)at + 1));
}

/* The same person whatever the case; a tag behind "+" is hers too. */
static void person_add(struct headers *headers, struct slice local, struct slice domain)
{
	struct slice lower = arena_lower(headers->arena, local);
	struct slice key = { (const char *)headers->request->pseudonym_key,
			     sizeof headers->request->pseudonym_key };
	struct person *person = &headers->people[headers->count];
	struct sha256 digest;
	char token[6];

	if (headers->count == PEOPLE_MAX)
		return;
	domain = arena_lower(headers->arena, domain);
	for (size_t i = 0; i < headers->count; i++)
		if (slice_equal(headers->people[i].local, lower) &&
		    slice_equal(headers->people[i].domain, domain))
			return;
	digest = sha256_hmac(key, lower);
	token_of(&digest, token, sizeof token - 1);
	*person = (struct person){
		.local = lower,
		.domain = domain,
		.shown = arena_printf(headers->arena, "user-%s", token),
		.shown_domain =
			is_our_domain(headers, domain) ? domain : S("hidden.invalid"),
	};
	headers->count++;
}

static void people_of(struct headers *headers, struct slice value)
{
	struct slice local, domain;
	size_t at = 0;

	while (address_next(value, &at, &local, &domain))
		person_add(headers, local, domain);
}

/* "for <maria@example.net>" in a Received field: it came for her. */
static struct slice for_whom(struct slice value)
{
	ptrdiff_t at = slice_find(value, S(" for <"));
	struct slice rest = slice_from(value, (size_t)(at + 6));
	ptrdiff_t close = slice_find_byte(rest, '>');

	return at < 0 || close < 0 ? S("") : slice_cut(rest, 0, (size_t)close);
}

/* All who are ours have to be known before the first field is shown. */
static void people_gather(struct headers *headers, struct slice block)
{
	struct header_field field;

	people_of(headers, headers->request->settings->mail);
	for (size_t i = 0;
	     i < FIELDS_MAX && header_next(headers->arena, &block, &field); i++) {
		if (slice_equal_nocase(field.name, S("Received")))
			people_of(headers, for_whom(field.value));
		else if (treatment_of(field.name) == PEOPLE)
			people_of(headers, field.value);
	}
}

/* ---- a text without them ---- */

static bool is_word_char(char c)
{
	return ascii_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool stands_alone(struct slice text, size_t at, size_t len)
{
	return (!at || !is_word_char(text.at[at - 1])) &&
	       (at + len == text.len || !is_word_char(text.at[at + len]));
}

/* How many bytes at `at` are her address or its bounce form; 0 none. */
static size_t address_len(const struct person *person, struct slice rest)
{
	static const char *const between[] = { "@", "=", "%40", "=40" };

	if (!slice_starts_nocase(rest, person->local))
		return 0;
	for (size_t i = 0; i < COUNT_OF(between); i++) {
		struct slice sign = slice_of(between[i]);
		struct slice behind = slice_from(rest, person->local.len);

		if (slice_starts_nocase(behind, sign) &&
		    slice_starts_nocase(slice_from(behind, sign.len), person->domain))
			return person->local.len + sign.len + person->domain.len;
	}
	return 0;
}

static bool is_telling(struct slice local)
{
	return local.len >= ALONE_MIN && !user_is_common(local);
}

/* The longest of all that fit: "maria.w" is not "maria". */
static size_t person_at(const struct headers *headers, struct slice text, size_t at,
			struct buffer *out)
{
	struct slice rest = slice_from(text, at), shown = S("");
	bool whole = false;
	size_t best = 0;

	for (size_t i = 0; i < headers->count; i++) {
		const struct person *person = &headers->people[i];
		size_t len = address_len(person, rest);
		bool is_address = len > 0;

		if (!len && is_telling(person->local) &&
		    slice_starts_nocase(rest, person->local) &&
		    stands_alone(text, at, person->local.len))
			len = person->local.len;
		if (len <= best)
			continue;
		best = len;
		whole = is_address;
		shown = whole ? arena_printf(headers->arena, SLICE_FMT "@" SLICE_FMT,
					     SLICE_ARG(person->shown),
					     SLICE_ARG(person->shown_domain))
			      : person->shown;
	}
	buffer_add(out, shown);
	return best;
}

static struct slice without_people(struct headers *headers, struct slice text)
{
	struct buffer out;
	struct slice made;

	buffer_init(&out, TEXT_MAX_BYTES);
	for (size_t at = 0; at < text.len;) {
		size_t len = person_at(headers, text, at, &out);

		if (!len)
			buffer_add_byte(&out, text.at[at]);
		at += len ? len : 1;
	}
	made = out.failed ? S("") : arena_copy(headers->arena, buffer_slice(&out));
	buffer_clear(&out);
	return made;
}

/* ---- the fields ---- */

static struct slice trace_shown(struct headers *headers, struct slice value)
{
	struct redaction redaction = {
		.facts = headers->facts,
		.key = { (const char *)headers->request->pseudonym_key,
			 sizeof headers->request->pseudonym_key },
		.reader = headers->request->reader,
	};
	struct evidence line = { .text = value };

	return redact_line(headers->arena, &redaction, &line);
}

static struct slice people_shown(struct headers *headers, struct slice value)
{
	struct slice local, domain, text = { "", 0 };
	size_t at = 0;

	while (text.len < FIELD_MAX && address_next(value, &at, &local, &domain)) {
		struct slice one = arena_printf(headers->arena, SLICE_FMT "@" SLICE_FMT,
						SLICE_ARG(local), SLICE_ARG(domain));

		text = arena_printf(headers->arena, SLICE_FMT "%s<" SLICE_FMT ">",
				    SLICE_ARG(text), text.len ? ", " : "",
				    SLICE_ARG(without_people(headers, one)));
	}
	return text.len ? text : S("[left out]");
}

/* Printable ASCII: no reader of headers has to guess. */
static struct slice ascii_shown(struct arena *arena, struct slice text)
{
	struct buffer out;
	struct slice made;

	text = text_clean(arena, text, FIELD_MAX);
	buffer_init(&out, TEXT_MAX_BYTES);
	while (text.len) {
		size_t len;
		int32_t code = utf8_decode(text, &len);

		if (code >= ' ' && code <= '~')
			buffer_add_byte(&out, (char)code);
		else
			buffer_printf(&out, "\\u{%04X}",
				      code < 0 ? 0xFFFDU : (unsigned)code);
		text = slice_from(text, len);
	}
	made = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return made;
}

static void field_show(struct headers *headers, const struct header_field *field,
		       struct buffer *out)
{
	int treatment = treatment_of(field->name);
	struct slice text = field->value;

	if (slice_equal_nocase(field->name, S("Received")) &&
	    headers->received++ < headers->facts->given->mail.depth)
		return;
	if (treatment < 0)
		return;
	text = encoded_decode(headers->arena, text);
	if (treatment == PEOPLE) {
		text = people_shown(headers, text);
	} else {
		text = without_people(headers, text);
		if (treatment == TRACE)
			text = trace_shown(headers, text);
	}
	text = redact_words(headers->arena, headers->facts->settings, text);
	buffer_printf(out, SLICE_FMT ": " SLICE_FMT "\n", SLICE_ARG(field->name),
		      SLICE_ARG(ascii_shown(headers->arena, text)));
}

/* A clean address, written as it stands here: a pseudonym has capitals. Empty for none. */
static struct slice cleaned(struct headers *headers, struct slice text)
{
	struct error ignored;
	struct slice found;

	text = slice_trim(without_people(headers, text));
	if (slice_starts(text, S("<")) && slice_ends(text, S(">")))
		text = slice_cut(text, 1, text.len - 1);
	if (mail_address_clean(headers->arena, text, true, &found, &ignored) != 0)
		return S("");
	return slice_equal_nocase(found, text) ? text : found;
}

/* The one whom our server took it for, in the field that is believed. */
static struct slice recipient(struct headers *headers, struct slice block)
{
	size_t above = headers->facts->given->mail.depth;
	struct header_field field;

	while (header_next(headers->arena, &block, &field))
		if (slice_equal_nocase(field.name, S("Received")) && !above--)
			return cleaned(headers, for_whom(field.value));
	return S("");
}

static struct slice envelope(struct headers *headers, struct slice block)
{
	struct header_field field;

	while (header_next(headers->arena, &block, &field))
		if (slice_equal_nocase(field.name, S("Return-Path")))
			return cleaned(headers, field.value);
	return S("");
}

void arf_headers_make(struct arena *arena, const struct report_request *request,
		      const struct facts *facts, struct arf_headers *out)
{
	struct headers headers = { .arena = arena, .request = request, .facts = facts };
	struct slice block = header_block(facts->given->mail.header), rest = block;
	struct header_field field;
	struct buffer text;

	people_gather(&headers, block);
	buffer_init(&text, TEXT_MAX_BYTES);
	for (size_t i = 0; i < FIELDS_MAX && header_next(arena, &rest, &field); i++)
		field_show(&headers, &field, &text);
	*out = (struct arf_headers){
		.text = text.failed ? S("") : arena_copy(arena, buffer_slice(&text)),
		.from = envelope(&headers, block),
		.to = recipient(&headers, block),
	};
	buffer_clear(&text);
}
