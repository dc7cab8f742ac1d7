// Deltas: a VM that falls asleep after each step, and stores what that step has changed.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <map>
#include <quiesce/quiesce.hpp>

// One VM in the three forms.
void show_forms() {
  quiesce::VM shop;
  shop.eval("globalThis.stock = Array.from({length: 2200}, (_, i) => ({name: 'item ' + i, i}))");
  const quiesce::Snapshot before = shop.snapshot();
  shop.eval("stock[17].sold = true");
  const quiesce::Snapshot after = shop.snapshot();
  const auto show = [&](const char* form, const quiesce::Snapshot& stored, std::uint64_t unit) {
    const bool same = stored.content_digest() == after.content_digest();
    const std::uint64_t kib = (stored.stored_bytes() / 1024 + unit / 2) / unit * unit;
    std::cout << form << std::max(kib, unit) << (same ? " KiB\n" : " KiB, of another VM\n");
  };
  show("whole, about                 ", after.whole(), 100);
  show("relative to the base image   ", after, 10);
  show("relative to an earlier one   ", after.relative_to(before), 1);
}

int main() {
  quiesce::Host host;
  quiesce::VM vm{host};
  vm.eval(R"(
    globalThis.index = new Map(Array.from({length: 20000}, (_, i) => ['key ' + i, {seen: 0}]));
    globalThis.visit = (i) => ++index.get('key ' + i).seen;
  )");
  quiesce::Snapshot last = vm.snapshot();
  last.save("step-0.qsnap");

  std::uintmax_t largest = 0;
  for (int step = 1; step <= 5; ++step) {
    vm.eval("visit(" + std::to_string(step) + ")");
    last = vm.snapshot().relative_to(last);
    const std::string file = "step-" + std::to_string(step) + ".qsnap";
    last.save(file);
    largest = std::max(largest, std::filesystem::file_size(file));
  }
  const bool small = largest * 500 < std::filesystem::file_size("step-0.qsnap");
  std::cout << (small ? "each is less than a 500th of the first\n" : "that was not worth it\n");

  // Another process, some time later. The others are found in the folder of the file.
  const quiesce::Snapshot again = quiesce::Snapshot::load("step-5.qsnap");
  std::cout << "it needs " << again.ancestors().size() << " others\n";
  quiesce::VM woken{host, again};
  std::cout << woken.eval("visit(5)").as<int>() << "\n";

  // To keep it without them: the same VM, stored by itself.
  again.standing_alone().save("alone.qsnap");
  std::cout << quiesce::Snapshot::load("alone.qsnap").ancestors().size() << "\n";

  // From a database, say, instead of a folder.
  std::map<std::string, std::vector<std::byte>> rows;
  const auto store = [&](const quiesce::Snapshot& snapshot) {
    rows[snapshot.digest()] = snapshot.to_bytes();
    return snapshot.digest();
  };
  const quiesce::Snapshot first = woken.snapshot();
  store(first);
  woken.eval("visit(6)");
  const std::string key = store(woken.snapshot().relative_to(first));
  quiesce::LoadOptions options;
  options.find_ancestor = [&](const std::string& digest) -> std::optional<quiesce::Snapshot> {
    if (!rows.contains(digest)) return std::nullopt;
    return quiesce::Snapshot::from_bytes(rows[digest], options);
  };
  quiesce::VM third{host, quiesce::Snapshot::from_bytes(rows[key], options)};
  std::cout << third.eval("visit(6)").as<int>() << "\n";

  // One that is missing is named.
  rows.erase(first.digest());
  try {
    quiesce::Snapshot::from_bytes(rows[key], options);
  } catch (const quiesce::Error& error) {
    std::cout << std::string(error.what()).substr(0, 74) << "...\n";
  }
  show_forms();
}
