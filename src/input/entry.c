#include "input/entry.h"

#include "base/clock.h"
#include "input/line.h"

#include <inttypes.h>

enum { WORD_MAX = 256 };
static const uint64_t time_max_us = UINT64_C(253402300799) * 1000000;

void entry_init(struct entry *entry)
{
	*entry = (struct entry){ 0 };
	buffer_init(&entry->host, WORD_MAX);
	buffer_init(&entry->identifier, WORD_MAX);
	buffer_init(&entry->command, WORD_MAX);
	buffer_init(&entry->syslog_pid, WORD_MAX);
	buffer_init(&entry->pid, WORD_MAX);
	buffer_init(&entry->message, LINE_MAX_BYTES + 1);
}

enum { BUFFERS = 6 };

static struct buffer *buffer_of(struct entry *entry, size_t which)
{
	struct buffer *all[BUFFERS] = { &entry->host,    &entry->identifier,
					&entry->command, &entry->syslog_pid,
					&entry->pid,     &entry->message };

	return all[which];
}

void entry_clear(struct entry *entry)
{
	for (size_t i = 0; i < BUFFERS; i++)
		buffer_clear(buffer_of(entry, i));
}

void entry_reset(struct entry *entry)
{
	for (size_t i = 0; i < BUFFERS; i++)
		buffer_reset(buffer_of(entry, i));
	entry->has_message = false;
	entry->at = entry->source_at = 0;
	entry->monotonic = entry->source_monotonic = 0;
}

static bool is_host_byte(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_';
}

static bool is_identifier_byte(char c)
{
	return ascii_is_print(c) && c != ' ' && c != '[' && c != ']' && c != ':';
}

/* The first value of a field counts, and all of it that fits. */
static void word_set(struct buffer *word, struct slice value, bool (*is)(char))
{
	if (word->len > 0)
		return;
	value = slice_cut(value, 0, WORD_MAX);
	for (size_t i = 0; i < value.len; i++)
		buffer_add_byte(word, is(value.at[i]) ? value.at[i] : '_');
}

/* Filled to the brim: the line is over its maximum, whatever stands before it. */
void entry_message_too_long(struct entry *entry)
{
	const struct slice full = S("................................");

	entry->has_message = true;
	buffer_reset(&entry->message);
	while (entry->message.len <= LINE_MAX_BYTES - full.len)
		buffer_add(&entry->message, full);
	buffer_add_byte(&entry->message, '.');
}

static void message_add(struct entry *entry, struct slice value)
{
	struct buffer *message = &entry->message;

	if (entry->has_message)
		buffer_add_byte(message, ' ');
	entry->has_message = true;
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '\n')
			buffer_add(message, S("\\n"));
		else if (value.at[i] == '\r')
			buffer_add(message, S("\\r"));
		else
			buffer_add_byte(message, value.at[i]);
	}
	if (message->failed)
		entry_message_too_long(entry);
}

static void time_set(uint64_t *at, struct slice value)
{
	uint64_t time;

	if (*at == 0 && slice_to_u64(value, time_max_us, &time) == 0)
		*at = time;
}

void entry_field(struct entry *entry, struct slice name, struct slice value)
{
	if (slice_equal(name, S("MESSAGE")))
		message_add(entry, value);
	else if (slice_equal(name, S("_HOSTNAME")))
		word_set(&entry->host, value, is_host_byte);
	else if (slice_equal(name, S("SYSLOG_IDENTIFIER")))
		word_set(&entry->identifier, value, is_identifier_byte);
	else if (slice_equal(name, S("_COMM")))
		word_set(&entry->command, value, is_identifier_byte);
	else if (slice_equal(name, S("SYSLOG_PID")))
		word_set(&entry->syslog_pid, value, ascii_is_digit);
	else if (slice_equal(name, S("_PID")))
		word_set(&entry->pid, value, ascii_is_digit);
	else if (slice_equal(name, S("_SOURCE_REALTIME_TIMESTAMP")))
		time_set(&entry->source_at, value);
	else if (slice_equal(name, S("__REALTIME_TIMESTAMP")))
		time_set(&entry->at, value);
	else if (slice_equal(name, S("_SOURCE_MONOTONIC_TIMESTAMP")))
		time_set(&entry->source_monotonic, value);
	else if (slice_equal(name, S("__MONOTONIC_TIMESTAMP")))
		time_set(&entry->monotonic, value);
}

static void stamp_add(struct buffer *out, uint64_t at)
{
	struct civil civil = civil_of((int64_t)at);

	buffer_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ ", civil.year,
		      civil.month, civil.day, civil.hour, civil.minute, civil.second,
		      civil.microsecond);
}

static void writer_add(const struct entry *entry, struct buffer *out)
{
	struct slice writer = buffer_slice(&entry->identifier);
	struct slice pid = buffer_slice(&entry->syslog_pid);
	uint64_t uptime =
		entry->source_monotonic ? entry->source_monotonic : entry->monotonic;

	if (writer.len == 0)
		writer = buffer_slice(&entry->command);
	if (writer.len == 0)
		writer = S("unknown");
	if (pid.len == 0)
		pid = buffer_slice(&entry->pid);
	buffer_add(out, writer);
	if (pid.len > 0)
		buffer_printf(out, "[" SLICE_FMT "]", SLICE_ARG(pid));
	buffer_add(out, S(": "));
	if (slice_equal(writer, S("kernel")) && pid.len == 0)
		buffer_printf(out, "[%5" PRIu64 ".%06" PRIu64 "] ", uptime / 1000000,
			      uptime % 1000000);
}

bool entry_line(const struct entry *entry, struct buffer *out)
{
	uint64_t at = entry->source_at ? entry->source_at : entry->at;

	if (at == 0 || !entry->has_message)
		return false;
	stamp_add(out, at);
	if (entry->host.len > 0) {
		buffer_add(out, buffer_slice(&entry->host));
		buffer_add_byte(out, ' ');
	}
	writer_add(entry, out);
	buffer_add(out, buffer_slice(&entry->message));
	buffer_add_byte(out, '\n');
	return true;
}
