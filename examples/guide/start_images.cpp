// Start images: an application that is evaluated once, and VMs that begin from there.
#include <chrono>
#include <iostream>
#include <memory>
#include <quiesce/quiesce.hpp>

namespace {

double milliseconds_of(auto f) {
  const auto began = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
      .count();
}

// An application of two modules. What it prepares takes a while.
std::shared_ptr<quiesce::FileSystem> application() {
  return quiesce::memory_files({
      {"/main.mjs", R"(
        import {table} from './table.mjs';
        export const lookUp = (word) => table.get(word) ?? 'unknown';
        export const dice = () => 1 + Math.floor(6e9 * Math.random());
        export const shout = () => tell(lookUp('word 7').toUpperCase());
        console.log('evaluated');
      )"},
      {"/table.mjs", R"(
        export const table = new Map();
        for (let i = 0; i < 50000; i++) table.set('word ' + i, 'meaning ' + i);
        export const loaded = Date.now();
      )"},
  });
}

}  // namespace

int main() {
  quiesce::Host host;
  host.files(quiesce::Mounts().mount("/app", application()))
      .modules(quiesce::node_modules())
      .log([](quiesce::LogLevel, std::string_view text) { std::cout << text << "\n"; });

  // Evaluated once. What is to be called later is kept under a name.
  quiesce::VM vm{host};
  const double evaluation = milliseconds_of([&] {
    const auto main = vm.run(vm.import_main("/app/main.mjs"));
    for (const char* name : {"lookUp", "dice", "shout"}) vm.keep(name, main->get(name));
  });
  const auto image = quiesce::StartImage::of(vm);
  image.save("app.qimg");

  // Any number of VMs begin from there, in this process or another, each with its own chance.
  const auto loaded = quiesce::StartImage::load("app.qimg");
  quiesce::VM first = loaded.start(host);
  quiesce::VM second = loaded.start(host);
  std::cout << first.kept("lookUp").value()("word 42").as<std::string>() << "\n";
  const auto dice = [](quiesce::VM& one) { return one.kept("dice").value()().as<double>(); };
  std::cout << (dice(first) == dice(second) ? "the same number\n" : "different numbers\n");
  const double start = milliseconds_of([&] { loaded.start(host); });
  std::cout << (start * 20 < evaluation ? "started in less than a 20th of the time\n"
                                        : "that was not worth it\n");

  // A module that the image has is there for whoever imports it.
  const quiesce::Value job =
      first.eval("import {lookUp} from './main.mjs'; lookUp('word 7')",
                 {.file_name = "file:///app/job.mjs", .type = quiesce::SourceType::module});
  std::cout << (first.run(job) ? "imported, not evaluated\n" : "it waits\n");

  // The host of today offers what the application calls.
  quiesce::Host today = host;
  today.function("tell", [](const std::string& text) { std::cout << "told: " << text << "\n"; });
  loaded.start(today).kept("shout").value()();

  // What the evaluation has asked of the clock is the same in all of them.
  std::cout << "drew from " << loaded.draws().describe() << "\n";
  try {
    quiesce::StartImage::of(vm, {.refuse_draws = true});
  } catch (const quiesce::Error& error) {
    std::cout << error.what() << "\n";
  }

  // What sleeps in such a VM is stored as what it has changed since.
  first.eval("globalThis.asked = quiesce.call('ask', 1)");
  const auto asleep = first.snapshot().relative_to(loaded.snapshot());
  const bool small = asleep.stored_bytes() * 20 < loaded.snapshot().stored_bytes();
  std::cout << (small ? "less than a 20th of the image\n" : "as large as it is\n");

  // By name, in memory or in a folder.
  quiesce::StartImages images{"."};
  std::cout << images.names().front() << "\n";
  if (auto found = images.find("app")) {
    quiesce::VM third = found->start(host);
    std::cout << third.kept("lookUp").value()("word 1").as<std::string>() << "\n";
  }
}
