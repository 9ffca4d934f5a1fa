#include "event/formats.h"

#include "base/clock.h"
#include "check.h"
#include "event/format_parts.h"

#include <stdlib.h>
#include <string.h>

static struct zone *zone;
static struct arena *arena;

/* "time source:port > target:port service category outcome certainty user xcount rule",
 * one a line for each event; "text" where the rules get it, "none" for no event.        */
static struct slice told(struct formats *formats, struct slice text)
{
	struct slice rest = text, out = S(""), one;
	uint64_t number = 1, offset = 0;
	bool taken = true;
	struct events events = { 0 };

	while (slice_next(&rest, '\n', &one)) {
		struct line line = { one, S("log"), number++, offset };

		offset += one.len + 1;
		taken = formats_line(formats, arena, &line, &events);
	}
	for (size_t i = 0; i < events.count; i++) {
		const struct event *e = &events.at[i];
		struct time_text at = time_format(e->at, TIME_RFC3339);
		struct address_text from = address_format(&e->source);
		struct address_text to = address_format(&e->target);

		out = arena_printf(arena,
				   SLICE_FMT "%s%s%s %s:%u > %s:%u/%s " SLICE_FMT
					     " %s %s %s " SLICE_FMT " x%u " SLICE_FMT,
				   SLICE_ARG(out), i ? "\n" : "", at.text,
				   e->time_basis == TIME_BASIS_FULL ? "" : "?",
				   from.text, e->source_port, to.text, e->target_port,
				   protocol_name(e->protocol), SLICE_ARG(e->service),
				   event_is_block(e) ? "-" : category_name(e->category),
				   outcome_name(e->outcome),
				   certainty_name(e->certainty), SLICE_ARG(e->user),
				   (unsigned)e->count, SLICE_ARG(e->rule));
	}
	if (events.count)
		return out;
	return taken ? S("none") : S("text");
}

#define EVE(more)                                                      \
	"{\"timestamp\":\"2026-11-21T05:14:30.5+0000\",\"flow_id\":7," \
	"\"event_type\":\"alert\",\"proto\":\"TCP\"," more "}"
#define PORTS                                                         \
	"\"src_ip\":\"203.0.113.77\",\"src_port\":40112,\"dest_ip\":" \
	"\"198.51.100.20\",\"dest_port\":80"
#define BACK                                                        \
	"\"src_ip\":\"198.51.100.20\",\"src_port\":80,\"dest_ip\":" \
	"\"203.0.113.77\",\"dest_port\":40112"
#define ALERT(class) "\"alert\":{\"signature\":\"x\",\"category\":\"" class "\"}"
#define SIGNED(words)                       \
	"\"alert\":{\"signature\":\"" words \
	"\",\"category\":\"Attempted Administrator Privilege Gain\"}"
#define WEB ALERT("Web Application Attack")
#define ATTACK \
	"2026-11-21T05:14:30.500000Z 203.0.113.77:40112 > 198.51.100.20:80/tcp http "
#define COWRIE(id, more)                                                         \
	"{\"eventid\":\"cowrie." id "\",\"src_ip\":\"203.0.113.9\",\"session\":" \
	"\"df5370a8829b\",\"timestamp\":\"2026-11-21T05:14:30.000001Z\"" more "}"
#define SOURCE(scope, value) \
	"\"source\":{\"scope\":\"" scope "\",\"value\":\"" value "\"}"
#define CROWDSEC(scenario, more)                                                \
	"{\"scenario\":\"" scenario "\",\"start_at\":\"2026-11-21T05:10:00Z\"," \
	"\"stop_at\":\"2026-11-21T05:20:00Z\",\"events_count\":6," more "}"
#define NOTICE_HEAD                                          \
	"#separator \\x09\n#unset_field\t-\n#path\tnotice\n" \
	"#fields\tts\tnote\tmsg\tsrc\tdst\tp\n"
#define CONN_HEAD                                                                  \
	"#separator \\x09\n#unset_field\t-\n#path\tconn\n#fields\tts\tid.orig_h\t" \
	"id.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\thistory\tlocal_orig\n"
#define CONN(state, history, local)                                                  \
	CONN_HEAD "1795238070.5\t203.0.113.9\t40112\t198.51.100.20\t23\ttcp\t" state \
		  "\t" history "\t" local
