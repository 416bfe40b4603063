import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { follow, type Followed } from './follow.ts';

/** What is read next: a value, or a failure with its meaning. */
type Reading = number | 'away' | 'end' | 'trouble';

class Source implements Followed<number> {
  look: () => void = () => undefined;
  unsubscribed = 0;
  readonly troubles: unknown[] = [];
  readonly #readings: Reading[];

  constructor(...readings: Reading[]) {
    this.#readings = readings;
  }

  read = (): Promise<number> => {
    const reading = this.#readings.shift() ?? 'away';
    return typeof reading === 'number' ? Promise.resolve(reading) : Promise.reject(new Error(reading));
  };

  subscribe = (look: () => void) => {
    this.look = look;
    return [
      () => {
        this.unsubscribed += 1;
      },
    ];
  };

  judge = (error: unknown) => (error as Error).message as 'away' | 'end' | 'trouble';
  onTrouble = (error: unknown): void => void this.troubles.push(error);
}

describe('following', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('gives what is there, and again only when it differs', async () => {
    const source = new Source(1, 1, 2);
    const followed = follow(source, new AbortController().signal);
    expect(await followed.next()).toMatchObject({ value: 1 });
    source.look();
    const next = followed.next();
    await vi.advanceTimersByTimeAsync(0);
    source.look();
    expect(await next).toMatchObject({ value: 2 });
    await followed.return();
    expect(source.unsubscribed).toBe(1);
  });

  it('is silent while something is away, and looks again by itself', async () => {
    const source = new Source('away', 'away', 3);
    const next = follow(source, new AbortController().signal).next();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await next).toMatchObject({ value: 3 });
    expect(source.troubles).toEqual([]);
  });

  it('tries again after trouble, but tells who has seen nothing yet', async () => {
    const source = new Source(1, 'trouble', 2);
    const followed = follow(source, new AbortController().signal);
    await followed.next();
    source.look();
    const next = followed.next();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await next).toMatchObject({ value: 2 });
    expect(source.troubles).toHaveLength(1);

    const unseen = new Source('trouble');
    await expect(follow(unseen, new AbortController().signal).next()).rejects.toThrow('trouble');
    expect(unseen.unsubscribed).toBe(1);
  });

  it('ends when what is followed is gone, and when nobody follows any more', async () => {
    const source = new Source(1, 'end');
    const followed = follow(source, new AbortController().signal);
    await followed.next();
    source.look();
    await expect(followed.next()).rejects.toThrow('end');

    const leaving = new AbortController();
    const left = follow(new Source(1), leaving.signal);
    await left.next();
    const last = left.next();
    leaving.abort();
    expect(await last).toEqual({ done: true, value: undefined });
  });
});
