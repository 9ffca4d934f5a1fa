#include "contact/refused.h"

static const struct refused *refused_find(const struct refused_rows *rows,
					  struct slice address)
{
	for (size_t i = 0; i < rows->count; i++)
		if (slice_equal_nocase(rows->at[i].address, address))
			return &rows->at[i];
	return NULL;
}

struct slice refused_pass_over(const struct refused_rows *rows,
			       struct contact_answer *answer)
{
	struct slice passed = { NULL, 0 };
	size_t chosen = 0;

	for (size_t i = 0; i < answer->contacts.count; i++) {
		struct contact *contact = &answer->contacts.at[i];

		if (contact->chosen && contact->kind == CONTACT_EMAIL &&
		    refused_find(rows, contact->address)) {
			contact->chosen = false;
			passed = contact->address;
		}
		chosen += contact->chosen;
	}
	for (size_t i = 0; passed.len && !chosen && i < answer->contacts.count; i++) {
		struct contact *contact = &answer->contacts.at[i];

		if (contact->kind != CONTACT_EMAIL ||
		    refused_find(rows, contact->address))
			continue;
		contact->chosen = true;
		chosen++;
	}
	return passed;
}
