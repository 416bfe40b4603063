import { LimenError } from '@limen/contract';
import { composeReceiving } from './compose-images.ts';
import { composeMachines } from './compose-machines.ts';
import { composePeople, type People } from './compose-people.ts';
import type { Config } from './config/schema.ts';
import { announceService, dataPaths, type ServiceState, withdrawService } from './data-directory.ts';
import type { Database } from './database/database.ts';
import { lockDirectory } from './database/directory-lock.ts';
import { createDatabase } from './database/open-database.ts';
import { AuditRepository } from './database/repositories/audit.ts';
import { DefinitionHistoryRepository } from './database/repositories/definition-history.ts';
import { ImageRepository } from './database/repositories/images.ts';
import { JobClaimRepository } from './database/repositories/job-claims.ts';
import { JobRepository } from './database/repositories/jobs.ts';
import { OwnershipRepository } from './database/repositories/ownership.ts';
import { PoolHistoryRepository } from './database/repositories/pool-history.ts';
import { type Foundation, layFoundation, publicAddress } from './foundation.ts';
import { createLibvirtHypervisor, type LibvirtHypervisorOptions } from './hypervisor/libvirt-hypervisor.ts';
import { JobRunner, type JobRunnerOptions } from './jobs/job-runner.ts';
import { Opened } from './opened.ts';
import type { Accounts } from './ports/accounts.ts';
import type { DefinitionHistory } from './ports/definition-history.ts';
import type { HostIdentity } from './ports/host-identity.ts';
import type { Jobs } from './ports/jobs.ts';
import type { Logger } from './ports/logger.ts';
import type { PoolHistory } from './ports/pool-history.ts';
import type { Presets } from './ports/presets.ts';
import type { Principal } from './ports/principal.ts';
import { loadPresets } from './presets/preset-catalogue.ts';
import { createServer } from './server/create-server.ts';
import { ensureAdministrator, type NewAdministrator } from './services/first-administrator.ts';
import { startHousekeeping } from './services/housekeeping.ts';
import { createServices, type Services } from './services/services.ts';
import { createHostPaths } from './storage/host-paths.ts';
import { createImageFiles } from './storage/image-files.ts';
import { QemuImg } from './storage/qemu-img.ts';
import { PictureFolder } from './storage/snapshot-pictures.ts';
import { SERVICE_VERSION } from './version.ts';

/** Ended sessions and spent refresh tokens stay this long, so that reuse is still recognised as such. */
const SESSION_RETENTION_DAYS = 7;
const JOB_RETENTION_DAYS = 30;
const DEFINITION_RETENTION_DAYS = 365;
const POOL_HISTORY_RETENTION_DAYS = 90;

export interface ServiceOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Told the first administrator, if this start makes one; the password exists nowhere else. */
  readonly onAdministrator: (administrator: NewAdministrator) => Promise<void>;
  /** For tests, which make processes die where jobs are at work. Nothing that is configured gets here. */
  readonly forTests?: {
    readonly jobRunner: Pick<JobRunnerOptions, 'onStep' | 'timings'>;
    readonly reconnect: LibvirtHypervisorOptions['reconnect'];
  };
}

export interface RunningService {
  readonly state: ServiceState;
  /** Refuse new work, let what runs finish, close everything. */
  close(): Promise<void>;
}

