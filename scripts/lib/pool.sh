# Sourced by scripts that do several things side by side.

at_once=$(($(nproc) < 4 ? $(nproc) : 4))
declare -A pool_started=() # by the process that leads its group
declare -A pool_ids=()

# pool DO REPORT ID...: calls DO ID for each, $at_once of them at once, and REPORT ID STATUS SECONDS after
# each. What they start ends with them, and with the script.
pool() {
  local do=$1 report=$2 waiting=("${@:3}") leader status started id
  while [[ ${#waiting[@]} -gt 0 || ${#pool_ids[@]} -gt 0 ]]; do
    while [[ ${#waiting[@]} -gt 0 && ${#pool_ids[@]} -lt $at_once ]]; do
      set -m # a process group for each
      (
        set +m
        trap - INT TERM EXIT
        "$do" "${waiting[0]}"
      ) </dev/null &
      set +m
      pool_ids[$!]=${waiting[0]}
      pool_started[$!]=$SECONDS
      waiting=("${waiting[@]:1}")
    done
    status=0
    wait -n -p leader "${!pool_ids[@]}" || status=$?
    [[ -n ${leader-} ]] || continue
    kill -KILL -- "-$leader" 2>/dev/null || true
    id=${pool_ids[$leader]} started=${pool_started[$leader]}
    unset "pool_ids[$leader]" "pool_started[$leader]"
    "$report" "$id" $status $((SECONDS - started))
  done
}

# Ends whatever a pool has running: a JVM may want to clean up, but nothing stays.
end_pool() {
  local leader deadline=$((SECONDS + 5))
  for leader in "${!pool_ids[@]}"; do
    kill -TERM -- "-$leader" 2>/dev/null || true
  done
  for leader in "${!pool_ids[@]}"; do
    while kill -0 -- "-$leader" 2>/dev/null && [[ $SECONDS -lt $deadline ]]; do
      sleep 0.1
    done
    kill -KILL -- "-$leader" 2>/dev/null || true
  done
}
trap end_pool EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# steps FUNCTION...: calls each, side by side, and prints a line as step does; the name is the function's.
steps() {
  local failed=
  pool step_of_pool report_step "$@"
  [[ -z $failed ]] || fail "All of it: $PWD/$failed"
}

step_of_pool() {
  "$1" >"build/logs/$1.log" 2>&1
}

report_step() { # FUNCTION STATUS SECONDS
  printf '%-48s' "${1//_/ }" >&2
  if [[ $2 -eq 0 ]]; then
    printf '%4d s\n' "$3" >&2
  else
    failed=build/logs/$1.log
    printf 'failed after %d s\n' "$3" >&2
    tail -n 100 "$failed" >&2
  fi
}
