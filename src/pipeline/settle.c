/* A person's word on what became of a message. */
#include "case/store.h"
#include "contact/refused.h"
#include "pipeline/send_step.h"

static const struct settlement {
	enum delivery_state state; /* where it goes */
	bool in_doubt, failed, to_fill; /* and from where */
	const char *words, *none;
} SETTLEMENTS[] = {
	[SEND_WAS_DELIVERED] = { DELIVERY_SENT, .in_doubt = true,
				 .words = "a person said: it was delivered",
				 .none = "nothing there is in doubt" },
	[SEND_AGAIN] = { DELIVERY_READY, .in_doubt = true, .failed = true,
			 .words = "a person said: again",
			 .none = "nothing there is in doubt or failed" },
	[SEND_FORM_DONE] = { DELIVERY_SENT, .to_fill = true,
			     .words = "a person filled in the form",
			     .none = "no form there waits for you: 'tipoff send CASE' "
				     "gives you an approved one" },
	[SEND_FORM_REFUSED] = { DELIVERY_FAILED, .to_fill = true,
				.words = "the form did not take it",
				.none = "no form there waits for you: 'tipoff send CASE' "
					"gives you an approved one" },
	[SEND_FORM_BACK] = { DELIVERY_READY, .to_fill = true,
			     .words = "a person gave it back, not filled in",
			     .none = "no form there waits for you: 'tipoff send CASE' "
				     "gives you an approved one" },
};

static bool fits(const struct settlement *settlement, const struct outbox_row *row)
{
	return (settlement->in_doubt && row->state == DELIVERY_IN_DOUBT) ||
	       (settlement->failed && row->state == DELIVERY_FAILED &&
		row->is_current) ||
	       (settlement->to_fill && row->state == DELIVERY_TO_FILL);
}

static struct slice words_of(struct arena *arena, const struct settlement *settlement,
			     struct slice more)
{
	return arena_printf(arena, "%s%s" SLICE_FMT, settlement->words,
			    more.len ? ": " : "", SLICE_ARG(more));
}

static int tag_write(const struct send *send, struct slice id, struct slice tag,
		     struct error *err)
{
	if (!tag.len)
		return 0;
	if (case_store_tag(send->db, id, tag, err) != 0)
		return -1;
	return audit_add(send->db, clock_now(send->clock), "tag", id, tag, err);
}

/* Who does not take it is not told again: the next draft goes to the next contact. */
static int one_settle(const struct send *send, struct arena *arena,
		      const struct send_settlement *said, struct outbox_row *row,
		      struct error *err)
{
	const struct settlement *settlement = &SETTLEMENTS[said->word];
	struct outbox_step to = { .state = settlement->state,
				  .words = words_of(arena, settlement, said->words) };

	if (send_step(send, arena, row, &to, err) != 0 ||
	    tag_write(send, row->kase, said->tag, err) != 0)
		return -1;
	if (said->word != SEND_FORM_REFUSED)
		return 0;
	return refused_add(send->db, row->recipients.at[0], clock_now(send->clock),
			   to.words, err);
}

static int settle_all(const struct send *send, struct arena *arena,
		      const struct send_settlement *said, size_t *count,
		      struct error *err)
{
	const struct settlement *settlement = &SETTLEMENTS[said->word];
	struct outbox_rows rows = { 0 };

	if (outbox_list(send->db, arena, S(""), &rows, err) != 0)
		return -1;
	for (size_t i = 0; i < rows.count; i++) {
		struct outbox_row *row = &rows.at[i];

		if (!fits(settlement, row) || !send_is_meant(send, row))
			continue;
		if (one_settle(send, arena, said, row, err) != 0)
			return -1;
		(*count)++;
	}
	if (*count)
		return 0;
	return error_set(err, ERROR_NOT_FOUND, "%s", settlement->none);
}

int send_settle(const struct send *send, struct arena *arena,
		const struct send_settlement *said, size_t *count, struct error *err)
{
	size_t settled = 0;

	if (db_begin(send->db, err) != 0)
		return -1;
	if (settle_all(send, arena, said, &settled, err) == 0 &&
	    db_commit(send->db, err) == 0) {
		*count = settled;
		return 0;
	}
	db_rollback(send->db);
	return -1;
}
