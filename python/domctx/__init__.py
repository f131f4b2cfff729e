# SPDX-License-Identifier: LGPL-2.1-or-later
"""The saved hypervisor context of Xen's HVM guests, with libdomctx(3).

    import domctx
    with domctx.open("guest.save") as context:
        print(hex(context.field("CPU", 1, "rip")))
        print(context.check("4.20").text)
        new = context.convert("4.20")

What it cannot do, and xl-context(1) can: make a context of one save file that
of another (convert --into), write a legacy stream anew (fix does), anything of
a living domain, and the history that edit writes into PROVENANCE.
"""
from __future__ import annotations

import ctypes as c
import io
import json
import os
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from errno import EISDIR
from typing import (Any, Callable, Dict, Iterator, List, Optional, Tuple,
                    Union)

from . import _library as _l
from ._library import as_instance as _instance, as_name as _name

__all__ = ["Context", "Converted", "Diagnosis", "Edit", "Error", "Finding",
           "Host", "OpenError", "Record", "Verdict", "diagnose", "diff",
           "explain", "fix", "host", "loads", "open", "version"]
_lib = _l.lib


def _text(raw: Optional[bytes]) -> str:
    return (raw or b"").decode("utf-8", "replace")


@dataclass(frozen=True)
class Finding:
    """One message: what is wrong, where, and how bad it is."""
    id: str
    severity: str
    record: str
    field: str
    offset: Optional[int]
    expected: str
    found: str
    text: str
    outcome: str
    cause: str
    mend: str


class Error(Exception):
    """The library refused a call: all findings, and the id of the worst."""

    def __init__(self, findings: List[Finding], worst: int) -> None:
        self.findings = findings
        self.worst = worst
        self.finding = findings[worst] if findings else None
        self.id = self.finding.id if self.finding else ""
        text = self.finding.text if self.finding else "failed"
        super().__init__("%s [%s]" % (text, self.id))

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.findings, self.worst), self.__dict__


class OpenError(Error, OSError):
    """A file that cannot be opened or read, with errno and filename."""

    def __init__(self, findings: List[Finding], worst: int, errno: int,
                 filename: Any) -> None:
        super().__init__(findings, worst)
        self.errno, self.strerror = errno, os.strerror(errno)
        self.filename = filename

    def __str__(self) -> str:
        name = self.filename
        return "%s: %s" % ("descriptor %d" % name if isinstance(name, int)
                           else os.fsdecode(name), self.args[0])

    def __reduce__(self) -> Tuple[Any, ...]:
        return (type(self), (self.findings, self.worst, self.errno,
                             self.filename), self.__dict__)


class _Report:
    """The findings of one call."""
    p = None                   # a signal may end __init__() before it is set

    def __init__(self) -> None:
        self.p = _lib.domctx_report_new()
        if not self.p:
            raise MemoryError

    def __enter__(self) -> "_Report":
        return self

    def __exit__(self, *what: object) -> None:
        self.free()

    def __del__(self) -> None:
        self.free()

    def free(self) -> None:
        """Forget the findings."""
        pointer, self.p = self.p, None
        _lib.domctx_report_free(pointer)

    def findings(self) -> Tuple[List[Finding], int]:
        """All findings, and the index of the first of the worst ones."""
        return _findings(self.p)

    def need(self, result: int) -> None:
        """Raise Error if a call has failed."""
        if result < 0:
            raise Error(*self.findings())


def _findings(report: Any) -> Tuple[List[Finding], int]:
    found: List[Finding] = []
    worst = severity = 0
    while True:
        raw = _lib.domctx_report_get(report, len(found))
        if not raw:
            return found, worst
        if raw.contents.severity > severity:
            worst, severity = len(found), raw.contents.severity
        found.append(_finding(raw.contents))


