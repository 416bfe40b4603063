import { lstat, stat } from 'node:fs/promises';
import { type ErrorData, LimenError } from '@limen/contract';
import type { DiskInfo, DiskTool, FilePart } from '../ports/disk-tool.ts';
import type { InspectedImage } from '../ports/image-files.ts';
import { isKept, type ReceivedImage } from '../ports/received-files.ts';
import { leastLength } from './completeness.ts';
import { type FileFormat, RECOGNISED_HEAD_BYTES, recogniseFormat } from './formats.ts';
import { readHead } from './head.ts';
import { findOvaDisk } from './ova.ts';

export interface InspectionRules {
  readonly disks: Pick<DiskTool, 'info' | 'check'>;
  readonly maxVirtualBytes: number;
}

/**
 * Decide whether a file can be an image where it lies. Only its content counts; nothing its header names is opened
 * before the header itself has been judged. Rejects with `UNSUITABLE_IMAGE`.
 */
export async function inspectImage(path: string, rules: InspectionRules): Promise<InspectedImage> {
  const head = await headOf(path);
  const { format, virtualBytes, actualBytes } = await judge(path, head, null, rules);
  if (!isKept(format)) throw unsuitable('unknown-format', `machines cannot run from ${format} as it is`);
  return { kind: kindOf(recogniseFormat(head)), format, virtualBytes, actualBytes };
}

/** As {@link inspectImage}, of a file that may still be converted, or be an archive with a disk in it. */
export async function inspectReceived(path: string, rules: InspectionRules): Promise<ReceivedImage> {
  const outside = await headOf(path);
  const inside = recogniseFormat(outside) === 'tar' ? await findOvaDisk(path) : null;
  const { part = null, leftOut = [] } = inside ?? {};
  const head = part === null ? outside : await readHead(path, headLength(part), part.offset);
  const { format, virtualBytes } = await judge(path, head, part, rules);
  return { kind: kindOf(recogniseFormat(head)), format, part, virtualBytes, leftOut };
}

/** Refuse what is harmful by what its head says, and then what is incomplete. */
async function judge(
  path: string,
  head: Buffer,
  part: FilePart | null,
  { disks, maxVirtualBytes }: InspectionRules,
): Promise<DiskInfo> {
  const info = await disks.info(path, { part });
  if (info === null) throw unsuitable('unknown-format', 'neither a disk image nor installation media');
  const { format, virtualBytes, backingFile, externalData, encrypted } = info;
  if (externalData) throw unsuitable('has-external-data', 'its data lies in other files');
  if (backingFile !== null) throw unsuitable('has-backing-file', `it is only an overlay of ${backingFile}`);
  if (encrypted) throw unsuitable('encrypted', 'it is encrypted');
  if (virtualBytes > maxVirtualBytes) {
    throw unsuitable('too-large', `it holds ${virtualBytes} bytes, of at most ${maxVirtualBytes}`);
  }
  const length = part?.bytes ?? (await stat(path)).size;
  if (length < leastLength(head, format)) {
    throw unsuitable('damaged', `it was cut off after ${length} bytes of ${leastLength(head, format)}`);
  }
  await disks.check({ path, format, part });
  return info;
}

/** What links lead to was not received, and what is no file has no end. */
async function headOf(path: string): Promise<Buffer> {
  if (!(await lstat(path)).isFile()) throw unsuitable('unknown-format', 'it is no regular file');
  return readHead(path, RECOGNISED_HEAD_BYTES);
}

/** Behind it in the archive are other files. */
function headLength({ bytes }: FilePart): number {
  return Math.min(RECOGNISED_HEAD_BYTES, bytes);
}

function kindOf(format: FileFormat | null): InspectedImage['kind'] {
  return format === 'iso' ? 'iso' : 'disk';
}

function unsuitable(reason: ErrorData<'UNSUITABLE_IMAGE'>['reason'], detail: string): LimenError {
  return new LimenError('UNSUITABLE_IMAGE', { reason, detail });
}