#define DATAGRAM(from, to, port) \
	"1795238070.5\t203.0.113.9\t" from "\t" to "\t" port "\tudp\tS0\tD\tF"
#define KNOCK                                                                   \
	"2026-11-21T05:14:30.500000Z 203.0.113.9:40112 > 198.51.100.20:23/tcp " \
	"telnet probe attempt datagram  x1 zeek"
#define F2B(module, text) \
	"2026-11-21 05:14:30,123 fail2ban." module " [812]: NOTICE  [" text
#define OURS(more)                                                              \
	"{\"type\":\"event\",\"time\":\"2026-11-21T05:14:30Z\",\"time_basis\":" \
	"\"full\",\"source\":\"203.0.113.77\",\"source_port\":4,\"target\":"    \
	"{\"port\":22,\"protocol\":\"tcp\"},\"service\":\"ssh\",\"category\":"  \
	"\"login-attack\",\"user\":\"bob\",\"rule\":\"sshd\",\"certainty\":"    \
	"\"connection\",\"count\":3,\"file\":\"auth.log\",\"line\":9," more "}"

static const struct row {
	const char *text, *want;
} ROWS[] = {
	/* Suricata: who attacks */
	{ EVE(PORTS ",\"direction\":\"to_server\",\"app_proto\":\"http\"," WEB),
	  ATTACK "exploit-attempt attempt connection  x1 suricata" },
	{ EVE(BACK ",\"direction\":\"to_client\",\"stream\":1," WEB),
	  ATTACK "exploit-attempt attempt connection  x1 suricata" },
	{ EVE(BACK ",\"flow\":{\"src_ip\":\"203.0.113.77\",\"pkts_toserver\":9,"
		   "\"pkts_toclient\":9}," WEB),
	  ATTACK "exploit-attempt attempt datagram  x1 suricata" },
	{ EVE(BACK "," WEB), ATTACK "exploit-attempt attempt datagram  x1 suricata" },
	{ EVE(PORTS ",\"flow\":{\"src_ip\":\"192.0.2.1\"}," WEB), "none" },
	{ EVE("\"src_ip\":\"203.0.113.77\",\"src_port\":50001,\"dest_ip\":"
	      "\"198.51.100.20\",\"dest_port\":50002," WEB),
	  "none" },
	/* and what is one */
	{ EVE(PORTS "," ALERT("Detection of a Network Scan")),
	  ATTACK "probe attempt datagram  x1 suricata" },
	{ EVE(PORTS "," ALERT("Generic Protocol Command Decode")), "none" },
	{ EVE(PORTS "," ALERT("Not Suspicious Traffic")), "none" },
	{ EVE(PORTS "," SIGNED("ET SCAN Potential SSH Scan OUTBOUND")), "none" },
	{ EVE(PORTS "," SIGNED("ET MALWARE Mirai Loader Checkin")), "none" },
	{ EVE(BACK "," SIGNED("ETPRO ATTACK_RESPONSE x")), "none" },
	{ EVE(BACK "," SIGNED("BROWSER-IE x")), "none" },
	{ EVE(PORTS "," SIGNED("ET WEB_SERVER Server Info Disclosure")),
	  ATTACK "exploit-attempt attempt datagram  x1 suricata" },
	{ EVE(BACK "," SIGNED("ET WEB_CLIENT Script of an Exploit")), "none" },
	{ EVE(PORTS "," SIGNED("ET MALWARE Mirai User-Agent (Inbound)")),
	  ATTACK "exploit-attempt attempt datagram  x1 suricata" },
	{ EVE("\"src_ip\":\"203.0.113.77 x\",\"dest_ip\":\"198.51.100.20\"," WEB),
	  "none" },
	{ EVE(PORTS ",\"src_ip\":\"192.0.2.1\"," WEB), "text" }, /* twice */
	{ "{\"timestamp\":\"2026-11-21T05:14:30Z\",\"event_type\":\"drop\",\"proto\":"
	  "\"TCP\"," PORTS ",\"drop\":{\"tcpsyn\":true,\"tcpack\":false}}",
	  "2026-11-21T05:14:30Z 203.0.113.77:40112 > 198.51.100.20:80/tcp http probe "
	  "attempt datagram  x1 suricata" },
	{ "{\"timestamp\":\"2026-11-21T05:14:30Z\",\"event_type\":\"flow\"," PORTS "}",
	  "none" },
	/* behind a syslog header only where its program may write it */
	{ "Nov 21 05:14:30 ids suricata[8]: " EVE(PORTS "," WEB),
	  ATTACK "exploit-attempt attempt datagram  x1 suricata" },
	{ "Nov 21 05:14:30 ids suricata[8]: @cee: " EVE(PORTS "," WEB),
	  ATTACK "exploit-attempt attempt datagram  x1 suricata" },
	{ "Nov 21 05:14:30 web1 sshd[8]: " EVE(PORTS "," WEB), "text" },
	{ "Nov 21 05:14:30 web1 suricata[8]: user " EVE(PORTS "," WEB), "text" },
	/* Cowrie */
	{ COWRIE("session.connect",
		 ",\"src_port\":4,\"dst_port\":2223,\"protocol\":"
		 "\"telnet\"") "\n" COWRIE("login.success", ",\"username\":\"root\""),
	  "2026-11-21T05:14:30.000001Z 203.0.113.9:4 > :2223/tcp telnet probe attempt "
	  "connection  x1 cowrie\n"
	  "2026-11-21T05:14:30.000001Z 203.0.113.9:0 > :2223/tcp telnet login-attack "
	  "attempt connection root x1 cowrie" },
	{ COWRIE("command.input", ",\"input\":\"x\""),
	  "2026-11-21T05:14:30.000001Z 203.0.113.9:0 > :0/tcp  exploit-attempt attempt "
	  "connection  x1 cowrie" },
	{ COWRIE("session.closed", ""), "none" },
	{ COWRIE("login.failed", ",\"x\":99999999999999999999999"), "text" },
	/* CrowdSec */
	{ CROWDSEC("crowdsecurity/ssh-bf",
		   SOURCE("Ip", "203.0.113.77") ",\"events\":[{\"timestamp\":"
						"\"2026-11-21T05:10:01Z\",\"meta\":[{"
						"\"key\":\"target_user\",\"value\":"
						"\"bob\"}]}]"),
	  "2026-11-21T05:10:01Z 203.0.113.77:0 > :22/tcp ssh login-attack attempt "
	  "connection bob x1 crowdsec\n"
	  "2026-11-21T05:10:00Z 203.0.113.77:0 > :22/tcp ssh login-attack attempt "
	  "connection  x5 crowdsec" },
	{ CROWDSEC("crowdsecurity/ssh-bf",
		   SOURCE("Ip", "203.0.113.77") ",\"simulated\":true"),
	  "none" },
	{ CROWDSEC("crowdsecurity/ssh-bf", SOURCE("Range", "203.0.113.0/24")), "none" },
	{ CROWDSEC("somebody/else", SOURCE("Ip", "203.0.113.77")), "none" },
	{ "[\n {\n  \"scenario\": \"a/http-probing\",\n  \"start_at\": "
	  "\"2026-11-21T05:10:00Z\",\n  \"source\": {\n   \"scope\": \"Ip\",\n   "
	  "\"value\": \"203.0.113.77\"\n  }\n }\n]",
	  "2026-11-21T05:10:00Z 203.0.113.77:0 > :0/tcp http probe attempt connection  x1 "
	  "crowdsec" },
	{ "time=\"2026-11-21T05:14:31Z\" level=info msg=\"Ip 203.0.113.77 performed "
	  "'crowdsecurity/ssh-bf' (6 events over 5.2s) at 2026-11-21 05:14:30 +0000 UTC\"",
	  "2026-11-21T05:14:30Z 203.0.113.77:0 > :22/tcp ssh login-attack attempt "
	  "connection  x6 crowdsec-log" },
	/* Zeek */
	{ NOTICE_HEAD
	  "1795238070\tSSH::Password_Guessing\t203.0.113.9 appears to be "
	  "guessing SSH passwords (seen in 30 connections).\t203.0.113.9\t-\t-",
	  "2026-11-21T05:14:30Z 203.0.113.9:0 > :0/ ssh login-attack attempt connection  "
	  "x30 zeek" },
	{ NOTICE_HEAD "1795238070\tScan::Address_Scan\t203.0.113.9 scanned at least 25 "
		      "unique hosts on port 22/tcp in 1m1s\t203.0.113.9\t-\t22",
	  "2026-11-21T05:14:30Z 203.0.113.9:0 > :22/tcp ssh sweep attempt datagram  x25 "
	  "zeek" },
	{ "{\"ts\":1795238070,\"note\":\"Scan::Port_Scan\",\"msg\":\"x\",\"sub\":"
	  "\"local\",\"src\":\"198.51.100.20\",\"dst\":\"203.0.113.9\"}",
	  "none" },
	{ NOTICE_HEAD "1795238070\tSSL::Invalid_Server_Cert\tx\t203.0.113.9\t-\t-",
	  "none" },
	{ NOTICE_HEAD "1795238070\tScan::Port_Scan\tone too few\t203.0.113.9", "text" },
	{ NOTICE_HEAD "#close\t-\n1795238070\tScan::Port_Scan\tx\t203.0.113.9\t-\t-",
	  "text" },
	{ "text\n" NOTICE_HEAD "1795238070\tScan::Port_Scan\tx\t203.0.113.9\t-\t-",
	  "text" }, /* no header within another log */
	{ CONN("S0", "S", "F"), KNOCK },
	{ CONN("REJ", "Sr", "-"), KNOCK },
	{ CONN("RSTO", "ShR", "F"), KNOCK },
	{ CONN("RSTO", "ShADadR", "F"), "none" },
	{ CONN("SF", "ShADadFf", "F"), "none" },
	{ CONN_HEAD DATAGRAM("40112", "198.51.100.20", "53"),
	  "2026-11-21T05:14:30.500000Z 203.0.113.9:40112 > 198.51.100.20:53/udp dns probe "
	  "attempt datagram  x1 zeek" },
	{ CONN_HEAD DATAGRAM("53", "198.51.100.20", "40112"), "none" },
	{ CONN_HEAD DATAGRAM("40112", "224.0.0.251", "5353"), "none" },
	{ CONN_HEAD DATAGRAM("40112", "ff02::fb", "5353"), "none" },
	{ CONN("S0", "S", "T"), "none" },
	{ "{\"ts\":1795238070.5,\"id.orig_h\":\"203.0.113.9\",\"id.orig_p\":40112,"
	  "\"id.resp_h\":\"198.51.100.20\",\"id.resp_p\":23,\"proto\":\"tcp\","
	  "\"conn_state\":\"S0\"}",
	  KNOCK },
	/* fail2ban */
	{ F2B("filter        ", "sshd] Found 203.0.113.77 - 2026-11-21 05:14:29"),
	  "2026-11-21T05:14:29Z? 203.0.113.77:0 > :22/tcp ssh login-attack attempt "
	  "connection  x1 fail2ban" },
	{ F2B("actions", "sshd] Ban 203.0.113.77"),
	  "2026-11-21T05:14:30.123000Z? 203.0.113.77:0 > :0/ sshd - blocked unknown  x0 "
	  "fail2ban" },
	{ F2B("actions", "x-1] Restore Ban 2001:db8::7"),
	  "2026-11-21T05:14:30.123000Z? 2001:db8::7:0 > :0/ x-1 - blocked unknown  x1 "
	  "fail2ban" },
	{ F2B("actions", "sshd] Unban 203.0.113.77"),
	  "2026-11-21T05:14:30.123000Z? 203.0.113.77:0 > :0/ sshd - unblocked unknown  x0 "
	  "fail2ban" },
	{ F2B("filter", "sshd] Found 203.0.113.77"),
	  "2026-11-21T05:14:30.123000Z? 203.0.113.77:0 > :22/tcp ssh login-attack attempt "
	  "connection  x1 fail2ban" },
	{ "2026-11-21 05:14:30,123 fail2ban.actions: WARNING [ssh] Ban 203.0.113.77",
	  "2026-11-21T05:14:30.123000Z? 203.0.113.77:0 > :0/ ssh - blocked unknown  x0 "
	  "fail2ban" },
	{ F2B("filter", "sshd] Found 203.0.113.77 198.51.100.66"), "none" },
	{ F2B("filter", "recidive] Found 203.0.113.77 - 2026-11-21 05:14:29"), "none" },
	{ F2B("filter", "sshd] Ignore 203.0.113.77 by ip"), "none" },
	{ F2B("filter",
	      "sshd] Found 203.0.113.77, bad - 2026-11-21 05:14:29, 2 # -> 3"),
	  "none" },
	{ F2B("actions", "sshd] Ban 203.0.113.777"), "none" },
	{ F2B("actions", "sshd] Ban 203.0.113.77 x"), "none" },
	{ F2B("actions", "sshd] 203.0.113.77 already banned"), "none" },
	{ "2026-11-21T05:14:30Z web1 fail2ban.actions[8]: NOTICE [sshd] Ban 203.0.113.77",
	  "2026-11-21T05:14:30Z 203.0.113.77:0 > :0/ sshd - blocked unknown  x0 fail2ban" },
	{ "Nov 21 05:14:30 web1 sshd[8]: Invalid user fail2ban.actions [8]: NOTICE [sshd] "
	  "Ban 203.0.113.77",
	  "text" },
	/* our own */
	{ OURS("\"outcome\":\"attempt\",\"text\":\"a line\""),
	  "2026-11-21T05:14:30Z 203.0.113.77:4 > :22/tcp ssh login-attack attempt "
	  "connection bob x3 sshd" },
	{ OURS("\"outcome\":\"defeat\",\"text\":\"a line\""), "none" },
	{ "{\"type\":\"incident\",\"source\":\"203.0.113.77\",\"category\":\"probe\","
	  "\"first\":\"2026-11-21T05:14:30Z\",\"last\":\"2026-11-21T05:14:30Z\",\"count\":"
	  "7,\"certainty\":\"datagram\",\"time_basis\":\"full\",\"evidence\":[]}",
	  "2026-11-21T05:14:30Z 203.0.113.77:0 > :0/  probe summary datagram  x7 tipoff" },
	/* no format at all */
	{ "Nov 21 05:14:30 web1 sshd[8]: Failed password for root from 203.0.113.77",
	  "text" },
	{ "{\"a\":1}", "text" },
	{ "{\"a\":", "text" },
	{ "[]", "text" },
	{ "", "text" },
	{ " ", "text" },
	{ "#comment", "text" },
	{ "fail2ban.", "text" },
};

