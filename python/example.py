# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether a file comes back on a release: example.py FILE X.Y."""
import sys

import domctx

try:
    with domctx.open(sys.argv[1]) as context:
        print(context.check(sys.argv[2]).text)
        for record in context.records():
            if record.name == "CPU":
                rip = context.field("CPU", record.instance, "rip")
                print("vCPU %d: 0x%x" % (record.instance, rip))
except domctx.Error as error:
    sys.exit(str(error))
