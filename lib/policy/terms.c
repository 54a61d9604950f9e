/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes the conditions of a policy, with one row for each key. */
#include "policy/terms.h"
#include "base/glob.h"
#include "oci/capabilities.h"

#define ITEMS_MAX      64
#define ANNOTATION_MAX 256 /* bytes of a key */

/* ---- expressions ---- */

static const struct type expression_text = { .decode = decode_text, .max = INT32_MAX };

/* Requirements of policies for expressions, beyond valid syntax. */
static int check_expression(const struct decoder *d, const struct node *node, const char *source)
{
	if (!source[0])
		return decode_refuse(d, node, "'(?s).*' matches every value, '^$' an empty one",
				     "the expression is empty");
	if (source[strlen(source) - 1] == '\n')
		return decode_refuse(d, node, "write it on one line, without '|' or '>'",
				     "the expression ends with a line break");
	return 0;
}

/* Only checked here: most are never asked, and each is cheap to compile when it is. */
static int decode_pattern(const struct decoder *d, const struct type *type, const struct node *node,
			  void *out)
{
	const struct where at = { d->path, node->line, node->column };
	struct cond_pattern *p = out;
	int r = decode_text(d, &expression_text, node, &p->source);

	(void)type;
	if (r == 0)
		r = check_expression(d, node, p->source);
	if (r == 0)
		r = re2_check(p->source, at, d->err);
	p->line = node->line;
	p->column = node->column;
	return r;
}

static int decode_named_pattern(const struct decoder *d, const struct type *type,
				const struct node *node, void *out)
{
	((struct cond_pattern *)out)->name = node->key->text;
	return decode_pattern(d, type, node, out);
}

static int check_annotation(const struct decoder *d, const struct node *node)
{
	if (node->len == 0)
		return decode_refuse(d, node, "write 'annotations: {KEY: EXPRESSION}'",
				     "an annotation's key cannot be empty");
	if (node->len > ANNOTATION_MAX)
		return decode_refuse(d, node, NULL,
				     "an annotation's key of %zu bytes; at most %d are allowed",
				     node->len, ANNOTATION_MAX);
	return 0;
}

/* ---- paths and names ---- */

static int check_condition_path(const struct decoder *d, const struct node *node)
{
	return streq(node->text, "/") ? 0 : check_path(d, node);
}

static int check_glob(const struct decoder *d, const struct node *node)
{
	const char *hint = NULL, *error;
	int r = check_path(d, node);

	if (r < 0)
		return r;
	error = glob_error(node->text, &hint);
	if (error)
		return decode_refuse(d, node, hint, "'%s' is not a valid pattern: %s", node->text,
				     error);
	if (!glob_is_pattern(node->text, node->len))
		return decode_refuse(d, node, "write exists: PATH for one path",
				     "'%s' does not have a '*', '?' or '[...]'", node->text);
	return 0;
}

/* Destinations are compared as text: with ".." in it the condition would never be true. */
static int check_destination(const struct decoder *d, const struct node *node)
{
	const char *up = strstr(node->text, "/..");

	if (up && (up[3] == '/' || up[3] == '\0'))
		return decode_refuse(d, node, "write the path without '..'",
				     "'%s' is not a valid destination of a mount", node->text);
	return check_condition_path(d, node);
}

