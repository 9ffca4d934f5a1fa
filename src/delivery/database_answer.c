#include "delivery/database_answer.h"

#include "base/clock.h"
#include "delivery/methods.h"
#include "json/reader.h"

enum { AGAIN_MINUTES = 15, REFUSED_SHOWN = 3, RETRY_AFTER_MAX_S = 7 * 24 * 3600 };

static struct slice error_text(struct arena *arena, const struct json_value *root)
{
	const struct json_value *errors = json_get(root, "errors");
	const struct json_value *plain = json_get(root, "error");
	struct slice text = json_text(json_get(json_at(errors, 0), "detail"));

	if (!text.len)
		text = json_text(plain);
	for (size_t i = 0; !text.len && i < json_count(plain); i++)
		text = json_text(json_at(plain, i));
	return one_line(arena, text);
}

static bool is_too_early(struct slice said)
{
	return slice_find(said, S("15 minutes")) >= 0;
}

/* "2 kept", and which rows were not and why. Of none kept nobody was told. */
static void bulk_read(struct arena *arena, const struct json_value *data,
		      struct handover_end *out)
{
	const struct json_value *invalid = json_get(data, "invalidReports");
	size_t count = json_count(invalid);
	int64_t kept = json_integer(json_get(data, "savedReports"), 0);
	struct slice words = arena_printf(arena, "%lld kept", (long long)kept);

	if (count)
		words = arena_printf(arena, SLICE_FMT ", %zu refused", SLICE_ARG(words),
				     count);
	for (size_t i = 0; i < count && i < REFUSED_SHOWN; i++) {
		const struct json_value *row = json_at(invalid, i);

		words = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT " (" SLICE_FMT ")",
				     SLICE_ARG(words), i ? ", " : ": ",
				     SLICE_ARG(json_text(json_get(row, "input"))),
				     SLICE_ARG(json_text(json_get(row, "error"))));
	}
	*out = (struct handover_end){ .state = DELIVERY_SENT,
				      .words = one_line(arena, words) };
	if (kept > 0 || !count)
		return;
	out->state = is_too_early(words) ? DELIVERY_DEFERRED : DELIVERY_FAILED;
	out->wait_us = is_too_early(words) ? AGAIN_MINUTES * MINUTE_US : 0;
}

static bool is_taken_abuseipdb(struct arena *arena, const struct json_value *root,
			       struct handover_end *out)
{
	const struct json_value *data = json_get(root, "data");

	if (json_is_number(json_get(data, "savedReports"))) {
		bulk_read(arena, data, out);
		return true;
	}
	if (!json_is_string(json_get(data, "ipAddress")))
		return false;
	*out = (struct handover_end){
		.state = DELIVERY_SENT,
		.words = one_line(
			arena,
			arena_printf(arena, SLICE_FMT " kept, confidence score %lld",
				     SLICE_ARG(json_text(json_get(data, "ipAddress"))),
				     (long long)json_integer(
					     json_get(data, "abuseConfidenceScore"),
					     0))),
	};
	return true;
}

/* Its errors come with 200 as well. */
static bool is_taken_blocklist_de(struct arena *arena, const struct json_value *root,
				  struct handover_end *out)
{
	struct slice status = json_text(json_get(root, "status"));

	if (slice_equal(status, S("success"))) {
		*out = (struct handover_end){ .state = DELIVERY_SENT,
					      .words = S("kept") };
		return true;
	}
	if (!slice_equal(status, S("error")))
		return false;
	*out = (struct handover_end){ .state = DELIVERY_FAILED,
				      .words = error_text(arena, root) };
	return true;
}

static int64_t wait_of(const struct database_answer *answer, struct slice said)
{
	if (answer->retry_after_s > 0)
		return answer->retry_after_s < RETRY_AFTER_MAX_S
			       ? answer->retry_after_s * SECOND_US
			       : RETRY_AFTER_MAX_S * SECOND_US;
	return is_too_early(said) ? AGAIN_MINUTES * MINUTE_US : 0;
}

static enum delivery_state state_of(enum database database, long status,
				    struct slice said)
{
	if (status == 429 || status == 408 || status == 503)
		return DELIVERY_DEFERRED;
	if (database == DATABASE_ABUSEIPDB && status >= 400 && status < 500 &&
	    is_too_early(said))
		return DELIVERY_DEFERRED;
	return status >= 300 && status < 500 ? DELIVERY_FAILED : DELIVERY_IN_DOUBT;
}

void database_answer_read(struct arena *arena, enum database database,
			  const struct database_answer *answer,
			  struct handover_end *out)
{
	struct error ignored;
	struct json *json = json_read(answer->body, DATABASE_ANSWER_MAX, &ignored);
	const struct json_value *root = json ? json_root(json) : NULL;
	struct slice said = error_text(arena, root), words = answer->problem;
	bool is_answer = answer->status >= 200 && answer->status < 300;

	if (is_answer &&
	    (database == DATABASE_BLOCKLIST_DE ? is_taken_blocklist_de(arena, root, out)
					       : is_taken_abuseipdb(arena, root, out)))
		goto free_json;
	*out = (struct handover_end){
		.state = state_of(database, answer->status, said),
		.wait_us = wait_of(answer, said),
	};
	if (answer->status)
		words = arena_printf(arena, "HTTP %ld%s%s" SLICE_FMT, answer->status,
				     is_answer ? ", but no answer of theirs" : "",
				     said.len ? ": " : "", SLICE_ARG(said));
	out->words = one_line(arena, words);
free_json:
	json_free(json);
}
