#include "incident/classify.h"

#include "incident/mail.h"

#include "base/clock.h"
#include "incident/login.h"
#include "incident/tally.h"

#include <inttypes.h>

enum {
	AHEAD_MAX_HOURS = 1,
	FLOOD_ACTS_A_PORT = 8,
	STEPS_MIN = 8, /* before ports are said to come in order */
	SLOW_ACTS_AN_HOUR = 10,
};

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = { "ignore", "hold", "report" };

	return names[verdict];
}

/* A flood goes to the same doors again and again, a fast scan to new ones all the time.
 * A flood at random ports comes back to each, once there are no new ones.               */
static bool is_flood(const struct incident *incident, const struct settings *settings)
{
	const struct tally *ports = &incident->lists[LIST_PORTS];

	return incident->peak >= (uint64_t)settings->judge_dos_rate &&
	       (ports->beyond <= incident->count / 2 ||
		(ports->sketch &&
		 tally_distinct(ports) <= incident->count / FLOOD_ACTS_A_PORT));
}

/* Telnet at 23 and at 2323 and nothing else: how the bots of the Mirai family look for
 * devices with the passwords they came with.                                            */
static bool is_telnet_bot(const struct incident *incident)
{
	const struct tally *ports = &incident->lists[LIST_PORTS];
	bool telnet = false, other = false;

	if (ports->count != 2)
		return false;
	for (size_t i = 0; i < 2; i++) {
		telnet |= slice_equal(ports->at[i].text, S("23/tcp"));
		other |= slice_equal(ports->at[i].text, S("2323/tcp"));
	}
	return telnet && other;
}

/* Many ports of one host is a scan, the same few ports of many hosts a sweep. */
static enum category classify_probe(const struct incident *incident,
				    const struct settings *settings)
{
	uint64_t hosts = targets_distinct(&incident->targets);
	uint64_t ports = tally_distinct(&incident->lists[LIST_PORTS]);

	if (is_flood(incident, settings))
		return CATEGORY_DOS;
	if (hosts >= (uint64_t)settings->judge_sweep_targets)
		return CATEGORY_SWEEP;
	if (ports >= (uint64_t)settings->judge_scan_ports || is_telnet_bot(incident))
		return CATEGORY_SCAN;
	return incident->base;
}

void incident_classify(struct incident *incident, const struct settings *settings)
{
	incident->category = incident->base;
	if (incident->base == CATEGORY_PROBE || incident->base == CATEGORY_SCAN)
		incident->category = classify_probe(incident, settings);
	if (incident->successes > 0)
		incident->category = CATEGORY_COMPROMISE;
}

static bool has_only(const struct tally *tally, const char *const *words, size_t count)
{
	for (size_t i = 0; i < tally->count; i++) {
		bool among = false;

		for (size_t w = 0; w < count; w++)
			among |= slice_equal(tally->at[i].text, slice_of(words[w]));
		if (!among)
			return false;
	}
	return tally->count > 0 && tally->beyond == 0;
}

/* Knocks at doors that strangers may knock at: mail, web, ping. */
static bool is_open_door(const struct incident *incident)
{
	static const char *const services[] = { "smtp", "http", "https", "icmp",
						"ping" };
	static const char *const ports[] = { "25/tcp", "80/tcp", "443/tcp" };

	if (has_only(&incident->lists[LIST_PORTS], ports, COUNT_OF(ports)))
		return true;
	return has_only(&incident->lists[LIST_SERVICES], services, COUNT_OF(services));
}

static bool is_forgeable(enum certainty certainty)
{
	return certainty == CERTAINTY_DATAGRAM || certainty == CERTAINTY_UNKNOWN;
}

bool is_forgeable_act(enum category base, enum certainty certainty)
{
	return base != CATEGORY_LOGIN_ATTACK && is_forgeable(certainty);
}

bool incident_forgeable(const struct incident *incident)
{
	return is_forgeable_act(incident->base, incident->certainty);
}

