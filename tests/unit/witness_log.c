/* Tells what rules make of lines, for tests/system/fail2ban_samples.py.
 *
 *   witness_log ZONE NOW < INPUT
 * INPUT: "rule FOLDER NAME" (tab between the two) begins afresh with that rule, parameters
 * and all, <HOST> being a name too; any other line is a log line behind one blank. For a
 * rule the answer is "rule" or "error TEXT"; for a log line it is the verdict, the number of
 * the failregex, the second, the source, the user, then the named groups as NAME=VALUE, all
 * separated by tabs and escaped.                                                       */
#include "base/clock.h"
#include "base/escape.h"
#include "event/matcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const VERDICTS[WITNESS_VERDICTS] = {
	"missed", "ignored", "harmless", "waiting", "no-source", "limited", "matched",
};

struct telling {
	struct zone *zone;
	int64_t now;
	struct rules *rules;
	struct matcher *matcher;
	struct witness witness;
};

static void text_print(char before, struct slice text)
{
	struct buffer out;

	buffer_init(&out, 1 << 20);
	escape_terminal(&out, text);
	printf("%c" SLICE_FMT, before, SLICE_ARG(buffer_slice(&out)));
	buffer_clear(&out);
}

static struct slice source_text(const struct event *event)
{
	static struct address_text text;

	text = address_format(&event->source);
	return event->source.family ? slice_of(text.text) : event->source_name;
}

static void account_print(void *context, const struct witness_account *account)
{
	const struct event *event = account->event;

	(void)context;
	printf("%s\t%d", VERDICTS[account->verdict], account->failregex);
	printf("\t%.6f", account->dated ? (double)account->at / SECOND_US : 0);
	text_print('\t', event ? source_text(event) : S(""));
	text_print('\t', event ? event->user : S(""));
	for (size_t i = 0; i < account->groups.count; i++) {
		const struct witness_group *group = &account->groups.at[i];

		text_print('\t', group->name);
		if (group->value.at != NULL)
			text_print('=', group->value);
	}
	printf("\n");
}

static void rule_begin(struct telling *telling, struct slice given)
{
	struct slice folder = slice_cut(given, 0, (size_t)slice_find_byte(given, '\t'));
	struct slice name = slice_from(given, folder.len + 1);
	struct rules_options options = {
		.folder = folder, .names = &name, .count = 1, .usedns_raw_names = true
	};
	struct matcher_options matching = { .zone = telling->zone,
					    .written_at = telling->now };
	struct error err = { 0 };

	matcher_free(telling->matcher);
	rules_free(telling->rules);
	telling->matcher = NULL;
	telling->rules = rules_load(&options, &err);
	if (telling->rules) {
		telling->matcher = matcher_new(telling->rules, &matching);
		matcher_tell(telling->matcher, &telling->witness);
	}
	printf("%s%s\n", telling->rules ? "rule" : "error ", err.text);
}

static void input_read(struct telling *telling)
{
	struct arena *arena = arena_new();
	struct line line = { .file = S("log") };
	struct event event;
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&text, &room, stdin)) >= 0) {
		line.text = (struct slice){ text, (size_t)len };
		if (slice_ends(line.text, S("\n")))
			line.text.len--;
		if (slice_starts(line.text, S("rule "))) {
			rule_begin(telling, slice_from(line.text, 5));
			continue;
		}
		line.text = slice_from(line.text, 1);
		line.number++;
		arena_reset(arena);
		if (telling->matcher)
			matcher_line(telling->matcher, arena, &line, &event);
	}
	free(text);
	arena_free(arena);
}

int main(int argc, char **argv)
{
	struct telling telling = { .witness = { .tell = account_print } };
	struct error err = { 0 };

	if (argc != 3 || time_parse(slice_of(argv[2]), &telling.now) != 0) {
		fputs("witness_log ZONE NOW < INPUT\n", stderr);
		return 2;
	}
	telling.zone = zone_open(slice_of(argv[1]), &err);
	if (telling.zone == NULL) {
		fprintf(stderr, "witness_log: %s\n", err.text);
		return 1;
	}
	input_read(&telling);
	matcher_free(telling.matcher);
	rules_free(telling.rules);
	zone_free(telling.zone);
	return 0;
}
