#include "report/report.h"

#include "base/buffer.h"
#include "mail/message.h"
#include "report/csv.h"
#include "report/facts.h"
#include "report/form.h"
#include "report/format.h"
#include "report/memo.h"
#include "report/subject.h"
#include "report/sum.h"
#include "report/templates.h"
#include "report/text.h"
#include "report/xarf_check.h"

enum { MEMO_MAX_BYTES = 700 * 1024 };

/* What a person pastes into a web form is no mail: it has no further recipients. */
static bool is_form(const struct report_request *request)
{
	return request->contact && request->contact->kind == CONTACT_FORM;
}

static void recipients_gather(struct arena *arena, const struct report_request *request,
			      struct slices *out)
{
	if (request->contact)
		*LIST_ADD(arena, out) = request->contact->address;
	if (is_form(request))
		return;
	for (size_t i = 0; i < request->wide_count; i++) {
		bool known = false;

		for (size_t at = 0; at < out->count; at++)
			known |= slice_equal_nocase(out->at[at], request->wide[i]);
		if (!known)
			*LIST_ADD(arena, out) = request->wide[i];
	}
}

static void missing_gather(struct arena *arena, const struct report_request *request,
			   const struct facts *facts, struct slices *out)
{
	const struct settings *settings = request->settings;
	const struct report_sum *sum = request->sum;
	bool hosts = sum ? sum->target_unknown : facts_target_unknown(facts);
	bool zone = sum ? sum->zone_guessed : facts_zone_guessed(facts);
	const struct {
		const char *name;
		bool is;
	} rows[] = {
		{ "name", !settings->name.len },
		{ "role", !settings->role.len && !settings->provider.len },
		{ "relation", !settings->relation.len },
		{ "mail", !settings->mail.len },
		{ "hosts", hosts },
		{ "zone", zone },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].is)
			*LIST_ADD(arena, out) = slice_of(rows[i].name);
}

static int memo_render(struct arena *arena, const struct report_request *request,
		       const struct facts *facts, struct report *out, struct error *err)
{
	struct buffer buffer;

	buffer_init(&buffer, MEMO_MAX_BYTES);
	memo_write(arena, request, facts, &buffer);
	if (buffer.failed) {
		buffer_clear(&buffer);
		return error_set(
			err, ERROR_LIMIT,
			"the memo about %zu sources is over %d KiB; split the case",
			request->count, MEMO_MAX_BYTES / 1024);
	}
	out->memo = arena_copy(arena, buffer_slice(&buffer));
	buffer_clear(&buffer);
	return 0;
}

/* "name+%t@domain" with the token in lower case: a reply finds its report by it. */
struct slice report_plus_address(struct arena *arena, const struct settings *settings,
				 struct slice token)
{
	struct slice plus = settings->plus;
	ptrdiff_t at = slice_find(plus, S("%t"));
	struct slice text;

	if (at < 0)
		return S("");
	text = FILL(arena, "{before}{token}{behind}",
		    { "before", slice_cut(plus, 0, (size_t)at) }, { "token", token },
		    { "behind", slice_from(plus, (size_t)at + 2) });
	return arena_lower(arena, text);
}

/* What was stored before parts had a type and name of their own. */
static struct message_part part_of(struct arena *arena, const struct report_part *part,
				   size_t number)
{
	if (part->media.len)
		return (struct message_part){ part->media, part->name, part->body };
	return (struct message_part){ S("application/json"),
				      arena_printf(arena, "xarf-%zu.json", number),
				      part->body };
}

/* The feedback part of a multipart/report comes right behind the text (RFC 6522). */
static int attachments(struct arena *arena, const struct report_mail *mail,
		       struct message_part *out, size_t *count, struct error *err)
{
	bool is_report = report_format_message(&mail->parts) != NULL;

	*count = 0;
	if (mail->csv.len && !is_report)
		out[(*count)++] = (struct message_part){ S("text/csv"),
							 S("sources.csv"), mail->csv };
	for (size_t i = 0; i < mail->parts.count; i++) {
		const struct report_part *part = &mail->parts.at[i];

		if (!part->body.len)
			continue;
		if (!part->checked && slice_equal(part->kind, S("xarf")) &&
		    xarf_check(part->body, err) != 0)
			return -1;
		out[(*count)++] = part_of(arena, part, i + 1);
	}
	return 0;
}

/* X-ARF 0.2 wants what is signed inside a second mail, which hides the text: it stays
 * unsigned. An OpenPGP key goes before a certificate: abuse desks are more used to it.   */
static void signer_set(const struct settings *settings, const struct report_mail *mail,
		       struct message *message)
{
	if (!mail->sign || message->header.name)
		return;
	if (settings->key.len)
		message->key = settings->key;
	else
		message->certificate = settings->certificate;
}

int report_compose(struct arena *arena, const struct settings *settings,
		   const struct report_mail *mail, struct slice *bytes,
		   struct error *err)
{
	struct message_part *parts =
		ARENA_ARRAY(arena, struct message_part, mail->parts.count + 1);
	struct slice plus = report_plus_address(arena, settings, mail->token);
	struct message message = {
		.from_name = settings->name,
		.from = plus.len && settings->from_plus ? plus : settings->mail,
		.reply_to = plus,
		.to = mail->recipients,
		.subject = mail->subject,
		.message_id = mail->message_id,
		.in_reply_to = mail->thread,
		.is_automatic = mail->is_unattended,
		.header = report_format_header(&mail->parts),
		.report_type = report_format_message(&mail->parts),
		.date = mail->made_at,
		.text = mail->memo,
		.parts = parts,
	};

