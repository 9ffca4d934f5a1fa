/* report/subject.h - "SSH login attack from 203.0.113.77, 2026-11-21 02:14 UTC [TK7Q2]". */
#ifndef REPORT_SUBJECT_H
#define REPORT_SUBJECT_H

#include "report/facts.h"

/* "SSH login attack", "Port scan", "SSH login attacks", "Attacks". */
struct slice subject_kind(struct arena *arena, const struct report_request *request,
			  const struct facts *facts);
struct slice subject_text(struct arena *arena, const struct report_request *request,
			  const struct facts *facts);

#endif
