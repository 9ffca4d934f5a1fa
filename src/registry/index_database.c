/* RIPE-style dumps: inetnum, inet6num, role, irt and organisation, whole or split. */
#include "registry/index_builder.h"

#include "input/input.h"
#include "mail/address.h"

enum { OBJECT_MAX_BYTES = 1 << 20, MAILS_PER_OBJECT_MAX = 16 };

static const uint8_t sure_box = 85, sure_mail = 60, sure_remark = 60, sure_plain = 30;

struct reader {
	struct index_builder *builder;
	const struct index_file *file;
	uint16_t source;
	struct buffer text; /* of the object being read */
};

static uint32_t keep(struct index_builder *builder, struct slice text)
{
	ptrdiff_t end = slice_find_byte(text, '\n');

	return pool_add(&builder->strings,
			end < 0 ? text : slice_cut(text, 0, (size_t)end));
}

/* Handles are the registry's own, case folded. */
static uint32_t key_of(struct reader *reader, struct slice handle)
{
	char text[128];
	size_t len = 0;

	handle = rpsl_plain(handle);
	if (handle.len == 0 || handle.len > 100)
		return 0;
	for (const char *at = reader->file->registry->name; *at; at++)
		text[len++] = *at;
	text[len++] = '/';
	for (size_t i = 0; i < handle.len; i++)
		text[len++] = ascii_upper(handle.at[i]);
	return pool_add(&reader->builder->handles, (struct slice){ text, len });
}

/* ---- mailboxes --------------------------------------------------------------------- */

static void add_mail(struct reader *reader, struct slice raw, struct index_mail mail,
		     uint32_t *count)
{
	struct index_builder *builder = reader->builder;
	struct slice clean;
	struct error err;

	if (*count == MAILS_PER_OBJECT_MAX ||
	    mail_address_clean(builder->scratch, raw, true, &clean, &err) < 0)
		return;
	mail.address = pool_add(&builder->strings, clean);
	*LIST_ADD(builder->arena, &builder->mails) = mail;
	(*count)++;
}

static void add_mails(struct reader *reader, const struct rpsl_object *object,
		      const char *attribute, struct index_mail mail, uint32_t *count)
{
	for (size_t i = 0; i < object->count; i++)
		if (slice_equal_nocase(object->at[i].name, slice_of(attribute)))
			add_mail(reader, rpsl_plain(object->at[i].value), mail, count);
}

/* The words of a line that are addresses. */
static void add_words(struct reader *reader, struct slice line, uint32_t *count)
{
	struct index_mail mail = { .percent = sure_remark, .abuse = true };
	struct slice word;

	while (slice_next(&line, ' ', &word)) {
		while (word.len && slice_find_byte(S("<(:;,.["), word.at[0]) >= 0)
			word = slice_from(word, 1);
		while (word.len && slice_ends(word, S(".")))
			word.len--;
		if (slice_find_byte(word, '@') > 0)
			add_mail(reader, word, mail, count);
	}
}

static void add_remarks(struct reader *reader, const struct rpsl_object *object,
			uint32_t *count)
{
	for (size_t i = 0; i < object->count; i++) {
		struct slice rest = object->at[i].value;
		struct slice line;

		if (!slice_equal_nocase(object->at[i].name, S("remarks")) &&
		    !slice_equal_nocase(object->at[i].name, S("descr")))
			continue;
		while (slice_next(&rest, '\n', &line))
			if (slice_find_nocase(line, S("abuse")) >= 0 ||
			    slice_find_nocase(line, S("spam")) >= 0)
				add_words(reader, line, count);
	}
}

/* "remarks: x@y is invalid" on what APNIC generates. */
static bool says_invalid(const struct rpsl_object *object)
{
	for (size_t i = 0; i < object->count; i++)
		if (slice_equal_nocase(object->at[i].name, S("remarks")) &&
		    slice_find_nocase(object->at[i].value, S("invalid")) >= 0 &&
		    slice_find_byte(object->at[i].value, '@') >= 0)
			return true;
	return false;
}

/* ---- objects ----------------------------------------------------------------------- */

static void read_holder(struct reader *reader, const struct rpsl_object *object)
{
	struct index_builder *builder = reader->builder;
	struct slice handle = rpsl_get(object, "nic-hdl");
	bool suspect = says_invalid(object);
	struct index_mail box = { .percent = suspect ? sure_box / 2 : sure_box,
				  .abuse = true,
				  .suspect = suspect };
	struct index_mail plain = { .percent = sure_plain };
	struct index_holder holder = { .mails = (uint32_t)builder->mails.count };

	if (handle.len == 0)
		handle = rpsl_key(object);
	add_mails(reader, object, "abuse-mailbox", box, &holder.mail_count);
	if (holder.mail_count == 0 && rpsl_is(object, "irt")) {
		box.percent = sure_mail;
		add_mails(reader, object, "e-mail", box, &holder.mail_count);
	}
	add_mails(reader, object, "e-mail", plain, &holder.mail_count);
	holder.key = key_of(reader, handle);
	holder.object = keep(builder, rpsl_plain(handle));
	holder.abuse_c = key_of(reader, rpsl_get(object, "abuse-c"));
	holder.name = keep(builder, rpsl_get(object, "org-name"));
	if (holder.key)
		*LIST_ADD(builder->arena, &builder->holders) = holder;
}

/* RIPE's rule does not climb above what its own maintainers hold (contacts.md 2.1). */
static bool stops(const struct rpsl_object *object)
{
	static const char *const maintainers[] = { "RIPE-NCC-HM-MNT",
						   "RIPE-NCC-END-MNT",
						   "RIPE-NCC-LEGACY-MNT" };

	for (size_t i = 0; i < COUNT_OF(maintainers); i++)
		if (rpsl_has(object, "mnt-by", slice_of(maintainers[i])) ||
		    rpsl_has(object, "mnt-lower", slice_of(maintainers[i])))
			return true;
	return false;
}

