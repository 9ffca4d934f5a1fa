#include "report/lint.h"

#include "base/cursor.h"
#include "net/address.h"
#include "report/tone.h"

#include <string.h>

enum { FINDINGS_MAX = 100, WIDTH_MAX = 78 };

/* What a memo must hold: one of these words, in any case, anywhere. */
static const struct element {
	const char *rule;
	const char *words[6];
	const char *text;
} ELEMENTS[] = {
	{ "greeting",
	  { "good day", "hello", "dear ", "good morning", "good afternoon",
	    "greetings" },
	  "no greeting; begin with \"Good day\"" },
	{ "who",
	  { "my name is", "i am ", "we are " },
	  "it does not say who writes; give your name, organisation and role" },
	{ "listed",
	  { "listed as", "abuse contact", "contact of", "registries",
	    "known to me as" },
	  "it does not say why they get this; name the record that lists them" },
	{ "target",
	  { "target:", "our machine", "our host", "my machine", "our server", "hit" },
	  "it does not say which machine of yours was hit; give its address and port" },
	{ "compromise",
	  { "compromise", "broken into", "successful login" },
	  "it does not say whether they got in; write yes, no or not checked, and why" },
	{ "forged",
	  { "forged", "spoofed", "faked" },
	  "it does not say that addresses can be forged; the owner may be a victim" },
	{ "staff",
	  { "your staff", "not blame", "no blame", "victim" },
	  "it does not say that you accuse none of their staff" },
	{ "request",
	  { "could you", "please look", "would you", "may i ask",
	    "i would be grateful" },
	  "it asks for nothing; ask them kindly to look into it" },
	{ "pass-on",
	  { "pass this on", "forward this", "pass it on", "forward it" },
	  "it does not say whether they may pass it on, and what to leave out" },
	{ "acknowledgement",
	  { "acknowledg", "no reply" },
	  "it does not say that no reply is needed and an acknowledgement is welcome" },
	{ "how-to-stop",
	  { "no more reports", "answer \"stop\"", "stop these reports", "opt out" },
	  "it does not say how to stop your reports (RFC 6650 section 5.1)" },
	{ "thanks", { "thank" }, "no thanks; end with \"Thank you for your time\"" },
};

