/* The national registries of Korea, Japan and Taiwan (contacts.md 2.6). Their answers are
 * lines of "label : value" in blocks that begin with the network's range.              */
#include "base/cursor.h"
#include "contact/whois_readers.h"
#include "registry/charset.h"

static const double sure_abuse = 0.85, sure_network = 0.7, sure_wide = 0.3;

static void set_network(struct offering *offering, const struct range *range,
			const char *registry)
{
	struct network *network = &offering->out->network;

	offering->out->has_network = true;
	network->range = *range;
	network->handle =
		arena_copy(offering->arena, slice_of(range_format(range).text));
	network->registry = slice_of(registry);
	network->looked_up_at = offering->asked_at;
	network->found_in = offering->server;
}

static void nothing_unless(struct offering *offering, bool found)
{
	if (!found && offering->out->state == READING_ANSWER)
		offering->out->state = READING_NOTHING;
}

/* "Label   : value"; false where there is no colon. */
static bool labelled(struct slice line, struct slice *label, struct slice *value)
{
	ptrdiff_t colon = slice_find_byte(line, ':');

	if (colon < 0)
		return false;
	*label = slice_trim(slice_cut(line, 0, (size_t)colon));
	*value = slice_trim(slice_from(line, (size_t)colon + 1));
	return true;
}

/* Without "(/16+/18)" behind it. */
static int range_before_bracket(struct slice text, struct range *out)
{
	ptrdiff_t open = slice_find_byte(text, '(');

	return range_parse(
		open < 0 ? text : slice_trim(slice_cut(text, 0, (size_t)open)), out);
}

/* ---- KRNIC: the provider's block first, a customer's behind it ---------------------- */

struct krnic {
	struct offering *offering;
	const struct address *about;
	struct range range;
	bool holds;
	size_t blocks; /* that hold the address, in the language being read */
};

static void krnic_line(struct krnic *krnic, struct slice label, struct slice value)
{
	struct network *network = &krnic->offering->out->network;
	struct offer offer = { .role = ROLE_ABUSE, .range = krnic->range };

	if (slice_equal(label, S("IPv4 Address")) ||
	    slice_equal(label, S("IPv6 Address")) || slice_equal(label, S("IPv4")) ||
	    slice_equal(label, S("IPv6"))) {
		krnic->holds = range_before_bracket(value, &krnic->range) == 0 &&
			       (!krnic->about->family ||
				range_contains(&krnic->range, krnic->about));
		krnic->blocks += krnic->holds;
		if (krnic->holds)
			set_network(krnic->offering, &krnic->range, "krnic");
	}
	if (!krnic->holds)
		return;
	if (slice_equal(label, S("Organization Name")))
		network->organisation = charset_to_utf8(krnic->offering->arena, value);
	if (slice_equal(label, S("Service Name")) ||
	    slice_equal(label, S("Network Type")))
		network->name = charset_to_utf8(krnic->offering->arena, value);
	if (!slice_equal(label, S("E-Mail")))
		return;
	/* The customer's address may be junk: it is for the wide list only. */
	if (krnic->blocks > 1)
		offer.role = ROLE_TECHNICAL;
	offer.object = network->handle;
	offer.confidence = krnic->blocks > 1 ? sure_wide : sure_network;
	offer.scope = SCOPE_NETWORK;
	offer_mail(krnic->offering, value, &offer);
}

void whois_krnic_read(struct offering *offering, const struct registry *registry,
		      struct slice text, const struct address *about)
{
	struct krnic krnic = { .offering = offering, .about = about };
	struct cursor cursor = cursor_of(text);
	struct slice line, label, value;

	(void)registry;
	while (cursor_line(&cursor, &line)) {
		if (slice_starts(line, S("# ENGLISH")))
			krnic.blocks = 0;
		if (labelled(line, &label, &value))
			krnic_line(&krnic, label, value);
	}
	if (offering->out->has_network)
		offering->out->network.country = S("KR");
	nothing_unless(offering, offering->out->has_network);
}

/* ---- JPNIC: "a. [Network Number]   192.0.2.0/24" ------------------------------------ */

/* "a. [Label]   value" or, for IPv6, "[Label]   value". */
static bool bracketed(struct slice line, struct slice *label, struct slice *value)
{
	ptrdiff_t open = slice_find_byte(line, '[');
	ptrdiff_t end = slice_find_byte(line, ']');

	if (open < 0 || end < open || (open != 0 && open != 3))
		return false;
	*label = slice_trim(slice_cut(line, (size_t)open + 1, (size_t)end));
	*value = slice_trim(slice_from(line, (size_t)end + 1));
	return true;
}

struct jpnic {
	struct offering *offering;
	const struct address *about;
	bool holds;
	struct slice technical; /* handle, to be asked where no mail is given */
};

