import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { LimenError } from '@limen/contract';
import type { SeedFiles, SeedTool } from '../ports/seed.ts';
import { runProgram } from './child-process.ts';
import { fromFileError, partialPath, scratchPath, settle } from './files.ts';

/** The label by which cloud-init's data source NoCloud finds its medium. */
const LABEL = 'cidata';
const XORRISO = { name: 'xorriso', package: 'xorriso' };

/** Seeds by `xorriso`, password hashes by `openssl`. */
export function createSeedTool(): SeedTool {
  return { build, hashPassword };
}

async function build(path: string, { metaData, userData, networkConfig }: SeedFiles): Promise<void> {
  const contents: Record<string, string | null> = {
    'meta-data': metaData,
    'user-data': userData,
    'network-config': networkConfig,
  };
  try {
    // Beside the seed, whose secrets then never lie in a folder that others can read.
    const folder = await mkdtemp(scratchPath(dirname(path), 'seed-'));
    try {
      for (const [name, text] of Object.entries(contents)) {
        if (text !== null) await writeFile(join(folder, name), text, { mode: 0o600 });
      }
      // Its own mode would follow the umask; the hypervisor's user gets it from libvirt.
      await writeFile(partialPath(path), '', { mode: 0o600 });
      await runProgram(XORRISO, [
        '-as',
        'mkisofs',
        '-quiet',
        '-volid',
        LABEL,
        '-joliet',
        '-rational-rock',
        '-output',
        partialPath(path),
        folder,
      ]);
      await settle(path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    throw fromFileError(error, path);
  }
}

/** The password goes in by a pipe: arguments can be read by everybody on the host. */
async function hashPassword(password: string): Promise<string> {
  const child = spawn('openssl', ['passwd', '-6', '-stdin'], { stdio: ['pipe', 'pipe', 'ignore'] });
  let hash = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    hash += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${password}\n`);
  const code = await ended.catch((cause: unknown) => {
    throw new LimenError('UNSUPPORTED', { feature: 'openssl', packages: ['openssl'] }, { cause });
  });
  if (code !== 0 || !hash.startsWith('$6$')) throw new Error(`openssl ended with status ${code}`);
  return hash.trim();
}
