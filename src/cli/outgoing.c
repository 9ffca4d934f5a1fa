#include "cli/outgoing.h"

#include "cli/form.h"
#include "json/reader.h"
#include "pipeline/approve.h"

enum { PART_MAX_BYTES = 16 * 1024 * 1024 };

static void title_print(struct run *run, struct slice words)
{
	print_colour(&run->out, COLOUR_STRONG);
	print_text(&run->out, "---- ");
	print_slice(&run->out, words);
	print_colour(&run->out, COLOUR_NONE);
	print_text(&run->out, "\n");
}

/* Line by line, since a newline is a control to the terminal's escaper. */
static void lines_print(struct run *run, struct slice text)
{
	struct slice line;

	while (text.len && slice_next(&text, '\n', &line)) {
		if (!text.at && !line.len)
			break;
		line.len -= slice_ends(line, S("\r"));
		print_slice(&run->out, line);
		print_text(&run->out, "\n");
	}
}

/* The value of a letter of RFC 4648 section 4; -1 for others. */
static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static struct slice decoded(struct arena *arena, struct slice text)
{
	char *out = arena_cstr(arena, text);
	size_t len = 0;
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < text.len && text.at[i] != '='; i++) {
		int value = sextet(text.at[i]);

		if (value < 0)
			continue;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		out[len++] = (char)(bits >> held & 0xff);
	}
	return (struct slice){ out, len };
}

/* What a machine-readable part holds in base64. */
static void evidence_print(struct run *run, struct slice body)
{
	struct error err = { 0 };
	struct json *json = json_read(body, PART_MAX_BYTES, &err);
	const struct json_value *list =
		json_get(json ? json_root(json) : NULL, "evidence");

	for (size_t i = 0; i < json_count(list); i++) {
		struct slice payload = json_text(json_get(json_at(list, i), "payload"));

		title_print(run, S("its evidence, decoded"));
		lines_print(run, decoded(run->arena, payload));
	}
	json_free(json);
}

static int parts_print(struct run *run, const struct stored_report *report)
{
	struct report_parts parts = { 0 };

	if (report_parts_read(run->arena, report->parts, &parts, &run->err) != 0)
		return -1;
	for (size_t i = 0; i < parts.count; i++) {
		const struct report_part *part = &parts.at[i];

		if (!part->body.len)
			continue;
		title_print(run,
			    arena_printf(run->arena,
					 "attached: " SLICE_FMT " about " SLICE_FMT,
					 SLICE_ARG(part->kind),
					 SLICE_ARG(part->source)));
		lines_print(run, part->body);
		evidence_print(run, part->body);
	}
	return 0;
}

/* What a public database gets, and the same in words. */
static int submission_print(struct run *run, const struct stored_report *report,
			    struct slice message)
{
	struct sha256 digest = sha256_of(message);

	title_print(run,
		    arena_printf(run->arena,
				 "report " SLICE_FMT ", %s, to " SLICE_FMT
				 ": %zu bytes",
				 SLICE_ARG(report->token),
				 report->message.len ? "approved" : "a draft",
				 SLICE_ARG(report->recipients.at[0]), message.len));
	lines_print(run, message);
	title_print(run, S("in words"));
	lines_print(run, report->memo);
	title_print(run, arena_printf(run->arena, "SHA-256 of the bytes: %s",
				      hex_of(sha256_slice(&digest)).text));
	return 0;
}

/* What a person pastes; the bytes are those of its JSON. */
static int form_outgoing(struct run *run, const struct stored_report *report,
			 struct slice message)
{
	struct sha256 digest = sha256_of(message);

	title_print(run,
		    arena_printf(run->arena, "report " SLICE_FMT ", %s, by a web form",
				 SLICE_ARG(report->token),
				 report->message.len ? "approved" : "a draft"));
	if (form_print(run, report) != 0)
		return -1;
	title_print(run, arena_printf(run->arena, "SHA-256 of the bytes: %s",
				      hex_of(sha256_slice(&digest)).text));
	return 0;
}

static int report_print(struct run *run, const struct stored_report *report)
{
	struct slice message = report->message;
	bool is_draft = !message.len;
	struct settings unsigned_settings = run->settings;
	struct sha256 digest;
	ptrdiff_t end;

	unsigned_settings.key = S("");
	if (is_draft && approve_compose(&unsigned_settings, run->arena, report,
					&message, &run->err) != 0)
		return -1;
	digest = sha256_of(message);
	if (slice_equal(report->kind, S("database")))
		return submission_print(run, report, message);
	if (report_is_form(report))
		return form_outgoing(run, report, message);
	end = slice_find(message, S("\r\n\r\n"));
	title_print(run,
		    arena_printf(run->arena, "report " SLICE_FMT ", %s: %zu bytes%s",
				 SLICE_ARG(report->token),
				 is_draft ? "a draft" : "approved", message.len,
				 is_draft && run->settings.key.len
					 ? "; a signature comes on top when you approve"
					 : ""));
	lines_print(run, slice_cut(message, 0, end < 0 ? 0 : (size_t)end));
	title_print(run, S("text"));
	lines_print(run, report->memo);
	if (report->csv.len) {
		title_print(run, S("attached: sources.csv"));
		lines_print(run, report->csv);
	}
	if (parts_print(run, report) != 0)
		return -1;
	title_print(run, arena_printf(run->arena, "SHA-256 of the bytes: %s",
				      hex_of(sha256_slice(&digest)).text));
	return 0;
}

int outgoing_print(struct run *run, struct db *db, const struct kase *kase)
{
	struct stored_reports reports = { 0 };

	if (report_store_current(db, run->arena, slice_of(kase->id), &reports,
				 &run->err) != 0)
		return -1;
	if (!reports.count)
		return error_set(&run->err, ERROR_NOT_FOUND,
				 "case %s has no report: nothing leaves", kase->id);
	for (size_t i = 0; i < reports.count; i++) {
		if (i)
			print_text(&run->out, "\n");
		if (report_print(run, &reports.at[i]) != 0)
			return -1;
	}
	return 0;
}
