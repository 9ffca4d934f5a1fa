#include "event/expression.h"

#include "base/buffer.h"
#include "base/escape.h"
#include "event/conditional.h"
#include "event/translate.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	MATCH_LIMIT = 100000,
	DEPTH_LIMIT = 10000,
	HEAP_LIMIT_KIB = 4096,
	JIT_STACK_START = 32 * 1024,
	JIT_STACK_MAX = 512 * 1024,
	SOURCES_MAX = 64, /* groups that feed roles */
};

static const char *const ROLE_NAMES[ROLE_COUNT] = {
	[ROLE_FID] = "fid",           [ROLE_IP4] = "ip4",
	[ROLE_IP6] = "ip6",           [ROLE_DNS] = "dns",
	[ROLE_PORT] = "fport",        [ROLE_USER] = "user",
	[ROLE_TARGET] = "target",     [ROLE_TARGET_PORT] = "target_port",
	[ROLE_PROTOCOL] = "protocol", [ROLE_MLFID] = "mlfid",
	[ROLE_NOFAIL] = "nofail",     [ROLE_GAINED] = "mlfgained",
	[ROLE_FORGET] = "mlfforget",  [ROLE_PENDING] = "mlfpending",
	[ROLE_ACTS] = "count",        [ROLE_ONCE] = "once",
	[ROLE_CIDR] = "cidr",         [ROLE_CONTENT] = "content",
};

/* One named group and the role it feeds: `user`, or alt_user, alt_user_1, ... */
struct role_source {
	enum role role;
	unsigned group;
	bool alternate;
};

enum { CODE_BYTES, CODE_UTF };

/* What is made when first needed, by whichever thread: most rules of a set never meet a
 * line of theirs, and machine code is most of the cost of loading them. The code itself
 * is there from the beginning only where it had to be made for a check.               */
struct lazy {
	pthread_mutex_t lock;
	/* For subjects of bytes and of UTF-8; the same one where the pattern is not ASCII. */
	struct code {
		_Atomic(bool) is_ready, has_decider;
		bool jit, has_heads;
		uint64_t heads[4]; /* bytes, one of which each match begins with */
		pcre2_code *code; /* NULL: does not compile, matches nothing */
		pcre2_code
			*decider; /* the same, with machine code for partial matches */
	} codes[2];
};

struct expression {
	struct lazy *lazy;
	uint32_t options;
	bool ascii; /* the pattern is */
	struct slice text; /* owned */
	struct expression_names names; /* owned, the texts in the same piece */
	struct role_source
		sources[SOURCES_MAX]; /* in order of name, direct ones first */
	size_t source_count;
	/* The same made quicker by conditional_hasten(), tried first; NULL: there is nothing
	 * to be gained. Only this one decides where that one reaches its limit.           */
	struct expression *hastened;
};

struct expression_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	struct slice subject;
	unsigned pairs;
};

static void out_of_memory_unless(const void *made)
{
	if (made == NULL)
		abort();
}

static pcre2_code *code_new(struct slice text, uint32_t options, struct error *err)
{
	int number = 0;
	size_t at = 0;
	PCRE2_UCHAR message[160];
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	pcre2_code *code;

	out_of_memory_unless(context);
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_parens_nest_limit(context, 200);
	code = pcre2_compile((PCRE2_SPTR)text.at, text.len,
			     options | PCRE2_NEVER_BACKSLASH_C, &number, &at, context);
	pcre2_compile_context_free(context);
	if (code == NULL) {
		pcre2_get_error_message(number, message, sizeof message);
		error_set(err, ERROR_SYNTAX,
			  "the expression is wrong near '" SLICE_FMT "': %s",
			  SLICE_ARG(slice_cut(text, at > 20 ? at - 20 : 0, at + 10)),
			  (const char *)message);
	}
	return code;
}

struct slice expression_name_base(struct slice name, bool *alternate)
{
	ptrdiff_t last;

	*alternate = slice_starts(name, S("alt_")) || slice_starts(name, S("tuple_"));
	if (!*alternate)
		return name;
	name = slice_from(name, slice_starts(name, S("alt_")) ? 4 : 6);
	last = slice_find_last_byte(name, '_');
	if (last > 0 && (size_t)last + 1 < name.len) {
		uint64_t number;

		if (slice_to_u64(slice_from(name, (size_t)last + 1), 99999, &number) ==
		    0)
			name = slice_cut(name, 0, (size_t)last);
	}
	if (slice_equal(name, S("id")))
		return S("fid");
	return slice_equal(name, S("port")) ? S("fport") : name;
}

