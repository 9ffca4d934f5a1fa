#include "incident/counted.h"

#include "base/clock.h"
#include "event/formats.h"
#include "incident/login.h"
#include "incident/retold.h"
#include "incident/tally.h"

#include <stdio.h>
#include <string.h>

enum { EVIDENCE_FIRST = 16, TEXT_MAX = 256 };
/* In lists of ports and addresses: the symbol of a text that is neither. */
enum { AS_TEXT = 1 << 30 };
enum { PORT_MAX_BYTES = 16 };

void counting_init(struct counting *counting, const struct own_side *own)
{
	*counting = (struct counting){ .own = own };
	stock_init(&counting->stock);
	counting->rows = symbols_new(counting->stock.arena);
	counting->identities = symbols_new(counting->stock.arena);
}

void counting_clear(struct counting *counting)
{
	symbols_free(counting->rows);
	symbols_free(counting->identities);
	stock_clear(&counting->stock);
}

void counting_forget(struct counting *counting)
{
	symbols_forget(counting->rows);
	symbols_forget(counting->identities);
	stock_forget(&counting->stock);
	memset(counting->seen, 0, sizeof counting->seen);
}

struct counted *counted_new(struct counting *counting)
{
	struct counted *counted = pool_take(counting->stock.pool, sizeof *counted);

	*counted = (struct counted){ 0 };
	return counted;
}

static struct slice port_format(char out[PORT_MAX_BYTES], unsigned port)
{
	size_t at = PORT_MAX_BYTES;

	do {
		out[--at] = (char)('0' + port % 10);
		port /= 10;
	} while (port && at);
	return (struct slice){ &out[at], PORT_MAX_BYTES - at };
}

/* "22/tcp", "icmp" */
static struct slice target_port_format(char out[PORT_MAX_BYTES], uint32_t number)
{
	const char *protocol = protocol_name((enum protocol)(number >> 16));
	struct slice port = port_format(out, number & UINT16_MAX);
	size_t len = strlen(protocol);

	if (!(number & UINT16_MAX))
		return slice_of(protocol);
	memmove(out, port.at, port.len);
	out[port.len] = '/';
	memcpy(out + port.len + 1, protocol, len);
	return (struct slice){ out, port.len + 1 + len };
}

/* `room` holds what is not kept as a text. */
static struct slice number_text(const struct stock *stock, enum incident_list list,
				uint32_t number, char room[ADDRESS_TEXT_MAX])
{
	struct address_text text;
	struct address address;

	if (number & AS_TEXT)
		return symbols_text(stock->texts, number & ~(uint32_t)AS_TEXT);
	switch (list) {
	case LIST_PORTS:
		return target_port_format(room, number);
	case LIST_SOURCE_PORTS:
		return port_format(room, number);
	case LIST_ADDRESSES:
		memcpy(&address, symbols_text(stock->targets, number).at,
		       sizeof address);
		text = address_format(&address);
		memcpy(room, text.text, sizeof text.text);
		return slice_of(room);
	default:
		return symbols_text(stock->texts, number);
	}
}

static struct sketch *sketch_new(struct pool *pool)
{
	struct sketch *sketch = pool_take(pool, sizeof *sketch);

	*sketch = (struct sketch){ { 0 } };
	return sketch;
}

/* Begins with what is in the list. */
static void bag_sketch(struct stock *stock, struct bag *bag, enum incident_list list)
{
	char room[ADDRESS_TEXT_MAX];

	if (bag->sketch)
		return;
	bag->sketch = sketch_new(stock->pool);
	for (size_t i = 0; i < bag->count; i++)
		sketch_add(bag->sketch,
			   sketch_hash(
				   number_text(stock, list, bag_number(bag, i), room)));
}

/* One that did not fit. */
static void bag_overflow(struct stock *stock, struct bag *bag, enum incident_list list,
			 struct slice text, uint64_t times)
{
	bag->beyond += times;
	bag_sketch(stock, bag, list);
	sketch_add(bag->sketch, sketch_hash(text));
}

static void number_add(struct stock *stock, struct bag *bag, enum incident_list list,
		       uint32_t number, uint64_t times)
{
	char room[ADDRESS_TEXT_MAX];

	if (bag->count && bag_count(bag, number, times))
		return;
	if (bag->count < INCIDENT_LIST_MAX)
		bag_put(stock->pool, bag, number, times);
	else
		bag_overflow(stock, bag, list, number_text(stock, list, number, room),
			     times);
}

