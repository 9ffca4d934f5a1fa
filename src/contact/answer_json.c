#include "contact/answer_json.h"

static void put_address(struct json_writer *writer, const char *key,
			const struct address *address)
{
	json_put_optional(writer, key, slice_of(address_format(address).text));
}

static void write_names(struct json_writer *writer, const struct source_names *names)
{
	json_key(writer, "names");
	json_array(writer);
	for (size_t i = 0; i < names->count; i++) {
		json_object(writer);
		json_put_string(writer, "name", names->at[i].name);
		json_put_bool(writer, "confirmed", names->at[i].confirmed);
		json_object_end(writer);
	}
	json_array_end(writer);
}

static void write_network(struct json_writer *writer,
			  const struct contact_answer *answer)
{
	const struct network *network = &answer->network;

	json_key(writer, "network");
	if (!answer->has_network) {
		json_null(writer);
		return;
	}
	json_object(writer);
	put_address(writer, "first", &network->range.first);
	put_address(writer, "last", &network->range.last);
	json_put_optional(writer, "handle", network->handle);
	json_put_optional(writer, "name", network->name);
	json_put_optional(writer, "organisation", network->organisation);
	json_put_optional(writer, "country", network->country);
	json_put_optional(writer, "registry", network->registry);
	json_put_optional(writer, "found_in", network->found_in);
	json_put_time(writer, "looked_up_at", network->looked_up_at);
	json_object_end(writer);
}

static void write_origin(struct json_writer *writer, const struct origins *origin)
{
	json_key(writer, "origin");
	json_array(writer);
	for (size_t i = 0; i < origin->count; i++)
		json_int(writer, origin->at[i]);
	json_array_end(writer);
}

static void write_contact(struct json_writer *writer, const struct contact *contact)
{
	struct range_text range = { "" };

	if (contact->range.first.family != FAMILY_NONE)
		range = range_format(&contact->range);
	json_object(writer);
	json_put_string(writer, "address", contact->address);
	json_put_text(writer, "kind", contact_kind_name(contact->kind));
	json_put_text(writer, "scope", contact_scope_name(contact->scope));
	json_put_text(writer, "role", contact_role_name(contact->role));
	json_put_text(writer, "found_by", found_by_name(contact->found_by));
	json_put_optional(writer, "server", contact->server);
	json_put_bool(writer, "unencrypted", contact_unencrypted(contact));
	json_put_optional(writer, "object", contact->object);
	json_put_optional(writer, "range", slice_of(range.text));
	json_key(writer, "confidence");
	json_real(writer, contact->confidence);
	json_put_time(writer, "checked_at", contact->checked_at);
	json_put_optional(writer, "wants", contact->wants);
	json_put_optional(writer, "mailbox", contact->mailbox);
	json_put_optional(writer, "format", contact->format);
	json_put_optional(writer, "terms", contact->terms);
	json_put_bool(writer, "suspect", contact->suspect);
	json_put_bool(writer, "chosen", contact->chosen);
	json_object_end(writer);
}

static void write_contacts(struct json_writer *writer, const struct contacts *contacts)
{
	json_key(writer, "contacts");
	json_array(writer);
	for (size_t i = 0; i < contacts->count; i++)
		write_contact(writer, &contacts->at[i]);
	json_array_end(writer);
}

static void write_rejected(struct json_writer *writer,
			   const struct contacts_rejected *rejected)
{
	json_key(writer, "rejected");
	json_array(writer);
	for (size_t i = 0; i < rejected->count; i++) {
		json_object(writer);
		json_put_string(writer, "address", rejected->at[i].address);
		json_put_string(writer, "reason", rejected->at[i].reason);
		json_object_end(writer);
	}
	json_array_end(writer);
}

static void write_texts(struct json_writer *writer, const char *key,
			const struct slices *texts)
{
	json_key(writer, key);
	json_array(writer);
	for (size_t i = 0; i < texts->count; i++)
		json_string(writer, texts->at[i]);
	json_array_end(writer);
}

void contact_answer_write(struct json_writer *writer,
			  const struct contact_answer *answer)
{
	json_object(writer);
	json_put_text(writer, "type", "contact");
	json_put_string(writer, "query", answer->query);
	put_address(writer, "address", &answer->address);
	put_address(writer, "reported_as", &answer->reported_as);
	json_put_optional(writer, "special", answer->special);
	json_key(writer, "resolved_at");
	if (answer->resolved_at)
		json_time(writer, answer->resolved_at);
	else
		json_null(writer);
	write_names(writer, &answer->names);
	write_network(writer, answer);
	write_origin(writer, &answer->origin);
	write_contacts(writer, &answer->contacts);
	write_rejected(writer, &answer->rejected);
	json_put_optional(writer, "passed_over", answer->passed_over);
	json_put_bool(writer, "stale", answer->stale);
	json_key(writer, "later_at");
	if (answer->later_at)
		json_time(writer, answer->later_at);
	else
		json_null(writer);
	json_put_bool(writer, "unanswered", answer->unanswered);
	write_texts(writer, "servers", &answer->servers);
	write_texts(writer, "problems", &answer->problems);
	json_object_end(writer);
}
