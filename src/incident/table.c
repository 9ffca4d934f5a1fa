#include "incident/table.h"

#include "base/clock.h"
#include "incident/block.h"
#include "incident/classify.h"
#include "incident/retold.h"
#include "incident/store.h"
#include "incident/tally.h"
#include "incident/told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 320, SLOTS_MIN = 1024, EVIDENCE_FIRST = 16 };

/* A key has one slot; its windows are the chain behind it, newest first. */
struct slot {
	uint64_t hash;
	struct slice key;
	struct entry *newest;
};

struct entry {
	struct incident incident;
	struct stored stored;
	struct entry *older;
};

struct incident_table {
	struct incident_table_options options;
	struct arena *arena;
	struct slot *slots;
	size_t slot_count, used;
	struct {
		struct entry **at;
		size_t count, room;
	} entries;
	struct block_table *blocks;
	struct incident_counts counts;
};

static void slots_make(struct incident_table *table, size_t count)
{
	table->slots = ARENA_ARRAY(table->arena, struct slot, count);
	table->slot_count = count;
}

struct incident_table *incidents_new(const struct incident_table_options *options)
{
	struct incident_table *table = calloc(1, sizeof *table);

	if (!table)
		abort();
	table->options = *options;
	table->arena = arena_new();
	table->blocks = block_table_new(options->site, options->db);
	slots_make(table, SLOTS_MIN);
	return table;
}

void incidents_free(struct incident_table *table)
{
	if (!table)
		return;
	block_table_free(table->blocks);
	arena_free(table->arena);
	free(table);
}

void incidents_forget(struct incident_table *table)
{
	block_table_forget(table->blocks);
	arena_reset(table->arena);
	table->entries.at = NULL;
	table->entries.count = table->entries.room = 0;
	table->used = 0;
	slots_make(table, SLOTS_MIN);
}

size_t incidents_count(const struct incident_table *table)
{
	return table->entries.count;
}

struct incident *incidents_at(struct incident_table *table, size_t index)
{
	struct incident *incident = &table->entries.at[index]->incident;

	block_table_find(table->blocks, table->arena, incident, &incident->blocks);
	return incident;
}