/* What was counted last, again: most acts are like the one before. */
static bool counts_again(const struct symbols *symbols, struct bag *bag,
			 struct slice text, uint64_t times)
{
	uint32_t number = bag_last(bag);

	if (!bag->count || (number & AS_TEXT) ||
	    !slice_equal(symbols_text(symbols, number), text))
		return false;
	bag_count_last(bag, times);
	return true;
}

/* Only texts that a list holds become symbols: others choose how many there are. */
static void text_add(struct stock *stock, struct bag *bag, enum incident_list list,
		     struct slice text, uint64_t times)
{
	uint32_t number;

	text = slice_cut(text, 0, TEXT_MAX);
	if (!text.len || counts_again(stock->texts, bag, text, times))
		return;
	number = bag->count < INCIDENT_LIST_MAX ? symbols_get(stock->texts, text)
						: symbols_find(stock->texts, text);
	if (number)
		number_add(stock, bag, list, number, times);
	else
		bag_overflow(stock, bag, list, text, times);
}

static void address_add(struct stock *stock, struct bag *bag,
			const struct address *address, uint64_t times)
{
	struct slice raw = { (const char *)address, sizeof *address };
	struct address_text text;
	uint32_t number;

	if (counts_again(stock->targets, bag, raw, times))
		return;
	number = bag->count < INCIDENT_LIST_MAX ? symbols_get(stock->targets, raw)
						: symbols_find(stock->targets, raw);
	if (number) {
		number_add(stock, bag, LIST_ADDRESSES, number, times);
		return;
	}
	text = address_format(address);
	bag_overflow(stock, bag, LIST_ADDRESSES, slice_of(text.text), times);
}

static void rule_add(struct stock *stock, struct counted *counted,
		     const struct event *event)
{
	if (event->rule.len)
		number_add(stock, &counted->lists[LIST_RULES], LIST_RULES,
			   symbols_get_again(stock->texts, &stock->last.rule,
					     slice_cut(event->rule, 0, TEXT_MAX)),
			   event->count);
}

static void lists_add(struct stock *stock, struct counted *counted,
		      const struct event *event, uint64_t times)
{
	enum protocol protocol = event->protocol ? event->protocol : PROTOCOL_TCP;
	struct bag *lists = counted->lists;

	if (event->service.len)
		number_add(stock, &lists[LIST_SERVICES], LIST_SERVICES,
			   symbols_get_again(stock->texts, &stock->last.service,
					     slice_cut(event->service, 0, TEXT_MAX)),
			   times);
	text_add(stock, &lists[LIST_USERS], LIST_USERS, event->user, times);
	if (event->target_port || event->protocol == PROTOCOL_ICMP)
		number_add(stock, &lists[LIST_PORTS], LIST_PORTS,
			   event->target_port | (uint32_t)protocol << 16, times);
	if (event->source_port)
		number_add(stock, &lists[LIST_SOURCE_PORTS], LIST_SOURCE_PORTS,
			   event->source_port, times);
	if (event->source.family == FAMILY_IPV6)
		address_add(stock, &lists[LIST_ADDRESSES], &event->source, times);
}

static struct incident_target target_of(const struct counting *counting,
					const struct event *event)
{
	const struct own_side *own = counting->own;
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
	return target;
}

/* How a target is shown: raw bytes of it are a symbol, so no padding may differ. */
struct target_row {
	struct address address;
	uint32_t host, name;
};

static uint32_t row_get(struct counting *counting, const struct incident_target *target)
{
	struct symbols *texts = counting->stock.texts;
	struct target_row row;

	memset(&row, 0, sizeof row);
	row.address = target->address;
	row.host = symbols_get_again(texts, &counting->stock.last.host, target->host);
	row.name = symbols_get(texts, target->name);
	return symbols_get(counting->rows,
			   (struct slice){ (const char *)&row, sizeof row });
}

static struct incident_target row_read(const struct counting *counting, uint32_t number)
{
	const struct symbols *texts = counting->stock.texts;
	struct target_row row;

	memcpy(&row, symbols_text(counting->rows, number).at, sizeof row);
	return (struct incident_target){ .address = row.address,
					 .host = symbols_text(texts, row.host),
					 .name = symbols_text(texts, row.name) };
}

/* What makes two targets one: the address; the logging host where there is none. An
 * address is 17 bytes and begins with its family, which no host's text is and does.     */
