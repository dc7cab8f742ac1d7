#include "quiesce/bytecode.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "base/bytes.hpp"
#include "base/sha256.hpp"
#include "base/utf.hpp"
#include "quiesce/engines.hpp"
#include "vm/bytecode_format.hpp"
#include "vm/machine.hpp"

namespace quiesce {

namespace detail {

namespace {

using guest::u32;

constexpr char kMagic[] = {'Q', 'B', 'Y', 'T', 'E', 'C', 'D', '1'};
constexpr std::size_t kHeaderBytes = sizeof(kMagic) + 2 * sizeof(base::Digest);

void put_text(base::ByteWriter& out, const std::string& text) {
  out.put<u32>(static_cast<u32>(text.size()));
  out.put_bytes(std::as_bytes(std::span(text)));
}

std::string take_text(base::ByteReader& in) {
  const auto bytes = in.take_bytes(in.take<u32>());
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (base::invalid_wtf8_at(text)) throw std::out_of_range("a text is not WTF-8");
  return text;
}

bool is_digest(std::span<const std::byte> bytes, const base::Digest& digest) {
  return std::equal(bytes.begin(), bytes.end(), digest.begin(), digest.end());
}

[[noreturn]] void refuse_engine(std::span<const std::byte> theirs, const base::Digest& ours) {
  throw Error(Errc::bytecode, "this bytecode was compiled by another engine (SHA-256 " +
                                  base::to_hex(theirs) + ", and here it is " + base::to_hex(ours) +
                                  "); compile the source again");
}

BytecodeParts decode_body(std::span<const std::byte> body) {
  base::ByteReader in(body);
  BytecodeParts parts;
  const auto type = in.take<std::uint8_t>();
  if (type > static_cast<std::uint8_t>(SourceType::module)) throw std::out_of_range("no such type");
  parts.type = static_cast<SourceType>(type);
  parts.name = take_text(in);
  for (u32 requests = in.take<u32>(); requests > 0; --requests) {
    ModuleAttributes& attributes = parts.requests.emplace_back();
    for (u32 count = in.take<u32>(); count > 0; --count) {
      std::string key = take_text(in);
      attributes.emplace(std::move(key), take_text(in));
    }
  }
  const auto code = in.take_bytes(in.left());
  parts.code.assign(code.begin(), code.end());
  return parts;
}

}  // namespace

std::vector<std::byte> encode_bytecode(const BytecodeParts& parts) {
  base::ByteWriter body;
  body.put<std::uint8_t>(static_cast<std::uint8_t>(parts.type));
  put_text(body, parts.name);
  body.put<u32>(static_cast<u32>(parts.requests.size()));
  for (const ModuleAttributes& attributes : parts.requests) {
    body.put<u32>(static_cast<u32>(attributes.size()));
    for (const auto& [key, value] : attributes) {
      put_text(body, key);
      put_text(body, value);
    }
  }
  body.put_bytes(parts.code);
  base::ByteWriter out;
  out.put_bytes(std::as_bytes(std::span(kMagic)));
  out.put_bytes(parts.engine);
  out.put_bytes(base::sha256(body.bytes()));
  out.put_bytes(body.bytes());
  return out.take();
}

BytecodeParts decode_bytecode(std::span<const std::byte> bytes, const base::Digest& engine) {
  if (bytes.size() < kHeaderBytes || std::memcmp(bytes.data(), kMagic, sizeof(kMagic)) != 0) {
    throw Error(Errc::bytecode, "these bytes are no bytecode of Quiesce");
  }
  const auto of_engine = bytes.subspan(sizeof(kMagic), sizeof(base::Digest));
  if (!is_digest(of_engine, engine)) refuse_engine(of_engine, engine);
  const auto body = bytes.subspan(kHeaderBytes);
  if (!is_digest(bytes.subspan(sizeof(kMagic) + sizeof(base::Digest), sizeof(base::Digest)),
                 base::sha256(body))) {
    throw Error(Errc::bytecode, "this bytecode is damaged: its SHA-256 is not what it says");
  }
  try {
    BytecodeParts parts = decode_body(body);
    parts.engine = engine;
    parts.bytes.assign(bytes.begin(), bytes.end());
    return parts;
  } catch (const std::out_of_range&) {
    throw Error(Errc::bytecode, "this bytecode was not written by Quiesce: it makes no sense");
  }
}

void require_engine(const BytecodeParts& parts, const base::Digest& engine) {
  if (parts.engine != engine) refuse_engine(parts.engine, engine);
}

namespace {

u32 compile_flags(const CompileOptions& options) {
  u32 flags = options.strict ? Q_EVAL_STRICT : 0u;
  if (options.backtrace_barrier) flags |= Q_EVAL_BARRIER;
  if (options.type == SourceType::module) flags |= Q_EVAL_MODULE;
  if (options.type == SourceType::async_script) flags |= Q_EVAL_ASYNC;
  if (options.strip != Strip::nothing) flags |= Q_COMPILE_STRIP_SOURCE;
  if (options.strip == Strip::source_and_debug) flags |= Q_COMPILE_STRIP_DEBUG;
  return flags;
}

std::vector<ModuleAttributes> requests_of(const Value& list) {
  std::vector<ModuleAttributes> requests(list.length());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Value attributes = list.get(i);
    if (!attributes.is_object()) continue;
    for (const Value& key : attributes.keys(Keys::strings))
      requests[i].emplace(key.as<std::string>(), attributes.get(key).as<std::string>());
  }
  return requests;
}

Value requests_value(VM& vm, const std::vector<ModuleAttributes>& requests) {
  const Value list = vm.array();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (requests[i].empty()) continue;
    const Value attributes = vm.object();
    for (const auto& [key, value] : requests[i])
      attributes.define(key, vm.string(value), {true, true, true});
    list.define(i, attributes, {true, true, true});
  }
  return list;
}

}  // namespace

}  // namespace detail

