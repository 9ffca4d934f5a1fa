/* RIPE-style dumps: inetnum, inet6num, role, irt and organisation, whole or split. */
#include "registry/index_builder.h"

#include "input/input.h"
#include "mail/address.h"

enum { OBJECT_MAX_BYTES = 1 << 20, MAILS_PER_OBJECT_MAX = 16 };

static const uint8_t sure_box = 85, sure_mail = 60, sure_remark = 60, sure_plain = 30;

struct reader {
	struct index_builder *builder;
	const struct index_file *file;
	bool ripe;
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
	*ROWS_ADD(&builder->mails) = mail;
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

/* "remarks: x@y is invalid" on what APNIC generates, and RIPE's words on a mailbox that
 * did not pass its yearly validation.                                                  */
static bool says_invalid(const struct rpsl_object *object)
{
	for (size_t i = 0; i < object->count; i++) {
		struct slice value = object->at[i].value;

		if (!slice_equal_nocase(object->at[i].name, S("remarks")))
			continue;
		if (slice_find_nocase(value, S("abuse-mailbox validation failed")) >= 0)
			return true;
		if (slice_find_nocase(value, S("invalid")) >= 0 &&
		    slice_find_byte(value, '@') >= 0)
			return true;
	}
	return false;
}

/* ---- objects ----------------------------------------------------------------------- */

static bool is_afrinic(const struct reader *reader)
{
	return slice_equal(slice_of(reader->file->registry->name), S("afrinic"));
}

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
	uint32_t count = 0;