static void reads_each_record(void)
{
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct formats *formats = formats_new(zone);

		CHECK_SLICE(told(formats, slice_of(ROWS[i].text)),
			    slice_of(ROWS[i].want));
		formats_free(formats);
	}
}

/* Cut off at every byte, in memory of just that size: a cut JSON record tells nothing, or
 * what the lines before it told. Lines of text never come cut (input/input.h).          */
static void a_cut_record_names_nobody_else(void)
{
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		for (size_t len = 0; len < strlen(ROWS[i].text); len++) {
			char *copy = malloc(len + 1);
			struct formats *formats = formats_new(zone);
			struct slice got;

			memcpy(copy, ROWS[i].text, len);
			got = told(formats, (struct slice){ copy, len });
			if (strchr("}]", ROWS[i].text[strlen(ROWS[i].text) - 1]) &&
			    !slice_starts(slice_of(ROWS[i].want), got) &&
			    !slice_equal(got, S("text")) &&
			    !slice_equal(got, S("none")))
				CHECK_SLICE(got, slice_of(ROWS[i].want));
			formats_free(formats);
			free(copy);
			arena_reset(arena);
		}
	}
}

/* Between any two lines the state may be saved and taken back by another process. */
static void goes_on_from_a_saved_state(void)
{
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct slice rest = slice_of(ROWS[i].text), one, last = S("");
		struct formats *formats = formats_new(zone);
		struct events events = { 0 };
		size_t count = 0;

		while (slice_next(&rest, '\n', &one)) {
			struct line line = { one, S("log"), ++count,
					     (uint64_t)(one.at - ROWS[i].text) };
			struct formats *next = formats_new(zone);
			struct buffer state;

			formats_line(formats, arena, &line, &events);
			buffer_init(&state, FORMAT_STATE_MAX + 64);
			formats_save(formats, &state);
			buffer_add(&state, S("what follows"));
			CHECK_SLICE(formats_load(next, buffer_slice(&state)),
				    S("what follows"));
			buffer_clear(&state);
			formats_free(formats);
			formats = next;
			last = one;
		}
		CHECK_INT(events.count > 0, ROWS[i].want[0] == '2');
		CHECK(last.len <= strlen(ROWS[i].text));
		formats_free(formats);
	}
}

