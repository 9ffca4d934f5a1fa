#include "check.h"
#include "mail/message.h"

#include "base/clock.h"

static struct arena *arena;

static struct message plain(void)
{
	static struct slice to[] = { { "abuse@isp.example", 17 } };

	return (struct message){
		.from_name = S("Maria Keller"),
		.from = S("maria@harbour-books.example"),
		.to = { to, 1, 1 },
		.subject = S("Hello"),
		.message_id = S("<1.a@harbour-books.example>"),
		.date = INT64_C(1795248000) * SECOND_US,
		.text = S("text\n"),
	};
}

static void without_attachments_it_is_plain_text(void)
{
	struct message message = plain();
	struct error err = { 0 };
	struct slice bytes = { 0 };

	CHECK_INT(message_compose(arena, &message, &bytes, &err), 0);
	CHECK_SLICE(bytes, S("From: Maria Keller <maria@harbour-books.example>\r\n"
			     "To: abuse@isp.example\r\n"
			     "Subject: Hello\r\n"
			     "Date: Sat, 21 Nov 2026 08:00:00 +0000\r\n"
			     "Message-Id: <1.a@harbour-books.example>\r\n"
			     "MIME-Version: 1.0\r\n"
			     "Content-Type: text/plain; charset=utf-8\r\n"
			     "Content-Transfer-Encoding: 7bit\r\n"
			     "\r\n"
			     "text\r\n"));
}

static void odd_text_is_quoted(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "From here\n", "=46rom here\r\n" },
		{ "blank \n", "blank=20\r\n" },
		{ "a=\xc3\xa4\n", "a=3D=C3=A4\r\n" },
		{ "\xff\n", "=FF\r\n" },
		{ "a\rb\n", "a=0Db\r\n" },
		{ ".\n", ".\r\n" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct message message = plain();
		struct error err = { 0 };
		struct slice bytes = { 0 }, body;

		message.text = slice_of(rows[i].text);
		CHECK_INT(message_compose(arena, &message, &bytes, &err), 0);
		CHECK(slice_find(bytes, S("quoted-printable")) > 0);
		body = slice_from(bytes, (size_t)slice_find(bytes, S("\r\n\r\n")) + 4);
		CHECK_TEXT(arena_cstr(arena, body), rows[i].want);
	}
}

static void header_text_cannot_add_a_header(void)
{
	static const struct slice rows[] = {
		{ "a\r\nBcc: x@y.example", 19 },
		{ "a\nb", 3 },
		{ "a\rb", 3 },
		{ "a\0b", 3 },
		{ "\x1b[0m", 4 },
		{ "\xff", 1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (int field = 0; field < 6; field++) {
			struct message message = plain();
			struct message_part part = { S("application/json"), rows[i],
						     S("{}") };
			struct error err = { 0 };
			struct slice bytes = S("untouched");

			if (field == 0)
				message.subject = rows[i];
			if (field == 1)
				message.from_name = rows[i];
			if (field == 2)
				message.from = rows[i];
			if (field == 3)
				message.reply_to = rows[i];
			if (field == 4)
				message.message_id = rows[i];
			if (field == 5)
				message.parts = &part, message.part_count = 1;
			CHECK_INT(message_compose(arena, &message, &bytes, &err), -1);
			CHECK_INT(err.kind, ERROR_SYNTAX);
			CHECK_SLICE(bytes, S("untouched"));
		}
	}
}

static void a_key_that_is_none_is_refused(void)
{
	struct message message = plain();
	struct error err = { 0 };
	struct slice bytes = { 0 };

	message.key = S("--help");
	CHECK_INT(message_compose(arena, &message, &bytes, &err), -1);
	CHECK_INT(err.kind, ERROR_CONFIG);
}

int main(void)
{
	int failed;

	arena = arena_new();
	failed = CHECK_RUN(TEST(without_attachments_it_is_plain_text),
			   TEST(odd_text_is_quoted),
			   TEST(header_text_cannot_add_a_header),
			   TEST(a_key_that_is_none_is_refused));
	arena_free(arena);
	return failed;
}
