#!/usr/bin/env bash
# Installs by apt-get what the tests start themselves. Does nothing when all of it is there.
set -euo pipefail
need=()
[ -x /usr/sbin/slapd ] || need+=(slapd ldap-utils)
[ -x /usr/bin/openssl ] || need+=(openssl)
[ -x /usr/bin/chromium ] || need+=(chromium chromium-l10n)
[ -x /usr/bin/chromium-headless-shell ] || need+=(chromium-headless-shell)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || need+=(postgresql)
[ -x /usr/sbin/samba ] || need+=(samba samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind krb5-user ldb-tools attr acl)
[ -x /usr/bin/sqlite3 ] || need+=(sqlite3)
[ -x /usr/sbin/clamd ] || need+=(clamav-daemon)
[ -x /usr/sbin/nginx ] || need+=(nginx-light)
[ "${#need[@]}" -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "Mangler: ${need[*]}. Kjør: sudo apt-get install -y --no-install-recommends ${need[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=400 update -qq
echo 'slapd slapd/no_configuration boolean true' | debconf-set-selections
# The packages' own servers stay off: the tests start private ones.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d.tests
made_policy=""
if [ ! -e /usr/sbin/policy-rc.d ]; then mv /usr/sbin/policy-rc.d.tests /usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; made_policy=1; else rm /usr/sbin/policy-rc.d.tests; fi
apt-get -o DPkg::Lock::Timeout=400 install -y -qq --no-install-recommends "${need[@]}" >/dev/null
[ -z "$made_policy" ] || rm -f /usr/sbin/policy-rc.d
