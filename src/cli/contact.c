/* tipoff contact: who is responsible for an address, a name, an AS number, a handle. */
#include "cli/commands.h"
#include "cli/contact_upstream.h"
#include "cli/finder.h"
#include "contact/answer_json.h"
#include "os/file.h"

#include <stdio.h>

enum { QUERIES_MAX_BYTES = 64 * 1024 * 1024, TITLE_WIDTH = 14 };

static void print_title(struct printer *out, const char *title)
{
	print_colour(out, COLOUR_FAINT);
	print_text(out, "  %-*s", TITLE_WIDTH, title);
	print_colour(out, COLOUR_NONE);
}

static void print_named(struct printer *out, const char *title, struct slice text)
{
	if (text.len == 0)
		return;
	print_title(out, title);
	print_slice(out, text);
	print_text(out, "\n");
}

static void print_heading(struct printer *out, const struct contact_answer *answer)
{
	print_colour(out, COLOUR_STRONG);
	print_slice(out, answer->query);
	print_colour(out, COLOUR_NONE);
	print_text(out, "\n");
}

static void print_inside(struct run *run, const struct address *inside)
{
	print_named(&run->out, "Asked as",
		    arena_printf(run->arena, "%s, the IPv4 address inside it",
				 address_format(inside).text));
}

static void print_address(struct run *run, const struct contact_answer *answer)
{
	struct slice text = slice_of(address_format(&answer->address).text);

	if (answer->resolved_at)
		print_named(
			&run->out, "Address",
			arena_printf(
				run->arena, SLICE_FMT ", resolved %s", SLICE_ARG(text),
				time_format(answer->resolved_at, TIME_MINUTE).text));
	if (answer->reported_as.family != FAMILY_NONE)
		print_inside(run, &answer->reported_as);
	else if (answer->address.family == FAMILY_IPV4 && /* ::ffff:192.0.2.1 */
		 slice_find_byte(answer->query, ':') >= 0)
		print_inside(run, &answer->address);
	if (answer->special.len)
		print_named(&run->out, "Special",
			    arena_printf(
				    run->arena,
				    SLICE_FMT ": not a public %s, so nobody to tell",
				    SLICE_ARG(answer->special),
				    answer->address.family == FAMILY_NONE ? "number"
									  : "address"));
}

static void print_names(struct run *run, const struct source_names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		print_title(&run->out, i ? "" : "Name");
		print_slice(&run->out, names->at[i].name);
		print_text(&run->out, "%s\n",
			   names->at[i].confirmed
				   ? ", confirmed both ways"
				   : ", not confirmed: anybody can call an address so");
	}
}

static struct slice network_words(struct run *run, const struct network *network)
{
	struct slice words = slice_of(range_format(&network->range).text);

	if (network->name.len)
		words = arena_printf(run->arena, SLICE_FMT "  " SLICE_FMT,
				     SLICE_ARG(words), SLICE_ARG(network->name));
	if (network->country.len)
		words = arena_printf(run->arena, SLICE_FMT ", " SLICE_FMT,
				     SLICE_ARG(words), SLICE_ARG(network->country));
	return words;
}

/* "whois.ripe.net, 2026-11-21"; "RIPE dump of 2026-11-21" has its date already. */
static struct slice found_words(struct run *run, const struct network *network)
{
	struct time_text at = time_format(network->looked_up_at, TIME_DATE);

	if (slice_ends(network->found_in, slice_of(at.text)))
		return network->found_in;
	return arena_printf(run->arena, SLICE_FMT ", %s", SLICE_ARG(network->found_in),
			    at.text);
}

static struct slice origin_words(struct run *run, const struct origins *origin)
{
	struct slice words = { "", 0 };

	for (size_t i = 0; i < origin->count; i++)
		words = arena_printf(run->arena, SLICE_FMT "%sAS%u", SLICE_ARG(words),
				     i ? ", " : "", origin->at[i]);
	return words;
}

static void print_network(struct run *run, const struct contact_answer *answer)
{
	const struct network *network = &answer->network;

	if (answer->has_network) {
		print_named(&run->out, "Network", network_words(run, network));
		print_named(&run->out, "Organisation", network->organisation);
	}
	print_named(&run->out, "Announced by", origin_words(run, &answer->origin));
	if (answer->has_network)
		print_named(&run->out, "Found in", found_words(run, network));
}

