/* The network of an address, of an AS number or of a handle: what is known, then the
 * index, the store, RDAP by the bootstrap, WHOIS with referrals.                       */
#include "contact/look_up.h"

#include "contact/choice.h"
#include "contact/indexed.h"

/* Wider answers say little about a neighbour and are not kept: no network is that big. */
enum { WIDEST_IPV4 = 8, WIDEST_IPV6 = 16 };
#define INDEX_FRESH_US (30 * DAY_US)

static bool is_reusable(const struct look_up *look_up, const struct range *range)
{
	const struct address *about = &look_up->about;
	struct range widest;

	if (about->family == FAMILY_NONE)
		return false;
	widest = range_of_prefix(about, about->family == FAMILY_IPV4 ? WIDEST_IPV4
								     : WIDEST_IPV6);
	return range_contains(range, about) && range_covers(&widest, range);
}

/* The first eight bits of an IPv4 address, sixteen of IPv6: as is_reusable() has it. */
static uint32_t leading_bits(const struct address *address)
{
	if (address->family == FAMILY_IPV4)
		return address->bytes[0];
	return 1U << 16 | (uint32_t)(address->bytes[0] << 8 | address->bytes[1]);
}

static void adopt_lists(struct look_up *look_up, const struct finding *finding)
{
	struct contact_answer *answer = look_up->answer;
	struct arena *arena = look_up->arena;

	for (size_t i = 0; i < finding->contacts.count; i++)
		*LIST_ADD(arena, &answer->contacts) = finding->contacts.at[i];
	for (size_t i = 0; i < finding->rejected.count; i++)
		*LIST_ADD(arena, &answer->rejected) = finding->rejected.at[i];
	for (size_t i = 0; i < finding->origin.count; i++)
		*LIST_ADD(arena, &answer->origin) = finding->origin.at[i];
}

static void adopt(struct look_up *look_up, const struct finding *finding)
{
	if (finding->later_at > look_up->answer->later_at)
		look_up->answer->later_at = finding->later_at;
	if (finding->has_network) {
		look_up->answer->has_network = true;
		look_up->answer->network = finding->network;
	}
	adopt_lists(look_up, finding);
}

/* The most specific answer of this batch that holds the address. */
static bool take_known(struct look_up *look_up)
{
	const struct finding_list *known = &look_up->finder->known;
	const struct finding *best = NULL;

	for (size_t i = 0; i < known->count; i++) {
		const struct range *range = &known->at[i]->network.range;

		if (range_contains(range, &look_up->about) &&
		    (!best || range_covers(&best->network.range, range)))
			best = known->at[i];
	}
	if (!best)
		return false;
	adopt(look_up, best);
	look_up_note_server(look_up, S("the answer for a neighbour"));
	return true;
}

/* What the store has, fresh or not. */
static bool find_kept(struct look_up *look_up, struct finding *out)
{
	struct finder *finder = look_up->finder;
	struct error err;
	int found;

	if (!finder->db || look_up->about.family == FAMILY_NONE)
		return false;
	found = finding_of_address(finder->db, look_up->arena, &look_up->about, out,
				   &err);
	if (found < 0)
		look_up_note(look_up, "kept answers could not be read: %s", err.text);
	return found == 1;
}

static bool take_kept(struct look_up *look_up)
{
	struct finding kept;

	if (!find_kept(look_up, &kept) ||
	    !finding_is_fresh(&kept, clock_now(look_up->finder->clock)))
		return false;
	adopt(look_up, &kept);
	look_up_note_server(look_up, S("kept answer"));
	return true;
}

static struct finding finding_of_reading(const struct reading *reading,
					 int64_t asked_at)
{
	return (struct finding){ .has_network = reading->has_network,
				 .network = reading->network,
				 .origin = reading->origin,
				 .contacts = reading->contacts,
				 .rejected = reading->rejected,
				 .asked_at = asked_at };
}

