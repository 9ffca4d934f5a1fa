/* registry/index_builder.h - what building the index keeps in memory. Private to index_*.c.
 *
 * Files come in any order, so drafts remember the handles they refer to, and only when
 * all is read are handles turned into contacts. Millions of drafts are kept at once: a
 * draft is small, and which handles it refers to is kept once for all that refer to the
 * same ones.                                                                          */
#ifndef REGISTRY_INDEX_BUILDER_H
#define REGISTRY_INDEX_BUILDER_H

#include "registry/index.h"
#include "registry/index_format.h"
#include "registry/index_pool.h"
#include "registry/registries.h"
#include "registry/rpsl.h"

/* A mailbox of a role, an irt, an organisation or a block's own remarks. */
struct index_mail {
	uint32_t address; /* in builder->strings */
	uint8_t percent;
	bool abuse; /* an abuse mailbox; else plain mail for the wide list */
	bool suspect;
};
struct index_mails {
	struct index_mail *at;
	size_t count, room;
};

/* What a handle stands for. */
struct index_holder {
	uint32_t key; /* in builder->handles: "registry/HANDLE"   */
	uint32_t object; /* the handle, in builder->strings          */
	uint32_t name; /* org-name, in builder->strings            */
	uint32_t abuse_c; /* key of an organisation's role            */
	uint32_t mails; /* in builder->mails                        */
	uint16_t mail_count;
	bool lir; /* org-type: LIR                            */
};
struct index_holders {
	struct index_holder *at;
	size_t count, room;
};

/* What blocks refer to; in builder->references, where index_resolve() fills in the
 * lower part. Keys are in builder->handles, 0 where there is none.                     */
struct index_reference {
	uint32_t org, abuse_c, irt, admin_c, tech_c, sponsor, maintainer;
	uint32_t mails, mail_count; /* of remarks                     */
	uint32_t ripe; /* 1: by RIPE's rule                           */
	uint32_t set; /* in builder->sets                             */
	uint32_t name; /* of the organisation, in builder->strings    */
	uint32_t flags;
};

/* A range as read; its bounds stand beside it. */
struct index_draft {
	uint32_t name, organisation; /* in builder->strings             */
	uint32_t value; /* in builder->references; of a route the AS    */
	uint16_t source;
	char country[2];
	uint8_t flags, unused[3];
};
struct index_drafts {
	struct index_draft *at;
	size_t count, room;
	struct {
		struct index_bounds4 *at;
		size_t count, room;
	} narrow; /* of a layer of IPv4 or AS numbers */
	struct {
		struct index_bounds6 *at;
		size_t count, room;
	} wide;
	uint32_t *order; /* sorted, by index_sort(); NULL before        */
};
void index_drafts_clear(struct index_drafts *drafts);

struct index_sources {
	struct index_source_row *at;
	size_t count, room;
};

struct index_builder {
	struct arena *arena; /* notes and names                     */
	struct arena *scratch; /* emptied after each object           */
	struct pool strings, handles, references, sets;
	struct index_sources sources;
	struct index_holders holders;
	struct index_mails mails;
	struct index_drafts layers[INDEX_LAYERS];
	uint64_t overlapping;
	int64_t now;
	struct index_counts *counts;
};
void index_builder_init(struct index_builder *builder, struct arena *arena,
			struct index_counts *counts);
void index_builder_clear(struct index_builder *builder); /* not the arena */

/* Growing rows on the heap: what an arena would leave behind is too much here. */
#define ROWS_ADD(list)                                                                \
	((list)->count == (list)->room                                                \
		 ? ((list)->at =                                                      \
			    rows_grow((list)->at, &(list)->room, sizeof *(list)->at), \
		    &(list)->at[(list)->count++])                                     \
		 : &(list)->at[(list)->count++])
void *rows_grow(void *at, size_t *room, size_t row_bytes);

/* A file of the folder, recognised by its name. */
struct index_file {
	struct slice path, name;
	const struct registry *registry;
	bool statistics;
	int64_t modified_at;
};

/* How far the builder was, so that a file that turns out broken leaves nothing. */
struct index_mark {
	size_t sources, holders, mails, layers[INDEX_LAYERS];
	uint64_t objects, skipped;
};
struct index_mark index_mark(const struct index_builder *builder);
void index_return_to(struct index_builder *builder, const struct index_mark *mark);

/* Both add what the file holds; -1 with nothing of it added where it is damaged, cut off,
 * or its summary lies: with half a file, the ranges that it lacks would be answered for
 * by those around them.                                                                */
MUST_CHECK int index_read_database(struct index_builder *builder,
				   const struct index_file *file, struct error *err);
MUST_CHECK int index_read_statistics(struct index_builder *builder,
				     const struct index_file *file, struct error *err);
uint16_t index_add_source(struct index_builder *builder, const struct index_file *file,
			  int64_t dated_at);
/* `layer` is the narrow one of a pair. */
void index_add_draft(struct index_builder *builder, enum index_layer layer,
		     const struct range *range, const struct index_draft *draft);
void index_add_numbers(struct index_builder *builder, uint32_t first, uint32_t last,
		       const struct index_draft *draft);

/* Turns references into sets of contacts: index_resolve.c. */
void index_resolve(struct index_builder *builder);

/* Outer drafts before inner ones; of equal ones the first read is the outer. */
void index_sort(struct index_drafts *drafts);

/* One layer's segments, and of each draft, in its order, its parent: index_flatten.c. */
struct index_segments {
	struct index_segment6 *at; /* a narrow layer's in `low` */
	size_t count, room;
};
struct index_flat {
	struct index_segments segments;
	uint32_t *parents;
	uint64_t overlapping; /* drafts that cross another: in no segment */
};
void index_flatten(const struct index_drafts *drafts, struct index_flat *out);
void index_flat_clear(struct index_flat *flat);

/* All of it as a file, replaced at once: index_write.c. */
MUST_CHECK int index_write(struct index_builder *builder, const char *path,
			   struct error *err);

#endif
