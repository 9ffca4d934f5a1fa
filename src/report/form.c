#include "report/form.h"

#include "json/reader.h"

void form_write(struct json_writer *writer, const struct form *form)
{
	json_object(writer);
	json_put_optional(writer, "url", form->url);
	json_put_optional(writer, "wants", form->wants);
	json_key(writer, "fields");
	json_array(writer);
	for (size_t i = 0; i < form->fields.count; i++) {
		const struct form_field *field = &form->fields.at[i];

		json_object(writer);
		json_put_string(writer, "name", field->name);
		json_put_string(writer, "label", field->label);
		json_put_string(writer, "value", field->value);
		json_object_end(writer);
	}
	json_array_end(writer);
	json_object_end(writer);
}

struct slice form_json(struct arena *arena, const struct form *form)
{
	struct json_writer writer;
	struct buffer json;
	struct slice text;

	buffer_init(&json, FORM_MAX_BYTES);
	json_writer_init(&writer, &json);
	form_write(&writer, form);
	text = json.failed ? S("") : arena_copy(arena, buffer_slice(&json));
	buffer_clear(&json);
	return text;
}

static struct slice text_at(struct arena *arena, const struct json_value *object,
			    const char *key)
{
	return arena_copy(arena, json_text(json_get(object, key)));
}

int form_read(struct arena *arena, struct slice json, struct form *out,
	      struct error *err)
{
	struct json *document = json_read(json, FORM_MAX_BYTES, err);
	const struct json_value *fields;
	struct form form = { 0 };

	if (!document)
		return error_context(err, "a stored form");
	fields = json_get(json_root(document), "fields");
	form.url = text_at(arena, json_root(document), "url");
	form.wants = text_at(arena, json_root(document), "wants");
	for (size_t i = 0; i < json_count(fields) && i < FORM_FIELDS_MAX; i++)
		*LIST_ADD(arena, &form.fields) = (struct form_field){
			text_at(arena, json_at(fields, i), "name"),
			text_at(arena, json_at(fields, i), "label"),
			text_at(arena, json_at(fields, i), "value"),
		};
	json_free(document);
	if (!form.fields.count)
		return error_set(err, ERROR_SYNTAX, "a stored form has no fields");
	*out = form;
	return 0;
}
