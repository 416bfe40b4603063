import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parsePairingLink } from '@limen/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../../../tests/fixtures/paths.ts';
import { freePort } from '../../../tests/fixtures/ports.ts';
import { startPostgres } from '../../../tests/fixtures/postgres.ts';

const MAIN = join(repositoryRoot, 'host-service/dist/main.js');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A data directory as `init` leaves it; made once, because the embedded database's first set-up takes seconds. */
let template: string;
let administrator: { readonly username: string; readonly password: string };
let data: string;
let environment: NodeJS.ProcessEnv;
let services: ChildProcess[];

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'limen-cli-template-'));
  environment = { PATH: process.env['PATH'] };
  const { stdout } = await limenHost(['init', '--json', '--data', template]);
  ({ administrator } = JSON.parse(stdout) as { administrator: typeof administrator });
});
afterAll(() => rm(template, { recursive: true }));

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'limen-cli-'));
  services = [];
  environment = {
    PATH: process.env['PATH'],
    HOME: data,
    LIMEN_DATA: join(data, 'state'),
    LIMEN_LISTEN_PORT: String(await freePort()),
    // No libvirt: the service runs without.
    LIMEN_LIBVIRT_SOCKET: join(data, 'no-libvirt.sock'),
  };
});

afterEach(async () => {
  for (const service of services) {
    if (service.exitCode !== null || service.signalCode !== null) continue;
    const gone = once(service, 'exit');
    service.kill('SIGKILL');
    await gone;
  }
  await rm(data, { recursive: true });
});

async function limenHost(args: readonly string[], input = ''): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: environment });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

interface Service {
  readonly process: ChildProcess;
  /** All lines of its log so far. */
  readonly lines: string[];
  /** Resolves to the fields of the first line, from now on or from before, with that message. */
  saw(message: string): Promise<Record<string, unknown>>;
}

/** `limen-host serve`, listening. */
async function serve(): Promise<Service> {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  services.push(child);
  const lines: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const saw = (message: string): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const line = lines.find((text) => text.includes(`"msg":"${message}"`));
        if (line !== undefined) resolve(JSON.parse(line) as Record<string, unknown>);
      };
      reader.on('line', look);
      child.once('exit', () => reject(new Error(`ended without "${message}":\n${lines.join('\n')}`)));
      look();
    });
  await saw('listening');
  return { process: child, lines, saw };
}

async function stop(service: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(service, 'exit') as Promise<[number | null]>;
  service.kill(signal);
  const [code] = await ended;
  return code;
}

interface Answer {
  readonly status: number | undefined;
  readonly body: Record<string, unknown>;
}

/** A call over TLS, without looking at who signed the certificate: pinning is the desktop's. */
function api(path: string, body?: object, token?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const request = https.request(
      {
        host: '127.0.0.1',
        port: environment['LIMEN_LISTEN_PORT'],
        path,
        method: body ? 'POST' : 'GET',
        headers,
        rejectUnauthorized: false,
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode, body: JSON.parse(text) as Record<string, unknown> }),
        );
      },
    );
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

/** Start from an initialised host, rather than from nothing. */
async function initialised(): Promise<void> {
  await cp(template, join(data, 'state'), { recursive: true, mode: constants.COPYFILE_FICLONE });
}

const state = (file: string): string => join(data, 'state', file);

describe('init', () => {
  test('makes a host once; a second time changes nothing', async () => {
    const first = JSON.parse((await limenHost(['init', '--json', '--admin', 'root'])).stdout) as Record<
      string,
      unknown
    >;
    expect(first).toMatchObject({
      hostId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      address: `127.0.0.1:${environment['LIMEN_LISTEN_PORT']}`,
      administrator: { username: 'root', password: expect.any(String) },
    });
    const second = JSON.parse((await limenHost(['init', '--json'])).stdout) as Record<string, unknown>;
    expect(second).toEqual({ ...first, administrator: null });
    for (const secret of ['host-keys.json', 'tls.pem'])
      expect((await stat(state(secret))).mode & 0o777).toBe(0o600);
  });

  test('will not take over a directory that holds other things', async () => {
    environment = { ...environment, LIMEN_DATA: '/usr/share' };
    const { code, stderr } = await limenHost(['init']);
    expect(code).toBe(1);
    expect(stderr).toContain('choose a directory of its own');
  });
});

describe('a configuration that is wrong', () => {
  test('with a typo stops every command with the place and the right spelling', async () => {
    const file = join(data, 'host.toml');
    await writeFile(file, '[listen]\nprot = 8443\n');
    for (const command of ['init', 'serve', 'pair']) {
      const { code, stderr } = await limenHost([command, '--config', file]);
      expect(code).toBe(1);
      expect(stderr).toContain(`${file}: unknown setting "prot" in [listen]; did you mean "port"?`);
    }
  });

  test('or not there is said so', async () => {
    const { code, stderr } = await limenHost(['serve', '--config', join(data, 'missing.toml')]);
    expect(code).toBe(1);
    expect(stderr).toContain('cannot be read (ENOENT)');
  });
});

