#include "report/subject.h"

#include "report/sum.h"
#include "report/templates.h"
#include "report/text.h"
#include "report/words.h"

enum { SUBJECT_MAX_BYTES = 64 * 1024 };

/* "SSH login attack", "Port scan", "SSH login attacks", "Attacks". */
struct slice subject_kind(struct arena *arena, const struct report_request *request,
			  const struct facts *facts)
{
	const struct category_words *words = category_words(facts->lead->category);
	const char *noun = request->count > 1 ? words->many : words->one;
	enum category category = facts->lead->category;
	bool serviceless = category == CATEGORY_SCAN ||
			   category == CATEGORY_MAIL_ABUSE || !facts->service.len;
	struct slice label = facts->service;
	char *copy;

	if (request->sum && request->sum->mixed)
		return S("Attacks");
	if (!serviceless && slice_equal(label, S("web")))
		label = S("Web");
	if (!serviceless)
		return arena_printf(arena, SLICE_FMT " %s", SLICE_ARG(label), noun);
	copy = arena_cstr(arena, slice_of(noun));
	copy[0] = ascii_upper(copy[0]);
	return slice_of(copy);
}

/* "203.0.113.77", "2001:db8:7::/64", "12 addresses in 203.0.113.0/24". */
static struct slice from_words(struct arena *arena,
			       const struct report_request *request,
			       const struct facts *facts)
{
	const struct report_sum *sum = request->sum;

	if (!sum)
		return facts->prefix.len && facts->lists[LIST_ADDRESSES].count != 1
			       ? facts->prefix
			       : facts->source;
	return arena_printf(arena, "%zu addresses in %s", request->count,
			    sum->has_range ? range_format(&sum->range).text
					   : "your networks");
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
	const struct report_sum *sum = request->sum;
	struct slice kind = subject_kind(arena, request, facts);
	struct slice from = from_words(arena, request, facts);
	struct time_text at =
		time_format(sum ? sum->facts.first : facts->first, TIME_MINUTE);

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
