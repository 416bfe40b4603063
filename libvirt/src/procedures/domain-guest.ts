import { array, flags, i32, i64, listing, omittable, string, u32, u64 } from '../xdr/codec.ts';
import { paramMap } from '../xdr/typed-params.ts';
import { agent, slow } from './define.ts';
import { domain, fileSystem, guestTime, interfaceAddresses } from './records.ts';

/** Calls that go through a domain's guest agent, each of which waits for the guest. */
export const domainGuest = {
  /** `source` is an {@link AddressSource}; only one of them asks the agent. */
  interfaceAddresses: agent(353, { domain, source: u32, flags }, array(interfaceAddresses)),
  /** `types` is a mask of {@link GuestInfo}, 0 for all the agent knows. */
  getGuestInfo: agent(418, { domain, types: u32, flags }, paramMap),
  getGuestHostname: agent(277, { domain, flags }, string),
  getFsInfo: agent(349, { domain, flags }, listing(fileSystem)),
  /** No mount points: all file systems. Replies how many were frozen. */
  fsFreeze: agent(335, { domain, mountPoints: array(string), flags }, i32),
  fsThaw: agent(336, { domain, mountPoints: array(string), flags }, i32),
  /** `minimum` in bytes: shorter free runs are left alone. */
  fsTrim: agent(294, { domain, mountPoint: omittable(string), minimum: u64, flags }),
  setUserPassword: agent(357, { domain, user: omittable(string), password: omittable(string), flags }),
  authorizedSshKeysGet: agent(424, { domain, user: string, flags }, array(string)),
  /** Replaces all keys, unless {@link SshKeysFlag} says otherwise. */
  authorizedSshKeysSet: agent(425, { domain, user: string, keys: array(string), flags }),
  getTime: agent(337, { domain, flags }, guestTime),
  setTime: agent(338, { domain, seconds: i64, nanoseconds: u32, flags }),
  /** How long later calls wait for the agent, in seconds; -2 for ever, -1 the default, 0 not at all. */
  setAgentResponseTimeout: slow(420, { domain, seconds: i32, flags }, i32),
} as const;