/* False where the index knows nothing. */
static bool find_indexed(struct look_up *look_up, struct finding *out)
{
	struct reading reading = { 0 };
	const struct index *index = look_up->finder->index;

	if (!index)
		return false;
	if (look_up->subject == SUBJECT_NUMBER)
		indexed_read_number(index, look_up->arena, look_up->number, &reading);
	else
		indexed_read(index, look_up->arena, &look_up->about, &reading);
	if (reading.state != READING_ANSWER)
		return false;
	*out = finding_of_reading(&reading, reading.network.looked_up_at);
	return true;
}

static void adopt_indexed(struct look_up *look_up, const struct finding *indexed)
{
	int64_t age = clock_now(look_up->finder->clock) - indexed->asked_at;

	adopt(look_up, indexed);
	look_up_note_server(look_up, S("index"));
	if (age > INDEX_FRESH_US)
		look_up_note(look_up,
			     "the index's data of this network are %d days old: the "
			     "registry should be asked before anything is sent",
			     (int)(age / DAY_US));
}

/* With a contact, and while its data are younger than a month or nobody may be asked. */
static bool take_indexed(struct look_up *look_up)
{
	struct finder *finder = look_up->finder;
	struct finding indexed;

	if (!find_indexed(look_up, &indexed) ||
	    !contacts_usable(look_up, &indexed.contacts, &indexed.network))
		return false;
	if (finder->allow_registries &&
	    clock_now(finder->clock) - indexed.asked_at > INDEX_FRESH_US)
		return false;
	adopt_indexed(look_up, &indexed);
	return true;
}

/* What there is where nobody may be asked. */
static void take_the_rest(struct look_up *look_up)
{
	struct finding rest;

	if (find_kept(look_up, &rest)) {
		adopt(look_up, &rest);
		look_up_note_server(look_up, S("kept answer"));
	} else if (find_indexed(look_up, &rest)) {
		adopt_indexed(look_up, &rest);
	}
	look_up_note(look_up, "no registry was asked: that is not allowed ([look-up] "
			      "registries)");
}

static bool handle_valid(struct slice handle)
{
	for (size_t i = 0; i < handle.len; i++)
		if (!ascii_is_alnum(handle.at[i]) && handle.at[i] != '-' &&
		    handle.at[i] != '_')
			return false;
	return handle.len > 0 && handle.len <= 64;
}

static struct slice entity_url(struct look_up *look_up,
			       const struct registry *otherwise, struct slice handle)
{
	const struct bootstrap *bootstrap = &look_up->finder->bootstrap;
	const struct registry *registry = server_of_handle(handle);
	struct slice tagged = bootstrap_for_handle(bootstrap, handle);

	if (!registry)
		registry = otherwise;
	if (!handle_valid(handle))
		return (struct slice){ NULL, 0 };
	if (tagged.len)
		return arena_printf(look_up->arena, SLICE_FMT "entity/" SLICE_FMT,
				    SLICE_ARG(tagged), SLICE_ARG(handle));
	for (size_t i = 0; registry && i < bootstrap->ranges.count; i++)
		if (registry_of_host(bootstrap->ranges.at[i].url) == registry)
			return arena_printf(look_up->arena,
					    SLICE_FMT "entity/" SLICE_FMT,
					    SLICE_ARG(bootstrap->ranges.at[i].url),
					    SLICE_ARG(handle));
	return (struct slice){ NULL, 0 };
}

static struct slice number_url(struct look_up *look_up)
{
	struct slice base =
		bootstrap_for_number(&look_up->finder->bootstrap, look_up->number);

	if (base.len == 0)
		return base;
	return arena_printf(look_up->arena, SLICE_FMT "autnum/%u", SLICE_ARG(base),
			    look_up->number);
}

static struct slice address_url(struct look_up *look_up)
{
	struct slice base =
		bootstrap_for_address(&look_up->finder->bootstrap, &look_up->about);

	if (base.len == 0)
		return base;
	return arena_printf(look_up->arena, SLICE_FMT "ip/%s", SLICE_ARG(base),
			    address_format(&look_up->about).text);
}

