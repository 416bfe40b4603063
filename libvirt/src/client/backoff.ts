/** How long to wait before trying again. */
export interface BackoffOptions {
  readonly initialMs: number;
  readonly maximumMs: number;
}

/**
 * Wait before attempt number `attempt` (from 0): doubling up to the maximum, of which the upper half is random so
 * that many clients of one daemon do not return in step.
 */
export function backoffDelay(
  attempt: number,
  options: BackoffOptions,
  random: () => number = Math.random,
): number {
  const ceiling = Math.min(options.maximumMs, options.initialMs * 2 ** Math.min(attempt, 30));
  return ceiling / 2 + (random() * ceiling) / 2;
}
