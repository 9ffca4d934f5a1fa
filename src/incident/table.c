#include "incident/table.h"

#include "base/clock.h"
#include "incident/block.h"
#include "incident/classify.h"
#include "incident/counted.h"
#include "incident/login.h"
#include "incident/slots.h"
#include "incident/told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FEW_MAX = 4, /* acts that are kept as they came */
	FEW_LOGINS = 2, /* more of them may be worth a report */
	NAME_KEY_MAX = 300,
	REFUSALS = 512,
	DROP_TRIES = 4096,
};

struct refusal { /* what own_side_refuses() said of an address */
	struct address address;
	const char *reason;
};

struct incident_table {
	struct incident_table_options options;
	struct slots *slots;
	struct crowds *crowds;
	struct block_table *blocks;
	struct login_table *logins;
	struct counting counting;
	struct counting replay; /* of acts that are few, when they are read */
	struct arena *work;
	struct arena *told; /* one record of another tipoff, one to be saved  */
	struct refusal refusals[REFUSALS];
	uint32_t blank; /* slots that only say: the store has none       */
	uint32_t hand; /* the slot that was dropped last                 */
	struct incident_counts counts;
};

struct incident_table *incidents_new(const struct incident_table_options *options)
{
	struct incident_table *table = calloc(1, sizeof *table);

	if (!table)
		abort();
	table->options = *options;
	table->slots = slots_new();
	table->crowds = crowds_new();
	table->blocks = block_table_new(options->site, options->db);
	table->logins = login_table_new(options->settings, options->site, options->db);
	counting_init(&table->counting, options->own);
	counting_init(&table->replay, options->own);
	table->counting.stock.bare = table->replay.stock.bare = options->bare;
	table->work = arena_new();
	table->told = arena_new();
	return table;
}

void incidents_free(struct incident_table *table)
{
	if (!table)
		return;
	slots_free(table->slots);
	crowds_free(table->crowds);
	block_table_free(table->blocks);
	login_table_free(table->logins);
	counting_clear(&table->counting);
	counting_clear(&table->replay);
	arena_free(table->work);
	arena_free(table->told);
	free(table);
}

void incidents_forget(struct incident_table *table)
{
	slots_forget(table->slots);
	block_table_forget(table->blocks);
	login_table_forget(table->logins);
	counting_forget(&table->counting);
	arena_reset(table->work);
	table->blank = table->hand = 0;
}

size_t incidents_count(const struct incident_table *table)
{
	return slots_count(table->slots) - table->blank;
}

size_t incidents_places(const struct incident_table *table)
{
	return slots_count(table->slots);
}

const struct incident_counts *incidents_counts(const struct incident_table *table)
{
	return &table->counts;
}

const struct crowds *incidents_crowds(const struct incident_table *table)
{
	return table->crowds;
}

static void refuse(struct incident_table *table, const char *reason, uint64_t events)
{
	struct incident_counts *counts = &table->counts;

	for (size_t i = 0; i < counts->refused_count; i++) {
		if (strcmp(counts->refused[i].reason, reason) == 0) {
			counts->refused[i].events += events;
			return;
		}
	}
	if (counts->refused_count < COUNT_OF(counts->refused))
		counts->refused[counts->refused_count++] =
			(struct incident_refused){ reason, events };
}

static unsigned source_bits(const struct incident_table *table, unsigned family)
{
	if (family == FAMILY_IPV6)
		return (unsigned)table->options.settings->judge_ipv6_prefix;
	return family == FAMILY_IPV4 ? 32 : 0;
}

static struct address key_address(const struct key *key)
{
	struct address address = { .family = key->family };

	if (key->family != FAMILY_NONE)
		memcpy(address.bytes, key->address, sizeof address.bytes);
	return address;
}

/* Source by prefix, category, and whether it can be forged. */
static struct key key_of_address(const struct incident_table *table,
				 const struct event *event)
{
	struct key key = { .family = event->source.family,
			   .base = (uint8_t)event->category,
			   .forgeable = is_forgeable_act(event->category,
							 event->certainty) };
	struct address source = event->source;

	if (source.family == FAMILY_IPV6)
		source = address_mask(&source, source_bits(table, source.family));
	if (source.family != FAMILY_NONE)
		memcpy(key.address, source.bytes, sizeof key.address);
	return key;
}

