import { type Checksum, httpUrl } from '@limen/contract';
import { nameFromFile } from './image-name.ts';

export function isHttpUrl(text: string): boolean {
  return httpUrl.safeParse(text.trim()).success;
}

/** The file an address ends with, without what only tells its format: a name to begin with. */
export function nameFromUrl(text: string): string {
  if (!isHttpUrl(text)) return '';
  const file = new URL(text.trim()).pathname.split('/').at(-1) ?? '';
  return nameFromFile(decoded(file));
}

/** What the person says the bytes must be; the digest's length tells its algorithm. */
export function checksumOf(kind: Checksum['type'], text: string): Checksum {
  const value = text.trim();
  if (kind === 'sums-file') return { type: 'sums-file', url: value };
  return { type: 'digest', algorithm: value.length > 64 ? 'sha512' : 'sha256', value };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
