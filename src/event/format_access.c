/* Access logs written as JSON: nginx's log_format with escape=json and Apache's with the
 * usual names, Caddy's and Traefik's own. Such a record says what a line of the common log
 * format says, so it is written as one, and the rules for access logs judge it.
 *
 * Only the address of the connection counts: what X-Forwarded-For says, the client wrote.
 * Whatever a client chose is escaped, so that it can end no field of that line.          */
#include "base/clock.h"
#include "event/format_parts.h"

#include <string.h>

enum { LINE_BYTES_MAX = 32 * 1024, NAMES_MAX = 8 };

/* A field under the names it has in different logs; the first that is there counts. */
struct field {
	const char *names[NAMES_MAX];
};
static const struct field ADDRESS = { { "remote_addr", "remote_ip", "clientip",
					"ClientHost", "remoteIP", "remote_host" } };
static const struct field USER = { { "remote_user", "user", "user_id",
				     "ClientUsername" } };
static const struct field REQUEST = { { "request", "request_line" } };
static const struct field METHOD = { { "request_method", "method", "RequestMethod",
				       "verb" } };
static const struct field URI = { { "request_uri", "uri", "RequestPath", "path",
				    "url" } };
static const struct field PROTOCOL = { { "server_protocol", "proto", "protocol",
					 "RequestProtocol", "httpversion" } };
static const struct field STATUS = { { "status", "DownstreamStatus", "response",
				       "status_code", "code" } };
static const struct field SIZE = { { "body_bytes_sent", "bytes_sent", "size", "bytes",
				     "DownstreamContentSize" } };
static const struct field REFERRER = { { "http_referer", "http_referrer", "referer",
					 "referrer", "request_Referer" } };
static const struct field AGENT = { { "http_user_agent", "user_agent", "userAgent",
				      "agent", "request_User-Agent" } };
static const struct field TIME = { { "time_iso8601", "@timestamp", "time_local",
				     "StartUTC", "timestamp", "time", "ts", "msec" } };

static const struct json_value *field_find(const struct json_value *object,
					   const struct field *field)
{
	for (size_t i = 0; i < NAMES_MAX && field->names[i] != NULL; i++) {
		const struct json_value *value = json_get(object, field->names[i]);

		if (value != NULL)
			return value;
	}
	return NULL;
}

/* Caddy keeps what is the request's own in an object of that name. */
static const struct json_value *inner_find(const struct json_value *root,
					   const struct field *field)
{
	const struct json_value *value = field_find(root, field);

	return value ? value : field_find(json_get(root, "request"), field);
}

/* Any byte that could end a field as \xHH, as nginx and Apache do it. */
static void escaped_add(struct buffer *out, struct slice text, bool blank_too)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.at[i];

		if (byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\' ||
		    (byte == ' ' && blank_too))
			buffer_printf(out, "\\x%02X", byte);
		else
			buffer_add_byte(out, (char)byte);
	}
}

static void value_add(struct buffer *out, struct slice text, bool blank_too)
{
	if (text.len == 0)
		buffer_add_byte(out, '-');
	else
		escaped_add(out, text, blank_too);
}

static void request_add(struct buffer *out, const struct json_value *root)
{
	const struct json_value *whole = field_find(root, &REQUEST);
	struct slice protocol = json_text(inner_find(root, &PROTOCOL));
	struct slice method = json_text(inner_find(root, &METHOD));
	struct slice uri =
		json_text(json_is_string(whole) ? whole : inner_find(root, &URI));

	/* some give the path alone that name: "request":"/login","verb":"GET" */
	if (json_is_string(whole) && (method.len == 0 || !slice_starts(uri, S("/")))) {
		escaped_add(out, json_text(whole), false);
		return;
	}
	value_add(out, method, true);
	buffer_add_byte(out, ' ');
	value_add(out, uri, true);
	buffer_add_byte(out, ' ');
	if (protocol.len > 0 && ascii_is_digit(protocol.at[0]))
		buffer_add(out, S("HTTP/"));
	value_add(out, protocol.len ? protocol : S("HTTP/1.1"), true);
}

static uint64_t number_of(const struct json_value *value, uint64_t max)
{
	struct slice text = json_text(value);
	uint64_t read = 0;

	if (text.len > 0)
		return slice_to_u64(text, max, &read) == 0 ? read : 0;
	return json_integer(value, -1) > 0 && (uint64_t)json_integer(value, 0) <= max
		       ? (uint64_t)json_integer(value, 0)
		       : 0;
}

/* Headers of Caddy are lists: {"headers": {"User-Agent": ["curl/8.1"]}}. */
static struct slice agent_of(const struct json_value *root)
{
	const struct json_value *headers =
		json_get(json_get(root, "request"), "headers");
	struct slice agent = json_text(field_find(root, &AGENT));

	return agent.len ? agent
			 : json_text(json_at(json_get(headers, "User-Agent"), 0));
}

/* "21/Nov/2026:02:14:07 +0000" */
static void time_add(struct buffer *out, int64_t at)
{
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
	};
	struct civil civil = civil_of(at);

	buffer_printf(out, "%02d/%s/%04d:%02d:%02d:%02d +0000", civil.day,
		      months[civil.month - 1], civil.year, civil.hour, civil.minute,
		      civil.second);
}

struct request {
	struct address source;
	int64_t at;
	uint64_t status;
};

static struct slice line_write(struct format_reading *reading,
			       const struct request *request)
{
	const struct json_value *root = reading->root;
	struct address_text source = address_format(&request->source);
	struct slice text;
	struct buffer out;

	buffer_init(&out, LINE_BYTES_MAX);
	buffer_printf(&out, "%s - ", source.text);
	value_add(&out, json_text(field_find(root, &USER)), true);
	buffer_add(&out, S(" ["));
	time_add(&out, request->at);
	buffer_add(&out, S("] \""));
	request_add(&out, root);
	buffer_printf(&out, "\" %llu %llu \"", (unsigned long long)request->status,
		      (unsigned long long)number_of(field_find(root, &SIZE),
						    INT64_MAX));
	value_add(&out, json_text(field_find(root, &REFERRER)), false);
	buffer_add(&out, S("\" \""));
	value_add(&out, agent_of(root), false);
	buffer_add_byte(&out, '"');
	text = out.failed ? S("") : arena_copy(reading->arena, buffer_slice(&out));
	buffer_clear(&out);
	return text;
}

/* An address, a status and a request, and it is a request's record. */
bool access_read(struct format_reading *reading)
{
	const struct json_value *root = reading->root;
	const struct json_value *address = inner_find(root, &ADDRESS);
	struct request request = {
		.status = number_of(field_find(root, &STATUS), 999),
	};
	enum time_basis basis;

	if (!json_is_string(address) || request.status < 100 ||
	    (!json_is_string(field_find(root, &REQUEST)) &&
	     !json_is_string(inner_find(root, &URI))))
		return false;
	if (address_parse(json_text(address), &request.source) == 0 &&
	    field_time(reading, field_find(root, &TIME), &request.at, &basis) == 0)
		reading->rewritten = line_write(reading, &request);
	return true;
}
