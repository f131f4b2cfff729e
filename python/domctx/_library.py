# SPDX-License-Identifier: LGPL-2.1-or-later
"""libdomctx by way of ctypes: its structs and functions, as <domctx.h>."""
from __future__ import annotations

import ctypes as c
import importlib
import os
from typing import Any, List, Tuple

POINT_ANY = 0xFFFFFFFF
NO_OFFSET = 0xFFFFFFFFFFFFFFFF
ERROR = 2
TO_IMAGE, TO_WRAPPED, TO_HVM, TO_JSON = range(4)
ALLOW_LOSS, LET_REFUSED, BARE = 1, 2, 4
FITTED_MAX = 12


class Finding(c.Structure):
    _fields_ = [
        ("id", c.c_char_p), ("severity", c.c_int),
        ("record", c.c_char * 40), ("field", c.c_char * 40),
        ("offset", c.c_uint64), ("expected", c.c_char * 64),
        ("found", c.c_char * 64), ("text", c.c_char * 240),
        ("outcome", c.c_int), ("error", c.c_char_p), ("log", c.c_char_p),
        ("log_debug", c.c_bool), ("reserved", c.c_uint64 * 4)]


class Message(c.Structure):
    _fields_ = [("id", c.c_char_p), ("severity", c.c_int),
                ("cause", c.c_char_p), ("mend", c.c_char_p)]


class Release(c.Structure):
    _fields_ = [("xen_major", c.c_uint32), ("xen_minor", c.c_uint32),
                ("point", c.c_uint32)]


class Releases(c.Structure):
    _fields_ = [("points", c.c_uint16 * 48)]


class OpenOptions(c.Structure):
    _fields_ = [("has_xen", c.c_bool), ("xen", Release),
                ("walk", c.c_uint), ("force", c.c_bool),
                ("reserved", c.c_uint64 * 4)]


class Entry(c.Structure):
    _fields_ = [("name", c.c_char * 24), ("type", c.c_uint32),
                ("instance", c.c_uint32), ("length", c.c_uint64),
                ("offset", c.c_uint64), ("body", c.c_void_p),
                ("known", c.c_bool), ("reserved", c.c_uint64 * 4)]


class Value(c.Structure):
    _fields_ = [("name", c.c_char * 80), ("value", c.c_uint64),
                ("bits", c.c_uint), ("offset", c.c_uint64),
                ("has_sign", c.c_bool), ("part", c.c_bool),
                ("padding", c.c_bool), ("moves", c.c_bool),
                ("reserved", c.c_uint64 * 4)]


class Verdict(c.Structure):
    _fields_ = [("outcome", c.c_int), ("error", c.c_char_p),
                ("older_error", c.c_char * 32), ("finding", c.c_size_t),
                ("depends", c.c_size_t), ("needs", c.c_char * 256),
                ("judged_as", Release), ("loads", Releases),
                ("refuses", Releases), ("crashes", Releases),
                ("reserved", c.c_uint64 * 8)]


class Checked(c.Structure):
    _fields_ = [("name", c.c_char_p), ("target", c.POINTER(Release)),
                ("verdict", c.POINTER(Verdict)), ("report", c.c_void_p),
                ("savers", c.POINTER(Releases)), ("cure", c.c_void_p),
                ("reserved", c.c_uint64 * 7)]


class Judging(c.Structure):
    _fields_ = [("target", c.POINTER(Release)), ("host", c.c_void_p),
                ("domain", c.c_void_p), ("source", c.c_void_p),
                ("savers", c.POINTER(Releases)), ("parsed", c.c_void_p),
                ("reserved", c.c_uint64 * 8)]


class Making(c.Structure):
    _fields_ = [("to", c.c_int), ("flags", c.c_uint),
                ("target", c.POINTER(Release)), ("host", c.c_void_p),
                ("converted", c.c_void_p), ("source", c.c_void_p),
                ("savers", c.POINTER(Releases)), ("tool", c.c_char_p),
                ("time", c.c_char_p), ("input", c.c_char_p),
                ("reserved", c.c_uint64 * 8)]


