#include "pipeline/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_THREADS_MAX = 4, SLOTS_FOR_A_THREAD = 2 };

enum slot_state {
	SLOT_FREE,
	SLOT_WAITING, /* read, not scanned          */
	SLOT_TAKEN, /* somebody scans it          */
	SLOT_DONE,
};

struct slot {
	enum slot_state state;
	struct input_buffer buffer;
	struct ahead_chunk out;
	struct scan_dates dates;
	struct scan scan;
};

struct ahead {
	const struct rules *rules;
	unsigned worker_count;
	pthread_t workers[AHEAD_THREADS_MAX];
	struct scanner *scanner; /* the caller's */
	bool positions; /* are wanted */

	struct arena *arena; /* for what is made of the chunk that was given */

	/* A ring: `oldest` is the next to be given, `used` follow it. */
	struct slot *slots;
	size_t slot_count, oldest, used;
	bool given; /* the oldest one was given and may be used again now */
	bool ended, failed; /* nothing more comes; `failure` is still to be told */
	struct error failure;

	/* The state of the slots, and `leaving`, are read and written under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	bool leaving;
	/* What the last scan found, so that the next one takes its memory at once. */
	size_t lines_last, hits_last;
};

static struct slot *slot_at(struct ahead *ahead, size_t index)
{
	return &ahead->slots[(ahead->oldest + index) % ahead->slot_count];
}

/* Under the lock. The oldest that waits is the one needed first. */
static struct slot *slot_take(struct ahead *ahead)
{
	for (size_t i = 0; i < ahead->used; i++) {
		struct slot *slot = slot_at(ahead, i);

		if (slot->state != SLOT_WAITING)
			continue;
		slot->state = SLOT_TAKEN;
		return slot;
	}
	return NULL;
}

/* Called and left under the lock. */
static void slot_scan(struct ahead *ahead, struct slot *slot, struct scanner *scanner)
{
	pthread_mutex_unlock(&ahead->lock);
	scan_chunk(scanner, &slot->dates, &slot->out.chunk, &slot->scan);
	pthread_mutex_lock(&ahead->lock);
	slot->state = SLOT_DONE;
	ahead->lines_last = slot->scan.lines.count;
	ahead->hits_last = slot->scan.hits.count;
	pthread_cond_signal(&ahead->done);
}

static void *worker_run(void *context)
{
	struct ahead *ahead = context;
	struct scanner *scanner = scanner_new(ahead->rules);

	pthread_mutex_lock(&ahead->lock);
	while (!ahead->leaving) {
		struct slot *slot = slot_take(ahead);

		if (slot != NULL)
			slot_scan(ahead, slot, scanner);
		else
			pthread_cond_wait(&ahead->work, &ahead->lock);
	}
	pthread_mutex_unlock(&ahead->lock);
	scanner_free(scanner);
	return NULL;
}

static unsigned threads_wanted(unsigned threads)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (threads == 0)
		threads = processors > DEFAULT_THREADS_MAX ? DEFAULT_THREADS_MAX
			  : processors > 0                 ? (unsigned)processors
							   : 1;
	return threads > AHEAD_THREADS_MAX ? AHEAD_THREADS_MAX : threads;
}

static void *zeroed(size_t count, size_t size)
{
	void *made = calloc(count, size);

	if (made == NULL)
		abort();
	return made;
}

/* Rules that look at several lines are read in order: threads would have nothing to do. */
struct ahead *ahead_new(const struct rules *rules, unsigned threads, bool positions)
{
	struct ahead *ahead = zeroed(1, sizeof *ahead);
	unsigned wanted = rules_read_in_order(rules) ? 1 : threads_wanted(threads);

	ahead->rules = rules;
	ahead->positions = positions;
	ahead->slot_count = wanted > 1 ? wanted * SLOTS_FOR_A_THREAD : 1;
	ahead->slots = zeroed(ahead->slot_count, sizeof *ahead->slots);
	ahead->arena = arena_new();
	for (size_t i = 0; i < ahead->slot_count; i++) {
		ahead->slots[i].scan.arena = arena_new();
		ahead->slots[i].dates.at = zeroed(rules_stamp_sets(rules) + 1,
						  sizeof(struct stamp_choice));
	}
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->work, NULL);
	pthread_cond_init(&ahead->done, NULL);
	if (wanted > 1)
		ahead->scanner = scanner_new(rules);
	/* fewer than wanted is slower, and nothing else */
	while (ahead->worker_count + 1 < wanted &&
	       pthread_create(&ahead->workers[ahead->worker_count], NULL, worker_run,
			      ahead) == 0)
		ahead->worker_count++;
	return ahead;
}

