/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the view: modes, capabilities, user namespaces, ACLs, writing. */
#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "view-world.h"

#define CAP(name) (UINT64_C(1) << (name))
#define OVERRIDE  CAP(1)
#define SEARCH	  CAP(2)

static const uint32_t groups[] = { 5, 7 };

#define WHO(u, g, caps)                     \
	{                                   \
		(u), (g), groups, 2, (caps) \
	}

/* ---- modes and capabilities ---- */

static const struct {
	mode_t mode;
	uint32_t uid, gid;
	struct creds who;
	unsigned what;
	const char *want;
} mode_rows[] = {
	{ 0755, 0, 0, WHO(1000, 1000, 0), MAY_EXEC, "yes" },
	{ 0644, 0, 0, WHO(0, 0, 0), MAY_EXEC, "no: mode 0644, no execute bit" },
	{ 0644, 0, 0, WHO(0, 0, OVERRIDE), MAY_EXEC, "no: mode 0644, no execute bit" },
	{ 0700, 0, 0, WHO(1000, 1000, 0), MAY_EXEC, "no: mode 0700, uid 1000 cannot execute it" },
	{ 0700, 0, 0, WHO(1000, 1000, OVERRIDE), MAY_EXEC, "yes" },
	{ 0700, 0, 0, WHO(1000, 1000, SEARCH), MAY_EXEC,
	  "no: mode 0700, uid 1000 cannot execute it" },
	{ 0001, 0, 0, WHO(0, 0, 0), MAY_EXEC, "no: mode 0001, uid 0 cannot execute it" },
	{ 0001, 0, 0, WHO(0, 0, OVERRIDE), MAY_EXEC, "yes" },
	{ 0001, 0, 0, WHO(1000, 1000, 0), MAY_EXEC, "yes" },
	{ 0111, 0, 0, WHO(1000, 1000, 0), MAY_EXEC, "yes" },
	{ 0111, 0, 0, WHO(1000, 1000, 0), MAY_READ, "no: mode 0111, uid 1000 cannot read it" },
	{ 0111, 0, 0, WHO(1000, 1000, SEARCH), MAY_READ, "yes" },
	{ 0111, 0, 0, WHO(1000, 1000, SEARCH), MAY_READ | MAY_EXEC,
	  "no: mode 0111, uid 1000 cannot execute it" },
	{ 0077, 1000, 0, WHO(1000, 1000, 0), MAY_EXEC,
	  "no: mode 0077, uid 1000 cannot execute it" },
	{ 0100, 1000, 0, WHO(1000, 1000, 0), MAY_EXEC, "yes" },
	{ 0707, 0, 1000, WHO(1000, 1000, 0), MAY_EXEC,
	  "no: mode 0707, uid 1000 cannot execute it" },
	{ 0010, 0, 1000, WHO(1000, 1000, 0), MAY_EXEC, "yes" },
	{ 0010, 0, 7, WHO(1000, 1000, 0), MAY_EXEC, "yes" },
	{ 0010, 0, 6, WHO(1000, 1000, 0), MAY_EXEC, "no: mode 0010, uid 1000 cannot execute it" },
	{ 0644, 0, 0, WHO(1000, 1000, 0), MAY_WRITE, "no: mode 0644, uid 1000 cannot write it" },
	{ 0600, 0, 0, WHO(1000, 1000, OVERRIDE), MAY_WRITE, "yes" },
	{ 0600, 0, 0, WHO(1000, 1000, SEARCH), MAY_WRITE,
	  "no: mode 0600, uid 1000 cannot write it" },
	{ 0602, 0, 0, WHO(1000, 1000, 0), MAY_WRITE, "yes" },
	{ 0444, 0, 0, WHO(1000, 1000, 0), MAY_READ | MAY_WRITE,
	  "no: mode 0444, uid 1000 cannot write it" },
	{ 04755, 0, 0, WHO(1000, 1000, 0), MAY_EXEC, "yes" },
};

static void files_by_mode_and_capability(void)
{
	struct spec spec = SPEC();

	need_root();
	world("echo >rootfs/f");
	for (size_t i = 0; i < ARRAY_SIZE(mode_rows); i++) {
		struct view *v;
		struct found f;
		const struct reason *why = NULL;
		enum truth may;

		CHECK_INT(fchownat(world_fd, "rootfs/f", mode_rows[i].uid, mode_rows[i].gid, 0), 0);
		CHECK_INT(fchmodat(world_fd, "rootfs/f", mode_rows[i].mode, 0), 0);
		v = view_of(&spec, RUNTIME_NOT_TOLD);
		f = find(v, "/f", 0, NULL);
		may = view_may(v, &f, &mode_rows[i].who, mode_rows[i].what, &why);
		CHECK_STR(verdict(may, why), mode_rows[i].want);
		CHECK_INT(view_may(v, &f, NULL, mode_rows[i].what, &why), YES);
		view_free(v);
	}
}

static void directories_are_searched_as_the_user(void)
{
	struct spec spec = SPEC();
	static const struct {
		struct creds who;
		const char *path, *want;
	} rows[] = {
		{ WHO(1000, 1000, 0), "/open/shut/f",
		  "denied: directory /open/shut has mode 0700, uid 1000 cannot search it" },
		{ WHO(1000, 1000, 0), "/open/shut/nope",
		  "denied: directory /open/shut has mode 0700, uid 1000 cannot search it" },
		{ WHO(1000, 1000, 0), "/open/shut/..",
		  "denied: directory /open/shut has mode 0700, uid 1000 cannot search it" },
		{ WHO(1000, 1000, 0), "/open/shut/.",
		  "denied: directory /open/shut has mode 0700, uid 1000 cannot search it" },
		{ WHO(1000, 1000, 0), "/lnk",
		  "denied: directory /open/shut has mode 0700, uid 1000 cannot search it" },
		{ WHO(1000, 1000, 0), "/open/shut", "directory /open/shut" },
		{ WHO(1000, 1000, 0), "/open/shut/", "directory /open/shut" },
		{ WHO(1000, 1000, 0), "/passage/f", "file /passage/f" },
		{ WHO(1000, 1000, OVERRIDE), "/open/shut/f", "file /open/shut/f" },
		{ WHO(1000, 1000, SEARCH), "/open/shut/f", "file /open/shut/f" },
		{ WHO(0, 0, 0), "/open/shut/f", "file /open/shut/f" },
		{ WHO(0, 0, 0), "/none/f",
		  "denied: directory /none has mode 0000, uid 0 cannot search it" },
		{ WHO(0, 0, SEARCH), "/none/f", "file /none/f" },
		{ WHO(1000, 1000, 0), "/open/shut/f/x",
		  "denied: directory /open/shut has mode 0700, uid 1000 cannot search it" },
	};
	struct view *v;

	need_root();
	world("cd rootfs; mkdir -p open/shut passage none; echo >open/shut/f; echo >passage/f;"
	      "echo >none/f; ln -s open/shut/f lnk; chmod 700 open/shut; chmod 711 passage;"
	      "chmod 0 none");
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_STR(outcome(v, rows[i].path, 0, &rows[i].who), rows[i].want);
	CHECK_INT(find(v, "/open/shut/f", 0, &rows[0].who).errnum, EACCES);
	view_free(v);
}

