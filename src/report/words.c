#include "report/words.h"

static const struct category_words CATEGORIES[CATEGORY_COUNT] = {
	[CATEGORY_BACKSCATTER] = {
		.one = "backscatter",
		.many = "backscatter",
		.unchecked = "our log shows the answers only",
	},
	[CATEGORY_PROBE] = {
		.one = "probe",
		.many = "probes",
		.unchecked = "our log shows the connection attempts only",
	},
	[CATEGORY_SCAN] = {
		.one = "port scan",
		.many = "port scans",
		.unchecked = "our log shows the connection attempts only",
	},
	[CATEGORY_SWEEP] = {
		.one = "sweep",
		.many = "sweeps",
		.unchecked = "our log shows the connection attempts only",
	},
	[CATEGORY_DOS] = {
		.one = "flood",
		.many = "floods",
		.unchecked = "our log shows the traffic only",
	},
	[CATEGORY_MAIL_ABUSE] = {
		.one = "mail abuse",
		.many = "mail abuse",
		.unchecked = "our log shows the mail dialogue only",
	},
	[CATEGORY_LOGIN_ATTACK] = {
		.one = "login attack",
		.many = "login attacks",
		.unchecked = "we read the failed logins only",
	},
	[CATEGORY_EXPLOIT_ATTEMPT] = {
		.one = "exploit attempt",
		.many = "exploit attempts",
		.unchecked = "our log shows the requests, not what they did",
	},
	[CATEGORY_COMPROMISE] = {
		.one = "break-in",
		.many = "break-ins",
		.unchecked = "",
	},
};

const struct category_words *category_words(enum category category)
{
	return &CATEGORIES[category < CATEGORY_COUNT ? category : CATEGORY_PROBE];
}

/* A slice in a static table: there S() is no constant. */
#define W(literal)                             \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}

static const struct {
	struct slice service, label;
} SERVICES[] = {
	{ W("ssh"), W("SSH") },
	{ W("ftp"), W("FTP") },
	{ W("smtp"), W("SMTP") },
	{ W("submission"), W("SMTP") },
	{ W("imap"), W("IMAP") },
	{ W("pop3"), W("POP3") },
	{ W("mail"), W("mail") },
	{ W("http"), W("web") },
	{ W("https"), W("web") },
	{ W("web"), W("web") },
	{ W("telnet"), W("Telnet") },
	{ W("rdp"), W("RDP") },
	{ W("sieve"), W("Sieve") },
	{ W("mysql"), W("MySQL") },
	{ W("smb"), W("SMB") },
	{ W("dns"), W("DNS") },
	{ W("mssql"), W("MSSQL") },
	{ W("openvpn"), W("OpenVPN") },
	{ W("cockpit"), W("Cockpit") },
	{ W("proxmox"), W("Proxmox") },
	{ W("gitlab"), W("GitLab") },
	{ W("gitea"), W("Gitea") },
	{ W("keycloak"), W("Keycloak") },
	{ W("authelia"), W("Authelia") },
	{ W("authentik"), W("authentik") },
	{ W("webmin"), W("Webmin") },
	{ W("cpanel"), W("cPanel") },
	{ W("zimbra"), W("Zimbra") },
	{ W("harbor"), W("Harbor") },
	{ W("immich"), W("Immich") },
	{ W("jellyfin"), W("Jellyfin") },
	{ W("magento"), W("Magento") },
	{ W("mongodb"), W("MongoDB") },
	{ W("postgresql"), W("PostgreSQL") },
	{ W("wireguard"), W("WireGuard") },
	{ W("ipsec"), W("IPsec") },
	{ W("redmine"), W("Redmine") },
	{ W("bookstack"), W("BookStack") },
	{ W("paperless"), W("Paperless-ngx") },
	{ W("zoneminder"), W("ZoneMinder") },
	{ W("qbittorrent"), W("qBittorrent") },
	{ W("calibre-web"), W("Calibre-Web") },
	{ W("overseerr"), W("Overseerr") },
	{ W("technitium"), W("Technitium") },
	{ W("meshcentral"), W("MeshCentral") },
	{ W("other"), W("network") },
};

struct slice service_label(struct arena *arena, struct slice service)
{
	for (size_t i = 0; i < COUNT_OF(SERVICES); i++)
		if (slice_equal_nocase(service, SERVICES[i].service))
			return SERVICES[i].label;
	if (service.len > 5)
		return service;
	return arena_upper(arena, service);
}

static const struct slice COMMON_USERS[] = {
	W("root"),      W("admin"),      W("administrator"), W("anonymous"),
	W("ansible"),   W("apache"),     W("backup"),        W("bin"),
	W("centos"),    W("cisco"),      W("daemon"),        W("debian"),
	W("default"),   W("demo"),       W("deploy"),        W("dev"),
	W("docker"),    W("ec2-user"),   W("elastic"),       W("es"),
	W("ftp"),       W("ftpuser"),    W("games"),         W("git"),
	W("guest"),     W("hadoop"),     W("info"),          W("jenkins"),
	W("lp"),        W("mail"),       W("minecraft"),     W("mongodb"),
	W("mysql"),     W("nagios"),     W("nginx"),         W("nobody"),
	W("odoo"),      W("operator"),   W("oracle"),        W("pi"),
	W("postgres"),  W("postmaster"), W("redis"),         W("sa"),
	W("samba"),     W("server"),     W("service"),       W("steam"),
	W("student"),   W("support"),    W("sys"),           W("system"),
	W("teamspeak"), W("test"),       W("test1"),         W("test2"),
	W("testuser"),  W("tomcat"),     W("ts3"),           W("ubnt"),
	W("ubuntu"),    W("user"),       W("user1"),         W("vagrant"),
	W("web"),       W("webadmin"),   W("webmaster"),     W("www"),
	W("www-data"),  W("zabbix"),
};

