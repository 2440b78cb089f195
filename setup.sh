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
  if [ ! -e web/node_modules/.installed ] ||
     [ web/package-lock.json -nt web/node_modules/.installed ]; then
    (cd web && npm ci --no-audit --no-fund --loglevel=error)
    touch web/node_modules/.installed
  fi
}

build_web() {
  install_web
  if [ ! -e web/dist/index.html ] ||
     [ -n "$(find web/src web/public web/index.html web/package-lock.json web/vite.config.mts \
             -newer web/dist/index.html -print -quit 2>/dev/null)" ]; then
    (cd web && npm run --silent build)
  fi
}
