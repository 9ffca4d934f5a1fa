#include "os/seats.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct seats {
	int fd;
};

struct seats *seats_open(const char *path, struct error *err)
{
	struct seats *seats = calloc(1, sizeof *seats);

	if (!seats)
		abort();
	seats->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (seats->fd < 0) {
		error_system(err, errno, "'%s'", path);
		free(seats);
		return NULL;
	}
	return seats;
}

void seats_close(struct seats *seats)
{
	if (!seats)
		return;
	close(seats->fd);
	free(seats);
}

/* A kind's places are bytes of the file that nobody ever writes. Kinds that share them by
 * chance would only be slower. FNV-1a.                                                  */
static off_t place_of(struct slice kind, unsigned seat)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < kind.len; i++)
		hash = (hash ^ (unsigned char)kind.at[i]) * UINT64_C(0x100000001b3);
	return (off_t)((hash >> 16) * SEATS_MOST + seat);
}

static bool lock(const struct seats *seats, struct slice kind, unsigned seat, short how)
{
	struct flock place = { .l_type = how,
			       .l_whence = SEEK_SET,
			       .l_start = place_of(kind, seat),
			       .l_len = 1 };

	return fcntl(seats->fd, F_OFD_SETLK, &place) == 0;
}

bool seats_take(struct seats *seats, struct slice kind, unsigned count, uint64_t *taken)
{
	for (unsigned seat = 0; seat < count && seat < SEATS_MOST; seat++) {
		uint64_t bit = UINT64_C(1) << seat;

		if (*taken & bit || (seats && !lock(seats, kind, seat, F_WRLCK)))
			continue;
		*taken |= bit;
		return true;
	}
	return false;
}

void seats_leave(struct seats *seats, struct slice kind, uint64_t *taken)
{
	for (unsigned seat = 0; seat < SEATS_MOST; seat++) {
		uint64_t bit = UINT64_C(1) << seat;

		if (!(*taken & bit))
			continue;
		if (seats)
			(void)lock(seats, kind, seat, F_UNLCK);
		*taken &= ~bit;
		return;
	}
}
