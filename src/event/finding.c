#include "event/finding.h"

#include <string.h>

enum { NAME_MAX_BYTES = 253, ACTS_MAX = 1000000 };

static bool is_name_byte(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_';
}

/* A host name, and nothing that only looks like an address: the last label of a name is
 * never all digits (RFC 1123 section 2.1).                                            */
static bool is_name(struct slice text)
{
	ptrdiff_t dot = slice_find_last_byte(text, '.');
	struct slice last = slice_from(text, dot < 0 ? 0 : (size_t)dot + 1);
	bool digits = true;

	for (size_t i = 0; i < text.len; i++) {
		if (!is_name_byte(text.at[i]))
			return false;
	}
	for (size_t i = 0; i < last.len; i++)
		digits = digits && ascii_is_digit(last.at[i]);
	return !digits && text.len <= NAME_MAX_BYTES && text.at[0] != '.' &&
	       text.at[0] != '-';
}

/* Address texts differ most at their ends. */
static size_t place_of(struct slice text)
{
	uint32_t end = four_bytes(text.at + text.len - sizeof end);

	return (end * UINT32_C(0x9e3779b1)) >> 27;
}

static int address_get(struct address_memo *memo, struct slice text,
		       struct address *out)
{
	size_t place;

	if (memo == NULL || text.len < sizeof(uint32_t) || text.len > ADDRESS_TEXT_MAX)
		return address_parse(text, out);
	place = place_of(text);
	if (memo->at[place].len == text.len &&
	    bytes_equal(memo->at[place].text, text.at, text.len)) {
		*out = memo->at[place].address;
		return 0;
	}
	if (address_parse(text, out) != 0)
		return -1;
	memo->at[place].len = (uint8_t)text.len;
	memcpy(memo->at[place].text, text.at, text.len);
	memo->at[place].address = *out;
	return 0;
}

/* Some programs put brackets around every address. */
static int address_read(struct slice text, struct address_memo *memo, struct event *out)
{
	if (slice_starts(text, S("[")) && slice_ends(text, S("]")) && text.len > 2)
		text = slice_cut(text, 1, text.len - 1);
	return address_get(memo, text, &out->source);
}

static enum finding name_read(const struct rule *rule, struct slice text,
			      struct address_memo *memo, struct event *out)
{
	if (address_read(text, memo, out) == 0)
		return FINDING_SOURCE;
	if (!rule->names || !is_name(text))
		return FINDING_BAD;
	out->source_name = text;
	return FINDING_SOURCE;
}

/* "192.0.2.0/24" is a network: none of its addresses did anything that we know of. */
static bool is_network(const struct slice *roles, const struct address *address)
{
	uint64_t whole = address->family == FAMILY_IPV4 ? 32 : 128, length = whole;

	return roles[ROLE_CIDR].len > 0 &&
	       (slice_to_u64(roles[ROLE_CIDR], whole, &length) != 0 || length < whole);
}

static enum finding source_read(const struct rule *rule, const struct slice *roles,
				struct address_memo *memo, struct event *out)
{
	static const enum role addresses[] = { ROLE_IP4, ROLE_IP6 };
	bool has_id = roles[ROLE_FID].at != NULL;

	if (has_id && address_read(roles[ROLE_FID], memo, out) == 0)
		return FINDING_SOURCE;
	for (size_t i = 0; i < COUNT_OF(addresses); i++) {
		struct slice text = roles[addresses[i]];

		if (text.at == NULL)
			continue;
		if (address_get(memo, text, &out->source) != 0 ||
		    is_network(roles, &out->source))
			return FINDING_BAD;
		return FINDING_SOURCE;
	}
	if (roles[ROLE_DNS].at != NULL)
		return name_read(rule, roles[ROLE_DNS], memo, out);
	return has_id ? FINDING_BAD : FINDING_NONE;
}

static uint16_t port_read(struct slice text)
{
	uint64_t port;

	return slice_to_u64(text, UINT16_MAX, &port) == 0 ? (uint16_t)port : 0;
}

/* "message repeated 3 times"; 1 where nothing is said, or nothing sensible. */
static uint64_t acts_read(struct slice text)
{
	uint64_t acts;

	return slice_to_u64(text, ACTS_MAX, &acts) == 0 && acts > 0 ? acts : 1;
}

static enum certainty certainty_of(const struct rule_report *report,
				   const struct event *event)
{
	if (event->source_name.len > 0)
		return CERTAINTY_NAME;
	return report->handshake ? CERTAINTY_CONNECTION : CERTAINTY_DATAGRAM;
}

enum finding finding_read(const struct rule *rule, const struct slice *roles,
			  struct address_memo *memo, struct event *out)
{
	const struct rule_report *report = &rule->report;
	enum finding finding;

	*out = (struct event){
		.source_port = port_read(roles[ROLE_PORT]),
		.target_port = report->port,
		.protocol = report->protocol,
		.service = report->service,
		.category = report->category,
		.outcome = report->outcome,
		.user = roles[ROLE_USER],
		.rule = report->name,
		.count = acts_read(roles[ROLE_ACTS]),
	};
	finding = source_read(rule, roles, memo, out);
	if (roles[ROLE_TARGET_PORT].len > 0)
		out->target_port = port_read(roles[ROLE_TARGET_PORT]);
	if (roles[ROLE_PROTOCOL].len > 0)
		out->protocol = protocol_parse(roles[ROLE_PROTOCOL]);
	if (roles[ROLE_TARGET].len > 0 &&
	    address_get(memo, roles[ROLE_TARGET], &out->target) != 0)
		out->target = (struct address){ 0 };
	out->certainty = certainty_of(report, out);
	return finding;
}

bool finding_same_source(const struct event *a, const struct event *b)
{
	if (a->source.family == FAMILY_NONE || b->source.family == FAMILY_NONE)
		return a->source.family == b->source.family &&
		       slice_equal_nocase(a->source_name, b->source_name);
	return address_equal(&a->source, &b->source);
}
