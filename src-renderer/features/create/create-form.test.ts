import { newMachine } from '@limen/contract';
import { describe, expect, it } from 'vitest';
import { anImage, aQuota, debian, someOptions, windows } from '../../test/creation-records.ts';
import { aLink } from '../../test/records.ts';
import { type CreateValues, emptyGuest, initialValues, toNewMachine } from './form-values.ts';
import { asPattern, baseName, suggestName } from './name-suggestion.ts';
import { generatePassword } from './password.ts';
import { type CreateHost, rankHosts, targetHost } from './placement.ts';
import { hardwareDefaults, imageKey, minimumDisk, sizeDefaults, suggestPreset } from './preset-defaults.ts';
import { nearestStep, stepsUpTo } from './size-steps.ts';
import { bytesToCopy, concernsOf, exceeds, hostUsage, quotaUsage } from './summary.ts';
import { checkUserData } from './user-data.ts';
import { validateCreate } from './validation.ts';

const GIB = 2 ** 30;
const image = anImage();
const alpha: CreateHost = { link: aLink(), options: someOptions(), images: [image] };
const values: CreateValues = {
  ...initialValues,
  image: imageKey(image),
  presetId: 'debian-12',
  name: 'web-1',
  guest: { ...emptyGuest, user: 'debian', sshKeys: 'ssh-ed25519 AAAAC3Nza ann@laptop' },
};

function problems(patch: Partial<CreateValues>, taken: readonly string[] = []) {
  const found = validateCreate(
    { ...values, ...patch },
    {
      host: alpha,
      preset: debian,
      takenNames: new Set(taken),
    },
  );
  return Object.fromEntries(
    [...found].map(([field, { key, line }]) => [field, line ? `${key}:${line}` : key]),
  );
}

describe('defaults', () => {
  it('take the preset from the label, else from the file name, and survive a broken pattern', () => {
    expect(suggestPreset(anImage({ presetId: 'windows-11' }), [debian, windows])?.id).toBe('windows-11');
    expect(suggestPreset(image, [debian, windows])?.id).toBe('debian-12');
    expect(suggestPreset(anImage({ name: 'Win11_24H2' }), [debian, windows])?.id).toBe('windows-11');
    expect(suggestPreset(anImage({ name: 'plan9' }), [debian, windows])).toBeUndefined();
  });

  it('never make a disk smaller than the image, but for an ISO, which is not its content', () => {
    const big = anImage({ virtualBytes: 40 * GIB });
    expect(sizeDefaults(debian, big, 'cloud').diskBytes).toBe(40 * GIB);
    expect(sizeDefaults(debian, big, 'iso').diskBytes).toBe(20 * GIB);
    expect(minimumDisk(debian, big, 'iso')).toBe(4 * GIB);
  });

  it('leave out what the host cannot give', () => {
    const none = { available: false, reason: 'no-firmware', packages: ['ovmf'] } as const;
    const { offers } = someOptions();
    const poor = someOptions({
      offers: { ...offers, uefi: { ...none, packages: [...none.packages] } },
      diskBuses: ['virtio'],
    });
    expect(hardwareDefaults(windows, poor)).toMatchObject({
      firmware: 'bios',
      secureBoot: false,
      tpm: true,
      diskBus: 'virtio',
    });
    expect(hardwareDefaults(windows, someOptions())).toMatchObject({ firmware: 'uefi', secureBoot: true });
  });

  it('suggest the next free name, and a pattern for several', () => {
    expect(baseName('ubuntu-24.04')).toBe('ubuntu');
    expect(baseName('windows-server-2025')).toBe('windows-server');
    expect(baseName('other')).toBe('machine');
    expect(suggestName('web', 1, new Set(['web-1', 'web-2']))).toEqual({ name: 'web-3', firstNumber: 3 });
    expect(suggestName('web', 3, new Set(['web-2']))).toEqual({ name: 'web-{n}', firstNumber: 3 });
    expect(asPattern('db7')).toEqual({ name: 'db{n}', firstNumber: 7 });
    expect(asPattern('mail')).toEqual({ name: 'mail-{n}', firstNumber: 1 });
  });
});

