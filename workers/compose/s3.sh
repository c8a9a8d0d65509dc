#!/usr/bin/env bash
# A Ceph of one monitor, one OSD (bluestore) and one S3 gateway in S3_FOLDER, listening on S3_ADDRESS:S3_PORT; made at
# the first start, found again at every later one. S3_KEYS is a file of two lines: access key, secret key. Ends when one
# of its processes ends, so that whoever started it starts it again; on SIGTERM it ends them in order.
# One copy of everything: for trying out and for what is backed up elsewhere, not in place of a real cluster.
set -euo pipefail

folder=${S3_FOLDER:?where the data stands}
port=${S3_PORT:-9000}
address=${S3_ADDRESS:-127.0.0.1}
# Ports of the monitor, on the loopback only.
mon_v2=$((port + 1))
mon_v1=$((port + 2))
size=${S3_BYTES:-107374182400}
mapfile -t keys <"${S3_KEYS:?file of access key and secret key}"
export CEPH_CONF=$folder/ceph.conf
# Debian 13 builds in a path that lacks its first slash.
classes=$(ls -d /usr/lib/rados-classes /usr/lib/*/rados-classes 2>/dev/null | head -n 1 || true)

configure() {
  local fsid
  fsid=$(cat "$folder/fsid" 2>/dev/null || tee "$folder/fsid" </proc/sys/kernel/random/uuid)
  cat >"$CEPH_CONF" <<END
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$mon_v2,v1:127.0.0.1:$mon_v1]
auth cluster required = none
auth service required = none
auth client required = none
keyring = $folder/keyring
run dir = $folder
admin socket = ""
log file = $folder/\$name.log
mon cluster log file = $folder/cluster.log
crash dir = $folder
ms bind ipv6 = false
ms mon client mode = crc
ms mon cluster mode = crc
ms mon service mode = crc
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 2000
[mon]
mon data = $folder/mon
mon initial members = a
[osd]
osd data = $folder/osd
osd objectstore = bluestore
osd class dir = $classes
osd class load list = *
osd class default list = *
public addr = 127.0.0.1
cluster addr = 127.0.0.1
bluestore block size = $size
[client.rgw]
rgw frontends = beast endpoint=$address:$port
rgw data = $folder/rgw
rgw enable usage log = false
rgw enable ops log = false
rgw run sync thread = false
END
}

make_cluster() {
  local uuid
  mkdir -p "$folder/mon" "$folder/osd" "$folder/rgw"
  : >"$folder/keyring"
  monmaptool --create --clobber --fsid "$(cat "$folder/fsid")" \
    --addv a "[v2:127.0.0.1:$mon_v2,v1:127.0.0.1:$mon_v1]" "$folder/monmap"
  ceph-mon --mkfs -i a --monmap "$folder/monmap"
  ceph-mon -i a -f &
  uuid=$(cat /proc/sys/kernel/random/uuid)
  ceph osd new "$uuid" 0
  ceph-osd -i 0 --mkfs --osd-uuid "$uuid"
  ceph-osd -i 0 -f &
  ceph osd crush add osd.0 1.0 root=default host=local
}

start_cluster() {
  ceph-mon -i a -f &
  ceph-osd -i 0 -f &
}

end_all() {
  trap - TERM INT
  # shellcheck disable=SC2046  # a list of process ids
  kill -TERM $(jobs -p) 2>/dev/null || true
  # One whose peers are gone may wait for them for ever.
  (sleep 20; kill -KILL $(jobs -p) 2>/dev/null) &
  wait
  exit 0
}

configure
trap end_all TERM INT
if [ -e "$folder/made" ]; then
  start_cluster
else
  # What an interrupted first start left holds nothing yet.
  rm -rf "$folder/mon" "$folder/osd" "$folder/rgw"
  make_cluster
fi
radosgw -n client.rgw -f &
if [ ! -e "$folder/made" ]; then
  radosgw-admin -n client.rgw user create --uid=custody --display-name=custody \
    --access-key="${keys[0]}" --secret-key="${keys[1]}" >/dev/null
  touch "$folder/made"
fi
# `wait` is interrupted by the trap; any process that ends by itself ends all.
wait -n && status=0 || status=$?
echo "s3.sh: one of its processes ended ($status), so all end; see $folder/*.log" >&2
end_all
