#include "event/upstream.h"
#include "check.h"
#include "scratch.h"

#include <stdlib.h>

static struct slice shipped(struct arena *arena)
{
	const char *top = getenv("TOP");

	return arena_printf(arena, "%s/rules/upstream.conf", top ? top : ".");
}

static void the_shipped_table_reads(void)
{
	static const struct {
		const char *name, *service;
		int category, port, protocol;
		bool handshake, no_act;
	} rows[] = {
		{ "sshd", "ssh", CATEGORY_LOGIN_ATTACK, 22, PROTOCOL_TCP, true, false },
		{ "postfix", "smtp", CATEGORY_MAIL_ABUSE, 25, PROTOCOL_TCP, true,
		  false },
		{ "nginx-http-auth", "http", CATEGORY_LOGIN_ATTACK, 0, PROTOCOL_TCP,
		  true, false },
		{ "named-refused", "dns", CATEGORY_PROBE, 53, PROTOCOL_UDP, false,
		  false },
		{ "sogo-auth", "http", CATEGORY_LOGIN_ATTACK, 0, PROTOCOL_TCP, false,
		  false },
		{ "portsentry", "portsentry", CATEGORY_SCAN, 0, PROTOCOL_NONE, false,
		  false },
		{ "recidive", "fail2ban", CATEGORY_PROBE, 0, PROTOCOL_NONE, false,
		  true },
		{ "apache-pass", "http", CATEGORY_PROBE, 0, PROTOCOL_TCP, true, true },
	};
	struct arena *arena = arena_new();
	struct upstream upstream = { 0 };
	struct error err = { 0 };

	CHECK_INT(upstream_read(arena, shipped(arena), &upstream, &err), 0);
	CHECK_TEXT(err.text, "");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct upstream_row *row =
			upstream_find(&upstream, slice_of(rows[i].name));

		if (!CHECK(row))
			continue;
		CHECK_SLICE(row->report.name, slice_of(rows[i].name));
		CHECK_SLICE(row->report.service, slice_of(rows[i].service));
		CHECK_INT(row->report.category, rows[i].category);
		CHECK_INT(row->report.port, rows[i].port);
		CHECK_INT(row->report.protocol, rows[i].protocol);
		CHECK_INT(row->report.handshake, rows[i].handshake);
		CHECK_INT(row->marks.no_act, rows[i].no_act);
	}
	for (size_t i = 0; i < upstream.count; i++)
		CHECK(upstream.at[i].report.description.len > 0);
	CHECK(!upstream_find(&upstream, S("no-such-filter")));
	arena_free(arena);
}

/* Every filter installed here has a row. */
static void covers_the_installed_filters(void)
{
	struct arena *arena = arena_new();
	struct upstream upstream = { 0 };
	struct slices files;
	struct error err = { 0 };

	CHECK_INT(upstream_read(arena, shipped(arena), &upstream, &err), 0);
	CHECK_INT(ini_folder_files(arena, S("/etc/fail2ban/filter.d"), S(".conf"),
				   &files, &err),
		  0);
	for (size_t i = 0; i < files.count; i++) {
		struct slice name =
			slice_cut(files.at[i], sizeof "/etc/fail2ban/filter.d",
				  files.at[i].len - 5);

		if (!filter_is_part(name) && !upstream_find(&upstream, name))
			CHECK_SLICE(name, S("a row in rules/upstream.conf"));
	}
	arena_free(arena);
}

static void refuses_a_bad_row(void)
{
	struct arena *arena = arena_new();
	struct scratch scratch = scratch_new();
	struct upstream upstream = { 0 };
	struct error err = { 0 };

	scratch_write(&scratch, "u.conf",
		      "[a]\ncategory = probe\nservice = x\n"
		      "[b]\ncategory = probe\nservise = x\n");
	CHECK_INT(upstream_read(arena, scratch_path(&scratch, "u.conf"), &upstream,
				&err),
		  -1);
	CHECK(slice_find(slice_of(err.text),
			 S("u.conf:6: unknown key 'servise' in [b]")) > 0);
	CHECK_INT(upstream.count, 0);
	arena_free(arena);
	scratch_free(&scratch);
}

int main(void)
{
	return CHECK_RUN(TEST(the_shipped_table_reads),
			 TEST(covers_the_installed_filters), TEST(refuses_a_bad_row));
}