/* Where there is no address, the name stands in its place. */
static struct key key_of(struct incident_table *table, const struct event *event)
{
	struct key key = key_of_address(table, event);
	uint32_t name;

	if (key.family != FAMILY_NONE)
		return key;
	name = symbols_get(table->counting.stock.texts,
			   slice_cut(event->source_name, 0, NAME_KEY_MAX));
	memcpy(key.address, &name, sizeof name);
	return key;
}

static void id_make(const struct incident_table *table, struct incident *incident)
{
	struct slice parts[] = {
		table->options.site,
		{ (const char *)incident->source.bytes, sizeof incident->source.bytes },
		{ (const char *)&incident->source_bits, 1 },
		incident->source.family ? (struct slice){ NULL, 0 }
					: incident->source_name,
		{ NULL, 0 },
		{ NULL, 0 },
	};
	struct sha256 digest;
	struct time_text start = time_format(incident->window_start, TIME_RFC3339);
	char base[48];

	snprintf(base, sizeof base, "%s%s",
		 incident_forgeable(incident) ? "forgeable " : "",
		 category_name(incident->base));
	parts[4] = slice_of(base);
	parts[5] = slice_of(start.text);
	digest = sha256_of_parts(parts, COUNT_OF(parts));
	token_of(&digest, incident->id, INCIDENT_ID_LEN);
}

static struct counted *slot_begin_counting(struct incident_table *table,
					   struct slot *slot)
{
	struct counted *counted = counted_new(&table->counting);

	if (table->options.db) {
		counted->kept =
			pool_take(table->counting.stock.pool, sizeof *counted->kept);
		*counted->kept = (struct kept){ .has_last = false };
	}
	slot->counted = counted;
	slot->few = SLOT_COUNTED;
	return counted;
}

/* The windows the store has for this key, oldest first, become slots; where there is
 * none, a blank slot remembers that.                                                  */
static int slot_load(struct incident_table *table, const struct key *key,
		     const struct event *event, struct error *err)
{
	struct incident like = { .base = event->category,
				 .certainty = event->certainty,
				 .source = key_address(key),
				 .source_name = event->source_name };
	struct stored_list list = { 0 };
	uint32_t number = 0;

	like.source_bits = (uint8_t)source_bits(table, key->family);
	if (incident_store_load(table->options.db, table->work, table->options.site,
				&like, &list, err) != 0)
		return -1;
	for (size_t i = 0; i < list.count; i++) {
		const struct incident *stored = &list.at[i].incident;
		uint32_t older = number;
		struct slot *slot;

		number = slots_add(table->slots);
		slot = slots_at(table->slots, number);
		slot->key = *key;
		slot->older = older;
		slot->first = stored->window_start;
		slot->last = stored->last;
		counted_load(&table->counting, slot_begin_counting(table, slot),
			     &list.at[i]);
	}
	if (!number) {
		number = slots_add(table->slots);
		slots_at(table->slots, number)->key = *key;
		table->blank++;
	}
	slots_lead(table->slots, number);
	return 0;
}

static bool is_in_case(const struct slot *slot)
{
	return slot->few == SLOT_COUNTED && slot->counted->kept &&
	       slot->counted->kept->stored.in_case;
}

/* The window an instant falls into: one that is open, or one that would still be within
 * the length when begun earlier (logs are read one after the other, so an event may come
 * that is older than those seen), else NULL.                                          */
static struct slot *window_find(const struct incident_table *table, uint32_t newest,
				int64_t at)
{
	int64_t length = table->options.settings->judge_window_us;

	for (uint32_t number = newest; number;) {
		struct slot *slot = slots_at(table->slots, number);

		number = slot->older;
		if (slot->few == 0)
			continue;
		if (at >= slot->first && at < slot->first + length)
			return slot;
		if (at < slot->first && slot->last < at + length && !is_in_case(slot))
			return slot;
	}
	return NULL;
}

