/* SPDX-License-Identifier: Apache-2.0 */
/* The line that shows on a terminal how far lint is, and what Ctrl-C does to a run. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/start.h"
#include "lint/cmd-lint.h"

#define MS	  ((uint64_t)1000000)
#define FIRST_NS  (500 * MS) /* a run that is shorter shows nothing */
#define PERIOD_NS (100 * MS)
#define SECOND_NS (1000 * MS)

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * SECOND_NS + (uint64_t)t.tv_nsec;
}

static bool can_erase(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && term[0] && strcmp(term, "dumb") != 0;
}

void progress_start(struct progress *p, size_t total, bool quiet)
{
	*p = (struct progress){ .shown = !quiet && can_erase(), .total = total };
	if (!p->shown)
		return;
	p->start = now_ns();
	p->due = p->start + FIRST_NS;
}

/* "412 of 10000 bundles, 410/s, 23 s left" */
static void show(const struct progress *p, uint64_t elapsed)
{
	const uint64_t rate = p->done * SECOND_NS / elapsed;
	char line[128], of[32] = "", left[48] = "";

	if (p->total)
		snprintf(of, sizeof(of), " of %zu", p->total);
	if (p->total > p->done)
		snprintf(left, sizeof(left), ", %" PRIu64 " s left",
			 (p->total - p->done) * (elapsed / MS) / p->done / 1000 + 1);
	snprintf(line, sizeof(line), "%zu%s bundles, %" PRIu64 "/s%s", p->done, of, rate, left);
	status_show(line);
}

void progress_step(struct progress *p)
{
	uint64_t now;

	p->done++;
	if (!p->shown)
		return;
	now = now_ns();
	if (now < p->due)
		return;
	p->due = now + PERIOD_NS;
	show(p, now - p->start);
}

/* ---- signals ---- */

static const int caught[] = { SIGINT, SIGTERM };
static volatile sig_atomic_t received;

static void receive(int signal)
{
	received = signal;
}

/*
 * The second signal ends the program at once. Files of a bundle are read again when a signal
 * interrupts that, but nobody shall wait for the end of standard input.
 */
void interrupt_catch(bool reads_stdin)
{
	struct sigaction action = { .sa_handler = receive, .sa_flags = (int)SA_RESETHAND };

	action.sa_flags |= reads_stdin ? 0 : SA_RESTART;
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++) {
		struct sigaction old;

		/* Who started the program may have asked for it to be ignored. */
		if (sigaction(caught[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
	}
}

bool interrupted(void)
{
	return received;
}

void interrupt_end(void)
{
	if (!received)
		return;
	fflush(stdout);
	signal(received, SIG_DFL);
	raise(received);
}
