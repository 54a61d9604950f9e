/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the view: path resolution, mounts of config.json, limits. */
#include <dirent.h>
#include <sys/inotify.h>

#include "view-world.h"

#define PLAIN_TREE                                                                              \
	"cd rootfs; mkdir -p usr/sbin usr/lib etc; ln -s usr/sbin sbin; echo x >usr/sbin/prog;" \
	"ln -s /usr/sbin/prog abs; ln -s usr/lib/../sbin/prog rel; ln -s nowhere dangling;"     \
	"ln -s loop2 loop; ln -s loop loop2; ln -s self/x self; ln -s prog/ usr/sbin/slashed;"  \
	"ln -s ../../../../../../etc escape; ln -s / root; ln -s . dot; ln -s // slashes;"      \
	"mkfifo fifo; ln -s usr/lib/ libdir"

static const struct path_row walk_rows[] = {
	{ "/", "directory /" },
	{ "//", "directory /" },
	{ "/.", "directory /" },
	{ "/..", "directory /" },
	{ "/../../etc/.././usr//sbin/prog", "file /usr/sbin/prog" },
	{ "/usr/sbin/", "directory /usr/sbin" },
	{ "/sbin/prog", "file /usr/sbin/prog" },
	{ "/abs", "file /usr/sbin/prog" },
	{ "/rel", "file /usr/sbin/prog" },
	{ "/escape", "directory /etc" },
	{ "/root/root/root/abs", "file /usr/sbin/prog" },
	{ "/slashes", "directory /" },
	{ "/dot/dot/dot/etc", "directory /etc" },
	{ "/libdir", "directory /usr/lib" },
	{ "/libdir/..", "directory /usr" },
	{ "/fifo", "special /fifo" },
	{ "/nope", "nothing: no 'nope' in /" },
	{ "/nope/", "nothing: no 'nope' in /" },
	{ "/usr/nope/prog", "nothing: no 'nope' in /usr" },
	{ "/sbin/nope", "nothing: no 'nope' in /usr/sbin" },
	{ "/dangling", "nothing: no 'nowhere' in /" },
	{ "/nope/../etc", "nothing: no 'nope' in /" },
	{ "/usr/sbin/prog/", "nothing: /usr/sbin/prog is not a directory" },
	{ "/usr/sbin/prog/.", "nothing: /usr/sbin/prog is not a directory" },
	{ "/usr/sbin/prog/..", "nothing: /usr/sbin/prog is not a directory" },
	{ "/abs/", "nothing: /usr/sbin/prog is not a directory" },
	{ "/usr/sbin/slashed", "nothing: /usr/sbin/prog is not a directory" },
	{ "/fifo/x", "nothing: /fifo is not a directory" },
	{ "/loop", "nothing: /loop is a symbolic link loop" },
	{ "/loop/x", "nothing: /loop is a symbolic link loop" },
	{ "/self", "nothing: /self is a symbolic link loop" },
	{ "", "nothing: the path is empty" },
	{ "etc", "directory /etc" },
	{ "sbin/prog", "file /usr/sbin/prog" },
};

static void paths_resolve_inside_the_root(void)
{
	struct spec spec = SPEC();

	world(PLAIN_TREE);
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, walk_rows);
}

static void relative_paths_start_in_the_cwd(void)
{
	struct spec spec = SPEC(.cwd = "/sbin/../lib");
	static const struct path_row rows[] = {
		{ "../sbin/prog", "file /usr/sbin/prog" },
		{ ".", "directory /usr/lib" },
		{ "prog", "nothing: no 'prog' in /usr/lib" },
	};

	world(PLAIN_TREE);
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
}

static void a_link_itself_can_be_asked_for(void)
{
	struct spec spec = SPEC();
	struct view *v;

	world(PLAIN_TREE);
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	CHECK_STR(outcome(v, "/abs", VIEW_NO_FOLLOW, NULL), "link /abs");
	CHECK_STR(outcome(v, "/dangling", VIEW_NO_FOLLOW, NULL), "link /dangling");
	CHECK_STR(outcome(v, "/sbin/slashed", VIEW_NO_FOLLOW, NULL), "link /usr/sbin/slashed");
	CHECK_STR(outcome(v, "/sbin/", VIEW_NO_FOLLOW, NULL), "directory /usr/sbin");
	view_free(v);
}

/* "yes: FACT" */
static const char *glob_outcome(struct view *v, const char *pattern)
{
	static const char *const words[] = { [NO] = "no", [UNKNOWN] = "unknown", [YES] = "yes" };
	static char line[512];
	const char *fact;
	enum truth value;

	if (view_glob(v, pattern, &value, &fact, &view_err) < 0)
		FAIL("view_glob: %s", view_err.message);
	snprintf(line, sizeof(line), "%s: %s", words[value], fact);
	return line;
}

static void patterns_match_in_the_container(void)
{
	static const char *const rows[][2] = {
		{ "/usr/*/prog", "yes: /usr/sbin/prog matches it" },
		{ "/s*n/p?og", "yes: /sbin/prog matches it" },
		{ "/*/*/prog", "yes: /copy/sbin/prog matches it" },
		{ "/root/root/esc*/../usr/sb[i]n/prog", "yes: /root/root/escape/../usr/sbin/prog "
							"matches it" },
		{ "/usr/sbin/nope*", "no: nothing matches it" },
		{ "/nope/*", "no: nothing matches it: no 'nope' in /" },
		{ "/dangl*", "no: nothing matches it" },
		{ "/loo*", "no: nothing matches it" },
		{ "/fif[o]/x", "no: nothing matches it" },
		{ "/fif[o]", "yes: /fifo matches it" },
		{ "/etc/*", "no: nothing matches it" },
		{ "/etc/.h*", "yes: /etc/.hidden matches it" },
		{ "/mnt/*", "yes: /mnt/made matches it" },
		{ "/mnt/*/l*x", "yes: /mnt/made/liba.x matches it" },
		{ "/mnt/made/f[*]l\\e", "no: nothing matches it" },
		{ "/copy/s*/prog", "yes: /copy/sbin/prog matches it" },
		{ "/copy/made*", "yes: /copy/made2 matches it" },
		{ "/dev/nul*", "yes: /dev/null matches it" },
		{ "/proc/*", "unknown: the proc mount on /proc (mounts[5]) is not inspected" },
	};
	struct spec spec = SPEC(MOUNTS(TMPFS("/mnt", "rw"), BIND("/mnt/made", "extra", "rbind"),
				       TMPFS("/copy", "tmpcopyup"), TMPFS("/copy/made2", "rw"),
				       TMPFS("/dev", "rw"), KERNEL("/proc", "proc")));
	struct view *v;

	world(PLAIN_TREE "; echo >etc/.hidden; mkdir -p copy/sbin proc dev;"
			 "echo >copy/sbin/prog; mkdir ../extra; echo >../extra/liba.x");
	v = view_of(&spec, RUNTIME_RUNC);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_STR(glob_outcome(v, rows[i][0]), rows[i][1]);
	view_free(v);
	spec.earlier_hooks = true;
	v = view_of(&spec, RUNTIME_RUNC);
	CHECK_STR(glob_outcome(v, "/etc/x*"), "unknown: absent now: nothing matches it");
	CHECK_STR(glob_outcome(v, "/fif[o]"), "yes: /fifo matches it");
	view_free(v);
}