static int check_runtime(const struct decoder *d, const struct node *node)
{
	static const char all[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-";

	if (node->len && strspn(node->text, all) == node->len)
		return 0;
	return decode_refuse(d, node, "write its base name, such as runc or crun",
			     "'%s' is not a valid name of a runtime", node->text);
}

/* ---- types ---- */

static const struct type expression = {
	.shape = SHAPE_TEXT,
	.decode = decode_pattern,
	.size = sizeof(struct cond_pattern),
	.pattern = "^(?![\\s\\S]*(\\n$|\\u0000))[\\s\\S]",
	.max = RE2_SOURCE_MAX,
	.define = "expression",
};

static const struct type named_expression = {
	.shape = SHAPE_TEXT,
	.decode = decode_named_pattern,
	.size = sizeof(struct cond_pattern),
	.pattern = "^(?![\\s\\S]*(\\n$|\\u0000))[\\s\\S]",
	.max = RE2_SOURCE_MAX,
	.define = "expression",
};

static const struct type expressions = {
	.shape = SHAPE_LIST,
	.single = true,
	.decode = decode_list,
	.min = 1,
	.max = ITEMS_MAX,
	.item = &expression,
};

static const struct type annotations = {
	.shape = SHAPE_MAP,
	.decode = decode_map,
	.check = check_annotation,
	.pattern = "^[^\\u0000]{1,256}$", /* ANNOTATION_MAX */
	.min = 1,
	.max = ITEMS_MAX,
	.item = &named_expression,
	.hint = "write { KEY: EXPRESSION }",
};

static const struct type variables = {
	.shape = SHAPE_MAP,
	.decode = decode_map,
	.check = check_variable,
	.pattern = VARIABLE_PATTERN,
	.min = 1,
	.max = ITEMS_MAX,
	.item = &named_expression,
	.hint = "write { NAME: EXPRESSION }",
};

static const struct type id = {
	.shape = SHAPE_INTEGER,
	.decode = decode_uint32,
	.size = sizeof(uint32_t),
	.max = UINT32_MAX,
	.hint = "users and groups are numbers here; root is 0",
};

static const struct type ids = SET_TYPE(&id, ITEMS_MAX);

#define CAPABILITY_WORD(name) { "CAP_" #name, #name },

static const struct word capability_words[] = { CAPABILITIES(CAPABILITY_WORD) };

static const struct word libc_words[] = {
	{ "glibc", "gnu" },
	{ "musl", "musl-libc" },
	{ "none", "static" },
};

/* GOARCH names, as images have them; what uname(1) and distributions say is the alias. */
static const struct word arch_words[] = {
	{ "386", "i686" },	{ "amd64", "x86_64" },	      { "arm", "armv7l" },
	{ "arm64", "aarch64" }, { "loong64", "loongarch64" }, { "mips", NULL },
	{ "mips64", NULL },	{ "mips64le", "mips64el" },   { "mipsle", "mipsel" },
	{ "ppc64", NULL },	{ "ppc64le", "ppc64el" },     { "riscv64", NULL },
	{ "s390x", NULL },
};

#define WORD_TYPE(table, help)                                                            \
	{                                                                                 \
		.shape = SHAPE_WORD, .decode = decode_word, .size = sizeof(const char *), \
		.words = (table), .n = ARRAY_SIZE(table), .hint = (help)                  \
	}
static const struct type capability =
	WORD_TYPE(capability_words, "capabilities(7) has a list of them");
static const struct type capabilities = SET_TYPE(&capability, ITEMS_MAX);
const struct type libc_type = WORD_TYPE(libc_words, NULL);
static const struct type libcs = SET_TYPE(&libc_type, ITEMS_MAX);
const struct type arch_type = WORD_TYPE(arch_words, NULL);
static const struct type archs = SET_TYPE(&arch_type, ITEMS_MAX);

static const struct type path = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_condition_path,
	.size = sizeof(const char *),
	.pattern = "^/$|" PATH_PATTERN,
	.max = PATH_BYTES_MAX,
	.hint = "write an absolute path",
};
const struct type paths_type = SET_TYPE(&path, ITEMS_MAX);

static const struct type glob = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_glob,
	.size = sizeof(const char *),
	.pattern = "^(?=.*[*?\\[])(?!.*/\\*\\*(/|$))(?![\\s\\S]*[\\n\\r\\t\\u0000])/.*[^/]$",
	.max = PATH_BYTES_MAX,
	.hint = "write an absolute path with '*', '?' or '[...]'",
};
static const struct type globs = SET_TYPE(&glob, ITEMS_MAX);

static const struct type destination = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_destination,
	.size = sizeof(const char *),
	.pattern = "^/$|^(?!.*/\\.\\.(/|$))(?![\\s\\S]*[\\n\\r\\t\\u0000])/.*[^/]$",
	.max = PATH_BYTES_MAX,
	.hint = "write an absolute path",
};
static const struct type destinations = SET_TYPE(&destination, ITEMS_MAX);

const struct type runtime_type = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_runtime,
	.size = sizeof(const char *),
	.pattern = "^[A-Za-z0-9._+-]+$",
	.max = 64,
};
static const struct type runtimes = SET_TYPE(&runtime_type, ITEMS_MAX);

