import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LimenError } from '@limen/contract';

/** Of what a program says on stderr, what is kept for its error message. */
const KEPT_STDERR = 4096;

export interface ProgramOptions {
  readonly signal?: AbortSignal | undefined;
  /** Beside this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of address space, in bytes, and CPU time, in seconds: for programs that read what others wrote. */
  readonly limits?: { readonly memoryBytes: number; readonly cpuSeconds?: number };
  /** Each piece that ends in a line feed or a carriage return. */
  readonly onLine?: (line: string) => void;
}

/** A program ended with a failure, in its own words. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure';
  readonly detail: string;
  /** Null when a signal ended it. */
  readonly status: number | null;

  constructor(program: string, outcome: { status: number | null; words: string }, stderr: string) {
    const detail = stderr.trim() || outcome.words;
    super(`${program}: ${detail}`);
    this.detail = detail;
    this.status = outcome.status;
  }
}

/**
 * Run a program to its end and resolve to what it wrote. It runs without shell and input, in the C locale, and is
 * killed with this process even if that is killed itself: a stray writer could spoil what the next life has begun
 * again. Rejects with {@link ProgramFailure}, `UNSUPPORTED` when it is not installed, `CANCELLED` on abort.
 */
export async function runProgram(
  program: { readonly name: string; readonly package: string },
  args: readonly string[],
  { signal, environment, limits, onLine }: ProgramOptions = {},
): Promise<string> {
  if (signal?.aborted) throw cancelled(signal);
  const limited = limits
    ? ['prlimit', `--as=${limits.memoryBytes}`, `--cpu=${limits.cpuSeconds ?? 'unlimited'}`, '--core=0', '--']
    : [];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...limited, program.name, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // One arena: each reserves 64 MiB of the address space that is limited, and there may be one per thread.
    env: { ...process.env, ...environment, LC_ALL: 'C', MALLOC_ARENA_MAX: '1' },
  });
  const kill = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  const stdout: string[] = [];
  let stderr = '';
  const lines = createInterface({ input: child.stdout, crlfDelay: 0 });
  lines.on('line', (line) => (onLine ? onLine(line) : stdout.push(line)));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
  });
  try {
    const outcome = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
      (resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, killedBy) => resolve({ code, signal: killedBy }));
      },
    );
    if (signal?.aborted) throw cancelled(signal);
    if (outcome.code === 0) return stdout.join('\n');
    // setpriv's and prlimit's own way to say that there is no such program.
    if (outcome.code === 127) {
      throw new LimenError('UNSUPPORTED', { feature: program.name, packages: [program.package] });
    }
    const words = outcome.signal ? `ended by ${outcome.signal}` : `ended with status ${outcome.code}`;
    throw new ProgramFailure(program.name, { status: outcome.code, words }, stderr);
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

function cancelled(signal: AbortSignal): LimenError {
  const reason: unknown = signal.reason;
  return LimenError.is(reason) ? reason : new LimenError('CANCELLED', {}, { cause: reason });
}
