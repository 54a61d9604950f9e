/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the report formats, on literal results. */
#include <cJSON.h>

#include "base/utf8.h"
#include "render/render.h"
#include "render/source.h"
#include "test.h"

/* ---- results that are literal tables ---- */

#define CONFIG                                                  \
	"{\n"                                                   \
	"\t\"hooks\": {\n"                                      \
	"\t\t\"startContainer\": [\n"                           \
	"\t\t\t{ \"path\": \"/sbin/gone\", \"timeout\": 0 },\n" \
	"\t\t\t{ \"path\": \"/bin/gr\xc3\xbc\xc3\x9f\x65\" }\n" \
	"\t\t]\n"                                               \
	"\t}\n"                                                 \
	"}\n"

/* A finding about the value in CONFIG that @at quotes. */
struct row {
	const char *at;
	struct lint_finding finding;
};

static const struct row ordinary[] = {
	{ "\"/sbin/gone\"",
	  { .rule = RULE_HW201,
	    .severity = HW_SEVERITY_ERROR,
	    .stage = "startContainer",
	    .program = "/sbin/gone",
	    .message = "'/sbin/gone' does not exist in the container",
	    .hint = "'/usr/sbin/gone' does: use that path" } },
	{ "0",
	  { .rule = RULE_HW119,
	    .severity = HW_SEVERITY_WARNING,
	    .stage = "startContainer",
	    .program = "/sbin/gone",
	    .message = "timeout 0 is no timeout" } },
	{ "{ \"path\": \"/bin/gr",
	  { .rule = RULE_HW118,
	    .severity = HW_SEVERITY_NOTE,
	    .stage = "startContainer",
	    .index = 1,
	    .program = "/bin/gr\xc3\xbc\xc3\x9f\x65",
	    .message = "the hook inherits process.env",
	    .ignored = "wanted",
	    .ignored_inline = true } },
	{ NULL,
	  { .rule = RULE_HW502,
	    .severity = HW_SEVERITY_WARNING,
	    .unjudged = true,
	    .path = "/etc/p.yaml",
	    .line = 7,
	    .column = 3,
	    .policy = "p",
	    .message = "it cannot be told whether /etc is writable",
	    .ignored = "" } },
};

static struct lint_finding findings[16];
static struct hw_lint_result result;
static struct hw_lint lint = {
	.runtime_name = "runc",
	.runtime = { .kind = RUNTIME_RUNC, .known = true, .version = { 1, 1, 5 } },
};

static void place(struct lint_finding *f, const char *at)
{
	const struct bundle *b = &result.bundle;
	const char *p = strstr(b->text, at);
	struct where where;

	CHECK(p);
	f->start = (uint32_t)(p - b->text);
	f->end = f->start + (uint32_t)strlen(at);
	where = json_where(&b->doc, f->start);
	f->line = where.line;
	f->column = where.column;
	f->in_config = true;
	f->path = b->config_path;
}

/* Findings @rows about the bundle called @name with @config. */
static void make(const char *name, const char *config, const struct row *rows, size_t n)
{
	json_free(&result.bundle.doc);
	result = (struct hw_lint_result){ .name = name, .findings = findings, .n = n };
	result.n_hooks = 2;
	result.bundle.config_path = "web/config.json";
	result.bundle.text = (char *)config;
	result.bundle.len = strlen(config);
	CHECK_INT(json_scan(&result.bundle.doc, "", config, strlen(config), NULL), 0);
	CHECK(n <= ARRAY_SIZE(findings));
	for (size_t i = 0; i < n; i++) {
		findings[i] = rows[i].finding;
		if (rows[i].at)
			place(&findings[i], rows[i].at);
	}
}

static char *pieces;

static void add_piece(int r, char *piece, struct text *out)
{
	CHECK_INT(r, 0);
	text_puts(out, piece);
	free(piece);
}

/* JUnit's end, for bundles and skipped files as given. */
#define LAST_SUITE(bundles, links, outside, other)                                       \
	"\t<testsuite name=\"hookwright lint\" tests=\"0\" failures=\"0\" errors=\"0\" " \
	"skipped=\"0\" time=\"0\">\n\t\t<properties>\n"                                  \
	"\t\t\t<property name=\"bundles\" value=\"" bundles "\"/>\n"                     \
	"\t\t\t<property name=\"unread\" value=\"0\"/>\n"                                \
	"\t\t\t<property name=\"linksToDirectories\" value=\"" links "\"/>\n"            \
	"\t\t\t<property name=\"linksOutside\" value=\"" outside "\"/>\n"                \
	"\t\t\t<property name=\"otherConfigs\" value=\"" other "\"/>\n"                  \
	"\t\t\t<property name=\"complete\" value=\"1\"/>\n"                              \
	"\t\t</properties>\n\t</testsuite>\n"

/* The whole report of the bundle as it is in @result, @times over. */
static const char *report(enum hw_report format, bool colour, size_t times)
{
	const struct hw_report_totals totals = {
		.bundles = times,
		.errors = 1,
		.warnings = 1,
		.ignored = 2,
		.links = 3,
		.outside = 4,
		.foreign = 5,
	};
	struct text out = { 0 };
	char *piece = NULL;
	int r = hw_report_begin(&lint, format, colour, &piece, NULL);
	bool some = false;

	free(pieces);
	pieces = NULL;
	add_piece(r, piece, &out);
	for (size_t i = 0; i < times; i++) {
		r = hw_report_bundle(&result, format, colour, &piece, NULL);
		if (r == 0 && piece[0] && some)
			text_puts(&out, hw_report_separator(format));
		some = some || (r == 0 && piece[0]);
		add_piece(r, piece, &out);
	}
	r = hw_report_end(&lint, format, &totals, colour, &piece, NULL);
	add_piece(r, piece, &out);
	CHECK(!out.failed);
	pieces = out.data;
	return pieces;
}

static const char *ordinary_report(enum hw_report format, bool colour)
{
	make("web", CONFIG, ordinary, ARRAY_SIZE(ordinary));
	return report(format, colour, 1);
}

/* ---- what each format looks like ---- */

static void text_shows_the_source(void)
{
	CHECK_STR(ordinary_report(HW_REPORT_TEXT, false),
		  "web: would fail: 1 error, 1 warning, 2 ignored\n"
		  "\n"
		  "web/config.json:4:14: error: '/sbin/gone' does not exist in the container "
		  "[HW201]\n"
		  "     4 |             { \"path\": \"/sbin/gone\", \"timeout\": 0 },\n"
		  "       |                       ^~~~~~~~~~~~\n"
		  "  hint: '/usr/sbin/gone' does: use that path\n"
		  "\n"
		  "web/config.json:4:39: warning: timeout 0 is no timeout [HW119]\n"
		  "     4 |             { \"path\": \"/sbin/gone\", \"timeout\": 0 },\n"
		  "       |                                                ^\n"
		  "  hint: write whole seconds from 1 to 2147483647, or omit timeout\n"
		  "\n"
		  "1 bundle: 1 error, 1 warning, 2 ignored\n");
}