	signer_set(settings, mail, &message);
	if (!settings->mail.len) /* a draft before `init`: RFC 2606 keeps it harmless */
		message.from = S("not-configured@invalid");
	if (attachments(arena, mail, parts, &message.part_count, err) ||
	    message_compose(arena, &message, bytes, err))
		return error_context(err, "report " SLICE_FMT, SLICE_ARG(mail->token));
	return 0;
}

static int message_render(struct arena *arena, const struct report_request *request,
			  struct report *out, struct error *err)
{
	struct report_mail mail = {
		.token = request->token,
		.message_id = request->message_id,
		.subject = out->subject,
		.memo = out->memo,
		.csv = out->csv,
		.recipients = out->recipients,
		.parts = out->parts,
		.made_at = request->made_at,
		.thread = out->thread,
		.sign = request->sign,
	};

	if (report_compose(arena, request->settings, &mail, &out->message, err) != 0)
		return -1;
	out->sha256 = sha256_of(out->message);
	return 0;
}

/* Without templates of its own a request takes the shipped ones. */
static void templates_give(struct arena *arena, struct report_request *request)
{
	struct template_set *shipped;

	if (request->templates)
		return;
	shipped = ARENA_NEW(arena, struct template_set);
	templates_shipped(arena, shipped);
	request->templates = shipped;
}

/* What was rendered of, beside the request. */
struct rendering {
	struct report_request request;
	struct facts *facts; /* of the sources that are shown */
	struct report_sum sum;
};

/* How many `sources` there are. */
static size_t shown_count(const struct report_request *request)
{
	if (request->sum && request->count > REPORT_SHOWN_MAX)
		return REPORT_SHOWN_MAX;
	return request->count;
}

/* The caller's sum of very many sources, else our own of several. */
static int rendering_begin(struct arena *arena, const struct report_request *request,
			   struct rendering *out, struct error *err)
{
	size_t shown = shown_count(request);

	*out = (struct rendering){ .request = *request };
	if (!request->count)
		return error_set(err, ERROR_NOT_FOUND, "a report needs a source");
	templates_give(arena, &out->request);
	out->facts = ARENA_ARRAY(arena, struct facts, shown);
	for (size_t i = 0; i < shown; i++)
		facts_gather(arena, request->settings, &request->sources[i],
			     &out->facts[i]);
	if (request->count == 1 || request->sum)
		return 0;
	sum_init(&out->sum, arena, request->settings);
	for (size_t i = 0; i < shown; i++)
		sum_add(&out->sum, arena, &out->facts[i]);
	out->request.sum = &out->sum;
	return 0;
}

static void rendering_end(struct rendering *rendering)
{
	if (rendering->request.sum == &rendering->sum)
		sum_clear(&rendering->sum);
}

static int letter_render(struct arena *arena, const struct rendering *rendering,
			 struct report *out, struct error *err)
{
	out->subject = subject_text(arena, &rendering->request, rendering->facts);
	return memo_render(arena, &rendering->request, rendering->facts, out, err);
}

static struct slice table_render(struct arena *arena, const struct rendering *rendering)
{
	const struct report_request *request = &rendering->request;
	struct slice copy = { NULL, 0 };
	struct buffer table;

	if (!report_format_has_table(request->format, request->count))
		return copy;
	if (request->sum)
		return arena_copy(arena, buffer_slice(&request->sum->table));
	csv_begin(&table);
	csv_add(arena, rendering->facts, &table);
	copy = arena_copy(arena, buffer_slice(&table));
	buffer_clear(&table);
	return copy;
}

/* The report before, and the desk's answer to that. */
static struct slice thread_of(struct arena *arena, const struct report_before *before)
{
	if (!before->answer_id.len)
		return before->message_id;
	return arena_printf(arena, SLICE_FMT " " SLICE_FMT,
			    SLICE_ARG(before->message_id),
			    SLICE_ARG(before->answer_id));
}

static int all_render(struct arena *arena, const struct rendering *rendering,
		      struct report *out, struct error *err)
{
	const struct report_request *request = &rendering->request;

	if (letter_render(arena, rendering, out, err) != 0)
		return -1;
	recipients_gather(arena, request, &out->recipients);
	missing_gather(arena, request, rendering->facts, &out->missing);
	if (is_form(request)) {
		form_part_write(arena, request, rendering->facts, &out->parts);
		return 0;
	}
	out->thread = thread_of(arena, &request->before);
	out->csv = table_render(arena, rendering);
	report_format_write(arena, request, rendering->facts, &out->parts);
	return message_render(arena, request, out, err);
}

typedef int render_part(struct arena *arena, const struct rendering *rendering,
			struct report *out, struct error *err);

static int rendered(struct arena *arena, const struct report_request *request,
		    render_part *part, struct report *out, struct error *err)
{
	struct rendering rendering;
	struct report made = { 0 };
	int result;

	if (rendering_begin(arena, request, &rendering, err) != 0)
		return -1;
	result = part(arena, &rendering, &made, err);
	rendering_end(&rendering);
	if (result == 0)
		*out = made;
	return result;
}

int report_letter(struct arena *arena, const struct report_request *request,
		  struct report *out, struct error *err)
{
	return rendered(arena, request, letter_render, out, err);
}

int report_render(struct arena *arena, const struct report_request *request,
		  struct report *out, struct error *err)
{
	return rendered(arena, request, all_render, out, err);
}
