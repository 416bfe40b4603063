import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, type FSWatcher, watch } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { ConnectionLostError } from '../errors/libvirt-error.ts';
import type { DaemonSocket } from './socket-paths.ts';
import { connectFirst, connectSocket } from './sockets.ts';

/** The daemon leaves by itself this many seconds after its last client and machine. libvirt's own figure. */
const IDLE_SECONDS = 120;

/**
 * Connect to the user's own daemon, and start it when it does not run, as libvirt does (unless the environment says
 * `LIBVIRT_AUTOSTART=0`). It is left running: it belongs to the user, not to us. Rejects with ConnectionLostError.
 */
export async function connectSession(sockets: readonly DaemonSocket[], signal: AbortSignal): Promise<Socket> {
  const paths = sockets.map(({ path }) => path);
  try {
    return await connectFirst(paths, signal);
  } catch (error) {
    if (signal.aborted || process.env['LIBVIRT_AUTOSTART'] === '0') throw error;
  }
  const daemon = await findDaemon(sockets);
  if (daemon === null) {
    const names = sockets.map(({ program }) => program).join(' or ');
    throw new ConnectionLostError(
      `no session daemon runs, and there is none to start: ${names} is not installed`,
    );
  }
  return startDaemon(daemon, signal);
}

/** A socket, and the program that makes it by its full path. */
interface FoundDaemon {
  readonly program: string;
  readonly path: string;
}

async function findDaemon(sockets: readonly DaemonSocket[]): Promise<FoundDaemon | null> {
  const { env } = process;
  const named = env['VIRTD_PATH'] ?? env['LIBVIRTD_PATH'];
  // A user's PATH often lacks the folders daemons are in.
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const { program, path } of sockets) {
    const candidates = named === undefined ? folders.map((folder) => join(folder, program)) : [named];
    for (const candidate of candidates) {
      if (await isExecutable(candidate)) return { program: candidate, path };
    }
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function startDaemon({ program, path }: FoundDaemon, signal: AbortSignal): Promise<Socket> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Watched before it starts, so that no change is missed.
  const watcher = watch(folder);
  const ended = new AbortController();
  try {
    const child = spawn(program, [`--timeout=${IDLE_SECONDS}`], {
      detached: true,
      stdio: 'ignore',
      cwd: '/',
    });
    await once(child, 'spawn');
    child.once('exit', (code, killedBy) => ended.abort(`it ended with ${killedBy ?? `code ${code}`}`));
    child.unref();
    return await socketOnceThere(path, watcher, { signal, ended: ended.signal });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConnectionLostError(`the session daemon ${program} did not come up: ${reason}`, {
      cause: error,
    });
  } finally {
    watcher.close();
  }
}

interface Ends {
  readonly signal: AbortSignal;
  /** Fires, with the reason, when the daemon ends. */
  readonly ended: AbortSignal;
}

/** Try the socket at every change of its folder, and once more when the daemon ends: another may have won the race. */
function socketOnceThere(path: string, watcher: FSWatcher, { signal, ended }: Ends): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let attempt: Promise<boolean> = Promise.resolve(false);
    const tryNow = () => {
      attempt = attempt.then(async (done) => {
        if (done) return true;
        try {
          resolve(await connectSocket({ path }, signal));
          return true;
        } catch (error) {
          if (signal.aborted || ended.aborted) {
            reject(ended.aborted ? new Error(String(ended.reason), { cause: error }) : error);
          }
          return false;
        }
      });
    };
    watcher.on('change', tryNow);
    watcher.on('error', reject);
    ended.addEventListener('abort', tryNow, { once: true });
    signal.addEventListener('abort', tryNow, { once: true });
    tryNow();
  });
}
