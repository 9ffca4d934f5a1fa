/* RIPE's rule for the abuse contact of a resource, branch by branch (contacts.md 2.1), and
 * what its dumps may do wrong (S32).                                                   */
#include "check.h"
#include "registry/index.h"
#include "scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct asked {
	struct scratch scratch;
	struct arena *arena;
	struct index *index;
	struct index_counts counts;
};

static struct asked ask(const char *const files[][2], size_t count)
{
	static const struct clock clock = { .fixed = INT64_C(1795219200) * SECOND_US,
					    .is_fixed = true };
	struct asked asked = { .scratch = scratch_new(), .arena = arena_new() };
	struct error err = { 0 };

	for (size_t i = 0; i < count; i++)
		scratch_write(&asked.scratch, files[i][0], files[i][1]);
	CHECK_INT(index_build(asked.arena, scratch_path(&asked.scratch, "d"),
			      scratch_path(&asked.scratch, "index"), &clock,
			      &asked.counts, &err),
		  0);
	CHECK_TEXT(err.text, "");
	asked.index = index_open(scratch_path(&asked.scratch, "index"), &err);
	CHECK_TEXT(err.text, "");
	return asked;
}

static void clear(struct asked *asked)
{
	index_close(asked->index);
	arena_free(asked->arena);
	scratch_free(&asked->scratch);
}

/* "desk@a.example/own tech@a.example/above? " */
static struct slice mailboxes(struct asked *asked, const struct index_hit *hit)
{
	static const char *const whose[] = { [INDEX_OWN] = "own",
					     [INDEX_ORGANISATION] = "organisation",
					     [INDEX_ABOVE] = "above",
					     [INDEX_SPONSOR] = "sponsor" };
	struct slice out = S("");

	for (size_t i = 0; i < hit->mailboxes.count; i++) {
		const struct index_mailbox *mailbox = &hit->mailboxes.at[i];

		out = arena_printf(asked->arena, SLICE_FMT SLICE_FMT "/%s%s ",
				   SLICE_ARG(out), SLICE_ARG(mailbox->address),
				   whose[mailbox->whose], mailbox->suspect ? "?" : "");
	}
	return out;
}

static void wants(struct asked *asked, const char *address, const char *mails)
{
	struct address about = { 0 };
	struct index_hit hit;

	CHECK_INT(address_parse(slice_of(address), &about), 0);
	CHECK(index_find(asked->index, asked->arena, &about, &hit));
	if (!CHECK_SLICE(mailboxes(asked, &hit), slice_of(mails)))
		CHECK_TEXT(address, "");
}

#define ROLE(handle, mail) \
	"role:           Desk\nabuse-mailbox:  " mail "\nnic-hdl:        " handle "\n\n"
#define ORG(handle, more) \
	"organisation:   " handle "\norg-name:       Name of " handle "\n" more "\n"
#define NET(first, last, more) "inetnum:        " first " - " last "\n" more "\n"

static const char people[] = ROLE("OWN1-RIPE", "own@net.example") ROLE(
	"ORG1-RIPE", "org@net.example") ROLE("TOP1-RIPE",
					     "top@net.example") ROLE("LIR1-RIPE",
								     "lir@net.example")
	ROLE("SPO1-RIPE",
	     "sponsor@net.example") "role:           Silent\nnic-hdl:        MUTE1-RIPE\ne-mail:         x@net.example\n\n"
				    "role:           Desk\nabuse-mailbox:  dead@net.example\nnic-hdl:        DEAD1-RIPE\n"
				    "remarks:        Abuse-mailbox validation failed. Please refer to ORG-S-RIPE for "
				    "further information.\n\n"
				    "irt:            IRT-X\nabuse-mailbox:  irt@net.example\n\n"
				    "person:         P\nnic-hdl:        P1-RIPE\nabuse-mailbox:  person@net.example\n\n"
				    "mntner:         RIVER-MNT\nabuse-mailbox:  mntner@net.example\n\n";

