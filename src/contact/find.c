#include "contact/find.h"

#include "contact/choice.h"
#include "contact/look_up.h"
#include "os/file.h"

/* So many look-ups are under way at once; most of them wait for one that leads. */
enum { ACTIVE_MAX = 512 };

/* The user's file, where one is named. */
static int table_file(struct arena *arena, struct slice path, const char *what,
		      struct slice *out, struct error *err)
{
	struct buffer text;
	int status = 0;

	*out = (struct slice){ "", 0 };
	if (path.len == 0)
		return 0;
	buffer_init(&text, TABLE_MAX_BYTES);
	if (file_read(arena_cstr(arena, path), &text, err) == 0)
		*out = arena_copy(arena, buffer_slice(&text));
	else
		status = error_context(err, "%s", what);
	buffer_clear(&text);
	if (status != 0)
		err->kind = ERROR_CONFIG;
	return status;
}

/* The user's rows stand before those that are built in. */
static int tables_read(struct finder *finder, struct error *err)
{
	const struct settings *settings = finder->settings;
	struct arena *arena = finder->arena;
	struct slice own_providers, own_csirts;
	struct slice providers = { providers_shipped, providers_shipped_bytes };
	struct slice csirts = { csirts_shipped, csirts_shipped_bytes };

	if (table_file(arena, settings->providers, "[look-up] providers",
		       &own_providers, err) != 0 ||
	    table_file(arena, settings->csirts, "[look-up] csirts", &own_csirts, err) !=
		    0 ||
	    providers_read(arena, own_providers, &finder->providers, err) != 0 ||
	    providers_read(arena, providers, &finder->providers, err) != 0 ||
	    csirts_read(arena, own_csirts, &finder->csirts, err) != 0 ||
	    csirts_read(arena, csirts, &finder->csirts, err) != 0)
		return -1;
	return own_contacts_read(arena, &settings->own_contacts, &finder->own, err);
}

struct finder *finder_new(const struct finder_options *options, struct error *err)
{
	struct arena *arena = arena_new();
	struct finder *finder = ARENA_NEW(arena, struct finder);

	*finder = (struct finder){
		.arena = arena,
		.settings = options->settings,
		.clock = options->clock,
		.db = options->db,
		.index = options->index,
		.allow_registries = options->allow_registries,
		.allow_reverse = options->allow_reverse,
		.allow_mail_domains = options->allow_mail_domains,
		.allow_security_txt = options->allow_security_txt,
		.allow_origin = options->allow_origin,
		.csirts_wanted = options->csirts_wanted,
	};
	if (bootstrap_read(arena, options->settings->bootstrap, &finder->bootstrap,
			   err) != 0)
		goto free_arena;
	if (tables_read(finder, err) != 0)
		goto free_arena;
	finder->asker =
		asker_new(&(struct asker_options){ options->settings, options->clock,
						   options->loop, options->answered,
						   options->context },
			  err);
	if (!finder->asker)
		goto free_arena;
	return finder;

free_arena:
	arena_free(arena);
	return NULL;
}

void finder_free(struct finder *finder)
{
	if (!finder)
		return;
	asker_free(finder->asker);
	arena_free(finder->arena);
}

static bool advance_names(struct look_up *look_up)
{
	return names_step(look_up);
}

static bool advance_all(struct look_up *look_up)
{
	bool names = names_step(look_up);
	bool network = network_step(look_up);
	bool domains = domains_step(look_up);

	return names && network && domains && more_step(look_up);
}

struct batch {
	struct finder *finder;
	struct arena *arena; /* for what lives as long as the batch */
	bool (*advance)(struct look_up *look_up); /* true: it is finished */
	const struct finder_queries *queries;
	struct look_up *look_ups;
	size_t started, done;
	size_t active[ACTIVE_MAX], active_count;
};

static bool has_chosen(const struct contacts *contacts)
{
	for (size_t i = 0; i < contacts->count; i++)
		if (contacts->at[i].chosen)
			return true;
	return false;
}