static void source_add(struct expression *expression, struct slice name, unsigned group)
{
	bool alternate;
	struct slice base = expression_name_base(name, &alternate);

	for (size_t i = 0; i < ROLE_COUNT; i++) {
		if (expression->source_count < SOURCES_MAX &&
		    slice_equal(base, slice_of(ROLE_NAMES[i])))
			expression->sources[expression->source_count++] =
				(struct role_source){ (enum role)i, group, alternate };
	}
}

/* Alternates come in the order of their names. */
static void sources_fill(struct expression *expression)
{
	for (size_t i = 0; i < expression->names.count; i++)
		source_add(expression, expression->names.at[i].name,
			   expression->names.at[i].group);
}

static void names_own(struct expression *expression,
		      const struct expression_names *names)
{
	struct expression_name *own;
	size_t bytes = 0;
	char *text;

	for (size_t i = 0; i < names->count; i++)
		bytes += names->at[i].name.len;
	if (names->count == 0)
		return;
	own = malloc(names->count * sizeof *own + bytes);
	out_of_memory_unless(own);
	text = (char *)&own[names->count];
	for (size_t i = 0; i < names->count; i++) {
		struct slice name = names->at[i].name;

		memcpy(text, name.at, name.len);
		own[i] = (struct expression_name){ { text, name.len },
						   names->at[i].group };
		text += name.len;
	}
	expression->names =
		(struct expression_names){ own, names->count, names->count };
}

static void names_read(struct arena *arena, const pcre2_code *code,
		       struct expression_names *names)
{
	uint32_t count = 0, size = 0;
	PCRE2_SPTR row = NULL;

	pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
	pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &row);
	for (uint32_t i = 0; i < count; i++, row += size)
		*LIST_ADD(arena, names) = (struct expression_name){
			slice_of((const char *)row + 2),
			(unsigned)(row[0] << 8 | row[1]),
		};
}

/* The code for bytes, as a check of the pattern and for the names of its groups. */
static int code_check(struct arena *arena, struct expression *expression,
		      struct error *err)
{
	uint32_t groups = 0;
	struct code *bytes = &expression->lazy->codes[CODE_BYTES];
	struct expression_names names = { 0 };

