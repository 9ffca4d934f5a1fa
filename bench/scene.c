#include "scene.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

static const time_t BEGINS = 1795132800;  // 2026-11-20 00:00:00 UTC

static const char MONTHS[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

uint32_t scene_random(struct scene *scene, uint32_t below)
{
	uint64_t x = scene->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	scene->random = x;
	return (uint32_t)(((x * UINT64_C(2685821657736338717)) >> 32) * below >> 32);
}

bool scene_behind(const struct scene *scene)
{
	return scene->hostile * 100 < scene->lines * scene->share;
}

bool scene_is_spread(const struct scene *scene)
{
	return scene->sources > scene->wanted / 8;
}

uint32_t scene_source(struct scene *scene)
{
	uint64_t skew;

	if (scene_is_spread(scene) || scene_random(scene, 2)) {
		uint32_t source = scene->turn++;

		if (scene->turn == scene->sources)
			scene->turn = 0;
		return source;
	}
	skew = scene_random(scene, 1 << 16);
	skew = (skew * skew >> 16) * skew >> 16;
	return (uint32_t)(skew * scene->sources >> 16);
}

uint32_t scene_staff(struct scene *scene)
{
	return scene->sources + scene_random(scene, SCENE_STAFF);
}

static void source_write(const struct scene *scene, FILE *out, uint32_t number)
{
	static const char *const NETS[] = { "192.0.2", "198.51.100", "203.0.113" };
	uint32_t six;

	if (number >= scene->sources)
		fprintf(out, "203.0.113.%" PRIu32, 200 + number - scene->sources);
	else if (number < SCENE_IPV4)
		fprintf(out, "%s.%" PRIu32, NETS[number / 254], 1 + number % 254);
	else {
		six = number - SCENE_IPV4;
		fprintf(out, "2001:db8:%" PRIx32 ":%" PRIx32 "::%" PRIx32,
			1 + six / 65535, 1 + six % 65535,
			1 + (six * UINT32_C(2654435761) >> 20));
	}
}

static uint64_t elapsed_ms(const struct scene *scene)
{
	double part = (double)scene->lines / (double)scene->wanted;

	return (uint64_t)(part * (double)scene->span_ms);
}

static struct tm calendar(const struct scene *scene)
{
	time_t at = BEGINS + (time_t)(elapsed_ms(scene) / 1000);
	struct tm tm;

	gmtime_r(&at, &tm);
	return tm;
}

static void stamp_renew(struct scene *scene)
{
	uint64_t second = elapsed_ms(scene) / 1000 + 1;
	struct tm tm;

	if (second == scene->stamped_second)
		return;
	scene->stamped_second = second;
	tm = calendar(scene);
	if (scene->iso)
		strftime(scene->stamp, sizeof scene->stamp, "%Y-%m-%dT%H:%M:%S", &tm);
	else
		snprintf(scene->stamp, sizeof scene->stamp, "%s %2d %02d:%02d:%02d",
			 MONTHS[tm.tm_mon], tm.tm_mday, tm.tm_hour, tm.tm_min,
			 tm.tm_sec);
}

void scene_head(struct scene *scene)
{
	stamp_renew(scene);
	fputs(scene->stamp, scene->out);
	if (scene->iso)
		fprintf(scene->out, ".%03" PRIu64 "%03" PRIu32 "+00:00",
			elapsed_ms(scene) % 1000, scene_random(scene, 1000));
	fputs(" web1 ", scene->out);
}

static void access_stamp(struct scene *scene)
{
	struct tm tm = calendar(scene);

	fprintf(scene->out, "%02d/%s/%d:%02d:%02d:%02d +0000", tm.tm_mday,
		MONTHS[tm.tm_mon], 1900 + tm.tm_year, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void field_write(struct scene *scene, const struct actor *actor, char field)
{
	switch (field) {
	case 'A':
		source_write(scene, scene->out, actor->source);
		break;
	case 'P':
		fprintf(scene->out, "%" PRIu32, actor->port);
		break;
	case 'U':
		fputs(actor->user, scene->out);
		break;
	case 'N':
		fprintf(scene->out, "%" PRIu32, actor->pid);
		break;
	case 'd':
		fprintf(scene->out, "%" PRIu32, 1 + scene_random(scene, 9999));
		break;
	case 'e':
		fprintf(scene->out, "%" PRIu32, 1 + scene_random(scene, 249));
		break;
	case 'x':
		fprintf(scene->out, "%08" PRIx32, scene_random(scene, UINT32_MAX));
		break;
	case 'T':
		access_stamp(scene);
		break;
	default:
		putc(field, scene->out);
	}
}

void scene_say(struct scene *scene, const struct actor *actor, const char *text)
{
	const char *field;

	while ((field = strchr(text, '%')) != NULL) {
		fwrite(text, 1, (size_t)(field - text), scene->out);
		field_write(scene, actor, field[1]);
		text = field + 2;
	}
	fputs(text, scene->out);
	putc('\n', scene->out);
	scene->lines++;
}

void scene_count(struct scene *scene, uint32_t source)
{
	scene->truth[source]++;
	scene->hostile++;
}

int scene_write_truth(const struct scene *scene, const char *path)
{
	FILE *out = fopen(path, "w");

	if (out == NULL)
		return -1;
	for (uint32_t i = 0; i < scene->sources + SCENE_STAFF; i++) {
		if (scene->truth[i] == 0)
			continue;
		source_write(scene, out, i);
		fprintf(out, "\t%" PRIu32 "\n", scene->truth[i]);
	}
	return fclose(out);
}
