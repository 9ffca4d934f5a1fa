#include "report/facts.h"

#include "incident/tally.h"
#include "report/evidence.h"
#include "report/text.h"
#include "report/words.h"

#include <assert.h>

enum { FACT_MAX = 120, TARGETS_SHOWN = 4, PORTS_SHOWN = 4, ADDRESSES_SHOWN = 4 };
/* Of the sum of many sources: what is looked for one by one stays short. */
enum { MERGED_MAX = 512 };

/* A sum outlives what it is made of: it has its own texts. */
static void tally_take(struct arena *arena, const struct facts *out, struct tally *into,
		       const struct tally *from)
{
	size_t at = into->count;

	tally_merge(arena, into, from, MERGED_MAX);
	for (; out->is_sum && at < into->count; at++)
		into->at[at].text = arena_copy(arena, into->at[at].text);
}

static void targets_take(struct arena *arena, const struct facts *out,
			 struct incident_targets *into,
			 const struct incident_targets *from)
{
	size_t at = into->count;

	targets_merge(arena, into, from, MERGED_MAX);
	for (; out->is_sum && at < into->count; at++) {
		into->at[at].host = arena_copy(arena, into->at[at].host);
		into->at[at].name = arena_copy(arena, into->at[at].name);
	}
}

/* The incident's category, all of it as one; kept in falling order of rank. */
static void act_merge(struct arena *arena, struct facts *out,
		      const struct incident *incident)
{
	struct facts_acts *acts = &out->acts;
	struct incident *act;
	size_t at = 0;

	if (!acts->room) /* most have one */
		LIST_RESERVE(arena, acts, 1);
	while (at < acts->count && acts->at[at].category > incident->category)
		at++;
	if (at == acts->count || acts->at[at].category != incident->category) {
		(void)*LIST_ADD(arena, acts);
		for (size_t i = acts->count - 1; i > at; i--)
			acts->at[i] = acts->at[i - 1];
		acts->at[at] = (struct incident){ .category = incident->category };
	}
	act = &acts->at[at];
	act->count += incident->count;
	act->successes += incident->successes;
	if (incident->peak > act->peak)
		act->peak = incident->peak;
	for (size_t i = 0; i < LIST_COUNT; i++)
		tally_take(arena, out, &act->lists[i], &incident->lists[i]);
	targets_take(arena, out, &act->targets, &incident->targets);
}

/* What is asked of the gravest incident of a sum. */
static const struct incident *lead_copy(struct arena *arena, const struct facts *out,
					const struct incident *incident)
{
	struct incident *copy = ARENA_NEW(arena, struct incident);

	copy->category = incident->category;
	tally_take(arena, out, &copy->lists[LIST_SERVICES],
		   &incident->lists[LIST_SERVICES]);
	return copy;
}

static void incident_merge(struct arena *arena, struct facts *out,
			   const struct incident *incident)
{
	bool begins = !out->lead;

	act_merge(arena, out, incident);

	if (begins || incident->category > out->lead->category)
		out->lead = out->is_sum ? lead_copy(arena, out, incident) : incident;
	if (begins || incident->first < out->first)
		out->first = incident->first;
	if (begins || incident->last > out->last)
		out->last = incident->last;
	if (begins || incident->certainty < out->certainty)
		out->certainty = incident->certainty;
	if (incident->success_at &&
	    (!out->success_at || incident->success_at < out->success_at))
		out->success_at = incident->success_at;
	out->count += incident->count;
	out->successes += incident->successes;
	out->logged_in |= incident->logins.count > 0;
	for (size_t i = 0; i < LIST_COUNT; i++)
		tally_take(arena, out, &out->lists[i], &incident->lists[i]);
	targets_take(arena, out, &out->targets, &incident->targets);
}

const struct tally_item *facts_top(const struct tally *tally)
{
	const struct tally_item *top = NULL;

	for (size_t i = 0; i < tally->count; i++)
		if (!top || tally->at[i].count > top->count)
			top = &tally->at[i];
	return top;
}

static struct slice address_slice(struct arena *arena, const struct address *address)
{
	struct address_text text = address_format(address);

	return arena_copy(arena, slice_of(text.text));
}

/* A name is shown where the log has it or where it was confirmed forward: what a
 * reverse zone alone says is the word of whoever runs it.                            */