const struct incident_counts *incidents_counts(const struct incident_table *table)
{
	return &table->counts;
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

static unsigned source_bits(const struct incident_table *table,
			    const struct address *source)
{
	if (source->family == FAMILY_IPV6)
		return (unsigned)table->options.settings->judge_ipv6_prefix;
	return source->family == FAMILY_IPV4 ? 32 : 0;
}

/* What makes events belong together: source (by prefix) or name, category, and whether it
 * can be forged.                                                                         */
static struct slice key_make(char room[KEY_MAX], const struct incident *like)
{
	const struct address *source = &like->source;
	size_t len = 0;

	room[len++] = (char)source->family;
	room[len++] = (char)like->base;
	room[len++] = incident_forgeable(like);
	memcpy(room + len, source->bytes, sizeof source->bytes);
	len += sizeof source->bytes;
	if (source->family == FAMILY_NONE) {
		struct slice name = slice_cut(like->source_name, 0, KEY_MAX - len);

		memcpy(room + len, name.at, name.len);
		len += name.len;
	}
	return (struct slice){ room, len };
}

static struct slot *slot_find(struct incident_table *table, struct slice key,
			      uint64_t hash)
{
	size_t i = hash & (table->slot_count - 1);

	while (table->slots[i].key.at &&
	       (table->slots[i].hash != hash || !slice_equal(table->slots[i].key, key)))
		i = (i + 1) & (table->slot_count - 1);
	return &table->slots[i];
}

static void slots_double(struct incident_table *table)
{
	struct slot *old = table->slots;
	size_t count = table->slot_count;

	slots_make(table, count * 2);
	for (size_t i = 0; i < count; i++)
		if (old[i].key.at)
			*slot_find(table, old[i].key, old[i].hash) = old[i];
}

static struct slot *slot_get(struct incident_table *table, struct slice key,
			     bool *fresh)
{
	uint64_t hash = table_hash(key);
	struct slot *slot;

	if (table->used * 2 >= table->slot_count)
		slots_double(table);
	slot = slot_find(table, key, hash);
	*fresh = !slot->key.at;
	if (*fresh) {
		slot->hash = hash;
		slot->key = arena_copy(table->arena, key);
		table->used++;
	}
	return slot;
}

static struct entry *entry_add(struct incident_table *table, struct slot *slot)
{
	struct entry *entry = ARENA_NEW(table->arena, struct entry);

	entry->older = slot->newest;
	slot->newest = entry;
	*LIST_ADD(table->arena, &table->entries) = entry;
	return entry;
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

/* The windows the store has for this key, oldest first, go behind the slot. */
static int slot_load(struct incident_table *table, struct slot *slot,
		     const struct incident *like, struct error *err)
{
	struct stored_list list = { 0 };

	if (!table->options.db)
		return 0;
	if (incident_store_load(table->options.db, table->arena, table->options.site,
				like, &list, err) != 0)
		return -1;
	for (size_t i = 0; i < list.count; i++) {
		struct entry *entry = entry_add(table, slot);

		entry->incident = list.at[i].incident;
		entry->stored = list.at[i].stored;
	}
	return 0;
}

/* The window an instant falls into: one that is open, or one that would still be within
 * the length when begun earlier (logs are read one after the other, so an event may come
 * that is older than those seen), else NULL.                                          */
static struct entry *window_find(const struct incident_table *table,
				 const struct slot *slot, int64_t at)
{
	int64_t length = table->options.settings->judge_window_us;

	for (struct entry *e = slot->newest; e; e = e->older) {
		const struct incident *i = &e->incident;

		if (at >= i->window_start && at < i->window_start + length)
			return e;
		if (at < i->window_start && i->last < at + length && !e->stored.in_case)
			return e;
	}
	return NULL;
}

static struct entry *window_open(struct incident_table *table, struct slot *slot,
				 const struct incident *like, const struct event *event)
{
	struct entry *entry = entry_add(table, slot);

	entry->incident = *like;
	entry->incident.source_name = arena_copy(table->arena, event->source_name);
	entry->incident.window_start = event->at;
	entry->incident.first = entry->incident.last = event->at;
	entry->incident.time_basis = event->time_basis;
	id_make(table, &entry->incident);
	return entry;
}

static void window_shift(struct incident_table *table, struct incident *incident,
			 int64_t at)
{
	if (at >= incident->window_start)
		return;
	incident->window_start = at;
	id_make(table, incident);
}

static void minute_count(struct incident *incident, const struct event *event)
{
	int64_t minute = event->at / MINUTE_US;
	int64_t minutes = event->until > event->at
				  ? (event->until - event->at) / MINUTE_US + 1
				  : 1;

	if (minute != incident->minute_at) {
		incident->minute_at = minute;
		incident->minute_count = 0;
	}
	/* what is told of a longer time counts as spread over it */
	incident->minute_count +=
		(event->count + (uint64_t)minutes - 1) / (uint64_t)minutes;
	if (incident->minute_count > incident->peak)
		incident->peak = incident->minute_count;
}

static void target_add(struct incident_table *table, struct incident *incident,
		       const struct event *event)
{
	const struct own_side *own = table->options.own;
	const struct own_host *host = own_side_host(own, event->target_host);
	struct incident_target target = { .address = event->target,
					  .host = event->target_host };

	if (target.address.family != FAMILY_NONE &&
	    own_side_address(own, &target.address))
		host = own_side_address(own, &target.address);
	/* an address that the log has but the world cannot see is not shown as it is */
	if (host &&
	    (target.address.family == FAMILY_NONE || address_special(&target.address)))
		target.address = host->address;
	if (host)
		target.name = host->name;
	for (size_t i = 0; i < incident->targets.count; i++) {
		struct incident_target *t = &incident->targets.at[i];

		if (address_equal(&t->address, &target.address) &&
		    (target.address.family != FAMILY_NONE ||
		     slice_equal(t->host, target.host))) {
			t->count += event->count;
			return;
		}
	}
	if (incident->targets.count == INCIDENT_LIST_MAX)
		return;
	target.host = arena_copy(table->arena, target.host);
	target.count = event->count;
	*LIST_ADD(table->arena, &incident->targets) = target;
}

static void lists_add(struct incident_table *table, struct incident *incident,
		      const struct event *event)
{
	struct arena *arena = table->arena;
	struct tally *lists = incident->lists;
	char text[32];

	tally_add(&lists[LIST_SERVICES], arena, event->service, event->count);
	tally_add(&lists[LIST_USERS], arena, event->user, event->count);
	if (event->target_port || event->protocol == PROTOCOL_ICMP) {
		if (event->target_port)
			snprintf(text, sizeof text, "%u/%s", event->target_port,
				 event->protocol ? protocol_name(event->protocol)
						 : "tcp");
		else
			snprintf(text, sizeof text, "icmp");
		tally_add(&lists[LIST_PORTS], arena, slice_of(text), event->count);
	}
	if (event->source_port) {
		snprintf(text, sizeof text, "%u", event->source_port);
		tally_add(&lists[LIST_SOURCE_PORTS], arena, slice_of(text),
			  event->count);
	}
	if (event->source.family == FAMILY_IPV6) {
		struct address_text full = address_format(&event->source);

		tally_add(&lists[LIST_ADDRESSES], arena, slice_of(full.text),
			  event->count);
	}
}

static struct evidence evidence_of(struct arena *arena, const struct event *event)
{
	return (struct evidence){
		.at = event->at,
		.time_basis = event->time_basis,
		.file = arena_copy(arena, event->line.file),
		.line = event->line.number,
		.text = arena_copy(arena, event->line.text),
		.user = arena_copy(arena, event->user),
		.source_port = event->source_port,
		.target_port = event->target_port,
		.sha256 = sha256_of(event->line.text),
	};
}

/* Lines kept: the first sixteen, then the 32nd, 64th ..., every success, and the
 * newest. So the sample is spread, bounded and never taken back once it is sealed.     */
static void evidence_add(struct incident_table *table, struct entry *entry,
			 const struct event *event)
{
	struct incident *incident = &entry->incident;
	uint64_t n = incident->count;
	bool keep = n <= EVIDENCE_FIRST || (n & (n - 1)) == 0;

	if (event->line.text.len == 0)
		return;
	if (event->outcome == OUTCOME_SUCCESS)
		keep = incident->successes <= EVIDENCE_FIRST;
	if (keep && incident->evidence.count < EVIDENCE_MAX * 2)
		*LIST_ADD(table->arena, &incident->evidence) =
			evidence_of(table->arena, event);
	entry->stored.has_last = !keep;
	if (!keep)
		entry->stored.last = evidence_of(table->arena, event);
}

/* Counts what is new in it. A log's own lines fill the lists whole: they name the users
 * and ports that a detector leaves out.                                                 */
static void acts_count(struct incident_table *table, struct incident *incident,
		       const struct event *event)
{
	struct tally *rules = &incident->lists[LIST_RULES];
	struct event gained = *event;

	if (event->outcome == OUTCOME_SUCCESS) {
		incident->successes += event->count;
		if (!incident->success_at)
			incident->success_at = event->at;
	} else {
		gained.count = retold_gain(incident, event);
		incident->count += gained.count;
	}
	if (!event->retold || event->outcome == OUTCOME_ATTEMPT)
		tally_add(rules, table->arena, event->rule, event->count);
	minute_count(incident, &gained);
	if (event->retold && gained.count == 0)
		return;
	if (!event->retold)
		gained.count = event->count;
	lists_add(table, incident, &gained);
	target_add(table, incident, &gained);
}

static void entry_count(struct incident_table *table, struct entry *entry,
			const struct event *event, int64_t resolved_at)
{
	struct incident *incident = &entry->incident;
	int64_t last = event->until > event->at ? event->until : event->at;

	window_shift(table, incident, event->at);
	acts_count(table, incident, event);
	if (event->at < incident->first)
		incident->first = event->at;
	if (last > incident->last)
		incident->last = last;
	if (event->certainty > incident->certainty)
		incident->certainty = event->certainty;
	if (event->time_basis > incident->time_basis)
		incident->time_basis = event->time_basis;
	if (resolved_at)
		incident->resolved_at = resolved_at;
	if (!incident->source_name.len)
		incident->source_name = arena_copy(table->arena, event->source_name);
	evidence_add(table, entry, event);
	incident_classify(incident, table->options.settings);
	entry->stored.changed = true;
}

/* A success counts only behind enough failures of the same source in its window. */
static bool success_matters(const struct incident_table *table,
			    const struct entry *entry, const struct event *event)
{
	return entry && entry->incident.first <= event->at &&
	       entry->incident.count >=
		       (uint64_t)table->options.settings->judge_compromise_failures;
}

static bool is_let_in(struct incident_table *table, const struct event *event)
{
	const char *reason = NULL;

	if (event->contested) {
		table->counts.contested += event->count;
		return false;
	}
	if (event->source.family != FAMILY_NONE)
		reason = own_side_refuses(table->options.own, &event->source);
	else if (!event->source_name.len)
		reason = "no source in the line";
	/* the logins of your own people are no news */
	if (reason && event->outcome == OUTCOME_ATTEMPT)
		refuse(table, reason, event->count);
	return !reason;
}

/* The place of what is like this, with what the store has of it. */
static int slot_of(struct incident_table *table, const struct incident *like,
		   struct slot **out, struct error *err)
{
	char room[KEY_MAX];
	bool fresh;

	*out = slot_get(table, key_make(room, like), &fresh);
	return fresh ? slot_load(table, *out, like, err) : 0;
}

/* ---- what another tipoff counted ---- */

static bool told_is_let_in(struct incident_table *table, const struct incident *told)
{
	const char *reason = own_side_refuses_incident(table->options.own, told);

	if (!reason && told->source.family &&
	    told->source_bits < source_bits(table, &told->source))
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

static void told_evidence_add(struct incident_table *table, struct incident *incident,
			      const struct incident *told)
{
	for (size_t i = 0;
	     i < told->evidence.count && incident->evidence.count < EVIDENCE_MAX * 2;
	     i++) {
		struct evidence line = told->evidence.at[i];

		line.file = arena_copy(table->arena, line.file);
		line.text = arena_copy(table->arena, line.text);
		line.user = arena_copy(table->arena, line.user);
		*LIST_ADD(table->arena, &incident->evidence) = line;
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

static int told_add(struct incident_table *table, const struct event *event,
		    struct error *err)
{
	struct incident told, *incident;
	struct entry *entry;
	struct slot *slot;

	if (!told_read(table->arena, event->line.text, &told))
		return 0;
	table->counts.events += told.count + told.successes;
	if (!told_is_let_in(table, &told))
		return 0;
	told.source_bits = (uint8_t)source_bits(table, &told.source);
	if (told.source.family)
		told.source = address_mask(&told.source, told.source_bits);
	if (slot_of(table, &told, &slot, err) != 0)
		return -1;
	told_targets_name(table, &told);
	entry = window_find(table, slot, told.first);
	if (!entry) {
		struct event first = { .at = told.first,
				       .source_name = told.source_name,
				       .time_basis = told.time_basis };
		struct incident like = { .base = told.base,
					 .certainty = told.certainty,
					 .source = told.source,
					 .source_bits = told.source_bits };

		entry = window_open(table, slot, &like, &first);
	}
	incident = &entry->incident;
	window_shift(table, incident, told.first);
	told_merge(table->arena, incident, &told);
	told_evidence_add(table, incident, &told);
	incident_classify(incident, table->options.settings);
	entry->stored.changed = true;
	return told_blocks_add(table, &told, err);
}

int incidents_add(struct incident_table *table, const struct event *event,
		  int64_t resolved_at, struct error *err)
{
	struct incident like = { .base = event->category,
				 .certainty = event->certainty };
	struct entry *entry;
	struct slot *slot;

	if (event->outcome == OUTCOME_SUMMARY)
		return told_add(table, event, err);
	if (event_is_block(event))
		return is_let_in(table, event)
			       ? block_table_add(table->blocks, event, err)
			       : 0;
	table->counts.events += event->count;
	if (!is_let_in(table, event))
		return 0;
	like.source_bits = (uint8_t)source_bits(table, &event->source);
	like.source = event->source.family
			      ? address_mask(&event->source, like.source_bits)
			      : event->source;
	like.source_name = event->source_name;
	if (slot_of(table, &like, &slot, err) != 0)
		return -1;
	entry = window_find(table, slot, event->at);
	if (event->outcome == OUTCOME_SUCCESS &&
	    !success_matters(table, entry, event)) {
		table->counts.successes_alone += event->count;
		return 0;
	}
	if (!entry)
		entry = window_open(table, slot, &like, event);
	entry_count(table, entry, event, resolved_at);
	return 0;
}

int incidents_save(struct incident_table *table, struct error *err)
{
	for (size_t i = 0; i < table->entries.count; i++) {
		struct entry *entry = table->entries.at[i];

		if (entry->stored.changed &&
		    incident_store_save(table->options.db, table->options.site,
					&entry->incident, &entry->stored, err) != 0)
			return -1;
	}
	return block_table_save(table->blocks, err);
}
