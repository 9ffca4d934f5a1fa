#include "event/rule.h"

#include "event/literal.h"
#include "event/needs.h"

#include <string.h>

static bool mask_allows(const struct mask *mask, const uint64_t *seen, size_t words)
{
	uint64_t both = 0;

	if (mask->open)
		return true;
	for (size_t i = 0; i < words; i++)
		both |= mask->words[i] & seen[i];
	return both != 0;
}

bool rule_may_match(const struct rule *rule, const uint64_t *seen, size_t words)
{
	return mask_allows(&rule->prefix, seen, words) &&
	       mask_allows(&rule->any, seen, words);
}

uint64_t allowed_bits(const struct rule *rule, const uint64_t *seen, size_t words)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < rule->fail_count && i < ALLOWED_BITS; i++)
		bits |= (uint64_t)mask_allows(&rule->failregex[i].mask, seen, words)
			<< i;
	return bits;
}

size_t allowed_next(const struct allowed *allowed, size_t from)
{
	const struct rule *rule = allowed->rule;

	if (allowed->has_bits && from < ALLOWED_BITS) {
		uint64_t left = allowed->bits >> from;

		if (left != 0)
			return from + (size_t)__builtin_ctzll(left);
		from = ALLOWED_BITS;
	}
	while (from < rule->fail_count &&
	       !mask_allows(&rule->failregex[from].mask, allowed->seen, allowed->words))
		from++;
	return from;
}

static struct slice slice_own(struct arena *arena, struct slice text)
{
	return text.len > 0 ? arena_copy(arena, text) : (struct slice){ 0 };
}

static void samples_copy(struct arena *arena, const struct filter_samples *from,
			 struct filter_samples *to)
{
	*to = (struct filter_samples){ .own = slice_own(arena, from->own) };
	for (size_t i = 0; i < from->count; i++) {
		struct rule_sample *sample = LIST_ADD(arena, to);

		*sample = from->at[i];
		sample->line = slice_own(arena, sample->line);
		sample->source = slice_own(arena, sample->source);
		sample->time = slice_own(arena, sample->time);
		sample->user = slice_own(arena, sample->user);
	}
}

/* What the filter says of itself, in the memory of the rules. */
static void report_copy(struct arena *arena, const struct filter *filter,
			struct rule *rule)
{
	struct rule_report *report = &rule->report;

	*report = filter->report;
	if (!filter->has_report) {
		report->category = CATEGORY_LOGIN_ATTACK;
		report->service = filter->name;
	}
	report->name = slice_own(arena, filter->name);
	report->path = slice_own(arena, filter->path);
	report->description = slice_own(arena, report->description);
	report->service = slice_own(arena, report->service);
	samples_copy(arena, &filter->samples, &rule->samples);
}

/* One set of templates for all rules with the same date pattern: it is then searched
 * once a line for all of them.                                                       */
static int stamps_find(struct rules *rules, struct slice pattern, size_t *index,
		       struct error *err)
{
	struct stamp_set *set;

	for (size_t i = 0; i < rules->stamps.count; i++) {
		if (slice_equal(rules->stamps.at[i]->pattern, pattern)) {
			*index = i;
			return 0;
		}
	}
	set = stamp_set_new(pattern, err);
	if (set == NULL)
		return -1;
	*index = rules->stamps.count;
	*LIST_ADD(rules->arena, &rules->stamps) = set;
	return 0;
}

struct compiler {
	struct rules *rules;
	const struct filter *filter;
	struct arena *work;
	unsigned flags;
	struct error *err;
};

#define CONTENT_HEAD "<F-CONTENT>"
#define CONTENT_TAIL ".+</F-CONTENT>$"
#define CONTENT_FIRST ".</F-CONTENT>"

/* As the file has it: what PCRE2 complains of is the translation, and of a prefregex may
 * be what prefix_shorten() made of it.                                                 */
