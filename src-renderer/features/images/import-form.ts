import type { z } from 'zod';
import type { checksum } from '@limen/contract';

export function isHttpUrl(text: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(text.trim()).protocol);
  } catch {
    return false;
  }
}

/** The file an address ends with, without what only tells its format: a name to begin with. */
export function nameFromUrl(text: string): string {
  if (!isHttpUrl(text)) return '';
  const file = new URL(text.trim()).pathname.split('/').at(-1) ?? '';
  return nameFromFile(decode(file));
}

/** `debian-12-generic-amd64.qcow2` → `debian-12-generic-amd64`. */
export function nameFromFile(fileName: string): string {
  return fileName.replace(/(\.(iso|img|qcow2|raw|vmdk|vhdx?|vdi|ova|xz|gz|zst|bz2))+$/i, '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What the person says the bytes must be; the digest's length tells its algorithm. */
export function checksumOf(kind: 'digest' | 'sums-file', text: string): z.input<typeof checksum> {
  const value = text.trim();
  if (kind === 'sums-file') return { type: 'sums-file', url: value };
  return { type: 'digest', algorithm: value.length > 64 ? 'sha512' : 'sha256', value };
}
