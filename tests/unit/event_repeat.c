#include "check.h"
#include "event/repeat.h"

#include <stdio.h>
#include <stdlib.h>

#define TEXT " web1 sshd[7]: Invalid user x from 203.0.113.7\n"

static const struct rule RULE;

static struct repeat_key key_of(struct slice rest, const uint64_t *seen)
{
	return (struct repeat_key){ .rest = rest, .seen = seen };
}

/* The roles as offsets, so that they can be compared: "user 28+1 ip4 35+11". */
static void known_check(struct repeats *repeats, struct slice rest,
			const uint64_t *seen, bool is_known)
{
	struct repeat_key key = key_of(rest, seen);
	struct slice roles[ROLE_COUNT] = { 0 };
	const struct repeat *repeat = repeats_find(repeats, &key);

	if (!CHECK_INT(repeat != NULL, is_known) || !is_known)
		return;
	CHECK_INT(repeat->sets, 5);
	CHECK_INT(repeat->hit_count, 1);
	repeat_roles(&repeat->hits[0], rest, roles);
	CHECK(repeat->hits[0].rule == &RULE);
	CHECK(roles[ROLE_USER].at == rest.at + 28);
	CHECK_SLICE(roles[ROLE_USER], S("x"));
	CHECK_SLICE(roles[ROLE_IP4], S("203.0.113.7"));
	CHECK(roles[ROLE_NOFAIL].at != NULL);
	CHECK_INT(roles[ROLE_NOFAIL].len, 0);
	CHECK(roles[ROLE_FID].at == NULL);
}

static void the_same_text_is_known_again(void)
{
	static const uint64_t seen[] = { 9, 1 }, other[] = { 9, 3 };
	char first[] = TEXT, second[] = TEXT, third[] = TEXT;
	struct slice rest = slice_of(first), roles[ROLE_COUNT] = { 0 };
	struct repeats *repeats = repeats_new(COUNT_OF(seen));
	struct repeat_key key = key_of(rest, seen);
	struct repeat *repeat;

	roles[ROLE_USER] = slice_cut(rest, 28, 29);
	roles[ROLE_IP4] = slice_cut(rest, 35, 46);
	roles[ROLE_NOFAIL] = slice_cut(rest, 3, 3);
	CHECK(repeats_find(repeats, &key) == NULL);
	repeat = repeats_keep(repeats, &key, 5);
	CHECK(repeat_hit_keep(repeat, rest, &RULE, roles));
	known_check(repeats, slice_of(second), seen, true);
	known_check(repeats, slice_of(second), other, false);
	third[5]++;
	known_check(repeats, slice_of(third), seen, false);
	known_check(repeats, slice_cut(slice_of(second), 0, rest.len - 1), seen, false);
	repeats_drop(repeats, repeat);
	known_check(repeats, slice_of(second), seen, false);
	repeats_free(repeats);
}

static void what_does_not_lie_in_the_line_is_not_kept(void)
{
	static const uint64_t seen[] = { 0 };
	struct slice rest = S(TEXT), roles[ROLE_COUNT] = { 0 };
	struct repeats *repeats = repeats_new(COUNT_OF(seen));
	struct repeat_key key = key_of(rest, seen);
	struct repeat *repeat;

	CHECK(repeats_find(repeats, &key) == NULL);
	repeat = repeats_keep(repeats, &key, 1);
	roles[ROLE_USER] = S("elsewhere");
	CHECK(!repeat_hit_keep(repeat, rest, &RULE, roles));
	roles[ROLE_USER] = (struct slice){ rest.at + 40, rest.len };
	CHECK(!repeat_hit_keep(repeat, rest, &RULE, roles));
	roles[ROLE_USER] = slice_cut(rest, 1, 2);
	for (int i = 0; i < REPEAT_HITS_MAX; i++)
		CHECK(repeat_hit_keep(repeat, rest, &RULE, roles));
	CHECK(!repeat_hit_keep(repeat, rest, &RULE, roles));
	repeats_free(repeats);
}

/* Texts that differ in any one byte are told apart, whatever their length. */
static void each_byte_counts(void)
{
	static const uint64_t seen[] = { 0 };
	char text[REPEAT_TEXT_MAX];

	memset(text, 'a', sizeof text);
	for (size_t len = REPEAT_TEXT_MIN; len <= sizeof text; len += 29) {
		struct repeats *repeats = repeats_new(COUNT_OF(seen));
		struct slice rest = { text, len };
		struct repeat_key key = key_of(rest, seen);

		CHECK(repeats_find(repeats, &key) == NULL);
		repeats_keep(repeats, &key, 1);
		CHECK(repeats_find(repeats, &key) != NULL);
		for (size_t i = 0; i < len; i++) {
			text[i] = 'b';
			CHECK(repeats_find(repeats, &key) == NULL);
			text[i] = 'a';
		}
		repeats_free(repeats);
	}
}

/* Where nothing repeats, it is not asked for long; later it is tried again. */
static void it_rests_where_nothing_repeats(void)
{
	static const uint64_t seen[] = { 0 };
	struct repeats *repeats = repeats_new(COUNT_OF(seen));
	unsigned asked = 0, rested = 0;

	for (unsigned i = 0; i < 100000; i++) {
		char text[32];
		struct repeat_key key;

		if (repeats_rest(repeats)) {
			rested++;
			continue;
		}
		snprintf(text, sizeof text, "line number %08u", i);
		key = key_of(slice_of(text), seen);
		CHECK(repeats_find(repeats, &key) == NULL);
		repeats_keep(repeats, &key, 1);
		asked++;
	}
	CHECK(asked > 1024);
	CHECK(asked < rested / 8);
	repeats_free(repeats);
}

int main(void)
{
	return CHECK_RUN(TEST(the_same_text_is_known_again),
			 TEST(what_does_not_lie_in_the_line_is_not_kept),
			 TEST(each_byte_counts), TEST(it_rests_where_nothing_repeats));
}
