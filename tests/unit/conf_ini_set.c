#include "conf/ini_set.h"
#include "base/buffer.h"
#include "check.h"
#include "scratch.h"

/* Files as "NAME", "TEXT" pairs up to a NULL. */
struct row {
	const char *files[13];
	const char *section, *name;
	const char *value; /* NULL: absent */
	const char *message; /* the end of the error's text; NULL: none */
};

static void check_value(const struct row *row, const struct ini_set *set)
{
	struct slice value;
	struct error err = { 0 };
	int found = ini_set_get(set, slice_of(row->section), slice_of(row->name), NULL,
				&value, &err);

	if (row->message) {
		CHECK_INT(found, -1);
		if (!CHECK(slice_ends(slice_of(err.text), slice_of(row->message))))
			CHECK_TEXT(err.text, row->message);
		return;
	}
	CHECK_INT(found, row->value ? 1 : 0);
	if (found == 1)
		CHECK_SLICE(value, slice_of(row->value));
	else
		CHECK_TEXT(err.text, "");
}

static void run(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct scratch scratch = scratch_new();
		struct arena *arena = arena_new();
		struct ini_set set;
		struct error err = { 0 };

		for (size_t j = 0; rows[i].files[j]; j += 2)
			scratch_write(&scratch, rows[i].files[j], rows[i].files[j + 1]);
		if (ini_set_read(arena, scratch_path(&scratch, "x"), &set, &err))
			CHECK_TEXT(err.text, "");
		else
			check_value(&rows[i], &set);
		arena_free(arena);
		scratch_free(&scratch);
	}
}
#define RUN(rows) run((rows), COUNT_OF(rows))

static void expands(void)
{
	static const struct row rows[] = {
		{ { "x.conf", "[a]\nv = 1%%2\n" }, "a", "v", "1%2", NULL },
		{ { "x.conf", "[a]\nv = %(w)s%(W)s\nw = <>\n" },
		  "a",
		  "v",
		  "<><>",
		  NULL },
		{ { "x.conf", "[DEFAULT]\nw = d\n[a]\nv = %(w)s\n" },
		  "a",
		  "v",
		  "d",
		  NULL },
		{ { "x.conf", "[DEFAULT]\nw = d\n[a]\nv = %(w)s\nw = own\n" },
		  "a",
		  "v",
		  "own",
		  NULL },
		{ { "x.conf", "[a]\nv = %(__name__)s\n" }, "a", "v", "a", NULL },
		{ { "x.conf", "[a]\nv = %(b/w)s\n[b]\nw = %(u)s\nu = b\n[DEFAULT]\n"
			      "u = d\n" },
		  "a",
		  "v",
		  "d",
		  NULL },
		{ { "x.conf", "[a]\nv = %(b/u)s\n[b]\n[DEFAULT]\nu = d\n" },
		  "a",
		  "v",
		  "d",
		  NULL },
		{ { "x.conf", "[a]\nv = %(default/u)s\nu = a\n[DEFAULT]\nu = d\n" },
		  "a",
		  "v",
		  "d",
		  NULL },
		{ { "x.conf", "[a]\nv = %(b/u)s\n[DEFAULT]\nu = d\n" },
		  "a",
		  "v",
		  NULL,
		  "x.conf:2: 'v': 'b/u' is referred to by %(...)s and defined nowhere: "
		  "define it, or write %% for a percent sign" },
		{ { "x.conf", "[a]\nv = %(v)s\n" },
		  "a",
		  "v",
		  NULL,
		  "x.conf:2: 'v': 'v' refers to itself" },
		{ { "x.conf", "[a]\nv = %(w)s\nw = %(V)s\n" },
		  "a",
		  "v",
		  NULL,
		  "x.conf:2: 'v': 'V' refers to itself" },
		{ { "x.conf", "[a]\n\nv = 100% x\n" },
		  "a",
		  "v",
		  NULL,
		  "x.conf:3: 'v': '% x' has a percent sign alone: write %% for one" },
		{ { "x.conf", "[a]\nv = %(w\n" },
		  "a",
		  "v",
		  NULL,
		  "x.conf:2: 'v': '%(w' is a reference cut short: write %(name)s" },
		{ { "x.conf", "[a]\nv = %()s\n" },
		  "a",
		  "v",
		  NULL,
		  "x.conf:2: 'v': '%()s' is a reference cut short: write %(name)s" },
		{ { "x.conf", "[a]\n" }, "a", "v", NULL, NULL },
		{ { "x.conf", "[DEFAULT]\nv = d\n" }, "a", "v", NULL, NULL },
		{ { "x.conf", "[DEFAULT]\nv = d\n" }, "DEFAULT", "v", "d", NULL },
	};

	RUN(rows);
}

