/* report/template.h - a letter with holes: a small mustache.
 *
 *   {{name}}              a value
 *   {{#name}}...{{/name}} if it has one; for a list once for each item
 *   {{^name}}...{{/name}} if it has none
 *   {{! words }}          nothing
 *
 * There is no code, no other file, no other delimiters, nothing unescaped. Values are put
 * in after the template was read, and are never read as one: "{{" in them stays "{{".
 *
 * template_parse   ERROR_SYNTAX "FILE:LINE: ..." for what is no template; what a name may
 *                  be is the caller's matter (template_check).
 * template_render  onto `out`: text, in which lines that must not be broken anew stand
 *                  between TEXT_AS_IS_BEGIN and TEXT_AS_IS_END (report/text.h). Fails by
 *                  the buffer's maximum only.                                         */
#ifndef REPORT_TEMPLATE_H
#define REPORT_TEMPLATE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum { TEMPLATE_MAX_BYTES = 64 * 1024, TEMPLATE_DEPTH_MAX = 8, TEMPLATE_NAME_MAX = 40 };

struct template_scope;
struct template_value {
	const char *name;
	struct slice text; /* escaped already (text_clean)                        */
	bool truth; /* for a section, where there is no text               */
	bool as_is; /* whole lines: not to be broken anew                  */
	const struct template_scope *items; /* a list: the scope of each           */
	size_t count;
};
struct template_scope {
	const struct template_value *at;
	size_t count;
	const struct template_scope
		*outer; /* asked next; may be NULL                 */
};

enum template_kind { NODE_TEXT, NODE_VALUE, NODE_SECTION, NODE_INVERTED };
struct template_node {
	enum template_kind kind;
	struct slice text; /* of the template, or a name                          */
	size_t line;
	size_t end; /* of a section: the node behind it                     */
};
struct template
{
	struct template_node *at;
	size_t count, room;
};

/* `text` is borrowed as long as the template lives. */
MUST_CHECK int template_parse(struct arena *arena, struct slice file, struct slice text,
			      struct template *out, struct error *err);
void template_render(const struct template *template,
		     const struct template_scope *scope, struct buffer *out);

#endif
