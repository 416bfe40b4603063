import type { DiskFile, DiskTool } from '../../ports/disk-tool.ts';
import type { StepContext } from '../../ports/jobs.ts';

export interface DiskCopy {
  readonly from: DiskFile;
  readonly to: DiskFile;
}

type Work = Pick<StepContext<unknown, unknown>, 'signal' | 'progress'>;

/**
 * Copy disks in full, one after the other. Progress is in bytes of what is on them: of a disk of 20 GiB that holds
 * three, that is three.
 */
export async function copyInFull(
  disks: Pick<DiskTool, 'convert' | 'contentBytes'>,
  copies: readonly DiskCopy[],
  { signal, progress }: Work,
): Promise<void> {
  const sizes = await Promise.all(copies.map(({ from }) => disks.contentBytes(from)));
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  let copied = 0;
  for (const [index, { from, to }] of copies.entries()) {
    const bytes = sizes[index] ?? 0;
    const before = copied;
    await disks.convert(from, to, {
      signal,
      onProgress: (fraction) => progress(before + fraction * bytes, total),
    });
    copied += bytes;
  }
}