def _finding(raw: _l.Finding) -> Finding:
    message = _lib.domctx_message_find(raw.id)
    return Finding(
        id=_text(raw.id), severity=_text(
            _lib.domctx_severity_name(raw.severity)),
        record=_text(raw.record), field=_text(raw.field),
        offset=None if raw.offset == _l.NO_OFFSET else raw.offset,
        expected=_text(raw.expected), found=_text(raw.found),
        text=_text(raw.text),
        outcome=_text(_lib.domctx_outcome_name(raw.outcome)),
        cause=_text(message.contents.cause) if message else "",
        mend=_text(message.contents.mend) if message else "")


def _release(text: str, report: _Report) -> _l.Release:
    if not isinstance(text, str):
        raise TypeError('a release is text, as "4.17", not %r' % (text,))
    release = _l.Release()
    report.need(_lib.domctx_release_parse(_name(text), c.byref(release),
                                          report.p))
    return release


def _collected(write: Callable[[Any, Any], None]) -> str:
    """Collect the text that a function writes to its sink.  The sink is the
    library's own: a signal's handler runs, and raises, behind the call."""
    gathered = _l.Gathered()
    try:
        write(_l.GATHER, c.byref(gathered))
        return c.string_at(gathered.text or 0, gathered.size).decode(
            "utf-8", "replace") if gathered.size else ""
    finally:
        _l.free(gathered.text)


class _Object:
    """Something of the library, which one thread at a time may be in.  What
    is closed by a signal handler during a call is freed after the call."""
    _p: Optional[c.c_void_p] = None
    _kind = "object"

    def __init__(self, pointer: c.c_void_p,
                 free: Callable[[c.c_void_p], None]) -> None:
        self._lock = threading.RLock()
        self._users, self._closed, self._free = 0, False, free
        self._p = pointer

    def __reduce__(self) -> Tuple[Any, ...]:
        """A copy would free the same memory once more."""
        raise TypeError("cannot copy or pickle a domctx %s" % self._kind)

    @contextmanager
    def _use(self) -> Iterator[c.c_void_p]:
        with self._lock:
            self._users += 1
            try:
                if self._closed or self._p is None:
                    raise ValueError("the %s is closed" % self._kind)
                yield self._p
            finally:
                self._users -= 1
                if self._closed:
                    self._drop()

    def _drop(self) -> None:
        if not self._users:
            pointer, self._p = self._p, None
            if pointer is not None:
                self._free(pointer)

    def close(self) -> None:
        """Free the object, when another thread's call of it has ended.
        Later calls raise ValueError."""
        with self._lock:
            self._closed = True
            self._drop()

    def __exit__(self, *what: object) -> None:
        self.close()

    def __del__(self) -> None:
        if self._p is not None:
            self.close()


@dataclass(frozen=True)
class Record:
    """A record of a context; index is its place there."""
    name: str
    instance: int
    length: int
    offset: int
    known: bool
    body: bytes
    index: int


@dataclass(frozen=True)
class Verdict:
    """Whether a release loads a context."""
    loads: bool
    word: str
    text: str
    error: str
    findings: List[Finding]
    worst: int                 # of findings, the first of the worst


@dataclass(frozen=True)
class Diagnosis:
    """What a guest waits for: findings, the one that explains most first; the
    text and the JSON of xl context-diagnose."""
    findings: List[Finding]
    text: str
    json: Any


class Converted(bytes):
    """What convert() makes, with its findings: with allow_loss also what
    was lost."""
    findings: List[Finding] = []


