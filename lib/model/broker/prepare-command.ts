/**
 * What the one-shot task does that makes a volume ready: root in the host's mount namespace, with the host's own
 * tools, mounts only inside a namespace of its own. The environment gives WARDEN_DEVICE, WARDEN_SERIAL (the volume id
 * without its dash) and WARDEN_MAY_FORMAT (`yes` only for a volume that never held a file system).
 *
 * The device link can be stale, so the serial is compared before anything is written.
 */
const hostScript = `device=$WARDEN_DEVICE
serial=
for second in $(seq 30); do
  serial=$(lsblk -ndo SERIAL "$device" 2>/dev/null || true)
  [ -n "$serial" ] && break
  sleep 1
done
if [ "$serial" != "$WARDEN_SERIAL" ]; then
  echo "warden: $device has serial '$serial', expected $WARDEN_SERIAL" >&2
  exit 70
fi
type=$(blkid -o value -s TYPE "$device" || true)
if [ -z "$type" ]; then
  if [ "$WARDEN_MAY_FORMAT" != yes ]; then
    echo "warden: volume $serial is blank, but it held a file system before: it is not formatted again" >&2
    exit 71
  fi
  mkfs.xfs -q "$device"
elif [ "$type" != xfs ]; then
  echo "warden: volume $serial holds a foreign file system ($type): it is left alone" >&2
  exit 72
fi
mount=$(mktemp -d)
mount -o noatime "$device" "$mount"
mkdir -p "$mount/kafka"
chown 1000:1000 "$mount" "$mount/kafka"
umount "$mount"
rmdir "$mount"`;

export const prepareCommand: readonly string[] = [
  'nsenter',
  '-t',
  '1',
  '-m',
  '--',
  'unshare',
  '-m',
  'bash',
  '-euo',
  'pipefail',
  '-c',
  hostScript,
];
