#!/usr/bin/env bash
# Sourced: makes sure that what the build needs is there, or says in one line what to install.

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