/**
 * The composition root: open what the configuration names and put it together. Rejects when the service cannot
 * run at all (data directory in use, port taken); a database server or a libvirt that is away is waited for.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const opened = new Opened();
  try {
    const state = await openService(options, opened);
    return { state, close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function openService(options: ServiceOptions, opened: Opened): Promise<ServiceState> {
  const { config, logger } = options;
  const { directory } = config.data;
  const foundation = await layFoundation(config);
  const { keys, certificate } = foundation;
  const lock = await lockDirectory(directory, 'service.lock');
  opened.add(() => lock.release());

  const database = await openDatabase(options, opened);
  const audit = new AuditRepository(database, keys.hostId);
  const people = await composePeople({ config, keys, database, logger });
  await onceConnected(database, logger, async () => {
    const administrator = await ensureAdministrator(people.accounts, people.passwords, 'admin');
    if (administrator !== null) await options.onAdministrator(administrator);
  });
  const jobs = new JobRunner({
    ...options.forTests?.jobRunner,
    store: new JobRepository(database, keys.hostId),
    logger: logger.child({ part: 'jobs' }),
  });
  const history = new DefinitionHistoryRepository(database, keys.hostId);
  const poolHistory = new PoolHistoryRepository(database, keys.hostId);
  const prunables = [
    { name: 'sessions', retentionDays: SESSION_RETENTION_DAYS, prune: (at: Date) => people.store.prune(at) },
    { name: 'audit log', retentionDays: config.audit.retentionDays, prune: (at: Date) => audit.prune(at) },
    { name: 'jobs', retentionDays: JOB_RETENTION_DAYS, prune: (at: Date) => jobs.prune(at) },
    {
      name: 'replaced definitions',
      retentionDays: DEFINITION_RETENTION_DAYS,
      prune: (at: Date) => history.prune(at),
    },
    {
      name: 'usage of storage pools',
      retentionDays: POOL_HISTORY_RETENTION_DAYS,
      prune: (at: Date) => poolHistory.prune(at),
    },
  ];

  const identity = new Identity(config, foundation);
  const presets = await loadPresets();
  const { sealingKey } = keys;
  const parts = { ...options, identity, database, people, jobs, presets, history, poolHistory, sealingKey };
  const services = openServices(parts, opened);
  const { uploadExpiryDays } = config.storage;
  const uploads = {
    name: 'uploads',
    retentionDays: uploadExpiryDays,
    prune: (at: Date) => services.uploads.prune(at),
  };
  opened.add(startHousekeeping([...prunables, uploads], logger));
  const { controlSocket } = dataPaths(directory);
  const server = createServer({
    services,
    audit,
    logger: logger.child({ part: 'server' }),
    listen: { host: config.listen.address, port: config.listen.port },
    tls: { key: certificate.key, cert: certificate.certificate },
    control: { path: controlSocket, principal: () => localPrincipal(people.accounts) },
  });
  opened.add(() => server.close());
  const { address } = await server.listen();
  identity.port = address.port;

  const { pid } = process;
  const state = { pid, address: identity.address, fingerprint: certificate.fingerprint, controlSocket };
  await announceService(directory, state);
  opened.add(() => withdrawService(directory));
  logger.info({ ...state, hostId: keys.hostId, version: SERVICE_VERSION }, 'listening');
  return state;
}

async function openDatabase({ config, logger }: ServiceOptions, opened: Opened): Promise<Database> {
  const database = createDatabase({
    url: config.database.url,
    dataDirectory: config.data.directory,
    logger: logger.child({ part: 'database' }),
  });
  opened.add(() => database.close());
  // A server may come later; our own files are here or never.
  if (database.kind === 'embedded') await database.open();
  else database.start();
  return database;
}

interface ServicesDependencies extends ServiceOptions {
  readonly identity: HostIdentity;
  readonly database: Database;
  readonly people: People;
  readonly jobs: Jobs;
  readonly presets: Presets;
  readonly history: DefinitionHistory;
  readonly poolHistory: PoolHistory;
  readonly sealingKey: Buffer;
}

function openServices(dependencies: ServicesDependencies, opened: Opened): Services {
  const { config, logger, identity, database, people, jobs, presets, sealingKey } = dependencies;
  const hypervisor = createLibvirtHypervisor({
    uri: config.libvirt.uri,
    socketPath: config.libvirt.socket ?? undefined,
    accelerationOverride: config.libvirt.acceleration,
    reconnect: dependencies.forTests?.reconnect,
    logger: logger.child({ part: 'hypervisor' }),
  });
  opened.add(() => hypervisor.close());
  const disks = new QemuImg();
  const { accounts } = people;
  const { editor } = hypervisor;
  const services = createServices({
    identity,
    uri: config.libvirt.uri,
    hypervisor,
    ownership: new OwnershipRepository(database),
    database,
    sessions: people.sessions,
    users: people.users,
    jobs,
    imageStore: new ImageRepository(database, identity.hostId),
    imageFiles: createImageFiles({ ...config.storage, disks }),
    presets,
    imageReceiving: composeReceiving(config, disks),
    machineMaking: composeMachines({ config, identity, database, accounts, editor, disks, sealingKey }),
    machineHardware: { hardware: hypervisor.hardware, history: dependencies.history },
    hostNetworks: hypervisor.networks,
    hostStorage: {
      pools: hypervisor.pools,
      volumes: hypervisor.volumes,
      references: hypervisor.references,
      claims: new JobClaimRepository(database, identity.hostId),
      history: dependencies.poolHistory,
      paths: createHostPaths(),
      ownFolders: [config.data.directory, config.storage.directory],
    },
    machineSnapshots: {
      snapshots: hypervisor.snapshots,
      pictures: new PictureFolder(dataPaths(config.data.directory).snapshotPictures),
    },
    logger,
  });
  opened.add(() => services.close());
  services.start();
  hypervisor.start();
  // First of all to be closed: what its steps work with must outlive them.
  opened.add(() => jobs.close());
  jobs.start();
  return services;
}

/** What the service says of itself; with port 0 its address is only known once it listens. */
class Identity implements HostIdentity {
  readonly hostId: HostIdentity['hostId'];
  readonly name: string;
  readonly serviceVersion = SERVICE_VERSION;
  readonly startedAt = new Date();
  readonly certificateFingerprint: string;
  readonly #config: Config;
  port: number;

  constructor(config: Config, { keys, certificate }: Foundation) {
    this.hostId = keys.hostId;
    this.name = config.host.name;
    this.certificateFingerprint = certificate.fingerprint;
    this.#config = config;
    this.port = config.listen.port;
  }

  get address(): string {
    return publicAddress(this.#config, this.port);
  }
}

/** Run now when there is a connection, else at the first one; until it succeeds once. */
async function onceConnected(database: Database, logger: Logger, work: () => Promise<void>): Promise<void> {
  if (database.status.connected) return work();
  const unsubscribe = database.onStatus(({ connected }) => {
    if (!connected) return;
    work().then(unsubscribe, (error: unknown) => logger.error({ err: error }, 'first-run set-up failed'));
  });
}

/** Who opens the control socket is the service's own user, and so acts as its first administrator. */
async function localPrincipal(accounts: Accounts): Promise<Principal> {
  const administrator = await accounts.firstAdministrator();
  if (administrator === null) throw new LimenError('UNAUTHENTICATED', { reason: 'missing' });
  const { id: userId, username, role } = administrator;
  return { userId, username, role, sessionId: null, expiresAt: Number.POSITIVE_INFINITY };
}
