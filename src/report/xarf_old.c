#include "report/xarf_old.h"

#include <inttypes.h>

#include "base/escape.h"
#include "report/evidence.h"
#include "report/owned.h"

enum { YAML_MAX_BYTES = 64 * 1024 };

/* Words that YAML 1.1 takes for something else than text. */
static bool is_yaml_word(struct slice text)
{
	static const char *const words[] = { "y",   "n",    "yes",   "no",   "on",
					     "off", "true", "false", "null", "nan" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (slice_equal_nocase(text, slice_of(words[i])))
			return true;
	return false;
}

/* Begins with a letter, so it is no number, time or indicator; holds no ": " or " #". */
static bool is_plain_scalar(struct slice text)
{
	if (!text.len || !ascii_is_alpha(text.at[0]) || text.at[text.len - 1] == ' ' ||
	    text.at[text.len - 1] == ':' || is_yaml_word(text) ||
	    slice_find(text, S(": ")) >= 0)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alnum(text.at[i]) &&
		    slice_find_byte(S(" ,:.+-_/@"), text.at[i]) < 0)
			return false;
	return true;
}

/* A text as a YAML 1.1 and 1.2 scalar that reads as that text and nothing else. */
static void yaml_text(struct buffer *out, struct slice text)
{
	if (is_plain_scalar(text)) {
		buffer_add(out, text);
		return;
	}
	buffer_add_byte(out, '"');
	while (text.len) {
		size_t len;
		int32_t code = utf8_decode(text, &len);

		if (code < 0)
			code = 0xfffd;
		if (code == '"' || code == '\\')
			buffer_printf(out, "\\%c", (char)code);
		else if (code >= ' ' && code <= '~')
			buffer_add_byte(out, (char)code);
		else
			buffer_printf(out, "\\U%08x", (unsigned)code);
		text = slice_from(text, len);
	}
	buffer_add_byte(out, '"');
}

static void field(struct buffer *out, const char *key, struct slice value)
{
	buffer_printf(out, "%s: ", key);
	yaml_text(out, value);
	buffer_add_byte(out, '\n');
}

static const char *fault_of(const struct report_request *request,
			    const struct facts *facts, const struct owned *owned)
{
	enum category category = facts->lead->category;
	const struct {
		bool is;
		const char *text;
	} rows[] = {
		{ request->count > 1, "X-ARF 0.2 tells of one source a mail" },
		{ category != CATEGORY_LOGIN_ATTACK && category != CATEGORY_COMPROMISE,
		  "X-ARF 0.2 has no type for this; it has one for login attacks" },
		{ facts->address.family == FAMILY_NONE,
		  "the source has no address, which X-ARF 0.2 demands" },
		{ !owned->service.len || !owned->target_port,
		  "the log does not tell service and port, which X-ARF 0.2 demands" },
		{ !owned->domain.len, "your mail address is not configured" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].is)
			return rows[i].text;
	return NULL;
}

static struct slice yaml_of(struct arena *arena, const struct report_request *request,
			    const struct facts *facts, const struct owned *owned)
{
	struct uuid_text id = owned_id(request, S("xarf-0.2"), facts->source);
	struct time_text at = time_format(owned->at, TIME_RFC5322);
	bool ipv6 = facts->address.family == FAMILY_IPV6;
	struct buffer out;
	struct slice text;

	buffer_init(&out, YAML_MAX_BYTES);
	buffer_add(&out, S("---\n"));
	field(&out, "Reported-From", owned->contact);
	field(&out, "Category", S("abuse"));
	field(&out, "Report-Type", S("login-attack"));
	field(&out, "Service", owned->service);
	buffer_printf(&out,
		      "Version: 0.2\nPort: %" PRIu64 "\nOccurrences: %" PRIu64 "\n",
		      (uint64_t)owned->target_port, facts->count + facts->successes);
	field(&out, "User-Agent", S("tipoff/" TIPOFF_VERSION));
	field(&out, "Report-ID",
	      arena_printf(arena, "%s@" SLICE_FMT, id.text, SLICE_ARG(owned->domain)));
	field(&out, "Date", slice_of(at.text));
	field(&out, "Source", owned->source);
	field(&out, "Source-Type", ipv6 ? S("ipv6") : S("ip-address"));
	if (owned->target.len) {
		bool target_ipv6 = slice_find_byte(owned->target, ':') >= 0;

		field(&out, "Destination", owned->target);
		field(&out, "Destination-Type",
		      target_ipv6 ? S("ipv6") : S("ip-address"));
	}
	field(&out, "Attachment", S("text/plain"));
	field(&out, "Schema-URL",
	      S("http://www.x-arf.org/schema/abuse_login-attack_0.1.2.json"));
	text = out.failed ? S("") : arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return text;
}

void xarf_old_write(struct arena *arena, const struct report_request *request,
		    const struct facts *facts, struct report_parts *out)
{
	struct report_part part = { .source = facts->source, .kind = S("xarf-0.2") };
	struct evidence_block lines;
	struct owned owned;

	owned_gather(arena, facts, &owned);
	part.reason = slice_of(fault_of(request, facts, &owned));
	if (!part.reason.len) {
		part.type = S("login-attack");
		part.media = S("text/plain");
		part.name = S("report.txt");
		part.body = yaml_of(arena, request, facts, &owned);
	}
	*LIST_ADD(arena, out) = part;
	if (!part.body.len)
		return;
	evidence_gather(arena, request, facts, EVIDENCE_MAX, &lines);
	*LIST_ADD(arena, out) = (struct report_part){
		.source = facts->source,
		.kind = S("evidence"),
		.media = S("text/plain"),
		.name = S("logfile.txt"),
		.body = lines.text,
	};
}
