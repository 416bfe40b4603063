const CAPACITY_AT = 12;
const DESCRIPTOR_AT = 28;

/**
 * Whether a hosted sparse extent (VMware's Virtual Disk Format 5.0) holds its data itself. One without a capacity is
 * only a cover for a descriptor, and that names other files of the host.
 */
export function isSelfContainedVmdk(head: Buffer): boolean {
  if (head.length < DESCRIPTOR_AT + 16) return false;
  return head.readBigUInt64LE(CAPACITY_AT) > 0n;
}
