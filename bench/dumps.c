/* dumps.c - makes a folder of registry dumps to measure on, and asks the index of it.
 *
 * usage: bench_dumps make FOLDER OBJECTS SEED
 *        bench_dumps look INDEX COUNT SEED     prints "look-ups a second, microseconds to
 *                                               open, share that was found"
 * The same numbers make the same bytes. Ranges lie everywhere in the address space, nested
 * as registries nest them: an allocation, assignments in it, some with a part of their
 * own. All names and mail addresses are made up, below .example.                        */
#include "base/clock.h"
#include "registry/index.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum { ALLOCATIONS = 223 * 256 };

struct dumps {
	const char *folder;
	uint64_t random;
	unsigned objects, roles, organisations;
	gzFile out;
	const char *registry, *suffix;
};

static uint32_t draw(uint64_t *random, uint32_t below)
{
	*random = *random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((*random >> 33) % below);
}

static gzFile open_dump(const char *folder, const char *name)
{
	char path[4096];
	gzFile file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = gzopen(path, "wb1");
	if (!file) {
		perror(path);
		exit(73);
	}
	gzbuffer(file, 1 << 18);
	return file;
}

static void close_dump(gzFile file)
{
	if (gzclose(file) != Z_OK) {
		fputs("bench_dumps: a dump cannot be written\n", stderr);
		exit(74);
	}
}

static void make_roles(struct dumps *dumps)
{
	gzFile out = open_dump(dumps->folder, "ripe.db.role.gz");

	for (unsigned i = 0; i < dumps->roles; i++)
		gzprintf(
			out,
			"role:           Abuse desk %u\naddress:        ***\n"
			"abuse-mailbox:  abuse@net%u.example\nnic-hdl:        A%u-RIPE\n"
			"mnt-by:         MNT%u\nsource:         RIPE\n\n",
			i, i, i, i % 9973);
	close_dump(out);
}

static void make_organisations(struct dumps *dumps)
{
	gzFile out = open_dump(dumps->folder, "ripe.db.organisation.gz");

	for (unsigned i = 0; i < dumps->organisations; i++)
		gzprintf(
			out,
			"organisation:   ORG-%u-RIPE\norg-name:       Company number %u of "
			"the example\norg-type:       %s\naddress:        ***\n"
			"abuse-c:        A%u-RIPE\nmnt-by:         MNT%u\nsource:         "
			"RIPE\n\n",
			i, i, i % 9 ? "OTHER" : "LIR",
			draw(&dumps->random, dumps->roles), i % 9973);
	close_dump(out);
}

/* What stands behind the key of a block. */
static void put_block(struct dumps *dumps, gzFile out, const char *class,
		      const char *key)
{
	uint32_t kind = draw(&dumps->random, 100);

	gzprintf(
		out,
		"%s%s\nnetname:        NET-%08X\ndescr:          Customer %u in the %uth "
		"street\ncountry:        %c%c\n",
		class, key, draw(&dumps->random, UINT32_MAX),
		draw(&dumps->random, 4000000), draw(&dumps->random, 300),
		'A' + (int)draw(&dumps->random, 26),
		'A' + (int)draw(&dumps->random, 26));
	if (kind < 30)
		gzprintf(out, "org:            ORG-%u-RIPE\n",
			 draw(&dumps->random, dumps->organisations));
	if (kind < 10)
		gzprintf(out, "abuse-c:        A%u-RIPE\n",
			 draw(&dumps->random, dumps->roles));
	gzprintf(
		out,
		"admin-c:        DUMY-RIPE\ntech-c:         DUMY-RIPE\nstatus:         "
		"ASSIGNED PA\nmnt-by:         %s\ncreated:        "
		"2015-01-07T12:00:00Z\nsource:         RIPE # Filtered\nremarks:        "
		"****************************\n\n",
		kind == 99 ? "RIPE-NCC-END-MNT" : "SOME-MNT");
}

static void put_ipv4(struct dumps *dumps, gzFile out, uint32_t first, uint32_t last)
{
	char key[64];

	snprintf(key, sizeof key, "%u.%u.%u.%u - %u.%u.%u.%u", first >> 24,
		 first >> 16 & 255, first >> 8 & 255, first & 255, last >> 24,
		 last >> 16 & 255, last >> 8 & 255, last & 255);
	put_block(dumps, out, "inetnum:        ", key);
}

