/* sanitizers.c - commits the fault it is asked for, so that the tests can prove that
 * the sanitizers of this build would have seen one.                                 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void leak(int one)
{
	char *volatile lost = malloc((size_t)one * 100);

	lost = NULL;
	(void)lost;
}

static void address(int one)
{
	volatile char *memory = malloc((size_t)one);

	memory[one] = 1;
	free((void *)memory);
}

static void undefined(int one)
{
	volatile int top = INT_MAX;

	top = top + one;
}

static void nothing(int one)
{
	(void)one;
}

static const struct fault {
	const char *name;
	void (*commit)(int one);
} faults[] = {
	{ "leak", leak },
	{ "address", address },
	{ "undefined", undefined },
	{ "nothing", nothing },
};

int main(int count, char **words)
{
	for (size_t i = 0; count == 2 && i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (strcmp(faults[i].name, words[1]) == 0) {
			faults[i].commit(count - 1);
			return 0;
		}
	}
	fputs("usage: sanitizers leak|address|undefined|nothing\n", stderr);
	return 64;
}
