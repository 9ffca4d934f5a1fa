/* A form as it stands in the store: what is read is written as the same again. */
#include "report/form.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct form form = { 0 }, again = { 0 };
	struct error err;

	if (form_read(arena, text, &form, &err) != 0) {
		assert(err.text[0]);
	} else {
		assert(form.fields.count && form.fields.count <= FORM_FIELDS_MAX);
		assert(form_read(arena, form_json(arena, &form), &again, &err) == 0);
		assert(again.fields.count == form.fields.count);
	}
	arena_free(arena);
	return 0;
}
