#include "conf/ini.h"

#include "base/cursor.h"
#include "base/escape.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct parser {
	struct arena *arena;
	struct error *err;
	struct slice path;
	unsigned line;
	struct ini ini;
	struct ini_section *section;
	struct ini_option *option; /* the value that may be continued */
	size_t indent; /* of the last section or option line */
	size_t option_count;
	/* Lines of the value being read: pieces of the text, joined when it ends. */
	struct slices values, verbatims;
};

static int syntax(const struct parser *parser, const char *what)
{
	return error_set(parser->err, ERROR_SYNTAX, SLICE_FMT ":%u: %s",
			 SLICE_ARG(parser->path), parser->line, what);
}

const struct ini_section *ini_section_find(const struct ini_sections *sections,
					   struct slice name)
{
	for (size_t i = 0; i < sections->count; i++) {
		if (slice_equal(sections->at[i].name, name))
			return &sections->at[i];
	}
	return NULL;
}

/* Names of one section often begin alike ("match.1", "match.2"): their ends tell sooner. */
static bool may_be_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || ascii_lower(a.at[a.len - 1]) ==
							ascii_lower(b.at[b.len - 1]));
}

const struct ini_option *ini_option_find(const struct ini_options *options,
					 struct slice name)
{
	for (size_t i = 0; i < options->count; i++) {
		if (may_be_equal(options->at[i].name, name) &&
		    slice_equal_nocase(options->at[i].name, name))
			return &options->at[i];
	}
	return NULL;
}

const struct ini_option *ini_find(const struct ini *ini, struct slice section,
				  struct slice name)
{
	const struct slice places[] = { section, S("DEFAULT") };

	for (size_t i = 0; i < COUNT_OF(places); i++) {
		const struct ini_section *found =
			ini_section_find(&ini->sections, places[i]);
		const struct ini_option *option =
			found ? ini_option_find(&found->options, name) : NULL;

		if (option)
			return option;
	}
	return NULL;
}

void ini_options_merge(struct arena *arena, struct ini_options *into,
		       const struct ini_options *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct ini_option *old = ini_option_find(into, from->at[i].name);

		if (old)
			into->at[old - into->at] = from->at[i];
		else
			*LIST_ADD(arena, into) = from->at[i];
	}
}

struct ini_section *ini_section_add(struct arena *arena, struct ini_sections *sections,
				    struct slice name, const struct ini_section *like)
{
	const struct ini_section *old = ini_section_find(sections, name);

	if (old)
		return &sections->at[old - sections->at];
	struct ini_section *added = LIST_ADD(arena, sections);
	*added = (struct ini_section){ .name = name,
				       .path = like->path,
				       .line = like->line };
	return added;
}

/* Lines joined by LF, without the empty ones at the end. */
static struct slice join(struct arena *arena, const struct slices *lines)
{
	size_t size = 0, used = 0, count = lines->count;

	while (count > 0 && lines->at[count - 1].len == 0)
		count--;
	if (count == 1)
		return lines->at[0];
	for (size_t i = 0; i < count; i++)
		size += lines->at[i].len + 1;
	char *at = ARENA_ARRAY(arena, char, size + 1);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			at[used++] = '\n';
		for (size_t j = 0; j < lines->at[i].len; j++)
			at[used++] = lines->at[i].at[j];
	}
	return (struct slice){ at, used };
}

static void close_value(struct parser *parser)
{
	if (!parser->option)
		return;
	parser->option->value = join(parser->arena, &parser->values);
	parser->option->verbatim = join(parser->arena, &parser->verbatims);
	parser->option = NULL;
}

static void add_value_line(struct parser *parser, struct slice value,
			   struct slice verbatim)
{
	*LIST_ADD(parser->arena, &parser->values) = value;
	*LIST_ADD(parser->arena, &parser->verbatims) = verbatim;
}

static int open_section(struct parser *parser, struct slice name)
{
	bool is_default = slice_equal(name, S("DEFAULT"));
	const struct ini_section *old = ini_section_find(&parser->ini.sections, name);
	const struct ini_section like = { .path = parser->path, .line = parser->line };

	if (old && !is_default)
		return error_set(parser->err, ERROR_SYNTAX,
				 SLICE_FMT
				 ":%u: section [" SLICE_FMT
				 "] stands in line %u already: put both together",
				 SLICE_ARG(parser->path), parser->line, SLICE_ARG(name),
				 old->line);
	if (parser->ini.sections.count == INI_SECTIONS_MAX)
		return error_set(parser->err, ERROR_LIMIT,
				 SLICE_FMT ":%u: more than %d sections",
				 SLICE_ARG(parser->path), parser->line,
				 INI_SECTIONS_MAX);
	parser->section =
		ini_section_add(parser->arena, &parser->ini.sections, name, &like);
	return 0;
}

