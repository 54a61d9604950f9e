/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of decoding config.json, and of a hook's capabilities. */
#include <stdio.h>

#include "oci/spec.h"
#include "test.h"

struct world {
	struct arena *arena;
	struct json doc;
	struct spec spec;
	struct hw_error err;
};

static void world_close(struct world *w)
{
	json_free(&w->doc);
	arena_free(w->arena);
}

static int parse(struct world *w, const char *text)
{
	*w = (struct world){ .arena = arena_new() };
	CHECK_INT(json_scan(&w->doc, "c.json", text, strlen(text), &w->err), 0);
	return spec_parse(&w->doc, w->arena, &w->spec, &w->err);
}

#define PROCESS "\"process\":{},"
#define ROOT	"\"root\":{\"path\":\"r\"},"

static void the_least_bundle_has_defaults(void)
{
	CLEANUP(world_close) struct world w;

	CHECK_INT(parse(&w, "{" PROCESS "\"root\":{\"path\":\"r\"}}"), 0);
	CHECK_STR(w.spec.root_path, "r");
	CHECK_STR(w.spec.cwd, "/");
	CHECK(!w.spec.root_readonly && !w.spec.user_namespace && !w.spec.has_capabilities);
	CHECK_INT(w.spec.umask, -1);
	CHECK(w.spec.nproc_soft == UINT64_MAX);
	CHECK(w.spec.hooks == JSON_NONE && w.spec.start_container == JSON_NONE);
	CHECK_INT(spec_creds_hook(&w.spec).capabilities, 0);
}

static const char full[] =
	"{\"ociVersion\":\"1.0.2\",\"process\":{\"args\":[\"a\",\"b\"],\"env\":[\"X=1\"],"
	"\"cwd\":\"/w\",\"user\":{\"uid\":4294967295,\"gid\":7,\"umask\":63,"
	"\"additionalGids\":[5,27]},\"noNewPrivileges\":true,\"capabilities\":{"
	"\"bounding\":[\"CAP_CHOWN\",\"CAP_NOT_YET_KNOWN\"],\"effective\":[\"CAP_KILL\"],"
	"\"permitted\":[\"CAP_KILL\",\"CAP_CHOWN\"],\"ambient\":null},\"rlimits\":["
	"{\"type\":\"RLIMIT_CORE\",\"hard\":18446744073709551615,\"soft\":18446744073709551615},"
	"{\"type\":\"RLIMIT_NPROC\",\"hard\":5,\"soft\":3}]},"
	"\"root\":{\"path\":\"/r\",\"readonly\":true},"
	"\"mounts\":[{\"destination\":\"/p\",\"type\":\"bind\",\"source\":\"/s\","
	"\"options\":[\"rbind\",\"ro\"]},{\"destination\":\"/i\",\"options\":[\"idmap\"]},"
	"{\"destination\":\"/j\",\"uidMappings\":[{\"containerID\":0,\"hostID\":0,\"size\":1}]}],"
	"\"linux\":{\"namespaces\":[{\"type\":\"user\"},{\"type\":\"pid\",\"path\":\"/x\"}],"
	"\"uidMappings\":[{\"containerID\":0,\"hostID\":100000,\"size\":65536}],"
	"\"maskedPaths\":[\"/m\"],\"readonlyPaths\":[\"/q\"],\"devices\":[{\"path\":\"/dev/x\","
	"\"type\":\"c\",\"major\":1,\"minor\":3}],\"resources\":{\"pids\":{\"limit\":9}},"
	"\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"clone\","
	"\"fork\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0}]},{\"names\":[\"x\"],"
	"\"action\":\"SCMP_ACT_NOTIFY\"}]}},\"annotations\":{\"k\":\"v\",\"K\":\"w\"},"
	"\"hooks\":{\"createRuntime\":[{}],\"startContainer\":[{\"path\":\"/a\",\"args\":[\"a\"],"
	"\"env\":[\"_HOOKWRIGHT_POLICY=x-1\"],\"timeout\":5},{\"path\":\"/b\",\"extra\":1},5,"
	"{\"path\":\"/c\",\"env\":[\"_HOOKWRIGHT_POLICY=Bad\"],\"args\":\"no\"}]},\"unknown\":[]}";

