"""Archives that are out to do harm are refused, and what is merely broken in one costs nothing else."""

from __future__ import annotations

import gzip
import io
import random
import stat
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.job_logs import GITHUB_FAILED, GITLAB_FAILED, write_gzip, write_tar, write_zip

from errclass.core.errors import UsageError
from errclass.outcomes.reading import Row, read_history
from errclass.outcomes.reading.archives import budget, zips

GOOD = "0_package.txt"


def read(path: Path, importer: str | None = None) -> tuple[list[str], dict[str, list[str]]]:
    """Return the places of all rows, and of what was skipped."""
    history = read_history(path, importer=importer)
    return [row.place for row in history.rows], history.skipped.places


def measure_peak(function: Callable[[], object]) -> int:
    """Return the most bytes that Python held while the function ran, beyond what it held before."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


OUTSIDE = [
    "../0_package.txt",
    "package/../../1_step.txt",
    "package/..",
    "/etc/0_package.txt",
    "C:/0_package.txt",
    "c:0_package.txt",
    "..\\0_package.txt",
    "package\\..\\..\\0_package.txt",
    "\\\\server\\share\\0_package.txt",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_zip_with_a_member_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    """Before anything of it is taken; the member is named."""
    path = write_zip(tmp_path / "logs.zip", [(GOOD, GITHUB_FAILED), (name, GITHUB_FAILED)])
    with pytest.raises(UsageError, match=r"logs\.zip: its member '.+' leads out of the archive"):
        read(path)


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_tar_with_a_member_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    """Although the logs before it were fine."""
    path = write_tar(tmp_path / "logs.tgz", {"job.log": GITLAB_FAILED, name: GITLAB_FAILED})
    with pytest.raises(UsageError, match=r"logs\.tgz: its member '.+' leads out of the archive"):
        read(path)


@pytest.mark.parametrize(
    "name", ["0_a..b.txt", "..package/1_step.txt", "package../1_step.txt", "0_C:.txt", "0_é ☕.txt"]
)
def test_odd_names_that_stay_inside_are_read(tmp_path: Path, name: str) -> None:
    """Two dots are a way out only where they are all of a folder's name."""
    path = write_zip(tmp_path / "logs.zip", {GOOD: GITHUB_FAILED, name: GITHUB_FAILED})
    assert 2 == len(read(path)[0])


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_a_zip_with_a_link_or_a_device_is_refused(tmp_path: Path, kind: int) -> None:
    """What it points at is nobody's log."""
    with zipfile.ZipFile(tmp_path / "logs.zip", "w") as archive:
        archive.writestr(GOOD, GITHUB_FAILED)
        info = zipfile.ZipInfo("1_docs.txt")
        info.external_attr = (kind | 0o644) << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(UsageError, match=r"its member '1_docs\.txt' is a link, a device or the like"):
        read(tmp_path / "logs.zip")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_a_tar_with_a_link_or_a_device_is_refused(tmp_path: Path, kind: bytes) -> None:
    """Before the logs that stand in front of it are taken."""
    with tarfile.open(tmp_path / "logs.tar", "w") as archive:
        info = tarfile.TarInfo("job.log")
        info.size = len(GITLAB_FAILED)
        archive.addfile(info, io.BytesIO(GITLAB_FAILED.encode()))
        link = tarfile.TarInfo("2.log")
        link.type, link.linkname = kind, "/etc/passwd"
        archive.addfile(link)
    with pytest.raises(UsageError, match=r"its member '2\.log' is a link, a device or the like"):
        read(tmp_path / "logs.tar")


def test_folders_are_no_members(tmp_path: Path) -> None:
    """They are passed over in silence."""
    members = {"a/": "", "a/1_step.txt": GITHUB_FAILED}
    assert (["a/"], {}) == read(write_zip(tmp_path / "logs.zip", members))


def zip_of_zeros(path: Path, size: int) -> Path:
    """Write a log of zeros, which packs to a thousandth."""
    return write_zip(path, {GOOD: GITHUB_FAILED, "1_zeros.txt": bytes(size)})


def test_an_archive_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    """By its own word, before anything is unpacked."""
    path = zip_of_zeros(tmp_path / "logs.zip", 20_000_000)
    with pytest.raises(UsageError, match=r"logs\.zip unpacks to more than 200 times its size"):
        read(path)


def test_a_tiny_log_of_one_byte_over_and_over_is_read(tmp_path: Path) -> None:
    """Up to 1 MB nobody minds how well it packs."""
    assert [GOOD] == read(zip_of_zeros(tmp_path / "logs.zip", 900_000))[0]


