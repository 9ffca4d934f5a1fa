#include "registry/registries.h"

/* Reviewed 2026-11-22 against IANA's lists of registries. */
static const struct registry registries[] = {
	{ "ripe", "whois.ripe.net", "rdap.db.ripe.net", WHOIS_RPSL, NULL },
	{ "apnic", "whois.apnic.net", "rdap.apnic.net", WHOIS_RPSL, NULL },
	{ "afrinic", "whois.afrinic.net", "rdap.afrinic.net", WHOIS_RPSL, NULL },
	{ "arin", "whois.arin.net", "rdap.arin.net", WHOIS_ARIN, NULL },
	{ "lacnic", "whois.lacnic.net", "rdap.lacnic.net", WHOIS_LACNIC, NULL },
	{ "nicbr", "whois.registro.br", "rdap.registro.br", WHOIS_LACNIC,
	  "whois.nic.br" },
	{ "krnic", "whois.krnic.net", NULL, WHOIS_KRNIC, "whois.kisa.or.kr" },
	{ "jpnic", "whois.nic.ad.jp", "jpnic.rdap.apnic.net", WHOIS_JPNIC, NULL },
	{ "twnic", "whois.twnic.net.tw", NULL, WHOIS_TWNIC, "whois.twnic.net" },
	{ "cnnic", NULL, NULL, WHOIS_RPSL, NULL },
	{ "idnic", NULL, NULL, WHOIS_RPSL, NULL },
	{ "vnnic", NULL, NULL, WHOIS_RPSL, NULL },
	{ "irinn", NULL, NULL, WHOIS_RPSL, NULL },
	{ "iana", "whois.iana.org", NULL, WHOIS_RPSL, NULL },
};

/* Words, as the registries write each other's names; longer ones first. */
static const struct {
	const char *word, *registry;
} words[] = {
	{ "ripe", "ripe" },
	{ "asia pacific", "apnic" },
	{ "apnic", "apnic" },
	{ "afrinic", "afrinic" },
	{ "lacnic", "lacnic" },
	{ "arin", "arin" },
	{ "american registry", "arin" },
};

/* Values that only the national registry itself can put on an object: `source:` is the
 * server's word, the maintainers and irts are the registries' own.                    */
static const struct {
	const char *value, *registry;
} nationals[] = {
	{ "JPNIC", "jpnic" },          { "MAINT-JPNIC", "jpnic" },
	{ "IRT-JPNIC-JP", "jpnic" },   { "KRNIC", "krnic" },
	{ "MNT-KRNIC-AP", "krnic" },   { "IRT-KRNIC-KR", "krnic" },
	{ "TWNIC", "twnic" },          { "MAINT-TW-TWNIC", "twnic" },
	{ "IRT-TWNIC-AP", "twnic" },   { "CNNIC", "cnnic" },
	{ "MAINT-CNNIC-AP", "cnnic" }, { "IRT-CNNIC-CN", "cnnic" },
	{ "IDNIC", "idnic" },          { "VNNIC", "vnnic" },
	{ "IRINN", "irinn" },
};

/* contacts.md 2.2, learnt from the delegated file of 2013; to be learnt anew yearly. */
static const struct {
	const char *id, *registry;
} opaque_ids[] = {
	{ "A91A7381", "jpnic" }, { "A9149F3E", "krnic" }, { "A9162E3D", "cnnic" },
	{ "A91BDB29", "twnic" }, { "A9186214", "idnic" }, { "A91A560A", "vnnic" },
	{ "A918EDB2", "irinn" },
};

const struct registry *registry_named(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(registries); i++)
		if (slice_equal_nocase(name, slice_of(registries[i].name)))
			return &registries[i];
	return NULL;
}

/* The host in "https://host:port/path". */
static struct slice bare_host(struct slice text)
{
	ptrdiff_t scheme = slice_find(text, S("://"));
	size_t end = 0;

	if (scheme >= 0)
		text = slice_from(text, (size_t)scheme + 3);
	while (end < text.len && text.at[end] != '/' && text.at[end] != ':')
		end++;
	text = slice_cut(text, 0, end);
	if (slice_ends(text, S(".")))
		text.len--;
	return text;
}

/* `host` is `name` or a name below it. */
static bool is_below(struct slice host, const char *name)
{
	struct slice want = slice_of(name);

	if (!name || host.len < want.len)
		return false;
	if (!slice_equal_nocase(slice_from(host, host.len - want.len), want))
		return false;
	return host.len == want.len || host.at[host.len - want.len - 1] == '.';
}

