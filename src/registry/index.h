/* registry/index.h - the offline registry index: public dumps compiled into one file.
 *
 * Built from RIPE-style split dumps (ripe.db.inetnum[.gz], ...; APNIC, AFRINIC alike),
 * delegated-*-extended files and ARIN/LACNIC data as far as they are public: every file in
 * `folder` is recognised by its name. RIPE's abuse-c rule is computed with parents
 * (contacts.md 2.1). The file is written beside and renamed, mapped read-only, versioned,
 * checksummed per section; every offset in it is checked before use. It is never shipped:
 * the registries' terms let everybody build his own.                                    */
#ifndef REGISTRY_INDEX_H
#define REGISTRY_INDEX_H

#include "base/clock.h"
#include "base/arena.h"
#include "base/error.h"
#include "net/address.h"

struct index_counts {
	uint64_t files, objects, ranges, contacts, skipped;
	struct slices notes; /* what was skipped and why, one line per file */
};
/* Dumps that are broken are left out and noted; of nothing no index is made, and one that
 * stands at `path` stays: ERROR_NOT_FOUND.                                              */
MUST_CHECK int index_build(struct arena *arena, struct slice folder, struct slice path,
			   const struct clock *clock, struct index_counts *out,
			   struct error *err);

struct index;
MUST_CHECK struct index *index_open(struct slice path, struct error *err);
void index_close(struct index *index);
/* Opening reads the header alone, but for the first time: then every section is compared
 * with its checksum and looked through, and a note beside the file ("PATH.verified") says
 * which file it was. This does it in any case.                                          */
MUST_CHECK int index_verify(const struct index *index, struct error *err);

enum index_role { INDEX_ABUSE, INDEX_ADMINISTRATIVE, INDEX_TECHNICAL };
enum index_whose {
	INDEX_OWN, /* the block's                                       */
	INDEX_ORGANISATION, /* its holder's                             */
	INDEX_ABOVE, /* of a block above it                             */
	INDEX_SPONSOR, /* whom the registry refers to where those fail  */
};
struct index_mailbox {
	struct slice address; /* clean                                          */
	struct slice object, dump; /* that says so: handle or key; its file     */
	struct range range; /* of the block it speaks for                       */
	enum index_role role;
	enum index_whose whose;
	double confidence; /* 0 to 1                                            */
	bool suspect;
	int64_t dated_at; /* of the dump                                        */
};
struct index_hit {
	struct range range; /* of the most specific block; family 0: not held   */
	struct slice handle, name, organisation, country, registry;
	struct slice found_in; /* "RIPE dump of 2026-11-20"                     */
	struct slice national; /* the registry within APNIC's that knows more   */
	int64_t dated_at;
	struct {
		uint32_t *at;
		size_t count, room;
	} origins; /* AS numbers of the most specific route                     */
	struct {
		struct index_mailbox *at;
		size_t count, room;
	} mailboxes; /* own ones first, then those above, level by level        */
};
/* False where the index knows nothing of the address. */
bool index_find(const struct index *index, struct arena *arena,
		const struct address *about, struct index_hit *out);
/* The same for an AS number: no range, and nothing stands above it. */
bool index_find_number(const struct index *index, struct arena *arena, uint32_t number,
		       struct index_hit *out);
/* Only the number of the most specific object that holds the address, UINT32_MAX for none:
 * what a search in the sorted ranges costs.                                            */
uint32_t index_seek(const struct index *index, const struct address *about);

struct index_source { /* a dump that went in */
	struct slice name, registry;
	int64_t dated_at;
	uint64_t objects;
	bool statistics;
};
size_t index_source_count(const struct index *index);
struct index_source index_source_at(const struct index *index, size_t i);
int64_t index_built_at(const struct index *index);
uint64_t index_size_bytes(const struct index *index);

#endif
