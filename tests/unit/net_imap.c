#include "check.h"
#include "net/imap.h"

#include <stdio.h>

static void urls(void)
{
	static const struct {
		const char *url;
		bool good;
	} rows[] = {
		{ "imaps://mail.example.net", true },
		{ "IMAP://mail.example.net:143", true },
		{ "imap://[2001:db8::1]/Abuse answers", true },
		{ "imap://[2001:db8::1]:1143", true },
		{ "imaps://mail.example.net/", true },
		{ "smtp://mail.example.net", false },
		{ "imap:/mail.example.net", false },
		{ "imap://", false },
		{ "imap:///INBOX", false },
		{ "imap://mail.example.net:0", false },
		{ "imap://mail.example.net:65536", false },
		{ "imap://mail.example.net:x", false },
		{ "imap://maria@mail.example.net", false },
		{ "imap://mail.example.net?x", false },
		{ "imap://mail.example.net/a\r\nb", false },
		{ "", false },
	};
	struct routes routes = { 0 };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct imap_options options = { .url = slice_of(rows[i].url),
						.user = S("maria"),
						.password = S("x"),
						.routes = &routes,
						.deadline_ms = 1000 };
		struct error err = { .kind = ERROR_NONE };
		struct imap *imap = imap_new(&options, &err);

		if (!CHECK_INT(imap != NULL, rows[i].good) ||
		    (!imap && !CHECK_INT(err.kind, ERROR_CONFIG)))
			printf("# row %zu\n", i);
		imap_free(imap);
	}
}

static void found(void)
{
	static const struct {
		const char *lines;
		uint32_t uid;
	} rows[] = {
		{ "* SEARCH 4 17 9\r\n", 17 }, { "* search 4\r\n* SEARCH 5\r\n", 5 },
		{ "* SEARCH\r\n", 0 },         { "* SEARCH 4294967296 -1 x 0\r\n", 0 },
		{ "* 7 EXISTS\r\n", 0 },       { "", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!CHECK_INT(imap_uid(slice_of(rows[i].lines)), rows[i].uid))
			printf("# row %zu\n", i);
}

int main(void)
{
	return CHECK_RUN(TEST(urls), TEST(found));
}