/* Words that close ears. "*": further letters may follow. */
static const struct phrase {
	const char *words;
	const char *rule;
	const char *text;
} PHRASES[] = {
#define LEGAL "legal menace; speak to a lawyer first and leave it out here"
	{ "legal action", "legal", LEGAL },
	{ "legal steps", "legal", LEGAL },
	{ "lawyer*", "legal", LEGAL },
	{ "attorney*", "legal", LEGAL },
	{ "sue you", "legal", LEGAL },
	{ "in court", "legal", LEGAL },
	{ "lawsuit", "legal", LEGAL },
	{ "prosecut*", "legal", LEGAL },
	{ "liable", "legal", LEGAL },
#define LAW "CERT and the law have no place in a memo; ask them separately if you must"
	{ "police", "authority", LAW },
	{ "FBI", "authority", LAW },
	{ "law enforcement", "authority", LAW },
	{ "CERT", "authority", LAW },
	{ "authorities", "authority", LAW },
#define ULTIMATUM "an ultimatum; they are busy people, so leave the time to them"
	{ "within 24 hours", "ultimatum", ULTIMATUM },
	{ "within 48 hours", "ultimatum", ULTIMATUM },
	{ "within 72 hours", "ultimatum", ULTIMATUM },
	{ "deadline", "ultimatum", ULTIMATUM },
	{ "last warning", "ultimatum", ULTIMATUM },
	{ "final warning", "ultimatum", ULTIMATUM },
	{ "final notice", "ultimatum", ULTIMATUM },
	{ "or else", "ultimatum", ULTIMATUM },
	{ "immediately", "ultimatum", ULTIMATUM },
	{ "at once", "ultimatum", ULTIMATUM },
#define DEMAND "a demand; ask instead: \"Could you look into it?\""
	{ "i demand", "demand", DEMAND },
	{ "we demand", "demand", DEMAND },
	{ "you must", "demand", DEMAND },
	{ "you have to", "demand", DEMAND },
	{ "i insist", "demand", DEMAND },
	{ "we insist", "demand", DEMAND },
	{ "i expect you", "demand", DEMAND },
	{ "we expect you", "demand", DEMAND },
#define THREAT "a threat; leave it out"
	{ "or we will", "threat", THREAT },
	{ "or i will", "threat", THREAT },
	{ "consequences", "threat", THREAT },
	{ "block your network", "threat", THREAT },
	{ "block your entire", "threat", THREAT },
	{ "null route*", "threat", THREAT },
#define RETALIATION "retaliation; it would break your own provider's terms"
	{ "retaliat*", "retaliation", RETALIATION },
	{ "hack back", "retaliation", RETALIATION },
	{ "strike back", "retaliation", RETALIATION },
	{ "fight back", "retaliation", RETALIATION },
	{ "pay for this", "retaliation", RETALIATION },
#define INSULT "an insult; the reader is not the one who did it"
	{ "idiot*", "insult", INSULT },
	{ "incompeten*", "insult", INSULT },
	{ "stupid*", "insult", INSULT },
	{ "moron*", "insult", INSULT },
	{ "clueless", "insult", INSULT },
	{ "scum*", "insult", INSULT },
	{ "shame*", "insult", INSULT },
	{ "disgrace*", "insult", INSULT },
	{ "useless", "insult", INSULT },
	{ "irresponsible", "insult", INSULT },
	{ "negligen*", "insult", INSULT },
#define ACCUSATION \
	"an accusation; the machine may be broken into, and its owner a victim"
	{ "hacker*", "accusation", ACCUSATION },
	{ "criminal*", "accusation", ACCUSATION },
	{ "crook*", "accusation", ACCUSATION },
	{ "your attacker*", "accusation", ACCUSATION },
	{ "you are attacking", "accusation", ACCUSATION },
	{ "you attacked", "accusation", ACCUSATION },
	{ "your employee*", "accusation", ACCUSATION },
	{ "your admins", "accusation", ACCUSATION },
	{ "you support", "accusation", ACCUSATION },
	{ "you tolerate", "accusation", ACCUSATION },
#define LISTING "lists and scores; they tell nothing about this report"
	{ "blacklist*", "block-list", LISTING },
	{ "black list*", "block-list", LISTING },
	{ "blocklist*", "block-list", LISTING },
	{ "block list*", "block-list", LISTING },
	{ "dnsbl*", "block-list", LISTING },
	{ "spamhaus", "block-list", LISTING },
	{ "abuse score", "block-list", LISTING },
	{ "reputation score", "block-list", LISTING },
#define ADVERTISING "advertising; say only what happened"
	{ "powered by", "advertising", ADVERTISING },
	{ "generated by", "advertising", ADVERTISING },
	{ "sent by tipoff", "advertising", ADVERTISING },
	{ "our product*", "advertising", ADVERTISING },
	{ "free trial", "advertising", ADVERTISING },
};

struct memo_reader {
	struct arena *arena;
	struct lint_findings *out;
	struct slice memo, line;
	size_t number;
	bool says_zone; /* "All times are UTC (+0000)" stands somewhere           */
	bool has_address, has_time, has_evidence, has_zone;
	struct tone_text *tone;
};

static void find(struct memo_reader *reader, enum lint_kind kind, size_t line,
		 const char *rule, struct slice text)
{
	if (reader->out->count >= FINDINGS_MAX)
		return;
	*LIST_ADD(reader->arena, reader->out) = (struct lint_finding){
		.kind = kind,
		.line = line,
		.rule = slice_of(rule),
		.text = text,
	};
}

static bool digits_at(struct slice s, size_t at, const char *shape)
{
	size_t len = strlen(shape);

	if (at + len > s.len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = s.at[at + i];

		if (shape[i] == '0' ? !ascii_is_digit(c) : c != shape[i])
			return false;
	}
	return true;
}

/* Where "hh:mm" stands, or -1. */
static ptrdiff_t time_at(struct slice line)
{
	for (size_t i = 0; i + 5 <= line.len; i++)
		if (digits_at(line, i, "00:00") &&
		    (i == 0 ||
		     !(ascii_is_xdigit(line.at[i - 1]) || line.at[i - 1] == ':' ||
		       line.at[i - 1] == '+' || line.at[i - 1] == '-')))
			return (ptrdiff_t)i;
	return -1;
}

static bool begins_with_date(struct slice line)
{
	return digits_at(line, 0, "0000-00-00") && time_at(slice_cut(line, 0, 32)) > 0;
}

