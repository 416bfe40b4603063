import { describe, expect, it } from 'vitest';
import { aMachine } from '../test/records.ts';
import { completeFilter, matchesFilter, parseFilter } from './machine-filter.ts';

const web = {
  machine: aMachine({ name: 'web-1', state: 'running', owner: 'ann', tags: ['web'] }),
  hostName: 'alpha',
  me: 'ann',
};
const db = {
  machine: aMachine({
    name: 'db 2',
    state: 'off',
    osId: 'http://debian.org/debian/12',
    managed: false,
  }),
  hostName: 'beta',
  me: 'ann',
};

function selects(text: string): string[] {
  const filter = parseFilter(text);
  return [web, db].filter((subject) => matchesFilter(filter, subject)).map((subject) => subject.machine.name);
}

describe('machine filter', () => {
  it.each([
    ['', ['web-1', 'db 2']],
    ['WEB', ['web-1']],
    ['state:running', ['web-1']],
    ['state:run', ['web-1']],
    ['-state:running', ['db 2']],
    ['host:beta', ['db 2']],
    ['owner:me', ['web-1']],
    ['owner:none', ['db 2']],
    ['os:debian', ['db 2']],
    ['name:"db 2"', ['db 2']],
    ['name:"db 2', ['db 2']],
    ['state:running host:beta', []],
    ['state:', ['web-1', 'db 2']],
    ['state: web', ['web-1']],
    ['tag:we', ['web-1']],
    ['is:unmanaged', ['db 2']],
    ['is:inst', []],
    ['colour:red', []],
  ])('%j selects %j', (text, names) => {
    expect(selects(text)).toEqual(names);
  });

  it('completes keys, then values, of the last word only', () => {
    const known = { hosts: ['alpha', 'rack two'], owners: ['ann'], tags: ['web'] };
    expect(completeFilter('web st', known)).toEqual(['web state:']);
    expect(completeFilter('state:sh', known)).toEqual(['state:shutting-down ']);
    expect(completeFilter('-host:r', known)).toEqual(['-host:"rack two" ']);
    expect(completeFilter('owner:', known)).toEqual(['owner:me ', 'owner:none ', 'owner:ann ']);
    expect(completeFilter('tag:', known)).toEqual(['tag:web ']);
    expect(completeFilter('is:un', known)).toEqual(['is:unmanaged ']);
    expect(completeFilter('colour:', known)).toEqual([]);
  });
});