/* The last link of a path, in a directory like /tmp, as this host's fs.protected_symlinks has it.
 */
static void links_in_sticky_directories(void)
{
	struct spec spec = SPEC();
	static const struct {
		uint32_t uid;
		const char *path, *link;
		bool matters;
	} rows[] = {
		{ 1000, "/s/l5", "/s/l5", true },	 { 5, "/s/l5", "/s/l5", false },
		{ 1000, "/s/l0", "/s/l0", false },	 { 1000, "/s/l5/", "/s/l5", true },
		{ 1000, "/s/l5/f", "/s/l5", false },	 { 1000, "/to", "/s/l5", true },
		{ 1000, "/open/l5", "/open/l5", false },
	};
	char setting = '0', denied[128];
	FILE *f = fopen("/proc/sys/fs/protected_symlinks", "r");
	struct view *v;

	need_root();
	CHECK(f && fread(&setting, 1, 1, f) == 1 && fclose(f) == 0);
	world("cd rootfs; mkdir s open d; chmod 1777 s; chmod 777 open; echo >d/f; ln -s /d s/l5;"
	      "ln -s /d s/l0; ln -s /d open/l5; ln -s s/l5 to; chown -h 5 s/l5 open/l5");
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct creds who = WHO(rows[i].uid, 1000, 0);

		snprintf(denied, sizeof(denied),
			 "denied: fs.protected_symlinks forbids uid %u to follow %s", rows[i].uid,
			 rows[i].link);
		CHECK_STR(outcome(v, rows[i].path, 0, &who),
			  rows[i].matters && setting != '0'	 ? denied
			  : strcmp(rows[i].path, "/s/l5/f") == 0 ? "file /d/f"
								 : "directory /d");
	}
	view_free(v);
}

/* Being in the cwd does not need permission to search the directories above it. */
static void the_cwd_is_entered_before(void)
{
	struct spec spec = SPEC(.cwd = "/shut/in");
	const struct creds who = WHO(1000, 1000, 0);
	struct view *v;

	need_root();
	world("mkdir -p rootfs/shut/in; echo >rootfs/shut/in/f; chmod 700 rootfs/shut");
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	CHECK_STR(outcome(v, "f", 0, &who), "file /shut/in/f");
	CHECK_STR(outcome(v, "../in/f", 0, &who),
		  "denied: directory /shut has mode 0700, uid 1000 cannot search it");
	view_free(v);
}

/* ---- user namespaces ---- */

static const struct spec_mapping shifted[] = { { 0, 100000, 1000 }, { 5000, 3000, 10 } };
#define SHIFTED                                                                   \
	.user_namespace = true, .uid_mappings = { shifted, ARRAY_SIZE(shifted) }, \
	.gid_mappings = { shifted, ARRAY_SIZE(shifted) }

static const struct {
	mode_t mode;
	uint32_t uid, gid; /* on the host */
	struct creds who;
	uint32_t seen_uid, seen_gid;
	const char *want; /* of executing it */
} mapping_rows[] = {
	{ 0700, 100000, 100000, WHO(0, 0, 0), 0, 0, "yes" },
	{ 0700, 100005, 100007, WHO(0, 0, OVERRIDE), 5, 7, "yes" },
	{ 0700, 100005, 100007, WHO(0, 0, 0), 5, 7, "no: mode 0700, uid 0 cannot execute it" },
	{ 0010, 100005, 100007, WHO(1, 1, 0), 5, 7, "yes" },
	{ 0700, 3005, 3009, WHO(5005, 1, 0), 5005, 5009, "yes" },
	{ 0700, 3010, 100000, WHO(0, 0, OVERRIDE), UINT32_MAX, 0,
	  "no: mode 0700 and an owner that the user namespace does not map, uid 0 cannot execute it" },
	{ 0700, 100000, 0, WHO(1, 0, OVERRIDE), 0, UINT32_MAX,
	  "no: mode 0700 and an owner that the user namespace does not map, uid 1 cannot execute it" },
	{ 0700, 0, 0, WHO(0, 0, OVERRIDE), UINT32_MAX, UINT32_MAX,
	  "no: mode 0700 and an owner that the user namespace does not map, uid 0 cannot execute it" },
	{ 0070, 0, 0, WHO(0, 0, 0), UINT32_MAX, UINT32_MAX,
	  "no: mode 0070 and an owner that the user namespace does not map, uid 0 cannot execute it" },
	{ 0701, 0, 0, WHO(0, 0, 0), UINT32_MAX, UINT32_MAX, "yes" },
	{ 0700, 101000, 100000, WHO(0, 0, OVERRIDE), UINT32_MAX, 0,
	  "no: mode 0700 and an owner that the user namespace does not map, uid 0 cannot execute it" },
};

