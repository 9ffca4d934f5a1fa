/* registry/fetch.h - the registries' dumps, fetched into a folder.
 *
 * One file after the other, so that no server sees two connections. Files that did not
 * change are not sent again (ETag, Last-Modified); a transfer that broke goes on where it
 * stopped, also in a later run (Range, If-Range), as long as the server's file is the
 * same; what came is looked at before it takes the old one's place (received.h), which
 * stays where anything is wrong. The folder belongs to one run at a time (a lock).
 *
 * Hidden files of the folder are ours: .ledger (what was fetched when, by which mark),
 * .NAME.part with its .NAME.mark (a transfer that has not ended), .lock.                 */
#ifndef REGISTRY_FETCH_H
#define REGISTRY_FETCH_H

#include "base/clock.h"
#include "conf/settings.h"
#include "registry/source.h"

enum fetch_outcome {
	FETCH_NEW,
	FETCH_UNCHANGED,
	FETCH_FAILED, /* the older file, if any, stays */
};
struct fetch_result {
	const struct source *source;
	enum fetch_outcome outcome;
	uint64_t bytes; /* of the file as it is now        */
	uint64_t fetched; /* bytes of it that came over the network */
	int64_t dated_at; /* of the file as it is now; 0: none */
	bool kept; /* on failure: there is an older file */
	bool unreached; /* on failure: no server said anything */
	struct slice problem; /* in words, on failure              */
};
struct fetch_options {
	const struct settings *settings;
	const struct clock *clock;
	struct slice folder; /* made where it is missing */
	const struct sources *sources;
	/* `whole` is 0 where it is not known. */
	void (*progress)(void *context, const struct source *source, uint64_t done,
			 uint64_t whole);
	void (*ended)(void *context, const struct fetch_result *result);
	void *context;
	int64_t patience_ms; /* as getter_new() has it; other than 0: ends at a failure */
};
/* -1 only where nothing could be begun: ERROR_RETRY where another run is under way. */
MUST_CHECK int fetch_run(struct arena *arena, const struct fetch_options *options,
			 struct error *err);

/* What the ledger says of a file: when it was fetched and last asked for, and where. */
struct fetched {
	struct slice name, url, etag, last_modified;
	int64_t fetched_at, asked_at;
	int64_t fresh_until; /* its server said so; 0: it did not */
};
struct fetched_list {
	struct fetched *at;
	size_t count, room;
};
/* A missing or damaged ledger is an empty one. A failure leaves a row that was asked and
 * perhaps never fetched: its url is empty then.                                         */
void fetched_read(struct arena *arena, struct slice folder, struct fetched_list *out);
MUST_CHECK int fetched_write(struct arena *arena, struct slice folder,
			     const struct fetched_list *list, struct error *err);
/* The row of that name or NULL. */
struct fetched *fetched_of(const struct fetched_list *list, struct slice name);

#endif
