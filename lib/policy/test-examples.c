/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes NAME.test.yaml, the examples of a policy. */
#include "policy/test-examples.h"

#define EXAMPLES_MAX 1000
#define NAME_MAX_LEN 256
#define REASON_MAX   512

/* ---- tables ---- */

static const struct type name = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.max = NAME_MAX_LEN,
};
static const struct type reason = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.max = REASON_MAX,
};
static const struct type candidate = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_path,
	.pattern = PATH_PATTERN,
	.max = PATH_BYTES_MAX,
	.hint = "write one of the policy's paths",
};

static int decode_config(const struct decoder *d, const struct type *type, const struct node *node,
			 void *out)
{
	struct example *e = out;

	if (node->kind != NODE_MAP)
		return decode_mismatch(d, type, node, "a mapping");
	return example_config(d, node, &e->config);
}

static const struct type config = {
	.shape = SHAPE_TREE,
	.decode = decode_config,
	.hint = "write members of config.json: { process: { user: { uid: 1000 } } }",
};

static int decode_requested(const struct decoder *d, const struct type *type,
			    const struct node *node, void *out)
{
	struct example *e = out;

	e->requested_given = true;
	return decode_boolean(d, type, node, &e->requested);
}

static const struct type requested = {
	.shape = SHAPE_BOOLEAN,
	.decode = decode_requested,
	.hint = "write true or false",
};

static const struct word expect_words[] = {
	[EXPECT_WANTED] = { "wanted", "applied" },
	[EXPECT_LEFT_OUT] = { "left-out", "leftOut" },
	[EXPECT_REFUSED] = { "refused", "fail" },
	[EXPECT_NOT_CONCERNED] = { "not-concerned", "notApplicable" },
	[EXPECT_NOT_REQUESTED] = { "not-requested", "notRequested" },
};

const char *expectation_word(enum expectation expectation)
{
	return expect_words[expectation].word;
}

static int decode_expect(const struct decoder *d, const struct type *type, const struct node *node,
			 void *out)
{
	struct example *e = out;
	int choice, r = decode_choice(d, type, node, &choice);

	if (r < 0)
		return r;
	e->expect = (enum expectation)choice;
	e->expect_line = node->line;
	e->expect_column = node->column;
	return 0;
}

static const struct type expect = {
	.shape = SHAPE_WORD,
	.decode = decode_expect,
	.words = expect_words,
	.n = ARRAY_SIZE(expect_words),
};

#define OS_FIELD(name, member, text)                                                    \
	{                                                                               \
		(name), &os_text, offsetof(struct example_facts, member), false, (text) \
	}
#define FACT(name, type, member, text)                                                \
	{                                                                             \
		(name), (type), offsetof(struct example_facts, member), false, (text) \
	}

static const struct type os_text = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.max = NAME_MAX_LEN,
};
static const struct field os_fields[] = {
	OS_FIELD("id", os_id, "ID of os-release"),
	OS_FIELD("versionId", os_version, "VERSION_ID of os-release"),
};
/* Its fields are the facts' own: no offset. */
static const struct type os = {
	.shape = SHAPE_OBJECT,
	.decode = decode_object,
	.fields = os_fields,
	.n = ARRAY_SIZE(os_fields),
	.hint = "write { id: ID, versionId: 'VERSION' }",
};

static const struct field fact_fields[] = {
	FACT("libc", &libc_type, libc, "C library; default: unknown"),
	FACT("arch", &arch_type, arch, "architecture of the container's program; default: unknown"),
	{ "os", &os, 0, false, "fields of os-release; default: none" },
	FACT("exists", &paths_type, exists,
	     "paths that exist; a path that is not in any list does not"),
	FACT("writable", &paths_type, writable, "paths that exist and that the hook can write to"),
	FACT("programs", &paths_type, programs, "programs that exist and are usable"),
	FACT("broken", &paths_type, broken, "programs that exist and are not usable"),
	FACT("unknown", &paths_type, unknown, "paths about which nothing is known"),
};
static const struct type facts = {
	.shape = SHAPE_OBJECT,
	.decode = decode_object,
	.fields = fact_fields,
	.n = ARRAY_SIZE(fact_fields),
	.hint = "write { libc: glibc, programs: [PATH], writable: [PATH] }",
};

