#include "os/loop_signal.h"

#include "os/loop_parts.h"

struct loop_signal {
	uv_signal_t uv;
	void (*raised)(void *context, int number);
	void *context;
};

static void signal_raised(uv_signal_t *handle, int number)
{
	struct loop_signal *signal = handle->data;

	signal->raised(signal->context, number);
}

struct loop_signal *loop_signal_new(struct loop *loop, int number,
				    void (*raised)(void *context, int number),
				    void *context, struct error *err)
{
	struct loop_signal *signal = loop_allocate(sizeof *signal);
	int status;

	uv_signal_init(&loop->uv, &signal->uv);
	signal->uv.data = signal;
	signal->raised = raised;
	signal->context = context;
	status = uv_signal_start(&signal->uv, signal_raised, number);
	if (status == 0)
		return signal;
	uv_close((uv_handle_t *)&signal->uv, loop_free_handle);
	error_system(err, -status, "cannot take signal %d", number);
	return NULL;
}

void loop_signal_free(struct loop_signal *signal)
{
	if (signal)
		uv_close((uv_handle_t *)&signal->uv, loop_free_handle);
}