static const char *const TCP_SERVICES[] = {
	"ssh",   "ftp", "smtp",   "submission", "imap",  "pop3",  "http",
	"https", "web", "telnet", "rdp",        "sieve", "mysql", "managesieve",
};

bool service_is_tcp(struct slice service)
{
	for (size_t i = 0; i < COUNT_OF(TCP_SERVICES); i++)
		if (slice_equal_nocase(service, slice_of(TCP_SERVICES[i])))
			return true;
	return false;
}

bool user_is_common(struct slice user)
{
	for (size_t i = 0; i < COUNT_OF(COMMON_USERS); i++)
		if (slice_equal_nocase(user, COMMON_USERS[i]))
			return true;
	return false;
}

#define HINT_POOL                                                                \
	"suggests an address that is lent for a while, as on dial-up; behind "   \
	"those there is often a stolen account, or a computer at home that was " \
	"taken over"
#define HINT_LINE                                                                  \
	"suggests a fixed line such as DSL or cable; behind those there is often " \
	"a computer that was taken over without its owner's knowledge"
#define HINT_HOSTING                                                          \
	"suggests a hosted server; those that do this are often broken into " \
	"themselves"

/* Whole runs of letters in a name, first hit wins: a pool of DSL lines is a pool. */
static const struct {
	struct slice word;
	const char *hint;
} HINTS[] = {
	{ W("dyn"), HINT_POOL },          { W("dynamic"), HINT_POOL },
	{ W("dynip"), HINT_POOL },        { W("pool"), HINT_POOL },
	{ W("dial"), HINT_POOL },         { W("dialup"), HINT_POOL },
	{ W("dialin"), HINT_POOL },       { W("ppp"), HINT_POOL },
	{ W("pppoe"), HINT_POOL },        { W("isdn"), HINT_POOL },
	{ W("modem"), HINT_POOL },        { W("dhcp"), HINT_POOL },
	{ W("dsl"), HINT_LINE },          { W("adsl"), HINT_LINE },
	{ W("vdsl"), HINT_LINE },         { W("cable"), HINT_LINE },
	{ W("ftth"), HINT_LINE },         { W("fiber"), HINT_LINE },
	{ W("fibre"), HINT_LINE },        { W("cpe"), HINT_LINE },
	{ W("broadband"), HINT_LINE },    { W("leased"), HINT_LINE },
	{ W("vps"), HINT_HOSTING },       { W("hosting"), HINT_HOSTING },
	{ W("server"), HINT_HOSTING },    { W("srv"), HINT_HOSTING },
	{ W("cloud"), HINT_HOSTING },     { W("kvm"), HINT_HOSTING },
	{ W("vm"), HINT_HOSTING },        { W("colo"), HINT_HOSTING },
	{ W("dedicated"), HINT_HOSTING }, { W("host"), HINT_HOSTING },
};

static bool has_word(struct slice name, struct slice word)
{
	size_t i = 0;

	while (i < name.len) {
		size_t end = i;

		while (end < name.len && ascii_is_alpha(name.at[end]))
			end++;
		if (slice_equal_nocase(slice_cut(name, i, end), word))
			return true;
		i = end + 1;
	}
	return false;
}

const char *line_hint(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(HINTS); i++)
		if (has_word(name, HINTS[i].word))
			return HINTS[i].hint;
	return NULL;
}

const char *line_unknown(void)
{
	return "It may be a customer who disregards your terms of use or, just as often, "
	       "a machine that was taken over.";
}

static const struct {
	struct slice given;
	struct slice one, many;
} RELATIONS[] = {
	{ W("ours"), W("our machine"), W("our machines") },
	{ W("our machine"), W("our machine"), W("our machines") },
	{ W("a machine of ours"), W("a machine of ours"), W("machines of ours") },
	{ W("own"), W("our machine"), W("our machines") },
	{ W("owner"), W("a machine I own"), W("machines I own") },
	{ W("mine"), W("a machine I own"), W("machines I own") },
	{ W("my machine"), W("a machine I own"), W("machines I own") },
	{ W("a machine I own"), W("a machine I own"), W("machines I own") },
	{ W("customer"), W("our customer's machine"), W("our customers' machines") },
	{ W("our customer's"), W("our customer's machine"),
	  W("our customers' machines") },
	{ W("our customer's machine"), W("our customer's machine"),
	  W("our customers' machines") },
};

struct slice relation_words(struct slice relation, bool many)
{
	for (size_t i = 0; i < COUNT_OF(RELATIONS); i++)
		if (slice_equal_nocase(relation, RELATIONS[i].given))
			return many ? RELATIONS[i].many : RELATIONS[i].one;
	return relation;
}