static void name_gather(struct arena *arena, struct facts *out)
{
	const struct contact_answer *about = out->given->about;

	if (out->lead->source_name.len) {
		out->name = text_clean(arena, out->lead->source_name, FACT_MAX);
		out->is_logged_name = true;
		return;
	}
	for (size_t i = 0; about && i < about->names.count; i++) {
		if (!about->names.at[i].confirmed)
			continue;
		out->name = text_clean(arena, about->names.at[i].name, FACT_MAX);
		return;
	}
}

static void source_gather(struct arena *arena, struct facts *out)
{
	const struct incident *lead = out->lead;
	const struct contact_answer *about = out->given->about;
	const struct tally_item *full = facts_top(&out->lists[LIST_ADDRESSES]);
	struct range range;

	out->address = lead->source;
	if (lead->source.family == FAMILY_IPV6 && lead->source_bits < 128) {
		struct range_text text;

		range = range_of_prefix(&lead->source, lead->source_bits);
		text = range_format(&range);
		out->prefix = arena_copy(arena, slice_of(text.text));
		if (full && address_parse(full->text, &out->address))
			out->address = lead->source;
	} else if (lead->source.family == FAMILY_NONE && about) {
		out->address = about->address;
	}
	if (out->address.family == FAMILY_NONE)
		out->source = out->name;
	else
		out->source = address_slice(arena, &out->address);
}

static void service_gather(struct arena *arena, struct facts *out)
{
	const struct tally_item *service = facts_top(&out->lead->lists[LIST_SERVICES]);

	if (service)
		out->service = text_clean(arena, service_label(arena, service->text),
					  FACT_MAX);
}

void facts_gather(struct arena *arena, const struct settings *settings,
		  const struct report_source *given, struct facts *out)
{
	*out = (struct facts){ .given = given,
			       .settings = settings,
			       .evidence = evidence_lines_new(arena) };
	for (size_t i = 0; i < given->count; i++)
		incident_merge(arena, out, given->incidents[i]);
	assert(out->lead);
	name_gather(arena, out);
	source_gather(arena, out);
	service_gather(arena, out);
}

/* Whether every line we hold says itself that the attempt was turned away, and how many
 * those are as far as was looked.                                                        */
static bool lines_refused(const struct facts *facts, size_t *lines)
{
	static const char *const words[] = { "refused", "reject", "denied", "drop",
					     "block" };

	*lines = 0;
	for (size_t i = 0; i < facts->given->count; i++) {
		const struct evidences *lines_of =
			&facts->given->incidents[i]->evidence;

		for (size_t at = 0; at < lines_of->count; at++, ++*lines) {
			size_t word = 0;

			while (word < COUNT_OF(words) &&
			       slice_find_nocase(lines_of->at[at].text,
						 slice_of(words[word])) < 0)
				word++;
			if (word == COUNT_OF(words)) {
				++*lines;
				return false;
			}
		}
	}
	return *lines != 0;
}

void facts_join(struct arena *arena, struct facts *sum, const struct facts *one)
{
	const struct incident *lead = sum->lead;
	size_t lines;
	bool refused = lines_refused(one, &lines);

	sum->refused = (sum->refused || !sum->lines) && (refused || !lines);
	sum->lines += lines;
	for (size_t i = 0; i < one->given->count; i++)
		incident_merge(arena, sum, one->given->incidents[i]);
	if (sum->lead != lead)
		service_gather(arena, sum);
}

bool facts_may_show(const struct settings *settings, const struct address *address)
{
	const struct address_special *special;

	if (address->family == FAMILY_NONE || settings->sensor)
		return false;
	special = address_special(address);
	return !special || (special->documentation && settings->documentation_public);
}

/* Whether a line left its zone to us and nobody said how that zone is called. */
bool facts_zone_guessed(const struct facts *facts)
{
	const struct settings *settings = facts->settings;

	if (settings->zone.len || settings->zone_words.len)
		return false;
	for (size_t i = 0; i < facts->given->count; i++)
		if (facts->given->incidents[i]->time_basis != TIME_BASIS_FULL)
			return true;
	return false;
}

bool facts_target_unknown(const struct facts *facts)
{
	if (facts->settings->sensor)
		return false;
	for (size_t i = 0; i < facts->targets.count; i++)
		if (!facts_may_show(facts->settings, &facts->targets.at[i].address))
			return true;
	return facts->targets.count == 0;
}