/* The first '=' or ':' ends the name. */
static size_t name_end(struct slice line)
{
	size_t end = 0;

	while (end < line.len && line.at[end] != '=' && line.at[end] != ':')
		end++;
	return end;
}

static int check_new_option(struct parser *parser, struct slice name)
{
	const struct ini_option *old = ini_option_find(&parser->section->options, name);

	if (name.len == 0)
		return syntax(parser, "a name is missing before '='");
	if (old)
		return error_set(parser->err, ERROR_SYNTAX,
				 SLICE_FMT
				 ":%u: '" SLICE_FMT
				 "' stands in line %u already: keep one of them",
				 SLICE_ARG(parser->path), parser->line, SLICE_ARG(name),
				 old->line);
	if (parser->option_count++ == INI_OPTIONS_MAX)
		return error_set(parser->err, ERROR_LIMIT,
				 SLICE_FMT ":%u: more than %d options",
				 SLICE_ARG(parser->path), parser->line,
				 INI_OPTIONS_MAX);
	return 0;
}

/* `text` is the line without its comment, `whole` with it; both begin at the name. */
static int open_option(struct parser *parser, struct slice text, struct slice whole,
		       size_t indent)
{
	size_t end = name_end(text);

	if (end == text.len)
		return syntax(parser, "expected 'name = value' or '[section]'; a line "
				      "that continues a value must be indented");
	struct slice name =
		arena_lower(parser->arena, slice_trim(slice_cut(text, 0, end)));
	if (check_new_option(parser, name))
		return -1;
	struct slice value = slice_trim(slice_from(text, end + 1));
	parser->option = LIST_ADD(parser->arena, &parser->section->options);
	*parser->option = (struct ini_option){
		.name = name,
		.path = parser->path,
		.line = parser->line,
		.column = (unsigned)(indent + (size_t)(value.at - text.at) + 1),
	};
	parser->values.count = parser->verbatims.count = 0;
	add_value_line(parser, value, slice_trim(slice_from(whole, end + 1)));
	return 0;
}

static int heading(struct parser *parser, struct slice text, struct slice whole,
		   size_t indent)
{
	close_value(parser);
	parser->indent = indent;
	if (text.at[0] != '[') {
		if (!parser->section)
			return syntax(parser, "an option stands before the first "
					      "'[section]'");
		return open_option(parser, text, whole, indent);
	}
	ptrdiff_t close = slice_find_last_byte(text, ']');
	if (close < 0)
		return syntax(parser, "unclosed section header: ']' is missing");
	if (close < 2)
		return syntax(parser, "a section header without a name");
	return open_section(parser, slice_cut(text, 1, (size_t)close));
}

/* Where an inline comment begins, or the line's length. */
static size_t comment_start(struct slice line)
{
	for (size_t i = 0; i < line.len; i++) {
		ptrdiff_t found = slice_find_byte(slice_from(line, i), ';');

		if (found < 0)
			break;
		i += (size_t)found;
		if (i == 0 || ascii_is_space(line.at[i - 1]))
			return i;
	}
	return line.len;
}

static int parse_line(struct parser *parser, struct slice line)
{
	struct slice whole = slice_trim(line);

	if (whole.len > 0 && (whole.at[0] == '#' || whole.at[0] == ';'))
		return 0;
	if (whole.len == 0) {
		if (parser->option)
			add_value_line(parser, whole, whole);
		return 0;
	}
	struct slice text = slice_trim(slice_cut(line, 0, comment_start(line)));
	size_t indent = (size_t)(whole.at - line.at);
	if (parser->option && indent > parser->indent) {
		add_value_line(parser, text, whole);
		return 0;
	}
	return heading(parser, text, whole, indent);
}

static bool is_ascii(struct slice line)
{
	uint8_t all = 0;

	for (size_t i = 0; i < line.len; i++)
		all |= (uint8_t)line.at[i];
	return all < 0x80;
}

static int check_bytes(const struct parser *parser, struct slice line)
{
	if (line.len > INI_LINE_MAX)
		return error_set(parser->err, ERROR_LIMIT,
				 SLICE_FMT ":%u: a line of more than %d bytes",
				 SLICE_ARG(parser->path), parser->line, INI_LINE_MAX);
	if (slice_find_byte(line, '\0') >= 0)
		return syntax(parser, "a NUL byte: this is not a text file");
	if (is_ascii(line))
		return 0;
	while (line.len > 0) {
		size_t len = 1;

		if (utf8_decode(line, &len) < 0)
			return syntax(parser,
				      "not valid UTF-8: save the file as UTF-8");
		line = slice_from(line, len);
	}
	return 0;
}

