#include "report/iodef.h"

#include "base/escape.h"
#include "json/writer.h"
#include "report/evidence.h"
#include "report/owned.h"

enum {
	IODEF_MAX_BYTES = 300 * 1024,
	IODEF_SOURCES_MAX = REPORT_SHOWN_MAX,
	LINES_EACH = 10
};

/* What both forms say of one source. */
struct told {
	struct uuid_text id;
	struct owned owned;
	const struct facts *facts;
	struct slice what;
	struct time_text first, last, made;
	struct slice impact; /* a word of SystemImpact's type                       */
	const char *completion; /* "failed"; NULL: not known                        */
	int protocol; /* IANA's number; 0: not known                                */
	struct slice lines; /* evidence, a newline behind each                      */
};

static const struct {
	enum category category;
	const char *impact, *completion;
} IMPACTS[] = {
	{ CATEGORY_LOGIN_ATTACK, "takeover-account", "failed" },
	{ CATEGORY_COMPROMISE, "takeover-account", "succeeded" },
	{ CATEGORY_EXPLOIT_ATTEMPT, "takeover-system", NULL },
	{ CATEGORY_DOS, "availability-service", NULL },
	{ CATEGORY_MAIL_ABUSE, "policy", NULL },
};

static int protocol_of(struct slice name)
{
	static const struct {
		const char *name;
		int number;
	} rows[] = { { "icmp", 1 }, { "tcp", 6 }, { "udp", 17 }, { "sctp", 132 } };

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (slice_equal(slice_of(rows[i].name), name))
			return rows[i].number;
	return 0;
}

static struct told tell(struct arena *arena, const struct report_request *request,
			const struct facts *facts)
{
	struct evidence_block lines;
	struct told told = {
		.facts = facts,
		.what = facts_what(arena, facts),
		.first = time_format(facts->first, TIME_RFC3339),
		.last = time_format(facts->last, TIME_RFC3339),
		.made = time_format(request->made_at, TIME_RFC3339),
		.impact = S("unknown"),
	};

	owned_gather(arena, facts, &told.owned);
	told.id = owned_id(request, S("iodef"), facts->source);
	told.protocol = protocol_of(told.owned.protocol);
	for (size_t i = 0; i < COUNT_OF(IMPACTS); i++)
		if (IMPACTS[i].category == facts->lead->category) {
			told.impact = slice_of(IMPACTS[i].impact);
			told.completion = IMPACTS[i].completion;
		}
	evidence_gather(arena, request, facts, LINES_EACH, &lines);
	told.lines = lines.text;
	return told;
}

static const char *category_of(struct slice address)
{
	return slice_find_byte(address, ':') >= 0 ? "ipv6-addr" : "ipv4-addr";
}

/* A lone SYN can come from anybody (RFC 7970 section 3.17). */
static const char *spoofed(const struct facts *facts)
{
	return facts->certainty == CERTAINTY_CONNECTION ? "no" : "unknown";
}

/* ---- XML ---- */

static void element(struct buffer *out, const char *name, struct slice text)
{
	buffer_printf(out, "<%s>", name);
	escape_xml(out, text);
	buffer_printf(out, "</%s>\n", name);
}

static void service_xml(struct buffer *out, const struct told *told, uint64_t port)
{
	if (!told->protocol || !port)
		return;
	buffer_printf(out, "<Service ip-protocol=\"%d\"><Port>%llu</Port></Service>\n",
		      told->protocol, (unsigned long long)port);
}

static void address_xml(struct buffer *out, struct slice address)
{
	buffer_printf(out, "<Node><Address category=\"%s\">", category_of(address));
	escape_xml(out, address);
	buffer_add(out, S("</Address></Node>\n"));
}

static void systems_xml(struct buffer *out, const struct told *told)
{
	buffer_printf(out, "<Flow>\n<System category=\"source\" spoofed=\"%s\">\n",
		      spoofed(told->facts));
	address_xml(out, told->owned.source);
	service_xml(out, told, told->owned.source_port);
	buffer_printf(out,
		      "<Counter type=\"counter\" unit=\"event\">%llu</Counter>\n"
		      "</System>\n",
		      (unsigned long long)told->facts->count);
	if (told->owned.target.len) {
		buffer_add(out, S("<System category=\"target\">\n"));
		address_xml(out, told->owned.target);
		service_xml(out, told, told->owned.target_port);
		buffer_add(out, S("</System>\n"));
	}
	buffer_add(out, S("</Flow>\n"));
}

