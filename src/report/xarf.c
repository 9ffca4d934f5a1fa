#include "report/xarf.h"

#include "base/base64.h"
#include "json/writer.h"
#include "report/evidence.h"
#include "report/owned.h"
#include "report/xarf_check.h"

#include <string.h>

/* Limits of the schema (xarf-core.json of version 4.2.0). */
enum { DESCRIPTION_MAX = 900, XARF_MAX_BYTES = 512 * 1024 };

/* What a type cannot be without, beside what every report has. */
enum need {
	NEED_SOURCE_PORT = 1 << 0,
	NEED_TCP = 1 << 1, /* protocol is tcp or udp                               */
	NEED_TRANSPORT = 1 << 2, /* protocol is tcp, udp or sctp: ports exist        */
	NEED_PROTOCOL = 1 << 3, /* protocol is tcp, udp or icmp                     */
	NEED_WEB = 1 << 4, /* the service is the web                              */
};

struct field {
	const char *key, *value;
};

/* Ranked per category: the first row whose needs are met is taken. */
static const struct kind {
	enum category category;
	unsigned needs;
	const char *type;
	struct field extra[3];
} KINDS[] = {
	{ CATEGORY_PROBE, NEED_SOURCE_PORT | NEED_TRANSPORT, "port_scan", { { 0 } } },
	{ CATEGORY_PROBE,
	  NEED_PROTOCOL,
	  "vulnerability_scan",
	  { { "scan_type", "service_enumeration" } } },
	{ CATEGORY_SCAN, NEED_SOURCE_PORT | NEED_TRANSPORT, "port_scan", { { 0 } } },
	{ CATEGORY_SCAN,
	  NEED_PROTOCOL,
	  "vulnerability_scan",
	  { { "scan_type", "port_scan" } } },
	{ CATEGORY_SWEEP, NEED_SOURCE_PORT | NEED_TRANSPORT, "port_scan", { { 0 } } },
	{ CATEGORY_SWEEP,
	  NEED_PROTOCOL,
	  "vulnerability_scan",
	  { { "scan_type", "port_scan" } } },
	{ CATEGORY_DOS, NEED_SOURCE_PORT | NEED_TRANSPORT, "ddos", { { 0 } } },
	{ CATEGORY_MAIL_ABUSE,
	  NEED_TCP,
	  "infected_host",
	  { { "bot_type", "unknown" }, { "verification_status", "unverified" } } },
	{ CATEGORY_LOGIN_ATTACK,
	  NEED_SOURCE_PORT | NEED_TRANSPORT,
	  "login_attack",
	  { { 0 } } },
	{ CATEGORY_LOGIN_ATTACK,
	  NEED_TCP,
	  "infected_host",
	  { { "bot_type", "unknown" }, { "verification_status", "unverified" } } },
	{ CATEGORY_EXPLOIT_ATTEMPT,
	  NEED_PROTOCOL | NEED_WEB,
	  "vulnerability_scan",
	  { { "scan_type", "web_vuln_scan" } } },
	{ CATEGORY_EXPLOIT_ATTEMPT,
	  NEED_PROTOCOL,
	  "vulnerability_scan",
	  { { "scan_type", "vulnerability_scan" } } },
	{ CATEGORY_COMPROMISE,
	  NEED_SOURCE_PORT | NEED_TRANSPORT,
	  "login_attack",
	  { { 0 } } },
	{ CATEGORY_COMPROMISE,
	  NEED_TCP,
	  "infected_host",
	  { { "bot_type", "unknown" }, { "verification_status", "unverified" } } },
};

static bool is_one_of(struct slice s, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(s, slice_of(words[i])))
			return true;
	return false;
}

