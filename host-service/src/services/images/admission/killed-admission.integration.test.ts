import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { hostId, imageId, userId } from '@limen/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allFaults } from '../../../../../tests/fixtures/all-faults.ts';
import { silentLogger } from '../../../../../tests/fixtures/databases.ts';
import { makeDisk } from '../../../../../tests/fixtures/image-samples.ts';
import { type PrivatePostgres, startPostgres } from '../../../../../tests/fixtures/postgres.ts';
import { run } from '../../../../../tests/fixtures/run.ts';
import type { Database } from '../../../database/database.ts';
import { createDatabase } from '../../../database/open-database.ts';
import { AccountRepository } from '../../../database/repositories/accounts.ts';
import type { Admission } from './admission.ts';

/** Files that are received by a process that is killed at every moment of every step. */

const STEPS = ['verify', 'unpack', 'inspect', 'convert', 'place', 'enter'];
/** Before a step is prepared is after the one before it was saved. */
const FORWARD = ['after-prepare', 'after-run', 'after-save', ...(allFaults ? ['before-prepare'] : [])];
const BACK = ['after-undo', ...(allFaults ? ['before-undo'] : [])];
const PROGRAM = join(import.meta.dirname, '../../../../../tests/fixtures/admission-program.mjs');

interface Case {
  readonly dieAt: string;
  /** At the end of its last step, so that all of them are undone. */
  readonly cancel: boolean;
}

const cases: readonly Case[] = [
  ...STEPS.flatMap((step) => FORWARD.map((moment) => ({ dieAt: `${step} ${moment}`, cancel: false }))),
  ...STEPS.flatMap((step) => BACK.map((moment) => ({ dieAt: `${step} ${moment}`, cancel: true }))),
  { dieAt: 'convert mid-run', cancel: false },
];

let folder: string;
let postgres: PrivatePostgres;
let database: Database;
let user: { userId: string; username: string };
const host = hostId.parse(randomUUID());
/** What is received, and the points of dying where it is not like the others. */
const kinds = [
  ['vmdk', /./],
  // Kept as it came, it is moved.
  ['qcow2', /^(verify|place) /],
  ['qcow2.gz', /^unpack /],
] as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limen-admission-'));
  postgres = await startPostgres();
  database = createDatabase({ url: postgres.url, dataDirectory: folder, logger: silentLogger });
  await database.open();
  const account = { username: 'ada', passwordHash: 'x', role: 'user' } as const;
  const { id, username } = await new AccountRepository(database).create(account);
  user = { userId: id, username };
  for (const format of ['qcow2', 'vmdk'] as const) await makeDisk(join(folder, `sample.${format}`), format);
  await run('gzip', ['--keep', join(folder, 'sample.qcow2')]);
});
afterAll(async () => {
  await database?.close();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function newAdmission(storage: string, kind: string, name: string): Promise<Admission> {
  const id = imageId.parse(randomUUID());
  const receivedPath = join(storage, 'incoming', id);
  await copyFile(join(folder, `sample.${kind}`), receivedPath);
  return {
    imageId: id,
    receivedPath,
    name,
    kind: null,
    presetId: null,
    shared: false,
    ownerId: userId.parse(user.userId),
    origin: 'upload',
    sourceUrl: null,
    expected: null,
  };
}

/** One life of the program. */
async function live(storage: string, enqueue: readonly { args: Admission }[]): Promise<'done' | 'killed'> {
  const options = { url: postgres.url, storage, hostId: host, user, enqueue };
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], { stdio: 'inherit' });
  const [code, signal]: unknown[] = await once(child, 'exit');
  if (signal === 'SIGKILL') return 'killed';
  if (code !== 0) throw new Error(`the program ended with ${String(code ?? signal)}`);
  return 'done';
}

async function deaths(storage: string): Promise<string[]> {
  const folderOfDeaths = join(storage, 'deaths');
  const marks = await readdir(folderOfDeaths);
  const points = await Promise.all(marks.map((mark) => readFile(join(folderOfDeaths, mark), 'utf8')));
  return points.toSorted();
}

/** What does not fit together; nothing when all is well. */
async function inconsistencies(storage: string): Promise<string[]> {
  const jobs = await database.run((db) =>
    db.selectFrom('job').select(['image_id', 'state', 'subject_name']).where('host_id', '=', host).execute(),
  );
  const images = await database.run((db) =>
    db.selectFrom('image').select(['id', 'path', 'sha256']).where('host_id', '=', host).execute(),
  );
  const files = await readdir(join(storage, 'images'));
  const problems = (await readdir(join(storage, 'incoming'))).map((name) => `${name} was left behind`);
  for (const { image_id: id, state, subject_name: name } of jobs) {
    const { cancel, dieAt }: Case = JSON.parse(name);
    const image = images.find((each) => each.id === id);
    if (state !== (cancel ? 'cancelled' : 'done')) problems.push(`${dieAt}: ${state}`);
    if ((image !== undefined) === cancel) problems.push(`${dieAt}: its image is ${image ? '' : 'not '}there`);
  }
  for (const { path, sha256, id } of images) {
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    if (digest !== sha256) problems.push(`${id} has another digest than its file`);
  }
  const known = new Set(images.map(({ path }) => basename(path)));
  return [...problems, ...files.filter((file) => !known.has(file)).map((file) => `${file} is nobody's`)];
}

test.each(kinds)(
  'a %s is an image or nothing, wherever the process that receives it dies',
  async (kind, points) => {
    const storage = join(folder, kind);
    for (const name of ['incoming', 'images']) await mkdir(join(storage, name), { recursive: true });
    const due = cases.filter(({ dieAt }) => points.test(dieAt));
    let enqueue = await Promise.all(
      due.map(async (each) => ({ args: await newAdmission(storage, kind, JSON.stringify(each)) })),
    );
    for (; (await live(storage, enqueue)) === 'killed'; enqueue = []);
    expect(await deaths(storage)).toEqual(due.map(({ dieAt }) => dieAt).toSorted());
    expect(await inconsistencies(storage)).toEqual([]);
    await database.run((db) => db.deleteFrom('job').where('host_id', '=', host).execute());
    await database.run((db) => db.deleteFrom('image').where('host_id', '=', host).execute());
  },
  600_000,
);
