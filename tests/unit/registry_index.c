#include "check.h"
#include "registry/index.h"
#include "scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

static const char ripe_roles[] = "% a header of the registry\n"
				 "\n"
				 "role:           Abuse desk of the river provider\n"
				 "abuse-mailbox:  abuse@river.example\n"
				 "nic-hdl:        AR1-RIPE\n"
				 "source:         RIPE\n"
				 "\n"
				 "role:           Abuse desk of the customer\n"
				 "abuse-mailbox:  Abuse@Customer.Example\n"
				 "nic-hdl:        ac2-ripe\n"
				 "source:         RIPE\n"
				 "\n"
				 "organisation:   ORG-RI1-RIPE\n"
				 "org-name:       River Provider\n"
				 "abuse-c:        AR1-RIPE\n"
				 "abuse-mailbox:  wrong@river.example\n"
				 "source:         RIPE\n"
				 "\n"
				 "irt:            IRT-RIVER\n"
				 "abuse-mailbox:  irt@river.example\n"
				 "source:         RIPE\n";

static const char ripe_nets[] =
	"inetnum:        0.0.0.0 - 255.255.255.255\n"
	"netname:        IANA-BLK\n"
	"mnt-by:         RIPE-NCC-HM-MNT\n"
	"source:         RIPE\n"
	"\n"
	"inetnum:        198.51.100.0 - 198.51.100.255\n"
	"netname:        RIVER-NET\n"
	"descr:          River\n"
	"country:        NL # and more\n"
	"org:            ORG-RI1-RIPE\n"
	"mnt-by:         RIPE-NCC-HM-MNT\n"
	"source:         RIPE\n"
	"\n"
	"inetnum:        198.51.100.64 - 198.51.100.95\n"
	"netname:        CUSTOMER\n"
	"descr:          A customer\n"
	"                of the river\n"
	"country:        de\n"
	"abuse-c:        AC2-RIPE\n"
	"mnt-by:         RIVER-MNT\n"
	"source:         RIPE\n"
	"\n"
	"inetnum:        198.51.100.128 - 198.51.100.191\n"
	"netname:        PLAIN\n"
	"mnt-irt:        IRT-RIVER\n"
	"mnt-by:         RIVER-MNT\n"
	"source:         RIPE\n"
	"\n"
	"inetnum:        198.51.100.192 - 198.51.100.255\n"
	"netname:        INDEPENDENT\n"
	"mnt-by:         RIPE-NCC-END-MNT\n"
	"source:         RIPE\n"
	"\n"
	"inetnum:        198.51.100.90 - 198.51.100.130\n"
	"netname:        CROSSING\n"
	"source:         RIPE\n"
	"\n"
	"inetnum:        198.51.100.200 - 198.51.100.100\n"
	"netname:        BACKWARDS\n"
	"source:         RIPE\n"
	"\n"
	"route:          198.51.100.0/24\n"
	"origin:         AS64496\n"
	"source:         RIPE\n"
	"\n"
	"route:          198.51.100.64/26\n"
	"origin:         AS64497\n"
	"source:         RIPE\n"
	"\n"
	"route:          198.51.100.64/26\n"
	"origin:         as64498\n"
	"source:         RIPE\n"
	"\n"
	"inet6num:       2001:db8::/32\n"
	"netname:        RIVER-SIX\n"
	"org:            ORG-RI1-RIPE\n"
	"source:         RIPE\n"
	"\n"
	"inet6num:       2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/128\n"
	"netname:        LAST\n"
	"source:         RIPE";

static const char apnic[] = "inetnum:        203.0.113.0 - 203.0.113.127\n"
			    "netname:        HARBOUR\n"
			    "descr:          Harbour Telecom\n"
			    "country:        TH\n"
			    "mnt-irt:        IRT-HARBOUR-TH\n"
			    "abuse-c:        AH1-AP\n"
			    "tech-c:         HT1-AP\n"
			    "source:         APNIC\n"
			    "\n"
			    "inetnum:        203.0.113.128 - 203.0.113.255\n"
			    "netname:        ELSEWHERE\n"
			    "descr:          Transferred to the RIPE region\n"
			    "mnt-by:         APNIC-STUB\n"
			    "source:         APNIC\n"
			    "\n"
			    "irt:            IRT-HARBOUR-TH\n"
			    "e-mail:         noc@harbour.example\n"
			    "abuse-mailbox:  abuse@harbour.example\n"
			    "source:         APNIC\n"
			    "\n"
			    "role:           ABUSE HARBOURTH\n"
			    "abuse-mailbox:  desk@harbour.example\n"
			    "remarks:        desk@harbour.example is invalid\n"
			    "nic-hdl:        AH1-AP\n"
			    "source:         APNIC\n"
			    "\n"
			    "role:           Technicians\n"
			    "e-mail:         tech@harbour.example\n"
			    "nic-hdl:        HT1-AP\n"
			    "source:         APNIC\n";

