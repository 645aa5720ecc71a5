# enter-root.sh ROOT STAGE NODE EMULATOR COMMAND...
# Runs COMMAND inside ROOT, with the folders STAGE and NODE as /stage and /node, by EMULATOR where that is no empty text. Started in a mount
# name space of its own: nothing of it has to be undone.
set -eu
root=$1 stage=$2 node=$3 emulator=$4
shift 4
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$stage" "$root/stage"
mount --bind "$node" "$root/node"
if [ -n "$emulator" ]; then
  mount --bind "$emulator" "$root/emulator"
  set -- /emulator "$@"
fi
exec chroot "$root" "$@"
