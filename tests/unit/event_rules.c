#include "event/matcher.h"
#include "event/rules.h"
#include "check.h"
#include "scratch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEBIAN "/etc/fail2ban/filter.d"

static const char SSHD[] = "[Definition]\n"
			   "failregex = ^ \\S+ sshd: Failed from <HOST>$\n";

static struct slice shipped(struct arena *arena)
{
	const char *top = getenv("TOP");

	return arena_printf(arena, "%s/rules", top ? top : ".");
}

static void loads_a_folder_in_order_of_name(void)
{
	struct scratch scratch = scratch_new();
	struct rules_options options = { 0 };
	struct error err = { 0 };
	struct rules *rules;

	scratch_write(&scratch, "zebra.conf", SSHD);
	scratch_write(&scratch, "sshd.conf", SSHD);
	scratch_write(&scratch, "common.conf", "[DEFAULT]\na = b\n");
	scratch_write(&scratch, "notes.txt", "no rule");
	scratch_write(&scratch, "upstream.conf",
		      "[sshd]\ncategory = probe\nservice = ssh\nport = 22/tcp\n"
		      "handshake = yes\n");
	options.folder = slice_of(scratch.path);
	rules = rules_load(&options, &err);
	CHECK_TEXT(err.text, "");
	if (CHECK(rules != NULL) && CHECK_INT(rules_count(rules), 2)) {
		const struct rule_report *sshd = rule_report(rules_at(rules, 0));
		const struct rule_report *zebra = rule_report(rules_at(rules, 1));

		CHECK_SLICE(sshd->name, S("sshd"));
		CHECK_INT(sshd->category, CATEGORY_PROBE);
		CHECK_INT(sshd->port, 22);
		CHECK(sshd->handshake);
		CHECK_SLICE(zebra->service, S("zebra"));
		CHECK_INT(zebra->category, CATEGORY_LOGIN_ATTACK);
		CHECK(!zebra->handshake);
	}
	rules_free(rules);
	scratch_free(&scratch);
}

static void loads_nothing_by_half(void)
{
	struct scratch scratch = scratch_new();
	struct slice names[] = { S("good"), S("bad"), S("missing") };
	struct rules_options options = { .names = names, .count = 1 };
	struct error err = { 0 };
	struct rules *rules;

	scratch_write(&scratch, "good.conf", SSHD);
	scratch_write(&scratch, "bad.conf", "[Definition]\nfailregex = <HOST> (\n");
	options.folder = slice_of(scratch.path);
	rules = rules_load(&options, &err);
	CHECK(rules != NULL);
	rules_free(rules);
	options.count = 2;
	CHECK(rules_load(&options, &err) == NULL);
	CHECK_INT(err.kind, ERROR_SYNTAX);
	CHECK(strstr(err.text, "bad.conf") != NULL);
	names[1] = names[2];
	CHECK(rules_load(&options, &err) == NULL);
	CHECK_INT(err.kind, ERROR_NOT_FOUND);
	options.folder = S("/nonexistent");
	options.count = 0;
	CHECK(rules_load(&options, &err) == NULL);
	CHECK(strstr(err.text, "/nonexistent") != NULL);
	scratch_free(&scratch);
}

/* All of fail2ban's filters in one set; nothing to see where it is not installed. */
static void fail2ban_s_filters_compile(void)
{
	struct rules_options options = { .folder = S(DEBIAN) };
	struct error err = { 0 };
	struct rules *rules;

	if (access(DEBIAN "/sshd.conf", R_OK) != 0)
		return;
	rules = rules_load(&options, &err);
	CHECK_TEXT(err.text, "");
	if (CHECK(rules != NULL)) {
		CHECK(rules_count(rules) > 80);
		CHECK(rules_have_jit(rules));
	}
	rules_free(rules);
}

static void sample_check(struct matcher *matcher, struct arena *arena,
			 const struct rule_sample *sample)
{
	struct line line = { .text = sample->line, .file = S("sample") };
	struct event event = { 0 };
	bool hit = matcher_line(matcher, arena, &line, &event) == 1 && !event.contested;
	struct address_text text = address_format(&event.source);
	struct slice source =
		event.source.family ? slice_of(text.text) : event.source_name;
	int64_t at = 0;

	if (!CHECK_INT(hit, sample->must_match))
		CHECK_SLICE(sample->line, S("(the sample of the check above)"));
	if (hit && sample->source.len > 0)
		CHECK_SLICE(source, sample->source);
	if (hit && sample->user.len > 0)
		CHECK_SLICE(event.user, sample->user);
	if (hit && time_parse(sample->time, &at) == 0) /* samples tell whole seconds */
		CHECK_INT(event.at / SECOND_US, at / SECOND_US);
}

/* Each sample in a log of its own. */
static void samples_check(const struct rules *rules, const struct zone *zone)
{
	struct matcher_options options = { .zone = zone };
	const struct rule *rule = rules_at(rules, 0);
	struct arena *arena = arena_new();

	CHECK_INT(time_parse(S("2026-12-31T00:00:00Z"), &options.written_at), 0);
	CHECK(rule_sample_count(rule) >= 10);
	for (size_t i = 0; i < rule_sample_count(rule); i++) {
		struct matcher *matcher = matcher_new(rules, &options);
		struct rule_sample sample = rule_sample_at(rule, i);

		sample_check(matcher, arena, &sample);
		matcher_free(matcher);
	}
	arena_free(arena);
}

static void shipped_rules_hold_their_samples(void)
{
	struct arena *arena = arena_new();
	struct error err = { 0 };
	struct rules_options all = { .folder = shipped(arena) };
	struct zone *zone = zone_open(S("UTC"), &err);
	struct rules *rules = rules_load(&all, &err);
	size_t count = rules != NULL ? rules_count(rules) : 0;

	CHECK_TEXT(err.text, "");
	CHECK(count > 10);
	for (size_t i = 0; i < count; i++) {
		struct slice name = rule_report(rules_at(rules, i))->name;
		struct rules_options one = { .folder = all.folder,
					     .names = &name,
					     .count = 1 };
		struct rules *alone = rules_load(&one, &err);

		if (CHECK(alone != NULL))
			samples_check(alone, zone);
		rules_free(alone);
	}
	rules_free(rules);
	zone_free(zone);
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(loads_a_folder_in_order_of_name),
			 TEST(loads_nothing_by_half), TEST(fail2ban_s_filters_compile),
			 TEST(shipped_rules_hold_their_samples));
}