static void owners_are_mapped(void)
{
	struct spec spec = SPEC(SHIFTED);

	need_root();
	world("echo >rootfs/f");
	for (size_t i = 0; i < ARRAY_SIZE(mapping_rows); i++) {
		const struct reason *why = NULL;
		struct view *v;
		struct found f;
		enum truth may;

		CHECK_INT(
			fchownat(world_fd, "rootfs/f", mapping_rows[i].uid, mapping_rows[i].gid, 0),
			0);
		CHECK_INT(fchmodat(world_fd, "rootfs/f", mapping_rows[i].mode, 0), 0);
		v = view_of(&spec, RUNTIME_NOT_TOLD);
		f = find(v, "/f", 0, NULL);
		CHECK_INT(f.uid, mapping_rows[i].seen_uid);
		CHECK_INT(f.gid, mapping_rows[i].seen_gid);
		may = view_may(v, &f, &mapping_rows[i].who, MAY_EXEC, &why);
		CHECK_STR(verdict(may, why), mapping_rows[i].want);
		view_free(v);
	}
}

static void what_the_runtime_makes_is_mapped(void)
{
	struct spec spec = SPEC(SHIFTED, MOUNTS(TMPFS("/t", "mode=700")));
	const struct creds root = WHO(0, 0, OVERRIDE);
	struct view *v;

	need_root();
	world("chown 100000:100000 rootfs");
	v = view_of(&spec, RUNTIME_CRUN);
	CHECK_INT(find(v, "/t", 0, NULL).uid, 0);
	CHECK_STR(outcome(v, "/t/x", 0, &root), "nothing: no 'x' in /t");
	view_free(v);
}

#define OWNED_BY_NOBODY "mode 0755 and an owner that the user namespace does not map, uid 0 cannot "
#define CLOSED_BY_NOBODY                                                                          \
	"directory /shut has mode 0700 and an owner that the user namespace does not map, uid 0 " \
	"cannot search it"

/* @want of runc and crun; NULL: it starts. */
static const struct {
	struct spec_mount mount;
	const char *cwd, *masked, *device, *runc, *crun;
} maker_rows[] = {
	{ .mount = BIND("/opt", "src", "rbind") },
	{ .mount = BIND("/root/new", "src", "rbind"), .cwd = "/root/w", .device = "/root/d" },
	{ .mount = BIND("/open/new", "src", "rbind"), .masked = "/root/x" },
	{ .mount = BIND("/a/b", "src", "rbind"),
	  .runc = "the bind mount on /a/b (mounts[0]) cannot be made: no 'a' in /, and directory "
		  "/ has " OWNED_BY_NOBODY "write to it",
	  .crun = "the bind mount on /a/b (mounts[0]) cannot be made: no 'a' in /, and directory "
		  "/ has " OWNED_BY_NOBODY "write to it" },
	{ .mount = TMPFS("/shut/in", "ro"),
	  .runc = "the tmpfs mount on /shut/in (mounts[0]) cannot be made: " CLOSED_BY_NOBODY,
	  .crun = "the tmpfs mount on /shut/in (mounts[0]) cannot be made: " CLOSED_BY_NOBODY },
	{ .mount = KERNEL("/proc", "proc"),
	  .cwd = "/w",
	  .runc = "process.cwd /w: no 'w' in /, and directory / has " OWNED_BY_NOBODY "write to it",
	  .crun = "process.cwd /w: no 'w' in /, and directory / has " OWNED_BY_NOBODY
		  "write to it" },
	{ .mount = KERNEL("/proc", "proc"),
	  .cwd = "/shut",
	  .runc = "process.cwd /shut: " CLOSED_BY_NOBODY,
	  .crun = "process.cwd /shut: " CLOSED_BY_NOBODY },
	{ .mount = KERNEL("/proc", "proc"),
	  .masked = "/shut/in",
	  .runc = "entry /shut/in of maskedPaths: " CLOSED_BY_NOBODY },
	{ .mount = KERNEL("/proc", "proc"),
	  .device = "/d",
	  .runc = "device /d of linux.devices: no 'd' in /, and directory / has " OWNED_BY_NOBODY
		  "write to it",
	  .crun = "device /d of linux.devices: no 'd' in /, and directory / has " OWNED_BY_NOBODY
		  "write to it" },
};

static void the_runtime_makes_as_root_of_the_user_namespace(void)
{
	need_root();
	world("mkdir -p src rootfs/opt rootfs/proc rootfs/root rootfs/open "
	      "rootfs/shut/in;"
	      "chmod 700 rootfs/root rootfs/shut;"
	      "chmod 777 rootfs/open; chown 100000:100000 rootfs/root");
	for (size_t i = 0; i < ARRAY_SIZE(maker_rows); i++) {
		const char *masked = maker_rows[i].masked, *device = maker_rows[i].device;
		struct spec spec = SPEC(
			SHIFTED, .namespaces = SPEC_PID, .mounts = &maker_rows[i].mount,
			.n_mounts = 1, .cwd = maker_rows[i].cwd,
			.masked_paths = { &masked, !!masked }, .devices = { &device, !!device });
		struct view *runc = view_of(&spec, RUNTIME_RUNC);
		struct view *crun = view_of(&spec, RUNTIME_CRUN);

		CHECK_STR(refusal_of(runc), maker_rows[i].runc);
		CHECK_STR(refusal_of(crun), maker_rows[i].crun);
		view_free(runc);
		view_free(crun);
	}
}

/* Nothing is refused where the mappings are not known. */
static void the_runtime_of_a_joined_user_namespace_may_make(void)
{
	struct spec spec = SPEC(.user_namespace = true, .user_namespace_path = true, .cwd = "/w",
				MOUNTS(BIND("/shut/new", "src", "rbind")));
	struct view *v;

	world("mkdir -p src rootfs/shut; chmod 700 rootfs/shut");
	v = view_of(&spec, RUNTIME_ANY);
	CHECK_STR(refusal_of(v), NULL);
	view_free(v);
}

