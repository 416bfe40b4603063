const PATTERN = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** 16 bytes of a UUID's text form. Throws RangeError when it is none. */
export function parseUuid(text: string): Buffer {
  if (!PATTERN.test(text)) throw new RangeError(`not a UUID: ${JSON.stringify(text.slice(0, 64))}`);
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}

/** The lower-case text form with dashes. */
export function formatUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
