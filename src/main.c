/* main.c - the command table, nothing else. */
#include "cli/commands.h"

static const struct command *const COMMANDS[] = {
	&command_draft,     &command_watch,      &command_cases,
	&command_show,      &command_edit,       &command_approve,
	&command_send,      &command_told,       &command_queue,
	&command_correct,   &command_policy,     &command_close,
	&command_note,      &command_answer,     &command_replies,
	&command_stop,      &command_init,       &command_detect,
	&command_contact,   &command_whois,      &command_whoisd,
	&command_registry,  &command_rules,      &command_lint,
	&command_templates, &command_completion, NULL,
};

int main(int argc, char **argv)
{
	return command_main(COMMANDS, argc, argv);
}