static void colours_mark_what_matters(void)
{
	static const struct row row = { "0",
					{ .rule = RULE_HW119,
					  .severity = HW_SEVERITY_WARNING,
					  .unjudged = true,
					  .message = "m",
					  .hint = "h" } };

	make("web", CONFIG, &row, 1);
	CHECK_STR(
		report(HW_REPORT_TEXT, true, 1),
		"\033[1mweb\033[0m: \033[1;33mcannot be judged\033[0m: 1 warning\n"
		"\n"
		"\033[1mweb/config.json:4:39: \033[0m\033[1;33mwarning:\033[0m m"
		"\033[2m [HW119, unknown]\033[0m\n"
		"\033[2m     4 |\033[0m             { \"path\": \"/sbin/gone\", \"timeout\": 0 },\n"
		"\033[2m       |\033[0m                                                "
		"\033[1;33m^\033[0m\n"
		"\033[1;32m  hint:\033[0m h\n"
		"\n"
		"\033[1m1 bundle: 1 error, 1 warning, 2 ignored\033[0m\n");
}

static void github_has_a_command_for_each(void)
{
	CHECK_STR(
		ordinary_report(HW_REPORT_GITHUB, true),
		"::error file=web/config.json,line=4,col=14,endLine=4,endColumn=26,"
		"title=HW201 program-missing::'/sbin/gone' does not exist in the container"
		"%0Ahint: '/usr/sbin/gone' does: use that path%0A" HW_RULES_URI "#HW201\n"
		"::warning file=web/config.json,line=4,col=39,endLine=4,endColumn=40,"
		"title=HW119 timeout-invalid::timeout 0 is no timeout"
		"%0Ahint: Write whole seconds from 1 to 2147483647, or omit timeout.%0A" HW_RULES_URI
		"#HW119\n");
}

static void gcc_has_a_line_for_each(void)
{
	CHECK_STR(ordinary_report(HW_REPORT_GCC, true),
		  "web/config.json:4:14: error: '/sbin/gone' does not exist in the container "
		  "[HW201]\n"
		  "web/config.json:4:39: warning: timeout 0 is no timeout [HW119]\n");
}

static void checkstyle_groups_by_file(void)
{
	CHECK_STR(
		ordinary_report(HW_REPORT_CHECKSTYLE, true),
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n"
		"\t<file name=\"web/config.json\">\n"
		"\t\t<error line=\"4\" column=\"14\" severity=\"error\" message=\"'/sbin/gone' "
		"does not exist in the container&#10;hint: '/usr/sbin/gone' does: use that path\" "
		"source=\"hookwright.HW201\"/>\n"
		"\t\t<error line=\"4\" column=\"39\" severity=\"warning\" message=\"timeout 0 is "
		"no timeout&#10;hint: Write whole seconds from 1 to 2147483647, or omit timeout.\" "
		"source=\"hookwright.HW119\"/>\n"
		"\t</file>\n</checkstyle>\n");
}

static void html_groups_by_rule_and_marks_the_place(void)
{
	const char *page = ordinary_report(HW_REPORT_HTML, true);

	CHECK(strstr(page, "<h2><span>web</span> <span><span class=\"tone\">would fail</span>: "
			   "1 error, 1 warning, 2 ignored</span></h2>\n"));
	CHECK(strstr(page, "#HW201\">HW201</a> program-missing</h3>"));
	CHECK(strstr(
		page,
		"<li class=\"error\">\n"
		"<div class=\"where\">web/config.json:4:14 \xc2\xb7 startContainer[0]</div>\n"
		"<p class=\"message\"><b class=\"tone\">error:</b> &#39;/sbin/gone&#39; does not "
		"exist in the container</p>\n"
		"<pre tabindex=\"0\"><span><i>   2  </i>    &quot;hooks&quot;: {</span>"));
	CHECK(strstr(page,
		     "<span class=\"at\"><i>   4  </i>            { &quot;path&quot;: "
		     "<mark>&quot;/sbin/gone&quot;</mark>, &quot;timeout&quot;: 0 },</span>"));
	CHECK(strstr(page, "<p class=\"dim\">ignored by an annotation: wanted</p>"));
	CHECK(strstr(page, "<li class=\"warning ignored\">\n"
			   "<div class=\"where\">/etc/p.yaml:7:3</div>\n"
			   "<p class=\"message\"><b class=\"tone\">warning, unknown:</b>"));
	make("web", CONFIG, NULL, 0);
	page = report(HW_REPORT_HTML, false, 2);
	CHECK(strstr(page, "</article>\n<article class=\"good clean\">\n<h2><span>web"));
}

static void junit_has_a_case_for_each(void)
{
	CHECK_STR(
		ordinary_report(HW_REPORT_JUNIT, true),
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuites name=\"hookwright lint\">\n"
		"\t<testsuite name=\"web\" tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"2\" "
		"time=\"0\">\n"
		"\t\t<testcase name=\"HW201 program-missing: startContainer[0]\" classname=\"web\" "
		"file=\"web/config.json\" line=\"4\" time=\"0\">\n"
		"\t\t\t<failure message=\"'/sbin/gone' does not exist in the container\" "
		"type=\"HW201\">web/config.json:4:14: error: '/sbin/gone' does not exist in the "
		"container [HW201]\nhint: '/usr/sbin/gone' does: use that path\n</failure>\n"
		"\t\t</testcase>\n"
		"\t\t<testcase name=\"HW119 timeout-invalid: startContainer[0]\" classname=\"web\" "
		"file=\"web/config.json\" line=\"4\" time=\"0\">\n"
		"\t\t\t<system-out>web/config.json:4:39: warning: timeout 0 is no timeout [HW119]\n"
		"hint: Write whole seconds from 1 to 2147483647, or omit timeout.\n"
		"</system-out>\n"
		"\t\t</testcase>\n"
		"\t\t<testcase name=\"HW118 env-inherited: startContainer[1]\" classname=\"web\" "
		"file=\"web/config.json\" line=\"5\" time=\"0\">\n"
		"\t\t\t<skipped message=\"wanted\"/>\n"
		"\t\t\t<system-out>web/config.json:5:4: note: the hook inherits process.env "
		"[HW118]\n"
		"hint: List the variables that the hook needs, PATH at least.\n</system-out>\n"
		"\t\t</testcase>\n"
		"\t\t<testcase name=\"HW502 policy-left-out: p\" classname=\"web\" "
		"file=\"/etc/p.yaml\" line=\"7\" time=\"0\">\n"
		"\t\t\t<skipped message=\"ignored\"/>\n"
		"\t\t\t<system-out>/etc/p.yaml:7:3: warning: it cannot be told whether /etc is "
		"writable [HW502, unknown]\n"
		"hint: See 'hookwright explain' for each of the conditions.\n</system-out>\n"
		"\t\t</testcase>\n"
		"\t</testsuite>\n" LAST_SUITE("1", "3", "4", "5") "</testsuites>\n");
}

