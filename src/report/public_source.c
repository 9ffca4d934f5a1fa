#include "report/public_source.h"

#include "base/cursor.h"
#include "base/escape.h"
#include "report/redact.h"
#include "report/text.h"
#include "report/words.h"

enum { SERVICE_MAX = 40, SHOWN_MAX_BYTES = 400, LINES_MAX = 5, HEAD_MAX = 160 };
enum { TEXT_MAX = 64 * 1024 };

/* ---- what may be told ---- */

static bool may_tell(const struct incident *incident)
{
	return incident->verdict == VERDICT_REPORT &&
	       incident->certainty == CERTAINTY_CONNECTION &&
	       incident->category != CATEGORY_BACKSCATTER && incident->count > 0;
}

static void incidents_keep(struct arena *arena, const struct report_source *source,
			   struct report_source *out)
{
	const struct incident **kept =
		ARENA_ARRAY(arena, const struct incident *, source->count + 1);

	*out = *source;
	out->incidents = kept;
	out->count = 0;
	for (size_t i = 0; i < source->count; i++)
		if (may_tell(source->incidents[i]))
			kept[out->count++] = source->incidents[i];
}

static bool refuse(struct slice *why, struct slice words)
{
	*why = words;
	return false;
}

static bool is_public(const struct settings *settings, const struct address *address)
{
	const struct address_special *special = address_special(address);

	return !special || (special->documentation && settings->documentation_public);
}

bool public_source_read(struct arena *arena, const struct report_request *request,
			const struct report_source *source, struct public_source *out,
			struct slice *why)
{
	incidents_keep(arena, source, &out->given);
	if (!out->given.count)
		return refuse(why, S("what was seen may be forged, or was no reason "
				     "to report"));
	facts_gather(arena, request->settings, &out->given, &out->facts);
	if (out->facts.address.family == FAMILY_NONE || out->facts.is_logged_name)
		return refuse(why, S("the log has a name and no address, and names can "
				     "be steered"));
	if (!is_public(request->settings, &out->facts.address))
		return refuse(why, S("it is no public address"));
	out->address = out->facts.source;
	*why = S("");
	return true;
}

/* ---- in words ---- */

static const struct {
	const char *one, *many; /* behind "1" and "214"; {service} is "SSH " or empty */
} ACTS[CATEGORY_COUNT] = {
	[CATEGORY_PROBE] = { "connection to a closed {service}service",
			     "connections to a closed {service}service" },
	[CATEGORY_SCAN] = { "connection of a port scan", "connections of a port scan" },
	[CATEGORY_SWEEP] = { "connection of a sweep over several machines",
			     "connections of a sweep over several machines" },
	[CATEGORY_DOS] = { "request of a flood", "requests of a flood" },
	[CATEGORY_MAIL_ABUSE] = { "attempt to abuse a mail server",
				  "attempts to abuse a mail server" },
	[CATEGORY_LOGIN_ATTACK] = { "failed {service}login", "failed {service}logins" },
	[CATEGORY_EXPLOIT_ATTEMPT] = { "attempt to exploit a {service}service",
				       "attempts to exploit a {service}service" },
	[CATEGORY_COMPROMISE] = { "failed {service}login", "failed {service}logins" },
	[CATEGORY_BACKSCATTER] = { "packet", "packets" },
};

static struct slice service_words(struct arena *arena, const struct incident *act)
{
	const struct tally_item *top = facts_top(&act->lists[LIST_SERVICES]);

	if (!top || slice_equal(top->text, S("other")))
		return S("");
	return arena_printf(arena, SLICE_FMT " ",
			    SLICE_ARG(text_clean(arena, service_label(arena, top->text),
						 SERVICE_MAX)));
}

static struct slice act_words(struct arena *arena, const struct incident *act)
{
	return arena_printf(arena, "%llu " SLICE_FMT, (unsigned long long)act->count,
			    SLICE_ARG(FILL(arena,
					   act->count == 1 ? ACTS[act->category].one
							   : ACTS[act->category].many,
					   { "service", service_words(arena, act) })));
}

