/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the config.json of an example: a plain container with the example's members merged in. */
#include "base/buffer.h"
#include "format/json-escape.h"
#include "policy/test-examples.h"

/* As short as examples can rely on it; the manual shows it. */
static const char plain[] = "ociVersion: '1.0.2'\n"
			    "process:\n"
			    "  user: { uid: 0, gid: 0 }\n"
			    "  args: [/bin/sh]\n"
			    "  env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin']\n"
			    "  cwd: /\n"
			    "root: { path: rootfs, readonly: false }\n"
			    "mounts:\n"
			    "  - { destination: /proc, type: proc, source: proc }\n"
			    "  - { destination: /dev, type: tmpfs, source: tmpfs }\n";

struct writer {
	const struct decoder *d;
	struct text *out;
};

static int put_node(const struct writer *w, const struct node *node);

static int put_scalar(const struct writer *w, const struct node *node)
{
	if (decode_is_json(node))
		text_puts(w->out, node->text);
	else if (!node->plain || decode_is_text(node))
		json_put_string(w->out, node->text, node->len);
	else
		return decode_refuse(w->d, node,
				     "write null, true, false or a decimal number, or quote it",
				     "'%s' is not the JSON syntax of this value", node->text);
	return 0;
}

static int put_list(const struct writer *w, const struct node *list)
{
	int r = 0;

	text_puts(w->out, "[");
	for (const struct node *item = list->first; r == 0 && item; item = item->next) {
		text_puts(w->out, item == list->first ? "" : ", ");
		r = put_node(w, item);
	}
	text_puts(w->out, "]");
	return r;
}

static void put_key(const struct writer *w, const struct node *value, bool *first)
{
	text_puts(w->out, *first ? "" : ", ");
	json_put_string(w->out, value->key->text, value->key->len);
	text_puts(w->out, ": ");
	*first = false;
}

/* Either may be NULL. */
static int put_merged(const struct writer *w, const struct node *base, const struct node *over)
{
	bool first = true;
	int r = 0;

	if (!base || (over && (base->kind != NODE_MAP || over->kind != NODE_MAP)))
		return put_node(w, over);
	if (!over)
		return put_node(w, base);
	text_puts(w->out, "{");
	for (const struct node *v = base->first; r == 0 && v; v = v->next) {
		put_key(w, v, &first);
		r = put_merged(w, v, tree_member(over, v->key->text));
	}
	for (const struct node *v = over->first; r == 0 && v; v = v->next) {
		r = decode_check_duplicate(w->d, over, v);
		if (r < 0 || tree_member(base, v->key->text))
			continue;
		put_key(w, v, &first);
		r = put_node(w, v);
	}
	text_puts(w->out, "}");
	return r;
}

static int put_map(const struct writer *w, const struct node *map)
{
	bool first = true;
	int r = 0;

	text_puts(w->out, "{");
	for (const struct node *v = map->first; r == 0 && v; v = v->next) {
		put_key(w, v, &first);
		r = decode_check_duplicate(w->d, map, v);
		if (r == 0)
			r = put_node(w, v);
	}
	text_puts(w->out, "}");
	return r;
}

static int put_node(const struct writer *w, const struct node *node)
{
	static int (*const put[])(const struct writer *, const struct node *) = {
		[NODE_SCALAR] = put_scalar, [NODE_LIST] = put_list, [NODE_MAP] = put_map
	};

	return put[node->kind](w, node);
}

int example_config(const struct decoder *d, const struct node *over, const char **ret)
{
	struct text out = { 0 };
	const struct writer w = { d, &out };
	const struct node *base;
	int r = tree_parse(d->arena, "plain", plain, strlen(plain), &base, d->err);

	if (r == 0)
		r = put_merged(&w, base, over);
	if (r == 0) {
		*ret = out.failed ? NULL : arena_strndup(d->arena, out.data, out.len);
		r = *ret ? 0 : error_oom(d->err);
	}
	text_free(&out);
	return r;
}
