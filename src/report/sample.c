#include "report/sample.h"

#include <string.h>

enum { LINES = 24, TARGETS = 4 };
/* 2026-11-21 02:14:07 UTC */
#define BEGIN_US (INT64_C(1795227247) * SECOND_US)

static const struct {
	enum category category;
	const char *service, *port, *line, *rule;
	uint64_t count;
} KINDS[] = {
	{ CATEGORY_PROBE, "ftp", "21/tcp", "web1 ftpd[3689]: refused connect from",
	  "tcpd", 1 },
	{ CATEGORY_SCAN, "", "23/tcp",
	  "web1 kernel: DROP IN=eth0 PROTO=TCP SYN SRC=", "netfilter", 64 },
	{ CATEGORY_SWEEP, "ftp", "21/tcp", "web1 ftpd[3689]: refused connect from",
	  "tcpd", 9 },
	{ CATEGORY_DOS, "http", "80/tcp",
	  "web1 kernel: DROP IN=eth0 PROTO=TCP SYN SRC=", "netfilter", 18400 },
	{ CATEGORY_MAIL_ABUSE, "smtp", "25/tcp",
	  "web1 postfix/smtpd[77]: NOQUEUE: reject: relay access denied, RCPT from",
	  "postfix", 31 },
	{ CATEGORY_LOGIN_ATTACK, "ssh", "22/tcp",
	  "web1 sshd[3121]: Failed password for root from", "sshd", 214 },
	{ CATEGORY_EXPLOIT_ATTEMPT, "http", "80/tcp",
	  "web1 httpd: GET /cgi-bin/.%2e/sh by", "web", 12 },
	{ CATEGORY_COMPROMISE, "ssh", "22/tcp",
	  "web1 sshd[3121]: Accepted password for backup from", "sshd", 87 },
};

static const struct settings SETTINGS = {
	.name = { "Maria Keller", 12 },
	.organisation = { "Harbour Books", 13 },
	.about = { "a small bookshop", 16 },
	.role = { "system administrator", 20 },
	.relation = { "our machine", 11 },
	.mail = { "maria@harbour-books.example", 27 },
	.phone = { "+1 202 555 0143", 15 },
	.zone_words = { "US Eastern (GMT-5)", 18 },
	.zone = { "America/New_York", 16 },
	.clock_synchronised = true,
	.documentation_public = true,
};

static struct address address_of(const char *text)
{
	struct address address = { 0 };

	(void)!address_parse(slice_of(text), &address);
	return address;
}

static void text_add(struct arena *arena, struct tally *tally, struct slice text)
{
	if (text.len)
		*LIST_ADD(arena, tally) = (struct tally_item){ text, 1 };
}

static void lines_add(struct arena *arena, struct incident *out, const char *line,
		      struct slice source)
{
	size_t count = out->count < EVIDENCE_MAX ? (size_t)out->count : EVIDENCE_MAX;

	for (size_t i = 0; i < count; i++) {
		int64_t at = out->first +
			     (count > 1 ? (out->last - out->first) * (int64_t)i /
						  (int64_t)(count - 1)
					: 0);
		struct time_text own = time_format(at - 5 * HOUR_US, TIME_CLOCK);

		*LIST_ADD(arena, &out->evidence) = (struct evidence){
			.at = at,
			.time_basis = TIME_BASIS_YEAR,
			.file = S("sample.log"),
			.line = i + 1,
			.text = arena_printf(arena, "Nov 20 %.8s %s " SLICE_FMT,
					     own.text, line, SLICE_ARG(source)),
		};
	}
}

static struct incident *incident_of(struct arena *arena, size_t kind, size_t number)
{
	struct incident *out = ARENA_NEW(arena, struct incident);
	struct slice source = arena_printf(arena, "203.0.113.%zu", 77 + number);

	out->category = out->base = KINDS[kind].category;
	out->source = address_of(source.at);
	out->source_bits = 32;
	out->count = KINDS[kind].count;
	out->first = BEGIN_US + (int64_t)number * HOUR_US;
	out->last = out->first + (out->count > 1 ? 3 * HOUR_US : 0);
	out->time_basis = TIME_BASIS_YEAR;
	out->certainty = CERTAINTY_CONNECTION;
	if (out->category == CATEGORY_COMPROMISE) {
		out->success_at = out->last;
		out->successes = 1;
	}
	text_add(arena, &out->lists[LIST_SERVICES], slice_of(KINDS[kind].service));
	text_add(arena, &out->lists[LIST_PORTS], slice_of(KINDS[kind].port));
	text_add(arena, &out->lists[LIST_RULES], slice_of(KINDS[kind].rule));
	for (size_t i = 0; i < (out->category == CATEGORY_SWEEP ? TARGETS : 1); i++)
		*LIST_ADD(arena, &out->targets) = (struct incident_target){
			.address = address_of(
				arena_printf(arena, "198.51.100.%zu", 20 + i).at),
			.host = arena_printf(arena, "web%zu", i + 1),
			.count = 1,
		};
	lines_add(arena, out, KINDS[kind].line, source);
	return out;
}

static const struct contact_answer *about_of(struct arena *arena)
{
	struct contact_answer *out = ARENA_NEW(arena, struct contact_answer);

	out->has_network = range_parse(S("203.0.113.0/24"), &out->network.range) == 0;
	out->network.name = S("NORTHWIND-NET1");
	*LIST_ADD(arena, &out->origin) = 64500;
	return out;
}

void report_sample(struct arena *arena, enum category category, size_t count,
		   struct report_request *out)
{
	struct report_source *sources = ARENA_ARRAY(arena, struct report_source, count);
	struct contact *contact = ARENA_NEW(arena, struct contact);

	for (size_t i = 0; i < count; i++) {
		const struct incident **incidents =
			ARENA_ARRAY(arena, const struct incident *, 1);
		size_t kind = i % COUNT_OF(KINDS);

		for (size_t k = 0; category != CATEGORY_COUNT && k < COUNT_OF(KINDS);
		     k++)
			if (KINDS[k].category == category)
				kind = k;
		incidents[0] = incident_of(arena, kind, i);
		sources[i] = (struct report_source){ .incidents = incidents,
						     .count = 1,
						     .about = about_of(arena),
						     .successes_read = true };
	}
	contact->address = S("abuse@northwind-hosting.example");
	contact->server = S("rdap.registry.example");
	(void)!range_parse(S("203.0.113.0/24"), &contact->range);
	contact->checked_at = BEGIN_US;
	*out = (struct report_request){ .settings = &SETTINGS,
					.sources = sources,
					.count = count,
					.contact = contact,
					.token = S("TK7Q2"),
					.message_id =
						S("<tk7q2.1@harbour-books.example>"),
					.made_at = BEGIN_US + 6 * HOUR_US };
}
