/* registry/source.h - where dumps are published: the table of data/registry/sources.txt.
 *
 * The user's mirrors are rows "BEGINNING REPLACEMENT": a URL that begins with the first
 * word begins with the second one instead; the first row that fits counts. So one row
 * names a mirror of a whole server or another place for one file.                       */
#ifndef REGISTRY_SOURCE_H
#define REGISTRY_SOURCE_H

#include "base/arena.h"
#include "base/error.h"

enum source_kind {
	SOURCE_DATABASE, /* RPSL objects, mostly gzip          */
	SOURCE_STATISTICS, /* delegated-*-extended               */
	SOURCE_BOOTSTRAP, /* RDAP servers, JSON (RFC 9224)      */
};
const char *source_kind_name(enum source_kind kind);

struct source {
	struct slice name; /* of the file in the folder: "rdap/ipv4.json" */
	struct slice registry, url;
	enum source_kind kind;
	bool md5; /* published at the URL with ".md5"         */
	uint64_t max_bytes, max_unpacked;
};
struct sources {
	struct source *at;
	size_t count, room;
};

/* The shipped tables, made of data/registry/. */
extern const char sources_shipped[], terms_shipped[];
extern const size_t sources_shipped_bytes, terms_shipped_bytes;

/* `table` is the shipped one, or a test's. `only` (may be empty): names of files, registries
 * or kinds. ERROR_CONFIG where a mirror's row or a name of `only` makes no sense.        */
MUST_CHECK int sources_read(struct arena *arena, struct slice table,
			    const struct slices *mirrors, const struct slices *only,
			    struct sources *out, struct error *err);
/* The registry's conditions in a sentence; empty where none are known. */
struct slice source_terms_of(struct slice registry);

#endif
