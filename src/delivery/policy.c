#include "delivery/policy.h"

#include "conf/ini.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static int complain(const struct ini_option *option, struct error *err,
		    const char *what)
{
	return error_set(err, ERROR_CONFIG,
			 SLICE_FMT ":%u:%u: '" SLICE_FMT "' is '" SLICE_FMT "': %s",
			 SLICE_ARG(option->path), option->line, option->column,
			 SLICE_ARG(option->name), SLICE_ARG(option->value), what);
}

static int category_set(struct policy *policy, const struct ini_option *option,
			struct slice word, struct error *err)
{
	enum category category;

	if (category_parse(word, &category) != 0 || category == CATEGORY_BACKSCATTER)
		return complain(option, err,
				"write categories of probe, scan, sweep, dos, "
				"mail-abuse, login-attack and exploit-attempt");
	if (category == CATEGORY_COMPROMISE)
		return complain(option, err,
				"a compromise is never reported without a person: "
				"take it out");
	policy->categories[category] = true;
	return 0;
}

static int categories_set(struct policy *policy, const struct ini_option *option,
			  struct error *err)
{
	struct slice rest = option->value;
	size_t count = 0;

	while (rest.len) {
		size_t len = 0;

		while (len < rest.len && rest.at[len] != ',' &&
		       !ascii_is_space(rest.at[len]))
			len++;
		if (len && category_set(policy, option, slice_cut(rest, 0, len), err))
			return -1;
		count += len > 0;
		rest = slice_from(rest, len + 1);
	}
	return count ? 0 : complain(option, err, "name at least one category");
}

static int certainty_set(struct policy *policy, const struct ini_option *option,
			 struct error *err)
{
	if (certainty_parse(option->value, &policy->certainty) == 0 &&
	    policy->certainty >= CERTAINTY_DATAGRAM)
		return 0;
	return complain(option, err, "write connection, or datagram");
}

static int count_set(const struct ini_option *option, uint64_t most, int64_t *out,
		     struct error *err)
{
	uint64_t number;

	if (slice_to_u64(option->value, most, &number) != 0 || number < 1)
		return complain(option, err,
				most == 100 ? "write a whole number from 1 to 100"
					    : "write a whole number from 1 to 1000");
	*out = (int64_t)number;
	return 0;
}

static int confidence_set(struct policy *policy, const struct ini_option *option,
			  struct error *err)
{
	return count_set(option, 100, &policy->confidence, err);
}

static int cap_day_set(struct policy *policy, const struct ini_option *option,
		       struct error *err)
{
	return count_set(option, 1000, &policy->cap_day, err);
}

static int cap_contact_set(struct policy *policy, const struct ini_option *option,
			   struct error *err)
{
	return count_set(option, 1000, &policy->cap_contact_day, err);
}

static int yes_set(const struct ini_option *option, bool *out, struct error *err)
{
	*out = slice_equal(option->value, S("yes"));
	if (*out || slice_equal(option->value, S("no")))
		return 0;
	return complain(option, err, "write yes or no");
}

static int follow_ups_set(struct policy *policy, const struct ini_option *option,
			  struct error *err)
{
	return yes_set(option, &policy->follow_ups, err);
}

static int next_contact_set(struct policy *policy, const struct ini_option *option,
			    struct error *err)
{
	return yes_set(option, &policy->next_contact, err);
}

static const struct {
	const char *key;
	int (*set)(struct policy *policy, const struct ini_option *option,
		   struct error *err);
} ROWS[] = {
	{ "categories", categories_set },       { "certainty", certainty_set },
	{ "confidence", confidence_set },       { "cap-day", cap_day_set },
	{ "cap-contact-day", cap_contact_set }, { "follow-ups", follow_ups_set },
	{ "next-contact", next_contact_set },
};

