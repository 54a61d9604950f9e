/* SPDX-License-Identifier: Apache-2.0 */
/* Finds and parses the configuration file config.yaml, and finds the runtime that it names. */
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>

#include "base/fs.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "base/words.h"
#include "config/files.h"
#include "config/settings.h"
#include "oci/unsafe.h"

#define CONFIG_SIZE_MAX	 ((size_t)1 << 20)
#define RUNTIMES_MAX	 16
#define SOURCES_MAX	 64
#define ANNOTATION_MAX	 256
#define KNOWN_WORD_MAX	 4096
#define PASSWD_ENTRY_MAX 4096

/* ---- the configuration file ---- */

static int check_runtime(const struct decoder *d, const struct node *node)
{
	if (strchr(node->text, '/'))
		return check_path(d, node);
	if (node->len == 0 || node->text[strcspn(node->text, " \t\n")])
		return decode_refuse(d, node, "write one name or path, or a list of them",
				     "'%s' is not a valid name of a runtime", node->text);
	return 0;
}

static const struct type runtime = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_runtime,
	.size = sizeof(const char *),
	.max = PATH_BYTES_MAX,
	.hint = "write a name or an absolute path",
};
static const struct type runtimes = SET_TYPE(&runtime, RUNTIMES_MAX);

static const struct type place = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_path,
	.size = sizeof(const char *),
	.max = PATH_BYTES_MAX,
	.hint = "write an absolute path",
};
static const struct type places = SET_TYPE(&place, SOURCES_MAX);

/* A name that nothing is refused for is a mistake, and the one that was meant stays refused. */
static int check_annotation(const struct decoder *d, const struct node *node)
{
	if (unsafe_may_allow(node->text))
		return 0;
	return decode_refuse(d, node,
			     "hookwright-security(7) lists the refused ones; a name that ends "
			     "with '.' matches all names that begin with it",
			     "annotation '%s' is not refused", node->text);
}

static const struct type annotation = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_annotation,
	.size = sizeof(const char *),
	.max = ANNOTATION_MAX,
	.hint = "write the name of an annotation",
};
static const struct type allowed_annotations = SET_TYPE(&annotation, SOURCES_MAX);

static const struct type known_word = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.size = sizeof(const char *),
	.max = KNOWN_WORD_MAX,
	.hint = "write an argument",
};
static const struct type known_args = SET_TYPE(&known_word, SOURCES_MAX);

static const struct field known_fields[] = {
	{ "path", &place, offsetof(struct known_hook, path), true, NULL },
	{ "args", &known_args, offsetof(struct known_hook, args), false, NULL },
	{ "env", NULL, 0, false, "whatever the hook's variables are, they do not count" },
};
static const struct type known_hook = {
	.shape = SHAPE_OBJECT,
	.decode = decode_object,
	.fields = known_fields,
	.n = ARRAY_SIZE(known_fields),
	.size = sizeof(struct known_hook),
};
static const struct type harmless_hooks = {
	.shape = SHAPE_LIST,
	.single = true,
	.decode = decode_list,
	.min = 1,
	.max = SOURCES_MAX,
	.item = &known_hook,
};

static int decode_alternative(const struct decoder *d, const struct type *type,
			      const struct node *node, void *out)
{
	struct named_runtime *alternative = out;

	alternative->name = node->key->text;
	return decode_text(d, type, node, &alternative->runtime);
}

static const struct type alternative = {
	.shape = SHAPE_TEXT,
	.decode = decode_alternative,
	.check = check_runtime,
	.size = sizeof(struct named_runtime),
	.max = PATH_BYTES_MAX,
	.hint = "write a name or an absolute path",
};
static const struct type alternatives = {
	.shape = SHAPE_MAP,
	.decode = decode_map,
	.min = 1,
	.max = RUNTIMES_MAX,
	.item = &alternative,
};

static int decode_enum(const struct decoder *d, const struct type *type, const struct node *node,
		       void *out)
{
	return decode_choice(d, type, node, out);
}

