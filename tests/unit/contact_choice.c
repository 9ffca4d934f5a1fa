#include "base/arena.h"
#include "check.h"
#include "contact/choice.h"

static struct range range_of(const char *text)
{
	struct range range = { 0 };

	CHECK_INT(range_parse(slice_of(text), &range), 0);
	return range;
}

static void registries_boxes_are_rejected(void)
{
	static const struct {
		const char *address, *range;
		bool rejected;
	} rows[] = {
		{ "abuse@ripe.net", "198.51.100.0/24", true },
		{ "abuse@ripe.net", "193.0.0.0/22", false },
		{ "abuse@ripe.net", "193.0.0.0/8", true },
		{ "search-apnic-not-arin@apnic.net", "198.51.100.0/24", true },
		{ "hostmaster@nic.or.kr", "198.51.100.0/24", true },
		{ "abuse@db.ripe.net", "198.51.100.0/24", true },
		{ "abuse@notripe.net", "198.51.100.0/24", false },
		{ "nobody@isp.invalid.net", "198.51.100.0/24", true },
		{ "no-reply-abuse@isp.net", "198.51.100.0/24", true },
		{ "***@isp.net", "198.51.100.0/24", true },
		{ "abuse@isp.example", "198.51.100.0/24", true },
		{ "abuse@isp.net", "198.51.100.0/24", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct network network = { .range = range_of(rows[i].range) };
		const char *reason =
			contact_rejection(slice_of(rows[i].address), &network, false);

		if (!CHECK_INT(reason != NULL, rows[i].rejected))
			CHECK_TEXT(rows[i].address, "");
	}
	CHECK(!contact_rejection(S("abuse@isp.example"), NULL, true));
	CHECK(contact_rejection(S("abuse@ripe.net"), NULL, true) != NULL);
}

static const struct range no_range;

struct candidate {
	const char *address;
	enum contact_role role;
	enum contact_scope scope;
	const char *range;
	double confidence;
	bool suspect;
	enum contact_kind kind;
};

static void fill(struct arena *arena, const struct candidate *rows, size_t count,
		 struct contact_answer *out)
{
	*out = (struct contact_answer){ 0 };
	CHECK_INT(address_parse(S("198.51.100.7"), &out->address), 0);
	for (size_t i = 0; i < count && rows[i].address; i++)
		*LIST_ADD(arena, &out->contacts) = (struct contact){
			.address = slice_of(rows[i].address),
			.role = rows[i].role,
			.scope = rows[i].scope,
			.kind = rows[i].kind,
			.range = rows[i].range ? range_of(rows[i].range) : no_range,
			.confidence = rows[i].confidence,
			.suspect = rows[i].suspect,
		};
}

static const char *const wide = "198.51.0.0/16";
static const char *const narrow = "198.51.100.0/24";

static void ranks_and_chooses(void)
{
	static const struct {
		struct candidate in[4];
		const char *first, *chosen; /* NULL: none */
	} rows[] = {
		{ { { "tech@isp.example", ROLE_TECHNICAL, SCOPE_NETWORK, NULL, .9,
		      false, CONTACT_EMAIL },
		    { "abuse@up.example", ROLE_ABUSE, SCOPE_PARENT, NULL, .9, false,
		      CONTACT_EMAIL },
		    { "abuse@isp.example", ROLE_ABUSE, SCOPE_NETWORK, NULL, .5, false,
		      CONTACT_EMAIL } },
		  "abuse@isp.example",
		  "abuse@isp.example" },
		{ { { "abuse@isp.example", ROLE_ABUSE, SCOPE_NETWORK, NULL, .9, true,
		      CONTACT_EMAIL },
		    { "abuse@up.example", ROLE_ABUSE, SCOPE_PARENT, NULL, .7, false,
		      CONTACT_EMAIL } },
		  "abuse@up.example",
		  "abuse@up.example" },
		{ { { "abuse@isp.example", ROLE_ABUSE, SCOPE_NETWORK, NULL, .9, true,
		      CONTACT_EMAIL } },
		  "abuse@isp.example",
		  "abuse@isp.example" },
		{ { { "tech@isp.example", ROLE_TECHNICAL, SCOPE_NETWORK, NULL, .9,
		      false, CONTACT_EMAIL } },
		  "tech@isp.example",
		  NULL },
		{ { { "security@host.example", ROLE_MAILBOX, SCOPE_DOMAIN, NULL, .3,
		      false, CONTACT_EMAIL },
		    { "abuse@host.example", ROLE_MAILBOX, SCOPE_DOMAIN, NULL, .3, false,
		      CONTACT_EMAIL } },
		  "abuse@host.example",
		  "abuse@host.example" },
		{ { { "abuse@registrar.example", ROLE_ABUSE, SCOPE_DOMAIN, NULL, .9,
		      false, CONTACT_EMAIL },
		    { "abuse@host.example", ROLE_MAILBOX, SCOPE_DOMAIN, NULL, .3, false,
		      CONTACT_EMAIL } },
		  "abuse@registrar.example",
		  "abuse@host.example" },
		{ { { "cert@nation.example", ROLE_ABUSE, SCOPE_CSIRT, NULL, .9, false,
		      CONTACT_EMAIL } },
		  "cert@nation.example",
		  NULL },
		{ { { "https://isp.example/abuse", ROLE_ABUSE, SCOPE_NETWORK, NULL, .9,
		      false, CONTACT_FORM },
		    { "abuse@isp.example", ROLE_ABUSE, SCOPE_ORGANISATION, NULL, .5,
		      false, CONTACT_EMAIL } },
		  "https://isp.example/abuse",
		  "abuse@isp.example" },
		{ { { "abuse@ripe.net", ROLE_ABUSE, SCOPE_NETWORK, NULL, .9, false,
		      CONTACT_EMAIL },
		    { "abuse@isp.example", ROLE_ABUSE, SCOPE_PARENT, NULL, .5, false,
		      CONTACT_EMAIL } },
		  "abuse@isp.example",
		  "abuse@isp.example" },
		/* The address appears twice: as suspect once is suspect always. */
		{ { { "abuse@isp.example", ROLE_ABUSE, SCOPE_NETWORK, NULL, .9, false,
		      CONTACT_EMAIL },
		    { "abuse@isp.example", ROLE_ABUSE, SCOPE_NETWORK, NULL, .4, true,
		      CONTACT_EMAIL },
		    { "abuse@up.example", ROLE_ABUSE, SCOPE_PARENT, NULL, .4, false,
		      CONTACT_EMAIL } },
		  "abuse@up.example",
		  "abuse@up.example" },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct contact_answer answer;
		const struct contact *chosen = NULL;

		fill(arena, rows[i].in, COUNT_OF(rows[i].in), &answer);
		contacts_rank(arena, &answer, true);
		CHECK_SLICE(answer.contacts.at[0].address, slice_of(rows[i].first));
		for (size_t j = 0; j < answer.contacts.count; j++)
			if (answer.contacts.at[j].chosen)
				chosen = &answer.contacts.at[j];
		CHECK_SLICE(chosen ? chosen->address : slice_of(NULL),
			    slice_of(rows[i].chosen));
	}
	arena_free(arena);
}

static void a_desk_goes_before_a_person_and_order_stays(void)
{
	const struct candidate rows[] = {
		{ "pat@isp.example", ROLE_ABUSE, SCOPE_NETWORK, narrow, .9, false,
		  CONTACT_EMAIL },
		{ "kim@isp.example", ROLE_ABUSE, SCOPE_NETWORK, narrow, .9, false,
		  CONTACT_EMAIL },
		{ "net-abuse@isp.example", ROLE_ABUSE, SCOPE_NETWORK, narrow, .9, false,
		  CONTACT_EMAIL },
	};
	struct arena *arena = arena_new();
	struct contact_answer answer;

	fill(arena, rows, COUNT_OF(rows), &answer);
	contacts_rank(arena, &answer, true);
	CHECK_SLICE(answer.contacts.at[0].address, S("net-abuse@isp.example"));
	CHECK_SLICE(answer.contacts.at[1].address, S("pat@isp.example"));
	CHECK_SLICE(answer.contacts.at[2].address, S("kim@isp.example"));
	arena_free(arena);
}

static void doubles_keep_the_surer_and_ranges_the_narrower(void)
{
	const struct candidate rows[] = {
		{ "abuse@isp.example", ROLE_ABUSE, SCOPE_NETWORK, wide, .95, false,
		  CONTACT_EMAIL },
		{ "abuse@isp.example", ROLE_TECHNICAL, SCOPE_NETWORK, narrow, .99,
		  false, CONTACT_EMAIL },
		{ "abuse@isp.example", ROLE_ABUSE, SCOPE_PARENT, wide, .97, false,
		  CONTACT_EMAIL },
		{ "abuse@customer.example", ROLE_ABUSE, SCOPE_NETWORK, narrow, .9,
		  false, CONTACT_EMAIL },
	};
	struct arena *arena = arena_new();
	struct contact_answer answer;

	fill(arena, rows, COUNT_OF(rows), &answer);
	contacts_rank(arena, &answer, true);
	CHECK_INT(answer.contacts.count, 2);
	CHECK_SLICE(answer.contacts.at[0].address, S("abuse@customer.example"));
	CHECK_SLICE(answer.contacts.at[1].address, S("abuse@isp.example"));
	CHECK_INT(answer.contacts.at[1].role, ROLE_ABUSE);
	CHECK_INT((int)(answer.contacts.at[1].confidence * 100 + .5), 97);
	arena_free(arena);
}

static void the_rejected_stay_with_their_reason(void)
{
	const struct candidate rows[] = {
		{ "abuse@ripe.net", ROLE_ABUSE, SCOPE_NETWORK, narrow, .9, false,
		  CONTACT_EMAIL },
		{ "abuse@ripe.net", ROLE_ABUSE, SCOPE_PARENT, wide, .9, false,
		  CONTACT_EMAIL },
		{ "abuse@isp.example", ROLE_ABUSE, SCOPE_NETWORK, narrow, .9, false,
		  CONTACT_EMAIL },
	};
	struct arena *arena = arena_new();
	struct contact_answer answer;

	fill(arena, rows, COUNT_OF(rows), &answer);
	contacts_rank(arena, &answer, false);
	CHECK_INT(answer.contacts.count, 0);
	CHECK_INT(answer.rejected.count, 2);
	CHECK_SLICE(answer.rejected.at[0].reason,
		    S("a registry's own box: it answers for the registry alone"));
	CHECK_SLICE(answer.rejected.at[1].reason,
		    S("a placeholder: example domains have no mail"));
	arena_free(arena);
}

/* Asked for a domain alone: the registrar's desk, never the domain's own mailboxes. */
static void chooses_for_a_domain(void)
{
	static const struct candidate rows[] = {
		{ "abuse@victim.net", ROLE_MAILBOX, SCOPE_DOMAIN, NULL, 0.2, false, 0 },
		{ "abuse@registrar.net", ROLE_ABUSE, SCOPE_DOMAIN, NULL, 0.6, false,
		  0 },
	};
	struct arena *arena = arena_new();
	struct contact_answer answer;

	fill(arena, rows, COUNT_OF(rows), &answer);
	answer.address.family = FAMILY_NONE;
	contacts_rank(arena, &answer, false);
	CHECK_TEXT(answer.contacts.at[0].address.at, "abuse@registrar.net");
	CHECK(answer.contacts.at[0].chosen);
	fill(arena, rows, 1, &answer);
	answer.address.family = FAMILY_NONE;
	contacts_rank(arena, &answer, false);
	CHECK(!answer.contacts.at[0].chosen);
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(registries_boxes_are_rejected), TEST(ranks_and_chooses),
			 TEST(a_desk_goes_before_a_person_and_order_stays),
			 TEST(doubles_keep_the_surer_and_ranges_the_narrower),
			 TEST(the_rejected_stay_with_their_reason),
			 TEST(chooses_for_a_domain));
}
