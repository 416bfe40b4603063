/**
 * Numbers in words, by the person's language. Sizes are IEC (GiB), rates are SI per second; formatters are kept
 * because making an `Intl` object costs more than the rest of a table cell.
 */
const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(language: string, digits: number): Intl.NumberFormat {
  const key = `${language}:${digits}`;
  const known = numberFormats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(language, {
    maximumFractionDigits: digits,
  });
  numberFormats.set(key, made);
  return made;
}

const iecUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const siUnits = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'] as const;

/** Index of the largest unit in which the value is at least one. */
function unitOf(value: number, base: number, units: readonly string[]): number {
  let unit = 0;
  for (let rest = value; rest >= base && unit < units.length - 1; rest /= base) unit += 1;
  return unit;
}

function scaled(value: number, base: number, units: readonly string[], language: string): string {
  const unit = unitOf(value, base, units);
  const rest = value / base ** unit;
  const digits = unit === 0 || rest >= 100 ? 0 : 1;
  return `${numberFormat(language, digits).format(rest)} ${units[unit] ?? ''}`;
}

export function formatBytes(bytes: number, language: string): string {
  return scaled(bytes, 1024, iecUnits, language);
}

/** `76.8 / 256 MiB`: a part and its whole, both in the unit of the whole, so that a glance compares them. */
export function formatBytesOf(bytes: number, total: number, language: string): string {
  const unit = unitOf(total, 1024, iecUnits);
  const part = bytes / 1024 ** unit;
  return `${numberFormat(language, part >= 100 ? 0 : 1).format(part)} / ${formatBytes(total, language)}`;
}

/** The next of 1, 2, 5, 10, 20, 50, … at or above a positive value: where an axis may end. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5].find((candidate) => candidate * power >= value);
  return (step ?? 10) * power;
}

export function formatRate(bytesPerSecond: number, language: string): string {
  return scaled(bytesPerSecond, 1000, siUnits, language);
}

/** `percent` is 0–100. */
export function formatPercent(percent: number, language: string): string {
  return `${numberFormat(language, percent < 9.95 ? 1 : 0).format(percent)} %`;
}

export function formatNumber(value: number, language: string): string {
  return numberFormat(language, 0).format(value);
}

export function formatDateTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(new Date(iso));
}

/** Hours and minutes; with the date once it is another day. */
export function formatClock(iso: string, language: string, now: number): string {
  const date = new Date(iso);
  const sameDay = new Date(now).toDateString() === date.toDateString();
  const style: Intl.DateTimeFormatOptions = sameDay
    ? { timeStyle: 'short' }
    : { dateStyle: 'medium', timeStyle: 'short' };
  return new Intl.DateTimeFormat(language, style).format(date);
}

/** "4:05:09 PM", as lines of a log want it; with the day unless it is today's. */
export function formatLogTime(iso: string, language: string, now: number): string {
  const date = new Date(iso);
  const sameDay = new Date(now).toDateString() === date.toDateString();
  const style: Intl.DateTimeFormatOptions = sameDay
    ? { timeStyle: 'medium' }
    : { dateStyle: 'short', timeStyle: 'medium' };
  return new Intl.DateTimeFormat(language, style).format(date);
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** "3 minutes ago", in the largest unit that fits. What is to come is rounded: a week is "in 7 days" a second later too. */
export function formatRelative(iso: string, language: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  const count = seconds / size;
  return format.format(count > 0 ? Math.round(count) : Math.trunc(count), unit);
}

/** Time since a start, in two units at most: `3d 4h`, `4h 12m`, `12m`, `45s`. */
export function formatDuration(
  seconds: number,
  units: { d: string; h: string; m: string; s: string },
): string {
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  if (days > 0) return `${days}${units.d} ${hours}${units.h}`;
  if (hours > 0) return `${hours}${units.h} ${minutes}${units.m}`;
  return minutes > 0 ? `${minutes}${units.m}` : `${whole}${units.s}`;
}

/** A certificate fingerprint in lines of eight pairs, which two people can read to each other. */
export function fingerprintLines(fingerprint: string): readonly string[] {
  const pairs = fingerprint.split(':');
  const lines: string[] = [];
  for (let start = 0; start < pairs.length; start += 8) lines.push(pairs.slice(start, start + 8).join(' '));
  return lines;
}

/** `http://debian.org/debian/12` (libosinfo) → `debian-12`, `…/win/11` → `windows-11`; null when it names no system. */
export function osName(osId: string | null): string | null {
  if (osId === null) return null;
  const parts = osId
    .replace(/^https?:\/\/[^/]+\//, '')
    .split('/')
    .filter((part) => part !== '');
  const [family, version] = parts;
  if (family === undefined) return null;
  // The year of libosinfo's plain Linux, and words that say there is no version, tell nobody anything.
  if (family === 'linux' || version === 'unknown' || version === 'rolling') return family;
  return [family === 'win' ? 'windows' : family, ...parts.slice(1)].join('-');
}
