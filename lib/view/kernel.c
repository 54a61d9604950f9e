/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's own file systems: which options each takes, which namespace it shows, and what is in
 * it, as far as a mount or process.cwd may want it. As of Linux 6.18; what older kernels do not
 * have is not assumed to be there.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "view/internal.h"

/* ---- options ---- */

enum value {
	TAKES_NONE,   /* stands alone */
	TAKES_ID,     /* an id that the user namespace maps */
	TAKES_NUMBER, /* any id */
	TAKES_OCTAL,
	TAKES_COUNT, /* up to NR_UNIX98_PTY_MAX */
	TAKES_HIDEPID,
	TAKES_SWITCH, /* "on" or "off" */
	TAKES_ANY,
	TAKES_DOUBT, /* not every kernel has it */
};

static const struct option {
	const char *type, *name;
	enum value value;
} options[] = {
	{ "devpts", "uid", TAKES_ID },
	{ "devpts", "gid", TAKES_ID },
	{ "devpts", "mode", TAKES_OCTAL },
	{ "devpts", "ptmxmode", TAKES_OCTAL },
	{ "devpts", "max", TAKES_COUNT },
	{ "devpts", "newinstance", TAKES_NONE },
	{ "proc", "gid", TAKES_NUMBER },
	{ "proc", "hidepid", TAKES_HIDEPID },
	{ "proc", "subset", TAKES_ANY },
	{ "proc", "pidns", TAKES_DOUBT },
	{ "overlay", "lowerdir", TAKES_ANY },
	{ "overlay", "upperdir", TAKES_ANY },
	{ "overlay", "workdir", TAKES_ANY },
	{ "overlay", "index", TAKES_SWITCH },
	{ "overlay", "metacopy", TAKES_SWITCH },
	{ "overlay", "nfs_export", TAKES_SWITCH },
	{ "overlay", "redirect_dir", TAKES_ANY },
	{ "overlay", "xino", TAKES_ANY },
	{ "overlay", "uuid", TAKES_ANY },
	{ "overlay", "default_permissions", TAKES_NONE },
	{ "overlay", "volatile", TAKES_NONE },
	{ "overlay", "userxattr", TAKES_NONE },
	{ "overlay", "verity", TAKES_DOUBT },
	{ "overlay", "lowerdir+", TAKES_DOUBT },
	{ "overlay", "datadir+", TAKES_DOUBT },
	{ "overlay", "override_creds", TAKES_DOUBT },
	{ "overlay", "nooverride_creds", TAKES_DOUBT },
};

/* Those whose options are all above; the rest is not judged. */
static const char *const strict_types[] = { "devpts", "proc", "overlay", "sysfs", "mqueue" };

/* Of security modules, which a host may have. */
static const char *const labels[] = { "context",     "fscontext", "defcontext",
				      "rootcontext", "seclabel",  "smackfsdef" };

static bool is_listed(const char *const *names, size_t n, const char *name, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(names[i]) == len && strncmp(names[i], name, len) == 0)
			return true;
	return false;
}

static bool is_strict(const char *type)
{
	return is_listed(strict_types, ARRAY_SIZE(strict_types), type, strlen(type));
}

static const struct option *find_option(const char *type, const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (streq(options[i].type, type) && is_listed(&options[i].name, 1, name, len))
			return &options[i];
	return NULL;
}

/* @text up to @len as the kernel reads a number; false: it is none, or not in 32 bits. */
static bool read_number(const char *text, size_t len, int base, unsigned long *ret)
{
	char *end;

	if (len == 0 || !is_digit(text[0]))
		return false;
	errno = 0;
	*ret = strtoul(text, &end, base);
	return end == text + len && !errno && *ret <= UINT32_MAX;
}

static bool is_mapped(const struct spec *spec, const struct spec_mappings *map, unsigned long id)
{
	return !spec->user_namespace || spec->user_namespace_path || !map->n ||
	       spec_maps(map, (uint32_t)id);
}

#define PTYS_MAX 1048576

static bool takes_id(const struct spec *spec, const struct option *o, const char *value, size_t len)
{
	const bool uid = streq(o->name, "uid");
	unsigned long id;

	return read_number(value, len, 0, &id) && id != UINT32_MAX &&
	       is_mapped(spec, uid ? &spec->uid_mappings : &spec->gid_mappings, id);
}

static bool takes_switch(const char *value, size_t len)
{
	static const char *const words[] = { "on", "off" };

	return is_listed(words, ARRAY_SIZE(words), value, len);
}