static bool is_of_login(const struct incident *incident, struct slice tried)
{
	for (size_t i = 0; i < incident->logins.count; i++)
		if (login_is_of(incident->logins.at[i].user, tried))
			return true;
	return false;
}

/* What names nobody may be anybody's; what fails by other names is judged as if there had
 * been nothing else. What did not fit into the list of names is by others.               */
bool incident_logged_in(const struct incident *incident,
			const struct settings *settings)
{
	const struct tally *names = &incident->lists[LIST_USERS];
	uint64_t others = 0, acts = names->beyond;

	if (incident->category != CATEGORY_LOGIN_ATTACK || !incident->logins.count)
		return false;
	for (size_t i = 0; i < names->count; i++) {
		if (is_of_login(incident, names->at[i].text))
			continue;
		others++;
		acts += names->at[i].count;
	}
	return acts < (uint64_t)settings->judge_failures &&
	       others < (uint64_t)settings->judge_users;
}

struct judgement {
	struct arena *arena;
	const struct incident *incident;
	const struct settings *settings;
	int64_t now;
};

struct slice span_words(struct arena *arena, int64_t us)
{
	static const struct {
		int64_t unit;
		const char *word;
	} units[] = { { DAY_US, "day" }, { HOUR_US, "hour" }, { MINUTE_US, "minute" } };

	for (size_t i = 0; i < COUNT_OF(units); i++) {
		int64_t n = (us + units[i].unit / 2) / units[i].unit;

		if (us >= units[i].unit)
			return arena_printf(arena, "%" PRId64 " %s%s", n, units[i].word,
					    n == 1 ? "" : "s");
	}
	if (us < SECOND_US)
		return S("one second");
	return arena_printf(arena, "%" PRId64 " seconds", us / SECOND_US);
}

static struct slice first_port(const struct incident *incident)
{
	const struct tally *ports = &incident->lists[LIST_PORTS];

	return ports->count ? ports->at[0].text : S("port unknown");
}

static struct slice unresolved(const struct judgement *j)
{
	if (j->incident->source.family != FAMILY_NONE)
		return (struct slice){ NULL, 0 };
	return arena_printf(
		j->arena,
		"the log gives only a name for the source, and it has not been "
		"resolved to an address");
}

static struct slice answered_ours(const struct judgement *j)
{
	if (!slice_equal(j->incident->answered, S("ours")))
		return (struct slice){ NULL, 0 };
	return S("you said that this login was one of yours");
}

static struct slice possible_compromise(const struct judgement *j)
{
	const struct incident *i = j->incident;

	if (i->category != CATEGORY_COMPROMISE || i->answered.len)
		return (struct slice){ NULL, 0 };
	return arena_printf(j->arena,
			    "a login worked after %" PRIu64
			    " failures: held until you say whether it was yours",
			    i->count);
}

static struct slice compromise(const struct judgement *j)
{
	if (j->incident->category != CATEGORY_COMPROMISE)
		return (struct slice){ NULL, 0 };
	return arena_printf(j->arena,
			    "a login worked after %" PRIu64
			    " failures, and you said that it was not yours: urgent",
			    j->incident->count);
}

static struct slice stale(const struct judgement *j)
{
	int64_t age = j->now - j->incident->last;
	struct slice old;

	if (age <= j->settings->judge_stale_us)
		return (struct slice){ NULL, 0 };
	/* hours where they can be compared with the limit; "8410 hours" tells nobody much */
	old = age < 10 * DAY_US
		      ? arena_printf(j->arena, "%" PRId64 " hours", age / HOUR_US)
		      : span_words(j->arena, age);
	return arena_printf(j->arena,
			    SLICE_FMT " old, over the limit of %" PRId64 " hours",
			    SLICE_ARG(old), j->settings->judge_stale_us / HOUR_US);
}

/* A clock or a zone that is wrong would put wrong times before a desk, and nobody could
 * find the customer who had the address then.                                         */
static struct slice ahead(const struct judgement *j)
{
	int64_t hours = (j->incident->last - j->now) / HOUR_US;