static const char organisations[] = ORG("ORG-A-RIPE", "abuse-c:        ORG1-RIPE\n")
	ORG("ORG-NONE-RIPE", "abuse-mailbox:  wrong@net.example\n")
		ORG("ORG-L-RIPE", "org-type:       LIR\nabuse-c:        LIR1-RIPE\n")
			ORG("ORG-S-RIPE", "abuse-c:        SPO1-RIPE\n");

static void the_rule_of_ripe(void)
{
	static const char nets[] =
		NET("198.51.100.0", "198.51.100.255",
		    "abuse-c:        TOP1-RIPE\norg:            ORG-L-RIPE\n")
		/* its own before its organisation's; both before what lies above */
		NET("198.51.100.0", "198.51.100.7",
		    "abuse-c:        own1-ripe\norg:            ORG-A-RIPE\n")
			NET("198.51.100.8", "198.51.100.15",
			    "org:            ORG-A-RIPE\n")
		/* a role without a mailbox is none */
		NET("198.51.100.16", "198.51.100.23",
		    "abuse-c:        MUTE1-RIPE\norg:            ORG-A-RIPE\n")
		/* an organisation without abuse-c, whatever else it has */
		NET("198.51.100.24", "198.51.100.31", "org:            ORG-NONE-RIPE\n")
		/* who else stands there never counts */
		NET("198.51.100.32", "198.51.100.39",
		    "mnt-irt:        IRT-X\nadmin-c:        P1-RIPE\ntech-c:         "
		    "P1-RIPE\nmnt-by:         RIVER-MNT\nremarks:        abuse to "
		    "remark@net.example\n")
		/* two levels up */
		NET("198.51.100.40", "198.51.100.47", "netname:        OUTER\n")
			NET("198.51.100.40", "198.51.100.43", "netname:        INNER\n")
		/* RIPE's own maintainers end the climb, in either place */
		NET("198.51.100.48", "198.51.100.55",
		    "mnt-by:         RIPE-NCC-END-MNT\n")
			NET("198.51.100.56", "198.51.100.63",
			    "mnt-by:         RIVER-MNT\nmnt-lower:      RIPE-NCC-HM-MNT\n")
				NET("198.51.100.64", "198.51.100.71",
				    "mnt-by:         X-MNT, ripe-ncc-legacy-mnt\n")
		/* below such a one the climb reaches it and no further */
		NET("198.51.100.48", "198.51.100.51", "netname:        BELOW\n")
		/* with a contact of its own */
		NET("198.51.100.72", "198.51.100.79",
		    "mnt-by:         RIPE-NCC-END-MNT\nabuse-c:        OWN1-RIPE\n")
		/* failed validation: the sponsor's, the own local registry's, one above */
		NET("198.51.100.80", "198.51.100.87",
		    "abuse-c:        DEAD1-RIPE\nsponsoring-org: ORG-S-RIPE\nmnt-by:         "
		    "RIPE-NCC-END-MNT\n")
			NET("198.51.100.88", "198.51.100.95",
			    "abuse-c:        DEAD1-RIPE\norg:            ORG-L-RIPE\nmnt-by:         "
			    "RIPE-NCC-HM-MNT\n") NET("198.51.100.96", "198.51.100.103",
						     "abuse-c:        DEAD1-RIPE\n")
		/* a sponsor of what is not suspect has no say */
		NET("198.51.100.104", "198.51.100.111",
		    "abuse-c:        OWN1-RIPE\nsponsoring-org: ORG-S-RIPE\nmnt-by:         "
		    "RIPE-NCC-END-MNT\n")
		/* the outer of two with one range */
		NET("203.0.113.0", "203.0.113.63", "netname:        SAME\n");
	static const char nonauth[] =
		NET("203.0.113.0", "203.0.113.63", "abuse-c:        OWN1-RIPE\n");
	static const char *const files[][2] = { { "d/ripe-nonauth.db", nonauth },
						{ "d/ripe.db.role", people },
						{ "d/ripe.db.organisation",
						  organisations },
						{ "d/ripe.db.inetnum", nets } };
	static const struct {
		const char *address, *mails;
	} rows[] = {
		{ "198.51.100.200", "top@net.example/own " },
		{ "198.51.100.1", "own@net.example/own top@net.example/above " },
		{ "198.51.100.8",
		  "org@net.example/organisation top@net.example/above " },
		{ "198.51.100.16",
		  "org@net.example/organisation top@net.example/above " },
		{ "198.51.100.24", "top@net.example/above " },
		{ "198.51.100.32", "top@net.example/above " },
		{ "198.51.100.41", "top@net.example/above " },
		{ "198.51.100.52", "" },
		{ "198.51.100.48", "" },
		{ "198.51.100.56", "" },
		{ "198.51.100.64", "" },
		{ "198.51.100.72", "own@net.example/own " },
		{ "198.51.100.80",
		  "dead@net.example/own? sponsor@net.example/sponsor " },
		{ "198.51.100.88", "dead@net.example/own? lir@net.example/sponsor " },
		{ "198.51.100.96", "dead@net.example/own? top@net.example/sponsor " },
		{ "198.51.100.104", "own@net.example/own " },
		{ "203.0.113.5", "own@net.example/above " },
	};
	struct asked asked = ask(files, COUNT_OF(files));

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		wants(&asked, rows[i].address, rows[i].mails);
	clear(&asked);
}

