/* RWhois (RFC 2167): "class:Attribute[;type]:value" lines, records cut by empty lines,
 * "%" lines for the protocol (contacts.md 2.7).                                        */
#include "base/cursor.h"
#include "contact/offer.h"
#include "registry/charset.h"

#include <string.h>

static const struct {
	const char *attribute; /* lower case, without the type */
	enum contact_role role;
	double confidence;
} mails[] = {
	{ "abuse-contact", ROLE_ABUSE, 0.85 },
	{ "abuse-email", ROLE_ABUSE, 0.85 },
	{ "abuse-mail", ROLE_ABUSE, 0.85 },
	{ "tech-contact", ROLE_TECHNICAL, 0.3 },
	{ "technical-contact", ROLE_TECHNICAL, 0.3 },
	{ "admin-contact", ROLE_ADMINISTRATIVE, 0.3 },
};

struct answer {
	struct offering *offering;
	const struct address *about;
	struct range range; /* of the record being read; family 0: none yet */
	bool holds;
};

/* "network:Abuse-Contact;I:value" */
static bool split(struct slice line, struct slice *attribute, struct slice *value)
{
	ptrdiff_t class = slice_find_byte(line, ':');
	ptrdiff_t end;
	ptrdiff_t type;

	if (class <= 0 || line.at[0] == '%')
		return false;
	line = slice_from(line, (size_t) class + 1);
	end = slice_find_byte(line, ':');
	if (end < 0)
		return false;
	*attribute = slice_cut(line, 0, (size_t)end);
	type = slice_find_byte(*attribute, ';');
	if (type >= 0)
		*attribute = slice_cut(*attribute, 0, (size_t)type);
	*value = slice_trim(slice_from(line, (size_t)end + 1));
	return true;
}

static void read_range(struct answer *answer, struct slice attribute,
		       struct slice value)
{
	struct reading *out = answer->offering->out;
	struct range range;

	if ((!slice_equal_nocase(attribute, S("IP-Network")) &&
	     !slice_equal_nocase(attribute, S("IP-Network-Block"))) ||
	    range_parse(value, &range) < 0)
		return;
	answer->holds = !answer->about->family || range_contains(&range, answer->about);
	if (!answer->holds ||
	    (out->has_network && !range_covers(&out->network.range, &range)))
		return;
	answer->range = range;
	out->has_network = true;
	out->network.range = range;
	out->network.looked_up_at = answer->offering->asked_at;
	out->network.found_in = answer->offering->server;
}

static void read_facts(struct answer *answer, struct slice attribute,
		       struct slice value)
{
	struct network *network = &answer->offering->out->network;
	const struct {
		const char *attribute;
		struct slice *field;
	} rows[] = {
		{ "Organization", &network->organisation },
		{ "Org-Name", &network->organisation },
		{ "Organization-Name", &network->organisation },
		{ "Network-Name", &network->name },
		{ "ID", &network->handle },
		{ "Country-Code", &network->country },
		{ "Country", &network->country },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (slice_equal_nocase(attribute, slice_of(rows[i].attribute)))
			*rows[i].field =
				charset_to_utf8(answer->offering->arena, value);
}

/* An abuse contact may be a mail address or the handle of an ARIN contact. */
static void read_mail(struct answer *answer, struct slice attribute, struct slice value)
{
	for (size_t i = 0; i < COUNT_OF(mails); i++) {
		struct offer offer = { .role = mails[i].role,
				       .scope = SCOPE_NETWORK,
				       .object = answer->offering->out->network.handle,
				       .range = answer->range,
				       .confidence = mails[i].confidence };

		if (!slice_equal_nocase(attribute, slice_of(mails[i].attribute)))
			continue;
		if (slice_find_byte(value, '@') >= 0)
			offer_mail(answer->offering, value, &offer);
		else if (offer.role == ROLE_ABUSE && slice_ends(value, S("-ARIN")))
			answer->offering->out->handle_query = value;
	}
}

static void read_protocol(struct reading *out, struct arena *arena, struct slice line)
{
	if (!slice_starts(line, S("%error")))
		return;
	out->note = charset_to_utf8(arena, slice_trim(slice_cut(line, 0, 300)));
	if (!slice_starts(line, S("%error 230")))
		out->state = READING_REFUSED;
}

/* Records are small and their order is free: one pass for the ranges, one for the rest,
 * record by record.                                                                    */
static void read_record(struct answer *answer, struct slice record)
{
	struct slice attribute, value, line;
	struct cursor cursor = cursor_of(record);

	answer->holds = answer->offering->out->has_network;
	while (cursor_line(&cursor, &line))
		if (split(line, &attribute, &value))
			read_range(answer, attribute, value);
	if (!answer->holds)
		return;
	cursor = cursor_of(record);
	while (cursor_line(&cursor, &line))
		if (split(line, &attribute, &value)) {
			read_facts(answer, attribute, value);
			read_mail(answer, attribute, value);
		}
}

/* Up to the next empty line. */
static struct slice next_record(struct cursor *cursor)
{
	const char *start = cursor->at;
	struct slice line;

	while (cursor_line(cursor, &line))
		if (slice_trim(line).len == 0)
			break;
	return (struct slice){ start, (size_t)(cursor->at - start) };
}

void rwhois_read(struct arena *arena, struct slice server, struct slice text,
		 const struct address *about, int64_t asked_at, struct reading *out)
{
	struct offering offering = { .arena = arena,
				     .out = out,
				     .server = arena_copy(arena, server),
				     .found_by = FOUND_RWHOIS,
				     .asked_at = asked_at };
	struct answer answer = { .offering = &offering, .about = about };
	struct cursor cursor;
	struct slice line;

	memset(out, 0, sizeof *out);
	text = arena_copy(arena, slice_cut(text, 0, READING_MAX_BYTES));
	for (cursor = cursor_of(text); cursor_line(&cursor, &line);)
		read_protocol(out, arena, line);
	for (cursor = cursor_of(text); !cursor_at_end(&cursor);)
		read_record(&answer, next_record(&cursor));
	if (!out->has_network && out->state == READING_ANSWER)
		out->state = READING_NOTHING;
}
