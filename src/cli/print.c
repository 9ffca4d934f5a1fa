#include "cli/print.h"

#include "base/error.h"
#include "base/escape.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { CELL_MAX_BYTES = 4096, LAST_COLUMN_MIN = 24, JSON_BLOCK = 128 * 1024 };

static unsigned terminal_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	return 80;
}

void printer_init(struct printer *printer, FILE *file, bool may_colour)
{
	bool terminal = isatty(fileno(file));
	const char *no_color = getenv("NO_COLOR");

	printer->file = file;
	printer->coloured = may_colour && terminal && (!no_color || !no_color[0]);
	printer->width = terminal ? terminal_width(fileno(file)) : 0;
}

void print_text(struct printer *printer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(printer->file, format, args);
	va_end(args);
}

void print_slice(struct printer *printer, struct slice untrusted)
{
	struct buffer out;

	buffer_init(&out, SIZE_MAX / 4);
	escape_terminal(&out, untrusted);
	if (out.len)
		fwrite(out.at, 1, out.len, printer->file);
	buffer_clear(&out);
}

void print_lines(struct printer *printer, struct slice untrusted)
{
	struct slice line;

	if (untrusted.len && untrusted.at[untrusted.len - 1] == '\n')
		untrusted.len--;
	while (slice_next(&untrusted, '\n', &line)) {
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		print_slice(printer, line);
		fputc('\n', printer->file);
	}
}

void print_colour(struct printer *printer, enum colour colour)
{
	static const char *const codes[] = {
		"\033[0m", "\033[1m", "\033[31m", "\033[33m", "\033[32m", "\033[2m",
	};

	if (printer->coloured)
		fputs(codes[colour], printer->file);
}

void print_json_rest(struct printer *printer, struct buffer *json)
{
	if (json->len)
		fwrite(json->at, 1, json->len, printer->file);
	buffer_reset(json);
}

void print_json_next(struct printer *printer, struct buffer *json)
{
	buffer_add_byte(json, '\n');
	if (json->len >= JSON_BLOCK)
		print_json_rest(printer, json);
}

void print_json(struct printer *printer, struct buffer *json)
{
	buffer_add_byte(json, '\n');
	print_json_rest(printer, json);
}

int print_finish(struct printer *printer, struct error *err)
{
	if (fflush(printer->file) != 0 || ferror(printer->file))
		return error_system(err, errno, "standard output cannot be written");
	return 0;
}

void table_init(struct table *table, struct arena *arena, const char *const *titles,
		size_t columns)
{
	*table = (struct table){ .arena = arena, .titles = titles, .columns = columns };
}

void table_add(struct table *table, struct slice cell, enum colour colour)
{
	struct buffer escaped;

	cell = slice_cut(cell, 0, CELL_MAX_BYTES / 8);
	buffer_init(&escaped, CELL_MAX_BYTES);
	if (escape_is_needed(cell)) {
		escape_terminal(&escaped, cell);
		cell = buffer_slice(&escaped);
	}
	*LIST_ADD(table->arena, table) =
		(struct table_cell){ arena_copy(table->arena, cell), colour };
	buffer_clear(&escaped);
}

/* Characters, not bytes: every character that passes the escaper takes one column, wide
 * ones aside, which only push their own row.                                          */
static size_t columns_of(struct slice text)
{
	size_t columns = 0;

	for (size_t i = 0; i < text.len; i++)
		columns += ((unsigned char)text.at[i] & 0xc0) != 0x80;
	return columns;
}

/* The front of `text` that fits, with a mark that there was more. */
static struct slice cut_to(struct arena *arena, struct slice text, size_t columns)
{
	size_t seen = 0;
	struct slice front = text;

	if (columns_of(text) <= columns)
		return text;
	for (size_t i = 0; i < text.len && front.len == text.len; i++)
		if (((unsigned char)text.at[i] & 0xc0) != 0x80 && seen++ == columns - 3)
			front = slice_cut(text, 0, i);
	return arena_printf(arena, SLICE_FMT "...", SLICE_ARG(front));
}

