/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the hooks of engines: which are known, and how one is forged. */
#include "oci/engine-hook.h"
#include "test.h"

/* @hooks and @more are members of config.json. */
static bool may_create(const char *hooks, const char *more, const struct known_hooks *known)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct json doc = { 0 };
	struct spec spec = { 0 };
	struct hw_error err;
	char *text = NULL;
	bool may;

	CHECK(asprintf(&text,
		       "{\"process\":{},\"root\":{\"path\":\"/r/rootfs\"},\"mounts\":[{"
		       "\"destination\":\"/data\",\"type\":\"bind\",\"source\":\"/home/vol\"},{"
		       "\"destination\":\"/etc/hosts\",\"source\":\"/var/n/etchosts/id/hosts\"}],"
		       "\"hooks\":{%s}%s}",
		       hooks, more) > 0);
	CHECK_INT(json_scan(&doc, "c.json", text, strlen(text), &err), 0);
	CHECK_INT(spec_parse(&doc, arena, &spec, &err), 0);
	may = engine_hooks_may_create(&spec, known);
	json_free(&doc);
	free(text);
	return may;
}

#define HOOK(path, args) "{\"path\":\"" path "\",\"args\":[" args "]}"
#define DOCKER \
	HOOK("/proc/1234/exe", "\"libnetwork-setkey\",\"-exec-root=/run/docker\",\"c\",\"d\"")
#define NERDCTL(more)                                                                \
	"{\"path\":\"/usr/local/bin/nerdctl\",\"args\":[\"/usr/local/bin/nerdctl\"," \
	"\"--address=/a.sock\",\"internal\",\"oci-hook\",\"createRuntime\"],"        \
	"\"env\":[\"PATH=/bin\",\"PATH=/sbin\"" more "]}"
#define ANNOTATED(key, value) ",\"annotations\":{\"" key "\":\"" value "\"}"

static const struct {
	const char *hooks, *more;
	bool may;
} rows[] = {
	{ "", "", false },
	{ "\"prestart\":[],\"createRuntime\":null", "", false },
	{ "\"poststart\":[" HOOK("/x", "") "]", "", false },
	{ "\"prestart\":[" HOOK("/x", "") "]", "", true },
	{ "\"createContainer\":[{}]", "", true },
	{ "\"createRuntime\":[5]", "", true },

	{ "\"prestart\":[" DOCKER "]", "", false },
	{ "\"createRuntime\":[" DOCKER "]", "", false },
	{ "\"prestart\":[" DOCKER "," HOOK("/x", "") "]", "", true },
	{ "\"prestart\":[" DOCKER "],\"createContainer\":[" HOOK("/x", "") "]", "", true },
	{ "\"prestart\":[" HOOK("/proc/7/exe", "\"libnetwork-setkey\",\"c\",\"d\"") "]", "",
	  false },
	/* In the mount namespace of the container, /proc is another. */
	{ "\"createContainer\":[" DOCKER "]", "", true },
	{ "\"prestart\":[" HOOK("/proc/self/exe", "\"libnetwork-setkey\",\"c\",\"d\"") "]", "",
	  true },
	{ "\"prestart\":[" HOOK("/proc//exe", "\"libnetwork-setkey\",\"c\",\"d\"") "]", "", true },
	{ "\"prestart\":[" HOOK("/proc/7/exe", "\"sh\",\"c\",\"d\"") "]", "", true },
	{ "\"prestart\":[" HOOK("/proc/7/root/exe", "\"libnetwork-setkey\",\"c\",\"d\"") "]", "",
	  true },
	{ "\"prestart\":[" HOOK("/r/rootfs/x", "\"libnetwork-setkey\",\"c\",\"d\"") "]", "", true },
	{ "\"prestart\":[" HOOK("/proc/7/exe", "\"libnetwork-setkey\",\"c\"") "]", "", true },
	{ "\"prestart\":[" HOOK("/proc/7/exe", "\"libnetwork-setkey\",\"-o\",\"c\",\"d\"") "]", "",
	  true },
	{ "\"prestart\":[{\"path\":\"/proc/7/exe\",\"Path\":\"/x\",\"args\":[\"libnetwork-setkey\","
	  "\"c\",\"d\"]}]",
	  "", true },
	{ "\"prestart\":[{\"path\":\"/proc/7/exe\",\"args\":[\"libnetwork-setkey\",\"c\",5]}]", "",
	  true },

	{ "\"createRuntime\":[" NERDCTL("") "]", "", false },
	{ "\"createRuntime\":[" NERDCTL(",\"LD_PRELOAD=/x.so\"") "]", "", true },
	{ "\"createRuntime\":[" HOOK("nerdctl",
				     "\"nerdctl\",\"internal\",\"oci-hook\",\"createRuntime\"") "]",
	  "", true },
	{ "\"createRuntime\":[" HOOK("/bin/nerdctl",
				     "\"nerdctl\",\"run\",\"internal\",\"oci-hook\","
				     "\"createRuntime\"") "]",
	  "", true },
	{ "\"createRuntime\":[" HOOK("/bin/nerdctl", "\"n\",\"cp\",\"/f\",\"c:/\"") "]", "", true },
	{ "\"createRuntime\":[" NERDCTL("") "]",
	  ANNOTATED("nerdctl/state-dir", "/var/n/containers/default/id"), false },
	{ "\"createRuntime\":[" NERDCTL("") "]", ANNOTATED("nerdctl/state-dir", "/home/vol/d"),
	  true },
	{ "\"createRuntime\":[" NERDCTL("") "]", ANNOTATED("nerdctl/pid-file", "/home/vol"), true },
	{ "\"createRuntime\":[" NERDCTL("") "]", ANNOTATED("nerdctl/pid-file", "/r/rootfs/bin/x"),
	  true },
	{ "\"createRuntime\":[" NERDCTL("") "]", ANNOTATED("nerdctl/pid-file", "/r/rootfs2/pid"),
	  false },
	{ "\"createRuntime\":[" NERDCTL("") "]", ANNOTATED("nerdctl/pid-file", "/x/../home/vol/p"),
	  true },
	{ "\"createRuntime\":[" NERDCTL("") "]", ANNOTATED("nerdctl/pid-file", "//home/vol/p"),
	  true },
	{ "\"createRuntime\":[" NERDCTL("") "]", ANNOTATED("nerdctl/pid-file", "rootfs/p"), true },

	{ "\"createRuntime\":[" HOOK(
		  "/usr/bin/hookwright",
		  "\"hookwright\",\"oci-hook\",\"-p\",\"x\",\"createRuntime\"") "]",
	  "", false },
	{ "\"createRuntime\":[" HOOK("/usr/bin/hookwright", "\"hookwright\",\"apply\",\"b\"") "]",
	  "", true },
	{ "\"createContainer\":[" HOOK("/usr/bin/nvidia-cdi-hook",
				       "\"nvidia-cdi-hook\",\"update-ldcache\"") "]",
	  "", true },
};

