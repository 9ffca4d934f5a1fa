#include "report/public_source.h"

#include "base/buffer.h"

enum { LOGS_MAX_BYTES = 2048, BODY_MAX_BYTES = 64 * 1024, ADDRESSES_MAX = 20 };

/* Services as blocklist.de calls them (www.blocklist.de/en/export.html, read at second
 * hand; 2026-11-30). What is not here is not told: a wrong name would list for something
 * else.                                                                                  */
static const struct {
	const char *service, *name;
} SERVICES[] = {
	{ "ssh", "ssh" },         { "ftp", "ftp" },      { "imap", "imap" },
	{ "pop3", "pop3" },       { "mail", "mail" },    { "smtp", "mail" },
	{ "submission", "mail" }, { "sip", "sip" },      { "web", "apache" },
	{ "http", "apache" },     { "https", "apache" },
};

static struct slice service_of(const struct public_source *source)
{
	const struct tally_item *top =
		facts_top(&source->facts.lead->lists[LIST_SERVICES]);

	for (size_t i = 0; top && i < COUNT_OF(SERVICES); i++)
		if (slice_equal(top->text, slice_of(SERVICES[i].service)))
			return slice_of(SERVICES[i].name);
	return S("");
}

static bool is_attack(const struct public_source *source)
{
	enum category category = source->facts.lead->category;

	return category == CATEGORY_LOGIN_ATTACK ||
	       category == CATEGORY_EXPLOIT_ATTEMPT || category == CATEGORY_DOS ||
	       category == CATEGORY_MAIL_ABUSE || category == CATEGORY_COMPROMISE;
}

static struct slice memo_of(struct arena *arena, struct slice address,
			    struct slice service, struct slice logs)
{
	struct buffer out;
	struct slice line, memo;

	buffer_init(&out, BODY_MAX_BYTES);
	buffer_printf(
		&out,
		"blocklist.de would list this address for everybody, and write to its "
		"network itself:\n\n" SLICE_FMT ", service " SLICE_FMT "\n",
		SLICE_ARG(address), SLICE_ARG(service));
	while (logs.len && slice_next(&logs, '\n', &line))
		buffer_printf(&out, "    " SLICE_FMT "\n", SLICE_ARG(line));
	memo = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return memo;
}

/* The account's key is put behind it when it leaves. */
static struct slice body_of(struct arena *arena, const struct report_request *request,
			    struct slice address, struct slice service,
			    struct slice logs)
{
	struct buffer out;
	struct slice body;

	buffer_init(&out, BODY_MAX_BYTES);
	form_field(&out, "server", request->settings->blocklist_de_server);
	form_field(&out, "service", service);
	form_field(&out, "ip", address);
	form_field(&out, "logs", logs);
	form_field(&out, "format", S("json"));
	body = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return body;
}

struct slice blocklist_de_add(struct public_telling *telling, struct arena *work,
			      const struct public_source *source)
{
	struct arena *arena = telling->arena;
	struct slice service = service_of(source), address, logs;
	struct publication *one;

	if (!service.len || !is_attack(source))
		return S("blocklist.de has no service for that");
	if (telling->told == ADDRESSES_MAX)
		return S("20 of a case are enough");
	telling->told++;
	address = arena_copy(arena, source->address);
	logs = public_comment(work, &telling->request, source, LOGS_MAX_BYTES);
	one = LIST_ADD(arena, &telling->out);
	*one = (struct publication){
		.database = DATABASE_BLOCKLIST_DE,
		.part = arena_printf(arena, "blocklist.de:" SLICE_FMT,
				     SLICE_ARG(address)),
		.subject = arena_printf(arena, "blocklist.de: " SLICE_FMT,
					SLICE_ARG(address)),
		.memo = memo_of(arena, address, service, logs),
		.media = S("application/x-www-form-urlencoded"),
		.body = body_of(arena, &telling->request, address, service, logs),
	};
	*LIST_ADD(arena, &one->sources) = address;
	return S("");
}

/* Each address is a submission. */
void blocklist_de_end(struct public_telling *telling)
{
	(void)telling;
}