static const char *const ROLES[] = {
	[ROLE_ABUSE] = "abuse contact",
	[ROLE_ADMINISTRATIVE] = "administrative contact",
	[ROLE_TECHNICAL] = "technical contact",
	[ROLE_BILLING] = "billing contact",
	[ROLE_REGISTRANT] = "registrant",
	[ROLE_MAILBOX] = "role mailbox by convention",
};
static const char *const SCOPES[] = {
	[SCOPE_NETWORK] = "of the network",
	[SCOPE_ORGANISATION] = "of the organisation",
	[SCOPE_PARENT] = "of the range above",
	[SCOPE_DOMAIN] = "of the domain",
	[SCOPE_CSIRT] = "of the country",
	[SCOPE_UPSTREAM] = "of the upstream",
};

/* "abuse contact of the network, from whois.ripe.net (NWH-RIPE), 2026-11-21" */
static struct slice provenance(struct run *run, const struct contact *contact)
{
	struct range range; /* an object that is its range's name says nothing new */
	struct slice words =
		arena_printf(run->arena, "%s %s, from " SLICE_FMT, ROLES[contact->role],
			     SCOPES[contact->scope], SLICE_ARG(contact->server));

	if (contact->object.len && range_parse(contact->object, &range) != 0)
		words = arena_printf(run->arena, SLICE_FMT " (" SLICE_FMT ")",
				     SLICE_ARG(words), SLICE_ARG(contact->object));
	words = arena_printf(run->arena, SLICE_FMT "%s, %s", SLICE_ARG(words),
			     contact_unencrypted(contact) ? ", unencrypted" : "",
			     time_format(contact->checked_at, TIME_DATE).text);
	if (contact->wants.len)
		words = arena_printf(run->arena, SLICE_FMT "; wants: " SLICE_FMT,
				     SLICE_ARG(words), SLICE_ARG(contact->wants));
	if (contact->format.len)
		words = arena_printf(run->arena, SLICE_FMT "; reads: " SLICE_FMT,
				     SLICE_ARG(words), SLICE_ARG(contact->format));
	if (contact->terms.len)
		words = arena_printf(run->arena, SLICE_FMT "; terms: " SLICE_FMT,
				     SLICE_ARG(words), SLICE_ARG(contact->terms));
	if (contact->suspect)
		words = arena_printf(run->arena,
				     SLICE_FMT "; the registry doubts this mailbox",
				     SLICE_ARG(words));
	return words;
}

static void print_contact(struct run *run, const char *title,
			  const struct contact *contact)
{
	print_title(&run->out, title);
	print_colour(&run->out, contact->chosen ? COLOUR_GREEN : COLOUR_NONE);
	print_slice(&run->out, contact->address);
	print_colour(&run->out, COLOUR_NONE);
	print_text(&run->out, "\n");
	print_title(&run->out, "");
	print_text(&run->out, "  ");
	print_slice(&run->out, provenance(run, contact));
	print_text(&run->out, "\n");
}

static void print_contacts(struct run *run, const struct contacts *contacts)
{
	size_t chosen = 0, others = 0;

	for (size_t i = 0; i < contacts->count; i++)
		if (contacts->at[i].chosen)
			print_contact(run, chosen++ ? "" : "Report to",
				      &contacts->at[i]);
	for (size_t i = 0; i < contacts->count; i++)
		if (!contacts->at[i].chosen)
			print_contact(run, others++ ? "" : "Wider list",
				      &contacts->at[i]);
}

static void print_rest(struct run *run, const struct contact_answer *answer)
{
	for (size_t i = 0; i < answer->rejected.count; i++)
		print_named(&run->out, i ? "" : "Never",
			    arena_printf(run->arena, SLICE_FMT ": " SLICE_FMT,
					 SLICE_ARG(answer->rejected.at[i].address),
					 SLICE_ARG(answer->rejected.at[i].reason)));
	for (size_t i = 0; i < answer->problems.count; i++)
		print_named(&run->out, i ? "" : "Note", answer->problems.at[i]);
}

/* To the minute after it. */
static struct time_text later_text(const struct contact_answer *answer)
{
	return time_format(answer->later_at + MINUTE_US - 1, TIME_MINUTE);
}

static bool may_ask(const struct run *run)
{
	return !run->offline &&
	       (run_flag(run, "ask") || run->settings.registries == CONSENT_YES);
}

static bool is_unasked(const struct run *run, const struct contact_answer *answer)
{
	return !may_ask(run) && !answer->wrong && answer->special.len == 0 &&
	       answer->contacts.count == 0 && answer->servers.count == 0;
}

