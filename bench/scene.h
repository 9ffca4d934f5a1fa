/* scene.h - one made log: its clock, its sources, and what is true of them.
 *
 * Everything follows from the seed: the same options give the same bytes. Sources are
 * documentation addresses only (RFC 5737, RFC 3849): the first SCENE_IPV4 of them IPv4,
 * every further one a /64 of 2001:db8::/32. The numbers behind the sources asked for are
 * the staff, who log in and mistype now and then.                                      */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { SCENE_IPV4 = 254 + 254 + 199, SCENE_STAFF = 32 };

struct scene {
	FILE *out;
	uint64_t random; /* state of the generator */
	uint64_t wanted; /* lines */
	uint64_t lines; /* written so far */
	uint64_t span_ms; /* from the first line to the last */
	uint64_t stamped_second; /* what `stamp` holds */
	char stamp[40];
	uint32_t sources;
	uint32_t turn; /* the source that comes next in order */
	uint32_t share; /* of hostile lines, in percent */
	bool iso; /* RFC 3339 stamps, as rsyslog writes them by default now */
	uint64_t hostile; /* lines */
	uint32_t *truth; /* hostile lines by source; `sources` + SCENE_STAFF of them */
};

/* Who a line is about; what "%A", "%P", "%U" and "%N" of a template stand for. */
struct actor {
	uint32_t source;
	uint32_t port;
	uint32_t pid;
	const char *user;
};

/* A kind of log: `step` writes one line. */
struct kind {
	const char *name;
	uint32_t share;
	void (*step)(struct scene *scene);
};

extern const struct kind kind_sshd, kind_syslog, kind_netfilter, kind_web;

/* The next line of one of the first `open` connections; a connection that has said all
 * gives way to a new one.                                                             */
void sshd_say(struct scene *scene, uint32_t open);

/* Whether the first connection has more to say. */
bool sshd_is_open(void);

uint32_t scene_random(struct scene *scene, uint32_t below);

/* Whether hostile lines are fewer than their share of those written. */
bool scene_behind(const struct scene *scene);

/* Half of the time in order, so that every source comes; else some much more often than
 * others. All in order where there are too many sources for that.                     */
uint32_t scene_source(struct scene *scene);
bool scene_is_spread(const struct scene *scene);
uint32_t scene_staff(struct scene *scene);

/* The stamp and the host, as syslog daemons write them. */
void scene_head(struct scene *scene);

/* Writes a template and ends the line. Beside the actor's: %d a number below 10,000,
 * %e one below 250, %x eight hexadecimal digits, %T the stamp of an access log.       */
void scene_say(struct scene *scene, const struct actor *actor, const char *text);
void scene_count(struct scene *scene, uint32_t source);
int scene_write_truth(const struct scene *scene, const char *path);