/* "port 40112", "ports 1, 2 and 3", "ports 40112 to 59870" (or more of them). */
struct slice facts_source_ports(struct arena *arena, const struct facts *facts)
{
	const struct tally *ports = &facts->lists[LIST_SOURCE_PORTS];
	uint64_t low = UINT64_MAX, high = 0, port;
	struct slices shown = { 0 };

	for (size_t i = 0; i < ports->count; i++) {
		if (slice_to_u64(ports->at[i].text, 65535, &port))
			continue;
		low = port < low ? port : low;
		high = port > high ? port : high;
		*LIST_ADD(arena, &shown) = ports->at[i].text;
	}
	if (!shown.count)
		return S("");
	if (shown.count == 1 && !ports->beyond)
		return arena_printf(arena, ", port " SLICE_FMT, SLICE_ARG(shown.at[0]));
	if (shown.count > PORTS_SHOWN || ports->beyond)
		return arena_printf(arena, ", ports %llu to %llu%s",
				    (unsigned long long)low, (unsigned long long)high,
				    ports->beyond ? " among others" : "");
	return FILL(arena, ", ports {ports}",
		    { "ports", text_list(arena, &shown, PORTS_SHOWN) });
}

struct slice facts_source(struct arena *arena, const struct facts *facts)
{
	struct slice text = facts->source, ports = facts_source_ports(arena, facts);
	const struct contact_answer *about = facts->given->about;
	struct slices full = { 0 };

	for (size_t i = 0; facts->prefix.len && i < facts->lists[LIST_ADDRESSES].count;
	     i++)
		*LIST_ADD(arena, &full) = text_clean(
			arena, facts->lists[LIST_ADDRESSES].at[i].text, FACT_MAX);
	if (full.count > 1 || facts->lists[LIST_ADDRESSES].beyond)
		text = text_list(arena, &full, ADDRESSES_SHOWN);
	if (facts->lists[LIST_ADDRESSES].beyond)
		text = arena_printf(arena, SLICE_FMT " and others", SLICE_ARG(text));
	if (facts->prefix.len)
		text = arena_printf(arena, SLICE_FMT " in " SLICE_FMT, SLICE_ARG(text),
				    SLICE_ARG(facts->prefix));
	if (facts->is_logged_name && facts->address.family)
		text = arena_printf(arena, SLICE_FMT ", logged as " SLICE_FMT,
				    SLICE_ARG(text), SLICE_ARG(facts->name));
	if (about && about->reported_as.family) {
		struct address_text inner = address_format(&about->reported_as);

		text = arena_printf(arena, SLICE_FMT ", which carries %s",
				    SLICE_ARG(text), inner.text);
	}
	return arena_printf(arena, SLICE_FMT SLICE_FMT, SLICE_ARG(text),
			    SLICE_ARG(ports));
}

static struct slice facts_range(struct arena *arena, const struct facts *facts)
{
	const struct contact_answer *about = facts->given->about;
	struct slice name;
	struct range_text range;

	if (!about || !about->has_network)
		return S("");
	range = range_format(&about->network.range);
	name = about->network.name.len ? about->network.name : about->network.handle;
	if (!name.len)
		return arena_copy(arena, slice_of(range.text));
	return FILL(arena, "{range} ({name})", { "range", slice_of(range.text) },
		    { "name", text_clean(arena, name, FACT_MAX) });
}

struct slice facts_network(struct arena *arena, const struct facts *facts)
{
	struct slice range = facts_range(arena, facts);
	const struct contact_answer *about = facts->given->about;
	struct slices origins = { 0 };

	if (!range.len)
		return S("not known; no registry record was at hand");
	for (size_t i = 0; i < about->origin.count; i++)
		*LIST_ADD(arena, &origins) =
			arena_printf(arena, "AS%u", about->origin.at[i]);
	if (!origins.count)
		return range;
	return FILL(arena, "{range}, announced by {origins}", { "range", range },
		    { "origins", text_list(arena, &origins, PORTS_SHOWN) });
}

struct slice facts_ports(struct arena *arena, const struct facts *facts)
{
	const struct tally *ports = &facts->lists[LIST_PORTS];
	struct slices shown = { 0 };

