/* SPDX-License-Identifier: Apache-2.0 */
/* The last lines of lint: how many bundles were inspected, and what was skipped. */
#include <stdlib.h>
#include <string.h>

#include "lint/cmd-lint.h"

#define LISTED	       10 /* of files of other programs: there are few, and one may be a mistake */
#define LISTED_VERBOSE 1000

static const struct {
	const char *one, *many;
	size_t listed; /* without --verbose */
} kinds[] = {
	[PASSED_LINK] = { "symbolic link to a directory", "symbolic links to directories", 0 },
	[PASSED_OUTSIDE] = { "symbolic link out of the tree", "symbolic links out of the tree", 0 },
	[PASSED_FOREIGN] = { "file named config.json that is not an OCI configuration",
			     "files named config.json that are not OCI configurations", LISTED },
};

static size_t room(const struct passed_over *passed, enum passed kind)
{
	return passed->verbose ? LISTED_VERBOSE : kinds[kind].listed;
}

/* Out of memory for a name, it is only counted. */
void passed_add(struct passed_over *passed, enum passed kind, const char *path)
{
	struct passed_list *list = &passed->lists[kind];

	list->n++;
	if (list->kept == room(passed, kind))
		return;
	if (!list->names)
		list->names = calloc(room(passed, kind), sizeof(*list->names));
	if (list->names && (list->names[list->kept] = strdup(path)))
		list->kept++;
}

void passed_free(struct passed_over *passed)
{
	for (size_t i = 0; i < N_PASSED; i++) {
		for (size_t k = 0; k < passed->lists[i].kept; k++)
			free(passed->lists[i].names[k]);
		free(passed->lists[i].names);
	}
}

static void print_counts(const struct hw_report_totals *t)
{
	const size_t findings = t->errors + t->warnings + t->notes - t->unread;
	const size_t inspected = t->bundles - t->unread;

	print_stderr("%zu bundle%s inspected, %zu finding%s", inspected, inspected == 1 ? "" : "s",
		     findings, findings == 1 ? "" : "s");
	if (t->ignored)
		print_stderr(", %zu suppressed", t->ignored);
	if (t->unread)
		print_stderr("; %zu could not be read", t->unread);
	if (t->incomplete)
		print_stderr("; not everything could be searched");
}

static void print_passed(const struct passed_over *passed)
{
	const char *separator = "; skipped: ";

	for (size_t i = 0; i < N_PASSED; i++) {
		const size_t n = passed->lists[i].n;

		if (n == 0)
			continue;
		print_stderr("%s%zu %s", separator, n, n == 1 ? kinds[i].one : kinds[i].many);
		separator = ", ";
	}
	print_stderr("\n");
}

static void print_names(const struct passed_over *passed)
{
	bool hint = false;

	for (size_t i = 0; i < N_PASSED; i++) {
		const struct passed_list *list = &passed->lists[i];

		for (size_t k = 0; k < list->kept; k++)
			print_path("  skipped: ", list->names[k], kinds[i].one);
		if (list->kept && list->n > list->kept)
			print_stderr("  and %zu more\n", list->n - list->kept);
		hint = hint || list->n > list->kept;
	}
	if (hint && !passed->verbose)
		fputs("  hint: --verbose lists the skipped files\n", stderr);
}

void summary_print(const struct passed_over *passed, const struct hw_report_totals *totals)
{
	print_counts(totals);
	print_passed(passed);
	print_names(passed);
}
