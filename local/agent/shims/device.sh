# What the disk programs share. A device is a link in the host's /dev/disk/by-id to a volume's folder,
# which holds `filesystem` (the type; absent while blank), `data`, `mounts` and `dirty`.

program=${0##*/}

fail() { # code, message
  printf '%s: %s\n' "$program" "$2" >&2
  exit "$1"
}

refuse() { # what
  fail 64 "$1 is not done on the local cloud; use the options that FEATURES.md of local/agent lists"
}

need_privilege() {
  [ -n "$LOCAL_PRIVILEGED" ] || fail 1 'Operation not permitted (the container is not privileged)'
}

volume_of() { # device -> the volume's folder, or nothing
  case $1 in
    "$LOCAL_HOST_ROOT"/dev/disk/by-id/*) readlink "$1" ;;
  esac
}

need_volume() { # device; sets $volume
  volume=$(volume_of "$1")
  [ -n "$volume" ] || fail 1 "$1: No such file or directory (no attached volume has this name)"
}

filesystem_of() { # volume
  [ -f "$1/filesystem" ] && cat "$1/filesystem"
}

is_mounted() { # volume
  [ -n "$(ls -A "$1/mounts" 2> /dev/null)" ]
}

serial_of() { # volume's folder .../vol-0123 -> vol0123
  basename "$1" | tr -d -
}
