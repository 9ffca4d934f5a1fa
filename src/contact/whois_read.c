#include "base/cursor.h"
#include "contact/signs.h"
#include "contact/whois_readers.h"
#include "registry/charset.h"

#include <string.h>

static const struct {
	const char *sign; /* at the beginning of a line */
	enum whois_family family;
} looks[] = {
	{ "NetRange:", WHOIS_ARIN },
	{ "# ARIN WHOIS", WHOIS_ARIN },
	{ "% Joint Whois", WHOIS_LACNIC },
	{ "# KOREAN", WHOIS_KRNIC },
	{ "# ENGLISH", WHOIS_KRNIC },
	{ "[ JPNIC database", WHOIS_JPNIC },
	{ "a. [Network Number]", WHOIS_JPNIC },
};

static void (*const readers[])(struct offering *, const struct registry *, struct slice,
			       const struct address *) = {
	[WHOIS_RPSL] = whois_rpsl_read,     [WHOIS_ARIN] = whois_arin_read,
	[WHOIS_LACNIC] = whois_lacnic_read, [WHOIS_KRNIC] = whois_krnic_read,
	[WHOIS_JPNIC] = whois_jpnic_read,   [WHOIS_TWNIC] = whois_twnic_read,
	[WHOIS_UNKNOWN] = whois_rpsl_read,
};

static enum whois_family family_by_look(struct slice text)
{
	struct cursor cursor = cursor_of(text);
	struct slice line;

	while (cursor_line(&cursor, &line))
		for (size_t i = 0; i < COUNT_OF(looks); i++)
			if (slice_starts(line, slice_of(looks[i].sign)))
				return looks[i].family;
	return WHOIS_RPSL;
}

/* A copy in the arena, since readings outlive the answer. NUL would end a C string
 * somewhere down the line, and a BOM hides the first attribute.                       */
static struct slice without_noise(struct arena *arena, struct slice text)
{
	struct slice copy;
	char *at;

	if (slice_starts(text, S("\xef\xbb\xbf")))
		text = slice_from(text, 3);
	text = slice_cut(text, 0, READING_MAX_BYTES);
	at = ARENA_ARRAY(arena, char, text.len + 1);
	copy = (struct slice){ at, text.len };
	for (size_t i = 0; i < text.len; i++)
		at[i] = text.at[i] ? text.at[i] : ' ';
	return copy;
}

void whois_read(struct arena *arena, struct slice server, struct slice text,
		const struct address *about, int64_t asked_at, struct reading *out)
{
	const struct registry *registry = registry_of_host(server);
	struct offering offering = { .arena = arena,
				     .out = out,
				     .server = arena_copy(arena, server),
				     .found_by = FOUND_WHOIS,
				     .asked_at = asked_at };

	memset(out, 0, sizeof *out);
	text = charset_decode(arena, without_noise(arena, text),
			      (registry ? registry->family : family_by_look(text)) ==
				      WHOIS_KRNIC);
	out->state = signs_of(arena, text, &out->note);
	readers[registry ? registry->family : family_by_look(text)](&offering, registry,
								    text, about);
}
