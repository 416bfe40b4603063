import { describe, expect, test } from 'vitest';
import { useTableBench } from '../../test-support/table/bench.ts';
import { domainCalls } from '../../test-support/table/domain-calls.ts';
import { eventCalls } from '../../test-support/table/event-calls.ts';
import { guestCalls } from '../../test-support/table/guest-calls.ts';
import { hostCalls } from '../../test-support/table/host-calls.ts';
import { networkCalls } from '../../test-support/table/network-calls.ts';
import { storageCalls } from '../../test-support/table/storage-calls.ts';

// One file, because the last test asks about all others: vitest gives every file a process of its own.
const bench = useTableBench();

describe('host', () => hostCalls(bench));
describe('storage', () => storageCalls(bench));
describe('networks', () => networkCalls(bench));
describe('events', () => eventCalls(bench));
describe('domains', () => domainCalls(bench));
describe('guest', () => guestCalls(bench));

test('every procedure of the table was executed', () => {
  expect(bench.executed.missing()).toEqual([]);
});

test('the calls made these events', () => {
  const expected = [
    'domain agentLifecycle',
    'domain blockJob',
    'domain deviceAdded',
    'domain deviceRemoved',
    'domain jobCompleted',
    'domain lifecycle',
    'domain metadataChange',
    'domain migrationIteration',
    'domain reboot',
    'domain tunable',
    'network lifecycle',
    'nodeDevice lifecycle',
    'pool lifecycle',
    'pool refresh',
    'secret lifecycle',
    'secret valueChanged',
  ];
  expect(expected.filter((name) => !bench.heard.has(name))).toEqual([]);
});
