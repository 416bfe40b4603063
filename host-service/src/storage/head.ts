import { constants, open } from 'node:fs/promises';

/** The first bytes of a file (from a position), fewer when it is shorter, and none of what is no regular file. */
export async function readHead(path: string, length: number, position = 0): Promise<Buffer> {
  // Opening a FIFO would hang otherwise, for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) return Buffer.alloc(0);
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