static struct slice as_written(const struct compiler *compiler, struct slice pattern,
			       const char *option)
{
	enum { SHOWN_MAX = 100 };

	if (strcmp(option, "prefregex") == 0)
		pattern = compiler->filter->prefregex;
	if (pattern.len <= SHOWN_MAX)
		return pattern;
	return arena_printf(compiler->work, SLICE_FMT "...",
			    SLICE_ARG(slice_cut(pattern, 0, SHOWN_MAX)));
}

/* What is known of the next expression; NULL: nothing, so it has to be compiled. */
static const struct known_expression *known_next(struct rules *rules)
{
	if (rules->known == NULL ||
	    rules->known_used == rules->known->expressions.count)
		return NULL;
	return &rules->known->expressions.at[rules->known_used++];
}

static struct literal_numbers literals_find(const struct compiler *compiler,
					    const struct rule *rule,
					    const struct expression *expression)
{
	struct rules *rules = compiler->rules;
	struct slices literals =
		literal_required(compiler->work, expression_text(expression),
				 rule->stamps->keeps_blanks);
	struct literal_numbers numbers = { 0 };

	for (size_t i = 0; i < literals.count; i++)
		*LIST_ADD(rules->arena, &numbers) =
			gate_add(rules->gate, literals.at[i]);
	return numbers;
}

static struct literal_numbers numbers_copy(struct arena *arena,
					   const struct literal_numbers *from)
{
	struct literal_numbers to = { 0 };

	for (size_t i = 0; i < from->count; i++)
		*LIST_ADD(arena, &to) = from->at[i];
	return to;
}

/* `literals` NULL: nobody asks for them. */
static struct expression *compile(const struct compiler *compiler,
				  const struct rule *rule, struct slice pattern,
				  const char *option, struct literal_numbers *literals)
{
	struct rules *rules = compiler->rules;
	const struct known_expression *known = known_next(rules);
	struct known_expression met = { 0 };
	struct expression *expression =
		known ? expression_checked(compiler->work, pattern, compiler->flags,
					   &known->names, compiler->err)
		      : expression_new(compiler->work, pattern, compiler->flags,
				       compiler->err);

	if (expression == NULL) {
		error_context(compiler->err, SLICE_FMT ": mend %s '" SLICE_FMT "'",
			      SLICE_ARG(compiler->filter->path), option,
			      SLICE_ARG(as_written(compiler, pattern, option)));
		return NULL;
	}
	if (literals != NULL) {
		met.literals = known ? numbers_copy(rules->arena, &known->literals)
				     : literals_find(compiler, rule, expression);
		*literals = met.literals;
	}
	met.names = *expression_names(expression);
	*LIST_ADD(rules->arena, &rules->met) = met;
	return expression;
}

static bool has_id(const struct expression *expression)
{
	static const enum role ids[] = { ROLE_FID, ROLE_IP4, ROLE_IP6, ROLE_DNS,
					 ROLE_MLFID };

	for (size_t i = 0; expression != NULL && i < COUNT_OF(ids); i++) {
		if (expression_has_role(expression, ids[i]))
			return true;
	}
	return false;
}

static int failregex_compile(const struct compiler *compiler, struct rule *rule)
{
	const struct slices *patterns = &compiler->filter->failregex;

	rule->failregex = ARENA_ARRAY(compiler->rules->arena, struct rule_expression,
				      patterns->count);
	for (size_t i = 0; i < patterns->count; i++) {
		struct rule_expression *one = &rule->failregex[i];

		one->expression = compile(compiler, rule, patterns->at[i], "failregex",
					  &one->literals);
		if (one->expression == NULL)
			return -1;
		rule->fail_count = i + 1;
		if (!has_id(one->expression) && !has_id(rule->prefregex) &&
		    filter_is_undefined(patterns->at[i]))
			return error_set(compiler->err, ERROR_SYNTAX,
					 SLICE_FMT ": nothing defines " SLICE_FMT
						   ": is a parameter misspelt?",
					 SLICE_ARG(compiler->filter->path),
					 SLICE_ARG(patterns->at[i]));
		if (!has_id(one->expression) && !has_id(rule->prefregex))
			return error_set(compiler->err, ERROR_SYNTAX,
					 SLICE_FMT ": failregex '" SLICE_FMT
						   "' names no source: "
						   "put <HOST> where it stands",
					 SLICE_ARG(compiler->filter->path),
					 SLICE_ARG(patterns->at[i]));
	}
	return 0;
}

