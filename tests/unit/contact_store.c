#include "check.h"
#include "contact/answers.h"
#include "contact/store.h"
#include "scratch.h"

static const struct clock CLOCK = { .fixed = 20 * DAY_US, .is_fixed = true };

struct place {
	struct scratch scratch;
	struct arena *arena;
	struct db *db;
};

static struct place place_new(void)
{
	struct place place = { .scratch = scratch_new(), .arena = arena_new() };
	struct error err = { 0 };

	place.db = db_open(scratch_path(&place.scratch, "store.db"), &CLOCK, &err);
	if (!CHECK(place.db != NULL))
		CHECK_TEXT(err.text, "");
	return place;
}

static void place_free(struct place *place)
{
	db_close(place->db);
	arena_free(place->arena);
	scratch_free(&place->scratch);
}

static struct finding finding_about(const char *range, const char *mail, int64_t at)
{
	static struct contact contact;
	static struct contact_rejected rejected;
	static uint32_t origin[] = { 64500, 64501 };
	struct finding finding = { .has_network = true, .asked_at = at };

	CHECK_INT(range_parse(slice_of(range), &finding.network.range), 0);
	finding.network.name = S("NORTHWIND-NET1");
	finding.network.registry = S("ripe");
	finding.network.found_in = S("whois.ripe.net");
	contact = (struct contact){ .address = slice_of(mail),
				    .scope = SCOPE_PARENT,
				    .role = ROLE_ABUSE,
				    .found_by = FOUND_WHOIS,
				    .server = S("whois.ripe.net"),
				    .range = finding.network.range,
				    .confidence = 0.75,
				    .suspect = true,
				    .checked_at = at };
	rejected = (struct contact_rejected){ S("a\xff@b"), S("no mail address") };
	finding.contacts = (struct contacts){ &contact, 1, 1 };
	finding.rejected = (struct contacts_rejected){ &rejected, 1, 1 };
	finding.origin = (struct origins){ origin, 2, 2 };
	return finding;
}

static void keep(struct place *place, const struct finding *finding)
{
	struct error err = { 0 };

	CHECK_INT(db_begin(place->db, &err), 0);
	if (!CHECK_INT(finding_keep(place->db, finding, &err), 0))
		CHECK_TEXT(err.text, "");
	CHECK_INT(db_commit(place->db, &err), 0);
}

static int find(struct place *place, const char *text, struct finding *out)
{
	struct address address;
	struct error err = { 0 };

	CHECK_INT(address_parse(slice_of(text), &address), 0);
	return finding_of_address(place->db, place->arena, &address, out, &err);
}

static void comes_back_whole(void)
{
	struct place place = place_new();
	struct finding kept =
		finding_about("203.0.113.0/24", "abuse@n.example", DAY_US);
	struct finding found;

	keep(&place, &kept);
	CHECK_INT(find(&place, "203.0.113.255", &found), 1);
	CHECK(range_equal(&found.network.range, &kept.network.range));
	CHECK_SLICE(found.network.name, S("NORTHWIND-NET1"));
	CHECK_SLICE(found.network.found_in, S("whois.ripe.net"));
	CHECK_INT(found.network.looked_up_at, DAY_US);
	CHECK_INT(found.contacts.count, 1);
	CHECK_SLICE(found.contacts.at[0].address, S("abuse@n.example"));
	CHECK_INT(found.contacts.at[0].scope, SCOPE_PARENT);
	CHECK_INT(found.contacts.at[0].found_by, FOUND_WHOIS);
	CHECK_INT((int)(found.contacts.at[0].confidence * 100), 75);
	CHECK(found.contacts.at[0].suspect);
	CHECK(range_equal(&found.contacts.at[0].range, &kept.network.range));
	CHECK_SLICE(found.rejected.at[0].address, S("a\xff@b"));
	CHECK_INT(found.origin.count, 2);
	CHECK_INT(found.origin.at[1], 64501);
	place_free(&place);
}

static void the_most_specific_range_answers(void)
{
	static const struct {
		const char *address, *mail; /* NULL: none */
	} rows[] = {
		{ "203.0.113.70", "narrow@n.example" },
		{ "203.0.113.60", "wide@n.example" },
		{ "203.0.113.128", "wide@n.example" },
		{ "203.0.112.255", NULL },
		{ "203.0.114.0", NULL },
		{ "2001:db8::7", "six@n.example" },
		{ "2001:db9::7", NULL },
	};
	struct place place = place_new();
	struct finding finding;

	finding = finding_about("203.0.113.0/24", "wide@n.example", DAY_US);
	keep(&place, &finding);
	finding = finding_about("203.0.113.64 - 203.0.113.127", "narrow@n.example",
				DAY_US);
	keep(&place, &finding);
	finding = finding_about("2001:db8::/32", "six@n.example", DAY_US);
	keep(&place, &finding);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int status = find(&place, rows[i].address, &finding);

		if (!CHECK_INT(status, rows[i].mail != NULL))
			CHECK_TEXT(rows[i].address, "");
		if (status == 1)
			CHECK_SLICE(finding.contacts.at[0].address,
				    slice_of(rows[i].mail));
	}
	place_free(&place);
}

