"""One worker of the probe as a process: `python -m tests.contract.probe_worker NAME SETUP`."""

import asyncio
import sys

import msgspec

from tests.contract.workers import Setup, make_worker


async def main(name: str, setup: Setup) -> None:
    """Work until somebody ends the process."""
    await make_worker(setup, name).worker.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], msgspec.json.decode(sys.argv[2], type=Setup)))
