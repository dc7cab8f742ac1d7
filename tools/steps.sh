# For ./quickstart and ./test: steps that say what they do and how long they took. Source it.

export LC_ALL=C.UTF-8
export NINJA_STATUS="[%f/%t, %es] "

if [[ -t 1 ]]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
else
  bold="" red="" green="" plain=""
fi

step_names=()
step_results=()

# step NAME COMMAND...: runs the command, remembers how it went, and returns its status.
step() {
  local name=$1 start=$SECONDS status=0
  shift
  printf '\n%s==> %s%s\n    %s\n' "$bold" "$name" "$plain" "$*"
  "$@" || status=$?
  local took=$((SECONDS - start))
  if ((status == 0)); then
    printf '%s    %s: %d s%s\n' "$green" "$name" "$took" "$plain"
    step_results+=("ok      ${took} s")
  else
    printf '%s    %s failed (status %d) after %d s%s\n' "$red" "$name" "$status" "$took" "$plain"
    step_results+=("FAILED  ${took} s")
  fi
  step_names+=("$name")
  return "$status"
}

# The builds compile the same files, many of them alike: ccache keeps what one build has compiled
# for the others. Command lines differ in the build's folder alone, which ccache makes relative; it
# learns from the compiler which headers there are (DEPEND), and is told that it may keep
# precompiled ones (SLOPPINESS). What the user has configured himself stays. Without ccache, or a
# folder where it may write, everything is compiled.
use_compiler_cache() {
  local cache
  cache=$(ccache --get-config cache_dir 2>/dev/null) || return 0
  if ! mkdir -p "$cache" 2>/dev/null || [[ ! -w $cache ]]; then return 0; fi
  export CMAKE_C_COMPILER_LAUNCHER=${CMAKE_C_COMPILER_LAUNCHER-ccache}
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
  export CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1
  CCACHE_BASEDIR=$(ccache --get-config base_dir)
  CCACHE_SLOPPINESS=$(ccache --get-config sloppiness),pch_defines,time_macros
  export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$PWD/build} CCACHE_SLOPPINESS
}

# configure_and_build PRESET: CMake configures again by itself when its files change, but not when a
# preset does, so it is asked each time: about a second.
configure_and_build() (
  use_compiler_cache
  cmake --preset "$1" --log-level=WARNING >/dev/null &&
    cmake --build --preset "$1" --parallel "$(nproc)"
)

print_summary() {
  printf '\n%sSummary%s\n' "$bold" "$plain"
  local i
  for i in "${!step_names[@]}"; do
    printf '  %-44s %s\n' "${step_names[i]}" "${step_results[i]}"
  done
  printf '  %-44s         %d s\n' "altogether" "$SECONDS"
}
