#include "c/parts.hpp"

#include <chrono>

namespace quiesce::c {

// ---- what comes from outside --------------------------------------------------------------------

void throw_no_handle(bool is_null, const char* what) {
  if (is_null) throw_null(what);
  throw Error(Errc::invalid_argument,
              std::string(what) + " is no live handle of its kind: freed already, or never one");
}

void throw_null(const char* what) {
  throw Error(Errc::invalid_argument, std::string(what) + " is NULL");
}

std::string_view text_of(const char* text, std::size_t length, const char* what) {
  if (text == nullptr) {
    if (length == 0) return {};
    throw_null(what);
  }
  return length == QUIESCE_NTS ? std::string_view(text) : std::string_view(text, length);
}

std::filesystem::path path_of(const char* path, std::size_t length, const char* what) {
  const std::string_view text = text_of(path, length, what);
  if (text.empty()) throw Error(Errc::invalid_argument, std::string(what) + " is empty");
  if (text.find('\0') != std::string_view::npos)
    throw Error(Errc::invalid_argument, std::string(what) + " has a NUL in it");
  return {std::string(text)};
}

std::span<const std::byte> bytes_of(const void* bytes, std::size_t count, const char* what) {
  if (bytes == nullptr && count > 0) throw_null(what);
  return {static_cast<const std::byte*>(bytes), count};
}

void check_struct_size(std::size_t given, std::size_t known, const char* what) {
  // There is one version of each struct so far; a later one will accept the sizes before it.
  if (given == known) return;
  throw Error(Errc::invalid_argument, std::string("struct_size of ") + what + " is " +
                                          std::to_string(given) + ", and this library knows " +
                                          std::to_string(known));
}

Limits limits_of(const quiesce_limits& limits) {
  return {.memory_bytes_max = limits.memory_bytes_max,
          .stack_bytes_max = limits.stack_bytes_max,
          .time_max = std::chrono::nanoseconds(limits.time_ns_max),
          .fuel_max = limits.fuel_max};
}

quiesce_limits c_limits(const Limits& limits) {
  return {.struct_size = sizeof(quiesce_limits),
          .memory_bytes_max = limits.memory_bytes_max,
          .fuel_max = limits.fuel_max,
          .time_ns_max = limits.time_max.count(),
          .stack_bytes_max = limits.stack_bytes_max};
}

namespace {

SourceType source_type_of(quiesce_source_type type) {
  switch (type) {
    case QUIESCE_SCRIPT: return SourceType::script;
    case QUIESCE_ASYNC_SCRIPT: return SourceType::async_script;
    case QUIESCE_MODULE: return SourceType::module;
  }
  throw Error(Errc::invalid_argument, "there is no source type " + std::to_string(type));
}

}  // namespace

EvalOptions eval_options(const quiesce_eval_options* options) {
  quiesce_eval_options given;
  quiesce_eval_options_init(&given);
  given = read_struct(options, given, "quiesce_eval_options");
  EvalOptions inner;
  if (given.file_name != nullptr)
    inner.file_name = text_of(given.file_name, given.file_name_length, "file_name");
  inner.type = source_type_of(given.type);
  inner.strict = given.strict != 0;
  inner.backtrace_barrier = given.backtrace_barrier != 0;
  return inner;
}

// ---- entries ------------------------------------------------------------------------------------

void Entry::about(const std::shared_ptr<VmObject>& vm) {
  if (vm_) return;
  vm_ = vm;
  ++vm_->entries;
}

VM& Entry::vm(const quiesce_vm* handle) {
  const auto object = need<VmObject>(handle, "the VM");
  about(object);
  if (!object->vm) throw Error(Errc::dead_vm, "the VM was freed");
  return *object->vm;
}

const Value& Entry::value(const quiesce_value* handle, const char* what) {
  auto object = need<ValueObject>(handle, what);
  about(object->vm);
  if (!object->vm->vm) throw Error(Errc::dead_vm, "the VM of this value was freed");
  const Value& value = object->value;
  alive_.push_back(std::move(object));
  return value;
}

std::vector<Value> Entry::values(const quiesce_value* const* handles, std::size_t count) {
  if (handles == nullptr && count > 0) throw_null("the list of values");
  std::vector<Value> values;
  values.reserve(count);
  for (const quiesce_value* handle : std::span(handles, count))
    values.push_back(value(handle, "a value of the list"));
  return values;
}

const Deferred& Entry::deferred(const quiesce_deferred* handle) {
  auto object = need<DeferredObject>(handle, "the pending call");
  about(object->vm);
  const Deferred& deferred = object->deferred;
  alive_.push_back(std::move(object));
  return deferred;
}

CallObject& Entry::call(const quiesce_call* handle) {
  auto object = need<CallObject>(handle, "the call");
  about(object->vm);
  CallObject& call = *object;
  alive_.push_back(std::move(object));
  return call;
}

void Entry::hand_out(quiesce_value** out, Value value) {
  c::hand_out(out, std::make_shared<ValueObject>(ValueObject{vm_, std::move(value)}));
}

void Entry::hand_out(quiesce_deferred** out, Deferred deferred) {
  c::hand_out(out, std::make_shared<DeferredObject>(DeferredObject{vm_, std::move(deferred)}));
}

void hand_out_buffer(quiesce_buffer** out, std::string bytes) {
  c::hand_out(out, std::make_shared<BufferObject>(BufferObject{std::move(bytes)}));
}

void hand_out_texts(quiesce_list** out, std::vector<std::string> texts) {
  c::hand_out(out, std::make_shared<ListObject>(ListObject{std::move(texts), {}}));
}

}  // namespace quiesce::c
