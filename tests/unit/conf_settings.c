#include "conf/settings.h"

#include "base/clock.h"
#include "check.h"
#include "conf/schema.h"
#include "scratch.h"

#include <string.h>

static int read_text(struct arena *arena, const char *text, struct settings *out,
		     struct error *err)
{
	struct scratch scratch = scratch_new();
	struct settings_source source = { 0 };
	int result;

	scratch_write(&scratch, "tipoff.conf", text);
	source.path = arena_copy(arena, scratch_path(&scratch, "tipoff.conf"));
	result = settings_read(arena, &source, out, err);
	scratch_free(&scratch);
	return result;
}

static void every_row_has_a_good_default(void)
{
	struct arena *arena = arena_new();
	struct settings settings;
	struct error err = { 0 };

	CHECK_INT(read_text(arena, "", &settings, &err), 0);
	CHECK_INT(settings.judge_failures, 10);
	CHECK_INT(settings.judge_window_us, 24 * HOUR_US);
	CHECK_INT(settings.registries, CONSENT_UNASKED);
	CHECK_SLICE(settings.send_method, S("sendmail"));
	CHECK(!settings.documentation_public);
	for (size_t i = 0; i < schema_count; i++)
		CHECK(strlen(schema[i].help) > 10);
	arena_free(arena);
}

static void values_of_each_type_are_read(void)
{
	struct arena *arena = arena_new();
	struct settings settings;
	struct error err = { 0 };

	CHECK_INT(
		read_text(
			arena,
			"[reporter]\nname = Maria Keller 100%\n"
			"[hosts]\nweb1 = 198.51.100.5 web1.example.net\nweb2=198.51.100.6\n"
			"[own]\naddresses = 198.51.100.0/28, 2001:db8::/48\n  192.0.2.1\n"
			"[logs]\nfiles = /var/log/a b.log\n  /var/log/c\n"
			"[judge]\nfailures = 5\nstale = 3 d\nwindow = 90 m\n"
			"[look-up]\nregistries = yes\nreverse-names = no\n",
			&settings, &err),
		0);
	CHECK_TEXT(err.text, "");
	CHECK_SLICE(settings.name, S("Maria Keller 100%"));
	CHECK_INT(settings.hosts.count, 2);
	CHECK_SLICE(settings.hosts.at[0].name, S("web1.example.net"));
	CHECK_INT(settings.own.count, 3);
	CHECK_INT(settings.logs.count, 2);
	CHECK_SLICE(settings.logs.at[0], S("/var/log/a b.log"));
	CHECK_INT(settings.judge_failures, 5);
	CHECK_INT(settings.judge_stale_us, 3 * DAY_US);
	CHECK_INT(settings.judge_window_us, 90 * MINUTE_US);
	CHECK_INT(settings.registries, CONSENT_YES);
	CHECK_INT(settings.reverse, CONSENT_NO);
	arena_free(arena);
}

static void a_bad_value_is_named_with_its_place(void)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{ "[reporter]\nnmae = x\n",
		  ":2:8: unknown key 'nmae' in [reporter]; did you "
		  "mean 'name' in [reporter]?" },
		{ "[nowhere]\nx = y\n", ":2:5: unknown key 'x' in [nowhere]" },
		{ "[judge]\nfailures = 0\n", "whole number from 1 to 1000000" },
		{ "[judge]\nfailures = ten\n", "'failures' is 'ten'" },
		{ "[judge]\nfailures = 99999999999999999999\n", "whole number" },
		{ "[judge]\nstale = 5 weeks\n", "write a time such as" },
		{ "[judge]\nstale = 1 s\n", "write a time such as" },
		{ "[judge]\ndocumentation = maybe\n", "write one of no|public" },
		{ "[look-up]\nregistries = perhaps\n", "write one of ask|no|yes" },
		{ "[send]\nmethod = pigeon\n", "write one of sendmail|smtp" },
		{ "[hosts]\nweb1 =\n", "write LOGHOST = PUBLIC-ADDRESS [FULL-NAME]" },
		{ "[reporter\nname = x\n", "tipoff.conf:1" },
		{ "name = x\n", "tipoff.conf:1" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct settings settings = { .judge_failures = -7 };
		struct error err = { 0 };

		CHECK_INT(read_text(arena, rows[i].text, &settings, &err), -1);
		CHECK_INT(err.kind, ERROR_CONFIG);
		if (slice_find(slice_of(err.text), slice_of(rows[i].words)) < 0)
			CHECK_TEXT(err.text, rows[i].words);
		CHECK_INT(settings.judge_failures, -7);
		arena_free(arena);
	}
}

static void the_command_line_wins(void)
{
	struct arena *arena = arena_new();
	struct settings_source source = { 0 };
	struct scratch scratch = scratch_new();
	struct settings settings;
	struct error err = { 0 };

	scratch_write(&scratch, "tipoff.conf", "[judge]\nfailures = 5\nusers = 7\n");
	source.path = scratch_path(&scratch, "tipoff.conf");
	*LIST_ADD(arena, &source.overrides) = S("judge.failures=6");
	CHECK_INT(settings_read(arena, &source, &settings, &err), 0);
	CHECK_INT(settings.judge_failures, 6);
	CHECK_INT(settings.judge_users, 7);
	*LIST_ADD(arena, &source.overrides) = S("judge");
	CHECK_INT(settings_read(arena, &source, &settings, &err), -1);
	CHECK_TEXT(err.text, "--set: 'judge': write SECTION.KEY=VALUE");
	scratch_free(&scratch);
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(every_row_has_a_good_default),
			 TEST(values_of_each_type_are_read),
			 TEST(a_bad_value_is_named_with_its_place),
			 TEST(the_command_line_wins));
}
