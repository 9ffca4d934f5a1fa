#include "event/rule_cache.h"

#include "check.h"
#include "event/matcher.h"
#include "event/rule.h"
#include "scratch.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct sha256 KEY = { { 1, 2, 3 } }, OTHER_KEY = { { 1, 2, 4 } };

/* --- the bytes -------------------------------------------------------------------------- */

static struct rules_known made(struct arena *arena)
{
	struct rules_known known = { .database = S("database") };
	struct known_expression first = { 0 }, second = { 0 };

	*LIST_ADD(arena, &known.literals) = S("sshd");
	*LIST_ADD(arena, &known.literals) = S("failed");
	*LIST_ADD(arena, &first.names) = (struct expression_name){ S("ip4"), 2 };
	*LIST_ADD(arena, &first.names) = (struct expression_name){ S("user"), 1 };
	*LIST_ADD(arena, &first.literals) = 1;
	*LIST_ADD(arena, &first.literals) = 0;
	*LIST_ADD(arena, &known.expressions) = first;
	*LIST_ADD(arena, &known.expressions) = second;
	return known;
}

static struct buffer written(const struct rules_known *known)
{
	struct buffer bytes;

	buffer_init(&bytes, 4096);
	rules_known_write(known, &KEY, &bytes);
	return bytes;
}

static void reads_what_it_wrote(void)
{
	struct arena *arena = arena_new();
	struct rules_known known = made(arena), read = { 0 };
	struct buffer bytes = written(&known), again;

	if (CHECK(rules_known_read(arena, buffer_slice(&bytes), &KEY, &read))) {
		CHECK(slices_equal(&read.literals, &known.literals));
		CHECK_INT(read.expressions.count, 2);
		CHECK_SLICE(read.expressions.at[0].names.at[1].name, S("user"));
		CHECK_INT(read.expressions.at[0].names.at[1].group, 1);
		CHECK_INT(read.expressions.at[0].literals.at[0], 1);
		CHECK_INT(read.expressions.at[1].names.count, 0);
		CHECK_SLICE(read.database, S("database"));
		again = written(&read);
		CHECK_SLICE(buffer_slice(&again), buffer_slice(&bytes));
		buffer_clear(&again);
	}
	CHECK(!rules_known_read(arena, buffer_slice(&bytes), &OTHER_KEY, &read));
	buffer_clear(&bytes);
	arena_free(arena);
}

static void refuses_damage_at_every_byte(void)
{
	struct arena *arena = arena_new();
	struct rules_known known = made(arena), read = { 0 };
	struct buffer bytes = written(&known);

	for (size_t i = 0; i < bytes.len; i++) {
		struct slice cut = slice_cut(buffer_slice(&bytes), 0, i);

		CHECK(!rules_known_read(arena, cut, &KEY, &read));
		bytes.at[i] ^= 1;
		CHECK(!rules_known_read(arena, buffer_slice(&bytes), &KEY, &read));
		bytes.at[i] ^= 1;
	}
	buffer_add_byte(&bytes, '\0');
	CHECK(!rules_known_read(arena, buffer_slice(&bytes), &KEY, &read));
	CHECK_INT(read.literals.count, 0);
	buffer_clear(&bytes);
	arena_free(arena);
}

/* One word or byte changed, and the digest made right again. */
static void refuses_each_field_that_is_wrong(void)
{
	enum { LITERALS = 44, EXPRESSIONS = LITERALS + 4 + 8 + 10 };
	enum { NAMES = EXPRESSIONS + 4, NUMBERS = NAMES + 4 + 11 + 12 };
	enum { DATABASE = NUMBERS + 4 + 8 + 8 };
	static const struct {
		size_t at;
		unsigned char byte;
		bool valid;
	} rows[] = {
		{ 0, 't', true }, /* nothing is changed */
		{ 0, 'x', false },
		{ 8, RULE_CACHE_FORMAT + 1, false },
		{ 12, 9, false }, /* the key */
		{ LITERALS, 3, false },
		{ LITERALS + 3, 0xff, false }, /* more than there are bytes */
		{ LITERALS + 4, 0, false }, /* an empty literal */
		{ LITERALS + 4 + 1, 2, false }, /* one that is too long */
		{ EXPRESSIONS, 1, false },
		{ EXPRESSIONS + 2, 1, false },
		{ NAMES, 3, false },
		{ NAMES + 4, 3, true }, /* another group */
		{ NAMES + 4 + 1, 2, false }, /* one beyond those there may be */
		{ NAMES + 8, 0, false }, /* an empty name */
		{ NAMES + 8, 200, false },
		{ NUMBERS, 200, false },
		{ NUMBERS + 4, 0, true },
		{ NUMBERS + 4, 2, false }, /* no such literal */
		{ DATABASE, 7, false }, /* a byte is left */
		{ DATABASE, 9, false },
	};
	struct arena *arena = arena_new();
	struct rules_known known = made(arena), read = { 0 };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buffer bytes = written(&known);
		size_t end = bytes.len - SHA256_BYTES;
		struct sha256 digest;

		bytes.at[rows[i].at] = (char)rows[i].byte;
		digest = sha256_of(slice_cut(buffer_slice(&bytes), 0, end));
		memcpy(bytes.at + end, digest.bytes, sizeof digest.bytes);
		if (!CHECK_INT(rules_known_read(arena, buffer_slice(&bytes), &KEY,
						&read),
			       rows[i].valid))
			printf("# row %zu\n", i);
		buffer_clear(&bytes);
	}
	arena_free(arena);
}

