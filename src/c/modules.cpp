// Modules: what a program imports, by way of two callbacks in C.
#include "c/modules.hpp"

namespace quiesce::c {

namespace {

// What a callback gets, with a handle for its attributes that lives as long as the call.
class Request {
 public:
  Request(const std::string& name, const std::string& referrer, const ModuleAttributes& attributes,
          bool is_dynamic) {
    auto list = std::make_shared<ListObject>();
    for (const auto& [key, value] : attributes) {
      list->texts.push_back(key);
      list->texts.push_back(value);
    }
    number_ = Handles::all().add(Kind::list, std::move(list));
    request_ = {.struct_size = sizeof(quiesce_module_request),
                .name = name.c_str(),
                .name_length = name.size(),
                .referrer = referrer.c_str(),
                .referrer_length = referrer.size(),
                .attributes = handle_of<quiesce_list>(number_),
                .is_dynamic = is_dynamic ? 1 : 0};
  }
  ~Request() { Handles::all().remove(Kind::list, number_); }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;
  const quiesce_module_request* get() const noexcept { return &request_; }

 private:
  std::uint64_t number_ = 0;
  quiesce_module_request request_{};
};

// What a callback answered: its buffer is ours now, whatever else it said.
std::optional<std::string> taken(quiesce_buffer* answer, quiesce_status status, VmObject& vm,
                                 const char* callback) {
  std::shared_ptr<void> object;
  if (answer != nullptr) object = Handles::all().remove(Kind::buffer, number_of(answer));
  if (status != QUIESCE_OK) throw_status(status, vm, callback);
  if (answer == nullptr) return std::nullopt;
  if (!object) throw_no_handle(false, "the buffer that a module callback answered");
  return std::move(std::static_pointer_cast<BufferObject>(object)->bytes);
}

ModuleSource::Format format_of(quiesce_module_format format) {
  switch (format) {
    case QUIESCE_MODULE_JAVASCRIPT: return ModuleSource::Format::javascript;
    case QUIESCE_MODULE_JSON: return ModuleSource::Format::json;
    case QUIESCE_MODULE_TEXT: return ModuleSource::Format::text;
    case QUIESCE_MODULE_BYTES: return ModuleSource::Format::bytes;
  }
  throw Error(Errc::invalid_argument, "there is no module format " + std::to_string(format));
}

class Loader final : public ModuleLoader {
 public:
  Loader(HostObject::Modules modules, const std::shared_ptr<VmObject>& vm)
      : modules_(std::move(modules)), vm_(vm) {}

  std::optional<std::string> resolve(VM&, const ModuleRequest& request) override {
    const std::shared_ptr<VmObject> vm = alive();
    const Request given(request.specifier, request.referrer, request.attributes,
                        request.kind == ModuleRequest::Kind::dynamic_import);
    quiesce_buffer* answer = nullptr;
    const quiesce_status status = modules_.resolve(
        modules_.user->pointer(), handle_of<quiesce_vm>(vm->number), given.get(), &answer);
    return taken(answer, status, *vm, "resolve");
  }

  std::optional<ModuleSource> load(VM&, const ModuleKey& key) override {
    const std::shared_ptr<VmObject> vm = alive();
    const Request given(key.name, std::string(), key.attributes, false);
    quiesce_buffer* answer = nullptr;
    quiesce_module_format format = QUIESCE_MODULE_JAVASCRIPT;
    const quiesce_status status = modules_.load(
        modules_.user->pointer(), handle_of<quiesce_vm>(vm->number), given.get(), &format, &answer);
    std::optional<std::string> content = taken(answer, status, *vm, "load");
    if (!content) return std::nullopt;
    return ModuleSource{*std::move(content), format_of(format)};
  }

 private:
  std::shared_ptr<VmObject> alive() const {
    if (auto vm = vm_.lock()) return vm;
    throw Error(Errc::dead_vm, "the VM was freed");
  }

  HostObject::Modules modules_;
  std::weak_ptr<VmObject> vm_;
};

}  // namespace

void add_modules(Host& host, const HostObject::Modules& modules,
                 const std::shared_ptr<VmObject>& vm) {
  host.modules(std::make_shared<Loader>(modules, vm));
}

}  // namespace quiesce::c

using namespace quiesce;

extern "C" {

quiesce_status quiesce_host_modules(quiesce_host* host, quiesce_resolve_module resolve,
                                    quiesce_load_module load, void* user, quiesce_destroy destroy) {
  c::User owned(user, destroy);
  return c::guarded([&](c::Entry&) {
    const auto object = c::need<c::HostObject>(host, "the host");
    if (resolve == nullptr || load == nullptr) c::throw_null("the function");
    object->modules =
        c::HostObject::Modules{resolve, load, std::make_shared<const c::User>(std::move(owned))};
  });
}

quiesce_status quiesce_host_without(quiesce_host* host, uint32_t intrinsics) {
  return c::guarded([&](c::Entry&) {
    const auto object = c::need<c::HostObject>(host, "the host");
    constexpr std::uint32_t kLast = static_cast<std::uint32_t>(Intrinsic::timers);
    static_assert(kLast == QUIESCE_INTRINSIC_TIMERS);
    if (intrinsics >= 2 * kLast)
      throw Error(Errc::invalid_argument, "intrinsics has bits that mean nothing");
    for (std::uint32_t bit = 1; bit <= kLast; bit *= 2)
      if ((intrinsics & bit) != 0) object->host.without({static_cast<Intrinsic>(bit)});
  });
}

}  // extern "C"
