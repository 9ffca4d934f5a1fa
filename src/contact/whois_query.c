/* What a WHOIS question is about: whois_query_parse(). */
#include "contact/whois.h"

#include "contact/look_up.h"
#include "contact/numbers.h"

enum { HANDLE_MAX = 64 };

int whois_line_check(struct slice line, struct error *err)
{
	if (line.len == 0 || line.len > WHOIS_LINE_MAX)
		return error_set(err, ERROR_SYNTAX,
				 "a query has 1 to %d characters, this one %zu",
				 WHOIS_LINE_MAX, line.len);
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.at[i] < ' ' || line.at[i] == 0x7f)
			return error_set(err, ERROR_SYNTAX,
					 "a query is one line without control "
					 "characters");
	return 0;
}

int whois_server_parse(struct slice text, struct slice *host, uint16_t *port,
		       struct error *err)
{
	ptrdiff_t colon = slice_find_last_byte(text, ':');
	struct slice name = text;
	uint64_t number = WHOIS_PORT;
	struct address address;

	if (colon >= 0 && address_parse(text, &address) != 0) {
		name = slice_cut(text, 0, (size_t)colon);
		if (slice_to_u64(slice_from(text, (size_t)colon + 1), UINT16_MAX,
				 &number) != 0)
			number = 0;
	}
	if (slice_starts(name, S("[")) && slice_ends(name, S("]")))
		name = slice_cut(name, 1, name.len - 1);
	if (number == 0 ||
	    (!host_name_valid(name) && address_parse(name, &address) != 0))
		return error_set(err, ERROR_SYNTAX,
				 "'" SLICE_FMT
				 "' is no server; write HOST or HOST:PORT",
				 SLICE_ARG(text));
	*host = name;
	*port = (uint16_t)number;
	return 0;
}

/* The IPv4 address inside 6to4, Teredo and NAT64 is whose network is asked for. */
static void take_range(struct arena *arena, const struct range *range, bool public,
		       struct whois_query *out)
{
	const struct address_special *special;
	struct address about = range->first, inside;

	out->range = *range;
	out->kind = address_equal(&range->first, &range->last) ? WHOIS_ADDRESS
							       : WHOIS_RANGE;
	if (address_embedded(&about, &inside)) {
		about = inside;
		out->kind = WHOIS_ADDRESS;
		out->range = (struct range){ inside, inside };
	}
	special = address_special(&about);
	if (special && !(special->documentation && public))
		out->special = arena_printf(arena, "%s (%s)", special->name,
					    special->reference);
	out->text = out->kind == WHOIS_ADDRESS
			    ? arena_printf(arena, "%s", address_format(&about).text)
			    : arena_printf(arena, "%s", range_format(&out->range).text);
}

static void take_number(struct arena *arena, uint32_t number, bool public,
			struct whois_query *out)
{
	out->kind = WHOIS_NUMBER;
	out->number = number;
	out->text = arena_printf(arena, "AS%u", number);
	out->special = number_special(number, public);
}

static bool is_word(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alnum(text.at[i]) && text.at[i] != '-' &&
		    text.at[i] != '_')
			return false;
	return text.len && text.len <= HANDLE_MAX && text.at[0] != '-';
}

/* Handles of domains' registries; where these answer is IANA's to say. Reviewed
 * 2026-11-30: -NICAT and -FRNIC by contacts.md section 5 and RFC 8521's registry, -NORID
 * by what its WHOIS prints.                                                             */
static struct slice top_level_of(struct slice handle)
{
	static const struct {
		const char *end, *top_level;
	} rows[] = {
		{ "-NICAT", "at" },
		{ "-NORID", "no" },
		{ "-FRNIC", "fr" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice end = slice_of(rows[i].end);

		if (handle.len > end.len &&
		    slice_equal_nocase(slice_from(handle, handle.len - end.len), end))
			return slice_of(rows[i].top_level);
	}
	return (struct slice){ NULL, 0 };
}

/* "NWH1-RIPE", "NET-192-0-2-0-1", "nic-hdl-br: NWH1". */
static bool handle_parse(struct arena *arena, struct slice text,
			 struct whois_query *out)
{
	struct slice mark = S("nic-hdl-br");

	if (slice_starts_nocase(text, mark) && text.len > mark.len) {
		struct slice rest = slice_from(text, mark.len);

		if (slice_starts(rest, S(":")))
			rest = slice_from(rest, 1);
		rest = slice_trim(rest);
		if (!is_word(rest))
			return false;
		out->host = S("whois.registro.br");
		out->text = arena_upper(arena, rest);
	} else if (is_word(text) && server_of_handle(text)) {
		out->host = slice_of(server_of_handle(text)->whois);
		out->text = arena_upper(arena, text);
	} else if (is_word(text) && (slice_starts_nocase(text, S("NET-")) ||
				     slice_starts_nocase(text, S("NET6-")))) {
		out->host = S("whois.arin.net");
		out->text = arena_upper(arena, text);
	} else if (is_word(text) && top_level_of(text).len) {
		out->top_level = top_level_of(text);
		out->text = arena_upper(arena, text);
	} else {
		return false;
	}
	out->kind = WHOIS_HANDLE;
	out->port = WHOIS_PORT;
	return true;
}

static bool domain_parse(struct arena *arena, struct slice text,
			 struct whois_query *out)
{
	struct slice domain;

	if (!host_name_valid(text) || slice_find_byte(text, '.') <= 0 ||
	    slice_find_byte(text, '.') == (ptrdiff_t)text.len - 1)
		return false;
	domain = registered_domain(arena, text);
	out->kind = WHOIS_DOMAIN;
	out->text = domain.len ? arena_copy(arena, domain)
			       : host_name_canonical(arena, text);
	return true;
}

static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] >= 0x80)
			return false;
	return true;
}

int whois_query_parse(struct arena *arena, struct slice text, bool documentation_public,
		      struct whois_query *out, struct error *err)
{
	struct whois_query query = { 0 };
	struct range range;
	uint32_t number;

	if (whois_line_check(text, err) != 0)
		return -1;
	text = slice_trim(text);
	if (range_parse(text, &range) == 0)
		take_range(arena, &range, documentation_public, &query);
	else if (number_parse(text, &number))
		take_number(arena, number, documentation_public, &query);
	else if (!handle_parse(arena, text, &query) &&
		 !domain_parse(arena, text, &query))
		return error_set(err, ERROR_SYNTAX,
				 is_ascii(text)
					 ? "this is no address, name, AS number or "
					   "handle of a registry; name a server (-h "
					   "SERVER) to send it as it is"
					 : "this is no address, name, AS number or "
					   "handle of a registry; write an "
					   "international name in ASCII (xn--...)");
	*out = query;
	return 0;
}
