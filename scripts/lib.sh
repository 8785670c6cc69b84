# Sourced by the other scripts. Runs on bash 3.2, which is what macOS has.
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
bin="$root/node_modules/.bin"

fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# Installs what package-lock.json names, unless that is what was last installed.
ensure_dependencies() {
  local installed="$root/node_modules/.package-lock.json"
  if [[ -x "$bin/bun" && -f "$installed" && ! "$root/package-lock.json" -nt "$installed" ]]; then
    return
  fi
  command -v npm >/dev/null || fail "npm is missing: install Node.js 20 or later, which brings it"
  echo "Installing dependencies (npm ci) ..." >&2
  (cd "$root" && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error >&2) ||
    fail "the dependencies could not be installed; npm says why above"
}

# The commit of this checkout, with "-dirty" where it has been edited; "unknown" outside of Git, and also where a
# repository merely contains this folder.
commit_of_checkout() {
  local commit
  if [[ "$(git -C "$root" rev-parse --show-cdup 2>/dev/null || echo outside)" == "" ]]; then
    commit="$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)"
    if [[ "$commit" != unknown ]] && ! git -C "$root" diff --quiet HEAD -- 2>/dev/null; then
      commit="$commit-dirty"
    fi
    echo "$commit"
  else
    echo unknown
  fi
}
