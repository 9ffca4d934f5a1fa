#include "event/row.h"

#include "base/clock.h"
#include "base/escape.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SESSIONS_OF_ROWS = 100 };
#define ROW_AGE_US (5 * MINUTE_US)

/* One session; what it holds lives in its own arena, made anew with every line. */
struct row_session {
	struct arena *arena;
	uint64_t serial;
	int64_t began_at;
	struct slice id;
	struct witness_groups groups;
	struct slices users;
};

struct row_sessions {
	size_t count;
	struct row_session at[SESSIONS_OF_ROWS];
};

struct rows {
	size_t rules;
	uint64_t next_serial;
	struct row_sessions **at; /* per rule, made when first needed */
};

struct rows *rows_new(size_t rules)
{
	struct rows *rows = calloc(1, sizeof *rows);

	if (rows == NULL)
		abort();
	rows->rules = rules;
	rows->at = calloc(rules > 0 ? rules : 1, sizeof(struct row_sessions *));
	if (rows->at == NULL)
		abort();
	return rows;
}

void rows_free(struct rows *rows)
{
	if (rows == NULL)
		return;
	for (size_t i = 0; i < rows->rules; i++) {
		for (size_t j = 0; rows->at[i] && j < rows->at[i]->count; j++)
			arena_free(rows->at[i]->at[j].arena);
		free(rows->at[i]);
	}
	free(rows->at);
	free(rows);
}

/* --- groups ------------------------------------------------------------------------- */

static struct slice value_of(const struct witness_groups *groups, const char *name)
{
	const struct witness_group *group = witness_group_find(groups, slice_of(name));

	return group ? group->value : (struct slice){ 0 };
}

static void group_set(struct witness_groups *groups, struct arena *arena,
		      struct slice name, struct slice value)
{
	struct witness_group *group = witness_group_find(groups, name);

	if (!group) {
		group = LIST_ADD(arena, groups);
		group->name = name;
	}
	group->value = value;
}

static struct witness_groups groups_copy(struct arena *arena,
					 const struct witness_groups *from)
{
	struct witness_groups copy = { 0 };

	for (size_t i = 0; i < from->count; i++) {
		struct slice value = from->at[i].value;

		group_set(&copy, arena, arena_copy(arena, from->at[i].name),
			  value.at ? arena_copy(arena, value) : value);
	}
	return copy;
}

static struct slices users_copy(struct arena *arena, const struct slices *from)
{
	struct slices copy = { 0 };

	for (size_t i = 0; i < from->count; i++)
		*LIST_ADD(arena, &copy) = arena_copy(arena, from->at[i]);
	return copy;
}

static void user_add(struct arena *arena, struct slices *users, struct slice user)
{
	for (size_t i = 0; i < users->count; i++) {
		if (slice_equal(users->at[i], user))
			return;
	}
	if (user.len > 0)
		*LIST_ADD(arena, users) = arena_copy(arena, user);
}

/* --- sessions ----------------------------------------------------------------------- */

static void session_remove(struct row_sessions *sessions, struct row_session *session)
{
	arena_free(session->arena);
	*session = sessions->at[--sessions->count];
}

static struct row_session *session_find(struct row_sessions *sessions, struct slice id,
					int64_t at)
{
	for (size_t i = 0; i < sessions->count; i++) {
		struct row_session *session = &sessions->at[i];

		if (!slice_equal(session->id, id))
			continue;
		if (at - session->began_at <= ROW_AGE_US)
			return session;
		session_remove(sessions, session);
		return NULL;
	}
	return NULL;
}

static struct row_session *session_add(struct rows *rows, struct row_sessions *sessions,
				       struct slice id, int64_t at)
{
	struct row_session *oldest = &sessions->at[0], *session;

