/* SPDX-License-Identifier: Apache-2.0 */
/* Names what a file or directory is that was given in place of a bundle. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/utf8.h"
#include "oci/recognise.h"

#define IMAGE_HINT                                                                             \
	"make a bundle of the image: with podman, 'podman load', 'podman create' and 'podman " \
	"init', and 'lint --follow' reads OCIConfigPath of 'podman inspect'; or 'umoci unpack'"
#define LAYOUT_HINT "'umoci unpack --image DIR:TAG BUNDLE' makes a bundle of an image in it"
#define POLICY_HINT \
	"'hookwright policy check' checks it, and 'hookwright apply -p' applies it to a bundle"
#define HOOKSD_HINT                                                                            \
	"apply, explain and lint read the directory that holds it with --hooks-dir, beside a " \
	"bundle"
#define CDI_HINT                                                                            \
	"an engine reads it for --device: have it create a container, and name the bundle " \
	"that it makes"
#define ENGINE_HINT                                                                            \
	"an engine makes a bundle of it at create: 'hookwright setup' shows how to have each " \
	"of them checked"

/* ---- the first bytes ---- */

struct magic {
	size_t at;
	const char *bytes;
	size_t len;
	struct recognised is;
};

#define MAGIC(bytes) (bytes), sizeof(bytes) - 1

static const struct magic magics[] = {
	{ 0,
	  MAGIC("\x7f"
		"ELF"),
	  { "an ELF program", "whether a program can run as a hook depends on its bundle: "
			      "name the bundle's directory" } },
	{ 0, MAGIC("\x1f\x8b"), { "a gzip archive", IMAGE_HINT } },
	{ 0, MAGIC("\x28\xb5\x2f\xfd"), { "a zstd archive", IMAGE_HINT } },
	{ 0,
	  MAGIC("\xfd"
		"7zXZ"),
	  { "an xz archive", IMAGE_HINT } },
	{ 0, MAGIC("BZh"), { "a bzip2 archive", IMAGE_HINT } },
	{ 0, MAGIC("PK\x03\x04"), { "a zip archive", "name the bundle's directory" } },
	{ 0, MAGIC("hsqs"), { "a squashfs image", "mount it, and name it with --rootfs" } },
	{ 0, MAGIC("#!"), { "a script", "name the bundle's directory" } },
};

/* ---- archives ---- */

#define TAR_BLOCK ((size_t)512)
#define TAR_NAME  ((size_t)100)

/* By a name that only such an archive begins with, or has early. */
static const struct {
	const char *name;
	bool begins;
	struct recognised is;
} tar_members[] = {
	{ "oci-layout", false, { "an archive of an OCI image layout", IMAGE_HINT } },
	{ "index.json", false, { "an archive of an OCI image layout", IMAGE_HINT } },
	{ "blobs/", true, { "an archive of an OCI image layout", IMAGE_HINT } },
	{ "manifest.json", false, { "a docker-archive, as 'docker save' writes it", IMAGE_HINT } },
	{ "repositories", false, { "a docker-archive, as 'docker save' writes it", IMAGE_HINT } },
};

static const struct recognised tar_archive = {
	"a tar archive", "unpack it: a bundle is a directory with config.json, and a root file "
			 "system is named with --rootfs"
};

static const struct recognised *recognise_member(const char *name)
{
	if (starts_with(name, "./"))
		name += 2;
	for (size_t i = 0; i < ARRAY_SIZE(tar_members); i++)
		if (tar_members[i].begins ? starts_with(name, tar_members[i].name)
					  : streq(name, tar_members[i].name))
			return &tar_members[i].is;
	return NULL;
}

static size_t octal(const char *digits, size_t n)
{
	size_t value = 0;

	for (size_t i = 0; i < n && digits[i] >= '0' && digits[i] <= '7'; i++)
		value = value * 8 + (size_t)(digits[i] - '0');
	return value;
}

