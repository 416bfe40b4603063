import { expect, onTestFinished, test, vi } from 'vitest';
import { startConnected } from '../../test-support/connected-client.ts';
import { ScriptedDaemon } from '../../test-support/scripted-daemon.ts';
import { ErrorCode } from '../errors/codes.ts';
import { domainEvents } from '../events/domain-events.ts';
import { poolEvents } from '../events/host-events.ts';
import { procedures } from '../procedures/index.ts';
import type { Message } from '../transport/message.ts';
import { i32 } from '../xdr/codec.ts';
import { XdrReader } from '../xdr/reader.ts';
import { type ClientOptions, LibvirtClient } from './libvirt-client.ts';

const { connect, domains, qemu } = procedures;
const uuid = '0b6d2f0e-2f7a-4c0e-9d0c-3a4f6f0f1a2b';
const domain = { uuid };

/** The daemon behind each connection of a client, in the order they were opened. */
interface Daemons {
  readonly opened: ScriptedDaemon[];
  /** Do this with every daemon before the client sees it. */
  prepare: (daemon: ScriptedDaemon) => void;
}

function clientOf(options: Partial<ClientOptions> = {}): { client: LibvirtClient; daemons: Daemons } {
  const daemons: Daemons = { opened: [], prepare: registersEverything };
  const client = new LibvirtClient({
    uri: 'qemu:///system',
    connect: () => {
      const daemon = new ScriptedDaemon();
      daemons.prepare(daemon);
      daemons.opened.push(daemon);
      return Promise.resolve(daemon.clientSide);
    },
    ...options,
  });
  onTestFinished(() => client.close());
  return { client, daemons };
}

/** Callback ids count from 100. */
function registersEverything(daemon: ScriptedDaemon): void {
  let last = 99;
  for (const { number } of [connect.registerDomainEvent, connect.registerPoolEvent])
    daemon.on(number, (message) => daemon.reply(message, (writer) => i32.write(writer, (last += 1))));
  for (const { number } of [connect.deregisterDomainEvent, connect.deregisterPoolEvent])
    daemon.on(number, (message) => daemon.reply(message));
}

function firstWords(daemon: ScriptedDaemon | undefined, { number }: { number: number }): number[] {
  const calls = daemon?.received.filter(({ header }) => header.procedure === number) ?? [];
  return calls.map(({ payload }) => new XdrReader(payload).i32());
}

const { registerDomainEvent, deregisterDomainEvent } = connect;

test('a listener that comes while others are being subscribed is subscribed at once', async () => {
  const { client, daemons } = clientOf();
  const held: Message[] = [];
  const second = new Promise<void>((resolve) => {
    daemons.prepare = (daemon) =>
      daemon.on(registerDomainEvent.number, (message) => {
        held.push(message);
        if (held.length === 1) client.onDomainEvent('reboot', () => undefined);
        else resolve();
      });
  });
  client.onDomainEvent('lifecycle', () => undefined);
  const connected = startConnected(client);
  await second;
  const [daemon] = daemons.opened;
  expect(firstWords(daemon, registerDomainEvent)).toEqual([0, 1]);
  expect(client.status.state).toBe('connecting');
  for (const message of held) daemon?.reply(message, (writer) => i32.write(writer, 7));
  await connected;
});

test('an event is asked for once, and no longer when the last listener has gone', async () => {
  const { client, daemons } = clientOf();
  await startConnected(client);
  const [daemon] = daemons.opened;
  const stops = [1, 2].map(() => client.onDomainEvent('reboot', () => undefined));
  const stopPool = client.onEvent(poolEvents.refresh, () => undefined);
  await vi.waitFor(() => expect(firstWords(daemon, connect.registerPoolEvent)).toEqual([1]));
  expect(firstWords(daemon, registerDomainEvent)).toEqual([1]);
  stops[0]?.();
  stops[0]?.();
  stopPool();
  await vi.waitFor(() => expect(firstWords(daemon, connect.deregisterPoolEvent)).toEqual([101]));
  expect(firstWords(daemon, deregisterDomainEvent)).toEqual([]);
  stops[1]?.();
  await vi.waitFor(() => expect(firstWords(daemon, deregisterDomainEvent)).toEqual([100]));
  client.onDomainEvent('reboot', () => undefined);
  await vi.waitFor(() => expect(firstWords(daemon, registerDomainEvent)).toEqual([1, 1]));
});