	if (ports->count + (ports->beyond != 0) > PORTS_SHOWN)
		return tally_words(arena, ports, "port", "ports");
	for (size_t i = 0; i < ports->count; i++)
		*LIST_ADD(arena, &shown) =
			text_clean(arena, ports->at[i].text, FACT_MAX);
	return text_list(arena, &shown, PORTS_SHOWN);
}

static struct slice target_text(struct arena *arena, const struct facts *facts,
				const struct incident_target *target)
{
	struct slice host = text_clean(
		arena, target->name.len ? target->name : target->host, FACT_MAX);
	struct address_text address = address_format(&target->address);

	if (!host.len)
		host = S("a machine of ours");
	if (facts_may_show(facts->settings, &target->address))
		return arena_printf(arena, "%s (" SLICE_FMT ")", address.text,
				    SLICE_ARG(host));
	if (target->address.family != FAMILY_NONE)
		return arena_printf(arena,
				    SLICE_FMT " (inside address %s, behind NAT; the "
					      "public one is not known here)",
				    SLICE_ARG(host), address.text);
	return arena_printf(arena, SLICE_FMT " (public address not known here)",
			    SLICE_ARG(host));
}

struct slice facts_target(struct arena *arena, const struct facts *facts)
{
	struct slice ports = facts_ports(arena, facts), text;
	struct slices shown = { 0 };
	bool counted = slice_ends(ports, S(" ports"));

	for (size_t i = 0; i < facts->targets.count; i++)
		*LIST_ADD(arena, &shown) =
			target_text(arena, facts, &facts->targets.at[i]);
	text = facts->settings->sensor ? S("a sensor of ours, address withheld")
	       : shown.count           ? text_list(arena, &shown, TARGETS_SHOWN)
				       : S("a machine of ours, address not known here");
	if (!ports.len)
		return text;
	return arena_printf(arena, SLICE_FMT ", %s" SLICE_FMT, SLICE_ARG(text),
			    counted                               ? ""
			    : facts->lists[LIST_PORTS].count == 1 ? "port "
								  : "ports ",
			    SLICE_ARG(ports));
}

struct slice facts_machine(struct arena *arena, const struct facts *facts)
{
	const struct incident_target *target = facts->targets.at;

	if (facts->settings->sensor || facts->targets.count == 0)
		return S("the machine that was hit");
	if (facts->targets.count > 1)
		return targets_words(arena, &facts->targets, "machine", "machines");
	if (target->host.len)
		return text_clean(arena, target->host, FACT_MAX);
	if (target->name.len)
		return text_clean(arena, target->name, FACT_MAX);
	return S("the machine that was hit");
}

/* One incident in words, with its numbers. */
static struct slice count_of(struct arena *arena, uint64_t count, const char *one,
			     const char *many)
{
	return arena_printf(arena, "%llu %s", (unsigned long long)count,
			    count == 1 ? one : many);
}

static struct slice label_of(struct arena *arena, const struct incident *incident)
{
	const struct tally_item *service = facts_top(&incident->lists[LIST_SERVICES]);

	if (!service)
		return S("");
	return text_clean(arena, service_label(arena, service->text), FACT_MAX);
}

static struct slice what_login(struct arena *arena, const struct incident *incident)
{
	struct slice label = label_of(arena, incident);
	const struct tally *users = &incident->lists[LIST_USERS];
	struct slice text =
		arena_printf(arena, "%llu failed " SLICE_FMT "%slogin%s",
			     (unsigned long long)incident->count, SLICE_ARG(label),
			     label.len ? " " : "", incident->count == 1 ? "" : "s");

	if (users->count < 2)
		return text;
	return arena_printf(
		arena, SLICE_FMT ", " SLICE_FMT " tried", SLICE_ARG(text),
		SLICE_ARG(tally_words(arena, users, "user name", "user names")));
}

static struct slice what_compromise(struct arena *arena,
				    const struct incident *incident)
{
	struct slice label = label_of(arena, incident);
	bool many = incident->successes > 1;

	return FILL(arena, "{some} successful {label}{blank}login{s} after {failed}",
		    { "some",
		      many ? arena_printf(arena, "%llu",
					  (unsigned long long)incident->successes)
			   : S("a") },
		    { "label", label }, { "blank", label.len ? S(" ") : S("") },
		    { "s", many ? S("s") : S("") },
		    { "failed",
		      count_of(arena, incident->count, "failed one", "failed ones") });
}

