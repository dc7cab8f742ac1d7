#include "cli/help.hpp"

namespace quiesce::cli {

namespace {

constexpr std::string_view kOverview = R"(Usage: quiesce COMMAND [OPTION]... ARGUMENT...

Runs JavaScript in a machine of its own that can be put to sleep in a file, heap, promises,
timers and all, and woken later in another process.

Commands:
  eval CODE          evaluates CODE and prints the result
  run FILE [ARG]...  runs a program; with --suspend-to it can fall asleep
  resume SNAPSHOT    wakes a program, tells it what became of its calls, and goes on
  inspect SNAPSHOT   shows what a sleeping program waits for, without waking it
  resolve SPECIFIER  tells which file an import means
  engines            lists the engines whose snapshots can be woken here
  diff A B           shows what changed from one snapshot to another
  key new FILE       makes a key that snapshots are signed or encrypted with
  image build FILE   evaluates an application once, for 'run --image' to start from

A program asks for the outside world with quiesce.call(name, ...args), a promise that only you
can settle. Try it:

  $ cat > order.js
  const receipt = await quiesce.call("charge", 499);
  console.log("paid:", receipt);

  $ quiesce run --suspend-to order.qsnap order.js
  {"id":"1","name":"charge","args":[499]}          (and exit status 3: asleep)

  $ quiesce resume order.qsnap --resolve '1="ch_42"'
  paid: ch_42

'quiesce COMMAND --help' has the options of each command; 'quiesce --version' tells which engine
this is. Exit status: 0 done, 1 uncaught error, 2 wrong usage or unreadable input, 3 asleep,
4 a limit was reached.
)";

constexpr std::string_view kEval = R"(Usage: quiesce eval [OPTION]... CODE

Evaluates CODE and prints the value of its last statement as 'node -p' would: a string as it is,
anything else as console.log shows it. With top-level await, the value that it comes to. Then
runs until no job and no timer is left.

Examples:
  quiesce eval '[1, 2, 3].map(n => n * n)'
  quiesce eval --timeout 1s 'while (true);'              (ends with exit status 4)
  quiesce eval -- '-1 + 2'                               (-- before code that begins with a dash)
)";

constexpr std::string_view kRun = R"(Usage: quiesce run [OPTION]... FILE [ARG]...
       quiesce run --image IMAGE [OPTION]... [FILE [ARG]...]

Runs FILE until nothing is left to do, waiting for its timers; '-' reads the program from standard
input. As in Node, .mjs and .mts are ES modules, .cjs and .cts CommonJS, and .js and .ts what the
nearest package.json says, or else what they parse as. Types of TypeScript are stripped. A folder
is a package: its main file is run. What follows FILE belongs to the program: it finds those
arguments in quiesce.args, an array of strings.

Examples:
  quiesce run hello.js Ada
  quiesce run app.ts
  quiesce run --mount /app=./dist --mount /app/node_modules=./node_modules /app/main.js
  quiesce run --suspend-to order.qsnap order.js
  quiesce run --clock 2026-01-01T00:00:00Z --seed 1 dice.js      (the same every time)
)";

constexpr std::string_view kRunFromImage = R"(
Start images ('quiesce image build --help' makes one):
  --image IMAGE            the program begins in a VM in which an application was evaluated before:
                           what FILE imports of it is there already. Without FILE, the default
                           export of the application is called. Its arguments stand behind --:
                           quiesce run --image app.qimg -- Ada
)";

constexpr std::string_view kImage = R"(Usage: quiesce image build [OPTION]... FILE -o IMAGE

Runs FILE until it and all that it imports has been evaluated, and writes the VM as it is then to
IMAGE, from which 'quiesce run --image IMAGE' starts programs without evaluating that again. Prints
one line; and on standard error, where the evaluation asked for the time or for random numbers,
whose answers all VMs of the image have in common. Timers that are set run on in each VM.

Options:
  -o, --output IMAGE       the file to write (the old one or the new one, never half of it)
  --strict                 if it asked for the time or for random numbers: ends with status 1, and
                           writes nothing

Examples:
  quiesce image build app.mjs -o app.qimg
  quiesce run --image app.qimg job.mjs 17        (job.mjs imports from ./app.mjs)
  quiesce run --image app.qimg -- 17             (calls the default export of app.mjs)
  quiesce run --image app.qimg --suspend-to a.qsnap --relative-to app.qimg job.mjs
)";