def lie_about_size(path: Path, name: str, size: int) -> Path:
    """Write another size than the true one into both headers of a member."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(name)
    struct.pack_into("<L", data, info.header_offset + 22, size)
    entry = data.rindex(name.encode()) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    struct.pack_into("<L", data, entry + 24, size)
    path.write_bytes(data)
    return path


def test_a_bomb_that_lies_about_its_size_is_not_unpacked(tmp_path: Path) -> None:
    """It says ten bytes and holds 60 million: it is given up after ten, and the log beside it is read."""
    path = zip_of_zeros(tmp_path / "logs.zip", 60_000_000)
    lie_about_size(path, "1_zeros.txt", 10)
    found: list[tuple[list[str], dict[str, list[str]]]] = []
    peak = measure_peak(lambda: found.append(read(path)))
    assert [([GOOD], {"damaged, or not as large as the archive says": ["1_zeros.txt"]})] == found
    assert peak < 10_000_000


@pytest.mark.parametrize("name", ["bomb.tgz", "bomb.log.gz"])
def test_what_is_packed_by_gzip_is_counted_while_it_is_unpacked(tmp_path: Path, name: str) -> None:
    """Nothing in it says how large it is."""
    text = GITLAB_FAILED + "x" * 60_000_000
    path = write_tar(tmp_path / name, {"a.log": text}) if name == "bomb.tgz" else write_gzip(tmp_path / name, text)
    del text
    errors: list[str] = []

    def try_reading() -> None:
        with pytest.raises(UsageError) as caught:
            read(path)
        errors.append(str(caught.value))

    assert measure_peak(try_reading) < 10_000_000
    assert "unpacks to more than 200 times its size" in errors[0]


@pytest.mark.parametrize("name", ["logs.zip", "logs.tgz", "job.log.gz"])
def test_more_than_a_gigabyte_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The bound is lowered here, so that the test need not write one."""
    monkeypatch.setattr(budget, "MAX_BYTES", 100_000)
    text = GITLAB_FAILED + "".join(f"{number * number}\n" for number in range(20_000))
    writers = {
        "logs.zip": lambda path: write_zip(path, {"a.log": text}),
        "logs.tgz": lambda path: write_tar(path, {"a.log": text}),
        "job.log.gz": lambda path: write_gzip(path, text),
    }
    with pytest.raises(UsageError, match="unpacks to more than 1 GB"):
        read(writers[name](tmp_path / name))


@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_too_many_members_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[..., Path]
) -> None:
    """A hundred thousand are allowed; ten here."""
    monkeypatch.setattr(budget, "MAX_MEMBERS", 10)
    members = {f"{number}.log": GITLAB_FAILED for number in range(11)}
    with pytest.raises(UsageError, match="holds more than 10 files"):
        read(write(tmp_path / "logs", members), "gitlab-ci")
    members.pop("0.log")
    assert 10 == len(read(write(tmp_path / "fewer", members), "gitlab-ci")[0])


