// Files: what a VM sees, what it writes, and what it finds again when it wakes.
#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  // Trees that a VM may see: memory, a folder (folder_files), an archive (archive_files), several
  // as one (overlay_files), or a class of your own.
  auto app = quiesce::memory_files({{"/main.mjs", "import './lib/greet.mjs'"},
                                    {"/lib/greet.mjs", "console.log('hello')"},
                                    {"/readme", "never read"}},
                                   {{"/latest", "lib/greet.mjs"}});
  auto shared = quiesce::memory_files({{"/left-pad/index.js", "module.exports = ..."}});

  // Where they stand. Mounts are read-only unless writes are to stay in the VM.
  quiesce::Host host;
  host.files(quiesce::Mounts()
                 .mount("/app", app)
                 .mount("/data", quiesce::memory_files({{"/seed", "1"}}), {.keeps_writes = true})
                 .mount("/node_modules", shared, {.by_digest = true, .name = "modules 1.0"}));
  quiesce::VM vm{host};
  quiesce::Files files = vm.files();

  // One tree, with links followed.
  std::cout << *files.read("/app/latest") << "\n" << *files.real_path("/app/latest") << "\n";
  const auto names = files.list("/").value();
  std::cout << "in /:";
  for (const std::string& name : names) std::cout << " " << name;
  std::cout << "\n";
  std::cout << files.status("/app/none").has_value() << "\n";  // absence is no error

  // Writing: outside mounts, and where writes stay in the VM.
  files.make_directories("/tmp/work");
  files.write("/tmp/work/note", "written before it slept");
  files.append("/data/seed", "2");
  try {
    files.write("/app/main.mjs", "");
  } catch (const quiesce::FileError& error) {
    std::cout << error.reason() << " | " << error.what() << "\n";
  }

  // Asleep. The VM wakes where there is no /app and no /data, and has what it had found.
  const quiesce::Snapshot snapshot = vm.snapshot();
  try {
    quiesce::VM again{quiesce::Host(), snapshot};
  } catch (const quiesce::Error& error) {  // but what was mounted by digest must be there
    std::cout << error.what() << "\n";
  }
  quiesce::Host elsewhere;
  elsewhere.files(quiesce::Mounts().mount("/node_modules", shared, {.by_digest = true}));
  quiesce::VM again{elsewhere, snapshot};
  std::cout << *again.files().read("/tmp/work/note") << "\n"
            << *again.files().read("/app/latest") << "\n"
            << *again.files().read("/data/seed") << "\n"
            << again.files().status("/app/readme").has_value() << "\n";  // nobody had looked
}