/* What no gate and no PCRE2 gives is not read back. */
static void refuses_what_is_empty(void)
{
	struct arena *arena = arena_new();

	for (int i = 0; i < 2; i++) {
		struct rules_known known = made(arena), read = { 0 };
		struct buffer bytes;

		if (i == 0)
			known.literals.at[1] = S("");
		else
			known.expressions.at[0].names.at[1].name = S("");
		bytes = written(&known);
		CHECK(!rules_known_read(arena, buffer_slice(&bytes), &KEY, &read));
		buffer_clear(&bytes);
	}
	arena_free(arena);
}

/* --- rules that are kept ------------------------------------------------------------------ */

static struct slice patterns[3], ignored[1];

struct ground {
	struct scratch scratch;
	struct filter filter;
};

static struct ground ground_new(void)
{
	patterns[0] = S("^\\s*\\S+ d: <F-USER>\\S+</F-USER> failed from <HOST>$");
	patterns[1] = S("^\\s*\\S+ (?:u=<F-ALT_USER>\\S+</F-ALT_USER>|"
			"v=<F-ALT_USER_1>\\S+</F-ALT_USER_1>) refused <HOST>$");
	patterns[2] = S("^\\s*\\S+ e: <F-USER>\\w{4}</F-USER> failed from <HOST>$");
	ignored[0] = S("^\\s*\\S+ d: friend failed");
	struct ground ground = {
		.scratch = scratch_new(),
		.filter = { .name = S("made"),
			    .path = S("made.conf"),
			    .failregex = { patterns, COUNT_OF(patterns), 0 },
			    .ignoreregex = { ignored, COUNT_OF(ignored), 0 },
			    .maxlines = 1 },
	};

	return ground;
}

static struct slice folder_of(const struct ground *ground)
{
	return scratch_path(&ground->scratch, "c");
}

/* Whether nothing had to be compiled. */
static bool is_hit(const struct ground *ground)
{
	struct error err = { 0 };
	struct rules *rules =
		rules_new_kept(&ground->filter, 1, folder_of(ground), &err);
	bool hit = rules != NULL && rules->known_used > 0;

	CHECK(rules != NULL);
	CHECK_TEXT(err.text, "");
	rules_free(rules);
	return hit;
}

/* The path of the one file of the folder; "" where there is none, or another one. */
static const char *kept_file(const struct ground *ground)
{
	static char path[800];
	DIR *dir = opendir(folder_of(ground).at);
	struct dirent *entry;
	size_t count = 0;

	path[0] = '\0';
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.' || strlen(entry->d_name) > 2)
			count++;
		if (entry->d_name[0] != '.')
			snprintf(path, sizeof path, "%s/%s", folder_of(ground).at,
				 entry->d_name);
	}
	if (dir != NULL)
		closedir(dir);
	if (count > 1)
		path[0] = '\0';
	return path;
}

static void the_second_time_nothing_is_compiled(void)
{
	struct ground ground = ground_new();

	CHECK(!is_hit(&ground));
	CHECK(kept_file(&ground)[0] != '\0');
	CHECK(is_hit(&ground));
	CHECK(is_hit(&ground));
	scratch_free(&ground.scratch);
}

static void no_folder_is_none(void)
{
	struct ground ground = ground_new();
	struct error err = { 0 };
	struct rules *rules = rules_new_kept(&ground.filter, 1, S(""), &err);

	CHECK(rules != NULL && rules->known_used == 0);
	rules_free(rules);
	rules = rules_new_kept(&ground.filter, 1, S("/proc/none/such"), &err);
	CHECK(rules != NULL && rules->known_used == 0);
	CHECK_TEXT(err.text, "");
	rules_free(rules);
	scratch_free(&ground.scratch);
}