#define CHAIN                                                                     \
	"[a]\nv = %(b)s\nb = %(c)s\nc = %(d)s\nd = %(e)s\ne = %(f)s\nf = %(g)s\n" \
	"g = %(h)s\nh = %(i)s\ni = %(j)s\n"

static void ten_deep(void)
{
	static const struct row rows[] = {
		{ { "x.conf", CHAIN "j = %%\n" }, "a", "v", "%", NULL },
		{ { "x.conf", CHAIN "j = %(k)s\nk = end\n" }, "a", "v", "end", NULL },
		{ { "x.conf", CHAIN "j = %(k)s\nk = %%\n" },
		  "a",
		  "v",
		  NULL,
		  "'k' is the 11th reference inside one another (10 allowed)" },
	};

	RUN(rows);
}

static void layers_files(void)
{
	static const struct row rows[] = {
		{ { "x.conf", "[a]\nv = 1\n", "x.d/b.conf", "[a]\nv = 3\n",
		    "x.d/a.conf", "[a]\nv = 2\n" },
		  "a",
		  "v",
		  "3",
		  NULL },
		{ { "x.conf", "[a]\nv = 1\n", "x.d/b.conf", "[a]\nv = 2\n", "x.local",
		    "[a]\nv = 3\n" },
		  "a",
		  "v",
		  "3",
		  NULL },
		{ { "x.local", "[a]\nv = 3\n", "x.d/a.local", "[a]\nv = 4\n" },
		  "a",
		  "v",
		  "4",
		  NULL },
		{ { "x.conf", "[a]\nv = 1\n", "x.d/.hidden.conf", "[a]\nv = 2\n",
		    "x.d/a.txt", "[a]\nv = 2\n" },
		  "a",
		  "v",
		  "1",
		  NULL },
		{ { "x.conf", "[INCLUDES]\nbefore=b.conf\nafter=c.conf\n[a]\nw=x\n",
		    "b.conf", "[a]\nv = b\nw = b\nu = b\n", "c.conf", "[a]\nw = c\n" },
		  "a",
		  "w",
		  "c",
		  NULL },
		{ { "x.conf", "[INCLUDES]\nbefore = b.conf\n[a]\nv = x\n", "b.conf",
		    "[a]\nv = b\n" },
		  "a",
		  "v",
		  "x",
		  NULL },
		{ { "x.conf", "[INCLUDES]\nbefore = b.conf\n[a]\n", "b.conf",
		    "[a]\nv = b\n", "b.local", "[a]\nv = local\n" },
		  "a",
		  "v",
		  "local",
		  NULL },
		{ { "x.conf", "[INCLUDES]\nbefore = s/b.conf\n[a]\n", "s/b.conf",
		    "[INCLUDES]\nafter = c.conf\n", "s/c.conf", "[a]\nv = deep\n" },
		  "a",
		  "v",
		  "deep",
		  NULL },
		{ { "x.conf", "[INCLUDES]\nbefore=%(n)s.conf\n  c.conf\nn=b\n",
		    "b.conf", "[a]\nv = b\n", "c.conf", "[a]\nw = c\n" },
		  "a",
		  "v",
		  "b",
		  NULL },
		{ { "x.conf", "[INCLUDES]\nafter = no.local\n[a]\nv = 1\n" },
		  "a",
		  "v",
		  "1",
		  NULL },
		{ { "x.conf", "[a]\nv = 1\n", "x.local",
		    "[INCLUDES]\nbefore = x.conf\n[a]\nv = 2%(known/v)s\n" },
		  "a",
		  "v",
		  "21",
		  NULL },
		{ { "x.conf", "[a]\nv = 1\n", "x.local", "[a]\nv = %(known/v)s2\n" },
		  "a",
		  "v",
		  "12",
		  NULL },
		{ { "x.conf", "[DEFAULT]\nv = d\n[a]\nw = %(known/v)s\n" },
		  "a",
		  "w",
		  "d",
		  NULL },
		{ { "x.conf", "[a]\nv = 1\n[a?f=i]\nv = 2\n" }, "a", "v", "1", NULL },
		{ { "x.conf", "[a]\nv = 1\n[a?f=i]\nv = 2\n" },
		  "a",
		  "v?f=i",
		  "2",
		  NULL },
	};

	RUN(rows);
}

