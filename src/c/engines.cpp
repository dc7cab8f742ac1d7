// Engines other than the built-in one.
#include "c/parts.hpp"

using namespace quiesce;

extern "C" {

quiesce_status quiesce_engines_new(quiesce_engines** engines) {
  return c::guarded([&](c::Entry&) {
    c::result(engines, "engines") = nullptr;
    c::hand_out(engines, std::make_shared<c::EnginesObject>());
  });
}

quiesce_status quiesce_engines_free(quiesce_engines* engines) {
  return c::free_handle<c::EnginesObject>(engines, "the engines");
}

quiesce_status quiesce_engines_add_file(quiesce_engines* engines, const char* path,
                                        size_t path_length, quiesce_buffer** sha256) {
  return c::guarded([&](c::Entry&) {
    if (sha256 != nullptr) *sha256 = nullptr;
    const auto object = c::need<c::EnginesObject>(engines, "the engines");
    const Engine added = object->engines.add_file(c::path_of(path, path_length, "path"));
    if (sha256 != nullptr) c::hand_out_buffer(sha256, added.sha256());
  });
}

quiesce_status quiesce_engines_add_folder(quiesce_engines* engines, const char* path,
                                          size_t path_length) {
  return c::guarded([&](c::Entry&) {
    const auto object = c::need<c::EnginesObject>(engines, "the engines");
    object->engines.add_folder(c::path_of(path, path_length, "path"));
  });
}

quiesce_status quiesce_engines_list(const quiesce_engines* engines, quiesce_list** sha256s) {
  return c::guarded([&](c::Entry&) {
    c::result(sha256s, "sha256s") = nullptr;
    const auto object = c::need<c::EnginesObject>(engines, "the engines");
    std::vector<std::string> hashes;
    for (const EngineInfo& info : object->engines.list())
      if (info.problem.empty()) hashes.push_back(info.sha256);
    c::hand_out_texts(sha256s, std::move(hashes));
  });
}

}  // extern "C"