	if (hours < AHEAD_MAX_HOURS)
		return (struct slice){ NULL, 0 };
	return arena_printf(j->arena,
			    "its time lies %" PRId64
			    " hours ahead: check that host's clock and [logs] zone",
			    hours);
}

static struct slice open_door_knock(const struct judgement *j)
{
	if (j->incident->category != CATEGORY_PROBE || !is_open_door(j->incident))
		return (struct slice){ NULL, 0 };
	return S("a lone mail, web or ping knock: innocents do that");
}

static struct slice single_packet(const struct judgement *j)
{
	const struct incident *i = j->incident;
	struct slice port = first_port(i);

	if (i->category != CATEGORY_PROBE || i->certainty != CERTAINTY_DATAGRAM ||
	    i->count > 1)
		return (struct slice){ NULL, 0 };
	return arena_printf(j->arena, "a single packet to %s" SLICE_FMT,
			    i->lists[LIST_PORTS].count ? "" : "a ", SLICE_ARG(port));
}

static struct slice single_failure(const struct judgement *j)
{
	if (j->incident->category != CATEGORY_LOGIN_ATTACK || j->incident->count > 1)
		return (struct slice){ NULL, 0 };
	return S("a single failed login: most are mistyped");
}

/* ", one after the other", ", slowly, within 20 hours": what a scan looked like. */
static struct slice manner(const struct judgement *j)
{
	const struct incident *i = j->incident;
	int64_t span = i->last - i->first;
	bool in_order = i->steps >= STEPS_MIN && i->steps_next >= i->steps / 4 * 3;

	if (span < HOUR_US ||
	    i->count > (uint64_t)(span / HOUR_US + 1) * SLOW_ACTS_AN_HOUR)
		return in_order ? S(", one after the other") : S("");
	return arena_printf(j->arena, "%s, slowly, within " SLICE_FMT,
			    in_order ? ", one after the other" : "",
			    SLICE_ARG(span_words(j->arena, span)));
}

static struct slice uncertain(const struct judgement *j)
{
	const struct incident *i = j->incident;

	if (!is_forgeable(i->certainty))
		return (struct slice){ NULL, 0 };
	return arena_printf(
		j->arena,
		"uncertain source: %" PRIu64
		" packet%s without a completed connection can be forged" SLICE_FMT,
		i->count, i->count == 1 ? "" : "s",
		SLICE_ARG(i->category == CATEGORY_SCAN ? manner(j) : S("")));
}

static struct slice refused_connection(const struct judgement *j)
{
	const struct incident *i = j->incident;
	struct slice port = first_port(i);

	if (i->category != CATEGORY_PROBE)
		return (struct slice){ NULL, 0 };
	if (i->count == 1)
		return arena_printf(j->arena,
				    "one refused connection to " SLICE_FMT
				    ": not enough to write about alone",
				    SLICE_ARG(port));
	return arena_printf(j->arena,
			    "%" PRIu64 " refused connections to " SLICE_FMT
			    ": not enough to write about alone",
			    i->count, SLICE_ARG(port));
}

static struct slice scan_alone(const struct judgement *j)
{
	const struct tally *ports = &j->incident->lists[LIST_PORTS];

	if (j->incident->category != CATEGORY_SCAN)
		return (struct slice){ NULL, 0 };
	if (is_telnet_bot(j->incident))
		return S(
			"a scan for Telnet (23 and 2323), as the bots of the Mirai family "
			"do: desks seldom act on those alone");
	/* of protocols, which have no ports, or told by a detector without them */
	if (tally_distinct(ports) < 2)
		return S("a scan alone: desks seldom act on those");
	return arena_printf(j->arena,
			    "a port scan alone (" SLICE_FMT SLICE_FMT
			    "): desks seldom act on those",
			    SLICE_ARG(tally_words(j->arena, ports, "port", "ports")),
			    SLICE_ARG(manner(j)));
}

