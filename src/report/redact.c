#include "report/redact.h"

#include "base/buffer.h"
#include "base/cursor.h"
#include "report/words.h"

#include <string.h>

enum { REDACT_MAX_BYTES = 512 * 1024, USER_MAX = 256, PSEUDONYM_CHARS = 5 };

/* One pass over a line: `text` up to `from` is done; what stays is added in one piece
 * when the next replacement or the end comes.                                        */
struct pass {
	struct arena *arena;
	struct redaction *redaction;
	struct slice text;
	size_t at, from;
	struct buffer out;
};

static void pass_flush(struct pass *pass, size_t to)
{
	buffer_add(&pass->out, slice_cut(pass->text, pass->from, to));
	pass->from = to;
}

/* Puts `by` for `count` bytes from `start` on and goes on behind them. */
static void pass_replace(struct pass *pass, size_t start, size_t count, struct slice by)
{
	pass_flush(pass, start);
	buffer_add(&pass->out, by);
	pass->from = pass->at = start + count;
}

static struct slice pass_end(struct pass *pass)
{
	struct slice out = pass->text;

	if (pass->from) {
		pass_flush(pass, pass->text.len);
		out = arena_copy(pass->arena, buffer_slice(&pass->out));
	}
	buffer_clear(&pass->out);
	return out;
}

static struct slice pass_rest(const struct pass *pass)
{
	return slice_from(pass->text, pass->at);
}

static char before(const struct pass *pass)
{
	return pass->at ? pass->text.at[pass->at - 1] : ' ';
}

static bool is_name_char(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* A step looks at one place and replaces something or nothing. */
struct step {
	void (*take)(struct pass *pass);
	const char *first; /* the bytes it may stand at */
};

static struct slice pass_run(struct arena *arena, struct redaction *redaction,
			     struct slice text, const struct step *step)
{
	struct pass pass = { arena, redaction, text, 0, 0, { 0 } };
	bool begins[256] = { false };

	for (const char *first = step->first; *first; first++)
		begins[(unsigned char)*first] = true;
	buffer_init(&pass.out, REDACT_MAX_BYTES);
	while (pass.at < text.len) {
		size_t at = pass.at;

		if (begins[(unsigned char)text.at[at]])
			step->take(&pass);
		if (pass.at == at)
			pass.at++;
	}
	return pass_end(&pass);
}

static struct slice pseudonym(struct pass *pass, struct slice name)
{
	struct sha256 digest = sha256_hmac(pass->redaction->key, name);
	char token[PSEUDONYM_CHARS + 1];

	token_of(&digest, token, PSEUDONYM_CHARS);
	pass->redaction->names = true;
	return arena_printf(pass->arena, "user-%s", token);
}

/* "invalid user bob" tells that there is no bob, "bob" alone that there is one. */
static void step_invalid(struct pass *pass)
{
	static const char *const words[] = { "invalid user ", "illegal user " };

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct slice word = slice_of(words[i]);

		if (!slice_starts_nocase(pass_rest(pass), word))
			continue;
		if (pass->at >= 4 &&
		    slice_equal(slice_cut(pass->text, pass->at - 4, pass->at),
				S("for ")))
			pass_replace(pass, pass->at, word.len, S(""));
		else
			pass_replace(pass, pass->at, word.len,
				     pass->text.at[pass->at] == 'I' ? S("User ")
								    : S("user "));
		pass->redaction->accounts = true;
		return;
	}
}

/* ---- secrets: word, then ":" or "=", then a value ---- */

static const struct {
	const char *word;
	bool colon; /* a colon counts too: these are no words of syslog prose */
	bool to_end; /* the value goes on to the closing quote or the end      */
} SECRETS[] = {
	{ "password", true, false },     { "passwd", false, false },
	{ "passphrase", true, false },   { "pass", false, false },
	{ "pwd", false, false },         { "secret", true, false },
	{ "token", true, false },        { "apikey", true, false },
	{ "api_key", true, false },      { "key", false, false },
	{ "session", false, false },     { "sessionid", false, false },
	{ "phpsessid", false, false },   { "sid", false, false },
	{ "authorization", true, true }, { "cookie", true, true },
	{ "set-cookie", true, true },    { "mac", false, false },
};

static bool ends_value(char c)
{
	return ascii_is_space(c) || slice_find_byte(S("&;,\"')]"), c) >= 0;
}

static size_t value_len(struct slice rest, char quote, bool to_end)
{
	size_t len = 0;

	while (len < rest.len) {
		if (quote    ? rest.at[len] == quote
		    : to_end ? rest.at[len] == '"'
			     : ends_value(rest.at[len]))
			break;
		len++;
	}
	return len;
}