/* As in the whois reader: believed on the registry's own objects only. */
static bool is_placeholder(const struct rpsl_object *object, const struct range *range)
{
	bool own = false;

	for (size_t i = 0; i < object->count; i++)
		own |= slice_equal_nocase(object->at[i].name, S("mnt-by")) &&
		       is_registry_maintainer(rpsl_plain(object->at[i].value));
	return range_is_everything(range) ||
	       (own && (is_placeholder_name(rpsl_get(object, "netname")) ||
			rpsl_has(object, "mnt-by", S("APNIC-STUB")) ||
			rpsl_has(object, "status", S("ALLOCATED UNSPECIFIED"))));
}

static void set_country(char out[2], struct slice country)
{
	country = rpsl_plain(country);
	if (country.len < 2 || !ascii_is_alpha(country.at[0]) ||
	    !ascii_is_alpha(country.at[1]))
		return;
	out[0] = ascii_upper(country.at[0]);
	out[1] = ascii_upper(country.at[1]);
}

static void read_block(struct reader *reader, const struct rpsl_object *object)
{
	struct index_builder *builder = reader->builder;
	struct slice owner = rpsl_get(object, "owner");
	struct index_draft draft = { .source = reader->source,
				     .order = (uint32_t)builder->objects.count,
				     .mails = (uint32_t)builder->mails.count };

	if (range_parse(rpsl_key(object), &draft.range) < 0 ||
	    is_placeholder(object, &draft.range)) {
		builder->counts->skipped++;
		return;
	}
	add_remarks(reader, object, &draft.mail_count);
	draft.name = keep(builder, owner.len ? rpsl_get(object, "ownerid")
					     : rpsl_get(object, "netname"));
	draft.organisation =
		keep(builder, owner.len ? owner : rpsl_get(object, "descr"));
	draft.org = key_of(reader, rpsl_get(object, "org"));
	draft.abuse_c = key_of(reader, rpsl_get(object, "abuse-c"));
	draft.irt = key_of(reader, rpsl_get(object, "mnt-irt"));
	draft.admin_c = key_of(reader, rpsl_get(object, "admin-c"));
	draft.tech_c = key_of(reader, rpsl_get(object, "tech-c"));
	draft.flags = stops(object) ? INDEX_STOPS : 0;
	set_country(draft.country, rpsl_get(object, "country"));
	*LIST_ADD(builder->arena, &builder->objects) = draft;
}

/* A wrong origin harms nobody: it is shown, and mail goes by the registered range. */
static void read_route(struct reader *reader, const struct rpsl_object *object)
{
	struct index_builder *builder = reader->builder;
	struct slice number = rpsl_plain(rpsl_get(object, "origin"));
	struct index_draft draft = { .source = reader->source,
				     .order = (uint32_t)builder->routes.count };
	uint64_t origin = 0;

	if (slice_starts_nocase(number, S("AS")))
		number = slice_from(number, 2);
	if (range_parse(rpsl_key(object), &draft.range) < 0 ||
	    slice_to_u64(number, UINT32_MAX, &origin) < 0 || origin == 0) {
		builder->counts->skipped++;
		return;
	}
	draft.origin = (uint32_t)origin;
	*LIST_ADD(builder->arena, &builder->routes) = draft;
}

static void read_object(struct reader *reader, const struct rpsl_object *object)
{
	static const struct {
		const char *class;
		void (*read)(struct reader *, const struct rpsl_object *);
	} rows[] = {
		{ "inetnum", read_block },       { "inet6num", read_block },
		{ "role", read_holder },         { "irt", read_holder },
		{ "organisation", read_holder }, { "person", read_holder },
		{ "route", read_route },         { "route6", read_route },
	};

	reader->builder->counts->objects++;
	reader->builder->sources.at[reader->source].objects++;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rpsl_is(object, rows[i].class))
			rows[i].read(reader, object);
}

static void end_object(struct reader *reader)
{
	struct cursor cursor = cursor_of(buffer_slice(&reader->text));
	struct rpsl_object object;

	if (reader->text.failed)
		reader->builder->counts->skipped++;
	else if (rpsl_next(reader->builder->scratch, &cursor, NULL, &object))
		read_object(reader, &object);
	buffer_reset(&reader->text);
	arena_reset(reader->builder->scratch);
}

static void read_line(struct reader *reader, struct slice line)
{
	if (slice_trim(line).len == 0) {
		end_object(reader);
		return;
	}
	buffer_add(&reader->text, line);
	buffer_add_byte(&reader->text, '\n');
}

int index_read_database(struct index_builder *builder, const struct index_file *file,
			struct error *err)
{
	struct reader reader = { .builder = builder, .file = file };
	struct input_file opened = { .path = file->path.at };
	struct input *input = input_open(&opened, NULL, err);
	struct input_chunk chunk;
	int more;

	if (!input)
		return -1;
	buffer_init(&reader.text, OBJECT_MAX_BYTES);
	reader.source = index_add_source(builder, file, file->modified_at);
	while ((more = input_next(input, &chunk, err)) > 0) {
		struct line line;

		while (input_chunk_line(&chunk, &line))
			read_line(&reader, line.text);
	}
	/* Of a damaged file the last object may lack its end. */
	if (more == 0)
		end_object(&reader);
	builder->counts->skipped += input_counts(input).long_lines;
	buffer_clear(&reader.text);
	input_free(input);
	return more;
}
