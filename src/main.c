/* main.c - the command table, nothing else. */
#include <stdio.h>

int main(void)
{
	puts("tipoff " TIPOFF_VERSION);
	return 0;
}
