const PATTERN = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** 16 bytes of a UUID's text form. Throws RangeError when it is none. */
export function parseUuid(text: string): Buffer {
  if (!PATTERN.test(text)) throw new RangeError(`not a UUID: ${JSON.stringify(text.slice(0, 64))}`);
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}

/** Where in the text form each of the 16 bytes begins. */
const TEXT_AT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;
const DIGITS = Buffer.from('0123456789abcdef');
const scratch = Buffer.from('00000000-0000-0000-0000-000000000000');

/**
 * The lower-case text form with dashes of the 16 bytes at `from`. Lists hold thousands of them, so this costs one
 * call into the runtime and makes nothing but the text.
 */
export function formatUuid(bytes: Uint8Array, from = 0): string {
  for (let i = 0; i < TEXT_AT.length; i += 1) {
    const at = TEXT_AT[i] ?? 0;
    const byte = bytes[from + i] ?? 0;
    scratch[at] = DIGITS[byte >> 4] ?? 0;
    scratch[at + 1] = DIGITS[byte & 15] ?? 0;
  }
  return scratch.toString('latin1');
}