static void jpnic_mail(struct jpnic *jpnic, struct slice label, struct slice value)
{
	struct offer offer = { .scope = SCOPE_NETWORK,
			       .object = jpnic->offering->out->network.handle,
			       .range = jpnic->offering->out->network.range };

	if (slice_equal(label, S("Abuse"))) {
		offer.role = ROLE_ABUSE;
		offer.confidence = sure_abuse;
		offer_mail(jpnic->offering, value, &offer);
	} else if (slice_equal(label, S("E-Mail"))) {
		offer.role = ROLE_TECHNICAL;
		offer.confidence = sure_wide;
		offer_mail(jpnic->offering, value, &offer);
	}
}

static void jpnic_line(struct jpnic *jpnic, struct slice label, struct slice value)
{
	struct reading *out = jpnic->offering->out;
	struct range range;

	if (slice_equal(label, S("Network Number")) && !out->has_network) {
		jpnic->holds =
			range_parse(value, &range) == 0 &&
			(!jpnic->about->family || range_contains(&range, jpnic->about));
		if (jpnic->holds)
			set_network(jpnic->offering, &range, "jpnic");
	}
	/* A contact's record, asked for by the handle that a network's record gave. */
	if (!out->has_network && (slice_equal(label, S("JPNIC Handle")) ||
				  slice_equal(label, S("Group Handle"))))
		jpnic->holds = true;
	if (!jpnic->holds && jpnic->about->family)
		return;
	if (slice_equal(label, S("Network Name")))
		out->network.name = charset_to_utf8(jpnic->offering->arena, value);
	if (slice_equal(label, S("Organization")))
		out->network.organisation =
			charset_to_utf8(jpnic->offering->arena, value);
	if (slice_equal(label, S("Technical Contact")) ||
	    (slice_equal(label, S("Administrative Contact")) && !jpnic->technical.len))
		jpnic->technical = value;
	jpnic_mail(jpnic, label, value);
}

static bool is_handle(struct slice text)
{
	if (text.len == 0 || text.len > 40)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alnum(text.at[i]) && text.at[i] != '-')
			return false;
	return true;
}

void whois_jpnic_read(struct offering *offering, const struct registry *registry,
		      struct slice text, const struct address *about)
{
	struct jpnic jpnic = { .offering = offering, .about = about };
	struct cursor cursor = cursor_of(text);
	struct slice line, label, value;

	(void)registry;
	while (cursor_line(&cursor, &line))
		if (bracketed(line, &label, &value))
			jpnic_line(&jpnic, label, value);
	if (offering->out->has_network) {
		offering->out->network.country = S("JP");
		if (offering->out->contacts.count == 0 && is_handle(jpnic.technical))
			offering->out->handle_query = jpnic.technical;
	}
	nothing_unless(offering,
		       offering->out->has_network || offering->out->contacts.count);
}

/* ---- TWNIC: headed paragraphs, a mail on a line of its own -------------------------- */

static const struct {
	const char *label;
	enum contact_role role;
	double confidence;
} twnic_heads[] = {
	{ "Administrator contact", ROLE_ADMINISTRATIVE, 0.3 },
	{ "Technical contact", ROLE_TECHNICAL, 0.3 },
	{ "Abuse contact", ROLE_ABUSE, 0.85 },
	{ "Spam contact", ROLE_ABUSE, 0.8 },
};

static void twnic_network(struct offering *offering, struct slice label,
			  struct slice value, const struct address *about)
{
	struct network *network = &offering->out->network;
	struct range range;

	if (slice_equal_nocase(label, S("Netblock")) &&
	    range_parse(value, &range) == 0 &&
	    (!about->family || range_contains(&range, about)))
		set_network(offering, &range, "twnic");
	if (slice_equal_nocase(label, S("Netname")))
		network->name = charset_to_utf8(offering->arena, value);
	if (slice_equal_nocase(label, S("Organization")) ||
	    slice_equal_nocase(label, S("Organization Name")))
		network->organisation = charset_to_utf8(offering->arena, value);
}

void whois_twnic_read(struct offering *offering, const struct registry *registry,
		      struct slice text, const struct address *about)
{
	struct offer offer = { .role = ROLE_TECHNICAL,
			       .scope = SCOPE_NETWORK,
			       .confidence = sure_wide };
	struct cursor cursor = cursor_of(text);
	struct slice line, label, value;

	(void)registry;
	while (cursor_line(&cursor, &line)) {
		if (labelled(line, &label, &value))
			twnic_network(offering, label, value, about);
		else
			label = slice_of(NULL);
		for (size_t i = 0; i < COUNT_OF(twnic_heads); i++)
			if (slice_equal_nocase(label, slice_of(twnic_heads[i].label))) {
				offer.role = twnic_heads[i].role;
				offer.confidence = twnic_heads[i].confidence;
			}
		offer.range = offering->out->network.range;
		offer.object = offering->out->network.handle;
		if (offering->out->has_network && line.len < 400)
			offer_mails_in(offering, line, &offer);
	}
	if (offering->out->has_network)
		offering->out->network.country = S("TW");
	nothing_unless(offering, offering->out->has_network);
}
