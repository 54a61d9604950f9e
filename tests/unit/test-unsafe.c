/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of annotations that a runtime turns against the host. */
#include "oci/unsafe.h"
#include "test.h"

/* The verdict on an annotation: "hook", "host" or "-". */
static const char *danger(const char *key, const char *value, const char *program,
			  enum runtime_kind kind)
{
	static const char *const words[] = {
		[UNSAFE_NOT] = "-",
		[UNSAFE_HOST] = "host",
		[UNSAFE_HOOK] = "hook",
	};
	const struct unsafe_row *row =
		unsafe_row(key, value, program, (struct runtime){ .kind = kind });

	return row ? words[row->danger] : "-";
}

/* runc's and crun's own documents of features, by name or by beginning. */
static void what_runtimes_call_unsafe_is_known(void)
{
	static const struct {
		const char *key, *value;
		const char *crun, *runc;
	} rows[] = {
		{ "run.oci.hooks.stdout", "/x", "hook", "-" },
		{ "run.oci.hooks.stderr", "", "hook", "-" },
		{ "run.oci.hooks.stdin", "/x", "hook", "-" },
		{ "run.oci.seccomp.plugins", "/x.so", "hook", "-" },
		{ "run.oci.seccomp_bpf_data", "AAAA", "hook", "-" },
		{ "run.oci.handler", "krun", "hook", "-" },
		{ "run.oci.handler", "wasm", "hook", "-" },
		{ "module.wasm.image/variant", "compat", "hook", "-" },
		{ "run.oci.of_tomorrow", "1", "hook", "-" },
		{ "run.oci.seccomp.receiver", "/s", "host", "-" },
		{ "run.oci.pidfd_receiver", "/s", "host", "-" },
		{ "org.criu.config", "/x", "host", "host" },
		{ "org.criu.config=/y", "/x", "host", "host" },
		{ "bundle", "/x", "host", "host" },
		{ "bundle=/y", "/x", "host", "host" },
		{ "org.systemd.property.OnFailure", "x", "host", "host" },
		/* Annotations that engines write: podman, CRI-O, containerd's CRI. */
		{ "run.oci.keep_original_groups", "1", "-", "-" },
		{ "run.oci.mount_context_type", "rootcontext", "-", "-" },
		{ "org.systemd.property.KillSignal", "15", "-", "-" },
		{ "org.systemd.property.TimeoutStopUSec", "uint64 10000000", "-", "-" },
		{ "org.systemd.property.DefaultDependencies", "true", "-", "-" },
		{ "org.systemd.property.After", "['crio.service']", "-", "-" },
		{ "org.systemd.property.CollectMode", "'inactive-or-failed'", "-", "-" },
		{ "io.kubernetes.cri.container-type", "container", "-", "-" },
		{ "io.podman.annotations.autoremove", "FALSE", "-", "-" },
		{ "krun.cpus", "2", "-", "-" },
		/* Names are taken exactly. */
		{ "Run.oci.hooks.stdout", "/x", "-", "-" },
		{ "run.oci", "/x", "-", "-" },
		{ "xrun.oci.hooks.stdout", "/x", "-", "-" },
		{ "module.wasm.image/variant2", "compat", "-", "-" },
		{ "bundled", "/x", "-", "-" },
		{ "", "/x", "-", "-" },
	};
	static const enum runtime_kind like_crun[] = { RUNTIME_CRUN, RUNTIME_NOT_TOLD,
						       RUNTIME_OTHER, RUNTIME_ANY };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CHECK_STR(danger(rows[i].key, rows[i].value, "/bin/app", RUNTIME_RUNC),
			  rows[i].runc);
		for (size_t k = 0; k < ARRAY_SIZE(like_crun); k++)
			CHECK_STR(danger(rows[i].key, rows[i].value, "/bin/app", like_crun[k]),
				  rows[i].crun);
	}
}

/* A mesh puts them on every pod; crun looks at the program's name then. */
static void smart_handlers_concern_wasm_only(void)
{
	static const struct {
		const char *value, *program, *want;
	} rows[] = {
		{ "wasm-smart", "/bin/app", "-" },	{ "wasm-smart", "/app.wasm", "hook" },
		{ "wasm-smart", "app.wat", "hook" },	{ "wasm-smart", NULL, "hook" },
		{ "wasm-smart", "/app.wasm/sh", "-" },	{ "wasm", "/bin/app", "hook" },
		{ "wasm-smarter", "/bin/app", "hook" }, { "compat-smart", "wasm", "-" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_STR(danger("run.oci.handler", rows[i].value, rows[i].program, RUNTIME_CRUN),
			  rows[i].want);
}

static const char *found(const struct spec *spec, bool host_stage, struct unsafe_allowed allowed)
{
	const struct unsafe_found f =
		unsafe_find(spec, (struct runtime){ .kind = RUNTIME_CRUN }, &allowed, host_stage);

	return f.annotation ? f.annotation->key : "none";
}

static void what_is_allowed_is_passed_over(void)
{
	static const struct spec_annotation annotations[] = {
		{ "a", "b" },
		{ "bundle", "/x" },
		{ "run.oci.handler", "krun" },
		{ "run.oci.hooks.stderr", "/x" },
	};
	static const char *const exact[] = { "run.oci.handler" },
				 *const sibling[] = { "run.oci.hand" },
				 *const beginning[] = { "run.oci." };
	const struct spec spec = { .annotations = annotations,
				   .n_annotations = ARRAY_SIZE(annotations) };

	CHECK_STR(found(&spec, false, (struct unsafe_allowed){ NULL, 0 }), "run.oci.handler");
	CHECK_STR(found(&spec, true, (struct unsafe_allowed){ NULL, 0 }), "run.oci.hooks.stderr");
	CHECK_STR(found(&spec, false, (struct unsafe_allowed){ exact, 1 }), "run.oci.hooks.stderr");
	CHECK_STR(found(&spec, false, (struct unsafe_allowed){ sibling, 1 }), "run.oci.handler");
	CHECK_STR(found(&spec, false, (struct unsafe_allowed){ beginning, 1 }), "none");
	CHECK_STR(found(&spec, true, (struct unsafe_allowed){ beginning, 1 }), "none");
}

static void only_what_is_refused_can_be_allowed(void)
{
	static const struct {
		const char *name;
		bool want;
	} rows[] = {
		{ "run.oci.hooks.stderr", true },
		{ "run.oci.", true },
		{ "run.oci.hooks.", true },
		{ "run.oci.of_tomorrow", true },
		{ "module.wasm.image/variant", true },
		{ "run.", true },
		{ "run.oci.hooks.*", true }, /* a name of crun's own, as far as is known */
		{ "bundle", false },
		{ "org.systemd.property.", false },
		{ "io.hookwright.policies", false },
		{ "", false },
		{ ".", false },
		{ "run", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_INT(unsafe_may_allow(rows[i].name), rows[i].want);
}

int main(void)
{
	RUN(what_runtimes_call_unsafe_is_known);
	RUN(smart_handlers_concern_wasm_only);
	RUN(what_is_allowed_is_passed_over);
	RUN(only_what_is_refused_can_be_allowed);
	return DONE();
}
