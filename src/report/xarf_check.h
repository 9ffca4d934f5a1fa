/* report/xarf_check.h - whether a text is an X-ARF 4.2.0 report of a type that we make.
 *
 * The rules of the official schema (xarf/xarf-spec, schemas/v4, tag v4.2.0) as our own
 * rows, with what its usual validators leave out: times, addresses, base64 and the hash of
 * the evidence. tests/system/report_xarf.py holds the rows against the schema itself.
 *
 * returns 0; -1 and err: ERROR_SYNTAX and what is wrong, in words.                       */
#ifndef REPORT_XARF_CHECK_H
#define REPORT_XARF_CHECK_H

#include "base/error.h"
#include "base/slice.h"

MUST_CHECK int xarf_check(struct slice json, struct error *err);

#endif
