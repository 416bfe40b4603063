import { randomUUID } from 'node:crypto';
import { jobId, type PoolId, poolId } from '@limen/contract';
import { expect, test } from 'vitest';
import type { DefinitionWords, VolumeReading } from '../../ports/storage-volumes.ts';
import { VolumeUsers, type VolumeUsersDependencies, volumeClaim } from './volume-users.ts';

const pool = poolId.parse(randomUUID());

function volume(name: string, backingPath: string | null = null): VolumeReading {
  return {
    poolId: pool,
    name,
    type: 'file',
    key: `/disks/${name}`,
    path: `/disks/${name}`,
    format: 'qcow2',
    capacityBytes: 1,
    allocatedBytes: 1,
    physicalBytes: 1,
    backingPath,
    encrypted: false,
    modifiedAt: null,
  };
}

function machine(name: string, words: readonly string[], volumes: DefinitionWords['volumes'] = []) {
  return { machineId: randomUUID(), name, running: false, words: new Set(words), volumes };
}

interface World {
  readonly machines?: readonly DefinitionWords[];
  readonly claims?: Awaited<ReturnType<VolumeUsersDependencies['claims']['unfinished']>>;
  /** What lies under each file. */
  readonly chains?: Readonly<Record<string, readonly string[]>>;
  readonly links?: Readonly<Record<string, string>>;
}

/** Names of who needs a volume, in a world made of these. */
async function usersOf(wanted: VolumeReading, world: World, others: readonly VolumeReading[] = []) {
  const { machines = [], claims = [], chains = {}, links = {} } = world;
  const users = new VolumeUsers({
    claims: { unfinished: () => Promise.resolve(claims) },
    disks: { chain: ({ path }) => Promise.resolve([path, ...(chains[path] ?? [])]) },
    images: { paths: () => Promise.resolve([]) },
    inventory: { find: () => undefined },
    paths: {
      canonical: (path) => Promise.resolve(links[path] ?? path),
      kind: () => Promise.resolve('file'),
      isEmptyFolder: () => Promise.resolve(null),
    },
    references: { all: () => Promise.resolve([...machines]) },
  });
  const index = await users.index([{ name: 'disks', volumes: [wanted, ...others] }]);
  return (await index.of('disks', wanted)).map(({ name }) => name);
}

test('nobody is nobody', async () => {
  expect(await usersOf(volume('a'), { machines: [machine('m', ['/disks/b', '/disks/ab'])] })).toEqual([]);
});

test('a path counts wherever it stands, also in the middle of an option', async () => {
  for (const word of ['/disks/a', 'file=/disks/a,format=raw', 'json:{"filename":"/disks/a"}'])
    expect(await usersOf(volume('a'), { machines: [machine('m', [word])] }), word).toEqual(['m']);
});

test('what is under a disk counts, through links as well', async () => {
  const machines = [machine('m', ['/elsewhere/top'])];
  expect(await usersOf(volume('a'), { machines, chains: { '/elsewhere/top': ['/disks/a'] } })).toEqual(['m']);
  const links = { '/other/a': '/real/a', '/disks/a': '/real/a' };
  expect(await usersOf(volume('a'), { machines: [machine('m', ['/other/a'])], links })).toEqual(['m']);
});

test('a disk may name its pool, and another volume its backing file', async () => {
  const byPool = [machine('m', [], [{ pool: 'disks', volume: 'a' }])];
  expect(await usersOf(volume('a'), { machines: byPool })).toEqual(['m']);
  expect(await usersOf(volume('a'), {}, [volume('top', '/disks/a')])).toEqual(['top']);
});

test('a job counts by what it names, but not for itself', async () => {
  const id = jobId.parse(randomUUID());
  const wanted = volume('a');
  const claims = [{ jobId: id, name: 'copying', words: [volumeClaim(wanted)] }];
  expect(await usersOf(wanted, { claims })).toEqual(['copying']);
  const other: PoolId = poolId.parse(randomUUID());
  const elsewhere = [{ jobId: id, name: 'copying', words: [volumeClaim({ poolId: other, name: 'a' })] }];
  expect(await usersOf(wanted, { claims: elsewhere })).toEqual([]);
});
