// The last error of each thread, versions, buffers and lists.
#include <new>
#include <stdexcept>

#include "c/parts.hpp"
#include "vm/thrown.hpp"

namespace quiesce::c {

namespace {

constexpr bool equal(Errc code, quiesce_status status) {
  return static_cast<int>(code) == static_cast<int>(status);
}
static_assert(equal(Errc::invalid_argument, QUIESCE_INVALID_ARGUMENT) &&
              equal(Errc::type_mismatch, QUIESCE_TYPE_MISMATCH) &&
              equal(Errc::javascript, QUIESCE_JAVASCRIPT) && equal(Errc::limit, QUIESCE_LIMIT) &&
              equal(Errc::poisoned, QUIESCE_POISONED) && equal(Errc::dead_vm, QUIESCE_DEAD_VM) &&
              equal(Errc::foreign_value, QUIESCE_FOREIGN_VALUE) &&
              equal(Errc::busy, QUIESCE_BUSY) && equal(Errc::unknown_call, QUIESCE_UNKNOWN_CALL) &&
              equal(Errc::missing_function, QUIESCE_MISSING_FUNCTION) &&
              equal(Errc::snapshot, QUIESCE_SNAPSHOT) && equal(Errc::io, QUIESCE_IO) &&
              equal(Errc::encoding, QUIESCE_ENCODING) &&
              equal(Errc::resources, QUIESCE_RESOURCES) && equal(Errc::stopped, QUIESCE_STOPPED) &&
              equal(Errc::not_cloneable, QUIESCE_NOT_CLONEABLE) &&
              equal(Errc::missing_resource, QUIESCE_MISSING_RESOURCE) &&
              equal(Errc::bytecode, QUIESCE_BYTECODE) &&
              equal(Errc::wrong_thread, QUIESCE_WRONG_THREAD) &&
              equal(Errc::module, QUIESCE_MODULE_ERROR) && equal(Errc::file, QUIESCE_FILE) &&
              equal(Errc::archive, QUIESCE_ARCHIVE) && equal(Errc::exited, QUIESCE_EXITED) &&
              equal(Errc::engine, QUIESCE_ENGINE) && equal(Errc::untrusted, QUIESCE_UNTRUSTED));

struct LastError {
  quiesce_status status = QUIESCE_OK;
  quiesce_limit limit = QUIESCE_LIMIT_NONE;
  std::uint64_t used = 0, allowed = 0;
  std::string text, name, stack;
};

LastError& last_error() {
  static thread_local LastError error;
  return error;
}

quiesce_limit limit_of(std::optional<Limit> limit) {
  if (!limit) return QUIESCE_LIMIT_NONE;
  switch (*limit) {
    case Limit::memory: return QUIESCE_LIMIT_MEMORY;
    case Limit::stack: return QUIESCE_LIMIT_STACK;
    case Limit::time: return QUIESCE_LIMIT_TIME;
    case Limit::fuel: return QUIESCE_LIMIT_FUEL;
  }
  return QUIESCE_LIMIT_NONE;
}

quiesce_status remember(quiesce_status status, const Error* error, const char* text) {
  // Built aside, so that an allocation that fails leaves nothing half written.
  LastError made;
  made.status = status;
  made.text = text;
  if (error != nullptr) made.limit = limit_of(error->limit());
  if (error != nullptr && error->limit_report()) {
    made.used = error->limit_report()->used;
    made.allowed = error->limit_report()->allowed;
  }
  if (const auto* thrown = dynamic_cast<const JSError*>(error)) {
    made.name = thrown->name();
    made.stack = thrown->stack();
  }
  last_error() = std::move(made);
  return status;
}

const char* shown(const std::string& text, std::size_t* length) {
  if (length != nullptr) *length = text.size();
  return text.c_str();
}

}  // namespace

namespace {

quiesce_status report_or_throw(const std::shared_ptr<VmObject>& vm) {
  try {
    throw;
  } catch (const JSError& error) {
    if (vm) vm->thrown = error.value();
    return remember(QUIESCE_JAVASCRIPT, &error, error.what());
  } catch (const Error& error) {
    return remember(static_cast<quiesce_status>(error.code()), &error, error.what());
  } catch (const std::bad_alloc&) {
    return remember(QUIESCE_RESOURCES, nullptr, "there is not enough memory");
  } catch (const std::exception& error) {
    return remember(QUIESCE_INTERNAL, nullptr, error.what());
  } catch (...) {
    return remember(QUIESCE_INTERNAL, nullptr, "something was thrown that is no std::exception");
  }
}

}  // namespace

quiesce_status report(const std::shared_ptr<VmObject>& vm) noexcept {
  try {
    return report_or_throw(vm);
  } catch (...) {  // no memory even for the text: then none
    LastError& error = last_error();
    error.status = QUIESCE_RESOURCES;
    error.limit = QUIESCE_LIMIT_NONE;
    error.used = error.allowed = 0;
    error.text.clear();
    error.name.clear();
    error.stack.clear();
    return QUIESCE_RESOURCES;
  }
}

void throw_value(const Value& value) {
  auto detail = std::make_shared<JSError::Detail>();
  detail->message = "a value that a host function threw";
  detail->value = value;
  throw JSError(std::move(detail));
}

void throw_status(quiesce_status status, VmObject& vm, const std::string& function) {
  const int number = static_cast<int>(status);
  if (status == QUIESCE_JAVASCRIPT && vm.thrown) {
    const Value thrown = *std::exchange(vm.thrown, std::nullopt);
    throw_value(thrown);
  }
  // What a host function makes up by itself is still to be told apart from what the library said.
  const LastError& error = last_error();
  const std::string text =
      error.status == status && !error.text.empty()
          ? error.text
          : "host function '" + function + "' failed with status " + std::to_string(number);
  if (number < static_cast<int>(Errc::invalid_argument) ||
      number > static_cast<int>(Errc::untrusted)) {
    throw std::runtime_error(text);
  }
  throw Error(static_cast<Errc>(number), text);
}

}  // namespace quiesce::c