class Edit(_Object):
    """A copy of a context that is changed; save() gives the new bytes."""
    _kind = "edit"

    def __init__(self, context: "Context") -> None:
        pointer = c.c_void_p()
        with _Report() as report, context._use() as of:
            report.need(_lib.domctx_edit_begin(of, c.byref(pointer),
                                               report.p))
        super().__init__(pointer, _lib.domctx_edit_free)

    def __enter__(self) -> "Edit":
        return self

    def set(self, record: str, instance: int, field: str,
            value: int) -> None:
        """Give a field a value, or a register such as "ymm3"; one below 0 is
        of a field with a sign."""
        if not -1 << 63 <= value < 1 << 512:
            raise OverflowError("a field has at most 64 bits, and a register "
                                "512")
        names = _name(record), _instance(instance), _name(field)
        wide = "%s/%d.%s=%#x" % (record, instance, field, value)
        if value >= 1 << 64:
            return self.assign(wide)
        try:
            with _Report() as report, self._use() as edit:
                report.need(_lib.domctx_edit_set(
                    edit, *names, value & (1 << 64) - 1, report.p))
        except Error as error:
            if error.id != "edit-range" or value < 0:
                raise
            self.assign(wide)  # a register; too much for a field is too much

    def assign(self, text: str) -> None:
        """Change a field by an assignment, as "CPU/0.cr4+=UMIP"."""
        with _Report() as report, self._use() as edit:
            report.need(_lib.domctx_edit_assign(edit, _name(text),
                                                report.p))

    def save(self) -> bytes:
        """The image or blob with the changes.  Of a save file it is the
        context alone: "xl context-convert --into=SAVEFILE" puts that into a
        copy of the whole file, and "xl context-edit" edits one in place."""
        buf, size = c.c_void_p(), c.c_size_t()
        with _Report() as report, self._use() as edit:
            report.need(_lib.domctx_edit_take(
                edit, None, c.byref(buf), c.byref(size), report.p))
        return _l.take_bytes(buf, size)


class Host(_Object):
    """A host, by the description that xl context-host wrote, for a target;
    domctx.host() makes one."""
    _kind = "host"

    def __init__(self, pointer: c.c_void_p) -> None:
        super().__init__(pointer, _lib.domctx_description_free)

    def __enter__(self) -> "Host":
        return self


@contextmanager
def _aimed(target: Union[str, Host, None], report: _Report) -> Iterator[
        Tuple[Any, Optional[int]]]:
    """The release of a target, and what is known of the host."""
    if target is None:
        yield None, None
    elif isinstance(target, Host):
        with target._use() as pointer:
            it = c.cast(pointer, c.POINTER(_l.Description)).contents
            yield c.pointer(it.release), c.addressof(it.host)
    else:
        yield c.pointer(_release(target, report)), None


_FORMATS = {"image": _l.TO_IMAGE, "wrapped": _l.TO_WRAPPED,
            "hvm": _l.TO_HVM, "json": _l.TO_JSON}


