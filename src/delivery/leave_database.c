#include "delivery/leave_database.h"

#include "delivery/database.h"

static const struct manners {
	int64_t source_us; /* the same address again; 0: any time                    */
	int64_t between_us; /* one submission and the next                            */
} MANNERS[DATABASE_COUNT] = {
	[DATABASE_ABUSEIPDB] = { .source_us = 15 * MINUTE_US },
	[DATABASE_BLOCKLIST_DE] = { .source_us = 15 * MINUTE_US },
	[DATABASE_DSHIELD] = { .between_us = HOUR_US },
};

bool leave_is_database(const struct leave_question *question)
{
	return slice_equal(question->held->kind, S("database"));
}

static int say(struct leave_answer *out, int64_t until, struct slice words)
{
	*out = (struct leave_answer){ DELIVERY_DEFERRED, words, until };
	return 0;
}

static int say_until(const struct leave_question *question, struct leave_answer *out,
		     int64_t until, struct slice words)
{
	struct time_text at = time_format(until + MINUTE_US - 1, TIME_MINUTE);

	return say(out, until,
		   arena_printf(question->arena, SLICE_FMT "; again after %s",
				SLICE_ARG(words), at.text));
}

static int source_check(const struct leave_question *question, enum database database,
			struct leave_answer *out, struct error *err)
{
	const struct database_facts *facts = database_facts(database);
	int64_t reach = MANNERS[database].source_us;
	struct outbox_tally tally = { 0 };

	if (!reach)
		return 0;
	if (outbox_tally_sources(question->db, slice_of(facts->name),
				 question->held->id, question->now - reach, &tally,
				 err) != 0)
		return -1;
	if (!tally.count)
		return 0;
	return say_until(
		question, out, tally.last_at + reach,
		arena_printf(
			question->arena,
			"%s was told of an address of it less than %lld minutes ago",
			facts->title, (long long)(reach / MINUTE_US)));
}

/* One mail after another, and so many a day. */
static int pace_check(const struct leave_question *question, enum database database,
		      struct leave_answer *out, struct error *err)
{
	const struct database_facts *facts = database_facts(database);
	int64_t between = MANNERS[database].between_us;
	struct outbox_tally tally = { 0 };

	if (outbox_tally_database(question->db, slice_of(facts->name),
				  question->now - DAY_US, &tally, err) != 0)
		return -1;
	if (tally.count && tally.last_at + between > question->now)
		return say_until(question, out, tally.last_at + between,
				 arena_printf(question->arena,
					      "%s takes one mail an hour",
					      facts->title));
	if (tally.count < question->settings->cap_database_day)
		return 0;
	return say_until(
		question, out, tally.first_at + DAY_US,
		arena_printf(question->arena,
			     "the day's %lld submissions to %s ([databases] cap-day) "
			     "are used up",
			     (long long)tally.count, facts->title));
}

int leave_database(const struct leave_question *question, struct leave_answer *out,
		   struct error *err)
{
	struct error lacking;
	enum database database;

	if (database_of_part(question->held->part, &database) != 0)
		return error_set(err, ERROR_SYNTAX,
				 "report " SLICE_FMT
				 " is for no database that is known",
				 SLICE_ARG(question->held->token));
	if (database_check(question->arena, question->settings, database, &lacking) !=
	    0)
		return say(out, 0, arena_copy(question->arena, slice_of(lacking.text)));
	if (question->offline && !database_facts(database)->by_mail)
		return say(out, 0, S("--offline: no database is asked"));
	if (source_check(question, database, out, err) != 0)
		return -1;
	return out->state == DELIVERY_SENDING ? pace_check(question, database, out, err)
					      : 0;
}