/* The bytes between the word and its value, 0 where it is no key. */
static size_t separator_len(struct slice rest, bool colon, char *quote)
{
	size_t len = 0;

	*quote = '\0';
	if (len < rest.len && (rest.at[len] == '"' || rest.at[len] == '\''))
		len++;
	while (len < rest.len && rest.at[len] == ' ')
		len++;
	if (len == rest.len || !(rest.at[len] == '=' || (colon && rest.at[len] == ':')))
		return 0;
	len++;
	while (len < rest.len && rest.at[len] == ' ')
		len++;
	if (len < rest.len && (rest.at[len] == '"' || rest.at[len] == '\''))
		*quote = rest.at[len++];
	return len;
}

static void step_secret(struct pass *pass)
{
	struct slice rest = pass_rest(pass);

	if (ascii_is_alnum(before(pass)))
		return;
	for (size_t i = 0; i < COUNT_OF(SECRETS); i++) {
		struct slice word = slice_of(SECRETS[i].word);
		size_t separator, value;
		char quote;

		if (!slice_starts_nocase(rest, word))
			continue;
		separator = separator_len(slice_from(rest, word.len), SECRETS[i].colon,
					  &quote);
		if (!separator)
			continue;
		value = value_len(slice_from(rest, word.len + separator), quote,
				  SECRETS[i].to_end);
		if (!value)
			continue;
		pass_replace(pass, pass->at + word.len + separator, value, S("..."));
		pass->redaction->secrets = true;
		return;
	}
}

/* Honeypots write "login attempt [root/123456]". */
static void step_attempt(struct pass *pass)
{
	struct slice rest = pass_rest(pass), head = S("login attempt [");
	ptrdiff_t slash, close;

	if (!slice_starts(rest, head))
		return;
	slash = slice_find_byte(rest, '/');
	close = slice_find_last_byte(rest, ']');
	if (slash < 0 || close < slash)
		return;
	pass_replace(pass, pass->at + (size_t)slash + 1, (size_t)(close - slash) - 1,
		     S("..."));
	pass->redaction->secrets = true;
}

/* "http://name:password@host" */
static void step_userinfo(struct pass *pass)
{
	struct slice rest = pass_rest(pass);
	size_t len = 3;

	if (!slice_starts(rest, S("://")))
		return;
	while (len < rest.len && slice_find_byte(S("/?# \"'<>@"), rest.at[len]) < 0)
		len++;
	if (len == rest.len || rest.at[len] != '@')
		return;
	pass_replace(pass, pass->at, len, S("://..."));
	pass->redaction->secrets = true;
}

static bool is_query_key(struct slice key)
{
	for (size_t i = 0; i < key.len; i++)
		if (!ascii_is_alnum(key.at[i]) &&
		    slice_find_byte(S("_-.[]"), key.at[i]) < 0)
			return false;
	return key.len != 0 && key.len <= 40;
}

/* "/page?id=7&x=1" keeps its path and its keys: "/page?id=...&x=...". */
static void step_query(struct pass *pass)
{
	struct slice rest = pass_rest(pass), pair;
	size_t len = 1;

	if (rest.at[0] != '?' || ascii_is_space(before(pass)))
		return;
	while (len < rest.len && !ascii_is_space(rest.at[len]) && rest.at[len] != '"')
		len++;
	if (len == 1)
		return;
	pass_replace(pass, pass->at, len, S(""));
	rest = slice_cut(rest, 1, len);
	buffer_add_byte(&pass->out, '?');
	for (bool first = true; slice_next(&rest, '&', &pair); first = false) {
		ptrdiff_t equals = slice_find_byte(pair, '=');
		struct slice key = slice_cut(pair, 0, equals < 0 ? 0 : (size_t)equals);

		if (!first)
			buffer_add_byte(&pass->out, '&');
		if (is_query_key(key))
			buffer_printf(&pass->out, SLICE_FMT "=", SLICE_ARG(key));
		buffer_add(&pass->out, S("..."));
	}
	pass->redaction->secrets = true;
}

/* ---- names ---- */

static bool user_may_stay(const struct pass *pass, struct slice user)
{
	return user.len == 0 || user.len > USER_MAX || user_is_common(user) ||
	       slice_equal(user, pass->redaction->facts->source) ||
	       slice_starts(user, S("user-"));
}

/* "user=<bob>", "ruser=bob", "\"username\": \"bob\"" and "for bob from", "user bob from". */
static void step_user_field(struct pass *pass)
{
	static const char *const keys[] = { "user=",          "username=",   "login=",
					    "logname=",       "username\":", "user\":",
					    "remote_user\":", "user_id\":" };
	struct slice rest = pass_rest(pass), user;
	size_t start = 0, end;

	for (size_t i = 0; i < COUNT_OF(keys) && !start; i++)
		if (slice_starts_nocase(rest, slice_of(keys[i])))
			start = strlen(keys[i]);
	if (!start)
		return;
	while (start < rest.len &&
	       slice_find_byte(rest.at[start - 1] == ':' ? S(" \"") : S("<\"'"),
			       rest.at[start]) >= 0)
		start++;
	end = start;
	while (end < rest.len && !ends_value(rest.at[end]) && rest.at[end] != '>')
		end++;
	user = slice_cut(rest, start, end);
	if (user_may_stay(pass, user))
		return;
	pass_replace(pass, pass->at + start, user.len, pseudonym(pass, user));
}

