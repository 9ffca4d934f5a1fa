#include "proxy/query.h"

#include "registry/registries.h"
#include "net/hosts.h"

enum { ARGUMENT_MAX = 64, FLAGS_MAX = 32 };

/* Of RIPE's flags those that choose or shape an answer. Not -i (inverse), -g (mirrors),
 * -q, -t, -v: they are questions about the database.                                   */
static const char PLAIN_FLAGS[] = "BGKLMRabcdlmrx";
static const char FLAGS_WITH_ARGUMENT[] = "Ts";

struct flags {
	bool plain[sizeof PLAIN_FLAGS - 1];
	struct slice arguments[sizeof FLAGS_WITH_ARGUMENT - 1];
	struct slice server; /* -h */
};

static struct slice next_word(struct slice *rest)
{
	struct slice word;

	*rest = slice_trim(*rest);
	word = *rest;
	for (size_t i = 0; i < word.len; i++)
		if (ascii_is_space(word.at[i])) {
			word.len = i;
			break;
		}
	*rest = slice_trim(slice_from(*rest, word.len));
	return word;
}

/* Where `letter` stands in `letters`, or -1. */
static ptrdiff_t letter_in(const char *letters, char letter)
{
	return slice_find_byte(slice_of(letters), letter);
}

static bool is_argument(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alnum(text.at[i]) && text.at[i] != '-' &&
		    text.at[i] != '_' && text.at[i] != ',')
			return false;
	return text.len && text.len <= ARGUMENT_MAX;
}

/* A flag that takes the rest of its word, or the next word. */
static int flag_with_argument(char flag, struct slice attached, struct slice *rest,
			      struct flags *out, struct error *err)
{
	struct slice argument = attached.len ? attached : next_word(rest);
	ptrdiff_t at = letter_in(FLAGS_WITH_ARGUMENT, flag);

	if (flag == 'h') {
		out->server = argument;
		return argument.len ? 0
				    : error_set(err, ERROR_SYNTAX,
						"the flag -h wants a server behind it");
	}
	if (flag == 'V')
		return 0;
	if (!is_argument(argument))
		return error_set(err, ERROR_SYNTAX,
				 "the flag -%c wants a word behind it", flag);
	out->arguments[at] = argument;
	return 0;
}

static bool takes_argument(char flag)
{
	return flag == 'h' || flag == 'V' || letter_in(FLAGS_WITH_ARGUMENT, flag) >= 0;
}

/* "-rB", "-Tinetnum", "-T inetnum" */
static int flag_word(struct slice word, struct slice *rest, struct flags *out,
		     struct error *err)
{
	for (size_t i = 1; i < word.len; i++) {
		char flag = word.at[i];
		ptrdiff_t at = letter_in(PLAIN_FLAGS, flag);

		if (takes_argument(flag))
			return flag_with_argument(flag, slice_from(word, i + 1), rest,
						  out, err);
		if (at >= 0)
			out->plain[at] = true;
		else if (flag != 'k')
			return error_set(
				err, ERROR_SYNTAX,
				"the flag '-" SLICE_FMT
				"' is not passed on; these are: -%s, -T TYPES, "
				"-s SOURCES",
				SLICE_ARG(slice_cut(word, i, i + 1)), PLAIN_FLAGS);
	}
	return 0;
}

static int flags_parse(struct slice *rest, struct flags *out, struct error *err)
{
	size_t words = 0;

	*rest = slice_trim(*rest);
	while (slice_starts(*rest, S("-"))) {
		struct slice word = next_word(rest);

		if (word.len < 2 || ++words > FLAGS_MAX)
			return error_set(err, ERROR_SYNTAX,
					 "'-' alone is no flag, and a question has at "
					 "most %d of them",
					 FLAGS_MAX);
		if (flag_word(word, rest, out, err) != 0)
			return -1;
	}
	return 0;
}

/* In one order and one spelling. */
static struct slice flags_text(struct arena *arena, const struct flags *flags)
{
	struct slice text = { "", 0 };

	for (size_t i = 0; i < COUNT_OF(flags->plain); i++)
		if (flags->plain[i])
			text = arena_printf(arena, SLICE_FMT "%s-%c", SLICE_ARG(text),
					    text.len ? " " : "", PLAIN_FLAGS[i]);
	for (size_t i = 0; i < COUNT_OF(flags->arguments); i++)
		if (flags->arguments[i].len)
			text = arena_printf(
				arena, SLICE_FMT "%s-%c " SLICE_FMT, SLICE_ARG(text),
				text.len ? " " : "", FLAGS_WITH_ARGUMENT[i],
				SLICE_ARG(arena_lower(arena, flags->arguments[i])));
	return text;
}