using namespace quiesce;

extern "C" {

uint32_t quiesce_abi_version(void) { return QUIESCE_ABI_VERSION; }
// Texts of the library's own end in NUL, for each is a literal or a string that stays.
const char* quiesce_version(void) { return version().data(); }
const char* quiesce_quickjs_version(void) { return quickjs_version().data(); }
const char* quiesce_engine(void) {
  static const std::string kEngine(engine());
  return kEngine.c_str();
}

const char* quiesce_status_name(quiesce_status status) {
  switch (status) {
    case QUIESCE_OK: return "ok";
    case QUIESCE_INVALID_ARGUMENT: return "invalid_argument";
    case QUIESCE_TYPE_MISMATCH: return "type_mismatch";
    case QUIESCE_JAVASCRIPT: return "javascript";
    case QUIESCE_LIMIT: return "limit";
    case QUIESCE_POISONED: return "poisoned";
    case QUIESCE_DEAD_VM: return "dead_vm";
    case QUIESCE_FOREIGN_VALUE: return "foreign_value";
    case QUIESCE_BUSY: return "busy";
    case QUIESCE_UNKNOWN_CALL: return "unknown_call";
    case QUIESCE_MISSING_FUNCTION: return "missing_function";
    case QUIESCE_SNAPSHOT: return "snapshot";
    case QUIESCE_IO: return "io";
    case QUIESCE_ENCODING: return "encoding";
    case QUIESCE_RESOURCES: return "resources";
    case QUIESCE_STOPPED: return "stopped";
    case QUIESCE_NOT_CLONEABLE: return "not_cloneable";
    case QUIESCE_MISSING_RESOURCE: return "missing_resource";
    case QUIESCE_BYTECODE: return "bytecode";
    case QUIESCE_WRONG_THREAD: return "wrong_thread";
    case QUIESCE_MODULE_ERROR: return "module_error";
    case QUIESCE_FILE: return "file";
    case QUIESCE_ARCHIVE: return "archive";
    case QUIESCE_EXITED: return "exited";
    case QUIESCE_ENGINE: return "engine";
    case QUIESCE_UNTRUSTED: return "untrusted";
    case QUIESCE_INTERNAL: return "internal";
  }
  return "unknown";
}

quiesce_status quiesce_last_error(void) { return c::last_error().status; }
quiesce_limit quiesce_last_error_limit(void) { return c::last_error().limit; }

void quiesce_last_error_figures(uint64_t* used, uint64_t* allowed) {
  if (used != nullptr) *used = c::last_error().used;
  if (allowed != nullptr) *allowed = c::last_error().allowed;
}

const char* quiesce_last_error_text(size_t* length) {
  return c::shown(c::last_error().text, length);
}
const char* quiesce_last_error_name(size_t* length) {
  return c::shown(c::last_error().name, length);
}
const char* quiesce_last_error_stack(size_t* length) {
  return c::shown(c::last_error().stack, length);
}

// ---- buffers and lists --------------------------------------------------------------------------

const char* quiesce_buffer_data(const quiesce_buffer* buffer, size_t* length) {
  if (length != nullptr) *length = 0;
  const auto object = c::find<c::BufferObject>(buffer);
  return object ? c::shown(object->bytes, length) : nullptr;
}

quiesce_status quiesce_buffer_new(const void* bytes, size_t count, quiesce_buffer** buffer) {
  return c::guarded([&](c::Entry&) {
    c::result(buffer, "buffer") = nullptr;
    const std::span<const std::byte> given = c::bytes_of(bytes, count, "bytes");
    c::hand_out_buffer(buffer,
                       std::string(reinterpret_cast<const char*>(given.data()), given.size()));
  });
}

quiesce_status quiesce_buffer_free(quiesce_buffer* buffer) {
  return c::free_handle<c::BufferObject>(buffer, "the buffer");
}

size_t quiesce_list_count(const quiesce_list* list) {
  const auto object = c::find<c::ListObject>(list);
  return object ? object->texts.size() + object->calls.size() : 0;
}

const char* quiesce_list_text(const quiesce_list* list, size_t index, size_t* length) {
  if (length != nullptr) *length = 0;
  const auto object = c::find<c::ListObject>(list);
  if (!object || index >= object->texts.size()) return nullptr;
  return c::shown(object->texts[index], length);
}

quiesce_status quiesce_list_pending_call(const quiesce_list* list, size_t index,
                                         quiesce_pending_call* call) {
  return c::guarded([&](c::Entry&) {
    const auto object = c::need<c::ListObject>(list, "the list");
    if (index >= object->calls.size()) {
      throw Error(Errc::invalid_argument, "there is no pending call at " + std::to_string(index) +
                                              " of " + std::to_string(object->calls.size()));
    }
    const PendingCall& pending = object->calls[index];
    c::write_struct(call,
                    {.struct_size = sizeof(quiesce_pending_call),
                     .id = pending.id,
                     .name = pending.name.c_str(),
                     .name_length = pending.name.size(),
                     .arguments_json = pending.arguments_json.c_str(),
                     .arguments_json_length = pending.arguments_json.size(),
                     .since_ns = pending.since.time_since_epoch().count()},
                    "quiesce_pending_call");
  });
}

quiesce_status quiesce_list_free(quiesce_list* list) {
  return c::free_handle<c::ListObject>(list, "the list");
}

}  // extern "C"