static const struct type boolean = {
	.shape = SHAPE_BOOLEAN,
	.decode = decode_boolean,
	.hint = "write true or false",
};
/* False would be a hook that can never be: its program does not exist. */
static const struct type only_true = {
	.shape = SHAPE_BOOLEAN,
	.decode = decode_boolean,
	.min = 1,
	.hint = "write true, or remove the key",
};

static const struct field os_fields[] = {
	{ "id", &named_expression, 0, false, "ID of os-release, such as debian" },
	{ "versionId", &named_expression, 0, false, "VERSION_ID of os-release, such as '12'" },
	{ "version", NULL, 0, false,
	  "write versionId: VERSION of os-release is only a description" },
	{ "name", NULL, 0, false, "write id: NAME of os-release is only a description" },
};

static int decode_os(const struct decoder *d, const struct type *type, const struct node *node,
		     void *out)
{
	struct cond_pattern *patterns;
	size_t n = 0;
	int r = 0;

	if (node->kind != NODE_MAP)
		return decode_mismatch(d, type, node, "a mapping with id and versionId");
	if (node->len == 0)
		return decode_refuse(d, node, "write id, versionId or both",
				     "'%s' has an empty mapping", node->key->text);
	patterns = arena_alloc(d->arena, type->n, sizeof(*patterns));
	if (!patterns)
		return error_oom(d->err);
	for (const struct node *value = node->first; r == 0 && value; value = value->next) {
		const struct field *f = decode_field(d, value->key, type);

		r = f ? decode_check_duplicate(d, node, value) : -EINVAL;
		if (r == 0)
			r = f->type->decode(d, f->type, value, &patterns[n++]);
	}
	*(struct cond_os *)out = (struct cond_os){ patterns, n };
	return r;
}

static const struct type os = {
	.shape = SHAPE_OBJECT,
	.decode = decode_os,
	.size = sizeof(struct cond_os),
	.min = 1,
	.fields = os_fields,
	.n = ARRAY_SIZE(os_fields),
	.hint = "write { id: NAME }",
};

static const struct type oses = {
	.shape = SHAPE_LIST,
	.single = true,
	.decode = decode_list,
	.min = 1,
	.max = ITEMS_MAX,
	.item = &os,
};

static const struct type conditions = {
	.shape = SHAPE_LIST,
	.decode = decode_list,
	.min = 1,
	.max = ITEMS_MAX,
	.item = &condition_type,
	.hint = "write a list: [ { KEY: VALUE } ]",
};

/* ---- conditions ---- */

#define TERM(name, type, member, text)                                            \
	{                                                                         \
		(name), (type), offsetof(struct cond_term, member), false, (text) \
	}
#define OTHERS(name, text)                     \
	{                                      \
		(name), NULL, 0, false, (text) \
	}