	bytes->code = code_new(expression->text, expression->options, err);
	if (bytes->code == NULL)
		return -1;
	pcre2_pattern_info(bytes->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (groups > EXPRESSION_GROUPS_MAX)
		return error_set(err, ERROR_LIMIT,
				 "over %d groups: split the expression",
				 EXPRESSION_GROUPS_MAX);
	names_read(arena, bytes->code, &names);
	names_own(expression, &names);
	return 0;
}

static void head_add(struct code *code, char byte)
{
	code->heads[(uint8_t)byte / 64] |= UINT64_C(1) << (uint8_t)byte % 64;
}

/* PCRE2 tells what a match can begin with only of patterns that are not anchored: so it is
 * asked of the same without its "^", which finds at least as much. In bytes alone, because
 * beyond ASCII a letter may have more than two cases.                                  */
static void heads_find(const struct expression *expression, struct code *code)
{
	struct slice text = expression->text;
	uint32_t options = 0, kind = 0, first = 0;
	const uint8_t *map = NULL;
	struct error ignored;
	pcre2_code *unanchored;

	pcre2_pattern_info(code->code, PCRE2_INFO_ALLOPTIONS, &options);
	if ((options & PCRE2_ANCHORED) == 0 || (options & PCRE2_UTF) != 0 ||
	    !slice_starts(text, S("^")))
		return;
	unanchored = code_new(slice_from(text, 1), expression->options, &ignored);
	if (unanchored == NULL)
		return;
	pcre2_pattern_info(unanchored, PCRE2_INFO_FIRSTCODETYPE, &kind);
	pcre2_pattern_info(unanchored, PCRE2_INFO_FIRSTCODEUNIT, &first);
	pcre2_pattern_info(unanchored, PCRE2_INFO_FIRSTBITMAP, &map);
	code->has_heads = kind == 1 || map != NULL;
	if (kind == 1) { /* in which case of letters is not told */
		head_add(code, ascii_lower((char)first));
		head_add(code, ascii_upper((char)first));
	}
	for (size_t i = 0; kind != 1 && map != NULL && i < 256; i++)
		if (map[i / 8] >> i % 8 & 1)
			head_add(code, (char)i);
	pcre2_code_free(unanchored);
}

static bool heads_allow(const struct code *code, struct slice subject, size_t start)
{
	uint8_t byte;

	if (!code->has_heads || start > 0)
		return true;
	if (subject.len == 0)
		return false;
	byte = (uint8_t)subject.at[0];
	return (code->heads[byte / 64] >> byte % 64 & 1) != 0;
}

static void code_prepare(const struct expression *expression, struct code *code)
{
	struct lazy *lazy = expression->lazy;
	bool utf = code == &lazy->codes[CODE_UTF];
	struct error ignored;

	pthread_mutex_lock(&lazy->lock);
	if (!code->is_ready) {
		if (code->code == NULL)
			code->code = code_new(expression->text,
					      expression->options |
						      (utf ? PCRE2_UTF | PCRE2_UCP : 0),
					      &ignored);
		if (code->code != NULL)
			heads_find(expression, code);
		code->jit = code->code != NULL &&
			    pcre2_jit_compile(code->code, PCRE2_JIT_COMPLETE) == 0;
		code->is_ready = true;
	}
	pthread_mutex_unlock(&lazy->lock);
}

/* Few are asked what a line's beginning decides: only those get machine code for it, in a
 * copy, because others may be matching with the code itself.                            */
static void decider_prepare(const struct expression *expression, struct code *code)
{
	struct lazy *lazy = expression->lazy;

	pthread_mutex_lock(&lazy->lock);
	if (code->decider == NULL) {
		code->decider = pcre2_code_copy(code->code);
		out_of_memory_unless(code->decider);
		(void)pcre2_jit_compile(code->decider, PCRE2_JIT_PARTIAL_HARD);
	}
	code->has_decider = true;
	pthread_mutex_unlock(&lazy->lock);
}

static struct code *code_get(const struct expression *expression, bool ascii)
{
	bool bytes = ascii || !expression->ascii;
	struct code *code = &expression->lazy->codes[bytes ? CODE_BYTES : CODE_UTF];

	if (!atomic_load_explicit(&code->is_ready, memory_order_acquire))
		code_prepare(expression, code);
	return code;
}

static struct slice text_own(struct slice text)
{
	char *copy = malloc(text.len + 1);

	out_of_memory_unless(copy);
	memcpy(copy, text.at, text.len);
	return (struct slice){ copy, text.len };
}

static struct expression *expression_of(struct slice text, unsigned flags)
{
	struct expression *expression = calloc(1, sizeof *expression);

	out_of_memory_unless(expression);
	expression->text = text_own(text);
	expression->options = flags & EXPRESSION_LINES ? PCRE2_MULTILINE : 0;
	/* In byte mode "ü*" would repeat half a character. */
	expression->ascii = expression_is_ascii(expression->text);
	if (!expression->ascii)
		expression->options |= PCRE2_UTF | PCRE2_UCP;
	expression->lazy = calloc(1, sizeof *expression->lazy);
	out_of_memory_unless(expression->lazy);
	pthread_mutex_init(&expression->lazy->lock, NULL);
	return expression;
}

static struct expression *translated(struct arena *arena, struct slice pattern,
				     unsigned flags, struct error *err)
{
	struct expression *expression;
	struct slice text, hastened;
	unsigned translate = (flags & EXPRESSION_NAMES ? TRANSLATE_NAMES : 0) |
			     (flags & EXPRESSION_NO_TAGS ? TRANSLATE_NO_TAGS : 0);

	if (translate_expression(arena, pattern, translate, &text, err) != 0)
		return NULL;
	expression = expression_of(text, flags);
	hastened = conditional_hasten(arena, text);
	if (hastened.at != text.at)
		expression->hastened = expression_of(hastened, flags);
	return expression;
}

struct expression *expression_new(struct arena *arena, struct slice pattern,
				  unsigned flags, struct error *err)
{
	struct expression *expression = translated(arena, pattern, flags, err);

	if (expression == NULL)
		return NULL;
	if (code_check(arena, expression, err) != 0) {
		expression_free(expression);
		return NULL;
	}
	sources_fill(expression);
	return expression;
}

struct expression *expression_checked(struct arena *arena, struct slice pattern,
				      unsigned flags,
				      const struct expression_names *names,
				      struct error *err)
{
	struct expression *expression = translated(arena, pattern, flags, err);

