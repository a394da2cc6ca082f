"""`make test-postgres`: a real PostgreSQL server in a folder of its own, the tests, and no more.

Debian's package is installed where there is no server yet, by root or by sudo. The server listens
on a socket in the folder and on no port, as an unprivileged user, and is stopped at the end.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LACKING = (
    "缺少 PostgreSQL，且不能用 apt 安装（需要 root 或 sudo）：apt install postgresql\n"
    "PostgreSQL is missing, and apt cannot install it (root or sudo needed): apt install postgresql"
)


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest version's, or None."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(found, key=lambda p: int(p.parts[-3].split(".")[0]))
    return newest[-1].parent if newest else None


def install() -> None:
    """Install Debian's package, as root or by sudo, or leave with what to do."""
    apt = shutil.which("apt-get")
    before: list[str] = []
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        before = [sudo, "-n"] if sudo else ["false"]
    if apt is None or subprocess.run([*before, "true"], check=False).returncode:
        sys.exit(LACKING)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update",), ("install", "-y", "--no-install-recommends", "postgresql")):
        subprocess.run([*before, apt, "-qq", *words], env=env, check=True)


def unprivileged() -> dict[str, Any]:
    """Return how to start a program that refuses to be root: as postgres, or as nobody."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name for user in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def server(bin_folder: Path) -> Iterator[str]:
    """Start a server and return the URL of its first database; stop it at the end."""
    who = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="carbonlex-pg-"))
    if who:
        os.chown(folder, who["user"], who["group"])
    data, log = str(folder / "data"), str(folder / "log")

    def run(program: str, *words: str) -> None:
        line = [str(bin_folder / program), *words]
        subprocess.run(line, stdout=subprocess.DEVNULL, cwd=folder, check=True, **who)

    try:
        run("initdb", "-D", data, "-U", "carbonlex", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = f"-k {folder} -c listen_addresses='' -c fsync=on"
        run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            yield f"postgresql://carbonlex@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(words: Sequence[str]) -> int:
    """Run the tests against a server, and return how they ended."""
    if programs() is None:
        install()
    found = programs()
    if found is None:
        sys.exit(LACKING)
    tests = [sys.executable, "-m", "pytest", str(HERE / "store.py"), *words]
    with server(found) as url:
        env = {**os.environ, "CARBONLEX_TEST_POSTGRES": url}
        return subprocess.run(tests, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