static const char statistics[] =
	"2.3|apnic|20261120|3||20261119|+1000\n"
	"apnic|*|ipv4|*|3|summary\n"
	"apnic|*|asn|*|1|summary\n"
	"apnic|TH|ipv4|203.0.113.0|256|20110811|assigned|A91000\n"
	"apnic|JP|ipv4|192.0.2.0|96|20110811|allocated|A91A7381\n"
	"apnic||ipv4|192.0.2.128|128|20110811|available|\n"
	"apnic|TH|asn|64496|1|20110811|assigned|A91000\n";

static int build(const struct scratch *scratch, struct index_counts *counts,
		 struct error *err)
{
	static const struct clock clock = { .fixed = INT64_C(1795219200) * SECOND_US,
					    .is_fixed = true };
	struct arena *arena = arena_new();
	int result = index_build(arena, scratch_path(scratch, "dumps"),
				 scratch_path(scratch, "index"), &clock, counts, err);

	if (result == 0 && counts->notes.count)
		for (size_t i = 0; i < counts->notes.count; i++)
			printf("# note: " SLICE_FMT "\n",
			       SLICE_ARG(counts->notes.at[i]));
	counts->notes = (struct slices){ 0 };
	arena_free(arena);
	return result;
}

/* All dumps dated 2026-11-20. */
static void write_all(const struct scratch *scratch)
{
	static const char *const names[] = { "dumps/ripe.db.role",
					     "dumps/ripe.db.inetnum",
					     "dumps/apnic.db" };
	static const char *const texts[] = { ripe_roles, ripe_nets, apnic };
	const struct timespec times[2] = { { .tv_sec = 1795132800 },
					   { .tv_sec = 1795132800 } };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		scratch_write(scratch, names[i], texts[i]);
		CHECK_INT(utimensat(AT_FDCWD, scratch_path(scratch, names[i]).at, times,
				    0),
			  0);
	}
	scratch_write(scratch, "dumps/delegated-apnic-extended-latest", statistics);
}

static struct index *open_all(const struct scratch *scratch,
			      struct index_counts *counts)
{
	struct error err = { 0 };
	struct index *index;

	write_all(scratch);
	CHECK_INT(build(scratch, counts, &err), 0);
	index = index_open(scratch_path(scratch, "index"), &err);
	CHECK_TEXT(err.text, "");
	return index;
}

