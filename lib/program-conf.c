/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ld.so.conf, which only ldconfig reads: where it names a directory that has a library which ld.so
 * does not find, ldconfig is what is missing. For a hint, so what is odd in it is passed over.
 */
#include "program-loader.h"

#define CONF_MAX  ((size_t)65536)
#define NAMES_MAX 256u /* of one directory */
#define FILES_MAX 64u  /* of configuration */
#define DEPTH_MAX 4u   /* of what includes what */
#define DIRS_MAX  256u

static const char blanks[] = " \t\r\f\v";

struct conf {
	struct loading *l;
	const char *name; /* of the library */
	const char *dir;  /* that has it; NULL: none so far */
	unsigned files, depth, dirs;
};

static int read_conf(struct conf *c, const char *path);

static int try_dir(struct conf *c, const char *dir)
{
	const char *path = path_join(c->l->j->arena, dir, strlen(dir), c->name);
	struct file f;
	int r;

	if (!path)
		return error_oom(c->l->j->err);
	if (c->dirs++ >= DIRS_MAX)
		return 0;
	r = file_find(c->l->j, path, &c->l->j->hook, NULL, &f);
	if (r == 0 && f.found.kind == FOUND_FILE)
		c->dir = dir;
	return r;
}

/* One star, in the last component, is all that anybody writes: "ld.so.conf.d/" and "*.conf". */
static int include_matching(struct conf *c, const char *dir, size_t dir_len, const char *pattern)
{
	const size_t before = strcspn(pattern, "*"), after = strlen(pattern) - before - 1;
	struct judge *j = c->l->j;
	const char *path = arena_strndup(j->arena, dir, dir_len), **names;
	struct file f;
	size_t n;
	int r = path ? file_find(j, path, &j->hook, NULL, &f) : error_oom(j->err);

	if (r < 0 || f.found.kind != FOUND_DIR)
		return r;
	r = view_names(j->view, &f.found, NAMES_MAX, j->arena, &names, &n);
	if (r < 0)
		return r == -ENOMEM ? error_oom(j->err) : 0;
	for (size_t i = 0; r == 0 && !c->dir && i < n; i++) {
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
	const char *path = pattern[0] == '/' ? arena_strdup(c->l->j->arena, pattern)
					     : path_join(c->l->j->arena, "/etc", 4, pattern);
	const char *base;

	if (!path)
		return error_oom(c->l->j->err);
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
		return try_dir(c, word);
	}
	while (streq(word, "include") && r == 0 && !c->dir) {
		const char *pattern = strtok_r(NULL, blanks, &rest);

		if (!pattern)
			break;
		r = include(c, pattern);
	}
	return r;
}

static int read_conf(struct conf *c, const char *path)
{
	struct judge *j = c->l->j;
	const char *why;
	struct file f;
	char *data, *rest = NULL;
	size_t len;
	int r = file_find(j, path, &j->hook, NULL, &f);

	if (r < 0 || f.found.kind != FOUND_FILE || c->depth == DEPTH_MAX || c->files++ >= FILES_MAX)
		return r;
	r = file_read(j, &f, CONF_MAX, &data, &len, &why);
	if (r < 0 || !data)
		return r;
	c->depth++;
	for (char *line = strtok_r(data, "\n", &rest); line && r == 0 && !c->dir;
	     line = strtok_r(NULL, "\n", &rest))
		r = read_line(c, line);
	c->depth--;
	return r;
}

int find_in_conf(struct loading *l, const char *name, const char **dir)
{
	struct conf c = { .l = l, .name = name };
	int r = read_conf(&c, "/etc/ld.so.conf");

	*dir = c.dir;
	return r;
}