static bool takes_hidepid(const char *value, size_t len)
{
	static const char *const modes[] = { "0",   "1",	"2",	     "4",
					     "off", "noaccess", "invisible", "ptraceable" };

	return is_listed(modes, ARRAY_SIZE(modes), value, len);
}

/* Whether the kernel takes @len bytes of @value for @o. */
static bool takes(const struct spec *spec, const struct option *o, const char *value, size_t len)
{
	unsigned long number;

	switch (o->value) {
	case TAKES_NONE:
		return false;
	case TAKES_ID:
		return takes_id(spec, o, value, len);
	case TAKES_NUMBER:
		return read_number(value, len, 0, &number);
	case TAKES_OCTAL:
		return read_number(value, len, 8, &number);
	case TAKES_COUNT:
		return read_number(value, len, 0, &number) && number <= PTYS_MAX;
	case TAKES_HIDEPID:
		return takes_hidepid(value, len);
	case TAKES_SWITCH:
		return takes_switch(value, len);
	default:
		return true;
	}
}

static enum truth takes_part(const struct spec *spec, const char *type, const char *part,
			     size_t len)
{
	const char *equals = memchr(part, '=', len);
	const size_t name = equals ? (size_t)(equals - part) : len;
	const struct option *o = find_option(type, part, name);

	if (len == 0)
		return YES;
	if (is_listed(labels, ARRAY_SIZE(labels), part, name))
		return UNKNOWN;
	if (!o)
		return NO;
	if (o->value == TAKES_DOUBT)
		return UNKNOWN;
	if (!equals)
		return o->value == TAKES_NONE ? YES : NO;
	return takes(spec, o, equals + 1, len - name - 1) ? YES : NO;
}

int kernel_check_options(struct view *v, const struct vmount *m, const struct spec_mount *mount)
{
	int r = 0;

	if (!is_strict(mount->type) || m->options.strange)
		return 0;
	for (size_t i = 0; r == 0 && i < mount->n_options; i++) {
		const char *s = mount->options[i];

		while (r == 0 && *s && !mount_option_is_flag(mount->options[i])) {
			const size_t len = strcspn(s, ",");
			const struct verdict_by by = { takes_part(v->spec, mount->type, s, len),
						       "" };
			char part[64];

			snprintf(part, sizeof(part), "%.*s", (int)(len < 63 ? len : 63), s);
			if (!mount_option_is_flag(part))
				r = view_refuse_by(v, by, m->options_at, "remove the option",
						   by.value == NO
							   ? "%s has the option %s, which the "
							     "kernel does not accept"
							   : "%s has the option %s, which not "
							     "every kernel accepts",
						   m->label, part);
			s += len + (s[len] == ',');
		}
	}
	return r;
}

/* ---- namespaces ---- */

/* What a user namespace's root may mount only if the namespace that is shown is the container's. */
static const struct {
	const char *type, *shows;
	unsigned space;
	const char *hint;
} shown[] = {
	{ "sysfs", "network", SPEC_NETWORK, "add a namespace of type 'network', or bind /sys" },
	{ "mqueue", "ipc", SPEC_IPC, "add a namespace of type 'ipc', or bind /dev/mqueue" },
	{ "proc", "pid", SPEC_PID, "add a namespace of type 'pid', or bind /proc" },
	{ "cgroup2", "cgroup", SPEC_CGROUP,
	  "add a namespace of type 'cgroup', or bind /sys/fs/cgroup" },
};

/* What it may not mount at all: file systems of the whole kernel, and those of block devices. */
static const char *const of_the_host[] = {
	"ext2",	    "ext3",   "ext4", "xfs",	 "btrfs",    "squashfs",   "vfat",
	"iso9660",  "bpf",    "nfs",  "debugfs", "tracefs",  "fusectl",	   "hugetlbfs",
	"configfs", "pstore", "cifs", "nfs4",	 "devtmpfs", "securityfs", "efivarfs",
};

/* The others that kernels of distributions have, or load when they are mounted. */
static const char *const common[] = {
	"proc",	 "sysfs",   "devpts", "mqueue", "cgroup",      "cgroup2",  "overlay",
	"tmpfs", "ramfs",   "fuse",   "9p",	"binfmt_misc", "virtiofs", "selinuxfs",
	"erofs", "fuseblk", "ceph",   "f2fs",	"zfs",	       "autofs",   "exfat",
};

int kernel_check_type(struct view *v, const struct vmount *m, const struct spec_mount *mount)
{
	const size_t len = strlen(mount->type);

	if (!len || streq(mount->type, "bind") || starts_with(mount->type, "fuse.") ||
	    m->options.strange || is_listed(common, ARRAY_SIZE(common), mount->type, len) ||
	    is_listed(of_the_host, ARRAY_SIZE(of_the_host), mount->type, len))
		return 0;
	return view_refuse_by(v, (struct verdict_by){ UNKNOWN, "" }, m->at,
			      "correct the type, or make sure that each host has that file system",
			      "%s has a type that not every kernel has", m->label);
}

