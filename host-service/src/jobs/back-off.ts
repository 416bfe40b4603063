export interface BackOff {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** How long to wait after failure number `attempt` (from 1): doubled each time, capped. Ms. */
export function delayAfter(attempt: number, { firstMs, lastMs }: BackOff): number {
  return Math.min(lastMs, firstMs * 2 ** Math.min(attempt - 1, 30));
}
