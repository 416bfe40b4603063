/** Password hashing. Every call costs memory and CPU by design, so the work is queued with a bound. */
export interface Passwords {
  /** PHC string. Rejects with `RATE_LIMITED` when the queue is full. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one behind `hash`. With null (no such account) it does the same work against a
   * hash nobody has the password of and answers false, so that the time tells nothing.
   */
  verify(hash: string | null, password: string): Promise<boolean>;
  /** True when the hash was made with other parameters than today's. */
  isOutdated(hash: string): boolean;
}
