#include "contact/refused.h"

#include "contact/choice.h"

static const struct refused *refused_find(const struct refused_rows *rows,
					  struct slice address)
{
	for (size_t i = 0; i < rows->count; i++)
		if (slice_equal_nocase(rows->at[i].address, address))
			return &rows->at[i];
	return NULL;
}

const struct refused *refused_pass_over(const struct refused_rows *rows,
					struct contact_answer *answer)
{
	bool domain_alone = answer->address.family == FAMILY_NONE;
	const struct refused *passed = NULL, *row;
	size_t chosen = 0;

	for (size_t i = 0; i < answer->contacts.count; i++) {
		struct contact *contact = &answer->contacts.at[i];

		row = contact->chosen ? refused_find(rows, contact->address) : NULL;
		if (row) {
			contact->chosen = false;
			passed = row;
			answer->passed_over = contact->address;
		}
		chosen += contact->chosen;
	}
	for (size_t i = 0; passed && !chosen && i < answer->contacts.count; i++) {
		struct contact *contact = &answer->contacts.at[i];

		if (!contact_may_stand_in(contact, domain_alone) ||
		    refused_find(rows, contact->address))
			continue;
		contact->chosen = true;
		chosen++;
	}
	return passed;
}
