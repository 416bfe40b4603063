import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ContractClient,
  type Image,
  isFinished,
  type Job,
  type JobId,
  LimenError,
} from '@limen/contract';
import type { Database } from '../../../host-service/src/database/database.ts';
import { createDatabase } from '../../../host-service/src/database/open-database.ts';
import { silentLogger } from '../../fixtures/databases.ts';
import { type FaultyHost, startFaultyHost } from '../../fixtures/faulty-host.ts';
import { leftovers } from '../../fixtures/leftovers.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../../fixtures/libvirtd.ts';
import { type PrivatePostgres, startPostgres } from '../../fixtures/postgres.ts';
import { privateStorage } from '../../fixtures/private-storage.ts';
import { connectRpc, type RpcClient } from '../../fixtures/rpc-client.ts';
import { run } from '../../fixtures/run.ts';
import { ToolDeaths } from './tool-deaths.ts';

/** A host on which things are made and processes killed, and what there is to make machines from. */
export class FaultStage {
  readonly libvirtd: PrivateLibvirtd;
  readonly host: FaultyHost;
  readonly storage: string;
  readonly tools: ToolDeaths;
  readonly #postgres: PrivatePostgres;
  readonly #database: Database;
  #client: RpcClient;
  #images: readonly Image[] = [];

  private constructor(parts: {
    libvirtd: PrivateLibvirtd;
    host: FaultyHost;
    storage: string;
    tools: ToolDeaths;
    postgres: PrivatePostgres;
    database: Database;
    client: RpcClient;
  }) {
    this.libvirtd = parts.libvirtd;
    this.host = parts.host;
    this.storage = parts.storage;
    this.tools = parts.tools;
    this.#postgres = parts.postgres;
    this.#database = parts.database;
    this.#client = parts.client;
  }

  static async open(): Promise<FaultStage> {
    const libvirtd = await startLibvirtd();
    // Starts faster than the embedded database, and can be read while the host service runs.
    const postgres = await startPostgres();
    const scanned = await makeImages(libvirtd);
    const storage = await privateStorage(libvirtd, { scanDirectories: [scanned] });
    const tools = await ToolDeaths.prepare(libvirtd);
    const host = await startFaultyHost({
      libvirtd,
      databaseUrl: postgres.url,
      environment: { ...storage.environment, LIMEN_LOG_LEVEL: 'info', ...tools.environment },
    });
    const database = createDatabase({ url: postgres.url, dataDirectory: '', logger: silentLogger });
    await database.open();
    const client = await connect(host);
    const stage = new FaultStage({
      libvirtd,
      host,
      storage: storage.directory,
      tools,
      postgres,
      database,
      client,
    });
    stage.#images = (await stage.api.images.scan({})).added;
    return stage;
  }

  /** As the first administrator, on this life of the host service. */
  get api(): ContractClient {
    return this.#client.api;
  }

  imageId(kind: Image['kind']): Image['id'] {
    const found = this.#images.find((image) => image.kind === kind);
    if (found === undefined) throw new Error(`there is no image of kind ${kind}`);
    return found.id;
  }

  /** `kill -9`, and start it again. */
  async restartHost(): Promise<void> {
    await this.host.kill();
    await this.host.start();
    this.#client = await connect(this.host);
  }

  async restartLibvirtd(): Promise<void> {
    await this.libvirtd.kill();
    await this.libvirtd.start();
  }

  /** The jobs once they have ended, in the same order. */
  async ended(jobIds: readonly JobId[]): Promise<Job[]> {
    const left = new Set(jobIds);
    const found = new Map<JobId, Job>();
    for await (const event of await this.api.jobs.watch({})) {
      for (const job of event.type === 'snapshot' ? event.jobs : event.upserted) {
        if (isFinished(job.state) && left.delete(job.id)) found.set(job.id, job);
      }
      if (left.size === 0) break;
    }
    return jobIds.flatMap((id) => found.get(id) ?? []);
  }

  /** When nothing is at work any more. */
  async settled(): Promise<void> {
    const jobs = await this.api.jobs.list({});
    await this.ended(jobs.map(({ id }) => id));
  }

  async stopMachines(): Promise<void> {
    const running = (await this.libvirtd.virsh('list', '--name')).split('\n').filter((name) => name !== '');
    for (const name of running) await this.libvirtd.virsh('destroy', name);
  }

  /** Ends the host service, so that nothing changes under the eyes of who looks. */
  async leftovers(): Promise<string[]> {
    await this.host.stop({ keep: true });
    const { libvirtd, storage } = this;
    return leftovers({ libvirtd, storage, database: this.#database });
  }

  async close(): Promise<void> {
    await this.#client.close();
    await this.host.stop();
    await this.#database.close();
    await this.#postgres.stop();
    await this.libvirtd.stop();
  }
}

/** It listens before it has its database, and refuses until then. */
async function connect(host: FaultyHost): Promise<RpcClient> {
  const url = `ws+unix:${join(host.dataDirectory, 'control.sock')}:`;
  for (;;) {
    try {
      return await connectRpc({ url });
    } catch (error) {
      if (!LimenError.is(error, 'DATABASE_UNAVAILABLE')) throw error;
    }
  }
}

/** A medium and a disk, as small as they can be. Resolves to their folder. */
async function makeImages({ imagesDir }: PrivateLibvirtd): Promise<string> {
  const folder = join(imagesDir, 'scanned');
  await mkdir(folder);
  const content = join(imagesDir, 'content');
  await writeFile(content, 'LIMEN'.repeat(400_000));
  await run('qemu-img', ['convert', '-O', 'qcow2', content, join(folder, 'disk.qcow2')]);
  const medium = ['-o', join(folder, 'medium.iso'), content];
  await run('xorriso', ['-as', 'mkisofs', '-quiet', '-V', 'MEDIUM', ...medium]);
  await rm(content);
  return folder;
}
