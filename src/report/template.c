#include "report/template.h"

#include "base/escape.h"
#include "report/text.h"

/* ---- reading ---- */

struct parser {
	struct arena *arena;
	struct slice file, text;
	size_t at, line;
	size_t open[TEMPLATE_DEPTH_MAX]; /* nodes of open sections                    */
	size_t depth;
	struct template *out;
	struct error *err;
};

static int complain(const struct parser *parser, size_t line, struct slice what)
{
	return error_set(parser->err, ERROR_SYNTAX, SLICE_FMT ":%zu: " SLICE_FMT,
			 SLICE_ARG(parser->file), line, SLICE_ARG(what));
}

static bool is_name(struct slice name)
{
	if (!name.len || name.len > TEMPLATE_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.at[i]) && name.at[i] != '-' &&
		    name.at[i] != '_')
			return false;
	return true;
}

static void node_add(struct parser *parser, enum template_kind kind, struct slice text,
		     size_t line)
{
	if (kind == NODE_TEXT && !text.len)
		return;
	*LIST_ADD(parser->arena, parser->out) =
		(struct template_node){ .kind = kind, .text = text, .line = line };
}

/* Controls would break the layout, and what hides or turns text has no place in a mail. */
static int bytes_check(const struct parser *parser)
{
	struct slice rest = parser->text;
	size_t line = 1;

	if (rest.len > TEMPLATE_MAX_BYTES)
		return error_set(parser->err, ERROR_LIMIT,
				 SLICE_FMT ": over %d KiB, which no letter is",
				 SLICE_ARG(parser->file), TEMPLATE_MAX_BYTES / 1024);
	while (rest.len) {
		size_t len;
		int32_t code = utf8_decode(rest, &len);

		if (code == '\n') {
			line++;
		} else if (code < 0) {
			return complain(parser, line, S("not UTF-8; save it as UTF-8"));
		} else if (code != '\t' && code != '\r' &&
			   unicode_is_treacherous((uint32_t)code)) {
			return complain(parser, line,
					arena_printf(parser->arena,
						     "holds U+%04X, a character that "
						     "cannot be seen; take it out",
						     (unsigned)code));
		}
		rest = slice_from(rest, len);
	}
	return 0;
}

/* A line that holds a section's tag or a comment alone is no line of the letter. */
static bool stands_alone(const struct parser *parser, size_t start, size_t end)
{
	while (start && slice_find_byte(S(" \t"), parser->text.at[start - 1]) >= 0)
		start--;
	while (end < parser->text.len &&
	       slice_find_byte(S(" \t\r"), parser->text.at[end]) >= 0)
		end++;
	return (start == 0 || parser->text.at[start - 1] == '\n') &&
	       (end == parser->text.len || parser->text.at[end] == '\n');
}

static int section_close(struct parser *parser, struct slice name)
{
	struct template_node *node;

	if (!parser->depth)
		return complain(parser, parser->line,
				arena_printf(parser->arena,
					     "{{/" SLICE_FMT "}} closes what was never "
					     "opened",
					     SLICE_ARG(name)));
	node = &parser->out->at[parser->open[--parser->depth]];
	if (!slice_equal(node->text, name))
		return complain(parser, parser->line,
				arena_printf(parser->arena,
					     "{{/" SLICE_FMT "}} where {{/" SLICE_FMT
					     "}} belongs, opened in line %zu",
					     SLICE_ARG(name), SLICE_ARG(node->text),
					     node->line));
	node->end = parser->out->count;
	return 0;
}

static int section_open(struct parser *parser, enum template_kind kind,
			struct slice name)
{
	if (parser->depth == TEMPLATE_DEPTH_MAX)
		return complain(parser, parser->line,
				arena_printf(parser->arena,
					     "more than %d sections within each other",
					     TEMPLATE_DEPTH_MAX));
	parser->open[parser->depth++] = parser->out->count;
	node_add(parser, kind, name, parser->line);
	return 0;
}

static int tag_read(struct parser *parser, struct slice tag)
{
	char mark = tag.len ? tag.at[0] : ' ';
	struct slice name = slice_trim(tag);

	if (mark == '!')
		return 0;
	if (mark == '>' || mark == '=' || mark == '&' || mark == '{')
		return complain(parser, parser->line,
				mark == '>' ? S("{{>...}}: no other file is ever read; "
						"put the words here")
				: mark == '='
					? S("{{=...=}}: the braces cannot be changed")
					: S("nothing is put in unescaped; write "
					    "{{name}}"));
	if (mark == '#' || mark == '^' || mark == '/')
		name = slice_trim(slice_from(tag, 1));
	if (!is_name(name))
		return complain(parser, parser->line,
				arena_printf(parser->arena,
					     "'{{" SLICE_FMT
					     "}}' is no name of letters, "
					     "digits and '-'",
					     SLICE_ARG(slice_cut(tag, 0, 30))));
	if (mark == '/')
		return section_close(parser, name);
	if (mark == '#' || mark == '^')
		return section_open(parser, mark == '#' ? NODE_SECTION : NODE_INVERTED,
				    name);
	node_add(parser, NODE_VALUE, name, parser->line);
	return 0;
}