using detail::BytecodeParts;
using detail::Machine;
using guest::Instance;
using guest::u32;

Bytecode::Bytecode(std::shared_ptr<const BytecodeParts> parts) noexcept
    : parts_(std::move(parts)) {}

Bytecode Bytecode::from_bytes(std::span<const std::byte> bytes) {
  return from_bytes(bytes, Engine::built_in());
}

Bytecode Bytecode::from_bytes(std::span<const std::byte> bytes, const Engine& engine) {
  return Bytecode(std::make_shared<const BytecodeParts>(
      detail::decode_bytecode(bytes, engine.parts_->digest())));
}

std::span<const std::byte> Bytecode::bytes() const noexcept { return parts_->bytes; }
const std::string& Bytecode::file_name() const noexcept { return parts_->name; }

Bytecode VM::compile(std::string_view source, const CompileOptions& options) {
  if (const auto bad = base::invalid_utf8_at(source)) {
    throw Error(Errc::encoding,
                "the source is not UTF-8: bad byte at offset " + std::to_string(*bad));
  }
  Machine& machine = *machine_;
  return machine.enter([&](Instance& guest) {
    Machine::Staging staging(machine);
    const u32 code = staging.bytes(std::as_bytes(std::span(source)));
    const auto name = staging.text(options.file_name);
    const Value parts =
        machine.result(guest.compile(code, static_cast<u32>(source.size()), name.address,
                                     name.count, name.encoding, detail::compile_flags(options)));
    BytecodeParts compiled;
    compiled.engine = machine.engine()->digest();
    compiled.type = options.type;
    compiled.name = options.file_name;
    compiled.requests = detail::requests_of(parts.get(1));
    compiled.code = parts.get(0).as<std::vector<std::byte>>();
    compiled.bytes = detail::encode_bytecode(compiled);
    return Bytecode(std::make_shared<const BytecodeParts>(std::move(compiled)));
  });
}

Value VM::run_bytecode(const Bytecode& bytecode) {
  const BytecodeParts& parts = *bytecode.parts_;
  Machine& machine = *machine_;
  return machine.enter([&](Instance& guest) {
    detail::require_engine(parts, machine.engine()->digest());
    const Value requests = detail::requests_value(machine.facade(), parts.requests);
    Machine::Staging staging(machine);
    const u32 code = staging.bytes(parts.code);
    const auto name = staging.text(parts.name);
    return machine.result(guest.run_bytecode(
        code, static_cast<u32>(parts.code.size()), name.address, name.count, name.encoding,
        machine.to_wire(requests), parts.type == SourceType::async_script ? Q_EVAL_ASYNC : 0u));
  });
}

}  // namespace quiesce
