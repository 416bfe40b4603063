import { type JobLogLine, LimenError } from '@limen/contract';
import type { JobLease, JobStore } from '../ports/job-store.ts';
import type { Logger } from '../ports/logger.ts';

const MAX_LINES = 500;
const MAX_CHARACTERS = 1_000;
const FLUSH_AFTER_MS = 500;

/** An error as a line of a log: with what its data says for people who read logs. */
export function inWords(error: LimenError): string {
  const said =
    LimenError.is(error, 'UNSUITABLE_IMAGE') || LimenError.is(error, 'HYPERVISOR_ERROR')
      ? error.data.detail
      : LimenError.is(error, 'UNSUPPORTED')
        ? error.data.feature
        : '';
  return said === '' || error.message.includes(said) ? error.message : `${error.message}: ${said}`;
}

/**
 * The log of one job as it is written: lines are gathered for a moment and stored together. Bounded in lines and in
 * their length. A line that cannot be stored is worth nobody's waiting; the next flush tries again.
 */
export class JobLog {
  readonly #store: Pick<JobStore, 'appendLog'>;
  readonly #lease: JobLease;
  readonly #logger: Logger;
  #lines: JobLogLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #written: Promise<void> = Promise.resolve();

  constructor(store: Pick<JobStore, 'appendLog'>, lease: JobLease, logger: Logger) {
    this.#store = store;
    this.#lease = lease;
    this.#logger = logger;
  }

  add(text: string): void {
    if (this.#lines.length >= MAX_LINES) return;
    this.#lines.push({ at: new Date().toISOString(), text: tidy(text) });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
  }

  /** Store what has been gathered; never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#written = this.#written.then(() => this.#write());
    return this.#written;
  }

  async #write(): Promise<void> {
    const lines = this.#lines;
    if (lines.length === 0) return;
    this.#lines = [];
    try {
      await this.#store.appendLog(this.#lease, lines, MAX_LINES);
    } catch (error) {
      this.#logger.warn({ err: error, lines: lines.length }, 'could not store lines of a job’s log');
      this.#lines = [...lines, ...this.#lines].slice(0, MAX_LINES);
    }
  }
}

/** One line of printable text, cut where it gets too long. */
function tidy(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for.
  const line = text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  return line.length <= MAX_CHARACTERS ? line : `${line.slice(0, MAX_CHARACTERS - 1)}…`;
}