static struct slice what_attempts(struct arena *arena, const struct incident *incident)
{
	struct slice label = label_of(arena, incident);
	struct slice count = count_of(arena, incident->count, "connection attempt",
				      "connection attempts");

	/* a detector may tell of a scan without the ports */
	if (incident->category == CATEGORY_SCAN &&
	    incident->lists[LIST_PORTS].count > 1)
		return arena_printf(arena, SLICE_FMT " to " SLICE_FMT, SLICE_ARG(count),
				    SLICE_ARG(tally_words(arena,
							  &incident->lists[LIST_PORTS],
							  "port", "ports")));
	if (incident->category == CATEGORY_SWEEP && incident->targets.count > 1)
		return arena_printf(
			arena, SLICE_FMT "%s" SLICE_FMT " on " SLICE_FMT,
			SLICE_ARG(count), label.len ? " to " : "", SLICE_ARG(label),
			SLICE_ARG(targets_words(arena, &incident->targets,
						"of our hosts", "of our hosts")));
	return arena_printf(arena, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(count),
			    label.len ? " to " : "", SLICE_ARG(label));
}

/* One received mail or several, by what the user said that it is. */
static struct slice what_mails(struct arena *arena, const struct facts *facts,
			       const struct incident *incident)
{
	static const struct {
		const char *one, *many;
	} rows[MAIL_KIND_COUNT] = {
		[MAIL_SPAM] = { "unwanted mail received", "unwanted mails received" },
		[MAIL_PHISH] = { "phishing mail received", "phishing mails received" },
		[MAIL_VIRUS] = { "mail with malware received",
				 "mails with malware received" },
	};
	enum mail_kind kind = facts->given ? facts->given->mail.kind : MAIL_SPAM;

	return count_of(arena, incident->count, rows[kind].one, rows[kind].many);
}

static struct slice what_requests(struct arena *arena, const struct incident *incident)
{
	static const struct {
		enum category category;
		const char *one, *many;
	} rows[] = {
		{ CATEGORY_DOS, "packet or request, as a flood",
		  "packets or requests, as a flood" },
		{ CATEGORY_MAIL_ABUSE, "attempt to send unwanted mail or to relay",
		  "attempts to send unwanted mail or to relay" },
		{ CATEGORY_EXPLOIT_ATTEMPT, "request that tries a known weakness",
		  "requests that try known weaknesses" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice text;

		if (rows[i].category != incident->category)
			continue;
		text = count_of(arena, incident->count, rows[i].one, rows[i].many);
		if (incident->category != CATEGORY_DOS || !incident->peak)
			return text;
		return arena_printf(arena, SLICE_FMT ", up to %llu in one minute",
				    SLICE_ARG(text),
				    (unsigned long long)incident->peak);
	}
	return what_attempts(arena, incident);
}

static struct slice what_one(struct arena *arena, const struct facts *facts,
			     const struct incident *incident)
{
	if (incident_is_mail(incident))
		return what_mails(arena, facts, incident);
	if (incident->category == CATEGORY_LOGIN_ATTACK)
		return what_login(arena, incident);
	if (incident->category == CATEGORY_COMPROMISE)
		return what_compromise(arena, incident);
	return what_requests(arena, incident);
}

struct slice facts_what(struct arena *arena, const struct facts *facts)
{
	struct slice text = { "", 0 };

	for (size_t i = 0; i < facts->acts.count; i++)
		text = FILL(arena, "{text}{glue}{act}", { "text", text },
			    { "glue", i ? S("; ") : S("") },
			    { "act", what_one(arena, facts, &facts->acts.at[i]) });
	return text;
}

static bool all_refused(const struct facts *facts)
{
	size_t lines;

	if (facts->is_sum)
		return facts->refused && facts->lines;
	return lines_refused(facts, &lines);
}

/* Cowrie: a login that works there is one more attempt. */
static bool is_honeypot(const struct facts *facts)
{
	const struct tally *rules = &facts->lists[LIST_RULES];

	for (size_t i = 0; i < rules->count; i++)
		if (!slice_starts(rules->at[i].text, S("cowrie")))
			return false;
	return rules->count > 0 && !rules->beyond;
}

struct slice facts_compromise(struct arena *arena, const struct facts *facts)
{
	enum category category = facts->lead->category;

