"""Fetches a folder of a git repository over https, with git's own doors shut.

One commit is fetched into a bare repository that nobody else sees, and its objects are read: nothing is checked out, so no
hook, filter, attribute, submodule or large-file extension has anything to do. The caller's git configuration does not count.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from mapper.findings.base import Issue
from mapper.findings.packs.content import ArchiveLink, ArchiveTooLarge
from mapper.findings.packs.network import GitFailed, TooMuchSent, TooSlow
from mapper.packs.archive import MAX_FILES, MAX_UNPACKED, name_fault, write_archive
from mapper.packs.credentials import authorization
from mapper.packs.limits import Deadline
from mapper.spec.references import folder_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.packs.archive import Files
    from mapper.packs.hosts import HostPolicy
    from mapper.packs.limits import Limits
    from mapper.spec.references import Git

OLDEST = (2, 37)
"""The first git that connects to an address it is told (http.curloptResolve)."""
POLL = 0.05
MEMORY = 1 << 30
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ENTRY = re.compile(r"(\d{6}) (\w+) ([0-9a-f]+) +(\d+|-)\t(.*)", re.DOTALL)
_KINDS = {"120000": "a link", "160000": "a submodule"}


class Tree(NamedTuple):
    """A folder of a commit: a tar of its files in a normal form, and the commit's id."""

    data: bytes
    commit: str


class _FailedError(Exception):
    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.code)
        self.issue = issue


def fetch_git(reference: Git, source: str, policy: HostPolicy, limits: Limits) -> Tree | Issue:
    """The folder that a git reference names, hidden files left out; an issue if it cannot be had."""
    if fault := _fault(reference, source):
        return fault
    addresses = policy.addresses(reference.host, reference.port, source)
    if isinstance(addresses, Issue):
        return addresses
    try:
        with TemporaryDirectory(prefix="mapper-git-") as folder:
            settings = _settings(reference, addresses[0], policy)
            return _Repository(Path(folder), source, settings, limits).tree(reference)
    except _FailedError as failed:
        return failed.issue
    except ValueError as error:  # a .netrc that cannot be read
        return GitFailed(source, str(error))


def _fault(reference: Git, source: str) -> Issue | None:
    if shutil.which("git") is None:
        return GitFailed(source, "git is not installed")
    said = subprocess.run(["git", "version"], check=False, capture_output=True, text=True).stdout  # noqa: S607 - the caller's git
    version = tuple(int(number) for number in re.findall(r"\d+", said)[:2])
    if version < OLDEST:
        return GitFailed(source, f"git {'.'.join(map(str, OLDEST))} or newer is needed")
    inner = folder_of(reference.inner)
    return name_fault(inner, source) if inner else None


