/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The laws of the editor with cJSON as oracle. The first HEAD bytes of the input choose the
 * changes; the rest is the document, or, with the highest bit of the first byte set, steers the
 * making of one, in every style of whitespace.
 */
#include <cjson/cJSON.h>
#include <stdio.h>

#include "base/buffer.h"
#include "fuzz.h"
#include "oci/edit.h"

#define HEAD	    6
#define CHANGES_MAX 64

/* ---- a document made of bytes ---- */

struct source {
	const uint8_t *data, *end;
	struct text out;
};

static unsigned take(struct source *s)
{
	return s->data < s->end ? *s->data++ : 0;
}

static void make_blank(struct source *s, unsigned choice)
{
	static const char *const blanks[] = {
		"", "",	    "",	      " ",	  "\n",	    "\n  ", "\n    ",	"\n\t",
		"", "\r\n", "\r\n  ", "\n      ", "\n\t\t", "  ",   "\n\n    ", "\r",
	};

	text_puts(&s->out, blanks[choice % ARRAY_SIZE(blanks)]);
}

static void make_key(struct source *s, unsigned depth, unsigned i)
{
	static const char *const keys[] = { "hooks",
					    "startContainer",
					    "prestart",
					    "poststop",
					    "ho\\u006fks",
					    "start\\u0043ontainer",
					    "path",
					    "env",
					    "\\/\xf0\x9f\x90\xb3" };
	unsigned choice = take(s);

	/* The names that matter, most of the time, where they matter. */
	if (choice < 128)
		text_printf(&s->out, "\"%s\"",
			    depth == 0	 ? "hooks"
			    : depth == 1 ? "startContainer"
					 : "path");
	else if (choice < 192)
		text_printf(&s->out, "\"%s\"", keys[choice % ARRAY_SIZE(keys)]);
	else
		text_printf(&s->out, "\"k%u\"", i);
}

static void make_scalar(struct source *s)
{
	static const char *const scalars[] = { "null",
					       "true",
					       "false",
					       "1e3",
					       "-0",
					       "18446744073709551615",
					       "1.0",
					       "\"\"",
					       "{}",
					       "[]",
					       "\"\\/\\u003c\"",
					       "\"/x\"" };

	text_puts(&s->out, scalars[take(s) % ARRAY_SIZE(scalars)]);
}

static void make_value(struct source *s, unsigned depth)
{
	unsigned kind = take(s), n = take(s) % 4, style = take(s), colon = take(s);
	bool object = depth % 2 == 0 || depth == 3;

	if (depth == 0)
		kind = 255;
	if (kind < 80 || depth > 5) {
		make_scalar(s);
		return;
	}
	/* root, hooks, stage, entry, args: an object or array where the runtime wants one */
	object = depth == 2 || depth == 4 ? kind < 96 : kind >= 96;
	text_puts(&s->out, object ? "{" : "[");
	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			text_puts(&s->out, ",");
		make_blank(s, i % 2 ? style : style >> 4);
		if (object) {
			make_key(s, depth, i);
			make_blank(s, colon >> 4 & 3);
			text_puts(&s->out, ":");
			make_blank(s, colon & 3);
		}
		make_value(s, depth + 1);
		if (colon & 4)
			make_blank(s, style);
	}
	make_blank(s, take(s));
	text_puts(&s->out, object ? "}" : "]");
}

/* ---- the changes ---- */

struct edit {
	struct json doc;
	uint32_t hooks, stage;
	struct change changes[CHANGES_MAX];
	size_t n_changes, n_appends, n_removed;
	char *text; /* the result */
	size_t len;
};

static const char *const args[] = { "ldconfig", "\"\\\n\x01\xf0\x9f\x90\xb3/" };
static const char *const env[] = { HOOK_MARK "p", "PATH=/bin" };
static const struct hook hooks[] = {
	{ "/sbin/ldconfig", args, 1, env, 2, 0 },
	{ "/x\ty", args, 2, env, 1, 2147483647 },
};

