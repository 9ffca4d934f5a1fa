/* contact/find.h - the look-up: from addresses and names to ranked contacts.
 *
 * Order per address (contacts.md 1.1): special ranges; offline index; the store's cache by
 * range; RDAP of the right registry by the IANA bootstrap; WHOIS with referrals; the
 * domain side of a confirmed name; role mailboxes security@ and abuse@ of its domain last.
 * One libuv loop runs all of it; equal questions in flight are asked once, addresses that
 * one network may hold one after another, each server within its budget; no query ever
 * carries anything but an address, range, AS number, handle or confirmed name.
 *
 * What may be asked is the user's word: registries and reverse names only where
 * `allow_registries` / `allow_reverse`; otherwise only index, cache, static hosts table
 * and what can be computed, and answer->problems says what was not asked and why.       */
#ifndef CONTACT_FIND_H
#define CONTACT_FIND_H

#include "base/clock.h"
#include "conf/settings.h"
#include "contact/contact.h"
#include "db/db.h"
#include "registry/index.h"

struct finder;

struct finder_options {
	const struct settings *settings;
	const struct clock *clock;
	struct db *db; /* cache; NULL: none                                  */
	const struct index
		*index; /* NULL: none                                         */
	bool allow_registries, allow_reverse;
	/* contact/whois.h alone: the loop that the caller turns, and whom to tell when
	 * questions have to be looked at again; NULL: a loop of its own               */
	struct loop *loop;
	void (*answered)(void *context);
	void *context;
	bool allow_mail_domains; /* whether the domains of contacts take mail  */
	bool allow_security_txt; /* of the domains of confirmed names          */
	bool csirts_wanted; /* even where there is a contact               */
	bool allow_origin; /* the origin AS, of Team Cymru by DNS        */
};
MUST_CHECK struct finder *finder_new(const struct finder_options *options,
				     struct error *err);
void finder_free(struct finder *finder);
/* Reads IANA's lists of RDAP servers again, from where the settings say now; nothing may
 * be under way. Where they cannot be read those from before stay.                       */
MUST_CHECK int finder_renew_bootstrap(struct finder *finder, struct error *err);

struct finder_progress {
	size_t done, count;
	struct slice waits_for; /* a server that may not be asked yet; empty: none */
	int64_t waits_until; /* by the real time; 0: until others have ended    */
};
/* Queries are addresses, names, domains, "AS64500", handles, as text. */
struct finder_queries {
	const struct slice *at;
	size_t count;
	/* Both may be NULL. `answered` comes once for each, in the order of the queries,
	 * as soon as all before it are answered.                                        */
	void (*progress)(void *context, const struct finder_progress *progress);
	void (*answered)(void *context, size_t index);
	void *context;
};
/* `answers` has `count` elements, filled in order; what could not be asked is in
 * answer->problems. Each answer is kept as soon as it is there, so that nothing is asked
 * twice, whatever ends this. -1 only for our own failures.                              */
MUST_CHECK int finder_find(struct finder *finder, struct arena *arena,
			   const struct finder_queries *queries,
			   struct contact_answer *answers, struct error *err);

/* SIGINT and SIGTERM then end all look-ups: what is under way is waited for and kept,
 * the rest has answer->stopped. A second signal does what it always does.               */
MUST_CHECK int finder_stop_on_signals(struct finder *finder, struct error *err);
bool finder_stopped(const struct finder *finder);

/* As above, but only the names: addresses of names, names of addresses, each confirmed the
 * other way round. No registry is asked and nothing is derived from the names.          */
MUST_CHECK int finder_names(struct finder *finder, struct arena *arena,
			    const struct finder_queries *queries,
			    struct contact_answer *answers, struct error *err);

#endif
