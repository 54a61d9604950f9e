/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel refuses of uidMappings and gidMappings, as user_namespaces(7) has it. */
#include <stdio.h>
#include <unistd.h>

#include "lint/start.h"

/* Ids from first to before end, of one side of a map. */
struct ids {
	uint64_t first, end;
};

static int by_first(const void *one, const void *two)
{
	const struct ids *a = one, *b = two;

	return a->first < b->first ? -1 : a->first > b->first;
}

static bool overlap(struct ids *ids, size_t n)
{
	qsort(ids, n, sizeof(*ids), by_first);
	for (size_t i = 1; i < n; i++)
		if (ids[i].first < ids[i - 1].end)
			return true;
	return false;
}

/* UID_GID_MAP_MAX_EXTENTS */
#define RANGES_MAX 340

/* As runtimes write them to the kernel, in one write of less than a page. */
static size_t written_length(const struct spec_mappings *map)
{
	char line[64];
	size_t len = 0;

	for (size_t i = 0; i < map->n; i++)
		len += (size_t)snprintf(line, sizeof(line), "%u %u %u\n", map->items[i].container,
					map->items[i].host, map->items[i].size);
	return len;
}

/* NULL: nothing is wrong. */
static const char *fault(const struct spec_mappings *map)
{
	struct ids inside[RANGES_MAX], outside[RANGES_MAX];

	if (map->n > RANGES_MAX)
		return "has more than the 340 ranges that the kernel accepts";
	for (size_t i = 0; i < map->n; i++) {
		const struct spec_mapping *m = &map->items[i];

		inside[i] = (struct ids){ m->container, (uint64_t)m->container + m->size };
		outside[i] = (struct ids){ m->host, (uint64_t)m->host + m->size };
		if (m->size == 0)
			return "has a range of size 0, which the kernel refuses";
		if (inside[i].end > UINT32_MAX || outside[i].end > UINT32_MAX)
			return "has a range that goes beyond the last id, 4294967294";
	}
	if (overlap(inside, map->n))
		return "maps an id of the container twice";
	if (overlap(outside, map->n))
		return "maps two ids of the container to the same id of the host";
	if (written_length(map) >= (size_t)sysconf(_SC_PAGESIZE))
		return "is longer than a page of memory, which is the most that the kernel accepts";
	return NULL;
}

static int check_map(struct look *l, const struct spec_mappings *map, const char *name)
{
	const char *why = fault(map);

	return !why ? 0
		    : lint_refuse(l, lint_refused_by_all(), LINT_AT(l, "linux", name),
				  "write fewer ranges, which do not overlap", "linux.%s %s", name,
				  why);
}

int lint_id_maps(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	int r;

	if (!spec->user_namespace || spec->user_namespace_path)
		return 0;
	r = check_map(l, &spec->uid_mappings, "uidMappings");
	return r < 0 ? r : check_map(l, &spec->gid_mappings, "gidMappings");
}