	if (expression == NULL)
		return NULL;
	names_own(expression, names);
	sources_fill(expression);
	return expression;
}

void expression_free(struct expression *expression)
{
	if (expression == NULL)
		return;
	if (expression->lazy != NULL) {
		for (size_t i = 0; i < COUNT_OF(expression->lazy->codes); i++) {
			pcre2_code_free(expression->lazy->codes[i].code);
			pcre2_code_free(expression->lazy->codes[i].decider);
		}
		pthread_mutex_destroy(&expression->lazy->lock);
		free(expression->lazy);
	}
	expression_free(expression->hastened);
	free(expression->names.at);
	free((char *)expression->text.at);
	free(expression);
}

bool expression_has_jit(const struct expression *expression)
{
	return code_get(expression, true)->jit;
}

bool expression_has_role(const struct expression *expression, enum role role)
{
	for (size_t i = 0; i < expression->source_count; i++) {
		if (expression->sources[i].role == role)
			return true;
	}
	return false;
}

struct slice expression_text(const struct expression *expression)
{
	return expression->text;
}

const struct expression_names *expression_names(const struct expression *expression)
{
	return &expression->names;
}

unsigned expression_group(const struct expression *expression, const char *name)
{
	for (size_t i = 0; i < expression->names.count; i++) {
		if (slice_equal(expression->names.at[i].name, slice_of(name)))
			return expression->names.at[i].group;
	}
	return 0;
}

struct slice expression_library(struct arena *arena)
{
	char version[64] = "";

	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) < (int)sizeof version)
		(void)pcre2_config(PCRE2_CONFIG_VERSION, version);
	return arena_printf(arena, "PCRE2 %s", version);
}

struct expression_scratch *expression_scratch_new(void)
{
	struct expression_scratch *scratch = calloc(1, sizeof *scratch);

	out_of_memory_unless(scratch);
	scratch->data = pcre2_match_data_create(EXPRESSION_GROUPS_MAX + 1, NULL);
	scratch->context = pcre2_match_context_create(NULL);
	out_of_memory_unless(scratch->data);
	out_of_memory_unless(scratch->context);
	pcre2_set_match_limit(scratch->context, MATCH_LIMIT);
	pcre2_set_depth_limit(scratch->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(scratch->context, HEAP_LIMIT_KIB);
	scratch->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
	if (scratch->stack != NULL) /* without: PCRE2's own 32 KiB on the stack */
		pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
	return scratch;
}

void expression_scratch_free(struct expression_scratch *scratch)
{
	if (scratch == NULL)
		return;
	pcre2_jit_stack_free(scratch->stack);
	pcre2_match_context_free(scratch->context);
	pcre2_match_data_free(scratch->data);
	free(scratch);
}

static enum expression_result code_match(const struct expression *expression,
					 struct expression_scratch *scratch,
					 struct slice subject, bool ascii, size_t start)
{
	const struct code *code = code_get(expression, ascii);
	PCRE2_SPTR text = (PCRE2_SPTR)(subject.len > 0 ? subject.at : "");
	int pairs;

	if (code->code == NULL)
		return EXPRESSION_LIMITED;
	if (!heads_allow(code, subject, start))
		return EXPRESSION_MISS;
	if (code->jit)
		pairs = pcre2_jit_match(code->code, text, subject.len, start, 0,
					scratch->data, scratch->context);
	else
		pairs = pcre2_match(code->code, text, subject.len, start,
				    PCRE2_NO_UTF_CHECK, scratch->data,
				    scratch->context);
	if (pairs == PCRE2_ERROR_NOMATCH)
		return EXPRESSION_MISS;
	if (pairs <= 0)
		return EXPRESSION_LIMITED;
	scratch->subject = subject;
	scratch->pairs = (unsigned)pairs;
	return EXPRESSION_HIT;
}

enum expression_result expression_match(const struct expression *expression,
					struct expression_scratch *scratch,
					struct slice subject, bool ascii, size_t start)
{
	enum expression_result result = EXPRESSION_LIMITED;

