"""One sync as a process of its own, to be killed: `python -m tests.cache.syncing READY HOME RATE`."""

import asyncio
import json
import sys
from pathlib import Path

from tests.cache.till import Till

if __name__ == "__main__":
    ready, home, rate = sys.argv[1:]
    asyncio.run(Till(json.loads(Path(ready).read_text()), Path(home), rate=int(rate)).sync())
