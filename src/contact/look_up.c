#include "contact/look_up.h"

#include "contact/choice.h"
#include "contact/numbers.h"
#include "net/dns.h"
#include "net/url.h"

#include <libpsl.h>
#include <stdarg.h>

static void add_once(struct arena *arena, struct slices *list, struct slice text)
{
	for (size_t i = 0; i < list->count; i++)
		if (slice_equal(list->at[i], text))
			return;
	*LIST_ADD(arena, list) = arena_copy(arena, text);
}

void look_up_note(struct look_up *look_up, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_once(look_up->arena, &look_up->answer->problems,
		 arena_vprintf(look_up->arena, format, args));
	va_end(args);
}

void look_up_note_server(struct look_up *look_up, struct slice label)
{
	add_once(look_up->arena, &look_up->answer->servers, label);
}

struct heard *look_up_heard(struct look_up *look_up, const struct reply *reply)
{
	for (size_t i = 0; i < look_up->heard.count; i++)
		if (look_up->heard.at[i].reply == reply)
			return &look_up->heard.at[i];
	*LIST_ADD(look_up->arena, &look_up->heard) = (struct heard){ .reply = reply };
	return &look_up->heard.at[look_up->heard.count - 1];
}

static bool is_heard(const struct look_up *look_up, const struct reply *reply)
{
	for (size_t i = 0; i < look_up->heard.count; i++)
		if (look_up->heard.at[i].reply == reply)
			return true;
	return false;
}

/* The resolver's time is bounded by its own deadline and runs beside the rest. */
const struct reply *look_up_ask(struct look_up *look_up, struct question question)
{
	bool resolves = question.kind >= ASK_ADDRESSES;
	const struct reply *reply;

	question.limit_ms = resolves ? DNS_DEADLINE_MS
				     : look_up->finder->settings->deadline_us / 1000 -
					       look_up->spent_ms;
	reply = ask(look_up->finder->asker, &question);
	if (resolves || reply->outcome == ASK_PENDING || is_heard(look_up, reply))
		return reply;
	look_up->spent_ms += reply->took_ms;
	look_up_heard(look_up, reply)->label =
		arena_copy(look_up->arena, reply->server);
	look_up_note_server(look_up,
			    arena_printf(look_up->arena, "%s " SLICE_FMT,
					 question.kind == ASK_RDAP     ? "rdap"
					 : question.kind == ASK_WEB    ? "web"
					 : question.kind == ASK_RWHOIS ? "rwhois"
								       : "whois",
					 SLICE_ARG(reply->server)));
	return reply;
}

const struct reply *look_up_ask_hop(struct look_up *look_up, const struct hop *hop)
{
	return look_up_ask(look_up,
			   (struct question){
				   .kind = hop->rwhois ? ASK_RWHOIS : ASK_WHOIS,
				   .server = hop->host,
				   .port = hop->port,
				   .text = hop->query,
			   });
}

static void ask_later(struct look_up *look_up, int64_t at)
{
	if (at > look_up->answer->later_at)
		look_up->answer->later_at = at;
}

static void judge(struct look_up *look_up, struct slice host,
		  const struct reading *reading)
{
	struct asker *asker = look_up->finder->asker;

	if (reading->state == READING_REFUSED)
		ask_later(look_up, asker_refused(asker, host, reading->note));
	else
		asker_answered(asker, host);
}

void look_up_judge(struct look_up *look_up, const struct hop *hop,
		   const struct reading *reading)
{
	judge(look_up, hop->host, reading);
}

int look_up_read_rdap(struct look_up *look_up, const struct reply *reply,
		      struct heard *heard)
{
	struct reading *reading = ARENA_NEW(look_up->arena, struct reading);
	struct error err;
	struct url url;
	int status = rdap_read(look_up->arena, reply->text,
			       &(struct rdap_question){ heard->label, &look_up->about,
							reply->asked_at },
			       reading, &err);

	heard->reading = reading;
	if (status != 0)
		look_up_note(look_up, SLICE_FMT ": %s", SLICE_ARG(reply->server),
			     err.text);
	else if (reading->state == READING_REFUSED)
		look_up_note(look_up, SLICE_FMT " refused to answer: " SLICE_FMT,
			     SLICE_ARG(reply->server), SLICE_ARG(reading->note));
	/* what is no RDAP is no refusal either */
	if (url_parse(reply->server, &url, &err) == 0)
		judge(look_up, url.host, reading);
	if (status != 0)
		reading->state = READING_REFUSED;
	return reading->state == READING_REFUSED ? -1 : 0;
}