def test_a_directory_of_too_many_members_is_not_even_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few the end of the archive says that there are."""
    path = tmp_path / "logs.zip"
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<HHH", 1, 0, 0) + bytes(12) + b"a"
    count = 300_000
    path.write_bytes(
        b"PK\x03\x04" + entry * count + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, count * len(entry), 4, 0)
    )

    def try_reading() -> None:
        with pytest.raises(UsageError, match="holds more than 100,000 files"):
            read(path)

    assert measure_peak(try_reading) < 40_000_000
    monkeypatch.setattr(zips, "_MAX_DIRECTORY", 1_000_000)
    with pytest.raises(UsageError, match="holds too many files"):
        read(path)


def encrypt(data: bytearray, entry: int, header: int) -> None:
    data[entry + 8] |= 1
    data[header + 6] |= 1


def spoil(data: bytearray, entry: int, header: int) -> None:
    data[header + 30 + len("1_docs.txt") + 20] ^= 0xFF


def change_checksum(data: bytearray, entry: int, header: int) -> None:
    data[entry + 16] ^= 0xFF
    data[header + 14] ^= 0xFF


def change_local_name(data: bytearray, entry: int, header: int) -> None:
    data[header + 30] ^= 0x01


@pytest.mark.parametrize(
    ("break_member", "reason"),
    [
        (encrypt, "encrypted"),
        (spoil, "damaged, or not as large as the archive says"),
        (change_checksum, "damaged, or not as large as the archive says"),
        (change_local_name, "damaged, or not as large as the archive says"),
    ],
)
def test_a_broken_member_costs_no_other(
    tmp_path: Path, break_member: Callable[[bytearray, int, int], None], reason: str
) -> None:
    """It is counted, with its name."""
    path = write_zip(tmp_path / "logs.zip", {GOOD: GITHUB_FAILED, "1_docs.txt": GITHUB_FAILED})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        header = archive.getinfo("1_docs.txt").header_offset
    break_member(data, data.rindex(b"PK\x01\x02"), header)
    path.write_bytes(data)
    assert ([GOOD], {reason: ["1_docs.txt"]}) == read(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_bound_are_not_used(tmp_path: Path, method: int) -> None:
    """One small read of such a member can be gigabytes."""
    path = write_zip(tmp_path / "logs.zip", {GOOD: GITHUB_FAILED})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("1_docs.txt", GITHUB_FAILED, compress_type=method)
    assert ([GOOD], {"compressed by another method than deflate": ["1_docs.txt"]}) == read(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_second_file_of_a_name_is_skipped(tmp_path: Path) -> None:
    """Which of the two was meant, nobody knows; readers differ in it."""
    path = write_zip(tmp_path / "logs.zip", [(GOOD, GITHUB_FAILED), (GOOD, GITHUB_FAILED.replace("code 2", "code 9"))])
    history = read_history(path)
    assert [2] == [row.exit_code for row in history.rows]
    assert {"a second file of that name": [GOOD]} == history.skipped.places


@pytest.mark.parametrize("name", ["0_a\x1b[31m.txt", "0_a\nb.txt", "0_\u202etxt.exe.txt", "0_a\x9b31m.txt"])
def test_a_name_that_steers_a_terminal_is_skipped_and_shown_escaped(tmp_path: Path, name: str) -> None:
    """In a zip and in a tar."""
    path = write_zip(tmp_path / "logs.zip", {GOOD: GITHUB_FAILED, name: GITHUB_FAILED})
    assert ([GOOD], {"control characters in its name": [ascii(name)[1:-1]]}) == read(path)
    path = write_tar(tmp_path / "logs.tar", {"a.log": GITLAB_FAILED, name: GITLAB_FAILED})
    assert (["a.log"], {"control characters in its name": [ascii(name)[1:-1]]}) == read(path)


def test_archives_inside_are_not_opened(tmp_path: Path) -> None:
    """However deep the nest would be."""
    inner = write_zip(tmp_path / "inner.zip", {GOOD: GITHUB_FAILED}).read_bytes()
    path = write_zip(tmp_path / "logs.zip", {GOOD: GITHUB_FAILED, "1_inner.zip": inner, "b.tar.gz": inner})
    assert ([GOOD], {"an archive inside of the archive": ["1_inner.zip", "b.tar.gz"]}) == read(path)


@pytest.mark.parametrize("left", [10, 200, -1, -30])
def test_a_zip_that_is_cut_off_is_refused(tmp_path: Path, left: int) -> None:
    """Its directory stands at its end."""
    path = write_zip(tmp_path / "logs.zip", {GOOD: GITHUB_FAILED})
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(UsageError, match=r"logs\.zip is damaged or no zip archive"):
        read(path)


@pytest.mark.parametrize("left", [700, 1500, 5000, -600])
def test_a_tar_that_is_cut_off_is_refused(tmp_path: Path, left: int) -> None:
    """Before its first log is taken."""
    path = write_tar(tmp_path / "logs.tar", {"a.log": GITLAB_FAILED, "b.log": GITLAB_FAILED})
    path.write_bytes(path.read_bytes().rstrip(b"\0")[:left])
    with pytest.raises(UsageError, match=r"logs\.tar is a damaged tar archive"):
        read(path)


def test_a_tar_header_that_asks_for_much_memory_is_refused(tmp_path: Path) -> None:
    """A long name is not that long."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 50_000_000
    name = random.Random(4711).randbytes(1 << 20) * 50
    (tmp_path / "logs.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + name)
    with pytest.raises(UsageError, match="is a damaged tar archive: a header of 50,000,000 bytes"):
        read(tmp_path / "logs.tar", "gitlab-ci")


def test_a_tar_member_of_less_than_nothing_is_refused(tmp_path: Path) -> None:
    """The format can say it."""
    header = bytearray(tarfile.TarInfo("a.log").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\xff" * 12
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    (tmp_path / "logs.tar").write_bytes(bytes(header) + GITLAB_FAILED.encode())
    with pytest.raises(UsageError, match="damaged tar archive: a size below zero"):
        read(tmp_path / "logs.tar", "gitlab-ci")


def answer(path: Path, importer: str | None) -> list[Row] | str:
    """Return the rows, or the one line that says why there are none."""
    try:
        return list(read_history(path, importer=importer).rows)
    except UsageError as error:
        return str(error)


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return sound archives of each kind, by the importer that reads them."""
    folder = tmp_path_factory.mktemp("originals")
    logs = {"a.log": GITLAB_FAILED, "b.log": GITLAB_FAILED}
    return {
        "github-actions": write_zip(folder / "a.zip", {GOOD: GITHUB_FAILED, "a/1_b.txt": GITHUB_FAILED}).read_bytes(),
        "gitlab-ci": write_tar(folder / "a.tar", logs).read_bytes(),
        "jenkins": gzip.compress(write_tar(folder / "b.tar", logs).read_bytes(), mtime=0),
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_is_more_than_a_usage_error(originals: dict[str, bytes], tmp_path: Path, data: st.DataObject) -> None:
    """Bytes changed, cut or put in anywhere give rows, or one clear line."""
    importer = data.draw(st.sampled_from(sorted(originals)))
    content = bytearray(originals[importer])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    (tmp_path / "fuzzed").write_bytes(content)
    for chosen in (importer, None):
        found = answer(tmp_path / "fuzzed", chosen)
        assert "failed at" not in found if isinstance(found, str) else all(row.text.strip() for row in found)
