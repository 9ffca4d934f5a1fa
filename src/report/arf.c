#include "report/arf.h"

#include "base/buffer.h"
#include "mail/header.h"
#include "mail/hop.h"
#include "report/arf_headers.h"
#include "report/text.h"

enum { FEEDBACK_MAX_BYTES = 16 * 1024, HOST_MAX = 200 };

/* RFC 5965 section 7.3: what the user said that the mail is. */
static const char *const TYPES[MAIL_KIND_COUNT] = {
	[MAIL_SPAM] = "abuse",
	[MAIL_PHISH] = "fraud",
	[MAIL_VIRUS] = "virus",
};

static bool is_host(struct slice host)
{
	for (size_t i = 0; i < host.len; i++)
		if (!ascii_is_alnum(host.at[i]) && host.at[i] != '.' &&
		    host.at[i] != '-')
			return false;
	return host.len && host.len <= HOST_MAX;
}

/* The server of ours whose Received field is believed: the one that was mailed to. */
static struct slice reporting_host(struct arena *arena,
				   const struct incident_mail *mail)
{
	struct slice rest = header_block(mail->header);
	size_t above = mail->depth;
	struct header_field field;

	while (header_next(arena, &rest, &field)) {
		struct hop hop;

		if (!slice_equal_nocase(field.name, S("Received")) || above--)
			continue;
		hop_read(field.value, &hop);
		return is_host(hop.by) ? hop.by : S("");
	}
	return S("");
}

/* Acts of its that are mails. */
static uint64_t mails_count(const struct facts *facts)
{
	uint64_t count = 0;

	for (size_t i = 0; i < facts->acts.count; i++)
		if (incident_is_mail(&facts->acts.at[i]))
			count += facts->acts.at[i].count;
	return count > UINT32_MAX ? UINT32_MAX : count;
}

/* RFC 5965 section 3.2: each of these at most once. */
static struct slice feedback_text(struct arena *arena, const struct facts *facts,
				  const struct arf_headers *headers)
{
	const struct incident_mail *mail = &facts->given->mail;
	struct time_text at =
		time_format(mail->at ? mail->at : facts->first, TIME_RFC5322);
	struct slice host = reporting_host(arena, mail), text;
	struct buffer out;

	buffer_init(&out, FEEDBACK_MAX_BYTES);
	buffer_printf(&out,
		      "Feedback-Type: %s\nUser-Agent: tipoff/%s\nVersion: 1\n"
		      "Arrival-Date: %s\n",
		      TYPES[mail->kind], TIPOFF_VERSION, at.text);
	if (headers->from.len)
		buffer_printf(&out, "Original-Mail-From: <" SLICE_FMT ">\n",
			      SLICE_ARG(headers->from));
	if (headers->to.len)
		buffer_printf(&out, "Original-Rcpt-To: <" SLICE_FMT ">\n",
			      SLICE_ARG(headers->to));
	if (host.len && !facts->settings->sensor)
		buffer_printf(&out, "Reporting-MTA: dns; " SLICE_FMT "\n",
			      SLICE_ARG(host));
	if (facts->address.family != FAMILY_NONE)
		buffer_printf(&out, "Source-IP: %s\n",
			      address_format(&facts->address).text);
	if (mails_count(facts) > 1)
		buffer_printf(&out, "Incidents: %llu\n",
			      (unsigned long long)mails_count(facts));
	text = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return text;
}

void arf_write(struct arena *arena, const struct report_request *request,
	       const struct facts *facts, struct report_parts *out)
{
	struct arf_headers headers = { .text = { "", 0 } };
	struct report_part part = { .source = facts->source,
				    .kind = S("feedback-report"),
				    .media = S("message/feedback-report"),
				    .type = slice_of(TYPES[facts->given->mail.kind]) };

	if (facts->given->mail.header.len)
		arf_headers_make(arena, request, facts, &headers);
	if (request->count > 1)
		part.reason = S("ARF tells of one source a mail");
	else if (!facts->given->mail.header.len)
		part.reason = S("the evidence is a log and no mail, and ARF is about "
				"mails");
	else if (!headers.text.len)
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
		.body = headers.text,
	};
}
