/* contact/provider.h - what a desk wants: mail, or its form alone, and what it looks at.
 *
 * Rows are "DOMAIN, ... | WAY | URL | WANTS | SOURCE; DATE", told by the domain of the
 * mailbox, and behind that perhaps "| format = NAME" (as [contact] format) and "| terms =
 * WORDS", the clause of their own terms that attacks break, as a memo may quote it;
 * data/providers.txt is built in, rows of the user's file come before it.                */
#ifndef CONTACT_PROVIDER_H
#define CONTACT_PROVIDER_H

#include "base/error.h"
#include "contact/contact.h"

enum { TABLE_MAX_BYTES = 1024 * 1024, TABLE_ROWS_MAX = 20000, TERMS_MAX_BYTES = 200 };

extern const char providers_shipped[];
extern const size_t providers_shipped_bytes;

enum provider_way { WAY_MAIL, WAY_FORM, WAY_FORM_ONLY, WAY_API };
struct provider {
	struct slice domain;
	enum provider_way way;
	struct slice url, wants, source; /* url empty: none */
	struct slice format, terms; /* empty: not known   */
};
struct providers {
	struct provider *at;
	size_t count, room;
};

/* The next of a row's fields, which '|' parts, without blanks around it. */
struct slice table_field(struct slice *row);
/* The next row of a table that is neither empty nor a comment. */
bool table_row(struct slice *text, struct slice *row);

/* Adds the rows of `text`, copied into the arena. ERROR_CONFIG names the row that is none. */
MUST_CHECK int providers_read(struct arena *arena, struct slice text,
			      struct providers *out, struct error *err);
/* The first row for the domain of a mail address or a domain above it; NULL: none. */
const struct provider *provider_of(const struct providers *providers,
				   struct slice address);
/* Adds forms, and what the desk wants; mailboxes that nobody reads become rejected. */
void providers_apply(struct arena *arena, const struct providers *providers,
		     struct contact_answer *answer);

#endif
