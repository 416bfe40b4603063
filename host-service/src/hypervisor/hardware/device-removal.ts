import { LimenError } from '@limen/contract';
import {
  Affect,
  ConnectionLostError,
  type DomainId,
  DomainXml,
  ErrorCode,
  ErrorDomain,
  type LibvirtClient,
  procedures,
} from 'node-libvirt';

const { domains } = procedures;

/** A guest lets go within a second or two, or never: one that is still booting, or holds on. */
const DEADLINE_MS = 20_000;

/**
 * Take a device out of a running machine. Only libvirt's event says that it is gone; the call that asks for it is
 * answered long before. Rejects with `HYPERVISOR_ERROR` when the guest refuses, or is silent past the deadline.
 */
export async function detachDevice(client: LibvirtClient, domain: DomainId, alias: string): Promise<void> {
  const removal = followRemoval(client, domain, alias);
  try {
    await client.call(domains.detachDeviceAlias, { domain, alias, flags: Affect.live });
    if ((await removal.outcome) === 'removed') return;
    // The event may have been lost with a connection; the definition tells.
    if (!(await hasDevice(client, domain, alias))) return;
    throw refused(`the guest did not let go of it within ${DEADLINE_MS / 1000} seconds`);
  } finally {
    removal.stop();
  }
}

interface Removal {
  /** Rejects when the guest refuses, or the connection that events come by is lost. */
  readonly outcome: Promise<'removed' | 'silence'>;
  readonly stop: () => void;
}

interface RemovalEvent {
  readonly domain: DomainId;
  readonly alias: string;
}

function followRemoval(client: LibvirtClient, domain: DomainId, alias: string): Removal {
  const ends: (() => void)[] = [];
  const isIt = (event: RemovalEvent): boolean => event.domain.uuid === domain.uuid && event.alias === alias;
  const outcome = new Promise<'removed' | 'silence'>((resolve, reject) => {
    const timer = setTimeout(() => resolve('silence'), DEADLINE_MS);
    ends.push(
      () => clearTimeout(timer),
      client.onDomainEvent('deviceRemoved', (event) => isIt(event) && resolve('removed')),
      client.onDomainEvent('deviceRemovalFailed', (event) => {
        if (isIt(event)) reject(refused('the guest refused to let go of it'));
      }),
      client.onStatus(({ state, error }) => {
        if (state === 'unavailable') reject(error ?? new ConnectionLostError('the connection was lost'));
      }),
    );
  });
  // Nobody may be waiting yet when it fails.
  outcome.catch(() => undefined);
  return { outcome, stop: () => ends.forEach((end) => end()) };
}

async function hasDevice(client: LibvirtClient, domain: DomainId, alias: string): Promise<boolean> {
  const { devices } = DomainXml.parse(await client.call(domains.getXmlDesc, { domain }));
  const all = [...devices.disks, ...devices.interfaces];
  return all.some((device) => device.alias === alias);
}

function refused(detail: string): LimenError<'HYPERVISOR_ERROR'> {
  const data = { libvirtCode: ErrorCode.operationFailed, libvirtDomain: ErrorDomain.qemu, detail };
  return new LimenError('HYPERVISOR_ERROR', data, { message: detail });
}
