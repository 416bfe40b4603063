import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LimenError } from '@limen/contract';

/** Of what a program says on stderr, what is kept for its error message. */
const KEPT_STDERR = 4096;

export interface ProgramOptions {
  readonly signal?: AbortSignal | undefined;
  /** Beside this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** In bytes of address space and seconds of CPU time: for programs that read what others wrote. */
  readonly limits?: {
    readonly memoryBytes: number;
    readonly cpuSeconds?: number;
    /** Of each file it writes. */
    readonly fileBytes?: number;
  };
  /** Descriptors it reads and writes instead of nothing and a pipe. */
  readonly files?: { readonly input: number; readonly output: number };
  /** Each piece that ends in a line feed or a carriage return. */
  readonly onLine?: (line: string) => void;
}

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program ended with a failure, in its own words. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure';
  readonly detail: string;
  /** Null when a signal ended it. */
  readonly status: number | null;
  /** What ended it, if not itself. */
  readonly signal: NodeJS.Signals | null;

  constructor(program: string, outcome: Outcome, stderr: string) {
    const { code, signal } = outcome;
    const detail = stderr.trim() || (signal ? `ended by ${signal}` : `ended with status ${code}`);
    super(`${program}: ${detail}`);
    this.detail = detail;
    this.status = code;
    this.signal = signal;
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
  { signal, environment, limits, files, onLine }: ProgramOptions = {},
): Promise<string> {
  if (signal?.aborted) throw cancelled(signal);
  const limited = limits ? ['prlimit', ...limitOptions(limits), '--'] : [];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...limited, program.name, ...args], {
    stdio: [files?.input ?? 'ignore', files?.output ?? 'pipe', 'pipe'],
    // One arena: each reserves 64 MiB of the address space that is limited, and there may be one per thread.
    env: { ...process.env, ...environment, LC_ALL: 'C', MALLOC_ARENA_MAX: '1' },
  });
  const kill = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  const stdout: string[] = [];
  let stderr = '';
  if (child.stdout) {
    const lines = createInterface({ input: child.stdout, crlfDelay: 0 });
    lines.on('line', (line) => (onLine ? onLine(line) : stdout.push(line)));
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
  });
  try {
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, killedBy) => resolve({ code, signal: killedBy }));
    });
    if (signal?.aborted) throw cancelled(signal);
    if (outcome.code === 0) return stdout.join('\n');
    // setpriv's and prlimit's own way to say that there is no such program.
    if (outcome.code === 127) {
      throw new LimenError('UNSUPPORTED', { feature: program.name, packages: [program.package] });
    }
    throw new ProgramFailure(program.name, outcome, stderr);
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

function limitOptions(limits: NonNullable<ProgramOptions['limits']>): string[] {
  const { memoryBytes, cpuSeconds = 'unlimited', fileBytes = 'unlimited' } = limits;
  return [`--as=${memoryBytes}`, `--cpu=${cpuSeconds}`, `--fsize=${fileBytes}`, '--core=0'];
}

function cancelled(signal: AbortSignal): LimenError {
  const reason: unknown = signal.reason;
  return LimenError.is(reason) ? reason : new LimenError('CANCELLED', {}, { cause: reason });
}