	for (size_t i = 1; i < sessions->count; i++) {
		if (sessions->at[i].serial < oldest->serial)
			oldest = &sessions->at[i];
	}
	if (sessions->count == SESSIONS_OF_ROWS)
		session_remove(sessions, oldest);
	session = &sessions->at[sessions->count++];
	*session = (struct row_session){ .arena = arena_new(),
					 .serial = ++rows->next_serial,
					 .began_at = at };
	session->id = arena_copy(session->arena, id);
	return session;
}

/* The line's values over the session's; one that took no part changes nothing. */
static void session_update(struct row_session *session,
			   const struct witness_groups *line)
{
	struct arena *arena = arena_new();
	struct witness_groups groups = groups_copy(arena, &session->groups);
	struct slices users = users_copy(arena, &session->users);

	for (size_t i = 0; i < line->count; i++) {
		if (line->at[i].value.at != NULL)
			group_set(&groups, arena, arena_copy(arena, line->at[i].name),
				  arena_copy(arena, line->at[i].value));
	}
	user_add(arena, &users, value_of(line, "user"));
	session->id = arena_copy(arena, session->id);
	arena_free(session->arena);
	session->arena = arena;
	session->groups = groups;
	session->users = users;
}

static struct row_sessions *sessions_of(struct rows *rows, size_t rule)
{
	struct row_sessions *sessions = rows->at[rule];

	if (sessions != NULL)
		return sessions;
	sessions = calloc(1, sizeof *sessions);
	if (sessions == NULL)
		abort();
	rows->at[rule] = sessions;
	return sessions;
}

/* As fail2ban's filter._mergeFailure() leaves them. */
static void groups_merge(struct rows *rows, struct arena *arena, struct slice id,
			 const struct witness_account *account, struct row *row)
{
	struct row_sessions *sessions = sessions_of(rows, account->rule);
	bool gained = value_of(&row->groups, "mlfgained").len > 0;
	bool forget = value_of(&row->groups, "mlfforget").len > 0;
	struct row_session *session;

	if (gained && value_of(&row->groups, "nofail").len == 0)
		group_set(&row->groups, arena, S("nofail"),
			  value_of(&row->groups, "mlfgained"));
	witness_group_drop(&row->groups, S("mlfforget"));
	session = session_find(sessions, id, account->at);
	if (session != NULL) {
		witness_group_drop(&session->groups, S("nofail"));
		witness_group_drop(&session->groups, S("mlfgained"));
		if (gained)
			witness_group_drop(&session->groups, S("mlfpending"));
		session_update(session, &row->groups);
	} else if (!forget) {
		session = session_add(rows, sessions, id, account->at);
		session->groups = groups_copy(session->arena, &row->groups);
		user_add(session->arena, &session->users,
			 value_of(&row->groups, "user"));
	}
	if (session == NULL) {
		witness_group_drop(&row->groups, S("mlfpending"));
		return;
	}
	if (value_of(&session->groups, "mlfpending").len > 0 ||
	    session->users.count > 1) {
		witness_group_drop(&session->groups, S("nofail"));
		witness_group_drop(&session->groups, S("mlfgained"));
	}
	witness_group_drop(&session->groups, S("mlfpending"));
	if (account->verdict == WITNESS_WAITING)
		group_set(&session->groups, session->arena, S("mlfpending"), S("1"));
	row->groups = groups_copy(arena, &session->groups);
	row->users = users_copy(arena, &session->users);
	if (forget)
		session_remove(sessions, session);
}

static struct slice source_of(struct arena *arena, const struct event *event)
{
	struct address_text text = address_format(&event->source);

	return arena_copy(arena, event->source.family ? slice_of(text.text)
						      : event->source_name);
}

static int name_order(const void *a, const void *b)
{
	const struct witness_group *one = a, *other = b;

	return slice_compare(one->name, other->name);
}

/* Where a line tells an id and an address too, fail2ban adds the latter as `ip`. */
static void address_add(struct witness_groups *groups, struct arena *arena)
{
	static const char *const names[] = { "ip4", "ip6", "dns" };
	struct slice id = value_of(groups, "fid"), text = { 0 };
	struct address address;

	for (size_t i = 0; i < COUNT_OF(names) && text.at == NULL; i++)
		text = value_of(groups, names[i]);
	if (id.at == NULL || text.at == NULL || slice_equal(id, text) ||
	    address_parse(text, &address) != 0)
		return;
	group_set(groups, arena, S("ip"),
		  arena_copy(arena, slice_of(address_format(&address).text)));
}

