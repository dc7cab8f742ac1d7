// Hosts, and what happens when JavaScript calls one of their functions.
#include "c/host.hpp"

#include <chrono>

#include "c/modules.hpp"

namespace quiesce::c {

namespace {

/// The handle of a call, for as long as the call.
class CallHandle {
 public:
  explicit CallHandle(const std::shared_ptr<CallObject>& object)
      : number_(Handles::all().add(Kind::call, object)) {}
  ~CallHandle() { Handles::all().remove(Kind::call, number_); }
  CallHandle(const CallHandle&) = delete;
  CallHandle& operator=(const CallHandle&) = delete;
  quiesce_call* get() const noexcept { return handle_of<quiesce_call>(number_); }

 private:
  std::uint64_t number_;
};

Value invoke(const std::string& name, const HostObject::Function& function,
             const std::shared_ptr<VmObject>& vm, const Call& call) {
  if (!vm) throw Error(Errc::dead_vm, "the VM was freed");
  const auto object = std::make_shared<CallObject>(CallObject{vm, call, Value(), std::nullopt});
  quiesce_status status = QUIESCE_OK;
  {
    const CallHandle handle(object);
    status = function.call(function.user->pointer(), handle.get());
  }
  if (status != QUIESCE_OK) throw_status(status, *vm, name);
  if (object->thrown) throw_value(*object->thrown);
  return object->answer;
}

}  // namespace

Host host_for(const quiesce_host* handle, const std::shared_ptr<VmObject>& vm) {
  if (handle == nullptr) return {};
  const auto object = need<HostObject>(handle, "the host");
  Host host = object->host;
  for (const auto& [name, function] : object->functions) {
    host.function(name, function.arity,
                  HostFunction([name, function, weak = std::weak_ptr(vm)](Call& call) {
                    return invoke(name, function, weak.lock(), call);
                  }));
  }
  if (object->modules) add_modules(host, *object->modules, vm);
  return host;
}

}  // namespace quiesce::c

using namespace quiesce;

namespace {

// A parameter that is a function and what belongs to it; the user's part ends even if this fails.
template <class F, class Use>
quiesce_status set_part(quiesce_host* host, F function, void* user, quiesce_destroy destroy,
                        Use&& use) {
  c::User owned(user, destroy);
  return c::guarded([&](c::Entry&) {
    const auto object = c::need<c::HostObject>(host, "the host");
    if (function == nullptr) c::throw_null("the function");
    use(*object, std::make_shared<const c::User>(std::move(owned)));
  });
}

}  // namespace

