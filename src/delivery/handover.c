#include "delivery/handover.h"

#include "contact/choice.h"
#include "delivery/methods.h"
#include "mail/address.h"
#include "net/smtp.h"
#include "report/report.h"

enum { WORDS_MAX = 500 };

static const struct delivery_method *method_of(const struct settings *settings)
{
	return slice_equal(settings->send_method, S("smtp")) ? &delivery_smtp
							     : &delivery_sendmail;
}

int handover_check(struct arena *arena, const struct settings *settings,
		   struct error *err)
{
	return method_of(settings)->check(arena, settings, err);
}

int handover_run(struct arena *arena, const struct handover *handover,
		 struct handover_end *out, struct error *err)
{
	return method_of(handover->settings)->run(arena, handover, out, err);
}

static int refuse(struct slice address, const char *why, struct error *err)
{
	return error_set(err, ERROR_REFUSED, "'" SLICE_FMT "' is not mailed: %s",
			 SLICE_ARG(address), why);
}

int handover_clean(struct arena *arena, const struct settings *settings,
		   const struct slices *recipients, struct slice sender,
		   struct error *err)
{
	struct slice clean;

	if (!smtp_address_plain(sender))
		return error_set(err, ERROR_CONFIG,
				 "'" SLICE_FMT "' cannot be an envelope sender: set "
				 "[reporter] mail, or [send] envelope or plus, to a "
				 "plain mail address",
				 SLICE_ARG(sender));
	if (!recipients->count)
		return error_set(err, ERROR_REFUSED, "nobody to tell: no recipient");
	for (size_t i = 0; i < recipients->count; i++) {
		struct slice address = recipients->at[i];
		const char *reason;

		if (!smtp_address_plain(address))
			return refuse(address, "it is no plain mail address", err);
		if (mail_address_clean(arena, address, settings->documentation_public,
				       &clean, err) != 0)
			return refuse(address, err->text, err);
		if (!slice_equal_nocase(clean, address))
			return refuse(address, "it can be read in two ways", err);
		reason = contact_rejection(clean, NULL, settings->documentation_public);
		if (reason)
			return refuse(address, reason, err);
	}
	return 0;
}

struct slice handover_sender(struct arena *arena, const struct settings *settings,
			     struct slice token)
{
	struct slice plus = report_plus_address(arena, settings, token);

	if (plus.len)
		return plus;
	return settings->envelope.len ? settings->envelope : settings->mail;
}

struct slice one_line(struct arena *arena, struct slice text)
{
	struct slice trimmed = slice_cut(slice_trim(text), 0, WORDS_MAX);
	char *copy = arena_cstr(arena, trimmed);

	for (size_t i = 0; i < trimmed.len; i++)
		if (ascii_is_space(copy[i]))
			copy[i] = ' ';
	return (struct slice){ copy, trimmed.len };
}