static struct slice rdap_url(struct look_up *look_up)
{
	if (look_up->subject == SUBJECT_NUMBER)
		return number_url(look_up);
	if (look_up->subject == SUBJECT_HANDLE)
		return entity_url(look_up, NULL, look_up->name);
	return address_url(look_up);
}

void network_failed(struct look_up *look_up, const struct reply *reply)
{
	look_up->incomplete = true;
	look_up_failed(look_up, reply);
}

static struct reading *read_rdap(struct look_up *look_up, const struct reply *reply)
{
	struct heard *heard = look_up_heard(look_up, reply);

	if (!heard->reading && look_up_read_rdap(look_up, reply, heard) != 0)
		look_up->incomplete = true;
	return heard->reading;
}

/* The registry that the RDAP part ended at goes to *registry. False: pending. */
static bool rdap_part(struct look_up *look_up, const struct registry **registry,
		      struct reading **out)
{
	struct slice url = rdap_url(look_up);
	const struct reply *reply;

	*out = NULL;
	*registry = look_up->subject == SUBJECT_HANDLE ? server_of_handle(look_up->name)
						       : NULL;
	if (url.len == 0)
		return true;
	reply = look_up_ask(look_up,
			    (struct question){ .kind = ASK_RDAP, .server = url });
	if (reply->outcome == ASK_PENDING)
		return false;
	*registry = registry_of_host(reply->server);
	if (!*registry)
		*registry = registry_of_host(url);
	if (reply->outcome == ASK_ANSWERED)
		*out = read_rdap(look_up, reply);
	else if (reply->outcome != ASK_ABSENT)
		network_failed(look_up, reply);
	if (*out && (*out)->state == READING_ANSWER)
		*LIST_ADD(look_up->arena, &look_up->readings) = *out;
	return true;
}

bool entity_part(struct look_up *look_up, const struct registry *otherwise,
		 struct slice handle)
{
	struct slice url = entity_url(look_up, otherwise, handle);
	const struct reply *reply;
	struct reading *reading;

	if (url.len == 0)
		return true;
	reply = look_up_ask(look_up,
			    (struct question){ .kind = ASK_RDAP, .server = url });
	if (reply->outcome == ASK_PENDING)
		return false;
	if (reply->outcome != ASK_ANSWERED) {
		if (reply->outcome != ASK_ABSENT)
			network_failed(look_up, reply);
		return true;
	}
	reading = read_rdap(look_up, reply);
	if (reading->state == READING_ANSWER)
		*LIST_ADD(look_up->arena, &look_up->readings) = reading;
	return true;
}

static size_t count_abuse(const struct contacts *contacts)
{
	size_t count = 0;

	for (size_t i = 0; i < contacts->count; i++)
		count += contacts->at[i].role == ROLE_ABUSE;
	return count;
}

/* RIPE's RDAP has named persons of the network where its WHOIS names the abuse contact:
 * several abuse contacts there are a reason to ask further.                            */
static bool rdap_is_enough(const struct look_up *look_up, const struct reading *reading,
			   const struct registry *registry)
{
	if (!reading || reading->state != READING_ANSWER)
		return false;
	if (!contacts_usable(look_up, &reading->contacts,
			     reading->has_network ? &reading->network : NULL))
		return false;
	return !registry || !slice_equal(slice_of(registry->name), S("ripe")) ||
	       count_abuse(&reading->contacts) == 1;
}

static bool names_address(const struct contacts *contacts, struct slice address)
{
	for (size_t i = 0; i < contacts->count; i++)
		if (slice_equal(contacts->at[i].address, address))
			return true;
	return false;
}

static void take_contact(struct look_up *look_up, struct finding *out,
			 const struct contact *contact,
			 const struct contacts *whois_of_ripe)
{
	if (whois_of_ripe && contact->found_by == FOUND_RDAP &&
	    contact->role == ROLE_ABUSE &&
	    !names_address(whois_of_ripe, contact->address))
		*LIST_ADD(look_up->arena, &out->rejected) = (struct contact_rejected){
			contact->address,
			S("RDAP alone names it; RIPE's WHOIS names another"),
		};
	else
		*LIST_ADD(look_up->arena, &out->contacts) = *contact;
}

