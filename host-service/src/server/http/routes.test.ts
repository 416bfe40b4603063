import { OpenAPIHandler } from '@orpc/openapi/fastify';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InMemoryLogger, InMemorySessions, principalOf } from '../../../../tests/fixtures/in-memory-ports.ts';
import { LiveSessions } from '../../services/live-sessions.ts';
import { networkEntrance } from '../entrance.ts';
import { Telemetry } from '../telemetry.ts';
import { createHttpApp } from './http-app.ts';
import { addRoutes } from './routes.ts';

/** Requests that come from elsewhere, which a test on loopback sockets cannot make. */
const remoteAddress = '192.0.2.7';

let app: FastifyInstance;
let sessions: InMemorySessions;
let telemetry: Telemetry;

beforeEach(async () => {
  sessions = new InMemorySessions();
  telemetry = new Telemetry();
  const entrance = networkEntrance(sessions);
  app = await createHttpApp({ entrance, tls: null, logger: new InMemoryLogger(), requestMs: 60_000 });
  addRoutes(app, {
    entrance,
    services: {
      liveSessions: new LiveSessions(sessions),
      host: { health: () => Promise.resolve({ libvirt: true, database: true }) },
    },
    rest: new OpenAPIHandler({}),
    telemetry,
    callers: new Set(),
  });
});

afterEach(async () => {
  await app.close();
  telemetry.close();
});

async function metricsAs(role: 'administrator' | 'user' | null): Promise<number> {
  const authorization = role && `Bearer ${sessions.admit(principalOf(role))}`;
  const headers = authorization === null ? {} : { authorization };
  return (await app.inject({ url: '/metrics', remoteAddress, headers })).statusCode;
}

test('from elsewhere, metrics are for administrators', async () => {
  expect(await metricsAs(null)).toBe(401);
  expect(await metricsAs('user')).toBe(403);
  expect(await metricsAs('administrator')).toBe(200);
});

test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])(
  'from this machine (%s) they are open',
  async (address) => {
    expect((await app.inject({ url: '/metrics', remoteAddress: address })).statusCode).toBe(200);
  },
);

test('health is open to all, and tells up or down only', async () => {
  const answer = await app.inject({ url: '/health', remoteAddress });
  expect(answer.json()).toEqual({ status: 'ok', dependencies: { libvirt: 'up', database: 'up' } });
});

test('one address is slowed down, and told for how long; another is not', async () => {
  for (let i = 0; i < 600; i += 1) await app.inject({ url: '/health', remoteAddress });
  const answer = await app.inject({ url: '/health', remoteAddress });
  expect(answer.statusCode).toBe(429);
  expect(answer.json()).toMatchObject({
    code: 'RATE_LIMITED',
    data: { retryAfterSeconds: expect.any(Number) },
  });
  expect((await app.inject({ url: '/health', remoteAddress: '192.0.2.8' })).statusCode).toBe(200);
});

test('a forwarded-for header does not make somebody local', async () => {
  const headers = { 'x-forwarded-for': '127.0.0.1' };
  expect((await app.inject({ url: '/metrics', remoteAddress, headers })).statusCode).toBe(401);
});
