#include "check.h"
#include "report/lint.h"
#include "report/sample.h"
#include "report/template_check.h"
#include "report/text.h"
#include "scratch.h"

#include <string.h>

static struct arena *arena;

static struct slice filled(const char *text)
{
	struct template_value first[] = { { .name = "item", .text = S("one") } };
	struct template_value second[] = { { .name = "item", .text = S("two") } };
	struct template_scope items[] = { { first, 1, NULL }, { second, 1, NULL } };
	struct template_value values[] = {
		{ .name = "name", .text = S("Maria") },
		{ .name = "hostile", .text = S("{{name}} {{#yes}} }} {{") },
		{ .name = "yes", .truth = true },
		{ .name = "none" },
		{ .name = "list", .items = items, .count = 2 },
		{ .name = "lines", .text = S("a  b\nc\n"), .as_is = true },
	};
	struct template_scope scope = { values, COUNT_OF(values), NULL };
	struct template template = { 0 };
	struct error err = { 0 };
	struct buffer rendered, out;
	struct slice copy;

	if (template_parse(arena, S("t"), slice_of(text), &template, &err) != 0)
		return arena_copy(arena, slice_of(err.text));
	buffer_init(&rendered, 1 << 20);
	buffer_init(&out, 1 << 20);
	template_render(&template, &scope, &rendered);
	text_layout(buffer_slice(&rendered), &out);
	copy = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&rendered);
	buffer_clear(&out);
	return copy;
}

static void fills_holes(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "a", "a\n" },
		{ "Hello {{name}},", "Hello Maria,\n" },
		{ "{{ name }}", "Maria\n" },
		{ "{{unset}}.", ".\n" },
		{ "{{hostile}}", "{{name}} {{#yes}} }} {{\n" },
		{ "{{#yes}}y{{/yes}}{{^yes}}n{{/yes}}", "y\n" },
		{ "{{#none}}y{{/none}}{{^none}}n{{/none}}", "n\n" },
		{ "{{#name}}{{name}}{{/name}}", "Maria\n" },
		{ "{{#list}}\n{{item}} of {{name}}\n\n{{/list}}",
		  "one of Maria\n\ntwo of Maria\n" },
		{ "a\n{{! nothing }}\nb", "a b\n" },
		{ "a\n{{#yes}}\nb\n{{/yes}}\nc", "a b c\n" },
		{ "a\\\nb\n\n\n\nc", "a\nb\n\nc\n" },
		{ "x\n\n{{lines}}\n\ny", "x\n\na  b\nc\n\ny\n" },
		{ "What:        {{name}}\nNow:         x",
		  "What:        Maria\nNow:         x\n" },
		{ "a:  b", "a: b\n" },
		{ "Note:        0123456789 0123456789 0123456789 0123456789 0123456789 0123456789",
		  "Note:        0123456789 0123456789 0123456789 0123456789 0123456789\n"
		  "             0123456789\n" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!CHECK_SLICE(filled(rows[i].text), slice_of(rows[i].want)))
			CHECK_TEXT(rows[i].text, "");
}

static void names_the_line(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "a\n{{name", "t:2: '{{' without its '}}'" },
		{ "a\n\n{{#yes}}x", "t:3: {{#yes}} is never closed" },
		{ "{{/yes}}", "t:1: {{/yes}} closes what was never opened" },
		{ "{{#yes}}\n{{/name}}",
		  "t:2: {{/name}} where {{/yes}} belongs, opened in line 1" },
		{ "{{>memo}}",
		  "t:1: {{>...}}: no other file is ever read; put the words here" },
		{ "{{=<% %>=}}", "t:1: {{=...=}}: the braces cannot be changed" },
		{ "{{{name}}}", "t:1: nothing is put in unescaped; write {{name}}" },
		{ "{{&name}}", "t:1: nothing is put in unescaped; write {{name}}" },
		{ "{{a b}}", "t:1: '{{a b}}' is no name of letters, digits and '-'" },
		{ "{{}}", "t:1: '{{}}' is no name of letters, digits and '-'" },
		{ "a\n\xff", "t:2: not UTF-8; save it as UTF-8" },
		{ "a\n\x01",
		  "t:2: holds U+0001, a character that cannot be seen; take it out" },
		{ "\xe2\x80\xae",
		  "t:1: holds U+202E, a character that cannot be seen; take it out" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_SLICE(filled(rows[i].text), slice_of(rows[i].want));
}

/* What a file of this name and text is found to be. */
static struct slice checked(const char *name, struct slice text)
{
	struct template_file file = { .name = slice_of(name),
				      .path = arena_printf(arena, "%s.txt", name),
				      .text = text };
	struct error err = { 0 };

	if (template_parse(arena, file.path, text, &file.template, &err) != 0 ||
	    template_check(arena, &file, &err) != 0)
		return arena_copy(arena, slice_of(err.text));
	return S("");
}

static struct slice shipped(const char *name)
{
	for (size_t i = 0; i < shipped_template_count; i++)
		if (strcmp(shipped_templates[i].name, name) == 0)
			return (struct slice){ shipped_templates[i].text.at,
					       shipped_templates[i].text.len };
	CHECK_TEXT(name, "a shipped template");
	return S("");
}

