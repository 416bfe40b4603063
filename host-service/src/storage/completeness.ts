import type { ReadableFormat } from '../ports/disk-tool.ts';

/** A GPT's header (UEFI specification, 5.3.2) is in the second sector; sectors have 512 or 4096 bytes. */
const GPT_SIGNATURE = 'EFI PART';
const SECTORS = [512, 4096] as const;
/** The primary volume descriptor (ECMA-119, 8.4) is in the 17th sector, of 2048 bytes. */
const VOLUME = 0x8000;
/** Padding that mkisofs counts and some tools cut off: 150 sectors. */
const OPTICAL_PADDING = 150 * 2048;

/** VirtualBox' header of version 1.1 (VDICore.h): where the data begins, size and number of its blocks. */
const VDI_DATA = 0x158;
const VDI_BLOCK_BYTES = 0x178;
const VDI_BLOCKS = 0x184;

/**
 * How long a file of a format must be at least by what its head says, in bytes; 0 when it says nothing, or when
 * qemu-img finds that out. A shorter file was cut off on its way.
 */
export function leastLength(head: Buffer, format: ReadableFormat): number {
  switch (format) {
    case 'raw':
      return Math.max(opticalLength(head), ...SECTORS.map((sector) => partitionedLength(head, sector)));
    case 'vdi':
      return vdiLength(head);
    case 'qcow2':
    case 'vmdk':
    case 'vhdx':
    case 'vpc':
      return 0;
  }
}

function vdiLength(head: Buffer): number {
  if (head.length < VDI_BLOCKS + 4) return Number.POSITIVE_INFINITY;
  return head.readUInt32LE(VDI_DATA) + head.readUInt32LE(VDI_BLOCKS) * head.readUInt32LE(VDI_BLOCK_BYTES);
}

function opticalLength(head: Buffer): number {
  if (head.length < VOLUME + 2048 || head.toString('latin1', VOLUME + 1, VOLUME + 6) !== 'CD001') return 0;
  // 1: primary volume descriptor.
  if (head.readUInt8(VOLUME) !== 1) return 0;
  const length = head.readUInt32LE(VOLUME + 80) * head.readUInt16LE(VOLUME + 128);
  return Math.max(0, length - OPTICAL_PADDING);
}

/** The backup of the table is the last thing on a disk. */
function partitionedLength(head: Buffer, sector: number): number {
  if (head.length < 2 * sector || head.toString('latin1', sector, sector + 8) !== GPT_SIGNATURE) return 0;
  // Its own place: media that carry a table for both sector sizes have one of them somewhere else.
  if (head.readBigUInt64LE(sector + 24) !== 1n) return 0;
  return (Number(head.readBigUInt64LE(sector + 32)) + 1) * sector;
}
