#include "conf/ini.h"
#include "base/buffer.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

/* A copy without a byte to spare, so that ASan sees any read past its end. */
static char *exact(struct slice text)
{
	char *copy = malloc(text.len ? text.len : 1);

	if (text.len > 0)
		memcpy(copy, text.at, text.len);
	return copy;
}

static int parse(struct arena *arena, struct slice text, struct ini *out,
		 struct error *err)
{
	*err = (struct error){ 0 };
	return ini_parse(arena, S("t.conf"), text, out, err);
}

static void cut_at_every_byte(struct slice text)
{
	for (size_t len = 0; len <= text.len; len++) {
		struct arena *arena = arena_new();
		char *copy = exact(slice_cut(text, 0, len));
		struct ini ini;
		struct error err;

		if (parse(arena, (struct slice){ copy, len }, &ini, &err))
			CHECK(err.kind != ERROR_NONE && err.text[0] != '\0');
		free(copy);
		arena_free(arena);
	}
}

static void reads_values(void)
{
	static const struct {
		const char *text, *section, *name, *value, *verbatim;
		unsigned line, column;
	} rows[] = {
		{ "[a]\nx = 1\n", "a", "x", "1", "1", 2, 5 },
		{ "[a]\nx=1", "a", "x", "1", "1", 2, 3 },
		{ "[a]\nx : 1\n", "a", "x", "1", "1", 2, 5 },
		{ "[a]\nx : y = 1\n", "a", "x", "y = 1", "y = 1", 2, 5 },
		{ "[a]\nx = y : 1\n", "a", "x", "y : 1", "y : 1", 2, 5 },
		{ "[a]\nX Y = 1\n", "a", "x y", "1", "1", 2, 7 },
		{ "[a]\nx =\n", "a", "x", "", "", 2, 4 },
		{ "[a]\nx = 1 ; no\n", "a", "x", "1", "1 ; no", 2, 5 },
		{ "[a]\nx = 1;yes\n", "a", "x", "1;yes", "1;yes", 2, 5 },
		{ "[a]\nx = 1 # yes\n", "a", "x", "1 # yes", "1 # yes", 2, 5 },
		{ "[a]\nx = 50% %(y)s %%\n", "a", "x", "50% %(y)s %%", "50% %(y)s %%",
		  2, 5 },
		{ "[a]\nx = 1\n  2 ; no\n\t3\n", "a", "x", "1\n2\n3", "1\n2 ; no\n3", 2,
		  5 },
		{ "[a]\nx = 1\n\n  2\n\n\ny = 3\n", "a", "x", "1\n\n2", "1\n\n2", 2,
		  5 },
		{ "[a]\nx = 1\n  # gone\n  ; gone\n  2\n", "a", "x", "1\n2", "1\n2", 2,
		  5 },
		{ "[a]\nx =\n  1\n  2\n", "a", "x", "\n1\n2", "\n1\n2", 2, 4 },
		{ "[a]\nx = 1\n  [b]\n  y = 2\n", "a", "x", "1\n[b]\ny = 2",
		  "1\n[b]\ny = 2", 2, 5 },
		{ "  [a]\n  x = 1\n   2\n", "a", "x", "1\n2", "1\n2", 2, 7 },
		{ "[a]\r\nx = 1\r\n  2\r\n", "a", "x", "1\n2", "1\n2", 2, 5 },
		{ "[a] ; note\nx = 1\n", "a", "x", "1", "1", 2, 5 },
		{ "[a] words\nx = 1\n", "a", "x", "1", "1", 2, 5 },
		{ "[a]b]\nx = 1\n", "a]b", "x", "1", "1", 2, 5 },
		{ "\xef\xbb\xbf[a]\nx = 1\n", "a", "x", "1", "1", 2, 5 },
		{ "[DEFAULT]\nx = 1\n[a]\n", "a", "x", "1", "1", 2, 5 },
		{ "[DEFAULT]\nx = 1\n[a]\nx = 2\n", "a", "x", "2", "2", 4, 5 },
		{ "[DEFAULT]\nx = 1\n[DEFAULT]\ny = 2\n", "b", "y", "2", "2", 4, 5 },
		{ "[a]\nX = \xc3\x89t\xc3\xa9\n", "a", "x", "\xc3\x89t\xc3\xa9",
		  "\xc3\x89t\xc3\xa9", 2, 5 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct ini ini = { 0 };
		struct error err;

		CHECK_INT(parse(arena, slice_of(rows[i].text), &ini, &err), 0);
		const struct ini_option *option = ini_find(
			&ini, slice_of(rows[i].section), slice_of(rows[i].name));
		if (CHECK(option)) {
			CHECK_SLICE(option->value, slice_of(rows[i].value));
			CHECK_SLICE(option->verbatim, slice_of(rows[i].verbatim));
			CHECK_INT(option->line, rows[i].line);
			CHECK_INT(option->column, rows[i].column);
		}
		arena_free(arena);
		cut_at_every_byte(slice_of(rows[i].text));
	}
}

static void section_names_keep_their_case(void)
{
	struct arena *arena = arena_new();
	struct ini ini = { 0 };
	struct error err;

	CHECK_INT(parse(arena, S("[A]\nx = 1\n[a]\nx = 2\n"), &ini, &err), 0);
	CHECK_INT(ini.sections.count, 2);
	CHECK_SLICE(ini_find(&ini, S("A"), S("X"))->value, S("1"));
	CHECK_SLICE(ini_find(&ini, S("a"), S("x"))->value, S("2"));
	CHECK(!ini_find(&ini, S("b"), S("x")));
	arena_free(arena);
}

static void refuses(void)
{
	const struct {
		struct slice text;
		enum error_kind kind;
		const char *message;
	} rows[] = {
		{ S("x = 1\n"), ERROR_SYNTAX,
		  "t.conf:1: an option stands before the first '[section]'" },
		{ S("[a\nx = 1\n"), ERROR_SYNTAX,
		  "t.conf:1: unclosed section header: ']' is missing" },
		{ S("[]\n"), ERROR_SYNTAX,
		  "t.conf:1: a section header without a name" },
		{ S("[a]\nx\n"), ERROR_SYNTAX,
		  "t.conf:2: expected 'name = value' or '[section]'; a line that "
		  "continues a value must be indented" },
		{ S("[a]\n = 1\n"), ERROR_SYNTAX,
		  "t.conf:2: a name is missing before '='" },
		{ S("[a]\nx = 1\nX = 2\n"), ERROR_SYNTAX,
		  "t.conf:3: 'x' stands in line 2 already: keep one of them" },
		{ S("[a]\n[b]\n[a]\n"), ERROR_SYNTAX,
		  "t.conf:3: section [a] stands in line 1 already: put both "
		  "together" },
		{ S("[a]\nx = \xff\n"), ERROR_SYNTAX,
		  "t.conf:2: not valid UTF-8: save the file as UTF-8" },
		{ S("[a]\nx = \0\n"), ERROR_SYNTAX,
		  "t.conf:2: a NUL byte: this is not a text file" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct ini ini = { 0 };
		struct error err;

		CHECK_INT(parse(arena, rows[i].text, &ini, &err), -1);
		CHECK_INT(err.kind, rows[i].kind);
		CHECK_TEXT(err.text, rows[i].message);
		CHECK_INT(ini.sections.count, 0);
		arena_free(arena);
		cut_at_every_byte(rows[i].text);
	}
}

static void holds_its_caps(void)
{
	static char line[INI_LINE_MAX + 8], file[INI_FILE_MAX + 1];
	struct error err;
	struct arena *arena = arena_new();
	struct ini ini;

	memset(file, '\n', sizeof file);
	CHECK_INT(parse(arena, (struct slice){ file, INI_FILE_MAX }, &ini, &err), 0);
	CHECK_INT(parse(arena, (struct slice){ file, sizeof file }, &ini, &err), -1);
	CHECK_INT(err.kind, ERROR_LIMIT);
	memset(line, 'x', sizeof line);
	for (size_t i = 0; i < 6; i++)
		line[i] = "[a]\nb="[i];
	struct slice longest = { line, INI_LINE_MAX + 4 };
	CHECK_INT(parse(arena, longest, &ini, &err), 0);
	longest.len++;
	CHECK_INT(parse(arena, longest, &ini, &err), -1);
	CHECK_INT(err.kind, ERROR_LIMIT);
	arena_free(arena);
}

static void caps_options_and_sections(void)
{
	static const struct {
		const char *head, *before, *after;
		int most;
	} rows[] = {
		{ "[a]\n", "x", "=1\n", INI_OPTIONS_MAX },
		{ "", "[s", "]\n", INI_SECTIONS_MAX },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct buffer text;
		struct ini ini;
		struct error err;

		buffer_init(&text, INI_FILE_MAX);
		buffer_add(&text, slice_of(rows[i].head));
		for (int j = 0; j < rows[i].most; j++)
			buffer_printf(&text, "%s%d%s", rows[i].before, j,
				      rows[i].after);
		CHECK_INT(parse(arena, buffer_slice(&text), &ini, &err), 0);
		buffer_printf(&text, "%s%d%s", rows[i].before, -1, rows[i].after);
		CHECK_INT(parse(arena, buffer_slice(&text), &ini, &err), -1);
		CHECK_INT(err.kind, ERROR_LIMIT);
		buffer_clear(&text);
		arena_free(arena);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(reads_values), TEST(section_names_keep_their_case),
			 TEST(refuses), TEST(holds_its_caps),
			 TEST(caps_options_and_sections));
}
