/* tipoff whois: the raw answers of the right servers, escaped for the terminal. */
#include "cli/commands.h"
#include "cli/finder.h"
#include "contact/whois.h"

static void print_part(struct run *run, const struct whois_part *part)
{
	print_colour(&run->out, COLOUR_STRONG);
	print_text(&run->out, "[");
	print_slice(&run->out, part->server);
	print_text(&run->out, "]\n");
	print_colour(&run->out, COLOUR_NONE);
	print_lines(&run->out, part->text);
	if (part->text.len && part->text.at[part->text.len - 1] != '\n')
		print_text(&run->out, "\n");
	if (part->truncated)
		print_text(&run->out, "[cut here: the server sent more than 1 MiB]\n");
}

static void print_part_json(struct run *run, struct slice query,
			    const struct whois_part *part)
{
	struct json_writer writer;
	struct buffer line;

	buffer_init(&line, 16 * 1024 * 1024);
	json_writer_init(&writer, &line);
	json_object(&writer);
	json_put_text(&writer, "type", "whois");
	json_put_string(&writer, "query", query);
	json_put_string(&writer, "server", part->server);
	json_put_string(&writer, "text", part->text);
	json_put_bool(&writer, "truncated", part->truncated);
	json_object_end(&writer);
	print_json(&run->out, &line);
	buffer_clear(&line);
}

/* "QUERY@SERVER", unless -h names the server: handles and names hold no at sign. */
static void split_query(struct run *run, struct slice *query, struct slice *server)
{
	ptrdiff_t at = slice_find_last_byte(*query, '@');

	*server = run_text(run, "host");
	if (server->len || at <= 0)
		return;
	*server = slice_from(*query, (size_t)at + 1);
	*query = slice_cut(*query, 0, (size_t)at);
}

/* "whois -h SERVER n + 192.0.2.1" needs no quotes. */
static struct slice join_arguments(struct run *run)
{
	struct slice joined = run->arguments.at[0];

	for (size_t i = 1; i < run->arguments.count; i++)
		joined = arena_printf(run->arena, SLICE_FMT " " SLICE_FMT,
				      SLICE_ARG(joined),
				      SLICE_ARG(run->arguments.at[i]));
	return joined;
}

static int whois_run(struct run *run)
{
	struct slice query = join_arguments(run), server;
	struct whois_result result = { 0 };
	struct run_finder finder;
	int status;

	if (run->offline)
		return command_usage(run, "whois asks servers: leave out --offline");
	split_query(run, &query, &server);
	if (run_finder_open(run, ASK_ANYBODY, &finder, &run->err) != 0)
		return command_fail(run);
	status = finder_whois(finder.finder, run->arena, query, server, &result,
			      &run->err);
	for (size_t i = 0; i < result.parts.count; i++) {
		if (run->json)
			print_part_json(run, query, &result.parts.at[i]);
		else
			print_part(run, &result.parts.at[i]);
	}
	run_finder_close(&finder);
	if (status != 0 && run->err.kind != ERROR_RETRY) /* those name a server */
		error_prepend(&run->err, "'" SLICE_FMT "'", SLICE_ARG(query));
	if (status == 0 && result.problem.len)
		command_problem(result.problem);
	return status == 0 ? 0 : command_fail(run);
}

static const struct option OPTIONS[] = {
	{ "host", 'h', OPTION_TEXT, "SERVER", "ask this server, HOST or HOST:PORT" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

const struct command command_whois = {
	"whois",
	"QUERY[@SERVER]",
	"the raw answer of the right WHOIS server",
	"Asks the registry that has the address, range, AS number, handle or domain, and\n"
	"follows its referrals; prints each server's answer under its name. With\n"
	"-h SERVER or QUERY@SERVER that server gets the query as it is.",
	OPTIONS,
	NEEDS_ARGUMENT,
	whois_run,
};
