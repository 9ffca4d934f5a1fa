/* render_report PART < fixture.json - renders a report from facts written as JSON, for
 * tests/system/report_*.py. PART is subject, memo, csv, message, parts, missing or lint,
 * or a public database: what that would be told;
 * check-xarf says of X-ARF reports, one a line, what is wrong with them.
 * Not a test itself. Fixtures stand under tests/golden/report/.                         */
#include "json/reader.h"
#include "json/writer.h"
#include "report/format.h"
#include "report/lint.h"
#include "report/publication.h"
#include "report/report.h"
#include "report/xarf_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 8 * 1024 * 1024 };

static const struct json_value *get(const struct json_value *object, const char *key)
{
	return json_get(object, key);
}

static struct slice text(const struct json_value *object, const char *key)
{
	return json_text(get(object, key));
}

static int64_t instant(const struct json_value *object, const char *key)
{
	int64_t at = 0;
	struct slice given = text(object, key);

	if (given.len && time_parse(given, &at)) {
		fprintf(stderr, "no time: " SLICE_FMT "\n", SLICE_ARG(given));
		exit(2);
	}
	return at;
}

static void settings_read_from(struct arena *arena, const struct json_value *object,
			       struct settings *out)
{
	const struct {
		const char *key;
		struct slice *value;
	} rows[] = {
		{ "name", &out->name },
		{ "organisation", &out->organisation },
		{ "role", &out->role },
		{ "relation", &out->relation },
		{ "mail", &out->mail },
		{ "phone", &out->phone },
		{ "provider", &out->provider },
		{ "web", &out->web },
		{ "about", &out->about },
		{ "key", &out->key },
		{ "key_url", &out->key_url },
		{ "zone", &out->zone },
		{ "zone_words", &out->zone_words },
		{ "plus", &out->plus },
		{ "certificate", &out->certificate },
		{ "blocklist_de_server", &out->blocklist_de_server },
		{ "dshield_user", &out->dshield_user },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		*rows[i].value = text(object, rows[i].key);
	out->documentation_public = true;
	out->from_plus = json_truth(get(object, "from_plus"));
	out->wkd = json_truth(get(object, "wkd"));
	out->sensor = json_truth(get(object, "sensor"));
	out->clock_synchronised = json_truth(get(object, "ntp"));
	for (size_t i = 0; i < json_count(get(object, "words")); i++)
		*LIST_ADD(arena, &out->secret_words) =
			json_text(json_at(get(object, "words"), i));
	for (size_t i = 0; i < json_count(get(object, "own")); i++)
		*LIST_ADD(arena, &out->own) = json_text(json_at(get(object, "own"), i));
}

static void tally_from(struct arena *arena, const struct json_value *list,
		       struct tally *out)
{
	for (size_t i = 0; i < json_count(list); i++)
		*LIST_ADD(arena, out) = (struct tally_item){
			.text = json_text(json_at(list, i)),
			.count = json_count(list) - i,
		};
}

static struct address address_from(struct slice given)
{
	struct address address = { 0 };

	if (given.len && address_parse(given, &address))
		exit(2);
	return address;
}

static void lines_from(struct arena *arena, const struct json_value *list,
		       struct incident *out)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json_value *line = json_at(list, i);

		*LIST_ADD(arena, &out->evidence) = (struct evidence){
			.at = instant(line, "at"),
			.time_basis = out->time_basis,
			.file = S("test.log"),
			.line = i + 1,
			.text = text(line, "text"),
			.user = text(line, "user"),
			.source_port =
				(uint16_t)json_integer(get(line, "source_port"), 0),
		};
	}
}

static void targets_from(struct arena *arena, const struct json_value *list,
			 struct incident *out)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json_value *target = json_at(list, i);

		*LIST_ADD(arena, &out->targets) = (struct incident_target){
			.address = address_from(text(target, "address")),
			.host = text(target, "host"),
			.name = text(target, "name"),
			.count = 1,
		};
	}
}

