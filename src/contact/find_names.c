/* Names of an address and addresses of a name, each confirmed the other way round
 * (FCrDNS; RFC 8601 section 2.7.3, iprev). An unconfirmed name is shown, never used. */
#include "contact/look_up.h"

static bool may_ask(struct look_up *look_up)
{
	const struct finder *finder = look_up->finder;

	if (finder->allow_reverse || asker_has_hosts(finder->asker))
		return true;
	look_up_note(look_up,
		     look_up->subject == SUBJECT_NAME
			     ? "the name was not resolved: looking up names is "
			       "not allowed ([look-up] reverse-names)"
			     : "reverse names were not looked up: that is not "
			       "allowed ([look-up] reverse-names)");
	return false;
}

static const struct reply *names_of(struct look_up *look_up,
				    const struct address *address)
{
	return look_up_ask(look_up,
			   (struct question){ .kind = ASK_NAMES, .address = *address });
}

static const struct reply *addresses_of(struct look_up *look_up, struct slice name)
{
	return look_up_ask(look_up,
			   (struct question){ .kind = ASK_ADDRESSES, .text = name });
}

static bool has_address(const struct addresses *addresses,
			const struct address *address)
{
	for (size_t i = 0; i < addresses->count; i++)
		if (address_equal(&addresses->at[i], address))
			return true;
	return false;
}

static bool has_name(const struct slices *names, struct slice name)
{
	for (size_t i = 0; i < names->count; i++)
		if (slice_equal(names->at[i], name))
			return true;
	return false;
}

static void resolver_failed(struct look_up *look_up, const char *what,
			    const struct reply *reply)
{
	if (reply->outcome == ASK_FAILED)
		look_up_note(look_up, "%s could not be asked of the DNS: " SLICE_FMT,
			     what, SLICE_ARG(reply->problem));
}

/* All are asked before the first is waited for. */
static bool all_answered(struct look_up *look_up, const struct slices *names)
{
	bool all = true;

	for (size_t i = 0; i < names->count; i++)
		if (addresses_of(look_up, names->at[i])->outcome == ASK_PENDING)
			all = false;
	return all;
}

static bool address_names(struct look_up *look_up)
{
	const struct address *address = &look_up->answer->address;
	const struct reply *names = names_of(look_up, address);

	if (names->outcome == ASK_PENDING || !all_answered(look_up, &names->names))
		return false;
	resolver_failed(look_up, "its name", names);
	for (size_t i = 0; i < names->names.count; i++) {
		struct slice name = names->names.at[i];
		const struct reply *back = addresses_of(look_up, name);

		resolver_failed(look_up, "the address of its name", back);
		*LIST_ADD(look_up->arena, &look_up->answer->names) =
			(struct source_name){
				arena_copy(look_up->arena, name),
				has_address(&back->addresses, address),
			};
	}
	return true;
}

/* The address whose own name is the one asked for; else the first. */
static bool choose_address(struct look_up *look_up, const struct addresses *addresses,
			   struct address *out)
{
	bool pending = false;

	for (size_t i = 0; i < addresses->count; i++) {
		const struct reply *names = names_of(look_up, &addresses->at[i]);

		pending |= names->outcome == ASK_PENDING;
	}
	if (pending)
		return false;
	*out = addresses->at[0];
	for (size_t i = addresses->count; i-- > 0;)
		if (has_name(&names_of(look_up, &addresses->at[i])->names,
			     look_up->name))
			*out = addresses->at[i];
	return true;
}

static void put_first(struct look_up *look_up, struct slice name)
{
	struct source_names *names = &look_up->answer->names;

	*LIST_ADD(look_up->arena, names) = (struct source_name){ name, false };
	for (size_t i = names->count - 1; i > 0; i--)
		names->at[i] = names->at[i - 1];
	names->at[0] = (struct source_name){ name, false };
}

static bool name_addresses(struct look_up *look_up)
{
	const struct reply *found = addresses_of(look_up, look_up->name);
	struct address address;

	if (found->outcome == ASK_PENDING)
		return false;
	resolver_failed(look_up, "the name", found);
	if (found->addresses.count == 0) {
		if (found->outcome == ASK_ABSENT)
			look_up_note(look_up, "the name has no address");
		return true;
	}
	if (!choose_address(look_up, &found->addresses, &address))
		return false;
	look_up_resolved(look_up, &address);
	if (found->addresses.count > 1)
		look_up_note(look_up, "the name has %zu addresses; this is about %s",
			     found->addresses.count, address_format(&address).text);
	return true;
}

static bool names_hold(const struct source_names *names, struct slice name)
{
	for (size_t i = 0; i < names->count; i++)
		if (slice_equal(names->at[i].name, name))
			return true;
	return false;
}

bool names_step(struct look_up *look_up)
{
	struct contact_answer *answer = look_up->answer;

	if (look_up->names_done)
		return true;
	if (look_up->subject == SUBJECT_NAME && answer->address.family == FAMILY_NONE &&
	    may_ask(look_up) && !name_addresses(look_up))
		return false;
	if (answer->address.family != FAMILY_NONE && answer->special.len == 0 &&
	    may_ask(look_up) && !address_names(look_up))
		return false;
	look_up->names_done = true;
	if (look_up->subject == SUBJECT_NAME &&
	    !names_hold(&answer->names, look_up->name)) {
		put_first(look_up, look_up->name);
		if (answer->address.family != FAMILY_NONE)
			look_up_note(look_up,
				     "the address does not call itself by that name, "
				     "so nothing was derived from the name");
	}
	return true;
}
