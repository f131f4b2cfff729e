# SPDX-License-Identifier: LGPL-2.1-or-later
"""The module against the library of this build, and against xl-context."""
import array
import copy
import ctypes
import errno
import json
import os
import pickle
import re
import shlex
import signal
import subprocess
import threading

import domctx
import pytest
from domctx import _library

SOURCE = os.environ["TOP_SOURCE"]
SAMPLE = os.path.join(SOURCE, "tests/data/xen-4.17-hvm2.ctx")
RIP = 512 + 16 * 8  # in CPU: behind the FPU and the general registers
COMMAND = shlex.split(os.environ["XL_CONTEXT"])


def command(*words, status=0):
    done = subprocess.run(COMMAND + list(words), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    assert status is None or done.returncode == status
    return done.stdout


@pytest.fixture
def context():
    with domctx.open(SAMPLE, xen="4.17") as opened:
        yield opened


def test_structs_have_the_sizes_of_the_abi():
    with open(os.path.join(SOURCE, "tests/unit/base/test-abi.c"),
              encoding="utf-8") as file:
        sizes = dict(re.findall(r"STRUCT\(domctx_(\w+), (\d+)\)",
                                file.read()))
    seen = 0
    for name, kind in vars(_library).items():
        if isinstance(kind, type) and issubclass(kind, ctypes.Structure):
            words = re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
            assert ctypes.sizeof(kind) == int(sizes[words]), name
            seen += 1
    assert seen == 22


def test_records_and_fields(context):
    names = [(r.name, r.instance) for r in context.records()]
    assert ("CPU", 1) in names and names[0] == ("HEADER", 0)
    document = json.loads(command("show", "--json", SAMPLE))
    assert context.json()["records"] == document["records"]
    for record in context.records():
        if record.name == "CPU":
            fields = context.fields(record)
            assert fields["rip"] == context.field("CPU", record.instance,
                                                  "rip")
            assert fields["rip"] == int.from_bytes(
                record.body[RIP:RIP + 8], "little")
    assert context.field_text("CPU", 0, "cr0").endswith("PG")
    assert context.release == "4.17"


def test_set_and_save(context):
    edit = context.edit()
    edit.set("CPU", 1, "rip", 0x1234)
    edit.assign("CPU/0.cr4+=UMIP")
    new = domctx.loads(edit.save(), xen="4.17")
    assert new.field("CPU", 1, "rip") == 0x1234
    assert new.field("CPU", 0, "cr4") == \
        context.field("CPU", 0, "cr4") | 1 << 11
    assert domctx.diff(context, context)["differences"] == []
    assert len(domctx.diff(context, new)["differences"]) == 2


def test_check(context, tmp_path):
    assert context.check("4.20").loads and context.check().loads
    assert context.check("4.20").word == "loads"
    edit = context.edit()
    edit.set("CPU", 0, "cr0", 0x80000000)
    bad = domctx.loads(edit.save(), xen="4.17").check("4.20")
    assert not bad.loads and bad.word == "refused" and bad.error == "EINVAL"
    finding = next(f for f in bad.findings if f.id == "load-cr0")
    assert finding.record == "CPU/0" and finding.mend
    with pytest.raises(domctx.Error) as refused:
        domctx.loads(edit.save(), xen="4.17").convert("4.20")
    assert "load-cr0" in [f.id for f in refused.value.findings]


def test_faulty_image(context):
    whole = context.convert("4.17", bare=True)
    # TSC_INFO after START: a mode that 4.17 does not have
    tsc = bytes([3, 0, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0])
    for mode, loads in (2, True), (3, False):
        image = domctx.loads(whole[:24] + tsc + bytes([mode]) + bytes(23) +
                             whole[24:])
        assert image.check().loads == loads
        assert image.check("4.17").loads == loads
        if loads:
            image.convert("4.17")
            continue
        for allow_loss in False, True:
            with pytest.raises(domctx.Error) as refused:
                image.convert("4.17", allow_loss=allow_loss)
            assert "tsc-info-mode" in \
                [f.id for f in refused.value.findings]
    # SHARED_INFO of a wrong length, which no target's loader looks at
    shared = bytes([2, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0])
    image = domctx.loads(whole[:24] + shared + bytes(104) + whole[24:])
    assert not image.check("4.17").loads
    assert image.check("4.17").word == "faulty"
    with pytest.raises(domctx.Error):
        image.convert("4.17")


def test_convert(context, tmp_path):
    made = context.convert("4.20", bare=True)
    command("convert", "--target=4.20", "--bare", "--xen=4.17", SAMPLE,
            str(tmp_path / "image"))
    assert made == (tmp_path / "image").read_bytes()
    with open(SAMPLE, "rb") as file:
        assert context.convert(to="hvm") == file.read()
    assert json.loads(context.convert(to="json")) == context.json()
    with pytest.raises(ValueError, match="image, wrapped, hvm, json"):
        context.convert(to="xml")
    with pytest.raises(TypeError, match="4.2"):
        context.check(4.20)


def test_findings_of_what_succeeds(context):
    newer = "release-point-newer"
    assert newer in [f.id for f in context.check("4.17.99").findings]
    assert newer not in [f.id for f in context.check("4.17").findings]
    assert newer in [f.id for f in domctx.open(SAMPLE, xen="4.17.99")
                     .findings]
    made = context.convert("4.17.99")
    assert newer in [f.id for f in made.findings]
    with pytest.raises(domctx.Error) as refused:
        context.convert("4.2")
    lost = context.convert("4.2", allow_loss=True)
    assert refused.value.id in [f.id for f in lost.findings]
    again = pickle.loads(pickle.dumps(lost))
    assert again == lost and again.findings == lost.findings


def same(a, b):
    return type(a) is type(b) and str(a) == str(b) and \
        a.findings == b.findings and a.finding == b.finding and a.id == b.id


def test_errors_travel(context):
    with pytest.raises(domctx.Error) as raised:
        context.field("CPU", 0, "ripp")
    error = raised.value
    error.file = "a"
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error),
                  copy.deepcopy(error)):
        assert same(error, other) and other.file == "a"
    with pytest.raises(OSError) as raised:
        domctx.open("/nonexistent/a")
    error = raised.value
    for other in (error, pickle.loads(pickle.dumps(error)),
                  copy.copy(error)):
        assert same(error, other) and isinstance(other, domctx.Error)
        assert other.errno == errno.ENOENT
        assert other.filename == "/nonexistent/a"
        assert str(other).startswith("/nonexistent/a: ")


