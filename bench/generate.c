/* generate.c - makes a log to measure on, and the truth about it beside it.
 *
 * usage: bench_generate KIND FILE [--lines N] [--sources N] [--seed N] [--share PERCENT]
 *                       [--hours N] [--iso]
 * Without --hours a line comes every 72 ms, or more often, so that all is within 20 hours.
 * FILE.truth says "source TAB count": for sshd and syslog the failures that the sshd
 * filter of Debian's fail2ban counts, for netfilter and web the hostile lines.         */
#include "scene.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct kind *const KINDS[] = { &kind_sshd, &kind_syslog, &kind_netfilter,
					    &kind_web };

static const struct option OPTIONS[] = {
	{ "lines", required_argument, NULL, 'l' },
	{ "sources", required_argument, NULL, 's' },
	{ "seed", required_argument, NULL, 'r' },
	{ "share", required_argument, NULL, 'p' },
	{ "hours", required_argument, NULL, 'h' },
	{ "iso", no_argument, NULL, 'i' },
	{ NULL, 0, NULL, 0 },
};

static _Noreturn void usage(void)
{
	fputs("usage: bench_generate sshd|syslog|netfilter|web FILE [--lines N]\n"
	      "       [--sources N] [--seed N] [--share PERCENT] [--hours N] [--iso]\n",
	      stderr);
	exit(64);
}

static uint64_t number(const char *text, uint64_t max)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || value < 1 || value > max) {
		fprintf(stderr,
			"bench_generate: '%s' is no number from 1 to %" PRIu64 "\n",
			text, max);
		exit(64);
	}
	return value;
}

static const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
		if (strcmp(KINDS[i]->name, name) == 0)
			return KINDS[i];
	usage();
}

static void options_read(int count, char **words, struct scene *scene)
{
	int option;

	while ((option = getopt_long(count, words, "", OPTIONS, NULL)) != -1) {
		if (option == 'l')
			scene->wanted = number(optarg, 1000000000);
		else if (option == 's')
			scene->sources = (uint32_t)number(optarg, 100000000);
		else if (option == 'r')
			scene->random = number(optarg, UINT32_MAX) << 1 | 1;
		else if (option == 'p')
			scene->share = (uint32_t)number(optarg, 100);
		else if (option == 'h')
			scene->span_ms = number(optarg, 100000) * 3600000;
		else if (option == 'i')
			scene->iso = true;
		else
			usage();
	}
}

/* Busy, so that a connection is over in seconds; and less than one window of incidents. */
static uint64_t span_ms(uint64_t lines)
{
	const uint64_t most = UINT64_C(20) * 3600000, line = 72;

	return lines < most / line ? lines * line : most;
}

static _Noreturn void fail(const char *path)
{
	fprintf(stderr, "bench_generate: cannot write '%s': %s\n", path,
		strerror(errno));
	exit(74);
}

static void log_write(const struct kind *kind, struct scene *scene, const char *path)
{
	scene->out = fopen(path, "w");
	if (scene->out == NULL)
		fail(path);
	setvbuf(scene->out, NULL, _IOFBF, 1 << 20);
	while (scene->lines < scene->wanted)
		kind->step(scene);
	if (fclose(scene->out) != 0)
		fail(path);
}

int main(int count, char **words)
{
	struct scene scene = { .wanted = 1000000, .sources = 12000, .random = 3 };
	char truth[4096];
	const struct kind *kind;

	if (count < 3)
		usage();
	kind = kind_find(words[1]);
	scene.share = kind->share;
	options_read(count - 2, words + 2, &scene);
	if (scene.span_ms == 0)
		scene.span_ms = span_ms(scene.wanted);
	scene.truth = calloc((size_t)scene.sources + SCENE_STAFF, sizeof *scene.truth);
	if (scene.truth == NULL)
		fail("memory");
	log_write(kind, &scene, words[2]);
	if (snprintf(truth, sizeof truth, "%s.truth", words[2]) >= (int)sizeof truth ||
	    scene_write_truth(&scene, truth) != 0)
		fail(truth);
	free(scene.truth);
	return 0;
}
