/* conf/settings.h - the user's configuration, checked and typed.
 *
 * One schema table (conf/schema.c) makes the reading, the checks, the defaults, the
 * manual and the text that `init` writes. Files: --config FILE, else
 * $XDG_CONFIG_HOME/tipoff/tipoff.conf, else /etc/tipoff/tipoff.conf, each with its
 * folder conf.d beside it; none is fine, everything has a default.
 * All slices live as long as the struct; empty means not set. Times in microseconds.   */
#ifndef CONF_SETTINGS_H
#define CONF_SETTINGS_H

#include "base/arena.h"
#include "base/error.h"

/* Whether something may be asked: nobody asked the user yet, no, yes. */
enum consent { CONSENT_UNASKED, CONSENT_NO, CONSENT_YES };

struct settings_host { /* a row of [hosts]: log host = address [name]            */
	struct slice host; /* as the log writes it                               */
	struct slice address; /* public address, text                               */
	struct slice name; /* fully qualified, for the memo; may be empty        */
};
struct settings_hosts {
	struct settings_host *at;
	size_t count, room;
};

struct settings_contact { /* [contact "abuse@isp.example"]                       */
	struct slice address; /* a mail address or URL, as contacts have them         */
	struct slice format; /* of the machine-readable parts; empty: by default     */
};
struct settings_contacts {
	struct settings_contact *at;
	size_t count, room;
};

struct settings {
	struct slice path; /* of the main file; empty: no configuration          */

	/* [reporter] who you are */
	struct slice name, organisation, role, relation, mail, phone, provider, web;
	struct slice about; /* one clause on the organisation: "a small bookshop" */
	struct slice key; /* OpenPGP key id or fingerprint to sign with         */
	struct slice key_url; /* where the key lies                                 */
	bool wkd; /* it is found by its Web Key Directory too                        */
	struct slice certificate; /* X.509 certificate to sign with (S/MIME)        */

	/* [logs] */
	struct slices logs; /* default files and folders                          */
	struct slice zone; /* of stamps without a zone; empty: the system's      */
	struct slice
		zone_words; /* how you call it: "US Eastern (GMT-5)"; may be empty */
	bool clock_synchronised; /* you vouch for NTP on the logging hosts           */
	bool keep_compiled; /* rules, in the cache folder                        */
	struct slice rules; /* folder of rule files; empty: the installed ones    */
	int64_t threads; /* that match lines; 0: by the processors       */
	struct slices rule_names; /* which, empty: all                               */

	/* [hosts]; [own] addresses = ranges of yours, allow = never a source           */
	struct settings_hosts hosts;
	struct slices own, allow;
	bool sensor; /* mask the target address for everyone               */

	/* [mail] */
	struct slices relays; /* servers whose Received lines are believed         */
	struct slice imap_url; /* the box: imaps://host, imap://host/FOLDER         */
	struct slice imap_user, imap_password_file;

	/* [judge] thresholds, DESIGN.md section 5                                     */
	int64_t judge_failures; /* 10: failed logins that make a report         */
	int64_t judge_users; /* 3: or names tried                            */
	int64_t judge_sweep_targets; /* 3: hosts of yours hit on one port            */
	int64_t judge_scan_ports; /* 5: ports of one host that make a scan        */
	int64_t judge_dos_rate; /* 1000: packets or requests in one minute      */
	int64_t judge_days; /* 3: days of recurrence                        */
	int64_t judge_network_sources; /* 5: sources of one network                    */
	int64_t judge_stale_us; /* 72 h: older is held                          */
	int64_t judge_window_us; /* 24 h                                         */
	int64_t judge_compromise_failures; /* 3: failures before a success           */
	int64_t judge_known_login_us; /* 30 d: a login that worked is remembered    */
	int64_t judge_ipv6_prefix; /* 64                                           */
	int64_t judge_sources; /* 10,000,000 held at once by detect            */
	bool documentation_public; /* documentation ranges and names count         */

	/* [look-up] who learns what */
	enum consent registries; /* may registries be asked about sources           */
	enum consent reverse; /* may reverse names be looked up                  */
	struct slice registry_folder; /* dumps for the offline index; may be empty   */
	struct slices mirrors; /* "BEGINNING REPLACEMENT" of the dumps' URLs      */
	struct slice index; /* the compiled index; empty: in the state folder  */
	struct slice hosts_file; /* a static hosts table used instead of the DNS    */
	struct slice dns; /* "address:port" of the resolver; empty: system's */
	struct slices connect_to; /* "host:port:address:port" rows, as in curl       */
	struct slice ca_file;
	int64_t deadline_us; /* 15 s in total per address                       */
	struct slices budgets; /* "lacnic 10 1m 2" rows over data/budgets.txt      */
	int64_t wait_us; /* 5 m: for a server whose turn comes later        */
	struct slices
		own_contacts; /* the user's own: "KEY ADDRESS" rows              */
	struct slice providers, csirts; /* files of rows before the shipped ones   */
	enum consent mail_domains; /* may the contacts' mail domains be looked up  */
	enum consent security_txt; /* may confirmed names' web servers be asked    */
	struct slice traceroute; /* the program                                */
	enum consent trace; /* may packets be sent towards the source       */
	struct slices second_sources; /* abusix, abuse.net, ripestat              */
	struct slice bootstrap; /* folder with IANA RDAP files; empty: shipped     */