def test_objects_do_not_travel(context):
    with open(SAMPLE, "rb") as file:
        data = file.read()
    for it in (context, context.edit(), domctx.loads(data)):
        for travel in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError):
                travel(it)


def test_loads_takes_octets_of_any_shape():
    with open(SAMPLE, "rb") as file:
        data = file.read()
    data += bytes(-len(data) % 8)
    plain = domctx.loads(data).field("CPU", 0, "rip")
    for form in (bytearray(data), memoryview(data), array.array("H", data),
                 memoryview(data).cast("Q"),
                 memoryview(data).cast("B", (8, len(data) // 8))):
        assert domctx.loads(form).field("CPU", 0, "rip") == plain


def test_close_waits_for_another_thread():
    with open(SAMPLE, "rb") as file:
        data = file.read()
    for i in range(50):
        context = domctx.loads(data, xen="4.17")
        edit = context.edit()
        began = threading.Event()

        def work():
            began.set()
            for _ in range(10):
                try:
                    context.check("4.20")
                    edit.save()
                except ValueError:
                    return

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        began.wait()
        context.close()
        edit.close()
        for thread in threads:
            thread.join()
        with pytest.raises(ValueError, match="context is closed"):
            context.check()


def test_close_in_a_call(context):
    with context.edit() as edit, edit._use():
        edit.close()
        assert edit._p is not None
        with pytest.raises(ValueError, match="edit is closed"):
            edit.save()
    assert edit._p is None


def test_a_record_of_another_context(context):
    records = list(context.records())
    edit = context.edit()
    edit.set("CPU", 1, "rip", 0x1234)
    new = domctx.loads(edit.save(), xen="4.17")
    cpu = next(r for r in records if r.name == "CPU" and r.instance == 1)
    with pytest.raises(ValueError, match="CPU/1"):
        new.fields(cpu)
    assert context.fields(cpu)


@pytest.mark.parametrize("call, id", [
    (lambda c: c.field("CPU", 0, "ripp"), "select-field"),
    (lambda c: c.field("CPUU", 0, "rip"), "select-record"),
    (lambda c: c.field("CPU", 7, "rip"), "select-instance"),
    (lambda c: c.edit().assign("CPU"), "edit-assign"),
    (lambda c: c.edit().set("CPU", 0, "cs_arbytes", 1 << 40), "edit-range"),
    (lambda c: c.edit().set("CPU", 0, "rip", 1 << 64), "edit-range"),
    (lambda c: c.edit().set("CPU_XSAVE", 0, "xmm3", 1 << 128), "edit-range"),
    (lambda c: c.check("4.44"), "release-unknown"),
    (lambda c: domctx.loads(b""), "kind-empty"),
    (lambda c: domctx.open("/nonexistent"), "file-open"),
    (lambda c: domctx.explain("qqqqqqqqq"), "explain-unknown"),
    (lambda c: domctx.diff(c, c, ignore="nosuch"), "diff-ignore"),
])
def test_errors(context, call, id):
    with pytest.raises(domctx.Error) as error:
        call(context)
    assert error.value.id == id
    assert str(error.value).endswith("[%s]" % id)


def test_what_no_library_call_takes(context):
    for call in (lambda: context.field("CPU\0", 0, "rip"),
                 lambda: domctx.open("a\0b")):
        with pytest.raises(ValueError):
            call()
    for number in (-1, 1 << 32):
        with pytest.raises(OverflowError):
            context.field("CPU", number, "rip")
    for value in (-1 << 64, 1 << 512):
        with pytest.raises(OverflowError):
            context.edit().set("CPU", 0, "rip", value)
    for call in (lambda: context.field("CPU", "1", "rip"),
                 lambda: context.field("CPU", None, "rip")):
        with pytest.raises(TypeError, match="an instance is an int, not"):
            call()
    for call in (lambda: context.field(None, 0, "rip"),
                 lambda: context.field("CPU", 0, 3),
                 lambda: context.edit().set("CPU", 0, b"rip", 1)):
        with pytest.raises(TypeError, match="a name or a text is a str"):
            call()
    for number in (-1, 1 << 31, (1 << 32) + 9):
        with pytest.raises(OverflowError):
            domctx.open(number)
    context.close()
    context.close()
    with pytest.raises(ValueError):
        context.field("CPU", 0, "rip")
    with pytest.raises(ValueError):
        list(context.records())


def test_open_takes_all_kinds(tmp_path, context):
    file = os.open(SAMPLE, os.O_RDONLY)
    try:
        with domctx.open(file) as opened:
            assert opened.field("CPU", 1, "rip") == \
                context.field("CPU", 1, "rip")
    finally:
        os.close(file)
    for form in ("image", "wrapped", "hvm", "json"):
        path = tmp_path / form
        path.write_bytes(context.convert(to=form))
        assert domctx.open(path).field("CPU", 1, "rip") == \
            context.field("CPU", 1, "rip")


@pytest.mark.parametrize("value", [5, 1 << 63, (1 << 256) - 2])
def test_a_register_is_set(context, value):
    with context.edit() as edit:
        edit.set("CPU_XSAVE", 0, "ymm3", value)
        with domctx.loads(edit.save(), xen="4.17") as new:
            assert new.field("CPU_XSAVE", 0, "ymm3") == value
            assert new.field("CPU_XSAVE", 1, "ymm3") == \
                context.field("CPU_XSAVE", 1, "ymm3")


def test_what_cannot_be_read_is_an_oserror(tmp_path):
    closed = os.open(SAMPLE, os.O_RDONLY)
    os.close(closed)
    for path, number, words in ((tmp_path, errno.EISDIR, "is a folder"),
                                (closed, errno.EBADF, "descriptor %d: " %
                                 closed)):
        with pytest.raises(OSError) as failed:
            domctx.open(path)
        assert isinstance(failed.value, domctx.Error)
        assert failed.value.errno == number
        assert words in str(failed.value)
        assert failed.value.filename == path
    file = tmp_path / "empty"
    file.write_bytes(b"")
    with pytest.raises(domctx.Error) as refused:
        domctx.open(file)
    assert not isinstance(refused.value, OSError)


def test_a_release_that_cannot_be():
    for xen in "3.1", "4.9":
        with pytest.raises(domctx.Error) as refused:
            domctx.open(SAMPLE, xen=xen)
        assert refused.value.id == "convert-xen-contradicted"
    assert domctx.open(SAMPLE, xen="4.16").release == "4.16"
    with domctx.open(SAMPLE, xen="4.9", force=True) as forced:
        assert forced.release == "4.9"
        with forced.edit() as edit:
            edit.set("CPU", 1, "rip", 1)


def compared(a, b, status):
    """By both, the command's differences first."""
    by_command = json.loads(command("diff", "--json", str(a), str(b),
                                    status=status))
    with domctx.open(a) as one, domctx.open(b) as other:
        assert domctx.diff(one, other) == by_command
        # whatever the order that two threads take them in
        assert domctx.diff(other, one)["a"] == by_command["b"]
    return by_command


def test_diff_is_that_of_the_command(context, tmp_path):
    new = tmp_path / "new"
    with context.edit() as edit:
        edit.set("CPU", 1, "rip", 0x1234)
        new.write_bytes(edit.save())
    found = compared(SAMPLE, new, 1)
    assert len(found["differences"]) == 1
    assert found["a"]["inferred"] and found["a"]["name"] == SAMPLE
    image = tmp_path / "image"
    image.write_bytes(context.convert())
    assert not compared(image, image, 0)["a"]["inferred"]
    with open(SAMPLE, "rb") as file:
        memory = domctx.loads(file.read())
    assert domctx.diff(memory, memory)["a"]["name"] is None


@pytest.mark.skipif(not os.access(os.environ.get("MKSAVE", ""), os.X_OK),
                    reason="no mksave was built")
def test_diff_of_save_files(tmp_path):
    for name, option in ("a", "-a"), ("b", "-s"):
        subprocess.run([os.environ["MKSAVE"], "-c", SAMPLE, option,
                        "0x10=0x5", str(tmp_path / name)], check=True)
    found = compared(tmp_path / "a", tmp_path / "b", 1)["differences"]
    assert {"HVM_PARAMS", "MSR_POLICY"} <= {d["record"] for d in found}


@pytest.mark.skipif(not os.access(os.environ.get("MKSAVE", ""), os.X_OK),
                    reason="no mksave was built")
def test_fix(context, tmp_path):
    old, blob = tmp_path / "old", tmp_path / "blob"
    blob.write_bytes(context.convert("4.13", to="hvm", allow_loss=True))
    subprocess.run([os.environ["MKSAVE"], "-v2", "-x", "4.13", "-c",
                    str(blob), str(old)], check=True)
    before = old.read_bytes()
    changed = 0
    for target in "4.6.0", "4.12", "4.13", "4.17":
        wanted, new = tmp_path / "wanted", tmp_path / ("new" + target)
        command("fix", "--target=" + target, str(old), str(wanted))
        verdict = domctx.fix(old, target, new)
        assert verdict.loads and verdict.word == "loads"
        assert new.read_bytes() == wanted.read_bytes()
        changed += new.read_bytes() != before
        wanted.unlink()
        with pytest.raises(FileExistsError):
            domctx.fix(old, target, new)
    assert 0 < changed < 4
    with pytest.raises(domctx.Error):
        domctx.fix(old, "3.1", tmp_path / "none")
    with pytest.raises(domctx.Error):
        domctx.fix(old, "9.9", tmp_path / "none")
    with pytest.raises(ValueError, match="in no save file"):
        domctx.fix(SAMPLE, "4.20", tmp_path / "none", xen="4.17")
    with pytest.raises(domctx.OpenError):
        domctx.fix("/nonexistent", "4.20", tmp_path / "none")
    assert not (tmp_path / "none").exists()
    assert old.read_bytes() == before


def test_diagnose(context, tmp_path):
    with context.edit() as edit:
        edit.assign("CPU/0.rflags-=IF")
        still = domctx.loads(edit.save(), xen="4.17")
    file = tmp_path / "still"
    file.write_bytes(still.convert(bare=True))
    by_command = json.loads(command("diagnose", "--json", str(file),
                                    status=None))
    with domctx.open(file) as opened:
        found = domctx.diagnose(opened, name=str(file))
        assert found.json == by_command
        assert found.text.encode() == command("diagnose", str(file),
                                              status=None)
        ids = [f.id for f in found.findings]
        assert ids == [f["id"] for f in by_command["findings"]]
        twice = domctx.diagnose(opened, opened, name="two looks")
        assert twice.json["name"] == "two looks"
    with pytest.raises(ValueError, match="is closed"):
        domctx.diagnose(opened)
    with pytest.raises(domctx.Error) as refused:
        domctx.diagnose()
    assert refused.value.id == "call-argument"


def test_text_and_html(context):
    shown = command("show", SAMPLE).decode()
    with domctx.open(SAMPLE) as plain:
        assert plain.text().splitlines()[-5:] == shown.splitlines()[-5:]
        summary = command("show", "--summary", SAMPLE).decode()
        assert plain.text(summary=True).splitlines()[-3:] == \
            summary.splitlines()[-3:]
        page = plain.html()
    assert "<html" in page and SAMPLE in page and "vCPU" in page


HOST = """{"schema": "xl-context-host-1", "xen_version": "%s",
"vendor": "GenuineIntel", "phys_bits": %d}"""


def test_host(context, tmp_path):
    for version, release in ("4.20.1", "4.20.1"), ("4.2.5", "4.2.5"):
        file = tmp_path / version
        file.write_text(HOST % (version, 46))
        with domctx.host(file) as host:
            there = context.check(host)
            assert there.word == context.check(release).word
            if there.loads:
                made = context.convert(host, bare=True)
                assert made == context.convert(release, bare=True)
        with pytest.raises(ValueError, match="host is closed"):
            context.check(host)
    file.write_text("{}")
    with pytest.raises(domctx.Error):
        domctx.host(file)
    with pytest.raises(FileNotFoundError):
        domctx.host("/nonexistent")


class Rung(Exception):
    pass


def test_what_a_signal_raises_arrives(context):
    rung = []

    def ring(*_what):
        rung.append(True)
        raise Rung

    arrived = 0
    old = signal.signal(signal.SIGALRM, ring)
    try:
        for i in range(60):
            rung.clear()
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.0002 * (i + 1))
                while not rung:
                    context.json()
            except Rung:
                arrived += 1
    finally:
        signal.signal(signal.SIGALRM, old)
    # Python drops what is raised while it runs a __del__()
    assert arrived > 30
    assert context.json()["records"]


def test_explain():
    assert "CR0" in domctx.explain("load-cr0")
