import { randomUUID } from 'node:crypto';
import { contract, hostId } from '@limen/contract';
import { getRouter, isProcedure } from '@orpc/server';
import { expect, test } from 'vitest';
import {
  InMemoryAudit,
  InMemoryDatabaseStatus,
  InMemoryHypervisor,
  InMemoryLogger,
  InMemoryOwnership,
  InMemorySessions,
  noImages,
  noJobs,
  noUsers,
} from '../../../tests/fixtures/in-memory-ports.ts';
import { noHardware } from '../../../tests/fixtures/no-hardware.ts';
import { noNetworks } from '../../../tests/fixtures/no-networks.ts';
import { noSnapshots } from '../../../tests/fixtures/no-snapshots.ts';
import { noMachineMaking } from '../../../tests/fixtures/no-machine-making.ts';
import { noReceiving } from '../../../tests/fixtures/no-receiving.ts';
import { noStorage } from '../../../tests/fixtures/no-storage.ts';
import { createServices } from '../services/services.ts';
import { AuditTrail } from './audit-trail.ts';
import { createRouter } from './router.ts';

function procedurePaths(router: object, prefix = ''): string[] {
  return Object.entries(router).flatMap(([name, entry]: [string, object]) =>
    '~orpc' in entry ? [`${prefix}${name}`] : procedurePaths(entry, `${prefix}${name}.`),
  );
}

test('every procedure of the contract has a handler, and there is no other', () => {
  const logger = new InMemoryLogger();
  const services = createServices({
    identity: {
      hostId: hostId.parse(randomUUID()),
      name: 'alpha',
      serviceVersion: '0.1.0',
      startedAt: new Date(),
      certificateFingerprint: '',
      address: 'localhost:8443',
    },
    uri: 'test:///default',
    hypervisor: new InMemoryHypervisor(),
    ownership: new InMemoryOwnership(),
    database: new InMemoryDatabaseStatus(),
    sessions: new InMemorySessions(),
    users: noUsers,
    jobs: noJobs,
    ...noImages,
    imageReceiving: noReceiving,
    machineMaking: noMachineMaking,
    machineHardware: noHardware,
    hostNetworks: noNetworks,
    hostStorage: noStorage,
    machineSnapshots: noSnapshots,
    logger,
  });
  const router = createRouter(services, {
    inventory: services.inventory,
    audit: new AuditTrail(new InMemoryAudit(), logger),
    observer: { callFinished: () => {}, streamOpened: () => () => {} },
    logger,
  });
  expect(procedurePaths(router).sort()).toEqual(procedurePaths(contract).sort());
  expect(procedurePaths(contract)).toContain('machines.power');
  expect(isProcedure(getRouter(router, ['machines', 'power']))).toBe(true);
});
