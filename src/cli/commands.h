/* cli/commands.h - every command's row; main.c puts them in order. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_answer;
extern const struct command command_approve;
extern const struct command command_cases;
extern const struct command command_close;
extern const struct command command_completion;
extern const struct command command_contact;
extern const struct command command_correct;
extern const struct command command_detect;
extern const struct command command_draft;
extern const struct command command_edit;
extern const struct command command_init;
extern const struct command command_lint;
extern const struct command command_note;
extern const struct command command_policy;
extern const struct command command_queue;
extern const struct command command_registry;
extern const struct command command_replies;
extern const struct command command_rules;
extern const struct command command_send;
extern const struct command command_show;
extern const struct command command_stop;
extern const struct command command_templates;
extern const struct command command_told;
extern const struct command command_watch;
extern const struct command command_whois;
extern const struct command command_whoisd;

#endif
