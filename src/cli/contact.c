/* tipoff contact: who is responsible for an address, a name, an AS number, a handle. */
#include "cli/commands.h"
#include "cli/contact_upstream.h"
#include "cli/finder.h"
#include "contact/answer_json.h"

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
		print_named(&run->out, "Asked as",
			    arena_printf(run->arena, "%s, the IPv4 address inside it",
					 address_format(&answer->reported_as).text));
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
	words = arena_printf(run->arena, SLICE_FMT ", %s", SLICE_ARG(words),
			     time_format(contact->checked_at, TIME_DATE).text);
	if (contact->wants.len)
		words = arena_printf(run->arena, SLICE_FMT "; wants: " SLICE_FMT,
				     SLICE_ARG(words), SLICE_ARG(contact->wants));
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

static void print_answer(struct run *run, const struct contact_answer *answer)
{
	print_heading(&run->out, answer);
	print_address(run, answer);
	print_names(run, &answer->names);
	print_network(run, answer);
	print_contacts(run, &answer->contacts);
	if (answer->contacts.count == 0 && answer->special.len == 0)
		print_named(&run->out, "Report to", S("nobody was found"));
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

/* Words of standard input, where no argument was given. */
static int read_queries(struct run *run, struct slices *out)
{
	struct buffer text;
	struct slice rest, line;
	char bytes[4096];
	size_t got;

	buffer_init(&text, QUERIES_MAX_BYTES);
	while ((got = fread(bytes, 1, sizeof bytes, stdin)) > 0)
		buffer_add(&text, (struct slice){ bytes, got });
	if (text.failed) {
		buffer_clear(&text);
		return error_set(&run->err, ERROR_LIMIT,
				 "the list on standard input is over %d MiB",
				 QUERIES_MAX_BYTES >> 20);
	}
	rest = arena_copy(run->arena, buffer_slice(&text));
	buffer_clear(&text);
	while (slice_next(&rest, '\n', &line)) {
		line = slice_trim(line);
		if (line.len && line.at[0] != '#')
			*LIST_ADD(run->arena, out) = line;
	}
	return 0;
}

static void show_progress(void *context, size_t done, size_t count)
{
	progress_show(context, done, count);
}

static enum ask_whom whom_to_ask(struct run *run)
{
	int whom = run_flag(run, "ask") ? ASK_ANYBODY : ASK_AS_CONFIGURED;

	if (run_flag(run, "upstream") || run_flag(run, "path"))
		whom |= ASK_ORIGIN;
	if (run_flag(run, "csirt"))
		whom |= ASK_CSIRT;
	return (enum ask_whom)whom;
}

static int contact_run(struct run *run)
{
	enum ask_whom whom = whom_to_ask(run);
	struct slices queries = run->arguments;
	struct contact_answer *answers;
	struct run_finder finder;
	struct progress progress;
	int status;

	if (queries.count == 0 && read_queries(run, &queries) != 0)
		return command_fail(run);
	if (run_finder_open(run, whom, &finder, &run->err) != 0)
		return command_fail(run);
	answers = ARENA_ARRAY(run->arena, struct contact_answer, queries.count);
	progress_init(&progress, "looking up", run->quiet);
	status = finder_find(finder.finder, run->arena,
			     &(struct finder_queries){ queries.at, queries.count,
						       show_progress, &progress },
			     answers, &run->err);
	progress_end(&progress);
	for (size_t i = 0; status == 0 && i < queries.count; i++)
		status = contact_upstream_add(run, finder.finder, &answers[i]);
	for (size_t i = 0; status == 0 && i < queries.count; i++) {
		if (run->json)
			print_answer_json(run, &answers[i]);
		else
			print_answer(run, &answers[i]);
		if (!run->json && i + 1 < queries.count)
			print_text(&run->out, "\n");
	}
	run_finder_close(&finder);
	return status == 0 ? 0 : command_fail(run);
}

static const struct option OPTIONS[] = {
	{ "ask", 'a', OPTION_FLAG, NULL,
	  "ask registries and the DNS now, whatever the configuration says" },
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
	"reads a list from standard input. Registries and names are asked only where\n"
	"the configuration or --ask allows it; the offline index and the answers kept\n"
	"in the store are used always.",
	OPTIONS,
	NEEDS_NOTHING,
	contact_run,
};
