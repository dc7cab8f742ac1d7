// The rows of files: see misuse_operations.hpp. "/m" is a mount whose writes stay in the VM, "/r"
// one by digest.
#include <utility>

#include "vm/misuse_operations.hpp"

namespace quiesce::misuse {

namespace {

using W = World&;

void expect(const std::optional<std::string>& found, const std::string& content) {
  check(found == content, content.c_str());
}

}  // namespace

Mounts file_mounts() {
  static const auto kTree =
      memory_files({{"/a/f", "content"}, {"/a/g", "other"}, {"/b/h", "h"}}, {{"/link", "a/f"}});
  static const Mounts kMounts = Mounts()
                                    .mount("/m", kTree, {.keeps_writes = true})
                                    .mount("/r", kTree, {.by_digest = true, .name = "tree"});
  return kMounts;
}

namespace {

std::vector<Operation> looking_at_files() {
  return {
      {"files", [](W w) { (void)w.vm.files(); }},
      {"status", [](W w) { check(w.vm.files().status("/m/a/f").has_value(), "a file"); }},
      {"status of nothing", [](W w) { check(!w.vm.files().status("/m/a/x"), "none"); }},
      {"status by digest",
       [](W w) { check(w.vm.files().status("/r/link").has_value(), "a file"); }},
      {"link_status",
       [](W w) { check(w.vm.files().link_status("/m/link").has_value(), "a link"); }},
      {"read", [](W w) { expect(w.vm.files().read("/m/link"), "content"); }},
      {"read by digest", [](W w) { expect(w.vm.files().read("/r/link"), "content"); }},
      {"real_path", [](W w) { expect(w.vm.files().real_path("/m/b/../link"), "/m/a/f"); }},
      {"read_link", [](W w) { expect(w.vm.files().read_link("/m/link"), "a/f"); }},
      {"read_link by digest", [](W w) { expect(w.vm.files().read_link("/r/link"), "a/f"); }},
      {"list", [](W w) { check(w.vm.files().list("/m")->size() == 3, "three names"); }},
      {"list by digest", [](W w) { check(w.vm.files().list("/r/a")->size() == 2, "two names"); }},
  };
}

std::vector<Operation> changing_files() {
  return {
      {"write, a new file",
       [](W w) {
         w.vm.files().write("/new", std::string(10'000, 'x'));
         check(w.vm.files().read("/new")->size() == 10'000, "all of it");
       }},
      {"write, in place of one that a mount has",
       [](W w) {
         Files files = w.vm.files();
         try {
           files.write("/m/a/f", "written");
         } catch (const Error&) {
           const auto left = files.read("/m/a/f");  // as it was, or no memory for that either
           check(left == "content", "half written");
           throw;
         }
         expect(files.read("/m/a/f"), "written");
       }},
      {"append",
       [](W w) {
         w.vm.files().append("/m/a/g", "+");
         expect(w.vm.files().read("/m/a/g"), "other+");
       }},
      {"create", [](W w) { w.vm.files().create("/m/a/new", "new"); }},
      {"write_at",
       [](W w) {
         w.vm.files().write_at("/m/a/f", 9, "end");
         expect(w.vm.files().read("/m/a/f"), std::string("content\0\0end", 12));
       }},
      {"resize",
       [](W w) {
         w.vm.files().resize("/m/a/f", 3);
         expect(w.vm.files().read("/m/a/f"), "con");
       }},
      {"make_directory",
       [](W w) {
         w.vm.files().make_directory("/m/d");
         check(w.vm.files().list("/m/d")->empty(), "an empty directory");
       }},
      {"make_directories", [](W w) { w.vm.files().make_directories("/m/a/c/d/e"); }},
      {"make_link",
       [](W w) {
         w.vm.files().make_link("/m/l", "a/f");
         expect(w.vm.files().read("/m/l"), "content");
       }},
      {"remove",
       [](W w) {
         check(w.vm.files().remove("/m/a/f"), "it was there");
         check(!w.vm.files().status("/m/a/f"), "removed");
       }},
      {"remove_all",
       [](W w) {
         check(w.vm.files().remove_all("/m/a"), "it was there");
         check(w.vm.files().list("/m")->size() == 2, "two names are left");
       }},
      {"rename",
       [](W w) {
         Files files = w.vm.files();
         files.rename("/m/a/f", "/m/b/h");
         expect(files.read("/m/b/h"), "content");
         check(!files.status("/m/a/f"), "it was moved");
       }},
      {"set_modified", [](W w) { w.vm.files().set_modified("/m/a", Time(std::chrono::hours(1))); }},
  };
}

}  // namespace

std::vector<Operation> file_operations() {
  std::vector<Operation> all = looking_at_files();
  std::vector<Operation> more = changing_files();
  for (Operation& operation : more) all.push_back(std::move(operation));
  return all;
}

std::vector<Mistake> file_mistakes() {
  return {
      {"write to a mount", [](W w) { w.vm.files().write("/r/a/f", ""); }, Errc::file},
      {"write to a directory", [](W w) { w.vm.files().write("/m/a", ""); }, Errc::file},
      {"write, relative", [](W w) { w.vm.files().write("a", ""); }, Errc::file},
      {"status, relative", [](W w) { (void)w.vm.files().status("a"); }, Errc::file},
      {"make_directory that is there", [](W w) { w.vm.files().make_directory("/m"); }, Errc::file},
      {"remove a mount", [](W w) { w.vm.files().remove("/m"); }, Errc::file},
      {"rename into itself", [](W w) { w.vm.files().rename("/m", "/m/a/x"); }, Errc::file},
      {"write of more than there is room for",
       [](W w) {
         Limits limits = w.vm.limits();
         limits.memory_bytes_max = 8u << 20;
         w.vm.set_limits(limits);
         w.vm.files().write("/f", std::string(9u << 20, 'x'));
       },
       Errc::limit},
  };
}

}  // namespace quiesce::misuse
