import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../tests/fixtures/ports.ts';
import { run } from '../../tests/fixtures/run.ts';

/** Where Debian's sshd insists on an empty folder; its service makes it, but it need not be installed to run. */
const PRIVILEGE_SEPARATION = '/run/sshd';

/** An sshd of our own on a loopback port, with its own keys, that lets in root by a key. */
export interface SshServer {
  readonly port: number;
  /** The private key that is let in. */
  readonly keyPath: string;
  /** Knows the server's key. */
  readonly knownHostsPath: string;
  /** End the server and all its sessions. */
  kill(): Promise<void>;
  /** Start it after {@link kill}; resolves when it listens. */
  start(): Promise<void>;
  /** Take everything away. */
  stop(): Promise<void>;
}

/** Start an sshd whose sessions see the file system of process `pid`, e.g. of a private libvirtd. Needs root. */
export async function startSshServer(pid: number): Promise<SshServer> {
  const folder = await mkdtemp(join(tmpdir(), 'node-libvirt-ssh-'));
  const madeFolder = (await mkdir(PRIVILEGE_SEPARATION, { recursive: true, mode: 0o755 })) !== undefined;
  const [hostKey, keyPath] = [await makeKey(folder, 'host'), await makeKey(folder, 'user')];
  const port = await freePort();
  const knownHostsPath = join(folder, 'known_hosts');
  await writeFile(knownHostsPath, `[127.0.0.1]:${port} ${await readFile(`${hostKey}.pub`, 'utf8')}`);
  const configPath = join(folder, 'sshd_config');
  await writeFile(
    configPath,
    [
      'ListenAddress 127.0.0.1',
      `Port ${port}`,
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${keyPath}.pub`,
      'PermitRootLogin prohibit-password',
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      '',
    ].join('\n'),
  );
  let server: ChildProcess | null = null;
  const start = async () => {
    server = await listening(pid, configPath);
  };
  const kill = async () => {
    if (server === null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    server = null;
    await gone;
  };
  const stop = async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
    if (madeFolder) await rmdir(PRIVILEGE_SEPARATION);
  };
  await start();
  return { port, keyPath, knownHostsPath, kill, start, stop };
}

async function makeKey(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
  return path;
}

/** In a PID namespace of its own, so that its sessions end with it. */
async function listening(pid: number, configPath: string): Promise<ChildProcess> {
  const inside = ['--mount', '--target', String(pid), '--'];
  const alone = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'tini', '--'];
  const sshd = ['/usr/sbin/sshd', '-D', '-e', '-f', configPath];
  const child = spawn('nsenter', [...inside, ...alone, ...sshd], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (line.includes('Server listening')) {
      child.stderr.resume();
      return child;
    }
  }
  throw new Error(`sshd did not come up: ${said.join('\n')}`);
}