static void newer_replaces_and_old_goes(void)
{
	struct place place = place_new();
	struct finding finding;
	struct error err = { 0 };

	finding = finding_about("203.0.113.0/24", "old@n.example", DAY_US);
	keep(&place, &finding);
	finding = finding_about("203.0.113.0/24", "new@n.example", 2 * DAY_US);
	keep(&place, &finding);
	CHECK_INT(find(&place, "203.0.113.1", &finding), 1);
	CHECK_INT(finding.contacts.count, 1);
	CHECK_SLICE(finding.contacts.at[0].address, S("new@n.example"));
	CHECK_INT(findings_forget_old(place.db, 2 * DAY_US + FINDING_KEPT_US, &err), 0);
	CHECK_INT(find(&place, "203.0.113.1", &finding), 1);
	CHECK_INT(findings_forget_old(place.db, 2 * DAY_US + FINDING_KEPT_US + 1, &err),
		  0);
	CHECK_INT(find(&place, "203.0.113.1", &finding), 0);
	place_free(&place);
}

static void domains_stand_apart(void)
{
	struct place place = place_new();
	struct finding finding = finding_about("203.0.113.0/24", "d@n.example", DAY_US);
	struct error err = { 0 };

	finding.has_network = false;
	finding.network = (struct network){ 0 };
	finding.domain = S("northwind.example");
	keep(&place, &finding);
	CHECK_INT(find(&place, "203.0.113.1", &finding), 0);
	CHECK_INT(finding_of_domain(place.db, place.arena, S("northwind.example"),
				    &finding, &err),
		  1);
	CHECK(!finding.has_network);
	CHECK_SLICE(finding.contacts.at[0].address, S("d@n.example"));
	CHECK_INT(finding_of_domain(place.db, place.arena, S("other.example"), &finding,
				    &err),
		  0);
	place_free(&place);
}

static void freshness(void)
{
	struct contact contact = { 0 };
	struct finding network = { .contacts = { &contact, 1, 1 }, .asked_at = DAY_US };
	struct finding domain = network, nobody = { .asked_at = DAY_US };

	domain.domain = S("northwind.example");
	CHECK(finding_is_fresh(&network, DAY_US + FINDING_FRESH_US - 1));
	CHECK(!finding_is_fresh(&network, DAY_US + FINDING_FRESH_US));
	CHECK(finding_is_fresh(&domain, DAY_US + FINDING_FRESH_DOMAIN_US - 1));
	CHECK(!finding_is_fresh(&domain, DAY_US + FINDING_FRESH_DOMAIN_US));
	CHECK(finding_is_fresh(&nobody, DAY_US + FINDING_FRESH_NOBODY_US - 1));
	CHECK(!finding_is_fresh(&nobody, DAY_US + FINDING_FRESH_NOBODY_US));
}

static struct address address_of(const char *text)
{
	struct address address;

	CHECK_INT(address_parse(slice_of(text), &address), 0);
	return address;
}

/* Noted in any order and more than once; kept when the reading that noted them ends. */
static void answers_are_found_by_address(void)
{
	static const char *const texts[] = { "203.0.113.9", "2001:db8::9", "192.0.2.9",
					     "203.0.113.9", "203.0.113.8" };
	static const int64_t since[] = { 0, 5, 4, 7, 0 };
	struct source_name name = { S("mail.example.net"), true };
	struct contact_answer found = { .has_network = true }, out;
	struct place place = place_new();
	struct error err = { 0 };
	struct answers *answers = answers_new(place.db, &err);
	struct address address;
	int64_t at;
	size_t number;

	CHECK_INT(db_begin_reading(place.db, &err), 0);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		address = address_of(texts[i]);
		CHECK_INT(answers_want(answers, &address, since[i], &err), 0);
	}
	CHECK_INT(answers_sort(answers, &err), 0);
	CHECK_INT(db_end_reading(place.db, &err), 0);
	CHECK_INT(answers_count(answers), 4);
	CHECK_INT(answers_wanted(answers, 0, &address, &at, &err), 0);
	CHECK_TEXT(address_format(&address).text, "192.0.2.9");
	CHECK_INT(answers_wanted(answers, 2, &address, &at, &err), 0);
	CHECK_TEXT(address_format(&address).text, "203.0.113.9");
	CHECK_INT(at, 7);
	CHECK_INT(answers_wanted(answers, 3, &address, &at, &err), 0);
	CHECK_TEXT(address_format(&address).text, "2001:db8::9");
	found.names = (struct source_names){ &name, 1, 1 };
	CHECK_INT(answers_give(answers, 0, &found, &err), 0);
	found.names = (struct source_names){ NULL, 0, 0 };
	CHECK_INT(answers_give(answers, 2, &found, &err), 0);
	CHECK_INT(answers_shared(answers), 1);
	address = address_of("192.0.2.9");
	CHECK_INT(answers_find(answers, place.arena, &address, &out, &number, &err), 1);
	CHECK_INT(number, 0);
	if (CHECK_INT(out.names.count, 1)) {
		CHECK_SLICE(out.names.at[0].name, S("mail.example.net"));
		CHECK(out.names.at[0].confirmed);
	}
	address = address_of("203.0.113.9");
	CHECK_INT(answers_find(answers, place.arena, &address, &out, &number, &err), 1);
	CHECK_INT(out.names.count, 0);
	address = address_of("2001:db8::9");
	CHECK_INT(answers_find(answers, place.arena, &address, &out, &number, &err), 0);
	address = address_of("203.0.113.10");
	CHECK_INT(answers_find(answers, place.arena, &address, &out, &number, &err), 0);
	answers_free(answers);
	place_free(&place);
}

int main(void)
{
	return CHECK_RUN(TEST(comes_back_whole), TEST(the_most_specific_range_answers),
			 TEST(newer_replaces_and_old_goes), TEST(domains_stand_apart),
			 TEST(freshness), TEST(answers_are_found_by_address));
}
