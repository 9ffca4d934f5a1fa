/* conf/ini_set.h - one fail2ban-style configuration: a file with its includes, its local
 * additions, and values expanded on request.
 *
 * ini_set_read  for the stem "folder/name" reads, where they exist, name.conf, the
 *               .conf files of name.d, name.local, the .local files of name.d (by byte
 *               order). Each file stands between those
 *               its [INCLUDES] names in `before` and `after` (one a line, relative to the
 *               file); x.local follows every x.conf by itself. Later files win, option by
 *               option. [Init?family=inet6] is part of [Init], its options named
 *               "opt?family=inet6". What a later file replaced is kept in the section
 *               "KNOWN/<section>".
 *               A missing x.local is no error, another missing include is one. A file
 *               that includes itself, directly or through others, is an error; only a
 *               x.local may name the x.conf it belongs to, which is then left out.
 *               ERROR_NOT_FOUND none of the four exists; else as ini_read().
 *
 * ini_set_get   the value with its %-references expanded, at most 10 deep:
 *                 %%               a percent sign
 *                 %(opt)s          `vars`, then the section, then [DEFAULT]
 *                 %(__name__)s     the section's name
 *                 %(section/opt)s  of another section, then [DEFAULT]; %(default/opt)s
 *                 %(known/opt)s    as it was before the last file that replaced it
 *               References inside are looked up from the section asked for, not from the
 *               one they stand in. The result is at most INI_VALUE_MAX bytes.
 *               1 found, 0 neither in the section nor in [DEFAULT], -1 ERROR_SYNTAX with
 *               the place and what is missing, or ERROR_LIMIT.                          */
#ifndef CONF_INI_SET_H
#define CONF_INI_SET_H

#include "conf/ini.h"

enum {
	INI_DEPTH_MAX = 10, /* of references in references */
	INI_VALUE_MAX = 256 << 10,
	INI_REFERENCES_MAX = 20000, /* expanded for one value */
	INI_FILES_MAX = 64, /* of one set, a file that comes twice counted twice */
	INI_INCLUDES_MAX = 8, /* includes in includes */
};

struct ini_set {
	struct arena *arena; /* all of it lives there, values got from it too */
	struct slices files; /* in the order read */
	struct ini_options defaults; /* [DEFAULT] */
	struct ini_sections sections; /* without [DEFAULT] */
};

/* Values given from outside, stronger than any file's. Names are compared caseless. */
struct ini_vars {
	struct ini_var {
		struct slice name, value;
	} * at;
	size_t count, room;
};

MUST_CHECK int ini_set_read(struct arena *arena, struct slice stem, struct ini_set *out,
			    struct error *err);
/* The same, but missing includes are left out, as fail2ban does, and told in *missing. */
MUST_CHECK int ini_set_read_present(struct arena *arena, struct slice stem,
				    struct ini_set *out, struct slices *missing,
				    struct error *err);

/* One file whose text is in memory (and lives as long as the arena), alone: its includes
 * are not followed. `path` is for messages.                                          */
MUST_CHECK int ini_set_parse(struct arena *arena, struct slice path, struct slice text,
			     struct ini_set *out, struct error *err);

/* `vars` may be NULL. Section "DEFAULT" asks [DEFAULT] alone; a section that does not
 * exist has nothing, [DEFAULT] does not answer for it.                                */
MUST_CHECK int ini_set_get(const struct ini_set *set, struct slice section,
			   struct slice name, const struct ini_vars *vars,
			   struct slice *out, struct error *err);

#endif
