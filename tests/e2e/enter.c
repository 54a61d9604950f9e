/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage: enter COMMAND ARG... - run a command where tests can run containers and mount things:
 * in a mount namespace of its own, whose root is a mount point, with /proc, /sys and /dev. On a
 * usual system only the namespace is made, and its null device. In a chroot (a build environment,
 * say), where neither pivot_root(2) nor user namespaces work, the chroot's tree becomes the root of
 * the namespace. Without the rights for that the command just runs.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int make_private(void)
{
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

/*
 * setns(2) to the namespace we are in leads out of the chroot, to the namespace's own root. There
 * propagation can be stopped before anything is mounted; then we go back in, this time for good:
 * the rest of the namespace is unmounted, for this namespace only.
 */
static int enter_chroot(const char *place)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (root < 0 || self < 0 || setns(self, CLONE_NEWNS) < 0 || make_private() < 0 ||
	    fchdir(root) < 0 || mount(".", place, NULL, MS_BIND | MS_REC, NULL) < 0 ||
	    chdir(place) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 ||
	    umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return -1;
	close(root);
	close(self);
	return 0;
}

/* Unless @sign is there with at least the bits of @mode. */
static void provide(const char *sign, mode_t mode, const char *type, const char *where,
		    const char *options)
{
	struct stat st;

	if (stat(sign, &st) == 0 && (st.st_mode & mode) == mode)
		return;
	(void)mkdir(where, 0755);
	(void)mount(type, where, type, 0, options);
}

/*
 * A null device of our own: crun 1.8 gives its standard streams to the container's user, and so
 * would the host's device change hands.
 */
static void provide_null(void)
{
	if (mount("null", "/tmp", "tmpfs", 0, NULL) < 0)
		return;
	if (mknod("/tmp/null", S_IFCHR, makedev(1, 3)) == 0 && chmod("/tmp/null", 0666) == 0)
		(void)mount("/tmp/null", "/dev/null", NULL, MS_BIND, NULL);
	(void)umount2("/tmp", MNT_DETACH);
}

static int prepare(void)
{
	if (unshare(CLONE_NEWNS) < 0)
		return 0;
	/* A directory that every system has; what it held comes back with the new root. */
	if (make_private() < 0 && enter_chroot("tmp") < 0)
		return -1;
	provide("/proc/self", 0, "proc", "/proc", NULL);
	provide("/sys/kernel", 0, "sysfs", "/sys", NULL);
	provide("/dev/loop-control", 0, "devtmpfs", "/dev", NULL);
	provide("/dev/pts/ptmx", 0, "devpts", "/dev/pts", "ptmxmode=0666");
	provide("/dev/shm", 01777, "tmpfs", "/dev/shm", "mode=1777");
	provide_null();
	return 0;
}

int main(int argc, char **argv)
{
	char *here = getcwd(NULL, 0);

	if (argc < 2)
		return 2;
	if (geteuid() == 0 && prepare() < 0) {
		perror("enter");
		return 2;
	}
	if (here && chdir(here) < 0) {
		perror(here);
		return 2;
	}
	free(here);
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