int kernel_check_namespaces(struct view *v, const struct vmount *m, const struct spec_mount *mount)
{
	const struct spec *spec = v->spec;

	if (!spec->user_namespace || spec->user_namespace_path)
		return 0;
	if (is_listed(of_the_host, ARRAY_SIZE(of_the_host), mount->type, strlen(mount->type)))
		return view_refuse(v, m->at,
				   "remove the mount, or bind what is mounted on the host",
				   "%s: the root of a user namespace cannot mount a file system "
				   "of this type",
				   m->label);
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++)
		if (streq(mount->type, shown[i].type) && !(spec->namespaces & shown[i].space))
			return view_refuse(v, m->at, shown[i].hint,
					   "%s shows the host's %s namespace, which the root of a "
					   "user namespace cannot mount",
					   m->label, shown[i].shows);
	return 0;
}

/* ---- what is there ---- */

static const struct entry {
	const char *type, *path;
	enum kernel_entry entry;
} entries[] = {
	{ "proc", "cpuinfo", KERNEL_FILE },
	{ "proc", "meminfo", KERNEL_FILE },
	{ "proc", "stat", KERNEL_FILE },
	{ "proc", "uptime", KERNEL_FILE },
	{ "proc", "loadavg", KERNEL_FILE },
	{ "proc", "swaps", KERNEL_FILE },
	{ "proc", "diskstats", KERNEL_FILE },
	{ "proc", "slabinfo", KERNEL_FILE },
	{ "proc", "version", KERNEL_FILE },
	{ "proc", "cmdline", KERNEL_FILE },
	{ "proc", "filesystems", KERNEL_FILE },
	{ "proc", "interrupts", KERNEL_FILE },
	{ "proc", "partitions", KERNEL_FILE },
	{ "proc", "devices", KERNEL_FILE },
	{ "proc", "vmstat", KERNEL_FILE },
	{ "proc", "net/dev", KERNEL_FILE },
	{ "proc", "sys", KERNEL_DIRECTORY },
	{ "proc", "sys/kernel", KERNEL_DIRECTORY },
	{ "proc", "sys/fs", KERNEL_DIRECTORY },
	{ "proc", "sys/net", KERNEL_DIRECTORY },
	{ "proc", "sys/vm", KERNEL_DIRECTORY },
	{ "proc", "tty", KERNEL_DIRECTORY },
	{ "proc", "fs", KERNEL_DIRECTORY },
	{ "proc", "irq", KERNEL_DIRECTORY },
	{ "proc", "driver", KERNEL_DIRECTORY },
	{ "proc", "net", KERNEL_DIRECTORY },
	{ "proc", "self", KERNEL_DIRECTORY },
	{ "proc", "thread-self", KERNEL_DIRECTORY },
	{ "proc", "1", KERNEL_DIRECTORY },
	{ "sysfs", "block", KERNEL_DIRECTORY },
	{ "sysfs", "bus", KERNEL_DIRECTORY },
	{ "sysfs", "class", KERNEL_DIRECTORY },
	{ "sysfs", "dev", KERNEL_DIRECTORY },
	{ "sysfs", "devices", KERNEL_DIRECTORY },
	{ "sysfs", "firmware", KERNEL_DIRECTORY },
	{ "sysfs", "fs", KERNEL_DIRECTORY },
	{ "sysfs", "kernel", KERNEL_DIRECTORY },
	{ "sysfs", "module", KERNEL_DIRECTORY },
	{ "sysfs", "power", KERNEL_DIRECTORY },
	{ "sysfs", "hypervisor", KERNEL_PERHAPS },
	{ "sysfs", "fs/cgroup", KERNEL_DIRECTORY },
	{ "sysfs", "fs/bpf", KERNEL_DIRECTORY },
	{ "sysfs", "kernel/debug", KERNEL_DIRECTORY },
	{ "sysfs", "kernel/security", KERNEL_DIRECTORY },
	{ "sysfs", "kernel/tracing", KERNEL_DIRECTORY },
	{ "devpts", "ptmx", KERNEL_FILE },
};

/* Types of which a name without a slash is listed above or is not there. */
static const char *const whole_types[] = { "sysfs", "devpts" };

