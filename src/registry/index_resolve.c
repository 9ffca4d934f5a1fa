/* Handles into contacts, by each registry's rule (contacts.md 2.1, 2.2, 2.5). */
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

enum { CONTACTS_MAX = 32 };
static const uint8_t sure_sponsor = 55;

struct set {
	struct index_builder *builder;
	struct index_contact at[CONTACTS_MAX];
	size_t count;
};

static void add(struct set *set, struct index_contact row)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->at[i].address == row.address && set->at[i].role == row.role)
			return;
	if (set->count < CONTACTS_MAX)
		set->at[set->count++] = row;
}

static void add_mails(struct set *set, uint32_t first, uint32_t count, bool abuse,
		      struct index_contact row)
{
	for (uint32_t i = first; i < first + count; i++) {
		const struct index_mail *mail = &set->builder->mails.at[i];

		if (mail->abuse != abuse)
			continue;
		row.address = mail->address;
		row.percent = row.percent ? row.percent : mail->percent;
		row.suspect = mail->suspect;
		add(set, row);
	}
}

/* Abuse mailboxes of a holder; whether there was one. */
static bool add_abuse(struct set *set, uint32_t key, enum index_whose whose)
{
	const struct index_holder *holder = find_holder(set->builder, key);
	size_t before = set->count;

	if (holder)
		add_mails(set, holder->mails, holder->mail_count, true,
			  (struct index_contact){
				  .object = holder->object,
				  .role = INDEX_ABUSE,
				  .whose = (uint8_t)whose,
				  .percent = whose == INDEX_SPONSOR ? sure_sponsor : 0,
			  });
	return set->count > before;
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

static bool is_suspect(const struct set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (!set->at[i].suspect)
			return false;
	return set->count != 0;
}

/* RIPE: own abuse-c, else the organisation's; irt, persons and remarks never count.
 * Less specific blocks are asked when the index is. Where the mailbox failed its yearly
 * validation, RIPE refers to the sponsoring organisation, else to the own one if that is
 * a local registry (else to the first one above, which the index finds when asked).     */
static void resolve_ripe(struct set *set, const struct index_reference *reference)
{
	const struct index_holder *org = find_holder(set->builder, reference->org);
	const struct index_holder *sponsor =
		find_holder(set->builder, reference->sponsor);

	if (!add_abuse(set, reference->abuse_c, INDEX_OWN) && org)
		(void)add_abuse(set, org->abuse_c, INDEX_ORGANISATION);
	if (!is_suspect(set))
		return;
	if (sponsor)
		(void)add_abuse(set, sponsor->abuse_c, INDEX_SPONSOR);
	else if (org && org->lir)
		(void)add_abuse(set, org->abuse_c, INDEX_SPONSOR);
}

/* APNIC and AFRINIC: abuse-c, irt, organisation, roles, remarks, surest first. */
static void resolve_others(struct set *set, const struct index_reference *reference)
{
	const struct index_holder *org = find_holder(set->builder, reference->org);

	(void)add_abuse(set, reference->abuse_c, INDEX_OWN);
	(void)add_abuse(set, reference->irt, INDEX_OWN);
	if (org) {
		(void)add_abuse(set, org->abuse_c, INDEX_ORGANISATION);
		(void)add_abuse(set, org->key, INDEX_ORGANISATION);
	}
	(void)add_abuse(set, reference->admin_c, INDEX_ORGANISATION);
	(void)add_abuse(set, reference->tech_c, INDEX_ORGANISATION);
	(void)add_abuse(set, reference->maintainer, INDEX_ORGANISATION);
	add_mails(set, reference->mails, reference->mail_count, true,
		  (struct index_contact){ .role = INDEX_ABUSE,
					  .whose = INDEX_ORGANISATION });
	add_plain(set, reference->admin_c, INDEX_ADMINISTRATIVE);
	add_plain(set, reference->tech_c, INDEX_TECHNICAL);
}

static void resolve(struct index_builder *builder, struct index_reference *reference)
{
	const struct index_holder *org = find_holder(builder, reference->org);
	struct set set = { .builder = builder };

	if (reference->ripe)
		resolve_ripe(&set, reference);
	else
		resolve_others(&set, reference);
	builder->counts->contacts += set.count;
	reference->set =
		pool_add(&builder->sets, (struct slice){ (const char *)set.at,
							 set.count * sizeof *set.at });
	if (org) {
		reference->name = org->name;
		reference->flags = org->lir ? INDEX_LIR : 0;
	}
}

void index_resolve(struct index_builder *builder)
{
	struct slice bytes;
	uint32_t offset = 0;

	if (builder->holders.count)
		qsort(builder->holders.at, builder->holders.count,
		      sizeof *builder->holders.at, compare_holders);
	while (pool_next(&builder->references, &offset, &bytes)) {
		struct index_reference reference;

		memcpy(&reference, bytes.at, sizeof reference);
		resolve(builder, &reference);
		pool_change(&builder->references, offset,
			    (struct slice){ (const char *)&reference,
					    sizeof reference });
	}
}
