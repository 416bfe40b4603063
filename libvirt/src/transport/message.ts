import { ProtocolError } from '../errors/libvirt-error.ts';
import { XdrWriter } from '../xdr/writer.ts';

/** Programs that share one connection. */
export const Program = { remote: 0x2000_8086, qemu: 0x2000_8087, keepAlive: 0x6b65_6570 } as const;

export const MessageType = {
  call: 0,
  reply: 1,
  event: 2,
  stream: 3,
  callWithFds: 4,
  replyWithFds: 5,
  streamHole: 6,
} as const;

export const MessageStatus = { ok: 0, error: 1, continue: 2 } as const;

const PROTOCOL_VERSION = 1;
const LENGTH_BYTES = 4;
const HEADER_BYTES = 24;

export const PAYLOAD_AT = LENGTH_BYTES + HEADER_BYTES;
/** The daemon drops a connection that announces more than 32 MiB; so do we. */
export const MAX_FRAME_BYTES = LENGTH_BYTES + 32 * 1024 * 1024;
/** Largest piece of stream data in one message. */
export const MAX_STREAM_BYTES = 262_120;

export interface MessageHeader {
  readonly program: number;
  readonly procedure: number;
  readonly type: number;
  readonly serial: number;
  readonly status: number;
}

export interface Message {
  readonly header: MessageHeader;
  /** A view into the received bytes: copy what outlives the handler. */
  readonly payload: Buffer;
}

/** One frame: length, header, and whatever `writePayload` adds. */
export function encodeMessage(header: MessageHeader, writePayload?: (writer: XdrWriter) => void): Buffer {
  const writer = new XdrWriter();
  writer.u32(0);
  writeHeader(writer, header);
  writePayload?.(writer);
  if (writer.length > MAX_FRAME_BYTES)
    throw new RangeError(`message of ${writer.length} bytes; libvirt takes ${MAX_FRAME_BYTES}`);
  writer.patchU32(0, writer.length);
  return writer.view();
}

/** Only the length and header of a frame that `payloadBytes` raw bytes will follow. */
export function encodeHeader(header: MessageHeader, payloadBytes: number): Buffer {
  const writer = new XdrWriter(PAYLOAD_AT);
  writer.u32(PAYLOAD_AT + payloadBytes);
  writeHeader(writer, header);
  return writer.view();
}

/** The header of a frame. Throws {@link ProtocolError} on another version of the protocol. */
export function decodeHeader(frame: Buffer): MessageHeader {
  const version = frame.readUInt32BE(8);
  if (version !== PROTOCOL_VERSION) throw new ProtocolError(`message of protocol version ${version}`);
  return {
    program: frame.readUInt32BE(4),
    procedure: frame.readInt32BE(12),
    type: frame.readUInt32BE(16),
    serial: frame.readUInt32BE(20),
    status: frame.readUInt32BE(24),
  };
}

function writeHeader(writer: XdrWriter, header: MessageHeader): void {
  writer.u32(header.program);
  writer.u32(PROTOCOL_VERSION);
  writer.i32(header.procedure);
  writer.u32(header.type);
  writer.u32(header.serial);
  writer.u32(header.status);
}
