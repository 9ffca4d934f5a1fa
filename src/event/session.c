#include "event/session.h"

#include "base/clock.h"
#include "base/digest.h"

#include <stdlib.h>
#include <string.h>

#define SESSION_AGE_US (5 * MINUTE_US)

/* What later lines of a connection inherit. */
static const enum role KEPT[] = { ROLE_FID,    ROLE_IP4,         ROLE_IP6,
				  ROLE_DNS,    ROLE_PORT,        ROLE_USER,
				  ROLE_TARGET, ROLE_TARGET_PORT, ROLE_PROTOCOL };
enum { KEPT_COUNT = COUNT_OF(KEPT) };

struct kept {
	uint8_t len;
	bool set;
	char text[SESSION_TEXT_MAX];
};

struct session {
	struct kept id;
	int64_t began_at;
	bool pending; /* a failure that waits for its source */
	bool many_users;
	bool told; /* it gave an event already */
	bool sign; /* the last one by a sign: the act itself may still come */
	struct kept first_user;
	struct kept values[KEPT_COUNT];
};

/* A session keeps its place; `order` has the places in use, the oldest first, and behind
 * them the free ones.                                                                 */
struct sessions {
	size_t count;
	uint8_t order[SESSIONS_MAX];
	uint8_t tags[SESSIONS_MAX]; /* of the id's hash; 0: a free place */
	uint64_t hashes[SESSIONS_MAX];
	struct session at[SESSIONS_MAX];
};

struct sessions *sessions_new(void)
{
	struct sessions *sessions = calloc(1, sizeof *sessions);

	if (sessions == NULL)
		abort();
	for (size_t i = 0; i < SESSIONS_MAX; i++)
		sessions->order[i] = (uint8_t)i;
	return sessions;
}

void sessions_free(struct sessions *sessions)
{
	free(sessions);
}

static struct slice kept_slice(const struct kept *kept)
{
	return (struct slice){ kept->text, kept->len };
}

static void kept_set(struct kept *kept, struct slice text)
{
	kept->set = text.len <= SESSION_TEXT_MAX;
	kept->len = kept->set ? (uint8_t)text.len : 0;
	if (kept->len > 0)
		memcpy(kept->text, text.at, kept->len);
}

static void session_remove(struct sessions *sessions, size_t place)
{
	uint8_t *order = sessions->order;
	uint8_t *at = memchr(order, (int)place, sessions->count);
	size_t behind = (size_t)(order + sessions->count - at) - 1;

	memmove(at, at + 1, behind);
	order[--sessions->count] = (uint8_t)place;
	sessions->tags[place] = 0;
}

static uint8_t tag_of(uint64_t hash)
{
	return (uint8_t)(hash % UINT8_MAX + 1);
}

static struct session *session_find(struct sessions *sessions, struct slice id,
				    uint64_t hash)
{
	const uint8_t *tags = sessions->tags, *at = tags;

	while ((at = memchr(at, tag_of(hash), (size_t)(tags + SESSIONS_MAX - at)))) {
		size_t place = (size_t)(at++ - tags);

		if (sessions->hashes[place] == hash &&
		    slice_equal(kept_slice(&sessions->at[place].id), id))
			return &sessions->at[place];
	}
	return NULL;
}

static struct session *session_get_fresh(struct sessions *sessions, struct slice id,
					 uint64_t hash, int64_t at)
{
	struct session *session = session_find(sessions, id, hash);

	if (session == NULL)
		return NULL;
	if (at - session->began_at <= SESSION_AGE_US)
		return session;
	session_remove(sessions, (size_t)(session - sessions->at));
	return NULL;
}

/* Only the marks are cleared: most of a session is room for text. */
static void session_clear(struct session *session)
{
	session->pending = session->many_users = session->told = session->sign = false;
	session->id.set = session->first_user.set = false;
	session->id.len = session->first_user.len = 0;
	for (size_t i = 0; i < KEPT_COUNT; i++) {
		session->values[i].set = false;
		session->values[i].len = 0;
	}
}

static struct session *session_add(struct sessions *sessions, struct slice id,
				   uint64_t hash, int64_t at)
{
	struct session *session;
	size_t place;

	if (sessions->count == SESSIONS_MAX)
		session_remove(sessions, sessions->order[0]);
	place = sessions->order[sessions->count++];
	session = &sessions->at[place];
	sessions->hashes[place] = hash;
	sessions->tags[place] = tag_of(hash);
	session_clear(session);
	kept_set(&session->id, id);
	session->began_at = at;
	return session;
}

static void user_note(struct session *session, struct slice user)
{
	if (user.len == 0)
		return;
	user = slice_cut(user, 0, SESSION_TEXT_MAX);
	if (!session->first_user.set)
		kept_set(&session->first_user, user);
	else if (!slice_equal(kept_slice(&session->first_user), user))
		session->many_users = true;
}

