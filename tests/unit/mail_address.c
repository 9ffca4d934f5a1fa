#include "base/arena.h"
#include "check.h"
#include "mail/address.h"

#include <string.h>

static void cleans_what_registries_write(void)
{
	static const struct {
		const char *raw, *clean;
	} rows[] = {
		{ "abuse@isp.example", "abuse@isp.example" },
		{ " Abuse@ISP.Example. ", "abuse@isp.example" },
		{ "abuse@isp.example <abuse@isp.example>", "abuse@isp.example" },
		{ "Abuse Desk <abuse@isp.example>", "abuse@isp.example" },
		{ "\"Abuse, Desk\" <abuse@isp.example>", "abuse@isp.example" },
		{ "abuse@isp.example,", "abuse@isp.example" },
		{ "abuse@isp.example (preferred)", "abuse@isp.example" },
		{ "abuse@isp.example noc@isp.example", "abuse@isp.example" },
		{ "[email]abuse@isp.example[/email]", "abuse@isp.example" },
		{ "mailto:abuse@isp.example", "abuse@isp.example" },
		{ "<abuse@isp.example>", "abuse@isp.example" },
		{ "'abuse@isp.example'", "abuse@isp.example" },
		{ "abuse at isp dot example", "abuse@isp.example" },
		{ "abuse(at)isp[dot]example", "abuse@isp.example" },
		{ "one&all@isp.example", "one&all@isp.example" },
		{ "pat.o'neil@isp.example", "pat.o'neil@isp.example" },
		{ "abuse@my_isp.example", "abuse@my_isp.example" },
		{ "abuse+net@isp.example", "abuse+net@isp.example" },
		{ "\"r:[/q/]*4;e'*&m'\"@isp.example",
		  "\"r:[/q/]*4;e'*&m'\"@isp.example" },
		{ "\"a\\b \\\"c\"@isp.example", "\"ab \\\"c\"@isp.example" },
		{ "abuse@isp.example\r\n", "abuse@isp.example" },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice out = { 0 };
		struct error err = { 0 };

		CHECK_INT(mail_address_clean(arena, slice_of(rows[i].raw), true, &out,
					     &err),
			  0);
		CHECK_SLICE(out, slice_of(rows[i].clean));
	}
	arena_free(arena);
}

static void refuses_what_is_no_address(void)
{
	static const char *const rows[] = {
		"",
		"abuse",
		"abuse@",
		"@isp.example",
		"abuse@localhost",
		"abuse@isp.invalid",
		"abuse@[192.0.2.1]",
		"abuse@192.0.2.1",
		"abuse@isp.example\r\nBcc: victim@other.example",
		"abuse@isp.example\rX",
		"abuse@isp.example%0d%0aX: y",
		"abuse%other.example@isp.example",
		"other.example!abuse@isp.example",
		"@a.example,@b.example:abuse@isp.example",
		"-oQ/tmp@isp.example",
		"-oQ/tmp",
		"|cmd@isp.example",
		"/etc/passwd@isp.example",
		"=?utf-8?q?a?=@isp.example",
		".abuse@isp.example",
		"abuse.@isp.example",
		"a..b@isp.example",
		"abuse@isp..example",
		"abuse@-isp.example",
		"abuse@isp.example@evil.example",
		"abuse desk@isp.example",
		"\"abuse@isp.example",
		"\"a\tb\"@isp.example",
		"REDACTED FOR PRIVACY",
		"***@isp",
		"\x1b[2Jabuse@isp.example",
		"b\xc3\xbcro@isp.example",
		"abuse@b\xc3\xbcro.example",
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice out = S("untouched");
		struct error err = { 0 };

		if (!CHECK_INT(mail_address_clean(arena, slice_of(rows[i]), true, &out,
						  &err),
			       -1))
			CHECK_SLICE(out, slice_of(rows[i]));
		CHECK_INT(err.kind, ERROR_SYNTAX);
		CHECK_SLICE(out, S("untouched"));
	}
	arena_free(arena);
}

static void caps_lengths(void)
{
	struct arena *arena = arena_new();
	char text[400];
	struct slice out = { 0 };
	struct error err = { 0 };

	memset(text, 'a', sizeof text);
	memcpy(text + 65, "@isp.example", 12);
	CHECK_INT(mail_address_clean(arena, (struct slice){ text, 77 }, true, &out,
				     &err),
		  -1);
	CHECK_INT(mail_address_clean(arena, (struct slice){ text + 1, 76 }, true, &out,
				     &err),
		  0);
	memset(text, 'a', sizeof text);
	text[1] = '@';
	for (size_t i = 40; i < sizeof text; i += 40)
		text[i] = '.';
	CHECK_INT(mail_address_clean(arena, (struct slice){ text, 254 }, true, &out,
				     &err),
		  0);
	CHECK_INT(mail_address_clean(arena, (struct slice){ text, 256 }, true, &out,
				     &err),
		  -1);
	arena_free(arena);
}

static void example_domains_are_placeholders_unless_allowed(void)
{
	static const char *const rows[] = { "a@isp.example", "a@example.com",
					    "a@mail.example.org", "a@example.net" };
	struct arena *arena = arena_new();
	struct slice out = { 0 };
	struct error err = { 0 };

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_INT(mail_address_clean(arena, slice_of(rows[i]), false, &out,
					     &err),
			  -1);
	CHECK_INT(mail_address_clean(arena, S("a@myexample.com"), false, &out, &err),
		  0);
	arena_free(arena);
}

/* Cut off anywhere, an address is refused or shorter, never something unclean. */
static void every_cut_is_clean(void)
{
	struct slice raw = S("\"Abuse, D\" <\"a b\"@isp.example> (preferred)");
	struct arena *arena = arena_new();

	for (size_t len = 0; len <= raw.len; len++) {
		struct slice out = { 0 };
		struct error err = { 0 };

		if (mail_address_clean(arena, slice_cut(raw, 0, len), true, &out, &err))
			continue;
		CHECK(slice_starts(out, S("\"a b\"@isp.e")));
	}
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(cleans_what_registries_write),
			 TEST(refuses_what_is_no_address), TEST(caps_lengths),
			 TEST(example_domains_are_placeholders_unless_allowed),
			 TEST(every_cut_is_clean));
}