static void answers_by_the_most_specific_block(void)
{
	static const char *const whose[] = { [INDEX_OWN] = "network",
					     [INDEX_ORGANISATION] = "organisation",
					     [INDEX_ABOVE] = "parent" };
	static const struct {
		const char *address, *name, *organisation, *country, *mails, *hint;
	} rows[] = {
		/* The organisation's abuse-c; its own mailbox and irts do not count. */
		{ "198.51.100.7", "RIVER-NET", "River Provider", "NL",
		  "abuse@river.example/organisation ", "" },
		/* An own abuse-c first, the parent's stays as the fallback. */
		{ "198.51.100.64", "CUSTOMER", "A customer", "DE",
		  "abuse@customer.example/network abuse@river.example/parent ", "" },
		{ "198.51.100.95", "CUSTOMER", "A customer", "DE",
		  "abuse@customer.example/network abuse@river.example/parent ", "" },
		/* Behind an inner block the outer one speaks again. */
		{ "198.51.100.96", "RIVER-NET", "River Provider", "NL",
		  "abuse@river.example/organisation ", "" },
		/* Nothing of its own: the parent's. */
		{ "198.51.100.130", "PLAIN", "", "", "abuse@river.example/parent ",
		  "" },
		/* RIPE's own maintainer on it: nothing is inherited. */
		{ "198.51.100.200", "INDEPENDENT", "", "", "", "" },
		{ "2001:db8:1::1", "RIVER-SIX", "River Provider", "",
		  "abuse@river.example/organisation ", "" },
		{ "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "LAST", "", "",
		  "abuse@river.example/parent ", "" },
		{ "203.0.113.7", "HARBOUR", "Harbour Telecom", "TH",
		  "desk@harbour.example/network? abuse@harbour.example/network "
		  "tech@harbour.example/network ",
		  "" },
		/* A stub is no block: only the statistics know it. */
		{ "203.0.113.200", "", "", "TH", "", "" },
		{ "192.0.2.95", "", "", "JP", "", "jpnic" },
		{ "192.0.2.96", NULL, "", "", "", "" },
		{ "192.0.2.130", NULL, "", "", "", "" },
		{ "0.0.0.0", NULL, "", "", "", "" },
		{ "255.255.255.255", NULL, "", "", "", "" },
		{ "2001:db9::", NULL, "", "", "", "" },
	};
	struct scratch scratch = scratch_new();
	struct index_counts counts;
	struct index *index = open_all(&scratch, &counts);
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct address about = { 0 };
		struct index_hit hit;
		struct slice mails = S("");

		CHECK_INT(address_parse(slice_of(rows[i].address), &about), 0);
		CHECK_INT(index_find(index, arena, &about, &hit), rows[i].name != NULL);
		CHECK_SLICE(hit.name, slice_of(rows[i].name));
		CHECK_SLICE(hit.organisation, slice_of(rows[i].organisation));
		CHECK_SLICE(hit.country, slice_of(rows[i].country));
		CHECK_SLICE(hit.national, slice_of(rows[i].hint));
		for (size_t j = 0; j < hit.mailboxes.count; j++) {
			const struct index_mailbox *mailbox = &hit.mailboxes.at[j];

			mails = arena_printf(arena, SLICE_FMT SLICE_FMT "/%s%s ",
					     SLICE_ARG(mails),
					     SLICE_ARG(mailbox->address),
					     whose[mailbox->whose],
					     mailbox->suspect ? "?" : "");
		}
		if (!CHECK_SLICE(mails, slice_of(rows[i].mails)))
			CHECK_TEXT(rows[i].address, "");
	}
	index_close(index);
	arena_free(arena);
	scratch_free(&scratch);
}

static void tells_where_it_is_from(void)
{
	struct scratch scratch = scratch_new();
	struct index_counts counts;
	struct index *index = open_all(&scratch, &counts);
	struct arena *arena = arena_new();
	struct address about;
	struct index_hit hit;

	CHECK_INT(address_parse(S("198.51.100.70"), &about), 0);
	CHECK(index_find(index, arena, &about, &hit));
	CHECK_SLICE(hit.found_in, S("RIPE dump of 2026-11-20"));
	CHECK_SLICE(hit.registry, S("ripe"));
	CHECK_SLICE(hit.handle, S("198.51.100.64 - 198.51.100.95"));
	CHECK_TEXT(range_format(&hit.range).text, "198.51.100.64/27");
	CHECK_SLICE(hit.mailboxes.at[0].object, S("ac2-ripe"));
	CHECK_SLICE(hit.mailboxes.at[0].dump, S("ripe.db.inetnum"));
	CHECK_TEXT(range_format(&hit.mailboxes.at[1].range).text, "198.51.100.0/24");
	CHECK_INT(hit.origins.count, 2);
	CHECK_INT(hit.origins.at[0], 64498);
	CHECK_INT(hit.origins.at[1], 64497);
	CHECK_INT(address_parse(S("198.51.100.128"), &about), 0);
	CHECK(index_find(index, arena, &about, &hit));
	CHECK_INT(hit.origins.count, 1);
	CHECK_INT(hit.origins.at[0], 64496);
	CHECK_INT(address_parse(S("192.0.2.1"), &about), 0);
	CHECK(index_find(index, arena, &about, &hit));
	CHECK_SLICE(hit.found_in, S("APNIC statistics of 2026-11-19"));
	CHECK_SLICE(hit.handle, S("A91A7381"));
	CHECK_TEXT(range_format(&hit.range).text, "192.0.2.0 - 192.0.2.95");
	CHECK_INT(index_source_count(index), 4);
	CHECK_SLICE(index_source_at(index, 0).name, S("apnic.db"));
	CHECK_INT(index_source_at(index, 0).objects, 5);
	CHECK_INT(index_built_at(index), INT64_C(1795219200) * SECOND_US);
	CHECK_INT(index_verify(index, &(struct error){ 0 }), 0);
	CHECK_INT(counts.files, 4);
	CHECK_INT(counts.objects, 24);
	/* IANA-BLK, BACKWARDS, the stub, CROSSING. */
	CHECK_INT(counts.skipped, 4);
	index_close(index);
	arena_free(arena);
	scratch_free(&scratch);
}

