/* SPDX-License-Identifier: Apache-2.0 */
/* Mount options, as far as the view depends on them (runtime-spec, config.md, mount options). */
#include "view-internal.h"

/*
 * runc lets the last of "noexec" and "exec" win; in crun what was once set stays. Flags that
 * nothing here depends on still matter: any of them makes a runtime remount a bind, which drops
 * the host's flags.
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
	{ "bind", offsetof(struct mount_options, bind) },
	{ "rbind", offsetof(struct mount_options, bind) },
	{ "rbind", offsetof(struct mount_options, recursive) },
	{ "tmpcopyup", offsetof(struct mount_options, copyup) },
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
			ret->runc &= ~flag_options[i].flag;
		else
			ret->runc |= flag_options[i].flag;
		if (!flag_options[i].clears)
			ret->crun |= flag_options[i].flag;
	}
}

static void parse_number(const char *option, struct mount_options *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		const char *digits = option + strlen(numbers[i].name);
		unsigned long value;
		uint32_t *number = (void *)((char *)ret + numbers[i].value);
		char *end;

		if (!starts_with(option, numbers[i].name))
			continue;
		errno = 0;
		value = strtoul(digits, &end, numbers[i].base);
		if (digits[0] < '0' || digits[0] > '9' || *end || errno || value > UINT32_MAX)
			ret->malformed = true;
		*number = (uint32_t)value;
		*(bool *)((char *)ret + numbers[i].given) = true;
	}
}

static void parse_option(const char *option, struct mount_options *ret)
{
	size_t name = strcspn(option, "=");

	parse_flag(option, ret);
	parse_number(option, ret);
	for (size_t i = 0; i < ARRAY_SIZE(switches); i++)
		if (streq(option, switches[i].name))
			*(bool *)((char *)ret + switches[i].offset) = true;
	for (size_t i = 0; i < ARRAY_SIZE(strange); i++)
		if (strlen(strange[i]) == name && strncmp(option, strange[i], name) == 0)
			ret->strange = strange[i];
}

void mount_options_parse(const struct spec_mount *mount, struct mount_options *ret)
{
	*ret = (struct mount_options){ 0 };
	for (size_t i = 0; i < mount->n_options; i++)
		parse_option(mount->options[i], ret);
	if (ret->has_mode && ret->mode > 07777)
		ret->malformed = true;
}