/* "Nov  8 15:26:31": syslog, which knows no year and no zone. */
static bool begins_with_syslog(struct slice line)
{
	ptrdiff_t at = time_at(slice_cut(line, 0, 16));

	return at > 4 && line.len > 15 && ascii_is_alpha(line.at[0]) &&
	       ascii_is_alpha(line.at[1]) && ascii_is_alpha(line.at[2]) &&
	       line.at[3] == ' ' &&
	       (ascii_is_digit(line.at[4]) || ascii_is_digit(line.at[5]));
}

static bool is_evidence(struct slice line)
{
	return begins_with_date(line) || begins_with_syslog(line);
}

/* ---- words ---- */

static bool ends_word(struct slice s, size_t at)
{
	if (at >= s.len)
		return true;
	if (s.at[at] == '.')
		return at + 1 >= s.len || !ascii_is_alnum(s.at[at + 1]);
	return !ascii_is_alnum(s.at[at]) && slice_find_byte(S("-_@/"), s.at[at]) < 0;
}

static bool begins_word(struct slice s, size_t at)
{
	return at == 0 || (!ascii_is_alnum(s.at[at - 1]) &&
			   slice_find_byte(S("-_@/."), s.at[at - 1]) < 0);
}

/* Words in capitals are names and must be written so; others match in any case. */
static bool phrase_stands(const struct phrase *phrase, struct slice line)
{
	struct slice words = slice_of(phrase->words);
	bool open = slice_ends(words, S("*"));
	bool exact = words.at[0] >= 'A' && words.at[0] <= 'Z';

	words.len -= open;
	for (size_t i = 0; i + words.len <= line.len; i++) {
		struct slice here = { line.at + i, words.len };
		bool same;
		size_t end = i + words.len;

		if (ascii_lower(here.at[0]) != ascii_lower(words.at[0]))
			continue;
		same = exact ? slice_equal(here, words)
			     : slice_equal_nocase(here, words);
		while (open && end < line.len && ascii_is_alpha(line.at[end]))
			end++;
		if (same && begins_word(line, i) && ends_word(line, end))
			return true;
	}
	return false;
}

static void phrases_check(struct memo_reader *reader)
{
	for (size_t i = 0; i < COUNT_OF(PHRASES); i++) {
		struct slice words = slice_of(PHRASES[i].words);

		if (!phrase_stands(&PHRASES[i], reader->line))
			continue;
		words.len -= slice_ends(words, S("*"));
		find(reader, LINT_UNFRIENDLY, reader->number, PHRASES[i].rule,
		     arena_printf(reader->arena, "'" SLICE_FMT "': %s",
				  SLICE_ARG(words), PHRASES[i].text));
	}
}

static void shouting_check(struct memo_reader *reader)
{
	size_t capitals = 0, small = 0;

	for (size_t i = 0; i < reader->line.len; i++) {
		capitals += reader->line.at[i] >= 'A' && reader->line.at[i] <= 'Z';
		small += reader->line.at[i] >= 'a' && reader->line.at[i] <= 'z';
	}
	if (capitals >= 20 && small == 0 && slice_find_byte(reader->line, ' ') >= 0 &&
	    !slice_starts_nocase(reader->line, S("fingerprint")) &&
	    slice_find(reader->line, S("  ")) < 0)
		find(reader, LINT_UNFRIENDLY, reader->number, "shouting",
		     S("a line in capitals; write it in small letters"));
}

static void placeholder_check(struct memo_reader *reader)
{
	if (slice_find_nocase(reader->line, S("[your ")) >= 0)
		find(reader, LINT_MISSING, reader->number, "placeholder",
		     S("a placeholder is left; run 'tipoff init' or fill it in"));
}

/* ---- what is read wrongly by a machine ---- */

static bool word_has_letter(struct slice line, size_t at)
{
	size_t first = at, last = at;

	while (first && line.at[first - 1] != ' ')
		first--;
	while (last < line.len && line.at[last] != ' ')
		last++;
	for (size_t i = first; i < last; i++)
		if (ascii_is_alpha(line.at[i]))
			return true;
	return false;
}

/* "+0000" behind a time, a blank or "(": quarters of hours up to 14. */
static bool is_zone(struct slice line, size_t at)
{
	bool colon = line.at[at + 3] == ':';
	int hours = (line.at[at + 1] - '0') * 10 + line.at[at + 2] - '0';
	int minutes =
		(line.at[at + 3 + colon] - '0') * 10 + line.at[at + 4 + colon] - '0';
	char before = at ? line.at[at - 1] : ' ';
	size_t end = at + 5 + colon;

	if (end < line.len && ascii_is_digit(line.at[end]))
		return false;
	if (hours > 14 || minutes % 15 || minutes > 45)
		return false;
	return before == '(' || before == ' ' ||
	       (at >= 3 && digits_at(line, at - 3, ":00"));
}

