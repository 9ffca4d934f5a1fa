#include "report/templates.h"

#include "os/file.h"
#include "report/template_check.h"

#include <dirent.h>
#include <stdlib.h>

enum { FOLDERS_MAX = 500, NAMES_MAX = 2000 };

void templates_shipped(struct arena *arena, struct template_set *out)
{
	for (size_t i = 0; i < shipped_template_count; i++) {
		const struct shipped_template *row = &shipped_templates[i];
		struct template_file *file = LIST_ADD(arena, out);
		struct error err = { 0 };

		*file = (struct template_file){ .name = slice_of(row->name),
						.text = { row->text.at,
							  row->text.len } };
		/* a test parses and checks them all */
		if (template_parse(arena, file->name, file->text, &file->template,
				   &err) != 0)
			abort();
	}
}

bool template_is_shipped(struct slice name)
{
	for (size_t i = 0; i < shipped_template_count; i++)
		if (slice_equal(slice_of(shipped_templates[i].name), name))
			return true;
	return false;
}

/* "abuse@isp.example" is at isp.example and at no part of it. */
static bool is_for(const struct template_file *file, const struct contact *contact)
{
	struct slice mailbox;
	ptrdiff_t at;

	if (!file->domain.len)
		return true;
	if (!contact)
		return false;
	mailbox = contact->kind == CONTACT_FORM ? contact->mailbox : contact->address;
	at = slice_find_last_byte(mailbox, '@');
	return at >= 0 &&
	       slice_equal_nocase(slice_from(mailbox, (size_t)at + 1), file->domain);
}

const struct template *templates_find(const struct template_set *set, struct slice name,
				      const struct contact *contact)
{
	const struct template_file *best = NULL;

	for (size_t i = 0; i < set->count; i++) {
		const struct template_file *file = &set->at[i];

		if (slice_equal(file->name, name) && is_for(file, contact) &&
		    (!best || file->domain.len >= best->domain.len))
			best = file;
	}
	return best ? &best->template : NULL;
}

/* ---- the user's folder ---- */

static int name_compare(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;

	return slice_compare(*a, *b);
}

/* Names that end in `suffix`; all but hidden ones where it is empty. */
static void folder_list(struct arena *arena, struct slice path, struct slice suffix,
			struct slices *out)
{
	DIR *folder = opendir(arena_cstr(arena, path));
	const struct dirent *entry;

	while (folder && out->count < NAMES_MAX && (entry = readdir(folder)) != NULL) {
		struct slice name = slice_of(entry->d_name);

		if (name.at[0] != '.' && slice_ends(name, suffix))
			*LIST_ADD(arena, out) = arena_copy(arena, name);
	}
	if (folder)
		closedir(folder);
	if (out->count)
		qsort(out->at, out->count, sizeof *out->at, name_compare);
}

void templates_list(struct arena *arena, struct slice folder, struct slices *out)
{
	struct slices all = { 0 };

	folder_list(arena, folder, S(""), &all);
	for (size_t i = 0; i < all.count && i < FOLDERS_MAX; i++) {
		struct slices within = { 0 };

		if (slice_ends(all.at[i], S(".txt"))) {
			*LIST_ADD(arena, out) = all.at[i];
			continue;
		}
		folder_list(arena,
			    arena_printf(arena, SLICE_FMT "/" SLICE_FMT,
					 SLICE_ARG(folder), SLICE_ARG(all.at[i])),
			    S(".txt"), &within);
		for (size_t n = 0; n < within.count; n++)
			*LIST_ADD(arena, out) =
				arena_printf(arena, SLICE_FMT "/" SLICE_FMT,
					     SLICE_ARG(all.at[i]),
					     SLICE_ARG(within.at[n]));
	}
}

int template_file_read(struct arena *arena, struct slice path, struct slice domain,
		       struct template_file *out, struct error *err)
{
	ptrdiff_t slash = slice_find_last_byte(path, '/');
	struct slice name = slice_from(path, (size_t)(slash + 1));
	struct template_file file = { .domain = domain, .path = path };
	struct buffer text;
	int result;

	file.name =
		slice_ends(name, S(".txt")) ? slice_cut(name, 0, name.len - 4) : name;
	buffer_init(&text, TEMPLATE_MAX_BYTES);
	result = file_read(arena_cstr(arena, path), &text, err);
	file.text = arena_copy(arena, buffer_slice(&text));
	buffer_clear(&text);
	if (result != 0 ||
	    template_parse(arena, path, file.text, &file.template, err) != 0)
		return -1;
	*out = file;
	return 0;
}

static void problem_add(struct arena *arena, const struct error *err,
			struct slices *problems)
{
	*LIST_ADD(arena, problems) =
		arena_printf(arena, "%s; the shipped one is used instead", err->text);
}

void templates_load(struct arena *arena, struct slice folder, struct template_set *set,
		    struct slices *problems)
{
	struct slices names = { 0 };

	templates_list(arena, folder, &names);
	for (size_t i = 0; i < names.count; i++) {
		ptrdiff_t slash = slice_find_byte(names.at[i], '/');
		struct slice domain =
			slice_cut(names.at[i], 0, slash < 0 ? 0 : (size_t)slash);
		struct error err = { 0 };
		struct template_file file;

		if (template_file_read(arena,
				       arena_printf(arena, SLICE_FMT "/" SLICE_FMT,
						    SLICE_ARG(folder),
						    SLICE_ARG(names.at[i])),
				       domain, &file, &err) != 0 ||
		    template_check(arena, &file, &err) != 0)
			problem_add(arena, &err, problems);
		else
			*LIST_ADD(arena, set) = file;
	}
}