class DiffOptions(c.Structure):
    _fields_ = [("ignore", c.c_char_p), ("json", c.c_bool),
                ("summary", c.c_bool), ("name", c.c_char_p * 2),
                ("inferred", c.c_bool * 2), ("lines", c.c_bool),
                ("guest", c.c_void_p * 2), ("only", c.c_char_p),
                ("kind", c.c_char_p * 2), ("reserved", c.c_uint64 * 3)]


class TextOptions(c.Structure):
    _fields_ = [("list", c.c_bool), ("record", c.c_char_p),
                ("has_instance", c.c_bool), ("instance", c.c_uint32),
                ("field", c.c_char_p), ("colour", c.c_bool),
                ("summary", c.c_bool), ("guest", c.c_void_p),
                ("reserved", c.c_uint64 * 7)]


class HtmlOptions(c.Structure):
    _fields_ = [("name", c.c_char_p), ("guest", c.c_void_p),
                ("checked", c.POINTER(Checked)),
                ("reserved", c.c_uint64 * 5)]


class Features(c.Structure):
    _fields_ = [("n", c.c_size_t), ("word", c.c_uint32 * 32)]


class Policy(c.Structure):
    _fields_ = [("opaque", c.c_uint64 * 898)]


class Host(c.Structure):
    _fields_ = [("opaque", c.c_uint64 * 17)]


class Description(c.Structure):
    _fields_ = [("texts", c.c_char * 608), ("phys_bits", c.c_uint32),
                ("xcr0", c.c_uint64), ("answers", c.c_int * 6),
                ("features", Features * 3), ("policies", Policy * 2),
                ("release", Release), ("host", Host)]


class Piece(c.Structure):
    _fields_ = [("bytes", c.c_void_p), ("offset", c.c_uint64),
                ("size", c.c_uint64)]


class Splice(c.Structure):
    _fields_ = [("opaque", c.c_uint64 * 37)]


class Look(c.Structure):
    _fields_ = [("context", c.c_void_p), ("live", c.c_void_p),
                ("symbols", c.c_void_p), ("memory", c.c_void_p),
                ("reserved", c.c_uint64 * 6)]


class Gathered(c.Structure):
    _fields_ = [("text", c.c_void_p), ("size", c.c_size_t),
                ("room", c.c_size_t), ("reserved", c.c_uint64 * 3)]


