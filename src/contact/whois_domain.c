/* Domain whois: "Label: value" records of today, and the indented blocks of the year 2000
 * ("Administrative Contact:" with a name and mail below it). Only what stands at the
 * beginning of a line is a label.                                                      */
#include "base/cursor.h"
#include "contact/offer.h"
#include "contact/signs.h"
#include "registry/charset.h"
#include "registry/registries.h"

#include <string.h>

static const double sure_registrar = 0.8, sure_labelled = 0.4, sure_block = 0.4;

static const struct {
	const char *label;
	enum contact_role role;
} labels[] = {
	{ "Registrar Abuse Contact Email", ROLE_ABUSE },
	{ "Abuse Email", ROLE_ABUSE },
	{ "Admin Email", ROLE_ADMINISTRATIVE },
	{ "Administrative Contact Email", ROLE_ADMINISTRATIVE },
	{ "Tech Email", ROLE_TECHNICAL },
	{ "Technical Contact Email", ROLE_TECHNICAL },
	{ "Billing Email", ROLE_BILLING },
	{ "Billing Contact Email", ROLE_BILLING },
	{ "Registrant Email", ROLE_REGISTRANT },
	{ "Registrant Contact Email", ROLE_REGISTRANT },
};

/* Words in the heading of an old block; a heading may name several roles. */
static const struct {
	const char *word;
	enum contact_role role;
} headings[] = {
	{ "administrative contact", ROLE_ADMINISTRATIVE },
	{ "admin contact", ROLE_ADMINISTRATIVE },
	{ "technical contact", ROLE_TECHNICAL },
	{ "zone contact", ROLE_TECHNICAL },
	{ "billing contact", ROLE_BILLING },
	{ "registrant contact", ROLE_REGISTRANT },
};

enum { BLOCK_LINES_MAX = 12 };

struct answer {
	struct offering *offering;
	struct slice domain;
	bool other; /* inside the record of another domain                 */
	bool found; /* the domain was named                                */
	unsigned block_roles; /* bit per role of the old block being read  */
	size_t block_lines;
};

static bool is_domain_label(struct slice label)
{
	return slice_equal_nocase(label, S("Domain Name")) ||
	       slice_equal_nocase(label, S("Domain"));
}

static void offer_as(struct answer *answer, enum contact_role role, struct slice value,
		     bool labelled)
{
	struct offer offer = { .role = role,
			       .scope = SCOPE_DOMAIN,
			       .object = answer->domain,
			       .confidence = role == ROLE_ABUSE ? sure_registrar
					     : labelled         ? sure_labelled
								: sure_block };

	if (labelled)
		offer_mail(answer->offering, value, &offer);
	else
		offer_mails_in(answer->offering, value, &offer);
}

/* A thin registry lists every name that begins alike: only the record of the domain
 * asked for counts. The first record's server wins.                                  */
static void read_label(struct answer *answer, struct slice label, struct slice value)
{
	struct reading *out = answer->offering->out;

	if (is_domain_label(label)) {
		if (slice_ends(value, S(".")))
			value.len--;
		answer->other = !slice_equal_nocase(value, answer->domain);
		answer->found |= !answer->other;
	}
	if (answer->other || value.len == 0)
		return;
	if ((slice_equal_nocase(label, S("Registrar WHOIS Server")) ||
	     slice_equal_nocase(label, S("Whois Server")) ||
	     slice_equal_nocase(label, S("refer"))) &&
	    !out->has_referral)
		out->has_referral = referral_parse(answer->offering->arena, value,
						   &out->referral) == 0;
	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (slice_equal_nocase(label, slice_of(labels[i].label)))
			offer_as(answer, labels[i].role, value, true);
}

/* The roles that a line names as a heading; 0 for any other line. */
static unsigned heading_roles(struct slice label, struct slice value)
{
	unsigned found = 0;

	if (value.len && slice_find_byte(value, '@') < 0)
		return 0;
	for (size_t i = 0; i < COUNT_OF(headings); i++)
		if (slice_find_nocase(label, slice_of(headings[i].word)) >= 0)
			found |= 1U << headings[i].role;
	return found;
}

/* Mail on the lines of an old block; it ends at an empty line or the next heading. */
static void read_block_line(struct answer *answer, struct slice line)
{
	if (answer->block_roles == 0 || answer->other)
		return;
	if (line.len == 0 || answer->block_lines++ == BLOCK_LINES_MAX) {
		answer->block_roles = 0;
		return;
	}
	for (unsigned role = 0; role <= ROLE_MAILBOX; role++)
		if (answer->block_roles & 1U << role)
			offer_as(answer, (enum contact_role)role, line, false);
}

static void read_line(struct answer *answer, struct slice line)
{
	ptrdiff_t colon = slice_find_byte(line, ':');
	struct slice label =
		slice_trim(slice_cut(line, 0, colon < 0 ? 0 : (size_t)colon));
	struct slice value =
		colon < 0 ? line : slice_trim(slice_from(line, (size_t)colon + 1));
	unsigned roles = colon < 0 ? 0 : heading_roles(label, value);

	if (roles) {
		answer->block_roles = roles;
		answer->block_lines = 0;
		read_block_line(answer, value.len ? value : S("-"));
		return;
	}
	if (colon > 0 && slice_starts_nocase(label, S("Record ")))
		answer->block_roles = 0;
	read_block_line(answer, line);
	if (colon > 0)
		read_label(answer, label, value);
}

void whois_domain_read(struct arena *arena, struct slice server, struct slice text,
		       struct slice domain, int64_t asked_at, struct reading *out)
{
	struct offering offering = { .arena = arena,
				     .out = out,
				     .server = arena_copy(arena, server),
				     .found_by = FOUND_WHOIS,
				     .asked_at = asked_at };
	struct answer answer = { .offering = &offering,
				 .domain = arena_copy(arena, domain) };
	struct cursor cursor;
	struct slice line;

	memset(out, 0, sizeof *out);
	text = arena_copy(arena, slice_cut(text, 0, READING_MAX_BYTES));
	if (slice_ends(answer.domain, S(".")))
		answer.domain.len--;
	out->state = signs_of(arena, text, &out->note);
	cursor = cursor_of(text);
	while (cursor_line(&cursor, &line)) {
		line = slice_trim(slice_cut(line, 0, 4096));
		if (slice_starts(line, S(">>> Last update")))
			break;
		if (line.len == 0 || (line.at[0] != '%' && line.at[0] != '#'))
			read_line(&answer, line);
	}
	if (out->state == READING_NOTHING && (answer.found || out->contacts.count))
		out->state = READING_ANSWER;
}