def _settings(reference: Git, address: str, policy: HostPolicy) -> dict[str, str]:
    """Git's configuration, whole: nothing is read from files of the system or of the user."""
    settings = {
        "http.curloptResolve": f"{reference.host}:{reference.port}:{f'[{address}]' if ':' in address else address}",
        "http.followRedirects": "false",
        "http.sslVerify": "true",
        "http.lowSpeedLimit": "1000",
        "http.lowSpeedTime": "20",
        "protocol.allow": "never",
        "protocol.https.allow": "always",
        "core.hooksPath": os.devnull,
        "core.fsmonitor": "false",
        "core.bigFileThreshold": "1m",
        "credential.helper": "",
        "fetch.recurseSubmodules": "false",
        "submodule.recurse": "false",
        "transfer.fsckObjects": "true",
        "transfer.bundleURI": "false",
        "gc.auto": "0",
        "maintenance.auto": "false",
    }
    if policy.ca_file is not None:
        settings["http.sslCAInfo"] = str(policy.ca_file.resolve())
    if (secret := authorization(reference.host)) is not None:
        settings["http.extraHeader"] = f"Authorization: {secret}"
    return settings


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """Variables for git: no proxy, no prompt, no helper; settings travel here, where other users do not see them."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR") if name in os.environ}
    pairs = ((part, index, text) for index, pair in enumerate(settings.items()) for part, text in zip(("KEY", "VALUE"), pair, strict=True))
    numbered = {f"GIT_CONFIG_{part}_{index}": text for part, index, text in pairs}
    return {
        **kept,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": "https",
        "GIT_ASKPASS": "true",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": str(len(settings)),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "SSH_ASKPASS": "true",
        **numbered,
    }


class _Repository:
    """A bare repository in a folder of its own, and the clock of one fetch."""

    def __init__(self, folder: Path, source: str, settings: dict[str, str], limits: Limits) -> None:
        self.folder, self.source, self.limits = folder, source, limits
        self.git = folder / "repository"
        self.variables = _environment(folder, settings)
        self.deadline = Deadline(limits.seconds)

    def tree(self, reference: Git) -> Tree:
        """Fetch the commit and read the folder."""
        self.run("init", "--quiet", "--bare", "--template=", str(self.git))
        wanted = reference.ref if _COMMIT.fullmatch(reference.ref) else f"refs/tags/{reference.ref}"
        fetch = ("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance")
        self.run(*fetch, reference.url, f"+{wanted}:refs/mapper/fetched")
        commit = self.run("rev-parse", "--verify", "refs/mapper/fetched^{commit}").decode().strip()
        inner = folder_of(reference.inner)
        listed = self.run("ls-tree", "-r", "-z", "-l", "--full-tree", f"{commit}:{inner}")
        return Tree(write_archive(self._files(listed)), commit)

    def _files(self, listed: bytes) -> Files:
        chosen: dict[str, str] = {}
        size = 0
        for line in listed.decode("utf-8", "surrogateescape").split("\0"):
            found = _ENTRY.fullmatch(line)
            if found is None or any(part.startswith(".") for part in found[5].split("/")):
                continue
            if found[2] != "blob" or found[1] in _KINDS:
                raise _FailedError(ArchiveLink(self.source, found[5], _KINDS.get(found[1], "no plain file")))
            if fault := name_fault(found[5], self.source):
                raise _FailedError(fault)
            chosen[found[5]] = found[3]
            size += int(found[4])
            if size > MAX_UNPACKED or len(chosen) > MAX_FILES:
                raise _FailedError(ArchiveTooLarge(self.source, f"{MAX_UNPACKED >> 20} MiB or {MAX_FILES} files"))
        return {name: self.run("cat-file", "blob", name_of) for name, name_of in chosen.items()}

    def run(self, *arguments: str) -> bytes:
        """Run git to its end, watching clock and size; its output, or a failure."""
        with (self.folder / "out").open("w+b") as out, (self.folder / "errors").open("w+b") as errors:
            process = subprocess.Popen(  # noqa: S603 - no shell, and arguments that were checked
                ["git", *(() if arguments[0] == "init" else ("--git-dir", str(self.git))), *arguments],  # noqa: S607 - the caller's git
                stdin=subprocess.DEVNULL, stdout=out, stderr=errors, env=self.variables, cwd=self.folder,
                start_new_session=True, preexec_fn=_limited(self.limits),  # noqa: PLW1509 - no thread of ours holds a lock
            )  # fmt: skip
            try:
                self._watch(process)
            finally:
                _kill(process)
            out.seek(0)
            errors.seek(0)
            if process.returncode:
                raise _FailedError(self._failure(errors.read(4000).decode("utf-8", "replace")))
            return out.read()

    def _failure(self, text: str) -> Issue:
        """What the end of git means: a limit of the system that it ran into, or its own words."""
        if "File too large" in text or "signal 25" in text:
            return self._too_much()
        return GitFailed(self.source, _reason(text))

    def _too_much(self) -> Issue:
        return TooMuchSent(self.source, f"{self.limits.repository:,} bytes of a repository")

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while True:
            try:
                process.wait(POLL)
            except subprocess.TimeoutExpired:
                if self.deadline.over:
                    raise _FailedError(TooSlow(self.source, self.limits.seconds)) from None
                if _size(self.folder) > self.limits.repository:
                    raise _FailedError(self._too_much()) from None
            else:
                return


def _limited(limits: Limits) -> Callable[[], None] | None:
    """A function for the child process that caps memory, file size and processor time, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None

    def limit() -> None:
        for kind, most in ((resource.RLIMIT_FSIZE, limits.repository), (resource.RLIMIT_CPU, limits.seconds), (resource.RLIMIT_AS, MEMORY)):
            resource.setrlimit(kind, (most, most))

    return limit


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End git and what it started."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, 9)
        elif process.poll() is None:
            process.kill()
    process.wait()


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.lstat().st_size
    return total


def _reason(text: str) -> str:
    """The last line that git wrote, without its address."""
    lines = [line for line in text.splitlines() if line.strip()]
    return re.sub(r"https?://\S*", "the repository", lines[-1].removeprefix("fatal: "))[:300] if lines else "it says nothing"