static void finish(struct batch *batch, struct look_up *look_up)
{
	const struct finder *finder = batch->finder;
	int64_t now = clock_now(finder->clock);

	own_contacts_apply(look_up->arena, &finder->own, &look_up->about,
			   look_up->number, now, look_up->answer);
	providers_apply(look_up->arena, &finder->providers, look_up->answer);
	contacts_rank(look_up->arena, look_up->answer,
		      batch->finder->settings->documentation_public);
	if (finder->csirts_wanted || !has_chosen(&look_up->answer->contacts))
		csirts_apply(look_up->arena, &finder->csirts, now, look_up->answer);
	batch->done++;
	if (batch->queries->progress)
		batch->queries->progress(batch->queries->context, batch->done,
					 batch->queries->count);
}

/* True when a look-up ended: others may have waited for it. */
static bool advance_active(struct batch *batch)
{
	size_t kept = 0, before = batch->active_count;

	for (size_t i = 0; i < before; i++) {
		struct look_up *look_up = &batch->look_ups[batch->active[i]];

		if (batch->advance(look_up))
			finish(batch, look_up);
		else
			batch->active[kept++] = batch->active[i];
	}
	batch->active_count = kept;
	return kept < before;
}

static void fill(struct batch *batch)
{
	while (batch->active_count < ACTIVE_MAX &&
	       batch->started < batch->queries->count)
		batch->active[batch->active_count++] = batch->started++;
}

static void run(struct batch *batch)
{
	for (fill(batch); batch->active_count; fill(batch))
		if (!advance_active(batch))
			asker_turn(batch->finder->asker);
}

static int keep_all(struct finder *finder, struct error *err)
{
	if (db_begin(finder->db, err) != 0)
		return -1;
	for (size_t i = 0; i < finder->fresh.count; i++)
		if (finding_keep(finder->db, finder->fresh.at[i], err) != 0)
			goto rollback;
	if (findings_forget_old(finder->db, clock_now(finder->clock), err) != 0)
		goto rollback;
	if (db_commit(finder->db, err) == 0)
		return 0;
rollback:
	db_rollback(finder->db);
	return -1;
}

static void forget_batch(struct finder *finder)
{
	finder->known = (struct finding_list){ 0 };
	finder->domains = (struct finding_list){ 0 };
	finder->fresh = (struct finding_list){ 0 };
	asker_forget(finder->asker);
}

/* An answer that cannot be kept is still an answer: the next time it is asked again. */
static void keep_fresh(struct finder *finder, struct look_up *first)
{
	struct error err;

	if (finder->db && finder->fresh.count && keep_all(finder, &err) != 0)
		look_up_note(first, "the answers could not be kept: %s", err.text);
}

static void run_all(struct batch *batch, struct arena *arena,
		    struct contact_answer *answers)
{
	const struct finder_queries *queries = batch->queries;

	batch->arena = arena_new();
	batch->look_ups = ARENA_ARRAY(batch->arena, struct look_up, queries->count);
	for (size_t i = 0; i < queries->count; i++)
		look_up_init(&batch->look_ups[i], batch->finder, arena, queries->at[i],
			     &answers[i]);
	run(batch);
}

static void batch_end(struct batch *batch)
{
	forget_batch(batch->finder);
	arena_free(batch->arena);
}

int finder_find(struct finder *finder, struct arena *arena,
		const struct finder_queries *queries, struct contact_answer *answers,
		struct error *err)
{
	struct batch batch = { .finder = finder,
			       .advance = advance_all,
			       .queries = queries };

	(void)err; /* what a server or the store cannot give is told in the answers */
	run_all(&batch, arena, answers);
	if (queries->count)
		keep_fresh(finder, &batch.look_ups[0]);
	batch_end(&batch);
	return 0;
}

int finder_names(struct finder *finder, struct arena *arena,
		 const struct finder_queries *queries, struct contact_answer *answers,
		 struct error *err)
{
	struct batch batch = { .finder = finder,
			       .advance = advance_names,
			       .queries = queries };

	(void)err;
	run_all(&batch, arena, answers);
	batch_end(&batch);
	return 0;
}