	if (category == CATEGORY_COMPROMISE || facts->successes) {
		struct time_text at = time_format(facts->success_at, TIME_MEMO);

		if (!facts->success_at)
			return S("yes; our log shows a successful login");
		return arena_printf(
			arena, "yes; our log shows a successful login at %s", at.text);
	}
	if (incident_is_mail(facts->lead))
		return S("not checked; we have the mail alone");
	if (is_honeypot(facts))
		return S("no; it was a honeypot, which lets anybody in");
	if (category == CATEGORY_LOGIN_ATTACK && facts->logged_in)
		return facts->is_sum
			       ? S("no sign of it; from each of them a login had worked "
				   "before its failures")
			       : S("no sign of it; a login from there had worked before "
				   "the failures");
	if (category == CATEGORY_LOGIN_ATTACK && facts->given->successes_read)
		return facts->is_sum || (facts->prefix.len &&
					 facts->lists[LIST_ADDRESSES].count != 1)
			       ? S("no; our log shows no successful login from them")
			       : S("no; our log shows no successful login from this "
				   "address");
	if (category != CATEGORY_EXPLOIT_ATTEMPT && category != CATEGORY_LOGIN_ATTACK &&
	    all_refused(facts))
		return facts->count == 1
			       ? S("no; the line below shows the attempt turned away")
			       : S("no; the lines below show the attempts turned away");
	return arena_printf(arena, "not checked; %s",
			    category_words(category)->unchecked);
}

/* "35 minutes", "116 minutes", "3 hours", "2 days": for people, rounded down. */
static struct slice span_of(struct arena *arena, int64_t span)
{
	static const struct {
		int64_t unit;
		const char *many;
	} rows[] = {
		{ DAY_US, "days" },
		{ HOUR_US, "hours" },
		{ MINUTE_US, "minutes" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (span >= 2 * rows[i].unit)
			return arena_printf(arena, "%lld %s",
					    (long long)(span / rows[i].unit),
					    rows[i].many);
	return S("a minute");
}

/* " (fail2ban, jail sshd)" */
static struct slice blocker_words(struct arena *arena, const struct facts *facts)
{
	struct slice by = text_clean(arena, facts->given->blocked_by, FACT_MAX);

	return by.len ? FILL(arena, " ({by})", { "by", by }) : S("");
}

/* The block may have ended, and there may be ways around it: only while it holds and
 * nothing was seen behind it do we not know.                                           */
static struct slice now_blocked(struct arena *arena, const struct facts *facts,
				int64_t now)
{
	const struct report_source *given = facts->given;
	bool same_day = given->blocked_at / DAY_US == facts->last / DAY_US;
	bool ends_same_day = given->unblocked_at / DAY_US == given->blocked_at / DAY_US;
	struct time_text from =
		time_format(given->blocked_at, same_day ? TIME_CLOCK : TIME_MEMO);
	struct time_text to = time_format(given->unblocked_at,
					  ends_same_day ? TIME_CLOCK : TIME_MEMO);
	struct slice by = blocker_words(arena, facts);
	struct slice last = span_of(arena, now - facts->last);

	if (given->unblocked_at)
		return arena_printf(arena,
				    "blocked by us from %s to %s" SLICE_FMT
				    "; last seen " SLICE_FMT " before this report",
				    from.text, to.text, SLICE_ARG(by), SLICE_ARG(last));
	if (facts->last > given->blocked_at + MINUTE_US)
		return arena_printf(arena,
				    "blocked by us at %s" SLICE_FMT
				    "; last seen " SLICE_FMT " before this report",
				    from.text, SLICE_ARG(by), SLICE_ARG(last));
	return arena_printf(arena,
			    "blocked by us at %s" SLICE_FMT
			    ", so we cannot see whether it goes on",
			    from.text, SLICE_ARG(by));
}

struct slice facts_now(struct arena *arena, const struct facts *facts, int64_t now)
{
	if (facts->given->blocked_at)
		return now_blocked(arena, facts, now);
	if (now < facts->last)
		return S("not known whether it goes on or is blocked");
	return FILL(
		arena,
		"not known whether it goes on or is blocked; last seen {span} before "
		"this report",
		{ "span", span_of(arena, now - facts->last) });
}