describe('the wish', () => {
  it('is what the contract takes, with only what differs from the preset', () => {
    const hardware = { ...values.hardware, firmware: 'bios' } as const;
    const wish = newMachine.parse(toNewMachine({ ...values, hardware }, debian, image.id));
    expect(wish.source).toMatchObject({
      type: 'cloud',
      imageId: image.id,
      cloudInit: { user: 'debian', sshKeys: ['ssh-ed25519 AAAAC3Nza ann@laptop'], network: { type: 'dhcp' } },
    });
    expect(wish.hardware).toEqual({ firmware: 'bios' });
    expect(wish.network).toEqual({ type: 'network', name: 'default' });
  });

  it('sends raw user-data alone, and the network with it', () => {
    const guest = { ...values.guest, raw: true, addressing: 'static', address: '192.0.2.5/24' } as const;
    const wish = newMachine.parse(toNewMachine({ ...values, guest }, debian, image.id));
    expect(wish.source).toMatchObject({
      cloudInit: { sshKeys: [], userData: '#cloud-config\n', network: { type: 'static' } },
    });
    expect(wish.source).not.toHaveProperty('cloudInit.user');
  });
});

describe('validation', () => {
  it('finds nothing wrong with an image, a name and the defaults', () => {
    expect(problems({})).toEqual({});
  });

  it.each<[string, Partial<CreateValues>, Record<string, string>]>([
    ['no image', { image: null }, { image: 'image' }],
    ['an image of another host', { image: 'elsewhere' }, { image: 'image' }],
    ['a path upwards', { name: '../etc' }, { name: 'name' }],
    ['no name', { name: '' }, { name: 'name' }],
    ['several without a number', { count: 3 }, { name: 'namePattern' }],
    ['too many', { count: 51, name: 'web-{n}' }, { count: 'count' }],
    ['an empty number', { vcpus: '' }, { vcpus: 'vcpus' }],
    ['too little memory', { memoryBytes: 2 ** 20 }, { memoryBytes: 'memory' }],
    ['less disk than the image', { diskBytes: GIB }, { diskBytes: 'diskTooSmall' }],
    ['a tag with a space', { tags: ['ok', 'a b'] }, { tags: 'tags' }],
    ['a relative path', { tab: 'disk', diskMode: 'attach', path: 'disk.img' }, { path: 'path' }],
  ])('reports %s', (_, patch, expected) => {
    expect(problems(patch)).toEqual(expected);
  });

  it('names the line of a wrong key, empty lines counted', () => {
    const guest = { ...values.guest, sshKeys: 'ssh-ed25519 AAAA\n\nnot a key' };
    expect(problems({ guest })).toEqual({ 'guest.sshKeys': 'sshKey:3' });
  });

  it('checks a static address, and user-data only where it is used', () => {
    const guest = { ...values.guest, addressing: 'static', address: '192.0.2.300/24' } as const;
    expect(problems({ guest })).toEqual({ 'guest.address': 'address' });
    const raw = { ...values.guest, raw: true, userData: '#cloud-config\nusers: [' };
    expect(problems({ guest: raw })).toHaveProperty(['guest.userData']);
    expect(problems({ guest: { ...raw, raw: false } })).toEqual({});
  });

  it('knows which names are taken', () => {
    expect(problems({}, ['web-1'])).toEqual({ name: 'nameTaken' });
    expect(problems({ count: 2, name: 'web-{n}', firstNumber: 2 }, ['web-3'])).toEqual({ name: 'nameTaken' });
  });
});

describe('user-data', () => {
  it.each([
    ['users: []', 'header', 1],
    ['#cloud-config\nusers:\n  - name: ann\n bad: [', 'syntax', 4],
    ['#cloud-config\n- a', 'notMapping', null],
    ['#cloud-config\npackages: nginx', 'notList', 2],
  ])('%j is refused: %s', (text, kind, line) => {
    expect(checkUserData(text)).toMatchObject({ kind, line });
  });

  it('takes cloud-config, nothing at all in it, and scripts', () => {
    expect(checkUserData('#cloud-config\npackages: [nginx]\n')).toBeNull();
    expect(checkUserData('#cloud-config\n')).toBeNull();
    expect(checkUserData('#!/bin/sh\necho: [')).toBeNull();
  });
});

