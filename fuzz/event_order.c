/* The order of a log: a saved state's line, then lines of a log, each of them an event. */
#include "base/arena.h"
#include "event/order.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct order order;
	struct input_chunk chunk = { .bytes = order_load(&order, text),
				     .offset = order.end,
				     .line_max_bytes = LINE_MAX_BYTES };
	struct input_chunk rest = chunk;
	struct arena *arena = arena_new();
	struct {
		struct event *at;
		size_t count, room;
	} events = { 0 };
	struct line line;

	while (input_chunk_line(&rest, &line))
		LIST_ADD(arena, &events)->line = line;
	order_check(&order, &chunk, events.at, NULL, events.count);
	order_next_file(&order);
	arena_free(arena);
	return 0;
}
