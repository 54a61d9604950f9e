/* SPDX-License-Identifier: Apache-2.0 */
/* Parses mount options, as far as the view depends on them (runtime-spec, config.md). */
#include "view/internal.h"

/*
 * Flags that nothing here depends on still matter: any of them makes a runtime remount a bind,
 * which drops the host's flags.
 */
static const struct {
	const char *name;
	uint32_t flag;
	bool clears;
} flag_options[] = {
	{ "ro", FLAG_RDONLY, false },
	{ "rw", FLAG_RDONLY, true },
	{ "noexec", FLAG_NOEXEC, false },
	{ "exec", FLAG_NOEXEC, true },
	{ "nosuid", 4, false },
	{ "suid", 4, true },
	{ "nodev", 8, false },
	{ "dev", 8, true },
	{ "sync", 16, false },
	{ "async", 16, true },
	{ "noatime", 32, false },
	{ "atime", 32, true },
	{ "nodiratime", 64, false },
	{ "diratime", 64, true },
	{ "relatime", 128, false },
	{ "norelatime", 128, true },
	{ "strictatime", 256, false },
	{ "nostrictatime", 256, true },
	{ "dirsync", 512, false },
	{ "mand", 1024, false },
	{ "nomand", 1024, true },
	{ "iversion", 2048, false },
	{ "noiversion", 2048, true },
	{ "symfollow", 4096, true },
	{ "lazytime", 8192, false },
	{ "nolazytime", 8192, true },
};

static const struct {
	const char *name;
	size_t offset;
} switches[] = {
	{ "rnoexec", offsetof(struct mount_options, rnoexec) },
	{ "rexec", offsetof(struct mount_options, rexec) },
	{ "rro", offsetof(struct mount_options, rro) },
	{ "rrw", offsetof(struct mount_options, rrw) },
	{ "rsuid", offsetof(struct mount_options, rsuid) },
	{ "rnosuid", offsetof(struct mount_options, rsuid) },
	{ "bind", offsetof(struct mount_options, bind) },
	{ "rbind", offsetof(struct mount_options, bind) },
	{ "rbind", offsetof(struct mount_options, recursive) },
	{ "tmpcopyup", offsetof(struct mount_options, copyup) },
};

/* The other flags: what is neither one of them nor one of those above is data. */
static const char *const flag_names[] = {
	"defaults",    "silent",       "loud",		 "private",	 "rprivate",
	"shared",      "rshared",      "slave",		 "rslave",	 "unbindable",
	"runbindable", "rnosuid",      "rsuid",		 "rnodev",	 "rdev",
	"rnodiratime", "rdiratime",    "rrelatime",	 "rnorelatime",	 "rnoatime",
	"ratime",      "rstrictatime", "rnostrictatime", "rnosymfollow", "rsymfollow",
};

/* Options that change what is mounted where, in ways that only some runtimes know. */
static const char *const strange[] = {
	"idmap",	 "ridmap",  "copy-symlink", "src-nofollow",
	"dest-nofollow", "remount", "nosymfollow",
};

static const struct {
	const char *name;
	int base;
	size_t value, given;
} numbers[] = {
	{ "mode=", 8, offsetof(struct mount_options, mode),
	  offsetof(struct mount_options, has_mode) },
	{ "uid=", 10, offsetof(struct mount_options, uid),
	  offsetof(struct mount_options, has_uid) },
	{ "gid=", 10, offsetof(struct mount_options, gid),
	  offsetof(struct mount_options, has_gid) },
};

static void parse_flag(const char *option, struct mount_options *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(flag_options); i++) {
		if (!streq(option, flag_options[i].name))
			continue;
		ret->changes = true;
		if (flag_options[i].clears)
			ret->last &= ~flag_options[i].flag;
		else
			ret->last |= flag_options[i].flag;
		if (!flag_options[i].clears)
			ret->kept |= flag_options[i].flag;
	}
}