describe('where it fits', () => {
  const sha256 = 'a'.repeat(64);
  const here = anImage({ sha256 });
  const there = anImage({ number: 2, name: 'another name', sha256 });
  const more = someOptions();
  const beta: CreateHost = {
    link: aLink({ number: 2, name: 'beta' }),
    options: { ...more, capacity: { ...more.capacity, memoryAvailableBytes: 20 * GIB } },
    images: [there],
  };
  const first: CreateHost = { ...alpha, images: [here] };
  const chosen = { ...values, image: sha256 };
  const reasons = (hosts: readonly CreateHost[], patch: Partial<CreateValues> = {}) =>
    rankHosts(hosts, { ...chosen, ...patch }).map(({ host, reason }) => [host.link.name, reason]);

  it('is where most memory is left, by the image’s digest and not its name', () => {
    expect(reasons([first, beta])).toEqual([
      ['beta', null],
      ['alpha', null],
    ]);
    expect(targetHost(rankHosts([first, beta], chosen), 'auto')).toBe(beta);
    expect(targetHost(rankHosts([first, beta], chosen), first.link.id)).toBe(first);
  });

  it('is not where the host is away, full or without the image; and it says which', () => {
    const away = { ...beta, link: aLink({ number: 2, name: 'beta', state: 'waiting' }) };
    expect(reasons([first, away])).toEqual([
      ['alpha', null],
      ['beta', 'away'],
    ]);
    expect(targetHost(rankHosts([away], chosen), 'auto')).toBe(away);
    expect(targetHost(rankHosts([away, first], chosen), 'auto')).toBe(first);
    expect(reasons([first, { ...beta, images: [] }])[1]).toEqual(['beta', 'image']);
    expect(reasons([first, beta], { memoryBytes: 18 * GIB })[1]).toEqual(['alpha', 'memory']);
    expect(reasons([first], { count: 20, diskBytes: 100 * GIB, memoryBytes: GIB / 2 })).toEqual([
      ['alpha', 'disk'],
    ]);
  });
});

describe('summary', () => {
  it('counts all machines against quota and host', () => {
    const [machines] = quotaUsage(aQuota({ machines: 4 }), { ...values, count: 3 });
    expect(machines).toEqual({ resource: 'machines', used: 2, added: 3, limit: 4 });
    expect(machines && exceeds(machines)).toBe(true);
    expect(hostUsage(alpha, values)[0]).toMatchObject({
      used: 16 * GIB,
      added: 2 * GIB,
      limit: 31 * GIB,
    });
  });

  it('blocks what is too much, and only warns of the rest', () => {
    const { offers } = someOptions();
    const slow: CreateHost = {
      ...alpha,
      options: someOptions({ offers: { ...offers, kvm: { available: false, packages: ['qemu-kvm'] } } }),
    };
    const input = { values, preset: debian, host: slow, quota: aQuota({ vcpus: 5 }) };
    expect(concernsOf(input).map(({ key, blocks }) => [key, blocks])).toEqual([
      ['overQuota', true],
      ['noKvm', false],
    ]);
    const guest = { ...emptyGuest };
    expect(
      concernsOf({ ...input, host: alpha, quota: undefined, values: { ...values, guest } }),
    ).toMatchObject([{ key: 'noLogin' }]);
  });

  it('waits for a host that has gone away, whose room nobody knows now', () => {
    const away = { ...alpha, link: aLink({ state: 'waiting' }) };
    const input = { values: { ...values, memoryBytes: 900 * GIB }, preset: debian, quota: undefined };
    expect(concernsOf({ ...input, host: away })).toMatchObject([{ key: 'away', blocks: true }]);
    expect(hostUsage(away, values)).toEqual([]);
    expect(concernsOf({ ...input, host: alpha })).toMatchObject([{ key: 'overHost', blocks: true }]);
  });

  it('estimates only what is copied', () => {
    expect(bytesToCopy(values, alpha)).toBe(0);
    expect(bytesToCopy({ ...values, tab: 'disk', count: 2 }, alpha)).toBe(GIB);
  });
});

describe('small things', () => {
  it('makes passwords that differ and can be read out', () => {
    const [one, two] = [generatePassword(), generatePassword()];
    expect(one).toMatch(/^[a-zA-Z2-9]{20}$/);
    expect(one).not.toMatch(/[0Oo1lI]/);
    expect(one).not.toBe(two);
  });

  it('offers sizes in even steps, beginning and ending where asked', () => {
    expect(stepsUpTo(1, 8)).toEqual([1, 2, 3, 4, 6, 8]);
    expect(nearestStep([1, 2, 3, 4, 6, 8], 7)).toBe(5);
    expect(nearestStep([1, 2, 3], 0)).toBe(0);
  });
});