/* Two bits for each element, in turn: keep, replace with one of two, remove. Then appends. */
static void choose_changes(struct edit *e, const uint8_t *head)
{
	unsigned bits = 0, i = 0;
	uint32_t v;

	for (v = json_first(&e->doc, e->stage); v != JSON_NONE;
	     v = json_next(&e->doc, e->stage, v), i++) {
		if (e->n_changes == CHANGES_MAX - 4)
			break;
		bits = head[1 + i / 4 % 4] >> (i % 4 * 2) & 3;
		if (bits == 3)
			e->changes[e->n_changes++] =
				(struct change){ CHANGE_REMOVE, STAGE_START_CONTAINER, v, NULL,
						 NULL };
		else if (bits > 0)
			e->changes[e->n_changes++] =
				(struct change){ CHANGE_REPLACE, STAGE_START_CONTAINER, v,
						 &hooks[bits - 1], NULL };
		e->n_removed += bits == 3;
	}
	e->n_appends = head[0] & 3;
	for (i = 0; i < e->n_appends; i++)
		e->changes[e->n_changes++] =
			(struct change){ CHANGE_APPEND, STAGE_START_CONTAINER, JSON_NONE,
					 &hooks[head[5] >> i & 1], NULL };
}

static bool is_type(const struct json *doc, uint32_t value, enum json_type type)
{
	return value == JSON_NONE || json_type(doc, value) == JSON_NULL ||
	       json_type(doc, value) == type;
}

/* False if edit_hooks() does not accept the document. */
static bool begin(struct edit *e, const char *text, size_t len)
{
	*e = (struct edit){ .hooks = JSON_NONE, .stage = JSON_NONE };
	if (json_scan(&e->doc, "fuzz", text, len, NULL) < 0)
		return false;
	if (json_type(&e->doc, JSON_ROOT) == JSON_OBJECT)
		e->hooks = json_member(&e->doc, JSON_ROOT, "hooks");
	if (json_type(&e->doc, JSON_ROOT) == JSON_OBJECT &&
	    is_type(&e->doc, e->hooks, JSON_OBJECT)) {
		e->stage = json_member(&e->doc, e->hooks, "startContainer");
		if (is_type(&e->doc, e->stage, JSON_ARRAY))
			return true;
	}
	json_free(&e->doc);
	return false;
}

static void run(struct edit *e)
{
	REQUIRE(edit_hooks(&e->doc, e->changes, e->n_changes, &e->text, &e->len, NULL) == 0);
	REQUIRE(strlen(e->text) == e->len);
}

static void end(struct edit *e)
{
	json_free(&e->doc);
	free(e->text);
}

/* ---- law 2: locality ---- */

static uint32_t count_of(const struct json *doc, uint32_t value)
{
	return value == JSON_NONE ? 0 : doc->tokens[value].count;
}

struct part {
	const char *p;
	size_t len;
};

static struct part part(const struct json *doc, size_t from, size_t to)
{
	return (struct part){ doc->text + from, to - from };
}

static void check_equal(struct part a, struct part b)
{
	REQUIRE(a.len == b.len && memcmp(a.p, b.p, a.len) == 0);
}

/* The text outside @a in one document equals that outside @b in the other. */
static void check_outside(const struct json *x, uint32_t a, const struct json *y, uint32_t b)
{
	check_equal(part(x, 0, x->tokens[a].start), part(y, 0, y->tokens[b].start));
	check_equal(part(x, x->tokens[a].end, x->len), part(y, y->tokens[b].end, y->len));
}

/* @longer is @shorter with bytes put in at one place. */
static void check_one_insertion(const char *shorter, size_t len, const char *longer, size_t more)
{
	size_t head = 0, tail = 0;

	REQUIRE(len <= more);
	while (head < len && shorter[head] == longer[head])
		head++;
	while (tail < len - head && shorter[len - 1 - tail] == longer[more - 1 - tail])
		tail++;
	REQUIRE(head + tail == len);
}

static bool step_at(const struct edit *e, uint32_t element, enum change_kind kind)
{
	for (size_t i = 0; i < e->n_changes; i++)
		if (e->changes[i].kind == kind && e->changes[i].element == element)
			return true;
	return false;
}

/* Elements that are kept are byte for byte the same, and without removals what is between too. */
static void check_elements(const struct edit *e, const struct json *new, uint32_t stage)
{
	const struct json *old = &e->doc;
	uint32_t w = json_first(new, stage);
	size_t old_end = old->tokens[e->stage].start, new_end = new->tokens[stage].start;

	for (uint32_t v = json_first(old, e->stage); v != JSON_NONE;
	     v = json_next(old, e->stage, v)) {
		const struct json_token *a = &old->tokens[v], *b;

		if (step_at(e, v, CHANGE_REMOVE))
			continue;
		REQUIRE(w != JSON_NONE);
		b = &new->tokens[w];
		if (!step_at(e, v, CHANGE_REPLACE))
			check_equal(part(old, a->start, a->end), part(new, b->start, b->end));
		if (e->n_removed == 0)
			check_equal(part(old, old_end, a->start), part(new, new_end, b->start));
		old_end = a->end;
		new_end = b->end;
		w = json_next(new, stage, w);
	}
	if (e->n_removed == 0 && e->n_appends == 0)
		check_equal(part(old, old_end, old->len), part(new, new_end, new->len));
}

