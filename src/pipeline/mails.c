#include "pipeline/mails.h"

#include "base/buffer.h"
#include "mail/header.h"
#include "mail/origin.h"
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

enum { MAIL_MAX_BYTES = 64 << 20, KEPT_BYTES = 64 << 10 };

struct taking {
	const struct mails *mails;
	struct arena *arena; /* of what is told            */
	struct arena *work; /* of one mail                */
	struct mails_result *result;
	struct slice path;
};

static void problem_add(struct taking *taking, const struct error *why, bool is_unread)
{
	*LIST_ADD(taking->arena, &taking->result->problems) = (struct mail_problem){
		.path = taking->path,
		.reason = arena_copy(taking->arena, slice_of(why->text)),
		.is_unread = is_unread,
	};
}

/* Behind an mbox's own "From " line; -1 where another one follows behind an empty line. */
static int mbox_open(struct slice text, struct slice *mail, struct error *err)
{
	struct slice line, rest = text;
	bool after_empty = false;

	*mail = text;
	if (!slice_starts(text, S("From ")))
		return 0;
	(void)slice_next(&rest, '\n', &line);
	*mail = rest;
	while (rest.len && slice_next(&rest, '\n', &line)) {
		if (after_empty && slice_starts(line, S("From ")))
			return error_set(
				err, ERROR_SYNTAX,
				"it is a mailbox of several mails, in which one can "
				"pretend to be two: save each in a file of its own");
		after_empty = !slice_trim(line).len;
	}
	return 0;
}

/* [hosts] has the name that logs use beside the full one, which mail servers write. */
static struct slice host_of(const struct settings *settings, struct slice by)
{
	for (size_t i = 0; i < settings->hosts.count; i++)
		if (slice_equal_nocase(settings->hosts.at[i].name, by))
			return settings->hosts.at[i].host;
	return by;
}

static struct event event_of(const struct settings *settings,
			     const struct origin *origin)
{
	return (struct event){
		.at = origin->hop.at,
		.time_basis = TIME_BASIS_FULL,
		.source = origin->hop.peer,
		.target_host = host_of(settings, origin->hop.by),
		.target_port = 25,
		.protocol = PROTOCOL_TCP,
		.service = S("smtp"),
		.category = CATEGORY_MAIL_ABUSE,
		.outcome = OUTCOME_ATTEMPT,
		.rule = S(MAIL_RULE),
		.certainty = CERTAINTY_CONNECTION,
		.count = 1,
	};
}

/* 1: counted; 0: known; -1. */
static int mail_count(struct taking *taking, const struct event *event,
		      const struct incident_mail *mail, struct error *err)
{
	const struct mails *mails = taking->mails;
	struct incident like = { .base = event->category, .source = event->source };
	struct sha256 sha256 = sha256_of(mail->header);
	int known = mail_store_has(mails->db, &sha256, err);

	if (known != 0)
		return known < 0 ? -1 : 0;
	if (like.source.family == FAMILY_IPV6)
		like.source = address_mask(
			&like.source, (unsigned)mails->settings->judge_ipv6_prefix);
	if (incidents_add(mails->table, event, 0, err) != 0 ||
	    incidents_save(mails->table, err) != 0 ||
	    mail_store_add(mails->db, S(""), &like, mail, err) != 0)
		return -1;
	return 1;
}

static int mail_save(struct taking *taking, const struct event *event,
		     const struct incident_mail *mail, struct error *err)
{
	struct db *db = taking->mails->db;
	int counted;

	if (db_begin(db, err) != 0)
		return -1;
	counted = mail_count(taking, event, mail, err);
	incidents_forget(taking->mails->table);
	if (counted < 0 || db_commit(db, err) != 0) {
		db_rollback(db);
		return -1;
	}
	taking->result->taken += counted == 1;
	taking->result->known += counted == 0;
	return 0;
}

static int source_check(const struct taking *taking, const struct address *peer,
			struct error *err)
{
	const char *reason = own_side_refuses(taking->mails->own, peer);

	if (!reason)
		return 0;
	return error_set(err, ERROR_SYNTAX,
			 "%s handed it in, which is never reported: %s",
			 address_format(peer).text, reason);
}

/* What is held is told and no failure. */
static int mail_take(struct taking *taking, struct slice text, struct error *err)
{
	const struct mails *mails = taking->mails;
	struct origin origin;
	struct incident_mail mail = { .kind = mails->kind };
	struct event event;
	struct slice bytes;

	taking->result->read++;
	if (mbox_open(text, &bytes, err) != 0 ||
	    origin_find(taking->work, &mails->settings->relays, bytes, &origin, err) !=
		    0 ||
	    source_check(taking, &origin.hop.peer, err) != 0) {
		if (err->kind == ERROR_CONFIG)
			return -1;
		problem_add(taking, err, false);
		error_clear(err);
		return 0;
	}
	mail.header = slice_cut(header_block(bytes), 0, KEPT_BYTES);
	mail.depth = origin.depth;
	mail.at = origin.hop.at;
	event = event_of(mails->settings, &origin);
	event.line = (struct line){ .text = origin.line, .file = taking->path };
	return mail_save(taking, &event, &mail, err);
}

static int file_take(struct taking *taking, const char *path, struct error *err)
{
	struct buffer text;
	int result = 0;

	buffer_init(&text, MAIL_MAX_BYTES);
	if (file_read(path, &text, err) == 0) {
		result = mail_take(taking, buffer_slice(&text), err);
	} else {
		problem_add(taking, err, true);
		error_clear(err);
	}
	buffer_clear(&text);
	arena_reset(taking->work);
	return result;
}

static int folder_part_take(struct taking *taking, const char *path, struct error *err)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	int result = 0;

	if (!folder) {
		(void)error_system(err, errno, "maildir '%s'", path);
		problem_add(taking, err, true);
		error_clear(err);
		return 0;
	}
	while (result == 0 && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		taking->path =
			arena_printf(taking->arena, "%s/%s", path, entry->d_name);
		result =
			file_take(taking, arena_cstr(taking->arena, taking->path), err);
	}
	closedir(folder);
	return result;
}

static int name_take(struct taking *taking, struct slice name, struct error *err)
{
	static const char *const parts[] = { "new", "cur" };
	const char *path = slice_equal(name, S("-")) ? "/dev/stdin"
						     : arena_cstr(taking->arena, name);
	struct stat st;

	taking->path = name;
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return file_take(taking, path, err);
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		struct slice part =
			arena_printf(taking->arena, "%s/%s", path, parts[i]);

		taking->path = part;
		if (folder_part_take(taking, part.at, err) != 0)
			return -1;
	}
	return 0;
}

int mails_take(const struct mails *mails, struct arena *arena,
	       const struct slices *names, struct mails_result *out, struct error *err)
{
	struct mails_result result = { .read = 0 };
	struct taking taking = { mails, arena, arena_new(), &result, { NULL, 0 } };
	int failed = 0;

	for (size_t i = 0; failed == 0 && i < names->count; i++)
		failed = name_take(&taking, names->at[i], err);
	arena_free(taking.work);
	if (failed == 0)
		*out = result;
	return failed;
}