static struct incident *incident_from(struct arena *arena,
				      const struct json_value *object,
				      const struct json_value *source)
{
	static const char *const lists[LIST_COUNT] = {
		[LIST_SERVICES] = "services",   [LIST_USERS] = "users",
		[LIST_PORTS] = "ports",         [LIST_SOURCE_PORTS] = "source_ports",
		[LIST_ADDRESSES] = "addresses", [LIST_RULES] = "rules",
	};
	static const char *const certainties[] = { "unknown", "name", "datagram",
						   "connection" };
	struct incident *out = ARENA_NEW(arena, struct incident);

	out->source = address_from(text(source, "address"));
	out->source_bits = (uint8_t)json_integer(
		get(source, "bits"), out->source.family == FAMILY_IPV6 ? 64 : 32);
	out->source_name = text(source, "name");
	out->resolved_at = instant(source, "resolved_at");
	if (category_parse(text(object, "category"), &out->category))
		exit(2);
	out->base = out->category;
	out->first = instant(object, "first");
	out->last = instant(object, "last");
	out->success_at = instant(object, "success_at");
	out->count = (uint64_t)json_integer(get(object, "count"), 1);
	out->successes = out->success_at != 0;
	out->time_basis = (enum time_basis)json_integer(get(object, "time_basis"), 1);
	out->certainty = CERTAINTY_CONNECTION;
	out->verdict = VERDICT_REPORT;
	for (size_t i = 0; i < COUNT_OF(certainties); i++)
		if (slice_equal(text(object, "certainty"), slice_of(certainties[i])))
			out->certainty = (enum certainty)i;
	for (size_t i = 0; i < LIST_COUNT; i++)
		tally_from(arena, get(object, lists[i]), &out->lists[i]);
	targets_from(arena, get(object, "targets"), out);
	lines_from(arena, get(object, "lines"), out);
	return out;
}

static struct contact_answer *about_from(struct arena *arena,
					 const struct json_value *source)
{
	struct contact_answer *out = ARENA_NEW(arena, struct contact_answer);
	const struct json_value *network = get(source, "network");

	out->address = address_from(text(source, "resolved"));
	out->has_network = network != NULL && range_parse(text(network, "range"),
							  &out->network.range) == 0;
	out->network.name = text(network, "name");
	for (size_t i = 0; i < json_count(get(source, "names")); i++)
		*LIST_ADD(arena, &out->names) = (struct source_name){
			json_text(json_at(get(source, "names"), i)), true
		};
	for (size_t i = 0; i < json_count(get(source, "origin")); i++)
		*LIST_ADD(arena, &out->origin) =
			(uint32_t)json_integer(json_at(get(source, "origin"), i), 0);
	return out;
}

static struct report_source source_from(struct arena *arena,
					const struct json_value *source)
{
	const struct json_value *list = get(source, "incidents");
	const struct incident **incidents =
		ARENA_ARRAY(arena, const struct incident *, json_count(list));

	for (size_t i = 0; i < json_count(list); i++)
		incidents[i] = incident_from(arena, json_at(list, i), source);
	return (struct report_source){
		.incidents = incidents,
		.count = json_count(list),
		.about = about_from(arena, source),
		.blocked_at = instant(source, "blocked_at"),
		.unblocked_at = instant(source, "unblocked_at"),
		.blocked_by = text(source, "blocked_by"),
		.mail = { .header = text(source, "mail") },
		.successes_read = json_truth(get(source, "successes_read")),
	};
}

static struct contact *contact_from(struct arena *arena,
				    const struct json_value *object)
{
	static const char *const found[] = { "rdap", "whois", "rwhois",    "index",
					     "dns",  "table", "convention" };
	struct contact *out = ARENA_NEW(arena, struct contact);

	out->address = text(object, "address");
	out->server = text(object, "server");
	out->checked_at = instant(object, "checked_at");
	for (size_t i = 0; i < COUNT_OF(found); i++)
		if (slice_equal(text(object, "found_by"), slice_of(found[i])))
			out->found_by = (enum found_by)i;
	if (text(object, "range").len &&
	    range_parse(text(object, "range"), &out->range))
		exit(2);
	return out;
}

static void wide_from(struct arena *arena, const struct json_value *list,
		      struct report_request *out)
{
	struct slices wide = { 0 };

	for (size_t i = 0; i < json_count(list); i++)
		*LIST_ADD(arena, &wide) = json_text(json_at(list, i));
	out->wide = wide.at;
	out->wide_count = wide.count;
}

static void request_from(struct arena *arena, const struct json_value *root,
			 struct report_request *out)
{
	struct settings *settings = ARENA_NEW(arena, struct settings);
	const struct json_value *list = get(root, "sources");
	struct report_source *sources =
		ARENA_ARRAY(arena, struct report_source, json_count(list));

	settings_read_from(arena, get(root, "settings"), settings);
	for (size_t i = 0; i < json_count(list); i++)
		sources[i] = source_from(arena, json_at(list, i));
	*out = (struct report_request){
		.settings = settings,
		.sources = sources,
		.count = json_count(list),
		.contact = get(root, "contact")
				   ? contact_from(arena, get(root, "contact"))
				   : NULL,
		.token = S("TK7Q2"),
		.message_id = S("<tk7q2.1@harbour-books.example>"),
		.made_at = instant(root, "now"),
		.sign = settings->key.len != 0 || settings->certificate.len != 0,
		.tag = text(root, "tag"),
	};
	if (text(root, "format").len &&
	    report_format_parse(text(root, "format"), &out->format))
		exit(2);
	out->terms = text(root, "terms");
	out->scale = (struct report_scale){
		.days = (uint32_t)json_integer(get(root, "days"), 0),
		.days_of = 30,
		.sources = (uint32_t)json_integer(get(root, "network_sources"), 0),
		.sources_since = instant(root, "network_sources_since"),
	};
	if (slice_equal(text(root, "reader"), S("public")))
		out->reader = READER_PUBLIC;
	wide_from(arena, get(root, "wide"), out);
	memset(out->report_uuid, 7, sizeof out->report_uuid);
	memset(out->pseudonym_key, 9, sizeof out->pseudonym_key);
}