static void json_has_every_member(void)
{
	const struct row rows[] = { ordinary[1], ordinary[3] };

	make("web", CONFIG, rows, 2);
	CHECK_STR(report(HW_REPORT_JSON, true, 1),
		  "{\n"
		  "\t\"version\": 1,\n"
		  "\t\"hookwright\": \"" HW_VERSION "\",\n"
		  "\t\"runtime\": \"runc\",\n"
		  "\t\"runtimeVersions\": [\n\t\t\"runc 1.1.5\"\n\t],\n"
		  "\t\"bundles\": [\n"
		  "\t\t{\n"
		  "\t\t\t\"bundle\": \"web\",\n"
		  "\t\t\t\"config\": \"web/config.json\",\n"
		  "\t\t\t\"hooks\": 2,\n"
		  "\t\t\t\"verdict\": \"works\",\n"
		  "\t\t\t\"findings\": [\n"
		  "\t\t\t\t{\n"
		  "\t\t\t\t\t\"rule\": \"HW119\",\n"
		  "\t\t\t\t\t\"name\": \"timeout-invalid\",\n"
		  "\t\t\t\t\t\"severity\": \"warning\",\n"
		  "\t\t\t\t\t\"unjudged\": false,\n"
		  "\t\t\t\t\t\"file\": \"web/config.json\",\n"
		  "\t\t\t\t\t\"line\": 4,\n"
		  "\t\t\t\t\t\"column\": 39,\n"
		  "\t\t\t\t\t\"endLine\": 4,\n"
		  "\t\t\t\t\t\"endColumn\": 40,\n"
		  "\t\t\t\t\t\"stage\": \"startContainer\",\n"
		  "\t\t\t\t\t\"hook\": 0,\n"
		  "\t\t\t\t\t\"program\": \"/sbin/gone\",\n"
		  "\t\t\t\t\t\"policy\": null,\n"
		  "\t\t\t\t\t\"message\": \"timeout 0 is no timeout\",\n"
		  "\t\t\t\t\t\"hint\": \"Write whole seconds from 1 to 2147483647, or omit "
		  "timeout.\",\n"
		  "\t\t\t\t\t\"ignored\": null\n"
		  "\t\t\t\t},\n"
		  "\t\t\t\t{\n"
		  "\t\t\t\t\t\"rule\": \"HW502\",\n"
		  "\t\t\t\t\t\"name\": \"policy-left-out\",\n"
		  "\t\t\t\t\t\"severity\": \"warning\",\n"
		  "\t\t\t\t\t\"unjudged\": true,\n"
		  "\t\t\t\t\t\"file\": \"/etc/p.yaml\",\n"
		  "\t\t\t\t\t\"line\": 7,\n"
		  "\t\t\t\t\t\"column\": 3,\n"
		  "\t\t\t\t\t\"endLine\": null,\n"
		  "\t\t\t\t\t\"endColumn\": null,\n"
		  "\t\t\t\t\t\"stage\": null,\n"
		  "\t\t\t\t\t\"hook\": null,\n"
		  "\t\t\t\t\t\"program\": null,\n"
		  "\t\t\t\t\t\"policy\": \"p\",\n"
		  "\t\t\t\t\t\"message\": \"it cannot be told whether /etc is writable\",\n"
		  "\t\t\t\t\t\"hint\": \"See 'hookwright explain' for each of the "
		  "conditions.\",\n"
		  "\t\t\t\t\t\"ignored\": {\n"
		  "\t\t\t\t\t\t\"reason\": null,\n"
		  "\t\t\t\t\t\t\"inline\": false\n"
		  "\t\t\t\t\t}\n"
		  "\t\t\t\t}\n"
		  "\t\t\t],\n"
		  "\t\t\t\"omitted\": []\n"
		  "\t\t}\n"
		  "\t],\n"
		  "\t\"totals\": {\n"
		  "\t\t\"bundles\": 1,\n"
		  "\t\t\"errors\": 1,\n"
		  "\t\t\"warnings\": 1,\n"
		  "\t\t\"notes\": 0,\n"
		  "\t\t\"ignored\": 2,\n"
		  "\t\t\"unjudged\": 0,\n"
		  "\t\t\"unread\": 0,\n"
		  "\t\t\"linksToDirectories\": 3,\n"
		  "\t\t\"linksOutside\": 4,\n"
		  "\t\t\"otherConfigs\": 5,\n"
		  "\t\t\"complete\": true\n"
		  "\t}\n"
		  "}\n");
}

/* Findings beyond the limit of a rule are one more line, whose weight is its count. */
static void each_format_tells_how_many_more_there_are(void)
{
	static const struct row more[] = {
		{ "0",
		  { .rule = RULE_HW119,
		    .severity = HW_SEVERITY_WARNING,
		    .message = "timeout 0 is no timeout" } },
		{ NULL,
		  { .rule = RULE_HW119,
		    .severity = HW_SEVERITY_WARNING,
		    .path = "web/config.json",
		    .omitted = 980,
		    .message = "... and 980 more findings of HW119 in this bundle" } },
		{ NULL,
		  { .rule = RULE_HW118,
		    .severity = HW_SEVERITY_NOTE,
		    .path = "web/config.json",
		    .omitted = 7,
		    .ignored = "wanted",
		    .message = "... and 7 more findings of HW118 in this bundle" } },
	};

	make("web", CONFIG, more, ARRAY_SIZE(more));
	CHECK_INT(hw_lint_result_count(&result, HW_SEVERITY_WARNING), 981);
	CHECK_INT(hw_lint_result_count(&result, HW_SEVERITY_NOTE), 0);
	CHECK_INT(hw_lint_result_ignored(&result), 7);
	report(HW_REPORT_TEXT, false, 1);
	CHECK(starts_with(pieces, "web: would run: 981 warnings, 7 ignored\n"));
	CHECK(strstr(pieces, "\n\nweb/config.json: warning: ... and 980 more findings of HW119 in "
			     "this bundle [HW119]\n\n"));
	CHECK(!strstr(pieces, "HW118"));
	CHECK(strstr(report(HW_REPORT_JSON, false, 1), "\t\t\t\"omitted\": [\n"
						       "\t\t\t\t{\n"
						       "\t\t\t\t\t\"rule\": \"HW119\",\n"
						       "\t\t\t\t\t\"name\": \"timeout-invalid\",\n"
						       "\t\t\t\t\t\"severity\": \"warning\",\n"
						       "\t\t\t\t\t\"unjudged\": false,\n"
						       "\t\t\t\t\t\"count\": 980,\n"
						       "\t\t\t\t\t\"ignored\": null\n"
						       "\t\t\t\t},\n"));
	CHECK(!strstr(pieces, "more findings"));
	CHECK(strstr(report(HW_REPORT_SARIF, false, 1), "\"omitted\": 980"));
	CHECK(strstr(pieces, "... and 980 more findings of HW119 in this bundle"));
	CHECK(strstr(report(HW_REPORT_JUNIT, false, 1), "tests=\"3\" failures=\"0\""));
	CHECK(strstr(pieces, "... and 980 more findings of HW119 in this bundle"));
	CHECK(strstr(report(HW_REPORT_GITHUB, false, 1),
		     "::warning file=web/config.json,title=HW119 timeout-invalid::... and 980 more "
		     "findings of HW119 in this bundle\n"));
}

