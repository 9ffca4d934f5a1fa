#include "cli/form.h"

enum { LABEL_WIDTH = 24 };

static void field_print(struct run *run, const struct form_field *field)
{
	bool is_long = slice_find_byte(field->value, '\n') >= 0;
	struct printer *out = &run->out;

	print_colour(out, COLOUR_STRONG);
	if (is_long)
		print_text(out, "\n");
	print_slice(out, field->label);
	print_text(out, ":");
	print_colour(out, COLOUR_NONE);
	if (is_long) {
		print_text(out, "\n");
		print_lines(out, field->value);
		return;
	}
	print_text(out, "%*s",
		   field->label.len < LABEL_WIDTH
			   ? (int)(LABEL_WIDTH - field->label.len)
			   : 1,
		   "");
	print_slice(out, field->value);
	print_text(out, "\n");
}

int form_print(struct run *run, const struct stored_report *report)
{
	struct form form = { 0 };
	struct printer *out = &run->out;

	if (report_form(run->arena, &run->settings, report, &form, &run->err) != 0)
		return -1;
	print_text(out, "Form: ");
	print_slice(out, form.url);
	if (form.wants.len) {
		print_text(out, "\n      it wants: ");
		print_slice(out, form.wants);
	}
	print_text(out, "\n\n");
	for (size_t i = 0; i < form.fields.count; i++)
		field_print(run, &form.fields.at[i]);
	print_text(out, "\n");
	return 0;
}
