/* cli/init_try.h - 'init --try': the way to your own box, and back, tried. */
#ifndef CLI_INIT_TRY_H
#define CLI_INIT_TRY_H

#include "cli/command.h"

int init_try(struct run *run); /* the exit code */

#endif