static bool is_login_attack(const struct judgement *j)
{
	const struct incident *i = j->incident;

	return i->category == CATEGORY_LOGIN_ATTACK &&
	       (i->count >= (uint64_t)j->settings->judge_failures ||
		tally_distinct(&i->lists[LIST_USERS]) >=
			(uint64_t)j->settings->judge_users);
}

#define LOGGED_IN "a login from here worked before"

bool reasons_tell_login(const struct slices *reasons)
{
	return reasons->count > 0 && slice_starts(reasons->at[0], S(LOGGED_IN));
}

/* Asked before the age: of what is stale, too, a login that is read later has to be seen
 * to be news.                                                                           */
static struct slice logged_in_before(const struct judgement *j)
{
	const struct incident *i = j->incident;

	if (!is_login_attack(j) || !incident_logged_in(i, j->settings))
		return (struct slice){ NULL, 0 };
	return arena_printf(j->arena,
			    LOGGED_IN
			    " the %" PRIu64
			    " failures: a changed password or a stuck client does that",
			    i->count);
}

static struct slice login_attack(const struct judgement *j)
{
	const struct incident *i = j->incident;
	const struct tally *names = &i->lists[LIST_USERS];
	uint64_t users = tally_distinct(names);
	struct slice span = span_words(j->arena, i->last - i->first);

	if (!is_login_attack(j))
		return (struct slice){ NULL, 0 };
	if (!users) /* web logins, whose logs name none */
		return arena_printf(j->arena,
				    "%" PRIu64 " failed logins within " SLICE_FMT,
				    i->count, SLICE_ARG(span));
	return arena_printf(
		j->arena, "%" PRIu64 " failed logins, " SLICE_FMT ", within " SLICE_FMT,
		i->count,
		SLICE_ARG(tally_words(j->arena, names, "user name", "user names")),
		SLICE_ARG(span));
}

static struct slice few_failures(const struct judgement *j)
{
	if (j->incident->category != CATEGORY_LOGIN_ATTACK)
		return (struct slice){ NULL, 0 };
	return arena_printf(j->arena,
			    "%" PRIu64 " failed logins: fewer than %" PRId64
			    " and fewer than %" PRId64 " user names",
			    j->incident->count, j->settings->judge_failures,
			    j->settings->judge_users);
}

static struct slice exploit_attempt(const struct judgement *j)
{
	if (j->incident->category != CATEGORY_EXPLOIT_ATTEMPT)
		return (struct slice){ NULL, 0 };
	return arena_printf(j->arena, "%" PRIu64 " exploit attempt%s",
			    j->incident->count, j->incident->count == 1 ? "" : "s");
}

bool incident_is_mail(const struct incident *incident)
{
	const struct tally *rules = &incident->lists[LIST_RULES];

	return rules->count == 1 && !rules->beyond &&
	       slice_equal(rules->at[0].text, S(MAIL_RULE));
}

static struct slice mail_abuse(const struct judgement *j)
{
	if (j->incident->category != CATEGORY_MAIL_ABUSE)
		return (struct slice){ NULL, 0 };
	if (incident_is_mail(j->incident))
		return arena_printf(j->arena, "%" PRIu64 " mail%s that you handed in",
				    j->incident->count,
				    j->incident->count == 1 ? "" : "s");
	return arena_printf(j->arena, "%" PRIu64 " attempt%s to abuse your mail server",
			    j->incident->count, j->incident->count == 1 ? "" : "s");
}

static struct slice denial_of_service(const struct judgement *j)
{
	if (j->incident->category != CATEGORY_DOS)
		return (struct slice){ NULL, 0 };
	return arena_printf(j->arena, "%" PRIu64 " acts in the busiest minute",
			    j->incident->peak);
}

static struct slice sweep(const struct judgement *j)
{
	const struct incident *i = j->incident;
	const struct tally *ports = &i->lists[LIST_PORTS];
	struct slice what = first_port(i);