/* From header to header, as far as the text goes. */
static const struct recognised *recognise_tar(const char *text, size_t len)
{
	if (len < TAR_BLOCK || memcmp(text + 257, "ustar", 5) != 0)
		return NULL;
	for (size_t at = 0; at <= len - TAR_BLOCK;) {
		const struct recognised *is;
		char name[TAR_NAME + 1] = "";
		size_t size;

		memcpy(name, text + at, TAR_NAME);
		is = recognise_member(name);
		if (is)
			return is;
		size = octal(text + at + 124, 11);
		if (size > len)
			break;
		at += TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	}
	return &tar_archive;
}

/* ---- keys ---- */

#define KEYS_MAX 3

/* Rows of one table for JSON and YAML: the first whose keys are all there. */
static const struct kind {
	bool in_json, in_yaml, in_list; /* in_list: in the first element of a list */
	const char *keys[KEYS_MAX];
	struct recognised is;
} kinds[] = {
	{ true,
	  false,
	  false,
	  { "imageLayoutVersion" },
	  { "the mark of an OCI image layout", LAYOUT_HINT } },
	{ true,
	  false,
	  false,
	  { "schemaVersion", "manifests" },
	  { "the index of an image", LAYOUT_HINT } },
	{ true,
	  false,
	  false,
	  { "schemaVersion", "layers" },
	  { "the manifest of an image", LAYOUT_HINT } },
	{ true,
	  false,
	  false,
	  { "architecture", "rootfs" },
	  { "the configuration of an image", LAYOUT_HINT } },
	{ true,
	  true,
	  false,
	  { "cdiVersion", "kind" },
	  { "a specification of the Container Device Interface", CDI_HINT } },
	{ true, false, false, { "hook", "stages" }, { "a hooks.d file", HOOKSD_HINT } },
	{ true, false, false, { "hook", "stage" }, { "a hooks.d file", HOOKSD_HINT } },
	{ true, true, false, { "version", "hook" }, { "a policy", POLICY_HINT } },
	{ true, true, false, { "apiVersion", "kind" }, { "an object of Kubernetes", ENGINE_HINT } },
	{ true, true, false, { "services" }, { "a Compose file", ENGINE_HINT } },
	{ true,
	  false,
	  false,
	  { "status", "info" },
	  { "the output of 'crictl inspect'",
	    "its info.runtimeSpec is the config.json: 'jq .info.runtimeSpec | hookwright lint -'" } },
	{ true,
	  false,
	  false,
	  { "bundle", "pid", "status" },
	  { "the state of a container", "its 'bundle' is the bundle's directory: name that" } },
	{ true,
	  false,
	  true,
	  { "OCIConfigPath" },
	  { "the output of 'podman inspect'",
	    "its OCIConfigPath is the bundle's config.json: name the directory of that" } },
	{ true,
	  false,
	  true,
	  { "Id", "State", "HostConfig" },
	  { "the output of 'docker inspect'",
	    "the bundle of a container that runs is "
	    "/run/containerd/io.containerd.runtime.v2.task/moby/ID: name that" } },
	{ true,
	  false,
	  true,
	  { "Id", "RepoTags" },
	  { "the output of 'inspect' for an image", IMAGE_HINT } },
	{ true,
	  false,
	  true,
	  { "Config", "Layers" },
	  { "the manifest of a docker-archive", IMAGE_HINT } },
	{ false,
	  true,
	  false,
	  { "version", "policies" },
	  { "a configuration of hookwright", "--config reads it, beside a bundle" } },
	{ false,
	  true,
	  false,
	  { "version", "runtime" },
	  { "a configuration of hookwright", "--config reads it, beside a bundle" } },
	{ false,
	  true,
	  false,
	  { "version", "examples" },
	  { "the examples of a policy", "'hookwright policy test' reads it" } },
};

/* A set of keys to ask: of JSON, or of YAML's lines. */
struct keys {
	bool (*has)(const void *of, const char *key);
	const void *of;
};

static bool matches(const struct kind *kind, const struct keys *keys)
{
	for (size_t i = 0; i < KEYS_MAX && kind->keys[i]; i++)
		if (!keys->has(keys->of, kind->keys[i]))
			return false;
	return true;
}

/* ---- YAML ---- */

struct lines {
	const char *text;
	size_t len;
};

static bool is_key_char(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == '-' || c == '.' || c == '/';
}