/* The second word is the one that is not the default. */
static int decode_second(const struct decoder *d, const struct type *type, const struct node *node,
			 void *out)
{
	int choice, r = decode_choice(d, type, node, &choice);

	if (r == 0)
		*(bool *)out = choice == 1;
	return r;
}

/* True is the default: what is left out must not be silent where nobody configured a log. */
static int decode_journal(const struct decoder *d, const struct type *type, const struct node *node,
			  void *out)
{
	bool journal;
	int r = decode_boolean(d, type, node, &journal);

	if (r == 0)
		*(bool *)out = !journal;
	return r;
}

static const struct word sandboxes_words[] = { { "skip", NULL }, { "apply", NULL } };
static const struct word on_error_words[] = { { "fail", "error" }, { "warn", "warning" } };
static const struct word level_words[] = {
	[SETTINGS_LOG_WARNING] = { "warning", "warn" },
	[SETTINGS_LOG_INFO] = { "info", "debug" },
	[SETTINGS_LOG_ERROR] = { "error", "fail" },
};

/* Its first word is the default, which does not have one. */
static const struct word dialect_words[] = { { "runc", NULL }, { "crun", NULL } };

static int decode_dialect(const struct decoder *d, const struct type *type, const struct node *node,
			  void *out)
{
	int choice, r = decode_choice(d, type, node, &choice);

	if (r == 0)
		*(enum settings_dialect *)out =
			choice ? SETTINGS_DIALECT_CRUN : SETTINGS_DIALECT_RUNC;
	return r;
}

/* Its first word is the default as well, which does not have one. */
static const struct word restore_words[] = { { "pass", NULL }, { "fail", "refuse" } };

static int decode_restore(const struct decoder *d, const struct type *type, const struct node *node,
			  void *out)
{
	int choice, r = decode_choice(d, type, node, &choice);

	if (r == 0)
		*(enum settings_restore *)out =
			choice ? SETTINGS_RESTORE_FAIL : SETTINGS_RESTORE_PASS;
	return r;
}

/* In the order of the bits of enum annotation_power. */
static const struct word annotation_words[] = { { "policies", "policy" },
						{ "runtime", "runtimes" } };

static int decode_power(const struct decoder *d, const struct type *type, const struct node *node,
			void *out)
{
	int choice, r = decode_choice(d, type, node, &choice);

	if (r == 0)
		*(unsigned *)out = 1U << choice;
	return r;
}

/* An empty list is not the same as none. */
static int decode_annotations(const struct decoder *d, const struct type *type,
			      const struct node *node, void *out)
{
	struct settings *settings = out;
	struct array list = { 0 };
	int r = decode_list(d, type, node, &list);

	if (r < 0)
		return r;
	settings->annotations_given = true;
	for (size_t i = 0; i < list.n; i++)
		settings->annotations |= ((const unsigned *)list.items)[i];
	return 0;
}

#define WORDS(array, decoder)                                                                      \
	{                                                                                          \
		.shape = SHAPE_WORD, .decode = (decoder), .words = (array), .n = ARRAY_SIZE(array) \
	}

static const struct type sandboxes = WORDS(sandboxes_words, decode_second);
static const struct type on_error = WORDS(on_error_words, decode_second);
static const struct type log_level = WORDS(level_words, decode_enum);
static const struct type restore = WORDS(restore_words, decode_restore);
static const struct type power = {
	.shape = SHAPE_WORD,
	.decode = decode_power,
	.size = sizeof(unsigned),
	.words = annotation_words,
	.n = ARRAY_SIZE(annotation_words),
};
static const struct type annotations = {
	.shape = SHAPE_LIST,
	.single = true,
	.decode = decode_annotations,
	.max = ARRAY_SIZE(annotation_words),
	.item = &power,
};
static const struct type dialect = WORDS(dialect_words, decode_dialect);

