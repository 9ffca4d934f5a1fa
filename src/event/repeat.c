#include "event/repeat.h"

#include "base/digest.h"

#include <stdlib.h>
#include <string.h>

enum {
	PLACES = 256,
	/* Of so many lines asked for, a share has to be known, or so many are not. */
	TRIAL = 1024,
	TRIAL_SHARE = 16,
	REST = 16 * TRIAL,
};

struct repeats {
	size_t words;
	uint64_t *seen; /* `words` for each place */
	unsigned asked, known, resting;
	uint64_t hashes[PLACES]; /* 0: a free place. Apart: most lines end there */
	struct repeat places[PLACES];
};

static void *zeroed(size_t count, size_t size)
{
	void *made = calloc(count, size);

	if (made == NULL)
		abort();
	return made;
}

struct repeats *repeats_new(size_t words)
{
	struct repeats *repeats = zeroed(1, sizeof *repeats);

	repeats->words = words;
	repeats->seen = zeroed(PLACES * words, sizeof *repeats->seen);
	return repeats;
}

void repeats_free(struct repeats *repeats)
{
	if (repeats == NULL)
		return;
	free(repeats->seen);
	free(repeats);
}

bool repeats_rest(struct repeats *repeats)
{
	if (repeats->resting > 0) {
		repeats->resting--;
		return true;
	}
	if (repeats->asked < TRIAL)
		return false;
	if (repeats->known < TRIAL / TRIAL_SHARE)
		repeats->resting = REST;
	repeats->asked = repeats->known = 0;
	return repeats->resting > 0;
}

/* Never 0. */
static uint64_t hash_of(struct slice text)
{
	return table_hash(text) | 1;
}

static size_t place_of(uint64_t hash)
{
	return hash >> 1 & (PLACES - 1);
}

const struct repeat *repeats_find(struct repeats *repeats, struct repeat_key *key)
{
	size_t place;
	const struct repeat *repeat;

	key->hash = hash_of(key->rest);
	place = place_of(key->hash);
	repeat = &repeats->places[place];
	repeats->asked++;
	if (repeats->hashes[place] != key->hash || repeat->len != key->rest.len ||
	    !bytes_equal(repeat->text, key->rest.at, key->rest.len) ||
	    !bytes_equal((const char *)(repeats->seen + place * repeats->words),
			 (const char *)key->seen, repeats->words * sizeof *key->seen))
		return NULL;
	repeats->known++;
	return repeat;
}

struct repeat *repeats_keep(struct repeats *repeats, const struct repeat_key *key,
			    uint64_t sets)
{
	size_t place = place_of(key->hash);
	struct repeat *repeat = &repeats->places[place];

	repeats->hashes[place] = key->hash;
	repeat->sets = sets;
	repeat->len = (uint8_t)key->rest.len;
	repeat->hit_count = 0;
	memcpy(repeat->text, key->rest.at, key->rest.len);
	memcpy(repeats->seen + place * repeats->words, key->seen,
	       repeats->words * sizeof *key->seen);
	return repeat;
}

void repeats_drop(struct repeats *repeats, const struct repeat *repeat)
{
	repeats->hashes[repeat - repeats->places] = 0;
}

static bool lies_in(struct slice part, struct slice whole)
{
	return part.at >= whole.at && part.at + part.len <= whole.at + whole.len;
}

bool repeat_hit_keep(struct repeat *repeat, struct slice rest, const struct rule *rule,
		     const struct slice *roles)
{
	struct repeat_hit *hit = &repeat->hits[repeat->hit_count];

	if (repeat->hit_count == REPEAT_HITS_MAX)
		return false;
	hit->rule = rule;
	hit->count = 0;
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		if (roles[i].at == NULL)
			continue;
		if (!lies_in(roles[i], rest))
			return false;
		hit->roles[hit->count].role = (uint8_t)i;
		hit->roles[hit->count].at = (uint8_t)(roles[i].at - rest.at);
		hit->roles[hit->count].len = (uint8_t)roles[i].len;
		hit->count++;
	}
	repeat->hit_count++;
	return true;
}

void repeat_roles(const struct repeat_hit *hit, struct slice rest, struct slice *roles)
{
	for (size_t i = 0; i < hit->count; i++)
		roles[hit->roles[i].role] = (struct slice){
			rest.at + hit->roles[i].at,
			hit->roles[i].len,
		};
}