/* Whoever's file it is, if all possibilities agree the verdict is known. */
static void a_joined_user_namespace_maps_nobody_knows_how(void)
{
	static const struct {
		mode_t mode;
		struct creds who;
		const char *want;
	} rows[] = {
		{ 0755, WHO(1000, 1000, 0), "yes" },
		{ 0644, WHO(0, 0, OVERRIDE), "no: mode 0644, no execute bit" },
		{ 0700, WHO(0, 0, OVERRIDE),
		  "unknown: whether uid 0 may execute it is not known: the user namespace is "
		  "joined by path, so its mappings are unknown" },
		{ 0071, WHO(1000, 1000, 0),
		  "unknown: whether uid 1000 may execute it is not known: the user namespace "
		  "is joined by path, so its mappings are unknown" },
	};
	struct spec spec = SPEC(.user_namespace = true, .user_namespace_path = true);

	world("echo >rootfs/f");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct reason *why = NULL;
		struct view *v;
		struct found f;
		enum truth may;

		CHECK_INT(fchmodat(world_fd, "rootfs/f", rows[i].mode, 0), 0);
		v = view_of(&spec, RUNTIME_NOT_TOLD);
		f = find(v, "/f", 0, NULL);
		CHECK_INT(f.uid, UINT32_MAX);
		may = view_may(v, &f, &rows[i].who, MAY_EXEC, &why);
		CHECK_STR(verdict(may, why), rows[i].want);
		view_free(v);
	}
}

/* Run @body in a child that is root of a user namespace with one mapped id; its failures count. */
static void in_user_namespace(void (*body)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		FILE *map;

		if (unshare(CLONE_NEWUSER) < 0)
			_exit(77);
		map = fopen("/proc/self/uid_map", "w");
		if (!map || fprintf(map, "0 0 1\n") < 0 || fclose(map) != 0)
			_exit(77);
		if (setjmp(test_exit) == 0) {
			body();
			fflush(stdout);
			_exit(0);
		}
		fflush(stdout);
		_exit(1);
	}
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		SKIP("no user namespaces");
	CHECK_INT(WEXITSTATUS(status), 0);
}

static void look_from_a_user_namespace(void)
{
	struct spec spec = SPEC();
	const struct creds root = WHO(0, 0, OVERRIDE), other = WHO(5, 5, 0);
	const struct reason *why = NULL;
	struct view *v = view_of(&spec, RUNTIME_NOT_TOLD);
	struct found f = find(v, "/theirs", 0, NULL);
	enum truth may = view_may(v, &f, &root, MAY_EXEC, &why);

	CHECK_INT(f.uid, UINT32_MAX);
	CHECK_STR(verdict(may, why), "unknown: whether uid 0 may execute it is not known: "
				     "the user namespace that hookwright runs in hides the "
				     "owners of files");
	f = find(v, "/mine", 0, NULL);
	may = view_may(v, &f, &other, MAY_EXEC, &why);
	CHECK_STR(verdict(may, why), "unknown: whether uid 5 may execute it is not known: "
				     "the user namespace that hookwright runs in hides the "
				     "owners of files");
	f = find(v, "/open", 0, NULL);
	CHECK_INT(view_may(v, &f, &root, MAY_EXEC, &why), YES);
	view_free(v);
}

static void hidden_owners_are_unknown(void)
{
	need_root();
	world("cd rootfs; echo >theirs; echo >open; chmod 700 theirs; chmod 755 open;"
	      "chown 5:5 theirs open; echo >mine; chmod 070 mine");
	in_user_namespace(look_from_a_user_namespace);
}

/* Without a user namespace of hookwright, 65534 is an id like others. */
static void nobody_is_somebody(void)
{
	struct spec spec = SPEC();
	const struct creds nobody = WHO(65534, 65534, 0);
	const struct reason *why;
	struct view *v;
	struct found f;

	need_root();
	world("echo >rootfs/f; chmod 700 rootfs/f; chown 65534:65534 rootfs/f");
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	f = find(v, "/f", 0, NULL);
	CHECK_INT(f.uid, 65534);
	CHECK_INT(view_may(v, &f, &nobody, MAY_EXEC, &why), YES);
	view_free(v);
}

/* ---- access ACLs ---- */

enum { U_OBJ = 1, U = 2, G_OBJ = 4, G = 8, M = 16, O = 32 };

struct acl_entry {
	uint16_t tag, perm;
	uint32_t id;
};

static void set_acl(const char *name, const struct acl_entry *entries, size_t n)
{
	unsigned char buf[4 + 8 * 16] = { 2 };
	char path[128];

	for (size_t i = 0; i < n; i++)
		memcpy(buf + 4 + 8 * i, &entries[i], 8);
	snprintf(path, sizeof(path), "%s/rootfs/%s", world_dir, name);
	if (setxattr(path, "system.posix_acl_access", buf, 4 + 8 * n, 0) < 0) {
		if (errno == ENOTSUP)
			SKIP("no access ACLs on this file system");
		FAIL("setxattr: %m");
	}
}

static const struct {
	struct acl_entry acl[8];
	size_t n;
	struct creds who;
	const char *want;
} acl_rows[] = {
	{ { { U_OBJ, 7, -1 }, { U, 5, 1000 }, { G_OBJ, 0, -1 }, { M, 7, -1 }, { O, 0, -1 } },
	  5,
	  WHO(1000, 1000, 0),
	  "yes" },
	{ { { U_OBJ, 7, -1 }, { U, 0, 1000 }, { G_OBJ, 7, -1 }, { M, 7, -1 }, { O, 7, -1 } },
	  5,
	  WHO(1000, 0, 0),
	  "no: mode 0777 and an access ACL, uid 1000 cannot execute it" },
	{ { { U_OBJ, 7, -1 }, { U, 7, 1000 }, { G_OBJ, 7, -1 }, { M, 6, -1 }, { O, 0, -1 } },
	  5,
	  WHO(1000, 1000, 0),
	  "no: mode 0760 and an access ACL, uid 1000 cannot execute it" },
	{ { { U_OBJ, 7, -1 }, { U, 7, 1001 }, { G_OBJ, 0, -1 }, { M, 7, -1 }, { O, 1, -1 } },
	  5,
	  WHO(1000, 1000, 0),
	  "yes" },
	{ { { U_OBJ, 7, -1 }, { G_OBJ, 0, -1 }, { G, 1, 7 }, { M, 7, -1 }, { O, 0, -1 } },
	  5,
	  WHO(1000, 1000, 0),
	  "yes" },
	/* one group that allows is enough, one that does not still excludes "others" */
	{ { { U_OBJ, 7, -1 },
	    { G_OBJ, 0, -1 },
	    { G, 0, 5 },
	    { G, 1, 7 },
	    { M, 7, -1 },
	    { O, 0, -1 } },
	  6,
	  WHO(1000, 1000, 0),
	  "yes" },
	{ { { U_OBJ, 7, -1 }, { G_OBJ, 0, -1 }, { G, 0, 5 }, { M, 7, -1 }, { O, 7, -1 } },
	  5,
	  WHO(1000, 1000, 0),
	  "no: mode 0777 and an access ACL, uid 1000 cannot execute it" },
	{ { { U_OBJ, 7, -1 }, { U, 7, 1000 }, { G_OBJ, 1, -1 }, { M, 0, -1 }, { O, 1, -1 } },
	  5,
	  WHO(1000, 1000, 0),
	  "yes" }, /* an empty mask: the kernel does not look at the ACL */
	{ { { U_OBJ, 0, -1 }, { U, 7, 0 }, { G_OBJ, 7, -1 }, { M, 7, -1 }, { O, 7, -1 } },
	  5,
	  WHO(0, 0, 0),
	  "no: mode 0077, uid 0 cannot execute it" },
	{ { { U_OBJ, 7, -1 }, { U, 0, 1000 }, { G_OBJ, 1, -1 }, { M, 7, -1 }, { O, 0, -1 } },
	  5,
	  WHO(1000, 1000, OVERRIDE),
	  "yes" },
};