/* The bytes of the key that the line begins with, 0 if it begins with none. */
static size_t key_of(const char *line, size_t len)
{
	size_t n = 0;

	while (n < len && is_key_char(line[n]))
		n++;
	if (n == 0 || n == len || line[n] != ':')
		return 0;
	return n + 1 == len || line[n + 1] == ' ' || line[n + 1] == '\r' ? n : 0;
}

/* The line at @at without its end; false at the end of the text. */
static bool next_line(const struct lines *lines, size_t *at, struct lines *ret)
{
	const char *end;

	if (*at >= lines->len)
		return false;
	ret->text = lines->text + *at;
	end = memchr(ret->text, '\n', lines->len - *at);
	ret->len = end ? (size_t)(end - ret->text) : lines->len - *at;
	*at += ret->len + 1;
	return true;
}

static bool yaml_has(const void *of, const char *key)
{
	const size_t len = strlen(key);
	struct lines line;

	for (size_t at = 0; next_line(of, &at, &line);)
		if (key_of(line.text, line.len) == len && memcmp(line.text, key, len) == 0)
			return true;
	return false;
}

static bool is_empty_line(const struct lines *line)
{
	size_t n = 0;

	while (n < line->len && (line->text[n] == ' ' || line->text[n] == '\r'))
		n++;
	return n == line->len || line->text[n] == '#';
}

/* Its first line that says anything is a key, or begins a document. */
static bool is_yaml(const struct lines *lines)
{
	struct lines line;

	if (memchr(lines->text, '\0', lines->len))
		return false;
	for (size_t at = 0; next_line(lines, &at, &line);) {
		if (is_empty_line(&line))
			continue;
		return key_of(line.text, line.len) > 0 ||
		       (line.len >= 3 && memcmp(line.text, "---", 3) == 0) ||
		       (line.len >= 5 && memcmp(line.text, "%YAML", 5) == 0);
	}
	return false;
}

static const struct recognised *recognise_yaml(const char *text, size_t len)
{
	static const struct recognised yaml = {
		"a YAML file", "name the bundle's directory; a policy is given with -p"
	};
	const struct lines lines = { text, len };
	const struct keys keys = { yaml_has, &lines };

	if (!is_yaml(&lines))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].in_yaml && matches(&kinds[i], &keys))
			return &kinds[i].is;
	return &yaml;
}

const struct recognised *recognise_bytes(const char *text, size_t len)
{
	static const struct recognised empty = {
		"an empty file", "name the bundle's directory, or give its config.json"
	};
	const struct recognised *is;

	if (len > RECOGNISE_BYTES)
		len = RECOGNISE_BYTES;
	if (len == 0)
		return &empty;
	for (size_t i = 0; i < ARRAY_SIZE(magics); i++) {
		const struct magic *m = &magics[i];

		if (len >= m->at + m->len && memcmp(text + m->at, m->bytes, m->len) == 0)
			return &m->is;
	}
	is = recognise_tar(text, len);
	return is ? is : recognise_yaml(text, len);
}

/* ---- JSON ---- */

struct object {
	const struct json *doc;
	uint32_t value;
};

static bool json_has(const void *of, const char *key)
{
	const struct object *object = of;

	return json_member(object->doc, object->value, key) != JSON_NONE;
}

/* As any runtime may spell it. */
static bool has_folded(const struct json *doc, const char *name)
{
	for (uint32_t v = json_first(doc, JSON_ROOT); v != JSON_NONE;
	     v = json_next(doc, JSON_ROOT, v))
		if (json_match_key(doc, json_key(doc, v), name) != JSON_DIFFERS)
			return true;
	return false;
}

const struct recognised *recognise_json(const struct json *doc)
{
	const bool list = json_type(doc, JSON_ROOT) == JSON_ARRAY;
	const struct object object = { doc, list ? json_first(doc, JSON_ROOT) : JSON_ROOT };
	const struct keys keys = { json_has, &object };

	if (object.value == JSON_NONE || json_type(doc, object.value) != JSON_OBJECT ||
	    (!list && (has_folded(doc, "process") || has_folded(doc, "root"))))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].in_json && kinds[i].in_list == list && matches(&kinds[i], &keys))
			return &kinds[i].is;
	return NULL;
}