static void everything_is_read(void)
{
	CLEANUP(world_close) struct world w;
	const struct spec *s = &w.spec;

	CHECK_INT(parse(&w, full), 0);
	CHECK_INT(s->uid, 4294967295U);
	CHECK_INT(s->umask, 63);
	CHECK_INT(s->groups[1], 27);
	CHECK_INT(s->capabilities.bounding, 1);
	CHECK_INT(s->capabilities.permitted, 0x21);
	CHECK_INT((long long)s->nproc_soft, 3);
	CHECK_STR(s->mounts[0].options[1], "ro");
	CHECK(!s->mounts[0].id_mapped && s->mounts[1].id_mapped && s->mounts[2].id_mapped);
	CHECK_STR(s->mounts[1].type, "");
	CHECK(s->user_namespace && !s->user_namespace_path);
	CHECK_INT(s->uid_mappings.items[0].host, 100000);
	CHECK_STR(s->devices.items[0], "/dev/x");
	CHECK_INT(s->pids_limit, 9);
	CHECK(s->seccomp.present && s->seccomp.rules[0].has_args);
	CHECK_INT(s->seccomp.rules[0].action, SECCOMP_DENIED);
	CHECK_INT(s->seccomp.rules[1].action, SECCOMP_MAYBE);
	CHECK_STR(spec_annotation(s, "K"), "w");
	CHECK(spec_annotation(s, "x") == NULL);
	CHECK(s->earlier_hooks);
}

static void hooks_are_told_apart(void)
{
	CLEANUP(world_close) struct world w;
	const struct spec_hook *h;

	CHECK_INT(parse(&w, full), 0);
	h = w.spec.start_hooks;
	CHECK_INT(w.spec.n_start_hooks, 4);
	CHECK_STR(h[0].ours, "x-1");
	CHECK(h[0].plain && h[0].timeout == 5);
	CHECK(h[1].ours == NULL && !h[1].plain);
	CHECK(h[2].ours == NULL && h[2].path == NULL);
	CHECK(h[3].ours == NULL && !h[3].plain);
}

/* capabilities(7), and the measured table: what the hook has after execve(2). */
static const struct {
	const char *process;
	uint64_t init, hook;
} credentials[] = {
	{ "\"capabilities\":{\"bounding\":[\"CAP_CHOWN\"]}", 0, 1 },
	{ "\"noNewPrivileges\":true,\"capabilities\":{\"bounding\":[\"CAP_CHOWN\"]}", 0, 0 },
	{ "\"capabilities\":{\"bounding\":[\"CAP_CHOWN\"],\"effective\":[\"CAP_KILL\"]}", 32, 1 },
	{ "\"user\":{\"uid\":5},\"capabilities\":{\"bounding\":[\"CAP_CHOWN\"],\"effective\":"
	  "[\"CAP_CHOWN\"],\"permitted\":[\"CAP_CHOWN\"]}",
	  1, 0 },
	{ "\"user\":{\"uid\":5},\"capabilities\":{\"ambient\":[\"CAP_CHOWN\"],\"inheritable\":"
	  "[\"CAP_CHOWN\"],\"permitted\":[\"CAP_CHOWN\"]}",
	  0, 1 },
	{ "\"user\":{\"uid\":5},\"capabilities\":{\"ambient\":[\"CAP_CHOWN\"]}", 0, 0 },
};

static void crun_takes_capabilities_in_any_case(void)
{
	CLEANUP(world_close) struct world w;
	struct spec runc, crun;

	CHECK_INT(parse(&w, "{\"process\":{\"capabilities\":{\"effective\":[\"cap_chown\",\"1\","
			    "\"CAP_KILL\",\"\",\"CAP_FOO\",\"64\",\"2x\",\"-1\",\" 3\"]}},"
			    "\"root\":{\"path\":\"r\"}}"),
		  0);
	runc = spec_under(&w.spec, runtime_from_name("runc"));
	crun = spec_under(&w.spec, runtime_from_name("crun"));
	CHECK_INT((long long)runc.capabilities.effective, 32);
	CHECK_INT((long long)crun.capabilities.effective, 35);
	CHECK_INT((long long)spec_creds_init(&crun).capabilities, 35);
}

static void credentials_are_the_kernels(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(credentials); i++) {
		CLEANUP(world_close) struct world w;
		char text[512];

		snprintf(text, sizeof(text),
			 "{\"process\":{%s},"
			 "\"root\":{\"path\":\"r\"}}",
			 credentials[i].process);
		CHECK_INT(parse(&w, text), 0);
		CHECK_INT((long long)spec_creds_init(&w.spec).capabilities,
			  (long long)credentials[i].init);
		CHECK_INT((long long)spec_creds_hook(&w.spec).capabilities,
			  (long long)credentials[i].hook);
	}
}

#define LINUX \
	"  hint: the config.json of every Linux container has it; 'runc spec' creates an example"
#define REQUIRED "  hint: the OCI runtime specification requires it"