static size_t lines_of(struct slice text)
{
	return (size_t)slice_count_byte(text, '\n');
}

/* Text up to the next tag, then the tag. */
static int step(struct parser *parser)
{
	struct slice rest = slice_from(parser->text, parser->at), tag, before;
	ptrdiff_t open = slice_find(rest, S("{{")), close;
	size_t start, end;

	if (open < 0) {
		node_add(parser, NODE_TEXT, rest, parser->line);
		parser->at = parser->text.len;
		return 0;
	}
	start = parser->at + (size_t)open;
	before = slice_cut(rest, 0, (size_t)open);
	close = slice_find(slice_from(rest, (size_t)open), S("}}"));
	parser->line += lines_of(before);
	if (close < 0)
		return complain(parser, parser->line, S("'{{' without its '}}'"));
	end = start + (size_t)close + 2;
	tag = slice_cut(parser->text, start + 2, end - 2);
	if (tag.len && slice_find_byte(S("#^/!"), tag.at[0]) >= 0 &&
	    stands_alone(parser, start, end)) {
		while (before.len && before.at[before.len - 1] != '\n')
			before.len--;
		while (end < parser->text.len && parser->text.at[end] != '\n')
			end++;
		end += end < parser->text.len;
	}
	node_add(parser, NODE_TEXT, before, parser->line);
	if (tag_read(parser, tag) != 0)
		return -1;
	parser->line += lines_of(slice_cut(parser->text, start, end));
	parser->at = end;
	return 0;
}

int template_parse(struct arena *arena, struct slice file, struct slice text,
		   struct template *out, struct error *err)
{
	struct template read = { 0 };
	struct parser parser = { .arena = arena,
				 .file = file,
				 .text = text,
				 .line = 1,
				 .out = &read,
				 .err = err };

	if (bytes_check(&parser) != 0)
		return -1;
	while (parser.at < text.len)
		if (step(&parser) != 0)
			return -1;
	if (parser.depth) {
		const struct template_node *node =
			&read.at[parser.open[parser.depth - 1]];

		return complain(&parser, node->line,
				arena_printf(arena,
					     "{{#" SLICE_FMT "}} is never closed",
					     SLICE_ARG(node->text)));
	}
	*out = read;
	return 0;
}

/* ---- filling ---- */

static const struct template_value *value_find(const struct template_scope *scope,
					       struct slice name)
{
	for (; scope; scope = scope->outer)
		for (size_t i = 0; i < scope->count; i++)
			if (slice_equal(slice_of(scope->at[i].name), name))
				return &scope->at[i];
	return NULL;
}

static bool value_holds(const struct template_value *value)
{
	return value && (value->text.len || value->truth || value->count);
}

static void value_put(const struct template_value *value, struct buffer *out)
{
	if (!value || !value->text.len)
		return;
	if (value->as_is)
		buffer_add_byte(out, TEXT_AS_IS_BEGIN);
	buffer_add(out, value->text);
	if (value->as_is)
		buffer_add_byte(out, TEXT_AS_IS_END);
}

static void nodes_render(const struct template *template, size_t from, size_t to,
			 const struct template_scope *scope, struct buffer *out);

static void section_render(const struct template *template, size_t at,
			   const struct template_scope *scope, struct buffer *out)
{
	const struct template_node *node = &template->at[at];
	const struct template_value *value = value_find(scope, node->text);

	if (value_holds(value) != (node->kind == NODE_SECTION))
		return;
	if (node->kind == NODE_INVERTED || !value || !value->count) {
		nodes_render(template, at + 1, node->end, scope, out);
		return;
	}
	for (size_t i = 0; i < value->count; i++) {
		struct template_scope item = value->items[i];

		item.outer = scope;
		nodes_render(template, at + 1, node->end, &item, out);
	}
}

static void nodes_render(const struct template *template, size_t from, size_t to,
			 const struct template_scope *scope, struct buffer *out)
{
	size_t at = from;

	while (at < to && !out->failed) {
		const struct template_node *node = &template->at[at];

		if (node->kind == NODE_TEXT)
			buffer_add(out, node->text);
		else if (node->kind == NODE_VALUE)
			value_put(value_find(scope, node->text), out);
		else
			section_render(template, at, scope, out);
		at = node->end ? node->end : at + 1;
	}
}

void template_render(const struct template *template,
		     const struct template_scope *scope, struct buffer *out)
{
	nodes_render(template, 0, template->count, scope, out);
}