static bool has_sound_abuse(const struct contacts *contacts)
{
	for (size_t i = 0; i < contacts->count; i++)
		if (contacts->at[i].role == ROLE_ABUSE && !contacts->at[i].suspect)
			return true;
	return false;
}

/* The abuse contacts of RIPE's WHOIS, where it gave any that passed its validation. */
static const struct contacts *whois_word_of_ripe(const struct look_up *look_up)
{
	for (size_t i = 0; i < look_up->readings.count; i++) {
		const struct reading *reading = look_up->readings.at[i];

		if (slice_equal(reading->network.registry, S("ripe")) &&
		    has_sound_abuse(&reading->contacts) &&
		    reading->contacts.at[0].found_by == FOUND_WHOIS)
			return &reading->contacts;
	}
	return NULL;
}

/* The first who said so, and from others what he left out. */
static void fill_network(struct network *network, const struct network *other)
{
	if (network->name.len == 0)
		network->name = other->name;
	if (network->organisation.len == 0)
		network->organisation = other->organisation;
	if (network->country.len == 0)
		network->country = other->country;
}

static void merge_network(struct look_up *look_up, const struct reading *reading,
			  struct finding *out)
{
	if (!reading->has_network ||
	    !range_contains(&reading->network.range, &look_up->about))
		return;
	if (out->has_network &&
	    !range_covers(&out->network.range, &reading->network.range))
		return;
	if (out->has_network &&
	    range_equal(&out->network.range, &reading->network.range)) {
		fill_network(&out->network, &reading->network);
		return;
	}
	out->has_network = true;
	out->network = reading->network;
}

static void merge(struct look_up *look_up, struct finding *out)
{
	const struct contacts *ripe = whois_word_of_ripe(look_up);

	*out = (struct finding){ .asked_at = clock_now(look_up->finder->clock),
				 .later_at = look_up->answer->later_at };
	for (size_t i = 0; i < look_up->readings.count; i++) {
		const struct reading *reading = look_up->readings.at[i];

		merge_network(look_up, reading, out);
		for (size_t k = 0; k < reading->contacts.count; k++)
			take_contact(look_up, out, &reading->contacts.at[k], ripe);
		for (size_t k = 0; k < reading->rejected.count; k++)
			*LIST_ADD(look_up->arena, &out->rejected) =
				reading->rejected.at[k];
		for (size_t k = 0; k < reading->origin.count; k++)
			*LIST_ADD(look_up->arena, &out->origin) = reading->origin.at[k];
	}
}

/* Pieces that no server gave come from older data, said so. */
static void fill_gaps(struct look_up *look_up, struct finding *finding)
{
	struct finding older;

	if (contacts_usable(look_up, &finding->contacts, NULL))
		return;
	if (look_up->incomplete && find_kept(look_up, &older) && older.contacts.count) {
		int64_t age = clock_now(look_up->finder->clock) - older.asked_at;

		look_up_note(look_up,
			     "the registry could not be asked now; this is its "
			     "answer of %s, %lld days old",
			     time_format(older.asked_at, TIME_DATE).text,
			     (long long)(age / DAY_US));
		look_up->answer->stale = true;
		*finding = older;
	} else if (find_indexed(look_up, &older) &&
		   (!finding->has_network || older.contacts.count)) {
		look_up_note_server(look_up, S("index"));
		*finding = older;
	}
}

/* Only under a range that holds the address. */
static void remember(struct look_up *look_up, const struct finding *merged, bool keep)
{
	struct finder *finder = look_up->finder;
	struct finding *kept;

	if (!merged->has_network || !is_reusable(look_up, &merged->network.range))
		return;
	kept = ARENA_NEW(look_up->arena, struct finding);
	*kept = *merged;
	*LIST_ADD(look_up->arena, &finder->known) = kept;
	if (keep)
		*LIST_ADD(look_up->arena, &finder->fresh) = kept;
}