/* Mail::Abuse and its like take the last [+-]dd:?dd of a mail for the zone of all. */
static void zone_likes_check(struct memo_reader *reader)
{
	struct slice line = reader->line;

	for (size_t i = 0; i + 5 <= line.len; i++) {
		bool shaped = digits_at(line, i + 1, "0000") ||
			      digits_at(line, i + 1, "00:00");

		if ((line.at[i] != '+' && line.at[i] != '-') || !shaped)
			continue;
		if (is_zone(line, i)) {
			reader->has_zone = true;
			continue;
		}
		if (word_has_letter(line, i))
			continue;
		find(reader, LINT_MISLEADING, reader->number, "zone",
		     arena_printf(reader->arena,
				  "'%.5s' looks like a time zone and is none; put "
				  "blanks into it",
				  line.at + i));
	}
}

static bool names_zone(struct slice line)
{
	return slice_find(line, S("UTC")) >= 0 || slice_find(line, S("GMT")) >= 0 ||
	       slice_find(line, S("+00")) >= 0;
}

static bool has_offset(struct slice line)
{
	ptrdiff_t at = time_at(line);

	for (size_t i = at < 0 ? line.len : (size_t)at; i + 5 <= line.len; i++) {
		if ((line.at[i] == '+' || line.at[i] == '-') &&
		    (digits_at(line, i + 1, "0000") || digits_at(line, i + 1, "00:00")))
			return true;
		if (line.at[i] == 'Z' && ascii_is_digit(line.at[i - 1]))
			return true;
	}
	return names_zone(line);
}

static void times_check(struct memo_reader *reader)
{
	struct slice line = reader->line;

	if (time_at(line) < 0)
		return;
	reader->has_time = true;
	if (begins_with_syslog(line))
		find(reader, LINT_MISLEADING, reader->number, "year",
		     S("the line shows no year; put the full time in UTC before it"));
	if (has_offset(line))
		reader->has_zone = true;
	else if (!reader->says_zone)
		find(reader, LINT_MISSING, reader->number, "zone",
		     S("a time without a zone; write it in UTC with +0000 behind it"));
}

/* ---- addresses ---- */

static bool marks_inside(struct slice line)
{
	return slice_find_nocase(line, S("inside")) >= 0 ||
	       slice_find_nocase(line, S("private")) >= 0 ||
	       slice_find_nocase(line, S("NAT")) >= 0;
}

static void address_see(struct memo_reader *reader, struct slice word)
{
	const struct address_special *special;
	struct address address;

	while (word.len &&
	       (word.at[word.len - 1] == '.' || word.at[word.len - 1] == ':'))
		word.len--;
	if (address_parse(word, &address) || word.len < 3)
		return;
	reader->has_address = true;
	special = address_special(&address);
	if (!special || special->documentation || is_evidence(reader->line) ||
	    marks_inside(reader->line))
		return;
	find(reader, LINT_MISLEADING, reader->number, "private-address",
	     arena_printf(reader->arena,
			  "%s is an address nobody can reach (%s); give the public one",
			  address_format(&address).text, special->name));
}

static void addresses_check(struct memo_reader *reader)
{
	struct slice line = reader->line;
	size_t i = 0;

	while (i < line.len) {
		size_t end = i;

		while (end < line.len && (ascii_is_xdigit(line.at[end]) ||
					  line.at[end] == '.' || line.at[end] == ':'))
			end++;
		if (end > i && (i == 0 || !ascii_is_alnum(line.at[i - 1])))
			address_see(reader, slice_cut(line, i, end));
		i = end + 1;
	}
}

static void width_check(struct memo_reader *reader)
{
	size_t columns = 0;

	for (size_t i = 0; i < reader->line.len; i++)
		columns += ((unsigned char)reader->line.at[i] & 0xc0) != 0x80;
	if (columns > WIDTH_MAX && slice_find_byte(reader->line, ' ') >= 0)
		find(reader, LINT_MISLEADING, reader->number, "width",
		     S("the line is over 78 columns; break it"));
}

/* ---- the shape of sentences ---- */

