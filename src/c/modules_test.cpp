// A22, A23, A27: modules, bytecode and intrinsics through the C interface.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "c/c_testing.hpp"

namespace {

using C = CTest;

quiesce_status resolve(void*, quiesce_vm*, const quiesce_module_request* request,
                       quiesce_buffer** name) {
  const std::string text = "app:" + std::string(request->name, request->name_length);
  if (text == "app:nowhere") return QUIESCE_OK;
  return quiesce_buffer_new(text.data(), text.size(), name);
}

quiesce_status load(void* user, quiesce_vm*, const quiesce_module_request* request,
                    quiesce_module_format* format, quiesce_buffer** source) {
  const auto& sources = *static_cast<std::map<std::string, std::string>*>(user);
  const auto found = sources.find(std::string(request->name, request->name_length));
  if (found == sources.end()) return QUIESCE_IO;
  if (quiesce_list_count(request->attributes) == 2) *format = QUIESCE_MODULE_JSON;
  return quiesce_buffer_new(found->second.data(), found->second.size(), source);
}

TEST_F(C, Modules) {  // A22
  std::map<std::string, std::string> sources = {{"app:cart",
                                                 "import prices from 'prices' with {type: 'json'};"
                                                 "export const total = prices.tea + prices.cake;"},
                                                {"app:prices", R"({"tea": 3, "cake": 4})"}};
  OK(quiesce_host_modules(host_, resolve, load, &sources, nullptr));
  EXPECT_EQ(quiesce_host_modules(host_, nullptr, load, nullptr, nullptr), QUIESCE_INVALID_ARGUMENT);
  quiesce_eval_options options;
  quiesce_eval_options_init(&options);
  options.type = QUIESCE_MODULE;
  quiesce_value* promise = nullptr;
  quiesce_value* result = nullptr;
  OK(quiesce_vm_eval(vm(), "export {total} from 'cart'", QUIESCE_NTS, &options, &promise));
  OK(quiesce_vm_run(vm(), kept(promise), &result));
  quiesce_value* total = nullptr;
  OK(quiesce_value_get(kept(result), "total", QUIESCE_NTS, &total));
  EXPECT_EQ(printed(kept(total)), "7");
  for (const char* missing : {"import('nowhere')", "import('gone')"}) {
    OK(quiesce_vm_eval(vm(), missing, QUIESCE_NTS, nullptr, &promise));
    EXPECT_EQ(quiesce_vm_run(vm(), kept(promise), nullptr), QUIESCE_JAVASCRIPT) << missing;
  }
}

TEST_F(C, Bytecode) {  // A23
  quiesce_buffer* bytecode = nullptr;
  OK(quiesce_vm_compile(vm(), "(a => a * 2)(21)", QUIESCE_NTS, nullptr, QUIESCE_STRIP_SOURCE,
                        &bytecode));
  std::string bytes = taken(bytecode);
  quiesce_vm* other = nullptr;
  OK(quiesce_vm_new(nullptr, nullptr, &other));
  quiesce_value* result = nullptr;
  OK(quiesce_vm_run_bytecode(other, bytes.data(), bytes.size(), &result));
  EXPECT_EQ(printed(result), "42");
  OK(quiesce_value_free(result));
  bytes.back() ^= 1;
  EXPECT_EQ(quiesce_vm_run_bytecode(other, bytes.data(), bytes.size(), &result), QUIESCE_BYTECODE);
  EXPECT_EQ(quiesce_vm_compile(vm(), "1 +", QUIESCE_NTS, nullptr, QUIESCE_STRIP_NOTHING, &bytecode),
            QUIESCE_JAVASCRIPT);
  EXPECT_EQ(quiesce_vm_compile(vm(), "1", 1, nullptr, static_cast<quiesce_strip>(7), &bytecode),
            QUIESCE_INVALID_ARGUMENT);
  OK(quiesce_vm_free(other));
}

TEST_F(C, Intrinsics) {  // A27
  OK(quiesce_host_without(host_, QUIESCE_INTRINSIC_DATE | QUIESCE_INTRINSIC_PROXY));
  EXPECT_EQ(quiesce_host_without(host_, 1u << 30), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(evaluated("[typeof Date, typeof Proxy, typeof JSON]"),
            "[ 'undefined', 'undefined', 'object' ]");
}

}  // namespace