/* Whether the kernel lets one with these credentials execute rootfs/f. */
static bool kernel_allows(const struct creds *who)
{
	char path[128];
	int status;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/rootfs/f", world_dir);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
		struct __user_cap_data_struct none[2] = { { 0 } };

		/* Root represents any other user with CAP_DAC_OVERRIDE. */
		if (who->capabilities)
			_exit(access(path, X_OK) == 0);
		if (syscall(SYS_setgroups, who->n_groups, who->groups) < 0 ||
		    syscall(SYS_setresgid, who->gid, who->gid, who->gid) < 0 ||
		    syscall(SYS_setresuid, who->uid, who->uid, who->uid) < 0 ||
		    syscall(SYS_capset, &header, none) < 0)
			_exit(2);
		_exit(faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0);
	}
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) != 2);
	return WEXITSTATUS(status) == 1;
}

static void access_acls_decide(void)
{
	struct spec spec = SPEC();

	need_root();
	for (size_t i = 0; i < ARRAY_SIZE(acl_rows); i++) {
		const struct reason *why = NULL;
		struct view *v;
		struct found f;
		enum truth may;

		world("echo >rootfs/f; chmod 700 rootfs/f");
		set_acl("f", acl_rows[i].acl, acl_rows[i].n);
		v = view_of(&spec, RUNTIME_NOT_TOLD);
		f = find(v, "/f", 0, NULL);
		may = view_may(v, &f, &acl_rows[i].who, MAY_EXEC, &why);
		CHECK_STR(verdict(may, why), acl_rows[i].want);
		/* The same by the kernel's own word. */
		CHECK_INT(may == YES, kernel_allows(&acl_rows[i].who));
		view_free(v);
	}
}

static void acl_ids_are_mapped(void)
{
	static const struct acl_entry acl[] = {
		{ U_OBJ, 7, -1 }, { U, 5, 100009 }, { G_OBJ, 0, -1 }, { M, 7, -1 }, { O, 0, -1 },
	};
	const struct creds nine = WHO(9, 9, 0), other = WHO(1000, 9, 0);
	struct spec spec = SPEC(SHIFTED),
		    joined = SPEC(.user_namespace = true, .user_namespace_path = true);
	const struct reason *why = NULL;
	struct view *v;
	struct found f;

	need_root();
	world("echo >rootfs/f; chmod 700 rootfs/f");
	set_acl("f", acl, ARRAY_SIZE(acl));
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	f = find(v, "/f", 0, NULL);
	CHECK_INT(view_may(v, &f, &nine, MAY_EXEC, &why), YES);
	CHECK_INT(view_may(v, &f, &other, MAY_EXEC, &why), NO);
	view_free(v);
	v = view_of(&joined, RUNTIME_NOT_TOLD);
	f = find(v, "/f", 0, NULL);
	CHECK_INT(view_may(v, &f, &nine, MAY_EXEC, &why), UNKNOWN);
	view_free(v);
}

static void acls_are_copied_by_crun_only(void)
{
	static const struct acl_entry acl[] = {
		{ U_OBJ, 7, -1 }, { U, 5, 1000 }, { G_OBJ, 0, -1 }, { M, 5, -1 }, { O, 0, -1 },
	};
	static const struct {
		enum runtime_kind runtime;
		const char *want;
	} rows[] = {
		{ RUNTIME_RUNC, "no: mode 0750 and an access ACL, uid 1000 cannot execute it" },
		{ RUNTIME_CRUN, "yes" },
		{ RUNTIME_NOT_TOLD,
		  "unknown: whether uid 1000 may execute it is not known: runc does not copy "
		  "access ACLs into a tmpfs, crun does" },
	};
	struct spec spec = SPEC(MOUNTS(TMPFS("/d", "tmpcopyup")));
	const struct creds who = WHO(1000, 1000, 0);

	need_root();
	world("mkdir rootfs/d; echo >rootfs/d/f; chmod 700 rootfs/d/f");
	set_acl("d/f", acl, ARRAY_SIZE(acl));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct reason *why = NULL;
		struct view *v = view_of(&spec, rows[i].runtime);
		struct found f = find(v, "/d/f", 0, NULL);
		enum truth may = view_may(v, &f, &who, MAY_EXEC, &why);

		CHECK_STR(verdict(may, why), rows[i].want);
		view_free(v);
	}
}

/* ---- writing ---- */

struct write_row {
	const char *path;
	struct creds who;
	const char *want;
};