/* An allocation of 65536 addresses is filled with assignments, one behind the other. */
static void make_ipv4(struct dumps *dumps, unsigned count)
{
	gzFile out = open_dump(dumps->folder, "ripe.db.inetnum.gz");
	unsigned each = count / ALLOCATIONS + 1, made = 0;

	for (uint32_t i = 0; i < ALLOCATIONS && made < count; i++) {
		uint32_t base = (i + 256) << 16, step = 65536 / (each + 1);

		put_ipv4(dumps, out, base, base + 65535);
		made++;
		for (unsigned k = 1; k < each && made < count; k++, made++) {
			uint32_t first = base + (k - 1) * step;
			uint32_t size = 1 + draw(&dumps->random, step);

			if (k % 8 == 0) /* inside the one before */
				put_ipv4(dumps, out, first - step, first - step);
			else
				put_ipv4(dumps, out, first, first + size - 1);
		}
	}
	close_dump(out);
}

static void make_ipv6(struct dumps *dumps, unsigned count)
{
	gzFile out = open_dump(dumps->folder, "ripe.db.inet6num.gz");

	for (unsigned i = 0; i < count; i++) {
		char key[64];

		if (i % 64 == 0)
			snprintf(key, sizeof key, "2a00:%x::/32", i / 64 & 0xffff);
		else
			snprintf(key, sizeof key, "2a00:%x:%x::/48", i / 64 & 0xffff,
				 (i % 64) << 4 | (i / 64 >> 16 & 15));
		put_block(dumps, out, "inet6num:       ", key);
	}
	close_dump(out);
}

static int make(const char *folder, unsigned objects, unsigned seed)
{
	struct dumps dumps = { .folder = folder,
			       .random = seed,
			       .objects = objects,
			       .roles = objects / 20 + 1,
			       .organisations = objects / 30 + 1 };
	unsigned ipv6 = objects / 8;

	make_roles(&dumps);
	make_organisations(&dumps);
	make_ipv6(&dumps, ipv6);
	make_ipv4(&dumps, objects - ipv6 - dumps.roles - dumps.organisations);
	return 0;
}

static double processor_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int look(const char *path, unsigned count, unsigned seed)
{
	struct error err = { 0 };
	struct index *index = index_open(slice_of(path), &err);
	uint64_t random = seed, found = 0, blocks = 0;
	double began, open_seconds = 0, seconds;

	index_close(index); /* the first time it is verified whole */
	for (unsigned i = 0; i < 100 && index; i++) {
		began = processor_seconds();
		index = index_open(slice_of(path), &err);
		open_seconds += (processor_seconds() - began) / 100;
		if (i < 99)
			index_close(index);
	}
	if (!index) {
		fprintf(stderr, "bench_dumps: %s\n", err.text);
		return 66;
	}
	for (unsigned round = 0; round < 2; round++) { /* the first warms the pages */
		began = processor_seconds();
		found = blocks = 0;
		for (unsigned i = 0; i < count; i++) {
			uint32_t number = (1u << 24) + draw(&random, 223u << 24);
			struct address about = { .family = FAMILY_IPV4,
						 .bytes = { (uint8_t)(number >> 24),
							    (uint8_t)(number >> 16),
							    (uint8_t)(number >> 8),
							    (uint8_t)number } };
			uint32_t block = index_seek(index, &about);

			if (block != UINT32_MAX) {
				found++;
				blocks += block;
			}
		}
		seconds = processor_seconds() - began;
	}
	printf("%.0f %.1f %.3f %" PRIu64 "\n", count / seconds, open_seconds * 1e6,
	       (double)found / count, blocks);
	index_close(index);
	return 0;
}

int main(int count, char **words)
{
	if (count == 5 && strcmp(words[1], "make") == 0)
		return make(words[2], (unsigned)strtoul(words[3], NULL, 10),
			    (unsigned)strtoul(words[4], NULL, 10));
	if (count == 5 && strcmp(words[1], "look") == 0)
		return look(words[2], (unsigned)strtoul(words[3], NULL, 10),
			    (unsigned)strtoul(words[4], NULL, 10));
	fputs("usage: bench_dumps make FOLDER OBJECTS SEED | look INDEX COUNT SEED\n",
	      stderr);
	return 64;
}
