/* SPDX-License-Identifier: Apache-2.0 */
/* The settings file of lint, .hookwright.yaml. */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fs.h"
#include "base/suggest.h"
#include "format/decode.h"
#include "lint/rules.h"
#include "runtime/version.h"
#include "tools.h"

/* The settings file of lint, hookwright(1), SETTINGS FILE; and the words that settings take. */

#define SETTINGS_FILE	  ".hookwright.yaml"
#define SETTINGS_SIZE_MAX ((size_t)1 << 20)
#define PATHS_MAX	  256
#define REASON_MAX	  1024
#define VERSION_MAX	  64

/* ---- words ---- */

static const struct word kind_words[] = {
	{ "any", "all" },  { "runc", NULL },	  { "crun", NULL },
	{ "youki", NULL }, { "runsc", "gvisor" }, { "kata", "kata-runtime" },
};
/* GOARCH names, as images have them; what uname(1) and distributions say is the alias. */
static const struct word arch_words[] = {
	{ "386", "i686" },	{ "amd64", "x86_64" },	      { "arm", "armv7l" },
	{ "arm64", "aarch64" }, { "loong64", "loongarch64" }, { "mips", NULL },
	{ "mips64", NULL },	{ "mips64le", "mips64el" },   { "mipsle", "mipsel" },
	{ "ppc64", NULL },	{ "ppc64le", "ppc64el" },     { "riscv64", "riscv" },
	{ "s390x", "s390" },
};
static const struct word report_words[] = {
	[HW_REPORT_TEXT] = { "text", "tty" },
	[HW_REPORT_JSON] = { "json", NULL },
	[HW_REPORT_SARIF] = { "sarif", NULL },
	[HW_REPORT_JUNIT] = { "junit", "xml" },
	[HW_REPORT_GITHUB] = { "github", "annotations" },
	[HW_REPORT_GCC] = { "gcc", "unix" },
	[HW_REPORT_CHECKSTYLE] = { "checkstyle", NULL },
	[HW_REPORT_CODECLIMATE] = { "codeclimate", "gitlab" },
	[HW_REPORT_HTML] = { "html", "htm" },
};
static const struct word severity_words[] = {
	[HW_SEVERITY_NOTE] = { "note", "info" },
	[HW_SEVERITY_WARNING] = { "warning", "warn" },
	[HW_SEVERITY_ERROR] = { "error", "fail" },
};
static const struct word colour_words[] = {
	{ "auto", NULL },
	{ "always", "yes" },
	{ "never", "no" },
};

static const struct word form_words[] = { { "text", "tty" }, { "json", NULL } };
static const struct word picture_words[] = {
	{ "text", "tty" },
	{ "json", NULL },
	{ "svg", "picture" },
};

#define WORDS(table) table, ARRAY_SIZE(table)

static const struct {
	const struct word *words;
	size_t n;
} choices[] = {
	[HW_CHOICE_RUNTIME] = { WORDS(kind_words) },
	[HW_CHOICE_ARCH] = { WORDS(arch_words) },
	[HW_CHOICE_REPORT] = { WORDS(report_words) },
	[HW_CHOICE_SEVERITY] = { WORDS(severity_words) },
	[HW_CHOICE_COLOUR] = { WORDS(colour_words) },
	[HW_CHOICE_FORM] = { WORDS(form_words) },
	[HW_CHOICE_PICTURE] = { WORDS(picture_words) },
};

const char *hw_choice_word(enum hw_choice choice, size_t index)
{
	assert(choice < ARRAY_SIZE(choices));
	return index < choices[choice].n ? choices[choice].words[index].word : NULL;
}

int hw_choice_find(enum hw_choice choice, const char *word, const char **near)
{
	struct suggestion best = SUGGEST_FOR(word);
	const char *alias = NULL;

	assert(choice < ARRAY_SIZE(choices) && word && near);
	for (size_t i = 0; i < choices[choice].n; i++) {
		const struct word *w = &choices[choice].words[i];

		if (streq(w->word, word))
			return (int)i;
		suggest_consider(&best, w->word);
		if (w->alias && streq(w->alias, word))
			alias = w->word;
	}
	*near = alias ? alias : best.best;
	return -1;
}

static const char *runtime_word(const char *name)
{
	const char *near;
	const int index = hw_choice_find(HW_CHOICE_RUNTIME, path_base(name), &near);

	return index < 0 ? NULL : kind_words[index].word;
}