constexpr std::string_view kResume = R"(Usage: quiesce resume [OPTION]... SNAPSHOT

Wakes the program that sleeps in SNAPSHOT, settles the calls that are named, and goes on. Timers
whose time has passed fire at once. SNAPSHOT itself stays as it is; it can be woken again.

Options:
  --resolve ID=JSON        settles call ID with a value; may be repeated
  --reject ID=JSON         makes call ID fail: a string, or an object with "message" (and "name",
                           "code"...) becomes an Error; any other value is thrown as it is

Nothing runs unless every ID is a call that is pending in SNAPSHOT and every JSON is well formed.

Examples:
  quiesce resume order.qsnap --resolve '1="ch_42"'
  quiesce resume order.qsnap --reject '1="card declined"' --suspend-to order.qsnap
  quiesce resume order.qsnap                              (only its timers)
  quiesce resume a.qsnap --resolve '2=true' --suspend-to b.qsnap --relative-to a.qsnap
)";

constexpr std::string_view kInspect = R"(Usage: quiesce inspect [OPTION]... SNAPSHOT

Shows what is in SNAPSHOT: the calls that are pending with their arguments and age, and for each
who awaits it; timers; what fills the memory; the engine it belongs to, sizes and limits, host
functions that a restore needs, modules, mounts, files, globals and named roots. The program does
not run. Of a snapshot for an engine that is not here, what its header says.

Options:
  --json                   one JSON object instead of text, for programs
  --html FILE              writes a page to look at, with a map of the memory; it needs nothing but
                           itself
  --ancestors FOLDER       where the snapshots lie that SNAPSHOT needs; without it, beside it
  --engines FOLDER         where the engines of older snapshots are; see 'quiesce engines --help'
  --key FILE               a key that SNAPSHOT has to be sealed with; may be repeated
  --clock TIME             the moment that ages are counted from, instead of now

Examples:
  quiesce inspect order.qsnap
  quiesce inspect --json order.qsnap | jq '.pending[].name'
  quiesce inspect --html order.html order.qsnap
)";

constexpr std::string_view kDiff = R"(Usage: quiesce diff [OPTION]... SNAPSHOT OTHER

Shows what changed from SNAPSHOT to OTHER: pages of memory, objects by class, calls that appeared
or were settled, timers, modules, host functions, files, globals and named roots. They need not be
of one program; but of one engine. Neither runs.

Options:
  --json                   one JSON object instead of text, for programs
  --html FILE              writes a page to look at; it needs nothing but itself
  --ancestors FOLDER       where the snapshots lie that these need; without it, beside them
  --clock TIME             the moment that ages are counted from, instead of now

Examples:
  quiesce diff before.qsnap after.qsnap
  quiesce diff --html change.html before.qsnap after.qsnap
)";

constexpr std::string_view kResolve = R"(Usage: quiesce resolve [OPTION]... --from FILE SPECIFIER

Prints the URL of the module that SPECIFIER means where FILE imports it, as Node would find it; or
the code of the error, with the reason on standard error and exit status 1. FILE need not exist.

Options:
  --from FILE              the file that imports
  --require                as require() finds it, with the condition "require"
  --json                   {"url": ...} or {"code": ..., "message": ...}
  --mount PATH=FOLDER      what can be seen, as for run; without it, every folder of this machine
                           above FILE
  --import-map FILE        an import map (WHATWG HTML); may be repeated
  --conditions LIST        further conditions: --conditions node agrees with Node
  --lenient                names without extension, and folders with index.js, are found too
  --help                   this text

Examples:
  quiesce resolve lodash-es --from src/app.mjs
  quiesce resolve '#db' --from src/app.mjs --conditions node,development --json
)";

constexpr std::string_view kEngines = R"(Usage: quiesce engines [OPTION]...

Lists the engines whose snapshots can be woken here: the one that is built in, and libraries named
quiesce-engine-<SHA-256>.so. A snapshot wakes in the engine that it fell asleep in and in no other;
so a new version of Quiesce wakes the sleepers of an older one if the library of that is kept.
Nothing is loaded. A library is code that runs with your rights once a snapshot needs it.

Options:
  --engines FOLDER         looks there first; may be repeated
  --json                   one JSON object instead of text, for programs
  --help                   this text

After those of --engines come the folders in the environment variable QUIESCE_ENGINES, with colons
between them, and then lib/quiesce/engines beside the folder of the program.
)";

constexpr std::string_view kKey =
    R"(Usage: quiesce key new (--ed25519 | --hmac | --aes) [--id ID] FILE
       quiesce key public FILE