static const struct field condition_fields[] = {
	[COND_ALL] = TERM("all", &conditions, subs, "every one of these conditions holds"),
	[COND_ANY] = TERM("any", &conditions, subs, "at least one of these conditions holds"),
	[COND_NONE] = TERM("none", &conditions, subs, "none of these conditions holds"),
	[COND_ANNOTATIONS] = TERM("annotations", &annotations, patterns,
				  "each annotation exists and its complete value matches the "
				  "regular expression (RE2 syntax)"),
	[COND_COMMAND] = TERM("command", &expressions, patterns,
			      "the complete process.args[0] matches one of the expressions"),
	[COND_ENV] = TERM("env", &variables, patterns,
			  "process.env has each variable, and its complete value matches"),
	[COND_UID] = TERM("uid", &ids, numbers, "process.user.uid is one of these numbers"),
	[COND_GID] = TERM("gid", &ids, numbers, "process.user.gid is one of these numbers"),
	[COND_CAPABILITIES] = TERM("capabilities", &capabilities, words,
				   "a hook of process.user has each of these: what execve(2) "
				   "leaves of process.capabilities"),
	[COND_EXISTS] = TERM("exists", &paths_type, words, "each path exists in the container"),
	[COND_EXISTS_ANY] = TERM("existsAny", &globs, words,
				 "a path that matches one of these patterns, as in glob(7), exists "
				 "in the container"),
	[COND_HOOK_EXISTS] = TERM("hookExists", &only_true, flag,
				  "a candidate of hook.path exists in the container"),
	[COND_WRITABLE] = TERM("writable", &paths_type, words,
			       "the hook's user can create and rename in each directory, or open "
			       "each file for writing, when the hook runs"),
	[COND_MOUNTS] = TERM("mounts", &destinations, words,
			     "config.json has a mount at or below each path"),
	[COND_READONLY_ROOT] = TERM("readonlyRoot", &boolean, flag, "root.readonly has this value"),
	[COND_LIBC] = TERM("libc", &libcs, words, "the C library of the root file system"),
	[COND_OS] = TERM("os", &oses, os, "os-release of the root file system matches"),
	[COND_ARCH] = TERM("arch", &archs, words, "architecture of the container's program"),
	[COND_RUNTIME] = TERM("runtime", &runtimes, words,
			      "base name of the runtime that will run the container"),
	OTHERS("not", "write none: [ {...} ]"),
	OTHERS("and", "write all: [ {...}, {...} ]"),
	OTHERS("or", "write any: [ {...}, {...} ]"),
	OTHERS("always", "omit the condition: it then applies to every container"),
	OTHERS("user", "write uid: NUMBER"),
	OTHERS("commands", "write command: EXPRESSION; it is about process.args[0]"),
	OTHERS("hasBindMounts", "write mounts: PATH"),
	OTHERS("<<", "write the keys out: there are no merge keys"),
};

const char *cond_key_name(enum cond_key key)
{
	return condition_fields[key].key;
}

static int decode_term(const struct decoder *d, const struct field *f, const struct node *value,
		       struct cond_term *term)
{
	struct term_state *state = d->user;
	struct array array;
	int r;

	if (++state->n_terms > TERMS_MAX)
		return decode_refuse(d, value->key, NULL, "more than %d conditions in one policy",
				     TERMS_MAX);
	term->key = (enum cond_key)(f - condition_fields);
	term->line = value->key->line;
	term->column = value->key->column;
	term->n = 1;
	if (f->type->shape == SHAPE_BOOLEAN)
		return f->type->decode(d, f->type, value, (char *)term + f->offset);
	r = f->type->decode(d, f->type, value, &array);
	if (r < 0)
		return r;
	term->n = array.n;
	memcpy((char *)term + f->offset, &array.items, sizeof(array.items));
	return 0;
}

static int decode_terms(const struct decoder *d, const struct type *type, const struct node *node,
			struct conjunction *out)
{
	struct cond_term *terms = arena_alloc(d->arena, node->len, sizeof(*terms));
	size_t n = 0;

	if (!terms)
		return error_oom(d->err);
	for (const struct node *value = node->first; value; value = value->next) {
		const struct field *f = decode_field(d, value->key, type);
		int r = f ? decode_check_duplicate(d, node, value) : -EINVAL;

		if (r == 0)
			r = decode_term(d, f, value, &terms[n++]);
		if (r < 0)
			return r;
	}
	*out = (struct conjunction){ terms, n, node->line, node->column };
	return 0;
}

static int decode_condition(const struct decoder *d, const struct type *type,
			    const struct node *node, void *out)
{
	struct term_state *state = d->user;
	int r;

	if (node->kind != NODE_MAP)
		return decode_mismatch(d, type, node, "a mapping of conditions");
	if (node->len == 0)
		return decode_refuse(d, node, "write at least one condition, or remove the key",
				     "'%s' has an empty condition", node->key->text);
	if (state->depth > TERM_DEPTH_MAX)
		return decode_refuse(d, node, NULL, "conditions nested more than %d levels deep",
				     TERM_DEPTH_MAX);
	state->depth++;
	r = decode_terms(d, type, node, out);
	state->depth--;
	return r;
}

const struct type condition_type = {
	.shape = SHAPE_OBJECT,
	.decode = decode_condition,
	.size = sizeof(struct conjunction),
	.min = 1,
	.fields = condition_fields,
	.n = ARRAY_SIZE(condition_fields),
	.hint = "write { KEY: VALUE }",
	.define = "condition",
};