static const struct {
	const char *rule, *text;
	enum lint_kind kind;
} TONES[] = {
	{ "legal", LEGAL, LINT_UNFRIENDLY },
	{ "authority", LAW, LINT_UNFRIENDLY },
	{ "ultimatum", ULTIMATUM, LINT_UNFRIENDLY },
	{ "demand", DEMAND, LINT_UNFRIENDLY },
	{ "threat", THREAT, LINT_UNFRIENDLY },
	{ "retaliation", RETALIATION, LINT_UNFRIENDLY },
	{ "insult", INSULT, LINT_UNFRIENDLY },
	{ "accusation", ACCUSATION, LINT_UNFRIENDLY },
	{ "block-list", LISTING, LINT_UNFRIENDLY },
	{ "advertising", ADVERTISING, LINT_UNFRIENDLY },
	{ "certain",
	  "surer than a log can be; say how sure the address is, and that it may be forged",
	  LINT_MISLEADING },
	{ "country",
	  "a country says nothing about who did it, and geo-IP is often wrong; leave it out",
	  LINT_MISLEADING },
	{ "tone",
	  "may sound hostile to who reads it; say what was seen, and ask for what would help",
	  LINT_UNFRIENDLY },
	{ "recipients",
	  "who else was written to is nothing for this letter; leave it out",
	  LINT_UNFRIENDLY },
};

/* The list found it in these lines already. */
static bool is_known(const struct lint_findings *findings, size_t line,
		     const char *rule)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct lint_finding *one = &findings->at[i];

		if (slice_equal(one->rule, slice_of(rule)) && one->line <= line + 1 &&
		    one->line + 1 >= line)
			return true;
	}
	return false;
}

/* Where the list or a shape tells what it is, nobody wants to hear how it sounds. */
static bool is_told(const struct lint_findings *findings, size_t line)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct lint_finding *one = &findings->at[i];

		if (one->kind == LINT_UNFRIENDLY && one->line <= line + 1 &&
		    one->line + 1 >= line)
			return true;
	}
	return false;
}

static void tone_found(void *context, size_t line, const char *rule, struct slice words)
{
	struct memo_reader *reader = context;

	if (strcmp(rule, "tone") == 0 && is_told(reader->out, line))
		return;
	for (size_t i = 0; i < COUNT_OF(TONES); i++)
		if (strcmp(TONES[i].rule, rule) == 0 &&
		    !is_known(reader->out, line, rule))
			find(reader, TONES[i].kind, line, TONES[i].rule,
			     arena_printf(reader->arena, "'" SLICE_FMT "': %s",
					  SLICE_ARG(words), TONES[i].text));
}

/* "Compromise:  no": each field is a sentence. */
static bool is_field(struct slice line)
{
	ptrdiff_t colon = slice_find(line, S(": "));

	return colon > 0 && colon < 24 && ascii_is_alpha(line.at[0]) &&
	       slice_find_byte(slice_cut(line, 0, (size_t)colon), ' ') < 0;
}

static void tone_check(struct memo_reader *reader)
{
	if (is_field(reader->line))
		tone_line(reader->tone, reader->number, S(""));
	tone_line(reader->tone, reader->number, reader->line);
}

/* ---- what a log line must not carry outside ---- */

static bool has_value_behind(struct slice line, const char *key)
{
	ptrdiff_t at = slice_find_nocase(line, slice_of(key));
	struct slice value;

	if (at < 0 || (at && ascii_is_alnum(line.at[at - 1])))
		return false;
	value = slice_from(line, (size_t)at + strlen(key));
	while (value.len && slice_find_byte(S(" \"'"), value.at[0]) >= 0)
		value = slice_from(value, 1);
	return value.len && !slice_starts(value, S("..."));
}

/* "/page?id=7": the values of a query are the visitor's. */
static bool has_query(struct slice line)
{
	ptrdiff_t mark = slice_find_byte(line, '?'), equals;
	struct slice query;

	if (mark <= 0 || ascii_is_space(line.at[mark - 1]))
		return false;
	query = slice_from(line, (size_t)mark);
	equals = slice_find_byte(query, '=');
	query = slice_from(query, equals < 0 ? query.len : (size_t)equals + 1);
	return query.len && !ascii_is_space(query.at[0]) &&
	       !slice_starts(query, S("..."));
}

