#include "contact/contact.h"

const char *contact_kind_name(enum contact_kind kind)
{
	static const char *const names[] = {
		[CONTACT_EMAIL] = "email",
		[CONTACT_FORM] = "form",
		[CONTACT_API] = "api",
	};

	return names[kind];
}

const char *contact_scope_name(enum contact_scope scope)
{
	static const char *const names[] = {
		[SCOPE_NETWORK] = "network", [SCOPE_ORGANISATION] = "organisation",
		[SCOPE_PARENT] = "parent",   [SCOPE_DOMAIN] = "domain",
		[SCOPE_CSIRT] = "csirt",     [SCOPE_UPSTREAM] = "upstream",
	};

	return names[scope];
}

const char *found_by_name(enum found_by found_by)
{
	static const char *const names[] = {
		[FOUND_RDAP] = "rdap",
		[FOUND_WHOIS] = "whois",
		[FOUND_RWHOIS] = "rwhois",
		[FOUND_INDEX] = "index",
		[FOUND_DNS] = "dns",
		[FOUND_TABLE] = "table",
		[FOUND_CONVENTION] = "convention",
		[FOUND_USER] = "configuration",
		[FOUND_SECOND] = "second-source",
		[FOUND_WEB] = "web",
	};

	return names[found_by];
}

const char *contact_role_name(enum contact_role role)
{
	static const char *const names[] = {
		[ROLE_ABUSE] = "abuse",
		[ROLE_ADMINISTRATIVE] = "administrative",
		[ROLE_TECHNICAL] = "technical",
		[ROLE_BILLING] = "billing",
		[ROLE_REGISTRANT] = "registrant",
		[ROLE_MAILBOX] = "mailbox",
	};

	return names[role];
}

bool contact_is_url(struct slice address)
{
	return slice_starts_nocase(address, S("https://")) ||
	       slice_starts_nocase(address, S("http://"));
}

bool contact_url_valid(struct slice url)
{
	for (size_t i = 0; i < url.len; i++)
		if (url.at[i] <= ' ' || url.at[i] > '~' ||
		    slice_find_byte(S("\"<>\\`"), url.at[i]) >= 0)
			return false;
	return slice_starts(url, S("https://")) && url.len > 12 && url.len <= 500;
}

bool contact_unencrypted(const struct contact *contact)
{
	switch (contact->found_by) {
	case FOUND_WHOIS:
	case FOUND_RWHOIS:
		return true;
	case FOUND_RDAP:
		return slice_starts_nocase(contact->server, S("http://"));
	case FOUND_INDEX:
	case FOUND_DNS:
	case FOUND_TABLE:
	case FOUND_CONVENTION:
	case FOUND_USER:
	case FOUND_SECOND:
	case FOUND_WEB:
		break;
	}
	return false;
}