static struct formats *saved_and_taken_back(struct formats *formats)
{
	struct formats *next = formats_new(zone);
	struct buffer state;

	buffer_init(&state, FORMAT_STATE_MAX + 64);
	formats_save(formats, &state);
	CHECK_SLICE(formats_load(next, buffer_slice(&state)), S(""));
	buffer_clear(&state);
	formats_free(formats);
	return next;
}

/* The lines one after the other, the state saved behind each; what the last one tells. */
static struct slice told_over_states(const char *const *lines, size_t count)
{
	struct formats *formats = formats_new(zone);
	struct slice last = S("");

	for (size_t i = 0; i < count; i++) {
		last = told(formats, slice_of(lines[i]));
		formats = saved_and_taken_back(formats);
	}
	formats_free(formats);
	return last;
}

/* What one format leaves behind does not end what another one does. */
static void a_state_holds_what_all_formats_left(void)
{
	static const char *const lines[] = {
		"#separator \\x09\n#path\tconn\n#fields\tts\tconn_state",
		COWRIE("session.connect", ",\"protocol\":\"telnet\","
					  "\"dst_port\":2223"),
		COWRIE("login.failed", ""),
	};

	CHECK_SLICE(told_over_states(lines, COUNT_OF(lines)),
		    S("2026-11-21T05:14:30.000001Z 203.0.113.9:0 > :2223/tcp telnet "
		      "login-attack attempt connection  x1 cowrie"));
}

