#include "os/loop_folder.h"

#include "os/loop_parts.h"

struct loop_folder {
	uv_fs_event_t uv;
	void (*changed)(void *context, bool names);
	void *context;
};

static void folder_changed(uv_fs_event_t *handle, const char *name, int events,
			   int status)
{
	struct loop_folder *folder = handle->data;

	(void)name;
	folder->changed(folder->context, status != 0 || (events & UV_RENAME) != 0);
}

struct loop_folder *loop_folder_new(struct loop *loop, const char *path,
				    void (*changed)(void *context, bool names),
				    void *context, struct error *err)
{
	struct loop_folder *folder = loop_allocate(sizeof *folder);
	int status;

	uv_fs_event_init(&loop->uv, &folder->uv);
	folder->uv.data = folder;
	folder->changed = changed;
	folder->context = context;
	status = uv_fs_event_start(&folder->uv, folder_changed, path, 0);
	if (status == 0)
		return folder;
	uv_close((uv_handle_t *)&folder->uv, loop_free_handle);
	error_system(err, -status, "cannot be told of changes in the folder '%s'",
		     path);
	return NULL;
}

void loop_folder_free(struct loop_folder *folder)
{
	if (folder)
		uv_close((uv_handle_t *)&folder->uv, loop_free_handle);
}