	if (handle.len == 0)
		handle = rpsl_key(object);
	add_mails(reader, object, "abuse-mailbox", box, &count);
	if (count == 0 && rpsl_is(object, "irt")) {
		box.percent = sure_mail;
		add_mails(reader, object, "e-mail", box, &count);
	}
	add_mails(reader, object, "e-mail", plain, &count);
	holder.mail_count = (uint16_t)count;
	holder.key = key_of(reader, handle);
	holder.object = keep(builder, rpsl_plain(handle));
	holder.abuse_c = key_of(reader, rpsl_get(object, "abuse-c"));
	holder.name = keep(builder, rpsl_get(object, "org-name"));
	holder.lir = rpsl_has(object, "org-type", S("LIR"));
	if (holder.key)
		*ROWS_ADD(&builder->holders) = holder;
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

/* AFRINIC's members may have nothing but their maintainer's mailbox. */
static uint32_t maintainer_of(struct reader *reader, const struct rpsl_object *object)
{
	if (!is_afrinic(reader))
		return 0;
	for (size_t i = 0; i < object->count; i++)
		if (slice_equal_nocase(object->at[i].name, S("mnt-by")) &&
		    !is_registry_maintainer(rpsl_plain(object->at[i].value)))
			return key_of(reader, object->at[i].value);
	return 0;
}

/* What the object refers to. Of RIPE's objects only what its rule asks for. */
static uint32_t references(struct reader *reader, const struct rpsl_object *object)
{
	struct index_builder *builder = reader->builder;
	struct index_reference found = { .ripe = reader->ripe };

	found.org = key_of(reader, rpsl_get(object, "org"));
	found.abuse_c = key_of(reader, rpsl_get(object, "abuse-c"));
	if (reader->ripe) {
		found.sponsor = key_of(reader, rpsl_get(object, "sponsoring-org"));
	} else {
		found.mails = (uint32_t)builder->mails.count;
		add_remarks(reader, object, &found.mail_count);
		if (found.mail_count == 0)
			found.mails = 0;
		found.irt = key_of(reader, rpsl_get(object, "mnt-irt"));
		found.admin_c = key_of(reader, rpsl_get(object, "admin-c"));
		found.tech_c = key_of(reader, rpsl_get(object, "tech-c"));
		found.maintainer = maintainer_of(reader, object);
	}
	return pool_add(&builder->references,
			(struct slice){ (const char *)&found, sizeof found });
}

static void read_block(struct reader *reader, const struct rpsl_object *object)
{
	struct index_builder *builder = reader->builder;
	struct slice owner = rpsl_get(object, "owner");
	struct index_draft draft = { .source = reader->source };
	struct range range;

	if (range_parse(rpsl_key(object), &range) < 0 ||
	    is_placeholder(object, &range)) {
		builder->counts->skipped++;
		return;
	}
	draft.name = keep(builder, owner.len ? rpsl_get(object, "ownerid")
					     : rpsl_get(object, "netname"));
	draft.organisation =
		keep(builder, owner.len ? owner : rpsl_get(object, "descr"));
	draft.value = references(reader, object);
	draft.flags = rpsl_ripe_stops(object) ? INDEX_STOPS : 0;
	set_country(draft.country, rpsl_get(object, "country"));
	index_add_draft(builder, INDEX_OBJECTS4, &range, &draft);
}

static int number_of(struct slice text, uint32_t *out)
{
	uint64_t number;

	text = rpsl_plain(text);
	if (slice_starts_nocase(text, S("AS")))
		text = slice_from(text, 2);
	if (slice_to_u64(text, UINT32_MAX, &number) < 0 || number == 0)
		return -1;
	*out = (uint32_t)number;
	return 0;
}

/* Nothing stands above an AS number: RIPE's rule ends with its organisation. */
static void read_number(struct reader *reader, const struct rpsl_object *object)
{
	struct index_builder *builder = reader->builder;
	struct index_draft draft = { .source = reader->source, .flags = INDEX_STOPS };
	uint32_t number;

	if (number_of(rpsl_key(object), &number) < 0) {
		builder->counts->skipped++;
		return;
	}
	draft.name = keep(builder, rpsl_get(object, "as-name"));
	draft.organisation = keep(builder, rpsl_get(object, "descr"));
	draft.value = references(reader, object);
	set_country(draft.country, rpsl_get(object, "country"));
	index_add_numbers(builder, number, number, &draft);
}

/* A wrong origin harms nobody: it is shown, and mail goes by the registered range. */
static void read_route(struct reader *reader, const struct rpsl_object *object)
{
	struct index_draft draft = { .source = reader->source };
	struct range range;

	if (range_parse(rpsl_key(object), &range) < 0 ||
	    number_of(rpsl_get(object, "origin"), &draft.value) < 0) {
		reader->builder->counts->skipped++;
		return;
	}
	index_add_draft(reader->builder, INDEX_ROUTES4, &range, &draft);
}

/* RIPE's persons say nothing, whatever they hold. */
static void read_person(struct reader *reader, const struct rpsl_object *object)
{
	if (!reader->ripe)
		read_holder(reader, object);
}

static void read_maintainer(struct reader *reader, const struct rpsl_object *object)
{
	if (is_afrinic(reader))
		read_holder(reader, object);
}

static void read_object(struct reader *reader, const struct rpsl_object *object)
{
	static const struct {
		const char *class;
		void (*read)(struct reader *, const struct rpsl_object *);
	} rows[] = {
		{ "inetnum", read_block },       { "inet6num", read_block },
		{ "role", read_holder },         { "irt", read_holder },
		{ "organisation", read_holder }, { "person", read_person },
		{ "route", read_route },         { "route6", read_route },
		{ "aut-num", read_number },      { "mntner", read_maintainer },
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
	struct reader reader = { .builder = builder,
				 .file = file,
				 .ripe = slice_equal(slice_of(file->registry->name),
						     S("ripe")) };
	struct input_file opened = { .path = file->path.at };
	struct input *input = input_open(&opened, NULL, err);
	struct index_mark before = index_mark(builder);
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
	if (more == 0) {
		end_object(&reader);
		builder->counts->skipped += input_counts(input).long_lines;
	} else {
		index_return_to(builder, &before);
	}
	buffer_clear(&reader.text);
	input_free(input);
	return more;
}
