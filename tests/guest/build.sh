#!/bin/bash
# Build the small Linux guest that tests and `npm start -- --demo` boot: the distribution's kernel for virtual machines
# and an initrd with busybox, the real qemu-guest-agent and the virtio modules. Everything comes from packages.
#
# usage: build.sh CACHE      prints the folder that holds `vmlinuz` and `initrd.img`
#
# The folder is named after a hash of everything here, so a second build is instant and an edit makes a new one.
# It is renamed into place when complete; builds running at once wait for each other.
set -euo pipefail

# Where depmod is, and not everybody looks.
PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1/packages"
cache=$(cd "$1" && pwd)
hash=$(cd "$here" && find build.sh rootfs \( -type f -o -type l \) -print0 | LC_ALL=C sort -z |
  xargs -0 sha256sum | sha256sum | cut -c1-16)
out=$cache/$hash

exec 9>"$cache/lock"
flock 9
if [ -d "$out" ]; then
  echo "$out"
  exit
fi
for tool in apt-get dpkg-deb depmod modprobe cpio xz zstd; do
  command -v "$tool" >/dev/null || { echo "tests/guest/build.sh: $tool is missing (Debian: apt dpkg kmod cpio xz-utils zstd)" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# As on an installed system: newer packages have in /usr/lib what older ones have in /lib.
for tree in kernel user; do
  mkdir -p "$work/$tree"/usr/{bin,sbin,lib}
  ln -s usr/bin usr/sbin usr/lib "$work/$tree/"
done

# fetch PACKAGE FOLDER: download a package once and unpack it.
fetch() {
  local found
  found=$(find "$cache/packages" -name "$1_*.deb" -print -quit)
  if [ -z "$found" ]; then
    # As root, apt would warn that its sandbox user cannot write here.
    (cd "$cache/packages" && apt-get -q -o APT::Sandbox::User=root download "$1" >&2)
    found=$(find "$cache/packages" -name "$1_*.deb" -print -quit)
  fi
  dpkg-deb -x "$found" "$2"
}

# first_known PACKAGE...: the first one that apt can download; distributions name some differently.
first_known() {
  local package
  for package in "$@"; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      echo "$package"
      return
    fi
  done
  echo "tests/guest/build.sh: apt knows no $1; run \"apt-get update\"" >&2
  return 1
}

# libraries_of PACKAGE...: packages of the libraries they need, but for the C library, which is this machine's.
libraries_of() {
  apt-cache depends "$@" | awk '$1 == "Depends:" && $2 ~ /^lib/ && $2 != "libc6" {print $2}' | sort -u
}

# A machine made from an image has often no package lists.
if [ "$(id -u)" = 0 ] && ! apt-cache show busybox-static >/dev/null 2>&1; then apt-get -qq update >&2; fi
kernel_meta=$(first_known linux-image-cloud-amd64 linux-image-virtual)
kernel_package=$(apt-cache depends "$kernel_meta" | awk '/Depends: linux-image/ {print $2; exit}')
kernel=${kernel_package#linux-image-}
{
  fetch "$kernel_package" "$work/kernel"
  # Ubuntu packs a kernel and its modules apart.
  if apt-cache show "linux-modules-$kernel" >/dev/null 2>&1; then fetch "linux-modules-$kernel" "$work/kernel"; fi
} &
kernel_fetch=$!
mapfile -t direct < <(libraries_of qemu-guest-agent)
mapfile -t indirect < <(libraries_of "${direct[@]}")
for package in busybox-static qemu-guest-agent "${direct[@]}" "${indirect[@]}"; do
  fetch "$package" "$work/user"
done
wait "$kernel_fetch"

root=$work/root
modules=lib/modules/$kernel
mkdir -p "$root"/{bin,sbin,etc,proc,sys,dev,run,tmp,mnt,root/.ssh,usr/bin,usr/sbin,usr/lib/limen,var/run,lib64} \
  "$root/lib/x86_64-linux-gnu" "$root/$modules"

# --- programs
cp "$work/user/bin/busybox" "$root/bin/"
for applet in $("$root/bin/busybox" --list); do
  [ "$applet" = busybox ] || ln -sf busybox "$root/bin/$applet"
done
# Where qemu-guest-agent looks for it before it sets the clock.
ln -sf ../bin/busybox "$root/sbin/hwclock"
cp "$work/user/usr/sbin/qemu-ga" "$root/usr/sbin/"
libraries=$work/user/usr/lib/x86_64-linux-gnu:$work/user/lib/x86_64-linux-gnu
LD_LIBRARY_PATH=$libraries ldd "$root/usr/sbin/qemu-ga" >"$work/needed"
if grep 'not found' "$work/needed" >&2; then exit 1; fi
awk '$2 == "=>" {print $3}' "$work/needed" | xargs cp -L -t "$root/lib/x86_64-linux-gnu"
cp -L "$(awk '/ld-linux/ {print $1}' "$work/needed")" "$root/lib64/"

# --- kernel modules, with what they depend on
depmod -b "$work/kernel" "$kernel"
for module in virtio_pci virtio_console virtio_blk virtio_net virtio_balloon virtio_rng virtio_scsi virtio_input \
  sd_mod sr_mod isofs virtiofs button evdev psmouse pvpanic pvpanic-pci; do
  modprobe -d "$work/kernel" -S "$kernel" -D "$module" 2>/dev/null || true
done | awk '/^insmod/ {print $2}' | sort -u | while read -r file; do
  copy=$root/${file#"$work"/kernel/}
  install -D -m 644 "$file" "$copy"
  # Newer kernels' modules are compressed, each distribution's in its own way; busybox knows not all of them.
  case $copy in
    *.zst) zstd -q -d --rm "$copy" ;;
    *.xz) xz -d "$copy" ;;
  esac
done
cp "$work/kernel/$modules"/modules.{builtin,builtin.modinfo,order} "$root/$modules/"
depmod -b "$root" "$kernel"

cp -a "$here/rootfs/." "$root/"
chmod -R go-w "$root"

# --- put together
draft=$cache/$hash.$$
mkdir "$draft"
cp "$work/kernel/boot/vmlinuz-$kernel" "$draft/vmlinuz"
(cd "$root" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) | zstd -q -10 -o "$draft/initrd.img"
chmod -R a+rX "$draft"
mv "$draft" "$out"
# Older builds are of no use once their sources are gone.
find "$cache" -mindepth 1 -maxdepth 1 -type d ! -name packages ! -name "$hash" -mtime +7 -exec rm -rf {} +
echo "$out"
