// What the tests of files share: reasons, a tree that counts, a host that mounts it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vm/testing.hpp"

namespace quiesce {

/// The POSIX name of what `f` throws; empty: nothing.
template <class F>
std::string reason_of(F&& f) {
  try {
    f();
  } catch (const FileError& error) {
    EXPECT_EQ(error.code(), Errc::file);
    return error.reason();
  } catch (const Error& error) {
    return std::string("no FileError: ") + error.what();
  }
  return {};
}

/// A tree that counts what it is asked, and can change.
class Watched final : public FileSystem {
 public:
  explicit Watched(std::map<std::string, std::string> files,
                   std::map<std::string, std::string> links = {})
      : files_(memory_files(std::move(files), std::move(links))) {}

  std::optional<FileStatus> status(std::string_view path) override {
    return note("status", path), files_->status(path);
  }
  std::optional<std::string> read(std::string_view path) override {
    return note("read", path), files_->read(path);
  }
  std::optional<std::vector<std::string>> list(std::string_view path) override {
    return note("list", path), files_->list(path);
  }
  std::optional<std::string> read_link(std::string_view path) override {
    return note("link", path), files_->read_link(path);
  }

  void become(std::map<std::string, std::string> files) { files_ = memory_files(std::move(files)); }
  std::vector<std::string> take_asked() { return std::exchange(asked_, {}); }

 private:
  void note(const char* what, std::string_view path) {
    asked_.push_back(std::string(what) + " " + std::string(path));
  }
  std::shared_ptr<FileSystem> files_;
  std::vector<std::string> asked_;
};

inline Host host_with(std::shared_ptr<FileSystem> files, const MountOptions& options = {},
                      const char* path = "/m") {
  Host host;
  host.clock(fixed_clock(Time(std::chrono::seconds(1000))))
      .files(Mounts().mount(path, std::move(files), options));
  return host;
}

}  // namespace quiesce