const struct registry *registry_of_host(struct slice host)
{
	host = bare_host(host);
	for (size_t i = 0; i < COUNT_OF(registries); i++) {
		const struct registry *registry = &registries[i];

		if ((registry->whois &&
		     slice_equal_nocase(host, slice_of(registry->whois))) ||
		    (registry->alias &&
		     slice_equal_nocase(host, slice_of(registry->alias))))
			return registry;
	}
	/* The longer name first: jpnic.rdap.apnic.net is below rdap.apnic.net. */
	for (size_t i = COUNT_OF(registries); i-- > 0;)
		if (is_below(host, registries[i].rdap))
			return &registries[i];
	return NULL;
}

bool registry_takes_flags(const struct registry *registry)
{
	return registry && registry->whois && registry->family == WHOIS_RPSL &&
	       !slice_equal(slice_of(registry->name), S("iana"));
}

const struct registry *registry_in_words(struct slice text)
{
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (slice_find_nocase(text, slice_of(words[i].word)) >= 0)
			return registry_named(slice_of(words[i].registry));
	return NULL;
}

const struct registry *registry_national(struct slice value)
{
	for (size_t i = 0; i < COUNT_OF(nationals); i++)
		if (slice_equal_nocase(value, slice_of(nationals[i].value)))
			return registry_named(slice_of(nationals[i].registry));
	return NULL;
}

const struct registry *registry_of_opaque_id(struct slice id)
{
	for (size_t i = 0; i < COUNT_OF(opaque_ids); i++)
		if (slice_equal_nocase(id, slice_of(opaque_ids[i].id)))
			return registry_named(slice_of(opaque_ids[i].registry));
	return NULL;
}

static bool is_host_name(struct slice host)
{
	static const char *const inside[] = { ".localhost", ".local",       ".internal",
					      ".invalid",   ".localdomain", ".arpa" };
	struct slice label = { 0 };
	size_t labels = 0;
	bool numeric = true;

	for (struct slice rest = host; slice_next(&rest, '.', &label); labels++) {
		if (label.len == 0 || label.len > 63 || label.at[0] == '-')
			return false;
		for (size_t i = 0; i < label.len; i++)
			if (!ascii_is_alnum(label.at[i]) && label.at[i] != '-')
				return false;
	}
	for (size_t i = 0; i < label.len; i++)
		numeric &= ascii_is_digit(label.at[i]);
	for (size_t i = 0; i < COUNT_OF(inside); i++)
		if (slice_ends(host, slice_of(inside[i])))
			return false;
	return labels >= 2 && !numeric && host.len <= 253;
}

int referral_parse(struct arena *arena, struct slice text, struct referral *out)
{
	struct slice host, rest;
	bool rwhois = slice_starts_nocase(text, S("rwhois://"));
	uint64_t port = rwhois ? 4321 : 43;

	if (rwhois || slice_starts_nocase(text, S("whois://")))
		text = slice_from(text, rwhois ? 9 : 8);
	else if (slice_find(text, S("://")) >= 0)
		return -1;
	host = bare_host(text);
	rest = slice_from(text, host.len);
	if (slice_starts(rest, S(".")))
		rest = slice_from(rest, 1);
	if (slice_starts(rest, S(":"))) {
		ptrdiff_t slash = slice_find_byte(rest, '/');
		size_t end = slash < 0 ? rest.len : (size_t)slash;

		if (slice_to_u64(slice_cut(rest, 1, end), 65535, &port) < 0)
			return -1;
	}
	host = arena_lower(arena, host);
	if ((port != 43 && port != 4321) || !is_host_name(host))
		return -1;
	*out = (struct referral){ host, (uint16_t)port, rwhois || port == 4321 };
	return 0;
}

bool is_placeholder_name(struct slice name)
{
	static const char *const prefixes[] = {
		"NON-RIPE-NCC-MANAGED", "IANA-BLK", "IANA-BLOCK",
		"IANA-NETBLOCK",        "STUB-",    "ERX-NETBLOCK"
	};

	for (size_t i = 0; i < COUNT_OF(prefixes); i++)
		if (slice_starts_nocase(name, slice_of(prefixes[i])))
			return true;
	return false;
}

bool is_registry_maintainer(struct slice handle)
{
	static const char *const handles[] = { "RIPE-NCC-HM-MNT", "APNIC-HM",
					       "APNIC-STUB",      "MAINT-APNIC-AP",
					       "AFRINIC-HM-MNT",  "LACNIC-HM-MNT" };

	for (size_t i = 0; i < COUNT_OF(handles); i++)
		if (slice_equal_nocase(handle, slice_of(handles[i])))
			return true;
	return false;
}

bool range_is_everything(const struct range *range)
{
	return range_prefix(range) == 0;
}
