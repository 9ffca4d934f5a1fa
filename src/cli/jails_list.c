#include "cli/jails.h"

static struct slice joined(struct arena *arena, const struct slices *parts,
			   const char *between)
{
	struct slice text = S("");

	for (size_t i = 0; i < parts->count; i++)
		text = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(text),
				    i > 0 ? between : "", SLICE_ARG(parts->at[i]));
	return text;
}

static struct slices ports_texts(struct arena *arena, const struct jail_ports *ports)
{
	struct slices texts = { 0 };

	for (size_t i = 0; i < ports->count; i++) {
		struct jail_port_range range = ports->at[i];

		*LIST_ADD(arena, &texts) =
			range.first == range.last
				? arena_printf(arena, "%u", range.first)
				: arena_printf(arena, "%u-%u", range.first, range.last);
	}
	return texts;
}

static struct slices reporters_texts(struct arena *arena, const struct jail *jail)
{
	struct slices texts = { 0 };

	for (size_t i = 0; i < jail->reporters.count; i++)
		*LIST_ADD(arena, &texts) = jail->reporters.at[i].action;
	return texts;
}

static void jail_row(struct run *run, struct table *table, const struct jail *jail)
{
	struct slices ports = ports_texts(run->arena, &jail->ports);
	struct slices told = reporters_texts(run->arena, jail);

	table_add(table, jail->name, COLOUR_STRONG);
	table_add(table, jail->filter.name, COLOUR_NONE);
	table_add(table, joined(run->arena, &ports, ","), COLOUR_NONE);
	table_add(table,
		  arena_printf(run->arena, SLICE_FMT " in " SLICE_FMT,
			       SLICE_ARG(jail->maxretry), SLICE_ARG(jail->findtime)),
		  COLOUR_NONE);
	table_add(table, joined(run->arena, &told, " "), COLOUR_YELLOW);
	table_add(table,
		  jail->journal ? joined(run->arena, &jail->filter.journalmatch, " or ")
				: joined(run->arena, &jail->patterns, " "),
		  COLOUR_NONE);
}

static void list_json(struct json_writer *writer, const char *key, struct slices texts)
{
	json_key(writer, key);
	json_array(writer);
	for (size_t i = 0; i < texts.count; i++)
		json_string(writer, texts.at[i]);
	json_array_end(writer);
}

static void jail_json(struct run *run, const struct jail *jail)
{
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 4 << 20);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "jail");
	json_put_string(&writer, "name", jail->name);
	json_put_string(&writer, "filter", jail->filter.name);
	json_put_string(&writer, "path", jail->filter.path);
	json_put_bool(&writer, "journal", jail->journal);
	list_json(&writer, "journalmatch", jail->filter.journalmatch);
	list_json(&writer, "logs", jail->patterns);
	list_json(&writer, "ports", ports_texts(run->arena, &jail->ports));
	list_json(&writer, "ignored", jail->ignored);
	json_put_optional(&writer, "maxretry", jail->maxretry);
	json_put_optional(&writer, "findtime", jail->findtime);
	list_json(&writer, "reporters", reporters_texts(run->arena, jail));
	list_json(&writer, "notes", jail->notes);
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

void jails_print(struct run *run, const struct jails *jails)
{
	static const char *const titles[] = { "JAIL",       "FILTER",  "PORTS",
					      "BANS AFTER", "REPORTS", "LOGS" };
	struct table table;

	table_init(&table, run->arena, titles, COUNT_OF(titles));
	for (size_t i = 0; i < jails->count; i++) {
		if (run->json)
			jail_json(run, &jails->at[i]);
		else
			jail_row(run, &table, &jails->at[i]);
	}
	if (!run->json)
		table_print(&table, &run->out);
}
