import { chown, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { run } from '../../../tests/fixtures/run.ts';

const localClient = join(import.meta.dirname, '../../test-support/local-client.mjs');
/** Debian's "nobody": all it has to be is not root. */
const NOBODY = 65534;

describe('the system’s daemons', () => {
  test.each([
    ['libvirt-sock', 'libvirt-sock'],
    ['libvirt-sock', 'virtqemud-sock'],
    ['libvirt-sock-ro', 'virtqemud-sock-ro'],
  ])('%s is found as %s', async (made, found) => {
    const daemon = await startLibvirtd();
    onTestFinished(() => daemon.stop());
    // Under the modular daemon's name and no other: what answers there is libvirtd, which speaks the same.
    await rename(join(daemon.runDir, made), join(daemon.runDir, found));
    const seen = ['--target', String(daemon.pid), '--mount', '--'];
    const readOnly = found.endsWith('-ro') ? ['--read-only'] : [];
    const said = await run('nsenter', [
      ...seen,
      process.execPath,
      localClient,
      'qemu:///system',
      ...readOnly,
    ]);
    expect(JSON.parse(said)).toEqual({ uri: 'qemu:///system', type: 'QEMU' });
  });
});

describe('a user’s own daemon', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'node-libvirt-session-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    await chown(home, NOBODY, NOBODY);
  });

  /** In a PID namespace, so that the daemon it starts and leaves running ends with it. */
  async function asUser(uri: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<unknown> {
    const namespace = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'tini', '--'];
    const client = [process.execPath, localClient, uri, '--user', String(NOBODY), ...args];
    const folders = { HOME: home, XDG_RUNTIME_DIR: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
    const said = await run('unshare', [...namespace, ...client], {
      env: { PATH: process.env['PATH'], ...folders, ...env },
    });
    return JSON.parse(said);
  }

  test('is started when it does not run', async () => {
    expect(await asUser('qemu:///session', [])).toEqual({ uri: 'qemu:///session', type: 'QEMU' });
  });

  test('is started again when it was killed', async () => {
    expect(await asUser('qemu:///session', ['--restart'])).toEqual({ uri: 'qemu:///session', type: 'QEMU' });
  });

  test('is not started against the user’s will', async () => {
    const answer = await asUser('qemu:///session', [], { LIBVIRT_AUTOSTART: '0' });
    expect(answer).toMatchObject({ error: expect.stringMatching(/no libvirt daemon: .*ENOENT/) as unknown });
  });

  test('that is not installed, or does not come up, is named', async () => {
    expect(await asUser('qemu:///session', [], { VIRTD_PATH: '/nowhere' })).toMatchObject({
      error: expect.stringMatching(/virtqemud or libvirtd is not installed/) as unknown,
    });
    expect(await asUser('qemu:///session', [], { VIRTD_PATH: '/bin/false' })).toMatchObject({
      error: expect.stringMatching(
        /session daemon \/bin\/false did not come up: it ended with code 1/,
      ) as unknown,
    });
  });
});
