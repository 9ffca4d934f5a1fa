/* Cowrie's JSON log (its OUTPUT reference): one object a line, `eventid` says what it is.
 *
 * A honeypot lets attackers in on purpose: cowrie.login.success is one more try at a
 * password and nobody's break-in. Every record belongs to a session over TCP, so the
 * address is genuine.                                                                   */
#include "base/cursor.h"
#include "event/format_parts.h"

#include <stdio.h>
#include <string.h>

static const struct cowrie_row {
	const char *id;
	enum category category;
} ROWS[] = {
	{ "cowrie.session.connect", CATEGORY_PROBE },
	{ "cowrie.login.failed", CATEGORY_LOGIN_ATTACK },
	{ "cowrie.login.success", CATEGORY_LOGIN_ATTACK },
	{ "cowrie.command.input", CATEGORY_EXPLOIT_ATTEMPT },
	{ "cowrie.session.file_download", CATEGORY_EXPLOIT_ATTEMPT },
	{ "cowrie.session.file_upload", CATEGORY_EXPLOIT_ATTEMPT },
	{ "cowrie.direct-tcpip.request", CATEGORY_EXPLOIT_ATTEMPT },
};

static bool is_session_byte(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_';
}

static bool is_session_id(struct slice id)
{
	for (size_t i = 0; i < id.len; i++) {
		if (!is_session_byte(id.at[i]))
			return false;
	}
	return id.len > 0 && id.len <= COWRIE_SESSION_LEN;
}

static void session_keep(struct cowrie *cowrie, struct slice id, struct slice service,
			 uint16_t port)
{
	struct cowrie_session *session = &cowrie->at[cowrie->next];

	if (!is_session_id(id) || service.len >= sizeof session->service)
		return;
	*session = (struct cowrie_session){ .port = port };
	if (id.len > 0)
		memcpy(session->id, id.at, id.len);
	if (service.len > 0)
		memcpy(session->service, service.at, service.len);
	cowrie->next = (cowrie->next + 1) % COWRIE_SESSIONS_MAX;
}

static const struct cowrie_session *session_find(const struct cowrie *cowrie,
						 struct slice id)
{
	for (size_t i = 0; id.len > 0 && i < COWRIE_SESSIONS_MAX; i++) {
		if (slice_equal(slice_of(cowrie->at[i].id), id))
			return &cowrie->at[i];
	}
	return NULL;
}

void cowrie_save(const struct cowrie *cowrie, struct buffer *out)
{
	for (size_t i = 0; i < COWRIE_SESSIONS_MAX; i++) {
		const struct cowrie_session *session =
			&cowrie->at[(cowrie->next + i) % COWRIE_SESSIONS_MAX];

		if (session->id[0] != '\0')
			buffer_printf(out, "%s %s %u\n", session->id,
				      session->service[0] ? session->service : "-",
				      session->port);
	}
}

void cowrie_load(struct cowrie *cowrie, struct slice sessions)
{
	struct cursor cursor = cursor_of(sessions);

	while (!cursor_at_end(&cursor)) {
		struct slice id =
			cursor_while(&cursor, is_session_byte, COWRIE_SESSION_LEN);
		struct slice service;
		uint16_t port;

		cursor_literal(&cursor, S(" "));
		service = cursor_while(&cursor, is_session_byte, 7);
		cursor_literal(&cursor, S(" "));
		port = (uint16_t)cursor_u64(&cursor, UINT16_MAX);
		if (cursor.failed)
			return;
		cursor_try(&cursor, S("\n"));
		session_keep(cowrie, id, slice_equal(service, S("-")) ? S("") : service,
			     port);
	}
}

/* "ssh" or "telnet", by the record itself or by the factory that made it. */
static struct slice service_of(const struct json_value *root)
{
	static const char *const names[] = { "ssh", "telnet" };
	struct slice protocol = json_text(json_get(root, "protocol"));
	struct slice system = json_text(json_get(root, "system"));

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct slice name = slice_of(names[i]);

		if (slice_equal(protocol, name) || slice_find_nocase(system, name) >= 0)
			return name;
	}
	return S("");
}

static const struct cowrie_row *row_find(struct slice id)
{
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		if (slice_equal(id, slice_of(ROWS[i].id)))
			return &ROWS[i];
	}
	return NULL;
}

bool cowrie_read(struct format_reading *reading)
{
	const struct json_value *root = reading->root;
	struct slice id = json_text(json_get(root, "eventid"));
	struct slice session = json_text(json_get(root, "session"));
	const struct cowrie_row *row = row_find(id);
	const struct cowrie_session *known;
	struct event event = { .rule = S("cowrie"),
			       .protocol = PROTOCOL_TCP,
			       .certainty = CERTAINTY_CONNECTION };

	if (!slice_starts(id, S("cowrie.")))
		return false;
	if (row == NULL || !field_address(root, "src_ip", &event.source) ||
	    field_time(reading, json_get(root, "timestamp"), &event.at,
		       &event.time_basis) != 0)
		return true;
	event.service = service_of(root);
	event.target_port = field_port(root, "dst_port");
	known = session_find(reading->cowrie, session);
	if (row->category == CATEGORY_PROBE) {
		session_keep(reading->cowrie, session, event.service,
			     event.target_port);
		event.source_port = field_port(root, "src_port");
		(void)field_address(root, "dst_ip", &event.target);
	} else {
		event.target_port = known ? known->port : 0;
		if (event.service.len == 0 && known)
			event.service =
				arena_copy(reading->arena, slice_of(known->service));
	}
	event.category = row->category;
	event.user = field_text(reading, root, "username");
	event.target_host = field_text(reading, root, "sensor");
	event_add(reading, event);
	return true;
}
