import { cloudInit, machineId } from '@limen/contract';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hostnameOf, seedFiles } from './seed-files.ts';

const subject = {
  machineId: machineId.parse('2b1f6d0e-5f5b-4f6e-9a86-0d4a8f0e7a11'),
  name: 'Web server 1',
  mac: '52:54:00:00:00:01',
  passwordHash: null,
};

describe('a seed', () => {
  it('needs nothing but a machine', () => {
    const files = seedFiles(cloudInit.parse({}), subject);
    expect(parse(files.metaData)).toEqual({
      'instance-id': subject.machineId,
      'local-hostname': 'web-server-1',
    });
    expect(files.userData).toMatch(/^#cloud-config\n/);
    expect(parse(files.userData)).toEqual({ hostname: 'web-server-1', manage_etc_hosts: true });
    expect(files.networkConfig).toBeNull();
  });

  it('renames the default user and gives it what was asked', () => {
    const wish = cloudInit.parse({
      hostname: 'web.example.org',
      user: 'ann',
      password: 'in clear',
      sshKeys: ['ssh-ed25519 AAAA ann@home: x'],
      packages: ['nginx'],
      runCommands: ['echo "a: b" > /x'],
    });
    const { userData } = seedFiles(wish, { ...subject, passwordHash: '$6$salt$hash' });
    expect(userData).not.toContain('in clear');
    expect(parse(userData)).toEqual({
      hostname: 'web',
      fqdn: 'web.example.org',
      manage_etc_hosts: true,
      user: { name: 'ann' },
      password: '$6$salt$hash',
      chpasswd: { expire: false },
      ssh_pwauth: true,
      ssh_authorized_keys: ['ssh-ed25519 AAAA ann@home: x'],
      package_update: true,
      packages: ['nginx'],
      runcmd: ['echo "a: b" > /x'],
    });
  });

  it.each([
    ['192.0.2.10/24', '192.0.2.1', '0.0.0.0/0'],
    ['2001:db8::10/64', '2001:db8::1', '::/0'],
  ])('sets the address %s by the interface’s MAC', (address, gateway, to) => {
    const network = { type: 'static', address, gateway, nameservers: ['192.0.2.53'] } as const;
    const { networkConfig } = seedFiles(cloudInit.parse({ network }), subject);
    expect(parse(networkConfig ?? '')).toEqual({
      version: 2,
      ethernets: {
        primary: {
          match: { macaddress: subject.mac },
          addresses: [address],
          routes: [{ to, via: gateway }],
          nameservers: { addresses: ['192.0.2.53'] },
        },
      },
    });
  });

  it('keeps a long key on one line', () => {
    const key = `ssh-ed25519 ${'A'.repeat(300)} ann at home`;
    expect(seedFiles(cloudInit.parse({ sshKeys: [key] }), subject).userData).toContain(key);
  });

  it('passes on a person’s own user-data as it is', () => {
    const userData = '#!/bin/sh\necho hi\n';
    expect(seedFiles(cloudInit.parse({ userData }), subject).userData).toBe(userData);
  });
});

describe('a host name', () => {
  it.each([
    ['web-1', 'web-1'],
    ['Ärger & Co.', 'a-rger-co'],
    ['데비안', 'machine'],
    ['x'.repeat(80), 'x'.repeat(63)],
  ])('of %s is %s', (name, expected) => {
    expect(hostnameOf(name)).toBe(expected);
  });
});