/* ---- reading a report back ---- */

static cJSON *tree;

/* @text as JSON: strictly, and then for values(). */
static void read_back(const char *text)
{
	struct hw_error err = { 0 };
	struct json doc = { 0 };

	if (json_scan(&doc, "report", text, strlen(text), &err) < 0)
		FAIL("%u:%u: %s in\n%s", err.line, err.column, err.message, text);
	json_free(&doc);
	cJSON_Delete(tree);
	tree = cJSON_Parse(text);
	CHECK(tree);
}

/* The value at "runs/0/results/1/level" as JSON in one line, "absent" if there is none. */
static const char *value(const char *path)
{
	static char line[2048];
	char words[256], *save = NULL;
	const cJSON *at = tree;

	snprintf(words, sizeof(words), "%s", path);
	for (char *w = strtok_r(words, "/", &save); at && w; w = strtok_r(NULL, "/", &save))
		at = cJSON_IsArray(at) ? cJSON_GetArrayItem(at, atoi(w))
				       : cJSON_GetObjectItemCaseSensitive(at, w);
	if (!at)
		return "absent";
	CHECK(cJSON_PrintPreallocated((cJSON *)at, line, sizeof(line), false));
	return line;
}

static void codeclimate_has_what_gitlab_reads(void)
{
	char first[80];

	read_back(ordinary_report(HW_REPORT_CODECLIMATE, true));
	CHECK_STR(value("0/description"),
		  "\"'/sbin/gone' does not exist in the container [HW201]\"");
	CHECK_STR(value("0/severity"), "\"critical\"");
	CHECK_STR(value("0/location"),
		  "{\"path\":\"web/config.json\",\"lines\":{\"begin\":4,\"end\":4}}");
	CHECK_STR(value("1/severity"), "\"minor\"");
	CHECK_STR(value("2"), "absent"); /* ignored */
	snprintf(first, sizeof(first), "%s", value("0/fingerprint"));
	CHECK(strcmp(first, value("1/fingerprint")) != 0);
	make("web", CONFIG, NULL, 0);
	CHECK_STR(report(HW_REPORT_CODECLIMATE, false, 1), "[\n]\n");
	CHECK_STR(report(HW_REPORT_CHECKSTYLE, false, 1),
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n"
		  "</checkstyle>\n");
}

static const struct {
	const char *path, *want;
} sarif_rows[] = {
	{ "version", "\"2.1.0\"" },
	{ "runs/1", "absent" },
	{ "runs/0/tool/driver/name", "\"hookwright\"" },
	{ "runs/0/tool/driver/version", "\"" HW_VERSION "\"" },
	{ "runs/0/tool/driver/rules/0/id", "\"HW101\"" },
	{ "runs/0/tool/driver/rules/0/name", "\"bundle-unreadable\"" },
	{ "runs/0/tool/driver/rules/0/defaultConfiguration/level", "\"error\"" },
	{ "runs/0/columnKind", "\"unicodeCodePoints\"" },
	{ "runs/0/properties/runtime", "\"runc\"" },
	{ "runs/0/results/4", "absent" },
	{ "runs/0/invocations/0",
	  "{\"executionSuccessful\":true,\"properties\":{\"bundles\":1,\"unread\":0,"
	  "\"linksToDirectories\":3,\"linksOutside\":4,\"otherConfigs\":5}}" },

	{ "runs/0/results/0/ruleId", "\"HW201\"" },
	{ "runs/0/results/0/level", "\"error\"" },
	{ "runs/0/results/0/message/text",
	  "\"'/sbin/gone' does not exist in the container\\nhint: '/usr/sbin/gone' does: use that "
	  "path\"" },
	{ "runs/0/results/0/locations/0/physicalLocation",
	  "{\"artifactLocation\":{\"uri\":\"web/config.json\",\"uriBaseId\":\"%SRCROOT%\"},"
	  "\"region\":{\"startLine\":4,\"startColumn\":14,\"endLine\":4,\"endColumn\":26}}" },
	{ "runs/0/results/0/locations/0/logicalLocations/0/fullyQualifiedName",
	  "\"/hooks/startContainer/0\"" },
	{ "runs/0/results/0/suppressions", "absent" },
	{ "runs/0/results/0/properties/unjudged", "false" },
	{ "runs/0/results/0/properties/program", "\"/sbin/gone\"" },

	{ "runs/0/results/1/level", "\"warning\"" },
	{ "runs/0/results/1/message/text", "\"timeout 0 is no timeout\"" },
	{ "runs/0/results/2/level", "\"note\"" },
	{ "runs/0/results/2/suppressions",
	  "[{\"kind\":\"inSource\",\"justification\":\"wanted\"}]" },
	{ "runs/0/results/3/suppressions", "[{\"kind\":\"external\"}]" },
	{ "runs/0/results/3/locations/0",
	  "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"file:///etc/p.yaml\"},"
	  "\"region\":{\"startLine\":7,\"startColumn\":3}}}" },
	{ "runs/0/results/3/properties/unjudged", "true" },
	{ "runs/0/results/3/properties/policy", "\"p\"" },
};

static void sarif_tells_all(void)
{
	read_back(ordinary_report(HW_REPORT_SARIF, true));
	for (size_t i = 0; i < ARRAY_SIZE(sarif_rows); i++)
		if (!streq(value(sarif_rows[i].path), sarif_rows[i].want))
			FAIL("%s is %s, want %s", sarif_rows[i].path, value(sarif_rows[i].path),
			     sarif_rows[i].want);
}

