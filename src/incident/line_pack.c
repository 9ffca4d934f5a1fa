#include "incident/line_pack.h"

#include <string.h>

enum {
	OP_SOURCE = 0x60,
	OP_COPY = 0x80,
	BYTES_MAX = 0x60, /* in one run */
	SYMBOLS_MAX = 31,
	COPY_MIN = 3,
	COPY_MAX = COPY_MIN + 0x7f,
	FAR = -128,
	GRAM = 4,
	HEADS = 256,
	TRIES_MAX = 8,
	GOES_ON = 8, /* a copy that goes on so far is taken, longer ones not sought */
	SOURCE_MIN = 4,
};

static const char SYMBOLS[] = "0123456789.:-= x";

struct line_model {
	struct slice text;
	uint16_t heads[HEADS]; /* last place of a gram with this hash, plus one */
	uint16_t before[LINE_MODEL_MAX]; /* the place before it */
};

static unsigned gram_hash(const char *at)
{
	uint32_t gram;

	memcpy(&gram, at, GRAM);
	return gram * UINT32_C(2654435761) >> 24;
}

struct line_model *line_model_new(struct arena *arena, struct slice line)
{
	struct line_model *model = ARENA_NEW(arena, struct line_model);

	model->text = arena_copy(arena, slice_cut(line, 0, LINE_MODEL_MAX));
	for (size_t i = 0; i + GRAM <= model->text.len; i++) {
		unsigned hash = gram_hash(model->text.at + i);

		model->before[i] = model->heads[hash];
		model->heads[hash] = (uint16_t)(i + 1);
	}
	return model;
}

size_t line_pack_room(size_t len)
{
	return 2 * len + 8;
}

struct packer {
	const struct line_model *model;
	struct slice line;
	uint8_t *out;
	size_t len;
	size_t told; /* of the line: before it, all is written */
	size_t place; /* in the model, where the last copy ended */
	size_t since; /* bytes of the line told since then      */
};

/* One more than the place of a byte among the symbols, 0 for none. */
static const uint8_t SYMBOL_PLACES[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['.'] = 11, [':'] = 12,
	['-'] = 13, ['='] = 14, [' '] = 15, ['x'] = 16,
};

static int symbol_of(char c)
{
	return SYMBOL_PLACES[(uint8_t)c] - 1;
}

static size_t symbols_at(struct slice text, size_t max)
{
	size_t n = 0;

	while (n < text.len && n < max && symbol_of(text.at[n]) >= 0)
		n++;
	return n;
}

static void symbols_tell(struct packer *p, struct slice text)
{
	p->out[p->len++] = (uint8_t)(OP_SOURCE + text.len);
	for (size_t i = 0; i < text.len; i += 2) {
		unsigned low = (unsigned)symbol_of(text.at[i]);
		unsigned high =
			i + 1 < text.len ? (unsigned)symbol_of(text.at[i + 1]) : 0;

		p->out[p->len++] = (uint8_t)(low | high << 4);
	}
}

/* The line up to `end` as it is, by symbols where that is shorter. */
static void bytes_tell(struct packer *p, size_t end)
{
	while (p->told < end) {
		struct slice rest = slice_cut(p->line, p->told, end);
		size_t n = symbols_at(rest, SYMBOLS_MAX), raw = 0;

		if (n >= 3 || n == rest.len) {
			symbols_tell(p, slice_cut(rest, 0, n));
			p->told += n;
			p->since += n;
			continue;
		}
		while (raw < rest.len && raw < BYTES_MAX &&
		       symbols_at(slice_from(rest, raw), 4) < 4)
			raw++;
		raw = raw ? raw : 1;
		p->out[p->len++] = (uint8_t)(raw - 1);
		memcpy(p->out + p->len, rest.at, raw);
		p->len += raw;
		p->told += raw;
		p->since += raw;
	}
}

/* At most `max` bytes, eight at a time while there are as many. */
static size_t same_len(const char *a, const char *b, size_t max)
{
	size_t n = 0;
	uint64_t one, other;

	for (; n + sizeof one <= max; n += sizeof one) {
		memcpy(&one, a + n, sizeof one);
		memcpy(&other, b + n, sizeof other);
		if (one != other)
			break;
	}
	while (n < max && a[n] == b[n])
		n++;
	return n;
}

static size_t match_len(struct slice model, size_t place, struct slice rest)
{
	size_t max = rest.len < COPY_MAX ? rest.len : COPY_MAX;

	if (max > model.len - place)
		max = model.len - place;
	return same_len(model.at + place, rest.at, max);
}

/* What a copy has to begin with: no place with another beginning is worth a look. */
static bool is_same(const char *a, const char *b, size_t len)
{
	return memcmp(a, b, len) == 0;
}

