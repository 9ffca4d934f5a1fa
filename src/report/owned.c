#include "report/owned.h"

#include "report/text.h"
#include "report/words.h"

enum { ORG_MAX = 190 }; /* xarf-core.json allows 200 */

static void ports_own(const struct facts *facts, struct owned *out)
{
	const struct tally_item *target = facts_top(&facts->lists[LIST_PORTS]);
	const struct tally_item *service = facts_top(&facts->lists[LIST_SERVICES]);
	const struct tally_item *source = facts_top(&facts->lists[LIST_SOURCE_PORTS]);
	struct slice rest, number;

	if (source && slice_to_u64(source->text, 65535, &out->source_port))
		out->source_port = 0;
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

	*out = (struct owned){ .source = facts->source, .contact = settings->mail };
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