class Context(_Object):
    """What was opened; domctx.open() and domctx.loads() make one."""
    _kind = "context"

    def __init__(self, pointer: c.c_void_p, bytes_behind: Any,
                 name: Optional[bytes], parsed: _Report) -> None:
        super().__init__(pointer, _lib.domctx_context_free)
        self._bytes = bytes_behind
        self._name = name
        self._parsed = parsed
        self.findings = parsed.findings()[0]

    def __enter__(self) -> "Context":
        return self

    @property
    def release(self) -> Optional[str]:
        """The series of Xen that saved it, or None."""
        release = _l.Release()
        with self._use() as context:
            if not _lib.domctx_context_release(context, c.byref(release)):
                return None
        return "%d.%d" % (release.xen_major, release.xen_minor)

    def records(self) -> Iterator[Record]:
        """All records, in the order of the input."""
        i = 0
        while True:
            record = self._record(i)
            if record is None:
                return
            yield record
            i += 1

    def _record(self, i: int) -> Optional[Record]:
        entry = _l.Entry()
        with self._use() as context:
            if not _lib.domctx_context_entry(context, i, c.byref(entry)):
                return None
            return Record(
                name=_text(entry.name), instance=entry.instance,
                length=entry.length, offset=entry.offset, known=entry.known,
                body=c.string_at(entry.body, entry.length)
                if entry.length else b"", index=i)

    def fields(self, record: Record) -> Dict[str, int]:
        """The fields of a record of this context by name, with their
        values.  ValueError: the record is another context's."""
        at, value = c.c_uint64(0), _l.Value()
        fields: Dict[str, int] = {}
        if record.index < 0 or self._record(record.index) != record:
            raise ValueError("%s/%d is no record of this context" %
                             (record.name, record.instance))
        with self._use() as context:
            while _lib.domctx_context_value(context, record.index,
                                            c.byref(at), c.byref(value)):
                fields[_text(value.name)] = _signed(value.value,
                                                    value.has_sign)
        return fields

    def field(self, record: str, instance: int, field: str) -> int:
        """The value of a field, or of a register such as "ymm3".  A signed
        field is extended to 64 bits and given as an unsigned number."""
        value, size = c.create_string_buffer(64), c.c_size_t()
        with _Report() as report, self._use() as context:
            report.need(_lib.domctx_field_wide(
                context, _name(record), _instance(instance),
                _name(field), value, c.byref(size), report.p))
        return int.from_bytes(value.raw[:size.value], "little")

    def field_text(self, record: str, instance: int, field: str) -> str:
        """The value with the words for its bits."""
        buf = c.create_string_buffer(512)
        with _Report() as report, self._use() as context:
            report.need(_lib.domctx_field_text(
                context, _name(record), _instance(instance),
                _name(field), buf, len(buf), report.p))
        return _text(buf.value)

    def edit(self) -> Edit:
        """Begin to change a copy."""
        return Edit(self)

    def check(self, target: Union[str, Host, None] = None) -> Verdict:
        """Whether the target loads it, a release or a host; None: those that
        can have saved it."""
        verdict, savers = _l.Verdict(), _l.Releases()
        how, checked = _l.Judging(), _l.Checked()
        with _Report() as report, self._use() as context, \
                _aimed(target, report) as (release, host):
            how.target, how.host = release, host
            checked.target = release
            if target is None:
                report.need(_lib.domctx_context_savers(
                    context, c.byref(savers), report.p))
                how.savers = checked.savers = c.pointer(savers)
            how.parsed = self._parsed.p
            report.need(_lib.domctx_judge(context, c.byref(how),
                                          c.byref(verdict), report.p))
            checked.verdict = c.pointer(verdict)
            checked.report = report.p
            words = c.create_string_buffer(600)
            text = _text(_lib.domctx_checked_text(c.byref(checked), words))
            word = _text(_lib.domctx_checked_word(c.byref(checked)))
            found, worst = report.findings()
            return Verdict(
                loads=word == "loads", text=text, word=word,
                error=_text(verdict.error), findings=found, worst=worst)

    def convert(self, target: Union[str, Host, None] = None,
                to: str = "image", *, allow_loss: bool = False,
                bare: bool = False,
                tool: Optional[str] = None) -> Converted:
        """The context in another format, for the target, or without one for
        the Xen that saved it.

        to: "image", "wrapped", "hvm" or "json"."""
        how, buf, size = _l.Making(), c.c_void_p(), c.c_size_t()
        if to not in _FORMATS:
            raise ValueError("to is one of %s, not %r" %
                             (", ".join(_FORMATS), to))
        how.to = _FORMATS[to]
        how.flags = (_l.ALLOW_LOSS if allow_loss else 0) | \
            (_l.BARE if bare else 0)
        how.tool = _name(tool if tool is not None else
                         "python-domctx " + version())
        with _Report() as report, self._use() as context, \
                _aimed(target, report) as (release, host):
            how.target, how.host = release, host
            report.need(_lib.domctx_make(context, c.byref(how),
                                         c.byref(buf), c.byref(size),
                                         report.p))
            made = Converted(_l.take_bytes(buf, size))
            made.findings = report.findings()[0]
        return made

    def json(self) -> Any:
        """The document of xl-context-json(5)."""
        with _Report() as report, self._use() as context:
            return json.loads(_collected(lambda *sink: report.need(
                _lib.domctx_json_write(context, *sink, report.p))))

    def text(self, summary: bool = False) -> str:
        """What xl context-show prints."""
        options = _l.TextOptions()
        options.summary = summary
        with _Report() as report, self._use() as context:
            return _collected(lambda *sink: report.need(
                _lib.domctx_text(context, c.byref(options), *sink,
                                 report.p)))

    def html(self) -> str:
        """A page for a browser, as of xl context-show --html, without a
        judgement."""
        options = _l.HtmlOptions()
        if self._name is not None:
            options.name = self._name
        with _Report() as report, self._use() as context:
            source = _lib.domctx_context_source(context)
            if source:
                options.guest = _lib.domctx_source_info(source)
            return _collected(lambda *sink: report.need(
                _lib.domctx_html(context, c.byref(options), *sink,
                                 report.p)))


