#include "mail/origin.h"

#include "mail/header.h"

enum { HOPS_MAX = 100, SHOWN_MAX = 100 };

struct walk {
	struct arena *arena;
	const struct slices *relays;
	struct slice rest; /* of the header */
	size_t depth;
};

static bool is_named(const struct slices *relays, struct slice host)
{
	for (size_t i = 0; i < relays->count; i++) {
		struct slice row = relays->at[i];

		if (slice_equal_nocase(row, host))
			return true;
		if (slice_starts(row, S(".")) && host.len > row.len &&
		    slice_equal_nocase(slice_from(host, host.len - row.len), row))
			return true;
	}
	return false;
}

static bool is_at(const struct slices *relays, const struct address *address)
{
	struct range range;

	for (size_t i = 0; i < relays->count; i++)
		if (range_parse(relays->at[i], &range) == 0 &&
		    range_contains(&range, address))
			return true;
	return false;
}

/* "192.0.2.300" is a slip of the pen and no name. */
static bool is_name_row(struct slice row)
{
	bool letters = false;

	for (size_t i = 0; i < row.len; i++) {
		letters |= ascii_is_alpha(row.at[i]);
		if (row.at[i] == '/' || row.at[i] == ':')
			return false;
	}
	return letters;
}

static int relays_check(const struct slices *relays, struct error *err)
{
	struct range range;

	if (!relays->count)
		return error_set(err, ERROR_CONFIG,
				 "[mail] relays is empty: name the mail servers that "
				 "hand you your mail, such as mx.example.net and "
				 "192.0.2.25; their Received lines alone are believed");
	for (size_t i = 0; i < relays->count; i++)
		if (!is_name_row(relays->at[i]) &&
		    range_parse(relays->at[i], &range) != 0)
			return error_set(err, ERROR_CONFIG,
					 "'" SLICE_FMT
					 "' in [mail] relays is no name, no address "
					 "and no range",
					 SLICE_ARG(relays->at[i]));
	return 0;
}

/* 1; 0: there is none. */
static int received_next(struct walk *walk, struct slice *value)
{
	struct header_field field;

	while (header_next(walk->arena, &walk->rest, &field)) {
		if (!slice_equal_nocase(field.name, S("Received")))
			continue;
		*value = field.value;
		return 1;
	}
	return 0;
}

static int unclear(const struct walk *walk, const struct hop *hop, struct error *err)
{
	struct slice by = slice_cut(hop->by, 0, SHOWN_MAX);

	if (hop->shape == HOP_UNCLEAR)
		return error_set(err, ERROR_SYNTAX,
				 "the Received line number %zu does not say in a place "
				 "of its server's own who handed the mail in",
				 walk->depth + 1);
	if (hop->shape == HOP_LOCAL)
		return error_set(err, ERROR_SYNTAX,
				 "it was handed in on '" SLICE_FMT
				 "' itself, by its Received line",
				 SLICE_ARG(by));
	if (hop->shape == HOP_NO_PEER)
		return error_set(err, ERROR_SYNTAX,
				 "the Received line of '" SLICE_FMT
				 "' names no address",
				 SLICE_ARG(by));
	return error_set(err, ERROR_SYNTAX,
			 "the Received line of '" SLICE_FMT "' has no date",
			 SLICE_ARG(by));
}

/* A local delivery behind the mail server: LMTP (RFC 2033) is spoken to no stranger. */
static bool is_delivery(const struct walk *walk, const struct hop *hop)
{
	return hop->shape != HOP_LOCAL && hop->from.len &&
	       slice_starts_nocase(hop->protocol, S("LMTP")) &&
	       is_named(walk->relays, hop->from);
}

/* 1: found; 0: the next one is to be read; -1. */
static int hop_judge(const struct walk *walk, const struct hop *hop, struct error *err)
{
	if (hop->by.len && !is_named(walk->relays, hop->by))
		return error_set(
			err, ERROR_SYNTAX,
			"%s Received line is of '" SLICE_FMT
			"', which is no server of [mail] relays: anybody may have "
			"written it",
			walk->depth ? "the next" : "the topmost",
			SLICE_ARG(slice_cut(hop->by, 0, SHOWN_MAX)));
	if (is_delivery(walk, hop))
		return 0;
	if (hop->shape != HOP_PEER)
		return unclear(walk, hop, err);
	if (is_at(walk->relays, &hop->peer))
		return 0;
	return hop->is_dated ? 1 : unclear(walk, hop, err);
}

static int walk_down(struct walk *walk, struct origin *out, struct error *err)
{
	struct slice value;

	for (; walk->depth < HOPS_MAX && received_next(walk, &value); walk->depth++) {
		struct hop hop;
		int judged;

		hop_read(value, &hop);
		judged = hop_judge(walk, &hop, err);
		if (judged < 0)
			return -1;
		if (!judged)
			continue;
		*out = (struct origin){
			.hop = hop,
			.line = arena_printf(walk->arena, "Received: " SLICE_FMT,
					     SLICE_ARG(value)),
			.depth = walk->depth,
		};
		return 0;
	}
	if (walk->depth)
		return error_set(
			err, ERROR_SYNTAX,
			"all its Received lines name servers of [mail] relays, "
			"and nobody who handed it to them");
	return error_set(err, ERROR_SYNTAX,
			 "it has no Received line, so nothing says where it came "
			 "from");
}

int origin_find(struct arena *arena, const struct slices *relays, struct slice message,
		struct origin *out, struct error *err)
{
	struct walk walk = { arena, relays, header_block(message), 0 };

	if (relays_check(relays, err) != 0)
		return -1;
	return walk_down(&walk, out, err);
}