test('a listener that goes before the daemon has answered leaves nothing registered', async () => {
  const { client, daemons } = clientOf();
  await startConnected(client);
  const [daemon] = daemons.opened;
  const asked = daemon?.next(({ header }) => header.procedure === registerDomainEvent.number);
  client.onDomainEvent('reboot', () => undefined)();
  await asked;
  await vi.waitFor(() => expect(firstWords(daemon, deregisterDomainEvent)).toEqual([100]));
});

test('an event the daemon does not know is warned about once, and is no reason to leave', async () => {
  const onWarning = vi.fn();
  const { client, daemons } = clientOf({ onWarning });
  daemons.prepare = (daemon) =>
    daemon.on(registerDomainEvent.number, (message) =>
      daemon.fail(message, { code: ErrorCode.invalidArg, domain: 7, message: 'no such event' }),
    );
  client.onDomainEvent('nicMacChange', () => undefined);
  await startConnected(client);
  client.onDomainEvent('nicMacChange', () => undefined);
  expect(onWarning.mock.calls.map(([message]) => message as unknown)).toEqual([
    'libvirt does not offer the domain nicMacChange event',
  ]);
  expect(client.status.state).toBe('connected');
});

test('what is heard goes to the listeners of its kind', async () => {
  const { client, daemons } = clientOf();
  const heard: number[] = [];
  client.onDomainEvent('lifecycle', ({ event }) => heard.push(event));
  await startConnected(client);
  // The id is on the wire, and not in the type: no listener needs it.
  const event = { callbackId: 100, domain: { name: 'web', uuid, id: 3 }, event: 5, detail: 1 };
  daemons.opened[0]?.event(domainEvents.lifecycle.procedure, (writer) =>
    domainEvents.lifecycle.payload.write(writer, event),
  );
  await vi.waitFor(() => expect(heard).toEqual([5]));
});

test('calls that hang, whatever they wait for, hold up neither power actions nor reads', async () => {
  const { client, daemons } = clientOf();
  const hanging = [qemu.agentCommand, domains.shutdown, domains.managedSave, connect.getAllDomainStats];
  daemons.prepare = (daemon) => {
    for (const { number } of hanging) daemon.on(number, () => undefined);
    daemon.on(domains.destroy.number, (message) => daemon.reply(message));
    daemon.on(domains.isActive.number, (message) => daemon.reply(message, (writer) => i32.write(writer, 1)));
  };
  await startConnected(client);
  const hung = Array.from({ length: 5 }, () => [
    client.call(qemu.agentCommand, { domain, command: '{}', timeout: -2 }),
    client.call(domains.shutdown, { domain }),
    client.call(domains.managedSave, { domain }),
    client.call(connect.getAllDomainStats, { domains: [domain], stats: 0 }),
  ]).flat();
  const outcomes = Promise.allSettled(hung);
  await client.call(domains.destroy, { domain });
  expect(await client.call(domains.isActive, { domain })).toBe(true);
  await client.close();
  expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true);
  expect(daemons.opened).toHaveLength(6);
});

test.each<[string, (daemon: ScriptedDaemon) => void]>([
  ['authenticates nobody', (daemon) => daemon.on(connect.authList.number, () => undefined)],
  ['subscribes nothing', (daemon) => daemon.on(registerDomainEvent.number, () => undefined)],
  [
    'does not say goodbye',
    (daemon) => {
      registersEverything(daemon);
      daemon.on(connect.close.number, () => undefined);
    },
  ],
])('a daemon that %s is left within two seconds', async (_, hang) => {
  const { client, daemons } = clientOf();
  const asked = new Promise<void>((resolve) => {
    daemons.prepare = (daemon) => {
      hang(daemon);
      void daemon
        .next(({ header }) => header.procedure === registerDomainEvent.number || header.procedure === 66)
        .then(() => resolve());
    };
  });
  client.onDomainEvent('lifecycle', () => undefined);
  client.start();
  await asked;
  const asking = performance.now();
  await client.close();
  expect(performance.now() - asking).toBeLessThan(2_000);
  expect(daemons.opened[0]?.clientSide.destroyed).toBe(true);
});
