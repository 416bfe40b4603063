import { basename } from 'node:path';
import type { Digest } from '../../../ports/received-files.ts';

interface Listed extends Digest {
  /** As the list has it: a bare name, or a path from where the list lies. */
  readonly file: string;
}

/** `<digest>  <file>` of coreutils; `*` marks files read as binary, a leading `\` names with escapes in them. */
const coreutils = /^(\\?)([0-9a-f]{128}|[0-9a-f]{64})[ \t]+\*?(.+)$/i;
/** `SHA256 (<file>) = <digest>` of the BSDs, and of OpenSSL, which leaves out the spaces. */
const bsd = /^SHA(?:2-)?(256|512) ?\((.+)\) ?= ?([0-9a-f]{128}|[0-9a-f]{64})$/i;
const bare = /^([0-9a-f]{128}|[0-9a-f]{64})$/i;

const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\n': '\n', '\\r': '\r' };

/**
 * What a published list of checksums (`SHA256SUMS`, `CHECKSUM`, `<file>.sha512` …) says of the file at `url`; the
 * stronger one of several. Signatures around the list are ignored. Null when it does not list the file, or lists
 * different files of that name.
 */
export function findDigest(text: string, url: string): Digest | null {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const only = lines.filter((line) => line !== '');
  const [single] = only;
  // A list made for one file need not name it.
  if (single !== undefined && only.length === 1 && bare.test(single)) return digestOf(single);
  const path = decoded(new URL(url).pathname);
  const named = lines
    .flatMap((line) => readLine(line) ?? [])
    .filter(({ file }) => basename(file) === basename(path));
  return theOne(named) ?? theOne(named.filter(({ file }) => endsWith(path, file)));
}

function readLine(line: string): Listed | null {
  const [, escaped, sum, name] = coreutils.exec(line) ?? [];
  if (sum !== undefined && name !== undefined) {
    const file = escaped === '' ? name : name.replaceAll(/\\[\\nr]/g, (found) => escapes[found] ?? found);
    return { ...digestOf(sum), file };
  }
  const [, bits, file, value] = bsd.exec(line) ?? [];
  if (file === undefined || value === undefined || Number(bits) !== value.length * 4) return null;
  return { ...digestOf(value), file };
}

function digestOf(hex: string): Digest {
  return { algorithm: hex.length === 128 ? 'sha512' : 'sha256', value: hex.toLowerCase() };
}

/** Null when there is none, or no telling which. */
function theOne(listed: readonly Listed[]): Digest | null {
  for (const algorithm of ['sha512', 'sha256'] as const) {
    const values = new Set(listed.flatMap((entry) => (entry.algorithm === algorithm ? entry.value : [])));
    const [value] = values;
    if (value !== undefined) return values.size === 1 ? { algorithm, value } : null;
  }
  return null;
}

function endsWith(path: string, file: string): boolean {
  return path.endsWith(`/${file.replace(/^(\.?\/)+/, '')}`);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
