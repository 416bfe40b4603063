import { type ErrorData, LimenError } from '@limen/contract';
import type { DiskTool } from '../ports/disk-tool.ts';
import type { InspectedImage } from '../ports/image-files.ts';
import { RECOGNISED_HEAD_BYTES, recogniseFormat } from './formats.ts';
import { readHead } from './head.ts';

/**
 * Decide whether a file can be an image where it lies. Only its content counts; nothing its header names is opened
 * before the header itself has been judged. Rejects with `UNSUITABLE_IMAGE`.
 */
export async function inspectImage(
  path: string,
  disks: Pick<DiskTool, 'info' | 'check'>,
  maxVirtualBytes: number,
): Promise<InspectedImage> {
  const info = await disks.info(path);
  if (info === null) throw unsuitable('unknown-format', 'neither a disk image nor installation media');
  const { format, virtualBytes, actualBytes, backingFile, externalData, encrypted } = info;
  if (externalData) throw unsuitable('has-external-data', 'its data lies in other files');
  if (backingFile !== null) throw unsuitable('has-backing-file', `it is only an overlay of ${backingFile}`);
  if (encrypted) throw unsuitable('encrypted', 'it is encrypted');
  if (virtualBytes > maxVirtualBytes) {
    throw unsuitable('too-large', `it holds ${virtualBytes} bytes, of at most ${maxVirtualBytes}`);
  }
  if (format !== 'raw' && format !== 'qcow2') {
    throw unsuitable('unknown-format', `machines cannot run from ${format} as it is`);
  }
  await disks.check({ path, format });
  return { kind: await kindOf(path), format, virtualBytes, actualBytes };
}

async function kindOf(path: string): Promise<InspectedImage['kind']> {
  return recogniseFormat(await readHead(path, RECOGNISED_HEAD_BYTES)) === 'iso' ? 'iso' : 'disk';
}

function unsuitable(reason: ErrorData<'UNSUITABLE_IMAGE'>['reason'], detail: string): LimenError {
  return new LimenError('UNSUITABLE_IMAGE', { reason, detail });
}
