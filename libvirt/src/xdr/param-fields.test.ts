import { expect, test } from 'vitest';
import { buildParams } from './param-fields.ts';

const fields = { migrate_disks: 'string', bandwidth: 'ullong', disks_port: 'int' } as const;

test('each value gets the C type of its field, a list one parameter for each of its values', () => {
  expect(buildParams(fields, { disks_port: 49_000, migrate_disks: ['vda', 'vdb'] })).toEqual([
    { field: 'migrate_disks', type: 'string', value: 'vda' },
    { field: 'migrate_disks', type: 'string', value: 'vdb' },
    { field: 'disks_port', type: 'int', value: 49_000 },
  ]);
});

test('what is undefined is left out, zero is not', () => {
  expect(buildParams(fields, { bandwidth: 0 })).toEqual([{ field: 'bandwidth', type: 'ullong', value: 0 }]);
});
