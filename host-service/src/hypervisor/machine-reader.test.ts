import { machine, machineId } from '@limen/contract';
import {
  type DomainRef,
  ErrorCode,
  type LibvirtClient,
  LibvirtError,
  type Procedure,
  procedures,
} from 'node-libvirt';
import { beforeEach, expect, test } from 'vitest';
import { InMemoryLogger } from '../../../tests/fixtures/in-memory-ports.ts';
import { MachineReader } from './machine-reader.ts';
import { ProcessTimes } from './process-times.ts';

const { connect, domains } = procedures;
const RUNNING = 1;

const sound = { uuid: '7a7d7f0c-6a39-4f0e-9f57-2f60a3b3f0aa', name: 'sound', id: 1 };
const odd = { uuid: '7a7d7f0c-6a39-4f0e-9f57-2f60a3b3f0ab', name: 'odd', id: 2 };
const oddId = machineId.parse(odd.uuid);

/** A daemon with these machines, all running; it answers what {@link MachineReader} asks and nothing else. */
class Daemon implements Pick<LibvirtClient, 'call'> {
  readonly xml = new Map<string, string | Error>();

  async call<A, R>(procedure: Procedure<A, R>, args: A): Promise<R> {
    const answer = this.#answer(procedure, args);
    if (answer instanceof Error) throw answer;
    return answer as R;
  }

  #answer({ number }: { readonly number: number }, args: unknown): unknown {
    const { uuid } = (args as { domain?: DomainRef }).domain ?? (args as DomainRef);
    switch (number) {
      case connect.listAllDomains.number:
        return [sound, odd];
      case connect.getAllDomainStats.number:
        return [sound, odd].map((domain) => ({ domain, stats: new Map([['state.state', RUNNING]]) }));
      case domains.getXmlDesc.number:
        return this.xml.get(uuid);
      case domains.lookupByUuid.number:
        return [sound, odd].find((domain) => domain.uuid === uuid);
      case domains.getState.number:
        return { state: RUNNING, reason: 0 };
      default:
        return true;
    }
  }
}

let daemon: Daemon;
let logger: InMemoryLogger;
let reader: MachineReader;

beforeEach(() => {
  daemon = new Daemon();
  daemon.xml.set(sound.uuid, '<domain type="kvm"><name>sound</name><vcpu>2</vcpu></domain>');
  logger = new InMemoryLogger();
  reader = new MachineReader(daemon, new ProcessTimes(null), logger);
});

const unreadable = [
  ['no XML at all', '<domain'],
  ['another element', '<network><name>odd</name></network>'],
  ['more memory than a number holds', '<domain><name>odd</name><memory>18014398509481984</memory></domain>'],
  ['a count that is none', '<domain><name>odd</name><vcpu>many</vcpu></domain>'],
] as const;

test.each(unreadable)('%s is one poor record in the list, and no failure', async (_what, xml) => {
  daemon.xml.set(odd.uuid, xml);
  const [first, second] = await reader.readAll();
  expect(first).toMatchObject({ name: 'sound', vcpus: { current: 2, maximum: 2 } });
  expect(second).toMatchObject({ id: odd.uuid, name: 'odd', state: 'running', consoles: { vnc: false } });
  expect(machine.safeParse({ ...second, owner: null }).error).toBeUndefined();
  expect(await reader.read(oddId)).toMatchObject({ name: 'odd', state: 'running' });
});

test('it is reported once, however often it is read', async () => {
  daemon.xml.set(odd.uuid, '<domain');
  await reader.readAll();
  await reader.readAll();
  await reader.read(oddId);
  expect(logger.lines).toHaveLength(1);
});

test('what was known before its XML became unreadable is kept', async () => {
  daemon.xml.set(odd.uuid, '<domain type="kvm"><name>odd</name><vcpu>4</vcpu></domain>');
  await reader.readAll();
  daemon.xml.set(odd.uuid, '<domain');
  expect(await reader.read(oddId)).toMatchObject({ name: 'odd', accelerator: 'kvm', vcpus: { maximum: 4 } });
});

test('a machine whose XML libvirt keeps to itself is listed all the same, one that is gone is not', async () => {
  daemon.xml.set(odd.uuid, refusal(ErrorCode.accessDenied));
  expect(await reader.readAll()).toMatchObject([{ name: 'sound' }, { name: 'odd', state: 'running' }]);
  daemon.xml.set(odd.uuid, refusal(ErrorCode.noDomain));
  expect(await reader.readAll()).toMatchObject([{ name: 'sound' }]);
});

function refusal(code: number): LibvirtError {
  return new LibvirtError({ code, domain: 10, level: 2, message: 'no', detail: null });
}
