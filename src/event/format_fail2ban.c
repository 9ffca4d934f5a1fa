/* fail2ban's own log (fail2ban.log, or its lines in syslog) and the bans of its database.
 *
 *   2026-11-21 05:14:30,123 fail2ban.filter         [812]: INFO    [sshd] Found 192.0.2.9 - 2026-11-21 05:14:29
 *   2026-11-21 05:14:30,201 fail2ban.actions        [812]: NOTICE  [sshd] Ban 192.0.2.9
 *
 * Found is an act that one of its filters saw in a log, Ban and Unban are what we did. A
 * jail is known by the name that its filter has in fail2ban's own package; what attack
 * another one stands for, its name does not say, so only its bans are read. The jail
 * recidive reads this very log: what it finds are bans, not acts.                       */
#include "base/clock.h"
#include "base/cursor.h"
#include "event/format_parts.h"
#include "event/header.h"

enum { ACTS_MAX = 1000000, JAIL_MAX_LEN = 64, DATA_MAX_BYTES = 256 * 1024 };
#define TIME_MAX_S INT64_C(4102444800) /* 2100 */

static const struct jail {
	struct slice name;
	enum category category;
	struct slice service;
	uint16_t port;
} JAILS[] = {
#define ROW(name, category, service, port)                       \
	{                                                        \
		{ name, sizeof(name) - 1 }, CATEGORY_##category, \
			{ service, sizeof(service) - 1 }, port   \
	}
	ROW("sshd", LOGIN_ATTACK, "ssh", 22),
	ROW("ssh", LOGIN_ATTACK, "ssh", 22),
	ROW("sshd-ddos", PROBE, "ssh", 22),
	ROW("dropbear", LOGIN_ATTACK, "ssh", 22),
	ROW("selinux-ssh", LOGIN_ATTACK, "ssh", 22),
	ROW("vsftpd", LOGIN_ATTACK, "ftp", 21),
	ROW("proftpd", LOGIN_ATTACK, "ftp", 21),
	ROW("pure-ftpd", LOGIN_ATTACK, "ftp", 21),
	ROW("wuftpd", LOGIN_ATTACK, "ftp", 21),
	ROW("gssftpd", LOGIN_ATTACK, "ftp", 21),
	ROW("postfix-sasl", LOGIN_ATTACK, "smtp", 0),
	ROW("sendmail-auth", LOGIN_ATTACK, "smtp", 0),
	ROW("exim", LOGIN_ATTACK, "smtp", 0),
	ROW("courier-auth", LOGIN_ATTACK, "imap", 0),
	ROW("cyrus-imap", LOGIN_ATTACK, "imap", 0),
	ROW("dovecot", LOGIN_ATTACK, "imap", 0),
	ROW("uwimap-auth", LOGIN_ATTACK, "imap", 0),
	ROW("postfix", MAIL_ABUSE, "smtp", 25),
	ROW("postfix-rbl", MAIL_ABUSE, "smtp", 25),
	ROW("sendmail-reject", MAIL_ABUSE, "smtp", 25),
	ROW("exim-spam", MAIL_ABUSE, "smtp", 25),
	ROW("courier-smtp", MAIL_ABUSE, "smtp", 25),
	ROW("apache-auth", LOGIN_ATTACK, "http", 0),
	ROW("nginx-http-auth", LOGIN_ATTACK, "http", 0),
	ROW("lighttpd-auth", LOGIN_ATTACK, "http", 0),
	ROW("roundcube-auth", LOGIN_ATTACK, "http", 0),
	ROW("horde", LOGIN_ATTACK, "http", 0),
	ROW("phpmyadmin-syslog", LOGIN_ATTACK, "http", 0),
	ROW("grafana", LOGIN_ATTACK, "http", 0),
	ROW("gitlab", LOGIN_ATTACK, "http", 0),
	ROW("drupal-auth", LOGIN_ATTACK, "http", 0),
	ROW("webmin-auth", LOGIN_ATTACK, "http", 0),
	ROW("apache-badbots", PROBE, "http", 0),
	ROW("apache-noscript", PROBE, "http", 0),
	ROW("apache-nohome", PROBE, "http", 0),
	ROW("apache-botsearch", PROBE, "http", 0),
	ROW("nginx-botsearch", PROBE, "http", 0),
	ROW("nginx-bad-request", PROBE, "http", 0),
	ROW("apache-overflows", EXPLOIT_ATTEMPT, "http", 0),
	ROW("apache-shellshock", EXPLOIT_ATTEMPT, "http", 0),
	ROW("apache-modsecurity", EXPLOIT_ATTEMPT, "http", 0),
	ROW("php-url-fopen", EXPLOIT_ATTEMPT, "http", 0),
	ROW("nginx-limit-req", DOS, "http", 0),
	ROW("mysqld-auth", LOGIN_ATTACK, "mysql", 3306),
	ROW("mssql-auth", LOGIN_ATTACK, "mssql", 1433),
	ROW("mongodb-auth", LOGIN_ATTACK, "mongodb", 27017),
	ROW("bitwarden", LOGIN_ATTACK, "http", 0),
	ROW("vaultwarden", LOGIN_ATTACK, "http", 0),
	ROW("xrdp", LOGIN_ATTACK, "rdp", 3389),
#undef ROW
};

