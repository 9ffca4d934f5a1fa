#include "base/digest.h"

#include "check.h"

#include <string.h>

static void sha256_is_the_standards(void)
{
	/* FIPS 180-4 examples */
	struct sha256 empty = sha256_of(S("")), abc = sha256_of(S("abc"));

	CHECK_TEXT(hex_of(sha256_slice(&empty)).text,
		   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	CHECK_TEXT(hex_of(sha256_slice(&abc)).text,
		   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void parts_do_not_run_together(void)
{
	struct slice one[] = { S("ab"), S("c") }, other[] = { S("a"), S("bc") };
	struct sha256 a = sha256_of_parts(one, 2), b = sha256_of_parts(other, 2);

	CHECK(memcmp(a.bytes, b.bytes, sizeof a.bytes) != 0);
	b = sha256_of_parts(one, 2);
	CHECK(memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0);
}

static void tokens_look_like_nothing_else(void)
{
	char token[33];

	random_token(token, 32);
	CHECK_INT(strlen(token), 32);
	CHECK_INT(strspn(token, "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"), 32);
}

static void a_uuid_carries_its_version(void)
{
	uint8_t bytes[16];

	memset(bytes, 0xff, sizeof bytes);
	CHECK_TEXT(uuid_of(bytes).text, "ffffffff-ffff-4fff-bfff-ffffffffffff");
	memset(bytes, 0, sizeof bytes);
	CHECK_TEXT(uuid_of(bytes).text, "00000000-0000-4000-8000-000000000000");
}

static void the_table_hash_sees_every_byte(void)
{
	char key[64] = { 0 };

	for (size_t len = 1; len <= sizeof key; len++) {
		uint64_t whole = table_hash((struct slice){ key, len });

		CHECK(table_hash((struct slice){ key, len }) == whole);
		for (size_t i = 0; i < len; i++) {
			key[i] = 1;
			CHECK(table_hash((struct slice){ key, len }) != whole);
			key[i] = 0;
		}
		CHECK(table_hash((struct slice){ key, len - 1 }) != whole);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(sha256_is_the_standards), TEST(parts_do_not_run_together),
			 TEST(tokens_look_like_nothing_else),
			 TEST(a_uuid_carries_its_version),
			 TEST(the_table_hash_sees_every_byte));
}