static struct slice source_words(struct arena *arena,
				 const struct public_source *source)
{
	const struct facts *facts = &source->facts;
	struct time_text first = time_format(facts->first, TIME_MEMO);
	struct time_text last = time_format(facts->last, TIME_MEMO);
	struct slice ports = facts_ports(arena, facts), place = S("");
	struct slices acts = { 0 };

	for (size_t i = 0; i < facts->acts.count; i++)
		*LIST_ADD(arena, &acts) = act_words(arena, &facts->acts.at[i]);
	if (ports.len && facts->lists[LIST_PORTS].count == 1)
		place = FILL(arena, ", port {ports}", { "ports", ports });
	if (facts->first == facts->last)
		return FILL(arena, "{acts} at {first} (UTC){place}.",
			    { "acts", text_list(arena, &acts, 3) },
			    { "first", slice_of(first.text) }, { "place", place });
	return FILL(arena, "{acts} between {first} and {last} (UTC){place}.",
		    { "acts", text_list(arena, &acts, 3) },
		    { "first", slice_of(first.text) }, { "last", slice_of(last.text) },
		    { "place", place });
}

/* ---- lines ---- */

/* Behind time and host: "Nov 18 15:26:29 web1 sshd[3689]: text" is "sshd[3689]: text". An
 * access log's line that begins with the source stands whole. Others: nothing.         */
static struct slice known_shape(struct slice text, struct slice source)
{
	struct slice head = slice_cut(text, 0, HEAD_MAX);
	ptrdiff_t colon = slice_find(head, S(": ")), blank;

	if (slice_starts(text, source) && text.len > source.len &&
	    text.at[source.len] == ' ')
		return text;
	if (colon < 0 || slice_find_byte(slice_cut(head, 0, (size_t)colon), '"') >= 0 ||
	    slice_find_byte(slice_cut(head, 0, (size_t)colon), '{') >= 0)
		return S("");
	blank = slice_find_last_byte(slice_cut(head, 0, (size_t)colon), ' ');
	return blank < 0 ? S("") : slice_from(text, (size_t)blank + 1);
}

static bool is_label_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_name_char(char c)
{
	return is_label_char(c) || c == '.' || c == ':';
}

static size_t run_len(struct slice text, size_t at, bool (*is)(char c))
{
	size_t end = at;

	while (end < text.len && is(text.at[end]))
		end++;
	return end - at;
}

/* "mx.peer.example"; "a203.0.113.9" too, which no reader of addresses finds. Not "5.7.1",
 * "1.0" and the like.                                                                   */
static bool is_dotted_name(struct slice word)
{
	size_t dots;
	ptrdiff_t last;

	while (slice_ends(word, S(".")))
		word.len--;
	dots = slice_count_byte(word, '.');
	last = slice_find_last_byte(word, '.');
	return dots && (dots > 2 || !ascii_is_digit(word.at[last + 1]));
}

/* "g2001:db8::9": more colons than a time has. */
static bool is_colon_name(struct slice word)
{
	return slice_find(word, S("::")) >= 0 || slice_count_byte(word, ':') > 3;
}

static bool is_dot_or_label(char c)
{
	return is_label_char(c) || c == '.';
}

static void word_add(struct buffer *out, struct slice text, size_t at, size_t len)
{
	struct slice word = slice_cut(text, at, at + len);
	char before = at ? text.at[at - 1] : ' ';
	bool is_file = before == '/' && !(at >= 2 && text.at[at - 2] == '/');

	buffer_add(out, is_dotted_name(word) && !is_file ? S("[name]") : word);
}

/* Names with dots may be hosts of ours or of anybody's; but a file of a path is none. The
 * source stays.                                                                         */
static struct slice names_hide(struct arena *arena, struct slice text,
			       struct slice source)
{
	struct buffer out;
	struct slice copy;
	size_t at = 0, len;

