/* SPDX-License-Identifier: Apache-2.0 */
/* Members that newer versions of runtimes read, and older ones ignore. */
#include <unistd.h>

#include "lint/start.h"

/* ---- priorities ---- */

static int check_word(struct look *l, enum behaviour reads, uint32_t object, const char *member,
		      const char *const *words, const char *what)
{
	const uint32_t word = json_member(&l->bundle->doc, object, member);

	if (is_absent(l, object) || (is_text(l, word) && is_one_of(l, word, words)))
		return 0;
	return lint_refuse(l, lint_refused_by(l, reads), is_absent(l, word) ? object : word,
			   "write a value of the OCI specification",
			   "%s.%s does not have a known value", what, member);
}

static int check_range(struct look *l, enum behaviour reads, uint32_t value, int64_t min,
		       int64_t max, const char *what, const char *hint)
{
	int64_t number;

	if (!is_integer(l, value, &number) || (number >= min && number <= max))
		return 0;
	return lint_refuse(l, lint_refused_by(l, reads), value, hint, "%s %.*s is out of range",
			   what, WRITTEN(l, value));
}

static int check_io(struct look *l)
{
	static const char *const classes[] = { "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE",
					       "IOPRIO_CLASS_IDLE", NULL };
	const uint32_t io = LINT_AT(l, "process", "ioPriority");
	const int r = check_word(l, READS_PRIORITIES, io, "class", classes, "process.ioPriority");

	return r < 0 ? r
		     : check_range(l, READS_PRIORITIES,
				   LINT_AT(l, "process", "ioPriority", "priority"), 0, 7,
				   "process.ioPriority.priority", "write a number from 0 to 7");
}

/* Only real-time policies have a priority, and require it. */
static int check_priority(struct look *l, uint32_t policy)
{
	static const char *const real[] = { "SCHED_FIFO", "SCHED_RR", NULL };
	const uint32_t value = LINT_AT(l, "process", "scheduler", "priority");
	const bool is_real = is_one_of(l, policy, real);
	int64_t priority = 0;

	(void)is_integer(l, value, &priority);
	if (is_real ? priority >= 1 && priority <= 99 : priority == 0)
		return 0;
	return lint_refuse(l, lint_refused_by(l, READS_PRIORITIES),
			   value == JSON_NONE ? policy : value,
			   "write 1 to 99 with SCHED_FIFO and SCHED_RR, and 0 with others",
			   "process.scheduler.priority does not fit the policy");
}

static int check_scheduler(struct look *l)
{
	static const char *const policies[] = { "SCHED_OTHER", "SCHED_FIFO", "SCHED_RR",
						"SCHED_BATCH", "SCHED_IDLE", "SCHED_DEADLINE",
						NULL };
	const uint32_t scheduler = LINT_AT(l, "process", "scheduler");
	const uint32_t policy = LINT_AT(l, "process", "scheduler", "policy");
	int r = check_word(l, READS_PRIORITIES, scheduler, "policy", policies, "process.scheduler");

	if (r < 0 || !is_one_of(l, policy, policies))
		return r;
	r = check_priority(l, policy);
	if (r == 0)
		r = check_range(l, CHECKS_NICE, LINT_AT(l, "process", "scheduler", "nice"), -20, 19,
				"process.scheduler.nice", "write a number from -20 to 19");
	return r;
}

/* ---- processors ---- */

/* "0-3,7", between its quotes. */
static bool is_cpu_list(const struct look *l, uint32_t value)
{
	const char *text = written_text(l, value) + 1, *end = text + strcspn(text, "\"");
	bool range = false;

	for (;;) {
		size_t digits;

		text += strspn(text, " ");
		digits = strspn(text, "0123456789");
		text += digits;
		text += strspn(text, " ");
		if (!digits || text == end)
			return digits;
		if (*text != ',' && (*text != '-' || range))
			return false;
		range = *text++ == '-';
	}
}

static int check_affinity(struct look *l)
{
	static const char *const members[] = { "initial", "final" };
	const uint32_t affinity = LINT_AT(l, "process", "execCPUAffinity");
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(members); i++) {
		const uint32_t list = json_member(&l->bundle->doc, affinity, members[i]);

		if (is_text(l, list) && !is_empty(l, list) && !is_cpu_list(l, list))
			r = lint_refuse(
				l, lint_refused_by(l, READS_CPU_AFFINITY), list,
				"write numbers and ranges, such as 0-3,7",
				"process.execCPUAffinity.%s %.*s is not a list of processors",
				members[i], WRITTEN(l, list));
	}
	return r;
}