static void numbers_have_nothing_above(void)
{
	static const char numbers[] =
		"aut-num:        AS64496\nas-name:        ONE\nabuse-c:        OWN1-RIPE\n"
		"org:            ORG-A-RIPE\n\n"
		"aut-num:        AS64497\nas-name:        TWO\norg:            ORG-A-RIPE\n\n"
		"aut-num:        AS64498\nas-name:        THREE\norg:            "
		"ORG-NONE-RIPE\n\n"
		"aut-num:        AS0\n\naut-num:        AS4294967296\n\n"
		"as-block:       AS64496 - AS64511\norg:            ORG-L-RIPE\n";
	static const char statistics[] = "2.3|ripencc|20261120|2||20261119|+1000\n"
					 "ripencc|*|asn|*|2|summary\n"
					 "ripencc|NL|asn|64496|1|20110811|assigned|a\n"
					 "ripencc|SE|asn|64499|4|20110811|assigned|b\n";
	static const char *const files[][2] = {
		{ "d/delegated-ripencc-extended-latest", statistics },
		{ "d/ripe.db.role", people },
		{ "d/ripe.db.organisation", organisations },
		{ "d/ripe.db.aut-num", numbers }
	};
	static const struct {
		uint32_t number;
		const char *name, *mails;
	} rows[] = { { 64496, "ONE", "own@net.example/own " },
		     { 64497, "TWO", "org@net.example/organisation " },
		     { 64498, "THREE", "" },
		     { 64502, "", "" },
		     { 64503, NULL, "" },
		     { 0, NULL, "" },
		     { 4294967295, NULL, "" } };
	struct asked asked = ask(files, COUNT_OF(files));

	CHECK_INT(asked.counts.skipped, 2);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct index_hit hit;

		CHECK_INT(index_find_number(asked.index, asked.arena, rows[i].number,
					    &hit),
			  rows[i].name != NULL);
		CHECK_SLICE(hit.name, slice_of(rows[i].name));
		CHECK_SLICE(mailboxes(&asked, &hit), slice_of(rows[i].mails));
		CHECK_INT(hit.range.first.family, FAMILY_NONE);
	}
	clear(&asked);
}

/* Handles are each registry's own. */
static void of_another_registry(void)
{
	static const char *const files[][2] = {
		{ "d/apnic.db.role", people },
		{ "d/ripe.db.inetnum",
		  NET("198.51.100.0", "198.51.100.255", "abuse-c:        OWN1-RIPE\n") }
	};
	struct asked asked = ask(files, COUNT_OF(files));

	wants(&asked, "198.51.100.1", "");
	clear(&asked);
}

