/**
 * What LIMEN needs from Debian or Ubuntu, by purpose. Where distributions name a package differently the names are
 * alternatives: any installed one will do, and the first one the distribution knows is installed.
 *
 * @typedef {'hypervisor' | 'desktop' | 'test' | 'cloud'} Group
 * @typedef {{ readonly why: string, readonly packages: ReadonlyArray<string | readonly string[]> }} PackageGroup
 */

/** @type {Readonly<Record<Group, PackageGroup>>} */
export const aptPackages = {
  hypervisor: {
    why: 'to run virtual machines: libvirt, QEMU, their networks, firmware and TPM',
    packages: [
      'libvirt-daemon-system',
      'libvirt-clients',
      'qemu-system-x86',
      'qemu-utils',
      'dnsmasq-base',
      'iptables',
      'ovmf',
      'swtpm',
      'swtpm-tools',
      // Seeds for cloud-init, and the hashes of the passwords in them.
      'xorriso',
      'openssl',
      // Images are published compressed by these, xz-utils and zstd.
      'bzip2',
      'gzip',
      // The demo and the tests boot a small guest that is put together from packages.
      'cpio',
      'xz-utils',
      'zstd',
      'kmod',
    ],
  },
  desktop: {
    why: 'to show windows: the libraries Electron is linked to, and fonts for Korean',
    packages: [
      ['libgtk-3-0t64', 'libgtk-3-0'],
      ['libasound2t64', 'libasound2'],
      ['libatk1.0-0t64', 'libatk1.0-0'],
      ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
      ['libatspi2.0-0t64', 'libatspi2.0-0'],
      ['libcups2t64', 'libcups2'],
      'libdrm2',
      'libgbm1',
      'libnss3',
      'libxcomposite1',
      'libxdamage1',
      'libxkbcommon0',
      'libxrandr2',
      'libxshmfence1',
      'fonts-dejavu-core',
      'fonts-noto-cjk',
    ],
  },
  test: {
    why: 'to test: a display without a screen, a private libvirtd, a private PostgreSQL and a private SSH server',
    packages: [
      'xvfb',
      'xauth',
      'tini',
      'iproute2',
      'postgresql',
      'postgresql-client',
      'openssh-client',
      'openssh-server',
      'netcat-openbsd',
      // A small installer and an installed system for guests to boot from.
      'isolinux',
      'syslinux',
      'syslinux-common',
      'mtools',
      'dosfstools',
      // Templates are generalised by it, in a machine of its own that runs the host's kernel.
      'guestfs-tools',
      ['linux-image-cloud-amd64', 'linux-image-virtual', 'linux-image-generic'],
    ],
  },
  cloud: {
    why: 'to build a cloud image to test with: a Debian on a disk that boots by BIOS and UEFI',
    packages: [
      'mmdebstrap',
      'fdisk',
      'e2fsprogs',
      'dosfstools',
      'mtools',
      'grub-common',
      'grub-pc-bin',
      'grub-efi-amd64-bin',
      'python3-minimal',
    ],
  },
};