/* One knock more or less is worth dropping; what may be worth a mail is not. */
static bool has_little(const struct slot *slot)
{
	if (slot->few == 0 || slot->few > FEW_MAX || slot->older)
		return false;
	if (slot->key.base == CATEGORY_LOGIN_ATTACK)
		return slot->few <= FEW_LOGINS;
	return slot->key.base <= CATEGORY_SWEEP ||
	       slot->key.base == CATEGORY_BACKSCATTER;
}

/* Slots are dropped in the order they were made, which is that of the log. 0 where none
 * near the hand has little.                                                             */
static uint32_t slot_drop(struct incident_table *table)
{
	for (unsigned tries = 0; tries < DROP_TRIES; tries++) {
		struct act *act, *older;
		struct slot *slot;

		table->hand = table->hand % slots_count(table->slots) + 1;
		slot = slots_at(table->slots, table->hand);
		if (!has_little(slot) ||
		    slots_find(table->slots, &slot->key) != table->hand)
			continue;
		slots_drop(table->slots, table->hand);
		for (act = slot->acts; act; act = older) {
			older = act->older;
			act_give(&table->counting.stock, act);
		}
		memset(slot, 0, sizeof *slot);
		table->counts.dropped++;
		return table->hand;
	}
	return 0;
}

/* NULL where there is no room. */
static struct slot *window_open(struct incident_table *table, const struct key *key,
				uint32_t newest, const struct event *event)
{
	int64_t cap = table->options.settings->judge_sources;
	uint32_t number = newest;
	struct slot *slot;

	if (newest && slots_at(table->slots, newest)->few == 0) {
		table->blank--;
	} else if (!table->options.db && cap && slots_count(table->slots) >= cap) {
		number = slot_drop(table);
	} else {
		number = slots_add(table->slots);
	}
	if (!number)
		return NULL;
	slot = slots_at(table->slots, number);
	slot->key = *key;
	slot->older = number == newest ? 0 : newest;
	slot->first = slot->last = event->at;
	if (table->options.db) {
		slot_begin_counting(table, slot);
	} else if (key->family != FAMILY_NONE) {
		struct address source = key_address(key);

		crowds_add(table->crowds, event, &source);
	}
	slots_lead(table->slots, number);
	return slot;
}

/* Oldest first. */
static size_t acts_list(const struct slot *slot, struct act *out[FEW_MAX])
{
	size_t count = slot->few;
	size_t i = count;

	for (struct act *act = slot->acts; act; act = act->older)
		out[--i] = act;
	return count;
}

static void acts_replay(struct incident_table *table, const struct slot *slot,
			struct counting *into, struct counted *counted,
			struct arena *arena)
{
	struct address prefix = key_address(&slot->key);
	unsigned bits = source_bits(table, slot->key.family);
	struct act *acts[FEW_MAX] = { NULL };
	size_t count = acts_list(slot, acts);

	for (size_t i = 0; i < count; i++) {
		struct event event;

		act_read(&table->counting.stock, acts[i], &prefix, bits, arena, &event);
		event.category = (enum category)slot->key.base;
		counted_add(into, counted, &event, 0, acts[i], bits);
	}
}

static struct counted *slot_promote(struct incident_table *table, struct slot *slot)
{
	struct slot few = *slot;
	struct counted *counted = slot_begin_counting(table, slot);

	acts_replay(table, &few, &table->counting, counted, table->work);
	arena_reset(table->work);
	return counted;
}

/* An act that loses nothing by being packed. */
static bool is_plain(const struct event *event, int64_t resolved_at)
{
	return event->outcome == OUTCOME_ATTEMPT && event->count == 1 &&
	       !event->retold && !event->until && event->line.text.len &&
	       !event->source_name.len && !resolved_at;
}

static void slot_count(struct incident_table *table, struct slot *slot,
		       const struct event *event, int64_t resolved_at)
{
	unsigned bits = source_bits(table, slot->key.family);
	struct counted *counted = slot->counted;

	if (event->at < slot->first)
		slot->first = event->at;
	if (event->at > slot->last)
		slot->last = event->at;
	if (event->until > slot->last)
		slot->last = event->until;
	if (slot->few < FEW_MAX && is_plain(event, resolved_at)) {
		struct act *act = act_new(&table->counting.stock, event, bits);

		act->older = slot->acts;
		slot->acts = act;
		slot->few++;
		return;
	}
	if (slot->few != SLOT_COUNTED)
		counted = slot_promote(table, slot);
	counted_add(&table->counting, counted, event, resolved_at, NULL, bits);
}