static struct slice identity_of(const struct incident_target *target, char room[256])
{
	struct slice host = slice_cut(target->host, 0, 255);

	if (target->address.family != FAMILY_NONE)
		return (struct slice){ (const char *)&target->address,
				       sizeof target->address };
	room[0] = FAMILY_NONE;
	if (host.len)
		memcpy(room + 1, host.at, host.len);
	return (struct slice){ room, host.len + 1 };
}

static struct hit *hits_at(struct hits_kept *targets)
{
	return targets->room <= 1 ? &targets->one : targets->many;
}

static const struct hit *hit_get(const struct counted *counted, size_t i)
{
	const struct hits_kept *targets = &counted->targets;

	return targets->room <= 1 ? &targets->one : &targets->many[i];
}

static bool hit_count(struct counted *counted, uint32_t identity, uint64_t times)
{
	struct hit *hits = hits_at(&counted->targets);
	size_t i = counted->targets.last;

	if (i >= counted->targets.count || hits[i].identity != identity)
		for (i = 0; i < counted->targets.count && hits[i].identity != identity;)
			i++;
	if (i == counted->targets.count)
		return false;
	hits[i].count = capped_sum(hits[i].count, times);
	counted->targets.last = (uint8_t)i;
	return true;
}

static void hits_grow(struct pool *pool, struct hits_kept *targets)
{
	unsigned room = targets->room ? 2U * targets->room : 1;
	struct hit *at;

	if (room > 1) {
		at = pool_take(pool, room * sizeof *at);
		memcpy(at, hits_at(targets), targets->count * sizeof *at);
		if (targets->room > 1)
			pool_give(pool, targets->many, targets->room * sizeof *at);
		targets->many = at;
	}
	targets->room = (uint8_t)room;
}

static void hit_put(struct pool *pool, struct counted *counted, struct hit hit)
{
	struct hits_kept *targets = &counted->targets;

	if (targets->count == targets->room)
		hits_grow(pool, targets);
	targets->last = targets->count;
	hits_at(targets)[targets->count++] = hit;
}

static void targets_sketch(struct counting *counting, struct counted *counted)
{
	if (counted->targets.sketch)
		return;
	counted->targets.sketch = sketch_new(counting->stock.pool);
	for (size_t i = 0; i < counted->targets.count; i++) {
		struct incident_target one =
			row_read(counting, hit_get(counted, i)->row);

		sketch_add(counted->targets.sketch, target_hash(&one));
	}
}

static void hit_overflow(struct counting *counting, struct counted *counted,
			 const struct incident_target *target, uint64_t times)
{
	counted->targets.beyond += times;
	targets_sketch(counting, counted);
	sketch_add(counted->targets.sketch, target_hash(target));
}

static void target_put(struct counting *counting, struct counted *counted,
		       const struct incident_target *target, uint64_t times)
{
	bool full = counted->targets.count == INCIDENT_LIST_MAX;
	char room[256];
	struct slice text = identity_of(target, room);
	uint32_t identity = full ? symbols_find(counting->identities, text)
				 : symbols_get(counting->identities, text);

	if (identity && hit_count(counted, identity, times))
		return;
	if (full) {
		hit_overflow(counting, counted, target, times);
		return;
	}
	hit_put(counting->stock.pool, counted,
		(struct hit){ identity, row_get(counting, target),
			      capped_sum(0, times) });
}

static void target_add(struct counting *counting, struct counted *counted,
		       const struct event *event, uint64_t times)
{
	const uint8_t *b = event->target.bytes;
	struct target_seen *seen = &counting->seen[(b[3] ^ b[15]) % TARGETS_SEEN];
	struct incident_target target;
	bool known = seen->identity && address_equal(&seen->target, &event->target) &&
		     slice_equal(symbols_text(counting->stock.texts, seen->host),
				 event->target_host);

	if (known && hit_count(counted, seen->identity, times))
		return;
	target = target_of(counting, event);
	target_put(counting, counted, &target, times);
	if (counted->targets.beyond) /* it may be no symbol */
		return;
	*seen = (struct target_seen){
		.target = event->target,
		.host = symbols_get_again(counting->stock.texts,
					  &counting->stock.last.host,
					  event->target_host),
		.identity = hit_get(counted, counted->targets.last)->identity,
	};
}

