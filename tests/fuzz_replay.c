/* fuzz_replay.c - runs a fuzz target over its corpus, in the normal tests.
 *
 * usage: replay_NAME [--whole] fuzz/corpus/NAME
 * Each seed is given whole, cut off at every byte, and with bytes changed by a seeded
 * generator (the same at every run); with --whole, only whole. Every input lies in memory
 * of exactly its size, so that AddressSanitizer sees a read behind it. When a sanitizer
 * or an assertion ends the program, the input that did it is named.                   */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED_MAX = 1 << 20, CUTS_MAX = 512, CHANGES = 64, NAMES_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static struct {
	const char *seed, *way;
	size_t number, runs;
	bool whole;
} now;

static void name_input(void)
{
	printf("# input: seed %s, %s %zu\n", now.seed, now.way, now.number);
	fflush(stdout);
}

static void on_abort(int number)
{
	(void)number;
	name_input();  // abort() ends the program when this returns
}

static void run_once(const char *way, size_t number, const uint8_t *bytes, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, bytes, size);
	now.way = way;
	now.number = number;
	now.runs++;
	LLVMFuzzerTestOneInput(size ? exact : exact + 1, size);
	free(exact);
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void run_changed(uint8_t *bytes, size_t size)
{
	uint32_t state = 2463534242U;

	for (size_t change = 0; size > 0 && change < CHANGES; change++) {
		size_t at = next_random(&state) % size;
		uint8_t was = bytes[at];

		bytes[at] = (uint8_t)next_random(&state);
		run_once("change", change, bytes, size);
		bytes[at] = was;
	}
}

static void run_seed(const char *name, uint8_t *bytes, size_t size)
{
	size_t step = size / CUTS_MAX + 1;

	now.seed = name;
	run_once("whole", size, bytes, size);
	if (now.whole)
		return;
	for (size_t cut = 0; cut < size; cut += step)
		run_once("cut at", cut, bytes, cut);
	run_changed(bytes, size);
}

static int read_and_run(const char *folder, const char *name, uint8_t *bytes)
{
	char path[4096];
	FILE *file;
	size_t size;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (file == NULL) {
		printf("# cannot read %s\n", path);
		return -1;
	}
	size = fread(bytes, 1, SEED_MAX, file);
	fclose(file);
	run_seed(name, bytes, size);
	return 0;
}

static int is_seed(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int count, char **words)
{
	struct dirent **names = NULL;
	uint8_t *bytes = malloc(SEED_MAX);
	const char *folder = count > 1 ? words[count - 1] : "";
	int seeds = scandir(folder, &names, is_seed, alphasort);
	int failed = seeds <= 0 || bytes == NULL;

	now.whole = count > 2 && strcmp(words[1], "--whole") == 0;
	signal(SIGABRT, on_abort);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(name_input);
	if (seeds <= 0)
		printf("# no seeds: usage: replay_NAME [--whole] fuzz/corpus/NAME\n");
	for (int i = 0; bytes != NULL && i < seeds; i++) {
		failed |= read_and_run(folder, names[i]->d_name, bytes) < 0;
		free(names[i]);
	}
	free(names);
	free(bytes);
	printf("# %d seeds, %zu inputs\n%s corpus\n", seeds, now.runs,
	       failed ? "not ok" : "ok");
	return failed;
}