/* Each level has links to itself: ten names on each of forty levels. */
static void patterns_are_bounded(void)
{
	struct budget budget;
	struct spec spec = SPEC(.budget = &budget);
	char pattern[256] = "";
	struct view *v;

	budget_init(&budget);
	world("cd rootfs; for i in 0 1 2 3 4 5 6 7 8 9; do ln -s . l$i; done");
	for (size_t i = 0; i < 40; i++)
		memcpy(pattern + 2 * i, "/*", 3);
	memcpy(pattern + 80, "/x*", 4);
	v = view_of(&spec, RUNTIME_RUNC);
	if (strncmp(glob_outcome(v, pattern), "unknown: this container needs more than", 39) != 0)
		FAIL("%s", glob_outcome(v, pattern));
	view_free(v);
}

static void errors_have_numbers(void)
{
	struct spec spec = SPEC();
	struct view *v;
	char longest[300] = "/";

	world(PLAIN_TREE);
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	memset(longest + 1, 'n', 256);
	CHECK_INT(find(v, "/nope", 0, NULL).errnum, ENOENT);
	CHECK_INT(find(v, "/abs/x", 0, NULL).errnum, ENOTDIR);
	CHECK_INT(find(v, "/loop", 0, NULL).errnum, ELOOP);
	CHECK_INT(find(v, longest, 0, NULL).errnum, ENAMETOOLONG);
	CHECK_STR(outcome(v, longest, 0, NULL), "nothing: a name in / is longer than 255 bytes");
	longest[256] = '\0';
	CHECK_INT(find(v, longest, 0, NULL).errnum, ENOENT);
	view_free(v);
}

static void what_is_found_is_described(void)
{
	struct spec spec = SPEC();
	struct found f;
	struct view *v;

	need_root();
	world("echo hello >rootfs/f; chmod 6750 rootfs/f; chown 7:8 rootfs/f; chmod 6750 rootfs/f");
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	f = find(v, "/f", 0, NULL);
	CHECK_INT(f.mode, S_IFREG | 06750);
	CHECK_INT(f.uid, 7);
	CHECK_INT(f.gid, 8);
	CHECK_INT(f.size, 6);
	CHECK(!f.reason);
	view_free(v);
}

/* ---- links: how many ---- */

#define UNSURE(links, path)                                                                   \
	"unknown: " links " symbolic links on the way to " path ": beyond 20 the kernel can " \
	"fail (ELOOP), depending on mounts that are made meanwhile"

static void forty_links_and_no_more(void)
{
	struct spec spec = SPEC();
	struct view *v;

	world("cd rootfs; echo >l40; for i in $(seq 0 39); do ln -s l$((i+1)) l$i; done;"
	      "mkdir d; ln -s . d/self");
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	CHECK_STR(outcome(v, "/l20", 0, NULL), "file /l40");
	CHECK_STR(outcome(v, "/l19", 0, NULL), UNSURE("21", "/l19"));
	CHECK_STR(outcome(v, "/l0", 0, NULL), UNSURE("40", "/l0"));
	CHECK_STR(outcome(v, "/l0/x", 0, NULL), "nothing: /l40 is not a directory");
	view_free(v);
	sh("ln -s l0 rootfs/l");
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	CHECK_STR(outcome(v, "/l", 0, NULL),
		  "nothing: more than 40 symbolic links on the way to /l39");
	CHECK_STR(outcome(v, "/l/x", 0, NULL),
		  "nothing: more than 40 symbolic links on the way to /l39");
	view_free(v);
}

/* ---- trails ---- */

static void check_trail(const struct spec *spec, const char *path, const char *const *want,
			size_t n)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct trail trail = { .arena = arena };
	struct view *v = view_of(spec, RUNTIME_NOT_TOLD);
	struct found f;

	CHECK_INT(view_resolve(v, path, 0, NULL, &trail, &f, &view_err), 0);
	for (size_t i = 0; i < trail.n && i < n; i++)
		CHECK_STR(trail.steps[i], want[i]);
	CHECK_INT(trail.n, n);
	view_free(v);
}

static void a_trail_tells_links_mounts_and_the_end(void)
{
	struct spec spec = SPEC(MOUNTS(TMPFS("/run", "mode=755"), BIND("/opt", "src", "rbind")));
	static const char *const plain[] = { "/f: file 0644 root" };
	static const char *const links[] = { "/lnk -> sbin/x", "/sbin -> usr/sbin",
					     "/usr/sbin/x -> /opt/f",
					     "/opt: bind mount (mounts[1])",
					     "/opt/f: file 0640 3:4" };
	static const char *const out[] = { "/run: tmpfs mount (mounts[0])", "/f: file 0644 root" };
	static const char *const made[] = { "/run: tmpfs mount (mounts[0])",
					    "/run: directory 0755 root, made by the runtime" };
	static const char *const group[] = { "/g: file 0644 0:4" };
	static const char *const nothing[] = { "/sbin -> usr/sbin" };

	need_root();
	world("mkdir -p rootfs/usr/sbin src; echo >rootfs/f; ln -s usr/sbin rootfs/sbin;"
	      "ln -s sbin/x rootfs/lnk; ln -s /opt/f rootfs/usr/sbin/x; echo >src/f;"
	      "chmod 640 src/f; chown 3:4 src/f; echo >rootfs/g; chgrp 4 rootfs/g");
	check_trail(&spec, "/f", plain, 1);
	check_trail(&spec, "/g", group, 1);
	check_trail(&spec, "/lnk", links, 5);
	check_trail(&spec, "/run/../f", out, 2);
	check_trail(&spec, "/run", made, 2);
	check_trail(&spec, "/sbin/nope", nothing, 1);
}

/* ---- mounts ---- */

static void mounts_hide_and_show(void)
{
	struct spec spec = SPEC(MOUNTS(
		TMPFS("/opt", "mode=755"), BIND("/b", "src", "rbind"), BIND("/f", "src/x", "bind"),
		BIND("/missing/dir", "src", "rbind"), BIND("/missing/file", "src/x", "bind"),
		BIND("/child/c", "src", "rbind"), TMPFS("/child", "mode=755"),
		BIND("/opt/in", "src", "rbind"), BIND("/lnk", "src", "rbind"),
		BIND("rel", "src", "rbind"), BIND("/two", "src", "rbind"),
		BIND("/two", "src2", "rbind"),
		{ .destination = "/none", .type = "none", .source = "src", OPTIONS("rbind") },
		{ .destination = "/typed", .type = "tmpfs", .source = "src", OPTIONS("bind") }));
	static const struct path_row rows[] = {
		{ "/opt", "directory /opt" },
		{ "/opt/prog",
		  "nothing: /opt/prog is hidden by the tmpfs mount on /opt (mounts[0])" },
		{ "/opt/other", "nothing: no 'other' in /opt" },
		{ "/b/x", "file /b/x" },
		{ "/b/../b/x", "file /b/x" },
		{ "/b/up", "directory /" },
		{ "/b/below", "nothing: /b/below is hidden by the bind mount on /b (mounts[1])" },
		{ "/f", "file /f" },
		{ "/f/", "nothing: /f is not a directory" },
		{ "/missing", "directory /missing" },
		{ "/missing/dir/x", "file /missing/dir/x" },
		{ "/missing/file", "file /missing/file" },
		{ "/child/c",
		  "nothing: /child/c is hidden by the tmpfs mount on /child (mounts[6])" },
		{ "/opt/in/x", "file /opt/in/x" },
		{ "/lnk/x", "file /target/x" },
		{ "/target/x", "file /target/x" },
		{ "/rel/x", "file /rel/x" },
		{ "/two/y", "file /two/y" },
		{ "/two/x", "nothing: /two/x is hidden by the bind mount on /two (mounts[11])" },
		{ "/none/x", "file /none/x" },
		{ "/typed/x", "file /typed/x" },
	};

	world("mkdir -p src src2 rootfs/opt rootfs/b rootfs/target rootfs/child rootfs/two;"
	      "echo >src/x; echo >src2/y; ln -s .. src/up; echo >rootfs/opt/prog;"
	      "echo >rootfs/b/below; ln -s target rootfs/lnk");
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
}

