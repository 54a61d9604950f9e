/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ld.so.conf, which only ldconfig reads: where it names a directory that has a library which ld.so
 * does not find, ldconfig is what is missing. For a hint, so what is odd in it is passed over.
 */
#include "program/ld/loader-internal.h"

#define CONF_MAX  ((size_t)65536)
#define NAMES_MAX 256u /* of one directory */
#define FILES_MAX 64u  /* of configuration */
#define DEPTH_MAX 4u   /* of what includes what */
#define DIRS_MAX  256u

static const char blanks[] = " \t\r\f\v";

/* The directories, as they are read. */
struct conf {
	struct judge *j;
	struct arena *arena; /* that they are from */
	const char **dirs;
	size_t n_dirs;
	unsigned files, depth;
};

static int read_conf(struct conf *c, const char *path);

static int add_dir(struct conf *c, const char *dir)
{
	if (c->n_dirs == DIRS_MAX)
		return 0;
	c->dirs[c->n_dirs] = arena_strdup(c->arena, dir);
	return c->dirs[c->n_dirs++] ? 0 : error_oom(c->j->err);
}

/* One star, in the last component, is all that anybody writes: "ld.so.conf.d/" and "*.conf". */
static int include_matching(struct conf *c, const char *dir, size_t dir_len, const char *pattern)
{
	const size_t before = strcspn(pattern, "*"), after = strlen(pattern) - before - 1;
	struct judge *j = c->j;
	const char *path = arena_strndup(j->arena, dir, dir_len), **names;
	struct file f;
	size_t n;
	int r = path ? file_find(j, path, &j->hook, NULL, &f) : error_oom(j->err);

	if (r < 0 || f.found.kind != FOUND_DIR)
		return r;
	r = view_names(j->view, &f.found, NAMES_MAX, j->arena, &names, &n);
	if (r < 0)
		return r == -ENOMEM ? error_oom(j->err) : 0;
	for (size_t i = 0; r == 0 && i < n; i++) {
		const size_t len = strlen(names[i]);
		const char *found;

		if (len < before + after || strncmp(names[i], pattern, before) != 0 ||
		    !streq(names[i] + len - after, pattern + before + 1))
			continue;
		found = path_join(j->arena, dir, dir_len, names[i]);
		r = found ? read_conf(c, found) : error_oom(j->err);
	}
	return r;
}

static int include(struct conf *c, const char *pattern)
{
	const char *path = pattern[0] == '/' ? arena_strdup(c->j->arena, pattern)
					     : path_join(c->j->arena, "/etc", 4, pattern);
	const char *base;

	if (!path)
		return error_oom(c->j->err);
	if (!strchr(path, '*'))
		return read_conf(c, path);
	base = path_base(path);
	if (strchr(path, '*') < base || strchr(strchr(path, '*') + 1, '*'))
		return 0;
	return include_matching(c, path, (size_t)(base - path), base);
}

/* A line without its comment: "include PATTERN...", a directory, or what is of no interest. */
static int read_line(struct conf *c, char *line)
{
	char *word, *rest = NULL;
	int r = 0;

	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, blanks, &rest);
	if (!word)
		return 0;
	if (word[0] == '/') {
		word[strcspn(word, "=")] = '\0';
		return add_dir(c, word);
	}
	while (streq(word, "include") && r == 0) {
		const char *pattern = strtok_r(NULL, blanks, &rest);

		if (!pattern)
			break;
		r = include(c, pattern);
	}
	return r;
}

static int read_conf(struct conf *c, const char *path)
{
	struct judge *j = c->j;
	const struct reason *why;
	const char *text;
	struct file f;
	char *data, *rest = NULL;
	size_t len;
	int r = file_find(j, path, &j->hook, NULL, &f);

	if (r < 0 || f.found.kind != FOUND_FILE || c->depth == DEPTH_MAX || c->files++ >= FILES_MAX)
		return r;
	r = file_read(j, &f, CONF_MAX, &text, &len, &why);
	if (r < 0 || !text)
		return r;
	data = arena_strndup(j->arena, text, len);
	if (!data)
		return error_oom(j->err);
	c->depth++;
	for (char *line = strtok_r(data, "\n", &rest);
	     line && r == 0 && budget_steps(j->budget, STEPS_SCAN(strlen(line)));
	     line = strtok_r(NULL, "\n", &rest))
		r = read_line(c, line);
	c->depth--;
	return r;
}

/* Read once, whatever is missing. */
static int need_conf(struct judge *j, struct memo *memo)
{
	struct conf c = { .j = j, .arena = memo->arena };
	int r;

	if (memo->has_conf)
		return 0;
	c.dirs = arena_alloc(memo->arena, DIRS_MAX, sizeof(*c.dirs));
	r = c.dirs ? read_conf(&c, "/etc/ld.so.conf") : error_oom(j->err);
	memo->conf = (struct dirs){ c.dirs, c.n_dirs };
	memo->has_conf = r == 0;
	return r;
}

int find_in_conf(struct loading *l, const char *name, const char **dir)
{
	struct judge *j = l->j;
	struct memo *memo = memo_of(j->view);
	int r = memo ? need_conf(j, memo) : error_oom(j->err);

	*dir = NULL;
	for (size_t i = 0; r == 0 && !*dir && i < memo->conf.n; i++) {
		const char *one = memo->conf.items[i];
		const char *path = path_join(j->arena, one, strlen(one), name);
		struct file f;

		if (!budget_steps(j->budget, STEPS_SCAN(strlen(one))))
			return 0;
		r = path ? file_find(j, path, &j->hook, NULL, &f) : error_oom(j->err);
		if (r == 0 && f.found.kind == FOUND_FILE)
			*dir = one;
	}
	return r;
}
