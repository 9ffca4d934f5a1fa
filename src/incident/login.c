#include "incident/login.h"

#include "base/clock.h"
#include "incident/store.h"
#include "incident/symbol.h"

#include <stdlib.h>
#include <string.h>

enum { USER_MAX = 256 };
#define WEEK_US (7 * DAY_US)

/* What is kept once: raw bytes of it are a symbol, so no padding may differ. */
struct login_key {
	int64_t week;
	uint32_t source, user;
};

struct login_row {
	struct login_key key;
	uint32_t older; /* row of the same source; 0 none */
	int64_t at;
};

struct login_table {
	const struct settings *settings;
	struct slice site;
	struct db *db; /* NULL: none */
	struct arena *arena;
	struct symbols *sources, *users, *keys;
	struct { /* by the number of a key, from 1 */
		struct login_row *at;
		size_t count, room;
	} rows;
	struct { /* the newest row of a source, by its number, from 1 */
		uint32_t *at;
		size_t count, room;
	} newest;
};

static void lists_begin(struct login_table *table)
{
	table->rows.at = NULL;
	table->rows.count = table->rows.room = 0;
	table->newest.at = NULL;
	table->newest.count = table->newest.room = 0;
	*LIST_ADD(table->arena, &table->rows) = (struct login_row){ .older = 0 };
	*LIST_ADD(table->arena, &table->newest) = 0;
}

struct login_table *login_table_new(const struct settings *settings, struct slice site,
				    struct db *db)
{
	struct login_table *table = calloc(1, sizeof *table);

	if (!table)
		abort();
	table->settings = settings;
	table->site = site;
	table->db = db;
	table->arena = arena_new();
	table->sources = symbols_new(table->arena);
	table->users = symbols_new(table->arena);
	table->keys = symbols_new(table->arena);
	lists_begin(table);
	return table;
}

void login_table_free(struct login_table *table)
{
	symbols_free(table->sources);
	symbols_free(table->users);
	symbols_free(table->keys);
	arena_free(table->arena);
	free(table);
}

void login_table_forget(struct login_table *table)
{
	if (table->rows.count == 1)
		return;
	arena_reset(table->arena);
	symbols_forget(table->sources);
	symbols_forget(table->users);
	symbols_forget(table->keys);
	lists_begin(table);
}

int64_t login_week(int64_t at)
{
	return at / WEEK_US;
}

static struct slice bytes_of(const void *value, size_t len)
{
	return (struct slice){ value, len };
}

static void row_add(struct login_table *table, const struct login_key *key, int64_t at)
{
	uint32_t *newest;

	if (key->source == table->newest.count)
		*LIST_ADD(table->arena, &table->newest) = 0;
	newest = &table->newest.at[key->source];
	*LIST_ADD(table->arena, &table->rows) = (struct login_row){ *key, *newest, at };
	*newest = (uint32_t)(table->rows.count - 1);
}

bool login_table_add(struct login_table *table, const struct address *source,
		     struct slice user, int64_t at)
{
	int64_t cap = table->settings->judge_sources;
	struct login_key key;
	uint32_t number;

	if (!table->settings->judge_known_login_us || source->family == FAMILY_NONE)
		return true;
	if (!table->db && cap && table->rows.count > (uint64_t)cap)
		return false;
	memset(&key, 0, sizeof key);
	key.week = login_week(at);
	key.source = symbols_get(table->sources, bytes_of(source, sizeof *source));
	key.user = symbols_get(table->users, slice_cut(user, 0, USER_MAX));
	number = symbols_get(table->keys, bytes_of(&key, sizeof key));
	if (number == table->rows.count)
		row_add(table, &key, at);
	else if (at < table->rows.at[number].at)
		table->rows.at[number].at = at;
	return true;
}

static struct login login_of(const struct login_table *table,
			     const struct login_row *row)
{
	return (struct login){ symbols_text(table->users, row->key.user), row->at };
}