static void refuses_files(void)
{
	static const struct row rows[] = {
		{ { NULL }, NULL, NULL, NULL, "/x.conf'" },
		{ { "x.conf", "[INCLUDES]\nbefore = no.conf\n" },
		  NULL,
		  NULL,
		  NULL,
		  "/no.conf', which does not exist" },
		{ { "x.conf", "[INCLUDES]\nbefore = x.conf\n" },
		  NULL,
		  NULL,
		  NULL,
		  "/x.conf', which leads back to it: take one of the two includes out" },
		{ { "x.conf", "[INCLUDES]\nbefore = y.conf\n", "y.conf",
		    "[INCLUDES]\nafter = x.conf\n" },
		  NULL,
		  NULL,
		  NULL,
		  "/x.conf', which leads back to it: take one of the two includes out" },
		{ { "x.conf", "[INCLUDES]\nbefore = %(no)s\n" },
		  NULL,
		  NULL,
		  NULL,
		  "x.conf:2: 'before': 'no' is referred to by %(...)s and defined "
		  "nowhere: define it, or write %% for a percent sign" },
		{ { "x.conf", "[a]\n", "x.local", "[b\n" },
		  NULL,
		  NULL,
		  NULL,
		  "x.local:1: unclosed section header: ']' is missing" },
		{ { "x.conf",
		    "[INCLUDES]\nbefore = y.conf\n  y.conf\n  y.conf\n  "
		    "y.conf\n  y.conf\n  y.conf\n  y.conf\n  y.conf\n  y.conf\n",
		    "y.conf",
		    "[INCLUDES]\nbefore = z.conf\n z.conf\n z.conf\n z.conf\n "
		    "z.conf\n z.conf\n z.conf\n",
		    "z.conf", "[a]\n" },
		  NULL,
		  NULL,
		  NULL,
		  "too many includes (64 files, 8 inside one another)" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scratch scratch = scratch_new();
		struct arena *arena = arena_new();
		struct ini_set set;
		struct error err = { 0 };

		for (size_t j = 0; rows[i].files[j]; j += 2)
			scratch_write(&scratch, rows[i].files[j], rows[i].files[j + 1]);
		CHECK_INT(ini_set_read(arena, scratch_path(&scratch, "x"), &set, &err),
			  -1);
		if (!CHECK(slice_ends(slice_of(err.text), slice_of(rows[i].message))))
			CHECK_TEXT(err.text, rows[i].message);
		arena_free(arena);
		scratch_free(&scratch);
	}
}

static void tells_what_is_missing(void)
{
	struct arena *arena = arena_new();
	struct scratch scratch = scratch_new();
	struct ini_set set;
	struct slices missing = { 0 };
	struct slice value = S("");
	struct error err = { 0 };

	scratch_write(&scratch, "x.conf",
		      "[INCLUDES]\nbefore = no.conf\n\tno.local\n[a]\nv = 1\n");
	CHECK_INT(ini_set_read_present(arena, scratch_path(&scratch, "x"), &set,
				       &missing, &err),
		  0);
	CHECK_INT(ini_set_get(&set, S("a"), S("v"), NULL, &value, &err), 1);
	CHECK_SLICE(value, S("1"));
	CHECK_INT(missing.count, 1);
	CHECK(missing.count == 1 &&
	      slice_ends(missing.at[0], S("/no.conf', which does not exist")));
	arena_free(arena);
	scratch_free(&scratch);
}

static void parameters_come_first(void)
{
	struct ini_var given[] = { { S("V"), S("[%(w)s]") } };
	const struct ini_vars vars = { given, 1, 1 };
	struct arena *arena = arena_new();
	struct scratch scratch = scratch_new();
	struct ini_set set;
	struct slice value = S("");
	struct error err = { 0 };

	scratch_write(&scratch, "x.conf", "[a]\nv = 1\nw = 2\nu = %(v)s\n");
	CHECK_INT(ini_set_read(arena, scratch_path(&scratch, "x"), &set, &err), 0);
	CHECK_INT(ini_set_get(&set, S("a"), S("u"), &vars, &value, &err), 1);
	CHECK_SLICE(value, S("[2]"));
	CHECK_INT(ini_set_get(&set, S("a"), S("v"), &vars, &value, &err), 1);
	CHECK_SLICE(value, S("[2]"));
	arena_free(arena);
	scratch_free(&scratch);
}

/* Ten references to ten references to ...: small text, endless work. */
static void bombs_are_capped(void)
{
	static const char *const ends[] = { "", "0123456789abcdef" };

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct arena *arena = arena_new();
		struct scratch scratch = scratch_new();
		struct buffer text;
		struct ini_set set;
		struct slice value;
		struct error err = { 0 };

		buffer_init(&text, 1 << 20);
		buffer_printf(&text, "[a]\n");
		for (int c = 'a'; c < 'i'; c++) {
			buffer_printf(&text, "%c = ", c);
			for (int j = 0; j < 40; j++)
				buffer_printf(&text, "%%(%c)s", c + 1);
			buffer_printf(&text, "\n");
		}
		buffer_printf(&text, "i = %s\n%c", ends[i], '\0');
		scratch_write(&scratch, "x.conf", text.at);
		CHECK_INT(ini_set_read(arena, scratch_path(&scratch, "x"), &set, &err),
			  0);
		CHECK_INT(ini_set_get(&set, S("a"), S("a"), NULL, &value, &err), -1);
		CHECK_INT(err.kind, ERROR_LIMIT);
		buffer_clear(&text);
		arena_free(arena);
		scratch_free(&scratch);
	}
}