Makes a key for --key, in a FILE that only you can read and that is never overwritten. With a key
that signs, nobody can change a snapshot, or make one up, without it being noticed; with one that
encrypts, nobody can read it either. 'key public' prints the public half of an Ed25519 key.

Options:
  --ed25519                signs; FILE.pub is the half that checks, for those who only read
  --hmac                   signs (HMAC-SHA-256); who can check can also sign
  --aes                    encrypts (AES-256-GCM)
  --id ID                  what snapshots call the key; without it, 16 digits by chance
  --help                   this text

Examples:
  quiesce key new --ed25519 mine.key
  quiesce run --key mine.key --suspend-to order.qsnap order.js
  quiesce inspect --key mine.key.pub order.qsnap
  quiesce resume --key mine.key order.qsnap --resolve '1="ch_42"'
)";

constexpr std::string_view kSleep = R"(
Sleep:
  --suspend-to SNAPSHOT    as soon as no job is ready and a call is pending: writes SNAPSHOT (the
                           old file or the new one, never half of it), prints one JSON line for
                           each pending call, and ends with status 3. SNAPSHOT may be the file that
                           is resumed.
  --relative-to SNAPSHOT   stores only what has changed since this one, which is then needed to
                           wake the new one
  --whole                  stores all of the memory, for tools that read it without the engine:
                           about 260 KB larger
  --ancestors FOLDER       where the snapshots lie that others need; without it, beside them
  --engines FOLDER         where the engines of older snapshots are; see 'quiesce engines --help'
  --key FILE               a key of 'quiesce key new': snapshots that are read have to be sealed
                           with it, and those that are written will be. May be repeated: one to
                           sign and one to encrypt, and older ones, which only read, after them
)";

constexpr std::string_view kLimits = R"(
Limits (a program that reaches one ends with status 4):
  --memory SIZE            what JavaScript may allocate, such as 64MiB; 256MiB unless given
  --stack SIZE             16KiB to 2MiB; 512KiB unless given
  --timeout TIME           how long JavaScript may run in this process, waiting for timers not
                           counted, such as 500ms or 5s; no limit unless given
  --fuel N                 how many loop turns and calls it may make; no limit unless given
)";

constexpr std::string_view kLimitsTravel = R"(
Limits travel in the snapshot; what is given here replaces them.
)";

constexpr std::string_view kWorld = R"(
World:
  --clock TIME             the clock stands at TIME, such as 2026-01-01T00:00:00Z; instead of
                           waiting for a timer, it jumps to it
  --seed N                 randomness follows from N: equal programs see equal numbers
  --timezone ZONE          UTC unless given; +02:00, a name such as Europe/Berlin, or 'local'

  --help                   this text
)";

constexpr std::string_view kModules = R"(
Modules (resolved as Node does; nothing but what is mounted can be seen):
  --mount PATH=FOLDER      the program sees FOLDER, read-only, at PATH; may be repeated. Without it,
                           the current folder (or FILE's own, if that lies elsewhere) is mounted
                           where it is
  --import-map FILE        an import map (WHATWG HTML), JSON; relative addresses are relative to it.
                           May be repeated: a later map only adds to what the earlier ones say
  --conditions LIST        further conditions of package.json's "exports": node,development
  --lenient                names without extension, and folders with index.js, are found too
  --fs                     node:fs can be imported; what the program writes stays in it
  --env NAME[=VALUE]       process.env has it; may be repeated; without a value, that of here
)";

constexpr std::string_view kHelpOnly = "\n  --help                   this text\n";

std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

}  // namespace

std::string_view overview_help() noexcept { return kOverview; }

std::string command_help(std::string_view command) {
  if (command == "eval") return join({kEval, kModules, kSleep, kLimits, kWorld});
  if (command == "run") return join({kRun, kRunFromImage, kModules, kSleep, kLimits, kWorld});
  if (command == "resume") return join({kResume, kModules, kSleep, kLimits, kLimitsTravel, kWorld});
  if (command == "image") return join({kImage, kModules, kLimits, kWorld});
  if (command == "resolve") return std::string(kResolve);
  if (command == "engines") return std::string(kEngines);
  if (command == "inspect") return join({kInspect, kHelpOnly});
  if (command == "diff") return join({kDiff, kHelpOnly});
  if (command == "key") return std::string(kKey);
  return {};
}

}  // namespace quiesce::cli
