import { access, readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { Client as Ssh2Client } from 'ssh2';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { reached, startConnected } from '../../test-support/connected-client.ts';
import { type SshServer, startSshServer } from '../../test-support/ssh-server.ts';
import { LibvirtClient } from '../client/libvirt-client.ts';
import { ErrorCode } from '../errors/codes.ts';
import { Lifecycle } from '../procedures/flags.ts';
import { procedures } from '../procedures/index.ts';

const { connect, domains } = procedures;

let daemon: PrivateLibvirtd;
let server: SshServer;

beforeAll(async () => {
  daemon = await startLibvirtd();
  server = await startSshServer(daemon.pid);
});

afterAll(async () => {
  await server.stop();
  await daemon.stop();
});

/** The test's own key and host key, unless a parameter says otherwise. */
function sshUri(login: Readonly<Record<string, string>> = {}): string {
  const parameters = Object.entries({
    keyfile: server.keyPath,
    known_hosts: server.knownHostsPath,
    ...login,
  });
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `test+ssh://root@127.0.0.1:${server.port}/default?${query.join('&')}`;
}

async function connected(client: LibvirtClient): Promise<LibvirtClient> {
  onTestFinished(() => client.close());
  return startConnected(client);
}

/** Why a daemon cannot be reached. */
async function refusal(uri: string): Promise<string> {
  const client = new LibvirtClient({ uri });
  onTestFinished(() => client.close());
  const unavailable = reached(client, 'unavailable');
  client.start();
  await unavailable;
  return String(client.status.error);
}

test.each(['auto', 'native', 'netcat'])('calls and events through ssh, proxy=%s', async (proxy) => {
  const client = await connected(new LibvirtClient({ uri: sshUri({ proxy }) }));
  expect(await client.call(connect.getUri, {})).toBe('test:///default');
  const seen = new Promise<number>((resolve) => {
    client.onDomainEvent('lifecycle', ({ event }) => resolve(event));
  });
  const domain = await client.call(domains.lookupByName, { name: 'test' });
  await client.call(domains.suspend, { domain });
  expect(await seen).toBe(Lifecycle.suspended);
  await client.call(domains.resume, { domain });
});

test.each(['native', 'netcat'])('read-only through ssh, proxy=%s', async (proxy) => {
  const client = await connected(new LibvirtClient({ uri: sshUri({ proxy }), readOnly: true }));
  const domain = await client.call(domains.lookupByName, { name: 'test' });
  await expect(client.call(domains.suspend, { domain })).rejects.toMatchObject({
    code: ErrorCode.operationDenied,
  });
});

test('a socket by its name, and no command in it', async () => {
  const client = await connected(new LibvirtClient({ uri: sshUri({ socket: daemon.socketPath }) }));
  expect(await client.call(connect.getHostname, {})).toBe('limen-test');
  const trace = `${daemon.runDir}/trace`;
  const error = await refusal(sshUri({ socket: `/nowhere'; touch ${trace}; '$(touch ${trace})` }));
  expect(error).toMatch(/^ConnectionLostError: ssh to 127.0.0.1: .*nc: /);
  await expect(access(trace)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('ssh’s own words are the error', async () => {
  const stranger = await refusal(sshUri({ known_hosts: '/dev/null' }));
  expect(stranger).toMatch(/ssh to 127.0.0.1: .*Host key verification failed/s);
  const uninvited = await refusal(sshUri({ keyfile: '/dev/null' }));
  expect(uninvited).toMatch(/ssh to 127.0.0.1: .*Permission denied/s);
  const accepting = sshUri({ known_hosts: '/dev/null', no_verify: '1' });
  await connected(new LibvirtClient({ uri: accepting }));
});

test('a duplex of one’s own: a stream that ssh2 forwards to the socket', async () => {
  const ssh = new Ssh2Client();
  onTestFinished(() => void ssh.end());
  await new Promise<void>((resolve, reject) => {
    ssh.once('ready', resolve).once('error', reject);
    void readFile(server.keyPath).then((privateKey) =>
      ssh.connect({ host: '127.0.0.1', port: server.port, username: 'root', privateKey }),
    );
  });
  const forward = () =>
    new Promise<Duplex>((resolve, reject) => {
      ssh.openssh_forwardOutStreamLocal(daemon.socketPath, (error, channel) => {
        if (error === undefined) resolve(channel);
        else reject(error);
      });
    });
  const client = await connected(new LibvirtClient({ uri: sshUri(), connect: forward }));
  expect(await client.call(connect.getUri, {})).toBe('test:///default');
});

test('a server that is killed is found again', async () => {
  const client = await connected(new LibvirtClient({ uri: sshUri() }));
  const lost = reached(client, 'unavailable');
  await server.kill();
  await lost;
  expect(String(client.status.error)).toMatch(/ssh to 127.0.0.1: /);
  const back = reached(client, 'connected');
  await server.start();
  await back;
  expect(await client.call(connect.getUri, {})).toBe('test:///default');
});
