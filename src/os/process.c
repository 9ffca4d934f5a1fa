#include "os/process.h"

#include "base/buffer.h"
#include "base/cursor.h"
#include "os/file.h"

#include <errno.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
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

/* The note that the linker made of the program's content. */
static bool build_read(const char *at, size_t size, struct process_text *out)
{
	static const char digits[] = "0123456789abcdef";
	const size_t head = sizeof(ElfW(Nhdr));
	ElfW(Nhdr) note;

	while (size >= head) {
		memcpy(&note, at, head);
		size_t name = (note.n_namesz + 3U) & ~3U,
		       id = (note.n_descsz + 3U) & ~3U;
		const unsigned char *bytes = (const unsigned char *)at + head + name;

		if (name > size - head || id > size - head - name)
			return false;
		if (note.n_type == NT_GNU_BUILD_ID && name == 4 &&
		    memcmp(at + head, "GNU", 4) == 0 &&
		    note.n_descsz < sizeof out->text / 2) {
			for (size_t i = 0; i < note.n_descsz; i++) {
				out->text[2 * i] = digits[bytes[i] >> 4];
				out->text[2 * i + 1] = digits[bytes[i] & 15];
			}
			return true;
		}
		at += head + name + id;
		size -= head + name + id;
	}
	return false;
}

/* The first object is the program itself. */
static int object_look(struct dl_phdr_info *object, size_t size, void *out)
{
	(void)size;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];

		if (part->p_type == PT_NOTE &&
		    build_read((const char *)(object->dlpi_addr + part->p_vaddr),
			       part->p_memsz, out))
			break;
	}
	return 1;
}

struct process_text process_program(void)
{
	struct process_text program = { "" };

	dl_iterate_phdr(object_look, &program);
	return program;
}