static void whatever_is_compiled_makes_another_key(void)
{
	struct ground ground = ground_new();
	const struct filter first = ground.filter;
	struct slice prefix = S("^.*<F-CONTENT>.*</F-CONTENT>$");

	CHECK(!is_hit(&ground));
	ground.filter.name = S("other");
	CHECK(!is_hit(&ground));
	ground.filter = first;
	ground.filter.prefregex = prefix;
	CHECK(!is_hit(&ground));
	ground.filter = first;
	ground.filter.failregex.count = 1;
	CHECK(!is_hit(&ground));
	ground.filter.ignoreregex =
		(struct slices){ patterns + 1, 1, 0 }; /* the same in other lists */
	CHECK(!is_hit(&ground));
	ground.filter = first;
	ground.filter.datepattern = S("%Y");
	CHECK(!is_hit(&ground));
	ground.filter = first;
	ground.filter.maxlines = 2;
	CHECK(!is_hit(&ground));
	ground.filter = first;
	ground.filter.source_may_be_name = true;
	CHECK(!is_hit(&ground));
	ground.filter = first;
	CHECK(is_hit(&ground));
	scratch_free(&ground.scratch);
}

static void rename_to(const char *from, const char *to)
{
	CHECK_INT(rename(from, to), 0);
}

static void byte_change(const char *path, long at)
{
	FILE *file = fopen(path, "r+");
	int byte;

	CHECK(file != NULL);
	if (file == NULL)
		return;
	CHECK_INT(fseek(file, at, SEEK_SET), 0);
	byte = fgetc(file);
	CHECK_INT(fseek(file, at, SEEK_SET), 0);
	CHECK(fputc(byte ^ 1, file) != EOF);
	CHECK_INT(fclose(file), 0);
}

static void what_cannot_be_trusted_is_made_anew(void)
{
	struct ground ground = ground_new();
	const char *path;
	char other[600];

	CHECK(!is_hit(&ground));
	path = kept_file(&ground);
	snprintf(other, sizeof other, "%s/other", ground.scratch.path);
	byte_change(path, 60);
	CHECK(!is_hit(&ground));
	CHECK(is_hit(&ground));
	CHECK_INT(truncate(path, 50), 0);
	CHECK(!is_hit(&ground));
	CHECK(is_hit(&ground));
	CHECK_INT(truncate(path, 0), 0);
	CHECK(!is_hit(&ground));
	CHECK_INT(chmod(path, 0620), 0);
	CHECK(!is_hit(&ground));
	CHECK(is_hit(&ground));
	rename_to(path, other);
	CHECK_INT(symlink(other, path), 0);
	CHECK(!is_hit(&ground));
	CHECK(is_hit(&ground));
	CHECK_INT(truncate(path, RULE_CACHE_MAX_BYTES + 1), 0);
	CHECK(!is_hit(&ground));
	CHECK(is_hit(&ground));
	scratch_free(&ground.scratch);
}

/* Under the name of this set lies what belongs to another. */
static void what_belongs_to_others_is_made_anew(void)
{
	struct ground ground = ground_new();
	char first[800], second[800];

	CHECK(!is_hit(&ground));
	snprintf(first, sizeof first, "%s", kept_file(&ground));
	snprintf(second, sizeof second, "%s/x", ground.scratch.path);
	rename_to(first, second);
	ground.filter.failregex.count = 1;
	CHECK(!is_hit(&ground));
	rename_to(second, kept_file(&ground));
	CHECK(!is_hit(&ground));
	CHECK(is_hit(&ground));
	scratch_free(&ground.scratch);
}

static void a_folder_open_to_others_is_left_alone(void)
{
	struct ground ground = ground_new();

	CHECK(!is_hit(&ground));
	CHECK_INT(chmod(folder_of(&ground).at, 0755), 0);
	CHECK(!is_hit(&ground));
	CHECK_INT(chmod(folder_of(&ground).at, 0700), 0);
	CHECK(is_hit(&ground));
	CHECK_INT(unlink(kept_file(&ground)), 0);
	CHECK_INT(chmod(folder_of(&ground).at, 0755), 0);
	CHECK(!is_hit(&ground));
	CHECK_TEXT(kept_file(&ground), "");
	CHECK_INT(chmod(folder_of(&ground).at, 0500), 0);
	CHECK(!is_hit(&ground));
	if (geteuid() != 0)
		CHECK_TEXT(kept_file(&ground), "");
	CHECK_INT(chmod(folder_of(&ground).at, 0700), 0);
	scratch_free(&ground.scratch);
}