static void check_writes(const struct spec *spec, enum runtime_kind runtime,
			 const struct write_row *rows, size_t n)
{
	struct view *v = view_of(spec, runtime);

	for (size_t i = 0; i < n; i++) {
		const struct reason *why = NULL;
		enum truth may;
		char line[1024];

		CHECK_INT(view_writable(v, rows[i].path, &rows[i].who, &may, &why, &view_err), 0);
		snprintf(line, sizeof(line), "%s: %s", truth_words[may], why->text);
		CHECK_STR(line, rows[i].want);
	}
	view_free(v);
}
#define CHECK_WRITES(spec, runtime, rows) check_writes(spec, runtime, rows, ARRAY_SIZE(rows))

static void directories_and_files_are_written(void)
{
	struct spec spec = SPEC(MOUNTS(TMPFS("/ro", "ro"), KERNEL("/proc", "proc"),
				       TMPFS("/dev", "mode=755"), BIND("/cache", "f", "rbind")),
				.masked_paths = STRINGS("/masked", "/maskedfile"),
				.readonly_paths = STRINGS("/pinned"));
	static const struct write_row rows[] = {
		{ "/etc", WHO(0, 0, 0), "yes: uid 0 may write to directory /etc" },
		{ "/etc/", WHO(0, 0, 0), "yes: uid 0 may write to directory /etc" },
		{ "/lnk", WHO(0, 0, 0), "yes: uid 0 may write to directory /etc" },
		{ "/etc/f", WHO(0, 0, 0), "yes: uid 0 may write /etc/f" },
		{ "/etc", WHO(1000, 0, 0),
		  "no: directory /etc has mode 0755, uid 1000 cannot write to it" },
		{ "/etc/f", WHO(1000, 0, 0), "no: /etc/f has mode 0644, uid 1000 cannot write it" },
		{ "/half", WHO(1000, 0, 0),
		  "no: directory /half has mode 0722, uid 1000 cannot write to it" },
		{ "/nope", WHO(0, 0, 0), "no: no 'nope' in /" },
		{ "/shut/f", WHO(1000, 0, 0),
		  "no: directory /shut has mode 0700, uid 1000 cannot search it" },
		{ "/fifo", WHO(0, 0, 0), "no: /fifo is a FIFO or socket" },
		{ "/ro", WHO(0, 0, 0),
		  "no: /ro cannot be written: the tmpfs mount on /ro (mounts[0]) is read-only" },
		{ "/proc", WHO(0, 0, 0),
		  "unknown: whether uid 0 may write to /proc is not known: the proc mount on /proc "
		  "(mounts[1]) is not inspected" },
		{ "/proc/x", WHO(0, 0, 0),
		  "unknown: the proc mount on /proc (mounts[1]) is not inspected" },
		{ "/dev/null", WHO(1000, 0, 0), "yes: uid 1000 may write /dev/null" },
		{ "/cache", WHO(0, 0, 0), "yes: uid 0 may write /cache" },
		{ "/masked", WHO(0, 0, 0),
		  "no: /masked cannot be written: the entry /masked of maskedPaths hides it" },
		{ "/maskedfile", WHO(0, 0, 0),
		  "no: /maskedfile cannot be written: the entry /maskedfile of maskedPaths hides "
		  "it" },
		{ "/pinned/f", WHO(0, 0, 0),
		  "no: /pinned/f cannot be written: it is at or below an entry of readonlyPaths" },
	};

	need_root();
	world("cd rootfs; mkdir etc half shut masked pinned; echo >etc/f; echo >pinned/f; mkfifo "
	      "fifo;"
	      "chmod 722 half; chmod 700 shut; echo >maskedfile; ln -s etc lnk; cd ..; echo >f");
	CHECK_WRITES(&spec, RUNTIME_NOT_TOLD, rows);
}

static void a_read_only_root_is_not_written(void)
{
	struct spec spec = SPEC(.root_readonly = true,
				MOUNTS(TMPFS("/tmp", "mode=1777"), TMPFS("/dev", "mode=755"),
				       BIND("/etc/new", "src", "rbind")));
	static const struct write_row rows[] = {
		{ "/etc", WHO(0, 0, 0),
		  "no: /etc cannot be written: the rootfs is read-only (root.readonly)" },
		{ "/tmp", WHO(1000, 0, 0), "yes: uid 1000 may write to directory /tmp" },
		{ "/dev/null", WHO(0, 0, 0), "yes: uid 0 may write /dev/null" },
		{ "/etc/new", WHO(0, 0, 0), "yes: uid 0 may write to directory /etc/new" },
		{ "/etc", WHO(1000, 0, 0),
		  "no: directory /etc has mode 0755, uid 1000 cannot write to it" },
	};

	need_root();
	world("mkdir rootfs/etc rootfs/tmp src; chmod 1777 rootfs/tmp");
	CHECK_WRITES(&spec, RUNTIME_NOT_TOLD, rows);
}

/* [options] -> the verdict on writing there and on executing, of runc, crun and none of them */
static const struct {
	const char *options[3];
	bool tmpfs;
	const char *write, *exec; /* a letter each: n(o), y(es), u(nknown) */
} option_rows[] = {
	{ { "rbind" }, false, "yyy", "yyy" },
	{ { "rbind", "ro" }, false, "nnn", "yyy" },
	{ { "rbind", "ro", "rw" }, false, "ynu", "yyy" },
	{ { "rbind", "rw", "ro" }, false, "nnn", "yyy" },
	{ { "rbind", "rro" }, false, "nnn", "yyy" },
	{ { "rbind", "ro", "rrw" }, false, "ynu", "yyy" },
	{ { "rbind", "rro", "rrw" }, false, "unu", "yyy" },
	{ { "rbind", "rrw", "rro" }, false, "nnn", "yyy" },
	{ { "rbind", "noexec" }, false, "yyy", "nnn" },
	{ { "rbind", "noexec", "exec" }, false, "yyy", "ynu" },
	{ { "rbind", "exec", "noexec" }, false, "yyy", "nnn" },
	{ { "rbind", "rnoexec" }, false, "yyy", "nnn" },
	{ { "rbind", "noexec", "rexec" }, false, "yyy", "yyy" },
	{ { "rbind", "rnoexec", "rexec" }, false, "yyy", "unu" },
	{ { "rbind", "rexec", "rnoexec" }, false, "yyy", "nnn" },
	{ { "tmpcopyup", "ro", "rw" }, true, "ynu", "yyy" },
	{ { "tmpcopyup", "rro" }, true, "ynu", "yyy" },
	{ { "tmpcopyup", "ro", "rrw" }, true, "nnn", "yyy" },
	{ { "tmpcopyup", "noexec" }, true, "yyy", "nnn" },
	{ { "tmpcopyup", "noexec", "exec" }, true, "yyy", "ynu" },
	{ { "tmpcopyup", "rnoexec" }, true, "yyy", "ynu" },
};

