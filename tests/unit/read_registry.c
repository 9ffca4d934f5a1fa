/* Reads one recorded answer on standard input and prints what the readers make of it:
 *   read_registry whois|rdap|rwhois|domain SERVER ADDRESS-OR-DOMAIN
 * or builds an index of a folder of dumps into FILE and asks that:
 *   read_registry index FOLDER FILE ADDRESS...
 * One line "state STATE", then "contact ROLE SCOPE CONFIDENCE CHOSEN ADDRESS" per ranked
 * contact and "rejected ADDRESS". Driven by tests/system/registry_corpus.py and
 * registry_examples.py.                                                                */
#include "base/buffer.h"
#include "base/escape.h"
#include "contact/choice.h"
#include "contact/indexed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print(struct slice text)
{
	struct buffer escaped;

	buffer_init(&escaped, 1 << 16);
	escape_terminal(&escaped, text);
	if (escaped.len)
		fwrite(escaped.at, 1, escaped.len, stdout);
	buffer_clear(&escaped);
}

static void print_answer(struct arena *arena, const struct reading *reading,
			 const struct address *about, bool documentation_public)
{
	static const char *const states[] = { "answer", "elsewhere", "nothing",
					      "refused" };
	struct contact_answer answer = { .address = *about,
					 .has_network = reading->has_network,
					 .network = reading->network,
					 .contacts = reading->contacts,
					 .rejected = reading->rejected };

	contacts_rank(arena, &answer, documentation_public);
	printf("state %s\n", states[reading->state]);
	printf("network %s ", range_format(&reading->network.range).text);
	print(reading->network.organisation);
	printf("\nhint ");
	print(reading->registry_hint);
	printf("\n");
	for (size_t i = 0; i < answer.contacts.count; i++) {
		const struct contact *contact = &answer.contacts.at[i];

		printf("contact %s %s %.2f %s ", contact_role_name(contact->role),
		       contact_scope_name(contact->scope), contact->confidence,
		       contact->chosen ? "chosen" : "-");
		print(contact->address);
		printf("\n");
	}
	for (size_t i = 0; i < answer.rejected.count; i++) {
		printf("rejected ");
		print(answer.rejected.at[i].address);
		printf("\n");
	}
}

static int ask_index(int argc, char **argv)
{
	static const struct clock clock = { .fixed = 0, .is_fixed = true };
	struct arena *arena = arena_new();
	struct index_counts counts = { 0 };
	struct index *index = NULL;
	struct error err = { 0 };

	if (index_build(arena, slice_of(argv[2]), slice_of(argv[3]), &clock, &counts,
			&err) == 0)
		index = index_open(slice_of(argv[3]), &err);
	printf("built %llu files %llu objects %llu ranges %llu contacts %llu skipped\n",
	       (unsigned long long)counts.files, (unsigned long long)counts.objects,
	       (unsigned long long)counts.ranges, (unsigned long long)counts.contacts,
	       (unsigned long long)counts.skipped);
	for (size_t i = 0; i < counts.notes.count; i++)
		printf("note " SLICE_FMT "\n", SLICE_ARG(counts.notes.at[i]));
	printf("error %s\n", err.text);
	for (int i = 4; i < argc && index; i++) {
		struct address about = { 0 };
		struct reading reading;

		printf("query %s\n", argv[i]);
		if (address_parse(slice_of(argv[i]), &about) < 0)
			return 65;
		indexed_read(index, arena, &about, &reading);
		print_answer(arena, &reading, &about, true);
	}
	index_close(index);
	arena_free(arena);
	return 0;
}

int main(int argc, char **argv)
{
	size_t room = READING_MAX_BYTES;
	struct reading reading = { 0 };
	struct address about = { 0 };
	struct error err = { 0 };
	struct slice server, input;
	struct arena *arena;
	char *text;

	if (argc > 4 && strcmp(argv[1], "index") == 0)
		return ask_index(argc, argv);
	if (argc != 4)
		return 64;
	arena = arena_new();
	text = malloc(room);
	input = (struct slice){ text, text ? fread(text, 1, room, stdin) : 0 };
	server = slice_of(argv[2]);
	if (address_parse(slice_of(argv[3]), &about) < 0)
		about.family = FAMILY_NONE;
	if (strcmp(argv[1], "rdap") == 0) {
		if (rdap_read(arena, input,
			      &(struct rdap_question){ server, &about, 0 }, &reading,
			      &err) < 0)
			printf("error %s\n", err.text);
	} else if (strcmp(argv[1], "rwhois") == 0) {
		rwhois_read(arena, server, input, &about, 0, &reading);
	} else if (strcmp(argv[1], "domain") == 0) {
		whois_domain_read(arena, server, input, slice_of(argv[3]), 0, &reading);
	} else {
		whois_read(arena, server, input, &about, 0, &reading);
	}
	print_answer(arena, &reading, &about, false);
	arena_free(arena);
	free(text);
	return 0;
}