/* ---- files and directories ---- */

/* The beginning of file @name; the number of bytes, or less than 0. */
static ssize_t read_beginning(int dir, const char *name, int flags, char *buf)
{
	auto_close int fd = openat(dir, name, flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	size_t n = 0;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -1;
	while (n < RECOGNISE_BYTES) {
		const ssize_t r = read(fd, buf + n, RECOGNISE_BYTES - n);

		if (r <= 0)
			break;
		n += (size_t)r;
	}
	return (ssize_t)n;
}

/* Longer ones are not of the kinds that JSON says. */
static const struct recognised *recognise_text(const char *text, size_t len)
{
	const struct recognised *is = NULL;
	struct json doc = { 0 };

	if (len == RECOGNISE_BYTES || json_scan(&doc, "", text, len, NULL) < 0)
		return recognise_bytes(text, len);
	is = recognise_json(&doc);
	json_free(&doc);
	return is;
}

const struct recognised *recognise_file(int dir, const char *name, int flags)
{
	auto_free char *buf = malloc(RECOGNISE_BYTES);
	const ssize_t n = buf ? read_beginning(dir, name, flags, buf) : -1;

	return n < 0 ? NULL : recognise_text(buf, (size_t)n);
}

static const struct {
	const char *names[2];
	struct recognised is;
} directories[] = {
	{ { "oci-layout" }, { "an OCI image layout", LAYOUT_HINT } },
	{ { "manifest.json", "repositories" }, { "an unpacked docker-archive", IMAGE_HINT } },
	{ { "manifest.json", "version" },
	  { "an image as 'skopeo copy' writes it to dir:", IMAGE_HINT } },
	{ { "userdata" }, { "podman's directory of a container", "name its directory userdata" } },
	{ { "bin", "etc" },
	  { "a root file system", "a bundle has one beside config.json, which 'runc spec' "
				  "creates; or name it with --rootfs, beside a bundle" } },
	{ { "usr", "etc" },
	  { "a root file system", "a bundle has one beside config.json, which 'runc spec' "
				  "creates; or name it with --rootfs, beside a bundle" } },
};

static bool has_names(int dir, const char *const names[2])
{
	for (size_t i = 0; i < 2 && names[i]; i++)
		if (faccessat(dir, names[i], F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			return false;
	return true;
}

/* What a file in it makes of a directory. */
static const struct {
	const char *file;
	struct recognised is;
} collections[] = {
	{ "a policy", { "a directory of policies", POLICY_HINT } },
	{ "a hooks.d file",
	  { "a directory of hooks.d files",
	    "apply, explain and lint read it with --hooks-dir, beside a bundle" } },
};

#define ENTRIES_MAX 1000
#define FILES_MAX   8

static bool is_text_file(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && name[0] != '.' && (streq(dot, ".yaml") || streq(dot, ".json"));
}

static const struct recognised *recognise_collection(int dir, const char *name)
{
	const struct recognised *file = recognise_file(dir, name, O_NOFOLLOW);

	for (size_t i = 0; file && i < ARRAY_SIZE(collections); i++)
		if (streq(file->what, collections[i].file))
			return &collections[i].is;
	return NULL;
}

static const struct recognised *recognise_entries(DIR *stream)
{
	const struct recognised *is = NULL;
	size_t files = 0;

	for (size_t n = 0; !is && n < ENTRIES_MAX && files < FILES_MAX; n++) {
		const struct dirent *d = readdir(stream);

		if (!d)
			break;
		if (!is_text_file(d->d_name))
			continue;
		files++;
		is = recognise_collection(dirfd(stream), d->d_name);
	}
	return is;
}

const struct recognised *recognise_dir(int dir)
{
	const struct recognised *is;
	int fd;
	DIR *stream;

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
		if (has_names(dir, directories[i].names))
			return &directories[i].is;
	fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	stream = fd < 0 ? NULL : fdopendir(fd);
	if (!stream) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	is = recognise_entries(stream);
	closedir(stream);
	return is;
}