/* One row a mistake: the text, then exactly what the user reads. */
static const struct {
	const char *text, *complaint;
} bad[] = {
	{ "[]", "c.json:1:1: the document must be an object, not an array" },
	{ "{" ROOT "\"x\":1}", "c.json:1:1: not a Linux container: 'process' is missing\n" LINUX },
	{ "{\"process\":{}}", "c.json:1:1: not a Linux container: 'root' is missing\n" LINUX },
	{ "{" PROCESS "\"root\":null}",
	  "c.json:1:22: not a Linux container: 'root' is null\n" LINUX },
	{ "{" PROCESS "\"root\":{\"path\":\"\"}}",
	  "c.json:1:30: 'root.path' is empty\n"
	  "  hint: name a directory, absolute or relative to the bundle" },
	{ "{" PROCESS "\"root\":{}}", "c.json:1:22: 'root.path' is missing\n" REQUIRED },
	{ "{" PROCESS ROOT "\"windows\":{}}",
	  "c.json:1:35: not a Linux container: 'windows' is present\n"
	  "  hint: hookwright supports only Linux containers" },
	{ "{" PROCESS ROOT "\"vm\":{}}", "c.json:1:35: not a Linux container: 'vm' is present\n"
					 "  hint: hookwright supports only Linux containers" },
	{ "{" ROOT "\"process\":[]}", "c.json:1:32: 'process' must be an object, not an array" },
	{ "{" ROOT "\"process\":{\"args\":\"x\"}}",
	  "c.json:1:40: 'process.args' must be an array, not a string" },
	{ "{" ROOT "\"process\":{\"args\":[\"x\",5]}}",
	  "c.json:1:45: 'process.args' must contain only strings, not a number" },
	{ "{" ROOT "\"process\":{\"user\":{\"uid\":-1}}}",
	  "c.json:1:47: 'process.user.uid' must be an integer from 0 to 4294967295" },
	{ "{" ROOT "\"process\":{\"user\":{\"uid\":4294967296}}}",
	  "c.json:1:47: 'process.user.uid' must be an integer from 0 to 4294967295" },
	{ "{" ROOT "\"process\":{\"user\":{\"uid\":\"0\"}}}",
	  "c.json:1:47: 'process.user.uid' must be an integer, not a string" },
	{ "{" PROCESS "\"root\":{\"path\":\"r\",\"readonly\":\"yes\"}}",
	  "c.json:1:45: 'root.readonly' must be true or false, not a string" },
	{ "{" PROCESS ROOT "\"mounts\":{}}",
	  "c.json:1:44: 'mounts' must be an array, not an object" },
	{ "{" PROCESS ROOT "\"mounts\":[1]}",
	  "c.json:1:45: 'mounts' must be an array of objects, not a number" },
	{ "{" PROCESS ROOT "\"mounts\":[{\"type\":\"bind\"}]}",
	  "c.json:1:45: 'mounts[].destination' is missing\n" REQUIRED },
	{ "{" PROCESS ROOT "\"hooks\":[]}",
	  "c.json:1:43: 'hooks' must be an object, not an array" },
	{ "{" PROCESS ROOT "\"hooks\":{\"startContainer\":{}}}",
	  "c.json:1:61: 'hooks.startContainer' must be an array, not an object" },
	{ "{" PROCESS ROOT "\"hooks\":{\"poststop\":\"x\"}}",
	  "c.json:1:55: 'hooks.poststop' must be an array, not a string" },
	{ "{" PROCESS ROOT "\"annotations\":{\"a\":1}}",
	  "c.json:1:54: 'annotations' must contain only strings, not a number" },
	{ "{" PROCESS ROOT "\"linux\":{\"seccomp\":{\"defaultAction\":5}}}",
	  "c.json:1:71: 'linux.seccomp.defaultAction' must be a string, not a number" },
};

static void every_mistake_is_located(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		CLEANUP(world_close) struct world w;
		char text[1200];

		CHECK(parse(&w, bad[i].text) < 0);
		hw_error_format(&w.err, text, sizeof(text));
		CHECK_STR(text, bad[i].complaint);
	}
}

/* Keys that one runtime takes for a member and the other does not. */
static const char *const variants[] = {
	"{\"Process\":{}," ROOT "\"process\":{}}",
	"{\"PROCESS\":{}," ROOT "\"x\":{}}",
	"{\"proce\\u017fs\":{}," ROOT "\"x\":{}}",
	"{" PROCESS "\"root\":{\"Path\":\"r\",\"path\":\"r\"}}",
	"{" PROCESS ROOT "\"hooKs\":{}}",
	"{" PROCESS ROOT "\"hoo\\u212as\":{}}",
	"{" PROCESS ROOT "\"hooks\":{\"StartContainer\":[]}}",
	"{" PROCESS ROOT "\"hooks\":{\"startContainer\":[{\"Path\":\"/x\"}]}}",
	"{" PROCESS ROOT "\"linux\":{\"maskedpaths\":[]}}",
};

static void case_variants_are_refused(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(variants); i++) {
		CLEANUP(world_close) struct world w;

		if (parse(&w, variants[i]) != -ENOTUNIQ)
			FAIL("accepted: %s", variants[i]);
		CHECK(w.err.line == 1 && w.err.column > 1);
	}
}

int main(void)
{
	RUN(the_least_bundle_has_defaults);
	RUN(everything_is_read);
	RUN(hooks_are_told_apart);
	RUN(credentials_are_the_kernels);
	RUN(crun_takes_capabilities_in_any_case);
	RUN(every_mistake_is_located);
	RUN(case_variants_are_refused);
	return DONE();
}
