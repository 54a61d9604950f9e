/* SPDX-License-Identifier: Apache-2.0 */
/* The meaning of errnos, signals and exit statuses, in the container and on the host. */
#include <limits.h>

#include "doctor/symptom-internal.h"

/* clang-format off */
#define L(...) { __VA_ARGS__, N_CAUSES }
#define SAME { N_CAUSES }
/* clang-format on */

#define ERROR(words_, in, host_) { words_, in, host_ },
#define SIGNAL_(words_, number, in, host_)
#define STATUS_(status_, in, host_)
#define STATUS_OF(who_, from_, to_, causes_)
const struct meaning symptom_errors[] = {
#include "doctor/errors-table.h"
};
#undef ERROR
#undef SIGNAL_

#define ERROR(words_, in, host_)
#define SIGNAL_(words_, number, in, host_) { words_, in, host_ },
const struct meaning symptom_signals[] = {
#include "doctor/errors-table.h"
};
#undef SIGNAL_

#define SIGNAL_(words_, number, in, host_) number,
static const uint8_t signal_numbers[] = {
#include "doctor/errors-table.h"
};
#undef SIGNAL_
#undef STATUS_

#define SIGNAL_(words_, number, in, host_)
#define STATUS_(status_, in, host_) { { "", in, host_ }, status_ },
static const struct {
	struct meaning meaning;
	long status;
} statuses[] = {
#include "doctor/errors-table.h"
};
#undef STATUS_
#undef STATUS_OF

#define STATUS_(status_, in, host_)
#define STATUS_OF(who_, from_, to_, causes_) { who_, from_, to_, causes_ },
static const struct {
	char who[8];
	long from, to;
	uint8_t causes[ROW_CAUSES_MAX + 1];
} statuses_of[] = {
#include "doctor/errors-table.h"
};
#undef ERROR
#undef SIGNAL_
#undef STATUS_OF

#define STATUS_OF(...)
#define FIT(text)	   _Static_assert(FITS(text, symptom_errors[0].words), text " is too long");
#define ERROR(text, ...)   FIT(text)
#define SIGNAL_(text, ...) FIT(text)
#undef STATUS_
#define STATUS_(...)
#include "doctor/errors-table.h"

static const size_t n_errors = ARRAY_SIZE(symptom_errors);
static const size_t n_signals = ARRAY_SIZE(symptom_signals);

/* Blanks may be a line's end. */
static size_t skip_blanks(const char *text)
{
	return strspn(text, " \n\v");
}

/* How much of @text @words are, 0 if it does not begin so: Go and the C library differ in a letter. */
static size_t begins(const char *text, const char *words)
{
	const char *p = text + 1;

	if ((text[0] | 0x20) != (words[0] | 0x20))
		return 0;
	for (words++; *words; words++) {
		const size_t blanks = *words == ' ' ? skip_blanks(p) : 0;

		if (!blanks && *p != *words)
			return 0;
		p += blanks ? blanks : 1;
	}
	return (size_t)(p - text);
}

static uint8_t find(const struct meaning *meanings, size_t n, const char *text, size_t *len)
{
	*len = 0;
	for (size_t i = 0; *text && i < n; i++) {
		*len = begins(text, meanings[i].words);
		if (*len)
			return (uint8_t)(i + 1);
	}
	return 0;
}

uint8_t error_at(const char *text, size_t *len)
{
	return find(symptom_errors, n_errors, text, len);
}

uint8_t signal_at(const char *text, size_t *len)
{
	return find(symptom_signals, n_signals, text, len);
}

#define SIGNALLED 128

const struct meaning *status_meaning(long status)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == status)
			return &statuses[i].meaning;
	for (size_t i = 0; i < n_signals; i++)
		if (status - SIGNALLED == signal_numbers[i])
			return &symptom_signals[i];
	return NULL;
}

const uint8_t *status_causes(const char *who, long status)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses_of); i++)
		if (streq(who, statuses_of[i].who) && statuses_of[i].from <= status &&
		    status <= statuses_of[i].to)
			return statuses_of[i].causes;
	return NULL;
}

static struct piece base_of(struct piece path)
{
	const char *base = path.at;

	for (const char *p = path.at; p < path.at + path.len; p++)
		if (*p == '/')
			base = p + 1;
	return (struct piece){ base, path.len - (size_t)(base - path.at) };
}

bool is_helper(struct piece path)
{
	static const char *const helpers[] = {
		"nvidia-c",  "containerd-shim", "conmon",      "docker-init", "catatonit",
		"slirp4n",   "pasta",		"netavark",    "aardvark",    "fuse-overlayfs",
		"newuidmap", "newgidmap",	"rootlesskit", "iptables",    "runc",
		"crun",	     "docker-proxy",	"kata-",       "buildkit-",   "systemd-run"
	};
	struct piece base;

	if (!path.at)
		return false;
	base = base_of(path);
	for (size_t i = 0; i < ARRAY_SIZE(helpers); i++)
		if (base.len >= strlen(helpers[i]) &&
		    memcmp(base.at, helpers[i], strlen(helpers[i])) == 0)
			return true;
	return false;
}
