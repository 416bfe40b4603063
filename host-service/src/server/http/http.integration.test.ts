import { statSync } from 'node:fs';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { LimenError } from '@limen/contract';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deferred } from '../../../../tests/fixtures/deferred.ts';
import { http, openHttp } from '../../../../tests/fixtures/https.ts';
import { machineRecord, newMachineId, principalOf } from '../../../../tests/fixtures/in-memory-ports.ts';
import { type InMemoryServer, startInMemoryServer } from '../../../../tests/fixtures/in-memory-server.ts';
import type { ConnectionCaller } from '../connection-caller.ts';
import type { Entrance } from '../entrance.ts';
import { Telemetry } from '../telemetry.ts';
import { createHttpApp } from './http-app.ts';
import { addRoutes } from './routes.ts';

let server: InMemoryServer;
let authorization: string;
const machine = machineRecord();

beforeAll(async () => {
  server = await startInMemoryServer({ graceMs: 200 });
  server.hypervisor.put(machine);
  await server.services.inventory.refresh(machine.id);
  authorization = `Bearer ${server.sessions.admit(principalOf('administrator'))}`;
});

afterAll(() => server.close());

test('health says which dependency is down', async () => {
  expect(await http(server, '/health')).toMatchObject({ status: 200 });
  server.database.connected = false;
  const answer = await http(server, '/health');
  server.database.connected = true;
  expect(answer.status).toBe(503);
  expect(answer.json()).toEqual({ status: 'degraded', dependencies: { libvirt: 'up', database: 'down' } });
});

test('metrics count machines, sockets and calls', async () => {
  await http(server, '/api/v1/machines', { headers: { authorization } });
  const { status, text } = await http(server, '/metrics');
  expect(status).toBe(200);
  expect(text).toContain('limen_machines{state="off"} 1');
  expect(text).toContain('limen_dependency_up{dependency="libvirt"} 1');
  expect(text).toContain('limen_sockets{kind="console"} 0');
  expect(text).toMatch(/limen_call_duration_seconds_count\{procedure="machines.list",outcome="ok"\} \d/);
});

test('the REST API is the contract', async () => {
  const headers = { authorization };
  expect((await http(server, '/api/v1/machines', { headers })).json()).toEqual([{ ...machine, owner: null }]);
  const path = `/api/v1/machines/${machine.id}`;
  expect((await http(server, path, { headers })).json()).toMatchObject({ id: machine.id });
  const power = { method: 'POST', headers, body: { action: 'start' } };
  expect((await http(server, `${path}/power`, power)).json()).toMatchObject({ state: 'running' });
  const again = await http(server, `${path}/power`, power);
  expect(again.status).toBe(409);
  expect(again.json()).toMatchObject({ code: 'CONFLICT', data: { reason: 'wrong-state', state: 'running' } });
});

test('what is wrong with a request is a coded error with its HTTP status', async () => {
  const headers = { authorization };
  const cases: [string, Parameters<typeof http>[2], number, string][] = [
    ['/api/v1/machines', {}, 401, 'UNAUTHENTICATED'],
    ['/api/v1/machines', { headers: { authorization: 'Bearer forged' } }, 401, 'UNAUTHENTICATED'],
    ['/api/v1/machines', { headers: { authorization: 'Basic cm9vdDo=' } }, 401, 'UNAUTHENTICATED'],
    [`/api/v1/machines/${newMachineId()}`, { headers }, 404, 'NOT_FOUND'],
    ['/api/v1/machines/not-a-uuid', { headers }, 400, 'INVALID_INPUT'],
    ['/api/v1/no-such-thing', { headers }, 404, 'NOT_FOUND'],
    ['/api/v1/__proto__/toString', { headers }, 404, 'NOT_FOUND'],
    ['/nowhere', {}, 404, 'NOT_FOUND'],
    ['/api/v1/session/sign-in', { method: 'POST', body: '{"username":' }, 400, 'INVALID_INPUT'],
    ['/api/v1/session/sign-in', { method: 'POST', body: { username: 'root' } }, 400, 'INVALID_INPUT'],
    [
      '/api/v1/session/sign-in',
      { method: 'POST', body: { username: 'root', password: 'x'.repeat(2 << 20) } },
      400,
      'INVALID_INPUT',
    ],
    [
      '/api/v1/session/sign-in',
      { method: 'POST', body: { username: 'root', password: 'wrong' } },
      401,
      'UNAUTHENTICATED',
    ],
  ];
  for (const [path, question, status, code] of cases) {
    const answer = await http(server, path, question);
    expect({ path, status: answer.status, code: LimenError.from(answer.json()).code }).toEqual({
      path,
      status,
      code,
    });
  }
});