static int option_set(struct policy *policy, const struct ini_option *option,
		      struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(ROWS); i++)
		if (slice_equal(option->name, slice_of(ROWS[i].key)))
			return ROWS[i].set(policy, option, err);
	return error_set(err, ERROR_CONFIG,
			 SLICE_FMT
			 ":%u:%u: unknown key '" SLICE_FMT
			 "' in a policy: there are categories, certainty, confidence, "
			 "cap-day, cap-contact-day, follow-ups and next-contact",
			 SLICE_ARG(option->path), option->line, option->column,
			 SLICE_ARG(option->name));
}

/* Whoever can write it could send mail in your name. */
static int owner_check(struct arena *arena, struct slice path, struct error *err)
{
	const char *name = arena_cstr(arena, path);
	struct stat st;

	if (stat(name, &st) != 0)
		return error_system(err, errno, "policy '%s'", name);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return error_set(err, ERROR_CONFIG,
				 "policy '%s' can be written by others: chmod go-w %s",
				 name, name);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return error_set(err, ERROR_CONFIG,
				 "policy '%s' belongs to another user: it must be "
				 "yours or root's",
				 name);
	return 0;
}

int policy_read(struct arena *arena, struct slice path, struct policy *out,
		struct error *err)
{
	struct policy policy = { .path = path,
				 .certainty = CERTAINTY_CONNECTION,
				 .confidence = 90,
				 .cap_day = 5,
				 .cap_contact_day = 1 };
	const struct ini_section *section;
	struct ini ini;

	if (owner_check(arena, path, err) != 0 || ini_read(arena, path, &ini, err) != 0)
		return -1;
	section = ini_section_find(&ini.sections, S("policy"));
	if (!section || ini.sections.count != 1)
		return error_set(err, ERROR_CONFIG,
				 SLICE_FMT ": a policy has one section, [policy]",
				 SLICE_ARG(path));
	if (!ini_option_find(&section->options, S("categories")))
		return error_set(err, ERROR_CONFIG,
				 SLICE_FMT ":%u: name the categories that may leave "
					   "without you: categories = login-attack",
				 SLICE_ARG(path), section->line);
	for (size_t i = 0; i < section->options.count; i++)
		if (option_set(&policy, &section->options.at[i], err) != 0)
			return -1;
	*out = policy;
	return 0;
}

static struct slice categories_words(struct arena *arena, const struct policy *policy)
{
	struct slice text = S("");

	for (int i = 0; i < CATEGORY_COUNT; i++)
		if (policy->categories[i])
			text = arena_printf(arena, SLICE_FMT "%s%s", SLICE_ARG(text),
					    text.len ? ", " : "",
					    category_name((enum category)i));
	return text;
}

void policy_words(struct arena *arena, const struct policy *policy, struct slices *out)
{
	*LIST_ADD(arena, out) =
		arena_printf(arena, "Sent without you: " SLICE_FMT ". Nothing else.",
			     SLICE_ARG(categories_words(arena, policy)));
	*LIST_ADD(arena, out) = arena_printf(
		arena,
		"Only where the source is sure (%s%s) and the contact is at least %lld %% "
		"sure.",
		certainty_name(policy->certainty),
		policy->certainty == CERTAINTY_CONNECTION
			? ": it completed a connection"
			: " or better: such addresses can be forged",
		(long long)policy->confidence);
	*LIST_ADD(arena, out) = arena_printf(
		arena,
		"At most %lld such mail%s a day in all, and %lld a contact; the caps of "
		"[send] hold as well.",
		(long long)policy->cap_day, policy->cap_day == 1 ? "" : "s",
		(long long)policy->cap_contact_day);
	*LIST_ADD(arena, out) =
		policy->follow_ups
			? S("Follow-ups to who was told before go too.")
			: S("Follow-ups to who was told before wait for you.");
	*LIST_ADD(arena, out) =
		policy->next_contact
			? S("Where a contact refuses mail, the next one is written to.")
			: S("Where a contact refuses mail, the draft to the next one "
			    "waits for you.");
	*LIST_ADD(arena, out) = S(
		"Never: a compromise, failures behind a login that worked, a memo in "
		"which lint finds anything, one that you edited, a correction, anybody on "
		"the stop list.");
	*LIST_ADD(arena, out) = S("Such mail says that it is automatic, in its header "
				  "and in its words.");
}
