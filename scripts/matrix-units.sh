#!/usr/bin/env bash
# Runs the tests of kernels that use matrix units (subgroup matrices) where no card is: on lavapipe of Mesa 26, which
# has them in software. That Mesa needs Debian 13, so a small one is made in a cache folder (0.8 GB, a minute or two)
# and used again the next time. On the machine itself nothing is installed but debootstrap, where that is missing, and
# nothing stays mounted.
#
#   scripts/matrix-units.sh              the tests in test/matrix-units; the last line is `N passed, M failed, K skipped`
#   scripts/matrix-units.sh COMMAND …    this command there, in the project's folder, e.g. node dist/bench/cli.js devices
#
# ASSAY_MATRIX_ROOT    where it is kept; ~/.cache/assay/matrix-units by default. Delete the folder to be rid of it.
# ASSAY_MATRIX_MIRROR  a mirror of Debian; by default the one that this machine's apt uses.
# Needs Linux with root. Exit code 3 says that the environment could not be had, any other is the command's.
set -euo pipefail
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
root=${ASSAY_MATRIX_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/assay/matrix-units}
release=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

say() { printf -- '--- %s\n' "$*" >&2; }
unavailable() {
  printf 'no matrix units here: %s\n' "$*" >&2
  exit 3
}

mirror() {
  if [ -n "${ASSAY_MATRIX_MIRROR:-}" ]; then
    printf '%s\n' "$ASSAY_MATRIX_MIRROR"
    return
  fi
  [ "$(. /etc/os-release && echo "${ID:-}")" = debian ] || return 0
  # The first source of Debian itself: a stanza or a line that has the main suite of this release, by name or number.
  local codename
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
  # Not every machine has every one of these files.
  set +o pipefail
  {
    cat /etc/apt/sources.list.d/*.sources 2> /dev/null |
      awk -v RS= -v suite="$codename" '$0 ~ "\nSuites:[^\n]*[ \t]" suite "([ \t\n]|$)"' |
      sed -nE 's/^URIs:[ \t]*([^ \t]+).*/\1/p'
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null |
      sed -nE "s/^deb +(\[[^]]*\] +)?([^ ]+) +$codename +.*/\2/p"
  } | sed -n 1p
}

# Mounts live in a namespace of their own and end with it, however it ends.
alone() { unshare --mount --propagation private "$@"; }

make_root() {
  local from new=$root.new
  [ ! -e "$root" ] || unavailable "$root is there and is not what this script makes; ASSAY_MATRIX_ROOT names another folder"
  from=$(mirror)
  [ -n "$from" ] || unavailable 'no mirror of Debian in the sources of apt; ASSAY_MATRIX_MIRROR=URL names one'
  if ! command -v debootstrap > /dev/null; then
    say 'installing debootstrap'
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap; } \
      > /dev/null || unavailable 'debootstrap could not be installed; try: apt-get install debootstrap'
  fi
  [ -r $keyring ] || unavailable "$keyring is not there; try: apt-get install debian-archive-keyring"
  say "making a Debian $release in $root"
  rm -rf --one-file-system "$new"
  mkdir -p "$new"
  local log=$root.log
  {
    alone debootstrap --variant=minbase --keyring=$keyring --include=nodejs,ca-certificates,libvulkan1 \
      $release "$new" "$from" &&
      printf 'deb %s %s-backports main\n' "$from" $release > "$new/etc/apt/sources.list.d/backports.list" &&
      alone chroot "$new" apt-get update &&
      DEBIAN_FRONTEND=noninteractive alone chroot "$new" apt-get install -y --no-install-recommends \
        -t $release-backports mesa-vulkan-drivers &&
      alone chroot "$new" apt-get clean
  } > "$log" 2>&1 || unavailable "Debian $release could not be made; $log ends: $(tail -n 1 "$log")"
  # Only a whole one gets the name.
  mv "$new" "$root"
  rm -f "$log"
}

[ "$(uname -s)" = Linux ] || unavailable 'this needs Linux'
[ "$(id -u)" = 0 ] || unavailable 'making a root folder and entering it needs root; try: sudo -E scripts/matrix-units.sh'
command -v unshare chroot flock > /dev/null || unavailable 'unshare, chroot or flock is missing (util-linux, coreutils)'

mkdir -p "$(dirname "$root")"
(
  # Two at once would make it twice.
  flock 9
  [ -x "$root/usr/bin/node" ] || make_root
) 9> "$root.lock"

report=node_modules/.cache/assay/matrix-units.json
tests() {
  node "$project/scripts/ensure.mjs" >&2
  rm -f "$project/$report"
  local status=0
  inside node node_modules/vitest/vitest.mjs run test/matrix-units --outputFile.json=$report || status=$?
  # A run that could not even begin has no report.
  node -e '
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = JSON.parse(
      require("node:fs").readFileSync(process.argv[1], "utf8"));
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  ' "$project/$report" || status=1
  return $status
}

# The project has the same path inside as outside, so that messages name files that are there.
inside() {
  ROOT=$root PROJECT=$project alone bash -euc '
    mkdir -p "$ROOT$PROJECT"
    mount --bind "$PROJECT" "$ROOT$PROJECT"
    for folder in proc dev sys; do mount --rbind "/$folder" "$ROOT/$folder"; done
    # Tests here must not be skipped for want of what this is made for.
    exec chroot "$ROOT" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/root TERM="${TERM:-dumb}" \
      ASSAY_TEST_DEVICE=llvmpipe ASSAY_MATRIX_UNITS=required \
      bash -c '\''cd "$0" && exec "$@"'\'' "$PROJECT" "$@"
  ' matrix-units "$@"
}

if [ $# -gt 0 ]; then inside "$@"; else tests; fi
