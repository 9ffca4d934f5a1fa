/* match_log [--names] FOLDER ZONE NOW LOG RULE... - prints the events that rules find in a log.
 *
 * For system tests. One line an event: line number, time, source, user, rule, "contested"
 * or "-", separated by tabs; then one line "counts" with the matcher's counts. NOW is
 * RFC 3339, LOG may be "-". No RULE: all of the folder. --names: any source may be a name. */
#include "base/clock.h"
#include "base/escape.h"
#include "event/matcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void field_print(struct slice text)
{
	struct buffer out;

	buffer_init(&out, 1 << 20);
	escape_terminal(&out, text);
	printf("\t" SLICE_FMT, SLICE_ARG(buffer_slice(&out)));
	buffer_clear(&out);
}

static void event_print(const struct event *event)
{
	struct address_text source = address_format(&event->source);

	printf("%llu\t%s", (unsigned long long)event->line.number,
	       time_format(event->at, TIME_RFC3339).text);
	field_print(event->source.family ? slice_of(source.text) : event->source_name);
	field_print(event->user);
	field_print(event->rule);
	printf("\t%s\n", event->contested ? "contested" : "-");
}

static void counts_print(const struct matcher *matcher)
{
	struct matcher_counts counts = matcher_counts(matcher);

	printf("counts\tlines %llu\tevents %llu\tundated %llu\tlimited %llu\t"
	       "contested %llu\tbad %llu\n",
	       (unsigned long long)counts.lines, (unsigned long long)counts.events,
	       (unsigned long long)counts.undated, (unsigned long long)counts.limited,
	       (unsigned long long)counts.contested,
	       (unsigned long long)counts.bad_address);
}

static void log_match(struct matcher *matcher, FILE *log)
{
	struct arena *arena = arena_new();
	struct line line = { .file = S("log") };
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&text, &room, log)) >= 0) {
		struct event event;

		line.text = (struct slice){ text, (size_t)len };
		while (slice_ends(line.text, S("\n")) || slice_ends(line.text, S("\r")))
			line.text.len--;
		line.number++;
		arena_reset(arena);
		if (matcher_line(matcher, arena, &line, &event))
			event_print(&event);
	}
	counts_print(matcher);
	free(text);
	arena_free(arena);
}

static int rules_match(char **argv, struct zone *zone, const struct rules *rules)
{
	struct matcher_options options = { .zone = zone };
	struct matcher *matcher;
	FILE *log = strcmp(argv[4], "-") == 0 ? stdin : fopen(argv[4], "r");

	if (log == NULL || time_parse(slice_of(argv[3]), &options.written_at) != 0) {
		fprintf(stderr, "match_log: '%s' or '%s' is wrong\n", argv[3], argv[4]);
		return 2;
	}
	matcher = matcher_new(rules, &options);
	log_match(matcher, log);
	matcher_free(matcher);
	fclose(log);
	return 0;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct rules_options options = { 0 };
	struct slice names[100];
	struct rules *rules;
	struct zone *zone;
	int status = 1;

	if (argc > 1 && strcmp(argv[1], "--names") == 0) {
		options.usedns_raw_names = true;
		argc--;
		argv++;
	}
	if (argc < 5 || argc > 100) {
		fputs("match_log [--names] FOLDER ZONE NOW LOG RULE...\n", stderr);
		return 2;
	}
	for (int i = 5; i < argc; i++)
		names[options.count++] = slice_of(argv[i]);
	options.names = names;
	options.folder = slice_of(argv[1]);
	zone = zone_open(slice_of(argv[2]), &err);
	rules = zone ? rules_load(&options, &err) : NULL;
	if (rules != NULL)
		status = rules_match(argv, zone, rules);
	else
		fprintf(stderr, "match_log: %s\n", err.text);
	rules_free(rules);
	zone_free(zone);
	return status;
}
