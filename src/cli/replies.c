#include "base/buffer.h"
#include "cli/commands.h"
#include "cli/queue.h"
#include "mail/header.h"
#include "os/file.h"
#include "reply/store.h"

enum { MAIL_MAX_BYTES = 64 << 20, WORDS_MAX = 200 };

static const struct option OPTIONS[] = {
	{ "case", 0, OPTION_TEXT, "CASE",
	  "the case of a mail that does not say it itself" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static int belongs(struct run *run, struct db *db, const struct reply *reply,
		   struct kase *out)
{
	struct slice id = run_text(run, "case");

	if (!id.len && reply_store_case(db, run->arena, reply, &id, &run->err) != 0)
		return -1;
	if (!id.len)
		return error_set(
			&run->err, ERROR_SYNTAX,
			"it belongs to no report that left: give it with its whole "
			"header, or name the case by --case");
	return case_store_get(db, run->arena, id, out, &run->err);
}

/* A date that its sender made up cannot lie ahead. */
static int64_t answered_at(const struct run *run, const struct reply *reply)
{
	int64_t now = clock_now(&run->clock);

	return reply->at && reply->at < now ? reply->at : now;
}

static int reply_record(struct run *run, struct db *db, const struct reply *reply,
			const struct kase *kase)
{
	struct slice id = slice_of(kase->id);
	int64_t at = answered_at(run, reply);
	struct slice words =
		arena_printf(run->arena, SLICE_FMT ": " SLICE_FMT,
			     SLICE_ARG(slice_cut(reply->from, 0, WORDS_MAX)),
			     SLICE_ARG(slice_cut(reply->subject, 0, WORDS_MAX)));

	if (!reply->is_automatic &&
	    case_store_answer(db, id, at, reply->message_id, &run->err) != 0)
		return -1;
	if (reply->tag.len && !kase->tag.len &&
	    case_store_tag(db, id, reply->tag, &run->err) != 0)
		return -1;
	return audit_add(db, clock_now(&run->clock),
			 reply->is_automatic ? "acknowledged" : "desk answered", id,
			 words, &run->err);
}

static void reply_print(struct run *run, const struct reply *reply,
			const struct kase *kase, bool known)
{
	struct slice tag = kase->tag.len ? kase->tag : reply->tag;

	print_text(&run->out, "Case %s: %s%s", kase->id,
		   reply->is_automatic ? "acknowledged by a machine" : "answered",
		   known ? ", as was known" : "");
	if (tag.len) {
		print_text(&run->out, "; its tag is ");
		print_slice(&run->out, tag);
	}
	print_text(&run->out, ".\n");
}

static int reply_take(struct run *run, struct db *db, struct slice message)
{
	struct reply reply;
	struct kase kase;
	bool known;

	reply_read(run->arena, &run->settings, message, &reply);
	if (reply.is_bounce)
		return error_set(
			&run->err, ERROR_SYNTAX,
			"it is a bounce and no answer: 'tipoff queue' and 'tipoff "
			"show' tell what became of the mail");
	if (db_begin(db, &run->err) != 0 || belongs(run, db, &reply, &kase) != 0)
		return -1;
	known = reply.is_automatic
			? reply.tag.len && slice_equal(reply.tag, kase.tag)
			: reply.message_id.len &&
				  slice_equal(reply.message_id, kase.answer_id);
	if ((!known && reply_record(run, db, &reply, &kase) != 0) ||
	    db_commit(db, &run->err) != 0)
		return -1;
	reply_print(run, &reply, &kase, known);
	return 0;
}

static int file_take(struct run *run, struct db *db, struct slice name)
{
	const char *path =
		slice_equal(name, S("-")) ? "/dev/stdin" : arena_cstr(run->arena, name);
	struct buffer text;
	int result;

	buffer_init(&text, MAIL_MAX_BYTES);
	result = file_read(path, &text, &run->err);
	if (result == 0 &&
	    reply_take(run, db,
		       arena_copy(run->arena, header_block(buffer_slice(&text)))) !=
		    0) {
		db_rollback(db);
		result = error_context(&run->err, "mail '" SLICE_FMT "'",
				       SLICE_ARG(name));
	}
	buffer_clear(&text);
	return result;
}

static int replies_command(struct run *run)
{
	struct slice plus = run->settings.plus;
	struct workplace workplace;
	int code = 0;

	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	run->settings.plus = plus; /* as configured: old reports may have it */
	for (size_t i = 0; !code && i < run->arguments.count; i++)
		if (file_take(run, workplace.db, run->arguments.at[i]) != 0)
			code = command_fail(run);
	workplace_close(&workplace);
	return code;
}

const struct command command_replies = {
	.name = "replies",
	.arguments = "FILE...",
	.summary = "take in what a desk answered",
	.about =
		"Reads mails that came back, each from a file or '-' for standard input, so that\n"
		"a mail reader or an alias of the mail server can hand them in. The report it\n"
		"answers is found by the plus-address, by In-Reply-To and References, or by the\n"
		"token in its subject. The desk's own tag is learnt and stands in the subject of\n"
		"what follows; that says that you were answered, and stands in the same thread.\n"
		"An answer that was no mail is told by 'tipoff note CASE --answered'.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = replies_command,
};
