#include "contact/find.h"

#include "contact/choice.h"
#include "contact/look_up.h"
#include "os/file.h"

/* So many look-ups ask at once; others wait for the one that leads their block. */
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

int finder_renew_bootstrap(struct finder *finder, struct error *err)
{
	struct arena *arena = arena_new();
	struct bootstrap bootstrap = { 0 };

	if (bootstrap_read(arena, finder->settings->bootstrap, &bootstrap, err) != 0) {
		arena_free(arena);
		return -1;
	}
	arena_free(finder->bootstrap_arena);
	finder->bootstrap_arena = arena;
	finder->bootstrap = bootstrap;
	return 0;
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
	if (finder_renew_bootstrap(finder, err) != 0)
		goto free_arena;
	if (tables_read(finder, err) != 0)
		goto free_arenas;
	finder->asker = asker_new(
		&(struct asker_options){ options->settings, options->clock, options->db,
					 options->loop, options->answered,
					 options->context },
		err);
	if (!finder->asker)
		goto free_arenas;
	return finder;

free_arenas:
	arena_free(finder->bootstrap_arena);
free_arena:
	arena_free(arena);
	return NULL;
}

void finder_free(struct finder *finder)
{
	if (!finder)
		return;
	asker_free(finder->asker);
	arena_free(finder->bootstrap_arena);
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
	bool *finished;
	size_t started, done, told;
	struct look_up *active[ACTIVE_MAX];
	size_t active_count;
};

static bool has_chosen(const struct contacts *contacts)
{
	for (size_t i = 0; i < contacts->count; i++)
		if (contacts->at[i].chosen)
			return true;
	return false;
}

static void show_progress(struct batch *batch)
{
	struct finder_progress progress = { .done = batch->done,
					    .count = batch->queries->count };

	if (!batch->queries->progress)
		return;
	asker_waits(batch->finder->asker, &progress.waits_for, &progress.waits_until);
	batch->queries->progress(batch->queries->context, &progress);
}

/* In the order of the queries, each as soon as those before it are finished. */
static void tell_answers(struct batch *batch)
{
	const struct finder_queries *queries = batch->queries;

	for (; batch->told < queries->count && batch->finished[batch->told];
	     batch->told++)
		if (queries->answered)
			queries->answered(queries->context, batch->told);
}

static void pass_over_refused(struct look_up *look_up)
{
	const struct refused *passed =
		refused_pass_over(&look_up->finder->refused, look_up->answer);

	if (passed)
		look_up_note(look_up,
			     SLICE_FMT " refused %s on %s, so it is passed over: "
				       "" SLICE_FMT,
			     SLICE_ARG(look_up->answer->passed_over),
			     contact_is_url(look_up->answer->passed_over) ? "a report"
									  : "mail",
			     time_format(passed->at, TIME_DATE).text,
			     SLICE_ARG(passed->words));
}

/* Other processes then do not know what this one asked. */
static void alone_note(struct look_up *look_up)
{
	struct finder *finder = look_up->finder;
	struct slice problem = asker_problem(finder->asker);

	if (!problem.len || finder->alone_told)
		return;
	finder->alone_told = true;
	look_up_note(
		look_up,
		"what servers were asked is not shared with other tipoffs: " SLICE_FMT,
		SLICE_ARG(problem));
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
	look_up_note_narrower(look_up);
	pass_over_refused(look_up);
	alone_note(look_up);
	if (has_chosen(&look_up->answer->contacts))
		look_up->answer->later_at = 0;
	look_up->answer->unanswered =
		look_up->incomplete && !has_chosen(&look_up->answer->contacts);
	if (finder->csirts_wanted || !has_chosen(&look_up->answer->contacts))
		csirts_apply(look_up->arena, &finder->csirts, now, look_up->answer);
	batch->finished[look_up - batch->look_ups] = true;
	batch->done++;
}

/* The next that can be advanced now: one whose turn in its block came, else a new one. */
static struct look_up *next_ready(struct batch *batch)
{
	struct look_up *look_up = batch->finder->ready;

