#include "mail/received.h"

enum { RESULT_MAX = 20 };

/* One field, unfolded; false at the end of the header. */
static bool field_next(struct arena *arena, struct slice *rest, struct slice *name,
		       struct slice *value)
{
	struct slice line, text;
	ptrdiff_t colon;

	if (!rest->len || !slice_next(rest, '\n', &line) || !slice_trim(line).len)
		return false;
	text = slice_cut(slice_trim(line), 0, RECEIVED_FIELD_MAX);
	while (rest->len && (rest->at[0] == ' ' || rest->at[0] == '\t') &&
	       slice_next(rest, '\n', &line)) {
		line = slice_trim(line);
		if (text.len + line.len < RECEIVED_FIELD_MAX)
			text = arena_printf(arena, SLICE_FMT " " SLICE_FMT,
					    SLICE_ARG(text), SLICE_ARG(line));
	}
	colon = slice_find_byte(text, ':');
	*name = slice_trim(slice_cut(text, 0, colon < 0 ? 0 : (size_t)colon));
	*value = slice_trim(slice_from(text, colon < 0 ? text.len : (size_t)colon + 1));
	return true;
}

/* "spf=pass": the word behind a method that begins a word (RFC 8601 section 2.2). */
static struct slice result_of(struct slice value, struct slice method)
{
	for (size_t i = 0; i + method.len < value.len; i++) {
		struct slice here = slice_from(value, i);
		size_t len = method.len;

		if (!slice_starts_nocase(here, method) ||
		    (i && value.at[i - 1] != ' ' && value.at[i - 1] != ';'))
			continue;
		while (len < here.len && len < method.len + RESULT_MAX &&
		       ascii_is_alnum(here.at[len]))
			len++;
		return slice_cut(here, method.len, len);
	}
	return (struct slice){ NULL, 0 };
}

/* What stands between the first '<' and the '>' behind it. */
static bool brackets_find(struct slice value, size_t *from, size_t *to)
{
	ptrdiff_t open = slice_find_byte(value, '<'),
		  shut = slice_find_byte(value, '>');

	if (open < 0 || shut < open)
		return false;
	*from = (size_t)open;
	*to = (size_t)shut + 1;
	return true;
}

static void field_take(struct slice name, struct slice value, struct received *out,
		       bool *has_path, bool *has_results)
{
	size_t from, to;
	bool is_bracketed = brackets_find(value, &from, &to);

	if (slice_equal_nocase(name, S("message-id")) && !out->message_id.len) {
		if (is_bracketed)
			out->message_id = slice_cut(value, from, to);
	} else if (slice_equal_nocase(name, S("return-path")) && !*has_path) {
		*has_path = true;
		out->envelope =
			is_bracketed ? slice_cut(value, from + 1, to - 1) : value;
	} else if (slice_equal_nocase(name, S("dkim-signature"))) {
		out->is_signed = true;
	} else if (slice_equal_nocase(name, S("authentication-results")) &&
		   !*has_results) {
		*has_results = true;
		out->spf = result_of(value, S("spf="));
		out->dkim = result_of(value, S("dkim="));
	}
}

void received_read(struct arena *arena, struct slice message, struct received *out)
{
	struct slice rest = slice_cut(message, 0, RECEIVED_HEADER_MAX), name, value;
	bool has_results = false, has_path = false;

	*out = (struct received){ 0 };
	while (field_next(arena, &rest, &name, &value))
		field_take(name, value, out, &has_path, &has_results);
}
