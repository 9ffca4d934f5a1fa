#include "check.h"
#include "report/evidence.h"

static struct arena *arena;

/* A request about one source, with one line of evidence. */
struct scene {
	struct settings settings;
	struct incident incident;
	const struct incident *incidents[1];
	struct contact_answer about;
	struct report_source source;
	struct report_request request;
	struct facts facts;
};

static void scene_set(struct scene *scene, const char *source)
{
	static const uint8_t key[32] = { 1, 2, 3 };

	*scene = (struct scene){ 0 };
	CHECK_INT(address_parse(slice_of(source), &scene->incident.source), 0);
	scene->incident.source_bits = scene->incident.source.family == 6 ? 64 : 32;
	scene->settings.documentation_public = true;
	scene->incidents[0] = &scene->incident;
	scene->source = (struct report_source){ .incidents = scene->incidents,
						.count = 1,
						.about = &scene->about };
	scene->request = (struct report_request){ .settings = &scene->settings,
						  .sources = &scene->source,
						  .count = 1 };
	for (size_t i = 0; i < sizeof key; i++)
		scene->request.pseudonym_key[i] = key[i];
}

static void target_add(struct scene *scene, const char *address, const char *host)
{
	struct incident_target *target = LIST_ADD(arena, &scene->incident.targets);

	*target = (struct incident_target){ .host = slice_of(host) };
	CHECK_INT(address_parse(slice_of(address), &target->address), 0);
}

static struct slice redacted(struct scene *scene, struct slice text, const char *user)
{
	struct redaction redaction = {
		.facts = &scene->facts,
		.key = { (const char *)scene->request.pseudonym_key, 32 },
	};
	struct evidence line = { .text = text, .user = slice_of(user) };

	facts_gather(arena, &scene->settings, &scene->source, &scene->facts);
	return redact_line(arena, &redaction, &line);
}

static void keeps_what_is_needed(void)
{
	static const char *const rows[] = {
		"",
		"Failed password for root from 203.0.113.77 port 40112 ssh2",
		"SRC=203.0.113.77 DST=198.51.100.20 LEN=44 PROTO=TCP SPT=1 DPT=22",
		"pam_unix(sshd:auth): authentication failure; rhost=203.0.113.77",
		"dovecot: auth: passwd-file(root,203.0.113.77): unknown",
		"at 12:34:56 std::map 1.2.3 ::",
		"\"GET /.env HTTP/1.1\" 404 what?",
		"OpenSSH_9.2.1.1 said bye",
	};
	struct scene scene;

	scene_set(&scene, "203.0.113.77");
	target_add(&scene, "198.51.100.20", "web1");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_SLICE(redacted(&scene, slice_of(rows[i]), ""), slice_of(rows[i]));
}

static void takes_out_what_is_not(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "Failed password for invalid user admin from 203.0.113.77",
		  "Failed password for admin from 203.0.113.77" },
		{ "Invalid user admin from 203.0.113.77",
		  "User admin from 203.0.113.77" },
		{ "GET /?id=7&lang=en&x HTTP/1.1",
		  "GET /?id=...&lang=...&... HTTP/1.1" },
		{ "GET /?-d+allow_url_include HTTP", "GET /?... HTTP" },
		{ "password=hunter2 next", "password=... next" },
		{ "\"password\": \"hunter 2\", \"a\"", "\"password\": \"...\", \"a\"" },
		{ "Authorization: Basic cm9vdA== x", "Authorization: ..." },
		{ "Cookie: a=b; c=d", "Cookie: ..." },
		{ "http://root:pw@203.0.113.77/", "http://...@203.0.113.77/" },
		{ "login attempt [root/123456] failed",
		  "login attempt [root/...] failed" },
		{ "MAC=52:54:00:12:34:56:08:00 SRC=203.0.113.77",
		  "MAC=... SRC=203.0.113.77" },
		{ "from 192.0.2.9 to [192.0.2.9]:25", "from [other address] to "
						      "[[other address]]:25" },
		{ "at 2001:db8::9, 192.0.2.9:4711.", "at [other address], [other "
						     "address]:4711." },
		{ "DST=10.0.0.5 lo=127.0.0.1",
		  "DST=[inside address] lo=[inside address]" },
	};
	struct scene scene;

	scene_set(&scene, "203.0.113.77");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_SLICE(redacted(&scene, slice_of(rows[i].text), ""),
			    slice_of(rows[i].want));
}

