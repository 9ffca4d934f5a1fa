#include "registry/index_builder.h"

#include <stdlib.h>
#include <string.h>

static int compare_holders(const void *left, const void *right)
{
	const struct index_holder *a = left;
	const struct index_holder *b = right;

	return a->key < b->key ? -1 : a->key > b->key;
}

static const struct index_holder *find_holder(const struct index_builder *builder,
					      uint32_t key)
{
	struct index_holder wanted = { .key = key };

	if (key == 0 || builder->holders.count == 0)
		return NULL;
	return bsearch(&wanted, builder->holders.at, builder->holders.count,
		       sizeof wanted, compare_holders);
}

struct set {
	struct index_builder *builder;
	size_t first; /* row of the block's first contact */
};

static void add(struct set *set, struct index_contact row)
{
	struct index_contact_rows *rows = &set->builder->contacts;

	for (size_t i = set->first; i < rows->count; i++)
		if (rows->at[i].address == row.address && rows->at[i].role == row.role)
			return;
	if (rows->count - set->first < 32)
		*LIST_ADD(set->builder->arena, rows) = row;
}

static void add_mails(struct set *set, uint32_t first, uint32_t count, bool abuse,
		      struct index_contact row)
{
	for (uint32_t i = first; i < first + count; i++) {
		const struct index_mail *mail = &set->builder->mails.at[i];

		if (mail->abuse != abuse)
			continue;
		row.address = mail->address;
		row.percent = mail->percent;
		row.suspect = mail->suspect;
		add(set, row);
	}
}

/* Abuse mailboxes of a holder; whether there was one. */
static bool add_abuse(struct set *set, uint32_t key, enum index_whose whose)
{
	const struct index_holder *holder = find_holder(set->builder, key);
	size_t before = set->builder->contacts.count;

	if (holder)
		add_mails(set, holder->mails, holder->mail_count, true,
			  (struct index_contact){ .object = holder->object,
						  .role = INDEX_ABUSE,
						  .whose = (uint8_t)whose });
	return set->builder->contacts.count > before;
}

static void add_plain(struct set *set, uint32_t key, enum index_role role)
{
	const struct index_holder *holder = find_holder(set->builder, key);

	if (holder)
		add_mails(set, holder->mails, holder->mail_count, false,
			  (struct index_contact){ .object = holder->object,
						  .role = (uint8_t)role,
						  .whose = INDEX_OWN });
}

/* RIPE: own abuse-c, else the organisation's; irt, persons and remarks never count
 * (contacts.md 2.1). Less specific blocks are asked when the index is.                 */
static void resolve_ripe(struct set *set, const struct index_draft *draft)
{
	const struct index_holder *org = find_holder(set->builder, draft->org);

	if (add_abuse(set, draft->abuse_c, INDEX_OWN) || !org)
		return;
	add_abuse(set, org->abuse_c, INDEX_ORGANISATION);
}

/* APNIC and AFRINIC: abuse-c, irt, organisation, roles, remarks, surest first. */
static void resolve_others(struct set *set, const struct index_draft *draft)
{
	const struct index_holder *org = find_holder(set->builder, draft->org);

	add_abuse(set, draft->abuse_c, INDEX_OWN);
	add_abuse(set, draft->irt, INDEX_OWN);
	if (org) {
		add_abuse(set, org->abuse_c, INDEX_ORGANISATION);
		add_abuse(set, org->key, INDEX_ORGANISATION);
	}
	add_abuse(set, draft->admin_c, INDEX_ORGANISATION);
	add_abuse(set, draft->tech_c, INDEX_ORGANISATION);
	add_mails(set, draft->mails, draft->mail_count, true,
		  (struct index_contact){ .object = draft->handle,
					  .role = INDEX_ABUSE,
					  .whose = INDEX_ORGANISATION });
	add_plain(set, draft->admin_c, INDEX_ADMINISTRATIVE);
	add_plain(set, draft->tech_c, INDEX_TECHNICAL);
}

/* Neighbours mostly have the same contacts: they share rows. */
static void share(struct index_builder *builder, struct set *set,
		  const struct index_block *before)
{
	size_t count = builder->contacts.count - set->first;

	if (!before || before->contact_count != count || count == 0 ||
	    memcmp(&builder->contacts.at[before->contacts],
		   &builder->contacts.at[set->first],
		   count * sizeof *builder->contacts.at) != 0)
		return;
	builder->contacts.count = set->first;
	set->first = before->contacts;
}

static void resolve(struct index_builder *builder, const struct index_draft *draft)
{
	const struct index_source_row *source = &builder->sources.at[draft->source];
	const struct index_holder *org = find_holder(builder, draft->org);
	struct index_block_rows *blocks = &builder->blocks;
	const struct index_block *before =
		blocks->count ? &blocks->at[blocks->count - 1] : NULL;
	struct set set = { builder, builder->contacts.count };
	struct index_block block = { .parent = INDEX_NONE,
				     .handle = draft->handle,
				     .name = draft->name,
				     .organisation = org && org->name
							     ? org->name
							     : draft->organisation,
				     .source = draft->source,
				     .family = draft->range.first.family,
				     .flags = draft->flags,
				     .origin = draft->origin };

	if (slice_equal(pool_at(&builder->strings, source->registry), S("ripe")))
		resolve_ripe(&set, draft);
	else
		resolve_others(&set, draft);
	block.contact_count = (uint16_t)(builder->contacts.count - set.first);
	share(builder, &set, before);
	block.contacts = (uint32_t)set.first;
	memcpy(block.first, draft->range.first.bytes, sizeof block.first);
	memcpy(block.last, draft->range.last.bytes, sizeof block.last);
	memcpy(block.country, draft->country, sizeof block.country);
	*LIST_ADD(builder->arena, blocks) = block;
}

void index_resolve(struct index_builder *builder)
{
	const struct index_drafts *layers[] = { &builder->objects, &builder->statistics,
						&builder->routes };

	if (builder->holders.count)
		qsort(builder->holders.at, builder->holders.count,
		      sizeof *builder->holders.at, compare_holders);
	for (size_t i = 0; i < COUNT_OF(layers); i++)
		for (size_t j = 0; j < layers[i]->count; j++)
			resolve(builder, &layers[i]->at[j]);
}
