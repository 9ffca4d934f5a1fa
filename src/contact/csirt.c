#include "contact/csirt.h"

#include "contact/choice.h"
#include "mail/address.h"
#include "json/reader.h"

enum { SHOWN_MAX = 2 }; /* of one country */

static int country_parse(struct slice text, char out[2])
{
	if (text.len != 2 || !ascii_is_alpha(text.at[0]) || !ascii_is_alpha(text.at[1]))
		return -1;
	out[0] = ascii_upper(text.at[0]);
	out[1] = ascii_upper(text.at[1]);
	return 0;
}

/* -1: no usable country or address. */
static int add(struct arena *arena, struct slice country, struct slice address,
	       struct csirt row, struct csirts *out)
{
	struct error ignored;

	if (out->count == TABLE_ROWS_MAX || country_parse(country, row.country) != 0 ||
	    mail_address_clean(arena, address, true, &row.address, &ignored) != 0)
		return -1;
	row.team = arena_copy(arena, slice_cut(row.team, 0, 200));
	row.source = arena_copy(arena, slice_cut(row.source, 0, 200));
	*LIST_ADD(arena, out) = row;
	return 0;
}

static int read_table(struct arena *arena, struct slice text, struct csirts *out,
		      struct error *err)
{
	struct slice row;

	while (table_row(&text, &row)) {
		struct slice rest = row, country = table_field(&rest);
		struct slice address = table_field(&rest);
		struct csirt csirt = { .team = table_field(&rest) };

		csirt.source = table_field(&rest);
		if (add(arena, country, address, csirt, out) != 0)
			return error_set(err, ERROR_CONFIG,
					 "the row '" SLICE_FMT
					 "' is no CC | ADDRESS | TEAM | SOURCE",
					 SLICE_ARG(slice_cut(row, 0, 80)));
	}
	return 0;
}

/* The first text of the keys that has any. */
static struct slice first_text(const struct json_value *object,
			       const char *const keys[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct slice text = json_text(json_get(object, keys[i]));

		if (text.len)
			return text;
	}
	return (struct slice){ "", 0 };
}

static bool says_national(struct slice text)
{
	return slice_find_nocase(text, S("national")) >= 0 &&
	       slice_find_nocase(text, S("international")) < 0;
}

/* In the team's names (FIRST) or the types of its constituency (Trusted Introducer). */
static bool is_national(const struct json_value *team)
{
	static const char *const names[] = { "team", "team-full", "host",
					     "constituency-description" };
	const struct json_value *constituency = json_get(team, "constituency");
	const struct json_value *types = json_get(constituency, "types");

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (says_national(json_text(json_get(team, names[i]))))
			return true;
	for (size_t i = 0; i < json_count(types); i++)
		if (says_national(json_text(json_at(types, i))))
			return true;
	return says_national(json_text(constituency));
}

static struct slice team_address(const struct json_value *team)
{
	static const char *const keys[] = { "email", "address", "value" };
	const struct json_value *emails = json_get(team, "emails");
	const struct json_value *first = json_at(emails, 0);
	struct slice text = first_text(team, keys, 1);

	if (text.len == 0)
		text = json_text(first);
	return text.len ? text : first_text(first, keys, COUNT_OF(keys));
}

static struct slice team_country(const struct json_value *team)
{
	static const char *const keys[] = { "code", "alpha2" };
	const struct json_value *country = json_get(team, "country");
	struct slice text = json_text(country);

	return text.len ? text : first_text(country, keys, COUNT_OF(keys));
}

static void read_teams(struct arena *arena, const struct json_value *teams,
		       struct slice source, struct csirts *out)
{
	static const char *const names[] = { "official_name", "short_name", "team" };

	for (size_t i = 0; i < json_count(teams); i++) {
		const struct json_value *team = json_at(teams, i);
		struct csirt row = {
			.team = first_text(team, names, COUNT_OF(names)),
			.source = source,
		};

		if (is_national(team))
			(void)add(arena, team_country(team), team_address(team), row,
				  out);
	}
}

/* FIRST: {"data": [...]}; Trusted Introducer: [...]. */
static int read_json(struct arena *arena, struct slice text, struct csirts *out,
		     struct error *err)
{
	struct json *document = json_read(text, TABLE_MAX_BYTES, err);
	const struct json_value *root = json_root(document);
	size_t before = out->count;

	if (!document)
		return error_context(err, "the list of CSIRTs");
	if (json_is_array(root))
		read_teams(arena, root, S("Trusted Introducer's teams.json"), out);
	else
		read_teams(arena, json_get(root, "data"), S("FIRST's list of teams"),
			   out);
	json_free(document);
	if (out->count == before)
		return error_set(err, ERROR_SYNTAX,
				 "the list of CSIRTs names no national team with a "
				 "country and an address");
	return 0;
}

int csirts_read(struct arena *arena, struct slice text, struct csirts *out,
		struct error *err)
{
	struct slice body = slice_trim(text);

	if (body.len && (body.at[0] == '{' || body.at[0] == '['))
		return read_json(arena, body, out, err);
	return read_table(arena, body, out, err);
}

void csirts_apply(struct arena *arena, const struct csirts *csirts, int64_t now,
		  struct contact_answer *answer)
{
	struct slice source = { NULL, 0 };
	char country[2];
	size_t shown = 0;

	if (!answer->has_network ||
	    country_parse(answer->network.country, country) != 0)
		return;
	for (size_t i = 0; i < csirts->count && shown < SHOWN_MAX; i++) {
		const struct csirt *row = &csirts->at[i];

		if (row->country[0] != country[0] || row->country[1] != country[1])
			continue;
		if (shown && !slice_equal(row->source, source))
			break;
		source = row->source;
		shown++;
		*LIST_ADD(arena, &answer->contacts) = (struct contact){
			.address = row->address,
			.kind = CONTACT_EMAIL,
			.scope = SCOPE_CSIRT,
			.role = ROLE_ABUSE,
			.found_by = FOUND_TABLE,
			.server = row->source,
			.object = row->team,
			.confidence =
				slice_starts(row->source, S("unverified")) ? 0.3 : 0.6,
			.checked_at = now,
		};
	}
}