static void sarif_results_point_to_their_rules(void)
{
	read_back(ordinary_report(HW_REPORT_SARIF, false));
	for (int i = 0; i < 4; i++) {
		char path[64], id[64];

		snprintf(path, sizeof(path), "runs/0/results/%d/ruleId", i);
		snprintf(id, sizeof(id), "%s", value(path));
		snprintf(path, sizeof(path), "runs/0/results/%d/ruleIndex", i);
		snprintf(path, sizeof(path), "runs/0/tool/driver/rules/%d/id", atoi(value(path)));
		CHECK_STR(value(path), id);
	}
}

/* ---- fingerprints ---- */

static const char *print_of(const char *config, const struct row *rows, size_t n, int i)
{
	char path[80];

	make("web", config, rows, n);
	read_back(report(HW_REPORT_SARIF, false, 1));
	snprintf(path, sizeof(path),
		 "runs/0/results/%d/partialFingerprints/primaryLocationLineHash", i);
	return value(path);
}

static void fingerprints_do_not_know_lines(void)
{
	struct row moved = ordinary[0];
	char before[64];

	snprintf(before, sizeof(before), "%s", print_of(CONFIG, ordinary, 2, 0));
	moved.finding.index = 3;
	CHECK_STR(print_of("\n\n[[[[[\"/sbin/gone\"]]]]]", &moved, 1, 0), before);
}

static void fingerprints_know_what_it_is_about(void)
{
	struct row other = ordinary[0];
	char before[64];

	snprintf(before, sizeof(before), "%s", print_of(CONFIG, ordinary, 2, 0));
	other.finding.message = "something else";
	CHECK(!streq(print_of(CONFIG, &other, 1, 0), before));
	other = ordinary[0];
	other.finding.stage = "poststop";
	CHECK(!streq(print_of(CONFIG, &other, 1, 0), before));
	other = ordinary[0];
	other.finding.program = "/sbin/other";
	CHECK(!streq(print_of(CONFIG, &other, 1, 0), before));
	other = ordinary[0];
	other.finding.program = NULL;
	CHECK(!streq(print_of(CONFIG, &other, 1, 0), before));
	CHECK_STR(print_of(CONFIG, ordinary, 4, 0), before);
}

static void equal_findings_are_counted(void)
{
	const struct row rows[] = { ordinary[0], ordinary[1], ordinary[0], ordinary[0] };
	char first[64], *end;

	snprintf(first, sizeof(first), "%s", print_of(CONFIG, rows, 4, 0));
	end = strstr(first, ":1\"");
	CHECK(end);
	end[1] = '2';
	CHECK_STR(print_of(CONFIG, rows, 4, 2), first);
	end[1] = '3';
	CHECK_STR(print_of(CONFIG, rows, 4, 3), first);
	CHECK(strstr(report(HW_REPORT_JUNIT, false, 1), "startContainer[0] (3)\" classname"));
}

/* ---- many, one and none ---- */

static void a_clean_bundle_is_seen_by_machines_only(void)
{
	static const struct hw_report_totals totals = { .bundles = 1, .ignored = 1 };
	char *piece = NULL;

	make("web", "{}", NULL, 0);
	CHECK_INT(hw_report_bundle(&result, HW_REPORT_TEXT, false, &piece, NULL), 0);
	CHECK_STR(piece, "");
	free(piece);
	CHECK_INT(hw_report_end(&lint, HW_REPORT_TEXT, &totals, true, &piece, NULL), 0);
	CHECK_STR(piece, "");
	free(piece);
	CHECK_STR(report(HW_REPORT_GITHUB, false, 1), "");
	CHECK_STR(report(HW_REPORT_JUNIT, false, 1),
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		  "<testsuites name=\"hookwright lint\">\n"
		  "\t<testsuite name=\"web\" tests=\"1\" failures=\"0\" errors=\"0\" "
		  "skipped=\"0\" time=\"0\">\n"
		  "\t\t<testcase name=\"lint\" classname=\"web\" time=\"0\"/>\n"
		  "\t</testsuite>\n" LAST_SUITE("1", "3", "4", "5") "</testsuites>\n");
	read_back(report(HW_REPORT_JSON, false, 1));
	CHECK_STR(value("bundles/0/findings"), "[]");
	CHECK_STR(value("bundles/0/verdict"), "\"works\"");
	read_back(report(HW_REPORT_SARIF, false, 3));
	CHECK_STR(value("runs/0/results"), "[]");
}

static void ignored_findings_are_no_news(void)
{
	make("web", CONFIG, &ordinary[2], 2);
	CHECK(strncmp(report(HW_REPORT_TEXT, false, 1), "1 bundle:", 9) == 0);
	CHECK_STR(report(HW_REPORT_GITHUB, false, 1), "");
	findings[0].severity = HW_SEVERITY_ERROR;
	CHECK(strstr(report(HW_REPORT_JUNIT, false, 1),
		     "failures=\"0\" errors=\"0\" skipped=\"2\""));
}

static void no_bundle_is_a_report_too(void)
{
	read_back(report(HW_REPORT_JSON, false, 0));
	CHECK_STR(value("bundles"), "[]");
	read_back(report(HW_REPORT_SARIF, false, 0));
	CHECK_STR(value("runs/0/invocations/0/executionSuccessful"), "false");
	CHECK_STR(report(HW_REPORT_JUNIT, false, 0),
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		  "<testsuites name=\"hookwright lint\">\n" LAST_SUITE("0", "3", "4",
								       "5") "</testsuites>\n");
}

static void bundles_follow_each_other(void)
{
	ordinary_report(HW_REPORT_TEXT, false);
	read_back(report(HW_REPORT_JSON, false, 3));
	CHECK_STR(value("bundles/2/findings/3/rule"), "\"HW502\"");
	CHECK_STR(value("bundles/3"), "absent");
	read_back(report(HW_REPORT_SARIF, false, 3));
	CHECK_STR(value("runs/0/results/11/ruleId"), "\"HW502\"");
	CHECK_STR(value("runs/0/results/12"), "absent");
	CHECK(strstr(report(HW_REPORT_TEXT, false, 2), "\n\nweb: would fail"));
}