/* What is told of a longer time counts as spread over it. */
static void minute_count(struct counted *counted, const struct event *event,
			 uint64_t acts)
{
	int64_t minute = event->at / MINUTE_US;

	if (event->until > event->at) {
		uint64_t minutes =
			(uint64_t)((event->until - event->at) / MINUTE_US) + 1;

		acts = acts / minutes + (acts % minutes != 0);
	}
	if (minute != counted->minute_at) {
		counted->minute_at = minute;
		counted->minute_count = 0;
	}
	counted->minute_count += acts;
	if (counted->minute_count > counted->peak)
		counted->peak = counted->minute_count;
}

static void step_count(struct counted *counted, uint16_t port)
{
	if (!port || port == counted->last_port)
		return;
	counted->steps += counted->last_port != 0;
	counted->steps_next += counted->last_port && port == counted->last_port + 1;
	counted->last_port = port;
}

/* Lines kept: the first sixteen, then the 32nd, 64th ..., every success, and the
 * newest. So the sample is spread, bounded and never taken back once it is sealed.     */
static void evidence_add(struct stock *stock, struct counted *counted,
			 const struct event *event, struct act *act, unsigned bits)
{
	uint64_t n = counted->count;
	bool keep = n <= EVIDENCE_FIRST || (n & (n - 1)) == 0;

	if (stock->bare || !event->line.text.len)
		return;
	if (event->outcome == OUTCOME_SUCCESS)
		keep = counted->successes <= EVIDENCE_FIRST;
	if (keep && counted->evidence_count < EVIDENCE_MAX * 2) {
		if (!act)
			act = act_new(stock, event, bits);
		act->older = counted->evidence;
		counted->evidence = act;
		counted->evidence_count++;
	}
	if (!counted->kept)
		return;
	counted->kept->has_last = !keep;
	counted->kept->stored.has_last = !keep;
	if (!keep)
		counted->kept->last = *event;
}

/* By how much the count grows: what several tell counts once (incident/retold.h). */
static uint64_t gain_of(const struct stock *stock, const struct counted *counted,
			const struct event *event)
{
	struct incident so_far = { .count = counted->count,
				   .successes = counted->successes };
	const struct bag *rules = &counted->lists[LIST_RULES];
	struct tally_item items[INCIDENT_LIST_MAX];

	for (size_t i = 0; i < rules->count; i++)
		items[i] = (struct tally_item){ symbols_text(stock->texts,
							     bag_number(rules, i)),
						bag_times(rules, i) };
	so_far.lists[LIST_RULES] = (struct tally){ .at = items,
						   .count = rules->count,
						   .room = rules->count,
						   .beyond = rules->beyond };
	return retold_gain(&so_far, event);
}

static void early_note(const struct stock *stock, struct counted *counted, int64_t at,
		       uint64_t times)
{
	struct early early = { 0 };

	if (counted->early_count == 0 && times == 1) {
		counted->early.one = at;
		counted->early_count = 1;
		return;
	}
	if (counted->early_count < 2) {
		if (counted->early_count == 1)
			early_add(&early, counted->early.one, 1);
		counted->early.many = pool_take(stock->pool, sizeof early);
		*counted->early.many = early;
	}
	early_add(counted->early.many, at, times);
	counted->early_count = counted->early.many->count;
}

static struct early early_read(const struct counted *counted)
{
	struct early early = { .count = counted->early_count };

	if (early.count > 1)
		return *counted->early.many;
	early.at[0] = counted->early.one;
	return early;
}

/* A log's own lines fill the lists whole: they name the users and ports that a detector
 * leaves out.                                                                          */
static void acts_count(struct counting *counting, struct counted *counted,
		       const struct event *event)
{
	struct stock *stock = &counting->stock;
	bool is_attempt = event->outcome != OUTCOME_SUCCESS;
	uint64_t gain = event->count;

	if (is_attempt) {
		if (event->retold || counted->has_retold)
			gain = gain_of(stock, counted, event);
		counted->count += gain;
		counted->has_retold |= event->retold;
		if (!event->retold && event->category == CATEGORY_LOGIN_ATTACK)
			early_note(stock, counted, event->at, event->count);
	} else {
		counted->successes += event->count;
		if (!counted->success_at)
			counted->success_at = event->at;
	}
	if (is_attempt || !event->retold)
		rule_add(stock, counted, event);
	minute_count(counted, event, gain);
	if (event->retold && !gain)
		return;
	step_count(counted, event->target_port);
	if (!event->retold)
		gain = event->count;
	lists_add(stock, counted, event, gain);
	target_add(counting, counted, event, gain);
}