static void step_user_prose(struct pass *pass)
{
	static const char *const heads[] = { "for ", "user " };
	struct slice rest = pass_rest(pass), user;
	size_t start = 0, end;

	if (ascii_is_alnum(before(pass)))
		return;
	for (size_t i = 0; i < COUNT_OF(heads) && !start; i++)
		if (slice_starts_nocase(rest, slice_of(heads[i])))
			start = strlen(heads[i]);
	if (!start)
		return;
	end = start;
	while (end < rest.len && !ascii_is_space(rest.at[end]))
		end++;
	user = slice_cut(rest, start, end);
	if (!slice_starts(slice_from(rest, end), S(" from ")) ||
	    user_may_stay(pass, user))
		return;
	pass_replace(pass, pass->at + start, user.len, pseudonym(pass, user));
}

static bool is_local_char(char c)
{
	return ascii_is_alnum(c) || slice_find_byte(S("._%+-"), c) >= 0;
}

/* At the "@" of "bob@" and a domain behind it. */
static void step_mail(struct pass *pass)
{
	struct slice rest = pass_rest(pass), local;
	size_t start = pass->at;

	while (start > pass->from && is_local_char(pass->text.at[start - 1]))
		start--;
	while (start < pass->at && !ascii_is_alnum(pass->text.at[start]) &&
	       pass->text.at[start] != '_')
		start++;
	local = slice_cut(pass->text, start, pass->at);
	if (rest.len < 2 || !ascii_is_alnum(rest.at[1]) || user_may_stay(pass, local))
		return;
	pass_replace(pass, start, local.len, pseudonym(pass, local));
	pass->at++;
}

/* Every standing of `name` as a word. The line's head (time, host, program) stays:
 * who logs in as "sshd" shall not change what the line is.                          */
static struct slice replace_word(struct pass *pass, struct slice name, struct slice by)
{
	while (pass->at < pass->text.len) {
		struct slice rest = pass_rest(pass);
		char next = rest.len > name.len ? rest.at[name.len] : ' ';

		if (slice_starts(rest, name) && !is_name_char(before(pass)) &&
		    (!is_name_char(next) || next == '.'))
			pass_replace(pass, pass->at, name.len, by);
		else
			pass->at++;
	}
	return pass_end(pass);
}

static struct slice redact_user(struct arena *arena, struct redaction *redaction,
				struct slice text, struct slice user)
{
	struct pass pass = { arena, redaction, text, 0, 0, { 0 } };
	ptrdiff_t head = slice_find(text, S("]: "));
	struct slice replaced;

	if (user_may_stay(&pass, user))
		return text;
	if (head < 0)
		head = slice_find(text, S(": "));
	text = slice_cut(text, 0, head < 0 ? 0 : (size_t)head);
	pass.text = slice_from(pass.text, text.len);
	buffer_init(&pass.out, REDACT_MAX_BYTES);
	replaced = replace_word(&pass, user, pseudonym(&pass, user));
	return arena_printf(arena, SLICE_FMT SLICE_FMT, SLICE_ARG(text),
			    SLICE_ARG(replaced));
}

/* ---- addresses ---- */

static bool is_source(const struct facts *facts, const struct address *address)
{
	const struct contact_answer *about = facts->given->about;

	if (address_equal(address, &facts->address))
		return true;
	if (facts->prefix.len) {
		struct range range =
			range_of_prefix(&facts->lead->source, facts->lead->source_bits);

		return range_contains(&range, address);
	}
	return about && address_equal(address, &about->reported_as);
}

static bool is_own(const struct facts *facts, const struct address *address)
{
	const struct settings *settings = facts->settings;
	struct address host;
	struct range range;

	for (size_t i = 0; i < facts->targets.count; i++)
		if (address_equal(address, &facts->targets.at[i].address))
			return true;
	for (size_t i = 0; i < settings->hosts.count; i++)
		if (address_parse(settings->hosts.at[i].address, &host) == 0 &&
		    address_equal(address, &host))
			return true;
	for (size_t i = 0; i < settings->own.count; i++)
		if (range_parse(settings->own.at[i], &range) == 0 &&
		    range_contains(&range, address))
			return true;
	return false;
}

static bool hides_own(const struct redaction *redaction)
{
	return redaction->reader == READER_PUBLIC || redaction->facts->settings->sensor;
}

