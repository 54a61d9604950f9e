/* SPDX-License-Identifier: Apache-2.0 */
/* Table-driven decoding of YAML. */
#pragma once

#include "format/tree.h"

/*
 * A YAML document is decoded by tables, not by code: a type says what a value may be, a field
 * which key it has and where it goes. The same tables make the JSON Schema. The walker refuses
 * unknown, duplicate and missing keys and values of a wrong type, always with a line, a column
 * and, if possible, what to write instead.
 *
 * Plain scalars follow the core schema of YAML 1.2: null, true, false and numbers are not text.
 */
struct decoder {
	struct arena *arena; /* owns what is decoded */
	const char *path;    /* borrowed, for messages only */
	struct hw_error *err;
	void *user; /* for the decode functions of one language */
};

struct type;
struct field;

typedef int decode_fn(const struct decoder *d, const struct type *type, const struct node *node,
		      void *out);
typedef int check_fn(const struct decoder *d, const struct node *node);

/* The JSON Schema of a type. */
enum shape {
	SHAPE_TEXT,    /* @pattern, @max bytes */
	SHAPE_WORD,    /* one of @words */
	SHAPE_INTEGER, /* @min to @max */
	SHAPE_BOOLEAN, /* @min 1: only true */
	SHAPE_OBJECT,  /* @fields */
	SHAPE_LIST,    /* @min to @max of @item; @single: one item may replace a list of one */
	SHAPE_MAP,     /* @min to @max of @item by keys that match @pattern */
	SHAPE_TREE,    /* any mapping: another format's */
};

struct word {
	const char *word;
	const char *alias; /* what people write for it, for "did you mean"; may be NULL */
};

/* Small: a program corrects the pointers in these tables at each start, page by page. */
struct type {
	uint8_t shape; /* enum shape */
	bool single, unique;
	uint16_t n;    /* words, fields */
	uint32_t size; /* of what @decode fills, where it is an item */
	long long min, max;
	decode_fn *decode;
	check_fn *check;     /* of a text, or of a map's key; may be NULL */
	const char *pattern; /* ECMA-262, for the schema; NULL: any text */
	union {
		const struct word *words;   /* of SHAPE_WORD */
		const struct field *fields; /* of SHAPE_OBJECT */
		const struct type *item;    /* of SHAPE_LIST and SHAPE_MAP */
	};
	const char *hint;   /* what to write, where a value is of another kind; may be NULL */
	const char *define; /* name under "definitions" in the schema; NULL: written in place */
};

struct field {
	const char *key;
	const struct type *type; /* NULL: a key that other formats have and this one does not */
	uint32_t offset;	 /* of the destination, in the struct being filled */
	bool required;
	const char *text; /* what it is, for the schema; or what to use instead */
};

/* The target of a list or a map; a pointer and a count side by side do as well. */
struct array {
	void *items;
	size_t n;
};

/* Of the required key "version": the number 1. Its offset does not matter. */
extern const struct type version_type;

struct document {
	const char *what; /* "policy" */
	const char *hint; /* when there is none in the file */
	const struct type *type;
};

/* Decode @text by @document's type into @out. -EINVAL, -ENOMEM. */
int decode_document(const struct decoder *d, const struct document *document, const char *text,
		    size_t len, void *out) MUST_CHECK;

/* -EINVAL with the position of @node. */
int decode_refuse(const struct decoder *d, const struct node *node, const char *hint,
		  const char *fmt, ...) PRINTF_LIKE(4, 5);

/*
 * -EINVAL with "'KEY' must be @want, not ...". The hint is @type's, or is made from the value.
 */
int decode_mismatch(const struct decoder *d, const struct type *type, const struct node *node,
		    const char *want);

/* The row of @fields for @key, else NULL with the error set. */
const struct field *decode_field(const struct decoder *d, const struct node *key,
				 const struct type *type);

/* -EINVAL if an earlier member of the mapping that @value is in has the same key. */
int decode_check_duplicate(const struct decoder *d, const struct node *map,
			   const struct node *value);

decode_fn decode_text;	  /* const char * */
decode_fn decode_word;	  /* const char *, the word in the table */
decode_fn decode_choice;  /* int, index of the word */
decode_fn decode_boolean; /* bool */
decode_fn decode_int;	  /* int */
decode_fn decode_long;	  /* long */
decode_fn decode_uint32;  /* uint32_t */
decode_fn decode_object;  /* by fields, each at its offset from @out */
decode_fn decode_list;	  /* struct array */
decode_fn decode_map; /* struct array; items are decoded from the values, which know their key */

/* A plain scalar that is text, and one that is JSON as it stands: null, a boolean, a number. */
bool decode_is_text(const struct node *node);
bool decode_is_json(const struct node *node);

/* Texts that several tables use. */
check_fn check_path;	 /* absolute, not "/", no slash at the end, at most 4095 bytes */
check_fn check_variable; /* name of an environment variable */
/* A list of one to @most different items of type @of; one of them may be written without a list. */
#define SET_TYPE(of, most)                                                                  \
	{                                                                                   \
		.shape = SHAPE_LIST, .single = true, .unique = true, .decode = decode_list, \
		.min = 1, .max = (most), .item = (of)                                       \
	}

#define NO_NUL_PATTERN	 "^[^\\u0000]*$"
#define PATH_PATTERN	 "^(?![\\s\\S]*[\\n\\r\\t\\u0000])/.*[^/]$"
#define VARIABLE_PATTERN "^[A-Za-z_][A-Za-z0-9_]*$"
#define PATH_BYTES_MAX	 4095