static void parse_number(const char *part, size_t len, struct mount_options *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		const char *digits = part + strlen(numbers[i].name);
		unsigned long value;
		uint32_t *number = (void *)((char *)ret + numbers[i].value);
		char *end;

		if (!starts_with(part, numbers[i].name))
			continue;
		errno = 0;
		value = strtoul(digits, &end, numbers[i].base);
		if (digits[0] < '0' || digits[0] > '9' || end != part + len || errno ||
		    value > UINT32_MAX)
			ret->malformed = true;
		*number = (uint32_t)value;
		*(bool *)((char *)ret + numbers[i].given) = true;
	}
}

/*
 * Options that mm/shmem.c and security modules accept with a value, as of Linux 6.18; see tmpfs(5).
 */
static const struct {
	const char *name;
	enum { VALUE_ANY, VALUE_SIZE, VALUE_COUNT, VALUE_OCTAL, VALUE_ID } kind;
} tmpfs_values[] = {
	{ "size", VALUE_SIZE },
	{ "nr_blocks", VALUE_COUNT },
	{ "nr_inodes", VALUE_COUNT },
	{ "mode", VALUE_OCTAL },
	{ "uid", VALUE_ID },
	{ "gid", VALUE_ID },
	{ "huge", VALUE_ANY },
	{ "mpol", VALUE_ANY },
	{ "casefold", VALUE_ANY },
	{ "usrquota_block_hardlimit", VALUE_ANY },
	{ "usrquota_inode_hardlimit", VALUE_ANY },
	{ "grpquota_block_hardlimit", VALUE_ANY },
	{ "grpquota_inode_hardlimit", VALUE_ANY },
	{ "context", VALUE_ANY },
	{ "fscontext", VALUE_ANY },
	{ "defcontext", VALUE_ANY },
	{ "rootcontext", VALUE_ANY },
	{ "smackfsdef", VALUE_ANY },
	{ "smackfsdefault", VALUE_ANY },
	{ "smackfsfloor", VALUE_ANY },
	{ "smackfshat", VALUE_ANY },
	{ "smackfsroot", VALUE_ANY },
	{ "smackfstransmute", VALUE_ANY },
	{ "idmap", VALUE_ANY }, /* of crun */
	{ "ridmap", VALUE_ANY },
};

/* memparse() of the kernel: C's numbers and one letter; of memory if @percent, too. */
static bool is_size(const char *value, size_t len, bool percent)
{
	char *end = (char *)value;

	if (value[0] >= '0' && value[0] <= '9')
		(void)strtoull(value, &end, 0);
	if (end < value + len && strchr("KMGTPEkmgtpe", *end))
		end++;
	if (percent && end < value + len && *end == '%')
		end++;
	return end == value + len;
}

static bool is_octal(const char *value, size_t len)
{
	const size_t sign = *value == '+';

	return sign + strspn(value + sign, "01234567") == len;
}

/* False only if it is certain that a mount of a tmpfs fails with NAME=VALUE. */
static bool tmpfs_takes_value(const char *part, size_t name, size_t len)
{
	const char *value = part + name + 1;
	const size_t rest = len - name - 1;
	size_t i = 0;

	while (i < ARRAY_SIZE(tmpfs_values) && (strlen(tmpfs_values[i].name) != name ||
						strncmp(part, tmpfs_values[i].name, name) != 0))
		i++;
	if (i == ARRAY_SIZE(tmpfs_values))
		return false;
	/* Kernels differ where nothing follows. */
	switch (rest ? tmpfs_values[i].kind : VALUE_ANY) {
	case VALUE_SIZE:
		return is_size(value, rest, true);
	case VALUE_COUNT:
		return is_size(value, rest, false);
	case VALUE_OCTAL:
		return is_octal(value, rest);
	case VALUE_ID:
		return *value == '+' || (*value >= '0' && *value <= '9');
	default:
		return true;
	}
}

