/* report/templates.h - the letters and words of this installation: shipped ones, and those
 * that the user changed.
 *
 * NAME.txt in the user's folder is used in place of the shipped one; NAME.txt in a folder
 * of it named for a domain, for contacts at that domain only. Names: memo (one source),
 * several, subject, a category's (its words), mixed.
 *
 * templates_load   reads the user's folder; a folder that is not there holds none. What
 *                  cannot be read, or template_check() rejects, is not taken and named in
 *                  `problems`, one clear sentence each: the shipped one goes on.
 * templates_find   never NULL for a name that was shipped.                              */
#ifndef REPORT_TEMPLATES_H
#define REPORT_TEMPLATES_H

#include "contact/contact.h"
#include "report/template.h"

struct shipped_template {
	const char *name;
	struct {
		const char *at;
		size_t len;
	} text;
};
extern const struct shipped_template shipped_templates[];
extern const size_t shipped_template_count;

struct template_file {
	struct slice name; /* "login-attack"                                       */
	struct slice domain; /* of the contacts it is for; empty: of all            */
	struct slice path; /* empty: shipped                                      */
	struct slice text;
	struct template template;
};
struct template_set {
	struct template_file
		*at; /* shipped ones first                                */
	size_t count, room;
};

void templates_shipped(struct arena *arena, struct template_set *out);
void templates_load(struct arena *arena, struct slice folder, struct template_set *set,
		    struct slices *problems);
const struct template *templates_find(const struct template_set *set, struct slice name,
				      const struct contact *contact);
/* One file of the user's, read and parsed but not checked. */
MUST_CHECK int template_file_read(struct arena *arena, struct slice path,
				  struct slice domain, struct template_file *out,
				  struct error *err);
bool template_is_shipped(struct slice name);
/* "memo.txt" and "isp.example/memo.txt" below a folder, sorted; none is fine. */
void templates_list(struct arena *arena, struct slice folder, struct slices *out);

#endif