/* Whatever else becomes of it: who could log in is known from then on. */
static void login_remember(struct incident_table *table, const struct key *key,
			   struct slice user, int64_t at)
{
	struct address source = key_address(key);

	if (key->base == CATEGORY_LOGIN_ATTACK &&
	    !login_table_add(table->logins, &source, user, at))
		table->counts.logins_crowded = true;
}

/* When this source first seemed to guess its way in; 0: never. */
static int64_t suspect_at(const struct incident_table *table, const struct slot *like)
{
	int64_t first = 0;

	for (uint32_t number = slots_find(table->slots, &like->key); number;) {
		const struct slot *slot = slots_at(table->slots, number);

		number = slot->older;
		if (slot->few == SLOT_COUNTED && slot->counted->successes &&
		    (!first || slot->counted->success_at < first))
			first = slot->counted->success_at;
	}
	return first;
}

/* A success counts only behind enough failures of the same source in its window. */
static bool success_matters(const struct incident_table *table, const struct slot *slot,
			    const struct event *event)
{
	uint64_t failures;

	if (!slot || slot->first > event->at)
		return false;
	failures = slot->few == SLOT_COUNTED ? slot->counted->count : slot->few;
	return failures >= (uint64_t)table->options.settings->judge_compromise_failures;
}

static const char *refusal_find(struct incident_table *table,
				const struct address *source)
{
	const uint8_t *b = source->bytes;
	size_t i = (size_t)(b[3] ^ b[15]) | (size_t)((b[2] ^ b[7]) & 1) << 8;
	struct refusal *refusal = &table->refusals[i];

	if (!address_equal(&refusal->address, source))
		*refusal =
			(struct refusal){ *source, own_side_refuses(table->options.own,
								    source) };
	return refusal->reason;
}

static bool is_let_in(struct incident_table *table, const struct event *event)
{
	const char *reason = NULL;

	if (event->contested) {
		table->counts.contested += event->count;
		return false;
	}
	if (event->source.family != FAMILY_NONE)
		reason = refusal_find(table, &event->source);
	else if (!event->source_name.len)
		reason = "no source in the line";
	/* the logins of your own people are no news */
	if (reason && event->outcome == OUTCOME_ATTEMPT)
		refuse(table, reason, event->count);
	return !reason;
}

/* The newest slot of a key, with what the store has of it; 0 none. */
static int newest_find(struct incident_table *table, const struct key *key,
		       const struct event *event, uint32_t *out, struct error *err)
{
	*out = slots_find(table->slots, key);
	if (*out || !table->options.db)
		return 0;
	if (slot_load(table, key, event, err) != 0)
		return -1;
	*out = slots_find(table->slots, key);
	return 0;
}

/* ---- what another tipoff counted ---- */

static bool told_is_let_in(struct incident_table *table, const struct incident *told)
{
	const char *reason = own_side_refuses_incident(table->options.own, told);

	if (!reason && told->source.family &&
	    told->source_bits < source_bits(table, told->source.family))
		reason = "a prefix wider than [judge] ipv6-prefix";
	if (reason)
		refuse(table, reason, told->count);
	return !reason;
}

/* Hosts that the other machine had no public address for may have one here. */
static void told_targets_name(const struct incident_table *table, struct incident *told)
{
	for (size_t i = 0; i < told->targets.count; i++) {
		struct incident_target *target = &told->targets.at[i];
		const struct own_host *host =
			own_side_host(table->options.own, target->host);

		if (target->address.family != FAMILY_NONE || !host)
			continue;
		target->address = host->address;
		target->name = host->name;
	}
}