static void afrinic_looks_everywhere(void)
{
	static const char text[] =
		"organisation:   ORG-K-AFRINIC\nabuse-mailbox:  org@k.example\n\n"
		"role:           R\nnic-hdl:        R1-AFRINIC\nabuse-mailbox:  "
		"role@k.example\ne-mail:         noc@k.example\n\n"
		"person:         P\nnic-hdl:        P1-AFRINIC\ne-mail:         "
		"p@k.example\n\n"
		"mntner:         K-MNT\nabuse-mailbox:  mntner@k.example\n\n"
		"mntner:         AFRINIC-HM-MNT\nabuse-mailbox:  hm@k.example\n\n"
		"irt:            IRT-K\nabuse-mailbox:  irt@k.example\n\n" NET(
			"198.51.100.0", "198.51.100.127",
			"mnt-irt:        IRT-K\norg:            ORG-K-AFRINIC\nadmin-c:        "
			"R1-AFRINIC\ntech-c:         P1-AFRINIC\nmnt-by:         "
			"AFRINIC-HM-MNT\nmnt-by:         K-MNT\nremarks:        spam to "
			"remark@k.example, please\nchanged:        ***@k.example\n");
	static const char *const files[][2] = { { "d/afrinic.db", text } };
	struct asked asked = ask(files, COUNT_OF(files));

	wants(&asked, "198.51.100.1",
	      "irt@k.example/own org@k.example/organisation "
	      "role@k.example/organisation mntner@k.example/organisation "
	      "remark@k.example/organisation "
	      "noc@k.example/own p@k.example/own ");
	clear(&asked);
}

/* ---- broken dumps ------------------------------------------------------------------- */

#define GOOD NET("198.51.100.0", "198.51.100.127", "netname:        GOOD\n")

static void write_gzip(const struct asked *at, const char *name, const char *text,
		       size_t count, size_t cut)
{
	const char *path = scratch_path(&at->scratch, name).at;
	gzFile file = gzopen(path, "wb");
	char *bytes;
	FILE *raw;
	size_t stored;

	CHECK_INT(gzwrite(file, text, (unsigned)count), count);
	CHECK_INT(gzclose(file), Z_OK);
	raw = fopen(path, "rb");
	bytes = malloc(count + 1000);
	stored = fread(bytes, 1, count + 1000, raw);
	fclose(raw);
	raw = fopen(path, "wb");
	CHECK_INT(fwrite(bytes, 1, stored - cut, raw), stored - cut);
	fclose(raw);
	free(bytes);
}

static void build_again(struct asked *asked, struct error *err)
{
	static const struct clock clock = { .fixed = INT64_C(1795219200) * SECOND_US,
					    .is_fixed = true };

	index_close(asked->index);
	CHECK_INT(index_build(asked->arena, scratch_path(&asked->scratch, "d"),
			      scratch_path(&asked->scratch, "index"), &clock,
			      &asked->counts, err),
		  0);
	asked->index = index_open(scratch_path(&asked->scratch, "index"), err);
	CHECK_TEXT(err->text, "");
}

static void noted(const struct asked *asked, const char *words)
{
	bool found = false;

	for (size_t i = 0; i < asked->counts.notes.count; i++)
		found |= slice_find(asked->counts.notes.at[i], slice_of(words)) >= 0;
	if (!CHECK(found))
		CHECK_TEXT(words, "");
}

static bool is_known(struct asked *asked, const char *address)
{
	struct address about;
	struct index_hit hit;

	CHECK_INT(address_parse(slice_of(address), &about), 0);
	return index_find(asked->index, asked->arena, &about, &hit);
}

static void a_cut_dump_leaves_nothing(void)
{
	static const char more[] =
		NET("203.0.113.0", "203.0.113.255", "netname: OUTER\n");
	static const char *const files[][2] = { { "d/apnic.db.inetnum", GOOD } };
	struct asked asked = ask(files, COUNT_OF(files));
	struct error err = { 0 };

	write_gzip(&asked, "d/ripe.db.inetnum.gz", more, strlen(more), 0);
	build_again(&asked, &err);
	CHECK(is_known(&asked, "203.0.113.5"));
	write_gzip(&asked, "d/ripe.db.inetnum.gz", more, strlen(more), 9);
	build_again(&asked, &err);
	noted(&asked, "the gzip data are cut off");
	CHECK(!is_known(&asked, "203.0.113.5"));
	CHECK(is_known(&asked, "198.51.100.5"));
	CHECK_INT(index_source_count(asked.index), 1);
	clear(&asked);
}

