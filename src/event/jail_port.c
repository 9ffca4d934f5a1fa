#include "event/jail_port.h"

static const struct {
	const char *name;
	uint16_t port;
} NAMES[] = {
	{ "ftp-data", 20 },
	{ "ftp", 21 },
	{ "ssh", 22 },
	{ "telnet", 23 },
	{ "smtp", 25 },
	{ "domain", 53 },
	{ "http", 80 },
	{ "www", 80 },
	{ "kerberos", 88 },
	{ "pop3", 110 },
	{ "sunrpc", 111 },
	{ "auth", 113 },
	{ "ntp", 123 },
	{ "imap", 143 },
	{ "imap2", 143 },
	{ "snmp", 161 },
	{ "imap3", 220 },
	{ "ldap", 389 },
	{ "https", 443 },
	{ "smtps", 465 },
	{ "ssmtp", 465 },
	{ "submissions", 465 },
	{ "syslog", 514 },
	{ "submission", 587 },
	{ "ldaps", 636 },
	{ "ftps-data", 989 },
	{ "ftps", 990 },
	{ "imaps", 993 },
	{ "pop3s", 995 },
	{ "openvpn", 1194 },
	{ "ms-sql-s", 1433 },
	{ "socks", 1080 },
	{ "mysql", 3306 },
	{ "rdp", 3389 },
	{ "ms-wbt-server", 3389 },
	{ "sieve", 4190 },
	{ "sip", 5060 },
	{ "sip-tls", 5061 },
	{ "xmpp-client", 5222 },
	{ "xmpp-server", 5269 },
	{ "postgresql", 5432 },
	{ "http-alt", 8080 },
	{ "webmin", 10000 },
	{ "mongodb", 27017 },
};

static int port_parse(struct slice text, uint16_t *out)
{
	uint64_t port;

	if (slice_to_u64(text, UINT16_MAX, &port) == 0) {
		*out = (uint16_t)port;
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		if (slice_equal_nocase(text, slice_of(NAMES[i].name))) {
			*out = NAMES[i].port;
			return 0;
		}
	}
	return -1;
}

/* "22", "0:65535"; iptables' ':' and nftables' '-'. */
static int range_parse_ports(struct slice text, struct jail_port_range *out)
{
	ptrdiff_t colon = slice_find_byte(text, ':');
	ptrdiff_t dash = colon < 0 ? slice_find_byte(text, '-') : colon;
	struct jail_port_range range;

	if (port_parse(text, &range.first) == 0) {
		*out = (struct jail_port_range){ range.first, range.first };
		return 0;
	}
	if (dash < 0 || port_parse(slice_cut(text, 0, (size_t)dash), &range.first) ||
	    port_parse(slice_from(text, (size_t)dash + 1), &range.last) ||
	    range.first > range.last)
		return -1;
	*out = range;
	return 0;
}

static bool is_separator(char c)
{
	return c == ',' || ascii_is_space(c);
}

void jail_ports_parse(struct arena *arena, struct slice text, struct jail_ports *ports,
		      struct slices *unknown)
{
	while (text.len > 0) {
		struct jail_port_range range;
		struct slice word;
		size_t end = 0;

		while (end < text.len && !is_separator(text.at[end]))
			end++;
		word = slice_cut(text, 0, end);
		text = slice_from(text, end + 1);
		if (word.len == 0)
			continue;
		if (range_parse_ports(word, &range) == 0)
			*LIST_ADD(arena, ports) = range;
		else
			*LIST_ADD(arena, unknown) = word;
	}
}
