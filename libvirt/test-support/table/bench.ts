import { afterAll, beforeAll } from 'vitest';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { LibvirtClient } from '../../src/client/libvirt-client.ts';
import type { AnyEventKind, EventKind } from '../../src/events/event-kind.ts';
import { eventName, events } from '../../src/events/event-table.ts';
import { startConnected } from '../connected-client.ts';
import { type Caller, Executed } from './executed.ts';

/** One daemon for the whole table, with a client of each driver. Usable from `beforeAll` on. */
export interface TableBench {
  readonly executed: Executed;
  /** Family and name of every kind of event heard so far. */
  readonly heard: ReadonlySet<string>;
  readonly daemon: PrivateLibvirtd;
  /** `qemu:///system`. */
  readonly qemu: Caller;
  readonly qemuClient: LibvirtClient;
  /** `test:///default`: nothing behind it is real, so anything may be changed. */
  readonly driver: Caller;
  readonly driverClient: LibvirtClient;
}

/** Subscribed before the client connects, so that what a test listens for is heard from the first moment. */
const allKinds = Object.values(events).flatMap((kinds) =>
  Object.values<AnyEventKind>(kinds),
) as EventKind<unknown>[];

type Opened = Omit<TableBench, 'executed' | 'heard'>;

export function useTableBench(): TableBench {
  const executed = new Executed();
  const heard = new Set<string>();
  let opened: Opened | null = null;
  beforeAll(async () => {
    const daemon = await startLibvirtd({ network: 'private' });
    const qemuClient = await connected(daemon, 'qemu:///system', heard);
    const driverClient = await connected(daemon, 'test:///default', heard);
    opened = {
      daemon,
      qemuClient,
      driverClient,
      qemu: executed.through(qemuClient),
      driver: executed.through(driverClient),
    };
  });
  afterAll(async () => {
    await opened?.qemuClient.close();
    await opened?.driverClient.close();
    await opened?.daemon.stop();
  });
  function bench(): Opened {
    if (opened === null) throw new Error('the bench is ready only once tests run');
    return opened;
  }
  return {
    executed,
    heard,
    get daemon() {
      return bench().daemon;
    },
    get qemu() {
      return bench().qemu;
    },
    get qemuClient() {
      return bench().qemuClient;
    },
    get driver() {
      return bench().driver;
    },
    get driverClient() {
      return bench().driverClient;
    },
  };
}

function connected(daemon: PrivateLibvirtd, uri: string, heard: Set<string>): Promise<LibvirtClient> {
  const client = new LibvirtClient({ uri, socketPath: daemon.socketPath });
  for (const kind of allKinds) client.onEvent(kind, () => heard.add(eventName(kind)));
  return startConnected(client);
}
