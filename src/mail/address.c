#include "mail/address.h"

#include "base/cursor.h"
#include "base/buffer.h"

/* RFC 5321 section 4.5.3.1; the raw text may carry a name and decoration besides. */
enum { RAW_MAX = 1024, LOCAL_MAX = 64, DOMAIN_MAX = 253, ADDRESS_MAX = 254 };

/* How people hide an address from robots in registries' free text. */
static const struct {
	const char *found, *means;
} disguises[] = {
	{ " at ", "@" },  { "(at)", "@" },  { "[at]", "@" },  { " (at) ", "@" },
	{ " dot ", "." }, { "(dot)", "." }, { "[dot]", "." },
};

/* RFC 5322 section 3.2.3 atext, without what routes or shells live on: % and ! are old
 * source routes, | and a leading / are pipes and files of old mailers.                 */
static bool is_local_char(char c)
{
	return ascii_is_alnum(c) || slice_find_byte(S("#$&'*+-/=?^_`{}~."), c) >= 0;
}

/* Underscores occur in registered addresses, though no host may have them. */
static bool is_domain_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_';
}

static int check_bytes(struct slice raw, struct error *err)
{
	if (raw.len == 0)
		return error_set(err, ERROR_SYNTAX, "empty");
	if (raw.len > RAW_MAX)
		return error_set(err, ERROR_SYNTAX, "too long for an address");
	for (size_t i = 0; i < raw.len; i++) {
		unsigned char c = (unsigned char)raw.at[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return error_set(err, ERROR_SYNTAX,
					 "a control character in it");
	}
	return 0;
}

/* "abuse at x dot example", with no @ in it, as an address. */
static struct slice undisguise(struct arena *arena, struct slice raw)
{
	for (size_t i = 0; i < COUNT_OF(disguises); i++) {
		struct slice found = slice_of(disguises[i].found);
		ptrdiff_t hit;

		while ((hit = slice_find_nocase(raw, found)) >= 0)
			raw = arena_printf(
				arena, SLICE_FMT "%s" SLICE_FMT,
				SLICE_ARG(slice_cut(raw, 0, (size_t)hit)),
				disguises[i].means,
				SLICE_ARG(slice_from(raw, (size_t)hit + found.len)));
	}
	return raw;
}

/* The part that is an address: inside <>, behind "mailto:" or "[email]". */
static struct slice undress(struct slice raw)
{
	static const char *const prefixes[] = { "mailto:", "[email]",
						"email:", "e-mail:", "smtp:" };
	ptrdiff_t open = slice_find_last_byte(raw, '<');

	if (open >= 0 && raw.at[0] != '"' &&
	    slice_find_byte(slice_from(raw, (size_t)open), '@') >= 0)
		raw = slice_from(raw, (size_t)open + 1);
	for (size_t i = 0; i < COUNT_OF(prefixes); i++)
		if (slice_starts_nocase(raw, slice_of(prefixes[i])))
			raw = slice_trim(slice_from(raw, slice_of(prefixes[i]).len));
	while (raw.len && slice_find_byte(S("'(["), raw.at[0]) >= 0)
		raw = slice_from(raw, 1);
	return raw;
}

/* "\"name\" <a@b>": the quoted string is a name, not a local part. */
static struct slice skip_quoted_name(struct slice raw)
{
	size_t at = 1;

	if (raw.len == 0 || raw.at[0] != '"')
		return raw;
	while (at < raw.len && raw.at[at] != '"')
		at += raw.at[at] == '\\' ? 2 : 1;
	if (at + 1 < raw.len && ascii_is_space(raw.at[at + 1]))
		return slice_trim(slice_from(raw, at + 1));
	return raw;
}

/* RFC 5321 section 4.1.2 Quoted-string, re-quoted with only the needed backslashes. */
static void take_quoted(struct cursor *cursor, struct buffer *out)
{
	cursor_byte(cursor);
	buffer_add_byte(out, '"');
	while (!cursor->failed && cursor_peek(cursor) != '"') {
		char c = cursor_byte(cursor);

		if (c == '\\')
			c = cursor_byte(cursor);
		cursor->failed |= !ascii_is_print(c);
		if (c == '"' || c == '\\')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, c);
	}
	cursor_byte(cursor);
	buffer_add_byte(out, '"');
}

/* A dot-atom: no dot at either end, none doubled. */
static void take_atoms(struct cursor *cursor, struct buffer *out)
{
	struct slice local = cursor_while(cursor, is_local_char, LOCAL_MAX);

	cursor->failed |= local.len == 0 || local.at[0] == '.' || local.at[0] == '-' ||
			  local.at[0] == '/' || slice_ends(local, S(".")) ||
			  slice_find(local, S("..")) >= 0 ||
			  slice_find(local, S("=?")) >= 0;
	for (size_t i = 0; i < local.len; i++)
		buffer_add_byte(out, ascii_lower(local.at[i]));
}