/* New values over old ones, and the whole back into `roles`. */
static void values_merge(struct session *session, struct arena *arena,
			 struct slice *roles)
{
	for (size_t i = 0; i < KEPT_COUNT; i++) {
		struct kept *kept = &session->values[i];

		/* A network is no source of later lines either. */
		if ((KEPT[i] == ROLE_IP4 || KEPT[i] == ROLE_IP6) &&
		    roles[ROLE_CIDR].len > 0)
			continue;
		if (roles[KEPT[i]].at != NULL)
			kept_set(kept, roles[KEPT[i]]);
		else if (kept->set)
			roles[KEPT[i]] = arena_copy(arena, kept_slice(kept));
	}
}

/* An act is told once, by its sign or by its own line: a sign counts only while the
 * session gave nothing, and an act whose sign was counted does not count again.       */
static bool act_is_new(struct session *session, bool is_sign)
{
	bool counted = is_sign ? session->told : session->sign;

	if (!is_sign || !session->told)
		session->sign = is_sign;
	session->told = true;
	return !counted;
}

bool sessions_merge(struct sessions *sessions, struct arena *arena, int64_t at,
		    struct slice *roles)
{
	struct slice id = roles[ROLE_MLFID];
	struct session *session;
	uint64_t hash;
	bool gained = roles[ROLE_GAINED].len > 0;
	bool forget = roles[ROLE_FORGET].len > 0;
	bool harmless = gained || roles[ROLE_NOFAIL].len > 0;
	bool pending = roles[ROLE_PENDING].len > 0;

	if (id.len > SESSION_TEXT_MAX)
		return !harmless;
	hash = table_hash(id);
	session = session_get_fresh(sessions, id, hash, at);
	if (session == NULL && !forget)
		session = session_add(sessions, id, hash, at);
	if (session == NULL)
		return !harmless || pending;
	user_note(session, roles[ROLE_USER]);
	pending = pending || (session->pending && !gained);
	session->pending = false;
	values_merge(session, arena, roles);
	/* Somebody who tried several names has failed, however the last try went. */
	harmless = harmless && !pending && !session->many_users;
	if (!harmless)
		harmless = !act_is_new(session, roles[ROLE_ONCE].len > 0);
	if (forget)
		session_remove(sessions, (size_t)(session - sessions->at));
	return !harmless;
}

void sessions_pend(struct sessions *sessions, struct slice id)
{
	struct session *session = session_find(sessions, id, table_hash(id));

	if (session != NULL)
		session->pending = true;
}

/* --- state --------------------------------------------------------------------------------- */

static void kept_save(const struct kept *kept, struct buffer *out)
{
	if (!kept->set) {
		buffer_add(out, S(" -"));
		return;
	}
	buffer_printf(out, " %u:", kept->len);
	buffer_add(out, kept_slice(kept));
}

static void kept_load(struct kept *kept, struct cursor *cursor)
{
	size_t len;

	cursor_literal(cursor, S(" "));
	if (cursor_try(cursor, S("-")))
		return;
	len = cursor_u64(cursor, SESSION_TEXT_MAX);
	cursor_literal(cursor, S(":"));
	kept_set(kept, cursor_take(cursor, len));
}

static void session_save(const struct session *session, size_t rule, struct buffer *out)
{
	buffer_printf(out, "session %zu %lld %d %d %d %d", rule,
		      (long long)session->began_at, session->pending,
		      session->many_users, session->told, session->sign);
	kept_save(&session->id, out);
	kept_save(&session->first_user, out);
	for (size_t j = 0; j < KEPT_COUNT; j++)
		kept_save(&session->values[j], out);
	buffer_add_byte(out, '\n');
}

void sessions_save(const struct sessions *sessions, size_t rule, struct buffer *out)
{
	for (size_t i = 0; i < sessions->count; i++)
		session_save(&sessions->at[sessions->order[i]], rule, out);
}

static bool flag_load(struct cursor *cursor)
{
	return cursor_u64(cursor, 1) == 1;
}

void sessions_load(struct sessions *sessions, struct cursor *cursor)
{
	struct session session = { 0 };
	bool before = cursor_try(cursor, S("-"));
	uint64_t hash;

	session.began_at = (int64_t)cursor_u64(cursor, INT64_MAX);
	if (before)
		session.began_at = -session.began_at;
	cursor_literal(cursor, S(" "));
	session.pending = flag_load(cursor);
	cursor_literal(cursor, S(" "));
	session.many_users = flag_load(cursor);
	cursor_literal(cursor, S(" "));
	session.told = flag_load(cursor);
	cursor_literal(cursor, S(" "));
	session.sign = flag_load(cursor);
	kept_load(&session.id, cursor);
	kept_load(&session.first_user, cursor);
	for (size_t i = 0; i < KEPT_COUNT; i++)
		kept_load(&session.values[i], cursor);
	cursor_literal(cursor, S("\n"));
	hash = table_hash(kept_slice(&session.id));
	if (cursor->failed || sessions->count == SESSIONS_MAX ||
	    session_find(sessions, kept_slice(&session.id), hash) != NULL)
		cursor->failed = true;
	else
		*session_add(sessions, kept_slice(&session.id), hash,
			     session.began_at) = session;
}
