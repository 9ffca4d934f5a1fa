/* registry/index_builder.h - what building the index keeps in memory. Private to index_*.c.
 *
 * Files come in any order, so blocks remember the handles they refer to, and only when
 * all is read are handles turned into contacts.                                         */
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
	uint32_t mails, mail_count; /* in builder->mails              */
};
struct index_holders {
	struct index_holder *at;
	size_t count, room;
};

/* A range as read. Keys are 0 where there is none. */
struct index_draft {
	struct range range;
	uint32_t handle, name, organisation; /* in builder->strings */
	uint32_t org, abuse_c, irt, admin_c, tech_c; /* in builder->handles */
	uint32_t mails, mail_count; /* of remarks                       */
	uint32_t order; /* of reading                           */
	uint32_t origin; /* of a route                          */
	uint16_t source;
	char country[2];
	uint8_t flags;
};
struct index_drafts {
	struct index_draft *at;
	size_t count, room;
};

struct index_sources {
	struct index_source_row *at;
	size_t count, room;
};
struct index_contact_rows {
	struct index_contact *at;
	size_t count, room;
};
struct index_block_rows {
	struct index_block *at;
	size_t count, room;
};

struct index_builder {
	struct arena *arena; /* lists                               */
	struct arena *scratch; /* emptied after each object           */
	struct pool strings, handles;
	struct index_sources sources;
	struct index_holders holders;
	struct index_mails mails;
	struct index_drafts objects, statistics, routes;
	struct index_block_rows blocks;
	struct index_contact_rows contacts;
	uint64_t overlapping;
	int64_t now;
	struct index_counts *counts;
};

/* A file of the folder, recognised by its name. */
struct index_file {
	struct slice path, name;
	const struct registry *registry;
	bool statistics;
	int64_t modified_at;
};

/* Both add what the file holds; -1 with nothing of a statistics file added where it is
 * damaged or its summary lies (an older index is better than half a file).             */
MUST_CHECK int index_read_database(struct index_builder *builder,
				   const struct index_file *file, struct error *err);
MUST_CHECK int index_read_statistics(struct index_builder *builder,
				     const struct index_file *file, struct error *err);
uint16_t index_add_source(struct index_builder *builder, const struct index_file *file,
			  int64_t dated_at);

/* Turns handles into contact rows and drafts into blocks: index_resolve.c. */
void index_resolve(struct index_builder *builder);

/* One layer's segments of one family, from sorted drafts whose blocks begin at row
 * `first_block`; parents are filled in: index_flatten.c.                               */
struct index_segments {
	struct index_segment6 *at; /* IPv4 in `low` */
	size_t count, room;
};
void index_flatten(struct index_builder *builder, struct index_drafts *drafts,
		   size_t first_block, uint8_t family, struct index_segments *out);
void index_sort(struct index_drafts *drafts);

#endif
