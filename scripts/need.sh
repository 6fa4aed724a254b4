#!/usr/bin/env bash
# Sourced: makes sure that what the build needs is there, or says in one line what to install.

# Versions of the tools that the scripts fetch into .tools/.
DENY_VERSION=0.20.2
FUZZ_VERSION=0.13.2

need_apt() {
    local missing=()
    for package in "$@"; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ "$(id -u)" -eq 0 ]; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
    else
        echo "please install: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
}

need_rust() {
    command -v cargo >/dev/null || { echo "please install Rust 1.95 or newer: https://rustup.rs" >&2; exit 1; }
}

need_node() {
    command -v npm >/dev/null || { echo "please install Node.js 20 or newer: https://nodejs.org" >&2; exit 1; }
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' ||
        { echo "please install Node.js 20 or newer; this is $(node --version)" >&2; exit 1; }
}

# The packages of a folder, exactly as its lock file says; again only when the lock file has changed.
need_npm() {
    need_node
    local mark="$1/node_modules/.installed"
    if [ ! -e "$mark" ] || ! cmp -s "$1/package-lock.json" "$mark"; then
        (cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
        cp "$1/package-lock.json" "$mark"
    fi
}

need_portal() {
    need_npm web
    (cd web && npm run --silent build)
}

# Guards licences and advisories of dependencies.
need_deny() {
    if [ ! -x .tools/bin/cargo-deny ] && ! command -v cargo-deny >/dev/null; then
        echo "building cargo-deny $DENY_VERSION into .tools/ ..." >&2
        cargo install --quiet --locked --debug --root .tools "cargo-deny@$DENY_VERSION"
    fi
    PATH="$PWD/.tools/bin:$PATH"
}

# Builds and runs fuzz targets.
need_fuzz() {
    if [ ! -x .tools/bin/cargo-fuzz ] && ! command -v cargo-fuzz >/dev/null; then
        echo "building cargo-fuzz $FUZZ_VERSION into .tools/ ..." >&2
        cargo install --quiet --locked --debug --root .tools "cargo-fuzz@$FUZZ_VERSION"
    fi
    PATH="$PWD/.tools/bin:$PATH"
}
