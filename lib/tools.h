/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions that only the programs of this project use, besides hookwright.h, with the
 * conventions stated there. Not installed, and not exported: these functions may change.
 */
#pragma once

#include "hookwright.h"

/* ---- texts ---- */

/**
 * hw_defuse() - make a text safe for a terminal and for a log that a CI runner reads
 * @text:  changed in place, keeping its length
 * @lines: it has several lines, and its ASCII control characters come from the caller
 *
 * Bytes that are not UTF-8, control characters, direction marks and characters without a width are
 * replaced by '?', and so is one character of any text that a runner interprets as a command:
 * "::error::" at the start of a line, "##[error]" and "##vso[...]" anywhere, and others. The
 * library's own messages and reports are already safe.
 */
void hw_defuse(char *text, bool lines);

/**
 * hw_defuse_json() - the same for JSON text, by escapes, which preserve the data
 * @json: a JSON text
 * @ret:  the new text; free() it
 *
 * Return: 0, or -ENOMEM.
 */
int hw_defuse_json(const char *json, char **ret);

/**
 * hw_version_length() - how much of a text is a version of a runtime
 *
 * Return: the length of the numbers that @text begins with, as in "1.1.5+ds1": up to three, of up
 * to four digits; 0 if they are not a version.
 */
size_t hw_version_length(const char *text);

/**
 * hw_suggest() - the candidate most like @word, for "did you mean"
 * @candidates: @n strings, borrowed
 *
 * Return: one of @candidates at most two edits away (one for words of up to three bytes), or NULL.
 */
const char *hw_suggest(const char *word, const char *const *candidates, size_t n);

/** hw_policies_closest() - the name in the set most like @name, or NULL if none is close */
const char *hw_policies_closest(const struct hw_policies *policies, const char *name);

/* ---- JSON that is made ---- */

/** How long an escape is at most, with its NUL. */
#define HW_JSON_ESCAPE_MAX 8

/**
 * hw_json_escape() - how a byte of a JSON string is written
 * @buf: HW_JSON_ESCAPE_MAX bytes, for the result
 *
 * The one table of escapes for what is written without cJSON; no memory is taken.
 *
 * Return: @buf with the escape, or NULL where the byte may be written as it is, as those of UTF-8.
 */
const char *hw_json_escape(unsigned char c, char *buf);

/*
 * The one builder of JSON, over cJSON, which is opaque here. An object or array is built from its
 * root downwards. Running out of memory is remembered in struct hw_json and reported by
 * hw_json_print(); until then each call may be made, also with what an earlier one did not give.
 */
typedef struct cJSON cJSON;

/** The "version" of every JSON document: it changes when the meaning of a member does. */
#define HW_JSON_VERSION 1

/** struct hw_json - whether memory ran out; zero-initialise */
struct hw_json {
	bool failed;
};

/** hw_json_new() - an object ('{') or array ('['), to be given to hw_json_add() or printed */
cJSON *hw_json_new(struct hw_json *j, char bracket);
/** hw_json_add() - @item becomes @to's, under @key, or, where that is NULL, of an array */
void hw_json_add(struct hw_json *j, cJSON *to, const char *key, cJSON *item);
/** hw_json_open() - a new object or array that is @to's at once; it is filled through the pointer
 */
cJSON *hw_json_open(struct hw_json *j, cJSON *to, const char *key, char bracket);
/** hw_json_text() - a string; NULL: null */
void hw_json_text(struct hw_json *j, cJSON *to, const char *key, const char *text);
/** hw_json_texts() - an array of strings */
void hw_json_texts(struct hw_json *j, cJSON *to, const char *key, const char *const *items,
		   size_t n);
/** hw_json_number() - a number; integers below 10^15 are exact */
void hw_json_number(struct hw_json *j, cJSON *to, const char *key, double value);
/** hw_json_flag() - true or false */
void hw_json_flag(struct hw_json *j, cJSON *to, const char *key, bool value);
/** hw_json_raw() - a JSON text, byte for byte */
void hw_json_raw(struct hw_json *j, cJSON *to, const char *key, const char *json);
/** hw_json_is_empty() - whether an object or array has nothing; NULL has nothing */
bool hw_json_is_empty(const cJSON *container);
/** hw_json_has() - whether an object has a member @key */
bool hw_json_has(const cJSON *object, const char *key);
/** hw_json_move() - all members of the object @from become @to's; @from is released */
void hw_json_move(struct hw_json *j, cJSON *from, cJSON *to);
/** hw_json_free() - release what was not added; NULL is a no-op */
void hw_json_free(cJSON *item);

/**
 * hw_json_print() - the text of @root, as hw_defuse_json() makes it, and release @root
 * @ret: the text, without a newline at its end; free() it
 *
 * Return: 0, or -ENOMEM, also where anything before ran out of memory.
 */