static int told_blocks_add(struct incident_table *table, const struct incident *told,
			   struct error *err)
{
	for (size_t i = 0; i < told->blocks.count; i++) {
		const struct block *block = &told->blocks.at[i];
		struct event event = { .outcome = OUTCOME_BLOCKED,
				       .rule = block->by,
				       .service = block->jail,
				       .source = block->address,
				       .at = block->banned_at };

		if (block_table_add(table->blocks, &event, err) != 0)
			return -1;
		event.outcome = OUTCOME_UNBLOCKED;
		event.at = block->unbanned_at;
		if (event.at && block_table_add(table->blocks, &event, err) != 0)
			return -1;
	}
	return 0;
}

/* What its first act was like, as far as a record says that. */
static struct event told_event(const struct incident *told)
{
	const struct tally *services = &told->lists[LIST_SERVICES];
	const struct tally *ports = &told->lists[LIST_PORTS];
	struct event event = { .at = told->first,
			       .source = told->source,
			       .source_name = told->source_name,
			       .category = told->base,
			       .certainty = told->certainty };
	struct slice rest = { NULL, 0 }, port;
	uint64_t number;

	if (services->count)
		event.service = services->at[0].text;
	if (ports->count)
		rest = ports->at[0].text;
	if (slice_next(&rest, '/', &port) &&
	    slice_to_u64(port, UINT16_MAX, &number) == 0) {
		event.target_port = (uint16_t)number;
		event.protocol = protocol_parse(rest);
	}
	return event;
}

static void slot_merge(struct incident_table *table, struct slot *slot,
		       struct incident *told)
{
	unsigned bits = source_bits(table, slot->key.family);

	if (told->first < slot->first)
		slot->first = told->first;
	if (told->last > slot->last)
		slot->last = told->last;
	if (slot->few != SLOT_COUNTED)
		slot_promote(table, slot);
	told->source = key_address(&slot->key);
	told_targets_name(table, told);
	counted_merge(&table->counting, slot->counted, told, bits);
}

static int told_count(struct incident_table *table, struct incident *told,
		      struct error *err)
{
	struct event first = told_event(told);
	struct slot *slot;
	uint32_t newest;
	struct key key;

	table->counts.events += told->count + told->successes;
	if (!told_is_let_in(table, told))
		return 0;
	key = key_of(table, &first);
	if (newest_find(table, &key, &first, &newest, err) != 0)
		return -1;
	slot = window_find(table, newest, told->first);
	if (!slot)
		slot = window_open(table, &key, newest, &first);
	if (!slot) {
		table->counts.crowded += told->count;
		return 0;
	}
	slot_merge(table, slot, told);
	for (size_t i = 0; i < told->logins.count; i++)
		login_remember(table, &slot->key, told->logins.at[i].user,
			       told->logins.at[i].at);
	return told_blocks_add(table, told, err);
}

static int told_add(struct incident_table *table, const struct event *event,
		    struct error *err)
{
	struct incident told;
	int result = 0;

	if (told_read(table->told, event->line.text, &told))
		result = told_count(table, &told, err);
	arena_reset(table->told);
	return result;
}

static void addresses_fetch(const struct incident_table *table,
			    const struct slot *const *slots, size_t count)
{
	const struct symbols *symbols = table->counting.stock.targets;
	uint32_t numbers[INCIDENTS_FETCH_MAX];

	for (size_t i = 0; i < count; i++) {
		bool has = slots[i] && slots[i]->few == SLOT_COUNTED;

		numbers[i] = has ? counted_last_address(slots[i]->counted) : 0;
		symbols_fetch(symbols, numbers[i]);
	}
	for (size_t i = 0; i < count; i++)
		symbols_fetch_text(symbols, numbers[i]);
}

void incidents_fetch(const struct incident_table *table, const struct event *events,
		     size_t count)
{
	uint32_t homes[INCIDENTS_FETCH_MAX];
	const struct slot *slots[INCIDENTS_FETCH_MAX];

	if (table->options.db || count > INCIDENTS_FETCH_MAX)
		return;
	for (size_t i = 0; i < count; i++) {
		struct key key = key_of_address(table, &events[i]);

		homes[i] = slots_home_fetch(table->slots, &key);
	}
	for (size_t i = 0; i < count; i++)
		slots[i] = slots_home_slot(table->slots, homes[i]);
	for (size_t i = 0; i < count; i++)
		if (slots[i] && slots[i]->few == SLOT_COUNTED)
			counted_fetch(slots[i]->counted);
	for (size_t i = 0; i < count; i++)
		if (slots[i] && slots[i]->few == SLOT_COUNTED)
			counted_fetch_lists(slots[i]->counted);
	addresses_fetch(table, slots, count);
}