/* A bundle that could not be read has no text and no place. */
static void a_bundle_may_be_unreadable(void)
{
	static const struct row row = { NULL,
					{ .rule = RULE_HW101,
					  .severity = HW_SEVERITY_ERROR,
					  .path = "./no such: bundle",
					  .message = "cannot open it",
					  .hint = "name another" } };

	make("no such", "{}", &row, 1);
	result.bundle.text = NULL;
	result.bundle.len = 0;
	json_free(&result.bundle.doc);
	result.bundle.doc = (struct json){ 0 };
	result.bundle.config_path = NULL;
	CHECK_STR(report(HW_REPORT_TEXT, false, 1),
		  "no such: would fail: 1 error\n\n"
		  "./no such: bundle: error: cannot open it [HW101]\n  hint: name another\n\n"
		  "1 bundle: 1 error, 1 warning, 2 ignored\n");
	CHECK_STR(report(HW_REPORT_GITHUB, false, 1),
		  "::error file=./no such%3A bundle,title=HW101 bundle-unreadable::cannot open it"
		  "%0Ahint: name another%0A" HW_RULES_URI "#HW101\n");
	read_back(report(HW_REPORT_JSON, false, 1));
	CHECK_STR(value("bundles/0/config"), "null");
	CHECK_STR(value("bundles/0/findings/0/line"), "null");
	read_back(report(HW_REPORT_SARIF, false, 1));
	CHECK_STR(value("runs/0/results/0/locations/0/physicalLocation"),
		  "{\"artifactLocation\":{\"uri\":\"no%20such%3A%20bundle\",\"uriBaseId\":"
		  "\"%SRCROOT%\"},\"region\":{\"startLine\":1}}");
}

static const struct {
	enum rule rule;
	enum hw_severity severity;
	bool unjudged, ignored;
	enum truth want;
} verdict_rows[] = {
	{ RULE_HW201, HW_SEVERITY_ERROR, false, false, NO },
	{ RULE_HW201, HW_SEVERITY_ERROR, false, true, YES },
	{ RULE_HW309, HW_SEVERITY_ERROR, false, false, NO },
	{ RULE_HW401, HW_SEVERITY_ERROR, false, false, YES },
	{ RULE_HW501, HW_SEVERITY_ERROR, false, false, YES },
	{ RULE_HW201, HW_SEVERITY_WARNING, false, false, YES },
	{ RULE_HW201, HW_SEVERITY_WARNING, true, false, UNKNOWN },
	{ RULE_HW201, HW_SEVERITY_WARNING, true, true, YES },
	{ RULE_HW404, HW_SEVERITY_NOTE, true, false, UNKNOWN },
};

static void verdicts_follow_the_findings(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(verdict_rows); i++) {
		struct row rows[2] = { { NULL, { .unjudged = true, .ignored = "" } } };

		rows[1].finding =
			(struct lint_finding){ .rule = verdict_rows[i].rule,
					       .severity = verdict_rows[i].severity,
					       .unjudged = verdict_rows[i].unjudged,
					       .ignored = verdict_rows[i].ignored ? "" : NULL };
		make("web", "{}", rows, 2);
		if (render_verdict(&result) != verdict_rows[i].want)
			FAIL("row %zu is %d", i, (int)render_verdict(&result));
	}
}

/* ---- the line of source ---- */

#define TEN_BLANKS "          "
#define TEN	   "0123456789"
#define FIFTY	   TEN TEN TEN TEN TEN

static const struct {
	const char *before, *value, *after; /* of the text */
	const char *want;		    /* the line, and the marks below it */
} source_rows[] = {
	{ "", "", "", "\n^" },
	{ "", "1", "", "1\n^" },
	{ "a\n", "12", "\nb", "12\n^~" },
	{ "a\r\nx ", "12", "\r\nb", "x 12\n  ^~" },
	{ "a", "\r", "b", "a?b\n ^" },
	{ "\t\"k\":\t", "\"v\"", ",\n", "    \"k\":    \"v\",\n            ^~~" },
	{ "\xc3\xbc\xe2\x82\xac ", "\"\xf0\x9f\x98\x80\"", "",
	  "\xc3\xbc\xe2\x82\xac \"\xf0\x9f\x98\x80\"\n   ^~~" },
	/* what no text has */
	{ "\xff\xc3 ", "\x1b[31m", "\x07\xc2\x9b\xed\xa0\x80", "?? ?[31m?????\n   ^~~~~" },
	/* what would show the value as another */
	{ "\"\xe2\x80\xae", "lru", "\xe2\x80\xac\"", "\"?lru?\"\n  ^~~" },
	/* a value of several lines is marked to the end of its first */
	{ "x: ", "[ 1,\n  2 ]", "\n", "x: [ 1,\n   ^~~~" },
	{ "x\n", "\n", "y", "\n^" },
	/* the file ends too early */
	{ "{\n  \"a\": 1", "", "", "  \"a\": 1\n        ^" },

	/* long lines: whole when they fit, else cut where it matters least */
	{ FIFTY, "v", FIFTY,
	  "\xe2\x80\xa6"
	  "3456789" TEN TEN TEN "v" FIFTY "\n" TEN_BLANKS TEN_BLANKS TEN_BLANKS "        ^" },
	{ FIFTY TEN TEN TEN "0123456", "v", "", FIFTY TEN TEN TEN "0123456v\n" },
	/* one character has the room of the mark that it is cut */
	{ FIFTY TEN TEN TEN "0123456", "v", "w", FIFTY TEN TEN TEN "0123456vw\n" },
	{ FIFTY TEN TEN TEN "0123456", "v", "wx",
	  "\xe2\x80\xa6"
	  "23456789" TEN TEN TEN TEN TEN TEN TEN "0123456vwx\n" },
	{ "", "v", FIFTY TEN TEN TEN "01234567", "v" FIFTY TEN TEN TEN "01234567\n^" },
	{ "", "v", FIFTY FIFTY, "v" FIFTY TEN TEN TEN "0123456\xe2\x80\xa6\n^" },
	{ FIFTY FIFTY, FIFTY FIFTY, "",
	  "\xe2\x80\xa6"
	  "23456789" TEN TEN FIFTY TEN "\xe2\x80\xa6\n" },
};

static void the_source_is_shown_in_a_window(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(source_rows); i++) {
		CLEANUP(text_free) struct text all = { 0 }, out = { 0 };
		struct source_window w;
		size_t from, to;

		text_puts(&all, source_rows[i].before);
		from = all.len;
		text_puts(&all, source_rows[i].value);
		to = all.len;
		text_puts(&all, source_rows[i].after);
		w = source_window(all.data, all.len, from, to);
		source_line(&out, &w);
		text_puts(&out, "\n");
		text_pad(&out, w.indent);
		text_puts(&out, "^");
		for (size_t j = 1; j < w.width; j++)
			text_puts(&out, "~");
		if (strncmp(out.data, source_rows[i].want, strlen(source_rows[i].want)) != 0)
			FAIL("row %zu is\n%s\n, want\n%s", i, out.data, source_rows[i].want);
		CHECK(strlen(source_rows[i].want) == out.len ||
		      strlen(source_rows[i].before) >= 50);
	}
}

/* ---- hostile texts ---- */