static void names_become_pseudonyms(void)
{
	static const struct {
		const char *text, *user;
	} rows[] = {
		{ "web1 sshd[1]: Failed password for maria from 203.0.113.77",
		  "maria" },
		{ "web1 sshd[1]: Failed password for maria from 203.0.113.77", "" },
		{ "dovecot: imap-login: failed: user=<maria>, rip=203.0.113.77", "" },
		{ "to=<maria@harbour-books.example> x", "" },
		{ "vsftpd: [maria] FAIL LOGIN", "maria" },
	};
	struct slice first = { 0 };
	struct scene scene;

	scene_set(&scene, "203.0.113.77");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice got =
			redacted(&scene, slice_of(rows[i].text), rows[i].user);
		ptrdiff_t at = slice_find(got, S("user-"));

		CHECK_INT(slice_find(got, S("maria")), -1);
		if (!CHECK(at >= 0))
			continue;
		got = slice_cut(got, (size_t)at, (size_t)at + 10);
		CHECK_SLICE(got, i ? first : got);
		first = got;
	}
	scene.request.pseudonym_key[0] = 9;
	CHECK(slice_find(redacted(&scene, slice_of(rows[0].text), "maria"), first) < 0);
}

/* Who logs in under the name of a program or of the source changes no line's head. */
static void a_hostile_name_changes_nothing_else(void)
{
	struct scene scene;
	struct slice got;

	scene_set(&scene, "203.0.113.77");
	got = redacted(&scene,
		       S("web1 sshd[1]: Failed password for sshd from 203.0.113.77"),
		       "sshd");
	CHECK(slice_starts(got, S("web1 sshd[1]: Failed")));
	got = redacted(
		&scene,
		S("x sshd[1]: Failed password for 203.0.113.77 from 203.0.113.77"),
		"203.0.113.77");
	CHECK_SLICE(got,
		    S("x sshd[1]: Failed password for 203.0.113.77 from 203.0.113.77"));
	got = redacted(&scene, S("x sshd[1]: for a from 192.0.2.1 from 203.0.113.77"),
		       "a from 192.0.2.1");
	CHECK_INT(slice_find(got, S("192.0.2.1")), -1);
}

static void a_whole_prefix_is_the_source(void)
{
	struct scene scene;

	scene_set(&scene, "2001:db8:1:2::");
	CHECK_SLICE(redacted(&scene, S("from 2001:db8:1:2::9 and 2001:db8:1:3::9"), ""),
		    S("from 2001:db8:1:2::9 and [other address]"));
}

static void a_sensor_has_no_name(void)
{
	struct scene scene;

	scene_set(&scene, "203.0.113.77");
	target_add(&scene, "198.51.100.20", "trap");
	scene.settings.sensor = true;
	CHECK_SLICE(redacted(&scene, S("1 trap sshd: trap.example to 198.51.100.20"),
			     ""),
		    S("1 sensor sshd: sensor.example to [sensor]"));
}

/* Any bytes, cut anywhere, are read to their end and no further. */
static void survives_any_cut(void)
{
	static const char text[] =
		"Nov 20 web1 sshd[3]: Failed password for invalid user \xff\0m@x from "
		"192.0.2.1:4 login attempt [a/b] ://a:b@c /?a=b&c password=\"x Cookie: y "
		"2001:db8::1.";
	struct scene scene;

	scene_set(&scene, "203.0.113.77");
	for (size_t i = 0; i < sizeof text; i++) {
		char *copy = arena_cstr(arena, (struct slice){ text, i });

		redacted(&scene, (struct slice){ copy, i }, "m");
	}
	CHECK(true);
}

static void lines_are_spread_and_the_success_is_among_them(void)
{
	struct evidence_block block;
	struct scene scene;

	scene_set(&scene, "203.0.113.77");
	for (int i = 0; i < 20; i++)
		*LIST_ADD(arena, &scene.incident.evidence) = (struct evidence){
			.at = (19 - i) * MINUTE_US,
			.text = arena_printf(arena, "line %d", 19 - i),
		};
	scene.incident.count = 30;
	scene.incident.success_at = 2 * MINUTE_US;
	scene.incident.successes = 1;
	facts_gather(arena, &scene.settings, &scene.source, &scene.facts);
	evidence_gather(arena, &scene.request, &scene.facts, 4, &block);
	CHECK_INT(block.shown, 4);
	CHECK_INT(block.total, 31);
	CHECK_SLICE(block.text, S("1970-01-01 00:00:00 +0000 | line 0\n"
				  "1970-01-01 00:02:00 +0000 | line 2\n"
				  "1970-01-01 00:13:00 +0000 | line 13\n"
				  "1970-01-01 00:19:00 +0000 | line 19\n"));
	evidence_gather(arena, &scene.request, &scene.facts, 1, &block);
	CHECK_SLICE(block.text, S("1970-01-01 00:00:00 +0000 | line 0\n"));
}

int main(void)
{
	int failed;

	arena = arena_new();
	failed = CHECK_RUN(TEST(keeps_what_is_needed), TEST(takes_out_what_is_not),
			   TEST(names_become_pseudonyms),
			   TEST(a_hostile_name_changes_nothing_else),
			   TEST(a_whole_prefix_is_the_source),
			   TEST(a_sensor_has_no_name), TEST(survives_any_cut),
			   TEST(lines_are_spread_and_the_success_is_among_them));
	arena_free(arena);
	return failed;
}