/* Who was asked in vain. */
static void print_asked(struct run *run, const struct slices *servers)
{
	for (size_t i = 0; i < servers->count; i++)
		print_named(&run->out, i ? "" : "Asked", servers->at[i]);
}

/* Where there is no contact: why, which is seldom that there is nobody. */
static void print_nobody(struct run *run, const struct contact_answer *answer)
{
	struct slice words = S("nobody was found");

	if (answer->wrong || answer->special.len ||
	    (answer->contacts.count && !answer->later_at && !answer->unanswered))
		return;
	if (answer->later_at)
		words = arena_printf(run->arena,
				     "not known yet: not all could be asked before %s; "
				     "ask again then",
				     later_text(answer).text);
	else if (answer->unanswered)
		words = S("not known: not every server gave an answer");
	else if (is_unasked(run, answer))
		words = S("not known: nobody was asked");
	print_named(&run->out, "Report to", words);
	print_asked(run, &answer->servers);
}

static void print_answer(struct run *run, const struct contact_answer *answer)
{
	print_heading(&run->out, answer);
	print_address(run, answer);
	print_names(run, &answer->names);
	print_network(run, answer);
	print_contacts(run, &answer->contacts);
	print_nobody(run, answer);
	print_rest(run, answer);
}

static void print_answer_json(struct run *run, const struct contact_answer *answer)
{
	struct json_writer writer;
	struct buffer line;

	buffer_init(&line, QUERIES_MAX_BYTES);
	json_writer_init(&writer, &line);
	contact_answer_write(&writer, answer);
	print_json(&run->out, &line);
	buffer_clear(&line);
}

/* One query a line; blank lines and those that begin with # are none. */
static void take_lines(struct run *run, struct slice text, struct slices *out)
{
	struct slice line;

	while (slice_next(&text, '\n', &line)) {
		line = slice_trim(line);
		if (line.len && line.at[0] != '#')
			*LIST_ADD(run->arena, out) = line;
	}
}

static int read_stdin(struct buffer *out, struct error *err)
{
	char bytes[4096];
	size_t got;

	while ((got = fread(bytes, 1, sizeof bytes, stdin)) > 0)
		buffer_add(out, (struct slice){ bytes, got });
	if (out->failed)
		return error_set(err, ERROR_LIMIT,
				 "the list on standard input is over %d MiB",
				 QUERIES_MAX_BYTES >> 20);
	return 0;
}

/* `path` "-": standard input. */
static int read_list(struct run *run, struct slice path, struct slices *out)
{
	struct buffer text;
	int result;

	buffer_init(&text, QUERIES_MAX_BYTES);
	result = slice_equal(path, S("-"))
			 ? read_stdin(&text, &run->err)
			 : file_read(arena_cstr(run->arena, path), &text, &run->err);
	if (result == 0)
		take_lines(run, arena_copy(run->arena, buffer_slice(&text)), out);
	buffer_clear(&text);
	return result;
}

static int read_queries(struct run *run, struct slices *out)
{
	struct slice path = run_text(run, "file");

	*out = run->arguments;
	if (path.len == 0 && out->count)
		return 0;
	return read_list(run, path.len ? path : S("-"), out);
}

struct contact_list {
	struct run *run;
	struct progress progress;
	const struct contact_answer *answers;
	size_t printed, waiting, wrong, unasked, unanswered;
	int64_t later_at; /* when the last of those waiting may be asked */
};

static void show_progress(void *context, const struct finder_progress *so_far)
{
	struct contact_list *list = context;

	run_finder_progress(&list->progress, so_far);
}

/* What was not asked, because we were stopped, is no answer. */
static void show_answer(void *context, size_t index)
{
	struct contact_list *list = context;
	const struct contact_answer *answer = &list->answers[index];
	struct run *run = list->run;

	if (answer->stopped)
		return;
	progress_hide(&list->progress);
	if (!run->json && list->printed)
		print_text(&run->out, "\n");
	if (run->json)
		print_answer_json(run, answer);
	else
		print_answer(run, answer);
	list->printed++;
	list->waiting += answer->later_at != 0;
	list->wrong += answer->wrong;
	list->unasked += is_unasked(run, answer);
	list->unanswered += answer->unanswered && !answer->later_at;
	if (answer->later_at > list->later_at)
		list->later_at = answer->later_at;
}

static bool wants_above(const struct run *run)
{
	return run_flag(run, "upstream") || run_flag(run, "path");
}

