#include "report/public_source.h"

#include "base/buffer.h"
#include "report/text.h"

/* docs.abuseipdb.com and www.abuseipdb.com/bulk-report: comments are cut at 1024 bytes, a
 * bulk report has at most 10,000 lines with its heading, and 2 MB.                       */
enum {
	COMMENT_MAX_BYTES = 1024,
	ROWS_MAX = 9999,
	CSV_MAX_BYTES = 2000 * 1000,
	SHOWN_MAX = 20,
	CATEGORIES_MAX = 24,
};

/* www.abuseipdb.com/categories, second hand, 2026-11-30. Numbers that say who somebody is
 * (open proxy, VPN, exploited host, spoofing) are never given: no log shows that.        */
static const struct {
	enum category category;
	const char *service; /* NULL: any                                            */
	int numbers[3]; /* 0 ends them                                         */
} NUMBERS[] = {
	{ CATEGORY_LOGIN_ATTACK, "ssh", { 18, 22, 0 } },
	{ CATEGORY_LOGIN_ATTACK, "ftp", { 5, 18, 0 } },
	{ CATEGORY_LOGIN_ATTACK, "web", { 18, 21, 0 } },
	{ CATEGORY_LOGIN_ATTACK, "http", { 18, 21, 0 } },
	{ CATEGORY_LOGIN_ATTACK, "https", { 18, 21, 0 } },
	{ CATEGORY_LOGIN_ATTACK, NULL, { 18, 0, 0 } },
	{ CATEGORY_COMPROMISE, "ssh", { 18, 22, 0 } },
	{ CATEGORY_COMPROMISE, "ftp", { 5, 18, 0 } },
	{ CATEGORY_COMPROMISE, NULL, { 18, 0, 0 } },
	{ CATEGORY_EXPLOIT_ATTEMPT, "web", { 21, 0, 0 } },
	{ CATEGORY_EXPLOIT_ATTEMPT, "http", { 21, 0, 0 } },
	{ CATEGORY_EXPLOIT_ATTEMPT, "https", { 21, 0, 0 } },
	{ CATEGORY_EXPLOIT_ATTEMPT, NULL, { 15, 0, 0 } },
	{ CATEGORY_MAIL_ABUSE, NULL, { 11, 0, 0 } },
	{ CATEGORY_DOS, NULL, { 4, 0, 0 } },
	{ CATEGORY_PROBE, NULL, { 14, 0, 0 } },
	{ CATEGORY_SCAN, NULL, { 14, 0, 0 } },
	{ CATEGORY_SWEEP, NULL, { 14, 0, 0 } },
};

static const int *numbers_of(const struct incident *incident)
{
	const struct tally_item *service = facts_top(&incident->lists[LIST_SERVICES]);
	size_t i = 0;

	while (NUMBERS[i].category != incident->category ||
	       (NUMBERS[i].service &&
		(!service ||
		 !slice_equal(service->text, slice_of(NUMBERS[i].service)))))
		i++;
	return NUMBERS[i].numbers;
}

/* "18,22", in rising order, of all that it did. */
static struct slice categories_of(struct arena *arena,
				  const struct public_source *source)
{
	bool given[CATEGORIES_MAX] = { false };
	struct slice out = S("");

	for (size_t i = 0; i < source->given.count; i++)
		for (const int *number = numbers_of(source->given.incidents[i]);
		     *number; number++)
			given[*number] = true;
	for (int i = 0; i < CATEGORIES_MAX; i++)
		if (given[i])
			out = arena_printf(arena, SLICE_FMT "%s%d", SLICE_ARG(out),
					   out.len ? "," : "", i);
	return out;
}

/* One row of the bulk report, and what a form about it holds. */
struct row {
	struct slice address, categories, comment;
	struct time_text at;
};

static struct row row_of(struct arena *arena, const struct report_request *request,
			 const struct public_source *source)
{
	return (struct row){
		.address = source->address,
		.categories = categories_of(arena, source),
		.comment = public_comment(arena, request, source, COMMENT_MAX_BYTES),
		.at = time_format(source->facts.first, TIME_RFC3339),
	};
}