static void check_locality(const struct edit *e)
{
	const struct json *old = &e->doc;
	const size_t n = count_of(old, e->stage);
	struct edit new;

	REQUIRE(begin(&new, e->text, e->len));
	if (n - e->n_removed + e->n_appends == 0 && n > 0) {
		check_one_insertion(e->text, e->len, old->text, old->len);
	} else if (n > 0) {
		check_outside(old, e->stage, &new.doc, new.stage);
		check_elements(e, &new.doc, new.stage);
	} else if (e->n_appends == 0) {
		check_equal(part(old, 0, old->len), (struct part){ e->text, e->len });
	} else if (e->stage != JSON_NONE) {
		check_outside(old, e->stage, &new.doc, new.stage);
	} else if (e->hooks != JSON_NONE && count_of(old, e->hooks) == 0) {
		check_outside(old, e->hooks, &new.doc, new.hooks);
	} else {
		check_one_insertion(old->text, old->len, e->text, e->len);
	}
	json_free(&new.doc);
}

/* ---- law 3: correctness ---- */

static cJSON *hook_object(const struct hook *hook)
{
	cJSON *object = cJSON_CreateObject();

	REQUIRE(cJSON_AddStringToObject(object, "path", hook->path));
	REQUIRE(cJSON_AddItemToObject(object, "args",
				      cJSON_CreateStringArray(hook->args, (int)hook->n_args)));
	REQUIRE(cJSON_AddItemToObject(object, "env",
				      cJSON_CreateStringArray(hook->env, (int)hook->n_env)));
	if (hook->timeout)
		REQUIRE(cJSON_AddNumberToObject(object, "timeout", (double)hook->timeout));
	return object;
}

/* Member @key of @object as one of @type: as it is, or in the place of null, or at the end. */
static cJSON *ensure(cJSON *object, const char *key, cJSON *(*create)(void))
{
	cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);

	if (value && !cJSON_IsNull(value))
		return value;
	if (value)
		REQUIRE(cJSON_ReplaceItemInObjectCaseSensitive(object, key, create()));
	else
		REQUIRE(cJSON_AddItemToObject(object, key, create()));
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

static void change_oracle(const struct edit *e, cJSON *root)
{
	cJSON *object = cJSON_GetObjectItemCaseSensitive(root, "hooks");
	cJSON *stage = cJSON_GetObjectItemCaseSensitive(object, "startContainer");
	int at = 0;

	for (uint32_t v = json_first(&e->doc, e->stage); v != JSON_NONE;
	     v = json_next(&e->doc, e->stage, v)) {
		for (size_t i = 0; i < e->n_changes - e->n_appends; i++)
			if (e->changes[i].element == v && e->changes[i].hook)
				REQUIRE(cJSON_ReplaceItemInArray(stage, at,
								 hook_object(e->changes[i].hook)));
		if (step_at(e, v, CHANGE_REMOVE))
			cJSON_DeleteItemFromArray(stage, at);
		else
			at++;
	}
	if (e->n_removed > 0 && at == 0 && e->n_appends == 0) {
		cJSON_DeleteItemFromObjectCaseSensitive(object, "startContainer");
		if (!object->child)
			cJSON_DeleteItemFromObjectCaseSensitive(root, "hooks");
	}
	if (e->n_appends > 0)
		stage = ensure(ensure(root, "hooks", cJSON_CreateObject), "startContainer",
			       cJSON_CreateArray);
	for (size_t i = e->n_changes - e->n_appends; i < e->n_changes; i++)
		REQUIRE(cJSON_AddItemToArray(stage, hook_object(e->changes[i].hook)));
}

/* The printer ignores whitespace and keeps the order. */
static void check_same_json(const cJSON *a, const cJSON *b)
{
	char *x = cJSON_PrintUnformatted(a), *y = cJSON_PrintUnformatted(b);

	REQUIRE(x && y && strcmp(x, y) == 0);
	cJSON_free(x);
	cJSON_free(y);
}

static void check_correctness(const struct edit *e, const char *text)
{
	cJSON *old = cJSON_Parse(text), *new;

	/* Half a surrogate pair, or a number of more than 63 characters. */
	if (!old)
		return;
	new = cJSON_ParseWithLengthOpts(e->text, e->len + 1, NULL, true);
	REQUIRE(new);
	change_oracle(e, old);
	check_same_json(old, new);
	cJSON_Delete(old);
	cJSON_Delete(new);
}