void counted_add(struct counting *counting, struct counted *counted,
		 const struct event *event, int64_t resolved_at, struct act *act,
		 unsigned bits)
{
	acts_count(counting, counted, event);
	if (event->certainty > counted->certainty)
		counted->certainty = (uint8_t)event->certainty;
	if (event->time_basis > counted->time_basis)
		counted->time_basis = (uint8_t)event->time_basis;
	if (resolved_at)
		counted->resolved_at = resolved_at;
	if (!counted->source_name)
		counted->source_name =
			symbols_get(counting->stock.texts, event->source_name);
	evidence_add(&counting->stock, counted, event, act, bits);
	if (counted->kept)
		counted->kept->stored.changed = true;
}

static void fetch(const void *from, size_t len)
{
	enum { CACHE_LINE = 64 };
	const char *at = from;

	for (size_t i = 0; i < len; i += CACHE_LINE)
		__builtin_prefetch(at + i);
}

void counted_fetch(const struct counted *counted)
{
	fetch(counted, sizeof *counted);
}

void counted_fetch_lists(const struct counted *counted)
{
	for (size_t i = 0; i < LIST_COUNT; i++) {
		const struct bag *bag = &counted->lists[i];

		if (bag->room > 1)
			fetch(bag->many, bag->room * 2 * sizeof *bag->many);
	}
	if (counted->targets.room > 1)
		fetch(counted->targets.many, sizeof *counted->targets.many);
}

uint32_t counted_last_address(const struct counted *counted)
{
	const struct bag *bag = &counted->lists[LIST_ADDRESSES];
	uint32_t number = bag->count ? bag_last(bag) : 0;

	return number & AS_TEXT ? 0 : number;
}

struct evidence evidence_of(const struct event *event)
{
	return (struct evidence){
		.at = event->at,
		.time_basis = event->time_basis,
		.file = event->line.file,
		.line = event->line.number,
		.text = event->line.text,
		.user = event->user,
		.source_port = event->source_port,
		.target_port = event->target_port,
		.sha256 = sha256_of(event->line.text),
	};
}

static void lists_read(const struct stock *stock, const struct counted *counted,
		       struct arena *arena, struct incident *out)
{
	for (int list = 0; list < LIST_COUNT; list++) {
		const struct bag *bag = &counted->lists[list];
		struct tally *tally = &out->lists[list];

		*tally = (struct tally){ .beyond = bag->beyond, .sketch = bag->sketch };
		if (!bag->count)
			continue;
		tally->at = ARENA_ARRAY(arena, struct tally_item, bag->count);
		tally->count = tally->room = bag->count;
		for (size_t i = 0; i < bag->count; i++) {
			char room[ADDRESS_TEXT_MAX];
			struct slice text = number_text(stock, (enum incident_list)list,
							bag_number(bag, i), room);

			tally->at[i] = (struct tally_item){ arena_copy(arena, text),
							    bag_times(bag, i) };
		}
	}
}

static void targets_read(const struct counting *counting, const struct counted *counted,
			 struct arena *arena, struct incident *out)
{
	out->targets = (struct incident_targets){ .beyond = counted->targets.beyond,
						  .sketch = counted->targets.sketch };
	for (size_t i = 0; i < counted->targets.count; i++) {
		struct incident_target *target = LIST_ADD(arena, &out->targets);

		*target = row_read(counting, hit_get(counted, i)->row);
		target->count = hit_get(counted, i)->count;
	}
}

static void evidence_read(const struct stock *stock, const struct counted *counted,
			  struct arena *arena, struct incident *out)
{
	size_t count = counted->evidence_count, loaded = 0;
	struct evidence *at = ARENA_ARRAY(arena, struct evidence, count);

	if (counted->kept)
		loaded = counted->kept->loaded.evidence.count;
	for (size_t i = 0; i < loaded; i++)
		at[i] = counted->kept->loaded.evidence.at[i];
	for (const struct act *act = counted->evidence; act; act = act->older) {
		struct event event;

		act_read(stock, act, &out->source, out->source_bits, arena, &event);
		at[--count] = evidence_of(&event);
	}
	out->evidence = (struct evidences){ at, counted->evidence_count,
					    counted->evidence_count };
}

