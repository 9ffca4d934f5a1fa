#include "contact/signs.h"

#include "base/cursor.h"
#include "registry/charset.h"

static const struct {
	const char *words;
	enum reading_state state;
} signs[] = {
	/* RIPE's error numbers: 201 denied, 202 passed over, 306 too many connections. */
	{ "ERROR:201", READING_REFUSED },
	{ "ERROR:202", READING_REFUSED },
	{ "ERROR:203", READING_REFUSED },
	{ "ERROR:305", READING_REFUSED },
	{ "ERROR:306", READING_REFUSED },
	{ "ERROR:100", READING_REFUSED },
	{ "ERROR:101", READING_NOTHING },
	{ "query rate limit exceeded", READING_REFUSED },
	{ "rate limit exceeded", READING_REFUSED },
	{ "permission denied", READING_REFUSED },
	{ "have permission to use this service", READING_REFUSED },
	{ "maximum concurrent connections", READING_REFUSED },
	{ "temporary unable to query", READING_REFUSED },
	{ "temporarily unable", READING_REFUSED },
	{ "temporarily unavailable", READING_REFUSED },
	{ "service unavailable", READING_REFUSED },
	{ "too many requests", READING_REFUSED },
	{ "too many queries", READING_REFUSED },
	{ "quota exceeded", READING_REFUSED },
	{ "exceeded the maximum allowable", READING_REFUSED },
	{ "exceeded your query limit", READING_REFUSED },
	{ "query limit", READING_REFUSED },
	{ "limit exceeded", READING_REFUSED },
	{ "access denied", READING_REFUSED },
	{ "access to this service has been", READING_REFUSED },
	{ "blacklisted", READING_REFUSED },
	{ "try again later", READING_REFUSED },
	{ "connection refused", READING_REFUSED },
	{ "no entries found", READING_NOTHING },
	{ "no match found for", READING_NOTHING },
	{ "no match for", READING_NOTHING },
	{ "no match!!", READING_NOTHING },
	{ "no data found", READING_NOTHING },
	{ "no object found", READING_NOTHING },
	{ "not found", READING_NOTHING },
	{ "domain not registered", READING_NOTHING },
	/* JPNIC, UTF-8: "no data fits". */
	{ "\xe8\xa9\xb2\xe5\xbd\x93\xe3\x81\x99\xe3\x82\x8b\xe3\x83\x87\xe3\x83\xbc"
	  "\xe3\x82\xbf\xe3\x81\x8c\xe3\x81\x82\xe3\x82\x8a\xe3\x81\xbe\xe3\x81\x9b"
	  "\xe3\x82\x93",
	  READING_NOTHING },
};

/* "NetRange:", "inetnum:", "network:", "Domain Name:", "a. [Network Number]": a line
 * that begins an object.                                                            */
static bool begins_object(struct slice line)
{
	static const char *const starts[] = {
		"NetRange:",    "inetnum:",    "inet6num:",     "aut-num:",
		"network:",     "ASNumber:",   "Domain Name:",  "domain:",
		"[ Network",    "a. [Network", "[Network N",    "a. [JPNIC H",
		"[JPNIC H",     "a. [Group",   "[Group H",      "IPv4 Address",
		"IPv6 Address", "Netname:",    "route:",        "route6:",
		"person:",      "role:",       "organisation:", "irt:",
		"nic-hdl"
	};

	line = slice_trim(line);
	for (size_t i = 0; i < COUNT_OF(starts); i++)
		if (slice_starts_nocase(line, slice_of(starts[i])))
			return true;
	return false;
}

static bool is_comment(struct slice line)
{
	return line.len && (line.at[0] == '%' || line.at[0] == '#');
}

static enum reading_state sign_in(struct slice line)
{
	if (line.len > 300)
		return READING_ANSWER;
	for (size_t i = 0; i < COUNT_OF(signs); i++)
		if (slice_find_nocase(line, slice_of(signs[i].words)) >= 0)
			return signs[i].state;
	return READING_ANSWER;
}

static bool has_object(struct slice text)
{
	struct cursor cursor = cursor_of(text);
	struct slice line;

	while (cursor_line(&cursor, &line))
		if (begins_object(line))
			return true;
	return false;
}

enum reading_state signs_of(struct arena *arena, struct slice text, struct slice *note)
{
	struct cursor cursor = cursor_of(text);
	bool object = has_object(text);
	enum reading_state state = READING_ANSWER;
	struct slice line;

	while (cursor_line(&cursor, &line)) {
		enum reading_state sign;

		if (object && !is_comment(line))
			continue;
		sign = sign_in(line);
		if (sign == READING_ANSWER || (object && sign == READING_NOTHING))
			continue;
		if (sign == READING_REFUSED || state == READING_ANSWER)
			*note = charset_to_utf8(arena,
						slice_trim(slice_cut(line, 0, 300)));
		state = sign == READING_REFUSED ? sign : READING_NOTHING;
		if (state == READING_REFUSED)
			break;
	}
	if (state == READING_ANSWER && !object)
		state = READING_NOTHING;
	return state;
}
