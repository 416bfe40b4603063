import { ProtocolError } from '../errors/libvirt-error.ts';
import {
  decodeHeader,
  MAX_FRAME_BYTES,
  type Message,
  type MessageHeader,
  MessageStatus,
  MessageType,
  PAYLOAD_AT,
} from './message.ts';

const LENGTH_BYTES = 4;

/** A data packet of a stream of which the first part was passed on. */
interface OpenPacket {
  readonly header: MessageHeader;
  missing: number;
}

/**
 * Cuts a byte stream into messages. Chunks are kept in a list and joined once per message, so a large reply costs
 * one copy and many small ones cost none. Data packets of streams are not joined at all: they come in as many
 * messages of the same header as they took chunks, none of them empty.
 */
export class FrameReader {
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Length of the frame being collected; 0 while its first word has not come. */
  #expected = 0;
  #packet: OpenPacket | null = null;

  /** Messages completed by `chunk`, as views. Throws {@link ProtocolError} on an impossible length or version. */
  *push(chunk: Buffer): Generator<Message, void> {
    const rest = this.#packet === null ? chunk : chunk.subarray(this.#packet.missing);
    if (this.#packet !== null) yield continuePacket(this.#packet, chunk);
    if (this.#packet?.missing === 0) this.#packet = null;
    if (rest.length === 0) return;
    this.#chunks.push(rest);
    this.#buffered += rest.length;
    while (this.#buffered >= (this.#expected || LENGTH_BYTES)) {
      if (this.#expected === 0) this.#expected = frameLength(this.#join());
      if (this.#buffered < this.#expected) break;
      const all = this.#join();
      const frame = all.subarray(0, this.#expected);
      this.#keep(all.subarray(this.#expected));
      yield { header: decodeHeader(frame), payload: frame.subarray(PAYLOAD_AT) };
    }
    const begun = this.#beginPacket();
    if (begun !== null) yield begun;
  }

  /** What there is of an incomplete data packet. */
  #beginPacket(): Message | null {
    if (this.#expected === 0 || this.#buffered <= PAYLOAD_AT) return null;
    const [head] = this.#chunks;
    if (head === undefined || !isStreamData(head.length < PAYLOAD_AT ? this.#join() : head)) return null;
    const all = this.#join();
    const header = decodeHeader(all);
    this.#packet = { header, missing: this.#expected - this.#buffered };
    this.#keep(all.subarray(all.length));
    return { header, payload: all.subarray(PAYLOAD_AT) };
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#buffered = rest.length;
    this.#expected = 0;
  }

  #join(): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    const joined = Buffer.concat(this.#chunks, this.#buffered);
    this.#chunks = [joined];
    return joined;
  }
}

function continuePacket(packet: OpenPacket, chunk: Buffer): Message {
  const payload = chunk.subarray(0, packet.missing);
  packet.missing -= payload.length;
  return { header: packet.header, payload };
}

function isStreamData(frame: Buffer): boolean {
  const { type, status } = decodeHeader(frame);
  return type === MessageType.stream && status === MessageStatus.continue;
}

function frameLength(buffer: Buffer): number {
  const length = buffer.readUInt32BE(0);
  if (length < PAYLOAD_AT || length > MAX_FRAME_BYTES)
    throw new ProtocolError(`frame of ${length} bytes announced`);
  return length;
}