/* Both are passed over; what stands behind them is read. */
static void giants_are_passed_over(void)
{
	static const char *const files[][2] = { { "d/apnic.db.inetnum", GOOD } };
	struct asked asked = ask(files, COUNT_OF(files));
	struct error err = { 0 };
	size_t count = 100u << 20;
	char *text = malloc(count + 400);
	char *at = text;

	/* an object of 100 MiB in lines of 64 bytes, of which no range comes */
	at += snprintf(at, 300, "inetnum:        203.0.113.0 - 203.0.113.63\n");
	while ((size_t)(at - text) < count) {
		memcpy(at, "remarks:        ", 16);
		memset(at + 16, 'x', 47);
		at[63] = '\n';
		at += 64;
	}
	at += snprintf(
		at, 300,
		"\ninetnum:        203.0.113.64 - 203.0.113.127\nnetname:   AFTER\n");
	write_gzip(&asked, "d/ripe.db.inetnum.gz", text, (size_t)(at - text), 0);
	build_again(&asked, &err);
	CHECK(!is_known(&asked, "203.0.113.5"));
	CHECK(is_known(&asked, "203.0.113.70"));
	CHECK_INT(asked.counts.skipped, 1);
	/* a line of 100 MiB */
	memset(text, 'x', count);
	snprintf(text + count, 300,
		 "\n\ninetnum:        203.0.113.64 - 203.0.113.127\nnetname: N\n");
	write_gzip(&asked, "d/ripe.db.inetnum.gz", text, strlen(text), 0);
	build_again(&asked, &err);
	CHECK(is_known(&asked, "203.0.113.70"));
	free(text);
	clear(&asked);
}

static void odd_objects(void)
{
	static const char text[] =
		/* no source:, no CIDR: both are usual */
		NET("198.51.100.3", "198.51.100.9", "netname:        ODD\n")
		/* the end before the beginning; no range; not one of both families */
		NET("198.51.100.99", "198.51.100.90",
		    "netname:        BACK\n") "inetnum:        everything\n\n"
					      "inetnum:        198.51.100.128 - 2001:db8::\n\n"
					      "inet6num:       2001:db8::/200\n\n"
					      /* two empty lines, as AFRINIC has them; a colon nowhere */
					      "\n\nnothing\n\n" NET("198.51.100.200",
								    "198.51.100.200",
								    "netname: ONE\n");
	static const char *const files[][2] = { { "d/ripe.db.inetnum", text } };
	struct asked asked = ask(files, COUNT_OF(files));

	CHECK(is_known(&asked, "198.51.100.3"));
	CHECK(is_known(&asked, "198.51.100.9"));
	CHECK(!is_known(&asked, "198.51.100.10"));
	CHECK(!is_known(&asked, "198.51.100.95"));
	CHECK(!is_known(&asked, "2001:db8::1"));
	CHECK(is_known(&asked, "198.51.100.200"));
	CHECK_INT(asked.counts.skipped, 4);
	clear(&asked);
}

/* A bomb: 1 GiB of zeros. Nothing of it is kept, and it ends. */
static void a_bomb_is_left_out(void)
{
	static const char *const files[][2] = { { "d/apnic.db.inetnum", GOOD } };
	struct asked asked = ask(files, COUNT_OF(files));
	struct error err = { 0 };
	char *zeros = calloc(1, 1 << 20);
	gzFile file = gzopen(scratch_path(&asked.scratch, "d/ripe.db.gz").at, "wb1");

	for (size_t i = 0; i < 1024; i++)
		CHECK_INT(gzwrite(file, zeros, 1 << 20), 1 << 20);
	CHECK_INT(gzclose(file), Z_OK);
	free(zeros);
	build_again(&asked, &err);
	noted(&asked, "unpacks to far more than it should");
	CHECK(is_known(&asked, "198.51.100.5"));
	CHECK_INT(index_source_count(asked.index), 1);
	clear(&asked);
}

int main(void)
{
	return CHECK_RUN(TEST(the_rule_of_ripe), TEST(numbers_have_nothing_above),
			 TEST(of_another_registry), TEST(afrinic_looks_everywhere),
			 TEST(a_cut_dump_leaves_nothing), TEST(giants_are_passed_over),
			 TEST(odd_objects), TEST(a_bomb_is_left_out));
}