int hw_json_print(const struct hw_json *j, cJSON *root, char **ret);

/* ---- the configuration ---- */

/** hw_config_tolerates_errors() - whether "onError" is "warn": errors of the administrator's files
 *  do not stop a container
 */
bool hw_config_tolerates_errors(const struct hw_config *config);

/** hw_config_rootless() - whether the process is not root in the initial user namespace */
bool hw_config_rootless(const struct hw_config *config);

/** enum hw_log_level - least severe messages that are logged */
enum hw_log_level { HW_LOG_ERROR, HW_LOG_WARNING, HW_LOG_INFO };

/**
 * struct hw_log - destination of the wrapper's own log
 * @level:   least severe messages that are logged
 * @file:    path of a file to append to, or NULL
 * @journal: whether to log to systemd's journal
 */
struct hw_log {
	enum hw_log_level level;
	const char *file;
	bool journal;
};

/** hw_config_log() - the configuration's "log"; the path lives as long as @config */
void hw_config_log(const struct hw_config *config, struct hw_log *ret);

/**
 * hw_result_annotation() - the value of an annotation of the container
 * @result: of apply or filter
 * @name:   of the annotation
 *
 * Return: its value, which lives as long as @result and is the container's own word, or NULL.
 */
const char *hw_result_annotation(const struct hw_result *result, const char *name);

/* ---- shared by lint's front ends ---- */

/** enum hw_choice - settings whose value is one of a few words */
enum hw_choice {
	HW_CHOICE_RUNTIME,  /* struct hw_lint_options, runtime; "any" is the first */
	HW_CHOICE_ARCH,	    /* the same, arch */
	HW_CHOICE_REPORT,   /* in the order of enum hw_report */
	HW_CHOICE_SEVERITY, /* in the order of enum hw_severity */
	HW_CHOICE_COLOUR,   /* auto, always, never */
	HW_CHOICE_FORM,	    /* text, json: of commands that are not lint */
	HW_CHOICE_PICTURE,  /* the same and svg */
};

/** hw_choice_word() - the word at @index, or NULL if there are no more */
const char *hw_choice_word(enum hw_choice choice, size_t index);

/**
 * hw_choice_find() - the index of @word, or -1
 * @near: set only if -1 is returned, to the word that was probably meant, or NULL
 */
int hw_choice_find(enum hw_choice choice, const char *word, const char **near);

/**
 * hw_runtime_find() - the runtime that an option names
 * @value: one of HW_CHOICE_RUNTIME, what containerd calls it ("io.containerd.runc.v2"), or the path
 *         of a file of such a name or with a link to one
 * @word:  set to the word of HW_CHOICE_RUNTIME
 * @near:  set if @value is none, to the word that was probably meant, or NULL
 */
bool hw_runtime_find(const char *value, const char **word, const char **near);

/**
 * hw_engine_runtime() - which runtime the engine @name uses by default, in words
 *
 * Return: NULL if @name is not an engine.
 */
const char *hw_engine_runtime(const char *name);

/** hw_rules_closest() - the rule whose name is most like @word, into @ret; false if none is close
 */
bool hw_rules_closest(const char *word, struct hw_rule *ret);

/**
 * struct hw_lint_settings - the settings file of lint; see hookwright(1), SETTINGS FILE
 * @options:     for hw_lint_new(): config, policies, hooks_dirs and requests
 * @lint:        for hw_lint_new(): all of it; every ignore has a reason
 * @recursive:   directories to search for bundles
 * @n_recursive: number of @recursive
 * @jobs:        number of bundles at once, 0 for the number of processors; -1: not set
 * @fail_on:     index of HW_CHOICE_SEVERITY; -1: not set
 * @format:      index of HW_CHOICE_REPORT; -1: not set
 * @colour:      index of HW_CHOICE_COLOUR; -1: not set
 *
 * Relative paths in the file are relative to its directory; here they are converted for the
 * directory from which hw_lint_settings_load() was called.
 */
struct hw_lint_settings {
	struct hw_options options;
	struct hw_lint_options lint;
	const char *const *recursive;
	size_t n_recursive;
	int jobs, fail_on, format, colour;
};

/** The maximum number of bundles to inspect at once. */
#define HW_LINT_JOBS_MAX 256

/**
 * hw_lint_settings_load() - read a settings file
 * @file: NULL: .hookwright.yaml in the current directory; if it does not exist, the defaults
 * @ret:  release it with hw_lint_settings_free(), after all linters created with it
 *
 * Return: 0, -EINVAL with line and column if it is not a settings file, -EFBIG for more than
 * 1 MiB, -ENOMEM, or as open(2) and read(2).
 */
int hw_lint_settings_load(const char *file, const struct hw_lint_settings **ret,
			  struct hw_error *err);

/** hw_lint_settings_free() - release settings; NULL is a no-op */
void hw_lint_settings_free(const struct hw_lint_settings *settings);
