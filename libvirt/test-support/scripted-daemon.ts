import type { Duplex } from 'node:stream';
import { procedures } from '../src/procedures/index.ts';
import { errorRecord } from '../src/procedures/records.ts';
import { FrameReader } from '../src/transport/frame-reader.ts';
import {
  encodeHeader,
  encodeMessage,
  type Message,
  MessageStatus,
  MessageType,
  Program,
} from '../src/transport/message.ts';
import { array, boolean, u32 } from '../src/xdr/codec.ts';
import type { XdrWriter } from '../src/xdr/writer.ts';
import { duplexPair } from './duplex-pair.ts';

type Handler = (message: Message) => void;

/** The other end of a connection, doing what a test tells it. Answers the handshake by itself. */
export class ScriptedDaemon {
  /** What the client is given. */
  readonly clientSide: Duplex;
  readonly received: Message[] = [];
  readonly #side: Duplex;
  readonly #handlers = new Map<number, Handler>();
  readonly #waiting = new Set<{ wanted: (message: Message) => boolean; found: Handler }>();

  constructor(authentication: readonly number[] = [0]) {
    [this.clientSide, this.#side] = duplexPair();
    const frames = new FrameReader();
    this.#side.on('error', () => undefined);
    this.#side.on('data', (chunk: Buffer) => {
      for (const message of frames.push(chunk)) this.#take(message);
    });
    const { connect } = procedures;
    this.on(connect.authList.number, (message) =>
      this.reply(message, (writer) => array(u32).write(writer, authentication)),
    );
    this.on(connect.authPolkit.number, (message) =>
      this.reply(message, (writer) => boolean.write(writer, true)),
    );
    this.on(connect.supportsFeature.number, (message) =>
      this.reply(message, (writer) => boolean.write(writer, true)),
    );
    for (const { number } of [connect.open, connect.close, connect.registerCloseCallback]) {
      this.on(number, (message) => this.reply(message));
    }
  }

  /** Do this for each call of a procedure, instead of what was done so far. */
  on(procedure: number, handler: Handler): void {
    this.#handlers.set(procedure, handler);
  }

  /** Resolves with the next message that `wanted` accepts, among those to come. */
  next(wanted: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve) => {
      const entry = {
        wanted,
        found: (message: Message) => {
          this.#waiting.delete(entry);
          resolve(message);
        },
      };
      this.#waiting.add(entry);
    });
  }

  reply(call: Message, write?: (writer: XdrWriter) => void): void {
    this.#side.write(
      encodeMessage({ ...call.header, type: MessageType.reply, status: MessageStatus.ok }, write),
    );
  }

  fail(
    call: Message,
    error: { code: number; domain: number; message: string },
    type: number = MessageType.reply,
  ): void {
    this.#side.write(
      encodeMessage({ ...call.header, type, status: MessageStatus.error }, (writer) =>
        errorRecord.write(writer, {
          ...error,
          level: 2,
          machine: null,
          str1: '%s',
          str2: 'the detail',
          str3: null,
          int1: -1,
          int2: -1,
          network: null,
        }),
      ),
    );
  }

  /** A packet on the stream a call opened; an empty one with `continue` is the end of data. */
  stream(call: Message, status: number, data = ''): void {
    const payload = Buffer.from(data);
    // Stream data is not padded to whole words, unlike everything else.
    const head = encodeHeader({ ...call.header, type: MessageType.stream, status }, payload.length);
    this.#side.write(Buffer.concat([head, payload]));
  }

  hole(call: Message, length: number): void {
    const header = { ...call.header, type: MessageType.streamHole, status: MessageStatus.continue };
    this.#side.write(
      encodeMessage(header, (writer) => {
        writer.i64(length);
        writer.u32(0);
      }),
    );
  }

  event(procedure: number, write: (writer: XdrWriter) => void, program: number = Program.remote): void {
    this.#side.write(
      encodeMessage(
        { program, procedure, type: MessageType.event, serial: 0, status: MessageStatus.ok },
        write,
      ),
    );
  }

  raw(bytes: Uint8Array): void {
    this.#side.write(bytes);
  }

  hangUp(): void {
    this.#side.destroy();
  }

  #take(message: Message): void {
    this.received.push(message);
    for (const entry of this.#waiting) if (entry.wanted(message)) entry.found(message);
    if (message.header.type === MessageType.call) this.#handlers.get(message.header.procedure)?.(message);
  }
}