/* A placeholder says whose the addresses are: that registry is asked next. */
static const struct registry *registry_after(const struct registry *registry,
					     const struct reading *rdap)
{
	const struct registry *other = NULL;

	if (rdap && rdap->state == READING_ELSEWHERE)
		other = registry_named(rdap->registry_hint);
	return other ? other : registry;
}

/* Not where a handle's tag alone is known: no WHOIS server knows what to make of it. */
static bool whois_may_know(const struct look_up *look_up,
			   const struct registry *registry)
{
	return look_up->subject != SUBJECT_HANDLE || registry;
}

static bool ask_registries(struct look_up *look_up)
{
	const struct registry *registry;
	struct reading *rdap;
	struct finding merged;
	bool keep;

	look_up->readings.count = 0;
	if (!rdap_part(look_up, &registry, &rdap))
		return false;
	registry = registry_after(registry, rdap);
	if (!rdap_is_enough(look_up, rdap, registry) &&
	    whois_may_know(look_up, registry) &&
	    !whois_chain(look_up, whois_first(look_up, registry)))
		return false;
	merge(look_up, &merged);
	keep = !look_up->incomplete ||
	       contacts_usable(look_up, &merged.contacts, &merged.network);
	fill_gaps(look_up, &merged);
	remember(look_up, &merged, keep);
	adopt(look_up, &merged);
	return true;
}

static struct block *block_of(struct look_up *look_up)
{
	struct finder *finder = look_up->finder;
	struct slice url = bootstrap_for_address(&finder->bootstrap, &look_up->about);
	uint32_t leading = leading_bits(&look_up->about);
	struct block *block;

	for (size_t i = 0; i < finder->blocks.count; i++) {
		block = finder->blocks.at[i];
		if (block->leading == leading && slice_equal(block->url, url))
			return block;
	}
	block = ARENA_NEW(look_up->arena, struct block);
	*block = (struct block){ .url = url, .leading = leading };
	*LIST_ADD(look_up->arena, &finder->blocks) = block;
	return block;
}

/* One look-up at a time asks about a block, so that the others can use its answer if it
 * is about them as well: however many sources a network has, it is asked for once.      */
static bool take_lead(struct look_up *look_up)
{
	struct block *block = look_up->block;

	if (look_up->about.family == FAMILY_NONE)
		return true;
	if (!block)
		block = look_up->block = block_of(look_up);
	if (!block->leader)
		block->leader = look_up;
	if (block->leader == look_up)
		return true;
	look_up->parked = true;
	if (!block->waiting)
		block->last = &block->waiting;
	*block->last = look_up;
	block->last = &look_up->next;
	return false;
}

static void give_lead(struct look_up *look_up)
{
	struct block *block = look_up->block;
	struct look_up *next;

	if (!block)
		return;
	next = block->leader = block->waiting;
	if (!next)
		return;
	block->waiting = next->next;
	next->parked = false;
	next->next = look_up->finder->ready;
	look_up->finder->ready = next;
}

static bool nothing_to_ask(const struct look_up *look_up)
{
	if (look_up->subject == SUBJECT_NONE || look_up->answer->special.len)
		return true;
	return look_up->subject != SUBJECT_NUMBER &&
	       look_up->subject != SUBJECT_HANDLE &&
	       look_up->about.family == FAMILY_NONE;
}

/* Once it began to ask it asks to the end, so that no question is left behind. */
static bool take_what_is_there(struct look_up *look_up)
{
	if (look_up->asks)
		return false;
	if (take_known(look_up) || take_kept(look_up))
		return true;
	if (!look_up->finder->allow_registries) {
		take_the_rest(look_up);
		return true;
	}
	look_up->asks = true;
	return false;
}

bool network_step(struct look_up *look_up)
{
	if (look_up->network_done)
		return true;
	if (look_up->subject == SUBJECT_NAME && !look_up->names_done)
		return false;
	if (nothing_to_ask(look_up) || take_indexed(look_up)) {
		look_up->network_done = true;
		return true;
	}
	if (!take_lead(look_up))
		return false;
	look_up->network_done = take_what_is_there(look_up) || ask_registries(look_up);
	if (look_up->network_done)
		give_lead(look_up);
	return look_up->network_done;
}
