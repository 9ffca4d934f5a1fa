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

/* The texts of a session: those of KEPT in its order, and two more. */
enum { TEXT_ID = KEPT_COUNT, TEXT_FIRST_USER, TEXT_COUNT };

/* Small, apart from the texts: a line looks at all of it, but at few texts. */
struct session {
	int64_t began_at;
	uint16_t set; /* bits: which texts there are          */
	bool pending; /* a failure that waits for its source */
	bool many_users;
	bool told; /* it gave an event already */
	bool sign; /* the last one by a sign: the act itself may still come */
	uint8_t lens[TEXT_COUNT];
};
struct session_texts {
	char at[TEXT_COUNT][SESSION_TEXT_MAX];
};

/* A session keeps its place; `order` has the places in use, the oldest first, and behind
 * them the free ones.                                                                 */
struct sessions {
	size_t count;
	uint8_t order[SESSIONS_MAX];
	uint8_t tags[SESSIONS_MAX]; /* of the id's hash; 0: a free place */
	uint64_t hashes[SESSIONS_MAX];
	struct session at[SESSIONS_MAX];
	struct session_texts texts[SESSIONS_MAX];
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

static bool has_text(const struct session *session, size_t which)
{
	return session->set >> which & 1;
}

static struct slice text_get(const struct sessions *sessions, size_t place,
			     size_t which)
{
	return (struct slice){ sessions->texts[place].at[which],
			       sessions->at[place].lens[which] };
}

static void text_set(struct sessions *sessions, size_t place, size_t which,
		     struct slice text)
{
	struct session *session = &sessions->at[place];
	bool fits = text.len <= SESSION_TEXT_MAX;

	session->set =
		(uint16_t)((session->set & ~(1u << which)) | (unsigned)fits << which);
	session->lens[which] = fits ? (uint8_t)text.len : 0;
	if (fits && text.len > 0)
		memcpy(sessions->texts[place].at[which], text.at, text.len);
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

enum { NOWHERE = SESSIONS_MAX };

static size_t session_find(const struct sessions *sessions, struct slice id,
			   uint64_t hash)
{
	const uint8_t *tags = sessions->tags, *at = tags;

	while ((at = memchr(at, tag_of(hash), (size_t)(tags + SESSIONS_MAX - at)))) {
		size_t place = (size_t)(at++ - tags);

		if (sessions->hashes[place] == hash &&
		    slice_equal(text_get(sessions, place, TEXT_ID), id))
			return place;
	}
	return NOWHERE;
}

static size_t session_get_fresh(struct sessions *sessions, struct slice id,
				uint64_t hash, int64_t at)
{
	size_t place = session_find(sessions, id, hash);

	if (place == NOWHERE || at - sessions->at[place].began_at <= SESSION_AGE_US)
		return place;
	session_remove(sessions, place);
	return NOWHERE;
}

static size_t session_add(struct sessions *sessions, struct slice id, uint64_t hash,
			  int64_t at)
{
	size_t place;

	if (sessions->count == SESSIONS_MAX)
		session_remove(sessions, sessions->order[0]);
	place = sessions->order[sessions->count++];
	sessions->hashes[place] = hash;
	sessions->tags[place] = tag_of(hash);
	sessions->at[place] = (struct session){ .began_at = at };
	text_set(sessions, place, TEXT_ID, id);
	return place;
}

static void user_note(struct sessions *sessions, size_t place, struct slice user)
{
	struct session *session = &sessions->at[place];

	if (user.len == 0)
		return;
	user = slice_cut(user, 0, SESSION_TEXT_MAX);
	if (!has_text(session, TEXT_FIRST_USER))
		text_set(sessions, place, TEXT_FIRST_USER, user);
	else if (!slice_equal(text_get(sessions, place, TEXT_FIRST_USER), user))
		session->many_users = true;
}

/* New values over old ones, and the whole back into `roles`. */
static void values_merge(struct sessions *sessions, size_t place, struct arena *arena,
			 struct slice *roles)
{
	for (size_t i = 0; i < KEPT_COUNT; i++) {
		/* A network is no source of later lines either. */
		if ((KEPT[i] == ROLE_IP4 || KEPT[i] == ROLE_IP6) &&
		    roles[ROLE_CIDR].len > 0)
			continue;
		if (roles[KEPT[i]].at != NULL)
			text_set(sessions, place, i, roles[KEPT[i]]);
		else if (has_text(&sessions->at[place], i))
			roles[KEPT[i]] =
				arena_copy(arena, text_get(sessions, place, i));
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
	size_t place;
	bool gained = roles[ROLE_GAINED].len > 0;
	bool forget = roles[ROLE_FORGET].len > 0;
	bool harmless = gained || roles[ROLE_NOFAIL].len > 0;
	bool pending = roles[ROLE_PENDING].len > 0;

	if (id.len > SESSION_TEXT_MAX)
		return !harmless;
	hash = table_hash(id);
	place = session_get_fresh(sessions, id, hash, at);
	if (place == NOWHERE && !forget)
		place = session_add(sessions, id, hash, at);
	if (place == NOWHERE)
		return !harmless || pending;
	session = &sessions->at[place];
	user_note(sessions, place, roles[ROLE_USER]);
	pending = pending || (session->pending && !gained);
	session->pending = false;
	values_merge(sessions, place, arena, roles);
	/* Somebody who tried several names has failed, however the last try went. */
	harmless = harmless && !pending && !session->many_users;
	if (!harmless)
		harmless = !act_is_new(session, roles[ROLE_ONCE].len > 0);
	if (forget)
		session_remove(sessions, place);
	return !harmless;
}

void sessions_pend(struct sessions *sessions, struct slice id)
{
	size_t place = session_find(sessions, id, table_hash(id));

	if (place != NOWHERE)
		sessions->at[place].pending = true;
}

/* --- state --------------------------------------------------------------------------------- */

/* In the order of the record. */
static size_t text_saved(size_t at)
{
	return at == 0 ? TEXT_ID : at == 1 ? TEXT_FIRST_USER : at - 2;
}

static void session_save(const struct sessions *sessions, size_t place, size_t rule,
			 struct buffer *out)
{
	const struct session *session = &sessions->at[place];