extern "C" {

quiesce_status quiesce_host_new(quiesce_host** host) {
  return c::guarded([&](c::Entry&) {
    c::result(host, "host") = nullptr;
    c::hand_out(host, std::make_shared<c::HostObject>());
  });
}

quiesce_status quiesce_host_free(quiesce_host* host) {
  return c::free_handle<c::HostObject>(host, "the host");
}

quiesce_status quiesce_host_function(quiesce_host* host, const char* name, size_t name_length,
                                     uint32_t arity, quiesce_function function, void* user,
                                     quiesce_destroy destroy) {
  return set_part(host, function, user, destroy, [&](c::HostObject& object, auto owned) {
    std::string text(c::text_of(name, name_length, "name"));
    if (text.empty()) throw Error(Errc::invalid_argument, "a host function needs a name");
    object.functions.insert_or_assign(std::move(text),
                                      c::HostObject::Function{arity, function, std::move(owned)});
  });
}

quiesce_status quiesce_host_log(quiesce_host* host, quiesce_log log, void* user,
                                quiesce_destroy destroy) {
  return set_part(host, log, user, destroy, [&](c::HostObject& object, auto owned) {
    object.host.log([log, owned](LogLevel level, std::string_view text) {
      const std::string ended(text);  // a NUL follows it, for those who forget the length
      log(owned->pointer(), static_cast<quiesce_log_level>(level), ended.c_str(), ended.size());
    });
  });
}

quiesce_status quiesce_host_clock(quiesce_host* host, quiesce_clock clock, void* user,
                                  quiesce_destroy destroy) {
  return set_part(host, clock, user, destroy, [&](c::HostObject& object, auto owned) {
    object.host.clock(
        [clock, owned] { return Time(std::chrono::nanoseconds(clock(owned->pointer()))); });
  });
}

quiesce_status quiesce_host_fixed_clock(quiesce_host* host, int64_t time_ns) {
  return c::guarded([&](c::Entry&) {
    const auto object = c::need<c::HostObject>(host, "the host");
    object->host.clock(fixed_clock(Time(std::chrono::nanoseconds(time_ns))));
  });
}

quiesce_status quiesce_host_entropy(quiesce_host* host, quiesce_entropy entropy, void* user,
                                    quiesce_destroy destroy) {
  return set_part(host, entropy, user, destroy, [&](c::HostObject& object, auto owned) {
    object.host.entropy([entropy, owned](std::span<std::byte> bytes) {
      entropy(owned->pointer(), reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
    });
  });
}

quiesce_status quiesce_host_seeded_entropy(quiesce_host* host, uint64_t seed) {
  return c::guarded([&](c::Entry&) {
    const auto object = c::need<c::HostObject>(host, "the host");
    object->host.entropy(seeded_entropy(seed));
  });
}

quiesce_status quiesce_host_timezone(quiesce_host* host, quiesce_timezone zone, void* user,
                                     quiesce_destroy destroy) {
  return set_part(host, zone, user, destroy, [&](c::HostObject& object, auto owned) {
    object.host.timezone([zone, owned](Time time) {
      return std::chrono::minutes(zone(owned->pointer(), time.time_since_epoch().count()));
    });
  });
}

quiesce_status quiesce_host_fixed_timezone(quiesce_host* host, int32_t minutes) {
  return c::guarded([&](c::Entry&) {
    const auto object = c::need<c::HostObject>(host, "the host");
    object->host.timezone(fixed_timezone(std::chrono::minutes(minutes)));
  });
}

quiesce_status quiesce_host_system_timezone(quiesce_host* host) {
  return c::guarded([&](c::Entry&) {
    c::need<c::HostObject>(host, "the host")->host.timezone(system_timezone());
  });
}

// ---- calls --------------------------------------------------------------------------------------

quiesce_status quiesce_call_argument_count(const quiesce_call* call, size_t* count) {
  return c::guarded([&](c::Entry& entry) {
    c::result(count, "count") = 0;
    *count = entry.call(call).call.argument_count();
  });
}

quiesce_status quiesce_call_argument(const quiesce_call* call, size_t index,
                                     quiesce_value** value) {
  return c::guarded([&](c::Entry& entry) {
    c::result(value, "value") = nullptr;
    const Call& inner = entry.call(call).call;
    entry.hand_out(value, index < inner.argument_count() ? inner.arguments()[index] : Value());
  });
}

quiesce_status quiesce_call_this(const quiesce_call* call, quiesce_value** value) {
  return c::guarded([&](c::Entry& entry) {
    c::result(value, "value") = nullptr;
    entry.hand_out(value, entry.call(call).call.self());
  });
}

quiesce_status quiesce_call_vm(const quiesce_call* call, quiesce_vm** vm) {
  return c::guarded([&](c::Entry& entry) {
    c::result(vm, "vm") = nullptr;
    *vm = c::handle_of<quiesce_vm>(entry.call(call).vm->number);
  });
}

quiesce_status quiesce_call_return(quiesce_call* call, const quiesce_value* value) {
  return c::guarded([&](c::Entry& entry) {
    c::CallObject& object = entry.call(call);
    object.answer = entry.value(value, "value");
    object.thrown.reset();
  });
}

quiesce_status quiesce_call_throw(quiesce_call* call, const quiesce_value* value) {
  return c::guarded([&](c::Entry& entry) {
    c::CallObject& object = entry.call(call);
    object.thrown = entry.value(value, "value");
  });
}

quiesce_status quiesce_call_throw_error(quiesce_call* call, const char* name, size_t name_length,
                                        const char* message, size_t message_length) {
  return c::guarded([&](c::Entry& entry) {
    c::CallObject& object = entry.call(call);
    object.thrown = object.call.vm().error(c::text_of(name, name_length, "name"),
                                           c::text_of(message, message_length, "message"));
  });
}

}  // extern "C"