void login_table_find(const struct login_table *table, struct arena *arena,
		      int64_t suspect_at, struct incident *incident)
{
	struct login_reach reach = login_reach(incident, table->settings);
	uint32_t source = symbols_find(
		table->sources, bytes_of(&incident->source, sizeof incident->source));

	incident->logins = (struct logins){ 0 };
	for (uint32_t n = source ? table->newest.at[source] : 0; n;
	     n = table->rows.at[n].older) {
		const struct login_row *row = &table->rows.at[n];
		struct login login = login_of(table, row);

		if (row->key.week >= reach.week && row->at <= reach.until &&
		    (!suspect_at || row->at < suspect_at))
			logins_take(arena, incident, &login);
	}
	logins_end(incident);
}

int login_table_save(struct login_table *table, struct error *err)
{
	for (size_t i = 1; table->db && i < table->rows.count; i++) {
		const struct login_row *row = &table->rows.at[i];
		struct login login = login_of(table, row);
		struct address source;

		memcpy(&source, symbols_text(table->sources, row->key.source).at,
		       sizeof source);
		if (login_store_add(table->db, table->site, &source, &login, err) != 0)
			return -1;
	}
	return 0;
}

/* ---- which of them count ---- */

/* Its n-th failure, n being what makes a login that works a possible compromise. */
struct login_reach login_reach(const struct incident *incident,
			       const struct settings *settings)
{
	const struct early *early = &incident->early;
	int64_t n = settings->judge_compromise_failures;
	int64_t from = incident->first - settings->judge_known_login_us;

	if (n > EARLY_MAX)
		n = EARLY_MAX;
	return (struct login_reach){
		.week = from > 0 ? login_week(from) : 0,
		.until =
			n > 0 && early->count >= n ? early->at[n - 1] : incident->first,
	};
}

static struct slice without_domain(struct slice name)
{
	struct slice rest = name, part = name;

	(void)slice_next(&rest, '@', &part);
	return part;
}

bool login_is_of(struct slice user, struct slice tried)
{
	struct slice a = without_domain(user), b = without_domain(tried);

	if (slice_equal_nocase(user, tried))
		return true;
	return a.len && (a.len == user.len) != (b.len == tried.len) &&
	       slice_equal_nocase(a, b);
}

static bool has_failed(const struct incident *incident, struct slice user)
{
	const struct tally *tried = &incident->lists[LIST_USERS];

	for (size_t i = 0; i < tried->count; i++)
		if (login_is_of(user, tried->at[i].text))
			return true;
	return false;
}

/* The latest first; which is which does not depend on the order they are given in. */
static int login_compare(const void *a, const void *b)
{
	const struct login *x = a, *y = b;
	size_t len = x->user.len < y->user.len ? x->user.len : y->user.len;
	int order = len ? memcmp(x->user.at, y->user.at, len) : 0;

	if (x->at != y->at)
		return x->at > y->at ? -1 : 1;
	if (order)
		return order;
	return (x->user.len > y->user.len) - (x->user.len < y->user.len);
}

/* Until the end is told, what stands in for all others is the first one. */
void logins_take(struct arena *arena, struct incident *incident,
		 const struct login *login)
{
	struct logins *logins = &incident->logins;

	if (!logins->count)
		*LIST_ADD(arena, logins) = (struct login){ .at = INT64_MIN };
	if (!has_failed(incident, login->user)) {
		if (logins->at[0].at == INT64_MIN ||
		    login_compare(login, &logins->at[0]) < 0)
			logins->at[0] = *login;
		return;
	}
	for (size_t i = 1; i < logins->count; i++) {
		if (!slice_equal(logins->at[i].user, login->user))
			continue;
		if (login->at > logins->at[i].at)
			logins->at[i].at = login->at;
		return;
	}
	*LIST_ADD(arena, logins) = *login;
}

void logins_end(struct incident *incident)
{
	struct logins *logins = &incident->logins;

	if (logins->count < 2)
		return;
	logins->at++;
	logins->count--;
	logins->room--;
	qsort(logins->at, logins->count, sizeof *logins->at, login_compare);
}

void early_add(struct early *early, int64_t at, uint64_t times)
{
	for (uint64_t i = 0; i < times && i < EARLY_MAX; i++) {
		size_t n = early->count;

		if (n == EARLY_MAX && early->at[--n] <= at)
			return;
		for (; n > 0 && early->at[n - 1] > at; n--)
			early->at[n] = early->at[n - 1];
		early->at[n] = at;
		if (early->count < EARLY_MAX)
			early->count++;
	}
}