static const struct jail *jail_find(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(JAILS); i++) {
		if (slice_equal(name, JAILS[i].name))
			return &JAILS[i];
	}
	return NULL;
}

static bool is_jail_byte(char c)
{
	return ascii_is_print(c) && c != ']' && c != '[' && c != ' ';
}

static bool is_jail_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (!is_jail_byte(name.at[i]))
			return false;
	}
	return name.len > 0 && name.len <= JAIL_MAX_LEN;
}

/* An act that this jail stands for, all but when and by whom; false for none. */
static bool act_of(struct slice jail, struct event *out)
{
	const struct jail *row = jail_find(jail);

	if (row == NULL)
		return false;
	*out = (struct event){ .category = row->category,
			       .service = row->service,
			       .target_port = row->port,
			       .protocol = PROTOCOL_TCP,
			       .certainty = CERTAINTY_CONNECTION };
	return true;
}

/* ---- the log ---- */

/* How a line begins: time and host where they are, the module, and the jail. */
struct head {
	int64_t at;
	enum time_basis basis;
	bool has_time;
	struct slice host, module, jail;
	struct cursor rest;
};

static bool is_module_byte(char c)
{
	return ascii_is_alnum(c) || c == '.';
}

static bool is_level_byte(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* "fail2ban.actions        [812]: NOTICE  [sshd] "; before 0.9, "fail2ban.actions: WARNING
 * [ssh] ".                                                                              */
static bool module_read(struct cursor *cursor, struct head *out)
{
	out->module = cursor_while(cursor, is_module_byte, 32);
	cursor_spaces(cursor);
	if (cursor_try(cursor, S("["))) {
		cursor_u64(cursor, UINT32_MAX);
		cursor_literal(cursor, S("]"));
	}
	cursor_literal(cursor, S(":"));
	cursor_spaces(cursor);
	cursor_while(cursor, is_level_byte, 8);
	cursor_spaces(cursor);
	cursor_literal(cursor, S("["));
	out->jail = cursor_while(cursor, is_jail_byte, JAIL_MAX_LEN);
	cursor_literal(cursor, S("] "));
	out->rest = *cursor;
	return !cursor->failed && slice_starts(out->module, S("fail2ban."));
}

/* Its own log: "2026-11-21 05:14:30,123 " stands in front. */
static bool own_head_read(struct format_reading *reading, struct head *out)
{
	struct cursor cursor = cursor_of(reading->line.text);
	struct slice stamp = cursor_take(&cursor, 23);

	cursor_literal(&cursor, S(" "));
	if (!module_read(&cursor, out))
		return false;
	out->has_time =
		stamp_text_read(reading->zone, stamp, &out->at, &out->basis) == 0;
	return true;
}

/* In syslog the module is the program; only an ISO stamp tells year and zone, and lines
 * with another are left to what Found says itself.                                      */
static bool syslog_head_read(struct format_reading *reading, struct head *out)
{
	struct slice text = reading->line.text;
	struct header header;
	struct cursor cursor;

	if (!header_parse(text, &header) ||
	    !slice_starts(header.program, S("fail2ban.")))
		return false;
	cursor = cursor_of((struct slice){
		header.program.at, (size_t)(text.at + text.len - header.program.at) });
	if (!module_read(&cursor, out))
		return false;
	out->host = header.host;
	out->has_time =
		text.len > 32 && slice_find_byte(slice_cut(text, 0, 40), 'T') > 0 &&
		stamp_text_read(reading->zone,
				slice_cut(text, 0, (size_t)slice_find_byte(text, ' ')),
				&out->at, &out->basis) == 0;
	return true;
}

static bool is_address_byte(char c)
{
	return ascii_is_xdigit(c) || c == '.' || c == ':';
}

static void block_tell(struct format_reading *reading, const struct head *head,
		       enum outcome outcome, bool goes_on)
{
	struct cursor cursor = head->rest;
	struct event event = { .rule = S("fail2ban"),
			       .outcome = outcome,
			       .count = goes_on,
			       .service = head->jail,
			       .at = head->at,
			       .time_basis = head->basis,
			       .target_host = head->host };
	struct slice address = cursor_while(&cursor, is_address_byte, 64);

	if (head->has_time && !cursor.failed && cursor_at_end(&cursor) &&
	    address_parse(address, &event.source) == 0)
		event_add(reading, event);
}

/* "192.0.2.9 - 2026-11-21 05:14:29"; before 0.10, the address alone. */
static void found_tell(struct format_reading *reading, const struct head *head)
{
	struct cursor cursor = head->rest;
	struct slice address = cursor_while(&cursor, is_address_byte, 64);
	struct event event;

	bool is_bare = cursor_at_end(&cursor) && head->has_time;

	if (!is_bare)
		cursor_literal(&cursor, S(" - "));
	if (cursor.failed || !act_of(head->jail, &event) ||
	    address_parse(address, &event.source) != 0)
		return;
	event.at = head->at;
	event.time_basis = head->basis;
	if (!is_bare && stamp_text_read(reading->zone, cursor_rest(&cursor), &event.at,
					&event.time_basis) != 0)
		return;
	event.rule = S("fail2ban");
	event.target_host = head->host;
	event_add(reading, event);
}

static const struct {
	const char *module, *words;
	enum outcome outcome;
	bool goes_on; /* a block that was there before */
} WORDS[] = {
	{ "fail2ban.filter", "Found ", OUTCOME_ATTEMPT, false },
	{ "fail2ban.actions", "Ban ", OUTCOME_BLOCKED, false },
	{ "fail2ban.actions", "Restore Ban ", OUTCOME_BLOCKED, true },
	{ "fail2ban.actions", "Reban ", OUTCOME_BLOCKED, true },
	{ "fail2ban.actions", "Unban ", OUTCOME_UNBLOCKED, false },
};

/* Cheap for all other logs: its module stands behind a stamp, or a stamp and a host. */
static bool may_be_ours(struct slice text)
{
	ptrdiff_t stamp = ascii_is_alpha(text.at[0]) ? 15 : slice_find_byte(text, ' ');
	struct slice rest = slice_from(text, (size_t)(stamp + 1));
	ptrdiff_t host = slice_find_byte(rest, ' ');

	rest = slice_from(rest, (size_t)(host + 1));
	return rest.len > 0 && rest.at[0] == 'f' && slice_starts(rest, S("fail2ban."));
}

bool fail2ban_line(struct format_reading *reading)
{
	struct head head = { 0 };

	if (!may_be_ours(reading->line.text) ||
	    (!own_head_read(reading, &head) && !syslog_head_read(reading, &head)))
		return false;
	for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
		if (!slice_equal(head.module, slice_of(WORDS[i].module)) ||
		    !cursor_try(&head.rest, slice_of(WORDS[i].words)))
			continue;
		if (WORDS[i].outcome == OUTCOME_ATTEMPT)
			found_tell(reading, &head);
		else
			block_tell(reading, &head, WORDS[i].outcome, WORDS[i].goes_on);
		return true;
	}
	return true;
}