static void records_xml(struct buffer *out, const struct told *told)
{
	struct slice rest = told->lines, line;

	if (!rest.len)
		return;
	buffer_add(out, S("<Record><RecordData>\n"));
	while (slice_next(&rest, '\n', &line)) {
		if (!line.len)
			continue;
		buffer_add(out, S("<RecordItem dtype=\"string\">"));
		escape_xml(out, line);
		buffer_add(out, S("</RecordItem>\n"));
	}
	buffer_add(out, S("</RecordData></Record>\n"));
}

static void assessment_xml(struct buffer *out, const struct told *told)
{
	buffer_printf(
		out,
		"<Assessment occurrence=\"actual\"><SystemImpact type=\"" SLICE_FMT
		"\"",
		SLICE_ARG(told->impact));
	if (told->completion)
		buffer_printf(out, " completion=\"%s\"", told->completion);
	buffer_add(out, S("/></Assessment>\n"));
}

static void incident_xml(struct buffer *out, const struct told *told)
{
	buffer_add(out,
		   S("<Incident purpose=\"reporting\" restriction=\"need-to-know\">\n"
		     "<IncidentID name=\""));
	escape_xml(out, told->owned.domain);
	buffer_printf(out, "\">%s</IncidentID>\n", told->id.text);
	element(out, "StartTime", slice_of(told->first.text));
	element(out, "EndTime", slice_of(told->last.text));
	element(out, "GenerationTime", slice_of(told->made.text));
	element(out, "Description", told->what);
	assessment_xml(out, told);
	buffer_add(out, S("<Contact role=\"creator\" type=\"organization\">\n"));
	element(out, "ContactName", told->owned.org);
	buffer_add(out, S("<Email>"));
	element(out, "EmailTo", told->owned.contact);
	buffer_add(out, S("</Email>\n</Contact>\n<EventData>\n"));
	systems_xml(out, told);
	buffer_add(out, S("<Expectation action=\"investigate\"/>\n"));
	records_xml(out, told);
	buffer_add(out, S("</EventData>\n</Incident>\n"));
}

/* ---- JSON ---- */

static void words_json(struct json_writer *json, const char *key, struct slice text)
{
	json_key(json, key);
	json_array(json);
	json_string(json, text);
	json_array_end(json);
}

static void system_json(struct json_writer *json, const struct told *told,
			const char *category, struct slice address, uint64_t port)
{
	json_object(json);
	json_put_text(json, "category", category);
	if (address.at == told->owned.source.at)
		json_put_text(json, "spoofed", spoofed(told->facts));
	json_key(json, "Node");
	json_object(json);
	json_key(json, "Address");
	json_array(json);
	json_object(json);
	json_put_string(json, "value", address);
	json_put_text(json, "category", category_of(address));
	json_object_end(json);
	json_array_end(json);
	json_object_end(json);
	if (told->protocol && port) {
		json_key(json, "Service");
		json_array(json);
		json_object(json);
		json_put_int(json, "ip-protocol", told->protocol);
		json_put_int(json, "Port", (int64_t)port);
		json_object_end(json);
		json_array_end(json);
	}
	json_object_end(json);
}

static void records_json(struct json_writer *json, const struct told *told)
{
	struct slice rest = told->lines, line;

	if (!rest.len)
		return;
	json_key(json, "RecordData");
	json_array(json);
	json_object(json);
	json_key(json, "RecordItem");
	json_array(json);
	while (slice_next(&rest, '\n', &line)) {
		if (!line.len)
			continue;
		json_object(json);
		json_put_string(json, "value", line);
		json_put_text(json, "dtype", "string");
		json_object_end(json);
	}
	json_array_end(json);
	json_object_end(json);
	json_array_end(json);
}

static void event_json(struct json_writer *json, const struct told *told)
{
	json_key(json, "EventData");
	json_array(json);
	json_object(json);
	json_key(json, "System");
	json_array(json);
	system_json(json, told, "source", told->owned.source, told->owned.source_port);
	if (told->owned.target.len)
		system_json(json, told, "target", told->owned.target,
			    told->owned.target_port);
	json_array_end(json);
	json_key(json, "Expectation");
	json_array(json);
	json_object(json);
	json_put_text(json, "action", "investigate");
	json_object_end(json);
	json_array_end(json);
	records_json(json, told);
	json_object_end(json);
	json_array_end(json);
}

static void assessment_json(struct json_writer *json, const struct told *told)
{
	json_key(json, "Assessment");
	json_array(json);
	json_object(json);
	json_put_text(json, "occurrence", "actual");
	json_key(json, "Impact");
	json_array(json);
	json_object(json);
	json_key(json, "SystemImpact");
	json_object(json);
	json_put_string(json, "type", told->impact);
	if (told->completion)
		json_put_text(json, "completion", told->completion);
	json_object_end(json);
	json_object_end(json);
	json_array_end(json);
	json_object_end(json);
	json_array_end(json);
}

