/* registry/rpsl.h - objects of attributes (RFC 2622 section 2), in answers and in dumps.
 *
 * An attribute begins in column 0: "name:" and a value; lines that begin with a blank, a
 * tab or '+' continue the value. Only column 0 makes an attribute or a comment line, so
 * that nobody writes one into another's (contacts.md S22). An empty line ends an object.
 * Values are trimmed, valid UTF-8, continuations joined by one newline. At most RPSL_ATTRIBUTES_MAX attributes
 * are kept, and of an answer RPSL_OBJECTS_MAX objects by those who collect them.         */
#ifndef REGISTRY_RPSL_H
#define REGISTRY_RPSL_H

#include "base/arena.h"
#include "base/cursor.h"

enum { RPSL_ATTRIBUTES_MAX = 4096, RPSL_OBJECTS_MAX = 1000, RPSL_NAME_MAX = 40 };

struct rpsl_attribute {
	struct slice name, value; /* name as written */
};
struct rpsl_object {
	struct rpsl_attribute *at;
	size_t count, room;
};
struct rpsl_objects {
	struct rpsl_object *at;
	size_t count, room;
};

/* The next object of `text`; comment lines ('%', '#' in column 0) are appended to
 * `comments` unless NULL. False at the end.                                            */
bool rpsl_next(struct arena *arena, struct cursor *text, struct slices *comments,
	       struct rpsl_object *out);

/* The class: the first attribute's name, with its value as the key. */
bool rpsl_is(const struct rpsl_object *object, const char *class);
struct slice rpsl_key(const struct rpsl_object *object);
/* The first value of that name, empty where there is none. */
struct slice rpsl_get(const struct rpsl_object *object, const char *name);
/* Whether any value of that name equals `value`, case folded; lists split at commas. */
bool rpsl_has(const struct rpsl_object *object, const char *name, struct slice value);
/* Value without a trailing "# comment". */
struct slice rpsl_plain(struct slice value);
/* Whether RIPE's rule for abuse-c ends here: it does not climb from what the registry's own
 * maintainers hold to what lies above (contacts.md 2.1).                                */
bool rpsl_ripe_stops(const struct rpsl_object *object);

#endif