/* Deeper than JSON may be: passed over whole, wherever its state was saved. */
static void a_record_too_deep_is_one_record(void)
{
	static const char *const lines[] = {
		"{",
		" \"a\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
		" \"b\": 1",
	};

	CHECK_SLICE(told_over_states(lines, COUNT_OF(lines)), S("none"));
}

static void a_damaged_state_leaves_nothing_behind(void)
{
	static const char *const states[] = {
		"tipoff-formats 2 ",
		"tipoff-formats 2 9\nx",
		"tipoff-formats 2 99999999999999999999\nx",
		"tipoff-formats 2 3\nabc",
		"tipoff-formats 2 4\n0\n0\n",
		"tipoff-formats 2 14\n0\n0\n8\n9 9 9 9\n",
		"tipoff-formats 1 10\n\n\n\n9 9 9 9\n", /* of a version before */
	};

	for (size_t i = 0; i < COUNT_OF(states); i++) {
		struct formats *formats = formats_new(zone);

		(void)formats_load(formats, slice_of(states[i]));
		CHECK_SLICE(told(formats, S("text")), S("text"));
		formats_free(formats);
	}
}

static void requests_are_written_for_the_rules(void)
{
	static const struct row rows[] = {
		{ "{\"time_iso8601\":\"2026-11-21T05:14:30+00:00\",\"remote_addr\":"
		  "\"203.0.113.9\",\"remote_user\":\"a b\",\"request\":\"GET /x\\\" 200 "
		  "HTTP/1.1\",\"status\":404,\"body_bytes_sent\":\"146\","
		  "\"http_user_agent\":\"z\\\"\\n198.51.100.1 - - [\"}",
		  "203.0.113.9 - a\\x20b [21/Nov/2026:05:14:30 +0000] \"GET /x\\x22 200 "
		  "HTTP/1.1\" 404 146 \"-\" \"z\\x22\\x0A198.51.100.1 - - [\"" },
		{ "{\"@timestamp\":\"2026-11-21T05:14:30Z\",\"clientip\":\"203.0.113.9\","
		  "\"verb\":\"GET\",\"request\":\"/a b\",\"httpversion\":\"1.1\","
		  "\"response\":\"404\"}",
		  "203.0.113.9 - - [21/Nov/2026:05:14:30 +0000] \"GET /a\\x20b HTTP/1.1\" "
		  "404 0 \"-\" \"-\"" },
		{ "{\"ts\":1795238070.25,\"request\":{\"remote_ip\":\"2001:db8::9\","
		  "\"proto\":\"HTTP/2.0\",\"method\":\"GET\",\"uri\":\"/a b\",\"headers\":{"
		  "\"User-Agent\":[\"curl/8\"]}},\"size\":10,\"status\":404}",
		  "2001:db8::9 - - [21/Nov/2026:05:14:30 +0000] \"GET /a\\x20b HTTP/2.0\" "
		  "404 10 \"-\" \"curl/8\"" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct formats *formats = formats_new(zone);
		struct line line = { slice_of(rows[i].text), S("log"), 1, 0 };
		struct events events = { 0 };

		CHECK(!formats_line(formats, arena, &line, &events));
		CHECK_SLICE(line.text, slice_of(rows[i].want));
		CHECK_INT(events.count, 0);
		formats_free(formats);
	}
}

static void a_ban_of_the_database(void)
{
	struct fail2ban_ban ban = { .jail = S("sshd"),
				    .ip = S("203.0.113.77"),
				    .time_s = 1795238070,
				    .length_s = 600,
				    .has_length = true,
				    .data = S("{\"matches\":[\"a\"],\"failures\":5}") };
	struct line line = { S("bans: ..."), S("f"), 1, 0 };
	struct events events = { 0 };

	format_fail2ban_ban(arena, &ban, &line, false, INT64_MAX, &events);
	CHECK_INT(events.count, 3);
	CHECK_INT(events.at[0].outcome, OUTCOME_BLOCKED);
	CHECK_INT(events.at[1].outcome, OUTCOME_UNBLOCKED);
	CHECK_INT(events.at[1].at, (1795238070 + 600) * SECOND_US);
	CHECK_INT(events.at[2].count, 5);
	CHECK(events.at[2].retold);
	events.count = 0; /* still in force, counted before */
	format_fail2ban_ban(arena, &ban, &line, true, 1795238071 * SECOND_US, &events);
	CHECK_INT(events.count, 1);
	events.count = 0; /* the lines it kept, where it counts none */
	ban.data = S("{\"matches\":[\"a\",\"b\"],\"failures\":\"x\"}");
	format_fail2ban_ban(arena, &ban, &line, false, 0, &events);
	CHECK_INT(events.at[1].count, 2);
	events.count = 0;
	ban.jail = S("recidive");
	format_fail2ban_ban(arena, &ban, &line, false, 0, &events);
	CHECK_INT(events.count, 1);
	events.count = 0;
	ban.jail = S("a]b");
	format_fail2ban_ban(arena, &ban, &line, false, 0, &events);
	ban.jail = S("sshd");
	ban.ip = S("203.0.113.77/32");
	format_fail2ban_ban(arena, &ban, &line, false, 0, &events);
	ban.ip = S("203.0.113.77");
	ban.time_s = INT64_MAX;
	format_fail2ban_ban(arena, &ban, &line, false, 0, &events);
	CHECK_INT(events.count, 0);
}

/* Wherever it stands among other bytes, whatever is near. */
static void a_trace_is_found_anywhere(void)
{
	static const struct {
		const char *text;
		bool is_one;
	} rows[] = {
		{ "{", true },
		{ "fail2ban.", true },
		{ " performed '", true },
		{ "fail2ban ", false },
		{ "l2b d '", false },
		{ "failed 'x'", false },
		{ "performed it", false },
	};
	char room[300];

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t len = strlen(rows[i].text);

		for (size_t at = 0; at + len <= sizeof room; at++) {
			struct slice bytes = { room, sizeof room };

			memset(room, 'x', sizeof room);
			memcpy(room + at, rows[i].text, len);
			CHECK_INT(format_trace(bytes), rows[i].is_one);
			CHECK_INT(format_trace(slice_cut(bytes, 0, at + len)),
				  rows[i].is_one);
		}
	}
	CHECK(!format_trace(S("")));
}

int main(void)
{
	struct error err;

	zone = zone_open(S("UTC"), &err);
	arena = arena_new();
	return CHECK_RUN(TEST(reads_each_record), TEST(a_cut_record_names_nobody_else),
			 TEST(goes_on_from_a_saved_state),
			 TEST(a_state_holds_what_all_formats_left),
			 TEST(a_record_too_deep_is_one_record),
			 TEST(a_damaged_state_leaves_nothing_behind),
			 TEST(requests_are_written_for_the_rules),
			 TEST(a_ban_of_the_database), TEST(a_trace_is_found_anywhere));
}