	if (expression->hastened != NULL)
		result = code_match(expression->hastened, scratch, subject, ascii,
				    start);
	if (result == EXPRESSION_LIMITED)
		result = code_match(expression, scratch, subject, ascii, start);
	return result;
}

/* PCRE2_PARTIAL_HARD prefers "I would have to see more" to a match, wherever that is so. */
bool expression_match_decided(const struct expression *expression,
			      struct expression_scratch *scratch, struct slice subject,
			      bool ascii, size_t *end)
{
	struct code *code = code_get(expression, ascii);
	int pairs;

	scratch->pairs = 0;
	if (code->code == NULL)
		return false;
	if (!atomic_load_explicit(&code->has_decider, memory_order_acquire))
		decider_prepare(expression, code);
	pairs = pcre2_match(code->decider, (PCRE2_SPTR)subject.at, subject.len, 0,
			    PCRE2_PARTIAL_HARD | PCRE2_NO_UTF_CHECK, scratch->data,
			    scratch->context);
	if (pairs <= 0)
		return false;
	*end = pcre2_get_ovector_pointer(scratch->data)[1];
	return true;
}

static struct slice capture(const struct expression_scratch *scratch,
			    const size_t *offsets, unsigned group)
{
	size_t from, to;

	if (group >= scratch->pairs || offsets[2 * group] == PCRE2_UNSET)
		return (struct slice){ 0 };
	from = offsets[2 * group];
	to = offsets[2 * group + 1];
	/* A \K inside a look-ahead could put the end before the start. */
	return slice_cut(scratch->subject, from, to < from ? from : to);
}

struct slice expression_capture(const struct expression_scratch *scratch,
				unsigned group)
{
	return capture(scratch, pcre2_get_ovector_pointer(scratch->data), group);
}

/* Direct groups first; of the alternates the first with text, where no other had any. */
void expression_roles(const struct expression *expression,
		      const struct expression_scratch *scratch, struct slice *roles)
{
	const size_t *offsets = pcre2_get_ovector_pointer(scratch->data);
	unsigned filled = 0;
	bool alternates = false;

	for (size_t i = 0; i < expression->source_count; i++) {
		const struct role_source *source = &expression->sources[i];
		struct slice value;

		alternates = alternates || source->alternate;
		if (source->alternate)
			continue;
		value = capture(scratch, offsets, source->group);
		if (value.at == NULL)
			continue;
		roles[source->role] = value;
		filled |= (unsigned)(value.len > 0) << source->role;
	}
	for (size_t i = 0; alternates && i < expression->source_count; i++) {
		const struct role_source *source = &expression->sources[i];
		struct slice value;

		if (!source->alternate || (filled >> source->role & 1) != 0)
			continue;
		value = capture(scratch, offsets, source->group);
		if (value.len == 0)
			continue;
		roles[source->role] = value;
		filled |= 1U << source->role;
	}
}

bool expression_is_ascii(struct slice text)
{
	enum { WORDS = 4 };
	uint64_t words[WORDS], high = 0;
	size_t i = 0;

	for (; i + sizeof words <= text.len; i += sizeof words) {
		memcpy(words, text.at + i, sizeof words);
		high |= words[0] | words[1] | words[2] | words[3];
	}
	for (; i + sizeof high < text.len; i += sizeof high)
		high |= eight_bytes(text.at + i);
	if (text.len >= sizeof high)
		high |= eight_bytes(text.at + text.len - sizeof high);
	for (; text.len < sizeof high && i < text.len; i++)
		high |= (uint64_t)(text.at[i] & 0x80) << 56;
	return (high & UINT64_C(0x8080808080808080)) == 0;
}

/* What of `text`, which begins no character, Python replaces by one U+FFFD: as much as
 * could have begun one (Unicode 15 section 3.9, table 3-7).                           */
static size_t malformed_length(struct slice text)
{
	uint8_t lead = (uint8_t)text.at[0], low = 0x80, high = 0xbf;
	size_t most = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 1, len = 1;

	low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : low;
	high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : high;
	while (len < most && len < text.len && (uint8_t)text.at[len] >= low &&
	       (uint8_t)text.at[len] <= high) {
		low = 0x80;
		high = 0xbf;
		len++;
	}
	return len;
}

struct slice expression_utf8(struct arena *arena, struct slice text)
{
	char *out = ARENA_ARRAY(arena, char, text.len * 3 + 1);
	size_t len = 0;

	while (text.len > 0) {
		size_t taken;
		bool valid = utf8_decode(text, &taken) >= 0;

		if (!valid)
			taken = malformed_length(text);
		memcpy(out + len, valid ? text.at : "\xef\xbf\xbd", valid ? taken : 3);
		len += valid ? taken : 3;
		text = slice_from(text, taken);
	}
	return (struct slice){ out, len };
}
