#include "report/format.h"

#include "mail/message.h"
#include "report/arf.h"
#include "report/iodef.h"
#include "report/xarf.h"
#include "report/xarf_old.h"

enum { PARTS_MAX = 10, ATTACHMENTS_BYTES = 300 * 1024 };

/* Adds the parts about the sources, or the reason why there is none. */
typedef void write(struct arena *arena, const struct report_request *request,
		   const struct facts *facts, struct report_parts *out);

static void xarf_parts_write(struct arena *arena, const struct report_request *request,
			     const struct facts *facts, struct report_parts *out)
{
	size_t bytes = 0;

	for (size_t i = 0; i < request->count && i < PARTS_MAX; i++) {
		struct report_part *part = LIST_ADD(arena, out);

		xarf_write(arena, request, &facts[i], part);
		part->media = S("application/json");
		part->name = arena_printf(arena, "xarf-%zu.json", i + 1);
		bytes += part->body.len;
		if (bytes <= ATTACHMENTS_BYTES)
			continue;
		*part = (struct report_part){ .source = part->source,
					      .kind = part->kind,
					      .reason = S(
						      "the mail would be too large") };
	}
}

/* One X-ARF part behind the part that RFC 5965 gave the form of; its type is not
 * registered there, which is X-ARF's own choice.                                       */
static void xarf_report_write(struct arena *arena, const struct report_request *request,
			      const struct facts *facts, struct report_parts *out)
{
	struct report_parts parts = { 0 };

	xarf_parts_write(arena, request, facts, &parts);
	if (request->count == 1 && parts.at[0].body.len)
		*LIST_ADD(arena, out) = (struct report_part){
			.source = facts->source,
			.kind = S("feedback-report"),
			.media = S("message/feedback-report"),
			.body = S(
				"Feedback-Type: xarf\nUser-Agent: tipoff/" TIPOFF_VERSION
				"\nVersion: 1\n"),
		};
	for (size_t i = 0; i < parts.count; i++)
		*LIST_ADD(arena, out) = parts.at[i];
}

static const struct format {
	const char *name;
	bool table; /* of several sources; of one too: `table_of_one`              */
	bool table_of_one;
	write *write; /* NULL: nothing                                           */
} FORMATS[] = {
	[FORMAT_XARF] = { "xarf", true, false, xarf_parts_write },
	[FORMAT_PLAIN] = { "plain", false, false, NULL },
	[FORMAT_CSV] = { "csv", true, true, NULL },
	[FORMAT_XARF_REPORT] = { "xarf-report", true, false, xarf_report_write },
	[FORMAT_XARF_OLD] = { "xarf-0.2", true, false, xarf_old_write },
	[FORMAT_ARF] = { "arf", true, false, arf_write },
	[FORMAT_IODEF] = { "iodef", true, false, iodef_xml_write },
	[FORMAT_IODEF_JSON] = { "iodef-json", true, false, iodef_json_write },
};

int report_format_parse(struct slice name, enum report_format *out)
{
	for (size_t i = 0; i < COUNT_OF(FORMATS); i++)
		if (slice_equal(slice_of(FORMATS[i].name), name)) {
			*out = (enum report_format)i;
			return 0;
		}
	return -1;
}

enum report_format report_format_of(const struct settings *settings,
				    struct slice contact, struct slice known)
{
	const struct settings_contact *own = settings_contact_find(settings, contact);
	enum report_format format;

	if (own && own->format.len && report_format_parse(own->format, &format) == 0)
		return format;
	return report_format_parse(known, &format) == 0 ? format : FORMAT_XARF;
}

bool report_format_has_table(enum report_format format, size_t sources)
{
	return sources > 1 ? FORMATS[format].table : FORMATS[format].table_of_one;
}

void report_format_write(struct arena *arena, const struct report_request *request,
			 const struct facts *facts, struct report_parts *out)
{
	if (FORMATS[request->format].write)
		FORMATS[request->format].write(arena, request, facts, out);
}

static bool has_kind(const struct report_parts *parts, struct slice kind)
{
	for (size_t i = 0; i < parts->count; i++)
		if (parts->at[i].body.len && slice_equal(parts->at[i].kind, kind))
			return true;
	return false;
}

const char *report_format_message(const struct report_parts *parts)
{
	return has_kind(parts, S("feedback-report")) ? "feedback-report" : NULL;
}

struct message_header report_format_header(const struct report_parts *parts)
{
	struct message_header none = { NULL, NULL }, plain = { "X-XARF", "PLAIN" };

	return has_kind(parts, S("xarf-0.2")) ? plain : none;
}
