const FIRST_MS = 250;
/** An attempt costs one packet; a person who restarted a host looks at the screen and waits. */
const CAP_MS = 5_000;

/**
 * How long to wait before attempt `failures + 1`, in ms: doubling from 0.25 s to 5 s, half of it jitter, so that
 * many desktops do not return to a restarted host in the same instant. There is no last attempt.
 *
 * @param failures attempts that failed in a row, at least 1
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
