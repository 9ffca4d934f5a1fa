/* Reads one recorded answer on standard input and prints what the readers make of it:
 *   read_registry whois|rdap|rwhois|domain SERVER ADDRESS-OR-DOMAIN
 * One line "state STATE", then "contact ROLE SCOPE CONFIDENCE CHOSEN ADDRESS" per ranked
 * contact and "rejected ADDRESS". Driven by tests/system/registry_corpus.py.             */
#include "base/buffer.h"
#include "base/escape.h"
#include "contact/choice.h"
#include "contact/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print(struct slice text)
{
	struct buffer escaped;

	buffer_init(&escaped, 1 << 16);
	escape_terminal(&escaped, text);
	if (text.len)
		fwrite(escaped.at, 1, escaped.len, stdout);
	buffer_clear(&escaped);
}

static void print_answer(struct arena *arena, const struct reading *reading,
			 const struct address *about)
{
	static const char *const states[] = { "answer", "elsewhere", "nothing",
					      "refused" };
	struct contact_answer answer = { .address = *about,
					 .has_network = reading->has_network,
					 .network = reading->network,
					 .contacts = reading->contacts,
					 .rejected = reading->rejected };

	contacts_rank(arena, &answer, false);
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

int main(int argc, char **argv)
{
	size_t room = READING_MAX_BYTES;
	char *text = malloc(room);
	struct arena *arena = arena_new();
	struct reading reading = { 0 };
	struct address about = { 0 };
	struct slice input = { text, text ? fread(text, 1, room, stdin) : 0 };
	struct error err = { 0 };
	struct slice server;

	if (argc != 4)
		return 64;
	server = slice_of(argv[2]);
	if (address_parse(slice_of(argv[3]), &about) < 0)
		about.family = FAMILY_NONE;
	if (strcmp(argv[1], "rdap") == 0) {
		if (rdap_read(arena, server, input, &about, 0, &reading, &err) < 0)
			printf("error %s\n", err.text);
	} else if (strcmp(argv[1], "rwhois") == 0) {
		rwhois_read(arena, server, input, &about, 0, &reading);
	} else if (strcmp(argv[1], "domain") == 0) {
		whois_domain_read(arena, server, input, slice_of(argv[3]), 0, &reading);
	} else {
		whois_read(arena, server, input, &about, 0, &reading);
	}
	print_answer(arena, &reading, &about);
	arena_free(arena);
	free(text);
	return 0;
}