static void what_does_not_compile_is_not_kept(void)
{
	struct ground ground = ground_new();
	struct slice bad[] = { patterns[0], S("<HOST> (") };
	struct error plain = { 0 }, err = { 0 };

	ground.filter.failregex = (struct slices){ bad, 2, 0 };
	CHECK(rules_new(&ground.filter, 1, &plain) == NULL);
	for (size_t i = 0; i < 2; i++) {
		CHECK(rules_new_kept(&ground.filter, 1, folder_of(&ground), &err) ==
		      NULL);
		CHECK_TEXT(err.text, plain.text);
		CHECK_INT(err.kind, plain.kind);
		CHECK_TEXT(kept_file(&ground), "");
		error_clear(&err);
	}
	scratch_free(&ground.scratch);
}

static void many_may_keep_at_once(void)
{
	struct ground ground = ground_new();
	pid_t children[4];

	for (size_t i = 0; i < COUNT_OF(children); i++) {
		children[i] = fork();
		if (children[i] != 0)
			continue;
		(void)is_hit(&ground);
		_exit(0);
	}
	for (size_t i = 0; i < COUNT_OF(children); i++)
		CHECK_INT(waitpid(children[i], NULL, 0), children[i]);
	CHECK(kept_file(&ground)[0] != '\0');
	CHECK(is_hit(&ground));
	scratch_free(&ground.scratch);
}

/* --- what they match ---------------------------------------------------------------------- */

struct seen {
	bool hit;
	struct address source;
	char user[32];
};

static struct seen seen_by(const struct rules *rules, const struct zone *zone,
			   struct slice text)
{
	struct matcher_options options = { .zone = zone,
					   .written_at = INT64_C(1795000000000000) };
	struct arena *arena = arena_new();
	struct matcher *matcher = matcher_new(rules, &options);
	struct line line = { .text = text, .file = S("log") };
	struct event event = { 0 };
	struct seen seen = { .hit = matcher_line(matcher, arena, &line, &event) == 1 };

	seen.source = event.source;
	snprintf(seen.user, sizeof seen.user, SLICE_FMT, SLICE_ARG(event.user));
	matcher_free(matcher);
	arena_free(arena);
	return seen;
}

/* The first line that meets an expression may be ASCII, or not. */
static void matches_the_same(void)
{
	static const char *const lines[] = {
		"Nov 22 10:00:00 h d: J\xc3\xb6rg failed from 192.0.2.1",
		"Nov 22 10:00:00 h d: root failed from 192.0.2.2",
		"Nov 22 10:00:00 h d: friend failed from 192.0.2.3",
		"Nov 22 10:00:00 h d: \xff failed from 192.0.2.4",
		"Nov 22 10:00:00 h v=admin refused 2001:db8::5",
		"Nov 22 10:00:00 h nothing of this",
		"Nov 22 10:00:00 h e: J\xc3\xb6rg failed from 192.0.2.6", /* four letters */
	};
	struct ground ground = ground_new();
	struct error err = { 0 };
	struct zone *zone = zone_open(S("UTC"), &err);

	CHECK(!is_hit(&ground));
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct rules *kept =
			rules_new_kept(&ground.filter, 1, folder_of(&ground), &err);
		struct rules *plain = rules_new(&ground.filter, 1, &err);
		struct seen ours = seen_by(kept, zone, slice_of(lines[i]));
		struct seen theirs = seen_by(plain, zone, slice_of(lines[i]));

		CHECK(kept->known_used == 4 && plain->known_used == 0);
		CHECK_INT(ours.hit, theirs.hit);
		CHECK_INT(ours.hit, i != 2 && i != 5);
		CHECK(memcmp(&ours.source, &theirs.source, sizeof ours.source) == 0);
		CHECK_TEXT(ours.user, theirs.user);
		CHECK_TEXT(kept->fingerprint.text, plain->fingerprint.text);
		CHECK_INT(gate_count(kept->gate), gate_count(plain->gate));
		CHECK((kept->prefilter == NULL) == (plain->prefilter == NULL));
		rules_free(kept);
		rules_free(plain);
	}
	zone_free(zone);
	scratch_free(&ground.scratch);
}

int main(void)
{
	return CHECK_RUN(TEST(reads_what_it_wrote), TEST(refuses_damage_at_every_byte),
			 TEST(refuses_each_field_that_is_wrong),
			 TEST(refuses_what_is_empty),
			 TEST(the_second_time_nothing_is_compiled),
			 TEST(no_folder_is_none),
			 TEST(whatever_is_compiled_makes_another_key),
			 TEST(what_cannot_be_trusted_is_made_anew),
			 TEST(what_belongs_to_others_is_made_anew),
			 TEST(a_folder_open_to_others_is_left_alone),
			 TEST(what_does_not_compile_is_not_kept),
			 TEST(many_may_keep_at_once), TEST(matches_the_same));
}
