import type { Duplex } from 'node:stream';
import { ConnectionLostError } from '../errors/libvirt-error.ts';
import type { Procedure } from '../procedures/define.ts';
import {
  encodeHeader,
  encodeMessage,
  MAX_STREAM_BYTES,
  type MessageHeader,
  MessageStatus,
  MessageType,
} from '../transport/message.ts';
import type { Done } from './done.ts';

interface PortHost {
  readonly duplex: Duplex;
  pause(): void;
  resume(): void;
  release(): void;
}

/** A stream's side of its connection: what it may send, under the serial of the call that opened it. */
export class StreamPort {
  readonly #header: MessageHeader;
  readonly #host: PortHost;

  constructor(
    serial: number,
    procedure: Pick<Procedure<unknown, unknown>, 'program' | 'number'>,
    host: PortHost,
  ) {
    this.#header = {
      program: procedure.program,
      procedure: procedure.number,
      type: MessageType.stream,
      serial,
      status: MessageStatus.continue,
    };
    this.#host = host;
  }

  /**
   * Send bytes in packets as large as the daemon takes them, whatever the sizes of the chunks; `done` once the last
   * has left, which is the back-pressure.
   */
  sendData(chunks: readonly Buffer[], done: Done): void {
    const { duplex } = this.#host;
    let toSend = chunks.reduce((bytes, { length }) => bytes + length, 0);
    // An empty message would mean the end.
    if (toSend === 0) return done();
    let room = 0;
    duplex.cork();
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) {
        if (room === 0) {
          room = Math.min(toSend, MAX_STREAM_BYTES);
          duplex.write(encodeHeader(this.#header, room));
        }
        const piece = chunk.subarray(at, at + room);
        at += piece.length;
        room -= piece.length;
        toSend -= piece.length;
        if (toSend > 0) duplex.write(piece);
        else duplex.write(piece, asLoss(done));
      }
    }
    duplex.uncork();
  }

  sendHole(length: number, done: Done): void {
    const header = { ...this.#header, type: MessageType.streamHole };
    const frame = encodeMessage(header, (writer) => {
      writer.i64(length);
      writer.u32(0);
    });
    this.#host.duplex.write(frame, asLoss(done));
  }

  /** Orderly end; the daemon confirms, or says what went wrong. */
  sendFinish(): void {
    this.#sendEmpty(MessageStatus.ok);
  }

  sendAbort(): void {
    this.#sendEmpty(MessageStatus.error);
  }

  pause(): void {
    this.#host.pause();
  }

  resume(): void {
    this.#host.resume();
  }

  /** The conversation is over: nothing more will come under this serial. */
  release(): void {
    this.#host.resume();
    this.#host.release();
  }

  #sendEmpty(status: number): void {
    if (this.#host.duplex.writable) this.#host.duplex.write(encodeMessage({ ...this.#header, status }));
  }
}

/** A write that fails hears of the broken connection before the connection itself does. */
function asLoss(done: Done): Done {
  return (error) => done(error ? new ConnectionLostError(error.message, { cause: error }) : error);
}
