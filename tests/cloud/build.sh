#!/bin/bash
# Build a cloud image as a distribution publishes one: a Debian 12 with cloud-init on a partitioned disk that boots by
# BIOS and by UEFI. Everything comes from the packages this machine's apt is set up for.
#
# usage: build.sh CACHE      prints the path of the image, a qcow2 of about 150 MB; a minute and a half, as root
#
# The image is named after a hash of this file, so a second build is instant and an edit makes a new one. It is renamed
# into place when complete; builds running at once wait for each other. Nothing is mounted and no loop device is needed.
set -euo pipefail

# Where mkfs and sfdisk are, and not everybody looks.
PATH=$PATH:/usr/sbin:/sbin
release=bookworm
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
cache=$(cd "$1" && pwd)
hash=$(sha256sum <"$here/build.sh" | cut -c1-16)
out=$cache/debian-$hash.qcow2

exec 9>"$cache/lock"
flock 9
if [ -f "$out" ]; then
  echo "$out"
  exit
fi
for tool in mmdebstrap qemu-img sfdisk mkfs.ext4 mkfs.vfat mcopy grub-mkimage python3; do
  command -v "$tool" >/dev/null || { echo "tests/cloud/build.sh: $tool is missing" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
chmod 755 "$work"
root=$work/root

# --- packages
# From where this machine has its own; a machine made from an image has often no package lists.
sources() {
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' \
    "Codename: $1" | sort -u
}
if [ -z "$(sources $release)" ]; then apt-get -qq update >&2; fi
{ sources $release; sources $release-updates; sources $release-security; } >"$work/sources.list"
[ -s "$work/sources.list" ] || { echo "tests/cloud/build.sh: apt is not set up for Debian's $release" >&2; exit 1; }

packages=(
  linux-image-cloud-amd64 initramfs-tools systemd-sysv systemd-resolved dbus udev zstd
  cloud-init cloud-guest-utils netplan.io qemu-guest-agent openssh-server sudo
  iproute2 iputils-ping ca-certificates e2fsprogs fdisk gdisk less procps python3-minimal
)
# Only the drivers a disk of a virtual machine needs: packing the initrd is half of the time.
initramfs='mkdir -p "$1/etc/initramfs-tools/conf.d"
  sed -i s/^MODULES=.*/MODULES=list/ "$1/etc/initramfs-tools/initramfs.conf"
  printf "%s\n" virtio_pci virtio_blk virtio_scsi sd_mod >"$1/etc/initramfs-tools/modules"
  echo COMPRESS=zstd >>"$1/etc/initramfs-tools/initramfs.conf"
  chroot "$1" update-initramfs -u -k all'
mmdebstrap --quiet --variant=minbase --mode=root --include="$(IFS=,; echo "${packages[*]}")" \
  --aptopt='Apt::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook="$initramfs" "$release" "$root" "$work/sources.list" </dev/null >&2

# --- configuration
# As distributions have it, but for modules that nothing here uses: each costs seconds under emulation.
cat >"$root/etc/cloud/cloud.cfg" <<X
users: [default]
disable_root: true
preserve_hostname: false
datasource_list: [NoCloud, None]
ssh_genkeytypes: [ed25519]
growpart: {mode: auto, devices: ['/']}
cloud_init_modules: [bootcmd, write-files, growpart, resizefs, set_hostname, update_hostname, users-groups, ssh]
cloud_config_modules: [set-passwords, runcmd]
cloud_final_modules: [scripts-user, final-message]
system_info:
  distro: debian
  default_user:
    {name: debian, lock_passwd: true, groups: [sudo], sudo: ["ALL=(ALL) NOPASSWD:ALL"], shell: /bin/bash}
  paths: {cloud_dir: /var/lib/cloud/, templates_dir: /etc/cloud/templates/}
  ssh_svcname: ssh
X
cat >"$root/etc/fstab" <<X
LABEL=root / ext4 errors=remount-ro 0 1
LABEL=ESP /boot/efi vfat umask=0077,nofail 0 2
X
units=$root/etc/systemd/system
for unit in systemd-networkd-wait-online.service systemd-timesyncd.service systemd-pstore.service fstrim.timer \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service; do
  ln -sf /dev/null "$units/$unit"
done
mkdir -p "$units/getty.target.wants" "$root/boot/efi" "$root/boot/grub"
ln -sf /lib/systemd/system/serial-getty@.service "$units/getty.target.wants/serial-getty@ttyS0.service"
# No two systems made from the image are the same one.
: >"$root/etc/machine-id"
rm -f "$root"/etc/ssh/ssh_host_* "$root/var/lib/dbus/machine-id" "$root/etc/resolv.conf"
ln -s /run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
echo debian >"$root/etc/hostname"
# It names where the packages came from.
rm -rf "$root"/etc/apt/sources.list "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin

# --- disk: BIOS boot partition, EFI system partition, root
sector=512 core_start=2048 esp_start=4096 esp_sectors=65536 root_start=69632
raw=$work/disk.raw
kernel=$(basename "$root"/boot/vmlinuz-*)
cat >"$root/boot/grub/grub.cfg" <<X
set timeout=0
linux /boot/$kernel root=LABEL=root ro console=tty0 console=ttyS0,115200 net.ifnames=0 quiet
initrd /boot/initrd.img-${kernel#vmlinuz-}
boot
X
truncate -s 1600M "$raw"
sfdisk -q "$raw" <<X
label: gpt
start=$core_start, size=2048, type=21686148-6449-6E6F-744E-656564454649
start=$esp_start, size=$esp_sectors, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
start=$root_start, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4
X
root_sectors=$(sfdisk -J "$raw" | python3 -c 'import json, sys; print(json.load(sys.stdin)["partitiontable"]["partitions"][2]["size"])')
mkfs.ext4 -q -F -L root -E "offset=$((root_start * sector)),lazy_itable_init=0" -d "$root" "$raw" "$((root_sectors / 2))k"
mkfs.vfat -F 16 -n ESP --offset "$esp_start" "$raw" "$((esp_sectors / 2))" >/dev/null

# --- boot loaders
cat >"$work/early.cfg" <<'X'
search --no-floppy --label root --set=root
set prefix=($root)/boot/grub
configfile /boot/grub/grub.cfg
X
modules=(part_gpt ext2 search search_label normal linux configfile echo test)
grub-mkimage -O x86_64-efi -p /boot/grub -c "$work/early.cfg" -o "$work/BOOTX64.EFI" "${modules[@]}" fat
grub-mkimage -O i386-pc -p /boot/grub -c "$work/early.cfg" -o "$work/core.img" "${modules[@]}" biosdisk
export MTOOLS_SKIP_CHECK=1
esp=$raw@@$((esp_start * sector))
mmd -i "$esp" ::/EFI ::/EFI/BOOT
mcopy -i "$esp" "$work/BOOTX64.EFI" ::/EFI/BOOT/
# What grub-install does, without a block device: the boot sector gets the sector its core begins at, the core's first
# sector where the rest of it lies (offsets: GRUB's boot.S and diskboot.S), and a floppy's jump becomes two no-ops.
python3 - "$raw" "$work/core.img" /usr/lib/grub/i386-pc/boot.img "$core_start" <<'X'
import struct, sys
raw, core_path, boot_path, start = sys.argv[1:]
start = int(start)
core = bytearray(open(core_path, 'rb').read())
boot = bytearray(open(boot_path, 'rb').read(512))
struct.pack_into('<Q', core, 0x1f4, start + 1)
struct.pack_into('<Q', boot, 0x5c, start)
boot[0x66:0x68] = b'\x90\x90'
with open(raw, 'r+b') as disk:
    disk.write(boot[:440])
    disk.seek(start * 512)
    disk.write(core)
X

draft=$cache/draft.$$
qemu-img convert -O qcow2 -c "$raw" "$draft"
chmod 644 "$draft"
mv "$draft" "$out"
# Older images are of no use once their recipe is gone.
find "$cache" -mindepth 1 -maxdepth 1 -name '*.qcow2' ! -name "debian-$hash.qcow2" -mtime +7 -delete
echo "$out"
