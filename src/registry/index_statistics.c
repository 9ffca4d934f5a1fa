/* delegated-<registry>-extended: "registry|cc|type|start|count|date|status|holder". */
#include "input/input.h"
#include "registry/index_builder.h"

enum { FIELDS_MAX = 12 };

struct fields {
	struct slice at[FIELDS_MAX];
	size_t count;
};

struct reader {
	struct index_builder *builder;
	uint16_t source;
	bool versioned;
	uint64_t promised, rows;
};

static void split(struct slice line, struct fields *out)
{
	struct slice part;

	out->count = 0;
	while (out->count < FIELDS_MAX && slice_next(&line, '|', &part))
		out->at[out->count++] = slice_trim(part);
}

/* "2.3|apnic|20130417|46596||20130416|+1000": the data's date is the sixth. */
static void read_version(struct reader *reader, const struct fields *fields)
{
	struct slice date = fields->at[5];
	uint64_t number;
	struct civil civil;
	int64_t at;

	reader->versioned = true;
	if (date.len != 8 || slice_to_u64(date, 99991231, &number) < 0)
		return;
	civil = (struct civil){ .year = (int)(number / 10000),
				.month = (int)(number / 100 % 100),
				.day = (int)(number % 100) };
	if (civil_to_instant(&civil, &at) == 0)
		reader->builder->sources.at[reader->source].dated_at = at;
}

/* IPv4 rows count addresses, and not always a power of two of them; IPv6 rows give the
 * length of the prefix.                                                                */
static int range_of_row(const struct fields *fields, struct range *out)
{
	bool ipv4 = slice_equal(fields->at[2], S("ipv4"));
	struct address first;
	uint64_t count, last;

	if (address_parse(fields->at[3], &first) < 0 ||
	    slice_to_u64(fields->at[4], UINT32_MAX, &count) < 0)
		return -1;
	if (!ipv4 && (first.family != FAMILY_IPV6 || count == 0 || count > 128))
		return -1;
	if (!ipv4) {
		*out = range_of_prefix(&first, (unsigned)count);
		return 0;
	}
	last = (uint64_t)first.bytes[0] << 24 | (uint64_t)first.bytes[1] << 16 |
	       (uint64_t)first.bytes[2] << 8 | first.bytes[3];
	last += count - 1;
	if (first.family != FAMILY_IPV4 || count == 0 || last > UINT32_MAX)
		return -1;
	*out = (struct range){ first, first };
	for (size_t i = 0; i < 4; i++)
		out->last.bytes[i] = (uint8_t)(last >> (24 - 8 * i));
	return 0;
}

/* "AS number | how many" */
static int read_numbers(struct index_builder *builder, const struct fields *fields,
			const struct index_draft *draft)
{
	uint64_t first, count;

	if (slice_to_u64(fields->at[3], UINT32_MAX, &first) < 0 ||
	    slice_to_u64(fields->at[4], UINT32_MAX, &count) < 0 || count == 0 ||
	    count - 1 > UINT32_MAX - first)
		return -1;
	index_add_numbers(builder, (uint32_t)first, (uint32_t)(first + count - 1),
			  draft);
	return 0;
}

static int read_block(struct index_builder *builder, const struct fields *fields,
		      const struct index_draft *draft)
{
	struct range range;

	if (range_of_row(fields, &range) < 0)
		return -1;
	index_add_draft(builder, INDEX_STATISTICS4, &range, draft);
	return 0;
}

static void read_row(struct reader *reader, const struct fields *fields)
{
	struct index_builder *builder = reader->builder;
	struct slice status = fields->at[6];
	struct slice holder = fields->count > 7 ? fields->at[7] : slice_of(NULL);
	struct index_draft draft = { .source = reader->source };
	bool number = slice_equal(fields->at[2], S("asn"));

	reader->rows++;
	if (!slice_equal(status, S("allocated")) && !slice_equal(status, S("assigned")))
		return;
	/* of a number's holder nothing is asked, and a name it is not */
	draft.name = number ? 0 : pool_add(&builder->strings, holder);
	if (fields->at[1].len == 2) {
		draft.country[0] = ascii_upper(fields->at[1].at[0]);
		draft.country[1] = ascii_upper(fields->at[1].at[1]);
	}
	if ((number ? read_numbers(builder, fields, &draft)
		    : read_block(builder, fields, &draft)) < 0) {
		builder->counts->skipped++;
		return;
	}
	builder->counts->objects++;
	builder->sources.at[reader->source].objects++;
}

static void read_line(struct reader *reader, struct slice line)
{
	struct fields fields;
	bool known;
	uint64_t count;

	if (line.len == 0 || line.at[0] == '#')
		return;
	split(line, &fields);
	if (!reader->versioned && fields.count >= 6 &&
	    ascii_is_digit(fields.at[0].len ? fields.at[0].at[0] : '-')) {
		read_version(reader, &fields);
		return;
	}
	known = fields.count >= 6 && (slice_equal(fields.at[2], S("ipv4")) ||
				      slice_equal(fields.at[2], S("ipv6")) ||
				      slice_equal(fields.at[2], S("asn")));
	if (!known)
		return;
	if (slice_equal(fields.at[5], S("summary"))) {
		if (slice_to_u64(fields.at[4], UINT32_MAX, &count) == 0)
			reader->promised += count;
	} else if (fields.count >= 7) {
		read_row(reader, &fields);
	}
}

/* A cut or mixed-up file is worse than an old one. */
static int check(const struct reader *reader, struct error *err)
{
	if (!reader->versioned)
		return error_set(err, ERROR_SYNTAX,
				 "no version line: not a statistics "
				 "file or cut off at its beginning");
	if (reader->promised != reader->rows)
		return error_set(err, ERROR_SYNTAX,
				 "its summary says %llu rows and there are %llu: "
				 "fetch it again",
				 (unsigned long long)reader->promised,
				 (unsigned long long)reader->rows);
	return 0;
}

int index_read_statistics(struct index_builder *builder, const struct index_file *file,
			  struct error *err)
{
	struct reader reader = { .builder = builder };
	struct input_file opened = { .path = file->path.at };
	struct input *input = input_open(&opened, NULL, err);
	struct index_mark before = index_mark(builder);
	struct input_chunk chunk;
	int more;

	if (!input)
		return -1;
	reader.source = index_add_source(builder, file, file->modified_at);
	builder->sources.at[reader.source].statistics = 1;
	while ((more = input_next(input, &chunk, err)) > 0) {
		struct line line;

		while (input_chunk_line(&chunk, &line))
			read_line(&reader, line.text);
	}
	input_free(input);
	if (more == 0 && check(&reader, err) == 0)
		return 0;
	index_return_to(builder, &before);
	return -1;
}