/* What stands for an address; empty: it may stay. */
static struct slice address_word(const struct redaction *redaction,
				 const struct address *address)
{
	const struct facts *facts = redaction->facts;
	const struct address_special *special;
	bool own;

	if (is_source(facts, address))
		return S("");
	own = is_own(facts, address);
	if (own && hides_own(redaction))
		return facts->settings->sensor ? S("[sensor]") : S("[our address]");
	special = address_special(address);
	if (special &&
	    !(special->documentation && facts->settings->documentation_public))
		return S("[inside address]");
	return own ? S("") : S("[other address]");
}

static bool is_address_char(char c)
{
	return ascii_is_xdigit(c) || c == ':' || c == '.';
}

/* The longest address at the front: "192.0.2.1:4711." is "192.0.2.1". */
static size_t address_len(struct slice rest, struct address *out)
{
	size_t len = 0;

	while (len < rest.len && len < ADDRESS_TEXT_MAX &&
	       is_address_char(rest.at[len]))
		len++;
	while (len >= 2) {
		if (address_parse(slice_cut(rest, 0, len), out) == 0)
			return len;
		while (len && rest.at[len - 1] != ':' && rest.at[len - 1] != '.')
			len--;
		len -= len != 0;
	}
	return 0;
}

static void step_address(struct pass *pass)
{
	struct slice rest = pass_rest(pass), word;
	struct address address;
	char last = before(pass);
	size_t len;

	if (!is_address_char(rest.at[0]) || ascii_is_alnum(last) || last == '_' ||
	    last == '.' || last == ':')
		return;
	len = address_len(rest, &address);
	if (len < 3)
		return;
	word = address_word(pass->redaction, &address);
	if (!word.len) {
		pass->at += len;
		return;
	}
	pass_replace(pass, pass->at, len, word);
	pass->redaction->addresses = true;
}

static struct slice hide_name(struct arena *arena, struct redaction *redaction,
			      struct slice text, struct slice name)
{
	struct pass pass = { arena, redaction, text, 0, 0, { 0 } };

	if (!name.len)
		return text;
	buffer_init(&pass.out, REDACT_MAX_BYTES);
	return replace_word(&pass, name,
			    redaction->facts->settings->sensor ? S("sensor")
							       : S("[our host]"));
}

static struct slice hide_own(struct arena *arena, struct redaction *redaction,
			     struct slice text)
{
	const struct incident_targets *targets = &redaction->facts->targets;
	const struct settings_hosts *hosts = &redaction->facts->settings->hosts;

	for (size_t i = 0; i < targets->count; i++) {
		text = hide_name(arena, redaction, text, targets->at[i].name);
		text = hide_name(arena, redaction, text, targets->at[i].host);
	}
	for (size_t i = 0; i < hosts->count; i++) {
		text = hide_name(arena, redaction, text, hosts->at[i].name);
		text = hide_name(arena, redaction, text, hosts->at[i].host);
	}
	return text;
}

/* In any case, within other words too. */
struct slice redact_words(struct arena *arena, const struct settings *settings,
			  struct slice text)
{
	const struct slices *words = &settings->secret_words;

	for (size_t i = 0; i < words->count; i++) {
		struct pass pass = { arena, NULL, text, 0, 0, { 0 } };
		ptrdiff_t at;

		if (!words->at[i].len)
			continue;
		buffer_init(&pass.out, REDACT_MAX_BYTES);
		while ((at = slice_find_nocase(pass_rest(&pass), words->at[i])) >= 0)
			pass_replace(&pass, pass.at + (size_t)at, words->at[i].len,
				     S("[...]"));
		text = pass_end(&pass);
	}
	return text;
}

static struct slice hide_words(struct arena *arena, struct redaction *redaction,
			       struct slice text)
{
	struct slice hidden = redact_words(arena, redaction->facts->settings, text);

	redaction->words |= hidden.at != text.at;
	return hidden;
}

struct slice redact_line(struct arena *arena, struct redaction *redaction,
			 const struct evidence *line)
{
	static const struct step steps[] = {
		{ step_invalid, "iI" },
		{ step_attempt, "l" },
		{ step_userinfo, ":" },
		{ step_query, "?" },
		{ step_secret, "aAcCkKmMpPsStT" },
		{ step_user_field, "lLuU" },
		{ step_user_prose, "fFuU" },
		{ step_mail, "@" },
		{ step_address, "0123456789abcdefABCDEF:" },
	};
	struct slice text = line->text;

	text = redact_user(arena, redaction, text, line->user);
	for (size_t i = 0; i < COUNT_OF(steps); i++)
		text = pass_run(arena, redaction, text, &steps[i]);
	text = hide_words(arena, redaction, text);
	return hides_own(redaction) ? hide_own(arena, redaction, text) : text;
}
