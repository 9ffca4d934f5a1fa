#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void error_fill(struct error *err, enum error_kind kind, const char *format, ...)
{
	va_list args;

	err->kind = kind;
	err->sys = 0;
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
}

void error_fill_system(struct error *err, int sys, const char *format, ...)
{
	va_list args;
	size_t used;

	err->kind = ERROR_SYSTEM;
	err->sys = sys;
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof err->text - used, ": %s", strerror(sys));
}

void error_prepend(struct error *err, const char *format, ...)
{
	char inner[ERROR_TEXT_MAX];
	va_list args;
	size_t used;

	memcpy(inner, err->text, sizeof inner);
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof err->text - used, ": %s", inner);
}

void error_clear(struct error *err)
{
	err->kind = ERROR_NONE;
	err->sys = 0;
	err->text[0] = '\0';
}
