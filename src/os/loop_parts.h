/* os/loop_parts.h - what a loop is made of (for os/loop*.c only). */
#ifndef OS_LOOP_PARTS_H
#define OS_LOOP_PARTS_H

#include "os/loop.h"

#include <uv.h>

struct loop {
	uv_loop_t uv;
};

/* Zeroed; never NULL: out of memory ends the process. */
void *loop_allocate(size_t size);
/* For uv_close(): frees what handle->data points at. */
void loop_free_handle(uv_handle_t *handle);

#endif