static void contact_json(struct json_writer *json, const struct told *told)
{
	json_key(json, "Contact");
	json_array(json);
	json_object(json);
	json_put_text(json, "role", "creator");
	json_put_text(json, "type", "organization");
	words_json(json, "ContactName", told->owned.org);
	json_key(json, "Email");
	json_array(json);
	json_object(json);
	json_put_string(json, "EmailTo", told->owned.contact);
	json_object_end(json);
	json_array_end(json);
	json_object_end(json);
	json_array_end(json);
}

static void incident_json(struct json_writer *json, const struct told *told)
{
	json_object(json);
	json_put_text(json, "purpose", "reporting");
	json_put_text(json, "restriction", "need-to-know");
	json_key(json, "IncidentID");
	json_object(json);
	json_put_text(json, "id", told->id.text);
	json_put_string(json, "name", told->owned.domain);
	json_object_end(json);
	json_put_text(json, "StartTime", told->first.text);
	json_put_text(json, "EndTime", told->last.text);
	json_put_text(json, "GenerationTime", told->made.text);
	words_json(json, "Description", told->what);
	assessment_json(json, told);
	contact_json(json, told);
	event_json(json, told);
	json_object_end(json);
}

/* ---- the document ---- */

static const char *fault_of(const struct report_request *request,
			    const struct facts *facts)
{
	const struct settings *settings = request->settings;
	size_t addresses = 0;

	for (size_t i = 0; i < request->count && i < IODEF_SOURCES_MAX; i++)
		addresses += facts[i].address.family != FAMILY_NONE;
	if (!addresses)
		return "no source has an address, which IODEF demands";
	if (slice_find_last_byte(settings->mail, '@') < 1 ||
	    (!settings->name.len && !settings->organisation.len))
		return "your name and mail address are not configured";
	return NULL;
}

static void part_end(struct arena *arena, struct buffer *buffer,
		     struct report_part *part)
{
	if (buffer->failed)
		part->reason = S("it would be too large");
	else
		part->body = arena_copy(arena, buffer_slice(buffer));
	buffer_clear(buffer);
}

void iodef_xml_write(struct arena *arena, const struct report_request *request,
		     const struct facts *facts, struct report_parts *out)
{
	struct report_part *part = LIST_ADD(arena, out);
	struct buffer xml;

	*part = (struct report_part){
		.source = facts->source,
		.kind = S("iodef"),
		.type = S("2.00"),
		.media = S("application/xml"),
		.name = S("iodef.xml"),
		.reason = slice_of(fault_of(request, facts)),
	};
	if (part->reason.len)
		return;
	buffer_init(&xml, IODEF_MAX_BYTES);
	buffer_add(&xml, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			   "<IODEF-Document version=\"2.00\" xml:lang=\"en\" "
			   "xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\">\n"));
	for (size_t i = 0; i < request->count && i < IODEF_SOURCES_MAX; i++)
		if (facts[i].address.family != FAMILY_NONE) {
			struct told told = tell(arena, request, &facts[i]);

			incident_xml(&xml, &told);
		}
	buffer_add(&xml, S("</IODEF-Document>\n"));
	part_end(arena, &xml, part);
}

void iodef_json_write(struct arena *arena, const struct report_request *request,
		      const struct facts *facts, struct report_parts *out)
{
	struct report_part *part = LIST_ADD(arena, out);
	struct json_writer json;
	struct buffer text;

	*part = (struct report_part){
		.source = facts->source,
		.kind = S("iodef-json"),
		.type = S("2.00"),
		.media = S("application/json"),
		.name = S("iodef.json"),
		.reason = slice_of(fault_of(request, facts)),
	};
	if (part->reason.len)
		return;
	buffer_init(&text, IODEF_MAX_BYTES);
	json_writer_init(&json, &text);
	json_object(&json);
	json_put_text(&json, "version", "2.00");
	json_put_text(&json, "lang", "en");
	json_key(&json, "Incident");
	json_array(&json);
	for (size_t i = 0; i < request->count && i < IODEF_SOURCES_MAX; i++)
		if (facts[i].address.family != FAMILY_NONE) {
			struct told told = tell(arena, request, &facts[i]);

			incident_json(&json, &told);
		}
	json_array_end(&json);
	json_object_end(&json);
	part_end(arena, &text, part);
}
