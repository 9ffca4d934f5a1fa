#include "event/attempt.h"

#include <string.h>

static bool expression_hits(struct attempt *attempt,
			    const struct expression *expression)
{
	enum expression_result result = expression_match(
		expression, attempt->scratch, attempt->subject, attempt->ascii, 0);

	attempt->limited = attempt->limited || result == EXPRESSION_LIMITED;
	return result == EXPRESSION_HIT;
}

static void groups_tell(struct attempt *attempt, const struct expression *expression)
{
	if (attempt->account)
		witness_groups_add(&attempt->account->groups, attempt->arena,
				   expression, attempt->scratch);
}

static bool is_ignored(struct attempt *attempt)
{
	for (size_t i = 0; i < attempt->rule->ignore_count; i++) {
		if (!expression_hits(attempt, attempt->rule->ignoreregex[i]) &&
		    !attempt->limited)
			continue;
		if (attempt->account)
			attempt->account->ignoreregex = (int)i;
		return true;
	}
	return false;
}

/* fail2ban asks the ignoreregex first only where they are clearly fewer. */
static bool ignores_first(const struct rule *rule)
{
	return rule->ignore_count > 0 && rule->ignore_count + 2 < rule->fail_count;
}

struct slice line_without(struct arena *arena, struct slice text, bool stored,
			  size_t start, size_t end)
{
	size_t tail = text.len - end;
	char *rest;

	if (start == 0 && stored)
		return (struct slice){ text.at + end, tail + 1 };
	rest = ARENA_ARRAY(arena, char, start + tail + 1);
	memcpy(rest, text.at, start);
	memcpy(rest + start, text.at + end, tail);
	rest[start + tail] = '\n';
	return (struct slice){ rest, start + tail + 1 };
}

/* The prefix must match; its content, if it has one, is what the others see. */
static bool prefix_passes(struct attempt *attempt)
{
	const struct rule *rule = attempt->rule;
	struct slice content;
	bool at_end;

	if (rule->prefregex == NULL)
		return true;
	if (!expression_hits(attempt, rule->prefregex))
		return false;
	expression_roles(rule->prefregex, attempt->scratch, attempt->roles);
	if (attempt->account) {
		groups_tell(attempt, rule->prefregex);
		witness_group_drop(&attempt->account->groups, S("content"));
		attempt->account->prefix = true;
	}
	content = attempt->roles[ROLE_CONTENT];
	if (content.len == 0)
		return true;
	if (rule->content_is_rest) {
		const char *end = attempt->subject.at + attempt->subject.len - 1;

		content.len = (size_t)(end - content.at);
		if (slice_find_byte(content, '\n') >= 0)
			return false;
	}
	attempt->in_window = false;
	at_end = content.at + content.len + 1 ==
		 attempt->subject.at + attempt->subject.len;
	attempt->subject = line_without(attempt->arena, content, at_end, 0, 0);
	return true;
}

/* From `from` on, the first that what is known of the line allows. */
static size_t failregex_allowed(const struct attempt *attempt, size_t from)
{
	if (attempt->pairs != NULL)
		return failregex_needs_met(attempt->allowed, from, attempt->pairs);
	return allowed_next(attempt->allowed, from);
}

static const struct expression *failregex_find(struct attempt *attempt)
{
	const struct rule *rule = attempt->rule;
	size_t i =
		attempt->pairs != NULL ? attempt->first : failregex_allowed(attempt, 0);

	while (i < rule->fail_count && !attempt->limited) {
		if (expression_hits(attempt, rule->failregex[i].expression)) {
			if (attempt->account)
				attempt->account->failregex = (int)i;
			return rule->failregex[i].expression;
		}
		i = failregex_allowed(attempt, i + 1);
	}
	return NULL;
}

/* The window is about to change under the captures. An ignoreregex is then asked about
 * the lines that matched only: the others of the window are none of its business.     */
static void window_consume(struct attempt *attempt, const struct expression *expression)
{
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		if (attempt->roles[i].at != NULL)
			attempt->roles[i] =
				arena_copy(attempt->arena, attempt->roles[i]);
	}
	if (attempt->in_window)
		attempt->subject = window_take(attempt->window, attempt->arena,
					       expression, attempt->scratch);
	else
		window_clear(attempt->window);
}

static bool prefix_asks(struct attempt *attempt)
{
	struct attempt_prefix *prefix = attempt->prefix;

	if (prefix == NULL || attempt->rule->prefregex == NULL)
		return prefix_passes(attempt);
	if (prefix->turn != attempt->turn) {
		prefix->turn = attempt->turn;
		prefix->passes = prefix_passes(attempt);
		prefix->limited = attempt->limited;
		prefix->subject = attempt->subject;
		if (prefix->passes)
			memcpy(prefix->roles, attempt->roles, sizeof prefix->roles);
		return prefix->passes;
	}
	attempt->subject = prefix->subject;
	attempt->limited = attempt->limited || prefix->limited;
	if (prefix->passes)
		memcpy(attempt->roles, prefix->roles, sizeof prefix->roles);
	return prefix->passes;
}

bool attempt_matches(struct attempt *attempt)
{
	const struct expression *hit;

	if (ignores_first(attempt->rule) && is_ignored(attempt))
		return false;
	if (!prefix_asks(attempt))
		return false;
	hit = failregex_find(attempt);
	if (hit == NULL)
		return false;
	expression_roles(hit, attempt->scratch, attempt->roles);
	groups_tell(attempt, hit);
	if (attempt->window != NULL)
		window_consume(attempt, hit);
	return !is_ignored(attempt);
}
