import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtocolError } from '../errors/libvirt-error.ts';
import { FrameReader } from './frame-reader.ts';
import {
  encodeHeader,
  encodeMessage,
  MAX_FRAME_BYTES,
  type Message,
  MessageStatus,
  MessageType,
  PAYLOAD_AT,
  Program,
} from './message.ts';

function frame(payload: Uint8Array, serial: number): Buffer {
  return encodeMessage({ program: Program.remote, procedure: 1, type: 1, serial, status: 0 }, (writer) =>
    writer.raw(payload),
  );
}

function streamPacket(payload: Uint8Array, serial: number): Buffer {
  const header = { program: Program.remote, procedure: 1, type: MessageType.stream, serial };
  const head = encodeHeader({ ...header, status: MessageStatus.continue }, payload.length);
  return Buffer.concat([head, payload]);
}

/** What comes out when the bytes arrive in pieces of these sizes, over and over. */
function readInPieces(bytes: Buffer, cuts: readonly number[]): Message[] {
  const reader = new FrameReader();
  const received: Message[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const end = at + (cuts[turn % cuts.length] ?? 1);
    received.push(...reader.push(bytes.subarray(at, end)));
    at = end;
  }
  return received;
}

const payloads = fc.array(fc.uint8Array({ maxLength: 64 }), { minLength: 1, maxLength: 8 });
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 });

test('messages come out whole and in order however the bytes are cut', () => {
  fc.assert(
    fc.property(payloads, cuts, (list, sizes) => {
      const sent = list.map((payload, serial) => frame(payload, serial));
      const received = readInPieces(Buffer.concat(sent), sizes);
      expect(received.map(({ payload }) => payload.toString('hex'))).toEqual(
        sent.map((one) => one.subarray(PAYLOAD_AT).toString('hex')),
      );
      expect(received.map(({ header }) => header.serial)).toEqual(list.map((_, serial) => serial));
    }),
  );
});

test('stream data comes out as it arrives, and only an empty packet as an empty message', () => {
  fc.assert(
    fc.property(payloads, cuts, (list, sizes) => {
      const sent = list.flatMap((payload, i) => [
        streamPacket(payload, 2 * i),
        frame(Buffer.from([i]), 2 * i + 1),
      ]);
      const received = readInPieces(Buffer.concat(sent), sizes);
      for (const [i, payload] of list.entries()) {
        const parts = received.filter(({ header }) => header.serial === 2 * i);
        expect(Buffer.concat(parts.map((part) => part.payload)).equals(payload)).toBe(true);
        if (payload.length > 0) expect(parts.every((part) => part.payload.length > 0)).toBe(true);
        else expect(parts).toHaveLength(1);
      }
      const serials = received.map(({ header }) => header.serial);
      expect(serials).toEqual(serials.toSorted((a, b) => a - b));
      expect(new Set(serials).size).toBe(sent.length);
    }),
  );
});

test('nothing of a large packet is kept back', () => {
  const [first] = [...new FrameReader().push(streamPacket(Buffer.alloc(200_000), 1).subarray(0, 65_536))];
  expect(first?.payload).toHaveLength(65_536 - PAYLOAD_AT);
});

test.each([0, 27, MAX_FRAME_BYTES + 1, 0xffff_ffff])('a frame of %i bytes is refused', (length) => {
  const word = Buffer.alloc(4);
  word.writeUInt32BE(length);
  expect(() => [...new FrameReader().push(word)]).toThrow(ProtocolError);
});

test('another protocol version is refused', () => {
  const bytes = frame(Buffer.alloc(0), 1);
  bytes.writeUInt32BE(2, 8);
  expect(() => [...new FrameReader().push(bytes)]).toThrow(ProtocolError);
});
