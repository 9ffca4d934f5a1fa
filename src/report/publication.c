#include "report/publication.h"

#include "base/buffer.h"
#include "report/public_source.h"

static const struct format {
	struct database_facts facts;
	publication_write *write;
} FORMATS[DATABASE_COUNT] = {
	[DATABASE_ABUSEIPDB] = { { "abuseipdb", "AbuseIPDB", "abuseipdb.com",
				   "at https://www.abuseipdb.com/account/reports",
				   false },
				 abuseipdb_write },
	[DATABASE_BLOCKLIST_DE] = { { "blocklist.de", "blocklist.de", "blocklist.de",
				      "by its desk: https://www.blocklist.de/en/contact.html",
				      false },
				    blocklist_de_write },
	[DATABASE_DSHIELD] = { { "dshield", "DShield", "reports@dshield.org",
				 "by its desk: https://isc.sans.edu/contact.html",
				 true },
			       dshield_write },
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

void public_left_out(struct arena *arena, struct report_parts *left_out,
		     enum database database, struct slice source, struct slice why)
{
	*LIST_ADD(arena, left_out) = (struct report_part){
		.source = source,
		.kind = slice_of(FORMATS[database].facts.name),
		.reason = why,
	};
}

void publications_render(struct arena *arena, enum database database,
			 const struct report_request *request, struct publications *out,
			 struct report_parts *left_out)
{
	struct report_request given = *request;
	struct public_sources sources = { 0 };

	given.reader = READER_PUBLIC;
	for (size_t i = 0; i < request->count; i++) {
		struct public_source *source = LIST_ADD(arena, &sources);
		struct slice why;

		if (public_source_read(arena, &given, &request->sources[i], source,
				       &why))
			continue;
		sources.count--;
		public_left_out(
			arena, left_out, database,
			incident_source(request->sources[i].incidents[0], arena), why);
	}
	if (sources.count)
		FORMATS[database].write(arena, &given, &sources, out, left_out);
}
