/* report/form.h - a report as the filled fields of a desk's web form, for a person to paste.
 *
 * No form is known field by field: they change, and ask for much the same. So the fields are
 * those that abuse forms ask for, each with a name that programs can rely on and a label;
 * one without a value is left out. The description is the whole memo, complete by itself.
 *
 * form_part_write  what the facts fill, as a part of the revision. A form takes no
 *                  attachments, so it is the only one.
 * report_form      the whole form of a stored report: the document approved, else the
 *                  fields of its part with your particulars, subject and memo.
 * form_json        the document: {"url","wants","fields":[{"name","label","value"}]}; its
 *                  bytes are what is approved.
 * form_read        untrusted; at most FORM_MAX_BYTES; ERROR_SYNTAX for another document.
 * Values are escaped for a mail body (text_clean); lines of evidence and the memo have line
 * ends in them. Times are UTC and say so.                                              */
#ifndef REPORT_FORM_H
#define REPORT_FORM_H

#include "json/writer.h"
#include "report/facts.h"
#include "report/store.h"

enum { FORM_MAX_BYTES = 4 << 20, FORM_FIELDS_MAX = 64 };

struct form_field {
	struct slice name, label, value; /* "source", "Source address", "203.0.113.7" */
};
struct form {
	struct slice url;
	struct slice wants; /* what the desk wants to see; may be empty */
	struct {
		struct form_field *at;
		size_t count, room;
	} fields;
};

/* A person tells it, by the form whose URL is its recipient. */
bool report_is_form(const struct stored_report *report);

void form_part_write(struct arena *arena, const struct report_request *request,
		     const struct facts *facts, struct report_parts *out);
MUST_CHECK int report_form(struct arena *arena, const struct settings *settings,
			   const struct stored_report *report, struct form *out,
			   struct error *err);
void form_write(struct json_writer *writer, const struct form *form);
struct slice form_json(struct arena *arena, const struct form *form);
MUST_CHECK int form_read(struct arena *arena, struct slice json, struct form *out,
			 struct error *err);

#endif
