import { contract, type ProcedureMeta } from '@limen/contract';
import { expect, test } from 'vitest';
import { machineRecord, newMachineId, principalOf } from '../../../tests/fixtures/in-memory-ports.ts';
import type { Principal } from '../ports/principal.ts';
import { authenticate, authorise } from './authorisation.ts';

const administrator = principalOf('administrator');
const ada = principalOf('user');
const hers = { ...machineRecord(), owner: { id: ada.userId, username: 'ada' } };
const nobodys = { ...machineRecord(), owner: null };

function decide(
  principal: Principal | null,
  meta: ProcedureMeta,
  machineId?: string,
  state = 'connected',
): string {
  const caller = { address: 'test', principal, tenure: new AbortController().signal, adopt: () => {} };
  const known = new Map([hers, nobodys].map((machine) => [machine.id, machine]));
  const status = { state: state as 'connected', since: new Date().toISOString(), detail: null };
  try {
    authenticate(caller, meta);
    authorise(caller, meta, { machineId }, { find: (id) => known.get(id), status });
    return 'allowed';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const metaOf = (procedure: { '~orpc': { meta: ProcedureMeta } }): ProcedureMeta => procedure['~orpc'].meta;
const { machines, session, users } = contract;

const decisions: [string, Principal | null, ProcedureMeta, string | undefined, string][] = [
  ['nobody may sign in', null, metaOf(session.signIn), undefined, 'allowed'],
  ['nobody may not list', null, metaOf(machines.list), undefined, 'UNAUTHENTICATED'],
  ['a user may list', ada, metaOf(machines.list), undefined, 'allowed'],
  ['a user sees her machine', ada, metaOf(machines.get), hers.id, 'allowed'],
  ['a user runs her machine', ada, metaOf(machines.power), hers.id, 'allowed'],
  ['to a user, others’ machines do not exist', ada, metaOf(machines.power), nobodys.id, 'NOT_FOUND'],
  ['… nor for what only administrators do', ada, metaOf(machines.setOwner), nobodys.id, 'NOT_FOUND'],
  ['a user does not give her machine away', ada, metaOf(machines.setOwner), hers.id, 'FORBIDDEN'],
  ['a user does not administrate', ada, metaOf(users.list), undefined, 'FORBIDDEN'],
  ['an administrator runs all machines', administrator, metaOf(machines.power), nobodys.id, 'allowed'],
  ['what is not there is not found', administrator, metaOf(machines.get), newMachineId(), 'NOT_FOUND'],
  ['an expired token is none', { ...ada, expiresAt: 0 }, metaOf(machines.list), undefined, 'UNAUTHENTICATED'],
];

test.each(decisions)('%s', (...[, principal, meta, machineId, expected]) => {
  expect(decide(principal, meta, machineId)).toBe(expected);
});

test('before libvirt has been heard, an unknown machine may yet exist', () => {
  expect(decide(administrator, metaOf(machines.get), newMachineId(), 'connecting')).toBe(
    'HYPERVISOR_UNAVAILABLE',
  );
  expect(decide(administrator, metaOf(machines.get), hers.id, 'unavailable')).toBe('allowed');
});
