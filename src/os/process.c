#include "os/process.h"

#include "base/buffer.h"
#include "base/cursor.h"
#include "os/file.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BOOT_LEN = 36, NAMESPACE_MAX = 40, STAT_MAX = 4096, NUMBER_MAX = 1 << 30 };

/* "BOOT NAMESPACE ": what numbers of processes are relative to. */
static void scope_write(char *out, size_t size)
{
	char boot[BOOT_LEN + 1] = "unknown", space[NAMESPACE_MAX] = "unknown";
	struct buffer text;
	struct error ignored;
	ssize_t len;

	buffer_init(&text, STAT_MAX);
	if (file_read("/proc/sys/kernel/random/boot_id", &text, &ignored) == 0)
		snprintf(boot, sizeof boot, SLICE_FMT,
			 SLICE_ARG(slice_trim(buffer_slice(&text))));
	buffer_clear(&text);
	len = readlink("/proc/self/ns/pid", space, sizeof space - 1);
	if (len > 0)
		space[len] = '\0';
	snprintf(out, size, "%s %s ", boot, space);
}

/* Field 22 of /proc/PID/stat; the second is "(name)", and a name may hold anything. */
static uint64_t start_of(uint64_t pid)
{
	char path[64];
	struct buffer text;
	struct error ignored;
	struct slice rest, field;
	uint64_t start = 0;

	snprintf(path, sizeof path, "/proc/%llu/stat", (unsigned long long)pid);
	buffer_init(&text, STAT_MAX);
	if (file_read(path, &text, &ignored) == 0) {
		rest = buffer_slice(&text);
		rest = slice_from(rest, (size_t)(slice_find_last_byte(rest, ')') + 2));
		for (int i = 3; i <= 22 && slice_next(&rest, ' ', &field); i++)
			if (i == 22 && slice_to_u64(field, UINT64_MAX, &start) != 0)
				start = 0;
	}
	buffer_clear(&text);
	return start;
}

struct process_text process_self(void)
{
	struct process_text self;
	char scope[PROCESS_TEXT_MAX - 44];
	uint64_t pid = (uint64_t)getpid();

	scope_write(scope, sizeof scope);
	snprintf(self.text, sizeof self.text, "%s%llu %llu", scope,
		 (unsigned long long)pid, (unsigned long long)start_of(pid));
	return self;
}

enum process_state process_look(struct slice text)
{
	char scope[PROCESS_TEXT_MAX - 44];
	struct cursor cursor = cursor_of(text);
	uint64_t pid, start;

	scope_write(scope, sizeof scope);
	if (!cursor_try(&cursor, slice_of(scope)))
		return PROCESS_UNKNOWN;
	pid = cursor_u64(&cursor, NUMBER_MAX);
	cursor_literal(&cursor, S(" "));
	start = cursor_u64(&cursor, INT64_MAX);
	if (cursor.failed || pid == 0)
		return PROCESS_UNKNOWN;
	if (kill((pid_t)pid, 0) != 0 && errno == ESRCH)
		return PROCESS_GONE;
	return start_of(pid) == start ? PROCESS_RUNS : PROCESS_GONE;
}

struct process_text process_program(void)
{
	struct process_text program = { "" };
	struct stat st;

	if (stat("/proc/self/exe", &st) == 0)
		(void)snprintf(program.text, sizeof program.text,
			       "%llx %llx %llx %llx.%lx %llx.%lx",
			       (unsigned long long)st.st_dev,
			       (unsigned long long)st.st_ino,
			       (unsigned long long)st.st_size,
			       (unsigned long long)st.st_mtim.tv_sec,
			       (unsigned long)st.st_mtim.tv_nsec,
			       (unsigned long long)st.st_ctim.tv_sec,
			       (unsigned long)st.st_ctim.tv_nsec);
	return program;
}