static void a_directory_on_a_dangling_link_is_for_runc(void)
{
	struct spec directory = SPEC(MOUNTS(BIND("/dangling/z", "src", "rbind")));
	struct spec file = SPEC(MOUNTS(BIND("/dangling", "src/x", "bind")));
	static const struct path_row made[] = { { "/dangling/z/x", "file /made/late/z/x" } };
	static const struct path_row made_file[] = { { "/dangling", "file /made/late" } };
	static const struct path_row lost[] = {
		{ "/etc", "unknown: the bind mount on /dangling/z (mounts[0]) leads through the "
			  "dangling link /dangling" },
	};

	world("mkdir -p src rootfs/etc rootfs/made; echo >src/x; ln -s made/late rootfs/dangling");
	CHECK_PATHS(&directory, RUNTIME_RUNC, made);
	CHECK_PATHS(&directory, RUNTIME_CRUN, lost);
	CHECK_PATHS(&directory, RUNTIME_ANY, lost);
	CHECK_PATHS(&directory, RUNTIME_NOT_TOLD, lost);
	CHECK_PATHS(&file, RUNTIME_CRUN, made_file);
	CHECK_PATHS(&file, RUNTIME_RUNC, made_file);
}

static void refused_mount(struct spec_mount mount, const char *want)
{
	static const enum runtime_kind all[] = { RUNTIME_RUNC, RUNTIME_CRUN, RUNTIME_NOT_TOLD };
	struct spec spec = SPEC(.mounts = &mount, .n_mounts = 1);

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct view *v = view_of(&spec, all[i]);

		CHECK_STR(refusal_of(v), want);
		view_free(v);
	}
}

/* Of what only some versions refuse: "", "might not start" or "will not start". */
static void versions_refuse_some_mounts(void)
{
	const struct {
		struct spec_mount mount;
		const char *runtime;
		enum truth starts;
	} rows[] = {
		{ KERNEL("/lnk/new", "proc"), "runc 1.1.5", YES },
		{ KERNEL("/lnk/new", "proc"), "runc 1.1.15", NO },
		{ KERNEL("/lnk/new", "proc"), "runc 1.3.6", YES },
		{ KERNEL("/lnk/new", "proc"), "runc", UNKNOWN },
		{ KERNEL("/lnk/new", "proc"), "crun", YES },
		{ BIND("/opt", "src", "rbind", "rprivate", "nosuid"), "runc 1.3.6", YES },
		{ BIND("/opt", "src", "rbind", "foo=bar"), "runc 1.3.6", NO },
		{ BIND("/opt", "src", "rbind", "foo"), "runc 1.2.0", UNKNOWN },
		{ BIND("/opt", "src", "rbind", "foo"), "runc 1.1.15", YES },
		{ BIND("/opt", "src", "rbind", "foo"), "crun", YES },
		{ BIND("/file", "src/f", "bind", "rro"), "crun 1.8.1", NO },
		{ BIND("/file", "src/f", "bind", "rro"), "crun 1.21", YES },
	};

	world("mkdir -p src rootfs/opt; echo >src/f; echo >rootfs/file; ln -s opt rootfs/lnk");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct spec spec = SPEC(.mounts = &rows[i].mount, .n_mounts = 1);
		struct view *v = view_under(&spec, runtime_named(rows[i].runtime));
		const struct reason *refusal = view_refusal(v);

		if ((refusal ? refusal->sure : YES) != rows[i].starts)
			FAIL("row %zu: %s", i, refusal ? refusal->text : "starts");
		view_free(v);
	}
}

/* ".." behind a link is taken away before links are followed, or after. */
static void dots_are_resolved_as_the_runtime_does(void)
{
	struct spec spec = SPEC(MOUNTS(BIND("/l/../mnt", "src", "rbind")));
	static const struct path_row before[] = { { "/mnt/x", "file /mnt/x" },
						  { "/usr/mnt/x", "nothing: no 'x' in /usr/mnt" } },
				     after[] = { { "/usr/mnt/x", "file /usr/mnt/x" },
						 { "/mnt/x", "nothing: no 'x' in /mnt" } };

	world("mkdir -p src rootfs/usr/mnt rootfs/usr/lib rootfs/mnt; echo >src/x;"
	      "ln -s usr/lib rootfs/l");
	CHECK_PATHS(&spec, RUNTIME_RUNC, before);
	CHECK_PATHS(&spec, RUNTIME_CRUN, after);
}

/* Who hides the root, /dev/null or /proc by maskedPaths: whether the container starts. */
static void masked_paths_by_version(void)
{
	static const struct {
		const char *path, *runtime;
		enum truth starts;
	} rows[] = {
		{ "/", "crun 1.21", YES },
		{ "/", "crun 1.28", NO },
		{ "", "crun 1.28", NO },
		{ "/opt/..", "crun 1.8.1", NO },
		{ "/", "runc", YES },
		{ "/dev", "runc 1.1.15", NO },
		{ "/dev", "runc 1.3.6", YES },
		{ "/dev", "crun", NO },
		{ "/proc", "runc", NO },
		{ "/proc", "crun", YES },
		{ "/proc/self", "runc 1.1.5", NO },
		{ "/proc/self", "runc 1.3.6", YES },
	};

	world("mkdir -p rootfs/opt rootfs/dev rootfs/proc");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *path = rows[i].path;
		const struct spec spec =
			SPEC(MOUNTS(KERNEL("/proc", "proc")), .masked_paths = { &path, 1 });
		struct view *v = view_under(&spec, runtime_named(rows[i].runtime));
		const struct reason *refusal = view_refusal(v);

		if ((refusal ? refusal->sure : YES) != rows[i].starts)
			FAIL("row %zu: %s", i, refusal ? refusal->text : "starts");
		view_free(v);
	}
}