void counted_read(const struct counting *counting, const struct stock *lines,
		  const struct counted *counted, struct arena *arena,
		  struct incident *out)
{
	out->count = counted->count;
	out->successes = counted->successes;
	out->success_at = counted->success_at;
	out->early = early_read(counted);
	out->minute_at = counted->minute_at;
	out->minute_count = counted->minute_count;
	out->peak = counted->peak;
	out->resolved_at = counted->resolved_at;
	out->certainty = (enum certainty)counted->certainty;
	out->time_basis = (enum time_basis)counted->time_basis;
	out->steps = counted->steps;
	out->steps_next = counted->steps_next;
	out->last_port = counted->last_port;
	out->source_name = symbols_text(counting->stock.texts, counted->source_name);
	lists_read(&counting->stock, counted, arena, out);
	targets_read(counting, counted, arena, out);
	evidence_read(lines, counted, arena, out);
}

/* The number of a port as number_text() wrote it. */
static bool port_number(enum incident_list list, struct slice text, uint32_t *out)
{
	static const enum protocol protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP,
						   PROTOCOL_ICMP, PROTOCOL_SCTP };
	struct slice rest = text, port;
	uint64_t number;

	if (list == LIST_SOURCE_PORTS) {
		if (slice_to_u64(text, UINT16_MAX, &number) != 0)
			return false;
		*out = (uint32_t)number;
		return true;
	}
	*out = (uint32_t)PROTOCOL_ICMP << 16;
	if (slice_equal(text, S("icmp")))
		return true;
	if (!slice_next(&rest, '/', &port) ||
	    slice_to_u64(port, UINT16_MAX, &number) != 0 || !number)
		return false;
	for (size_t i = 0; i < COUNT_OF(protocols); i++) {
		*out = (uint32_t)number | (uint32_t)protocols[i] << 16;
		if (slice_equal(rest, slice_of(protocol_name(protocols[i]))))
			return true;
	}
	return false;
}

/* The number of what number_text() wrote. */
static uint32_t number_of(struct stock *stock, enum incident_list list,
			  struct slice text)
{
	bool is_port = list == LIST_PORTS || list == LIST_SOURCE_PORTS;
	struct address address;
	uint32_t number;

	if (is_port && port_number(list, text, &number))
		return number;
	if (list == LIST_ADDRESSES && address_parse(text, &address) == 0)
		return symbols_get(stock->targets,
				   (struct slice){ (const char *)&address,
						   sizeof address });
	number = symbols_get(stock->texts, text);
	if (is_port || list == LIST_ADDRESSES)
		number |= AS_TEXT;
	return number;
}

static struct sketch *sketch_load(struct pool *pool, const struct sketch *stored)
{
	struct sketch *sketch = stored ? sketch_new(pool) : NULL;

	if (sketch)
		*sketch = *stored;
	return sketch;
}

static void lists_load(struct stock *stock, struct counted *counted,
		       const struct incident *incident)
{
	for (int list = 0; list < LIST_COUNT; list++) {
		const struct tally *tally = &incident->lists[list];
		struct bag *bag = &counted->lists[list];

		for (size_t i = 0; i < tally->count && i < INCIDENT_LIST_MAX; i++)
			bag_put(stock->pool, bag,
				number_of(stock, (enum incident_list)list,
					  tally->at[i].text),
				tally->at[i].count);
		bag->beyond = tally->beyond;
		bag->sketch = sketch_load(stock->pool, tally->sketch);
	}
}

static void targets_load(struct counting *counting, struct counted *counted,
			 const struct incident *incident)
{
	const struct incident_targets *targets = &incident->targets;

	for (size_t i = 0; i < targets->count && i < INCIDENT_LIST_MAX; i++)
		target_put(counting, counted, &targets->at[i], targets->at[i].count);
	counted->targets.beyond = targets->beyond;
	counted->targets.sketch = sketch_load(counting->stock.pool, targets->sketch);
}

static bool has_retold(const struct tally *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		if (format_is_retold(rules->at[i].text))
			return true;
	return false;
}

