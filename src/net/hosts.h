/* net/hosts.h - a static hosts table, used instead of the DNS where the user gives one.
 *
 * The format of hosts(5): an address and its names, blanks between, `#` comments. Names
 * are compared without case. A name may have several addresses and an address several
 * names, in the order of the file; the table answers both ways. The file is the user's
 * own, so a line that is no such thing is an error with file and line.                   */
#ifndef NET_HOSTS_H
#define NET_HOSTS_H

#include "base/arena.h"
#include "base/error.h"
#include "net/address.h"

enum { HOSTS_MAX_BYTES = 16 * 1024 * 1024 };

struct addresses {
	struct address *at;
	size_t count, room;
};

struct hosts_row {
	struct address address;
	struct slice name;
};
struct hosts {
	struct hosts_row *at;
	size_t count, room;
};

/* The table's names live in `arena`. ERROR_CONFIG: "FILE:LINE: ...". */
MUST_CHECK int hosts_parse(struct arena *arena, struct slice path, struct slice text,
			   struct hosts *out, struct error *err);
MUST_CHECK int hosts_read(struct arena *arena, struct slice path, struct hosts *out,
			  struct error *err);
void hosts_addresses(const struct hosts *hosts, struct arena *arena, struct slice name,
		     struct addresses *out);
void hosts_names(const struct hosts *hosts, struct arena *arena,
		 const struct address *address, struct slices *out);

/* Letters, digits, hyphens and underscores in labels of 1 to 63, at most 253 bytes, no
 * label begins or ends with a hyphen, and the last one is not all digits (RFC 1123,
 * RFC 3696 section 2; underscores are seen in real reverse names). One dot may end it. */
bool host_name_valid(struct slice name);
/* In lower case without the final dot, in `arena`. */
struct slice host_name_canonical(struct arena *arena, struct slice name);

#endif