/* ---- laws 1 and 4: identity, convergence, reverting ---- */

static void check_identity(const char *text, size_t len)
{
	struct edit e;

	REQUIRE(begin(&e, text, len));
	run(&e);
	check_equal((struct part){ e.text, e.len }, (struct part){ text, len });
	end(&e);
}

/* An edit of edited text writes the same bytes again. */
static void check_convergence(const struct edit *e)
{
	struct edit again;
	size_t left = e->n_appends, n, i = 0;

	if (left == 0)
		return;
	REQUIRE(begin(&again, e->text, e->len));
	n = count_of(&again.doc, again.stage);
	for (uint32_t v = json_first(&again.doc, again.stage); v != JSON_NONE;
	     v = json_next(&again.doc, again.stage, v))
		if (i++ >= n - left)
			again.changes[again.n_changes++] =
				(struct change){ CHANGE_REPLACE, STAGE_START_CONTAINER, v,
						 e->changes[e->n_changes - (n - i) - 1].hook,
						 NULL };
	run(&again);
	check_equal((struct part){ again.text, again.len }, (struct part){ e->text, e->len });
	end(&again);
}

/* Absent, null and empty are one for the runtimes. */
static void normalise(cJSON *root)
{
	cJSON *object = cJSON_GetObjectItemCaseSensitive(root, "hooks");
	cJSON *stage = cJSON_GetObjectItemCaseSensitive(object, "startContainer");

	if (stage && !stage->child)
		cJSON_DeleteItemFromObjectCaseSensitive(object, "startContainer");
	if (object && !object->child)
		cJSON_DeleteItemFromObjectCaseSensitive(root, "hooks");
}

static void check_alike(const struct edit *a, const char *text)
{
	cJSON *old = cJSON_Parse(text), *new = cJSON_Parse(a->text);

	REQUIRE(!old == !new);
	if (old) {
		normalise(old);
		normalise(new);
		check_same_json(old, new);
	}
	cJSON_Delete(old);
	cJSON_Delete(new);
}

static void check_reverting(const struct edit *e, const char *text, size_t len)
{
	const size_t n = count_of(&e->doc, e->stage);
	struct edit back;
	size_t i = 0;

	if (e->n_appends == 0 || e->n_changes > e->n_appends)
		return;
	REQUIRE(begin(&back, e->text, e->len));
	REQUIRE(count_of(&back.doc, back.stage) == n + e->n_appends);
	for (uint32_t v = json_first(&back.doc, back.stage); v != JSON_NONE;
	     v = json_next(&back.doc, back.stage, v))
		if (i++ >= n)
			back.changes[back.n_changes++] =
				(struct change){ CHANGE_REMOVE, STAGE_START_CONTAINER, v, NULL,
						 NULL };
	run(&back);
	if (n > 0 ||
	    (e->stage == JSON_NONE && (e->hooks == JSON_NONE || count_of(&e->doc, e->hooks) > 0)))
		check_equal((struct part){ back.text, back.len }, (struct part){ text, len });
	else
		check_alike(&back, text);
	end(&back);
}

/* ---- entries of other documents, in any stage ---- */

#define ENTRY "{\"path\":\"\\/x\\u0001\",\"args\":[ ],\"timeout\":1e2,\"a\":{\"b\":[1,{ }]}}"

static bool stages_are_arrays(const struct edit *e)
{
	for (size_t s = 0; s < HOOK_STAGES; s++)
		if (!is_type(&e->doc,
			     json_member(&e->doc, e->hooks, hook_stage_name((enum hook_stage)s)),
			     JSON_ARRAY))
			return false;
	return true;
}

/* New members are in the order of the stages, whichever is filled first. */
static void stages_oracle(const struct edit *e, cJSON *root, unsigned stages)
{
	for (size_t s = 0; s < HOOK_STAGES; s++)
		if (stages >> s & 1 || (s == STAGE_START_CONTAINER && e->n_appends))
			ensure(ensure(root, "hooks", cJSON_CreateObject),
			       hook_stage_name((enum hook_stage)s), cJSON_CreateArray);
	change_oracle(e, root);
	for (size_t s = 0; s < HOOK_STAGES; s++)
		if (stages >> s & 1)
			REQUIRE(cJSON_AddItemToArray(
				ensure(ensure(root, "hooks", cJSON_CreateObject),
				       hook_stage_name((enum hook_stage)s), cJSON_CreateArray),
				cJSON_Parse(ENTRY)));
}

