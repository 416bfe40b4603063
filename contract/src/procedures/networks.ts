import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { networkId } from '../ids.ts';
import { procedure } from '../procedure.ts';
import { editResult } from '../records/hardware.ts';
import { job } from '../records/job.ts';
import { network, networkEdit, networksSnapshot, newNetwork } from '../records/network.ts';

/**
 * Virtual networks and bridges of the host. Everybody sees them, with their own machines and those machines' leases;
 * only administrators change them.
 */
export const networks = {
  list: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/networks', summary: 'Networks, leases and bridges of the host' },
    input: z.object({}),
    output: networksSnapshot,
  }),
  watch: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: {
      method: 'GET',
      path: '/networks/watch',
      summary: 'Follow the networks: complete at first and after every change, whoever made it',
    },
    input: z.object({}),
    output: eventIterator(networksSnapshot),
  }),
  get: procedure({
    permission: 'signed-in',
    resolve: 'none',
    mutates: false,
    http: { method: 'GET', path: '/networks/{networkId}', summary: 'One network' },
    input: z.object({ networkId }),
    output: network,
  }),
  create: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'POST',
      path: '/networks',
      summary: 'Define and start a network; INVALID_INPUT for subnets that overlap with any the host knows',
    },
    input: newNetwork,
    output: job,
  }),
  edit: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'POST',
      path: '/networks/{networkId}',
      summary:
        'Make changes in order; stops at the first that is refused. CONFLICT (changed) when the revision is old',
    },
    input: z.object({
      networkId,
      revision: z.string().max(128),
      edits: z.array(networkEdit).min(1).max(64),
    }),
    /** One result for each edit tried, in order. */
    output: z.object({ results: z.array(editResult), network }),
  }),
  start: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
    http: { method: 'POST', path: '/networks/{networkId}/start', summary: 'Start a network' },
    input: z.object({ networkId }),
    output: network,
  }),
  stop: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'POST',
      path: '/networks/{networkId}/stop',
      summary: 'Stop a network; CONFLICT (in-use) names running machines that are plugged in',
    },
    input: z.object({ networkId }),
    output: network,
  }),
  setAutostart: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'PUT',
      path: '/networks/{networkId}/autostart',
      summary: 'Whether libvirt starts it with the host',
    },
    input: z.object({ networkId, autostart: z.boolean() }),
    output: network,
  }),
  delete: procedure({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
    http: {
      method: 'DELETE',
      path: '/networks/{networkId}',
      summary: 'Stop and delete a network; CONFLICT (in-use) names the machines that have it, on or off',
    },
    input: z.object({ networkId }),
    output: z.object({}),
  }),
};
