import {
  type DomainId,
  ErrorCode,
  hasCode,
  LibvirtError,
  type LibvirtClient,
  procedures,
} from 'node-libvirt';

const { domains } = procedures;

const CALL = { timeoutMs: 10_000 };
/** After its memory came back, an agent opens its channel within a second or two, or never. */
const AGENT_COMES_MS = 5_000;
/** State of the `agentLifecycle` event. */
const CONNECTED = 1;

/** See the port. */
export async function setGuestTime(client: LibvirtClient, domain: DomainId): Promise<boolean> {
  const agent = followAgent(client, domain);
  try {
    const first = await trySetTime(client, domain);
    if (first !== 'no agent yet') return first === 'set';
    return (await agent.connected) && (await trySetTime(client, domain)) === 'set';
  } finally {
    agent.stop();
  }
}

type Outcome = 'set' | 'refused' | 'no agent yet';

async function trySetTime(client: LibvirtClient, domain: DomainId): Promise<Outcome> {
  const now = Date.now();
  const [seconds, nanoseconds] = [Math.floor(now / 1000), (now % 1000) * 1_000_000];
  try {
    await client.call(domains.setTime, { domain, seconds, nanoseconds }, CALL);
    return 'set';
  } catch (error) {
    if (hasCode(error, ErrorCode.agentUnresponsive)) return 'no agent yet';
    if (error instanceof LibvirtError) return 'refused';
    throw error;
  }
}

interface Agent {
  /** False when it does not in time. */
  readonly connected: Promise<boolean>;
  readonly stop: () => void;
}

function followAgent(client: LibvirtClient, domain: DomainId): Agent {
  const ends: (() => void)[] = [];
  const connected = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), AGENT_COMES_MS);
    ends.push(
      () => clearTimeout(timer),
      client.onDomainEvent('agentLifecycle', (event) => {
        if (event.domain.uuid === domain.uuid && event.state === CONNECTED) resolve(true);
      }),
      () => resolve(false),
    );
  });
  return { connected, stop: () => ends.forEach((end) => end()) };
}
