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

static struct time_text minute_after(int64_t until)
{
	return time_format(until + MINUTE_US - 1, TIME_MINUTE);
}

static int source_check(const struct leave_question *question, enum database database,
			struct leave_answer *out, struct error *err)
{
	int64_t reach = MANNERS[database].source_us, until;
	const struct database_facts *facts = database_facts(database);
	struct outbox_tally tally = { 0 };

	if (!reach)
		return 0;
	if (outbox_tally_sources(question->db, slice_of(facts->name),
				 question->held->id, question->now - reach, &tally,
				 err) != 0)
		return -1;
	if (!tally.count)
		return 0;
	until = tally.last_at + reach;
	return say(
		out, until,
		arena_printf(question->arena,
			     "%s was told of an address of it less than %lld minutes "
			     "ago; again after %s",
			     facts->title, (long long)(reach / MINUTE_US),
			     minute_after(until).text));
}

static int between_check(const struct leave_question *question, enum database database,
			 struct leave_answer *out, struct error *err)
{
	const struct database_facts *facts = database_facts(database);
	int64_t cap = question->settings->cap_database_day;
	int64_t between = MANNERS[database].between_us, until;
	struct outbox_tally tally = { 0 };

	if (outbox_tally_database(question->db, slice_of(facts->name),
				  question->now - DAY_US, &tally, err) != 0)
		return -1;
	until = tally.last_at + between;
	if (tally.count && until > question->now)
		return say(out, until,
			   arena_printf(question->arena,
					"%s takes one mail an hour; again after %s",
					facts->title, minute_after(until).text));
	if (tally.count < cap)
		return 0;
	until = tally.first_at + DAY_US;
	return say(
		out, until,
		arena_printf(question->arena,
			     "the day's %lld submissions to %s ([databases] cap-day) "
			     "are used up; again after %s",
			     (long long)tally.count, facts->title,
			     minute_after(until).text));
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
	return out->state == DELIVERY_SENDING
		       ? between_check(question, database, out, err)
		       : 0;
}