/* The changes of the start container stage, and an entry of another document in others. */
static void check_stages(const struct edit *e, const char *text, unsigned stages)
{
	struct change changes[CHANGES_MAX + HOOK_STAGES];
	cJSON *old = cJSON_Parse(text), *new;
	struct json entry;
	size_t n = e->n_changes, len;
	char *edited;

	REQUIRE(json_scan(&entry, "entry", ENTRY, sizeof(ENTRY) - 1, NULL) == 0);
	memcpy(changes, e->changes, n * sizeof(*changes));
	stages &= ~(1u << STAGE_START_CONTAINER);
	for (size_t s = 0; s < HOOK_STAGES; s++)
		if (stages >> s & 1)
			changes[n++] = (struct change){ CHANGE_APPEND, (enum hook_stage)s,
							JSON_NONE, NULL, &entry };
	REQUIRE(edit_hooks(&e->doc, changes, n, &edited, &len, NULL) == 0);
	if (old) {
		new = cJSON_ParseWithLengthOpts(edited, len + 1, NULL, true);
		REQUIRE(new);
		stages_oracle(e, old, stages);
		check_same_json(old, new);
		cJSON_Delete(new);
	}
	cJSON_Delete(old);
	json_free(&entry);
	free(edited);
}

/* ---- mounts ---- */

/* @document as the one mount, in blanks of some style; what is appended is there, and goes again. */
static void check_mounts(const char *document, const uint8_t *head)
{
	struct source s = { head, head + HEAD, { 0 } };
	struct json doc, with, entry;
	struct change change = { .kind = CHANGE_APPEND, .entry = &entry };
	uint32_t first;
	size_t len;
	char *text, *appended;

	text_puts(&s.out, "{\"mounts\":[");
	make_blank(&s, take(&s));
	text_puts(&s.out, document);
	make_blank(&s, take(&s));
	text_puts(&s.out, "],\"a\":[]}");
	REQUIRE(!s.out.failed);
	if (json_scan(&doc, "mounts", s.out.data, s.out.len, NULL) < 0) {
		text_free(&s.out);
		return;
	}
	if (count_of(&doc, json_member(&doc, JSON_ROOT, "mounts")) == 1) {
		REQUIRE(json_scan(&entry, "entry", ENTRY, sizeof(ENTRY) - 1, NULL) == 0);
		REQUIRE(edit_mounts(&doc, &change, 1, &text, &len, NULL) == 0);
		REQUIRE(json_scan(&with, "with", text, len, NULL) == 0);
		first = json_first(&with, json_member(&with, JSON_ROOT, "mounts"));
		change = (struct change){
			.kind = CHANGE_REMOVE,
			.element = json_next(&with, json_member(&with, JSON_ROOT, "mounts"), first)
		};
		REQUIRE(change.element != JSON_NONE);
		appended = text;
		REQUIRE(edit_mounts(&with, &change, 1, &text, &len, NULL) == 0);
		check_equal((struct part){ text, len }, (struct part){ s.out.data, s.out.len });
		free(text);
		free(appended);
		json_free(&with);
		json_free(&entry);
	}
	json_free(&doc);
	text_free(&s.out);
}

/* ---- the target ---- */

static void check_laws(const char *text, size_t len, const uint8_t *head)
{
	struct edit e;

	if (!begin(&e, text, len))
		return;
	choose_changes(&e, head);
	run(&e);
	check_locality(&e);
	/* cJSON ends a string there. */
	if (!strstr(text, "\\u0000"))
		check_correctness(&e, text);
	if (!strstr(text, "\\u0000") && stages_are_arrays(&e))
		check_stages(&e, text, head[1] ^ head[5]);
	check_identity(e.text, e.len);
	check_convergence(&e);
	check_reverting(&e, text, len);
	end(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source s = { 0 };

	if (size < HEAD)
		return 0;
	s.data = data + HEAD;
	s.end = data + size;
	if (data[0] & 0x80) {
		make_blank(&s, data[5] >> 4);
		make_value(&s, 0);
		make_blank(&s, take(&s));
	} else {
		text_add(&s.out, (const char *)s.data, size - HEAD);
	}
	REQUIRE(!s.out.failed);
	check_laws(s.out.data, s.out.len, data);
	if (s.out.data && !memchr(s.out.data, '\0', s.out.len))
		check_mounts(s.out.data, data);
	text_free(&s.out);
	return 0;
}
