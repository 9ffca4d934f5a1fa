#include "event/jail_action.h"

#include "event/filter_name.h"

static const struct {
	const char *name;
	const char *does;
} REPORTERS[] = {
	{ "complain", "mails the abuse contact of every address" },
	{ "xarf-login-attack", "mails X-ARF to the abuse contact of every address" },
	{ "abuseipdb", "reports every address to AbuseIPDB" },
	{ "blocklist_de", "reports every address to blocklist.de, which mails its "
			  "abuse contact" },
	{ "badips", "reports every address to badips.com" },
	{ "badips.py", "reports every address to badips.com" },
	{ "dshield", "reports every address to DShield" },
	{ "ipthreat", "reports every address to IPThreat" },
	{ "mynetwatchman", "reports every address to myNetWatchman" },
	{ "crowdsec", "reports every address to CrowdSec" },
};

static const struct ini_var *parameter(const struct ini_vars *parameters,
				       const char *name)
{
	for (size_t i = 0; i < parameters->count; i++) {
		if (slice_equal(parameters->at[i].name, slice_of(name)))
			return &parameters->at[i];
	}
	return NULL;
}

/* mail, mail-whois-lines, sendmail-whois, sendmail-geoip-lines, smtp.py ... */
static bool is_mail(struct slice name)
{
	return slice_equal(name, S("mail")) || slice_starts(name, S("mail-")) ||
	       slice_equal(name, S("sendmail")) || slice_starts(name, S("sendmail-")) ||
	       slice_equal(name, S("smtp.py"));
}

/* root, root@localhost, root@localhost.localdomain: whoever runs this machine. */
static bool is_here(struct slice address)
{
	ptrdiff_t at = slice_find_byte(address, '@');
	struct slice host = slice_from(address, (size_t)(at + 1));

	return at < 0 || slice_equal_nocase(host, S("localhost")) ||
	       slice_equal_nocase(host, S("localhost.localdomain"));
}

static void action_add(struct arena *arena, struct slice name,
		       const struct ini_vars *parameters, struct jail_reporters *out)
{
	const struct ini_var *dest = parameter(parameters, "dest");

	if (is_mail(name) && dest && !is_here(dest->value)) {
		*LIST_ADD(arena, out) =
			(struct jail_reporter){ name, "mails about every ban",
						dest->value };
		return;
	}
	for (size_t i = 0; i < COUNT_OF(REPORTERS); i++) {
		if (slice_equal(name, slice_of(REPORTERS[i].name)))
			*LIST_ADD(arena, out) =
				(struct jail_reporter){ .action = name,
							.does = REPORTERS[i].does };
	}
}

/* Where the action at the front ends: at a blank outside of [...]. */
static size_t action_end(struct slice text)
{
	bool inside = false;
	char quote = '\0';
	size_t end = 0;

	for (; end < text.len; end++) {
		char c = text.at[end];

		if (quote) {
			quote = c == quote ? '\0' : quote;
			continue;
		}
		if (inside && (c == '"' || c == '\''))
			quote = c;
		else if (c == '[' || c == ']')
			inside = c == '[';
		else if (!inside && ascii_is_space(c))
			break;
	}
	return end;
}

void jail_actions_parse(struct arena *arena, struct slice text,
			struct jail_reporters *out)
{
	while (text.len > 0) {
		struct ini_vars parameters = { 0 };
		size_t end = action_end(text);
		struct slice action = slice_cut(text, 0, end), name;
		struct error ignored;

		text = slice_from(text, end + 1);
		if (action.len == 0)
			continue;
		if (filter_name_parse(arena, action, &name, &parameters, &ignored) != 0)
			name = slice_cut(action, 0,
					 (size_t)slice_find_byte(action, '['));
		action_add(arena, name, &parameters, out);
	}
}
