#include "proxy/absence.h"

#include <stdlib.h>
#include <string.h>

/* More of them at once make the oldest forgotten, which costs a question. */
enum { ABSENCES_MAX = 32, HOST_MAX = 253 };

struct absence {
	char host[HOST_MAX];
	size_t len;
	int64_t until;
};
struct absences {
	struct absence at[ABSENCES_MAX];
};

struct absences *absences_new(void)
{
	struct absences *absences = calloc(1, sizeof *absences);

	if (!absences)
		abort();
	return absences;
}

void absences_free(struct absences *absences)
{
	free(absences);
}

static struct slice host_of(const struct absence *absence)
{
	return (struct slice){ absence->host, absence->len };
}

void absence_note(struct absences *absences, struct slice host, int64_t now)
{
	struct absence *place = &absences->at[0];

	if (host.len == 0 || host.len > HOST_MAX)
		return;
	for (size_t i = 0; i < ABSENCES_MAX; i++) {
		struct absence *absence = &absences->at[i];

		if (slice_equal_nocase(host_of(absence), host)) {
			place = absence;
			break;
		}
		if (absence->until < place->until)
			place = absence;
	}
	memcpy(place->host, host.at, host.len);
	place->len = host.len;
	place->until = now + ABSENCE_US;
}

static bool is_absent(const struct absences *absences, struct slice host, int64_t now)
{
	for (size_t i = 0; i < ABSENCES_MAX; i++) {
		const struct absence *absence = &absences->at[i];

		/* noted in the future: the clock was set back */
		if (absence->len && slice_equal_nocase(host_of(absence), host))
			return now < absence->until &&
			       absence->until - now <= ABSENCE_US;
	}
	return false;
}

struct slice absence_among(const struct absences *absences, struct slice servers,
			   int64_t now)
{
	struct slice host;

	while (slice_next(&servers, ',', &host)) {
		host = slice_trim(host);
		if (is_absent(absences, host, now))
			return host;
	}
	return (struct slice){ NULL, 0 };
}
