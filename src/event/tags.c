#include "event/tags.h"

#include "base/buffer.h"

/* How often each tag was replaced in one value, over all passes. */
struct uses {
	struct use {
		struct slice name;
		unsigned count;
	} * at;
	size_t count, room;
};

struct resolution {
	struct arena *arena;
	struct tags *tags;
	const struct slices *ignored;
	const struct tag_finder *finder;
	struct error *err;
	struct uses *uses; /* beside tags->at */
	size_t work; /* bytes written so far */
};

struct tag *tag_find(const struct tags *tags, struct slice name)
{
	for (size_t i = 0; i < tags->count; i++) {
		if (slice_equal(tags->at[i].name, name))
			return &tags->at[i];
	}
	return NULL;
}

static bool is_ignored(const struct slices *ignored, struct slice name)
{
	for (size_t i = 0; i < ignored->count; i++) {
		if (slice_equal(ignored->at[i], name))
			return true;
	}
	return false;
}

/* The next <name> at or behind `from`, name without blank, '<' or '>', not empty. */
static bool next_tag(struct slice value, size_t from, size_t *start, struct slice *name)
{
	bool open = false;

	for (size_t i = from; i < value.len; i++) {
		char c = value.at[i];

		if (c == '<') {
			open = true;
			*start = i;
		} else if (c == '>' && open && i > *start + 1) {
			*name = slice_cut(value, *start + 1, i);
			return true;
		} else if (c == ' ' || c == '>') {
			open = false;
		}
	}
	return false;
}

static unsigned *use_count(struct arena *arena, struct uses *uses, struct slice name)
{
	for (size_t i = 0; i < uses->count; i++) {
		if (slice_equal(uses->at[i].name, name))
			return &uses->at[i].count;
	}
	struct use *added = LIST_ADD(arena, uses);
	*added = (struct use){ .name = name };
	return &added->count;
}

static int too_much(const struct resolution *resolution, const struct tag *tag,
		    struct slice name)
{
	return error_set(resolution->err, ERROR_LIMIT,
			 "'" SLICE_FMT "' becomes too long while <" SLICE_FMT
			 "> is replaced",
			 SLICE_ARG(tag->name), SLICE_ARG(slice_cut(name, 0, 80)));
}

static int find_value(struct resolution *resolution, const struct tag *asking,
		      struct slice name, struct slice *value)
{
	const struct tag *tag = tag_find(resolution->tags, name);

	/* Looking is work too: a value may hold 80,000 tags that nobody knows. */
	resolution->work += resolution->tags->count + 64;
	if (resolution->work > TAG_WORK_MAX)
		return too_much(resolution, asking, name);
	if (tag) {
		*value = tag->value;
		return 1;
	}
	return resolution->finder->find(resolution->finder->context, name, value,
					resolution->err);
}

/* Every <name> in `value` becomes `by`. */
static int replace_all(struct resolution *resolution, struct tag *tag,
		       struct slice name, struct slice by)
{
	struct slice sought =
		arena_printf(resolution->arena, "<" SLICE_FMT ">", SLICE_ARG(name));
	struct slice rest = tag->value;
	struct buffer out;
	ptrdiff_t hit;

	buffer_init(&out, TAG_VALUE_MAX);
	while ((hit = slice_find(rest, sought)) >= 0) {
		buffer_add(&out, slice_cut(rest, 0, (size_t)hit));
		buffer_add(&out, by);
		rest = slice_from(rest, (size_t)hit + sought.len);
	}
	buffer_add(&out, rest);
	resolution->work += out.len;
	bool failed = out.failed || resolution->work > TAG_WORK_MAX;
	if (!failed)
		tag->value = arena_copy(resolution->arena, buffer_slice(&out));
	buffer_clear(&out);
	return failed ? too_much(resolution, tag, name) : 0;
}

static int count_use(struct resolution *resolution, size_t index, struct slice name)
{
	const struct tag *tag = &resolution->tags->at[index];
	unsigned *count = use_count(resolution->arena, &resolution->uses[index], name);

	if (!slice_equal(tag->name, name) && ++*count <= TAG_REPEAT_MAX + 1)
		return 0;
	return error_set(resolution->err, ERROR_SYNTAX,
			 "'" SLICE_FMT "' refers to itself through <" SLICE_FMT ">",
			 SLICE_ARG(tag->name), SLICE_ARG(slice_cut(name, 0, 80)));
}

/* One pass over one value; *changed is set where a tag was replaced. */
static int resolve_value(struct resolution *resolution, size_t index, bool *changed)
{
	struct tag *tag = &resolution->tags->at[index];
	size_t start = 0;
	struct slice name, by;

	while (next_tag(tag->value, start, &start, &name)) {
		int found = 0;

		if (!is_ignored(resolution->ignored, name))
			found = find_value(resolution, tag, name, &by);
		if (found < 0)
			return -1;
		if (found == 0) {
			start += name.len + 2;
			continue;
		}
		if (count_use(resolution, index, name) ||
		    replace_all(resolution, tag, name, by))
			return -1;
		*changed = true;
	}
	return 0;
}

int tags_resolve(struct arena *arena, struct tags *tags, const struct slices *ignored,
		 const struct tag_finder *finder, struct error *err)
{
	struct resolution resolution = { .arena = arena,
					 .tags = tags,
					 .ignored = ignored,
					 .finder = finder,
					 .err = err };
	bool changed = true;

	resolution.uses = ARENA_ARRAY(arena, struct uses, tags->count);
	while (changed) {
		changed = false;
		for (size_t i = 0; i < tags->count; i++) {
			if (!is_ignored(ignored, tags->at[i].name) &&
			    resolve_value(&resolution, i, &changed))
				return -1;
		}
	}
	return 0;
}