/* What containerd registers: "io.containerd.runc.v2". */
static const char *registered_word(const char *value)
{
	static const char prefix[] = "io.containerd.";
	const char *name = value + sizeof(prefix) - 1;
	size_t len;

	if (strncmp(value, prefix, sizeof(prefix) - 1) != 0)
		return NULL;
	len = strcspn(name, ".");
	for (size_t i = 1; i < ARRAY_SIZE(kind_words); i++)
		if (strlen(kind_words[i].word) == len && memcmp(name, kind_words[i].word, len) == 0)
			return kind_words[i].word;
	return NULL;
}

bool hw_runtime_find(const char *value, const char **word, const char **near)
{
	auto_free char *real = strchr(value, '/') ? realpath(value, NULL) : NULL;

	*near = NULL;
	*word = real ? runtime_word(real) : NULL;
	if (!*word)
		*word = runtime_word(value);
	if (!*word)
		*word = registered_word(value);
	if (*word && (strchr(value, '/') == NULL || !streq(*word, kind_words[0].word)))
		return true;
	(void)hw_choice_find(HW_CHOICE_RUNTIME, path_base(value), near);
	return false;
}

/*
 * By name, or by the number of an id. Of ids that differ in a digit none is more likely than
 * another.
 */
static bool by_number(const char *word, struct hw_rule *ret)
{
	char id[8];

	return strlen(word) == 3 && strspn(word, "0123456789") == 3 &&
	       snprintf(id, sizeof(id), "HW%s", word) == 5 && hw_rules_find(id, ret);
}

bool hw_rules_closest(const char *word, struct hw_rule *ret)
{
	struct suggestion best = SUGGEST_FOR(word);

	if (by_number(word, ret))
		return true;
	for (size_t i = 0; i < N_RULES; i++)
		suggest_consider(&best, rule_get((enum rule)i)->name);
	return best.best && hw_rules_find(best.best, ret);
}

/* ---- the tables ---- */

/* The target of decoding the file, and the owner of its memory. */
struct settings_file {
	struct hw_lint_settings settings;
	struct arena *arena;
};

/* For struct decoder, user: what paths in the file are relative to, "" or "DIR/". */
struct base {
	const char *dir;
	size_t len;
	bool confined; /* nobody named the file: it may be a pull request's */
};

#define WHOSE "if you trust this file, name it: --settings .hookwright.yaml"

/*
 * Settings that are allowed only if the user named the file; otherwise it could
 * lead lint out of the tree.
 */
static int refuse_outside(const struct decoder *d, const struct node *node)
{
	return decode_refuse(d, node, WHOSE, "'%s' leads out of the directory of this file",
			     node->text);
}

static int decode_trusted_flag(const struct decoder *d, const struct type *type,
			       const struct node *node, void *out)
{
	const struct base *base = d->user;
	int r = decode_boolean(d, type, node, out);

	if (r < 0 || !base->confined || !*(const bool *)out)
		return r;
	return decode_refuse(d, node, WHOSE ", or give --host-mounts",
			     "'%s' leads lint out of the directory of this file", node->key->text);
}

/* A missing file is reported later, where it is needed. */
static bool leads_out(const struct base *base, const char *path)
{
	auto_close int fd = base->confined ? fs_open_beneath(AT_FDCWD, path, NULL) : -ENOENT;

	return fd == -EXDEV;
}

static int decode_path(const struct decoder *d, const struct type *type, const struct node *node,
		       void *out)
{
	const struct base *base = d->user;
	char *path;
	int r = decode_text(d, type, node, out);

	if (r < 0)
		return r;
	if (node->len == 0 || node->text[strcspn(node->text, "\n")])
		return decode_refuse(d, node, "write a path, relative to this file or absolute",
				     "'%s' cannot be a path", node->text);
	if (leads_out(base, node->text))
		return refuse_outside(d, node);
	if (node->text[0] == '/')
		return 0;
	/* Not arena_printf(): that is for messages, and changes what terminals must not see. */
	path = arena_alloc(d->arena, base->len + node->len + 1, 1);
	if (!path)
		return error_oom(d->err);
	memcpy(path, base->dir, base->len);
	memcpy(path + base->len, node->text, node->len + 1);
	*(const char **)out = path;
	return 0;
}