static int check_rdt(struct look *l)
{
	const uint32_t rdt = LINT_AT(l, "linux", "intelRdt");
	const char *hint = "mount resctrl on /sys/fs/resctrl, or remove it";
	struct refusal by;

	if (is_absent(l, rdt) ||
	    (l->lint->options.host_mounts && access("/sys/fs/resctrl", F_OK) == 0))
		return 0;
	by = lint_refused_by_host(l, NEEDS_RESCTRL, &hint);
	return lint_refuse(l, by, rdt, hint, "linux.intelRdt requires a host with /sys/fs/resctrl");
}

/* ---- sources of mounts ---- */

static int check_sources(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->n_mounts; i++) {
		const struct spec_mount *m = &spec->mounts[i];
		const uint32_t source = json_member(&l->bundle->doc, m->token, "source");

		if (is_empty(l, source) && spec_mount_binds(m))
			r = lint_refuse(l, lint_refused_by(l, EMPTY_BIND_SOURCE_REFUSED), source,
					"name what is mounted",
					"the source of the bind mount on %.200s is empty",
					m->destination);
	}
	return r;
}

/* ---- personality ---- */

static int check_personality(struct look *l)
{
	static const char *const domains[] = { "LINUX", "LINUX32", NULL };

	return check_word(l, READS_PERSONALITY, LINT_AT(l, "linux", "personality"), "domain",
			  domains, "linux.personality");
}

/* ---- time ---- */

static int check_offset(struct look *l, uint32_t offset)
{
	static const char *const clocks[] = { "monotonic", "boottime" };
	const uint32_t key = json_key(&l->bundle->doc, offset);
	const uint32_t nanosecs = json_member(&l->bundle->doc, offset, "nanosecs");
	int64_t number;

	for (size_t i = 0; i < ARRAY_SIZE(clocks); i++)
		if (json_match_key(&l->bundle->doc, key, clocks[i]) == JSON_EQUALS)
			return !is_integer(l, nanosecs, &number) || number < 1000000000
				       ? 0
				       : lint_refuse(l, lint_refused_by_all(), nanosecs,
						     "write less than 1000000000",
						     "linux.timeOffsets has a second or more in "
						     "nanosecs");
	return lint_refuse(l, lint_refused_by(l, UNKNOWN_CLOCK_REFUSED), key,
			   "write 'monotonic' or 'boottime'",
			   "linux.timeOffsets has the clock %.*s, which does not exist",
			   WRITTEN(l, key));
}

static int check_time(struct look *l)
{
	const uint32_t offsets = LINT_AT(l, "linux", "timeOffsets");
	const bool given = !is_absent(l, offsets);
	const bool empty = given && l->bundle->doc.tokens[offsets].count == 0;
	const uint32_t token = given ? offsets : LINT_AT(l, "linux", "namespaces");
	int r = 0;

	if (!lint_has_namespace(l, "time"))
		return !given ? 0
			      : lint_refuse(l,
					    lint_refused_by(l, empty ? EMPTY_OFFSETS_NEED_TIME
								     : OFFSETS_NEED_TIME),
					    token, "add a namespace of type 'time'",
					    "linux.timeOffsets requires a time namespace");
	r = lint_refuse(l,
			lint_refused_by(l, l->bundle->spec.user_namespace
						   ? TIME_IN_USER_NAMESPACE_REFUSED
						   : TIME_NAMESPACE_REFUSED),
			token, "remove the time namespace, or use a newer version",
			"this version cannot make time namespaces");
	EACH(l, offsets, offset)
	if (r == 0)
		r = check_offset(l, offset);
	return r;
}

/* ---- namespaces that are joined ---- */

static int check_joined(struct look *l, uint32_t namespace)
{
	const uint32_t path = json_member(&l->bundle->doc, namespace, "path");

	if (!is_text(l, path) || written_text(l, path)[1] == '/')
		return 0;
	return lint_refuse(l,
			   is_empty(l, path) ? lint_refused_by(l, EMPTY_NAMESPACE_PATH_REFUSED)
					     : lint_refused_by_all(),
			   path, "write the path of a namespace, or remove it for a new one",
			   "the path %.*s of a namespace is not absolute", WRITTEN(l, path));
}

static int check_joins(struct look *l)
{
	int r = 0;

	EACH(l, LINT_AT(l, "linux", "namespaces"), each)
	if (r == 0)
		r = check_joined(l, each);
	return r;
}

int lint_newer(struct look *l)
{
	static int (*const checks[])(struct look *) = { check_io,	   check_scheduler,
							check_personality, check_time,
							check_affinity,	   check_rdt,
							check_sources,	   check_joins };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(checks); i++)
		r = checks[i](l);
	return r;
}