static void some_mounts_let_no_container_start(void)
{
	world("mkdir -p src rootfs/opt; echo >src/x; echo >rootfs/file; ln -s l rootfs/l;"
	      "mkfifo src/fifo; ln -s opt rootfs/lnk");
	refused_mount((struct spec_mount)BIND("/opt", "src", "rbind"), NULL);
	refused_mount((struct spec_mount)BIND("/file", "src/x", "bind"), NULL);
	refused_mount((struct spec_mount)BIND("/file", "src/fifo", "bind"), NULL);
	refused_mount((struct spec_mount)BIND("/new", "src/x", "bind"), NULL);
	refused_mount((struct spec_mount)BIND("/file", "nowhere", "bind"), NULL);
	refused_mount((struct spec_mount)KERNEL("/file", "unheard-of"),
		      "the unheard-of mount on /file (mounts[0]) has a type that not every kernel "
		      "has");
	refused_mount((struct spec_mount)BIND("/opt", "src/x", "bind"),
		      "the bind mount on /opt (mounts[0]) does not mount a directory, but its "
		      "destination is one");
	refused_mount((struct spec_mount)BIND("/file", "src", "rbind"),
		      "the bind mount on /file (mounts[0]) mounts a directory, but its "
		      "destination is not one");
	refused_mount((struct spec_mount)TMPFS("/file", "ro"),
		      "the tmpfs mount on /file (mounts[0]) mounts a directory, but its "
		      "destination is not one");
	refused_mount((struct spec_mount)KERNEL("/file", "proc"),
		      "the proc mount on /file (mounts[0]) mounts a directory, but its "
		      "destination is not one");
	refused_mount((struct spec_mount)BIND("/file/x", "src", "rbind"),
		      "the bind mount on /file/x (mounts[0]) cannot be made: /file is not a "
		      "directory");
	refused_mount((struct spec_mount)KERNEL("/opt", ""),
		      "the untyped mount on /opt (mounts[0]) has neither a type nor the option "
		      "bind or rbind");
	refused_mount((struct spec_mount)KERNEL("/lnk", "proc"),
		      "the proc mount on /lnk (mounts[0]) is on a symbolic link");
	refused_mount((struct spec_mount)BIND("/l", "src", "rbind"),
		      "the bind mount on /l (mounts[0]) cannot be made: /l is a symbolic link "
		      "loop");
}

static void tmpfs_options_may_let_no_container_start(void)
{
	static const struct {
		const char *option, *told; /* NULL: it is taken */
	} rows[] = {
		{ "size=1m", NULL },
		{ "size=50%", NULL },
		{ "size=0x10", NULL },
		{ "size=k", NULL },
		{ "size=", NULL },
		{ "size=1m,", NULL },
		{ "nr_inodes=10k", NULL },
		{ "mode=+700", NULL },
		{ "uid=0x10", NULL },
		{ "huge=never", NULL },
		{ "inode64", NULL },
		{ "unheard-of", NULL },
		{ "size=1m,inode64", NULL },
		{ "mpol=bind:0,2,4", NULL },
		{ "context=\"a:b,c=d\"", NULL },
		{ "idmap=uids=0-1-2", NULL },
		{ "size=1m,ro", NULL },
		{ "", NULL },
		{ "foo=bar", "foo=bar" },
		{ "sized=1m", "sized=1m" },
		{ "Size=1m", "Size=1m" },
		{ "size=abc", "size=abc" },
		{ "size=1mb", "size=1mb" },
		{ "size=08", "size=08" },
		{ "size=-1", "size=-1" },
		{ "nr_blocks=1%", "nr_blocks=1%" },
		{ "mode=9", "mode=9" },
		{ "mode=0o755", "mode=0o755" },
		{ "uid=root", "uid=root" },
		{ "gid=-1", "gid=-1" },
		{ "=", "=" },
		{ "size=1m,foo=1,x=2", "foo=1" },
		{ "size=1m,nosuid", "nosuid" },
	};

	world("mkdir rootfs/opt");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char want[256];

		snprintf(want, sizeof(want),
			 "the tmpfs mount on /opt (mounts[0]) has the option %s, which the "
			 "kernel does not accept",
			 rows[i].told ? rows[i].told : "");
		refused_mount((struct spec_mount)TMPFS("/opt", rows[i].option),
			      rows[i].told ? want : NULL);
	}
}

static void options_are_taken_apart_at_commas(void)
{
	struct spec spec = SPEC(MOUNTS(TMPFS("/opt", "size=1m,mode=711,uid=5")));
	struct view *v;
	struct found f;

	world("mkdir rootfs/opt");
	v = view_of(&spec, RUNTIME_CRUN);
	f = find(v, "/opt", 0, NULL);
	CHECK_INT(f.mode & 07777, 0711);
	CHECK_INT(f.uid, 5);
	view_free(v);
}

static void refused_cwd(const char *cwd, enum runtime_kind runtime, const char *want)
{
	struct spec spec = SPEC(.cwd = cwd, MOUNTS(KERNEL("/proc", "proc")));
	struct view *v = view_of(&spec, runtime);

	CHECK_STR(refusal_of(v), want);
	view_free(v);
}

static void some_directories_let_no_container_start(void)
{
	world("mkdir -p rootfs/opt; echo >rootfs/file; ln -s nowhere rootfs/dangling;"
	      "ln -s opt rootfs/lnk; ln -s l rootfs/l");
	for (enum runtime_kind r = RUNTIME_NOT_TOLD; r <= RUNTIME_ANY; r++) {
		refused_cwd("/lnk/new/place", r, NULL);
		refused_cwd("/proc/self/cwd", r, NULL);
		refused_cwd("/file", r, "process.cwd /file: it is not a directory");
		refused_cwd("/file/x", r, "process.cwd /file/x: /file is not a directory");
		refused_cwd("/dangling/x", r,
			    "process.cwd /dangling/x: it leads through a dangling link");
		refused_cwd("/l", r, "process.cwd /l: /l is a symbolic link loop");
		refused_cwd("", r, "process.cwd : the path is empty");
	}
	refused_cwd("opt", RUNTIME_CRUN, NULL);
	refused_cwd("opt", RUNTIME_NOT_TOLD, NULL);
	refused_cwd("opt", RUNTIME_RUNC,
		    "process.cwd opt: it is not absolute, which the runtime refuses");
	refused_cwd("opt", RUNTIME_ANY,
		    "process.cwd opt: it is not absolute, which the runtime refuses");
}

static void refused_in(struct spec_mount mount, enum runtime_kind runtime, const char *want)
{
	struct spec spec = SPEC(.cwd = "/opt/w", .mounts = &mount, .n_mounts = 1);
	struct view *v = view_of(&spec, runtime);

	CHECK_STR(refusal_of(v), want);
	view_free(v);
}

/* runc sets the flags of a bind at once, crun when all is made. */
static void nothing_is_made_on_a_read_only_mount(void)
{
	static const char ro[] = "process.cwd /opt/w: no 'w' in /opt, and the bind mount on /opt "
				 "(mounts[0]) is read-only";
	static const char rro[] = "process.cwd /opt/w: no 'w' in /opt, and the bind mount on /opt "
				  "(mounts[0]) is rro";
	static const char any[] = "process.cwd /opt/w: no 'w' in /opt, and the bind mount on /opt "
				  "(mounts[0]) is read-only under runc";

	world("mkdir -p src rootfs/opt");
	refused_in((struct spec_mount)BIND("/opt", "src", "rbind", "ro"), RUNTIME_RUNC, ro);
	refused_in((struct spec_mount)BIND("/opt", "src", "rbind", "ro"), RUNTIME_CRUN, NULL);
	refused_in((struct spec_mount)BIND("/opt", "src", "rbind", "ro"), RUNTIME_NOT_TOLD, NULL);
	refused_in((struct spec_mount)BIND("/opt", "src", "rbind", "ro"), RUNTIME_ANY, any);
	refused_in((struct spec_mount)BIND("/opt", "src", "rbind", "ro", "rw"), RUNTIME_RUNC, NULL);
	refused_in((struct spec_mount)BIND("/opt", "src", "rbind", "rro"), RUNTIME_RUNC, rro);
	refused_in((struct spec_mount)BIND("/opt", "src", "rbind", "rro"), RUNTIME_CRUN, rro);
	refused_in((struct spec_mount)BIND("/opt", "src", "rbind", "rro"), RUNTIME_NOT_TOLD, rro);
	refused_in((struct spec_mount)TMPFS("/opt", "ro"), RUNTIME_RUNC, NULL);
	refused_in((struct spec_mount)TMPFS("/opt", "ro"), RUNTIME_CRUN, NULL);
}