	/* [watch] */
	struct slices watch_syslog; /* "udp:127.0.0.1:5514" and the like              */
	struct slices watch_senders; /* ranges that may send to them                 */
	struct slice watch_journal; /* "system" or a folder; empty: none            */
	struct slices watch_matches; /* entries of the journal: "FIELD=VALUE", "+"   */
	int64_t watch_draft_us; /* 1 h between drafts; 0: never                      */
	int64_t watch_summary_us; /* 1 h between summaries; 0: none                  */

	/* [whoisd] */
	struct slices whoisd_listen; /* "127.0.0.1:43" and the like                   */
	struct slices whoisd_clients; /* ranges that may ask                         */
	struct slices whoisd_servers; /* hosts that may be named, beside registries   */
	int64_t whoisd_memory; /* 64 MiB of answers                            */
	int64_t whoisd_connections; /* 10,000 at once                            */
	int64_t whoisd_answers; /* 6000 a minute for one client                   */
	int64_t whoisd_questions; /* 120 of them that are asked of registries      */
	int64_t whoisd_summary_us; /* 1 h between summaries; 0: none                */
	bool whoisd_keep; /* answers outlive the process                       */

	/* [store] */
	struct slice store; /* file; empty: the state folder's                 */

	/* [report] */
	struct slice templates; /* folder of yours; empty: beside the configuration  */
	int64_t report_lines; /* 10: evidence lines of a lone source             */
	struct slices secret_words; /* never shown in evidence                   */

	/* [send] */
	struct slice send_method; /* "sendmail" or "smtp"                            */
	struct slice sendmail; /* path, /usr/sbin/sendmail                        */
	struct slice smtp_url; /* smtp://host:587 or smtps://host                 */
	struct slice smtp_user, smtp_password_file;
	struct slice envelope; /* envelope sender; empty: reporter's mail         */
	struct slice plus; /* "name+%t@domain" with %t the token; empty: none */
	bool from_plus; /* From is that address too                           */
	int64_t cap_contact_day; /* 1 mail a contact and day                        */
	int64_t cap_day; /* 20 mails a day in all                           */
	int64_t cap_network_day; /* 3 cases about one network a day                 */
	int64_t cap_total; /* mails in all, ever; 0: no such limit           */
	int64_t cap_corrections; /* 10 corrections a day                           */
	struct slices window; /* "mon-fri 08:00-18:00 Europe/Berlin"; empty: any time */
	struct slice policy; /* file of what may leave unattended; empty: nothing  */
	int64_t single_reports; /* 3: up to that many sources as single mails      */
	int64_t observation_us; /* 1 h before a first report is advised             */
	bool wide; /* add the wider list to the recipients            */

	/* [databases] public ones, which tell everybody; none unless named           */
	struct slices databases; /* "abuseipdb", "blocklist.de", "dshield"            */
	struct slice abuseipdb_key_file;
	struct slice blocklist_de_server,
		blocklist_de_key_file; /* mail address of yours */
	struct slice dshield_user; /* a number; 0: nobody in particular              */
	int64_t cap_database_day; /* 50 submissions to each a day                   */

	/* [contact "ADDRESS"] what you know of a contact */
	struct settings_contacts contacts;
};

/* Reads and checks. ERROR_CONFIG: "FILE:LINE:COL: ..." with "did you mean". */
struct settings_source {
	struct slice path; /* --config; empty: look in the usual places     */
	struct slices overrides; /* "section.key=value" from the command line     */
};
/* What was written about a contact; NULL for nothing. */
const struct settings_contact *settings_contact_find(const struct settings *settings,
						     struct slice address);
/* One more "section.key=value" as from the command line; contact "ADDRESS".key=value. */
MUST_CHECK int settings_override(struct arena *arena, struct settings *settings,
				 struct slice text, struct error *err);
MUST_CHECK int settings_read(struct arena *arena, const struct settings_source *source,
			     struct settings *out, struct error *err);

#endif
