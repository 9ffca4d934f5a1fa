#include "cli/contact_upstream.h"

#include "base/cursor.h"
#include "os/spawn.h"

enum { ORIGINS_MAX = 4, HOPS_MAX = 64 };
#define PATH_LIMIT_US (60 * SECOND_US)

static bool is_known(const struct contacts *contacts, struct slice address)
{
	for (size_t i = 0; i < contacts->count; i++)
		if (slice_equal(contacts->at[i].address, address))
			return true;
	return false;
}

/* The contact that a report about `query` would go to, as one of the upstream. */
static int add_contacts_of(struct run *run, struct finder *finder, struct slice query,
			   struct contact_answer *answer)
{
	struct contact_answer above;

	if (finder_find(finder, run->arena,
			&(struct finder_queries){ .at = &query, .count = 1 }, &above,
			&run->err) != 0)
		return -1;
	for (size_t i = 0; i < above.contacts.count; i++) {
		struct contact contact = above.contacts.at[i];

		if (!contact.chosen || is_known(&answer->contacts, contact.address))
			continue;
		contact.chosen = false;
		contact.scope = SCOPE_UPSTREAM;
		contact.object = query;
		*LIST_ADD(run->arena, &answer->contacts) = contact;
	}
	return 0;
}

static int add_origins(struct run *run, struct finder *finder,
		       struct contact_answer *answer)
{
	for (size_t i = 0; i < answer->origin.count && i < ORIGINS_MAX; i++)
		if (add_contacts_of(run, finder,
				    arena_printf(run->arena, "AS%u",
						 answer->origin.at[i]),
				    answer) != 0)
			return -1;
	return 0;
}

/* "3  198.51.100.1  1.234 ms": the first address of the line. */
static bool hop_read(struct slice line, struct address *out)
{
	struct slice word;

	while (slice_next(&line, ' ', &word))
		if (slice_find_byte(word, '.') != slice_find_byte(word, ':') &&
		    address_parse(word, out) == 0)
			return true;
	return false;
}

/* The last public one outside the source's own network. */
static bool last_hop(struct slice output, const struct contact_answer *answer,
		     bool documentation_public, struct address *out)
{
	struct cursor cursor = cursor_of(output);
	struct slice line;
	bool found = false, first = true;

	for (int hops = 0; hops < HOPS_MAX && cursor_line(&cursor, &line);
	     first = false) {
		const struct address_special *special;
		struct address hop;

		if (first || !hop_read(line, &hop)) /* the first repeats the target */
			continue;
		hops++;
		special = address_special(&hop);
		if ((special && !(special->documentation && documentation_public)) ||
		    address_equal(&hop, &answer->address) ||
		    (answer->has_network &&
		     range_contains(&answer->network.range, &hop)))
			continue;
		*out = hop;
		found = true;
	}
	return found;
}

static int path_allowed(struct run *run)
{
	if (run->settings.trace == CONSENT_YES && !run->offline)
		return 0;
	return error_set(
		&run->err, ERROR_REFUSED,
		"--path sends packets towards the source, which its owner can "
		"see: it runs only with [look-up] path = yes and not --offline");
}

static int add_path(struct run *run, struct finder *finder,
		    struct contact_answer *answer)
{
	struct address_text target = address_format(&answer->address);
	char numeric[] = "-n", once[] = "-q1", wait[] = "-w2";
	char *path = arena_cstr(run->arena, run->settings.traceroute);
	char *argv[] = { path, numeric, once, wait, target.text, NULL };
	struct spawn spawn = { .path = path,
			       .argv = argv,
			       .output_max = 64 * 1024,
			       .deadline_ms = PATH_LIMIT_US / 1000 };
	struct spawn_input input;
	struct spawn_end ended;
	struct address hop;
	int result;

	if (answer->address.family == FAMILY_NONE || answer->special.len)
		return 0;
	if (spawn_input_open((struct slice){ "", 0 }, &input, &run->err) != 0)
		return -1;
	result = spawn_run(&spawn, &input, run->arena, &ended, &run->err);
	spawn_input_close(&input);
	if (result != 0)
		return error_context(&run->err, "[look-up] traceroute");
	if (!last_hop(ended.output, answer, run->settings.documentation_public, &hop)) {
		*LIST_ADD(run->arena, &answer->problems) =
			S("the path shows no public address before its network");
		return 0;
	}
	return add_contacts_of(
		run, finder,
		arena_copy(run->arena, slice_of(address_format(&hop).text)), answer);
}

int contact_upstream_add(struct run *run, struct finder *finder,
			 struct contact_answer *answer)
{
	if (run_flag(run, "path") &&
	    (path_allowed(run) != 0 || add_path(run, finder, answer) != 0))
		return -1;
	return run_flag(run, "upstream") ? add_origins(run, finder, answer) : 0;
}