/* Flags of a mount and not of the file system: none of them is text for the kernel. */
#define ATIME_FLAGS (32 | 64 | 128 | 256)
#define OF_MOUNT    (FLAG_NOEXEC | FLAG_NOSUID | FLAG_NODEV | ATIME_FLAGS)

static uint32_t flag_of(const char *part, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(flag_options); i++)
		if (strlen(flag_options[i].name) == len &&
		    strncmp(part, flag_options[i].name, len) == 0)
			return flag_options[i].flag;
	return 0;
}

/* @option: the whole of it, if @part is one of several between commas; else NULL. */
static void parse_part(const char *part, size_t len, const char *option, struct mount_options *ret)
{
	const char *equals = memchr(part, '=', len);
	const uint32_t flag = option && !equals ? flag_of(part, len) : 0;

	parse_number(part, len, ret);
	if (flag && !(flag & OF_MOUNT))
		ret->strange = option;
	if (ret->bad ||
	    (equals ? tmpfs_takes_value(part, (size_t)(equals - part), len) : !(flag & OF_MOUNT)))
		return;
	ret->bad = part;
	ret->bad_len = len;
}

/*
 * Runtimes pass options that they do not know to the kernel, which splits them at commas, except
 * before a digit, which belongs to a list of mpol=. Options of security modules may be in quotes.
 */
static void parse_data(const char *option, struct mount_options *ret)
{
	const char *whole = strchr(option, ',') ? option : NULL;

	for (const char *s = option; *s && !strchr(option, '"');) {
		const char *end = s + strcspn(s, ",");

		while (*end && end[1] >= '0' && end[1] <= '9')
			end += 1 + strcspn(end + 1, ",");
		parse_part(s, (size_t)(end - s), whole, ret);
		s = end + (*end == ',');
	}
}

static void parse_option(const char *option, struct mount_options *ret)
{
	size_t name = strcspn(option, "=");

	parse_flag(option, ret);
	parse_data(option, ret);
	for (size_t i = 0; i < ARRAY_SIZE(switches); i++)
		if (streq(option, switches[i].name))
			*(bool *)((char *)ret + switches[i].offset) = true;
	for (size_t i = 0; i < ARRAY_SIZE(strange); i++)
		if (strlen(strange[i]) == name && strncmp(option, strange[i], name) == 0)
			ret->strange = strange[i];
	if (option[0] != 'r')
		return;
	if (streq(option, "rexec") || streq(option, "rnoexec"))
		ret->rexec_last = option[1] == 'e';
	if (streq(option, "rrw") || streq(option, "rro"))
		ret->rrw_last = option[2] == 'w';
}

bool mount_option_is_flag(const char *option)
{
	const size_t name = strcspn(option, "=");

	for (size_t i = 0; i < ARRAY_SIZE(flag_options); i++)
		if (streq(option, flag_options[i].name))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(switches); i++)
		if (streq(option, switches[i].name))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(flag_names); i++)
		if (streq(option, flag_names[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(strange); i++)
		if (strlen(strange[i]) == name && strncmp(option, strange[i], name) == 0)
			return true;
	return false;
}

const char *mount_options_data(const struct spec_mount *mount)
{
	for (size_t i = 0; i < mount->n_options; i++)
		if (mount->options[i][0] && !mount_option_is_flag(mount->options[i]))
			return mount->options[i];
	return NULL;
}

void mount_options_parse(const struct spec_mount *mount, struct mount_options *ret)
{
	*ret = (struct mount_options){ 0 };
	for (size_t i = 0; i < mount->n_options; i++)
		parse_option(mount->options[i], ret);
	if (ret->has_mode && ret->mode > 07777)
		ret->malformed = true;
}

uint32_t mount_flags(const struct mount_options *o, struct runtime one)
{
	const bool last = runtime_does(one, MOUNT_FLAGS_LAST_WINS) == YES;
	const uint32_t flags = last ? o->last : o->kept;

	if (o->dev && runtime_does(one, DEV_NOEXEC_BY_DEFAULT) == YES)
		return flags | FLAG_NOEXEC;
	return flags;
}