	buffer_init(&out, TEXT_MAX);
	for (; at < text.len; at += len) {
		struct slice word;

		len = run_len(text, at, is_name_char);
		word = slice_cut(text, at, at + len);
		while (slice_ends(word, S(".")) || slice_ends(word, S(":")))
			word.len--;
		if (word.len && (slice_equal(word, source) || is_colon_name(word))) {
			buffer_add(&out,
				   slice_equal(word, source) ? source : S("[name]"));
			len = word.len;
			continue;
		}
		len = run_len(text, at, is_dot_or_label);
		if (slice_equal(slice_cut(text, at, at + len), source))
			buffer_add(&out, source);
		else if (len)
			word_add(&out, text, at, len);
		else
			buffer_add_byte(&out, text.at[at]);
		len = len ? len : 1;
	}
	copy = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return copy;
}

/* What every reader of the formats takes for text. */
static struct slice plain_ascii(struct arena *arena, struct slice text)
{
	struct slice clean = text_clean(arena, text, SHOWN_MAX_BYTES);
	char *copy = arena_cstr(arena, clean);

	for (size_t i = 0; i < clean.len; i++) {
		if (copy[i] == '"')
			copy[i] = '\'';
		else if (copy[i] == '\\')
			copy[i] = '/';
		else if (!ascii_is_print(copy[i]))
			copy[i] = '?';
	}
	return (struct slice){ copy, clean.len };
}

static struct slice line_text(struct arena *arena, struct redaction *redaction,
			      const struct evidence *line)
{
	struct slice text = redact_line(arena, redaction, line);

	text = known_shape(text, redaction->facts->source);
	if (!text.len)
		return text;
	return arena_printf(
		arena, "%s | " SLICE_FMT, time_format(line->at, TIME_MEMO).text,
		SLICE_ARG(plain_ascii(arena, names_hide(arena, text,
							redaction->facts->source))));
}

static struct slice lines_text(struct arena *arena,
			       const struct report_request *request,
			       const struct public_source *source, size_t max_bytes)
{
	struct redaction redaction = {
		.facts = &source->facts,
		.key = { (const char *)request->pseudonym_key,
			 sizeof request->pseudonym_key },
		.reader = READER_PUBLIC,
	};
	struct slice text = S("");
	size_t shown = 0;

	for (size_t i = 0; i < source->given.count; i++) {
		const struct incident *incident = source->given.incidents[i];
		const struct evidences *lines = &incident->evidence;

		for (size_t at = 0; !incident->successes && at < lines->count; at++) {
			struct slice line =
				line_text(arena, &redaction, &lines->at[at]);

			if (!line.len || shown == LINES_MAX ||
			    text.len + line.len + 1 > max_bytes)
				continue;
			text = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT,
					    SLICE_ARG(text), shown ? "\n" : "",
					    SLICE_ARG(line));
			shown++;
		}
	}
	return text;
}

struct slice public_comment(struct arena *arena, const struct report_request *request,
			    const struct public_source *source, size_t max_bytes)
{
	struct slice words = plain_ascii(arena, source_words(arena, source));
	struct slice lines =
		words.len + 1 < max_bytes
			? lines_text(arena, request, source, max_bytes - words.len - 1)
			: S("");

	if (!lines.len)
		return slice_cut(words, 0, max_bytes);
	return arena_printf(arena, SLICE_FMT "\n" SLICE_FMT, SLICE_ARG(words),
			    SLICE_ARG(lines));
}

void form_field(struct buffer *out, const char *name, struct slice value)
{
	if (out->len)
		buffer_add_byte(out, '&');
	buffer_printf(out, "%s=", name);
	for (size_t i = 0; i < value.len; i++)
		if (ascii_is_alnum(value.at[i]) ||
		    slice_find_byte(S("-._~"), value.at[i]) >= 0)
			buffer_add_byte(out, value.at[i]);
		else
			buffer_printf(out, "%%%02X", (unsigned char)value.at[i]);
}
