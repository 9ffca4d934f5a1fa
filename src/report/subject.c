#include "report/subject.h"

#include "report/templates.h"
#include "report/text.h"
#include "report/words.h"

enum { SUBJECT_MAX_BYTES = 64 * 1024 };

/* One range that covers all sources and is what the registry gave; empty otherwise. */
static struct slice shared_range(struct arena *arena, const struct facts *facts,
				 size_t count)
{
	const struct contact_answer *first = facts->given->about;
	struct range_text text;

	if (!first || !first->has_network)
		return S("");
	for (size_t i = 1; i < count; i++) {
		const struct contact_answer *about = facts[i].given->about;

		if (!about || !about->has_network ||
		    !range_equal(&about->network.range, &first->network.range))
			return S("");
	}
	text = range_format(&first->network.range);
	return arena_copy(arena, slice_of(text.text));
}

static bool same_kind(const struct facts *facts, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (facts[i].lead->category != facts->lead->category ||
		    !slice_equal(facts[i].service, facts->service))
			return false;
	return true;
}

/* "SSH login attack", "Port scan", "SSH login attacks", "Attacks". */
static struct slice kind_words(struct arena *arena, const struct facts *facts,
			       size_t count)
{
	const struct category_words *words = category_words(facts->lead->category);
	const char *noun = count > 1 ? words->many : words->one;
	enum category category = facts->lead->category;
	bool serviceless = category == CATEGORY_SCAN ||
			   category == CATEGORY_MAIL_ABUSE || !facts->service.len;
	struct slice label = facts->service;
	char *copy;

	if (!same_kind(facts, count))
		return S("Attacks");
	if (!serviceless && slice_equal(label, S("web")))
		label = S("Web");
	if (!serviceless)
		return arena_printf(arena, SLICE_FMT " %s", SLICE_ARG(label), noun);
	copy = arena_cstr(arena, slice_of(noun));
	copy[0] = ascii_upper(copy[0]);
	return slice_of(copy);
}

static int64_t first_of(const struct facts *facts, size_t count)
{
	int64_t first = facts->first;

	for (size_t i = 1; i < count; i++)
		first = facts[i].first < first ? facts[i].first : first;
	return first;
}

/* A desk finds its ticket by its own tag, letter by letter, and by nothing else. */
static struct slice followed(struct arena *arena, const struct report_request *request,
			     struct slice subject)
{
	if (request->tag.len)
		subject = arena_printf(arena, SLICE_FMT " " SLICE_FMT,
				       SLICE_ARG(subject), SLICE_ARG(request->tag));
	return subject;
}

static struct slice subject_fill(struct arena *arena,
				 const struct report_request *request,
				 const struct template_scope *scope)
{
	struct buffer buffer;
	struct slice text;

	buffer_init(&buffer, SUBJECT_MAX_BYTES);
	template_render(templates_find(request->templates, S("subject"),
				       request->contact),
			scope, &buffer);
	text = text_joined(arena, buffer_slice(&buffer));
	buffer_clear(&buffer);
	return text;
}

struct slice subject_text(struct arena *arena, const struct report_request *request,
			  const struct facts *facts)
{
	struct slice kind = kind_words(arena, facts, request->count);
	struct time_text at = time_format(first_of(facts, request->count), TIME_MINUTE);
	struct slice from, range;

	if (request->count == 1) {
		from = facts->source;
		if (facts->prefix.len && facts->lists[LIST_ADDRESSES].count != 1)
			from = facts->prefix;
	} else {
		range = shared_range(arena, facts, request->count);
		from = arena_printf(arena, "%zu addresses in " SLICE_FMT,
				    request->count,
				    SLICE_ARG(range.len ? range : S("your networks")));
	}
	return followed(
		arena, request,
		subject_fill(
			arena, request,
			&(struct template_scope){
				(const struct template_value[]){
					{ .name = "kind", .text = kind },
					{ .name = "from", .text = from },
					{ .name = "at",
					  .text = arena_copy(arena,
							     slice_of(at.text)) },
					{ .name = "token", .text = request->token },
					{ .name = "count",
					  .text = arena_printf(arena, "%zu",
							       request->count) },
					{ .name = category_name(facts->lead->category),
					  .truth = true },
				},
				6, NULL }));
}