int incidents_add(struct incident_table *table, const struct event *event,
		  int64_t resolved_at, struct error *err)
{
	struct slot *slot;
	uint32_t newest;
	struct key key;

	if (event->outcome == OUTCOME_SUMMARY)
		return told_add(table, event, err);
	if (event_is_block(event))
		return is_let_in(table, event)
			       ? block_table_add(table->blocks, event, err)
			       : 0;
	table->counts.events += event->count;
	if (!is_let_in(table, event))
		return 0;
	key = key_of(table, event);
	/* a detector tells of logins only where it saw a password guessed */
	if (event->outcome == OUTCOME_SUCCESS && !event->retold)
		login_remember(table, &key, event->user, event->at);
	if (newest_find(table, &key, event, &newest, err) != 0)
		return -1;
	slot = window_find(table, newest, event->at);
	if (event->outcome == OUTCOME_SUCCESS && !success_matters(table, slot, event)) {
		table->counts.successes_alone += event->count;
		return 0;
	}
	if (!slot)
		slot = window_open(table, &key, newest, event);
	if (slot)
		slot_count(table, slot, event, resolved_at);
	else
		table->counts.crowded += event->count;
	return 0;
}

static void slot_read(struct incident_table *table, const struct slot *slot,
		      struct arena *arena, struct incident *out)
{
	const struct stock *lines = &table->counting.stock;

	*out = (struct incident){
		.source = key_address(&slot->key),
		.source_bits = (uint8_t)source_bits(table, slot->key.family),
		.base = (enum category)slot->key.base,
		.window_start = slot->first,
		.first = slot->first,
		.last = slot->last,
	};
	if (slot->few == SLOT_COUNTED) {
		counted_read(&table->counting, lines, slot->counted, arena, out);
	} else {
		struct counted *counted;

		counting_forget(&table->replay);
		counted = counted_new(&table->replay);
		acts_replay(table, slot, &table->replay, counted, arena);
		counted_read(&table->replay, lines, counted, arena, out);
	}
	if (slot->few == SLOT_COUNTED && slot->counted->kept &&
	    slot->counted->kept->stored.id[0])
		out->source_bits = slot->counted->kept->loaded.source_bits;
	if (!table->options.bare)
		id_make(table, out);
	incident_classify(out, table->options.settings);
}

bool incidents_next(struct incident_table *table, size_t *place, struct arena *arena,
		    struct incident *out)
{
	while (*place < slots_count(table->slots)) {
		const struct slot *slot = slots_at(table->slots, (uint32_t)++ * place);

		if (slot->few == 0)
			continue;
		slot_read(table, slot, arena, out);
		block_table_find(table->blocks, arena, out, &out->blocks);
		if (out->base == CATEGORY_LOGIN_ATTACK)
			login_table_find(table->logins, arena, suspect_at(table, slot),
					 out);
		return true;
	}
	return false;
}

static int slot_save(struct incident_table *table, struct slot *slot, struct error *err)
{
	struct kept *kept = slot->counted->kept;
	struct incident incident;

	arena_reset(table->told);
	slot_read(table, slot, table->told, &incident);
	if (kept->has_last)
		kept->stored.last = evidence_of(&kept->last);
	return incident_store_save(table->options.db, table->options.site, &incident,
				   &kept->stored, err);
}

int incidents_save(struct incident_table *table, struct error *err)
{
	if (!table->options.db)
		return 0;
	for (uint32_t n = 1; n <= slots_count(table->slots); n++) {
		struct slot *slot = slots_at(table->slots, n);

		if (slot->few == SLOT_COUNTED && slot->counted->kept->stored.changed &&
		    slot_save(table, slot, err) != 0)
			return -1;
	}
	if (login_table_save(table->logins, err) != 0)
		return -1;
	return block_table_save(table->blocks, err);
}
