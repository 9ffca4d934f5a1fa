#include "report/public_source.h"

#include "base/buffer.h"

/* A mail of theirs may be long; one of ours need not be. */
enum { ROWS_MAX_BYTES = 256 * 1024, PORTS_MAX = 20 };

/* isc.sans.edu/specs: time with zone, author, count, source, its port, target, its port,
 * protocol, TCP flags. The target is ours: DShield's own way to keep it to oneself is an
 * address of 10/8. A port that no log has is "???".                                     */
static void row_add(struct buffer *out, const struct report_request *request,
		    const struct public_source *source, const struct incident *incident,
		    const struct tally_item *port)
{
	struct time_text at = time_format(incident->first, TIME_MEMO);
	const struct tally *ports = &incident->lists[LIST_SOURCE_PORTS];
	struct slice rest = port ? port->text : S(""), number = S("???");
	struct slice from =
		ports->count == 1 && !ports->beyond ? ports->at[0].text : S("???");
	bool several = port && incident->lists[LIST_PORTS].count > 1;
	uint64_t value;

	if (port)
		slice_next(&rest, '/', &number);
	if (slice_to_u64(number, 65535, &value))
		number = S("???");
	if (slice_to_u64(from, 65535, &value))
		from = S("???");
	/* a connection that was completed began with a SYN */
	buffer_printf(out,
		      "%.19s +00:00\t" SLICE_FMT "\t%llu\t" SLICE_FMT "\t" SLICE_FMT
		      "\t10.0.0.1\t" SLICE_FMT "\t%s\n",
		      at.text, SLICE_ARG(request->settings->dshield_user),
		      (unsigned long long)(several ? port->count : incident->count),
		      SLICE_ARG(source->address), SLICE_ARG(from), SLICE_ARG(number),
		      slice_equal_nocase(rest, S("udp")) ? "udp" : "tcp\tS");
}

static void source_add(struct buffer *out, const struct report_request *request,
		       const struct public_source *source)
{
	for (size_t i = 0; i < source->given.count; i++) {
		const struct incident *incident = source->given.incidents[i];
		const struct tally *ports = &incident->lists[LIST_PORTS];

		if (!ports->count)
			row_add(out, request, source, incident, NULL);
		for (size_t at = 0; at < ports->count && at < PORTS_MAX; at++)
			row_add(out, request, source, incident, &ports->at[at]);
	}
}

struct slice dshield_add(struct public_telling *telling, struct arena *work,
			 const struct public_source *source)
{
	(void)work;
	if (telling->rows.len >= ROWS_MAX_BYTES)
		return S("one mail holds no more");
	source_add(&telling->rows, &telling->request, source);
	*LIST_ADD(telling->arena, &telling->sources) =
		arena_copy(telling->arena, source->address);
	telling->told++;
	return S("");
}

void dshield_end(struct public_telling *telling)
{
	struct arena *arena = telling->arena;

	*LIST_ADD(arena, &telling->out) = (struct publication){
		.database = DATABASE_DSHIELD,
		.part = S("dshield"),
		.subject = arena_printf(
			arena,
			"FORMAT DSHIELD USERID " SLICE_FMT
			" TZ +00:00 tipoff " TIPOFF_VERSION,
			SLICE_ARG(telling->request.settings->dshield_user)),
		.memo = arena_copy(arena, buffer_slice(&telling->rows)),
		.sources = telling->sources,
	};
}
