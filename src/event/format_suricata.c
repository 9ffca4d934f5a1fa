/* Suricata's EVE JSON (its user guide, "Eve JSON Format"): alert and drop records.
 *
 * Who attacks? An alert's src_ip is only who sent the packet, which may be our server's
 * answer. So the source is, in this order: what the signature names as its source; who
 * opened the flow; who sent the packet where the record says which way it went; else the
 * side with the high port where the other one has a low one. Where none of these tells,
 * nobody is named.
 *
 * An address is genuine only where the record proves a TCP connection: it was reassembled,
 * or the protocol inside was recognised. Counts of packets prove nothing: a forged SYN,
 * sent twice and answered twice, has them too.                                          */
#include "event/format_parts.h"

/* What signatures of a class tell, by its words in classification.config. What is not
 * here is information, policy, a protocol's oddity, or traffic of an infected machine of
 * ours: no attack on us. A scan is judged by what is counted, so it is a probe here.     */
static const struct {
	const char *words;
	enum category category;
} CLASSES[] = {
	{ "Attempted Information Leak", CATEGORY_PROBE },
	{ "Information Leak", CATEGORY_EXPLOIT_ATTEMPT },
	{ "Large Scale Information Leak", CATEGORY_EXPLOIT_ATTEMPT },
	{ "Attempted Denial of Service", CATEGORY_DOS },
	{ "Denial of Service", CATEGORY_DOS },
	{ "Attempted User Privilege Gain", CATEGORY_EXPLOIT_ATTEMPT },
	{ "Unsuccessful User Privilege Gain", CATEGORY_EXPLOIT_ATTEMPT },
	{ "Successful User Privilege Gain", CATEGORY_EXPLOIT_ATTEMPT },
	{ "Attempted Administrator Privilege Gain", CATEGORY_EXPLOIT_ATTEMPT },
	{ "Successful Administrator Privilege Gain", CATEGORY_EXPLOIT_ATTEMPT },
	{ "Executable code was detected", CATEGORY_EXPLOIT_ATTEMPT },
	{ "An attempted login using a suspicious username was detected",
	  CATEGORY_LOGIN_ATTACK },
	{ "Attempt to login by a default username and password",
	  CATEGORY_LOGIN_ATTACK },
	{ "A Network Trojan was detected", CATEGORY_EXPLOIT_ATTEMPT },
	{ "Detection of a Network Scan", CATEGORY_PROBE },
	{ "Detection of a Denial of Service Attack", CATEGORY_DOS },
	{ "Access to a potentially vulnerable web application",
	  CATEGORY_EXPLOIT_ATTEMPT },
	{ "Web Application Attack", CATEGORY_EXPLOIT_ATTEMPT },
	{ "Misc Attack", CATEGORY_PROBE },
	{ "Targeted Malicious Activity was Detected", CATEGORY_EXPLOIT_ATTEMPT },
	{ "Exploit Kit Activity Detected", CATEGORY_EXPLOIT_ATTEMPT },
};

/* Signatures (Emerging Threats', Talos') that tell of what machines of ours do or receive:
 * they opened the flow, and whose fault it is, the record does not say. By how a signature
 * begins, and by words anywhere in it.                                                   */
static const char *const OURS[] = {
	"ET MALWARE ",
	"ET TROJAN ",
	"ET MOBILE_MALWARE ",
	"ET COINMINER ",
	"ET ADWARE_PUP ",
	"ET JA3 ",
	"ET POLICY ",
	"ET INFO ",
	"ET P2P ",
	"ET GAMES ",
	"ET CHAT ",
	"ET USER_AGENTS ",
	"ET HUNTING ",
	"ET PHISHING ",
	"ET WEB_CLIENT ",
	"ET EXPLOIT_KIT ",
	"ET ACTIVEX ",
	"ET CURRENT_EVENTS ",
	"ET CNC ",
	"ET ATTACK_RESPONSE ",
	"BROWSER-",
	"FILE-",
	"MALWARE-",
	"EXPLOIT-KIT ",
	"INDICATOR-",
	"POLICY-",
	"PUA-",
};
static const char *const OURS_WORDS[] = { "outbound", "checkin", " cnc " };

