/* contact/look_up.h - one look-up under way; private to contact/find*.c.
 *
 * A look-up is advanced from its first step whenever something was answered: each step
 * asks what it needs by look_up_ask(), returns false while the answer is pending, and
 * gets the same answers again the next time. So steps must say the same things when they
 * run again: problems, servers and contacts are added once, readings are remembered.    */
#ifndef CONTACT_LOOK_UP_H
#define CONTACT_LOOK_UP_H

#include "contact/ask.h"
#include "contact/bootstrap.h"
#include "contact/csirt.h"
#include "contact/find.h"
#include "contact/own_contacts.h"
#include "contact/reading.h"
#include "contact/refused.h"
#include "contact/servers.h"
#include "contact/store.h"

enum { HOPS_MAX = 6, DOMAINS_MAX = 3 };

enum subject {
	SUBJECT_NONE,
	SUBJECT_ADDRESS,
	SUBJECT_NAME,
	SUBJECT_NUMBER,
	SUBJECT_HANDLE,
};

struct finding_list {
	struct finding **at;
	size_t count, room;
};

/* Addresses that one answer may be about, because no network reaches beyond: the same
 * first bits in the same block of the bootstrap. One look-up at a time asks about them.  */
struct block {
	struct slice url; /* of the bootstrap; empty: in none */
	uint32_t leading; /* family and first bits            */
	struct look_up *leader, *waiting, **last; /* in order */
};
struct block_list {
	struct block **at;
	size_t count, room;
};

/* Which server has a top-level domain, as IANA said. */
struct refer {
	struct slice top_level, host;
	int64_t asked_at;
};
struct refer_list {
	struct refer *at;
	size_t count, room;
};

struct finder {
	struct arena *arena; /* lives as long as the finder */
	const struct settings *settings;
	const struct clock *clock;
	struct db *db;
	const struct index *index;
	bool allow_registries, allow_reverse;
	bool allow_mail_domains, allow_security_txt, allow_origin, csirts_wanted;
	struct providers providers;
	struct own_contacts own;
	struct csirts csirts;
	struct asker *asker;
	struct arena *bootstrap_arena; /* of the lists of RDAP servers */
	struct bootstrap bootstrap;
	struct refer_list refers;
	/* of the batch under way */
	struct finding_list known; /* ranges, for the neighbours           */
	struct finding_list domains;
	struct finding_list fresh; /* to be kept in the store              */
	struct block_list blocks;
	struct look_up *ready; /* whose turn in their block has come */
	struct refused_rows refused; /* mailboxes that refused mail    */
	bool keeping_failed, alone_told; /* said once                      */
};

struct hop {
	struct slice host;
	uint16_t port;
	bool rwhois;
	struct slice query;
};
struct heard { /* an answer and what was read in it */
	const struct reply *reply;
	struct reading *reading; /* NULL: not read */
	struct slice label; /* "whois.ripe.net" */
};

struct look_up {
	struct finder *finder;
	struct arena *arena; /* the caller's: answers live there */
	struct contact_answer *answer;
	enum subject subject;
	struct address about; /* whose network is looked for      */
	uint32_t number;
	struct slice name; /* or handle                        */
	struct range range; /* asked for as a whole; family 0: one address */
	struct range whole; /* the query's, whose first address is looked up  */
	struct slice top_level; /* whose registry has the handle; empty: none */
	struct slice flags; /* for servers of RIPE's software: "-B -T inetnum" */
	bool names_done, network_done, domains_done;
	struct block *block; /* that it leads or waits for      */
	struct look_up *next; /* in a block's or the ready list  */
	bool parked; /* waits in its block: not to be advanced */
	bool asks; /* see find_network.c              */
	bool whois_only; /* raw answers of WHOIS are wanted  */
	bool incomplete; /* a server of the network part gave no answer */
	int64_t spent_ms;
	struct {
		struct heard *at;
		size_t count, room;
	} heard;
	struct { /* of the network step, in order; made anew each time it runs */
		struct reading **at;
		size_t count, room;
	} readings;
	struct slices domains; /* of its confirmed names     */
	size_t domains_next; /* those before it are done  */
	size_t more_next; /* step of find_more.c       */
};

/* The subject of a query; SUBJECT_NONE with a problem in the answer. */
void look_up_init(struct look_up *look_up, struct finder *finder, struct arena *arena,
		  struct slice query, struct contact_answer *answer);

/* Where a range was asked for and its network does not hold all of it: says so. */
void look_up_note_narrower(struct look_up *look_up);

/* The address that a name led to. */
void look_up_resolved(struct look_up *look_up, const struct address *address);

/* Steps: true when done. */
bool names_step(struct look_up *look_up);
bool network_step(struct look_up *look_up);
bool domains_step(struct look_up *look_up);
bool more_step(struct look_up *look_up); /* after all others */
/* The WHOIS part of a network, number or handle from `first` on, referrals followed. */
bool whois_chain(struct look_up *look_up, struct hop first);
/* Adds the reading of a handle's RDAP entity; its registry is told by its ending, else it
 * is `otherwise`. False: pending.                                                       */
bool entity_part(struct look_up *look_up, const struct registry *otherwise,
		 struct slice handle);
/* Where it begins: the server of the registry, else IANA's. */
struct hop whois_first(struct look_up *look_up, const struct registry *registry);
/* The WHOIS chain of a domain: IANA, registry, registrar. False: pending; *whole is false
 * where a server gave no answer.                                                        */
bool domain_chain(struct look_up *look_up, struct slice domain, struct finding *out,
		  bool *whole);

void look_up_note(struct look_up *look_up, const char *format, ...) PRINTF(2, 3);
void look_up_note_server(struct look_up *look_up, struct slice label);
/* The question under the time that is left for this look-up. */
const struct reply *look_up_ask(struct look_up *look_up, struct question question);
const struct reply *look_up_ask_hop(struct look_up *look_up, const struct hop *hop);
/* Tells the server's budget what its answer turned out to be. */
void look_up_judge(struct look_up *look_up, const struct hop *hop,
		   const struct reading *reading);
/* Reads it into heard->reading. -1: it is a refusal or no RDAP, which is said; then the
 * reading is READING_REFUSED.                                                           */
MUST_CHECK int look_up_read_rdap(struct look_up *look_up, const struct reply *reply,
				 struct heard *heard);
/* Says why there is no answer, once. */
void look_up_failed(struct look_up *look_up, const struct reply *reply);
/* The same for a server of the network part: the answer then is incomplete. */
void network_failed(struct look_up *look_up, const struct reply *reply);
/* Where this reply's reading is remembered. */
struct heard *look_up_heard(struct look_up *look_up, const struct reply *reply);

/* Does it name a mailbox that a report may go to? */
bool contacts_usable(const struct look_up *look_up, const struct contacts *contacts,
		     const struct network *network);
/* The registered domain of a name ("a.b.example.co.uk": "example.co.uk"); empty: none. */
struct slice registered_domain(struct arena *arena, struct slice name);

#endif