def _signed(value: int, has_sign: bool) -> int:
    return value - (1 << 64) if has_sign and value >> 63 else value


def _opened(call: Callable[[Any, Any, Any], int], xen: Optional[str],
            force: bool, behind: Any,
            name: Optional[bytes] = None) -> Context:
    pointer, report = c.c_void_p(), _Report()
    options = _l.OpenOptions()
    options.force = force
    if xen is not None:
        options.has_xen = True
        with _Report() as malformed:
            options.xen = _release(xen, malformed)
    report.need(call(c.byref(options), c.byref(pointer), report.p))
    return Context(pointer, behind, name, report)


def open(path: Union[str, bytes, int, "os.PathLike[str]"],
         xen: Optional[str] = None, force: bool = False) -> Context:
    """Open the context in a file or a descriptor: an image, a blob, JSON, or
    any save file or stream.  xen: the Xen that saved it, for an input that
    does not name it; one that the bytes contradict is refused
    without force.  A file that cannot be opened or read is an OpenError,
    which is an OSError, too."""
    if isinstance(path, int):
        number, name = path, None
        if not 0 <= number < 1 << 31:
            raise OverflowError("%d is no descriptor" % number)
    else:
        name = os.fsencode(path)
        if b"\0" in name:
            raise ValueError("embedded null byte")
    c.set_errno(0)
    try:
        if name is None:
            return _opened(lambda *args: int(_lib.domctx_open_fd(
                number, *args)), xen, force, None)
        return _opened(lambda *args: int(_lib.domctx_open(name, *args)), xen,
                       force, None, name)
    except Error as error:
        number = EISDIR if error.id == "file-folder" else c.get_errno()
        if number == 0 or error.id not in ("file-open", "file-folder",
                                           "file-read"):
            raise
        raise OpenError(error.findings, error.worst, number, path) from None


def loads(data: bytes, xen: Optional[str] = None,
          force: bool = False) -> Context:
    """Open a context in memory, as open() does a file."""
    octets = bytes(data)
    behind = c.create_string_buffer(octets, max(len(octets), 1))
    return _opened(lambda *args: int(_lib.domctx_open_memory(
        behind, len(octets), *args)), xen, force, behind)


def host(path: Union[str, bytes, "os.PathLike[str]"]) -> Host:
    """Read the description of a host, for check() and convert()."""
    with io.open(path, "rb") as file:
        text = file.read()
    pointer = c.c_void_p()
    with _Report() as report:
        report.need(_lib.domctx_description_read(
            text, len(text), c.byref(pointer), report.p))
    return Host(pointer)


def diff(a: Context, b: Context, ignore: Optional[str] = None) -> Any:
    """The differences, as the JSON of xl context-diff --json: of two save
    files with their policies, parameters and configuration."""
    options, count = _l.DiffOptions(), c.c_uint64()
    options.json = True
    options.name[0], options.name[1] = a._name, b._name
    if ignore is not None:
        options.ignore = _name(ignore)
    with _Report() as report, _used((a, b)) as (one, other):
        return json.loads(_collected(lambda *sink: report.need(
            _lib.domctx_diff(one, other, c.byref(options), *sink,
                             c.byref(count), report.p))))


@contextmanager
def _used(contexts: Tuple[Context, ...]) -> Iterator[List[Any]]:
    """Their pointers.  Taken in one order, so that two threads do not wait
    for each other."""
    with ExitStack() as stack:
        for context in sorted(contexts, key=id):
            stack.enter_context(context._use())
        yield [context._p for context in contexts]