static void a_hidden_cwd_lets_no_container_start(void)
{
	static const char *const above[] = { "/opt" }, *const at[] = { "/opt/w" };
	struct spec hidden = SPEC(.cwd = "/opt/w", .masked_paths = { above, 1 });
	struct spec masked = SPEC(.cwd = "/opt/w", .masked_paths = { at, 1 });

	world("mkdir -p rootfs/opt rootfs/dev");
	for (enum runtime_kind r = RUNTIME_NOT_TOLD; r <= RUNTIME_ANY; r++) {
		struct view *v = view_of(&hidden, r);

		CHECK_STR(refusal_of(v),
			  "process.cwd /opt/w: /opt/w is hidden by the entry /opt of "
			  "maskedPaths");
		view_free(v);
		v = view_of(&masked, r);
		CHECK_STR(refusal_of(v), NULL);
		view_free(v);
	}
}

static void nothing_is_made_on_the_host(void)
{
	struct spec spec = SPEC(.cwd = "/w/x", MOUNTS(BIND("/a/b", "src", "rbind")),
				.devices = STRINGS("/q/dev"));
	struct stat st;

	world("mkdir src");
	view_free(view_of(&spec, RUNTIME_NOT_TOLD));
	CHECK(fstatat(world_fd, "rootfs/a", &st, 0) < 0);
	CHECK(fstatat(world_fd, "rootfs/w", &st, 0) < 0);
	CHECK(fstatat(world_fd, "rootfs/q", &st, 0) < 0);
}

static void unknown_mounts_hide_too(void)
{
	struct spec spec =
		SPEC(MOUNTS(KERNEL("/proc", "proc"), KERNEL("/sys", "sysfs"),
			    KERNEL("/sys/fs/cgroup", "cgroup"), KERNEL("/ov", "overlay"),
			    BIND("/gone", "nowhere", "rbind"), BIND("/plain", "src", "ro"),
			    { .destination = "/ids",
			      .type = "bind",
			      .source = "src",
			      OPTIONS("rbind"),
			      .id_mapped = true },
			    BIND("/odd", "src", "rbind", "copy-symlink"),
			    BIND("/sys/fs/cgroup/b", "src", "rbind"), TMPFS("/bad", "mode=9"),
			    KERNEL("/untyped", ""), BIND("/hostproc", "/proc", "rbind"),
			    BIND("/magic", "/proc/self/fd/0", "bind")));
	static const struct path_row rows[] = {
		{ "/proc", "directory /proc" },
		{ "/proc/self/exe",
		  "unknown: the proc mount on /proc (mounts[0]) is not inspected" },
		{ "/proc/../x", "file /x" },
		{ "/proc/self/../x",
		  "unknown: the proc mount on /proc (mounts[0]) is not inspected" },
		{ "/sys/x", "unknown: the sysfs mount on /sys (mounts[1]) is not inspected" },
		{ "/sys/fs/cgroup", "directory /sys/fs/cgroup" },
		{ "/sys/fs/cgroup/x",
		  "unknown: the cgroup mount on /sys/fs/cgroup (mounts[2]) is not inspected" },
		{ "/sys/fs/cgroup/b/x", "file /sys/fs/cgroup/b/x" },
		{ "/ov/x", "unknown: the overlay mount on /ov (mounts[3]) is not inspected" },
		{ "/gone", "unknown: cannot inspect nowhere, source of the bind mount on /gone "
			   "(mounts[4]): No such file or directory" },
		{ "/gone/x", "unknown: cannot inspect nowhere, source of the bind mount on "
			     "/gone (mounts[4]): No such file or directory" },
		{ "/gone/../x",
		  "unknown: cannot inspect nowhere, source of the bind mount on /gone "
		  "(mounts[4]): No such file or directory" },
		{ "/plain/x",
		  "unknown: the bind mount on /plain (mounts[5]) has type bind, but neither "
		  "the option bind nor rbind" },
		{ "/ids/x", "unknown: the bind mount on /ids (mounts[6]) maps ids" },
		{ "/odd/x",
		  "unknown: the bind mount on /odd (mounts[7]) has the option copy-symlink" },
		{ "/bad/x",
		  "unknown: the tmpfs mount on /bad (mounts[9]) has a malformed mode=, uid= "
		  "or gid=" },
		{ "/untyped/x",
		  "unknown: the untyped mount on /untyped (mounts[10]) is not inspected" },
		{ "/hostproc/self/exe",
		  "unknown: the bind mount on /hostproc (mounts[11]) is on the "
		  "host's proc, which is not inspected" },
		{ "/magic",
		  "unknown: cannot inspect /proc/self/fd/0, source of the bind mount on /magic "
		  "(mounts[12]): " TEST_ELOOP },
		{ "/x", "file /x" },
	};

	world("mkdir -p src; echo >src/x; echo >rootfs/x");
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
}

static void a_mount_that_cannot_be_placed_spoils_its_place(void)
{
	struct spec spec =
		SPEC(MOUNTS(BIND("/loop/x", "src", "rbind"), BIND("/file/x", "src", "rbind"),
			    BIND("/lnk/../n", "src", "rbind"), BIND("/real/../m", "src", "rbind"),
			    BIND("/../../up", "src", "rbind")));
	static const struct path_row rows[] = {
		{ "/loop",
		  "unknown: the bind mount on /loop/x (mounts[0]) cannot be made: /loop is a "
		  "symbolic link loop" },
		{ "/file",
		  "unknown: the bind mount on /file/x (mounts[1]) cannot be made: /file is "
		  "not a directory" },
		{ "/n/x", "unknown: the bind mount on /lnk/../n (mounts[2]) has '..' after a link, "
			  "which runtimes resolve differently" },
		{ "/usr/n/x",
		  "unknown: the bind mount on /lnk/../n (mounts[2]) has '..' after a link, "
		  "which runtimes resolve differently" },
		{ "/m/x", "file /m/x" },
		{ "/up/x", "file /up/x" },
		{ "/usr/lib", "directory /usr/lib" },
	};
	static const struct path_row crun[] = {
		{ "/n/x", "nothing: no 'n' in /" },
		{ "/usr/n/x", "file /usr/n/x" },
	};

	world("mkdir -p src rootfs/usr/lib rootfs/real; echo >src/x; ln -s loop rootfs/loop;"
	      "echo >rootfs/file; ln -s usr/lib rootfs/lnk");
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
	CHECK_PATHS(&spec, RUNTIME_CRUN, crun);
}

static void a_mount_on_an_unknown_place_spoils_everything(void)
{
	struct spec dots = SPEC(
		MOUNTS(KERNEL("/proc", "proc"), TMPFS("/proc/self/../x", "ro"), TMPFS("/y", "ro")));
	struct spec root = SPEC(MOUNTS(BIND("/", "rootfs", "rbind")));
	static const struct path_row lost[] = {
		{ "/x",
		  "unknown: the tmpfs mount on /proc/self/../x (mounts[1]) cannot be made: the "
		  "proc mount on /proc (mounts[0]) is not inspected" },
		{ "/",
		  "unknown: the tmpfs mount on /proc/self/../x (mounts[1]) cannot be made: the "
		  "proc mount on /proc (mounts[0]) is not inspected" },
	};
	static const struct path_row covered[] = {
		{ "/x", "unknown: the bind mount on / (mounts[0]) covers the whole container" },
	};

	world("echo >rootfs/x");
	CHECK_PATHS(&dots, RUNTIME_NOT_TOLD, lost);
	CHECK_PATHS(&root, RUNTIME_NOT_TOLD, covered);
}

