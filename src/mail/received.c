#include "mail/received.h"

#include "mail/header.h"

enum { RESULT_MAX = 20 };

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

static void field_take(const struct header_field *field, struct received *out,
		       bool *has_path, bool *has_results)
{
	struct slice name = field->name, value = field->value;
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
	struct slice rest = header_block(message);
	struct header_field field;
	bool has_results = false, has_path = false;

	*out = (struct received){ 0 };
	while (header_next(arena, &rest, &field))
		field_take(&field, out, &has_path, &has_results);
}
