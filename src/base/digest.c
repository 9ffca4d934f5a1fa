#include "base/digest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char ALPHABET[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

NORETURN static void digest_failed(void)
{
	fputs("tipoff: the system's SHA-256 failed\n", stderr);
	abort();
}

struct sha1 sha1_of(struct slice bytes)
{
	struct sha1 out;

	if (EVP_Digest(bytes.at, bytes.len, out.bytes, NULL, EVP_sha1(), NULL) != 1)
		abort();
	return out;
}

/* EVP_sha256() would be looked up again for every digest. */
static EVP_MD *sha256_kind;

static void sha256_fetch(void)
{
	sha256_kind = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (sha256_kind == NULL)
		digest_failed();
}

static const EVP_MD *sha256_get(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, sha256_fetch);
	return sha256_kind;
}

struct sha256 sha256_of(struct slice bytes)
{
	struct sha256 out;

	if (EVP_Digest(bytes.at, bytes.len, out.bytes, NULL, sha256_get(), NULL) != 1)
		digest_failed();
	return out;
}

struct sha256 sha256_of_parts(const struct slice *parts, size_t count)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	struct sha256 out;
	bool good = context && EVP_DigestInit_ex(context, sha256_get(), NULL) == 1;

	for (size_t i = 0; good && i < count; i++) {
		uint8_t len[8];

		for (size_t b = 0; b < sizeof len; b++)
			len[b] = (uint8_t)((uint64_t)parts[i].len >> (8 * b));
		good = EVP_DigestUpdate(context, len, sizeof len) == 1 &&
		       EVP_DigestUpdate(context, parts[i].at, parts[i].len) == 1;
	}
	if (!good || EVP_DigestFinal_ex(context, out.bytes, NULL) != 1)
		digest_failed();
	EVP_MD_CTX_free(context);
	return out;
}

struct sha256 sha256_hmac(struct slice key, struct slice message)
{
	struct sha256 out;

	if (!HMAC(sha256_get(), key.at, (int)key.len, (const unsigned char *)message.at,
		  message.len, out.bytes, NULL))
		digest_failed();
	return out;
}

struct slice sha256_slice(const struct sha256 *digest)
{
	return (struct slice){ (const char *)digest->bytes, sizeof digest->bytes };
}

struct hex hex_of(struct slice bytes)
{
	static const char digits[] = "0123456789abcdef";
	struct hex out = { "" };
	size_t count = bytes.len > SHA256_BYTES ? SHA256_BYTES : bytes.len;

	for (size_t i = 0; i < count; i++) {
		unsigned char byte = (unsigned char)bytes.at[i];

		out.text[2 * i] = digits[byte >> 4];
		out.text[2 * i + 1] = digits[byte & 15];
	}
	return out;
}

void random_bytes(void *out, size_t count)
{
	char *at = out;

	while (count) {
		ssize_t got = getrandom(at, count, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			abort();
		at += got;
		count -= (size_t)got;
	}
}

void random_token(char *out, size_t count)
{
	random_bytes(out, count);
	for (size_t i = 0; i < count; i++)
		out[i] = ALPHABET[(unsigned char)out[i] % 32];
	out[count] = '\0';
}

void token_of(const struct sha256 *digest, char *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		out[i] = ALPHABET[digest->bytes[i] % 32];
	out[count] = '\0';
}

struct uuid_text uuid_of(const uint8_t bytes[16])
{
	struct uuid_text out;
	uint8_t b[16];

	memcpy(b, bytes, sizeof b);
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	snprintf(out.text, sizeof out.text,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
		 b[11], b[12], b[13], b[14], b[15]);
	return out;
}

/* Folded multiplication (as in Wang Yi's wyhash): 128 bits of product of two words that
 * carry a secret of this process, so that nobody outside can choose keys that collide.  */
static uint64_t hash_key[4];
static _Atomic(bool) is_drawn;

static void key_draw(void)
{
	random_bytes(hash_key, sizeof hash_key);
	atomic_store_explicit(&is_drawn, true, memory_order_release);
}

static uint64_t fold(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* One to seven bytes, each of them somewhere: no two of a length are the same word. */
static uint64_t word_of(const char *at, size_t len)
{
	if (len >= 4)
		return (uint64_t)four_bytes(at) << 32 | four_bytes(at + len - 4);
	return (uint64_t)(uint8_t)at[0] << 16 | (uint64_t)(uint8_t)at[len / 2] << 8 |
	       (uint8_t)at[len - 1];
}

uint64_t table_hash(struct slice key)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const char *at = key.at;
	size_t left = key.len;
	uint64_t hash;

	if (!atomic_load_explicit(&is_drawn, memory_order_acquire))
		pthread_once(&once, key_draw);
	hash = hash_key[0] ^ left;
	for (; left > 16; left -= 16, at += 16)
		hash = fold(eight_bytes(at) ^ hash_key[1], eight_bytes(at + 8) ^ hash);
	if (left >= 8) /* the last bytes of 9 to 15 stand in both words */
		hash = fold(eight_bytes(at) ^ hash_key[2],
			    eight_bytes(at + left - 8) ^ hash);
	else if (left > 0)
		hash = fold(word_of(at, left) ^ hash_key[2], hash);
	return fold(hash ^ hash_key[3], hash_key[1]);
}
