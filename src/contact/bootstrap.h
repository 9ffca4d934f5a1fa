/* contact/bootstrap.h - which RDAP server answers for what (RFC 9224; handles: RFC 8521).
 *
 * From IANA's files ipv4.json, ipv6.json, asn.json, dns.json and object-tags.json of a
 * folder, or the snapshot that is built in. The longest prefix (most labels) wins; a
 * handle's tag is what stands behind its last hyphen. Of a row's URLs the
 * first https one is taken, else the first http one; each ends in "/". A miss means that
 * no registry is known to be asked, which differs from a registry's "not found".       */
#ifndef CONTACT_BOOTSTRAP_H
#define CONTACT_BOOTSTRAP_H

#include "base/arena.h"
#include "base/error.h"
#include "net/address.h"

enum { BOOTSTRAP_MAX_BYTES = 1024 * 1024, BOOTSTRAP_FILES = 5 };

/* What they are called, without ".json". */
extern const char *const bootstrap_names[BOOTSTRAP_FILES];

struct bootstrap_file {
	const char *name; /* "ipv4", "ipv6", "asn", "dns", "object-tags" */
	struct slice json;
};
extern const struct bootstrap_file bootstrap_shipped[];
extern const size_t bootstrap_shipped_count;

struct bootstrap_range {
	struct range range;
	struct slice url;
};
struct bootstrap_numbers {
	uint32_t first, last;
	struct slice url;
};
struct bootstrap_domain {
	struct slice name; /* "net"; empty: the root */
	struct slice url;
};
struct bootstrap_tag {
	struct slice tag; /* "ARIN" */
	struct slice url;
};
struct bootstrap {
	struct {
		struct bootstrap_range *at;
		size_t count, room;
	} ranges;
	struct {
		struct bootstrap_numbers *at;
		size_t count, room;
	} numbers;
	struct {
		struct bootstrap_domain *at;
		size_t count, room;
	} domains;
	struct {
		struct bootstrap_tag *at;
		size_t count, room;
	} tags;
};

/* Rows of one file are added to `out`, which lives in `arena`. ERROR_SYNTAX where it is no
 * bootstrap file; a row that makes no sense is skipped. `name` as in bootstrap_file.    */
MUST_CHECK int bootstrap_parse(struct arena *arena, struct slice name,
			       struct slice json, struct bootstrap *out,
			       struct error *err);
/* `folder` empty: the shipped snapshot. A file missing in the folder is no error. */
MUST_CHECK int bootstrap_read(struct arena *arena, struct slice folder,
			      struct bootstrap *out, struct error *err);

/* The server's base URL; empty where none is known. */
struct slice bootstrap_for_address(const struct bootstrap *bootstrap,
				   const struct address *address);
struct slice bootstrap_for_number(const struct bootstrap *bootstrap, uint32_t autnum);
struct slice bootstrap_for_domain(const struct bootstrap *bootstrap,
				  struct slice domain);
struct slice bootstrap_for_handle(const struct bootstrap *bootstrap,
				  struct slice handle);

#endif