static struct slice replaced(struct slice text, const char *old, const char *by)
{
	ptrdiff_t at = slice_find(text, slice_of(old));

	if (!CHECK(at >= 0))
		return text;
	return arena_printf(arena, SLICE_FMT "%s" SLICE_FMT,
			    SLICE_ARG(slice_cut(text, 0, (size_t)at)), by,
			    SLICE_ARG(slice_from(text, (size_t)at + strlen(old))));
}

static void shipped_ones_pass(void)
{
	CHECK_INT(shipped_template_count, 13);
	for (size_t i = 0; i < shipped_template_count; i++)
		CHECK_SLICE(checked(shipped_templates[i].name,
				    shipped(shipped_templates[i].name)),
			    S(""));
}

static void broken_ones_are_found(void)
{
	static const struct {
		const char *name, *old, *by, *want;
	} rows[] = {
		{ "memo", "{{target}}", "{{tarrget}}",
		  "'tarrget' is no name known here; did you mean 'target'?" },
		{ "memo", "{{target}}", "{{sources}}",
		  "'sources' is no name known here" },
		{ "memo", "Compromise:  {{compromise}}\n", "", "whether they got in" },
		{ "memo", "{{lines}}", "", "no log lines" },
		{ "memo", "Good day,", "Hey,", "no greeting" },
		{ "memo", "{{ask}}", "Shut it down by Friday.", "an ultimatum" },
		{ "several", "If you want no more\nreports from me, answer \"stop\".",
		  "", "stop your reports" },
		{ "several", "{{why}}", "Your technicians are behind this.",
		  "an accusation" },
		{ "subject", "[{{token}}]", "", "a subject needs [{{token}}]" },
		{ "login-attack", "{{port}}", "{{prot}}", "did you mean 'port'?" },
		{ "login-attack", "Could you look into it", "Unplug it", "a demand" },
		{ "login-attack", "{{host}} tried", "{{source}} tried",
		  "'source' is no name known here" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice found =
			checked(rows[i].name, replaced(shipped(rows[i].name),
						       rows[i].old, rows[i].by));

		if (!CHECK(slice_find(found, slice_of(rows[i].want)) >= 0))
			CHECK_SLICE(found, slice_of(rows[i].want));
	}
	CHECK_SLICE(
		checked("letter", S("x")),
		S("letter.txt: no template is called 'letter' ('tipoff templates list' "
		  "shows the names)"));
}

/* The changed one, of the contact's domain where there is one; a broken one never. */
static void the_right_one_is_used(void)
{
	struct scratch scratch = scratch_new();
	struct template_set set = { 0 };
	struct slices problems = { 0 };
	struct contact contact = { .address = S("abuse@isp.example") };
	struct report_request request;
	struct report report;
	struct error err = { 0 };

	scratch_write(&scratch, "memo.txt",
		      replaced(shipped("memo"), "Good day,", "Hello,").at);
	scratch_write(&scratch, "probe.txt", "{{#did}}");
	scratch_write(&scratch, "isp.example/memo.txt",
		      replaced(shipped("memo"), "Good day,", "Good morning,").at);
	templates_shipped(arena, &set);
	templates_load(arena, slice_of(scratch.path), &set, &problems);
	CHECK_INT(problems.count, 1);
	if (problems.count)
		CHECK(slice_find(problems.at[0],
				 S("probe.txt:1: {{#did}} is never closed; "
				   "the shipped one is used instead")) >= 0);
	report_sample(arena, CATEGORY_PROBE, 1, &request);
	request.templates = &set;
	CHECK_INT(report_letter(arena, &request, &report, &err), 0);
	CHECK(slice_find(report.memo, S("\nHello,\n")) > 0);
	CHECK(slice_find(report.memo, S("A knock does no harm")) > 0);
	request.contact = &contact;
	CHECK_INT(report_letter(arena, &request, &report, &err), 0);
	CHECK(slice_find(report.memo, S("\nGood morning,\n")) > 0);
	scratch_free(&scratch);
}

/* Names and hosts that look like templates, fields and headers stay what they are. */
static void hostile_values_stay_values(void)
{
	struct report_request request;
	struct settings settings;
	struct report report;
	struct error err = { 0 };

	report_sample(arena, CATEGORY_LOGIN_ATTACK, 1, &request);
	settings = *request.settings;
	settings.name = S("{{signature}}\x01\x02 {{#lines}}");
	settings.organisation = S("Evil\r\n\r\nTarget:      203.0.113.1");
	request.settings = &settings;
	CHECK_INT(report_letter(arena, &request, &report, &err), 0);
	CHECK(slice_find(report.memo,
			 S("My name is {{signature}}\\x01\\x02 {{#lines}} and")) >= 0);
	CHECK(slice_find(report.memo, S("\nTarget:      203.0.113.1")) < 0);
}

int main(void)
{
	int failed;

	arena = arena_new();
	failed = CHECK_RUN(TEST(fills_holes), TEST(names_the_line),
			   TEST(shipped_ones_pass), TEST(broken_ones_are_found),
			   TEST(the_right_one_is_used),
			   TEST(hostile_values_stay_values));
	arena_free(arena);
	return failed;
}