static const struct type log_file = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_path,
	.max = PATH_BYTES_MAX,
	.hint = "write an absolute path",
};
static const struct type journal = { .shape = SHAPE_BOOLEAN, .decode = decode_journal };

static const struct field log_fields[] = {
	{ "level", &log_level, offsetof(struct settings, log_level), false, NULL },
	{ "file", &log_file, offsetof(struct settings, log_file), false, NULL },
	{ "journal", &journal, offsetof(struct settings, no_journal), false, NULL },
};
static const struct type log_type = {
	.shape = SHAPE_OBJECT,
	.decode = decode_object,
	.fields = log_fields,
	.n = ARRAY_SIZE(log_fields),
};

static const struct field fields[] = {
	{ "version", &version_type, 0, true, NULL },
	{ "runtime", &runtimes, offsetof(struct settings, runtimes), false, NULL },
	{ "runtimes", &alternatives, offsetof(struct settings, alternatives), false, NULL },
	{ "dialect", &dialect, offsetof(struct settings, dialect), false, NULL },
	{ "policies", &places, offsetof(struct settings, policies), false, NULL },
	{ "hooksDirs", &places, offsetof(struct settings, hooks_dirs), false, NULL },
	{ "annotations", &annotations, 0, false, NULL },
	{ "restore", &restore, offsetof(struct settings, restore), false, NULL },
	{ "allowedAnnotations", &allowed_annotations,
	  offsetof(struct settings, allowed_annotations), false, NULL },
	{ "harmlessHooks", &harmless_hooks, offsetof(struct settings, harmless_hooks), false,
	  NULL },
	{ "sandboxes", &sandboxes, offsetof(struct settings, sandboxes), false, NULL },
	{ "onError", &on_error, offsetof(struct settings, tolerant), false, NULL },
	{ "log", &log_type, 0, false, NULL },
	{ "<<", NULL, 0, false, "write the keys out: there are no merge keys" },
};

static const struct type settings_type = {
	.shape = SHAPE_OBJECT,
	.decode = decode_object,
	.fields = fields,
	.n = ARRAY_SIZE(fields),
};