	if (i->category != CATEGORY_SWEEP)
		return (struct slice){ NULL, 0 };
	if (ports->count > 1)
		what = tally_words(j->arena, ports, "port", "ports");
	if (targets_distinct(&i->targets) <
	    2) /* told by a detector, without the hosts */
		return arena_printf(j->arena,
				    "a sweep over your hosts (" SLICE_FMT SLICE_FMT ")",
				    SLICE_ARG(what), SLICE_ARG(manner(j)));
	return arena_printf(j->arena,
			    "a sweep over " SLICE_FMT " (" SLICE_FMT SLICE_FMT ")",
			    SLICE_ARG(targets_words(j->arena, &i->targets,
						    "of your hosts", "of your hosts")),
			    SLICE_ARG(what), SLICE_ARG(manner(j)));
}

/* Whoever is named there is the one attacked, or a server of ours spoke to it and forgot:
 * that is said before all else, and nothing lifts it.                                    */
static struct slice backscatter(const struct judgement *j)
{
	const struct incident *i = j->incident;
	struct slice hosts;

	if (i->category != CATEGORY_BACKSCATTER)
		return (struct slice){ NULL, 0 };
	if (i->count == 1)
		return S("an answer to nothing that your log shows: no attack by it");
	hosts = targets_words(j->arena, &i->targets, "of your hosts", "of your hosts");
	return arena_printf(
		j->arena,
		"%" PRIu64 " answers at " SLICE_FMT
		" to nothing that your log shows: it is no attacker, and may be "
		"under attack itself by packets with forged senders",
		i->count, SLICE_ARG(hosts));
}

/* The first row that has something to say decides. */
static const struct {
	struct slice (*applies)(const struct judgement *j);
	enum verdict verdict;
	bool liftable;
} ROWS[] = {
	{ backscatter, VERDICT_IGNORE, false },
	{ answered_ours, VERDICT_IGNORE, false },
	{ possible_compromise, VERDICT_HOLD, false },
	{ unresolved, VERDICT_HOLD, false },
	{ open_door_knock, VERDICT_IGNORE, false },
	{ single_packet, VERDICT_IGNORE, false },
	{ logged_in_before, VERDICT_HOLD, false },
	{ stale, VERDICT_HOLD, false },
	{ ahead, VERDICT_HOLD, false },
	{ compromise, VERDICT_REPORT, false },
	{ uncertain, VERDICT_HOLD, false },
	{ single_failure, VERDICT_IGNORE, true },
	{ refused_connection, VERDICT_HOLD, true },
	{ scan_alone, VERDICT_HOLD, true },
	{ login_attack, VERDICT_REPORT, false },
	{ few_failures, VERDICT_HOLD, true },
	{ exploit_attempt, VERDICT_REPORT, false },
	{ mail_abuse, VERDICT_REPORT, false },
	{ denial_of_service, VERDICT_REPORT, false },
	{ sweep, VERDICT_REPORT, false },
};

void incident_judge(struct arena *arena, struct incident *incident,
		    const struct settings *settings, int64_t now)
{
	struct judgement judgement = { arena, incident, settings, now };

	incident->reasons = (struct slices){ 0 };
	incident->verdict = VERDICT_HOLD;
	incident->liftable = false;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct slice reason = ROWS[i].applies(&judgement);

		if (!reason.len)
			continue;
		incident->verdict = ROWS[i].verdict;
		/* one's own people mistype every day, and many sit in one network */
		incident->liftable =
			ROWS[i].liftable && !incident_logged_in(incident, settings);
		*LIST_ADD(arena, &incident->reasons) = reason;
		return;
	}
}

void incident_lift(struct arena *arena, struct incident *incident, struct slice reason)
{
	if (!incident->liftable)
		return;
	incident->verdict = VERDICT_REPORT;
	incident->liftable = false;
	*LIST_ADD(arena, &incident->reasons) = reason;
}

struct slice incident_source(const struct incident *incident, struct arena *arena)
{
	struct address_text text = address_format(&incident->source);

	if (incident->source.family == FAMILY_NONE)
		return incident->source_name;
	if (incident->source_bits < address_bits(&incident->source))
		return arena_printf(arena, "%s/%u", text.text, incident->source_bits);
	return arena_printf(arena, "%s", text.text);
}
