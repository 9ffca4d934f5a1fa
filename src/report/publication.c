#include "report/publication.h"

#include "base/buffer.h"
#include "report/public_source.h"

static const struct format {
	struct database_facts facts;
	public_add *add;
	public_end *end;
} FORMATS[DATABASE_COUNT] = {
	[DATABASE_ABUSEIPDB] = { { "abuseipdb", "AbuseIPDB", "abuseipdb.com",
				   "at https://www.abuseipdb.com/account/reports",
				   false },
				 abuseipdb_add,
				 abuseipdb_end },
	[DATABASE_BLOCKLIST_DE] = { { "blocklist.de", "blocklist.de", "blocklist.de",
				      "by its desk: https://www.blocklist.de/en/contact.html",
				      false },
				    blocklist_de_add,
				    blocklist_de_end },
	[DATABASE_DSHIELD] = { { "dshield", "DShield", "reports@dshield.org",
				 "by its desk: https://isc.sans.edu/contact.html",
				 true },
			       dshield_add,
			       dshield_end },
};

const struct database_facts *database_facts(enum database database)
{
	return &FORMATS[database].facts;
}

int database_parse(struct slice name, enum database *out)
{
	for (size_t i = 0; i < DATABASE_COUNT; i++)
		if (slice_equal(name, slice_of(FORMATS[i].facts.name))) {
			*out = (enum database)i;
			return 0;
		}
	return -1;
}

int database_of_part(struct slice part, enum database *out)
{
	ptrdiff_t colon = slice_find_byte(part, ':');

	return database_parse(slice_cut(part, 0, colon < 0 ? part.len : (size_t)colon),
			      out);
}

struct slice left_out_words(struct arena *arena, const struct left_out *one)
{
	if (one->count < 2)
		return arena_printf(arena, SLICE_FMT ": " SLICE_FMT,
				    SLICE_ARG(one->source), SLICE_ARG(one->why));
	return arena_printf(arena, SLICE_FMT " and %zu more: " SLICE_FMT,
			    SLICE_ARG(one->source), one->count - 1,
			    SLICE_ARG(one->why));
}

struct publishing {
	const struct format *format;
	struct public_telling telling;
	struct left_outs left_out;
};

struct publishing *publishing_new(struct arena *arena, enum database database,
				  const struct report_request *request)
{
	struct publishing *publishing = ARENA_NEW(arena, struct publishing);
	struct public_telling *telling = &publishing->telling;

	publishing->format = &FORMATS[database];
	*telling = (struct public_telling){ .arena = arena, .request = *request };
	telling->request.reader = READER_PUBLIC;
	buffer_init(&telling->rows, PUBLIC_BODY_MAX_BYTES);
	buffer_init(&telling->memo, PUBLIC_BODY_MAX_BYTES);
	buffer_init(&telling->form, PUBLIC_BODY_MAX_BYTES);
	return publishing;
}

static void leave_out(struct publishing *publishing, struct slice source,
		      struct slice why)
{
	struct arena *arena = publishing->telling.arena;
	struct left_outs *all = &publishing->left_out;

	for (size_t i = 0; i < all->count; i++)
		if (slice_equal(all->at[i].why, why)) {
			all->at[i].count++;
			return;
		}
	*LIST_ADD(arena, all) = (struct left_out){ .why = why,
						   .source = arena_copy(arena, source),
						   .count = 1 };
}

void publishing_add(struct publishing *publishing, struct arena *work,
		    const struct report_source *source)
{
	struct public_telling *telling = &publishing->telling;
	struct public_source told;
	struct slice why;

	if (public_source_read(work, &telling->request, source, &told, &why))
		why = publishing->format->add(telling, work, &told);
	if (why.len)
		leave_out(publishing, incident_source(source->incidents[0], work), why);
}

void publishing_end(struct publishing *publishing, struct publications *out,
		    struct left_outs *left_out)
{
	struct public_telling *telling = &publishing->telling;

	if (telling->told)
		publishing->format->end(telling);
	for (size_t i = 0; i < telling->out.count; i++)
		*LIST_ADD(telling->arena, out) = telling->out.at[i];
	for (size_t i = 0; i < publishing->left_out.count; i++)
		*LIST_ADD(telling->arena, left_out) = publishing->left_out.at[i];
	buffer_clear(&telling->rows);
	buffer_clear(&telling->memo);
	buffer_clear(&telling->form);
}