static int ignoreregex_compile(const struct compiler *compiler, struct rule *rule)
{
	const struct slices *patterns = &compiler->filter->ignoreregex;
	struct compiler whole = *compiler;

	/* '^' is the begin of all lines that matched, as in fail2ban. */
	whole.flags &= ~(unsigned)EXPRESSION_LINES;
	rule->ignoreregex = ARENA_ARRAY(compiler->rules->arena, struct expression *,
					patterns->count);
	for (size_t i = 0; i < patterns->count; i++) {
		rule->ignoreregex[i] =
			compile(&whole, rule, patterns->at[i], "ignoreregex", NULL);
		if (rule->ignoreregex[i] == NULL)
			return -1;
		rule->ignore_count = i + 1;
	}
	return 0;
}

/* Whether an inline flag lets '.' match a newline. */
static bool dots_match_all(struct slice pattern)
{
	for (size_t i = 0; i + 2 < pattern.len; i++) {
		if (pattern.at[i] != '(' || pattern.at[i + 1] != '?')
			continue;
		for (size_t j = i + 2;
		     j < pattern.len &&
		     (ascii_is_alpha(pattern.at[j]) || pattern.at[j] == '-');
		     j++) {
			if (pattern.at[j] == 's')
				return true;
		}
	}
	return false;
}

/* One alternative without further tags, in which every group and class is closed; no class
 * with a bracket of its own.                                                           */
static bool is_one_piece(struct slice text)
{
	unsigned depth = 0;
	bool in_class = false;

	if (slice_find(text, S("[]")) >= 0 || slice_find(text, S("[^]")) >= 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '\\') {
			if (++i == text.len)
				return false;
		} else if (in_class) {
			in_class = c != ']';
		} else if (c == '<' || (depth == 0 && (c == '|' || c == ')'))) {
			return false;
		} else {
			in_class = c == '[';
			depth += c == '(' ? 1U : c == ')' ? -1U : 0U;
		}
	}
	return depth == 0 && !in_class;
}

/* A content whose ".+" stands before the "$" goes to the end of a single line, however long
 * that is: one byte of it tells as much, and costs less to find.                        */
static struct slice prefix_shorten(const struct compiler *compiler, struct rule *rule)
{
	struct slice pattern = compiler->filter->prefregex, head = pattern;
	ptrdiff_t content = slice_find(pattern, S(CONTENT_HEAD));

	if (rule->maxlines > 1 || content < 0 ||
	    !slice_ends(pattern, S(CONTENT_TAIL)) || dots_match_all(pattern))
		return pattern;
	head.len -= sizeof CONTENT_TAIL - 1;
	if (!is_one_piece(slice_from(head, (size_t)content + sizeof CONTENT_HEAD - 1)))
		return pattern;
	rule->content_is_rest = true;
	return arena_printf(compiler->work, SLICE_FMT CONTENT_FIRST, SLICE_ARG(head));
}

static int prefix_compile(const struct compiler *compiler, struct rule *rule)
{
	struct rules *rules = compiler->rules;
	struct rule_prefix prefix = { .pattern = prefix_shorten(compiler, rule),
				      .flags = compiler->flags,
				      .stamp_index = rule->stamp_index,
				      .content_is_rest = rule->content_is_rest };

	for (size_t i = 0; i < rules->prefixes.count; i++) {
		const struct rule_prefix *one = &rules->prefixes.at[i];

		if (one->flags != prefix.flags ||
		    one->stamp_index != prefix.stamp_index ||
		    one->content_is_rest != prefix.content_is_rest ||
		    !slice_equal(one->pattern, prefix.pattern))
			continue;
		rule->prefix_index = i;
		rule->prefregex = one->expression;
		return 0;
	}
	prefix.expression =
		compile(compiler, rule, prefix.pattern, "prefregex", &prefix.literals);
	if (prefix.expression == NULL)
		return -1;
	prefix.pattern = arena_copy(rules->arena, prefix.pattern);
	rule->prefix_index = rules->prefixes.count;
	rule->prefregex = prefix.expression;
	*LIST_ADD(rules->arena, &rules->prefixes) = prefix;
	return 0;
}