void look_up_failed(struct look_up *look_up, const struct reply *reply)
{
	if (reply->outcome == ASK_STOPPED)
		look_up->answer->stopped = true;
	ask_later(look_up, reply->later_at);
	look_up_note(look_up, SLICE_FMT " gave no answer: " SLICE_FMT,
		     SLICE_ARG(reply->server), SLICE_ARG(reply->problem));
}

bool contacts_usable(const struct look_up *look_up, const struct contacts *contacts,
		     const struct network *network)
{
	bool public = look_up->finder->settings->documentation_public;

	for (size_t i = 0; i < contacts->count; i++) {
		const struct contact *contact = &contacts->at[i];

		if (contact->role == ROLE_ABUSE && contact->kind == CONTACT_EMAIL &&
		    !contact->suspect &&
		    !contact_rejection(contact->address, network, public))
			return true;
	}
	return false;
}

struct slice registered_domain(struct arena *arena, struct slice name)
{
	const psl_ctx_t *list = psl_builtin();
	const char *domain;

	if (!list || !host_name_valid(name))
		return (struct slice){ NULL, 0 };
	domain = psl_registrable_domain(
		list, arena_cstr(arena, host_name_canonical(arena, name)));
	return slice_of(domain);
}

/* Letters, digits and hyphens, with a registry's ending: "NWH1-RIPE", or a tag of IANA's
 * list.                                                                                 */
static bool is_handle(const struct finder *finder, struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alnum(text.at[i]) && text.at[i] != '-' &&
		    text.at[i] != '_')
			return false;
	return text.len <= 64 && text.len && text.at[0] != '-' &&
	       (server_of_handle(text) ||
		bootstrap_for_handle(&finder->bootstrap, text).len);
}

static void take_address(struct look_up *look_up, const struct address *address)
{
	struct contact_answer *answer = look_up->answer;
	bool public = look_up->finder->settings->documentation_public;
	const struct address_special *special;

	answer->address = *address;
	look_up->about = *address;
	if (address_embedded(address, &answer->reported_as))
		look_up->about = answer->reported_as;
	special = address_special(&look_up->about);
	if (!special || (special->documentation && public))
		return;
	answer->special = arena_printf(look_up->arena, "%s (%s)", special->name,
				       special->reference);
}

static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] >= 0x80)
			return false;
	return true;
}

void look_up_init(struct look_up *look_up, struct finder *finder, struct arena *arena,
		  struct slice query, struct contact_answer *answer)
{
	struct slice text = slice_trim(query);
	struct range range;

	*answer = (struct contact_answer){ .query = arena_copy(arena, query) };
	*look_up =
		(struct look_up){ .finder = finder, .arena = arena, .answer = answer };
	if (range_parse(text, &range) == 0) {
		look_up->subject = SUBJECT_ADDRESS;
		look_up->whole = range;
		take_address(look_up, &range.first);
	} else if (number_parse(text, &look_up->number)) {
		look_up->subject = SUBJECT_NUMBER;
		answer->special = number_special(
			look_up->number, finder->settings->documentation_public);
	} else if (is_handle(finder, text)) {
		look_up->subject = SUBJECT_HANDLE;
		look_up->name = arena_copy(arena, text);
	} else if (host_name_valid(text) && slice_find_byte(text, '.') > 0) {
		look_up->subject = SUBJECT_NAME;
		look_up->name = host_name_canonical(arena, text);
	} else {
		answer->wrong = true;
		look_up_note(look_up,
			     "this is no address, name, AS number or handle of a "
			     "registry%s",
			     is_ascii(text) ? ""
					    : "; write an international name in ASCII "
					      "(xn--...)");
	}
}

void look_up_note_narrower(struct look_up *look_up)
{
	const struct contact_answer *answer = look_up->answer;
	const struct range *whole = &look_up->whole;

	if (whole->first.family == FAMILY_NONE || answer->special.len ||
	    address_equal(&whole->first, &whole->last) ||
	    !address_equal(&whole->first, &look_up->about) ||
	    (answer->has_network && range_covers(&answer->network.range, whole)))
		return;
	look_up_note(look_up,
		     "of the range only its first address was looked up: %s than the "
		     "range",
		     answer->has_network ? "its network is narrower"
					 : "no network is known that is wider");
}

/* Of a name, once it is resolved. */
void look_up_resolved(struct look_up *look_up, const struct address *address)
{
	look_up->answer->resolved_at = clock_now(look_up->finder->clock);
	take_address(look_up, address);
}
