#include "input/binary.h"

enum { CONTROLS_MIN = 16, CONTROLS_PER = 20 };

static const struct known {
	size_t offset;
	struct slice bytes;
	const char *advice;
} knowns[] = {
	{ 0,
	  { "LPKSHHRH", 8 },
	  "is a systemd journal: pipe 'journalctl --file FILE -o export' into '-'" },
	{ 0,
	  { "SQLite format 3", 15 },
	  "is a SQLite database, not a log: leave it out" },
	{ 0,
	  { "PK\x03\x04", 4 },
	  "is a zip archive: unpack it and name the logs in it" },
	{ 257, { "ustar", 5 }, "is a tar archive: unpack it and name the logs in it" },
	{ 0,
	  { "\x7f"
	    "ELF",
	    4 },
	  "is a program, not a log: leave it out" },
	{ 0,
	  { "\xd4\xc3\xb2\xa1", 4 },
	  "is a packet capture, not a log: name the log of the detector that reads it" },
	{ 0,
	  { "\xff\xfe", 2 },
	  "is UTF-16 text: convert it with 'iconv -f UTF-16 -t UTF-8'" },
	{ 0,
	  { "\xfe\xff", 2 },
	  "is UTF-16 text: convert it with 'iconv -f UTF-16 -t UTF-8'" },
	{ 0,
	  { "7z\xbc\xaf\x27\x1c", 6 },
	  "is a 7z archive: unpack it and name the logs in it" },
	{ 0,
	  { "\x1f\x9d", 2 },
	  "is compressed by compress(1): run uncompress on it first" },
	{ 0, { "\x04\x22\x4d\x18", 4 }, "is compressed by lz4: run unlz4 on it first" },
};

/* What no log line holds: not blank space, not ESC (colours), not bytes over 127. */
static bool is_control(char c)
{
	unsigned char byte = (unsigned char)c;

	return (byte < 0x20 && !ascii_is_space(c) && byte != 0x1b) || byte == 0x7f;
}

const char *binary_advice(struct slice head)
{
	size_t controls = 0;

	for (size_t i = 0; i < COUNT_OF(knowns); i++)
		if (slice_starts(slice_from(head, knowns[i].offset), knowns[i].bytes))
			return knowns[i].advice;
	for (size_t i = 0; i < head.len; i++)
		controls += is_control(head.at[i]);
	if (controls < CONTROLS_MIN || controls * CONTROLS_PER < head.len)
		return NULL;
	return "is binary, not a log: name a text log, or leave it out";
}