#define LIST_AT(list)                                                                       \
	_Static_assert(offsetof(struct settings, n_##list) ==                               \
			       offsetof(struct settings, list) + offsetof(struct array, n), \
		       "a list is decoded into a pointer and a count")
LIST_AT(runtimes);
LIST_AT(policies);
LIST_AT(hooks_dirs);
LIST_AT(allowed_annotations);
LIST_AT(harmless_hooks);
LIST_AT(alternatives);

static int decode_settings(struct arena *arena, const char *path, const char *text, size_t len,
			   struct settings *ret, struct hw_error *err)
{
	static const struct document document = { "configuration",
						  "begin it with 'version: 1', or remove it",
						  &settings_type };
	const struct decoder d = { .arena = arena, .path = path, .err = err };
	int r = decode_document(&d, &document, text, len, ret);

	if (r == 0)
		ret->path = path;
	return r;
}

static int read_settings(const struct config_world *world, struct arena *arena,
			 enum trust_level level, const char *path, struct settings *ret,
			 struct hw_error *err)
{
	auto_free char *text = NULL;
	size_t len;
	int r = config_read_file(&world->trust, level, path, CONFIG_SIZE_MAX, &text, &len, err);

	if (r < 0)
		return r;
	ret->level = level;
	return decode_settings(arena, path, text, len, ret, err);
}

struct location {
	const char *path;
	enum trust_level level;
};

/* The first file that is there counts; no file at all is fine. */
int settings_find(const struct config_world *world, const struct hw_options *options,
		  struct arena *arena, struct settings *ret, struct hw_error *err)
{
	const bool home = world->rootless && world->home;

	if (options->config)
		return read_settings(world, arena, TRUST_CALLER, options->config, ret, err);

	const struct location files[] = {
		{ arena_join(arena, home ? world->home : "", "/hookwright/config.yaml", ""),
		  TRUST_USER },
		{ arena_join(arena, world->prefix, "/etc/hookwright/config.yaml", ""),
		  TRUST_SYSTEM },
	};

	for (size_t i = home ? 0 : 1; i < ARRAY_SIZE(files); i++) {
		int r;

		if (!files[i].path)
			return error_oom(err);
		r = read_settings(world, arena, files[i].level, files[i].path, ret, err);
		if (r == -EACCES && files[i].level == TRUST_USER)
			return error_set(err, EACCES, IN(files[i].path),
					 "correct HOME or XDG_CONFIG_HOME", "cannot open: %m");
		if (r != -ENOENT && r != -ENOTDIR)
			return r;
	}
	return 0;
}

unsigned settings_annotations(const struct settings *settings)
{
	if (settings->annotations_given)
		return settings->annotations;
	return ANNOTATIONS_REQUEST | (settings->n_alternatives ? ANNOTATIONS_CHOOSE : 0U);
}

/* ---- the runtime ---- */

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* *@ret stays NULL if it is nowhere. Relative elements of PATH are a way to be fooled. */
static int look_up(struct arena *arena, const char *name, const char *path, const char **ret,
		   struct hw_error *err)
{
	while (*path && !*ret) {
		size_t len = strcspn(path, ":");

		char file[PATH_MAX];
		int n = snprintf(file, sizeof(file), "%.*s/%s", (int)len, path, name);

		if (*path == '/' && n > 0 && (size_t)n < sizeof(file) && is_program(file)) {
			*ret = arena_strdup(arena, file);
			if (!*ret)
				return error_oom(err);
		}
		path += len + (path[len] == ':');
	}
	return 0;
}

int settings_find_program(const struct config_world *world, const char *const *names, size_t n,
			  struct arena *arena, const char **ret, struct hw_error *err)
{
	int r = 0;

	*ret = NULL;
	for (size_t i = 0; r == 0 && !*ret && i < n; i++) {
		if (!strchr(names[i], '/'))
			r = look_up(arena, names[i], world->path, ret, err);
		else if (is_program(names[i]))
			*ret = names[i];
	}
	return r;
}

static const char *listed(struct arena *arena, const char *const *words, size_t n)
{
	const char *list = n ? words[0] : "";

	for (size_t i = 1; list && i < n; i++)
		list = arena_printf(arena, "%s, %s", list, words[i]);
	return list;
}

static int no_runtime(const struct settings *settings, const char *list, struct hw_error *err)
{
	struct suggestion near = SUGGEST_FOR(settings->runtimes[0]);
	char hint[64] = "install one of them, or correct 'runtime'";

	suggest_consider(&near, "runc");
	suggest_consider(&near, "crun");
	if (settings->n_runtimes == 1 && near.best && !streq(near.best, near.word))
		snprintf(hint, sizeof(hint), "did you mean '%s'?", near.best);
	return error_set(err, ENOENT, IN(settings->path), hint,
			 "'runtime' does not name a program that exists: %s", list);
}

int settings_find_runtime(const struct config_world *world, const struct settings *settings,
			  struct arena *arena, const char **ret, struct hw_error *err)
{
	const char *list = listed(arena, settings->runtimes, settings->n_runtimes);
	int r = settings_find_program(world, settings->runtimes, settings->n_runtimes, arena, ret,
				      err);

	if (r < 0 || !list)
		return r < 0 ? r : error_oom(err);
	if (!*ret && settings->n_runtimes)
		return no_runtime(settings, list, err);
	return 0;
}

/* ---- the process ---- */

#define OVERFLOW_DEFAULT 65534

/* Text of a small file of /proc, "" if it cannot be had. */
static void read_proc(const char *path, char *buf, size_t size)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, size - 1);

	buf[n < 0 ? 0 : n] = '\0';
}

/* The first line of uid_map: ids of this user namespace and of the one above. */
struct id_map {
	unsigned inside, outside, count;
};

