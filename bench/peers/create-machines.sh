#!/bin/sh
# Make and start machines from a cloud image as a script of an administrator would: an overlay, a seed and a definition
# for each, eight at a time like LIMEN's jobs.
#
# usage: create-machines.sh URI DEFINITION IMAGE FOLDER COUNT
#
# DEFINITION is that of a machine LIMEN made, so that libvirt gets the same to do.
set -eu
export URI="$1" DEFINITION="$2" IMAGE="$3" FOLDER="$4"
seq "$5" | xargs -P 8 -n 1 sh -ec '
  name=script-$0
  disk=$FOLDER/$name.qcow2
  seed=$FOLDER/$name.iso
  files=$(mktemp -d)
  qemu-img create -q -f qcow2 -b "$IMAGE" -F qcow2 "$disk" 67108864
  printf "instance-id: %s\nlocal-hostname: %s\n" "$name" "$name" >"$files/meta-data"
  printf "#cloud-config\nhostname: %s\n" "$name" >"$files/user-data"
  xorriso -as mkisofs -quiet -volid cidata -joliet -rational-rock -output "$seed" "$files"
  sed -e "s|<name>.*</name>|<name>$name</name>|" -e "/<uuid>/d" -e "/<genid>/d" \
    -e "s|file=.[^>]*\.qcow2.|file=\"$disk\"|" -e "s|file=.[^>]*\.iso.|file=\"$seed\"|" "$DEFINITION" >"$files/domain.xml"
  virsh -q -c "$URI" define "$files/domain.xml" >/dev/null
  virsh -q -c "$URI" start "$name" >/dev/null
  rm -r "$files"
'