_P, _I, _S = c.c_void_p, c.c_int, c.c_char_p
_U32, _SIZE = c.c_uint32, c.c_size_t
_PP = c.POINTER(c.c_void_p)
_PSIZE = c.POINTER(_SIZE)
_ROWS: List[Tuple[str, Any, List[Any]]] = [
    ("domctx_version", _S, []),
    ("domctx_report_new", _P, []),
    ("domctx_report_free", None, [_P]),
    ("domctx_report_get", c.POINTER(Finding), [_P, _SIZE]),
    ("domctx_severity_name", _S, [_I]),
    ("domctx_outcome_name", _S, [_I]),
    ("domctx_message_find", c.POINTER(Message), [_S]),
    ("domctx_open", _I, [_S, c.POINTER(OpenOptions), _PP, _P]),
    ("domctx_open_fd", _I, [_I, c.POINTER(OpenOptions), _PP, _P]),
    ("domctx_open_memory", _I, [_P, _SIZE, c.POINTER(OpenOptions), _PP, _P]),
    ("domctx_context_free", None, [_P]),
    ("domctx_context_release", c.c_bool, [_P, c.POINTER(Release)]),
    ("domctx_context_savers", _I, [_P, c.POINTER(Releases), _P]),
    ("domctx_releases_range", c.c_bool,
     [c.POINTER(Releases), _SIZE, _P]),
    ("domctx_context_entry", c.c_bool, [_P, _SIZE, c.POINTER(Entry)]),
    ("domctx_context_value", c.c_bool,
     [_P, _SIZE, c.POINTER(c.c_uint64), c.POINTER(Value)]),
    ("domctx_field_wide", _I, [_P, _S, _U32, _S, _P, _PSIZE, _P]),
    ("domctx_field_text", _I, [_P, _S, _U32, _S, _S, _SIZE, _P]),
    ("domctx_edit_begin", _I, [_P, _PP, _P]),
    ("domctx_edit_free", None, [_P]),
    ("domctx_edit_set", _I, [_P, _S, _U32, _S, c.c_uint64, _P]),
    ("domctx_edit_assign", _I, [_P, _S, _P]),
    ("domctx_edit_take", _I, [_P, _S, _PP, _PSIZE, _P]),
    ("domctx_release_parse", _I, [_S, c.POINTER(Release), _P]),
    ("domctx_judge", _I,
     [_P, c.POINTER(Judging), c.POINTER(Verdict), _P]),
    ("domctx_checked_word", _S, [c.POINTER(Checked)]),
    ("domctx_checked_text", _S, [c.POINTER(Checked), _S]),
    ("domctx_make", _I, [_P, c.POINTER(Making), _PP, _PSIZE, _P]),
    ("domctx_json_write", _I, [_P, _P, _P, _P]),
    ("domctx_diff", _I,
     [_P, _P, c.POINTER(DiffOptions), _P, _P, c.POINTER(c.c_uint64), _P]),
    ("domctx_gather", _I, [_P, _S, _SIZE]),
    ("domctx_description_read", _I, [_S, _SIZE, _PP, _P]),
    ("domctx_description_free", None, [_P]),
    ("domctx_context_source", _P, [_P]),
    ("domctx_source_info", _P, [_P]),
    ("domctx_source_fit", _I, [_P, c.POINTER(Release), c.c_uint, _P]),
    ("domctx_convert_judged", _I,
     [_P, c.POINTER(Release), _P, c.c_uint, _PP, _PSIZE, _PP, _P]),
    ("domctx_hvm_free", None, [_P]),
    ("domctx_source_splice", _I,
     [_P, _P, _SIZE, c.POINTER(Release), c.POINTER(Splice), _P]),
    ("domctx_source_pieces", _SIZE,
     [_P, c.POINTER(Splice), c.POINTER(Piece), c.POINTER(c.c_uint64)]),
    ("domctx_diagnose", _I, [c.POINTER(Look), _SIZE, _PP, _P]),
    ("domctx_diagnosis_free", None, [_P]),
    ("domctx_diagnosis_report", _P, [_P]),
    ("domctx_diagnosis_text", _I, [_P, _P, _P, _P]),
    ("domctx_diagnosis_json", _I, [_P, _S, _P, _P, _P]),
    ("domctx_text", _I, [_P, c.POINTER(TextOptions), _P, _P, _P]),
    ("domctx_html", _I, [_P, c.POINTER(HtmlOptions), _P, _P, _P]),
    ("domctx_explain", _I, [_S, _P, _P, _P]),
]


def _load() -> c.CDLL:
    folders = [""]
    try:
        where = importlib.import_module("domctx._where")
        folders.append(where.LIBDIR)
    except ImportError:
        pass
    for folder in folders:
        try:
            library = c.CDLL(os.path.join(folder, "libdomctx.so.0"),
                             use_errno=True)
        except OSError:
            continue
        for name, result, parameters in _ROWS:
            function = getattr(library, name)
            function.restype = result
            function.argtypes = parameters
        return library
    raise ImportError("libdomctx.so.0 is not found by the dynamic loader")


lib = _load()
# a sink, whose argument is a Gathered
GATHER = c.cast(lib.domctx_gather, c.c_void_p)
# what the library gives to the caller is of malloc()
free = c.CDLL(None).free
free.argtypes = [c.c_void_p]
free.restype = None


def take_bytes(buf: c.c_void_p, size: c.c_size_t) -> bytes:
    """The bytes that the library allocated, which are freed."""
    try:
        return c.string_at(buf.value or 0, size.value)
    finally:
        free(buf)


def as_name(text: str) -> bytes:
    """Encode text for a C string; it must have no null character."""
    if not isinstance(text, str):
        raise TypeError("a name or a text is a str, not %r" % (text,))
    if "\0" in text:
        raise ValueError("embedded null character")
    return text.encode("utf-8", "surrogateescape")


def as_instance(number: int) -> int:
    if not hasattr(number, "__index__"):
        raise TypeError("an instance is an int, not %r" % (number,))
    if not 0 <= number < 1 << 32:
        raise OverflowError("an instance has 32 bits")
    return number
