import { describe, expect, it } from 'vitest';
import { allowedPowerActions, machineState, powerAction } from '../records/machine.ts';
import type { ProcedureMeta } from '../procedure.ts';
import { contract } from './index.ts';

interface Declared {
  readonly name: string;
  readonly meta: ProcedureMeta;
  readonly route: { method?: string; path?: string };
  readonly input: { shape?: Record<string, unknown> };
}

function declared(): Declared[] {
  return Object.entries(contract).flatMap(([domain, procedures]) =>
    Object.entries(procedures).map(([name, procedure]) => {
      const definition = procedure['~orpc'];
      return {
        name: `${domain}.${name}`,
        meta: definition.meta,
        route: definition.route,
        input: definition.inputSchema as Declared['input'],
      };
    }),
  );
}

describe('the contract', () => {
  it('opens to strangers only what signing in needs', () => {
    const open = declared().filter((d) => d.meta.permission === 'public');
    expect(open.map((d) => d.name).sort()).toEqual([
      'session.pair',
      'session.renew',
      'session.signIn',
      'system.handshake',
    ]);
  });

  it('asks for a machine permission only where a machine is resolved from the input', () => {
    for (const d of declared()) {
      if (d.meta.permission.startsWith('machine:')) expect(d.meta.resolve, d.name).toBe('machine');
      if (d.meta.resolve === 'machine')
        expect(Object.keys(d.input.shape ?? {}), d.name).toContain('machineId');
    }
  });

  it('gives every procedure its own HTTP route, and reads never by POST', () => {
    const routes = declared().map((d) => `${d.route.method} ${d.route.path}`);
    expect(new Set(routes).size).toBe(routes.length);
    for (const d of declared()) if (d.route.method === 'GET') expect(d.meta.mutates, d.name).toBe(false);
  });
});

describe('allowedPowerActions', () => {
  it('leaves a way on from every state', () => {
    for (const state of machineState.options)
      expect(allowedPowerActions(state).length, state).toBeGreaterThan(0);
  });

  it('uses every action somewhere', () => {
    const used = new Set(machineState.options.flatMap((state) => allowedPowerActions(state)));
    expect([...used].sort()).toEqual([...powerAction.options].sort());
  });
});
