#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: sbom.py VERSION LICENSED... - the software bill of materials of a package, as CycloneDX 1.5.

LICENSED is NAME=VERSION=SPDX-LICENSE=HOW of a component that is linked in or needed."""

import datetime
import json
import os
import sys
import uuid


def component(text):
    name, version, licence, how = text.split("=")
    return {"type": "library", "bom-ref": f"{name}@{version}", "name": name, "version": version,
            "licenses": [{"expression": licence}],
            "properties": [{"name": "hookwright:linkage", "value": how}]}


def main():
    version, components = sys.argv[1], [component(text) for text in sys.argv[2:]]
    when = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    own = {"type": "application", "bom-ref": f"hookwright@{version}", "name": "hookwright",
           "version": version, "licenses": [{"license": {"id": "Apache-2.0"}}]}
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([own, components], sort_keys=True))
    json.dump({"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": f"urn:uuid:{serial}",
               "version": 1,
               "metadata": {"timestamp": when.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": own},
               "components": components,
               "dependencies": [{"ref": own["bom-ref"],
                                 "dependsOn": [c["bom-ref"] for c in components]}]},
              sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