static void print(struct slice s)
{
	if (s.len)
		fwrite(s.at, 1, s.len, stdout);
}

static void parts_print(const struct report *report)
{
	for (size_t i = 0; i < report->parts.count; i++) {
		const struct report_part *part = &report->parts.at[i];

		if (part->body.len)
			print(part->body);
		else
			printf("{\"none\":\"" SLICE_FMT "\"}", SLICE_ARG(part->reason));
		putchar('\n');
	}
}

/* What a public database would be told: each memo, its body, what is left out. */
static void publications_print(struct arena *arena,
			       const struct report_request *request,
			       enum database database)
{
	struct publications all = { 0 };
	struct left_outs left_out = { 0 };
	struct publishing *publishing = publishing_new(arena, database, request);
	struct arena *work = arena_new();

	for (size_t i = 0; i < request->count; i++) {
		publishing_add(publishing, work, &request->sources[i]);
		arena_reset(work);
	}
	arena_free(work);
	publishing_end(publishing, &all, &left_out);
	for (size_t i = 0; i < all.count; i++) {
		print(all.at[i].subject);
		putchar('\n');
		print(all.at[i].memo);
		if (all.at[i].media.len) {
			printf("--- " SLICE_FMT "\n", SLICE_ARG(all.at[i].media));
			print(all.at[i].body);
			putchar('\n');
		}
	}
	for (size_t i = 0; i < left_out.count; i++)
		printf("no " SLICE_FMT "\n",
		       SLICE_ARG(left_out_words(arena, &left_out.at[i])));
}

static void lint_print(struct arena *arena, struct slice memo)
{
	struct lint_findings findings = { 0 };

	memo_lint(lint_new(arena), arena, memo, &findings);
	for (size_t i = 0; i < findings.count; i++)
		printf("%zu: " SLICE_FMT ": " SLICE_FMT "\n", findings.at[i].line,
		       SLICE_ARG(findings.at[i].rule), SLICE_ARG(findings.at[i].text));
}

static void part_print(struct arena *arena, const struct report *report,
		       const char *part)
{
	const struct {
		const char *name;
		struct slice value;
	} rows[] = {
		{ "subject", report->subject },
		{ "memo", report->memo },
		{ "csv", report->csv },
		{ "message", report->message },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strcmp(part, rows[i].name) == 0)
			print(rows[i].value);
	if (strcmp(part, "parts") == 0)
		parts_print(report);
	if (strcmp(part, "lint") == 0)
		lint_print(arena, report->memo);
	for (size_t i = 0; strcmp(part, "missing") == 0 && i < report->missing.count;
	     i++)
		printf(SLICE_FMT "\n", SLICE_ARG(report->missing.at[i]));
}

static int report_main(int argc, char **argv, struct slice input)
{
	struct arena *arena = arena_new();
	struct error err = { 0 };
	struct json *json = json_read(input, INPUT_MAX, &err);
	struct report_request request;
	enum database database;
	struct report report;
	int status = 1;

	if (argc < 2 || !json) {
		fprintf(stderr, "render_report PART < fixture: %s\n", err.text);
		arena_free(arena);
		return 2;
	}
	request_from(arena, json_root(json), &request);
	if (argc == 2 && database_parse(slice_of(argv[1]), &database) == 0) {
		publications_print(arena, &request, database);
		status = 0;
	} else if (report_render(arena, &request, &report, &err)) {
		fprintf(stderr, "%s\n", err.text);
	} else {
		for (int i = 1; i < argc; i++)
			part_print(arena, &report, argv[i]);
		status = 0;
	}
	json_free(json);
	arena_free(arena);
	return status;
}

/* X-ARF reports, one a line: what is wrong with each, an empty line for nothing. */
static int xarf_lines_check(struct slice lines)
{
	struct slice line;
	struct error err;

	while (slice_next(&lines, '\n', &line))
		printf("%s\n", line.len && xarf_check(line, &err) != 0 ? err.text : "");
	return 0;
}

int main(int argc, char **argv)
{
	static char input[INPUT_MAX];
	size_t len = fread(input, 1, sizeof input, stdin);

	if (argc == 2 && strcmp(argv[1], "check-xarf") == 0)
		return xarf_lines_check((struct slice){ input, len });
	return report_main(argc, argv, (struct slice){ input, len });
}