describe('serve', () => {
  test('sets an empty directory up by itself, and leaves the password where only its user can read it', async () => {
    const service = await serve();
    const path = state('administrator-password');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const password = (await readFile(path, 'utf8')).trim();
    const signedIn = await api('/api/v1/session/sign-in', { username: 'admin', password });
    expect(signedIn.status).toBe(200);
    expect(signedIn.body['user']).toMatchObject({ username: 'admin', role: 'administrator' });
    expect(await stop(service.process, 'SIGTERM')).toBe(0);
    expect(service.lines.join('\n')).not.toContain(password);
  });

  test('announces itself while it runs, ends on SIGTERM within the deadline, and cleans up', async () => {
    await initialised();
    const service = await serve();
    const announced = JSON.parse(await readFile(state('service.json'), 'utf8')) as Record<string, unknown>;
    expect(announced).toMatchObject({ pid: service.process.pid, controlSocket: state('control.sock') });
    expect((await stat(state('control.sock'))).mode & 0o777).toBe(0o600);
    const startedAt = performance.now();
    expect(await stop(service.process, 'SIGTERM')).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await expect(stat(state('service.json'))).rejects.toThrow('ENOENT');
    await expect(stat(state('service.lock'))).rejects.toThrow('ENOENT');
  });

  test('refuses a directory another one serves, and a port that is taken', async () => {
    await initialised();
    const first = await serve();
    const second = await limenHost(['serve']);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`is in use by process ${first.process.pid}`);
    const other = join(data, 'other');
    await cp(template, other, { recursive: true, mode: constants.COPYFILE_FICLONE });
    const third = await limenHost(['serve', '--data', other]);
    expect(third.code).toBe(1);
    expect(third.stderr).toContain('EADDRINUSE');
  });

  test('comes back after kill -9, with the same identity; sessions go on', async () => {
    await initialised();
    const first = await serve();
    const { password } = administrator;
    const { body } = await api('/api/v1/session/sign-in', administrator);
    const { fingerprint } = await first.saw('listening');
    await stop(first.process, 'SIGKILL');
    const second = await serve();
    expect((await second.saw('listening'))['fingerprint']).toBe(fingerprint);
    const renewed = await api('/api/v1/session/renew', { refreshToken: body['refreshToken'] });
    expect(renewed.status).toBe(200);
    const log = [...first.lines, ...second.lines].join('\n');
    for (const secret of [body['accessToken'], body['refreshToken'], renewed.body['accessToken'], password]) {
      expect(log).not.toContain(String(secret));
    }
  });

  test('starts without its PostgreSQL, says so, and is complete once it is there', async () => {
    const postgres = await startPostgres();
    try {
      environment = { ...environment, DATABASE_URL: postgres.url };
      await postgres.kill();
      const service = await serve();
      const health = await api('/health');
      expect(health).toMatchObject({ status: 503, body: { dependencies: { database: 'down' } } });
      const signIn = { username: 'admin', password: 'does not matter' };
      const early = await api('/api/v1/session/sign-in', signIn);
      expect(early).toMatchObject({ status: 503, body: { code: 'DATABASE_UNAVAILABLE' } });
      await postgres.start();
      await service.saw('database connected');
      const late = await api('/api/v1/session/sign-in', signIn);
      expect(late).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    } finally {
      await postgres.stop();
    }
  });
});

describe('commands on a running service', () => {
  test('pair, add users and list them', async () => {
    await initialised();
    const service = await serve();
    const { fingerprint } = await service.saw('listening');
    const { link } = JSON.parse((await limenHost(['pair', '--json'])).stdout) as { link: string };
    const pairing = parsePairingLink(link);
    expect(pairing).toMatchObject({ address: `127.0.0.1:${environment['LIMEN_LISTEN_PORT']}`, fingerprint });
    const paired = await api('/api/v1/session/pair', { code: pairing?.code });
    expect(paired.body['user']).toMatchObject({ username: 'admin' });
    expect((await api('/api/v1/session/pair', { code: pairing?.code })).status).toBe(401);

    const added = await limenHost(['user', 'add', 'Ada', '--role', 'user'], 'correct horse battery\n');
    expect(added.stdout).toBe('Created ada (user)\n');
    expect((await limenHost(['user', 'add', 'ada'], 'correct horse battery\n')).stderr).toContain('already');
    expect((await limenHost(['user', 'add', 'eve'], 'short\n')).stderr).toContain('password');
    const users = JSON.parse((await limenHost(['user', 'list', '--json'])).stdout) as { username: string }[];
    expect(users.map((user) => user.username)).toEqual(['ada', 'admin']);
    expect(service.lines.join('\n')).not.toContain(pairing?.code);
    expect(service.lines.join('\n')).not.toContain('correct horse');
  });

  test('say how to start one when none runs', async () => {
    const { code, stderr } = await limenHost(['pair']);
    expect(code).toBe(1);
    expect(stderr).toContain('limen-host serve');
  });
});
