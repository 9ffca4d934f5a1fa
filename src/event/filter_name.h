/* event/filter_name.h - the name of a filter with its parameters, as jails write it.
 *
 *   name [ "[" key "=" value *( "," key "=" value ) "]" *( "[" ... "]" ) ]
 *   value = "in double quotes" / 'in single quotes' / plain, without , and ]
 * Keys are letters, digits and _ - . ; blanks around keys and values are dropped; of a
 * key given twice the last counts.                                                    */
#ifndef EVENT_FILTER_NAME_H
#define EVENT_FILTER_NAME_H

#include "base/arena.h"
#include "base/error.h"
#include "conf/ini_set.h"

enum { FILTER_PARAMETERS_MAX = 64 };

/* Slices borrow from `text`. ERROR_SYNTAX says what was expected where. */
MUST_CHECK int filter_name_parse(struct arena *arena, struct slice text,
				 struct slice *name, struct ini_vars *parameters,
				 struct error *err);

#endif
