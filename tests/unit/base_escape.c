#include "base/escape.h"

#include "check.h"

static void check_escape(void (*escape)(struct buffer *, struct slice), struct slice in,
			 const char *want)
{
	struct buffer out;

	buffer_init(&out, 4096);
	escape(&out, in);
	CHECK_SLICE(buffer_slice(&out), slice_of(want));
	buffer_clear(&out);
}

static void a_terminal_sees_no_controls(void)
{
	static const struct {
		struct slice in;
		const char *want;
	} rows[] = {
		{ { "plain", 5 }, "plain" },
		{ { "gr\xc3\xbc\xc3\x9f", 6 }, "gr\xc3\xbc\xc3\x9f" },
		{ { "\x1b]0;x\x07", 6 }, "\\x1b]0;x\\x07" },
		{ { "a\nb\rc\td", 7 }, "a\\x0ab\\x0dc\\x09d" },
		{ { "\0x", 2 }, "\\x00x" },
		{ { "\x7f", 1 }, "\\x7f" },
		{ { "\xc2\x9b", 2 }, "\\u{9b}" }, /* C1 CSI                  */
		{ { "\xe2\x80\xae", 3 }, "\\u{202e}" }, /* right-to-left override  */
		{ { "\xe2\x80\x8b", 3 }, "\\u{200b}" }, /* zero width space        */
		{ { "\xef\xbb\xbf", 3 }, "\\u{feff}" }, /* byte order mark         */
		{ { "\xff\xfe", 2 }, "\\xff\\xfe" },
		{ { "\xc0\xaf", 2 }, "\\xc0\\xaf" }, /* overlong                */
		{ { "\xed\xa0\x80", 3 }, "\\xed\\xa0\\x80" }, /* surrogate           */
		{ { "\xf4\x90\x80\x80", 4 }, "\\xf4\\x90\\x80\\x80" },
		{ { "\xe2\x82", 2 }, "\\xe2\\x82" }, /* cut short               */
		{ { "\xf0\x9f\x98\x80", 4 }, "\xf0\x9f\x98\x80" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check_escape(escape_terminal, rows[i].in, rows[i].want);
}

static void a_mail_body_has_blanks_for_tabs(void)
{
	check_escape(escape_mail_body, S("a\tb\x1b"), "a b\\x1b");
}

static void a_cell_is_no_formula(void)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "plain", "plain" },  { "a,b", "\"a,b\"" }, { "a\"b", "\"a\"\"b\"" },
		{ "=1+1", "'=1+1" },   { "@x", "'@x" },      { "-1", "'-1" },
		{ "a\nb", "a\\x0ab" }, { "", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check_escape(escape_csv, slice_of(rows[i].in), rows[i].want);
}

static void a_header_refuses_controls(void)
{
	struct error err = { 0 };

	CHECK_INT(escape_mail_header_check(S("SSH login attack"), &err), 0);
	CHECK_INT(escape_mail_header_check(S("gr\xc3\xbc\xc3\x9f"), &err), 0);
	CHECK_INT(escape_mail_header_check(S("a\r\nBcc: x"), &err), -1);
	CHECK_INT(escape_mail_header_check(S("a\nb"), &err), -1);
	CHECK_INT(escape_mail_header_check((struct slice){ "a\0b", 3 }, &err), -1);
	CHECK_INT(escape_mail_header_check(S("\xe2\x80\xa8"), &err), -1);
	CHECK_INT(err.kind, ERROR_SYNTAX);
}

static void decoding_inverts_encoding(void)
{
	for (uint32_t code = 0; code <= 0x10ffff; code += code < 0x3000 ? 1 : 251) {
		struct buffer out;
		size_t len = 0;

		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		buffer_init(&out, 8);
		utf8_encode(&out, code);
		if (!CHECK_INT(utf8_decode(buffer_slice(&out), &len), code))
			code = 0x110000;
		CHECK_INT(len, out.len);
		buffer_clear(&out);
	}
}

static void text_is_utf8_without_nul(void)
{
	static const struct {
		struct slice in;
		bool want;
	} rows[] = {
		{ { "", 0 }, true },
		{ { "plain\x1b", 6 }, true },
		{ { "gr\xc3\xbc\xc3\x9f", 6 }, true },
		{ { "a\0b", 3 }, false },
		{ { "\xc3\xbc\0", 3 }, false },
		{ { "a\xff", 2 }, false },
		{ { "\xc3\xbc\xc0\xaf", 4 }, false }, /* overlong */
		{ { "\xe2\x82", 2 }, false }, /* cut short */
		{ { "\xed\xa0\x80", 3 }, false }, /* surrogate */
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_INT(utf8_is_text(rows[i].in), rows[i].want);
}

int main(void)
{
	return CHECK_RUN(TEST(a_terminal_sees_no_controls),
			 TEST(a_mail_body_has_blanks_for_tabs),
			 TEST(a_cell_is_no_formula), TEST(a_header_refuses_controls),
			 TEST(decoding_inverts_encoding),
			 TEST(text_is_utf8_without_nul));
}
