import { LimenError } from '@limen/contract';
import { createAccessTokens } from './auth/access-tokens.ts';
import { createPasswords } from './auth/argon2-passwords.ts';
import { createSecretTokens } from './auth/secret-tokens.ts';
import type { Config } from './config/schema.ts';
import { announceService, dataPaths, type ServiceState, withdrawService } from './data-directory.ts';
import { lockDirectory } from './database/directory-lock.ts';
import type { Database } from './database/database.ts';
import { createDatabase } from './database/open-database.ts';
import { AccountRepository } from './database/repositories/accounts.ts';
import { AuditRepository } from './database/repositories/audit.ts';
import { OwnershipRepository } from './database/repositories/ownership.ts';
import { SessionRepository } from './database/repositories/sessions.ts';
import { layFoundation, publicAddress } from './foundation.ts';
import { createLibvirtHypervisor } from './hypervisor/libvirt-hypervisor.ts';
import type { Accounts } from './ports/accounts.ts';
import type { Logger } from './ports/logger.ts';
import type { Principal } from './ports/principal.ts';
import { createServer } from './server/create-server.ts';
import { ensureAdministrator, type NewAdministrator } from './services/first-administrator.ts';
import { startHousekeeping } from './services/housekeeping.ts';
import { createServices } from './services/services.ts';
import { SessionService } from './services/sessions.ts';
import { UserService } from './services/users.ts';
import { SERVICE_VERSION } from './version.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Ended sessions and spent refresh tokens stay this long, so that reuse is still recognised as such. */
const SESSION_RETENTION_DAYS = 7;

export interface ServiceOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Told the first administrator, if this start makes one; the password exists nowhere else. */
  readonly onAdministrator: (administrator: NewAdministrator) => Promise<void>;
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
export async function startService({
  config,
  logger,
  onAdministrator,
}: ServiceOptions): Promise<RunningService> {
  const opened = new Opened();
  try {
    const { keys, certificate } = await layFoundation(config);
    const { directory } = config.data;
    const { hostId } = keys;
    const lock = await lockDirectory(directory, 'service.lock');
    opened.add(() => lock.release());

    const database = createDatabase({
      url: config.database.url,
      dataDirectory: directory,
      logger: logger.child({ part: 'database' }),
    });
    opened.add(() => database.close());
    // A server may come later; our own files are here or never.
    if (database.kind === 'embedded') await database.open();
    else database.start();

    const accounts = new AccountRepository(database);
    const store = new SessionRepository(database, hostId);
    const audit = new AuditRepository(database, hostId);
    const passwords = await createPasswords(config.passwords);
    const lifetimes = {
      accessMs: config.tokens.accessMinutes * MINUTE_MS,
      refreshMs: config.tokens.refreshDays * DAY_MS,
    };
    const sessions = new SessionService({
      accounts,
      store,
      passwords,
      accessTokens: await createAccessTokens({ ...keys, lifetimeMs: lifetimes.accessMs }),
      secrets: createSecretTokens(keys.rotationKey),
      logger: logger.child({ part: 'sessions' }),
      lifetimes,
    });
    await whenConnected(database, logger, async () => {
      const administrator = await ensureAdministrator(accounts, passwords, 'admin');
      if (administrator !== null) await onAdministrator(administrator);
    });
    opened.add(
      startHousekeeping(
        [
          { name: 'sessions', retentionDays: SESSION_RETENTION_DAYS, prune: (before) => store.prune(before) },
          {
            name: 'audit log',
            retentionDays: config.audit.retentionDays,
            prune: (before) => audit.prune(before),
          },
        ],
        logger,
      ),
    );

    const hypervisor = createLibvirtHypervisor({
      uri: config.libvirt.uri,
      socketPath: config.libvirt.socket ?? undefined,
      accelerationOverride: config.libvirt.acceleration,
      logger: logger.child({ part: 'hypervisor' }),
    });
    opened.add(() => hypervisor.close());
    let port = config.listen.port;
    const services = createServices({
      identity: {
        hostId,
        name: config.host.name,
        serviceVersion: SERVICE_VERSION,
        startedAt: new Date(),
        certificateFingerprint: certificate.fingerprint,
        get address() {
          return publicAddress(config, port);
        },
      },
      uri: config.libvirt.uri,
      hypervisor,
      ownership: new OwnershipRepository(database),
      database,
      sessions,
      users: new UserService(accounts, passwords),
      logger,
    });
    opened.add(() => services.close());
    services.start();
    hypervisor.start();

    const { controlSocket } = dataPaths(directory);
    const server = createServer({
      services,
      audit,
      logger: logger.child({ part: 'server' }),
      listen: { host: config.listen.address, port },
      tls: { key: certificate.key, cert: certificate.certificate },
      control: { path: controlSocket, principal: () => localPrincipal(accounts) },
    });
    opened.add(() => server.close());
    ({ port } = (await server.listen()).address);

    const state = {
      pid: process.pid,
      address: publicAddress(config, port),
      fingerprint: certificate.fingerprint,
      controlSocket,
    };
    await announceService(directory, state);
    opened.add(() => withdrawService(directory));
    logger.info({ ...state, hostId, version: SERVICE_VERSION }, 'listening');
    return { state, close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** What to close, the last opened first. */
class Opened {
  readonly #closers: (() => void | Promise<void>)[] = [];

  add(close: () => void | Promise<void>): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }
}

/** Run now when there is a connection, else at the first one; until it succeeds once. */
async function whenConnected(database: Database, logger: Logger, work: () => Promise<void>): Promise<void> {
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
