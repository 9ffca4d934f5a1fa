#include "report/arf.h"

#include "base/buffer.h"
#include "mail/address.h"
#include "report/redact.h"
#include "report/text.h"

enum { MAIL_MAX_BYTES = 64 * 1024, FIELDS_MAX = 200, FIELD_MAX = 900 };

struct header {
	struct slice name, value; /* value with its folding, as it was received      */
};
struct headers {
	struct header *at;
	size_t count, room;
};

static bool is_folded(struct slice line)
{
	return line.len && (line.at[0] == ' ' || line.at[0] == '\t');
}

/* RFC 5322 section 2.2: fields up to the first empty line. What is no field ends it. */
static void headers_read(struct arena *arena, struct slice mail, struct headers *out)
{
	struct slice rest = slice_cut(mail, 0, MAIL_MAX_BYTES), line;

	while (out->count < FIELDS_MAX && slice_next(&rest, '\n', &line)) {
		ptrdiff_t colon = slice_find_byte(line, ':');

		if (slice_ends(line, S("\r")))
			line.len--;
		if (is_folded(line) && out->count) {
			struct header *last = &out->at[out->count - 1];

			last->value.len = (size_t)(line.at + line.len - last->value.at);
			continue;
		}
		if (colon < 1)
			return;
		*LIST_ADD(arena, out) = (struct header){
			.name = slice_trim(slice_cut(line, 0, (size_t)colon)),
			.value = slice_from(line, (size_t)colon + 1),
		};
	}
}

/* Fields that name who sent it; in all others the people are ours. */
static bool is_of_sender(struct slice name)
{
	static const char *const names[] = { "From", "Sender", "Reply-To",
					     "Return-Path", "Message-ID" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (slice_equal_nocase(name, slice_of(names[i])))
			return true;
	return false;
}

static bool is_field_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] <= ' ' || name.at[i] > '~')
			return false;
	return name.len > 0 && name.len < 80;
}

/* One line: its folding as a blank, all else escaped. */
static struct slice value_of(struct arena *arena, const struct header *header)
{
	char *copy = arena_cstr(arena, header->value);

	for (size_t i = 0; i < header->value.len; i++)
		if (copy[i] == '\r' || copy[i] == '\n' || copy[i] == '\t')
			copy[i] = ' ';
	return text_clean(arena, (struct slice){ copy, header->value.len }, FIELD_MAX);
}

static struct slice headers_text(struct arena *arena,
				 const struct report_request *request,
				 const struct facts *facts,
				 const struct headers *headers)
{
	struct redaction redaction = {
		.facts = facts,
		.key = { (const char *)request->pseudonym_key,
			 sizeof request->pseudonym_key },
	};
	struct buffer out;
	struct slice text;

	buffer_init(&out, 4 * MAIL_MAX_BYTES);
	for (size_t i = 0; i < headers->count; i++) {
		struct evidence line = { .text = value_of(arena, &headers->at[i]) };

		if (!is_field_name(headers->at[i].name))
			continue;
		if (!is_of_sender(headers->at[i].name))
			line.text =
				text_clean(arena, redact_line(arena, &redaction, &line),
					   FIELD_MAX);
		buffer_printf(&out, SLICE_FMT ": " SLICE_FMT "\n",
			      SLICE_ARG(headers->at[i].name), SLICE_ARG(line.text));
	}
	text = out.failed ? S("") : arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return text;
}

/* The envelope's sender, as the last server wrote it; empty where it is no address. */
static struct slice mail_from(struct arena *arena, const struct headers *headers)
{
	struct slice found = { "", 0 };
	struct error err;

	for (size_t i = 0; i < headers->count; i++)
		if (slice_equal_nocase(headers->at[i].name, S("Return-Path")) &&
		    mail_address_clean(arena, slice_trim(headers->at[i].value), true,
				       &found, &err) == 0)
			return found;
	return S("");
}

/* RFC 5965 section 3: each of these at most once. */
static struct slice feedback_text(struct arena *arena, const struct facts *facts,
				  const struct headers *headers)
{
	struct slice from = mail_from(arena, headers);
	struct time_text at = time_format(facts->first, TIME_RFC5322);
	struct slice text =
		arena_printf(arena,
			     "Feedback-Type: abuse\nUser-Agent: tipoff/%s\nVersion: 1\n"
			     "Arrival-Date: %s\n",
			     TIPOFF_VERSION, at.text);

	if (from.len)
		text = arena_printf(arena,
				    SLICE_FMT "Original-Mail-From: <" SLICE_FMT ">\n",
				    SLICE_ARG(text), SLICE_ARG(from));
	if (facts->address.family != FAMILY_NONE)
		text = arena_printf(arena, SLICE_FMT "Source-IP: %s\n", SLICE_ARG(text),
				    address_format(&facts->address).text);
	if (facts->count > 1)
		text = arena_printf(arena, SLICE_FMT "Incidents: %llu\n",
				    SLICE_ARG(text), (unsigned long long)facts->count);
	return text;
}

void arf_write(struct arena *arena, const struct report_request *request,
	       const struct facts *facts, struct report_parts *out)
{
	struct headers headers = { 0 };
	struct report_part part = { .source = facts->source,
				    .kind = S("feedback-report"),
				    .media = S("message/feedback-report"),
				    .type = S("abuse") };
	struct slice text;

	headers_read(arena, facts->given->mail, &headers);
	text = headers_text(arena, request, facts, &headers);
	if (request->count > 1)
		part.reason = S("ARF tells of one source a mail");
	else if (!facts->given->mail.len)
		part.reason = S("the evidence is a log and no mail, and ARF is about "
				"mails");
	else if (!text.len)
		part.reason = S("the mail has no headers to show");
	if (!part.reason.len)
		part.body = feedback_text(arena, facts, &headers);
	else
		part.type = S("");
	*LIST_ADD(arena, out) = part;
	if (!part.body.len)
		return;
	*LIST_ADD(arena, out) = (struct report_part){
		.source = facts->source,
		.kind = S("mail-headers"),
		.media = S("text/rfc822-headers"),
		.body = text,
	};
}