enum kernel_entry kernel_has(const char *type, const char *path)
{
	const bool whole = is_listed(whole_types, ARRAY_SIZE(whole_types), type, strlen(type));
	const size_t first = strcspn(path, "/");
	enum kernel_entry parent = KERNEL_MISSING;

	if (streq(type, "mqueue"))
		return path[first] ? KERNEL_MISSING : KERNEL_NEW_FILE;
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		if (!streq(entries[i].type, type))
			continue;
		if (streq(entries[i].path, path))
			return entries[i].entry;
		if (is_listed(&entries[i].path, 1, path, first))
			parent = entries[i].entry;
	}
	/* A pseudo terminal. */
	if (streq(type, "devpts") && path[strspn(path, "0123456789")] == '\0')
		return KERNEL_PERHAPS;
	return whole && (parent == KERNEL_MISSING || parent == KERNEL_FILE) ? KERNEL_MISSING
									    : KERNEL_PERHAPS;
}

/* ---- mounts in it ---- */

/* Where runc lets something be mounted in a procfs: what lxcfs makes. */
static const char *const open_in_proc[] = {
	"cpuinfo", "diskstats", "meminfo",
	"stat",	   "swaps",	"uptime",
	"loadavg", "slabinfo",	"sys/kernel/ns_last_pid",
};

/* By the path alone, be a procfs there or not yet; a procfs itself may be bound on /proc. */
static int check_proc(struct view *v, const struct vmount *m, const struct spec_mount *mount,
		      const char *path)
{
	const bool tmpfs = !m->options.bind && streq(mount->type, "tmpfs");
	enum behaviour refused = tmpfs ? TMPFS_IN_PROC_REFUSED : MOUNT_IN_PROC_REFUSED;

	if (streq(path, "/proc")) {
		if (m->process || (m->root && m->root->backing == OPAQUE && !m->root->directory))
			return 0;
		refused = MOUNT_IN_PROC_REFUSED;
	} else if (!starts_with(path, "/proc/")) {
		return 0;
	}
	path += strlen("/proc");
	path += *path == '/';
	if (is_listed(open_in_proc, ARRAY_SIZE(open_in_proc), path, strlen(path)))
		return 0;
	return view_refuse_by(v, runtime_survives(v->runtime, refused), m->at,
			      "mount it outside of /proc", "%s: runtimes do not allow it in /proc",
			      m->label);
}

static int check_entry(struct view *v, const struct vmount *m, const char *type, const char *path)
{
	const bool known = !m->root || m->root->backing != OPAQUE || m->root->directory;
	const bool directory = !m->root || m->root->directory || S_ISDIR(m->root->mode);
	const enum kernel_entry entry = kernel_has(type, path);
	struct verdict_by by = { NO, "" };

	switch (entry) {
	case KERNEL_MISSING:
		break;
	case KERNEL_PERHAPS:
		by.value = UNKNOWN;
		break;
	default:
		by.value = !known || directory == (entry == KERNEL_DIRECTORY) ? YES : NO;
	}
	if (entry == KERNEL_MISSING || entry == KERNEL_PERHAPS)
		return view_refuse_by(v, by, m->at,
				      "correct the destination, or mount it elsewhere",
				      "%s: '%.200s' does not exist in %s, and cannot be made there",
				      m->label, path, type);
	return view_refuse_by(v, by, m->at,
			      entry == KERNEL_DIRECTORY ? "mount a directory on a directory"
							: "mount a file on a file",
			      "%s: '%.200s' of %s is %s, and a %s is mounted on it", m->label, path,
			      type, entry == KERNEL_DIRECTORY ? "a directory" : "not a directory",
			      directory ? "directory" : "file");
}

const char *kernel_path(struct view *v, struct node *n)
{
	const char *at = node_path(v, n), *root = node_path(v, n->mount->root);
	size_t len;

	if (!at || !root)
		return NULL;
	len = strlen(root);
	at += strncmp(at, root, len) == 0 ? len : 0;
	return at + strspn(at, "/");
}

int kernel_check_place(struct view *v, const struct vmount *m, const struct spec_mount *mount,
		       struct node *at)
{
	const char *type = at->mount->type, *path = node_path(v, at);
	int r = path ? check_proc(v, m, mount, path) : -ENOMEM;

	if (r < 0 || !type || !kernel_is_known(type))
		return r;
	path = kernel_path(v, at);
	if (!path)
		return -ENOMEM;
	return path[0] ? check_entry(v, m, type, path) : 0;
}

bool kernel_is_known(const char *type)
{
	static const char *const known[] = { "proc", "sysfs", "devpts", "mqueue" };

	return is_listed(known, ARRAY_SIZE(known), type, strlen(type));
}
