import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLibvirtd } from '../../tests/fixtures/libvirtd.ts';
import { repositoryRoot } from '../../tests/fixtures/paths.ts';
import { run } from '../../tests/fixtures/run.ts';
import { whenFolderShows } from '../../tests/fixtures/watch.ts';
import { DomainState, Lifecycle } from './procedures/flags.ts';

const packageRoot = join(repositoryRoot, 'libvirt');

let scratch: string;
/** An empty project of a stranger, with the packed client installed. */
let project: string;
let packed: readonly string[];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'node-libvirt-package-'));
  project = join(scratch, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const client = await pack(packageRoot);
  packed = client.files;
  // Its dependency comes from where we have it, so that nothing asks a registry.
  const xmldom = createRequire(join(packageRoot, 'package.json')).resolve('@xmldom/xmldom/package.json');
  await npm(['install', '--offline', (await pack(dirname(xmldom))).file, client.file], project);
  await writeFile(join(project, 'example.mts'), await readmeExample());
});

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

/** npm, keeping its cache and logs where the test cleans up. */
function npm(args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, npm_config_cache: join(scratch, 'npm'), npm_config_update_notifier: 'false' };
  return run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd, env });
}

async function pack(folder: string): Promise<{ file: string; files: string[] }> {
  const report: unknown = JSON.parse(await npm(['pack', '--json', '--pack-destination', scratch], folder));
  // A list until npm 11, an object by package name since.
  const [entry] = Object.values(report as Record<string, { filename: string; files: { path: string }[] }>);
  if (entry === undefined) throw new Error('npm pack reported nothing');
  return { file: join(scratch, entry.filename), files: entry.files.map(({ path }) => path) };
}

/** The first program of the README, which needs no TypeScript syntax. */
async function readmeExample(): Promise<string> {
  const readme = await readFile(join(packageRoot, 'README.md'), 'utf8');
  const program = /```ts\n(import .*?)```/s.exec(readme)?.[1];
  if (program === undefined) throw new Error('the README has no example');
  return program;
}

test('holds the built client, its types, and what a reader needs', () => {
  const documents = packed.filter((path) => !path.startsWith('dist/'));
  expect(documents.toSorted()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  const built = packed.filter((path) => path.startsWith('dist/'));
  expect(built).toContain('dist/index.js');
  expect(built).toContain('dist/index.d.ts');
  expect(built.filter((path) => !/(?<!\.test)(\.js|\.d\.ts)$/.test(path))).toEqual([]);
});

test('type-checks in a strict project that skips no declarations', async () => {
  await mkdir(join(project, 'node_modules/@types'), { recursive: true });
  for (const name of ['@types/node', 'undici-types']) {
    await symlink(join(repositoryRoot, 'node_modules', name), join(project, 'node_modules', name));
  }
  const tsc = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--module', 'NodeNext', '--target', 'ES2022', '--types', 'node'];
  await run(process.execPath, [tsc, ...options, 'example.mts'], { cwd: project });
  await writeFile(
    join(project, 'wrong.mts'),
    "import { LibvirtClient } from 'node-libvirt';\nnew LibvirtClient({ uri: 1 });\n",
  );
  await expect(run(process.execPath, [tsc, ...options, 'wrong.mts'], { cwd: project })).rejects.toThrow();
});

test('runs the example of the README', async () => {
  const daemon = await startLibvirtd();
  const uri = `test+unix:///default?socket=${daemon.socketPath}`;
  await writeFile(join(project, 'example.mjs'), await readmeExample());
  const example = spawn(process.execPath, ['example.mjs', uri], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(example, 'exit');
  try {
    await follow(example, uri);
  } finally {
    example.kill();
    await ended;
    await daemon.stop();
  }
});

/** The example tells of the machine, saves its picture, and tells of what then happens to it. */
async function follow(example: ChildProcessByStdio<null, Readable, null>, uri: string): Promise<void> {
  const lines = createInterface(example.stdout)[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe(`state ${DomainState.running} test`);
  await whenFolderShows(project, 'the picture', 10_000, async () => {
    const picture = await readFile(join(project, 'test.png')).catch(() => Buffer.alloc(0));
    return picture.subarray(-12).includes('IEND') ? picture : undefined;
  });
  await run('virsh', ['-c', uri, 'suspend', 'test']);
  expect((await lines.next()).value).toBe(`event ${Lifecycle.suspended} test`);
}

test('docs/api.md is what the sources say; `npm run api -w node-libvirt` writes it', async () => {
  await run('npm', ['run', 'api', '--', '--out', scratch], { cwd: packageRoot });
  const [written, current] = await Promise.all(
    [join(packageRoot, 'docs'), scratch].map((folder) => readFile(join(folder, 'api.md'), 'utf8')),
  );
  expect(written === current, 'docs/api.md is out of date').toBe(true);
});
