/* base/digest.h - SHA-256 (FIPS 180-4), a keyed hash for tables, random bytes, hex.
 *
 * SHA-256 comes from OpenSSL's libcrypto (docs/decisions.md); its header stays here.
 * The table hash folds products under a key drawn once per process, because attackers
 * choose what goes into our tables; it is not shown to anybody and not kept.          */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/slice.h"

enum { SHA256_BYTES = 32, SHA256_HEX = 64 };

struct sha256 {
	uint8_t bytes[SHA256_BYTES];
};

struct sha256 sha256_of(struct slice bytes);
/* Over several pieces in order, each preceded by its length as 8 bytes, so that no two
 * lists of pieces have the same hash.                                                */
struct sha256 sha256_of_parts(const struct slice *parts, size_t count);
/* SHA-1, where a standard names keys by it; never to prove anything. */
enum { SHA1_BYTES = 20 };
struct sha1 {
	uint8_t bytes[SHA1_BYTES];
};
struct sha1 sha1_of(struct slice bytes);
/* HMAC-SHA-256 (RFC 2104). */
struct sha256 sha256_hmac(struct slice key, struct slice message);
struct slice sha256_slice(const struct sha256 *digest); /* its 32 raw bytes */

struct hex {
	char text[SHA256_HEX + 1];
};
struct hex hex_of(struct slice bytes); /* at most 32 bytes */

uint64_t table_hash(struct slice key);
void random_bytes(void *out, size_t count); /* getrandom(2); cannot fail */
/* `count` characters of 23456789ABCDEFGHJKLMNPQRSTUVWXYZ (none look alike), plus NUL. */
void random_token(char *out, size_t count);
void token_of(const struct sha256 *digest, char *out, size_t count); /* count <= 32 */
/* A version 4 UUID's text (RFC 9562 section 5.4) from 16 bytes. */
struct uuid_text {
	char text[37];
};
struct uuid_text uuid_of(const uint8_t bytes[16]);

#endif
