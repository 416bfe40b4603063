import type { Answer } from './http-source.ts';

/** What the body of an answer is of the file. */
export interface Part {
  /** Where in the file it begins, in bytes. */
  readonly offset: number;
  /** Of the whole file; null when the server does not say. */
  readonly totalBytes: number | null;
  /** See {@link validatorOf}. */
  readonly validator: string | null;
}

/** What was asked for: the rest of a file, from an offset on. */
export interface AskedPart {
  readonly offset: number;
  readonly totalBytes: number | null;
}

/**
 * What part of the file the answer brings: all of it when nothing was asked for, when the file has changed since, and
 * from servers that know no ranges. Null when it is neither that nor the part that was asked for.
 */
export function readPart(answer: Answer, asked: AskedPart | null): Part | null {
  const validator = validatorOf(answer);
  if (answer.status === 200) {
    return { offset: 0, totalBytes: wholeNumber(answer.header('content-length')), validator };
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '');
  if (answer.status !== 206 || asked === null || range === null) return null;
  const offset = wholeNumber(range[1] ?? null);
  const totalBytes = wholeNumber(range[2] ?? null) ?? asked.totalBytes;
  const fits = offset === asked.offset && (asked.totalBytes === null || totalBytes === asked.totalBytes);
  return fits ? { offset, totalBytes, validator } : null;
}

/**
 * What the server will recognise this very file by (RFC 9110, §13.1.5): a strong tag, or a date of change that is
 * older than the answer, so that the file cannot have changed twice within it. Null when there is neither.
 */
function validatorOf(answer: Answer): string | null {
  const tag = answer.header('etag');
  if (tag !== null) return tag.startsWith('W/') ? null : tag;
  const changed = answer.header('last-modified');
  if (changed === null) return null;
  const age = Date.parse(answer.header('date') ?? '') - Date.parse(changed);
  return age >= 1000 ? changed : null;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
