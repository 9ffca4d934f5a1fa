#include "incident/told.h"

#include "base/clock.h"
#include "event/formats.h"
#include "incident/tally.h"
#include "json/reader.h"

enum { TOLD_EVIDENCE_MAX = EVIDENCE_MAX * 2 + 1, TOLD_BLOCKS_MAX = 16 };
#define TOLD_COUNT_MAX INT64_C(1000000000000)

static const char *const LISTS[LIST_COUNT] = { "services",     "users",     "ports",
					       "source_ports", "addresses", "rules" };

struct reader {
	struct arena *arena;
	const struct json_value *root;
	struct incident *out;
};

static struct slice text_of(const struct reader *r, const struct json_value *object,
			    const char *key)
{
	return arena_copy(r->arena, json_text(json_get(object, key)));
}

static uint64_t count_of(const struct json_value *object, const char *key)
{
	int64_t count = json_integer(json_get(object, key), 0);

	return count > 0 && count <= TOLD_COUNT_MAX ? (uint64_t)count : 0;
}

static uint16_t port_of(const struct json_value *object, const char *key)
{
	uint64_t port = count_of(object, key);

	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

static int64_t instant_of(const struct json_value *object, const char *key)
{
	int64_t at;

	return time_parse(json_text(json_get(object, key)), &at) == 0 ? at : 0;
}

static struct address address_of(const struct json_value *object, const char *key)
{
	struct address address;

	return address_parse(json_text(json_get(object, key)), &address) == 0
		       ? address
		       : (struct address){ 0 };
}

/* The rule's category; what counting alone can make of it stands for what it was. */
static enum category base_of(const struct reader *r)
{
	enum category base;

	if (category_parse(json_text(json_get(r->root, "base")), &base) == 0)
		return base;
	switch (r->out->category) {
	case CATEGORY_SCAN:
	case CATEGORY_SWEEP:
	case CATEGORY_DOS:
		return CATEGORY_PROBE;
	case CATEGORY_COMPROMISE:
		return CATEGORY_LOGIN_ATTACK;
	default:
		return r->out->category;
	}
}

static bool source_read(const struct reader *r)
{
	struct slice text = json_text(json_get(r->root, "source"));
	struct incident *out = r->out;
	struct range range;
	int bits;

	out->source_name = text_of(r, r->root, "source_name");
	if (range_parse(text, &range) != 0)
		return out->source_name.len > 0;
	bits = range_prefix(&range);
	if (bits < 0 || (range.first.family == FAMILY_IPV4 && bits != 32))
		return false;
	out->source = range.first;
	out->source_bits = (uint8_t)bits;
	return true;
}

static bool head_read(const struct reader *r)
{
	struct incident *out = r->out;

	if (category_parse(json_text(json_get(r->root, "category")), &out->category) !=
		    0 ||
	    certainty_parse(json_text(json_get(r->root, "certainty")),
			    &out->certainty) != 0 ||
	    time_basis_parse(json_text(json_get(r->root, "time_basis")),
			     &out->time_basis) != 0 ||
	    time_parse(json_text(json_get(r->root, "first")), &out->first) != 0 ||
	    time_parse(json_text(json_get(r->root, "last")), &out->last) != 0)
		return false;
	out->base = base_of(r);
	out->window_start = out->first;
	out->count = count_of(r->root, "count");
	out->successes = count_of(r->root, "successes");
	out->success_at = instant_of(r->root, "success_at");
	if (out->successes && !out->success_at)
		out->success_at = out->last;
	out->resolved_at = instant_of(r->root, "resolved_at");
	out->peak = count_of(r->root, "peak");
	if (!out->peak && out->category == CATEGORY_DOS)
		out->peak = out->count;
	return out->last >= out->first && out->base != CATEGORY_COMPROMISE &&
	       out->count + out->successes > 0;
}

static void lists_read(const struct reader *r)
{
	const struct json_value *beyond = json_get(r->root, "beyond");

	for (size_t k = 0; k < LIST_COUNT; k++) {
		const struct json_value *list = json_get(r->root, LISTS[k]);
		struct tally *tally = &r->out->lists[k];

		for (size_t i = 0; i < json_count(list) && i < INCIDENT_LIST_MAX; i++)
			tally_add(tally, r->arena,
				  json_text(json_get(json_at(list, i), "value")),
				  count_of(json_at(list, i), "count"));
		tally->beyond += count_of(beyond, LISTS[k]);
	}
}

static void targets_read(const struct reader *r)
{
	const struct json_value *list = json_get(r->root, "targets");

	for (size_t i = 0; i < json_count(list) && i < INCIDENT_LIST_MAX; i++) {
		const struct json_value *one = json_at(list, i);

		*LIST_ADD(r->arena, &r->out->targets) = (struct incident_target){
			.address = address_of(one, "address"),
			.host = text_of(r, one, "host"),
			.name = text_of(r, one, "name"),
			.count = count_of(one, "count"),
		};
	}
}

static void evidence_read(const struct reader *r)
{
	const struct json_value *list = json_get(r->root, "evidence");

	for (size_t i = 0; i < json_count(list) && i < TOLD_EVIDENCE_MAX; i++) {
		const struct json_value *one = json_at(list, i);
		struct evidence line = { .at = instant_of(one, "time"),
					 .file = text_of(r, one, "file"),
					 .line = count_of(one, "line"),
					 .text = text_of(r, one, "text"),
					 .user = text_of(r, one, "user"),
					 .source_port = port_of(one, "source_port"),
					 .target_port = port_of(one, "target_port") };

		if (line.text.len == 0 || line.at == 0 ||
		    time_basis_parse(json_text(json_get(one, "time_basis")),
				     &line.time_basis) != 0)
			continue;
		line.sha256 = sha256_of(line.text);
		*LIST_ADD(r->arena, &r->out->evidence) = line;
	}
}

static void blocks_read(const struct reader *r)
{
	const struct json_value *list = json_get(r->root, "blocked");

	for (size_t i = 0; i < json_count(list) && i < TOLD_BLOCKS_MAX; i++) {
		const struct json_value *one = json_at(list, i);
		struct block block = { .address = address_of(one, "address"),
				       .banned_at = instant_of(one, "banned_at"),
				       .unbanned_at = instant_of(one, "unbanned_at"),
				       .by = text_of(r, one, "by"),
				       .jail = text_of(r, one, "jail") };

		if (block.address.family != FAMILY_NONE && block.banned_at != 0 &&
		    slice_equal(block.by, S("fail2ban")))
			*LIST_ADD(r->arena, &r->out->blocks) = block;
	}
}

bool told_read(struct arena *arena, struct slice record, struct incident *out)
{
	struct error ignored;
	struct json *json = json_read(record, FORMAT_RECORD_MAX, &ignored);
	struct incident incident = { 0 };
	struct reader r = { arena, json_root(json), &incident };
	bool is_whole = json_is_object(r.root) && source_read(&r) && head_read(&r);

	if (is_whole) {
		lists_read(&r);
		targets_read(&r);
		evidence_read(&r);
		blocks_read(&r);
		*out = incident;
	}
	json_free(json);
	return is_whole;
}

static void target_merge(struct arena *arena, struct incident *incident,
			 const struct incident_target *target)
{
	for (size_t i = 0; i < incident->targets.count; i++) {
		struct incident_target *known = &incident->targets.at[i];

		if (address_equal(&known->address, &target->address) &&
		    (target->address.family != FAMILY_NONE ||
		     slice_equal(known->host, target->host))) {
			known->count += target->count;
			return;
		}
	}
	if (incident->targets.count == INCIDENT_LIST_MAX)
		return;
	*LIST_ADD(arena, &incident->targets) = (struct incident_target){
		.address = target->address,
		.host = arena_copy(arena, target->host),
		.name = arena_copy(arena, target->name),
		.count = target->count,
	};
}

void told_merge(struct arena *arena, struct incident *incident,
		const struct incident *told)
{
	incident->count += told->count;
	incident->successes += told->successes;
	if (told->success_at &&
	    (!incident->success_at || told->success_at < incident->success_at))
		incident->success_at = told->success_at;
	if (told->first < incident->first)
		incident->first = told->first;
	if (told->last > incident->last)
		incident->last = told->last;
	if (told->peak > incident->peak)
		incident->peak = told->peak;
	if (told->certainty > incident->certainty)
		incident->certainty = told->certainty;
	if (told->time_basis > incident->time_basis)
		incident->time_basis = told->time_basis;
	if (told->resolved_at)
		incident->resolved_at = told->resolved_at;
	for (size_t k = 0; k < LIST_COUNT; k++) {
		const struct tally *from = &told->lists[k];

		for (size_t i = 0; i < from->count; i++)
			tally_add(&incident->lists[k], arena, from->at[i].text,
				  from->at[i].count);
		incident->lists[k].beyond += from->beyond;
	}
	for (size_t i = 0; i < told->targets.count; i++)
		target_merge(arena, incident, &told->targets.at[i]);
}
