// node:process: what the host says of a program, and its end.
#include "quiesce/process.hpp"

#include <algorithm>
#include <utility>

#include "base/utf.hpp"
#include "vm/machine.hpp"

namespace quiesce {

namespace {

using detail::Machine;
using guest::Instance;
using guest::u32;
using guest::wire;

void add_json(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void check_text(std::string_view what, std::string_view text) {
  if (!base::invalid_utf8_at(text)) return;
  throw Error(Errc::encoding, std::string(what) + " of the process is not UTF-8");
}

std::string json_of(const Process& process) {
  std::string out = "{\"arguments\":[";
  for (const std::string& argument : process.arguments) {
    if (&argument != &process.arguments.front()) out += ',';
    add_json(out, argument);
  }
  out += "],\"environment\":{";
  bool is_first = true;
  for (const auto& [name, value] : process.environment) {
    if (!std::exchange(is_first, false)) out += ',';
    add_json(out, name);
    out += ':';
    add_json(out, value);
  }
  out += "},\"folder\":";
  add_json(out, process.folder);
  out += ",\"executable\":";
  add_json(out, process.executable);
  return out + "}";
}

}  // namespace

Host& Host::process(const Process& process) {
  for (const std::string& argument : process.arguments) check_text("an argument", argument);
  for (const auto& [name, value] : process.environment) {
    check_text("the environment", name);
    check_text("the environment", value);
  }
  check_text("the folder", process.folder);
  check_text("the executable", process.executable);
  if (!process.folder.starts_with('/')) {
    throw Error(Errc::invalid_argument, "the folder of the process is '" + process.folder +
                                            "'; it must begin with a slash");
  }
  parts().process = json_of(process);
  return *this;
}

Host& Host::node_globals() {
  parts().node_globals = true;
  return *this;
}

Host& Host::output(Output output) {
  parts().output = std::move(output);
  return *this;
}

std::optional<int> VM::end_process() {
  machine_->end_process(Q_END_IDLE);
  if (job_ready() || next_deadline()) return std::nullopt;
  return machine_->end_process(Q_END_LAST);
}

int VM::fail_process() { return machine_->end_process(Q_END_FAILED); }

namespace detail {

int Machine::end_process(q_end end) {
  const Value status =
      enter([&](Instance& guest) { return result(guest.end_process(static_cast<u32>(end))); });
  return status.try_as<int>().value_or(0);
}

// `known`: host functions that the guest knows already, by name; fetch is one.
void Machine::install_process(Instance& guest, const std::vector<std::string>& known) {
  if (!host_->process.empty()) {
    Staging staging(*this);
    const auto [address, count, encoding] = staging.text(host_->process);
    check(guest.set_process(address, count, encoding));
  }
  if (host_->node_globals) check(guest.install_node_globals());
  if (host_->fetch && std::ranges::find(known, "fetch") == known.end())
    check(guest.install_fetch(to_wire(facade_->function("fetch"))));
}

}  // namespace detail

}  // namespace quiesce