bool rows_take(struct rows *rows, struct arena *arena,
	       const struct witness_account *account, struct row *out)
{
	struct row row = {
		.dated = account->dated && account->basis != TIME_BASIS_PREVIOUS,
		.at_s = account->at / SECOND_US - (account->at % SECOND_US < 0),
		.groups = groups_copy(arena, &account->groups)
	};
	struct slice id = value_of(&row.groups, "mlfid");

	if (account->verdict == WITNESS_MISSED || account->verdict == WITNESS_IGNORED ||
	    account->verdict == WITNESS_LIMITED)
		return false;
	if (id.len > 0)
		groups_merge(rows, arena, id, account, &row);
	if (account->verdict != WITNESS_MATCHED)
		return false;
	row.source = source_of(arena, account->event);
	address_add(&row.groups, arena);
	if (row.groups.count > 0)
		qsort(row.groups.at, row.groups.count, sizeof row.groups.at[0],
		      name_order);
	*out = row;
	return true;
}

/* --- the text ----------------------------------------------------------------------- */

static void character_write(struct buffer *out, struct slice bytes, char quote)
{
	size_t len;
	int32_t code = utf8_decode(bytes, &len);

	if (code == quote || code == '\\')
		buffer_printf(out, "\\%c", (char)code);
	else if (code == '\n')
		buffer_add(out, S("\\n"));
	else if (code == '\r')
		buffer_add(out, S("\\r"));
	else if (code == '\t')
		buffer_add(out, S("\\t"));
	else if (code < ' ' || (code >= 0x7f && code < 0xa0))
		buffer_printf(out, "\\x%02x",
			      code < 0 ? (uint8_t)bytes.at[0] : (unsigned)code);
	else if (unicode_is_treacherous((uint32_t)code))
		buffer_printf(out, code > 0xffff ? "\\U%08x" : "\\u%04x",
			      (unsigned)code);
	else
		buffer_add(out, slice_cut(bytes, 0, len));
}

static void text_write(struct buffer *out, struct slice text)
{
	bool apostrophe = slice_find_byte(text, '\'') >= 0;
	char quote = apostrophe && slice_find_byte(text, '"') < 0 ? '"' : '\'';

	if (text.at == NULL) {
		buffer_add(out, S("None"));
		return;
	}
	buffer_add_byte(out, quote);
	while (text.len > 0) {
		size_t len;

		utf8_decode(text, &len);
		character_write(out, text, quote);
		text = slice_from(text, len);
	}
	buffer_add_byte(out, quote);
}

static void users_write(struct buffer *out, const struct slices *users)
{
	buffer_add(out, S("'users': {"));
	for (size_t i = 0; i < users->count; i++) {
		buffer_add(out, i > 0 ? S(", ") : S(""));
		text_write(out, users->at[i]);
	}
	buffer_add_byte(out, '}');
}

void row_write(const struct row *row, struct buffer *out)
{
	buffer_add_byte(out, '[');
	text_write(out, row->source);
	if (row->dated)
		buffer_printf(out, ",\t%" PRId64 ".0,\t{", row->at_s);
	else
		buffer_add(out, S(",\tNone,\t{"));
	for (size_t i = 0; i < row->groups.count; i++) {
		buffer_add(out, i > 0 ? S(", ") : S(""));
		text_write(out, row->groups.at[i].name);
		buffer_add(out, S(": "));
		text_write(out, row->groups.at[i].value);
	}
	if (row->users.count > 0) {
		buffer_add(out, row->groups.count > 0 ? S(", ") : S(""));
		users_write(out, &row->users);
	}
	buffer_add(out, S("}],"));
}
