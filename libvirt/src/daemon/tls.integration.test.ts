import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { freePort } from '../../../tests/fixtures/ports.ts';
import { type Authority, type Certificate, makeAuthority } from '../../test-support/certificates.ts';
import { reached, startConnected } from '../../test-support/connected-client.ts';
import { LibvirtClient } from '../client/libvirt-client.ts';
import { ErrorCode } from '../errors/codes.ts';
import { ConnectionLostError, LibvirtError } from '../errors/libvirt-error.ts';
import { Lifecycle } from '../procedures/flags.ts';
import { procedures } from '../procedures/index.ts';
import { Connection } from '../transport/connection.ts';
import { resolveDaemon } from './resolve-daemon.ts';

const { connect, domains } = procedures;

let folder: string;
let authority: Authority;
let pkipath: string;
let daemon: PrivateLibvirtd;
let tlsPort: number;
let tcpPort: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'node-libvirt-tls-'));
  authority = await makeAuthority(join(folder, 'ca'), 'the daemon’s authority');
  pkipath = await authority.clientFolder(join(folder, 'client'));
  const server = await authority.issue(join(folder, 'server'), 'server', 'DNS:localhost');
  [tlsPort, tcpPort] = [await freePort(), await freePort()];
  const plain = ['listen_tcp = 1', `tcp_port = "${tcpPort}"`, 'auth_tcp = "none"'];
  daemon = await startLibvirtd({ listen: [...tlsOnly(tlsPort, server), ...plain] });
});

// Two, so that the folder goes even when no daemon came up.
afterAll(() => rm(folder, { recursive: true, force: true }));
afterAll(() => daemon.stop());

/** Lines of libvirtd.conf. */
function tlsOnly(port: number, { certPath, keyPath }: Certificate): string[] {
  return [
    'listen_addr = "127.0.0.1"',
    `tls_port = "${port}"`,
    `ca_file = "${authority.certPath}"`,
    `cert_file = "${certPath}"`,
    `key_file = "${keyPath}"`,
  ];
}

function tlsUri(parameters: string, host = 'localhost'): string {
  return `test+tls://${host}:${tlsPort}/default?${parameters}`;
}

async function connected(uri: string): Promise<LibvirtClient> {
  const client = new LibvirtClient({ uri });
  onTestFinished(() => client.close());
  return startConnected(client);
}

/** Why a daemon cannot be reached. */
async function refusal(uri: string): Promise<unknown> {
  const { open, uri: remoteUri } = resolveDaemon(uri);
  const attempt = open(AbortSignal.timeout(10_000)).then((duplex) =>
    Connection.open(duplex, { uri: remoteUri }),
  );
  const outcome: unknown = await attempt.catch((error: unknown) => error);
  if (outcome instanceof Connection) await outcome.close();
  return outcome;
}

test('calls and events over TLS', async () => {
  const client = await connected(tlsUri(`pkipath=${pkipath}`));
  expect(await client.call(connect.getUri, {})).toBe('test:///default');
  const seen = new Promise<number>((resolve) => {
    client.onDomainEvent('lifecycle', ({ event }) => resolve(event));
  });
  const domain = await client.call(domains.lookupByName, { name: 'test' });
  await client.call(domains.suspend, { domain });
  expect(await seen).toBe(Lifecycle.suspended);
  await client.call(domains.resume, { domain });
});

test('plain TCP', async () => {
  const client = await connected(`test+tcp://127.0.0.1:${tcpPort}/default`);
  expect(await client.call(connect.getUri, {})).toBe('test:///default');
});

test('a daemon of another authority is refused, unless it is not verified', async () => {
  const stranger = await makeAuthority(join(folder, 'stranger'), 'a stranger');
  const strange = await stranger.clientFolder(join(folder, 'strange'), { identity: false });
  await authority.issue(strange, 'client', 'DNS:client');
  const error = await refusal(tlsUri(`pkipath=${strange}`));
  expect(error).toBeInstanceOf(ConnectionLostError);
  expect(String(error)).toMatch(
    /certificate of the daemon at localhost .* is not accepted: .*(verify|issuer)/,
  );
  await connected(tlsUri(`pkipath=${strange}&no_verify=1`));
});

test('a daemon of another name is refused, unless it is not verified', async () => {
  const error = await refusal(tlsUri(`pkipath=${pkipath}`, '127.0.0.1'));
  expect(error).toBeInstanceOf(ConnectionLostError);
  expect(String(error)).toMatch(
    /certificate of the daemon at 127.0.0.1 .* is not accepted: .*127.0.0.1 is not in/,
  );
  await connected(tlsUri(`pkipath=${pkipath}&no_verify=1`, '127.0.0.1'));
});

test('a daemon that misses our certificate is quoted, with where it was looked for', async () => {
  const bare = await authority.clientFolder(join(folder, 'bare'), { identity: false });
  const error = await refusal(tlsUri(`pkipath=${bare}`));
  expect(error).toBeInstanceOf(ConnectionLostError);
  expect(String(error)).toMatch(/refused the TLS connection: .*no client certificate to present/);
  expect(String(error)).toContain(join(bare, 'clientcert.pem'));
});

test('a certificate of ours that the daemon does not know is told apart', async () => {
  const stranger = await makeAuthority(join(folder, 'other'), 'another');
  const folderOfBoth = await authority.clientFolder(join(folder, 'both'), { identity: false });
  await stranger.issue(folderOfBoth, 'client', 'DNS:client');
  const error = await refusal(tlsUri(`pkipath=${folderOfBoth}`));
  expect(String(error)).toMatch(/refused the TLS connection: .*does not accept the client certificate/);
});

test('a folder without certificates, and a port without a daemon, say so', async () => {
  expect(String(await refusal(tlsUri(`pkipath=${folder}`)))).toMatch(/no cacert.pem/);
  const port = await freePort();
  expect(String(await refusal(`test+tcp://127.0.0.1:${port}/default`))).toMatch(
    new RegExp(`no libvirt daemon at 127.0.0.1 port ${port}: .*ECONNREFUSED`),
  );
});

test('a port that never answers is given up', async () => {
  const client = new LibvirtClient({ uri: tlsUri(`pkipath=${pkipath}`), handshakeTimeoutMs: 1 });
  onTestFinished(() => client.close());
  const unavailable = reached(client, 'unavailable');
  client.start();
  await unavailable;
  expect(String(client.status.error)).toMatch(/connecting to libvirt within 1 ms/);
});

test('SASL is not spoken, and the error says what is', async () => {
  const port = await freePort();
  const server = await authority.issue(join(folder, 'by-address'), 'server', 'IP:127.0.0.1');
  const asking = await startLibvirtd({ listen: [...tlsOnly(port, server), 'auth_tls = "sasl"'] });
  onTestFinished(() => asking.stop());
  const error = await refusal(`test+tls://127.0.0.1:${port}/default?pkipath=${pkipath}`);
  expect(error).toBeInstanceOf(LibvirtError);
  expect(error).toMatchObject({ code: ErrorCode.authFailed });
  expect(String(error)).toMatch(/asks for SASL.*ssh/);
});

test('a daemon that is killed is found again over TLS', async () => {
  const client = await connected(tlsUri(`pkipath=${pkipath}`));
  const lost = reached(client, 'unavailable');
  await daemon.kill();
  await lost;
  const back = reached(client, 'connected');
  await daemon.start();
  await back;
  expect(await client.call(connect.getUri, {})).toBe('test:///default');
});