static void tmpcopyup_copies(void)
{
	struct spec spec = SPEC(MOUNTS(BIND("/opt/b", "src", "rbind"), TMPFS("/opt", "tmpcopyup"),
				       TMPFS("/opt/late", "mode=755"), TMPFS("/new/x", "tmpcopyup"),
				       KERNEL("/opt/p", "proc"), TMPFS("/opt/p", "tmpcopyup"),
				       KERNEL("/q/p", "proc"), TMPFS("/q", "tmpcopyup")));
	static const struct path_row rows[] = {
		{ "/opt/prog", "file /opt/prog" },
		{ "/opt/d/e", "file /opt/d/e" },
		{ "/opt/lnk", "file /opt/prog" },
		{ "/opt/b/x", "file /opt/b/x" },
		{ "/opt/b/..", "directory /opt" },
		{ "/opt/late", "directory /opt/late" },
		{ "/opt/nope", "nothing: no 'nope' in /opt" },
		{ "/new/x", "directory /new/x" },
		{ "/new/x/y", "nothing: no 'y' in /new/x" },
		{ "/opt/p/x", "unknown: the proc mount on /opt/p (mounts[4]) is not inspected" },
		{ "/q/p/x", "unknown: the proc mount on /q/p (mounts[6]) is not inspected" },
	};
	struct view *v;
	struct found f;
	char buf[8] = "";

	world("mkdir -p src rootfs/opt/d; echo >src/x; echo prog >rootfs/opt/prog; echo "
	      ">rootfs/opt/d/e;"
	      "ln -s /opt/prog rootfs/opt/lnk");
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	f = find(v, "/opt/prog", 0, NULL);
	CHECK_INT(view_read(v, &f, 0, buf, sizeof(buf)), 5);
	CHECK_STR(buf, "prog\n");
	view_free(v);
}

static void what_is_made_shows_in_every_bind(void)
{
	struct spec spec =
		SPEC(.cwd = "/o1/cwd",
		     MOUNTS(BIND("/o1", "src", "rbind"), BIND("/o2", "src", "bind"),
			    BIND("/o3", "src/d", "bind"), TMPFS("/copy", "tmpcopyup"),
			    BIND("/late", "src", "bind"), TMPFS("/late", "tmpcopyup"),
			    TMPFS("/o1/d/new/er", "ro"), BIND("/o2/d/file", "src/f", "bind"),
			    TMPFS("/o3/new/est", "tmpcopyup"),
			    BIND("/in-rootfs", "rootfs/x", "bind"), TMPFS("/x/new", "ro")));
	static const struct path_row rows[] = {
		{ "/o1/d/new/er", "directory /o1/d/new/er" },
		{ "/o2/d/new/er", "directory /o2/d/new/er" },
		{ "/o3/new/er", "directory /o3/new/er" },
		{ "/o2/d/new/er/est", "nothing: no 'est' in /o2/d/new/er" },
		{ "/o2/d/new/est", "directory /o2/d/new/est" },
		{ "/o1/d/new/est", "directory /o1/d/new/est" },
		{ "/o1/d/file", "file /o1/d/file" },
		{ "/o3/file", "file /o3/file" },
		{ "/o2/cwd", "directory /o2/cwd" },
		{ "/o3/cwd", "nothing: no 'cwd' in /o3" },
		{ "/late/f", "file /late/f" },
		{ "/late/d/new", "nothing: no 'new' in /late/d" },
		{ "/in-rootfs/new", "directory /in-rootfs/new" },
	};

	world("mkdir -p src/d rootfs/copy rootfs/x; echo >src/f");
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
}

static void a_bind_of_the_rootfs_has_its_mounts(void)
{
	struct spec spec = SPEC(
		MOUNTS(BIND("/before", "rootfs", "rbind"), TMPFS("/opt", "ro"),
		       BIND("/all", "rootfs", "rbind"), BIND("/bundle", ".", "rbind"),
		       BIND("/plain", "rootfs", "bind"), BIND("/opt2", "rootfs/opt/d", "bind"),
		       BIND("/usr2", "rootfs/usr", "rbind"), TMPFS("/usr/x", "ro"),
		       BIND("/usr3", "rootfs/usr/", "rbind"), BIND("/name", "rootfs2", "rbind")));
	static const struct path_row rows[] = {
		{ "/before/opt/d", "directory /before/opt/d" },
		{ "/all/opt",
		  "unknown: the bind mount on /all (mounts[2]) also contains the rootfs with "
		  "the tmpfs mount on /opt (mounts[1]) in it" },
		{ "/all/usr", "directory /all/usr" },
		{ "/bundle/rootfs/opt/d",
		  "unknown: the bind mount on /bundle (mounts[3]) also contains the rootfs "
		  "with the tmpfs mount on /opt (mounts[1]) in it" },
		{ "/bundle/rootfs/usr", "directory /bundle/rootfs/usr" },
		{ "/plain/opt/d", "directory /plain/opt/d" },
		{ "/opt2",
		  "unknown: the source of the bind mount on /opt2 (mounts[5]) is in the rootfs, "
		  "where the tmpfs mount on /opt (mounts[1]) covers it" },
		{ "/usr2/x", "directory /usr2/x" },
		{ "/usr3/x",
		  "unknown: the bind mount on /usr3 (mounts[8]) also contains the rootfs with "
		  "the tmpfs mount on /usr/x (mounts[7]) in it" },
		{ "/name/opt/d", "directory /name/opt/d" },
	};

	world("mkdir -p rootfs/opt/d rootfs/usr rootfs2/opt/d");
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
}

static void masks_hide(void)
{
	struct spec spec =
		SPEC(.masked_paths = STRINGS("/dir", "/lnk", "/nope", "/loop", "/proc/kcore"),
		     MOUNTS(KERNEL("/proc", "proc")));
	static const struct path_row rows[] = {
		{ "/dir", "directory /dir" },
		{ "/dir/x", "nothing: /dir/x is hidden by the entry /dir of maskedPaths" },
		{ "/dir/y", "nothing: no 'y' in /dir" },
		{ "/file", "device /file" },
		{ "/nope", "nothing: no 'nope' in /" },
		{ "/proc/kcore", "unknown: the proc mount on /proc (mounts[0]) is not inspected" },
	};

	world("mkdir rootfs/dir; echo >rootfs/dir/x; echo >rootfs/file; ln -s file rootfs/lnk;"
	      "ln -s loop rootfs/loop");
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
}