static int take_local(struct cursor *cursor, struct buffer *out, struct error *err)
{
	if (cursor_peek(cursor) == '"')
		take_quoted(cursor, out);
	else
		take_atoms(cursor, out);
	if (cursor->failed || out->len > LOCAL_MAX)
		return error_set(err, ERROR_SYNTAX,
				 "no valid mailbox name before the @ (RFC 5321)");
	if (cursor_byte(cursor) != '@')
		return error_set(err, ERROR_SYNTAX, "no @ where one must stand");
	buffer_add_byte(out, '@');
	return 0;
}

static int check_label(struct slice label, struct error *err)
{
	if (label.len == 0 || label.len > 63 || label.at[0] == '-' ||
	    slice_ends(label, S("-")))
		return error_set(err, ERROR_SYNTAX, "no valid domain behind the @");
	return 0;
}

static int check_domain(struct slice domain, struct error *err)
{
	struct slice label = { 0 };
	bool numeric = true;
	size_t labels = 0;

	if (domain.len > DOMAIN_MAX)
		return error_set(err, ERROR_SYNTAX, "the domain is too long");
	for (struct slice rest = domain; slice_next(&rest, '.', &label); labels++)
		if (check_label(label, err) < 0)
			return -1;
	for (size_t i = 0; i < label.len; i++)
		numeric &= ascii_is_digit(label.at[i]);
	if (numeric)
		return error_set(err, ERROR_SYNTAX,
				 "an IP address instead of a domain");
	if (labels < 2)
		return error_set(err, ERROR_SYNTAX, "no dot in the domain");
	return 0;
}

static bool is_domain_or_dot(char c)
{
	return is_domain_char(c) || c == '.';
}

static int take_domain(struct cursor *cursor, struct buffer *out, struct error *err)
{
	struct slice domain;
	char next;

	if (cursor_peek(cursor) == '[')
		return error_set(err, ERROR_SYNTAX,
				 "an IP address instead of a domain");
	domain = cursor_while(cursor, is_domain_or_dot, DOMAIN_MAX + 1);
	if (slice_ends(domain, S(".")))
		domain.len--;
	if (cursor->failed)
		return error_set(err, ERROR_SYNTAX, "no valid domain behind the @");
	if (check_domain(domain, err) < 0)
		return -1;
	for (size_t i = 0; i < domain.len; i++)
		buffer_add_byte(out, ascii_lower(domain.at[i]));
	next = cursor_peek(cursor);
	if (next && slice_find_byte(S(" \t,;:>)]['\"(<|/"), next) < 0)
		return error_set(err, ERROR_SYNTAX, "the domain does not end cleanly");
	return 0;
}

static int parse(struct slice raw, struct buffer *out, struct error *err)
{
	struct cursor cursor = cursor_of(raw);

	if (take_local(&cursor, out, err) < 0 || take_domain(&cursor, out, err) < 0)
		return -1;
	if (out->failed || out->len > ADDRESS_MAX)
		return error_set(err, ERROR_SYNTAX, "longer than %d bytes",
				 ADDRESS_MAX);
	return 0;
}

bool mail_address_in(struct slice address, struct slice domain)
{
	char before;

	if (!slice_ends(address, domain) || address.len == domain.len)
		return false;
	before = address.at[address.len - domain.len - 1];
	return before == '@' || before == '.';
}

/* Names that lead nowhere: RFC 2606, RFC 6761, RFC 6762, RFC 9476. */
static int check_reserved(struct slice address, bool documentation_public,
			  struct error *err)
{
	static const char *const never[] = { ".invalid", ".localhost", ".local",
					     ".test",    ".internal",  ".alt",
					     ".arpa",    ".onion",     ".localdomain" };
	static const char *const documentation[] = { "example", "example.com",
						     "example.net", "example.org" };

	for (size_t i = 0; i < COUNT_OF(never); i++)
		if (slice_ends(address, slice_of(never[i])))
			return error_set(err, ERROR_SYNTAX,
					 "a domain that leads nowhere ('*%s')",
					 never[i]);
	for (size_t i = 0; i < COUNT_OF(documentation) && !documentation_public; i++)
		if (mail_address_in(address, slice_of(documentation[i])))
			return error_set(err, ERROR_SYNTAX,
					 "a placeholder: example domains have no mail");
	return 0;
}

int mail_address_clean(struct arena *arena, struct slice raw, bool documentation_public,
		       struct slice *out, struct error *err)
{
	struct buffer text;
	int result = -1;

	error_clear(err);
	raw = slice_trim(raw);
	if (check_bytes(raw, err) < 0)
		return -1;
	if (slice_find_byte(raw, '@') < 0)
		raw = undisguise(arena, raw);
	if (slice_find_byte(raw, '@') < 0)
		return error_set(err, ERROR_SYNTAX, "no @ in it");
	buffer_init(&text, RAW_MAX);
	if (parse(undress(skip_quoted_name(raw)), &text, err) == 0 &&
	    check_reserved(buffer_slice(&text), documentation_public, err) == 0) {
		*out = arena_copy(arena, buffer_slice(&text));
		result = 0;
	}
	buffer_clear(&text);
	return result;
}