int ini_parse(struct arena *arena, struct slice path, struct slice text,
	      struct ini *out, struct error *err)
{
	path = arena_copy(arena, path);
	struct parser parser = { .arena = arena, .err = err, .path = path };
	parser.ini.path = path;

	if (text.len > INI_FILE_MAX)
		return error_set(err, ERROR_LIMIT,
				 "'" SLICE_FMT "' has more than %d bytes",
				 SLICE_ARG(path), INI_FILE_MAX);
	struct slice kept = text;
	if (slice_starts(kept, S("\xef\xbb\xbf")))
		kept = slice_from(kept, 3);
	struct cursor cursor = cursor_of(kept);
	struct slice line;
	while (cursor_line(&cursor, &line)) {
		parser.line++;
		if (check_bytes(&parser, line) || parse_line(&parser, line))
			return -1;
	}
	close_value(&parser);
	*out = parser.ini;
	return 0;
}

static int read_all(int fd, char *at, size_t max, size_t *used)
{
	*used = 0;
	while (*used < max) {
		ssize_t got = read(fd, at + *used, max - *used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			return 0;
		*used += (size_t)got;
	}
	return 0;
}

static int read_open(struct arena *arena, int fd, struct slice path, struct ini *out,
		     struct error *err)
{
	struct stat status;
	size_t used;

	if (fstat(fd, &status))
		return error_system(err, errno, "cannot read '" SLICE_FMT "'",
				    SLICE_ARG(path));
	if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
		return error_set(err, ERROR_SYNTAX, "'" SLICE_FMT "' is not a file",
				 SLICE_ARG(path));
	/* Room for what was said and one byte, so that a file that grows is noticed. */
	size_t max = S_ISREG(status.st_mode) && status.st_size < INI_FILE_MAX
			     ? (size_t)status.st_size + 1
			     : (size_t)INI_FILE_MAX + 1;
	char *at = ARENA_ARRAY(arena, char, max);
	if (read_all(fd, at, max, &used))
		return error_system(err, errno, "cannot read '" SLICE_FMT "'",
				    SLICE_ARG(path));
	if (used == max && max <= INI_FILE_MAX)
		return error_set(err, ERROR_RETRY,
				 "'" SLICE_FMT "' changed while it was read: try again",
				 SLICE_ARG(path));
	return ini_parse(arena, path, (struct slice){ at, used }, out, err);
}

int ini_read(struct arena *arena, struct slice path, struct ini *out, struct error *err)
{
	int fd = open(arena_cstr(arena, path), O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return error_set(err, ERROR_NOT_FOUND, "no file '" SLICE_FMT "'",
				 SLICE_ARG(path));
	if (fd < 0)
		return error_system(err, errno, "cannot open '" SLICE_FMT "'",
				    SLICE_ARG(path));
	int result = read_open(arena, fd, path, out, err);
	close(fd);
	return result;
}

static int by_bytes(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

int ini_folder_files(struct arena *arena, struct slice folder, struct slice suffix,
		     struct slices *out, struct error *err)
{
	DIR *dir = opendir(arena_cstr(arena, folder));
	struct slices found = { 0 };

	if (!dir && errno != ENOENT && errno != ENOTDIR)
		return error_system(err, errno, "cannot list '" SLICE_FMT "'",
				    SLICE_ARG(folder));
	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry;
	     entry = readdir(dir)) {
		struct slice name = slice_of(entry->d_name);

		if (name.at[0] != '.' && slice_ends(name, suffix))
			*LIST_ADD(arena, &found) =
				arena_printf(arena, SLICE_FMT "/" SLICE_FMT,
					     SLICE_ARG(folder), SLICE_ARG(name));
	}
	if (dir)
		closedir(dir);
	if (found.count > 0)
		qsort(found.at, found.count, sizeof *found.at, by_bytes);
	*out = found;
	return 0;
}

int ini_read_with_folder(struct arena *arena, struct slice path, struct slice folder,
			 struct ini *out, struct error *err)
{
	struct ini all = { 0 }, one = { 0 };
	struct slices files = { 0 };

	if (ini_read(arena, path, &all, err) ||
	    ini_folder_files(arena, folder, S(".conf"), &files, err))
		return -1;
	for (size_t i = 0; i < files.count; i++) {
		if (ini_read(arena, files.at[i], &one, err))
			return -1;
		for (size_t j = 0; j < one.sections.count; j++) {
			const struct ini_section *from = &one.sections.at[j];
			struct ini_section *into =
				ini_section_add(arena, &all.sections, from->name, from);

			ini_options_merge(arena, &into->options, &from->options);
		}
	}
	*out = all;
	return 0;
}
