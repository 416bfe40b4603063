import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../errors/libvirt-error.ts';
import {
  array,
  boolean,
  bytes,
  type Codec,
  fixedChars,
  flags,
  i32,
  i64,
  listing,
  name,
  omittable,
  optional,
  string,
  struct,
  u32,
  u64,
  uuid,
} from './codec.ts';
import { XdrReader } from './reader.ts';
import { paramMap, type TypedParam, typedParams } from './typed-params.ts';
import { XdrWriter } from './writer.ts';

function encode<T>(codec: Codec<T>, value: T): Buffer {
  const writer = new XdrWriter(4);
  codec.write(writer, value);
  return Buffer.from(writer.view());
}

function decode<T>(codec: Codec<T>, data: Buffer): T {
  const reader = new XdrReader(data);
  const value = codec.read(reader);
  reader.end();
  return value;
}

/** Whatever is written reads back the same, fills whole words, and cut anywhere is an error, not a wrong value. */
function roundTrips<T>(
  codec: Codec<T>,
  values: fc.Arbitrary<T>,
  same: (value: T) => unknown = (value) => value,
): void {
  fc.assert(
    fc.property(values, fc.nat(), (value, cut) => {
      const data = encode(codec, value);
      expect(data.length % 4).toBe(0);
      expect(decode(codec, data)).toEqual(same(value));
      if (data.length > 0) {
        expect(() => decode(codec, data.subarray(0, cut % data.length))).toThrow(ProtocolError);
      }
    }),
  );
}

const text = fc.string({ unit: 'binary', maxLength: 80 });
const safe = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const param: fc.Arbitrary<TypedParam> = fc.oneof(
  fc.record({ field: text, type: fc.constant('int' as const), value: fc.integer() }),
  fc.record({ field: text, type: fc.constant('uint' as const), value: fc.nat() }),
  fc.record({ field: text, type: fc.constant('llong' as const), value: safe }),
  fc.record({ field: text, type: fc.constant('ullong' as const), value: fc.maxSafeNat() }),
  fc.record({ field: text, type: fc.constant('double' as const), value: fc.double({ noNaN: true }) }),
  fc.record({ field: text, type: fc.constant('boolean' as const), value: fc.boolean() }),
  fc.record({ field: text, type: fc.constant('string' as const), value: text }),
);

describe('values survive the wire', () => {
  test('integers', () => {
    roundTrips(u32, fc.integer({ min: 0, max: 0xffff_ffff }));
    roundTrips(i32, fc.integer());
    roundTrips(u64, fc.maxSafeNat());
    roundTrips(i64, safe);
    roundTrips(boolean, fc.boolean());
  });

  test('text and bytes', () => {
    roundTrips(string, text);
    roundTrips(name, text);
    roundTrips(bytes, fc.uint8Array({ maxLength: 80 }), (value) => Buffer.from(value));
    roundTrips(uuid, fc.uuid());
    roundTrips(
      fixedChars(32),
      fc.string({
        unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
        maxLength: 32,
      }),
    );
  });

  test('composed types', () => {
    roundTrips(optional(string), fc.option(text));
    roundTrips(array(string), fc.array(text));
    roundTrips(listing(u32), fc.array(fc.nat()));
    roundTrips(
      struct({ id: i32, label: optional(string), sizes: array(u64) }),
      fc.record({ id: fc.integer(), label: fc.option(text), sizes: fc.array(fc.maxSafeNat()) }),
    );
    roundTrips(typedParams, fc.array(param));
  });

  test('parameters read as a map hold the last value of each field', () => {
    fc.assert(
      fc.property(fc.array(param), (params) => {
        const map = decode(paramMap, encode(typedParams, params));
        expect(map).toEqual(new Map(params.map(({ field, value }) => [field, value])));
      }),
    );
  });
});

describe('the layout is that of RFC 4506', () => {
  test.each([
    ['u32', encode(u32, 0xdead_beef), 'deadbeef'],
    ['i32', encode(i32, -2), 'fffffffe'],
    ['u64', encode(u64, Number.MAX_SAFE_INTEGER), '001fffffffffffff'],
    ['i64', encode(i64, -1), 'ffffffffffffffff'],
    ['string', encode(string, 'vda'), '0000000376646100'],
    ['empty string', encode(string, ''), '00000000'],
    ['absent optional', encode(optional(string), null), '00000000'],
    ['present optional', encode(optional(u32), 7), '0000000100000007'],
    ['array', encode(array(u32), [1, 2]), '000000020000000100000002'],
    ['char[4], a word each', encode(fixedChars(4), 'ab'), '00000061000000620000000000000000'],
    [
      'boolean parameter',
      encode(typedParams, [{ field: 'a', type: 'boolean', value: true }]),
      '0000000100000001610000000000000600000001',
    ],
  ])('%s', (_, actual, expected) => {
    expect(actual.toString('hex')).toBe(expected);
  });

  test('fields that may be left out are sent as absent or zero', () => {
    const codec = struct({ uri: omittable(string), flags });
    expect(encode(codec, {}).toString('hex')).toBe('0000000000000000');
  });
});

describe('what cannot be is refused', () => {
  test('lengths and counts beyond the message', () => {
    for (const length of ['7fffffff', 'ffffffff', '00000001']) {
      expect(() => decode(string, Buffer.from(length, 'hex'))).toThrow(ProtocolError);
      expect(() => decode(array(u32), Buffer.from(length, 'hex'))).toThrow(ProtocolError);
    }
  });

  test('leftovers, presence words and parameter types nobody knows', () => {
    expect(() => decode(u32, Buffer.alloc(8))).toThrow(ProtocolError);
    expect(() => decode(optional(u32), Buffer.from('0000000200000000', 'hex'))).toThrow(ProtocolError);
    expect(() => decode(paramMap, Buffer.from('00000001000000000000000900000000', 'hex'))).toThrow(
      ProtocolError,
    );
  });

  test('arguments that do not fit their type', () => {
    expect(() => encode(u64, -1)).toThrow(RangeError);
    expect(() => encode(u64, 2 ** 53)).toThrow(RangeError);
    expect(() => encode(u32, 2 ** 32)).toThrow(RangeError);
    expect(() => encode(uuid, 'not-a-uuid')).toThrow(RangeError);
    expect(() => encode(string, 'x'.repeat(4 * 1024 * 1024 + 1))).toThrow(RangeError);
  });

  test('random bytes decode to a value or a ProtocolError, never to anything else', () => {
    const codec = struct({
      a: optional(string),
      params: paramMap,
      list: array(struct({ id: uuid, name, size: i64 })),
    });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        try {
          decode(codec, Buffer.from(data));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
