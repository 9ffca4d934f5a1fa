#include "incident/act.h"

#include "base/clock.h"
#include "incident/line_pack.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 160, MODELS_MAX = 4096 };

/* What many lines have in common. */
struct origin {
	uint32_t rule, service, host, file;
	uint8_t protocol, time_basis, certainty, outcome;
};

/* Which of the fields that are mostly missing there are. */
enum act_has {
	HAS_MICROSECONDS = 1,
	HAS_TARGET = 2,
	HAS_USER = 4, /* part of the line */
	HAS_USER_BESIDE = 8, /* not part of it   */
	HAS_SUFFIX = 16, /* of an IPv6 source */
};

static void *memory(void *old, size_t count, size_t size)
{
	void *at = reallocarray(old, count, size);

	if (!at)
		abort();
	return at;
}

void stock_init(struct stock *stock)
{
	*stock = (struct stock){ .arena = arena_new(), .pool = pool_new() };
	stock->texts = symbols_new(stock->arena);
	stock->origins = symbols_new(stock->arena);
	stock->targets = symbols_new(stock->arena);
}

void stock_clear(struct stock *stock)
{
	symbols_free(stock->texts);
	symbols_free(stock->origins);
	symbols_free(stock->targets);
	pool_free(stock->pool);
	arena_free(stock->arena);
	free(stock->models);
	free(stock->draft);
}

void stock_forget(struct stock *stock)
{
	symbols_forget(stock->texts);
	symbols_forget(stock->origins);
	symbols_forget(stock->targets);
	pool_forget(stock->pool);
	arena_reset(stock->arena);
	memset(&stock->last, 0, sizeof stock->last);
	stock->model_count = 0;
}

/* The first line of an origin is the model of the others; of too many kinds only the
 * first have one. Numbers of origins are given in order.                              */
static struct line_model *model_get(struct stock *stock, uint32_t origin,
				    struct slice line)
{
	if (origin > MODELS_MAX)
		return NULL;
	if (origin > stock->model_count) {
		if (stock->model_count == stock->model_room) {
			stock->model_room =
				stock->model_room ? stock->model_room * 2 : 16;
			stock->models = memory(stock->models, stock->model_room,
					       sizeof(struct line_model *));
		}
		stock->models[stock->model_count++] =
			line_model_new(stock->arena, line);
	}
	return stock->models[origin - 1];
}

static struct slice address_bytes(const struct address *address)
{
	return (struct slice){ (const char *)address, sizeof *address };
}

struct writer {
	uint8_t *at;
	size_t len;
};

static void put_bytes(struct writer *w, const void *bytes, size_t len)
{
	if (len)
		memcpy(w->at + w->len, bytes, len);
	w->len += len;
}

static void put_number(struct writer *w, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		w->at[w->len++] = (uint8_t)(n | 0x80);
	w->at[w->len++] = (uint8_t)n;
}

static void put_instant(struct writer *w, int64_t at, unsigned has)
{
	int64_t n = has & HAS_MICROSECONDS ? at : at / SECOND_US;

	put_number(w, n < 0 ? ~((uint64_t)n << 1) : (uint64_t)n << 1);
}

static bool is_inside(struct slice part, struct slice whole)
{
	return part.at >= whole.at && part.at + part.len <= whole.at + whole.len;
}

static unsigned has_of(const struct event *event, unsigned bits)
{
	unsigned has = 0;

	if (event->at % SECOND_US)
		has |= HAS_MICROSECONDS;
	if (event->target.family != FAMILY_NONE)
		has |= HAS_TARGET;
	if (event->user.len)
		has |= is_inside(event->user, event->line.text) ? HAS_USER
								: HAS_USER_BESIDE;
	if (event->source.family == FAMILY_IPV6 && bits < 128)
		has |= HAS_SUFFIX;
	return has;
}

static uint32_t origin_get(struct stock *stock, const struct event *event)
{
	struct symbols *texts = stock->texts;
	struct origin origin = {
		.rule = symbols_get_again(texts, &stock->last.rule, event->rule),
		.service =
			symbols_get_again(texts, &stock->last.service, event->service),
		.host = symbols_get_again(texts, &stock->last.host, event->target_host),
		.file = symbols_get_again(texts, &stock->last.file, event->line.file),
		.protocol = (uint8_t)event->protocol,
		.time_basis = (uint8_t)event->time_basis,
		.certainty = (uint8_t)event->certainty,
		.outcome = (uint8_t)event->outcome,
	};

	return symbols_get(stock->origins,
			   (struct slice){ (const char *)&origin, sizeof origin });
}

static void put_user(struct writer *w, const struct event *event, unsigned has)
{
	if (has & HAS_USER)
		put_number(w, (uint64_t)(event->user.at - event->line.text.at));
	if (has & (HAS_USER | HAS_USER_BESIDE))
		put_number(w, event->user.len);
	if (has & HAS_USER_BESIDE)
		put_bytes(w, event->user.at, event->user.len);
}

static void put_line(struct stock *stock, struct writer *w, uint32_t origin,
		     const struct event *event)
{
	struct line_model *model = model_get(stock, origin, event->line.text);
	struct address_text source = address_format(&event->source);

	w->len += line_pack(model, slice_of(source.text), event->line.text,
			    w->at + w->len);
}

