/* base/banned.h - calls that have no place in this program are compile errors.
 *
 * Forced into every file by the build (-include), after the headers that declare
 * them, so that a use fails with the name of the call.                              */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* clang warns where a name is a macro of libc already; the poison holds all the same. */
#pragma GCC system_header
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok atoi atol \
	atof gets
#pragma GCC poison localtime gmtime ctime asctime

#endif
