/* cli/commands.h - the commands, one file each; main.c puts them into its table. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_contact;
extern const struct command command_whois;

#endif
