import { describe, expect, it } from 'vitest';
import {
  fingerprintLines,
  formatBytes,
  formatBytesOf,
  formatDuration,
  formatPercent,
  formatRate,
  formatRelative,
  osName,
  roundUp,
} from './format.ts';

const units = { d: 'd', h: 'h', m: 'm', s: 's' };

describe('formats', () => {
  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1536, '1.5 KiB'],
    [2 ** 30, '1 GiB'],
    [150 * 2 ** 30, '150 GiB'],
  ])('%d bytes → %s', (bytes, text) => expect(formatBytes(bytes, 'en')).toBe(text));

  it('writes a part in the unit of its whole', () => {
    expect(formatBytesOf(76.8 * 2 ** 20, 256 * 2 ** 20, 'en')).toBe('76.8 / 256 MiB');
    expect(formatBytesOf(200 * 2 ** 20, 2 ** 31, 'en')).toBe('0.2 / 2 GiB');
  });

  it.each([
    [1, 1],
    [1.1, 2],
    [10_000, 10_000],
    [21_000, 50_000],
    [60_000, 100_000],
  ])('rounds %d up to %d', (value, rounded) => expect(roundUp(value)).toBe(rounded));

  it('writes rates in SI units', () => {
    expect(formatRate(999, 'en')).toBe('999 B/s');
    expect(formatRate(1_500_000, 'en')).toBe('1.5 MB/s');
  });

  it('gives small percentages one digit', () => {
    expect([0.04, 9.94, 9.95, 99.6].map((value) => formatPercent(value, 'en'))).toEqual([
      '0 %',
      '9.9 %',
      '10 %',
      '100 %',
    ]);
  });

  it.each([
    [-5, '0s'],
    [59, '59s'],
    [3_599, '59m'],
    [3_660, '1h 1m'],
    [90_000, '1d 1h'],
  ])('%d seconds → %s', (seconds, text) => expect(formatDuration(seconds, units)).toBe(text));

  it('tells times relative to now, in the language', () => {
    const now = Date.parse('2026-01-02T00:00:00Z');
    expect(formatRelative('2026-01-01T23:58:30Z', 'en', now)).toBe('1 minute ago');
    expect(formatRelative('2026-01-05T00:00:00Z', 'ko', now)).toBe('3일 후');
    expect(formatRelative('2026-01-08T23:59:59Z', 'en', now)).toBe('in 7 days');
  });

  it('cuts fingerprints into four lines of eight', () => {
    const lines = fingerprintLines(Array.from({ length: 32 }, () => 'AB').join(':'));
    expect(lines).toEqual(Array.from({ length: 4 }, () => 'AB AB AB AB AB AB AB AB'));
  });

  it('names systems by their libosinfo id', () => {
    expect(osName('http://debian.org/debian/12')).toBe('debian-12');
    expect(osName('http://microsoft.com/win/11')).toBe('windows-11');
    expect(osName('http://libosinfo.org/linux/2022')).toBe('linux');
    expect(osName(null)).toBeNull();
  });
});
