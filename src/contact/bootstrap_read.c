#include "contact/bootstrap.h"
#include "os/file.h"

#include <errno.h>

const char *const bootstrap_names[BOOTSTRAP_FILES] = { "ipv4", "ipv6", "asn", "dns",
						       "object-tags" };

static int read_shipped(struct arena *arena, struct bootstrap *out, struct error *err)
{
	for (size_t i = 0; i < bootstrap_shipped_count; i++)
		if (bootstrap_parse(arena, slice_of(bootstrap_shipped[i].name),
				    bootstrap_shipped[i].json, out, err) != 0)
			return error_context(err, "the built-in table '%s'",
					     bootstrap_shipped[i].name);
	return 0;
}

/* A missing file leaves its kind without rows: those are asked by WHOIS. */
static int read_file(struct arena *arena, struct slice folder, const char *name,
		     struct bootstrap *out, struct error *err)
{
	struct slice path =
		arena_printf(arena, SLICE_FMT "/%s.json", SLICE_ARG(folder), name);
	struct buffer text;
	int status;

	buffer_init(&text, BOOTSTRAP_MAX_BYTES);
	status = file_read(arena_cstr(arena, path), &text, err);
	if (status == 0 &&
	    bootstrap_parse(arena, slice_of(name), buffer_slice(&text), out, err) != 0)
		status = error_context(err, SLICE_FMT, SLICE_ARG(path));
	buffer_clear(&text);
	return status;
}

int bootstrap_read(struct arena *arena, struct slice folder, struct bootstrap *out,
		   struct error *err)
{
	size_t missing = 0;

	if (folder.len == 0)
		return read_shipped(arena, out, err);
	for (size_t i = 0; i < BOOTSTRAP_FILES; i++)
		if (read_file(arena, folder, bootstrap_names[i], out, err) != 0) {
			if (err->kind != ERROR_NOT_FOUND &&
			    !(err->kind == ERROR_SYSTEM && err->sys == ENOENT))
				return -1;
			missing++;
		}
	if (missing == BOOTSTRAP_FILES)
		return error_set(
			err, ERROR_CONFIG,
			"bootstrap = '" SLICE_FMT
			"' has none of ipv4.json, ipv6.json, asn.json, dns.json, "
			"object-tags.json",
			SLICE_ARG(folder));
	error_clear(err);
	return 0;
}
