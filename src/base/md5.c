#include "base/md5.h"

#include <openssl/evp.h>

struct hex md5_of(struct slice bytes)
{
	uint8_t out[EVP_MAX_MD_SIZE];
	unsigned count = 0;

	if (EVP_Digest(bytes.at, bytes.len, out, &count, EVP_md5(), NULL) != 1)
		return (struct hex){ "" };
	return hex_of((struct slice){ (const char *)out, count });
}
