/* report/redact.h - an evidence line without what belongs to other people.
 *
 * Reference 2.12 and "must not": only what the reader needs. Kept: the source, our public
 * addresses, times, ports, common account names. Replaced: other user names and the local
 * parts of mail addresses by a keyed pseudonym ("user-7KQ2M": the same name, the same
 * pseudonym, RFC 6590), passwords, cookies, tokens and query values by "...", other
 * addresses by a word in brackets. "invalid user" goes: it tells which accounts exist.
 * The words of [report] words go too. A public database does not learn which machine of
 * ours it was: neither address nor name. By field and reader:
 *
 *                        network          CSIRT            public database
 *   user names           pseudonym        pseudonym        pseudonym
 *   common account names shown            shown            shown
 *   passwords, cookies,
 *   tokens, query values never            never            never
 *   other addresses      never            never            never
 *   our addresses, hosts shown            shown            never
 *   words of ours        never            never            never                       */
#ifndef REPORT_REDACT_H
#define REPORT_REDACT_H

#include "report/facts.h"

struct redaction {
	const struct facts *facts;
	struct slice key; /* of the pseudonyms                                  */
	enum report_reader reader;
	bool names, accounts, secrets, addresses, words; /* set where replaced  */
};

/* Any bytes in, any bytes out: escape it for its sink. */
struct slice redact_line(struct arena *arena, struct redaction *redaction,
			 const struct evidence *line);
/* Only the words of [report] words gone. */
struct slice redact_words(struct arena *arena, const struct settings *settings,
			  struct slice text);

#endif
