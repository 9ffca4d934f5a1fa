#include "check.h"
#include "proxy/allowance.h"
#include "proxy/cache.h"

static struct address address_of(const char *text)
{
	struct address address = { 0 };

	CHECK_INT(address_parse(slice_of(text), &address), 0);
	return address;
}

static struct range range_of(const char *text)
{
	struct range range = { 0 };

	CHECK_INT(range_parse(slice_of(text), &range), 0);
	return range;
}

static void put(struct cache *cache, const char *key, const char *text,
		const char *range, const char *about)
{
	struct cache_answer answer = { .key = slice_of(key),
				       .text = slice_of(text),
				       .asked = slice_of(key),
				       .fresh_us = 10 };

	if (range) {
		answer.range = range_of(range);
		answer.about = address_of(about);
	}
	cache_let_go(cache, cache_put(cache, &answer));
}

static const char *text_at(struct cache *cache, const char *address)
{
	struct address at = address_of(address);
	struct cache_entry *entry = cache_find_address(cache, &at);
	static char text[64];

	if (!entry)
		return "none";
	memcpy(text, entry->answer.text.at, entry->answer.text.len);
	text[entry->answer.text.len] = '\0';
	return text;
}

static void ranges_hold_their_addresses(void)
{
	static const struct {
		const char *address, *want;
	} rows[] = {
		{ "203.0.113.0", "wide" },   { "203.0.113.255", "wide" },
		{ "203.0.113.64", "inner" }, { "203.0.113.127", "inner" },
		{ "203.0.113.63", "wide" },  { "203.0.114.0", "none" },
		{ "203.0.112.255", "none" }, { "198.51.100.5", "odd" },
		{ "198.51.100.4", "odd" },   { "198.51.100.3", "none" },
		{ "198.51.100.8", "none" },  { "2001:db8::1", "six" },
		{ "2001:db8:1::", "none" },  { "::203.0.113.64", "none" },
	};
	struct cache *cache = cache_new(1 << 20);

	put(cache, "a", "wide", "203.0.113.0/24", "203.0.113.9");
	put(cache, "b", "inner", "203.0.113.64/26", "203.0.113.65");
	/* no block: of it the widest one around the address, .4 to .5 */
	put(cache, "c", "odd", "198.51.100.3 - 198.51.100.5", "198.51.100.5");
	put(cache, "d", "six", "2001:db8::/48", "2001:db8::5");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!CHECK_TEXT(text_at(cache, rows[i].address), rows[i].want))
			CHECK_TEXT(rows[i].address, "");
	put(cache, "b", "newer", "203.0.113.64/26", "203.0.113.65");
	CHECK_TEXT(text_at(cache, "203.0.113.70"), "newer");
	CHECK_INT(cache_count(cache), 4);
	cache_free(cache);
}

static void room_is_bounded(void)
{
	struct cache *cache = cache_new(4096);
	char key[2] = "a";
	static char text[1000];
	struct cache_entry *held;

	memset(text, 'x', sizeof text - 1);
	for (; key[0] <= 'z'; key[0]++) {
		put(cache, key, text, NULL, NULL);
		CHECK(cache_find(cache, S("a")) || key[0] > 'a');
		CHECK(cache_size_bytes(cache) <= 4096);
	}
	/* "a" was used all the time, so others made room */
	CHECK(cache_find(cache, S("a")) != NULL);
	CHECK(cache_find(cache, S("b")) == NULL);
	CHECK(cache_find(cache, S("z")) != NULL);
	held = cache_find(cache, S("z"));
	cache_hold(held);
	for (key[0] = 'A'; key[0] <= 'Z'; key[0]++)
		put(cache, key, text, NULL, NULL);
	CHECK(cache_find(cache, S("z")) == NULL);
	CHECK_INT(held->answer.text.at[998], 'x'); /* whoever sends it still can */
	cache_let_go(cache, held);
	cache_free(cache);
}

static void too_much_for_the_whole_cache(void)
{
	struct cache *cache = cache_new(1024);
	static char text[2000];

	memset(text, 'x', sizeof text - 1);
	put(cache, "a", "small", NULL, NULL);
	put(cache, "b", text, NULL, NULL);
	CHECK(cache_find(cache, S("b")) == NULL);
	CHECK_INT(cache_size_bytes(cache), 0);
	cache_free(cache);
}

static void keys_hold_any_byte(void)
{
	struct cache *cache = cache_new(1 << 20);
	struct cache_answer answer = { .key = { "?\0a", 3 }, .text = S("one") };

	cache_let_go(cache, cache_put(cache, &answer));
	CHECK(cache_find(cache, (struct slice){ "?\0b", 3 }) == NULL);
	CHECK(cache_find(cache, S("?")) == NULL);
	CHECK(cache_find(cache, (struct slice){ "?\0a", 3 }) != NULL);
	CHECK(cache_has_unsaved(cache));
	CHECK(cache_next_unsaved(cache) != NULL);
	CHECK(cache_next_unsaved(cache) == NULL);
	cache_free(cache);
}

static unsigned taken(struct allowance *allowance, const char *client, int64_t now)
{
	struct address address = address_of(client);
	unsigned count = 0;

	while (count < 1000 && allowance_take(allowance, &address, now))
		count++;
	return count;
}

static void buckets_fill_again(void)
{
	struct allowance *allowance =
		allowance_new(&(struct allowance_options){ 60, 10 });

	CHECK_INT(taken(allowance, "192.0.2.1", 0), 10);
	CHECK_INT(taken(allowance, "192.0.2.2", 0), 10);
	CHECK_INT(taken(allowance, "192.0.2.1", 3 * SECOND_US), 3);
	CHECK_INT(taken(allowance, "192.0.2.1", 3 * SECOND_US), 0);
	CHECK_INT(taken(allowance, "192.0.2.1", 0), 0); /* the clock was set back */
	CHECK_INT(taken(allowance, "192.0.2.1", 400 * DAY_US), 10);
	CHECK_INT(taken(allowance, "2001:db8::1", 0), 10);
	CHECK_INT(taken(allowance, "2001:db8::2:1", 0), 0); /* of the same /64 */
	CHECK_INT(taken(allowance, "2001:db8:0:1::1", 0), 10);
	allowance_free(allowance);
	allowance = allowance_new(&(struct allowance_options){ 0, 0 });
	CHECK_INT(taken(allowance, "192.0.2.1", 0), 1000);
	allowance_free(allowance);
}

int main(void)
{
	return CHECK_RUN(TEST(ranges_hold_their_addresses), TEST(room_is_bounded),
			 TEST(too_much_for_the_whole_cache), TEST(keys_hold_any_byte),
			 TEST(buckets_fill_again));
}
