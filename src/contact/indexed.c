#include "contact/indexed.h"

static const enum contact_role roles[] = {
	[INDEX_ABUSE] = ROLE_ABUSE,
	[INDEX_ADMINISTRATIVE] = ROLE_ADMINISTRATIVE,
	[INDEX_TECHNICAL] = ROLE_TECHNICAL,
};
static const enum contact_scope scopes[] = {
	[INDEX_OWN] = SCOPE_NETWORK,
	[INDEX_ORGANISATION] = SCOPE_ORGANISATION,
	[INDEX_ABOVE] = SCOPE_PARENT,
	[INDEX_SPONSOR] = SCOPE_ORGANISATION,
};

static struct contact contact_of(const struct index_mailbox *mailbox)
{
	return (struct contact){
		.address = mailbox->address,
		.scope = scopes[mailbox->whose],
		.role = roles[mailbox->role],
		.found_by = FOUND_INDEX,
		.server = mailbox->dump,
		.object = mailbox->object,
		.range = mailbox->range,
		.confidence = mailbox->confidence,
		.checked_at = mailbox->dated_at,
		.suspect = mailbox->suspect,
	};
}

static void read_hit(struct arena *arena, const struct index_hit *hit,
		     struct reading *out)
{
	out->state = READING_ANSWER;
	out->has_network = true;
	out->registry_hint = hit->national;
	out->network = (struct network){
		.range = hit->range,
		.handle = hit->handle,
		.name = hit->name,
		.organisation = hit->organisation,
		.country = hit->country,
		.registry = hit->registry,
		.looked_up_at = hit->dated_at,
		.found_in = hit->found_in,
	};
	for (size_t i = 0; i < hit->mailboxes.count; i++)
		*LIST_ADD(arena, &out->contacts) = contact_of(&hit->mailboxes.at[i]);
}

void indexed_read(const struct index *index, struct arena *arena,
		  const struct address *about, struct reading *out)
{
	struct index_hit hit;

	*out = (struct reading){ .state = READING_NOTHING };
	if (!index_find(index, arena, about, &hit))
		return;
	for (size_t i = 0; i < hit.origins.count; i++)
		*LIST_ADD(arena, &out->origin) = hit.origins.at[i];
	if (hit.range.first.family != FAMILY_NONE)
		read_hit(arena, &hit, out);
}

void indexed_read_number(const struct index *index, struct arena *arena,
			 uint32_t number, struct reading *out)
{
	struct index_hit hit;

	*out = (struct reading){ .state = READING_NOTHING };
	if (index_find_number(index, arena, number, &hit))
		read_hit(arena, &hit, out);
}
