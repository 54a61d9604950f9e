/* SPDX-License-Identifier: Apache-2.0 */
/* The datagrams by which hookwright-run, in the container, reports to the host. */
#pragma once

/*
 * Both sides include this and nothing else of each other: cmd/run/record.c writes the datagrams,
 * helper/record.c reads them. A datagram stands for itself, whatever became of those before it:
 *
 *	offset  bytes
 *	     0      4  RECORD_MAGIC; its last byte is the version of the format
 *	     4      1  enum record_type
 *	     5      1  OUTPUT: enum record_stream; END: enum record_outcome; else 0
 *	     6      2  length of the policy's name
 *	     8      2  length of the container's ID
 *	    10      2  length of the text
 *	    12      4  sequence: 0, 1, 2, ... of one helper; a gap is what the host did not take in time
 *	    16      8  nanoseconds since the Epoch
 *	    24      -  END only: the RECORD_END_SIZE bytes of below
 *	     -      -  the policy's name, the container's ID, the text; nothing follows
 *
 *	   END: 0   4  the exit status, the signal or the errno, by the outcome
 *	        4   4  processes that are still there, because they could not be stopped
 *	        8   8  microseconds that it took
 *	       16   8  bytes of output that the hook wrote
 *	       24   8  bytes of these that were left out
 *
 * Integers are little-endian. The name and the ID do not have control characters; the text is what
 * the hook wrote, or a sentence of the helper: any bytes. Whoever can reach the socket can write
 * such datagrams, so nothing in them is to be trusted.
 */
#define RECORD_MAGIC "HWR\001"

enum {
	RECORD_MAGIC_SIZE = 4,
	RECORD_AT_TYPE = 4,
	RECORD_AT_DETAIL = 5,
	RECORD_AT_POLICY = 6,
	RECORD_AT_CONTAINER = 8,
	RECORD_AT_TEXT = 10,
	RECORD_AT_SEQUENCE = 12,
	RECORD_AT_TIME = 16,
	RECORD_HEAD_SIZE = 24,

	RECORD_AT_VALUE = 0,
	RECORD_AT_LEFT = 4,
	RECORD_AT_DURATION = 8,
	RECORD_AT_WRITTEN = 16,
	RECORD_AT_OMITTED = 24,
	RECORD_END_SIZE = 32,

	RECORD_POLICY_MAX = 255,
	RECORD_CONTAINER_MAX = 1024, /* as runc allows it */
	RECORD_TEXT_MAX = 4096,
	RECORD_SIZE_MAX = RECORD_HEAD_SIZE + RECORD_END_SIZE + RECORD_POLICY_MAX +
			  RECORD_CONTAINER_MAX + RECORD_TEXT_MAX,
};

enum record_type {
	RECORD_BEGIN = 1,  /* the text is the path of the hook's program */
	RECORD_OUTPUT = 2, /* the text is one line or more; without a newline at its end the last
			      one goes on in the next record of its stream, or never ended */
	RECORD_END = 3,	   /* the text is a sentence that says how the hook ended */
};

enum record_stream {
	RECORD_FROM_HELPER = 0,
	RECORD_FROM_STDOUT = 1,
	RECORD_FROM_STDERR = 2,
};

enum record_outcome {
	RECORD_EXITED = 1,	 /* value: exit status */
	RECORD_SIGNALED = 2,	 /* value: signal */
	RECORD_TIMED_OUT = 3,	 /* value: the signal that stopped it, 0 if nothing did */
	RECORD_STOPPED = 4,	 /* value: the signal that the helper got */
	RECORD_NOT_EXECUTED = 5, /* value: errno of execve(2) */
	RECORD_NOT_STARTED = 6,	 /* value: errno of what comes before it */
};