static void memo_add(struct buffer *out, const struct row *row)
{
	struct slice rest = row->comment, line;

	buffer_printf(out, "\n" SLICE_FMT ", categories " SLICE_FMT ", %s\n",
		      SLICE_ARG(row->address), SLICE_ARG(row->categories),
		      row->at.text);
	while (rest.len && slice_next(&rest, '\n', &line))
		buffer_printf(out, "    " SLICE_FMT "\n", SLICE_ARG(line));
}

static void body_form(const struct row *row, struct buffer *out)
{
	form_field(out, "ip", row->address);
	form_field(out, "categories", row->categories);
	form_field(out, "timestamp", slice_of(row->at.text));
	form_field(out, "comment", row->comment);
}

/* The comment holds neither a quote nor a backslash. */
static void csv_add(struct buffer *out, const struct row *row)
{
	buffer_printf(out, SLICE_FMT ",\"" SLICE_FMT "\",%s,\"" SLICE_FMT "\"\n",
		      SLICE_ARG(row->address), SLICE_ARG(row->categories), row->at.text,
		      SLICE_ARG(row->comment));
}

/* The boundary comes from the file, so that the same facts give the same bytes. */
static void body_bulk(struct arena *arena, struct slice csv, struct publication *out)
{
	struct sha256 digest = sha256_of(csv);
	struct hex hex = hex_of(slice_cut(sha256_slice(&digest), 0, 16));
	struct buffer body;

	out->media = arena_printf(arena, "multipart/form-data; boundary=tipoff-%s",
				  hex.text);
	buffer_init(&body, PUBLIC_BODY_MAX_BYTES);
	buffer_printf(&body,
		      "--tipoff-%s\r\nContent-Disposition: form-data; name=\"csv\"; "
		      "filename=\"report.csv\"\r\nContent-Type: text/csv\r\n\r\n",
		      hex.text);
	buffer_add(&body, csv);
	buffer_printf(&body, "\r\n--tipoff-%s--\r\n", hex.text);
	out->body = arena_copy(arena, buffer_slice(&body));
	buffer_clear(&body);
}

struct slice abuseipdb_add(struct public_telling *telling, struct arena *work,
			   const struct public_source *source)
{
	struct row row;

	if (telling->told == ROWS_MAX ||
	    telling->rows.len >= CSV_MAX_BYTES - 2 * COMMENT_MAX_BYTES)
		return S("a bulk report takes no more");
	if (!telling->told) {
		buffer_add(&telling->memo,
			   S("AbuseIPDB would show this to everybody:\n"));
		buffer_add(&telling->rows, S("IP,Categories,ReportDate,Comment\n"));
	}
	row = row_of(work, &telling->request, source);
	*LIST_ADD(telling->arena, &telling->sources) =
		arena_copy(telling->arena, row.address);
	csv_add(&telling->rows, &row);
	if (telling->told < SHOWN_MAX)
		memo_add(&telling->memo, &row);
	if (!telling->told)
		body_form(&row, &telling->form);
	telling->told++;
	return S("");
}

void abuseipdb_end(struct public_telling *telling)
{
	struct arena *arena = telling->arena;
	struct publication *one = LIST_ADD(arena, &telling->out);

	*one = (struct publication){ .database = DATABASE_ABUSEIPDB,
				     .part = S("abuseipdb"),
				     .sources = telling->sources };
	if (telling->told > SHOWN_MAX)
		buffer_printf(&telling->memo, "\nand %zu more.\n",
			      telling->told - SHOWN_MAX);
	if (telling->told == 1) {
		one->media = S("application/x-www-form-urlencoded");
		one->body = arena_copy(arena, buffer_slice(&telling->form));
		one->subject = arena_printf(arena, "AbuseIPDB: " SLICE_FMT,
					    SLICE_ARG(one->sources.at[0]));
	} else {
		body_bulk(arena, buffer_slice(&telling->rows), one);
		one->subject =
			arena_printf(arena, "AbuseIPDB: %zu addresses", telling->told);
	}
	one->memo = arena_copy(arena, buffer_slice(&telling->memo));
}