static void privacy_check(struct memo_reader *reader)
{
	static const char *const secrets[] = {
		"password=",      "passwd=", "password:", "cookie:",
		"authorization:", "token=",  "session="
	};
	struct slice line = reader->line;

	for (size_t i = 0; i < COUNT_OF(secrets); i++)
		if (has_value_behind(line, secrets[i]))
			find(reader, LINT_MISLEADING, reader->number, "secret",
			     arena_printf(reader->arena,
					  "a value behind '%s' that is nobody else's "
					  "business; write ... for it",
					  secrets[i]));
	if (has_query(line))
		find(reader, LINT_MISLEADING, reader->number, "secret",
		     S("values of a query; write ... for them"));
	if (slice_find_nocase(line, S("invalid user ")) >= 0 ||
	    slice_find_nocase(line, S("illegal user ")) >= 0)
		find(reader, LINT_MISLEADING, reader->number, "account",
		     S("'invalid user' tells which accounts exist; leave the word out"));
}

static void line_check(struct memo_reader *reader)
{
	if (is_evidence(reader->line)) {
		reader->has_evidence = true;
		privacy_check(reader);
		tone_line(reader->tone, reader->number, S(""));
	} else {
		phrases_check(reader);
		tone_check(reader);
		shouting_check(reader);
		placeholder_check(reader);
		zone_likes_check(reader);
		width_check(reader);
	}
	times_check(reader);
	addresses_check(reader);
}

static bool memo_has(struct slice memo, const struct element *element)
{
	for (size_t i = 0; i < COUNT_OF(element->words) && element->words[i]; i++)
		if (slice_find_nocase(memo, slice_of(element->words[i])) >= 0)
			return true;
	return false;
}

/* The memo with every run of white space as one blank: sentences are wrapped. */
static struct slice unwrapped(struct arena *arena, struct slice memo)
{
	char *copy = ARENA_ARRAY(arena, char, memo.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < memo.len; i++) {
		bool blank = ascii_is_space(memo.at[i]);

		if (!blank)
			copy[len++] = memo.at[i];
		else if (len && copy[len - 1] != ' ')
			copy[len++] = ' ';
	}
	return (struct slice){ copy, len };
}

static void whole_check(struct memo_reader *reader)
{
	const struct {
		bool has;
		const char *rule, *text;
	} rows[] = {
		{ reader->has_address, "source",
		  "no address in it; give the full address of the source" },
		{ reader->has_time, "time",
		  "no time in it; give first and last, in UTC" },
		{ reader->has_zone || reader->says_zone, "zone",
		  "no time zone; write \"All times are UTC (+0000)\"" },
		{ reader->has_evidence, "evidence",
		  "no log lines; show some, each with its time in UTC" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!rows[i].has)
			find(reader, LINT_MISSING, 0, rows[i].rule,
			     slice_of(rows[i].text));
	for (size_t i = 0; i < COUNT_OF(ELEMENTS); i++)
		if (!memo_has(reader->memo, &ELEMENTS[i]))
			find(reader, LINT_MISSING, 0, ELEMENTS[i].rule,
			     slice_of(ELEMENTS[i].text));
}

/* Sentences end later than their lines: in the order of the memo all the same. */
static void findings_sort(struct lint_findings *findings)
{
	for (size_t i = 1; i < findings->count; i++) {
		struct lint_finding one = findings->at[i];
		size_t at = i;

		for (; at && findings->at[at - 1].line > one.line; at--)
			findings->at[at] = findings->at[at - 1];
		findings->at[at] = one;
	}
}

struct lint {
	struct tone *tone;
};

struct lint *lint_new(struct arena *arena)
{
	struct lint *lint = ARENA_NEW(arena, struct lint);

	lint->tone = tone_new(arena);
	return lint;
}

void memo_lint(const struct lint *lint, struct arena *arena, struct slice memo,
	       struct lint_findings *out)
{
	struct memo_reader reader = { .arena = arena, .out = out };
	struct cursor cursor = cursor_of(memo);
	struct tone_reader tone = { lint->tone, tone_found, NULL, &reader };
	ptrdiff_t says;

	reader.memo = unwrapped(arena, memo);
	says = slice_find_nocase(reader.memo, S("all times are"));
	reader.says_zone = says >= 0 && has_offset(slice_cut(reader.memo, (size_t)says,
							     (size_t)says + 60));
	reader.says_zone |= says >= 0 && names_zone(slice_cut(reader.memo, (size_t)says,
							      (size_t)says + 60));
	reader.tone = tone_begin(arena, &tone);
	while (cursor_line(&cursor, &reader.line)) {
		reader.number++;
		line_check(&reader);
	}
	tone_end(reader.tone);
	findings_sort(out);
	whole_check(&reader);
}
