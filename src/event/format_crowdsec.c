/* CrowdSec's alerts (the "Alert" model of its local API): as `cscli alerts list -o json`
 * prints them, as its notification plugins write them, and as sentences in its own log.
 *
 * An alert tells of `events_count` acts from start_at to stop_at; its `events` hold the
 * newest of them, each with the user name that was tried, if there was one. Simulated
 * alerts and those about a range, a country or an AS name no attacker. What CrowdSec
 * decided is left out: whether anything enforces a decision, it does not know.          */
#include "base/cursor.h"
#include "event/format_parts.h"
#include "event/header.h"

enum { EVENTS_MAX = 1000, ACTS_MAX = 1000000 };

/* By the beginning of the scenario behind its author's name; the first row decides. */
static const struct scenario {
	struct slice prefix;
	enum category category;
	struct slice service;
	uint16_t port;
	enum certainty certainty;
} SCENARIOS[] = {
#define ROW(text, category, service, port, certainty)                                 \
	{                                                                             \
		{ text, sizeof(text) - 1 }, CATEGORY_##category,                      \
			{ service, sizeof(service) - 1 }, port, CERTAINTY_##certainty \
	}
	ROW("ssh-cve", EXPLOIT_ATTEMPT, "ssh", 22, CONNECTION),
	ROW("ssh", LOGIN_ATTACK, "ssh", 22, CONNECTION),
	ROW("telnet-bf", LOGIN_ATTACK, "telnet", 23, CONNECTION),
	ROW("vsftpd-bf", LOGIN_ATTACK, "ftp", 21, CONNECTION),
	ROW("proftpd-bf", LOGIN_ATTACK, "ftp", 21, CONNECTION),
	ROW("pureftpd-bf", LOGIN_ATTACK, "ftp", 21, CONNECTION),
	ROW("pure-ftpd-bf", LOGIN_ATTACK, "ftp", 21, CONNECTION),
	ROW("ftp-bf", LOGIN_ATTACK, "ftp", 21, CONNECTION),
	ROW("dovecot-spam", LOGIN_ATTACK, "imap", 0, CONNECTION),
	ROW("postfix-relay-denied", MAIL_ABUSE, "smtp", 25, CONNECTION),
	ROW("postfix-spam", MAIL_ABUSE, "smtp", 25, CONNECTION),
	ROW("postfix-helo-rejected", MAIL_ABUSE, "smtp", 25, CONNECTION),
	ROW("postfix-non-smtp-command", PROBE, "smtp", 25, CONNECTION),
	ROW("postscreen-rbl", MAIL_ABUSE, "smtp", 25, CONNECTION),
	ROW("exim-spam", MAIL_ABUSE, "smtp", 25, CONNECTION),
	ROW("exim-bf", LOGIN_ATTACK, "smtp", 0, CONNECTION),
	ROW("smb-bf", LOGIN_ATTACK, "smb", 445, CONNECTION),
	ROW("windows-bf", LOGIN_ATTACK, "rdp", 3389, CONNECTION),
	ROW("mysql-bf", LOGIN_ATTACK, "mysql", 3306, CONNECTION),
	ROW("mssql-bf", LOGIN_ATTACK, "mssql", 1433, CONNECTION),
	ROW("pgsql-bf", LOGIN_ATTACK, "postgresql", 5432, CONNECTION),
	ROW("asterisk", LOGIN_ATTACK, "sip", 5060, DATAGRAM),
	ROW("iptables-scan-multi_ports", SCAN, "", 0, DATAGRAM),
	ROW("nftables-scan-multi_ports", SCAN, "", 0, DATAGRAM),
	ROW("ufw-scan", SCAN, "", 0, DATAGRAM),
	ROW("opnsense-scan", SCAN, "", 0, DATAGRAM),
	ROW("http-bf-wordpress", LOGIN_ATTACK, "http", 0, CONNECTION),
	ROW("http-wordpress_user-enum", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("http-generic-bf", LOGIN_ATTACK, "http", 0, CONNECTION),
	ROW("http-generic-401-bf", LOGIN_ATTACK, "http", 0, CONNECTION),
	ROW("http-generic-403-bf", LOGIN_ATTACK, "http", 0, CONNECTION),
	ROW("http-bf", LOGIN_ATTACK, "http", 0, CONNECTION),
	ROW("http-cve", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("http-sqli", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("http-xss", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("http-path-traversal", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("http-backdoors", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("http-sensitive-files", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("http-admin-interface", PROBE, "http", 0, CONNECTION),
	ROW("http-dos", DOS, "http", 0, CONNECTION),
	ROW("http-open-proxy", PROBE, "http", 0, CONNECTION),
	ROW("http-probing", PROBE, "http", 0, CONNECTION),
	ROW("http-crawl", PROBE, "http", 0, CONNECTION),
	ROW("http-bad-user-agent", PROBE, "http", 0, CONNECTION),
	ROW("http-", PROBE, "http", 0, CONNECTION),
	ROW("nginx-req-limit", DOS, "http", 0, CONNECTION),
	ROW("appsec-", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("vpatch-", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("CVE-", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("apache_log4j2", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("log4j", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("spring4shell", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("thinkphp", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("f5-big-ip", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("fortinet-cve", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("vmware-", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("grafana-cve", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("pulse-secure", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("netgear", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
	ROW("jira_cve", EXPLOIT_ATTEMPT, "http", 0, CONNECTION),
#undef ROW
};

static bool scenario_find(struct slice name, struct scenario *out)
{
	ptrdiff_t slash = slice_find_byte(name, '/');

	name = slice_from(name, (size_t)(slash + 1));
	for (size_t i = 0; i < COUNT_OF(SCENARIOS); i++) {
		if (slice_starts_nocase(name, SCENARIOS[i].prefix)) {
			*out = SCENARIOS[i];
			return true;
		}
	}
	/* "nextcloud-bf", "gitea-bf_user_enum": somebody's scenario, by its custom */
	*out = (struct scenario){ .category = CATEGORY_LOGIN_ATTACK,
				  .certainty = CERTAINTY_CONNECTION };
	return slice_ends(name, S("-bf")) || slice_find(name, S("-bf_")) >= 0 ||
	       slice_ends(name, S("-bruteforce"));
}

static struct event event_of(const struct scenario *scenario, const char *rule)
{
	return (struct event){
		.rule = slice_of(rule),
		.category = scenario->category,
		.service = scenario->service,
		.target_port = scenario->port,
		.protocol = scenario->certainty == CERTAINTY_CONNECTION ? PROTOCOL_TCP
									: PROTOCOL_NONE,
		.certainty = scenario->certainty,
	};
}

/* The value of a key in [{"key": "target_user", "value": "root"}, ...]. */
static struct slice meta_value(const struct json_value *meta, struct slice key)
{
	for (size_t i = 0; i < json_count(meta); i++) {
		const struct json_value *one = json_at(meta, i);

		if (slice_equal(json_text(json_get(one, "key")), key))
			return json_text(json_get(one, "value"));
	}
	return S("");
}

/* The acts that the alert still holds one by one; how many were told. */
static uint64_t acts_read(struct format_reading *reading, const struct event *alert,
			  uint64_t most)
{
	const struct json_value *list = json_get(reading->root, "events");
	uint64_t told = 0;

	for (size_t i = 0; i < json_count(list) && i < EVENTS_MAX && told < most; i++) {
		const struct json_value *one = json_at(list, i);
		struct event event = *alert;

		if (field_time(reading, json_get(one, "timestamp"), &event.at,
			       &event.time_basis) != 0 ||
		    event.at < alert->at || event.at > alert->until)
			continue;
		event.until = 0;
		event.count = 1;
		event.user =
			arena_copy(reading->arena,
				   meta_value(json_get(one, "meta"), S("target_user")));
		event.line = reading->line;
		event.line.text = S("");
		event_add(reading, event);
		told++;
	}
	return told;
}

/* The alert's line is evidence once, with the acts that stand nowhere else. */
static void alert_tell(struct format_reading *reading, struct event alert,
		       uint64_t count)
{
	size_t before = reading->out->count;
	uint64_t told = acts_read(reading, &alert, count);

	alert.count = count - told;
	if (alert.count > 0 || told == 0)
		event_add(reading, alert);
	else
		reading->out->at[before].line = reading->line;
}

static bool is_about_address(const struct json_value *source, struct address *out)
{
	struct slice scope = json_text(json_get(source, "scope"));

	return slice_equal_nocase(scope, S("ip")) &&
	       (field_address(source, "value", out) ||
		field_address(source, "ip", out));
}

static void alert_read(struct format_reading *reading)
{
	const struct json_value *root = reading->root;
	struct scenario scenario;
	enum time_basis basis;
	struct event event;

	if (json_truth(json_get(root, "simulated")) ||
	    !scenario_find(json_text(json_get(root, "scenario")), &scenario))
		return;
	event = event_of(&scenario, "crowdsec");
	if (!is_about_address(json_get(root, "source"), &event.source) ||
	    field_time(reading, json_get(root, "start_at"), &event.at,
		       &event.time_basis) != 0)
		return;
	if (field_time(reading, json_get(root, "stop_at"), &event.until, &basis) != 0 ||
	    event.until < event.at)
		event.until = event.at;
	alert_tell(reading, event, field_count(root, "events_count", ACTS_MAX, 1));
}

bool crowdsec_read(struct format_reading *reading)
{
	const struct json_value *inner = json_get(reading->root, "alert");
	struct format_reading alert = *reading;

	/* the file plugin wraps an alert: {"time": ..., "program": "crowdsec", "alert": {}} */
	if (slice_equal(json_text(json_get(reading->root, "program")), S("crowdsec")) &&
	    json_is_object(inner))
		alert.root = inner;
	if (json_get(alert.root, "scenario") == NULL ||
	    json_get(alert.root, "source") == NULL ||
	    json_get(alert.root, "start_at") == NULL)
		return false;
	alert_read(&alert);
	return true;
}

/* ---- crowdsec.log: time="..." level=info msg="Ip 192.0.2.9 performed ..." ---- */

static bool is_scenario_byte(char c)
{
	return ascii_is_alnum(c) || slice_find_byte(S("/-_.:"), c) >= 0;
}

static bool is_word_byte(char c)
{
	return ascii_is_print(c) && c != ' ' && c != '"';
}

/* "Ip A performed 'S' (N events over D) at T", to its end. */
static void sentence_read(struct format_reading *reading, struct cursor *cursor)
{
	struct slice address, name, stamp;
	struct scenario scenario;
	struct event event;
	uint64_t count;

	cursor_literal(cursor, S("Ip "));
	address = cursor_while(cursor, is_word_byte, 64);
	cursor_literal(cursor, S(" performed '"));
	name = cursor_while(cursor, is_scenario_byte, 128);
	cursor_literal(cursor, S("' ("));
	count = cursor_u64(cursor, ACTS_MAX);
	cursor_literal(cursor, S(" events over "));
	cursor_until(cursor, ')', 32);
	cursor_literal(cursor, S(" at "));
	stamp = cursor_until(cursor, '"', 48);
	if (cursor->failed || !scenario_find(name, &scenario))
		return;
	event = event_of(&scenario, "crowdsec-log");
	event.count = count;
	if (address_parse(address, &event.source) == 0 &&
	    stamp_text_read(reading->zone, stamp, &event.at, &event.time_basis) == 0)
		event_add(reading, event);
}

bool crowdsec_line(struct format_reading *reading)
{
	struct slice text = reading->line.text;
	struct cursor cursor = cursor_of(text);

	if (text.at[0] != 't')
		return false;
	cursor_literal(&cursor, S("time=\""));
	cursor_until(&cursor, '"', 64);
	cursor_literal(&cursor, S(" level=info msg=\""));
	if (cursor.failed || cursor_peek(&cursor) != 'I')
		return false;
	sentence_read(reading, &cursor);
	return true;
}
