/* cli/print.h - text for people on standard output: escaped, aligned, coloured on a terminal.
 *
 * Only print_text()'s format and literals pass unescaped; every value that came from a
 * log, a server or a file goes through print_slice() or a table cell.                    */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "json/writer.h"

#include <stdio.h>

enum colour {
	COLOUR_NONE,
	COLOUR_STRONG,
	COLOUR_RED,
	COLOUR_YELLOW,
	COLOUR_GREEN,
	COLOUR_FAINT
};

struct printer {
	FILE *file;
	bool coloured;
	unsigned width; /* columns of the terminal, 80 where unknown */
};

void printer_init(struct printer *printer, FILE *file, bool may_colour);
void print_text(struct printer *printer, const char *format, ...) PRINTF(2, 3);
void print_slice(struct printer *printer, struct slice untrusted);
void print_lines(struct printer *printer, struct slice untrusted); /* keeps newlines  */
void print_colour(struct printer *printer, enum colour colour); /* NONE ends it    */
/* A JSON value as one line (JSON Lines). */
void print_json(struct printer *printer, struct buffer *json);
/* The same where many follow at once: they wait in `json` until they fill a block, the
 * last ones for print_json_rest().                                                     */
void print_json_next(struct printer *printer, struct buffer *json);
void print_json_rest(struct printer *printer, struct buffer *json);
/* -1 where standard output could not be written. */
MUST_CHECK int print_finish(struct printer *printer, struct error *err);

/* Rows of cells, aligned when printed; the last column is cut to the terminal's width. */
struct table_cell {
	struct slice text; /* untrusted */
	enum colour colour;
};
enum { TABLE_COLUMNS_MAX = 12 };
struct table {
	struct arena *arena;
	const char *const *titles;
	size_t columns;
	struct table_cell *at;
	size_t count, room;
	bool right[TABLE_COLUMNS_MAX]; /* numbers stand right */
	size_t widths[TABLE_COLUMNS_MAX]; /* of what was measured */
};
void table_init(struct table *table, struct arena *arena, const char *const *titles,
		size_t columns);
void table_add(struct table *table, struct slice cell, enum colour colour);
void table_print(struct table *table, struct printer *printer);
/* The same in steps, where all rows at once are too many: all of them are measured (the
 * rows forgotten and the arena reset between), then made again and printed.              */
void table_measure(struct table *table);
void table_clear(struct table *table); /* forgets the rows, not the widths */
void table_print_titles(const struct table *table, struct printer *printer);
void table_print_rows(const struct table *table, struct printer *printer);

/* A bar on standard error once a second has passed, on a terminal only. */
struct progress {
	const char *what;
	int64_t started_at, shown_at;
	char note[96]; /* stands behind the numbers; may be empty */
	bool on, shown;
};
void progress_init(struct progress *progress, const char *what, bool quiet);
void progress_show(struct progress *progress, uint64_t done, uint64_t whole);
void progress_hide(struct progress *progress); /* until it is shown again */
void progress_end(struct progress *progress);

#endif
