#include "report/owned.h"

#include "report/text.h"
#include "report/words.h"

enum { ORG_MAX = 190 }; /* xarf-core.json allows 200 */

/* The earliest line that tells a source port. Behind a carrier's NAT a port tells the
 * customer only at its own instant: of another one it would tell somebody else.          */
static const struct evidence *line_with_port(const struct facts *facts)
{
	const struct evidence *found = NULL;

	for (size_t i = 0; i < facts->given->count; i++) {
		const struct evidences *lines = &facts->given->incidents[i]->evidence;

		for (size_t k = 0; k < lines->count; k++)
			if (lines->at[k].source_port &&
			    (!found || lines->at[k].at < found->at))
				found = &lines->at[k];
	}
	return found;
}

/* Of a prefix, the address that a line names: the longest, as one may begin another. */
static struct slice line_address(struct arena *arena, const struct facts *facts,
				 const struct evidence *line)
{
	const struct tally *all = &facts->lists[LIST_ADDRESSES];
	struct slice found = S("");
	struct address address;

	for (size_t i = 0; facts->prefix.len && i < all->count; i++)
		if (all->at[i].text.len > found.len &&
		    slice_find(line->text, all->at[i].text) >= 0 &&
		    address_parse(all->at[i].text, &address) == 0)
			found = all->at[i].text;
	return found.len ? arena_copy(arena, found) : facts->source;
}

static void source_own(struct arena *arena, const struct facts *facts,
		       struct owned *out)
{
	const struct tally_item *most = facts_top(&facts->lists[LIST_SOURCE_PORTS]);
	const struct evidence *line = line_with_port(facts);

	out->source = facts->source;
	out->at = facts->first;
	if (line) {
		out->source = line_address(arena, facts, line);
		out->source_port = line->source_port;
		out->at = line->at;
	} else if (most && slice_to_u64(most->text, 65535, &out->source_port)) {
		out->source_port = 0;
	}
}

static void ports_own(const struct facts *facts, struct owned *out)
{
	const struct tally_item *target = facts_top(&facts->lists[LIST_PORTS]);
	const struct tally_item *service = facts_top(&facts->lists[LIST_SERVICES]);
	struct slice rest, number;

	if (service && service_is_tcp(service->text))
		out->protocol = S("tcp");
	if (!target)
		return;
	rest = target->text;
	if (!slice_next(&rest, '/', &number))
		return;
	if (slice_to_u64(number, 65535, &out->target_port))
		out->target_port = 0;
	out->protocol = slice_equal(number, target->text) ? S("") : rest;
}

void owned_gather(struct arena *arena, const struct facts *facts, struct owned *out)
{
	const struct settings *settings = facts->settings;
	const struct tally_item *service = facts_top(&facts->lists[LIST_SERVICES]);
	ptrdiff_t at = slice_find_last_byte(settings->mail, '@');

	*out = (struct owned){ .contact = settings->mail };
	source_own(arena, facts, out);
	out->org = text_clean(arena,
			      settings->organisation.len ? settings->organisation
							 : settings->name,
			      ORG_MAX);
	if (at > 0)
		out->domain = slice_from(settings->mail, (size_t)at + 1);
	ports_own(facts, out);
	if (service)
		out->service = text_clean(arena, service->text, ORG_MAX);
	out->web = slice_equal(facts->service, S("web"));
	if (facts->targets.count &&
	    facts_may_show(settings, &facts->targets.at[0].address)) {
		struct address_text text =
			address_format(&facts->targets.at[0].address);

		out->target = arena_copy(arena, slice_of(text.text));
	}
}

struct uuid_text owned_id(const struct report_request *request, struct slice format,
			  struct slice source)
{
	struct slice parts[] = { { (const char *)request->report_uuid,
				   sizeof request->report_uuid },
				 format,
				 source };
	struct sha256 digest = sha256_of_parts(parts, COUNT_OF(parts));

	return uuid_of(digest.bytes);
}