/* What was not answered, and what to do about it. */
static int list_end(struct contact_list *list, size_t count, bool stopped)
{
	struct run *run = list->run;

	if (stopped && list->printed < count)
		return error_set(&run->err, ERROR_RETRY,
				 "stopped: %zu of %zu looked up; what was learnt is "
				 "kept, so that the same again asks for the rest alone",
				 list->printed, count);
	if (list->unasked && !run->offline)
		command_notice(run,
			       "registries were not asked; 'tipoff contact --ask' asks "
			       "them now, 'registries = yes' under [look-up] always");
	if (list->wrong)
		return error_set(&run->err, ERROR_SYNTAX,
				 "%zu of %zu %s no address, name, AS number or handle "
				 "of a registry",
				 list->wrong, count, list->wrong == 1 ? "is" : "are");
	if (list->waiting)
		return error_set(
			&run->err, ERROR_RETRY,
			"%zu of %zu could not be asked about yet; what was learnt is "
			"kept, so that the same again after %s asks for them alone",
			list->waiting, count,
			time_format(list->later_at + MINUTE_US - 1, TIME_MINUTE).text);
	if (list->unanswered)
		return error_set(&run->err, ERROR_RETRY,
				 "for %zu of %zu not every server gave an answer; try "
				 "again",
				 list->unanswered, count);
	return 0;
}

static int look_up(struct run *run, struct finder *finder, const struct slices *queries)
{
	struct contact_answer *answers =
		ARENA_ARRAY(run->arena, struct contact_answer, queries->count);
	struct contact_list list = { .run = run, .answers = answers };
	struct finder_queries asked = { .at = queries->at,
					.count = queries->count,
					.progress = show_progress,
					.answered = show_answer,
					.context = &list };
	int result;

	if (wants_above(run))
		asked.answered = NULL; /* more is asked about each of them first */
	if (finder_stop_on_signals(finder, &run->err) != 0)
		return -1;
	progress_init(&list.progress, "looking up", run->quiet);
	result = finder_find(finder, run->arena, &asked, answers, &run->err);
	progress_end(&list.progress);
	for (size_t i = 0; result == 0 && wants_above(run) && i < queries->count; i++) {
		if (!answers[i].stopped)
			result = contact_upstream_add(run, finder, &answers[i]);
		if (result == 0)
			show_answer(&list, i);
	}
	return result == 0 ? list_end(&list, queries->count, finder_stopped(finder))
			   : result;
}

static enum ask_whom whom_to_ask(struct run *run)
{
	int whom = run_flag(run, "ask") ? ASK_ANYBODY : ASK_AS_CONFIGURED;

	if (wants_above(run))
		whom |= ASK_ORIGIN;
	if (run_flag(run, "csirt"))
		whom |= ASK_CSIRT;
	return (enum ask_whom)whom;
}

static int contact_run(struct run *run)
{
	enum ask_whom whom = whom_to_ask(run);
	struct slices queries;
	struct run_finder finder;
	int result;

	if (read_queries(run, &queries) != 0 ||
	    run_finder_open(run, whom, &finder, &run->err) != 0)
		return command_fail(run);
	result = look_up(run, finder.finder, &queries);
	run_finder_close(&finder);
	return result == 0 ? 0 : command_fail(run);
}

static const struct option OPTIONS[] = {
	{ "ask", 'a', OPTION_FLAG, NULL,
	  "ask registries and the DNS now, whatever the configuration says" },
	{ "file", 'f', OPTION_TEXT, "FILE",
	  "read a list from FILE, one a line; - for standard input" },
	{ "csirt", 0, OPTION_FLAG, NULL,
	  "show the national CSIRT of the network's country even where there is a "
	  "contact; asks nobody" },
	{ "upstream", 'u', OPTION_FLAG, NULL,
	  "find the contacts of the networks that announce the address as well; Team "
	  "Cymru's DNS learns the address" },
	{ "path", 0, OPTION_FLAG, NULL,
	  "find the last network before the source's by traceroute, which sends packets "
	  "towards the source; only with [look-up] path = yes" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

const struct command command_contact = {
	"contact",
	"[ADDRESS|NAME|DOMAIN|AS|HANDLE...]",
	"who is responsible, and how to reach them",
	"Finds the network of an address and its contacts, best first, each with\n"
	"where it was found; the rejected ones with the reason. Without arguments it\n"
	"reads a list from standard input, one a line, and answers in its order.\n"
	"Registries and names are asked only where the configuration or --ask allows\n"
	"it, each server within its budget and each network once; the offline index\n"
	"and the answers kept in the store are used always. Interrupted, it keeps\n"
	"what it learnt.",
	OPTIONS,
	NEEDS_NOTHING,
	contact_run,
};