static void options_mean_what_each_runtime_makes_of_them(void)
{
	static const enum runtime_kind runtimes[] = { RUNTIME_RUNC, RUNTIME_CRUN, RUNTIME_OTHER };

	world("mkdir rootfs/m; echo >rootfs/m/f");
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const char *const *options = option_rows[i].options;
		size_t n = options[2] ? 3 : options[1] ? 2 : 1;
		struct spec_mount mount = { .destination = "/m",
					    .type = option_rows[i].tmpfs ? "tmpfs" : "bind",
					    .source = "rootfs/m",
					    .options = options,
					    .n_options = n };
		struct spec spec = SPEC(.mounts = &mount, .n_mounts = 1);
		char write[4] = "", exec[4] = "", name[64];

		for (size_t k = 0; k < 3; k++) {
			struct view *v = view_of(&spec, runtimes[k]);
			struct found f = find(v, "/m/f", 0, NULL);
			const struct creds root = { .capabilities = UINT64_MAX };
			const struct reason *why = NULL;
			enum truth may;

			CHECK_INT(view_writable(v, "/m", &root, &may, &why, &view_err), 0);
			write[k] = "nyu"[may];
			exec[k] = "nyu"[view_mount_exec(v, &f, &why)];
			view_free(v);
		}
		snprintf(name, sizeof(name), "%s,%s,%s: ", options[0], n > 1 ? options[1] : "",
			 n > 2 ? options[2] : "");
		if (strcmp(write, option_rows[i].write) != 0 ||
		    strcmp(exec, option_rows[i].exec) != 0)
			FAIL("%s write %s, want %s; exec %s, want %s", name, write,
			     option_rows[i].write, exec, option_rows[i].exec);
	}
}

static const char *exec_verdict(struct view *v, const struct found *f)
{
	const struct reason *why = NULL;
	enum truth may = view_mount_exec(v, f, &why);

	return verdict(may, why);
}

static void mount_reasons_name_mount_and_runtime(void)
{
	struct spec spec = SPEC(
		MOUNTS(BIND("/m", "src", "rbind", "noexec", "exec"),
		       BIND("/n", "src", "rbind", "noexec"), BIND("/r", "src", "rbind", "rnoexec"),
		       { .destination = "/dev", .type = "tmpfs", .source = "tmpfs" }));
	struct view *v;
	struct found f;

	world("mkdir src; echo >src/f");
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	f = find(v, "/m/f", 0, NULL);
	CHECK_STR(exec_verdict(v, &f),
		  "unknown: the bind mount on /m (mounts[0]) is noexec under crun");
	f = find(v, "/n/f", 0, NULL);
	CHECK_STR(exec_verdict(v, &f), "no: the bind mount on /n (mounts[1]) is noexec");
	f = find(v, "/r/f", 0, NULL);
	CHECK_STR(exec_verdict(v, &f), "no: the bind mount on /r (mounts[2]) is rnoexec");
	/* crun's defaults where config.json has no list of options */
	f = find(v, "/dev", 0, NULL);
	CHECK_STR(exec_verdict(v, &f),
		  "unknown: the tmpfs mount on /dev (mounts[3]) is noexec under crun");
	view_free(v);
}

/* Where versions differ, the given one decides. */
static const struct {
	const char *option, *runtime, *write, *exec;
} version_rows[] = {
	{ "rnoexec rexec", "runc 1.1.15", "yes", "no" },
	{ "rnoexec rexec", "runc 1.2.0", "yes", "unknown" },
	{ "rnoexec rexec", "runc 1.3.6", "yes", "yes" },
	{ "rexec rnoexec", "runc 1.3.6", "yes", "no" },
	{ "rro rrw", "runc 1.1.15", "no", "yes" },
	{ "rro rrw", "runc 1.3.6", "yes", "yes" },
	{ "rrw rro", "runc 1.3.6", "no", "yes" },
	{ "rro rrw", "crun 1.28", "no", "yes" },
};

static void versions_decide_about_recursive_flags(void)
{
	world("mkdir rootfs/m; echo >rootfs/m/f");
	for (size_t i = 0; i < ARRAY_SIZE(version_rows); i++) {
		char copy[32] = "", *second;
		const char *options[] = { "rbind", copy, NULL };
		struct spec_mount mount = { .destination = "/m",
					    .type = "bind",
					    .source = "rootfs/m",
					    .options = options,
					    .n_options = 3 };
		struct spec spec = SPEC(.mounts = &mount, .n_mounts = 1);
		const struct creds root = { .capabilities = UINT64_MAX };
		const struct reason *why = NULL;
		enum truth may;
		struct view *v;
		struct found f;

		strcpy(copy, version_rows[i].option);
		second = strchr(copy, ' ');
		*second = '\0';
		options[2] = second + 1;
		v = view_under(&spec, runtime_named(version_rows[i].runtime));
		f = find(v, "/m/f", 0, NULL);
		CHECK_INT(view_writable(v, "/m", &root, &may, &why, &view_err), 0);
		CHECK_STR(truth_words[may], version_rows[i].write);
		CHECK_STR(truth_words[view_mount_exec(v, &f, &why)], version_rows[i].exec);
		view_free(v);
	}
}

/* mode, with another one perhaps: "755" or "755/1777" of the tmpfs' root */
static const struct {
	const char *option;
	bool missing;
	const char *runc, *crun, *other; /* for uid 1000 to write */
} tmpfs_rows[] = {
	{ NULL, false, "no", "unknown", "unknown" },
	{ NULL, true, "yes", "yes", "yes" },
	{ "mode=0777", false, "unknown", "yes", "unknown" },
	{ "mode=0777", true, "yes", "yes", "yes" },
	{ "mode=700", false, "no", "no", "no" },
	{ "mode=700", true, "no", "no", "no" },
	{ "uid=1000", false, "yes", "yes", "yes" },
	{ "gid=1000", false, "no", "unknown", "unknown" },
	{ "mode=1777", false, "unknown", "yes", "unknown" },
};