/* One finding whose every text is @text. */
static void make_hostile(const char *text)
{
	const struct row row = { NULL,
				 { .rule = RULE_HW201,
				   .severity = HW_SEVERITY_ERROR,
				   .path = text,
				   .line = 1,
				   .column = 2,
				   .program = text,
				   .policy = text,
				   .message = text,
				   .hint = text } };

	make(text, "{}", &row, 1);
	result.bundle.config_path = text;
}

static const struct {
	enum hw_report format;
	const char *text, *want; /* somewhere in the report */
} hostile_rows[] = {
	{ HW_REPORT_TEXT, "a\nb:1:1: error: \x1b[2J\xff",
	  "error: a?b:1:1: error: ?[2J? [HW201]\n" },
	{ HW_REPORT_TEXT, "a\nb\xc2\x9b", "\na?b??:1:2: error: " },
	{ HW_REPORT_TEXT, "a\nb\x1b", "  hint: a?b?\n" },
	{ HW_REPORT_TEXT, "a\nb\x1b", "a?b?: would fail: 1 error\n" },

	{ HW_REPORT_JSON, "\"\\/\b\n\r\t\x01\x7f",
	  "\"message\": \"\\\"\\\\/\\b\\n\\r\\t\\u0001\\u007f\"" },
	{ HW_REPORT_JSON, "\xff\xed\xa0\x80\xc2\x9b\xe2\x80\xa8",
	  "\"file\": \"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\u009b\\u2028\"" },
	{ HW_REPORT_JSON, "\xf0\x9f\x98\x80", "\"policy\": \"\xf0\x9f\x98\x80\"" },

	{ HW_REPORT_SARIF, "a b%\xff?#:\n", "\"uri\": \"a%20b%25%FF%3F%23%3A%0A\"" },
	{ HW_REPORT_SARIF, "http://x/", "\"uri\": \"http%3A//x/\"" },
	{ HW_REPORT_SARIF, "//x/../y", "\"uri\": \"file:////x/../y\"" },
	{ HW_REPORT_SARIF, "././a", "\"uri\": \"a\"" },
	{ HW_REPORT_SARIF, "./", "\"uri\": \"./\"" },
	{ HW_REPORT_SARIF, "", "\"uri\": \"\"" },

	{ HW_REPORT_JUNIT, "<&>\"'\n\t\r",
	  "<failure message=\"&lt;&amp;&gt;&quot;'&#10;&#9;&#13;\"" },
	{ HW_REPORT_JUNIT, "]]></failure>", "error: ]]&gt;&lt;/failure&gt; [HW201]" },
	{ HW_REPORT_JUNIT, "\x01\x1b\x7f\xc2\x85\xff\xef\xbf\xbe\xef\xbf\xbf\xed\xa0\x80.",
	  "classname=\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
	  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd.\"" },

	{ HW_REPORT_GITHUB, "a,b:c%d\r\n::e", "::error file=a%2Cb%3Ac%25d%0D%0A?%3Ae,line=1," },
	{ HW_REPORT_GITHUB, "a,b:c%d\r\n::e",
	  "::a,b:c%25d%0D%0A?:e%0Ahint: a,b:c%25d%0D%0A?:e%0A" },
	{ HW_REPORT_GITHUB, "\x1b[31m\xff\x7f\xc2\x9b\t", "::?[31m?????%0A" },

	/* Commands of CI runners. */
	{ HW_REPORT_TEXT, "::e::##[f]", "\n?:e::#?[f]:1:2: error: ?:e::#?[f] [HW201]\n" },
	{ HW_REPORT_TEXT, "--- x", "?-- x: would fail" },
	{ HW_REPORT_JSON, "##vso[x]", "\"message\": \"#\\u0023vso[x]\"" },
	{ HW_REPORT_JSON, "\xe2\x80\xae\xe2\x80\x8b", "\"message\": \"\\u202e\\u200b\"" },
	{ HW_REPORT_SARIF, "section_start:1:x", "\"text\": \"section\\u005fstart:1:x\\nhint: " },
	{ HW_REPORT_JUNIT, "##teamcity[x]", "message=\"#&#35;teamcity[x]\"" },
	{ HW_REPORT_JUNIT, "a\n::error::x", "a\n&#58;:error::x:1:2: error: " },
	{ HW_REPORT_JUNIT, "\xe2\x80\xae", "message=\"&#8238;\"" },
	{ HW_REPORT_GITHUB, "##[e]", "::#?[e]%0Ahint: #?[e]%0A" },
	{ HW_REPORT_GCC, "::e::##[f]", "?:e::#?[f]:1:2: error: ::e::#?[f] [HW201]\n" },
	{ HW_REPORT_CHECKSTYLE, "##teamcity[x]", "message=\"#&#35;teamcity[x]&#10;hint: " },
	{ HW_REPORT_CODECLIMATE, "##vso[x]", "\"description\": \"#\\u0023vso[x] [HW201]\"" },

	{ HW_REPORT_GCC, "a\nb\xc2\x9b", "a?b??:1:2: error: a?b?? [HW201]\n" },
	{ HW_REPORT_CHECKSTYLE, "<&>\"'\n\t\r",
	  "<file name=\"&lt;&amp;&gt;&quot;'&#10;&#9;&#13;\">" },
	{ HW_REPORT_HTML, "</script><!--\n\t", "&lt;/script&gt;&lt;!--\xef\xbf\xbd\xef\xbf\xbd" },
	{ HW_REPORT_HTML, "'\"&amp;", "&#39;&quot;&amp;amp;" },
	{ HW_REPORT_HTML, "\xe2\x80\xae\xff", ":</b> \xef\xbf\xbd\xef\xbf\xbd</p>" },
	{ HW_REPORT_CODECLIMATE, "././\"\\", "\"path\": \"\\\"\\\\\"" },
};

static void hostile_texts_stay_data(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(hostile_rows); i++) {
		const char *got;

		make_hostile(hostile_rows[i].text);
		got = report(hostile_rows[i].format, false, 1);
		if (!strstr(got, hostile_rows[i].want))
			FAIL("row %zu: '%s' is not in\n%s", i, hostile_rows[i].want, got);
	}
}

/* ---- random texts ---- */

/* Nothing but printable characters, and of controls only those in @allowed. */
static void check_characters(const char *text, const char *allowed)
{
	const unsigned char *p = (const unsigned char *)text, *const end = p + strlen(text);

	for (size_t len; p < end; p += len) {
		int32_t c;

		len = utf8_decode(p, end, &c);
		CHECK(len > 0);
		CHECK((c >= 0x20 && (c < 0x7f || c > 0x9f)) || strchr(allowed, c));
		CHECK(c != 0xfffe && c != 0xffff);
	}
	CHECK(!strstr(text, "##"));
}

