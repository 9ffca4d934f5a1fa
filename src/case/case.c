#include "case/case.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "contact/answer_json.h"

static const char *const STATES[] = { "open", "approved", "to fill in", "sent",
				      "closed" };

const char *case_state_name(enum case_state state)
{
	return STATES[state];
}

int case_state_parse(struct slice name, enum case_state *out)
{
	for (size_t i = 0; i < COUNT_OF(STATES); i++) {
		if (slice_equal(name, slice_of(STATES[i]))) {
			*out = (enum case_state)i;
			return 0;
		}
	}
	return -1;
}

bool case_is_finished(enum case_state state)
{
	return state == CASE_TO_FILL || state == CASE_SENT || state == CASE_CLOSED;
}

const struct contact *case_contact(const struct contact_answer *answer)
{
	for (size_t i = 0; i < answer->contacts.count; i++) {
		const struct contact *contact = &answer->contacts.at[i];

		if (contact->chosen && contact->kind != CONTACT_API)
			return contact;
	}
	return NULL;
}

/* Some registries have no other key for an object than its range. */
static bool is_its_range(const struct contact *contact)
{
	struct range object;

	return contact->range.first.family != FAMILY_NONE &&
	       range_parse(contact->object, &object) == 0 &&
	       range_equal(&object, &contact->range);
}

struct slice case_found(struct arena *arena, const struct contact *contact)
{
	struct time_text date = time_format(contact->checked_at, TIME_DATE);
	struct slice range = S(""), object = contact->object;

	if (contact->range.first.family != FAMILY_NONE)
		range = arena_printf(arena, " of %s",
				     range_format(&contact->range).text);
	if (is_its_range(contact))
		object = S("");
	return arena_printf(arena,
			    "%s contact" SLICE_FMT "%s" SLICE_FMT ", " SLICE_FMT ", %s",
			    contact_role_name(contact->role), SLICE_ARG(range),
			    object.len ? ", " : "", SLICE_ARG(object),
			    SLICE_ARG(contact->server), date.text);
}

struct slice case_network_key(struct arena *arena, const struct contact_answer *answer,
			      const struct incident *incident)
{
	if (answer->has_network)
		return arena_printf(arena, "%s",
				    range_format(&answer->network.range).text);
	return incident_source(incident, arena);
}

struct slice case_network_words(struct arena *arena,
				const struct contact_answer *answer)
{
	if (!answer->has_network)
		return (struct slice){ NULL, 0 };
	return arena_printf(arena, "%s%s" SLICE_FMT,
			    range_format(&answer->network.range).text,
			    answer->network.name.len ? " " : "",
			    SLICE_ARG(answer->network.name));
}

struct slice case_wide(struct arena *arena, const struct contact_answer *answer)
{
	struct buffer lines;
	struct slice out;

	buffer_init(&lines, 64 * 1024);
	for (size_t i = 0; i < answer->contacts.count; i++) {
		const struct contact *contact = &answer->contacts.at[i];

		if (contact->chosen || contact->kind != CONTACT_EMAIL ||
		    contact->role == ROLE_ABUSE)
			continue;
		if (lines.len)
			buffer_add_byte(&lines, '\n');
		buffer_printf(&lines, "%s " SLICE_FMT, contact_role_name(contact->role),
			      SLICE_ARG(contact->address));
	}
	out = arena_copy(arena, buffer_slice(&lines));
	buffer_clear(&lines);
	return out;
}

struct slice case_answer(struct arena *arena, const struct contact_answer *answer)
{
	struct json_writer writer;
	struct buffer json;
	struct slice out;

	buffer_init(&json, 1 << 20);
	json_writer_init(&writer, &json);
	contact_answer_write(&writer, answer);
	out = json.failed ? (struct slice){ NULL, 0 }
			  : arena_copy(arena, buffer_slice(&json));
	buffer_clear(&json);
	return out;
}