/* app_proto, as our services are called. */
static const struct {
	const char *protocol;
	struct slice service;
} PROTOCOLS[] = {
	{ "ssh", { "ssh", 3 } },       { "http", { "http", 4 } },
	{ "http1", { "http", 4 } },    { "http2", { "http", 4 } },
	{ "smtp", { "smtp", 4 } },     { "ftp", { "ftp", 3 } },
	{ "imap", { "imap", 4 } },     { "pop3", { "pop3", 4 } },
	{ "telnet", { "telnet", 6 } }, { "rdp", { "rdp", 3 } },
	{ "smb", { "smb", 3 } },       { "sip", { "sip", 3 } },
	{ "dns", { "dns", 3 } },       { "pgsql", { "postgresql", 10 } },
	{ "mqtt", { "mqtt", 4 } },     { "rfb", { "vnc", 3 } },
	{ "tls", { NULL, 0 } },        { "krb5", { NULL, 0 } },
	{ "ftp-data", { NULL, 0 } },   { "dcerpc", { NULL, 0 } },
	{ "nfs", { NULL, 0 } },        { "ntp", { NULL, 0 } },
};

enum { PORT_LOW_MAX = 1023 };

struct side {
	struct address address;
	uint16_t port;
};

struct flow {
	struct side from, to; /* source and target, once known */
};

static bool side_read(const struct json_value *object, const char *address,
		      const char *port, struct side *out)
{
	*out = (struct side){ .port = field_port(object, port) };
	return field_address(object, address, &out->address);
}

/* "192.0.2.9" of flow's opener is one of the two of the packet: else the record is odd. */
static bool side_is(const struct side *a, const struct side *b)
{
	return address_equal(&a->address, &b->address);
}

static bool flow_turn(struct flow *flow)
{
	struct side from = flow->from;

	flow->from = flow->to;
	flow->to = from;
	return true;
}

static bool flow_from(struct flow *flow, const struct side *opener)
{
	if (side_is(&flow->from, opener))
		return true;
	return side_is(&flow->to, opener) ? flow_turn(flow) : false;
}

static bool ports_tell(struct flow *flow)
{
	uint16_t from = flow->from.port, to = flow->to.port;

	if (from == 0 && to == 0) /* ICMP: whoever sent it */
		return true;
	if (to > 0 && to <= PORT_LOW_MAX && from > PORT_LOW_MAX)
		return true;
	return from > 0 && from <= PORT_LOW_MAX && to > PORT_LOW_MAX ? flow_turn(flow)
								     : false;
}

/* Turns `flow` so that it begins at the attacker; false where nothing says who that is. */
static bool flow_direct(const struct json_value *root, struct flow *flow)
{
	const struct json_value *alert = json_get(root, "alert");
	const struct json_value *named = json_get(alert, "source");
	struct slice direction = json_text(json_get(root, "direction"));
	struct side opener;

	if (named != NULL)
		return side_read(named, "ip", "port", &opener) &&
		       flow_from(flow, &opener);
	if (side_read(json_get(root, "flow"), "src_ip", "src_port", &opener))
		return flow_from(flow, &opener);
	if (slice_equal(direction, S("to_server")))
		return true;
	if (slice_equal(direction, S("to_client")))
		return flow_turn(flow);
	return ports_tell(flow);
}

static bool protocol_known(struct slice name, struct slice *service)
{
	for (size_t i = 0; i < COUNT_OF(PROTOCOLS); i++) {
		if (slice_equal(name, slice_of(PROTOCOLS[i].protocol))) {
			*service = PROTOCOLS[i].service;
			return true;
		}
	}
	return false;
}

static bool is_connection(const struct json_value *root, enum protocol protocol)
{
	struct slice state = json_text(json_get(json_get(root, "flow"), "state"));
	struct slice service;

	if (protocol != PROTOCOL_TCP)
		return false;
	return protocol_known(json_text(json_get(root, "app_proto")), &service) ||
	       json_integer(json_get(root, "stream"), 0) == 1 ||
	       json_get(root, "tx_id") != NULL || slice_equal(state, S("established"));
}

