#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: cri.py SOCKET HANDLER IMAGE CGROUP DIRECTORY ANNOTATION... -- COMMAND...

Runs a pod of one container over the Kubernetes CRI (runtime.v1), as kubelet does: with the
runtime handler and with the annotations (KEY=VALUE) on the pod. Prints what the container
printed; its exit status is the container's, or 125 when it could not be run. The few messages are
encoded here by hand, so that no generated code is needed; numbers are those of api.proto.
"""

import os
import sys
import time

import grpc

HOST_NETWORK = 2  # NamespaceMode NODE: no CNI plugin is asked


def varint(n):
    out = b""
    while n > 0x7F:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def message(*fields):
    """fields: (number, str|bytes|int)"""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        else:
            data = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(data)) + data
    return out


def pairs(number, items):
    return [(number, message((1, key), (2, value))) for key, value in items]


def parse(data):
    """the last value of each field, by its number"""
    fields, at = {}, 0

    def number():
        nonlocal at
        n = shift = 0
        while True:
            byte = data[at]
            at += 1
            n |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return n

    while at < len(data):
        tag = number()
        if tag & 7 == 0:
            fields[tag >> 3] = number()
        elif tag & 7 == 2:
            size = number()
            fields[tag >> 3] = data[at:at + size]
            at += size
        else:
            raise ValueError(f"wire type {tag & 7}")
    return fields


class Runtime:
    def __init__(self, socket):
        self.channel = grpc.insecure_channel(f"unix:{socket}")

    def call(self, method, *fields):
        stub = self.channel.unary_unary(f"/runtime.v1.RuntimeService/{method}")
        return parse(stub(message(*fields), timeout=30))


def run(runtime, handler, image, cgroup, directory, annotations, command):
    name = f"pod{os.getpid()}"
    pod = message(
        (1, message((1, name), (2, name), (3, "default"))),
        (3, directory),
        *pairs(7, annotations),
        (8, message((1, cgroup), (2, message((1, message((1, HOST_NETWORK))))))),
    )
    sandbox = runtime.call("RunPodSandbox", (1, pod), (2, handler))[1]
    try:
        container = message(
            (1, message((1, "main"))),
            (2, message((1, image))),
            *[(3, word) for word in command],
            (11, "log"),
        )
        created = runtime.call("CreateContainer", (1, sandbox), (2, container), (3, pod))[1]
        runtime.call("StartContainer", (1, created))
        for _ in range(400):
            status = parse(runtime.call("ContainerStatus", (1, created))[1])
            if status.get(3) == 2:  # CONTAINER_EXITED
                return status.get(7, 0)
            time.sleep(0.05)
        raise TimeoutError("the container does not end")
    finally:
        runtime.call("StopPodSandbox", (1, sandbox))
        runtime.call("RemovePodSandbox", (1, sandbox))


def main():
    split = sys.argv.index("--")
    socket, handler, image, cgroup, directory = sys.argv[1:6]
    annotations = [word.split("=", 1) for word in sys.argv[6:split]]
    os.makedirs(directory, exist_ok=True)
    log = os.path.join(directory, "log")
    if os.path.exists(log):
        os.unlink(log)
    try:
        status = run(Runtime(socket), handler, image, cgroup, directory, annotations,
                     sys.argv[split + 1:])
    except (grpc.RpcError, TimeoutError) as err:
        print(err.details() if isinstance(err, grpc.RpcError) else err)
        status = 125
    if os.path.exists(log):
        for line in open(log, encoding="utf-8"):
            print(line.split(" ", 3)[3], end="")  # "TIME stdout F TEXT"
    sys.exit(status)


main()