void ahead_free(struct ahead *ahead)
{
	if (ahead == NULL)
		return;
	pthread_mutex_lock(&ahead->lock);
	ahead->leaving = true;
	pthread_cond_broadcast(&ahead->work);
	pthread_mutex_unlock(&ahead->lock);
	for (unsigned i = 0; i < ahead->worker_count; i++)
		pthread_join(ahead->workers[i], NULL);
	for (size_t i = 0; i < ahead->slot_count; i++) {
		input_buffer_clear(&ahead->slots[i].buffer);
		arena_free(ahead->slots[i].scan.arena);
		free(ahead->slots[i].dates.at);
	}
	arena_free(ahead->arena);
	scanner_free(ahead->scanner);
	pthread_cond_destroy(&ahead->work);
	pthread_cond_destroy(&ahead->done);
	pthread_mutex_destroy(&ahead->lock);
	free(ahead->slots);
	free(ahead);
}

static void slot_wait(struct ahead *ahead, struct slot *slot)
{
	pthread_mutex_lock(&ahead->lock);
	while (slot->state == SLOT_WAITING || slot->state == SLOT_TAKEN) {
		struct slot *other = slot_take(ahead);

		if (other != NULL)
			slot_scan(ahead, other, ahead->scanner);
		else
			pthread_cond_wait(&ahead->done, &ahead->lock);
	}
	pthread_mutex_unlock(&ahead->lock);
}

void ahead_drop(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	for (size_t i = 0; i < ahead->used; i++) {
		struct slot *slot = slot_at(ahead, i);

		while (slot->state == SLOT_TAKEN)
			pthread_cond_wait(&ahead->done, &ahead->lock);
		slot->state = SLOT_FREE;
	}
	pthread_mutex_unlock(&ahead->lock);
	ahead->used = 0;
	ahead->given = ahead->ended = ahead->failed = false;
}

/* Reads one chunk into the next free slot. */
static void slot_fill(struct ahead *ahead, struct input *input,
		      const struct matcher *matcher, bool scans)
{
	struct slot *slot = slot_at(ahead, ahead->used);
	int more = input_next(input, &slot->out.chunk, &ahead->failure);

	if (more <= 0) {
		ahead->ended = true;
		ahead->failed = more < 0;
		return;
	}
	if (scans)
		input_keep(input, &slot->buffer);
	if (ahead->positions)
		slot->out.position = input_position(input);
	slot->out.scan = scans ? &slot->scan : NULL;
	arena_reset_lean(slot->scan.arena);
	matcher_dates(matcher, &slot->dates);
	pthread_mutex_lock(&ahead->lock);
	slot->scan.lines_before = ahead->lines_last;
	slot->scan.hits_before = ahead->hits_last;
	slot->state = scans ? SLOT_WAITING : SLOT_DONE;
	ahead->used++;
	pthread_cond_signal(&ahead->work);
	pthread_mutex_unlock(&ahead->lock);
}

static void slot_give_back(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	slot_at(ahead, 0)->state = SLOT_FREE;
	ahead->oldest = (ahead->oldest + 1) % ahead->slot_count;
	ahead->used--;
	ahead->given = false;
	pthread_mutex_unlock(&ahead->lock);
}

static int end_tell(struct ahead *ahead, struct error *err)
{
	bool failed = ahead->failed;

	ahead->ended = ahead->failed = false;
	if (failed)
		*err = ahead->failure;
	return failed ? -1 : 0;
}

int ahead_next(struct ahead *ahead, struct input *input, const struct matcher *matcher,
	       struct ahead_chunk *out, struct error *err)
{
	/* until the first lines told how this log writes its dates, scans are in vain */
	bool scans = ahead->worker_count > 0 && input_is_file(input) &&
		     matcher_knows_dates(matcher);

	if (ahead->given)
		slot_give_back(ahead);
	while (!ahead->ended && ahead->used < (scans ? ahead->slot_count : 1))
		slot_fill(ahead, input, matcher, scans);
	if (ahead->used == 0)
		return end_tell(ahead, err);
	slot_wait(ahead, slot_at(ahead, 0));
	arena_reset_lean(ahead->arena);
	*out = slot_at(ahead, 0)->out;
	out->arena = ahead->arena;
	ahead->given = true;
	return 1;
}