/* The longest piece of the model that the line goes on with; 0 where none is worth it. */
static size_t match_find(const struct packer *p, size_t at, size_t *place)
{
	struct slice model = p->model->text;
	struct slice rest = { p->line.at + at, p->line.len - at };
	size_t expected = p->place + p->since + (at - p->told), best = 0;
	unsigned next;

	*place = expected;
	if (rest.len >= COPY_MIN && expected + COPY_MIN <= model.len &&
	    is_same(model.at + expected, rest.at, COPY_MIN))
		best = match_len(model, expected, rest);
	if (best >= GOES_ON || rest.len < GRAM)
		return best;
	next = p->model->heads[gram_hash(rest.at)];
	for (unsigned tries = 0; next && tries < TRIES_MAX; tries++) {
		const char *there = model.at + next - 1;
		size_t n = is_same(there, rest.at, GRAM)
				   ? match_len(model, next - 1U, rest)
				   : 0;

		if (n > best) {
			best = n;
			*place = next - 1U;
		}
		next = p->model->before[next - 1U];
	}
	return best;
}

static void copy_tell(struct packer *p, size_t place, size_t n)
{
	ptrdiff_t moved = (ptrdiff_t)place - (ptrdiff_t)(p->place + p->since);

	p->out[p->len++] = (uint8_t)(OP_COPY + n - COPY_MIN);
	if (moved > FAR && moved <= 127) {
		p->out[p->len++] = (uint8_t)(int8_t)moved;
	} else {
		p->out[p->len++] = (uint8_t)(int8_t)FAR;
		p->out[p->len++] = (uint8_t)(place >> 8);
		p->out[p->len++] = (uint8_t)place;
	}
	p->told += n;
	p->place = place + n;
	p->since = 0;
}

size_t line_pack(const struct line_model *model, struct slice source, struct slice line,
		 uint8_t *out)
{
	struct packer p = { .model = model, .line = line, .out = out };
	ptrdiff_t named = source.len >= SOURCE_MIN ? slice_find(line, source) : -1;

	for (size_t at = 0; at < line.len;) {
		size_t place = 0, n;

		if ((ptrdiff_t)at == named) {
			bytes_tell(&p, at);
			p.out[p.len++] = OP_SOURCE;
			at += source.len;
			p.told = at;
			p.since += source.len;
			continue;
		}
		n = model ? match_find(&p, at, &place) : 0;
		if (named > (ptrdiff_t)at && n > (size_t)named - at)
			n = (size_t)named - at;
		if (n < COPY_MIN) {
			at++;
			continue;
		}
		bytes_tell(&p, at);
		copy_tell(&p, place, n);
		at += n;
	}
	bytes_tell(&p, line.len);
	return p.len;
}

struct unpacker {
	struct slice model, source, in;
	char *out;
	size_t len, room, place, since;
};

static int put(struct unpacker *u, const char *at, size_t n)
{
	if (n > u->room - u->len)
		return -1;
	if (n)
		memcpy(u->out + u->len, at, n);
	u->len += n;
	u->since += n;
	return 0;
}

static int bytes_take(struct unpacker *u, size_t n)
{
	int result = n <= u->in.len ? put(u, u->in.at, n) : -1;

	u->in = slice_from(u->in, n);
	return result;
}

static int symbols_take(struct unpacker *u, size_t n)
{
	if ((n + 1) / 2 > u->in.len)
		return -1;
	for (size_t i = 0; i < n; i++) {
		unsigned pair = (uint8_t)u->in.at[i / 2];

		if (put(u, &SYMBOLS[i % 2 ? pair >> 4 : pair & 15U], 1) != 0)
			return -1;
	}
	u->in = slice_from(u->in, (n + 1) / 2);
	return 0;
}

static int copy_take(struct unpacker *u, size_t n)
{
	ptrdiff_t place = (ptrdiff_t)(u->place + u->since);

	if (!u->in.len)
		return -1;
	if ((int8_t)u->in.at[0] != FAR) {
		place += (int8_t)u->in.at[0];
		u->in = slice_from(u->in, 1);
	} else {
		if (u->in.len < 3)
			return -1;
		place = (uint8_t)u->in.at[1] << 8 | (uint8_t)u->in.at[2];
		u->in = slice_from(u->in, 3);
	}
	if (place < 0 || (size_t)place > u->model.len ||
	    n > u->model.len - (size_t)place || put(u, u->model.at + place, n) != 0)
		return -1;
	u->place = (size_t)place + n;
	u->since = 0;
	return 0;
}

static int op_take(struct unpacker *u)
{
	unsigned op = (uint8_t)u->in.at[0];

	u->in = slice_from(u->in, 1);
	if (op >= OP_COPY)
		return copy_take(u, op - OP_COPY + COPY_MIN);
	if (op > OP_SOURCE)
		return symbols_take(u, op - OP_SOURCE);
	if (op == OP_SOURCE)
		return put(u, u->source.at, u->source.len);
	return bytes_take(u, op + 1U);
}

int line_unpack(const struct line_model *model, struct slice source,
		struct slice packed, char *out, size_t len)
{
	struct unpacker u = { .source = source, .in = packed, .out = out, .room = len };

	if (model)
		u.model = model->text;
	while (u.in.len)
		if (op_take(&u) != 0)
			return -1;
	return u.len == len ? 0 : -1;
}
