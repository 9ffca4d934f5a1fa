#include "event/filter_name.h"

static bool is_key(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

static void drop_blanks(struct slice *rest)
{
	while (rest->len > 0 && ascii_is_space(rest->at[0]))
		*rest = slice_from(*rest, 1);
}

static int unexpected(struct slice text, struct slice rest, const char *expected,
		      struct error *err)
{
	return error_set(err, ERROR_SYNTAX,
			 "'" SLICE_FMT "': expected %s at byte %zu, as in "
			 "sshd[mode=aggressive, logtype=short]",
			 SLICE_ARG(text), expected, text.len - rest.len + 1);
}

static struct slice take_plain(struct slice *rest)
{
	size_t end = 0;

	while (end < rest->len && rest->at[end] != ',' && rest->at[end] != ']')
		end++;
	struct slice value = slice_cut(*rest, 0, end);
	*rest = slice_from(*rest, end);
	return value;
}

static int take_value(struct slice text, struct slice *rest, struct slice *value,
		      struct error *err)
{
	char quote = rest->len > 0 ? rest->at[0] : '\0';

	if (quote != '"' && quote != '\'') {
		*value = slice_trim(take_plain(rest));
		return 0;
	}
	ptrdiff_t close = slice_find_byte(slice_from(*rest, 1), quote);
	if (close < 0)
		return unexpected(text, slice_from(text, text.len), "a closing quote",
				  err);
	*value = slice_trim(slice_cut(*rest, 1, (size_t)close + 1));
	*rest = slice_from(*rest, (size_t)close + 2);
	return 0;
}

static void parameter_set(struct arena *arena, struct ini_vars *parameters,
			  struct slice key, struct slice value)
{
	for (size_t i = 0; i < parameters->count; i++) {
		if (slice_equal(parameters->at[i].name, key)) {
			parameters->at[i].value = value;
			return;
		}
	}
	*LIST_ADD(arena, parameters) = (struct ini_var){ .name = key, .value = value };
}

/* One "key=value" and the ',', ']' or '][' behind it; *open tells whether more follow. */
static int take_parameter(struct arena *arena, struct slice text, struct slice *rest,
			  struct ini_vars *parameters, struct error *err)
{
	struct slice value;
	size_t end = 0;

	while (end < rest->len && is_key(rest->at[end]))
		end++;
	struct slice key = slice_cut(*rest, 0, end);
	*rest = slice_from(*rest, end);
	if (key.len == 0 || rest->len == 0 || rest->at[0] != '=')
		return unexpected(text, *rest, "name=value", err);
	if (parameters->count == FILTER_PARAMETERS_MAX)
		return error_set(err, ERROR_LIMIT,
				 "'" SLICE_FMT "': more than %d parameters",
				 SLICE_ARG(text), FILTER_PARAMETERS_MAX);
	*rest = slice_from(*rest, 1);
	if (take_value(text, rest, &value, err))
		return -1;
	parameter_set(arena, parameters, key, value);
	drop_blanks(rest);
	if (rest->len == 0 || (rest->at[0] != ',' && rest->at[0] != ']'))
		return unexpected(text, *rest, "',' or ']'", err);
	if (rest->at[0] == ',')
		*rest = slice_from(*rest, 1);
	drop_blanks(rest);
	return 0;
}

/* *rest begins behind a '['; it is moved behind the ']' that closes the group. */
static int take_group(struct arena *arena, struct slice text, struct slice *rest,
		      struct ini_vars *parameters, struct error *err)
{
	drop_blanks(rest);
	while (rest->len > 0 && rest->at[0] != ']') {
		if (take_parameter(arena, text, rest, parameters, err))
			return -1;
	}
	if (rest->len == 0)
		return unexpected(text, *rest, "a closing ']'", err);
	*rest = slice_from(*rest, 1);
	drop_blanks(rest);
	return 0;
}

int filter_name_parse(struct arena *arena, struct slice text, struct slice *name,
		      struct ini_vars *parameters, struct error *err)
{
	ptrdiff_t open = slice_find_byte(text, '[');
	struct slice bare = slice_cut(text, 0, open < 0 ? text.len : (size_t)open);
	struct slice rest = slice_from(text, bare.len);
	struct ini_vars found = { 0 };

	bare = slice_trim(bare);
	if (bare.len == 0)
		return unexpected(text, text, "the name of a filter", err);
	while (rest.len > 0) {
		if (rest.at[0] != '[')
			return unexpected(text, rest, "'[' or the end", err);
		rest = slice_from(rest, 1);
		if (take_group(arena, text, &rest, &found, err))
			return -1;
	}
	*name = bare;
	*parameters = found;
	return 0;
}
