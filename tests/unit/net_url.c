#include "check.h"
#include "net/url.h"

static void parses_and_refuses(void)
{
	static const struct {
		const char *text, *host; /* NULL: refused */
		uint16_t port;
		const char *path;
	} rows[] = {
		{ "https://rdap.example", "rdap.example", 443, "/" },
		{ "HTTPS://rdap.example:8443/ip/1", "rdap.example", 8443, "/ip/1" },
		{ "http://198.51.100.7/?a", "198.51.100.7", 80, "/?a" },
		{ "https://[2001:db8::1]:44/x", "2001:db8::1", 44, "/x" },
		{ "https://rdap.example?q", "rdap.example", 443, "?q" },
		{ "ftp://rdap.example/", NULL, 0, NULL },
		{ "file:///etc/passwd", NULL, 0, NULL },
		{ "https://user@rdap.example/", NULL, 0, NULL },
		{ "https://rdap.example:0/", NULL, 0, NULL },
		{ "https://rdap.example:65536/", NULL, 0, NULL },
		{ "https://rdap.example:/", NULL, 0, NULL },
		{ "https://2130706433/", NULL, 0, NULL },
		{ "https://0177.0.0.1/", NULL, 0, NULL },
		{ "https://[203.0.113.7]/", NULL, 0, NULL },
		{ "https://rdap.example/a b", NULL, 0, NULL },
		{ "https://rdap.example/\r\nHost: x", NULL, 0, NULL },
		{ "https://rdap.example/#f", NULL, 0, NULL },
		{ "https://rdap.example\\@evil.example/", NULL, 0, NULL },
		{ "https:///x", NULL, 0, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct url url = { 0 };
		struct error err;
		int status = url_parse(slice_of(rows[i].text), &url, &err);

		if (!CHECK_INT(status, rows[i].host ? 0 : -1))
			CHECK_TEXT(rows[i].text, "");
		if (status != 0)
			continue;
		CHECK_SLICE(url.host, slice_of(rows[i].host));
		CHECK_INT(url.port, rows[i].port);
		CHECK_SLICE(url.path, slice_of(rows[i].path));
	}
}

static void resolves_redirects(void)
{
	static const struct {
		const char *base, *reference, *result; /* NULL: refused */
	} rows[] = {
		{ "https://a.example/x/y?z", "https://b.example/q",
		  "https://b.example/q" },
		{ "https://a.example/x/y?z", "//b.example/q", "https://b.example/q" },
		{ "https://a.example/x/y?z", "/q", "https://a.example/q" },
		{ "https://a.example/x/y?z", "q", "https://a.example/x/q" },
		{ "https://a.example", "q", "https://a.example/q" },
		{ "https://a.example?x", "q", "https://a.example/q" },
		{ "https://a.example", ".evil.example/",
		  "https://a.example/.evil.example/" },
		{ "https://a.example/", "javascript:alert(1)", NULL },
		{ "https://a.example/", "//u@b.example/", NULL },
		{ "https://a.example/", "", "https://a.example/" },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice out = { NULL, 0 };
		struct error err;
		int status = url_resolve(arena, slice_of(rows[i].base),
					 slice_of(rows[i].reference), &out, &err);

		CHECK_INT(status, rows[i].result ? 0 : -1);
		CHECK_SLICE(out, slice_of(rows[i].result));
	}
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(parses_and_refuses), TEST(resolves_redirects));
}