void counted_load(struct counting *counting, struct counted *counted,
		  const struct stored_incident *stored)
{
	const struct incident *i = &stored->incident;

	counted->count = i->count;
	counted->successes = i->successes;
	counted->success_at = i->success_at;
	for (size_t j = 0; j < i->early.count; j++)
		early_note(&counting->stock, counted, i->early.at[j], 1);
	counted->minute_at = i->minute_at;
	counted->minute_count = i->minute_count;
	counted->peak = i->peak;
	counted->resolved_at = i->resolved_at;
	counted->certainty = (uint8_t)i->certainty;
	counted->time_basis = (uint8_t)i->time_basis;
	counted->steps = i->steps;
	counted->steps_next = i->steps_next;
	counted->last_port = i->last_port;
	counted->source_name = symbols_get(counting->stock.texts, i->source_name);
	counted->evidence_count = (uint8_t)i->evidence.count;
	lists_load(&counting->stock, counted, i);
	counted->has_retold = has_retold(&i->lists[LIST_RULES]);
	targets_load(counting, counted, i);
	counted->kept->loaded = *i;
	counted->kept->stored = stored->stored;
}

/* One of another machine's list; what is no port or address is not believed. */
static void item_merge(struct stock *stock, struct bag *bag, enum incident_list list,
		       const struct tally_item *item)
{
	struct address address;
	uint32_t number;

	if (list == LIST_ADDRESSES) {
		if (address_parse(item->text, &address) == 0)
			address_add(stock, bag, &address, item->count);
	} else if (list == LIST_PORTS || list == LIST_SOURCE_PORTS) {
		if (port_number(list, item->text, &number))
			number_add(stock, bag, list, number, item->count);
	} else {
		text_add(stock, bag, list, item->text, item->count);
	}
}

static void lists_merge(struct stock *stock, struct counted *counted,
			const struct incident *told)
{
	for (int i = 0; i < LIST_COUNT; i++) {
		enum incident_list list = (enum incident_list)i;
		const struct tally *from = &told->lists[list];
		struct bag *bag = &counted->lists[list];

		for (size_t n = 0; n < from->count; n++)
			item_merge(stock, bag, list, &from->at[n]);
		bag->beyond += from->beyond;
		if (!from->sketch)
			continue;
		bag_sketch(stock, bag, list);
		sketch_merge(bag->sketch, from->sketch);
	}
}

static void targets_told(struct counting *counting, struct counted *counted,
			 const struct incident_targets *from)
{
	for (size_t i = 0; i < from->count; i++)
		target_put(counting, counted, &from->at[i], from->at[i].count);
	counted->targets.beyond += from->beyond;
	if (!from->sketch)
		return;
	targets_sketch(counting, counted);
	sketch_merge(counted->targets.sketch, from->sketch);
}

static void evidence_told(struct stock *stock, struct counted *counted,
			  const struct incident *told, unsigned bits)
{
	for (size_t i = 0;
	     i < told->evidence.count && counted->evidence_count < EVIDENCE_MAX * 2;
	     i++) {
		const struct evidence *line = &told->evidence.at[i];
		struct event event = {
			.at = line->at,
			.time_basis = line->time_basis,
			.source = told->source,
			.source_port = line->source_port,
			.target_port = line->target_port,
			.user = line->user,
			.line = { .text = line->text,
				  .file = line->file,
				  .number = line->line },
		};
		struct act *act = act_new(stock, &event, bits);

		act->older = counted->evidence;
		counted->evidence = act;
		counted->evidence_count++;
	}
}

void counted_merge(struct counting *counting, struct counted *counted,
		   const struct incident *told, unsigned bits)
{
	counted->count += told->count;
	counted->successes += told->successes;
	counted->steps += told->steps;
	counted->steps_next += told->steps_next;
	if (told->success_at &&
	    (!counted->success_at || told->success_at < counted->success_at))
		counted->success_at = told->success_at;
	for (size_t i = 0; i < told->early.count; i++)
		early_note(&counting->stock, counted, told->early.at[i], 1);
	if (told->peak > counted->peak)
		counted->peak = told->peak;
	if (told->certainty > counted->certainty)
		counted->certainty = (uint8_t)told->certainty;
	if (told->time_basis > counted->time_basis)
		counted->time_basis = (uint8_t)told->time_basis;
	if (told->resolved_at)
		counted->resolved_at = told->resolved_at;
	if (!counted->source_name)
		counted->source_name =
			symbols_get(counting->stock.texts, told->source_name);
	lists_merge(&counting->stock, counted, told);
	counted->has_retold |= has_retold(&told->lists[LIST_RULES]);
	targets_told(counting, counted, &told->targets);
	if (!counting->stock.bare)
		evidence_told(&counting->stock, counted, told, bits);
	if (counted->kept)
		counted->kept->stored.changed = true;
}
