import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { callbackify } from 'node:util';
import { MAX_STREAM_BYTES } from '../transport/message.ts';
import type { CallStream } from './call-stream.ts';
import type { Done } from './done.ts';

/** How much is read from or written to a file at once: each time is a trip to a thread and back. */
const PIECE_BYTES = 4 * MAX_STREAM_BYTES;

/**
 * Write what a download yields into a file, from the file's position on; resolves once all is written. Cheaper than
 * a pipeline into a file stream, which writes every chunk as it comes. Not for sparse streams.
 *
 * Rejects with the stream's error or the file's; the stream is destroyed then. The file stays open, with what came.
 */
export async function saveToFile(stream: CallStream, file: FileHandle): Promise<void> {
  await pipeline(stream, new FileSink(file));
}

/**
 * Upload a file, from its position to its end; resolves once libvirt has stored it. Cheaper than a pipeline from a
 * file stream, which takes new memory for every piece.
 *
 * Rejects with the stream's error or the file's; the stream is destroyed then. The file stays open.
 */
export async function sendFile(file: FileHandle, stream: CallStream): Promise<void> {
  await Promise.all([finished(stream), sendPieces(file, stream)]);
}

async function sendPieces(file: FileHandle, stream: CallStream): Promise<void> {
  try {
    // One is read into while the other is sent.
    let [filling, sending] = [Buffer.allocUnsafeSlow(PIECE_BYTES), Buffer.allocUnsafeSlow(PIECE_BYTES)];
    let piece = await readPiece(file, filling);
    while (piece.length > 0) {
      [filling, sending] = [sending, filling];
      [piece] = await Promise.all([readPiece(file, filling), sendPiece(stream, piece)]);
    }
    stream.end();
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** What was read into `memory`; empty at the end of the file. */
async function readPiece(file: FileHandle, memory: Buffer): Promise<Buffer> {
  const { bytesRead } = await file.read(memory, 0, memory.length);
  return memory.subarray(0, bytesRead);
}

/** Resolves when the piece has left, and its memory may be used again. */
function sendPiece(stream: CallStream, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}

/** Gathers what it gets into large pieces. */
class FileSink extends Writable {
  readonly #file: FileHandle;
  #gathered: Buffer[] = [];
  #bytes = 0;

  constructor(file: FileHandle) {
    super({ highWaterMark: PIECE_BYTES });
    this.#file = file;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#gather([chunk], done);
  }

  override _writev(entries: { chunk: Buffer }[], done: Done): void {
    this.#gather(
      entries.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: Done): void {
    this.#flush(done);
  }

  #gather(chunks: readonly Buffer[], done: Done): void {
    for (const chunk of chunks) {
      this.#gathered.push(chunk);
      this.#bytes += chunk.length;
    }
    if (this.#bytes < PIECE_BYTES) return done();
    this.#flush(done);
  }

  #flush(done: Done): void {
    const chunks = this.#gathered;
    this.#gathered = [];
    this.#bytes = 0;
    writeAll(this.#file, chunks, done);
  }
}

/** A write may take less than it is given, for instance on a disk that has just become full. */
const writeAll = callbackify(async (file: FileHandle, chunks: readonly Buffer[]): Promise<void> => {
  let left = chunks;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left);
    left = dropBytes(left, bytesWritten);
  }
});

function dropBytes(chunks: readonly Buffer[], bytes: number): Buffer[] {
  let skip = bytes;
  return chunks.flatMap((chunk) => {
    const rest = chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
    return rest.length > 0 ? [rest] : [];
  });
}
