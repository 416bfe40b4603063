import { describe, expect, it } from 'vitest';
import { checkUserData } from './user-data.ts';

function messages(text: string): string[] {
  try {
    checkUserData(text, ['userData']);
    return [];
  } catch (error) {
    const { data } = error as { data: { issues: { path: string[]; message: string }[] } };
    return data.issues.map(({ message }) => message);
  }
}

describe('user-data', () => {
  it.each([
    '#cloud-config\n',
    '#cloud-config\npackages: [nginx]\nruncmd:\n  - echo hello\n  - [ls, -l]\n',
    '#cloud-config\nhostname: 12\nfuture_module:\n  anything: goes\n',
    '#!/bin/sh\nnot: yaml: at all',
    'Content-Type: multipart/mixed; boundary="=="\n\n--==',
    '## template: jinja\n#cloud-config\nx: {{ v1.region }}\n',
    '#cloud-config\r\nusers:\r\n  - default\r\n',
  ])('that cloud-init understands passes: %j', (text) => {
    expect(messages(text)).toEqual([]);
  });

  it.each([
    ['', 'line 1: must be #cloud-config'],
    ['packages: [nginx]', 'line 1: must be #cloud-config'],
    ['#cloud-config\n- a\n- b\n', 'line 2: must be keys with values'],
    ['#cloud-config\npackages: nginx\n', 'line 2: packages must be a list'],
    ['#cloud-config\nruncmd:\n  - echo ok\n  - echo a: b\n', 'line 4: each runcmd must be a text or a list'],
    ['#cloud-config\nwrite_files:\n  - content: x\n', 'line 3: each file needs a path'],
    ['#cloud-config\na: 1\nhostname: [x]\n', 'line 3: hostname must be a text'],
  ])('with a fault is refused by line: %j', (text, message) => {
    expect(messages(text)[0]).toContain(message);
  });

  it('says at which line the YAML ends to be any', () => {
    expect(messages('#cloud-config\nusers:\n  - name: "ann\n')[0]).toMatch(/^line [34]: /);
    expect(messages('#cloud-config\nhostname: a\nhostname: b\n')[0]).toMatch(/^line 3: /);
    expect(messages('#cloud-config\nusers:\n\t- default\n')[0]).toMatch(/^line 3: /);
  });

  it('does not unfold aliases that multiply', () => {
    const bomb = Array.from({ length: 30 }, (_, n) => `k${n + 1}: &k${n + 1} [*k${n}, *k${n}]`).join('\n');
    expect(messages(`#cloud-config\nk0: &k0 [x]\n${bomb}\n`)).toEqual([]);
  });
});
