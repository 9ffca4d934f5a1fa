/* registry/received.h - is what was fetched really the dump? Asked before it takes the
 * place of an older one, because a broken dump finds wrong contacts.
 *
 * Refused, ERROR_SYNTAX in a sentence: an empty file, another checksum than the published
 * one, a page instead of data, gzip that is damaged, cut off or unpacks to more than the
 * source's cap, a file without anything of its kind, statistics whose summary is another
 * than what it holds, and less than half of the bytes that the older file has.          */
#ifndef REGISTRY_RECEIVED_H
#define REGISTRY_RECEIVED_H

#include "registry/source.h"

struct received {
	const struct source *source;
	const char *path; /* of what was fetched              */
	const char *old_path; /* what it would replace; may not be */
	struct slice md5; /* the published text; empty: none  */
};
MUST_CHECK int received_check(const struct received *received, struct error *err);

#endif
