#include "event/witness.h"

struct witness_group *witness_group_find(const struct witness_groups *groups,
					 struct slice name)
{
	for (size_t i = 0; i < groups->count; i++) {
		if (slice_equal(groups->at[i].name, name))
			return &groups->at[i];
	}
	return NULL;
}

void witness_group_drop(struct witness_groups *groups, struct slice name)
{
	struct witness_group *group = witness_group_find(groups, name);

	if (group != NULL)
		*group = groups->at[--groups->count];
}

static struct witness_group *group_get(struct witness_groups *groups,
				       struct arena *arena, struct slice name)
{
	struct witness_group *group = witness_group_find(groups, name);

	if (group != NULL)
		return group;
	group = LIST_ADD(arena, groups);
	*group = (struct witness_group){ .name = name };
	return group;
}

/* alt_user_1 is told as it is, and as user where that has no text yet. */
static void alternate_add(struct witness_groups *groups, struct arena *arena,
			  struct slice name, struct slice value)
{
	bool alternate;
	struct slice base = expression_name_base(name, &alternate);
	struct witness_group *group;

	if (!alternate || value.len == 0)
		return;
	group = group_get(groups, arena, base);
	if (group->value.len == 0)
		group->value = value;
}

void witness_groups_add(struct witness_groups *groups, struct arena *arena,
			const struct expression *expression,
			const struct expression_scratch *scratch)
{
	const struct expression_names *names = expression_names(expression);
	struct witness_groups own = { 0 };

	for (size_t i = 0; i < names->count; i++) {
		struct slice value = expression_capture(scratch, names->at[i].group);

		*LIST_ADD(arena, &own) = (struct witness_group){
			.name = arena_copy(arena, names->at[i].name),
			.value = value.at ? arena_copy(arena, value) : value,
		};
	}
	for (size_t i = 0, count = own.count; i < count; i++)
		alternate_add(&own, arena, own.at[i].name, own.at[i].value);
	for (size_t i = 0; i < own.count; i++)
		group_get(groups, arena, own.at[i].name)->value = own.at[i].value;
}