/* What is missing for a type, in words; NULL for nothing. */
static const char *lacks(const struct kind *kind, const struct owned *owned)
{
	static const char *const words[] = { "tcp", "udp", "sctp", "icmp" };
	const struct {
		unsigned need;
		bool met;
		const char *text;
	} rows[] = {
		{ NEED_SOURCE_PORT, owned->source_port != 0, "the source port" },
		{ NEED_TCP, is_one_of(owned->protocol, words, 2), "tcp or udp" },
		{ NEED_TRANSPORT, is_one_of(owned->protocol, words, 3),
		  "a protocol with ports" },
		{ NEED_PROTOCOL,
		  is_one_of(owned->protocol, words, 2) ||
			  slice_equal(owned->protocol, S("icmp")),
		  "the protocol" },
		{ NEED_WEB, owned->web, "a web service" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if ((kind->needs & rows[i].need) && !rows[i].met)
			return rows[i].text;
	return NULL;
}

static const struct kind *kind_choose(struct arena *arena, enum category category,
				      const struct owned *owned, struct slice *reason)
{
	const char *missing = NULL;

	for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
		const char *lack;

		if (KINDS[i].category != category)
			continue;
		lack = lacks(&KINDS[i], owned);
		if (!lack)
			return &KINDS[i];
		missing = missing ? missing : lack;
	}
	*reason = arena_printf(arena, "the log does not tell %s, which X-ARF demands",
			       missing ? missing : "enough");
	return NULL;
}

/* What every report needs, by the core schema; NULL where all is there. */
static const char *core_fault(const struct owned *owned)
{
	const struct {
		bool is;
		const char *text;
	} rows[] = {
		{ !owned->org.len, "your name or organisation is not configured" },
		{ !owned->domain.len, "your mail address is not configured" },
		{ !owned->source.len, "the source has neither address nor name" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].is)
			return rows[i].text;
	return NULL;
}

static void party_write(struct json_writer *json, const char *key,
			const struct owned *owned)
{
	json_key(json, key);
	json_object(json);
	json_put_string(json, "org", owned->org);
	json_put_string(json, "contact", owned->contact);
	json_put_string(json, "domain", owned->domain);
	json_object_end(json);
}

/* ddos knows a closed list of these, the other types any word. */
static const char *evidence_source(const struct facts *facts)
{
	bool firewall = false;

	for (size_t i = 0; i < facts->lists[LIST_RULES].count; i++)
		firewall |= slice_find(facts->lists[LIST_RULES].at[i].text,
				       S("netfilter")) >= 0;
	if (facts->settings->sensor)
		return "honeypot";
	if (firewall)
		return "firewall_logs";
	return facts->lead->category == CATEGORY_DOS ? "traffic_monitoring"
						     : "server_logs";
}

static void evidence_write(struct arena *arena, struct json_writer *json,
			   const struct report_request *request,
			   const struct facts *facts)
{
	struct evidence_block lines;
	struct sha256 digest;
	struct hex hex;

	evidence_gather(arena, request, facts, EVIDENCE_MAX, &lines);
	if (!lines.text.len)
		return;
	digest = sha256_of(lines.text);
	hex = hex_of(sha256_slice(&digest));
	json_put_text(json, "evidence_source", evidence_source(facts));
	json_key(json, "evidence");
	json_array(json);
	json_object(json);
	json_put_text(json, "content_type", "text/plain");
	json_put_string(
		json, "description",
		arena_printf(arena,
			     "%zu of %llu log lines; UTC, then the log's own text",
			     lines.shown, (unsigned long long)lines.total));
	json_put_string(json, "payload", base64_encode(arena, lines.text));
	json_put_string(json, "hash", arena_printf(arena, "sha256:%s", hex.text));
	json_put_int(json, "size", (int64_t)lines.text.len);
	json_object_end(json);
	json_array_end(json);
}

static double confidence_of(const struct facts *facts)
{
	static const double confidence[] = {
		[CERTAINTY_UNKNOWN] = 0.3,
		[CERTAINTY_NAME] = 0.4,
		[CERTAINTY_DATAGRAM] = 0.5,
		[CERTAINTY_CONNECTION] = 0.9,
	};

	return confidence[facts->certainty];
}

static void particulars_write(struct json_writer *json, const struct kind *kind,
			      const struct facts *facts, const struct owned *owned)
{
	int64_t seconds = (facts->last - facts->first) / SECOND_US;

	if (owned->target.len)
		json_put_string(json, "destination_ip", owned->target);
	if (owned->target_port)
		json_put_int(json, "destination_port", (int64_t)owned->target_port);
	json_put_string(json, "protocol", owned->protocol);
	json_put_time(json, "first_seen", facts->first);
	json_put_time(json, "last_seen", facts->last);
	for (size_t i = 0; i < COUNT_OF(kind->extra) && kind->extra[i].key; i++)
		json_put_text(json, kind->extra[i].key, kind->extra[i].value);
	if (strcmp(kind->type, "login_attack") == 0) {
		if (owned->service.len)
			json_put_string(json, "service", owned->service);
		json_put_int(json, "attempt_count", (int64_t)facts->count);
		json_put_int(json, "successful_logins", (int64_t)facts->successes);
	} else if (strcmp(kind->type, "ddos") == 0 && seconds > 0) {
		json_put_int(json, "duration_seconds", seconds);
	} else if (strcmp(kind->type, "infected_host") == 0 ||
		   strcmp(kind->type, "vulnerability_scan") == 0) {
		json_put_int(json, "total_requests", (int64_t)facts->count);
	}
}

static void report_write(struct arena *arena, struct json_writer *json,
			 const struct report_request *request,
			 const struct facts *facts, const struct kind *kind)
{
	struct owned owned;
	struct uuid_text id;

	owned_gather(arena, facts, &owned);
	id = owned_id(request, S("xarf"), facts->source);
	json_object(json);
	json_put_text(json, "xarf_version", "4.2.0");
	json_put_text(json, "report_id", id.text);
	json_put_time(json, "timestamp", owned.at);
	party_write(json, "reporter", &owned);
	party_write(json, "sender", &owned);
	json_put_string(json, "source_identifier", owned.source);
	if (owned.source_port)
		json_put_int(json, "source_port", (int64_t)owned.source_port);
	json_put_text(json, "category", "connection");
	json_put_text(json, "type", kind->type);
	particulars_write(json, kind, facts, &owned);
	evidence_write(arena, json, request, facts);
	json_key(json, "confidence");
	json_real(json, confidence_of(facts));
	json_put_string(json, "description",
			slice_cut(facts_what(arena, facts), 0, DESCRIPTION_MAX));
	json_object_end(json);
}

void xarf_write(struct arena *arena, const struct report_request *request,
		const struct facts *facts, struct report_part *out)
{
	struct json_writer json;
	struct buffer buffer;
	const struct kind *kind;
	struct owned owned;
	struct error err;

	*out = (struct report_part){ .source = facts->source, .kind = S("xarf") };
	owned_gather(arena, facts, &owned);
	out->source = owned.source;
	out->reason = slice_of(core_fault(&owned));
	if (out->reason.len)
		return;
	kind = kind_choose(arena, facts->lead->category, &owned, &out->reason);
	if (!kind)
		return;
	buffer_init(&buffer, XARF_MAX_BYTES);
	json_writer_init(&json, &buffer);
	report_write(arena, &json, request, facts, kind);
	if (buffer.failed)
		out->reason = S("it would be too large");
	else if (xarf_check(buffer_slice(&buffer), &err) != 0)
		out->reason = arena_copy(arena, slice_of(err.text));
	else
		out->body = arena_copy(arena, buffer_slice(&buffer));
	out->checked = out->body.len > 0;
	if (out->checked)
		out->type = slice_of(kind->type);
	buffer_clear(&buffer);
}