static size_t act_write(struct stock *stock, const struct event *event, unsigned bits)
{
	uint32_t origin = origin_get(stock, event);
	unsigned has = has_of(event, bits);
	struct writer w = { stock->draft, 0 };

	put_number(&w, has);
	put_number(&w, origin);
	put_instant(&w, event->at, has);
	put_number(&w, event->line.number);
	put_number(&w, event->source_port);
	put_number(&w, event->target_port);
	if (has & HAS_TARGET)
		put_number(&w,
			   symbols_get(stock->targets, address_bytes(&event->target)));
	if (has & HAS_SUFFIX)
		put_bytes(&w, event->source.bytes + bits / 8, 16 - bits / 8);
	put_user(&w, event, has);
	put_number(&w, event->line.text.len);
	if (!stock->bare)
		put_line(stock, &w, origin, event);
	return w.len;
}

static struct act *act_pack(struct stock *stock, const struct event *event,
			    unsigned bits)
{
	size_t room = HEAD_MAX + event->user.len + line_pack_room(event->line.text.len);
	uint8_t head[10];
	struct writer w = { head, 0 };
	struct act *act;
	size_t len;

	if (room > stock->draft_room) {
		stock->draft = memory(stock->draft, room, 1);
		stock->draft_room = room;
	}
	len = act_write(stock, event, bits);
	put_number(&w, len);
	act = pool_take(stock->pool, sizeof *act + w.len + len);
	act->older = NULL;
	memcpy(act->bytes, head, w.len);
	memcpy(act->bytes + w.len, stock->draft, len);
	return act;
}

struct act *act_new(struct stock *stock, const struct event *event, unsigned bits)
{
	struct event bare;

	if (!stock->bare)
		return act_pack(stock, event, bits);
	bare = *event;
	bare.line.text.len = 0;
	return act_pack(stock, &bare, bits);
}

static uint64_t take_number(const uint8_t **at)
{
	uint64_t n = 0;
	unsigned shift = 0;

	for (; **at & 0x80; shift += 7)
		n |= (uint64_t)(*(*at)++ & 0x7f) << shift;
	return n | (uint64_t) * (*at)++ << shift;
}

void act_give(struct stock *stock, struct act *act)
{
	const uint8_t *at = act->bytes;
	size_t len = take_number(&at);

	pool_give(stock->pool, act, sizeof *act + (size_t)(at - act->bytes) + len);
}

static int64_t take_instant(const uint8_t **at, unsigned has)
{
	uint64_t n = take_number(at);
	int64_t instant = n & 1 ? -(int64_t)(n >> 1) - 1 : (int64_t)(n >> 1);

	return has & HAS_MICROSECONDS ? instant : instant * SECOND_US;
}

static void origin_read(const struct stock *stock, uint32_t number, struct event *out)
{
	struct slice raw = symbols_text(stock->origins, number);
	struct origin origin;

	assert(raw.len == sizeof origin);
	memcpy(&origin, raw.at, sizeof origin);
	out->rule = symbols_text(stock->texts, origin.rule);
	out->service = symbols_text(stock->texts, origin.service);
	out->target_host = symbols_text(stock->texts, origin.host);
	out->line.file = symbols_text(stock->texts, origin.file);
	out->protocol = (enum protocol)origin.protocol;
	out->time_basis = (enum time_basis)origin.time_basis;
	out->certainty = (enum certainty)origin.certainty;
	out->outcome = (enum outcome)origin.outcome;
}

static void line_read(const struct stock *stock, uint32_t origin, struct slice packed,
		      struct arena *arena, struct event *out)
{
	const struct line_model *model =
		origin <= stock->model_count ? stock->models[origin - 1] : NULL;
	struct address_text source = address_format(&out->source);
	size_t len = out->line.text.len;
	char *text = ARENA_ARRAY(arena, char, len + 1);
	int result = line_unpack(model, slice_of(source.text), packed, text, len);

	assert(result == 0);
	(void)result;
	out->line.text.at = text;
}

void act_read(const struct stock *stock, const struct act *act,
	      const struct address *prefix, unsigned bits, struct arena *arena,
	      struct event *out)
{
	const uint8_t *at = act->bytes, *end;
	uint64_t len = take_number(&at);
	size_t user_at = 0;
	uint32_t origin;
	unsigned has;

	end = at + len;
	has = (unsigned)take_number(&at);
	*out = (struct event){ .source = *prefix, .count = 1 };
	origin = (uint32_t)take_number(&at);
	origin_read(stock, origin, out);
	out->at = take_instant(&at, has);
	out->line.number = take_number(&at);
	out->source_port = (uint16_t)take_number(&at);
	out->target_port = (uint16_t)take_number(&at);
	if (has & HAS_TARGET)
		memcpy(&out->target,
		       symbols_text(stock->targets, (uint32_t)take_number(&at)).at,
		       sizeof out->target);
	if (has & HAS_SUFFIX) {
		memcpy(out->source.bytes + bits / 8, at, 16 - bits / 8);
		at += 16 - bits / 8;
	}
	if (has & HAS_USER)
		user_at = take_number(&at);
	if (has & (HAS_USER | HAS_USER_BESIDE))
		out->user.len = take_number(&at);
	if (has & HAS_USER_BESIDE) {
		out->user = arena_copy(arena, (struct slice){ (const char *)at,
							      out->user.len });
		at += out->user.len;
	}
	out->line.text.len = take_number(&at);
	if (!stock->bare)
		line_read(stock, origin,
			  (struct slice){ (const char *)at, (size_t)(end - at) }, arena,
			  out);
	if (has & HAS_USER)
		out->user.at = out->line.text.at + user_at;
}
