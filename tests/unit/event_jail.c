#include "event/jail.h"

#include "check.h"
#include "event/jail_action.h"
#include "event/jail_port.h"
#include "scratch.h"

static struct slice ports_text(struct arena *arena, const struct jail_ports *ports,
			       const struct slices *unknown)
{
	struct slice text = S("");

	for (size_t i = 0; i < ports->count; i++)
		text = arena_printf(arena, SLICE_FMT "%u-%u ", SLICE_ARG(text),
				    ports->at[i].first, ports->at[i].last);
	for (size_t i = 0; i < unknown->count; i++)
		text = arena_printf(arena, SLICE_FMT "?" SLICE_FMT " ", SLICE_ARG(text),
				    SLICE_ARG(unknown->at[i]));
	return text;
}

static void reads_ports(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "22", "22-22 " },
		{ "ssh", "22-22 " },
		{ "http,https", "80-80 443-443 " },
		{ "0:65535", "0-65535 " },
		{ "2200-2299, ssh\nsmtp", "2200-2299 22-22 25-25 " },
		{ "ftp-data", "20-20 " },
		{ "ssh:http", "22-80 " },
		{ "2299:2200", "?2299:2200 " },
		{ "65536", "?65536 " },
		{ "no-such-port,,22", "22-22 ?no-such-port " },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct jail_ports ports = { 0 };
		struct slices unknown = { 0 };

		jail_ports_parse(arena, slice_of(rows[i].text), &ports, &unknown);
		CHECK_SLICE(ports_text(arena, &ports, &unknown),
			    slice_of(rows[i].want));
		arena_free(arena);
	}
}

static void knows_who_is_told_already(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "iptables-multiport[name=x, port=\"ssh\"]", "" },
		{ "iptables[x=\"a ] b\"]\n  complain", "complain() " },
		{ "xarf-login-attack[service=sshd, port=\"22\"] abuseipdb",
		  "xarf-login-attack() abuseipdb() " },
		{ "complain [x=1]", "complain() " },
		{ "blocklist_de[email=\"x@example.org\"]", "blocklist_de() " },
		{ "sendmail-whois-lines[dest=\"soc@example.org\", name=x]",
		  "sendmail-whois-lines(soc@example.org) " },
		{ "mail-whois[dest=\"root@localhost\"] mail[dest=root]", "" },
		{ "sendmail[name=\"x\"]", "" },
		{ "complain[broken", "complain() " },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct jail_reporters reporters = { 0 };
		struct slice got = S("");

		jail_actions_parse(arena, slice_of(rows[i].text), &reporters);
		for (size_t j = 0; j < reporters.count; j++)
			got = arena_printf(arena,
					   SLICE_FMT SLICE_FMT "(" SLICE_FMT ") ",
					   SLICE_ARG(got),
					   SLICE_ARG(reporters.at[j].action),
					   SLICE_ARG(reporters.at[j].recipient));
		CHECK_SLICE(got, slice_of(rows[i].want));
		arena_free(arena);
	}
}

static void reads_an_installation(void)
{
	struct scratch scratch = scratch_new();
	struct arena *arena = arena_new();
	struct jails jails = { 0 };
	struct slices logs = { 0 };
	struct error err = { 0 };

	scratch_write(
		&scratch, "jail.conf",
		"[DEFAULT]\nenabled = false\nfilter = %(__name__)s\n"
		"[one]\nlogpath = %(fail2ban_confpath)s/logs/*.log tail\n"
		"ignoreip = 10.0.0.0/255.0.0.0, ::1 friend.example 1.2.3.4/9.9.9.9\n"
		"ignorecommand = /bin/x <ip>\nport = 22,gopher\n"
		"[two]\nenabled = true\nbackend = systemd\n"
		"[three]\n[gone]\nenabled = yes\n");
	scratch_write(&scratch, "jail.local", "[one]\nenabled = on\n");
	scratch_write(&scratch, "filter.d/one.conf",
		      "[Definition]\nfailregex = ^a <HOST>$\n");
	scratch_write(&scratch, "filter.d/two.conf",
		      "[Definition]\nfailregex = ^b <HOST>$\n");
	scratch_write(&scratch, "logs/b.log", "");
	scratch_write(&scratch, "logs/a.log", "");
	scratch_write(&scratch, "logs/.hidden.log", "");
	CHECK_INT(jails_read(arena, slice_of(scratch.path), &jails, &err), 0);
	CHECK_TEXT(err.text, "");
	CHECK_INT(jails.count, 2);
	CHECK_INT(jails.problems.count, 1);
	if (jails.count == 2) {
		const struct jail *one = &jails.at[0];

		CHECK_SLICE(one->name, S("one"));
		CHECK_INT(one->ignored.count, 2);
		CHECK_SLICE(one->ignored.at[0], S("10.0.0.0/8"));
		CHECK_INT(one->notes.count, 4);
		CHECK_INT(jail_logs(arena, one, &logs, &err), 0);
		CHECK_INT(logs.count, 2);
		CHECK(logs.count == 2 && slice_ends(logs.at[0], S("/logs/a.log")));
		CHECK(jails.at[1].journal);
		CHECK_INT(jails.at[1].patterns.count, 0);
		CHECK_INT(jails.at[1].notes.count, 0);
	}
	arena_free(arena);
	scratch_free(&scratch);
}

static void says_that_none_is_enabled(void)
{
	struct scratch scratch = scratch_new();
	struct arena *arena = arena_new();
	struct jails jails = { 0 };
	struct error err = { 0 };

	CHECK_INT(jails_read(arena, slice_of(scratch.path), &jails, &err), -1);
	CHECK_INT(err.kind, ERROR_NOT_FOUND);
	scratch_write(&scratch, "jail.conf", "[a]\nenabled = false\n");
	CHECK_INT(jails_read(arena, slice_of(scratch.path), &jails, &err), -1);
	CHECK_INT(err.kind, ERROR_CONFIG);
	CHECK_INT(jails.count, 0);
	arena_free(arena);
	scratch_free(&scratch);
}

int main(void)
{
	return CHECK_RUN(TEST(reads_ports), TEST(knows_who_is_told_already),
			 TEST(reads_an_installation), TEST(says_that_none_is_enabled));
}