static void dev_is_filled(void)
{
	struct spec spec = SPEC(MOUNTS(TMPFS("/dev", "mode=755"), KERNEL("/dev/pts", "devpts")),
				.devices = STRINGS("/dev/fuse", "/dev/a/b", "/other/c", "/file"));
	static const struct path_row rows[] = {
		{ "/dev/null", "device /dev/null" },
		{ "/dev/zero", "device /dev/zero" },
		{ "/dev/full", "device /dev/full" },
		{ "/dev/random", "device /dev/random" },
		{ "/dev/urandom", "device /dev/urandom" },
		{ "/dev/tty", "device /dev/tty" },
		{ "/dev/fuse", "device /dev/fuse" },
		{ "/dev/a/b", "device /dev/a/b" },
		{ "/other/c", "device /other/c" },
		{ "/file", "file /file" },
		{ "/dev/image",
		  "nothing: /dev/image is hidden by the tmpfs mount on /dev (mounts[0])" },
		{ "/dev/ptmx",
		  "unknown: the devpts mount on /dev/pts (mounts[1]) is not inspected" },
		{ "/dev/fd", "nothing: no 'proc' in /" },
		{ "/dev/core", "nothing: no 'proc' in /" },
		{ "/dev/console",
		  "unknown: /dev/console exists only in a container with a terminal" },
	};

	world("mkdir rootfs/dev; echo >rootfs/dev/image; echo >rootfs/file");
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
}

static void dev_of_the_image_is_filled_up(void)
{
	struct spec spec = SPEC();
	struct spec bound =
		SPEC(MOUNTS(BIND("//dev/", "src", "rbind")), .devices = STRINGS("/dev/fuse"));
	static const struct path_row rows[] = {
		{ "/dev/null", "file /dev/null" },
		{ "/dev/zero", "device /dev/zero" },
		{ "/dev/ptmx", "nothing: no 'pts' in /dev" },
	};
	static const struct path_row bound_rows[] = {
		{ "/dev/zero", "nothing: no 'zero' in /dev" },
		{ "/dev/fuse", "nothing: no 'fuse' in /dev" },
	};

	world("mkdir rootfs/dev src; echo >rootfs/dev/null; echo >rootfs/dev/ptmx");
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
	CHECK_PATHS(&bound, RUNTIME_NOT_TOLD, bound_rows);
}

static void earlier_hooks_may_make_what_is_absent(void)
{
	struct spec spec = SPEC(.earlier_hooks = true);
	static const struct path_row rows[] = {
		{ "/nope", "unknown: absent now: no 'nope' in /" },
		{ "/loop", "unknown: absent now: /loop is a symbolic link loop" },
		{ "/f", "file /f" },
	};
	struct view *v;

	world("echo >rootfs/f; ln -s loop rootfs/loop");
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	CHECK_INT(find(v, "/nope", 0, NULL).errnum, ENOENT);
	view_free(v);
}

/* ---- hostile ---- */

static int open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	if (!d)
		FAIL("no /proc");
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void deep_directories_take_few_descriptors(void)
{
	CLEANUP(cleanup_free) char *path = malloc(4096);
	struct spec spec = SPEC();
	struct view *v;
	int before;

	world("cd rootfs; python3 -c 'import os\nfor i in range(2000): os.mkdir(\"a\"); "
	      "os.chdir(\"a\")\n"
	      "open(\"f\", \"w\")' 2>/dev/null || perl -e 'for (1..2000) { mkdir \"a\"; chdir "
	      "\"a\" } "
	      "open(F, \">f\")'");
	before = open_descriptors();
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	for (int i = 0; i < 2000; i++)
		memcpy(path + i * 2, "/a", 2);
	memcpy(path + 4000, "/f", 3);
	CHECK_INT(find(v, path, 0, NULL).kind, FOUND_FILE);
	CHECK_STR(find(v, path, 0, NULL).path, path);
	/* Up to the top and down again: what was given up is opened again. */
	memcpy(path + 3000, "/../../../a/b", 14);
	CHECK_INT(find(v, path, 0, NULL).errnum, ENOENT);
	CHECK(open_descriptors() - before <= 40);
	view_free(v);
	CHECK_INT(open_descriptors(), before);
}

static void a_path_of_a_million_components_ends(void)
{
	CLEANUP(cleanup_free) char *path = malloc(2000001);
	struct spec spec = SPEC();
	struct view *v;

	world("mkdir rootfs/a");
	for (int i = 0; i < 1000000; i++)
		memcpy(path + i * 2, "/a", 2);
	path[2000000] = '\0';
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	CHECK_STR(outcome(v, path, 0, NULL), "nothing: the path is longer than 4095 bytes");
	CHECK_INT(find(v, path, 0, NULL).errnum, ENAMETOOLONG);
	path[4095] = '\0';
	CHECK_INT(find(v, path, 0, NULL).errnum, ENOENT);
	view_free(v);
}

static void names_cannot_forge_output(void)
{
	struct spec spec = SPEC();
	struct view *v;

	world("echo >'rootfs/a\nb'; ln -s 'x\033[2J' rootfs/lnk");
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	CHECK_STR(outcome(v, "/a\nb/c", 0, NULL), "nothing: /a?b is not a directory");
	CHECK_STR(find(v, "/a\nb", 0, NULL).path, "/a\nb");
	CHECK_STR(outcome(v, "/no\033[2J", 0, NULL), "nothing: no 'no?[2J' in /");
	view_free(v);
}

static void many_mounts_are_bounded(void)
{
	const struct spec_mount mount = TMPFS("/m", "mode=755");
	CLEANUP(cleanup_free) struct spec_mount *mounts = calloc(4097, sizeof(*mounts));
	struct spec spec = SPEC(.mounts = mounts, .n_mounts = 4097);
	static const struct path_row over[] = {
		{ "/x", "unknown: config.json has 4097 mounts; at most 4096 are inspected" },
	};
	static const struct path_row under[] = {
		{ "/x", "nothing: no 'x' in /" },
		{ "/m", "directory /m" },
	};

	world(":");
	for (size_t i = 0; i < 4097; i++)
		mounts[i] = mount;
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, over);
	spec.n_mounts--;
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, under);
}

static void copies_of_copies_are_bounded(void)
{
	const struct spec_mount mount = TMPFS("/m", "tmpcopyup");
	CLEANUP(cleanup_free) struct spec_mount *mounts = calloc(4000, sizeof(*mounts));
	struct spec spec = SPEC(.mounts = mounts, .n_mounts = 4000);
	static const struct path_row rows[] = {
		{ "/m/x", "unknown: it is copied into a tmpfs more than 16 times" },
	};

	world("mkdir rootfs/m; echo >rootfs/m/x");
	for (size_t i = 0; i < 4000; i++)
		mounts[i] = mount;
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
}

static void made_directories_are_bounded(void)
{
	CLEANUP(cleanup_free) struct spec_mount *mounts = calloc(200, sizeof(*mounts));
	CLEANUP(cleanup_free) char *paths = malloc(200 * 4096);
	struct spec spec = SPEC(.mounts = mounts, .n_mounts = 200);
	static const struct path_row rows[] = {
		{ "/x", "unknown: config.json leads to more than 262144 files" },
	};

	world(":");
	for (size_t i = 0; i < 200; i++) {
		char *p = paths + i * 4096;

		snprintf(p, 4096, "/%03zu", i);
		for (size_t at = 4; at < 4090; at += 2)
			memcpy(p + at, "/a", 3);
		mounts[i] = (struct spec_mount){ .destination = p, .type = "tmpfs", .source = "" };
	}
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
}

/* ---- reading ---- */

