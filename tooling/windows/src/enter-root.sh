# enter-root.sh ROOT keep|discard FOLDER AUTHORITIES NAME=VALUE... COMMAND...
# Runs COMMAND inside ROOT. Started in mount and process name spaces of its own: nothing of it has to be undone.
set -eu
root=$1 writes=$2 folder=$3 authorities=$4
shift 4

if [ "$writes" = discard ]; then
  mount -t tmpfs -o mode=755 tmpfs "$root/mnt"
  mkdir "$root/mnt/upper" "$root/mnt/work" "$root/mnt/root"
  mount -t overlay -o "lowerdir=$root,upperdir=$root/mnt/upper,workdir=$root/mnt/work" overlay "$root/mnt/root"
  root=$root/mnt/root
fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
start=/
if [ -n "$folder" ]; then
  start=/stage
  mkdir "$root$start"
  mount --bind "$folder" "$root$start"
fi
if [ -n "$authorities" ]; then
  mount --bind "$authorities" "$root/etc/ssl/certs/ca-certificates.crt"
fi

exec chroot "$root" /usr/bin/env -i -C "$start" "$@"
