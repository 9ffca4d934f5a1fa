/* Any bytes as a template, filled with values that look like templates themselves: what
 * comes out holds no mark of the layout, and no more than the values and the text.      */
#include "report/template.h"
#include "report/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct template_value inner[] = { { .name = "a", .text = S("{{b}}") } };
	struct template_scope items[] = { { inner, 1, NULL }, { inner, 1, NULL } };
	struct template_value values[] = {
		{ .name = "a", .text = S("{{#list}}") },
		{ .name = "b", .text = S("one line\n"), .as_is = true },
		{ .name = "list", .items = items, .count = 2 },
	};
	struct template_scope scope = { values, 3, NULL };
	struct arena *arena = arena_new();
	struct template template = { 0 };
	struct error err = { 0 };
	struct buffer rendered, out;

	buffer_init(&rendered, 1 << 20);
	buffer_init(&out, 1 << 20);
	if (template_parse(arena, S("fuzz"), text, &template, &err) == 0) {
		template_render(&template, &scope, &rendered);
		text_layout(buffer_slice(&rendered), &out);
		assert(slice_find_byte(buffer_slice(&out), TEXT_AS_IS_BEGIN) < 0);
	} else {
		assert(slice_starts(slice_of(err.text), S("fuzz:")));
	}
	buffer_clear(&rendered);
	buffer_clear(&out);
	arena_free(arena);
	return 0;
}
