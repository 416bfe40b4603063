import { Duplex } from 'node:stream';

/** What one side said without being answered, as hexadecimal. */
export interface Segment {
  readonly from: 'client' | 'daemon';
  readonly hex: string;
}

/** Everything said on one connection, in order; neighbours are never from the same side. */
export type Transcript = Segment[];

/** The connections of a conversation in the order they were opened, and the daemon that held it. */
export interface Recording {
  readonly libvirt: string;
  readonly connections: readonly Transcript[];
}

/** Stands between a client and a real daemon, and writes down what passes. */
export class RecordingDuplex extends Duplex {
  readonly transcript: Transcript = [];
  readonly #daemon: Duplex;

  constructor(daemon: Duplex) {
    super({ allowHalfOpen: false });
    this.#daemon = daemon;
    daemon.on('data', (chunk: Buffer) => {
      this.#note('daemon', chunk);
      this.push(chunk);
    });
    daemon.on('end', () => this.push(null));
    daemon.on('error', (error) => this.destroy(error));
  }

  override _read(): void {
    // The daemon's answers are small and come unasked.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#note('client', chunk);
    this.#daemon.write(chunk, () => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#daemon.destroy();
    done(error);
  }

  #note(from: Segment['from'], chunk: Buffer): void {
    const last = this.transcript.at(-1);
    const hex = chunk.toString('hex');
    if (last?.from === from) this.transcript[this.transcript.length - 1] = { from, hex: last.hex + hex };
    else this.transcript.push({ from, hex });
  }
}

/**
 * Plays the daemon of a transcript: says its part when the client has said exactly its own. The first byte that
 * differs ends the connection with an error that shows where.
 */
export class ReplayingDuplex extends Duplex {
  readonly #segments: Transcript;
  #said = 0;
  /** Bytes of the current client segment that were heard so far. */
  #heard = 0;

  constructor(transcript: Transcript) {
    super({ allowHalfOpen: false });
    this.#segments = transcript;
    this.#speak();
  }

  /** Whether all that was recorded was said. */
  get isOver(): boolean {
    return this.#said === this.#segments.length;
  }

  override _read(): void {
    // Its parts are pushed when it is their turn.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    for (let at = 0; at < chunk.length; ) {
      const expected = Buffer.from(this.#segments[this.#said]?.hex ?? '', 'hex').subarray(this.#heard);
      const piece = chunk.subarray(at, at + expected.length);
      if (piece.length === 0 || !piece.equals(expected.subarray(0, piece.length))) {
        const [said, recorded] = [chunk.subarray(at), expected].map((bytes) => bytes.toString('hex'));
        return done(new Error(`segment ${this.#said}: said ${said}, recorded was ${recorded}`));
      }
      at += piece.length;
      this.#heard += piece.length;
      if (piece.length === expected.length) this.#next();
    }
    done();
  }

  #next(): void {
    this.#said += 1;
    this.#heard = 0;
    this.#speak();
  }

  #speak(): void {
    const segment = this.#segments[this.#said];
    if (segment?.from !== 'daemon') return;
    this.push(Buffer.from(segment.hex, 'hex'));
    this.#next();
  }
}