#define FIELD(name, type, member, required, text)                                    \
	{                                                                            \
		(name), (type), offsetof(struct example, member), (required), (text) \
	}
#define WHOLE(name, type, required, text)             \
	{                                             \
		(name), (type), 0, (required), (text) \
	}

static const struct field example_fields[] = {
	FIELD("name", &name, name, true, "title of the example"),
	WHOLE("config", &config, false,
	      "members of config.json, merged into those of a plain container"),
	FIELD("facts", &facts, facts, false, "content of the container; default: nothing"),
	FIELD("runtime", &runtime_type, runtime, false, "the runtime; default: unknown"),
	WHOLE("requested", &requested, false,
	      "whether the policy is requested; default: if its activation is requested"),
	WHOLE("expect", &expect, true, "wanted, left-out, refused, not-concerned or not-requested"),
	FIELD("candidate", &candidate, candidate, false, "the program that must be selected"),
	FIELD("reason", &reason, reason, false,
	      "text that the reason must contain if the hook is not"),
	{ "request", NULL, 0, false, "write requested: true or false" },
};

static int decode_example(const struct decoder *d, const struct type *type, const struct node *node,
			  void *out);

static const struct type example = {
	.shape = SHAPE_OBJECT,
	.decode = decode_example,
	.size = sizeof(struct example),
	.fields = example_fields,
	.n = ARRAY_SIZE(example_fields),
	.hint = "write { name: TEXT, facts: ..., expect: ... }",
	.define = "example",
};
static const struct type list = {
	.shape = SHAPE_LIST,
	.decode = decode_list,
	.min = 1,
	.max = EXAMPLES_MAX,
	.item = &example,
};

static const struct field fields[] = {
	{ "version", &version_type, 0, true, "version of the format of examples" },
	{ "examples", &list, 0, true, "the expected decision for each example" },
	{ "cases", NULL, 0, false, "write examples:" },
	{ "<<", NULL, 0, false, "write the keys out: there are no merge keys" },
};

const struct type examples_type = {
	.shape = SHAPE_OBJECT,
	.decode = decode_object,
	.fields = fields,
	.n = ARRAY_SIZE(fields),
};

/* ---- what tables do not say ---- */

/* A candidate is of a hook that is wanted, a reason of one that is not. */
static int check_expectation(const struct decoder *d, const struct example *e,
			     const struct node *node)
{
	const struct node *taken = tree_member(node, "candidate"),
			  *why = tree_member(node, "reason");

	if (taken && e->expect != EXPECT_WANTED)
		return decode_refuse(d, taken->key, "remove it, or expect: wanted",
				     "'candidate' names the selected program, but the hook is "
				     "expected to be %s",
				     expectation_word(e->expect));
	if (why && e->expect == EXPECT_WANTED)
		return decode_refuse(d, why->key, "remove it",
				     "'reason' is for a missing hook, but the "
				     "hook is expected to be wanted");
	return 0;
}

static int decode_example(const struct decoder *d, const struct type *type, const struct node *node,
			  void *out)
{
	static const struct node nothing = { .kind = NODE_MAP };
	struct example *e = out;
	int r;

	*e = (struct example){ .line = node->line, .column = node->column };
	r = decode_object(d, type, node, e);
	if (r == 0)
		r = check_expectation(d, e, node);
	if (r == 0 && !e->config)
		r = example_config(d, &nothing, &e->config);
	return r;
}

int examples_parse(struct arena *arena, const char *path, const char *text, size_t len,
		   struct examples *ret, struct hw_error *err)
{
	static const struct document document = { "list of examples", "begin it with 'version: 1'",
						  &examples_type };
	const struct decoder d = { .arena = arena, .path = path, .err = err };

	return decode_document(&d, &document, text, len, ret);
}
