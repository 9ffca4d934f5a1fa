#include "conf/schema.h"

#include <stddef.h>

#define AT(member) offsetof(struct settings, member)
#define AT_CONTACT(member) offsetof(struct settings_contact, member)
#define TEXT(section, key, member, help)                                    \
	{                                                                   \
		section, key, SCHEMA_TEXT, AT(member), 0, 0, "", NULL, help \
	}
#define COUNT(section, key, member, least, most, otherwise, help)                     \
	{                                                                             \
		section, key, SCHEMA_COUNT, AT(member), least, most, otherwise, NULL, \
			help                                                          \
	}
#define DURATION(section, key, member, least, most, otherwise, help)               \
	{                                                                          \
		section, key, SCHEMA_DURATION, AT(member), least, most, otherwise, \
			NULL, help                                                 \
	}
#define BOOL(section, key, member, otherwise, help)                                \
	{                                                                          \
		section, key, SCHEMA_BOOL, AT(member), 0, 0, otherwise, NULL, help \
	}

const char schema_report_formats[] =
	"plain|csv|xarf|xarf-report|xarf-0.2|arf|iodef|iodef-json";

const struct schema_row schema[] = {
	TEXT("reporter", "name", name, "Your name, as the memo signs it."),
	TEXT("reporter", "organisation", organisation,
	     "Whom you write for, if anybody."),
	TEXT("reporter", "about", about,
	     "One clause on the organisation, such as: a small bookshop."),
	TEXT("reporter", "role", role,
	     "Your role there, such as: system administrator."),
	TEXT("reporter", "relation", relation,
	     "Your relation to the machines, such as: a machine I own."),
	TEXT("reporter", "mail", mail, "Your mail address: From and Reply-To."),
	TEXT("reporter", "phone", phone,
	     "A telephone number to be reached at, if you want."),
	TEXT("reporter", "provider", provider,
	     "Your own provider, if you want it named: I am a customer of ..."),
	TEXT("reporter", "web", web, "Your web page, if you want it in the signature."),
	TEXT("reporter", "key", key,
	     "Fingerprint of the OpenPGP key to sign with; none: reports are not signed."),
	TEXT("reporter", "key-url", key_url, "Where your public key lies."),
	BOOL("reporter", "wkd", wkd, "no",
	     "Whether your public key is found by its Web Key Directory; the signature then "
	     "says where."),
	TEXT("reporter", "certificate", certificate,
	     "Fingerprint of the X.509 certificate to sign with (S/MIME), in place of key."),

	{ "logs", "files", SCHEMA_LINES, AT(logs), 0, 0, "", NULL,
	  "Files and folders that draft and detect read when none are named, one a line." },
	TEXT("logs", "zone", zone,
	     "Time zone of stamps that carry none: a name such as Europe/Berlin, or +0100; "
	     "the system's where empty."),
	TEXT("logs", "zone-words", zone_words,
	     "How the memo calls that zone, such as: US Eastern (GMT-5)."),
	BOOL("logs", "clock-synchronised", clock_synchronised, "no",
	     "Whether you vouch for it that the logging hosts keep time by NTP."),
	TEXT("logs", "rules", rules,
	     "Folder of the rule files; the installed ones where empty."),
	COUNT("logs", "threads", threads, 0, 64, "0",
	      "Threads that look at lines; 0: as many as there are processors, up to 4."),
	BOOL("logs", "keep-compiled", keep_compiled, "yes",
	     "Whether what compiling the rules found out is kept for the next start."),
	{ "logs", "rule-names", SCHEMA_LINES, AT(rule_names), 0, 0, "", NULL,
	  "Which rules to use, one a line, with parameters where wanted; all where empty." },

	{ "own", "addresses", SCHEMA_LIST, AT(own), 0, 0, "", NULL,
	  "Ranges of your own: never a source." },
	{ "own", "allow", SCHEMA_LIST, AT(allow), 0, 0, "", NULL,
	  "Ranges of friends, monitors, the office: never a source." },
	BOOL("own", "sensor", sensor, "no",
	     "Mask the target addresses for everyone: they are sensors or honeypots."),

	{ "mail", "relays", SCHEMA_LIST, AT(relays), 0, 0, "", NULL,
	  "Names, addresses and ranges of the mail servers whose Received lines are believed: "
	  "yours, your provider's, those that forward to you." },
	TEXT("mail", "imap-url", imap_url,
	     "Your box, where answers arrive, such as: imaps://mail.example.net; with /FOLDER "
	     "where it is not INBOX."),
	TEXT("mail", "imap-user", imap_user,
	     "User name there; your mail address where empty."),
	TEXT("mail", "imap-password-file", imap_password_file,
	     "File that holds the password, readable by you alone; a bare name is a credential "
	     "of the service."),

	COUNT("judge", "failures", judge_failures, 1, 1000000, "10",
	      "Failed logins of one source in one window that make a report."),
	COUNT("judge", "users", judge_users, 1, 1000000, "3",
	      "Or so many different user names."),
	COUNT("judge", "sweep-targets", judge_sweep_targets, 2, 1000000, "3",
	      "Hosts of yours hit on one port that make a sweep."),
	COUNT("judge", "scan-ports", judge_scan_ports, 2, 65535, "5",
	      "Ports of one host that make a scan."),
	COUNT("judge", "dos-rate", judge_dos_rate, 10, 1000000000, "1000",
	      "Acts of one source in one minute that make a denial of service."),
	COUNT("judge", "days", judge_days, 2, 365, "3",
	      "Days on which something recurs that make a report of what was held."),
	COUNT("judge", "network-sources", judge_network_sources, 2, 1000000, "5",
	      "Sources of one network that make a report of what was held."),
	COUNT("judge", "compromise-failures", judge_compromise_failures, 1, 1000000,
	      "3", "Failures before a success that make it a possible compromise."),
	DURATION(
		"judge", "known-login", judge_known_login_us, 0, 31536000, "30 d",
		"How long a login that worked is remembered: what fails later from the same "
		"source, and names no strangers, is then held. 0 remembers none."),
	DURATION("judge", "stale", judge_stale_us, 3600, 31536000, "72 h",
		 "What is older than this is held."),
	DURATION("judge", "window", judge_window_us, 3600, 604800, "24 h",
		 "Length of a window, from its first event."),
	COUNT("judge", "ipv6-prefix", judge_ipv6_prefix, 32, 128, "64",
	      "Prefix length by which IPv6 sources are taken together."),
	COUNT("judge", "sources", judge_sources, 1000, 1000000000, "10000000",
	      "Sources that detect holds at once: beyond them those with the least to tell "
	      "make room, the oldest first, and the summary says how many."),
	{ "judge", "documentation", SCHEMA_BOOL, AT(documentation_public), 0, 0, "no",
	  "no|public",
	  "Let documentation addresses and example domains count as public ones; send then "
	  "refuses everything but --out." },

	{ "look-up", "registries", SCHEMA_CONSENT, AT(registries), 0, 0, "ask", NULL,
	  "Whether the address registries may be asked about sources: they learn the source's "
	  "address and nothing else of the log." },
	{ "look-up", "reverse-names", SCHEMA_CONSENT, AT(reverse), 0, 0, "ask", NULL,
	  "Whether reverse names may be looked up: their servers may be the attacker's." },
	{ "look-up", "mail-domains", SCHEMA_CONSENT, AT(mail_domains), 0, 0, "ask",
	  NULL,
	  "Whether the DNS may be asked if the mail domains of contacts take mail: their "
	  "servers may be the attacker's." },
	{ "look-up", "security-txt", SCHEMA_CONSENT, AT(security_txt), 0, 0, "no", NULL,
	  "Whether security.txt may be fetched from the web server of a confirmed name's "
	  "domain, which may be the attacker's." },
	{ "look-up", "path", SCHEMA_CONSENT, AT(trace), 0, 0, "no", NULL,
	  "Whether 'contact --path' may run traceroute, which sends packets towards the "
	  "source." },
	{ "look-up", "traceroute", SCHEMA_TEXT, AT(traceroute), 0, 0,
	  "/usr/bin/traceroute", NULL, "The program that 'contact --path' runs." },
	{ "look-up", "second-sources", SCHEMA_LIST, AT(second_sources), 0, 0, "", NULL,
	  "Others to ask besides the registries, each of which then sees your sources: "
	  "abusix, abuse.net, ripestat." },
	{ "look-up", "contacts", SCHEMA_LINES, AT(own_contacts), 0, 0, "", NULL,
	  "Contacts of your own, before all others: RANGE, AS number or DOMAIN and an "
	  "address or a form's URL a line." },
	TEXT("look-up", "providers", providers,
	     "File of rows on what desks want, before the shipped ones."),
	TEXT("look-up", "csirts", csirts,
	     "File of national CSIRTs: rows, FIRST's list of teams or Trusted "
	     "Introducer's teams.json."),
	TEXT("look-up", "registry-folder", registry_folder,
	     "Folder of registry dumps for the offline index; beside the store where empty."),
	{ "look-up", "registry-mirrors", SCHEMA_LINES, AT(mirrors), 0, 0, "", NULL,
	  "Where registry update fetches instead, one BEGINNING REPLACEMENT a line: a URL that "
	  "begins so, begins so instead." },
	TEXT("look-up", "index", index,
	     "The compiled index; in the state folder where empty."),
	TEXT("look-up", "hosts", hosts_file,
	     "A static table of names, as /etc/hosts, used instead of the DNS."),
	TEXT("look-up", "dns", dns,
	     "The resolver as ADDRESS:PORT; the system's where empty."),
	{ "look-up", "connect-to", SCHEMA_LIST, AT(connect_to), 0, 0, "", NULL,
	  "HOST:PORT:ADDRESS:PORT rows that redirect connections, as curl's option does; only "
	  "they lift the ban on private addresses." },
	TEXT("look-up", "ca-file", ca_file,
	     "Certificates to trust instead of the system's."),
	TEXT("look-up", "bootstrap", bootstrap,
	     "Folder of IANA's RDAP bootstrap files; the shipped ones where empty."),
	DURATION("look-up", "deadline", deadline_us, 1, 600, "15 s",
		 "Time for one address in total."),
	{ "look-up", "budgets", SCHEMA_LINES, AT(budgets), 0, 0, "", NULL,
	  "How often servers may be asked, one a line: NAME-or-HOST QUESTIONS PERIOD [AT-ONCE "
	  "[BACK-OFF]], such as: lacnic 10 1m 2. Names are those of budgets.txt; * is all." },
	DURATION(
		"look-up", "wait", wait_us, 0, 86400, "5 m",
		"How long to wait for a server whose budget is used up; longer, and the "
		"question is not asked."),

	{ "watch", "syslog", SCHEMA_LIST, AT(watch_syslog), 0, 0, "", NULL,
	  "Sockets that take syslog messages, as 'watch --syslog' has them; only a row here "
	  "opens one that other machines reach." },
	{ "watch", "senders", SCHEMA_LIST, AT(watch_senders), 0, 0, "", NULL,
	  "Ranges whose messages are taken; this machine alone where empty." },
	TEXT("watch", "journal", watch_journal,
	     "The journal to follow: system, or a folder of journal files; none where empty."),
	{ "watch", "matches", SCHEMA_LINES, AT(watch_matches), 0, 0, "", NULL,
	  "Entries of the journal to read, one FIELD=VALUE a line as in journalctl(1); all "
	  "where empty." },
	DURATION("watch", "draft-every", watch_draft_us, 0, 604800, "1 h",
		 "How often watch makes drafts of what it read; 0: never."),
	DURATION("watch", "summary-every", watch_summary_us, 0, 604800, "1 h",
		 "How often watch says what it read; 0: never."),

	{ "whoisd", "listen", SCHEMA_LIST, AT(whoisd_listen), 0, 0, "127.0.0.1:43",
	  NULL, "Where the WHOIS proxy listens: ADDRESS:PORT, several where wanted." },
	{ "whoisd", "clients", SCHEMA_LIST, AT(whoisd_clients), 0, 0,
	  "127.0.0.0/8, ::1", NULL,
	  "Addresses and ranges that may ask it; this machine alone where not set." },
	{ "whoisd", "servers", SCHEMA_LIST, AT(whoisd_servers), 0, 0, "", NULL,
	  "Servers, HOST or HOST:PORT, that its clients may name beside the registries'." },
	COUNT("whoisd", "memory", whoisd_memory, 1, 65536, "64",
	      "MiB of answers held; those not asked for make room."),
	COUNT("whoisd", "connections", whoisd_connections, 16, 1000000, "10000",
	      "Connections open at once; beyond them those without a question make room."),
	COUNT("whoisd", "answers", whoisd_answers, 0, 1000000000, "6000",
	      "Answers to one client a minute, by IPv4 address or IPv6 /64; 0: no limit."),
	COUNT("whoisd", "questions", whoisd_questions, 0, 1000000000, "120",
	      "Of these so many that the registries have to be asked for; 0: no limit."),
	DURATION("whoisd", "summary-every", whoisd_summary_us, 0, 604800, "1 h",
		 "How often it says what it was asked; 0: never."),
	BOOL("whoisd", "keep", whoisd_keep, "yes",
	     "Whether answers are kept in the store, for the next time it starts."),

	TEXT("store", "file", store,
	     "Where cases are kept; the state folder where empty."),

	TEXT("report", "templates", templates,
	     "Folder of your changed templates; 'templates' beside the configuration where "
	     "empty."),
	COUNT("report", "lines", report_lines, 1, 20, "10",
	      "Evidence lines shown of a lone source."),
	{ "report", "words", SCHEMA_LINES, AT(secret_words), 0, 0, "", NULL,
	  "Words that never leave in evidence, one a line, such as names of projects; [...] "
	  "stands for them." },

	{ "send", "method", SCHEMA_CHOICE, AT(send_method), 0, 0, "sendmail",
	  "sendmail|smtp", "How reports leave." },
	{ "send", "sendmail", SCHEMA_TEXT, AT(sendmail), 0, 0, "/usr/sbin/sendmail",
	  NULL, "The program that takes mail." },
	TEXT("send", "smtp-url", smtp_url,
	     "The submission server, such as: smtp://mail.example.net:587 or smtps://..."),
	TEXT("send", "smtp-user", smtp_user, "User name there."),
	TEXT("send", "smtp-password-file", smtp_password_file,
	     "File that holds the password, readable by you alone; a bare name is a credential "
	     "of the service."),
	TEXT("send", "envelope", envelope,
	     "Envelope sender, where bounces go; your mail address where empty."),
	TEXT("send", "plus", plus,
	     "Reply address with %t for the report's token, such as: maria+%t@example.net; "
	     "used once 'tipoff init --try' saw that your server delivers such mail to you."),
	BOOL("send", "plus-from", from_plus, "no",
	     "Write From as the reply address with the token too, where plus is set."),
	COUNT("send", "cap-contact-day", cap_contact_day, 1, 1000, "1",
	      "Mails to one contact a day, first reports of one case together counted once."),
	COUNT("send", "cap-network-day", cap_network_day, 1, 1000, "3",
	      "Cases about one network a day, whoever its contacts are."),
	COUNT("send", "cap-day", cap_day, 1, 100000, "20", "Mails in all a day."),
	COUNT("send", "cap-total", cap_total, 0, 1000000000, "0",
	      "Mails in all, ever, until you raise it; 0: no such limit."),
	COUNT("send", "cap-corrections", cap_corrections, 1, 1000, "10",
	      "Corrections a day: they stand outside of the other caps."),
	{ "send", "window", SCHEMA_LINES, AT(window), 0, 0, "", NULL,
	  "When mail may leave, one row a line: days, hours and a time zone, such as: mon-fri "
	  "08:00-18:00 Europe/Berlin; any time where empty." },
	TEXT("send", "policy", policy,
	     "File that says what may be approved without you; nothing where empty."),
	COUNT("send", "single-reports", single_reports, 1, 100, "3",
	      "Up to so many sources of one contact are written as single mails."),
	DURATION(
		"send", "observation", observation_us, 0, 86400, "1 h",
		"How long draft advises to watch an attack before its first report goes out."),
	BOOL("send", "wide", wide, "no",
	     "Add the administrative, technical and billing contacts and the role mailboxes "
	     "of the domain to the recipients."),

	{ "databases", "report-to", SCHEMA_LIST, AT(databases), 0, 0, "", NULL,
	  "Public databases that are told as well, once you approved it: abuseipdb, "
	  "blocklist.de, dshield. They show it to everybody; none where empty." },
	TEXT("databases", "abuseipdb-key-file", abuseipdb_key_file,
	     "File that holds the API key of your account there, readable by you alone; a bare "
	     "name is a credential of the service."),
	TEXT("databases", "blocklist-de-server", blocklist_de_server,
	     "Mail address of your server, as blocklist.de has it."),
	TEXT("databases", "blocklist-de-key-file", blocklist_de_key_file,
	     "File that holds that server's API key, readable by you alone; a bare name is a "
	     "credential of the service."),
	{ "databases", "dshield-user", SCHEMA_TEXT, AT(dshield_user), 0, 0, "0", NULL,
	  "Your number at DShield, whose account has the mail address of [reporter]; 0 for "
	  "nobody in particular." },
	COUNT("databases", "cap-day", cap_database_day, 1, 10000, "50",
	      "Submissions to each database a day."),

	{ "contact", "format", SCHEMA_CHOICE, AT_CONTACT(format), 0, 0, "",
	  schema_report_formats,
	  "The machine-readable parts of reports to this contact; what is known of it decides "
	  "where empty, else xarf." },
};
const size_t schema_count = COUNT_OF(schema);
