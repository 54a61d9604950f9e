# SPDX-License-Identifier: Apache-2.0
"""What the fault tests share: a bundle that is fresh for every run, and runs in which one call
fails (fail.c). Needs no root."""

import atexit
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile

PROGRAM = os.environ.get("HW_PLAIN") or os.path.abspath("build/hookwright")
LIBRARY = os.environ.get("HW_FAULT") or os.path.abspath("build/tests/fault/fail.so")
# Of a sanitized program the runtime must be loaded too; it then also sees leaks on error paths.
SANITIZER = os.environ.get("HW_FAULT_SAN", "")
TEMPORARY = ".config.json.hookwright"

CONFIG = """{
  "ociVersion": "1.0.2",
  "process": {
    "user": { "uid": @UID@, "gid": 0, "additionalGids": [5, 27] },
    "args": [ "/bin/env", "true", "1" ],
    "env": [ "PATH=/usr/bin:/bin", "MODE=test" ],
    "cwd": "/",
    "capabilities": { "bounding": [ "CAP_CHOWN", "CAP_DAC_OVERRIDE" ],
      "permitted": [ "CAP_CHOWN", "CAP_DAC_OVERRIDE" ],
      "effective": [ "CAP_CHOWN", "CAP_DAC_OVERRIDE" ] }
  },
  "root": { "path": "rootfs" },
  "annotations": { "org.example.app": "web", "io.hookwright.policies": "asked" },
  "mounts": [
    { "destination": "/proc", "type": "proc", "source": "proc" },
    { "destination": "/tmp", "type": "tmpfs", "source": "tmpfs" },
    { "destination": "/srv", "type": "bind", "source": "volume", "options": [ "rbind" ] }
  ],
  "hooks": {
    "startContainer": [ { "path": "/bin/true" } ]
  },
  "linux": { "namespaces": [ { "type": "mount" } ], "maskedPaths": [ "/proc/kcore" ] }
}
"""

POLICIES = {
    "asked": """version: 1
description: an ELF program with libraries
activation: requested
when: { libc: glibc, hookExists: true, os: { id: test } }
needs:
  uid: @UID@
  writable: /etc
  none: [ { mounts: /etc/ld.so.cache } ]
otherwise: warn
hook:
  path: [/bin/absent, /bin/env]
  args: [env]
  env: { LC_ALL: C }
order: 10
""",
    "script": """version: 1
when:
  any:
    - annotations: { org.example.app: 'web|mail' }
    - env: { MODE: 'x+' }
  exists: [/etc, /bin/../etc/os-release]
  command: '/bin/.*'
needs: { capabilities: CAP_CHOWN, arch: [amd64, arm64], readonlyRoot: false }
hook:
  path: /srv/run
  inheritEnv: [MODE]
""",
    "useless": """version: 1
otherwise: warn
hook: { path: /bin/nothing-there }
""",
}


def with_uid(text):
    """The container's user owns the rootfs, whoever runs the tests."""
    return text.replace("@UID@", str(os.getuid()))


def write(path, text, mode=0o644):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def copy_with_libraries(program, rootfs):
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    for path in re.findall(r"/[^ ]+", listed):
        os.makedirs(rootfs + os.path.dirname(path), exist_ok=True)
        shutil.copy(path, rootfs + path)
    shutil.copy(program, rootfs + "/bin/env")


EXAMPLES = """version: 1
examples:
  - { name: nobody asks, expect: not-concerned }
  - name: there is no program
    config: { process: { env: [ "MODE=xx" ], args: [ "/bin/env" ] } }
    facts: { libc: glibc, arch: amd64, os: { id: test }, exists: [ /etc, /bin/../etc/os-release ], programs: /bin/env }
    expect: refused
"""


class Bundle:
    """A bundle and a directory of policies; fresh() puts config.json back."""

    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="hookwright.")
        atexit.register(shutil.rmtree, self.top, True)
        self.dir = self.top + "/bundle"
        self.log = self.top + "/log"
        self.policies = self.top + "/policies"
        rootfs = self.dir + "/rootfs"
        for each in ("/bin", "/etc", "/tmp", "/proc", "/srv"):
            os.makedirs(rootfs + each)
        os.makedirs(self.dir + "/volume")
        os.makedirs(self.policies)
        os.makedirs(self.top + "/home")
        copy_with_libraries("/usr/bin/env", rootfs)
        os.symlink("env", rootfs + "/bin/sh")
        os.symlink("env", rootfs + "/bin/true")
        write(rootfs + "/etc/os-release", "ID=test\nVERSION_ID=1\n")
        write(self.dir + "/volume/run", "#!/bin/env sh\n", 0o755)
        for name, text in POLICIES.items():
            write(f"{self.policies}/{name}.yaml", with_uid(text))
        write(f"{self.policies}/script.test.yaml", EXAMPLES)
        # Where whatever cannot be looked at is a refusal and not a warning.
        os.makedirs(self.top + "/strict")
        for name in ("asked", "script"):
            write(f"{self.top}/strict/{name}.yaml",
                  with_uid(POLICIES[name].replace("otherwise: warn\n", "")))
        write(self.top + "/settings.yaml",
              "version: 1\nrequests: asked\nignore:\n  HW118: it is meant so\n")
        self.start = with_uid(CONFIG).encode()
        self.decorated = False

    def path(self):
        return self.dir + "/config.json"

    def decorate(self):
        """Give config.json an owner and an attribute worth carrying over."""
        self.decorated = True

    def fresh(self, data=None):
        for name in os.listdir(self.dir):
            if name not in ("rootfs", "volume"):
                os.unlink(f"{self.dir}/{name}")
        with open(self.path(), "wb") as file:
            file.write(self.start if data is None else data)
        os.chmod(self.path(), 0o640)
        if self.decorated:
            os.setxattr(self.path(), "user.note", b"kept")
            os.chown(self.path(), 1234, 1234)

    def read(self):
        with open(self.path(), "rb") as file:
            return file.read()

    def others(self):
        return sorted(set(os.listdir(self.dir)) - {"config.json", "rootfs", "volume"})

    def dress(self):
        st = os.stat(self.path())
        return stat.S_IMODE(st.st_mode), st.st_uid, st.st_gid

    def environment(self, fail=None):
        env = {"PATH": os.environ["PATH"], "HOME": self.top + "/home", "LC_ALL": "C"}
        if fail:
            env.update(HW_FAIL=fail, HW_FAIL_LOG=self.log)
            env["LD_PRELOAD"] = LIBRARY
            if SANITIZER:
                env["ASAN_OPTIONS"] = "verify_asan_link_order=0:detect_leaks=1"
        return env

    def run(self, args, fail=None):
        """Returns (status, stdout, stderr, whether the call that was to fail was reached)."""
        if os.path.exists(self.log):
            os.unlink(self.log)
        done = subprocess.run([PROGRAM] + args, cwd=self.top, env=self.environment(fail),
                              input=b"", capture_output=True, timeout=60,
                              check=False)
        return (done.returncode, done.stdout.decode(errors="replace"),
                done.stderr.decode(errors="replace"), os.path.exists(self.log))


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def result(self, problems, name):
        self.count += 1
        for problem in problems[:5]:
            print("# " + problem[:600].replace("\n", "\n#   "))
        if len(problems) > 5:
            print(f"# and {len(problems) - 5} more")
        self.failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.count} - {name}", flush=True)

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}", flush=True)

    def done(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0


def died(status):
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"status {status}"
