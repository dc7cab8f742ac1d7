# Functions for the commands in transcripts.

# flip FILE OFFSET: inverts the lowest bit of one byte; a negative offset counts from the end.
flip() {
  local file=$1 offset=$2 byte
  ((offset >= 0)) || offset=$(($(stat -c %s "$file") + offset))
  byte=$(od -An -tu1 -j "$offset" -N 1 "$file")
  poke "$file" "$offset" "$(printf '%02x' $((byte ^ 1)))"
}

# poke FILE OFFSET HEX...: overwrites bytes.
poke() {
  local file=$1 offset=$2
  shift 2
  printf "$(printf '\\x%s' "$@")" | dd of="$file" bs=1 seek="$offset" conv=notrunc status=none
}

# seal SNAPSHOT: makes the digest at its end right again, as somebody would who edits on purpose.
seal() {
  local size digest
  size=$(($(stat -c %s "$1") - 32))
  digest=$(head -c "$size" "$1" | sha256sum | cut -c 1-64)
  poke "$1" "$size" $(sed 's/../& /g' <<<"$digest")
}

# unchanged FILE COMMAND...: runs the command, and says whether the bytes of FILE are what they were.
unchanged() {
  local file=$1 before status=0
  shift
  before=$(sha256sum <"$file")
  "$@" || status=$?
  if [[ $(sha256sum <"$file") == "$before" ]]; then
    echo "($file is unchanged)"
  else
    echo "($file has CHANGED)"
  fi
  return "$status"
}

# wait_for FILE: until it is there and not empty, 20 seconds at most.
wait_for() {
  local tries
  for ((tries = 0; tries < 400; ++tries)); do
    [[ -s $1 ]] && return 0
    sleep 0.05
  done
  echo "$1 did not appear"
  return 1
}

# times N COMMAND...: runs the command N times, and prints how often each status came.
times() {
  local count=$1 i
  shift
  for ((i = 0; i < count; ++i)); do
    "$@" >/dev/null 2>&1
    echo "exit $?"
  done | sort | uniq -c | sed 's/^ *//; s/ / times /'
}