test('input errors name the field', async () => {
  const answer = await http(server, '/api/v1/session/sign-in', {
    method: 'POST',
    body: { username: 5, password: '' },
  });
  expect(answer.json()).toMatchObject({ data: { issues: [{ path: ['username'] }] } });
});

test('streams are server-sent events, and resume by a position in the query', async () => {
  const stream = await openHttp(server, '/api/v1/inventory', { headers: { authorization } });
  expect(stream.headers['content-type']).toBe('text/event-stream');
  const first = await firstEvent(stream);
  expect(first).toMatchObject({ type: 'snapshot', machines: [{ id: machine.id }] });
  const { epoch, revision } = first as { epoch: string; revision: number };
  const query = `since%5Bepoch%5D=${epoch}&since%5Brevision%5D=${revision}`;
  const resumed = await openHttp(server, `/api/v1/inventory?${query}`, { headers: { authorization } });
  expect(await firstEvent(resumed)).toMatchObject({ type: 'changes', revision, upserted: [] });
});

async function firstEvent(stream: Awaited<ReturnType<typeof openHttp>>): Promise<unknown> {
  try {
    for await (const line of createInterface({ input: stream })) {
      if (line.startsWith('data: ')) return JSON.parse(line.slice(6)) as unknown;
    }
    throw new Error('the stream ended without an event');
  } finally {
    // Else the server's end, at the end of the tests, is an error nobody waits for.
    stream.destroy();
  }
}

test('the control socket is its owner’s alone, and acts as the administrator', async () => {
  const target = { socketPath: server.controlPath };
  expect(statSync(server.controlPath).mode & 0o777).toBe(0o600);
  expect((await http(target, '/api/v1/machines')).json()).toHaveLength(1);
  const pairing = await http(target, '/api/v1/session/pairings', { method: 'POST', body: {} });
  expect(pairing.json()).toMatchObject({ link: expect.stringMatching(/^limen:\/\/pair\?/) });
  const forged = { headers: { authorization: 'Bearer forged' } };
  expect(await http(target, '/api/v1/machines', forged)).toMatchObject({ status: 401 });
});

test('answers forbid framing, scripts and other origins', async () => {
  const { headers } = await http(server, '/health', { headers: { origin: 'https://evil.example' } });
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('attempts are audited with what they were about and without secrets', async () => {
  const body = { username: 'mallory', password: 'guess-guess' };
  await http(server, '/api/v1/session/sign-in', { method: 'POST', body });
  expect(server.audit.entries.at(-1)).toMatchObject({
    procedure: 'session.signIn',
    actor: null,
    outcome: 'UNAUTHENTICATED',
    detail: { username: 'mallory' },
  });
  const everything = JSON.stringify(server.audit.entries) + server.logger.lines.join('\n');
  expect(everything).not.toContain('guess-guess');
  expect(everything).not.toContain(authorization.slice('Bearer '.length));
});

test('a caller who leaves while being identified is forgotten', async () => {
  const [asked, answer, gone] = [deferred(), deferred(), deferred()];
  const callers = new Set<ConnectionCaller>();
  const telemetry = new Telemetry();
  const entrance: Entrance = {
    name: 'network',
    identify: async () => {
      asked.resolve();
      await answer.promise;
      return principalOf('administrator');
    },
  };
  const app = await createHttpApp({ entrance, tls: null, logger: server.logger, requestMs: 60_000 });
  app.addHook('onRequest', async (_request, reply) => {
    reply.raw.once('close', gone.resolve);
  });
  const { services } = server;
  addRoutes(app, { entrance, services, rest: new OpenAPIHandler({}), telemetry, callers });
  const base = await app.listen({ host: '127.0.0.1', port: 0 });
  const request = get(`${base}/api/v1/machines`).on('error', () => undefined);
  await asked.promise;
  request.destroy();
  await gone.promise;
  answer.resolve();
  await new Promise(setImmediate);
  expect(callers.size).toBe(0);
  await app.close();
  telemetry.close();
});
