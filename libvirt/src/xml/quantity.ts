import type { XmlElement } from './xml-element.ts';

/**
 * A size as libvirt writes it: a number and a unit (`virScaleInteger`: `KiB`, `K` and `k` are 1024 bytes, `KB` is
 * 1000).
 *
 * @throws {RangeError} when it is none, or beyond exact numbers.
 */
export function parseBytes(amount: string, unit: string): number {
  const factor = unitFactor(unit);
  const bytes = /^\d+$/.test(amount) ? Number(amount) * factor : Number.NaN;
  if (!Number.isSafeInteger(bytes))
    throw new RangeError(`"${amount} ${unit}" is not an exact number of bytes`);
  return bytes;
}

/** The size an element holds, in bytes; null when the element is not there. Without a unit it is `defaultUnit`. */
export function readBytes(element: XmlElement | null, defaultUnit: 'bytes' | 'KiB'): number | null {
  return element && parseBytes(element.text.trim(), element.attribute('unit') ?? defaultUnit);
}

/** Write a size in KiB where that is exact (libvirt rounds memory up to them), in bytes otherwise. */
export function writeBytes(element: XmlElement, bytes: number): void {
  const { amount, unit } = inUnit(bytes);
  element.setAttribute('unit', unit);
  element.text = String(amount);
}

/** A size in KiB where that is exact, in bytes otherwise. */
export function inUnit(bytes: number): { readonly amount: number; readonly unit: 'KiB' | 'bytes' } {
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new RangeError(`${bytes} is not a size`);
  return bytes % 1024 === 0 ? { amount: bytes / 1024, unit: 'KiB' } : { amount: bytes, unit: 'bytes' };
}

/** @throws {RangeError} when the text is no exact number. */
export function parseInteger(text: string): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new RangeError(`"${text}" is not an exact whole number`);
  return value;
}

/** null when there is nothing to read. */
export function readInteger(text: string | null): number | null {
  return text === null ? null : parseInteger(text);
}

function unitFactor(unit: string): number {
  if (/^(b|bytes?)$/i.test(unit)) return 1;
  const match = /^([kmgtpe])(ib|b)?$/i.exec(unit);
  const power = 'kmgtpe'.indexOf(match?.[1]?.toLowerCase() ?? ' ') + 1;
  if (power === 0) throw new RangeError(`"${unit}" is not a unit of size`);
  return (match?.[2]?.toLowerCase() === 'b' ? 1000 : 1024) ** power;
}
