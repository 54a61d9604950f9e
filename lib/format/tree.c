/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds a tree with positions from YAML, by libyaml, and refuses what the format does not allow.
 */
#include <yaml.h>

#include "format/tree.h"

struct builder {
	yaml_parser_t *parser;
	struct arena *arena;
	const char *path;
	const char *text;
	size_t len;
	size_t n_nodes;
	unsigned depth;
	struct hw_error *err;
};

/* libyaml counts from 0, editors from 1. */
static struct where at(const struct builder *b, yaml_mark_t mark)
{
	return (struct where){ b->path, (unsigned)mark.line + 1, (unsigned)mark.column + 1 };
}

/* ---- libyaml's complaints ---- */

/* Its reader knows only the byte. */
static struct where at_byte(const struct builder *b, size_t offset)
{
	struct where where = { b->path, 1, 1 };

	for (size_t i = 0; i < offset && i < b->len; i++) {
		unsigned char c = (unsigned char)b->text[i];

		if (c == '\n')
			where = (struct where){ b->path, where.line + 1, 1 };
		else if ((c & 0xc0) != 0x80)
			where.column++;
	}
	return where;
}

static const char *hint_for(const char *problem)
{
	static const struct {
		const char *part, *hint;
	} hints[] = {
		{ "UTF-8", "save the file as UTF-8" },
		{ "invalid Unicode", "save the file as UTF-8" },
		{ "control characters", "save the file as plain UTF-8 text" },
		{ "tab character", "indent with spaces, not with tabs" },
		{ "cannot start any token", "quote text that begins with @, ` or %" },
		{ "mapping values", "quote text that has ': ' in it, and check the indentation" },
		{ "expected ',' or ']'", "close the list with ']', and quote text that has a comma "
					 "or a bracket in it" },
		{ "expected ',' or '}'", "close the mapping with '}', and quote text that has a "
					 "comma or a brace in it" },
		{ "unexpected end of stream", "close the quotation marks" },
		{ "unknown escape", "use single quotes, or write the backslash twice" },
		{ "expected ':'", "write 'key: value'" },
		{ "block sequence entries", "begin the list on a separate line" },
		{ "did not find expected", "check the indentation, quotation marks and brackets" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (strstr(problem, hints[i].part))
			return hints[i].hint;
	return NULL;
}

/*
 * Whether the indentation of line @line (from 0) has a tab, which libyaml takes for any character.
 */
static bool has_tab(const struct builder *b, size_t line)
{
	const char *p = b->text, *end = b->text + b->len;

	for (; p && line > 0; line--) {
		p = memchr(p, '\n', (size_t)(end - p));
		if (p)
			p++;
	}
	while (p && p < end && *p == ' ')
		p++;
	return p && p < end && *p == '\t';
}

static int parse_error(const struct builder *b)
{
	const yaml_parser_t *p = b->parser;
	struct where where = p->error == YAML_READER_ERROR ? at_byte(b, p->problem_offset)
							   : at(b, p->problem_mark);
	const char *hint;

	/* libyaml forgets to set the error when some of its allocations fail. */
	if (p->error == YAML_MEMORY_ERROR || !p->problem)
		return error_oom(b->err);
	hint = p->error == YAML_SCANNER_ERROR && has_tab(b, p->problem_mark.line)
		       ? "indent with spaces, not with tabs"
		       : hint_for(p->problem);
	if (p->error == YAML_READER_ERROR || !p->context ||
	    p->context_mark.line == p->problem_mark.line)
		return error_set(b->err, EINVAL, where, hint, "not valid YAML: %s", p->problem);
	return error_set(b->err, EINVAL, where, hint,
			 "not valid YAML: %s, %s that begins in line %zu", p->problem, p->context,
			 p->context_mark.line + 1);
}

static int next_event(const struct builder *b, yaml_event_t *ret)
{
	return yaml_parser_parse(b->parser, ret) ? 0 : parse_error(b);
}

/* ---- the subset ---- */

struct properties {
	const yaml_char_t *anchor, *tag;
};

static struct properties properties_of(const yaml_event_t *event)
{
	if (event->type == YAML_SCALAR_EVENT)
		return (struct properties){ event->data.scalar.anchor, event->data.scalar.tag };
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return (struct properties){ event->data.sequence_start.anchor,
					    event->data.sequence_start.tag };
	return (struct properties){ event->data.mapping_start.anchor,
				    event->data.mapping_start.tag };
}

static int check_properties(const struct builder *b, const yaml_event_t *event)
{
	struct properties has;

	if (event->type == YAML_ALIAS_EVENT)
		return error_set(b->err, EINVAL, at(b, event->start_mark), "write the value out",
				 "aliases are not supported: '*%s'",
				 (const char *)event->data.alias.anchor);
	has = properties_of(event);
	if (has.anchor)
		return error_set(b->err, EINVAL, at(b, event->start_mark),
				 "remove it, and write the value itself where it is needed",
				 "anchors are not supported: '&%s'", (const char *)has.anchor);
	if (has.tag)
		return error_set(b->err, EINVAL, at(b, event->start_mark),
				 "remove the tag, which begins with '!'", "tags are not supported");
	return 0;
}

static int check_limits(const struct builder *b, const yaml_event_t *event)
{
	if (b->depth > TREE_DEPTH_MAX)
		return error_set(b->err, EINVAL, at(b, event->start_mark), NULL,
				 "nested more than %d levels deep", TREE_DEPTH_MAX);
	if (b->n_nodes >= TREE_NODES_MAX)
		return error_set(b->err, EINVAL, at(b, event->start_mark), NULL,
				 "more than %d values in the file", TREE_NODES_MAX);
	return 0;
}

/* ---- building ---- */

static int build(struct builder *b, const yaml_event_t *event, const struct node *key,
		 struct node **ret);

static int fill_scalar(const struct builder *b, const yaml_event_t *event, struct node *node)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;

	/* C would see less than the author wrote. */
	if (memchr(value, '\0', len))
		return error_set(b->err, EINVAL, at(b, event->start_mark), "remove the \\0",
				 "text must not contain a NUL character");
	node->kind = NODE_SCALAR;
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->len = len;
	node->text = arena_strndup(b->arena, value, len);
	return node->text ? 0 : error_oom(b->err);
}

/* One child of a list or a mapping; *@ret stays NULL at @end. */
static int build_child(struct builder *b, yaml_event_type_t end, const struct node *key,
		       struct node **ret)
{
	CLEANUP(yaml_event_delete) yaml_event_t event = { 0 };
	int r = next_event(b, &event);

	if (r < 0 || event.type == end)
		return r;
	return build(b, &event, key, ret);
}

static int build_member(struct builder *b, struct node **ret)
{
	struct node *key = NULL, *value = NULL;
	int r = build_child(b, YAML_MAPPING_END_EVENT, NULL, &key);

	if (r < 0 || !key)
		return r;
	if (key->kind != NODE_SCALAR)
		return error_set(b->err, EINVAL, (struct where){ b->path, key->line, key->column },
				 "write 'key: value'", "a key must be text");
	r = build_child(b, YAML_NO_EVENT, key, &value);
	if (r == 0)
		*ret = value;
	return r;
}

static int fill_children(struct builder *b, struct node *parent)
{
	const struct node **link = &parent->first;

	for (;;) {
		struct node *child = NULL;
		int r = parent->kind == NODE_MAP
				? build_member(b, &child)
				: build_child(b, YAML_SEQUENCE_END_EVENT, parent->key, &child);

		if (r < 0 || !child)
			return r;
		child->item = parent->kind == NODE_LIST;
		*link = child;
		link = &child->next;
		parent->len++;
	}
}

static int build(struct builder *b, const yaml_event_t *event, const struct node *key,
		 struct node **ret)
{
	struct node *node;
	int r = check_properties(b, event);

	if (r == 0)
		r = check_limits(b, event);
	if (r < 0)
		return r;
	node = arena_alloc(b->arena, 1, sizeof(*node));
	if (!node)
		return error_oom(b->err);
	b->n_nodes++;
	node->line = (unsigned)event->start_mark.line + 1;
	node->column = (unsigned)event->start_mark.column + 1;
	node->key = key;
	if (event->type == YAML_SCALAR_EVENT) {
		r = fill_scalar(b, event, node);
	} else {
		node->kind = event->type == YAML_MAPPING_START_EVENT ? NODE_MAP : NODE_LIST;
		b->depth++;
		r = fill_children(b, node);
		b->depth--;
	}
	if (r == 0)
		*ret = node;
	return r;
}

/* ---- the document ---- */

static int expect_no_directives(const struct builder *b, const yaml_event_t *event)
{
	if (!event->data.document_start.version_directive &&
	    event->data.document_start.tag_directives.start ==
		    event->data.document_start.tag_directives.end)
		return 0;
	return error_set(b->err, EINVAL, at(b, event->start_mark),
			 "remove the line that begins with %", "YAML directives are not supported");
}

/* A second document would be silently ignored, and with it whatever its author wanted. */
static int expect_end(const struct builder *b)
{
	CLEANUP(yaml_event_delete) yaml_event_t event = { 0 };
	int r = next_event(b, &event);

	if (r < 0 || event.type == YAML_STREAM_END_EVENT)
		return r;
	return error_set(b->err, EINVAL, at(b, event.start_mark), "keep one document per file",
			 "a second document starts here");
}

static int skip_event(const struct builder *b)
{
	CLEANUP(yaml_event_delete) yaml_event_t event = { 0 };

	return next_event(b, &event);
}

static int build_document(struct builder *b, struct node **ret)
{
	CLEANUP(yaml_event_delete) yaml_event_t event = { 0 };
	int r = skip_event(b); /* stream start */

	if (r == 0)
		r = next_event(b, &event);
	if (r < 0 || event.type == YAML_STREAM_END_EVENT)
		return r;
	r = expect_no_directives(b, &event);
	if (r == 0)
		r = build_child(b, YAML_NO_EVENT, NULL, ret);
	if (r == 0)
		r = skip_event(b); /* document end */
	return r < 0 ? r : expect_end(b);
}

int tree_parse(struct arena *arena, const char *path, const char *text, size_t len,
	       const struct node **ret, struct hw_error *err)
{
	CLEANUP(yaml_parser_delete) yaml_parser_t parser = { 0 };
	struct builder b = { .parser = &parser,
			     .arena = arena,
			     .path = path,
			     .text = text,
			     .len = len,
			     .err = err };
	struct node *root = NULL;
	int r;

	/* libyaml would read UTF-16 as well; other tools that look at the file would not. */
	if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
		return error_set(err, EINVAL, (struct where){ path, 1, 1 },
				 "save the file as UTF-8", "the file is UTF-16");
	if (!yaml_parser_initialize(&parser))
		return error_oom(err);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	r = build_document(&b, &root);
	if (r == 0)
		*ret = root;
	return r;
}

const struct node *tree_member(const struct node *map, const char *key)
{
	for (const struct node *value = map->first; value; value = value->next)
		if (streq(value->key->text, key))
			return value;
	return NULL;
}
