#include "input/syslog_socket.h"

#include <sys/un.h>

static const struct {
	struct slice prefix;
	int kind;
} kinds[] = {
	{ { "udp:", 4 }, SYSLOG_UDP },
	{ { "tcp:", 4 }, SYSLOG_TCP },
	{ { "unix:", 5 }, SYSLOG_UNIX },
	{ { "unix-stream:", 12 }, SYSLOG_UNIX_STREAM },
};

static int wrong(struct slice text, struct error *err)
{
	return error_set(err, ERROR_CONFIG,
			 "'" SLICE_FMT
			 "' is no place to listen at: write udp:127.0.0.1:5514, "
			 "tcp:[::1]:5514, unix:/run/tipoff/log or unix-stream:PATH",
			 SLICE_ARG(text));
}

/* "ADDRESS:PORT", "[ADDRESS]:PORT" */
static int internet_parse(struct slice rest, struct syslog_place *out)
{
	ptrdiff_t colon = slice_find_last_byte(rest, ':');
	struct slice address = slice_cut(rest, 0, colon < 0 ? 0 : (size_t)colon);
	uint64_t port;

	if (slice_starts(address, S("[")) && slice_ends(address, S("]")))
		address = slice_cut(address, 1, address.len - 1);
	else if (slice_find_byte(address, ':') >= 0)
		return -1;
	if (colon < 1 || address_parse(address, &out->address) != 0 ||
	    slice_to_u64(slice_from(rest, (size_t)colon + 1), 65535, &port) != 0)
		return -1;
	out->port = (uint16_t)port;
	return 0;
}

static int path_parse(struct slice rest, struct syslog_place *out)
{
	struct sockaddr_un address;

	if (rest.len < 2 || rest.len >= sizeof address.sun_path || rest.at[0] != '/' ||
	    slice_find_byte(rest, '\0') >= 0)
		return -1;
	out->path = rest;
	return 0;
}

int syslog_place_parse(struct slice text, struct syslog_place *out, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct syslog_place place = { .kind = kinds[i].kind };
		struct slice rest = slice_from(text, kinds[i].prefix.len);
		bool is_path =
			place.kind == SYSLOG_UNIX || place.kind == SYSLOG_UNIX_STREAM;

		if (!slice_starts(text, kinds[i].prefix))
			continue;
		if ((is_path ? path_parse(rest, &place)
			     : internet_parse(rest, &place)) != 0)
			break;
		*out = place;
		return 0;
	}
	return wrong(text, err);
}

bool syslog_place_is_local(const struct syslog_place *place)
{
	static const struct address six = { FAMILY_IPV6, { [15] = 1 } };

	if (place->kind == SYSLOG_UNIX || place->kind == SYSLOG_UNIX_STREAM)
		return true;
	if (place->address.family == FAMILY_IPV4)
		return place->address.bytes[0] == 127;
	return address_equal(&place->address, &six);
}