def diagnose(*contexts: Context, name: str = "") -> Diagnosis:
    """What the guest waits for that one context shows, or several, fetched in
    this order a second or more apart: what is normal for a moment counts only
    if all have it.  name: of the domain or file, for the JSON."""
    pointer = c.c_void_p()
    looks = (_l.Look * len(contexts))()
    with _Report() as report, _used(contexts) as pointers:
        for look, context in zip(looks, pointers):
            look.context = context
        report.need(_lib.domctx_diagnose(looks, len(contexts),
                                         c.byref(pointer), report.p))
        try:
            found = _findings(_lib.domctx_diagnosis_report(pointer))[0]
            text = _collected(lambda *sink: report.need(
                _lib.domctx_diagnosis_text(pointer, *sink, report.p)))
            document = _collected(lambda *sink: report.need(
                _lib.domctx_diagnosis_json(pointer, _name(name), *sink,
                                           report.p)))
        finally:
            _lib.domctx_diagnosis_free(pointer)
    return Diagnosis(findings=found, text=text, json=json.loads(document))


def _copy(old: Any, new: Any, offset: int, size: int) -> None:
    old.seek(offset)
    while size:
        part = old.read(min(size, 1 << 20))
        if not part:
            raise EOFError("the file has become shorter")
        new.write(part)
        size -= len(part)


def _write_fixed(context: Context, target: str, flags: int, old: Any,
                 new: Any) -> None:
    """The old file with another context and other policies in it."""
    blob, hvm, size, n = c.c_void_p(), c.c_void_p(), c.c_size_t(), c.c_uint64()
    splice, pieces = _l.Splice(), (_l.Piece * _l.FITTED_MAX)()
    with _Report() as report, context._use() as pointer:
        release = c.byref(_release(target, report))
        source = _lib.domctx_context_source(pointer)
        report.need(_lib.domctx_source_fit(source, release, flags, report.p))
        try:
            report.need(_lib.domctx_convert_judged(
                pointer, release, None, flags, c.byref(blob), c.byref(size),
                c.byref(hvm), report.p))
            report.need(_lib.domctx_source_splice(
                source, blob, size, release, c.byref(splice), report.p))
            for piece in pieces[:_lib.domctx_source_pieces(
                    source, c.byref(splice), pieces, c.byref(n))]:
                if piece.bytes:
                    new.write(c.string_at(piece.bytes, piece.size))
                else:
                    _copy(old, new, piece.offset, piece.size)
        finally:
            _lib.domctx_hvm_free(hvm)
            _l.free(blob)


def fix(path: Union[str, bytes, "os.PathLike[str]"], target: str,
        new: Union[str, bytes, "os.PathLike[str]"], *,
        xen: Optional[str] = None, allow_loss: bool = False) -> Verdict:
    """Write a save file that the target, a release, loads: the one in path
    with its context and its policies made for that, or as it is if that loads.
    new is a name that nothing has yet, nor after an Error.  The verdict is
    that of the new file as a whole."""
    flags = _l.ALLOW_LOSS if allow_loss else 0
    with open(path, xen) as context, io.open(path, "rb") as old, \
            io.open(new, "xb") as made:
        try:
            with context._use() as pointer:
                if not _lib.domctx_context_source(pointer):
                    raise ValueError("the context is in no save file")
            verdict = context.check(target)
            if verdict.loads:
                _copy(old, made, 0, old.seek(0, os.SEEK_END))
            else:
                _write_fixed(context, target, flags, old, made)
            made.flush()
            os.fsync(made.fileno())
            if not verdict.loads:
                with open(new, xen) as again:
                    verdict = again.check(target)
            if not verdict.loads:
                raise Error(verdict.findings, verdict.worst)
        except BaseException:
            os.unlink(new)
            raise
    return verdict


def explain(text: str) -> str:
    """Explain a message id, a number, a line or a log of Xen."""
    with _Report() as report:
        return _collected(lambda *sink: report.need(
            _lib.domctx_explain(_name(text), *sink, report.p)))


def version() -> str:
    """The version of libdomctx."""
    return _text(_lib.domctx_version())
