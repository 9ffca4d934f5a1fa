#include "check.h"
#include "net/smtp.h"

#include <stdio.h>

static void addresses(void)
{
	static const struct {
		const char *text;
		bool plain;
	} rows[] = {
		{ "abuse@isp.example", true },
		{ "maria+r2k7q@isp.example", true },
		{ "o'neil_x=y@isp.example", true },
		{ "", false },
		{ "@isp.example", false },
		{ "abuse@", false },
		{ "abuse", false },
		{ "-oQ/tmp@isp.example", false },
		{ "a@b@isp.example", false },
		{ "a b@isp.example", false },
		{ "a>@isp.example", false },
		{ "a@isp.example> NOTIFY=NEVER", false },
		{ "<a@isp.example>", false },
		{ "a,b@isp.example", false },
		{ "\"a\"@isp.example", false },
		{ "a@[192.0.2.1]", false },
		{ "a\r\n@isp.example", false },
		{ "a@isp.example\n", false },
		{ "\xc3\xa4@isp.example", false },
		{ "a\\@isp.example", false },
		{ "a:b@isp.example", false },
		{ "a;b@isp.example", false },
		{ "a(b)@isp.example", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!CHECK_INT(smtp_address_plain(slice_of(rows[i].text)),
			       rows[i].plain))
			printf("# row %zu\n", i);
}

static void a_zero_byte_is_not_plain(void)
{
	CHECK(!smtp_address_plain(S("a\0b@isp.example")));
}

static void urls(void)
{
	static const struct {
		const char *text;
		int result;
	} rows[] = {
		{ "smtp://mail.example.net:587", 0 },
		{ "smtp://mail.example.net", 0 },
		{ "smtps://mail.example.net/", 0 },
		{ "SMTP://mail.example.net", 0 },
		{ "smtp://[2001:db8::1]:25", 0 },
		{ "smtp://[2001:db8::1]", 0 },
		{ "smtp://192.0.2.1:25", 0 },
		{ "", -1 },
		{ "mail.example.net:587", -1 },
		{ "http://mail.example.net", -1 },
		{ "smtp://", -1 },
		{ "smtp://:587", -1 },
		{ "smtp://mail.example.net:0", -1 },
		{ "smtp://mail.example.net:65536", -1 },
		{ "smtp://mail.example.net:x", -1 },
		{ "smtp://user@mail.example.net", -1 },
		{ "smtp://mail.example.net/path", -1 },
		{ "smtp://mail example.net", -1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = { 0 };

		if (!CHECK_INT(smtp_url_check(slice_of(rows[i].text), &err),
			       rows[i].result))
			printf("# %s\n", rows[i].text);
		CHECK_INT(err.kind, rows[i].result ? ERROR_CONFIG : ERROR_NONE);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(addresses), TEST(a_zero_byte_is_not_plain), TEST(urls));
}