/*
 * The decimal number at *@text, which then points behind it; false if there is none. By hand: each
 * call of an engine comes here, and libc's ways bring their tables into memory first.
 */
static bool read_id(const char **text, unsigned *ret)
{
	const char *s = *text;
	unsigned n = 0;

	while (*s == ' ')
		s++;
	*text = s;
	for (; is_digit(*s); s++)
		n = n * 10 + (unsigned)(*s - '0');
	*ret = n;
	if (s == *text)
		return false;
	*text = s;
	return true;
}

/* Without /proc it is taken for the initial one: that trusts fewer. */
static struct id_map uid_map(void)
{
	struct id_map map;
	char text[128];
	const char *at = text;

	read_proc("/proc/self/uid_map", text, sizeof(text));
	if (!read_id(&at, &map.inside) || !read_id(&at, &map.outside) || !read_id(&at, &map.count))
		return (struct id_map){ 0, 0, UINT32_MAX };
	return map;
}

static bool in_user_namespace(void)
{
	const struct id_map map = uid_map();

	return map.inside != 0 || map.outside != 0 || map.count != UINT32_MAX;
}

static uid_t overflow_uid(void)
{
	char text[32];

	read_proc("/proc/sys/kernel/overflowuid", text, sizeof(text));
	return text[0] ? (uid_t)strtoul(text, NULL, 10) : OVERFLOW_DEFAULT;
}

/*
 * The home of the user who started the program. podman sets HOME when it calls "create" and leaves
 * it out when it calls "start": both must lead to the same configuration, so passwd(5) is asked for
 * the user that root of a user namespace is outside.
 */
static const char *home_of_user(char *buf, size_t size)
{
	const struct id_map map = uid_map();
	const uid_t self = geteuid();
	const char *home = secure_getenv("HOME");
	struct passwd entry, *found = NULL;
	uid_t user = self;

	if (home && home[0] == '/')
		return home;
	if (self >= map.inside && self - map.inside < map.count)
		user = self - map.inside + map.outside;
	if (getpwuid_r(user, &entry, buf, size, &found) != 0 || !found)
		return NULL;
	return found->pw_dir[0] == '/' ? found->pw_dir : NULL;
}

/* XDG Base Directory Specification: a relative path is to be ignored. */
static int find_home(struct arena *arena, const char **ret, struct hw_error *err)
{
	const char *config = secure_getenv("XDG_CONFIG_HOME"), *home;
	char passwd[PASSWD_ENTRY_MAX];

	if (config && config[0] == '/') {
		config = arena_strdup(arena, config);
	} else {
		home = home_of_user(passwd, sizeof(passwd));
		if (!home)
			return 0;
		config = arena_join(arena, home, "/.config", "");
	}
	if (!config)
		return error_oom(err);
	if (strlen(config) >= PATH_MAX)
		return error_set(err, ENAMETOOLONG, NOWHERE, "correct XDG_CONFIG_HOME or HOME",
				 "the user's configuration directory: %m");
	/* Another user's, left in HOME (docker run --user): git(1) takes it for absent, too. */
	if (faccessat(AT_FDCWD, config, X_OK, AT_EACCESS) == 0 || errno != EACCES)
		*ret = config;
	return 0;
}

int settings_ask_world(struct arena *arena, struct config_world *ret, struct hw_error *err)
{
	const char *path;

	*ret = (struct config_world){ .prefix = "", .path = DEFAULT_PATH };
	ret->trust.self = geteuid();
	ret->trust.user_namespace = in_user_namespace();
	/* Elsewhere nobody is shown as it. */
	ret->trust.overflow = ret->trust.user_namespace ? overflow_uid() : OVERFLOW_DEFAULT;
	ret->rootless = ret->trust.user_namespace || ret->trust.self != 0;
	if (!ret->rootless)
		return 0;
	path = secure_getenv("PATH");
	ret->path = path && *path ? path : DEFAULT_PATH;
	return find_home(arena, &ret->home, err);
}