static int check_runtime_version(const struct decoder *d, const struct node *node)
{
	struct runtime told = { 0 };

	if (node->len < VERSION_MAX && runtime_set_version(&told, node->text))
		return 0;
	return decode_refuse(d, node, NOT_A_VERSION_HINT, NOT_A_VERSION, "runtimeVersion",
			     node->text);
}

/* Whoever reads the file later must see why: a reason is not left out. */
static int decode_ignore(const struct decoder *d, const struct type *type, const struct node *node,
			 void *out)
{
	const struct rule_text *rule = rule_find(node->key->text);
	struct hw_ignore *ignore = out;
	struct hw_rule near;
	char hint[128];

	if (rule) {
		ignore->rule = rule->id;
		return decode_text(d, type, node, &ignore->reason);
	}
	if (hw_rules_closest(node->key->text, &near))
		snprintf(hint, sizeof(hint), "did you mean '%s' (%s)?", near.name, near.id);
	else
		snprintf(hint, sizeof(hint), "'hookwright lint --rules' lists the rules");
	return decode_refuse(d, node->key, hint, "unknown rule '%s'", node->key->text);
}

static int check_reason(const struct decoder *d, const struct node *node)
{
	if (node->text[strspn(node->text, " \t\n")])
		return 0;
	return decode_refuse(d, node, "write why the rule does not count here",
			     "the reason is empty");
}

#define PATH_TYPE                                                                         \
	{                                                                                 \
		.shape = SHAPE_TEXT, .decode = decode_path, .size = sizeof(const char *), \
		.max = PATH_BYTES_MAX, .hint = "write a path"                             \
	}
#define WORD_TYPE(how, table, size_of)                                                           \
	{                                                                                        \
		.shape = SHAPE_WORD, .decode = (how), .size = sizeof(size_of), .words = (table), \
		.n = ARRAY_SIZE(table)                                                           \
	}

static const struct type path_type = PATH_TYPE;
static const struct type paths_type = SET_TYPE(&path_type, PATHS_MAX);
static const struct type name_type = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.size = sizeof(const char *),
	.max = PATH_BYTES_MAX,
	.hint = "write a policy's name",
};
static const struct type names_type = SET_TYPE(&name_type, PATHS_MAX);
static const struct type runtime_type = WORD_TYPE(decode_word, kind_words, const char *);
static const struct type arch_type = WORD_TYPE(decode_word, arch_words, const char *);
static const struct type format_type = WORD_TYPE(decode_choice, report_words, int);
static const struct type severity_type = WORD_TYPE(decode_choice, severity_words, int);
static const struct type colour_type = WORD_TYPE(decode_choice, colour_words, int);
static const struct type runtime_version_type = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_runtime_version,
	.max = VERSION_MAX,
	.hint = "quote it: '1.1'",
};
static const struct type flag_type = { .shape = SHAPE_BOOLEAN, .decode = decode_boolean };
static const struct type trusted_flag_type = { .shape = SHAPE_BOOLEAN,
					       .decode = decode_trusted_flag };
static const struct type jobs_type = {
	.shape = SHAPE_INTEGER,
	.decode = decode_int,
	.min = 0,
	.max = HW_LINT_JOBS_MAX,
};
static const struct type reason_type = {
	.shape = SHAPE_TEXT,
	.decode = decode_ignore,
	.check = check_reason,
	.size = sizeof(struct hw_ignore),
	.max = REASON_MAX,
	.hint = "write the reason as text",
};
static const struct type ignore_type = {
	.shape = SHAPE_MAP,
	.decode = decode_map,
	.min = 1,
	.max = PATHS_MAX,
	.item = &reason_type,
	.hint = "write 'HW118: why it does not count here' for each rule",
};

#define AT(member) offsetof(struct hw_lint_settings, member)

/* Where reports are written is the command line's alone: a pull request can change this file. */
#define NO_OUTPUT "only the command line says which files are written: --format and --output"