static void own_configuration_is_merged_plainly(void)
{
	struct arena *arena = arena_new();
	struct scratch scratch = scratch_new();
	struct ini ini = { 0 };
	struct error err = { 0 };

	scratch_write(&scratch, "t.conf", "[a]\npassword = 5%(x)s\nv = 1\n");
	scratch_write(&scratch, "conf.d/2.conf", "[a]\nv = 3\n[b]\nw = 4\n");
	scratch_write(&scratch, "conf.d/1.conf", "[a]\nv = 2\n");
	CHECK_INT(ini_read_with_folder(arena, scratch_path(&scratch, "t.conf"),
				       scratch_path(&scratch, "conf.d"), &ini, &err),
		  0);
	CHECK_SLICE(ini_find(&ini, S("a"), S("password"))->value, S("5%(x)s"));
	CHECK_SLICE(ini_find(&ini, S("a"), S("v"))->value, S("3"));
	CHECK(slice_ends(ini_find(&ini, S("a"), S("v"))->path, S("conf.d/2.conf")));
	CHECK_SLICE(ini_find(&ini, S("b"), S("w"))->value, S("4"));
	CHECK_INT(ini_read_with_folder(arena, scratch_path(&scratch, "t.conf"),
				       scratch_path(&scratch, "none"), &ini, &err),
		  0);
	CHECK_SLICE(ini_find(&ini, S("a"), S("v"))->value, S("1"));
	CHECK_INT(ini_read(arena, scratch_path(&scratch, "no.conf"), &ini, &err), -1);
	CHECK_INT(err.kind, ERROR_NOT_FOUND);
	CHECK_INT(ini_read(arena, scratch_path(&scratch, "conf.d"), &ini, &err), -1);
	CHECK(slice_ends(slice_of(err.text), S("conf.d' is not a file")));
	arena_free(arena);
	scratch_free(&scratch);
}

int main(void)
{
	return CHECK_RUN(TEST(expands), TEST(ten_deep), TEST(layers_files),
			 TEST(refuses_files), TEST(tells_what_is_missing),
			 TEST(parameters_come_first), TEST(bombs_are_capped),
			 TEST(own_configuration_is_merged_plainly));
}