static void what_engines_write_makes_nothing(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (may_create(rows[i].hooks, rows[i].more, NULL) != rows[i].may)
			FAIL("want %d: %s%s", rows[i].may, rows[i].hooks, rows[i].more);
}

static const char *const words[] = { "attach", "-q" };
static const struct known_hook known[] = {
	{ "/opt/net", NULL, 0 },
	{ "/opt/tool", words, ARRAY_SIZE(words) },
};

static const struct {
	const char *hooks;
	bool may;
} named[] = {
	{ "\"createContainer\":[" HOOK("/opt/net", "") "]", false },
	{ "\"prestart\":[" HOOK("/opt/net", "\"net\",\"x\"") "]", false },
	{ "\"prestart\":[" HOOK("/opt/net/", "\"net\"") "]", true },
	{ "\"prestart\":[" HOOK("/opt/tool", "\"tool\",\"attach\",\"-q\",\"c\"") "]", false },
	{ "\"prestart\":[" HOOK("/opt/tool", "\"tool\",\"attach\"") "]", true },
	{ "\"prestart\":[" HOOK("/opt/tool", "\"attach\",\"-q\"") "]", true },
	{ "\"prestart\":[" HOOK("/opt/tool", "") "]", true },
	{ "\"prestart\":[" DOCKER "," HOOK("/opt/net", "") "]", false },
	{ "\"prestart\":[{\"path\":\"/opt/net\",\"env\":[\"LD_AUDIT=/x\"]}]", true },
};

static void the_configuration_names_more(void)
{
	const struct known_hooks more = { known, ARRAY_SIZE(known) };

	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (may_create(named[i].hooks, "", &more) != named[i].may)
			FAIL("want %d: %s", named[i].may, named[i].hooks);
}

int main(void)
{
	RUN(what_engines_write_makes_nothing);
	RUN(the_configuration_names_more);
	return DONE();
}