static const struct field fields[] = {
	{ "version", &version_type, 0, true, NULL },
	{ "recursive", &paths_type, AT(recursive), false, NULL },
	{ "rootfs", &path_type, AT(lint.rootfs), false, NULL },
	{ "runtime", &runtime_type, AT(lint.runtime), false, NULL },
	{ "runtimeVersion", &runtime_version_type, AT(lint.runtime_version), false, NULL },
	{ "arch", &arch_type, AT(lint.arch), false, NULL },
	{ "hostMounts", &trusted_flag_type, AT(lint.host_mounts), false, NULL },
	{ "policies", &paths_type, AT(options.policies), false, NULL },
	{ "hooksDirs", &paths_type, AT(options.hooks_dirs), false, NULL },
	{ "requests", &names_type, AT(options.requests), false, NULL },
	{ "config", &path_type, AT(options.config), false, NULL },
	{ "noPolicies", &flag_type, AT(lint.no_policies), false, NULL },
	{ "failOn", &severity_type, AT(fail_on), false, NULL },
	{ "ignore", &ignore_type, AT(lint.ignores), false, NULL },
	{ "inlineIgnore", &flag_type, AT(lint.inline_ignore), false, NULL },
	{ "noInlineIgnore", &flag_type, AT(lint.no_inline_ignore), false, NULL },
	{ "format", &format_type, AT(format), false, NULL },
	{ "color", &colour_type, AT(colour), false, NULL },
	{ "jobs", &jobs_type, AT(jobs), false, NULL },
	{ "output", NULL, 0, false, NO_OUTPUT },
	{ "colour", NULL, 0, false, "did you mean 'color'?" },
	{ "policy", NULL, 0, false, "did you mean 'policies'?" },
	{ "request", NULL, 0, false, "did you mean 'requests'?" },
	{ "<<", NULL, 0, false, "write the keys out: there are no merge keys" },
};

static const struct type settings_type = {
	.shape = SHAPE_OBJECT,
	.decode = decode_object,
	.fields = fields,
	.n = ARRAY_SIZE(fields),
};

#define LIST_AT(list, count)                                              \
	_Static_assert(AT(count) == AT(list) + offsetof(struct array, n), \
		       "a list is decoded into a pointer and a count")
LIST_AT(recursive, n_recursive);
LIST_AT(options.policies, options.n_policies);
LIST_AT(options.hooks_dirs, options.n_hooks_dirs);
LIST_AT(options.requests, options.n_requests);
LIST_AT(lint.ignores, lint.n_ignores);

/* ---- the file ---- */

static int decode_file(struct settings_file *file, const char *path, bool named, const char *text,
		       size_t len, struct hw_error *err)
{
	static const struct document document = { "configuration",
						  "begin it with 'version: 1', or remove it",
						  &settings_type };
	const char *slash = strrchr(path, '/');
	struct base base = { path, slash ? (size_t)(slash + 1 - path) : 0, !named };
	const struct decoder d = { .arena = file->arena, .path = path, .err = err, .user = &base };

	return decode_document(&d, &document, text, len, &file->settings);
}

static int new_file(struct settings_file **ret, struct hw_error *err)
{
	struct arena *arena = arena_new();
	struct settings_file *file = arena ? arena_alloc(arena, 1, sizeof(*file)) : NULL;

	if (!file) {
		arena_free(arena);
		return error_oom(err);
	}
	file->arena = arena;
	file->settings.jobs = file->settings.fail_on = -1;
	file->settings.format = file->settings.colour = -1;
	*ret = file;
	return 0;
}

int hw_lint_settings_load(const char *file, const struct hw_lint_settings **ret,
			  struct hw_error *err)
{
	const char *path = file ? file : SETTINGS_FILE;
	struct settings_file *loaded = NULL;
	auto_free char *text = NULL;
	size_t len;
	int r;

	assert(ret);
	r = new_file(&loaded, err);
	if (r < 0)
		return r;
	r = fs_read_file(AT_FDCWD, path, file ? 0 : O_NOFOLLOW, path, SETTINGS_SIZE_MAX, &text,
			 &len, NULL, err);
	if (r == 0)
		r = decode_file(loaded, path, file != NULL, text, len, err);
	else if (r == -ENOENT && !file)
		r = 0;
	else if (r == -ELOOP && !file)
		r = error_set(err, ELOOP, IN(path), WHOSE,
			      "a symbolic link, which is not followed");
	if (r < 0) {
		arena_free(loaded->arena);
		return r;
	}
	*ret = &loaded->settings;
	return 0;
}

void hw_lint_settings_free(const struct hw_lint_settings *settings)
{
	/* The first member of what owns it. */
	if (settings)
		arena_free(((const struct settings_file *)settings)->arena);
}
