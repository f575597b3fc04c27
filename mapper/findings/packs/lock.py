"""Issues of pinned sources: mapper.lock, digests and what is fetched; PCK601 to PCK608."""

from __future__ import annotations

from mapper.findings.base import Issue


class LockMissing(Issue):
    """A spec extends packs, --locked is in force, and there is no mapper.lock.

    Why it matters: without it nobody can say which rules were reviewed; in CI (when CI is set) --locked is the default.
    Example: a spec with `extends: [{source: standard@1}]` in a CI job, without a lock file.
    What to do: run `mapper pack lock SPEC` and commit mapper.lock; `--no-locked` goes on without.
    """

    code = "PCK601"
    name = "lock-missing"
    template = "{source!r} is not pinned: there is no mapper.lock"
    hint = "run `mapper pack lock` and commit mapper.lock, or give --no-locked"

    source: str


class LockUnreadable(Issue):
    """The file mapper.lock is damaged, was edited by hand, or was written by a newer mapper.

    Why it matters: what it pins cannot be trusted.
    Example: a merge conflict in mapper.lock.
    What to do: restore it from version control, or delete it, run `mapper pack lock`, and look at the difference.
    """

    code = "PCK602"
    name = "lock-unreadable"
    template = "the lock file cannot be used: {problem}"
    hint = "restore it, or delete it and run `mapper pack lock`"

    problem: str


class NotLocked(Issue):
    """A spec extends something that mapper.lock does not pin, and --locked is in force.

    Why it matters: a run would use rules that nobody reviewed.
    Example: an entry was added under `extends`, and `mapper pack lock` was not run.
    What to do: run `mapper pack lock SPEC`, look at the difference, commit mapper.lock.
    """

    code = "PCK603"
    name = "not-locked"
    template = "{source!r} is not in the lock file"
    hint = "run `mapper pack lock` and commit mapper.lock"

    source: str


class NoDigest(Issue):
    """A source from elsewhere has neither a digest in its entry nor one in mapper.lock.

    Why it matters: whatever its server sends would be taken for the rules.
    Example: `extends: [{source: "https://packs.example/traffic-1.2.0.tar"}]` alone.
    What to do: run `mapper pack lock SPEC`, which fetches it once and writes its digests.
    """

    code = "PCK604"
    name = "no-digest"
    template = "{source!r} has no digest"
    hint = "run `mapper pack lock`, or give the `digest` in the entry"

    source: str


class LockStale(Issue):
    """The file mapper.lock was written for another state of the spec.

    Why it matters: what it pins is not what the spec asks for now.
    Example: an entry under `extends` was removed, or its `digest` changed, without `mapper pack lock`.
    What to do: run `mapper pack lock SPEC`, look at the difference, commit mapper.lock.
    """

    code = "PCK605"
    name = "lock-stale"
    template = "the lock file is stale: {why}"
    hint = "run `mapper pack lock` and commit mapper.lock"

    why: str


class DigestDiffers(Issue):
    """The bytes of a source are not those that were pinned.

    Why it matters: somebody changed a published pack, a tag was moved, or a file was tampered with.
    Example: a pack server sends another archive under the same address.
    What to do: find out who changed it; `mapper pack update --diff` shows what would change.
    """

    code = "PCK606"
    name = "digest-differs"
    template = "{source!r} is not what was pinned: its sha256 is {found}, not {wanted}"
    hint = "if the change is meant, look at it with `mapper pack update --diff`, then run `mapper pack update`"

    source: str
    found: str
    wanted: str


class MeaningDiffers(Issue):
    """A source has the pinned bytes, but means something else together with what it extends.

    Why it matters: its rules would work differently from those that were reviewed.
    Example: mapper.lock was edited, or a shipped pack that the source extends is another one now.
    What to do: look at the difference with `mapper pack update --diff`, then write the lock file with `mapper pack update`.
    """

    code = "PCK607"
    name = "meaning-differs"
    template = "{source!r} does not mean what was pinned, though its bytes are the same"
    hint = "run `mapper pack update --diff` to see the difference, then `mapper pack update`"

    source: str


class NotFetched(Issue):
    """A source from elsewhere is pinned, but is not on this machine.

    Why it matters: converting, checking and testing never use the network.
    Example: a fresh checkout, before `mapper pack sync`.
    What to do: run `mapper pack sync`, or keep the packs in the tree with `mapper pack vendor`.
    """

    code = "PCK608"
    name = "not-fetched"
    template = "{source!r} has not been fetched"
    hint = "run `mapper pack sync`: only pack commands use the network"

    source: str


ISSUES: tuple[type[Issue], ...] = (
    LockMissing, LockUnreadable, NotLocked, NoDigest, LockStale, DigestDiffers, MeaningDiffers, NotFetched,
)  # fmt: skip