	buffer_printf(out, "session %zu %lld %d %d %d %d", rule,
		      (long long)session->began_at, session->pending,
		      session->many_users, session->told, session->sign);
	for (size_t i = 0; i < TEXT_COUNT; i++) {
		struct slice text = text_get(sessions, place, text_saved(i));

		if (!has_text(session, text_saved(i))) {
			buffer_add(out, S(" -"));
			continue;
		}
		buffer_printf(out, " %zu:", text.len);
		buffer_add(out, text);
	}
	buffer_add_byte(out, '\n');
}

void sessions_save(const struct sessions *sessions, size_t rule, struct buffer *out)
{
	for (size_t i = 0; i < sessions->count; i++)
		session_save(sessions, sessions->order[i], rule, out);
}

static bool flag_load(struct cursor *cursor)
{
	cursor_literal(cursor, S(" "));
	return cursor_u64(cursor, 1) == 1;
}

/* Without a text `at` is NULL. */
static struct slice text_load(struct cursor *cursor)
{
	size_t len;

	cursor_literal(cursor, S(" "));
	if (cursor_try(cursor, S("-")))
		return (struct slice){ NULL, 0 };
	len = cursor_u64(cursor, SESSION_TEXT_MAX);
	cursor_literal(cursor, S(":"));
	return cursor_take(cursor, len);
}

void sessions_load(struct sessions *sessions, struct cursor *cursor)
{
	struct session session = { 0 };
	struct slice texts[TEXT_COUNT];
	bool before = cursor_try(cursor, S("-"));
	uint64_t hash;
	size_t place;

	session.began_at = (int64_t)cursor_u64(cursor, INT64_MAX);
	if (before)
		session.began_at = -session.began_at;
	session.pending = flag_load(cursor);
	session.many_users = flag_load(cursor);
	session.told = flag_load(cursor);
	session.sign = flag_load(cursor);
	for (size_t i = 0; i < TEXT_COUNT; i++)
		texts[text_saved(i)] = text_load(cursor);
	cursor_literal(cursor, S("\n"));
	hash = table_hash(texts[TEXT_ID]);
	if (cursor->failed || sessions->count == SESSIONS_MAX ||
	    session_find(sessions, texts[TEXT_ID], hash) != NOWHERE) {
		cursor->failed = true;
		return;
	}
	place = session_add(sessions, texts[TEXT_ID], hash, session.began_at);
	sessions->at[place] = session;
	for (size_t i = 0; i < TEXT_COUNT; i++)
		if (texts[i].at != NULL)
			text_set(sessions, place, i, texts[i]);
}
