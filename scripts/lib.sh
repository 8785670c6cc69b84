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

# compile OUTFILE COMMIT [FLAGS of "bun build"...] - makes the executable, saying nothing unless it fails
compile() {
  local outfile="$1" commit="$2" log
  shift 2
  log="$(mktemp "${TMPDIR:-/tmp}/srouter-compile.XXXXXX")"
  # --format=esm: with --bytecode alone bun writes an executable that does not work, and no error.
  # --no-compile-autoload-*: else it would obey the .env and bunfig.toml of whatever folder it is started in,
  # and run the code that the latter names.
  # env -i: nothing of this machine decides what becomes of the code.
  if ! (
    cd "$root"
    env -i PATH="$PATH" HOME="$HOME" "$bin/bun" build src/main.ts \
      --compile --minify --bytecode --format=esm \
      --no-compile-autoload-dotenv --no-compile-autoload-bunfig \
      --no-compile-autoload-tsconfig --no-compile-autoload-package-json \
      --define "BUILD_COMMIT=\"$commit\"" \
      --outfile "$outfile" "$@" >"$log" 2>&1
  ); then
    cat "$log" >&2
    rm -f "$log"
    fail "the build failed"
  fi
  rm -f "$log"
}