/* The part behind the last '@', where that names a server. */
static void split_server(struct slice *text, struct slice *server)
{
	ptrdiff_t at = slice_find_last_byte(*text, '@');

	if (server->len || at <= 0)
		return;
	*server = slice_trim(slice_from(*text, (size_t)at + 1));
	*text = slice_trim(slice_cut(*text, 0, (size_t)at));
}

/* Another one is asked for nobody: a proxy that asks anybody is a tool of strangers. */
static int server_check(const struct proxy_rules *rules,
			const struct whois_query *query, struct error *err)
{
	if (registry_of_host(query->host) && query->port == 43)
		return 0;
	for (size_t i = 0; rules->servers && i < rules->servers->count; i++) {
		struct slice host;
		uint16_t port;
		struct error ignored;

		if (whois_server_parse(rules->servers->at[i], &host, &port, &ignored) ==
			    0 &&
		    slice_equal_nocase(host, query->host) && port == query->port)
			return 0;
	}
	return error_set(err, ERROR_REFUSED,
			 "'" SLICE_FMT "' port %u is not asked: only the registries' "
			 "servers and those that [whoisd] servers lists are",
			 SLICE_ARG(query->host), query->port);
}

static int raw_query(struct arena *arena, struct slice text, struct slice server,
		     const struct proxy_rules *rules, struct whois_query *query,
		     struct error *err)
{
	struct slice flags = query->flags;

	if (whois_server_parse(server, &query->host, &query->port, err) != 0)
		return -1;
	query->host = arena_lower(arena, query->host);
	if (slice_ends(query->host, S(".")))
		query->host.len--;
	if (server_check(rules, query, err) != 0)
		return -1;
	query->kind = WHOIS_RAW;
	query->text = text;
	if (flags.len && registry_takes_flags(registry_of_host(query->host)))
		query->text = arena_printf(arena, SLICE_FMT " " SLICE_FMT,
					   SLICE_ARG(flags), SLICE_ARG(text));
	return whois_line_check(query->text, err);
}

static struct slice key_make(struct arena *arena, const struct whois_query *query)
{
	if (query->kind == WHOIS_RAW)
		return arena_printf(arena, "@" SLICE_FMT ":%u%c" SLICE_FMT,
				    SLICE_ARG(query->host), query->port, '\0',
				    SLICE_ARG(query->text));
	if (query->kind == WHOIS_HANDLE)
		return arena_printf(arena, "!" SLICE_FMT "%c" SLICE_FMT "%c" SLICE_FMT,
				    SLICE_ARG(query->host), '\0',
				    SLICE_ARG(query->flags), '\0',
				    SLICE_ARG(query->text));
	return arena_printf(arena, "?" SLICE_FMT "%c" SLICE_FMT,
			    SLICE_ARG(query->flags), '\0', SLICE_ARG(query->text));
}

static const struct {
	const char *word;
	enum proxy_verb verb;
} VERBS[] = {
	{ "", PROXY_HELP },           { "help", PROXY_HELP },   { "?", PROXY_HELP },
	{ "version", PROXY_VERSION }, { "stats", PROXY_STATS },
};

static bool is_verb(struct slice line, enum proxy_verb *out)
{
	for (size_t i = 0; i < COUNT_OF(VERBS); i++)
		if (slice_equal_nocase(line, slice_of(VERBS[i].word))) {
			*out = VERBS[i].verb;
			return true;
		}
	return false;
}

static int ask_parse(struct arena *arena, struct slice line,
		     const struct proxy_rules *rules, struct whois_query *out,
		     struct error *err)
{
	struct flags flags = { 0 };
	struct whois_query query = { 0 };
	struct slice text;

	if (flags_parse(&line, &flags, err) != 0)
		return -1;
	text = flags_text(arena, &flags);
	split_server(&line, &flags.server);
	if (flags.server.len) {
		query.flags = text;
		if (raw_query(arena, line, flags.server, rules, &query, err) != 0)
			return -1;
	} else if (whois_query_parse(arena, line, rules->documentation_public, &query,
				     err) != 0) {
		return -1;
	} else if (query.kind != WHOIS_DOMAIN) {
		query.flags = text; /* no registry of domains is told any */
	}
	*out = query;
	return 0;
}

int proxy_query_parse(struct arena *arena, struct slice line,
		      const struct proxy_rules *rules, struct proxy_query *out,
		      struct error *err)
{
	struct proxy_query query = { .verb = PROXY_ASK };

	line = slice_trim(line);
	if (is_verb(line, &query.verb)) {
		*out = query;
		return 0;
	}
	if (whois_line_check(line, err) != 0 ||
	    ask_parse(arena, line, rules, &query.query, err) != 0)
		return -1;
	query.key = key_make(arena, &query.query);
	*out = query;
	return 0;
}