static int expressions_compile(const struct compiler *compiler, struct rule *rule)
{
	const struct filter *filter = compiler->filter;

	if (filter->failregex.count + filter->ignoreregex.count >
		    RULE_EXPRESSIONS_MAX ||
	    filter->maxlines > RULE_LINES_MAX)
		return error_set(compiler->err, ERROR_LIMIT,
				 SLICE_FMT ": over %d expressions or %d maxlines",
				 SLICE_ARG(filter->path), RULE_EXPRESSIONS_MAX,
				 RULE_LINES_MAX);
	if (filter->prefregex.len > 0 && prefix_compile(compiler, rule) != 0)
		return -1;
	if (failregex_compile(compiler, rule) != 0)
		return -1;
	return ignoreregex_compile(compiler, rule);
}

int rule_compile(struct rules *rules, const struct filter *filter, struct rule *out,
		 struct error *err)
{
	struct compiler compiler = { .rules = rules, .filter = filter, .err = err };
	int result;

	*out = (struct rule){ .names = filter->source_may_be_name,
			      .no_act = filter->no_act,
			      .maxlines = filter->maxlines ? filter->maxlines : 1 };
	out->needs = rule_needs_new();
	report_copy(rules->arena, filter, out);
	if (stamps_find(rules, filter->datepattern, &out->stamp_index, err) != 0)
		return error_context(err, SLICE_FMT, SLICE_ARG(filter->path));
	out->stamps = rules->stamps.at[out->stamp_index];
	compiler.work = arena_new();
	compiler.flags = (out->names ? EXPRESSION_NAMES : 0) |
			 (out->maxlines > 1 ? EXPRESSION_LINES : 0);
	result = expressions_compile(&compiler, out);
	arena_free(compiler.work);
	return result;
}

/* A rule that looks at several lines, or whose dates may end inside a word, cannot be
 * gated by one raw line.                                                             */
static struct mask mask_of(const struct rules *rules, const struct rule *rule,
			   const struct literal_numbers *literals)
{
	bool gated = rule->maxlines == 1 && !rule->stamps->may_cut_words;
	struct mask mask = {
		.open = !gated || literals->count == 0,
		.words = ARENA_ARRAY(rules->arena, uint64_t, gate_words(rules->gate)),
	};

	for (size_t i = 0; gated && i < literals->count; i++)
		mask.words[literals->at[i] / 64] |= UINT64_C(1) << literals->at[i] % 64;
	return mask;
}

void rule_masks_fill(struct rules *rules, struct rule *rule)
{
	size_t words = gate_words(rules->gate);

	rule->prefix = (struct mask){ .open = true };
	if (rule->prefregex != NULL)
		rule->prefix = mask_of(
			rules, rule, &rules->prefixes.at[rule->prefix_index].literals);
	rule->any.words = ARENA_ARRAY(rules->arena, uint64_t, words);
	rule->any.open = false;
	for (size_t i = 0; i < rule->fail_count; i++) {
		struct rule_expression *one = &rule->failregex[i];

		one->mask = mask_of(rules, rule, &one->literals);
		rule->any.open = rule->any.open || one->mask.open;
		for (size_t j = 0; j < words; j++)
			rule->any.words[j] |= one->mask.words[j];
	}
}

void rule_clear(struct rule *rule)
{
	for (size_t i = 0; i < rule->fail_count; i++)
		expression_free(rule->failregex[i].expression);
	for (size_t i = 0; i < rule->ignore_count; i++)
		expression_free(rule->ignoreregex[i]);
	rule_needs_free(rule->needs);
}