static void reading_is_of_what_was_resolved(void)
{
	struct spec spec = SPEC();
	struct view *v;
	struct found f;
	char buf[8] = "";

	world("printf 0123456789 >rootfs/f; mkfifo rootfs/p; mkdir rootfs/d");
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	f = find(v, "/f", 0, NULL);
	CHECK_INT(view_read(v, &f, 8, buf, 4), 2);
	CHECK_STR(buf, "89");
	CHECK_INT(view_read(v, &f, 100, buf, 4), 0);
	CHECK_INT(view_read(v, &f, UINT64_MAX, buf, 4), -EINVAL);
	/* The name leads elsewhere by now, what was resolved is still what is read. */
	sh("echo other >rootfs/g; mv rootfs/g rootfs/f");
	CHECK_INT(view_read(v, &f, 0, buf, 4), 4);
	CHECK_STR(buf, "0123");
	f = find(v, "/p", 0, NULL);
	CHECK_INT(view_read(v, &f, 0, buf, 4), -EINVAL);
	f = find(v, "/d", 0, NULL);
	CHECK_INT(view_read(v, &f, 0, buf, 4), -EINVAL);
	view_free(v);
}

static void what_was_replaced_meanwhile_is_noticed(void)
{
	struct spec spec = SPEC();
	struct view *v;
	struct found f;
	char buf[8] = "", path[32];

	world("cd rootfs; echo >f; mkdir d; echo >d/x; for i in $(seq 100); do echo >$i; done");
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	f = find(v, "/f", 0, NULL);
	CHECK_STR(outcome(v, "/d/x", 0, NULL), "file /d/x");
	/* More objects than descriptors are held: those of /f and /d are given up. */
	for (int i = 1; i <= 100; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		CHECK_INT(find(v, path, 0, NULL).kind, FOUND_FILE);
	}
	sh("mkfifo rootfs/g; mv rootfs/g rootfs/f; mv rootfs/d rootfs/e; mkdir rootfs/d; echo "
	   ">rootfs/d/y");
	CHECK_INT(view_read(v, &f, 0, buf, 4), -ESTALE);
	CHECK_STR(outcome(v, "/d/y", 0, NULL), "unknown: /d was replaced while it was inspected");
	view_free(v);
}

static void only_reading_opens(void)
{
	struct spec spec = SPEC(MOUNTS(BIND("/b", "src", "rbind"), TMPFS("/c", "tmpcopyup")));
	auto_close int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	char events[4096], path[128];
	struct view *v;
	struct found f;
	static const char *const watched[] = { "rootfs", "rootfs/d", "rootfs/d/f", "rootfs/c",
					       "src" };

	world("mkdir -p rootfs/d rootfs/c src; echo x >rootfs/d/f; echo x >src/f; ln -s d/f "
	      "rootfs/l;"
	      "echo x >rootfs/c/f");
	for (size_t i = 0; i < ARRAY_SIZE(watched); i++) {
		snprintf(path, sizeof(path), "%s/%s", world_dir, watched[i]);
		CHECK(inotify_add_watch(watch, path, IN_OPEN | IN_ACCESS | IN_MODIFY | IN_CREATE) >=
		      0);
	}
	v = view_of(&spec, RUNTIME_NOT_TOLD);
	f = find(v, "/c/f", 0, NULL);
	f = find(v, "/b/f", 0, NULL);
	f = find(v, "/l", 0, NULL);
	CHECK_INT(f.kind, FOUND_FILE);
	CHECK_INT(read(watch, events, sizeof(events)), -1);
	CHECK_INT(errno, EAGAIN);
	CHECK_INT(view_read(v, &f, 0, path, 1), 1);
	CHECK(read(watch, events, sizeof(events)) > 0);
	view_free(v);
}

/* ---- no rootfs ---- */

static void no_rootfs_is_an_error(void)
{
	static const struct {
		const char *root;
		int result;
		const char *message;
	} rows[] = {
		{ "nowhere", -ENOENT,
		  "bundle: cannot open the rootfs 'nowhere': No such file or directory\n"
		  "  hint: unpack or mount the rootfs, or correct 'root.path'" },
		{ "", -ENOENT,
		  "bundle: cannot open the rootfs '': No such file or directory\n"
		  "  hint: unpack or mount the rootfs, or correct 'root.path'" },
		{ "file", -ENOTDIR,
		  "bundle: cannot open the rootfs 'file': Not a directory\n"
		  "  hint: unpack or mount the rootfs, or correct 'root.path'" },
	};

	world("echo >file");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct spec spec = SPEC(.root_path = rows[i].root);
		struct view *v = NULL;
		char text[1200];
		struct hw_error err;

		CHECK_INT(view_new(&spec, world_fd, "bundle",
				   (struct runtime){ .kind = RUNTIME_NOT_TOLD }, &v, &err),
			  rows[i].result);
		CHECK(!v);
		hw_error_format(&err, text, sizeof(text));
		CHECK_STR(text, rows[i].message);
		CHECK_INT(view_new(&spec, world_fd, "bundle",
				   (struct runtime){ .kind = RUNTIME_NOT_TOLD }, &v, NULL),
			  rows[i].result);
	}
	view_free(NULL);
}

static void the_rootfs_may_be_absolute_and_a_link(void)
{
	char path[128];
	struct spec spec = SPEC(.root_path = path);
	static const struct path_row rows[] = { { "/f", "file /f" } };

	world("echo >rootfs/f; ln -s rootfs link");
	snprintf(path, sizeof(path), "%s/rootfs", world_dir);
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
	snprintf(path, sizeof(path), "link");
	CHECK_PATHS(&spec, RUNTIME_NOT_TOLD, rows);
}

int main(void)
{
	RUN(paths_resolve_inside_the_root);
	RUN(relative_paths_start_in_the_cwd);
	RUN(a_link_itself_can_be_asked_for);
	RUN(patterns_match_in_the_container);
	RUN(patterns_are_bounded);
	RUN(errors_have_numbers);
	RUN(what_is_found_is_described);
	RUN(forty_links_and_no_more);
	RUN(a_trail_tells_links_mounts_and_the_end);
	RUN(mounts_hide_and_show);
	RUN(a_directory_on_a_dangling_link_is_for_runc);
	RUN(versions_refuse_some_mounts);
	RUN(dots_are_resolved_as_the_runtime_does);
	RUN(masked_paths_by_version);
	RUN(some_mounts_let_no_container_start);
	RUN(some_directories_let_no_container_start);
	RUN(tmpfs_options_may_let_no_container_start);
	RUN(options_are_taken_apart_at_commas);
	RUN(nothing_is_made_on_a_read_only_mount);
	RUN(a_hidden_cwd_lets_no_container_start);
	RUN(nothing_is_made_on_the_host);
	RUN(unknown_mounts_hide_too);
	RUN(a_mount_that_cannot_be_placed_spoils_its_place);
	RUN(a_mount_on_an_unknown_place_spoils_everything);
	RUN(tmpcopyup_copies);
	RUN(what_is_made_shows_in_every_bind);
	RUN(a_bind_of_the_rootfs_has_its_mounts);
	RUN(masks_hide);
	RUN(dev_is_filled);
	RUN(dev_of_the_image_is_filled_up);
	RUN(earlier_hooks_may_make_what_is_absent);
	RUN(deep_directories_take_few_descriptors);
	RUN(a_path_of_a_million_components_ends);
	RUN(names_cannot_forge_output);
	RUN(many_mounts_are_bounded);
	RUN(copies_of_copies_are_bounded);
	RUN_SLOW(made_directories_are_bounded);
	RUN(reading_is_of_what_was_resolved);
	RUN(what_was_replaced_meanwhile_is_noticed);
	RUN(only_reading_opens);
	RUN(no_rootfs_is_an_error);
	RUN(the_rootfs_may_be_absolute_and_a_link);
	world_end();
	return DONE();
}
