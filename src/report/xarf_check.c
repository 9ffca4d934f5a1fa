#include "report/xarf_check.h"

#include "base/base64.h"
#include "base/clock.h"
#include "base/digest.h"
#include "json/reader.h"
#include "net/address.h"

enum {
	REPORT_MAX_BYTES = 1 << 20,
	EVIDENCE_ITEMS_MAX = 50,
	EVIDENCE_ITEM_MAX = 5242880,
	COUNT_MAX = 1000000000,
};

/* What is wrong with a value, NULL for nothing. */
typedef const char *check(const struct json_value *value, const char *words);

static const char *text_fault(const struct json_value *value, const char *words)
{
	(void)words;
	return json_is_string(value) && json_text(value).len ? NULL : "is no text";
}

/* Code points, as the schema counts them. */
static size_t characters(struct slice text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.at[i] & 0xc0) != 0x80;
	return count;
}

static const char *short_fault(const struct json_value *value, const char *words)
{
	uint64_t most = 0;

	if (text_fault(value, words))
		return text_fault(value, words);
	if (slice_to_u64(slice_of(words), COUNT_MAX, &most) != 0 ||
	    characters(json_text(value)) > most)
		return "is too long";
	return NULL;
}

static const char *word_fault(const struct json_value *value, const char *words)
{
	struct slice rest = slice_of(words), word;

	while (slice_next(&rest, '|', &word))
		if (json_is_string(value) && slice_equal(json_text(value), word))
			return NULL;
	return "is none of the words that may stand there";
}

static const char *version_fault(const struct json_value *value, const char *words)
{
	struct slice rest = json_text(value), part;
	size_t parts = 0;
	uint64_t number;

	(void)words;
	while (slice_next(&rest, '.', &part)) {
		if (slice_to_u64(part, COUNT_MAX, &number) != 0 ||
		    (parts == 0 && !slice_equal(part, S("4"))))
			return "is no version of X-ARF 4";
		parts++;
	}
	return json_is_string(value) && parts == 3 ? NULL : "is no version of X-ARF 4";
}

static const char *uuid_fault(const struct json_value *value, const char *words)
{
	struct slice text = json_text(value);

	(void)words;
	if (text.len != 36)
		return "is no UUID";
	for (size_t i = 0; i < text.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text.at[i] != '-' : !ascii_is_xdigit(text.at[i]))
			return "is no UUID";
	}
	return text.at[14] == '4' ? NULL : "is no UUID of version 4";
}

static const char *time_fault(const struct json_value *value, const char *words)
{
	struct slice text = json_text(value);
	int64_t at;

	(void)words;
	if (text.len < 20 || text.at[10] != 'T' || time_parse(text, &at) != 0)
		return "is no RFC 3339 time";
	return NULL;
}

static const char *address_fault(const struct json_value *value, const char *words)
{
	struct address address;

	(void)words;
	return address_parse(json_text(value), &address) == 0 ? NULL : "is no address";
}

static const char *number_fault(const struct json_value *value, const char *words)
{
	double number = json_number(value, -1);
	uint64_t most = 0;

	if (slice_to_u64(slice_of(words), COUNT_MAX, &most) != 0 ||
	    !json_is_number(value) || number < 1 || number > (double)most ||
	    (double)(int64_t)number < number)
		return "is no whole number within its bounds";
	return NULL;
}

static const char *share_fault(const struct json_value *value, const char *words)
{
	double number = json_number(value, -1);

	(void)words;
	return json_is_number(value) && number >= 0 && number <= 1
		       ? NULL
		       : "is no number from 0 to 1";
}

static bool is_host(struct slice host)
{
	struct slice label;

	if (!host.len || host.len > 253)
		return false;
	while (slice_next(&host, '.', &label)) {
		if (!label.len || label.len > 63 || label.at[0] == '-' ||
		    label.at[label.len - 1] == '-')
			return false;
		for (size_t i = 0; i < label.len; i++)
			if (!ascii_is_alnum(label.at[i]) && label.at[i] != '-')
				return false;
	}
	return true;
}

static const char *party_fault(const struct json_value *value, const char *words)
{
	(void)words;
	if (!json_is_object(value) || short_fault(json_get(value, "org"), "200"))
		return "names no organisation of at most 200 letters";
	if (slice_find_byte(json_text(json_get(value, "contact")), '@') < 1)
		return "has no mail address";
	return is_host(json_text(json_get(value, "domain"))) ? NULL : "has no domain";
}

static const char *item_fault(struct arena *arena, const struct json_value *item)
{
	const struct json_value *size = json_get(item, "size");
	struct slice hash = json_text(json_get(item, "hash")), bytes;
	struct sha256 digest;

	if (text_fault(json_get(item, "content_type"), NULL))
		return "has an item without its type";
	if (json_get(item, "description") &&
	    short_fault(json_get(item, "description"), "500"))
		return "has an item with too long a description";
	if (text_fault(json_get(item, "payload"), NULL) ||
	    base64_decode(arena, json_text(json_get(item, "payload")), &bytes) != 0)
		return "has a payload that is no base64";
	if (bytes.len > EVIDENCE_ITEM_MAX ||
	    (size && json_integer(size, -1) != (int64_t)bytes.len))
		return "has an item of a wrong size";
	digest = sha256_of(bytes);
	if (!slice_starts(hash, S("sha256:")) ||
	    !slice_equal_nocase(slice_from(hash, 7),
				slice_of(hex_of(sha256_slice(&digest)).text)))
		return "has a hash that is not its payload's";
	return NULL;
}

