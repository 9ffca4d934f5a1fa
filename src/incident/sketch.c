#include "incident/sketch.h"

#include <string.h>

enum { REGISTERS = 2 * SKETCH_BYTES, INDEX_BITS = 7, RANK_MAX = 15 };

/* The finaliser of MurmurHash3: every bit of `x` changes half the bits. */
static uint64_t mix(uint64_t x)
{
	x ^= x >> 33;
	x *= UINT64_C(0xff51afd7ed558ccd);
	x ^= x >> 33;
	x *= UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}

/* FNV-1a, mixed: its own high bits are poor in short texts. */
uint64_t sketch_hash(struct slice item)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < item.len; i++)
		hash = (hash ^ (uint8_t)item.at[i]) * UINT64_C(0x100000001b3);
	return mix(hash);
}

static unsigned register_get(const struct sketch *sketch, size_t i)
{
	unsigned pair = sketch->registers[i / 2];

	return i % 2 ? pair >> 4 : pair & 15U;
}

static void register_raise(struct sketch *sketch, size_t i, unsigned rank)
{
	unsigned shift = i % 2 ? 4 : 0;
	unsigned other = sketch->registers[i / 2] & (15U << (4 - shift));

	if (rank > register_get(sketch, i))
		sketch->registers[i / 2] = (uint8_t)(other | rank << shift);
}

void sketch_add(struct sketch *sketch, uint64_t hash)
{
	uint64_t rest = hash << INDEX_BITS;
	unsigned rank = 1;

	while (rank < RANK_MAX && !(rest >> 63)) {
		rest <<= 1;
		rank++;
	}
	register_raise(sketch, hash >> (64 - INDEX_BITS), rank);
}

void sketch_merge(struct sketch *into, const struct sketch *from)
{
	for (size_t i = 0; i < REGISTERS; i++)
		register_raise(into, i, register_get(from, i));
}

/* While registers are empty, their number tells more: so many different things fill all
 * but `empty` of them, on average (the sum of 1/i is the coupon collector's).            */
static double count_small(unsigned empty)
{
	double sum = 0;

	for (unsigned i = empty + 1; i <= REGISTERS; i++)
		sum += 1.0 / i;
	return REGISTERS * sum;
}

uint64_t sketch_count(const struct sketch *sketch)
{
	static const double alpha = 0.7213 / (1 + 1.079 / REGISTERS);
	unsigned empty = 0;
	double sum = 0, raw;

	for (size_t i = 0; i < REGISTERS; i++) {
		unsigned rank = register_get(sketch, i);

		empty += rank == 0;
		sum += 1.0 / (1U << rank);
	}
	raw = alpha * REGISTERS * REGISTERS / sum;
	if (raw <= 2.5 * REGISTERS && empty > 0)
		raw = count_small(empty);
	return (uint64_t)(raw + 0.5);
}

struct slice sketch_bytes(const struct sketch *sketch)
{
	return (struct slice){ (const char *)sketch->registers,
			       sizeof sketch->registers };
}

int sketch_from(struct slice bytes, struct sketch *out)
{
	if (bytes.len != sizeof out->registers)
		return -1;
	memcpy(out->registers, bytes.at, bytes.len);
	return 0;
}
