import { QCOW2_MAGIC } from './qcow2-header.ts';

/** How many bytes from the start {@link recogniseFormat} looks at. */
export const RECOGNISED_HEAD_BYTES = 0x1_10_00;

export type FileFormat = 'qcow2' | 'vmdk' | 'vhdx' | 'vdi' | 'vpc' | 'iso' | 'tar' | 'raw';

const SECTOR = 512;

type Magic = readonly [offset: number, bytes: Buffer];
const text = (offset: number, letters: string): Magic => [offset, Buffer.from(letters, 'latin1')];
const bytes = (offset: number, ...values: number[]): Magic => [offset, Buffer.from(values)];

/** Signatures of containers, the format's own specification each. */
const containers: readonly (readonly [FileFormat, Magic])[] = [
  // Hosted sparse extents only: the plain-text descriptor and ESX's kinds name other files of the host.
  ['vmdk', text(0, 'KDMV')],
  ['vhdx', text(0, 'vhdxfile')],
  ['vdi', bytes(0x40, 0x7f, 0x10, 0xda, 0xbe)],
  ['vpc', text(0, 'conectix')],
  ['tar', text(257, 'ustar')],
];

/** Boot sectors, partition tables and file systems a bare disk can begin with. */
const bareDisks: readonly Magic[] = [
  // MBR, FAT and NTFS boot sectors.
  bytes(0x1fe, 0x55, 0xaa),
  text(SECTOR, 'EFI PART'),
  text(8 * SECTOR, 'EFI PART'),
  // ext2/3/4
  bytes(0x438, 0x53, 0xef),
  text(0, 'XFSB'),
  text(0x1_00_40, '_BHRfS_M'),
  // squashfs
  text(0, 'hsqs'),
  // LVM2 physical volume
  text(SECTOR, 'LABELONE'),
  // LUKS
  bytes(0, 0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe),
  // BSD disk label and UFS2
  bytes(SECTOR, 0x57, 0x45, 0x56, 0x82),
  bytes(0x1_05_5c, 0x19, 0x01, 0x54, 0x19),
];

/** ISO 9660 volume descriptors (ECMA-119), and UDF's, which Windows media use. */
const optical: readonly Magic[] = [text(0x8001, 'CD001'), text(0x8001, 'BEA01')];

/** What the head of a file says it is, whatever it is called; null when nothing is recognised. */
export function recogniseFormat(head: Buffer): FileFormat | null {
  if (head.length >= 4 && head.readUInt32BE(0) === QCOW2_MAGIC) return 'qcow2';
  for (const [format, magic] of containers) if (has(head, magic)) return format;
  // Before bare disks: hybrid ISOs carry a partition table too.
  if (optical.some((magic) => has(head, magic))) return 'iso';
  return bareDisks.some((magic) => has(head, magic)) ? 'raw' : null;
}

function has(head: Buffer, [offset, magic]: Magic): boolean {
  return head.subarray(offset, offset + magic.length).equals(magic);
}