static const char *evidence_fault(const struct json_value *value, const char *words)
{
	struct arena *arena = arena_new();
	const char *fault = NULL;

	(void)words;
	if (!json_is_array(value) || json_count(value) > EVIDENCE_ITEMS_MAX)
		fault = "is no list of at most 50 items";
	for (size_t i = 0; !fault && i < json_count(value); i++)
		fault = item_fault(arena, json_at(value, i));
	arena_free(arena);
	return fault;
}

#define TYPES "port_scan|login_attack|ddos|vulnerability_scan|infected_host"
#define FLOWS "port_scan|login_attack|ddos"

/* MUST_FOR_ADDRESS: where the source is an address (the if and then of the schema). */
enum need { MAY, MUST, MUST_FOR_ADDRESS };
static const struct rule {
	const char *types; /* of which types */
	const char *key;
	enum need need;
	check *check;
	const char *words;
} RULES[] = {
	{ TYPES, "xarf_version", MUST, version_fault, "" },
	{ TYPES, "report_id", MUST, uuid_fault, "" },
	{ TYPES, "timestamp", MUST, time_fault, "" },
	{ TYPES, "reporter", MUST, party_fault, "" },
	{ TYPES, "sender", MUST, party_fault, "" },
	{ TYPES, "source_identifier", MUST, text_fault, "" },
	{ TYPES, "category", MUST, word_fault, "connection" },
	{ TYPES, "source_port", MAY, number_fault, "65535" },
	{ TYPES, "first_seen", MUST, time_fault, "" },
	{ TYPES, "last_seen", MAY, time_fault, "" },
	{ TYPES, "destination_ip", MAY, address_fault, "" },
	{ FLOWS "|infected_host", "destination_port", MAY, number_fault, "65535" },
	{ TYPES, "evidence_source", MAY, short_fault, "200" },
	{ TYPES, "evidence", MAY, evidence_fault, "" },
	{ TYPES, "confidence", MAY, share_fault, "" },
	{ TYPES, "description", MAY, short_fault, "1000" },
	{ FLOWS, "source_port", MUST_FOR_ADDRESS, number_fault, "65535" },
	{ FLOWS, "protocol", MUST, word_fault, "tcp|udp|icmp|sctp" },
	{ "ddos", "evidence_source", MAY, word_fault,
	  "firewall_logs|ids_detection|flow_analysis|traffic_monitoring|honeypot" },
	{ "ddos", "duration_seconds", MAY, number_fault, "1000000000" },
	{ "vulnerability_scan", "protocol", MUST, word_fault, "tcp|udp|icmp|mixed" },
	{ "vulnerability_scan", "scan_type", MUST, word_fault,
	  "port_scan|vulnerability_scan|version_detection|os_fingerprinting|"
	  "service_enumeration|web_vuln_scan|directory_brute_force|mixed" },
	{ "infected_host", "protocol", MUST, word_fault, "tcp|udp" },
	{ "infected_host", "bot_type", MUST, word_fault,
	  "search_engine|ai_agent|monitoring|seo_analyzer|link_checker|feed_reader|"
	  "social_media|advertising|malicious|unknown" },
	{ "infected_host", "verification_status", MAY, word_fault,
	  "verified|unverified|spoofed|unknown" },
	{ "vulnerability_scan|infected_host", "total_requests", MAY, number_fault,
	  "1000000000" },
};

static bool is_demanded(const struct rule *rule, const struct json_value *report)
{
	if (rule->need == MUST_FOR_ADDRESS)
		return address_fault(json_get(report, "source_identifier"), "") == NULL;
	return rule->need == MUST;
}

static int report_check(const struct json_value *report, struct error *err)
{
	const struct json_value *type = json_get(report, "type");

	if (word_fault(type, TYPES))
		return error_set(err, ERROR_SYNTAX, "'type' is none that is made here");
	for (size_t i = 0; i < COUNT_OF(RULES); i++) {
		const struct json_value *value = json_get(report, RULES[i].key);
		const char *fault = NULL;

		if (word_fault(type, RULES[i].types))
			continue;
		if (value)
			fault = RULES[i].check(value, RULES[i].words);
		else if (is_demanded(&RULES[i], report))
			fault = "is missing";
		if (fault)
			return error_set(err, ERROR_SYNTAX, "'%s' %s (X-ARF 4.2.0)",
					 RULES[i].key, fault);
	}
	return 0;
}

int xarf_check(struct slice json, struct error *err)
{
	struct json *document = json_read(json, REPORT_MAX_BYTES, err);
	int result;

	if (!document)
		return -1;
	result = report_check(json_root(document), err);
	json_free(document);
	return result;
}