static void a_tmpfs_has_the_mode_its_runtime_gives_it(void)
{
	static const enum runtime_kind runtimes[] = { RUNTIME_RUNC, RUNTIME_CRUN, RUNTIME_OTHER };
	const struct creds who = WHO(1000, 1000, 0);

	need_root();
	world("mkdir rootfs/m");
	for (size_t i = 0; i < ARRAY_SIZE(tmpfs_rows); i++) {
		const char *const want[] = { tmpfs_rows[i].runc, tmpfs_rows[i].crun,
					     tmpfs_rows[i].other };
		const char *options[] = { tmpfs_rows[i].option };
		struct spec_mount mount = { .destination = tmpfs_rows[i].missing ? "/q" : "/m",
					    .type = "tmpfs",
					    .source = "tmpfs",
					    .options = options,
					    .n_options = tmpfs_rows[i].option != NULL };
		struct spec spec = SPEC(.mounts = &mount, .n_mounts = 1);

		for (size_t k = 0; k < 3; k++) {
			struct view *v = view_of(&spec, runtimes[k]);
			const struct reason *why = NULL;
			enum truth may;

			CHECK_INT(view_writable(v, mount.destination, &who, &may, &why, &view_err),
				  0);
			if (strcmp(truth_words[may], want[k]) != 0)
				FAIL("row %zu, runtime %zu: %s (%s), want %s", i, k,
				     truth_words[may], why->text, want[k]);
			view_free(v);
		}
	}
}

static const char *writes(const struct spec *spec, const char *runtime, const char *path)
{
	const struct creds root = { .capabilities = UINT64_MAX };
	struct view *v = view_under(spec, runtime_named(runtime));
	const struct reason *why = NULL;
	enum truth may;

	CHECK_INT(view_writable(v, path, &root, &may, &why, &view_err), 0);
	view_free(v);
	return truth_words[may];
}

/* An entry of readonlyPaths that leads to /: whether /etc can be written nevertheless. */
static void a_read_only_root_by_version(void)
{
	static const struct {
		const char *path, *runtime, *want;
	} rows[] = {
		{ "/", "runc", "no" },		 { "/", "crun 1.21", "yes" },
		{ "/", "crun 1.25", "unknown" }, { "/", "crun 1.28", "no" },
		{ "", "runc", "yes" },		 { "", "crun 1.8.1", "yes" },
		{ "", "crun 1.28", "no" },	 { "/.", "runc", "no" },
		{ "/.", "crun", "yes" },	 { "/lnk", "crun 1.28", "yes" },
		{ "/opt/..", "runc", "yes" },	 { "/opt/..", "crun", "no" },
	};

	need_root();
	world("mkdir rootfs/etc rootfs/opt; ln -s / rootfs/lnk");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct spec spec = SPEC(.readonly_paths = STRINGS(rows[i].path));
		const char *got = writes(&spec, rows[i].runtime, "/etc");

		if (strcmp(got, rows[i].want) != 0)
			FAIL("'%s' under %s: %s, want %s", rows[i].path, rows[i].runtime, got,
			     rows[i].want);
	}
}

/* The mode of a tmpfs that covers a directory of mode 0755, for uid 1000 to write. */
static void the_mode_of_a_tmpfs_by_version(void)
{
	static const struct {
		const char *option, *runtime, *want;
	} rows[] = {
		{ NULL, "crun 1.8.1", "yes" },	       { NULL, "crun 1.10", "unknown" },
		{ NULL, "crun 1.21", "no" },	       { NULL, "runc", "no" },
		{ "mode=1777", "runc 1.1.5", "no" },   { "mode=1777", "runc 1.1.10", "unknown" },
		{ "mode=1777", "runc 1.1.15", "yes" }, { "mode=1777", "crun", "yes" },
	};
	const struct creds who = WHO(1000, 1000, 0);

	need_root();
	world("mkdir rootfs/m");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *options[] = { rows[i].option };
		struct spec_mount mount = { .destination = "/m",
					    .type = "tmpfs",
					    .source = "tmpfs",
					    .options = options,
					    .n_options = rows[i].option != NULL };
		const struct spec spec = SPEC(.mounts = &mount, .n_mounts = 1);
		struct view *v = view_under(&spec, runtime_named(rows[i].runtime));
		const struct reason *why = NULL;
		enum truth may;

		CHECK_INT(view_writable(v, "/m", &who, &may, &why, &view_err), 0);
		if (strcmp(truth_words[may], rows[i].want) != 0)
			FAIL("row %zu: %s (%s)", i, truth_words[may], why->text);
		view_free(v);
	}
}

int main(void)
{
	RUN(files_by_mode_and_capability);
	RUN(directories_are_searched_as_the_user);
	RUN(links_in_sticky_directories);
	RUN(the_cwd_is_entered_before);
	RUN(owners_are_mapped);
	RUN(what_the_runtime_makes_is_mapped);
	RUN(the_runtime_makes_as_root_of_the_user_namespace);
	RUN(the_runtime_of_a_joined_user_namespace_may_make);
	RUN(a_joined_user_namespace_maps_nobody_knows_how);
	RUN(hidden_owners_are_unknown);
	RUN(nobody_is_somebody);
	RUN(access_acls_decide);
	RUN(acl_ids_are_mapped);
	RUN(acls_are_copied_by_crun_only);
	RUN(directories_and_files_are_written);
	RUN(a_read_only_root_is_not_written);
	RUN(options_mean_what_each_runtime_makes_of_them);
	RUN(versions_decide_about_recursive_flags);
	RUN(mount_reasons_name_mount_and_runtime);
	RUN(a_tmpfs_has_the_mode_its_runtime_gives_it);
	RUN(the_mode_of_a_tmpfs_by_version);
	RUN(a_read_only_root_by_version);
	world_end();
	return DONE();
}
