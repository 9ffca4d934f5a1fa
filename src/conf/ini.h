/* conf/ini.h - sections, options and values of one configuration file.
 *
 * The dialect is the one fail2ban's files are written in (Python's ConfigParser as
 * fail2ban sets it up); our own configuration is written in it too:
 *   [section]           to the last ']' of the line; anything behind is dropped
 *   name = value        or name : value; names are lower-cased (ASCII)
 *     more value        a line indented deeper than the name's continues the value; empty
 *                       lines inside are kept, those at its end are not
 *   # comment           or ; comment, a whole line: dropped, also inside a value
 *   name = value ; x    a ';' after a blank (or at the start) begins a comment
 * A section or option given twice in one file is an error. [DEFAULT] may come twice and
 * answers for options that a section lacks.
 *
 * Nothing is expanded here: a '%' stays itself. conf/ini_set.h does %(name)s.
 *
 * The text is untrusted. Caps: the file 1 MiB, a line 64 KiB, 4096 options, 512 sections.
 * Bytes must be UTF-8 without NUL. All slices live in the arena given.               */
#ifndef CONF_INI_H
#define CONF_INI_H

#include "base/arena.h"
#include "base/error.h"

enum {
	INI_FILE_MAX = 1 << 20,
	INI_LINE_MAX = 64 << 10,
	INI_OPTIONS_MAX = 4096,
	INI_SECTIONS_MAX = 512,
};

struct ini_option {
	struct slice name; /* lower case */
	struct slice
		value; /* comments gone, lines joined by LF, no blanks at its ends */
	struct slice
		verbatim; /* the same with what an inline comment would have cut  */
	struct slice path;
	unsigned line, column; /* of the value's first byte, from 1; column in bytes */
};

struct ini_options {
	struct ini_option *at;
	size_t count, room;
};

struct ini_section {
	struct slice name; /* as written: case counts */
	struct slice path; /* of the file that had it first */
	unsigned line;
	struct ini_options options; /* its own, without [DEFAULT]'s */
};

struct ini_sections {
	struct ini_section *at;
	size_t count, room;
};

struct ini {
	struct slice path;
	struct ini_sections sections; /* in the order of the file; [DEFAULT] is one */
};

/* ERROR_NOT_FOUND no such file, ERROR_SYNTAX ("PATH:LINE: ..."), ERROR_LIMIT,
 * ERROR_SYSTEM. *out is untouched on failure.                                        */
MUST_CHECK int ini_read(struct arena *arena, struct slice path, struct ini *out,
			struct error *err);
/* The same for text already in memory, which must live as long as the arena; `path` is
 * for messages only.                                                                 */
MUST_CHECK int ini_parse(struct arena *arena, struct slice path, struct slice text,
			 struct ini *out, struct error *err);

/* `path`, then every *.conf of `folder` in byte order of names, as one: what comes later
 * replaces what came before, option by option. A missing folder is an empty one.     */
MUST_CHECK int ini_read_with_folder(struct arena *arena, struct slice path,
				    struct slice folder, struct ini *out,
				    struct error *err);

/* NULL where there is none. Section names are compared as written, option names as
 * lower-cased; ini_find() falls back to [DEFAULT].                                   */
const struct ini_section *ini_section_find(const struct ini_sections *sections,
					   struct slice name);
const struct ini_option *ini_option_find(const struct ini_options *options,
					 struct slice name);
const struct ini_option *ini_find(const struct ini *ini, struct slice section,
				  struct slice name);

/* Options of `from` into `into`: those of the same name are replaced. */
void ini_options_merge(struct arena *arena, struct ini_options *into,
		       const struct ini_options *from);
/* The section of that name, added with `like`'s place if there is none. */
struct ini_section *ini_section_add(struct arena *arena, struct ini_sections *sections,
				    struct slice name, const struct ini_section *like);

/* Full paths of `folder`'s files ending in `suffix`, hidden ones left out, sorted by
 * byte order. A missing folder is an empty list.                                     */
MUST_CHECK int ini_folder_files(struct arena *arena, struct slice folder,
				struct slice suffix, struct slices *out,
				struct error *err);

#endif
