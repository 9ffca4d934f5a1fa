/* Not a test: `contact` and `whois` alone, for tests/system/contact_*.py. */
#include "cli/commands.h"

int main(int argc, char **argv)
{
	const struct command commands[] = { command_contact, command_whois, { 0 } };

	return command_main(commands, argc, argv);
}
