"""Quiesce from Python, through libquiesce.so and ctypes: as much of it as the example needs.

The shared library is found as QUIESCE_LIBRARY says, or where the system keeps its libraries.
Everything that a C function hands out is wrapped at once, and freed by its wrapper.
"""

import ctypes
import ctypes.util
import json
import os
from ctypes import byref, c_char_p, c_int, c_size_t, c_uint32, c_uint64, c_int64, c_void_p

_library = ctypes.CDLL(
    os.environ.get("QUIESCE_LIBRARY") or ctypes.util.find_library("quiesce") or "libquiesce.so.0"
)
_library.quiesce_last_error_text.restype = c_char_p
_library.quiesce_status_name.restype = c_char_p
_library.quiesce_buffer_data.restype = c_void_p
_library.quiesce_list_count.restype = c_size_t
assert _library.quiesce_abi_version() >= 1

_JAVASCRIPT = 3
_UNLIMITED = c_uint64(2**64 - 1)
_Function = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)


class Error(Exception):
    """What Quiesce said, with the name of its status."""

    def __init__(self, status):
        self.status = _library.quiesce_status_name(status).decode()
        super().__init__(_library.quiesce_last_error_text(None).decode(errors="replace"))


def _check(status):
    if status != 0:
        raise Error(status)


def _text(text):
    data = text.encode()
    return c_char_p(data), c_size_t(len(data))


class _Handle:
    """A handle that is ours to free."""

    kind = ""

    def __init__(self, address):
        self._as_parameter_ = c_void_p(address)

    def __del__(self):
        getattr(_library, f"quiesce_{self.kind}_free")(self._as_parameter_)


def _made(kind, function, *arguments):
    """Calls a function whose last parameter takes a new handle; None if it hands out none."""
    out = c_void_p()
    _check(function(*arguments, byref(out)))
    return kind(out.value) if out.value else None


class _Buffer(_Handle):
    kind = "buffer"

    def text(self):
        length = c_size_t()
        data = _library.quiesce_buffer_data(self, byref(length))
        return ctypes.string_at(data, length.value).decode()


class _List(_Handle):
    kind = "list"


class Value(_Handle):
    kind = "value"

    def json(self):
        """The value by way of JSON; None for what JSON has no words for."""
        text = _made(_Buffer, _library.quiesce_value_to_json, self, c_uint32(0))
        return None if text is None else json.loads(text.text())


class PendingCall(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("id", c_uint64),
        ("_name", c_char_p),
        ("_name_length", c_size_t),
        ("_arguments", c_char_p),
        ("_arguments_length", c_size_t),
        ("since_ns", c_int64),
    ]

    def copied(self):
        """(id, name, arguments), which do not need the list any more."""
        return self.id, self._name.decode(), json.loads(self._arguments)


class Snapshot(_Handle):
    kind = "snapshot"

    @staticmethod
    def load(path):
        return _made(Snapshot, _library.quiesce_snapshot_load, *_text(path), _UNLIMITED)

    def save(self, path):
        _check(_library.quiesce_snapshot_save(self, *_text(path)))


class Host(_Handle):
    kind = "host"

    def __init__(self):
        super().__init__(_made(lambda address: address, _library.quiesce_host_new))
        self._callbacks = []  # ctypes wants them kept

    def function(self, function):
        """Offers a Python function under its name; arguments and answer travel as JSON."""

        def call(_user, call):
            try:
                count = c_size_t()
                _check(_library.quiesce_call_argument_count(c_void_p(call), byref(count)))
                arguments = [
                    _made(Value, _library.quiesce_call_argument, c_void_p(call), c_size_t(i)).json()
                    for i in range(count.value)
                ]
                vm = c_void_p()
                _check(_library.quiesce_call_vm(c_void_p(call), byref(vm)))
                text = _text(json.dumps(function(*arguments)))
                answer = _made(Value, _library.quiesce_new_from_json, vm, *text)
                return _library.quiesce_call_return(c_void_p(call), answer)
            except Exception as error:  # nothing may be raised into C
                text = _text(f"{type(error).__name__}: {error}")
                return _library.quiesce_call_throw_error(c_void_p(call), *_text("Error"), *text)

        callback = _Function(call)
        self._callbacks.append(callback)
        name = _text(function.__name__)
        _check(
            _library.quiesce_host_function(
                self, *name, c_uint32(function.__code__.co_argcount), callback, None, None
            )
        )
        return function


class VM(_Handle):
    kind = "vm"

    def __init__(self, host, snapshot=None):
        self._host = host  # its callbacks must live as long as the VM
        if snapshot is None:
            address = _made(lambda address: address, _library.quiesce_vm_new, host, None)
        else:
            address = _made(
                lambda address: address, _library.quiesce_vm_restore, host, snapshot, None
            )
        super().__init__(address)

    def eval(self, source):
        return _made(Value, _library.quiesce_vm_eval, self, *_text(source), None)

    def run(self, promise):
        """The value of the promise; None when the VM waits for the outside."""
        return _made(Value, _library.quiesce_vm_run, self, promise)

    def keep(self, name, value):
        _check(_library.quiesce_vm_keep(self, *_text(name), value))

    def kept(self, name):
        return _made(Value, _library.quiesce_vm_kept, self, *_text(name))

    def pending_calls(self):
        calls = _made(_List, _library.quiesce_vm_pending_calls, self)
        call = PendingCall(struct_size=ctypes.sizeof(PendingCall))
        found = []
        for i in range(_library.quiesce_list_count(calls)):
            _check(_library.quiesce_list_pending_call(calls, c_size_t(i), byref(call)))
            found.append(call.copied())
        return found

    def resolve(self, id, value):
        text = _text(json.dumps(value))
        _check(_library.quiesce_vm_settle_json(self, c_uint64(id), *text, c_int(0)))

    def snapshot(self):
        return _made(Snapshot, _library.quiesce_vm_snapshot, self)