static bool is_of_ours(struct slice signature)
{
	static const char *const makers[] = { "ETPRO ", "GPL " };
	struct slice from = signature;

	if (slice_find_nocase(signature, S("inbound")) >= 0)
		return false;
	for (size_t i = 0; i < COUNT_OF(OURS_WORDS); i++) {
		if (slice_find_nocase(signature, slice_of(OURS_WORDS[i])) >= 0)
			return true;
	}
	/* these makers' classes are called as the first one's */
	for (size_t i = 0; i < COUNT_OF(makers); i++) {
		if (slice_starts_nocase(signature, slice_of(makers[i])))
			from = slice_from(signature, slice_of(makers[i]).len);
	}
	for (size_t i = 0; i < COUNT_OF(OURS); i++) {
		struct slice words = slice_of(OURS[i]);

		if (from.at != signature.at && slice_starts(words, S("ET ")))
			words = slice_from(words, 3);
		if (slice_starts_nocase(from, words))
			return true;
	}
	return false;
}

/* False where a signature of this class tells of no attack. */
static bool alert_category(const struct json_value *alert, enum category *out)
{
	struct slice class = json_text(json_get(alert, "category"));
	struct slice signature = json_text(json_get(alert, "signature"));

	if (is_of_ours(signature))
		return false;
	for (size_t i = 0; i < COUNT_OF(CLASSES); i++) {
		if (!slice_equal_nocase(class, slice_of(CLASSES[i].words)))
			continue;
		*out = CLASSES[i].category;
		if (slice_find_nocase(signature, S("brute force")) >= 0)
			*out = CATEGORY_LOGIN_ATTACK;
		return true;
	}
	return false;
}

/* A dropped packet that no signature judged: the first of a connection is a knock. */
static bool drop_is_knock(const struct json_value *root, enum protocol protocol)
{
	const struct json_value *drop = json_get(root, "drop");

	/* with an alert in it, it is told as an alert as well */
	return json_get(root, "alert") == NULL && protocol == PROTOCOL_TCP &&
	       json_truth(json_get(drop, "tcpsyn")) &&
	       !json_truth(json_get(drop, "tcpack"));
}

static bool category_find(const struct json_value *root, enum protocol protocol,
			  enum category *out)
{
	struct slice type = json_text(json_get(root, "event_type"));

	*out = CATEGORY_PROBE;
	if (slice_equal(type, S("drop")))
		return drop_is_knock(root, protocol);
	return slice_equal(type, S("alert")) &&
	       alert_category(json_get(root, "alert"), out);
}

static void event_fill(const struct json_value *root, const struct flow *flow,
		       struct event *event)
{
	event->source = flow->from.address;
	event->source_port = flow->from.port;
	event->target = flow->to.address;
	event->target_port = flow->to.port;
	if (!protocol_known(json_text(json_get(root, "app_proto")), &event->service) ||
	    event->service.len == 0)
		event->service = port_service(event->target_port);
	event->certainty = is_connection(root, event->protocol) ? CERTAINTY_CONNECTION
								: CERTAINTY_DATAGRAM;
}

bool suricata_read(struct format_reading *reading)
{
	const struct json_value *root = reading->root;
	struct event event = { .rule = S("suricata") };
	struct flow flow;

	if (json_text(json_get(root, "event_type")).len == 0 ||
	    json_get(root, "timestamp") == NULL ||
	    (json_get(root, "src_ip") == NULL && json_get(root, "flow_id") == NULL &&
	     json_get(root, "stats") == NULL))
		return false;
	event.protocol = protocol_parse(json_text(json_get(root, "proto")));
	if (!category_find(root, event.protocol, &event.category) ||
	    !side_read(root, "src_ip", "src_port", &flow.from) ||
	    !side_read(root, "dest_ip", "dest_port", &flow.to) ||
	    !flow_direct(root, &flow) ||
	    field_time(reading, json_get(root, "timestamp"), &event.at,
		       &event.time_basis) != 0)
		return true;
	event_fill(root, &flow, &event);
	event.target_host = field_text(reading, root, "host");
	event_add(reading, event);
	return true;
}