static size_t count_of(const char *text, const char *part)
{
	size_t n = 0;

	for (const char *p = strstr(text, part); p; p = strstr(p + strlen(part), part))
		n++;
	return n;
}

static void check_json(const char *text)
{
	check_characters(text, "\n\t");
	read_back(text);
}

/* Tags of the format alone, quotes in pairs, and no "&" except in references. */
static void check_junit(const char *text)
{
	static const char *const references[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#" };
	size_t known = 0;

	check_characters(text, "\n\t");
	CHECK_INT(count_of(text, "<"), 19);
	CHECK_INT(count_of(text, ">"), 19);
	CHECK_INT(count_of(text, "\"") % 2, 0);
	for (size_t i = 0; i < ARRAY_SIZE(references); i++)
		known += count_of(text, references[i]);
	CHECK_INT(count_of(text, "&"), known);
}

static void check_text(const char *text)
{
	check_characters(text, "\n");
	CHECK_INT(count_of(text, "\n"), 6);
}

static void check_gcc(const char *text)
{
	check_characters(text, "\n");
	CHECK_INT(count_of(text, "\n"), 1);
}

/* Its own script and style have the first and the last of these; a finding has the rest. */
static void check_html(const char *text)
{
	check_characters(text, "\n\t");
	CHECK_INT(count_of(text, "<script"), 1);
	CHECK_INT(count_of(text, "<style"), 1);
	CHECK_INT(count_of(text, "<li"), count_of(text, "</li>"));
	CHECK_INT(count_of(text, "<!"), 1);
	CHECK_INT(count_of(text, "<p"), 6);
}

/* Two tags of the document, one of the file, one of the finding. */
static void check_checkstyle(const char *text)
{
	check_characters(text, "\n\t");
	CHECK_INT(count_of(text, "<"), 6);
	CHECK_INT(count_of(text, ">"), 6);
	CHECK_INT(count_of(text, "\"") % 2, 0);
}

static void check_github(const char *text)
{
	check_characters(text, "\n");
	CHECK_INT(count_of(text, "\n"), 1);
	CHECK(strncmp(text, "::error file=", 13) == 0);
}

static const struct {
	enum hw_report format;
	void (*check)(const char *text);
} checks[] = {
	{ HW_REPORT_TEXT, check_text },
	{ HW_REPORT_JSON, check_json },
	{ HW_REPORT_SARIF, check_json },
	{ HW_REPORT_JUNIT, check_junit },
	{ HW_REPORT_GITHUB, check_github },
	{ HW_REPORT_GCC, check_gcc },
	{ HW_REPORT_CHECKSTYLE, check_checkstyle },
	{ HW_REPORT_CODECLIMATE, check_json },
	{ HW_REPORT_HTML, check_html },
};

/* Bytes that formats treat in their own way come often. */
static void random_text(char *text, size_t len)
{
	static const char special[] = "\"\\<>&]%:,\n\r\t\x1b\x7f\xc2\x9b\xe2\x80\xa8\xff";

	for (size_t i = 0; i < len; i++)
		text[i] = (char)(rand() % 2 ? special[(size_t)rand() % (sizeof(special) - 1)]
					    : 1 + rand() % 255);
	text[len] = '\0';
}

static void random_texts_break_nothing(void)
{
	char text[64];

	srand(4);
	for (int i = 0; i < 2000; i++) {
		const struct hw_report_totals totals = { .bundles = 1, .errors = 1 };
		char *end = NULL;

		random_text(text, (size_t)rand() % (sizeof(text) - 1));
		make_hostile(text);
		for (size_t j = 0; j < ARRAY_SIZE(checks); j++)
			checks[j].check(report(checks[j].format, false, 1));
		CHECK_INT(hw_report_end(&lint, HW_REPORT_TEXT, &totals, false, &end, NULL), 0);
		free(end);
	}
}

/* As the source of a finding, anything may stand: the file may be no JSON at all. */
static void random_sources_break_nothing(void)
{
	char text[256];

	srand(5);
	for (int i = 0; i < 20000; i++) {
		CLEANUP(text_free) struct text out = { 0 };
		size_t len = (size_t)rand() % (sizeof(text) - 1), from, to;
		struct source_window w;

		random_text(text, len);
		from = (size_t)rand() % (len + 1);
		to = (size_t)rand() % (sizeof(text) + 9);
		w = source_window(text, len, from, to);
		text_puts(&out, "");
		source_line(&out, &w);
		check_characters(out.data, "");
		CHECK(w.start >= text && w.start <= text + from && w.end <= text + len);
		/* The mark of a cut is at either side, and a value may begin behind the last. */
		CHECK(w.width >= 1 && w.indent + w.width <= 92);
	}
}

/* Of a text that ran out of memory nothing is handed over. */
static void no_memory_is_remembered(void)
{
	const struct render_format *const all[] = { &render_text, &render_json, &render_sarif,
						    &render_junit, &render_github };
	const struct hw_report_totals totals = { .bundles = 1, .errors = 1 };

	make("web", CONFIG, ordinary, ARRAY_SIZE(ordinary));
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct text out = { .failed = true };

		if (all[i]->begin)
			all[i]->begin(&out, &lint);
		all[i]->bundle(&out, &result, true);
		if (all[i]->end)
			all[i]->end(&out, &totals, true);
		CHECK(out.failed && !out.data);
	}
}
int main(void)
{
	RUN(text_shows_the_source);
	RUN(colours_mark_what_matters);
	RUN(github_has_a_command_for_each);
	RUN(html_groups_by_rule_and_marks_the_place);
	RUN(junit_has_a_case_for_each);
	RUN(gcc_has_a_line_for_each);
	RUN(checkstyle_groups_by_file);
	RUN(codeclimate_has_what_gitlab_reads);
	RUN(json_has_every_member);
	RUN(each_format_tells_how_many_more_there_are);
	RUN(sarif_tells_all);
	RUN(sarif_results_point_to_their_rules);
	RUN(fingerprints_do_not_know_lines);
	RUN(fingerprints_know_what_it_is_about);
	RUN(equal_findings_are_counted);
	RUN(a_clean_bundle_is_seen_by_machines_only);
	RUN(ignored_findings_are_no_news);
	RUN(no_bundle_is_a_report_too);
	RUN(bundles_follow_each_other);
	RUN(a_bundle_may_be_unreadable);
	RUN(verdicts_follow_the_findings);
	RUN(the_source_is_shown_in_a_window);
	RUN(hostile_texts_stay_data);
	RUN(random_texts_break_nothing);
	RUN(random_sources_break_nothing);
	RUN(no_memory_is_remembered);
	json_free(&result.bundle.doc);
	cJSON_Delete(tree);
	free(pieces);
	return DONE();
}