	if (batch->active_count == ACTIVE_MAX)
		return NULL;
	if (look_up) {
		batch->finder->ready = look_up->next;
		look_up->next = NULL;
		return look_up;
	}
	if (batch->started == batch->queries->count)
		return NULL;
	return &batch->look_ups[batch->started++];
}

/* False: it is not finished, and has something to ask. */
static bool advance_or_park(struct batch *batch, struct look_up *look_up)
{
	if (batch->advance(look_up))
		finish(batch, look_up);
	else if (!look_up->parked)
		return false;
	return true;
}

static void advance_active(struct batch *batch)
{
	size_t kept = 0;

	for (size_t i = 0; i < batch->active_count; i++)
		if (!advance_or_park(batch, batch->active[i]))
			batch->active[kept++] = batch->active[i];
	batch->active_count = kept;
}

/* Until nobody is left who could go on without an answer. */
static void advance_ready(struct batch *batch)
{
	struct look_up *look_up;

	while ((look_up = next_ready(batch)))
		if (!advance_or_park(batch, look_up))
			batch->active[batch->active_count++] = look_up;
}

static int keep_all(struct finder *finder, struct error *err)
{
	if (db_begin_light(finder->db, err) != 0)
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

/* At once, so that who is stopped or killed need not ask again. An answer that cannot be
 * kept is still an answer: the next time it is asked again.                             */
static void keep_fresh(struct batch *batch)
{
	struct finder *finder = batch->finder;
	struct error err;

	if (finder->db && finder->fresh.count && !finder->keeping_failed &&
	    keep_all(finder, &err) != 0) {
		finder->keeping_failed = true;
		look_up_note(&batch->look_ups[batch->told],
			     "the answers could not be kept: %s", err.text);
	}
	finder->fresh.count = 0;
}

static void run(struct batch *batch)
{
	struct asker *asker = batch->finder->asker;

	for (;;) {
		size_t ended = asker_ended(asker);

		advance_ready(batch);
		keep_fresh(batch);
		tell_answers(batch);
		show_progress(batch);
		if (batch->active_count == 0)
			return;
		while (asker_ended(asker) == ended && asker_turn(asker))
			show_progress(batch);
		advance_active(batch);
	}
}

static void forget_batch(struct finder *finder)
{
	finder->known = (struct finding_list){ 0 };
	finder->domains = (struct finding_list){ 0 };
	finder->fresh = (struct finding_list){ 0 };
	finder->blocks = (struct block_list){ 0 };
	finder->refused = (struct refused_rows){ 0 };
	asker_forget(finder->asker);
}

/* Without them everybody is written to as before: it is said once, of the first. */
static void read_refused(struct batch *batch)
{
	struct finder *finder = batch->finder;
	int64_t since = clock_now(finder->clock) - REFUSED_KEPT_US;
	struct error err;

	finder->refused = (struct refused_rows){ 0 };
	if (finder->db && batch->queries->count &&
	    refused_list(finder->db, batch->arena, since, &finder->refused, &err) != 0)
		look_up_note(&batch->look_ups[0],
			     "which mailboxes refused mail could not be read: %s",
			     err.text);
}

static void run_all(struct batch *batch, struct arena *arena,
		    struct contact_answer *answers)
{
	const struct finder_queries *queries = batch->queries;

	batch->arena = arena_new();
	batch->look_ups = ARENA_ARRAY(batch->arena, struct look_up, queries->count);
	batch->finished = ARENA_ARRAY(batch->arena, bool, queries->count);
	for (size_t i = 0; i < queries->count; i++)
		look_up_init(&batch->look_ups[i], batch->finder, arena, queries->at[i],
			     &answers[i]);
	read_refused(batch);
	run(batch);
}

static void batch_end(struct batch *batch)
{
	forget_batch(batch->finder);
	arena_free(batch->arena);
}

int finder_stop_on_signals(struct finder *finder, struct error *err)
{
	return asker_stop_on_signals(finder->asker, err);
}

bool finder_stopped(const struct finder *finder)
{
	return asker_stopped(finder->asker);
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
