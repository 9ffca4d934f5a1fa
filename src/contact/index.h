/* contact/index.h - the offline registry index: public dumps compiled into one file.
 *
 * Built from RIPE-style split dumps (ripe.db.inetnum[.gz], ...; APNIC, AFRINIC alike),
 * delegated-*-extended files and ARIN/LACNIC data as far as they are public: every file in
 * `folder` is recognised by its name. RIPE's abuse-c rule is computed with parents
 * (contacts.md 2.1). The file is written beside and renamed, mapped read-only, versioned,
 * checksummed per section; every offset in it is checked before use.                    */
#ifndef CONTACT_INDEX_H
#define CONTACT_INDEX_H

#include "base/clock.h"
#include "base/error.h"
#include "contact/reading.h"

struct index_counts {
	uint64_t files, objects, ranges, contacts, skipped;
	struct slices notes; /* what was skipped and why, one line per file */
};
MUST_CHECK int index_build(struct arena *arena, struct slice folder, struct slice path,
			   const struct clock *clock, struct index_counts *out,
			   struct error *err);

struct index;
MUST_CHECK struct index *index_open(struct slice path, struct error *err);
void index_close(struct index *index);
/* Every section against its checksum. Opening does it itself up to 16 MiB; of larger
 * files it reads the header alone, since no reference is followed unchecked anyway.     */
MUST_CHECK int index_verify(const struct index *index, struct error *err);
/* As a reading of a server: 0 with READING_ANSWER or READING_NOTHING. */
void index_find(const struct index *index, struct arena *arena,
		const struct address *about, struct reading *out);
struct index_source { /* a dump that went in */
	struct slice name, registry;
	int64_t dated_at;
	uint64_t objects;
};
size_t index_source_count(const struct index *index);
struct index_source index_source_at(const struct index *index, size_t i);
int64_t index_built_at(const struct index *index);

#endif
