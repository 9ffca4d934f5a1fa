#include "delivery/secret.h"

#include "base/buffer.h"
#include "os/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SECRET_MAX = 1024 };

static const char *path_of(struct arena *arena, struct slice file)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	const char *name = arena_cstr(arena, file);

	if (!name[0] || strchr(name, '/') || !folder || !folder[0])
		return name;
	return arena_cstr(arena, arena_printf(arena, "%s/%s", folder, name));
}

int secret_read(struct arena *arena, struct slice file, const char *what,
		struct slice *out, struct error *err)
{
	const char *path = path_of(arena, file);
	struct buffer text;
	struct stat st;

	if (stat(path, &st) != 0)
		return error_system(err, errno, "%s '%s'", what, path);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return error_set(err, ERROR_CONFIG,
				 "%s '%s' can be read by others: chmod 600 %s", what,
				 path, path);
	buffer_init(&text, SECRET_MAX);
	if (file_read(path, &text, err) != 0) {
		buffer_clear(&text);
		return -1;
	}
	*out = arena_copy(arena, slice_trim(buffer_slice(&text)));
	buffer_clear(&text);
	return 0;
}