static void a_statistics_file_whose_summary_lies_is_left_out(void)
{
	static const char *const texts[] = {
		"2.3|apnic|20261120|2||20261119|+1000\n"
		"apnic|*|ipv4|*|2|summary\n"
		"apnic|TH|ipv4|203.0.113.0|256|20110811|assigned|A91000\n",
		"apnic|TH|ipv4|203.0.113.0|256|20110811|assigned|A91000\n",
		"<html>\n",
	};
	struct scratch scratch = scratch_new();

	write_all(&scratch);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct arena *arena = arena_new();
		struct error err = { 0 };
		struct index_counts counts;
		struct address about;
		struct index_hit hit;
		struct index *index;

		scratch_write(&scratch, "dumps/delegated-apnic-extended-latest",
			      texts[i]);
		CHECK_INT(build(&scratch, &counts, &err), 0);
		index = index_open(scratch_path(&scratch, "index"), &err);
		CHECK_INT(address_parse(S("203.0.113.200"), &about), 0);
		CHECK_INT(index_find(index, arena, &about, &hit), false);
		index_close(index);
		arena_free(arena);
	}
	scratch_free(&scratch);
}

static void a_folder_without_dumps_is_an_error(void)
{
	struct scratch scratch = scratch_new();
	struct index_counts counts;
	struct error err = { 0 };

	CHECK_INT(build(&scratch, &counts, &err), -1);
	CHECK_INT(err.kind, ERROR_SYSTEM);
	scratch_write(&scratch, "dumps/notes.txt", "nothing\n");
	CHECK_INT(build(&scratch, &counts, &err), -1);
	CHECK_INT(err.kind, ERROR_NOT_FOUND);
	scratch_free(&scratch);
}

static void write_bytes(const char *path, const char *bytes, size_t count)
{
	FILE *file = fopen(path, "wb");

	CHECK(file != NULL);
	CHECK_INT(fwrite(bytes, 1, count, file), count);
	CHECK_INT(fclose(file), 0);
}

/* Cut off, lengthened or changed in any byte, it is refused. */
static void a_damaged_index_is_refused(void)
{
	struct scratch scratch = scratch_new();
	struct index_counts counts;
	struct slice path = scratch_path(&scratch, "index");
	char bytes[16384];
	size_t count, refused = 0, tried = 0;
	FILE *file;

	index_close(open_all(&scratch, &counts));
	path = scratch_path(&scratch, "index");
	file = fopen(path.at, "rb");
	count = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	CHECK(count > 1000 && count < sizeof bytes);
	for (size_t i = 0; i < count; i += 37) {
		struct error err = { 0 };
		struct index *index;

		write_bytes(path.at, bytes, i);
		index = index_open(path, &err);
		refused += index == NULL;
		index_close(index);
		bytes[i] ^= 0x40;
		write_bytes(path.at, bytes, count);
		bytes[i] ^= 0x40;
		index = index_open(path, &err);
		refused += index == NULL;
		index_close(index);
		tried += 2;
	}
	/* All but the changes to the few bytes of padding between sections. */
	CHECK(refused + 2 >= tried);
	scratch_free(&scratch);
}

int main(void)
{
	return CHECK_RUN(TEST(answers_by_the_most_specific_block),
			 TEST(tells_where_it_is_from),
			 TEST(a_statistics_file_whose_summary_lies_is_left_out),
			 TEST(a_folder_without_dumps_is_an_error),
			 TEST(a_damaged_index_is_refused));
}
