#include "incident/told.h"

#include "base/clock.h"
#include "event/formats.h"
#include "incident/login.h"
#include "incident/sketch.h"
#include "json/reader.h"

enum { TOLD_EVIDENCE_MAX = EVIDENCE_MAX * 2 + 1, TOLD_BLOCKS_MAX = 16 };
enum { TOLD_TEXT_MAX = 256 };
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
	out->steps = count_of(r->root, "steps");
	out->steps_next = count_of(r->root, "steps_next");
	if (!out->peak && out->category == CATEGORY_DOS)
		out->peak = out->count;
	return out->last >= out->first && out->base != CATEGORY_COMPROMISE &&
	       out->count + out->successes > 0;
}

static int nibble_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* NULL where there is none, or no whole one. */
static const struct sketch *sketch_of(const struct reader *r, const char *list)
{
	const struct json_value *all = json_get(r->root, "sketches"), *one = NULL;
	struct sketch *sketch;
	struct slice hex;

	for (size_t i = 0; !one && i < json_count(all) && i <= LIST_COUNT; i++)
		if (slice_equal(json_text(json_get(json_at(all, i), "list")),
				slice_of(list)))
			one = json_at(all, i);
	hex = json_text(json_get(one, "registers"));
	if (hex.len != (size_t)2 * SKETCH_BYTES)
		return NULL;
	sketch = ARENA_NEW(r->arena, struct sketch);
	for (size_t i = 0; i < SKETCH_BYTES; i++) {
		int high = nibble_of(hex.at[2 * i]), low = nibble_of(hex.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return NULL;
		sketch->registers[i] = (uint8_t)(high << 4 | low);
	}
	return sketch;
}

static void tally_read(const struct reader *r, const struct json_value *list,
		       struct tally *out)
{
	for (size_t i = 0; i < json_count(list) && i < INCIDENT_LIST_MAX; i++) {
		const struct json_value *one = json_at(list, i);
		struct slice text =
			slice_cut(json_text(json_get(one, "value")), 0, TOLD_TEXT_MAX);
		uint64_t count = count_of(one, "count");

		if (text.len && count)
			*LIST_ADD(r->arena, out) =
				(struct tally_item){ arena_copy(r->arena, text),
						     count };
	}
}

/* Only what overflowed has a sketch. */
static void lists_read(const struct reader *r)
{
	const struct json_value *beyond = json_get(r->root, "beyond");

	for (size_t k = 0; k < LIST_COUNT; k++) {
		struct tally *tally = &r->out->lists[k];

		tally_read(r, json_get(r->root, LISTS[k]), tally);
		tally->beyond = count_of(beyond, LISTS[k]);
		if (tally->beyond)
			tally->sketch = sketch_of(r, LISTS[k]);
	}
}

static void targets_read(const struct reader *r)
{
	const struct json_value *list = json_get(r->root, "targets");
	struct incident_targets *targets = &r->out->targets;

	for (size_t i = 0; i < json_count(list) && i < INCIDENT_LIST_MAX; i++) {
		const struct json_value *one = json_at(list, i);

		*LIST_ADD(r->arena, targets) = (struct incident_target){
			.address = address_of(one, "address"),
			.host = text_of(r, one, "host"),
			.name = text_of(r, one, "name"),
			.count = count_of(one, "count"),
		};
	}
	targets->beyond = count_of(json_get(r->root, "beyond"), "targets");
	if (targets->beyond)
		targets->sketch = sketch_of(r, "targets");
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

/* A record of an older version has no such list: then its first act stands for all. */
static void early_read(const struct reader *r)
{
	const struct json_value *list = json_get(r->root, "early");
	struct incident *out = r->out;

	for (size_t i = 0; i < json_count(list) && i < EARLY_MAX; i++) {
		int64_t at;

		if (time_parse(json_text(json_at(list, i)), &at) == 0)
			early_add(&out->early, at, 1);
	}
	if (!json_is_array(list) && out->base == CATEGORY_LOGIN_ATTACK)
		early_add(&out->early, out->first, out->count);
}

static void logins_read(const struct reader *r)
{
	const struct json_value *list = json_get(r->root, "logins");

	for (size_t i = 0; i < json_count(list) && i < INCIDENT_LIST_MAX; i++) {
		const struct json_value *one = json_at(list, i);
		struct login login = { text_of(r, one, "user"),
				       instant_of(one, "time") };

		if (login.at)
			*LIST_ADD(r->arena, &r->out->logins) = login;
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
		early_read(&r);
		logins_read(&r);
		lists_read(&r);
		targets_read(&r);
		evidence_read(&r);
		blocks_read(&r);
		*out = incident;
	}
	json_free(json);
	return is_whole;
}