static void pad(struct printer *printer, size_t columns)
{
	fprintf(printer->file, "%*s", (int)columns, "");
}

static void cell_print(struct printer *printer, const struct table_cell *cell,
		       size_t width, bool right, bool last)
{
	size_t used = columns_of(cell->text);

	if (right && used < width)
		pad(printer, width - used);
	if (cell->colour != COLOUR_NONE)
		print_colour(printer, cell->colour);
	if (cell->text.len)
		fwrite(cell->text.at, 1, cell->text.len, printer->file);
	if (cell->colour != COLOUR_NONE)
		print_colour(printer, COLOUR_NONE);
	if (!right && !last && used < width)
		pad(printer, width - used);
	fputs(last ? "\n" : "  ", printer->file);
}

static void row_print(const struct table *table, struct printer *printer,
		      const struct table_cell *row)
{
	size_t used = 0, columns = table->columns;

	while (columns > 1 && !row[columns - 1].text.len)
		columns--; /* no blanks at the end of a line */
	for (size_t c = 0; c < columns; c++) {
		struct table_cell cell = row[c];
		bool last = c + 1 == columns;

		/* so little of it would say nothing: let the terminal wrap it */
		if (c + 1 == table->columns && printer->width >= used + LAST_COLUMN_MIN)
			cell.text =
				cut_to(table->arena, cell.text, printer->width - used);
		cell_print(printer, &cell, table->widths[c], table->right[c], last);
		used += table->widths[c] + 2;
	}
}

void table_clear(struct table *table)
{
	table->at = NULL;
	table->count = table->room = 0;
}

static void width_raise(struct table *table, size_t column, size_t width)
{
	if (width > table->widths[column])
		table->widths[column] = width;
}

void table_measure(struct table *table)
{
	size_t columns = table->columns;

	for (size_t c = 0; c < columns; c++)
		width_raise(table, c, strlen(table->titles[c]));
	for (size_t row = 0; row + columns <= table->count; row += columns)
		for (size_t c = 0; c < columns; c++)
			width_raise(table, c, columns_of(table->at[row + c].text));
}

void table_print_titles(const struct table *table, struct printer *printer)
{
	struct table_cell titles[TABLE_COLUMNS_MAX];

	for (size_t c = 0; c < table->columns; c++)
		titles[c] = (struct table_cell){ slice_of(table->titles[c]),
						 COLOUR_STRONG };
	row_print(table, printer, titles);
}

void table_print_rows(const struct table *table, struct printer *printer)
{
	for (size_t i = 0; i + table->columns <= table->count; i += table->columns)
		row_print(table, printer, table->at + i);
}

void table_print(struct table *table, struct printer *printer)
{
	table_measure(table);
	table_print_titles(table, printer);
	table_print_rows(table, printer);
}

void progress_init(struct progress *progress, const char *what, bool quiet)
{
	struct clock real = { 0 };

	*progress = (struct progress){ .what = what,
				       .started_at = clock_now(&real),
				       .on = !quiet && isatty(STDERR_FILENO) };
}

void progress_show(struct progress *progress, uint64_t done, uint64_t whole)
{
	struct clock real = { 0 };
	int64_t now;

	if (!progress->on)
		return;
	now = clock_now(&real);
	if (now - progress->started_at < SECOND_US ||
	    now - progress->shown_at < SECOND_US / 10)
		return;
	progress->shown_at = now;
	progress->shown = true;
	if (whole)
		fprintf(stderr,
			"\r%s: %" PRIu64 " of %" PRIu64 " (%" PRIu64 " %%)%s\033[K",
			progress->what, done, whole, done * 100 / whole,
			progress->note);
	else
		fprintf(stderr, "\r%s: %" PRIu64 "%s\033[K", progress->what, done,
			progress->note);
}

void progress_hide(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
	progress->shown_at = 0;
}

void progress_end(struct progress *progress)
{
	progress_hide(progress);
	progress->on = false;
}