/* ---- the database ---- */

/* How many failures the ban stands for: what `data` counts, or the lines it kept. */
static uint64_t failures_of(struct slice data)
{
	struct error ignored;
	struct json *json = json_read(data, DATA_MAX_BYTES, &ignored);
	const struct json_value *root = json_root(json);
	uint64_t kept = json_count(json_get(root, "matches"));
	uint64_t count = field_count(root, "failures", ACTS_MAX, 0);

	json_free(json);
	if (count == 0)
		count = kept;
	return count > 0 && count <= ACTS_MAX ? count : 1;
}

void format_fail2ban_ban(struct arena *arena, const struct fail2ban_ban *ban,
			 const struct line *line, bool is_known, int64_t now,
			 struct events *out)
{
	struct format_reading reading = { .arena = arena, .line = *line, .out = out };
	struct event block = { .rule = S("fail2ban"),
			       .outcome = OUTCOME_BLOCKED,
			       .service = ban->jail };
	struct event act;

	if (!is_jail_name(ban->jail) || ban->time_s <= 0 || ban->time_s > TIME_MAX_S ||
	    address_parse(ban->ip, &block.source) != 0)
		return;
	block.at = ban->time_s * SECOND_US;
	event_add(&reading, block);
	if (ban->has_length && ban->length_s >= 0 && ban->length_s < TIME_MAX_S &&
	    (ban->time_s + ban->length_s) * SECOND_US <= now) {
		block.outcome = OUTCOME_UNBLOCKED;
		block.at += ban->length_s * SECOND_US;
		event_add(&reading, block);
	}
	if (is_known || !act_of(ban->jail, &act))
		return;
	act.rule = S("fail2ban-database");
	act.at = ban->time_s * SECOND_US;
	act.source = block.source;
	act.count = failures_of(ban->data);
	event_add(&reading, act);
}
