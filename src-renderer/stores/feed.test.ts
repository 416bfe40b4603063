import { afterEach, describe, expect, it, vi } from 'vitest';
import { aLink, aLinkId, aMachine, aMachineId, aSnapshot } from '../test/records.ts';
import { aJob, anImage, anUpload } from '../test/work-records.ts';
import { receiveFeed } from './feed.ts';
import { imagesStore } from './images.ts';
import { inventoryStore } from './inventory.ts';
import { jobsStore } from './jobs.ts';
import { linksStore } from './links.ts';
import { uploadsStore } from './uploads.ts';

const linkId = aLinkId(1);
const wishes = { command: vi.fn(), show: vi.fn() };

function known(): boolean {
  return inventoryStore.getState().hosts.has(linkId);
}

function arrive(): void {
  receiveFeed({ type: 'links', links: [aLink()] }, wishes);
  receiveFeed({ type: 'inventory', linkId, cached: false, event: aSnapshot([aMachine()]) }, wishes);
}

afterEach(() => {
  inventoryStore.setState({ hosts: new Map() });
  linksStore.setState({ links: undefined });
});

describe('feed', () => {
  it('keeps the machines of a host that is only away', () => {
    arrive();
    receiveFeed({ type: 'links', links: [aLink({ state: 'waiting' })] }, wishes);
    expect(known()).toBe(true);
  });

  it('forgets the machines of a host that was removed', () => {
    arrive();
    receiveFeed({ type: 'links', links: [] }, wishes);
    expect(known()).toBe(false);
  });

  it('forgets the machines of a person who signed out, not of one whose session ran out', () => {
    arrive();
    const link = aLink({ state: 'needs-sign-in' });
    receiveFeed({ type: 'links', links: [link] }, wishes);
    expect(known()).toBe(true);
    receiveFeed({ type: 'links', links: [{ ...link, user: null }] }, wishes);
    expect(known()).toBe(false);
  });

  it('brings jobs, images and uploads, and forgets those of a host that was removed', () => {
    arrive();
    receiveFeed({ type: 'jobs', linkId, event: { type: 'snapshot', jobs: [aJob()] } }, wishes);
    receiveFeed({ type: 'images', linkId, event: { type: 'snapshot', images: [anImage()] } }, wishes);
    receiveFeed({ type: 'uploads', uploads: [anUpload()] }, wishes);
    expect(jobsStore.getState().hosts.get(linkId)?.size).toBe(1);
    expect(imagesStore.getState().hosts.get(linkId)?.size).toBe(1);
    expect(uploadsStore.getState().uploads).toEqual([anUpload()]);
    receiveFeed({ type: 'links', links: [] }, wishes);
    expect(jobsStore.getState().hosts.size).toBe(0);
    expect(imagesStore.getState().hosts.size).toBe(0);
  });

  it('hands on what a notification was about', () => {
    const target = { kind: 'machine', linkId, machineId: aMachineId(1) } as const;
    receiveFeed({ type: 'show', target }, wishes);
    expect(wishes.show).toHaveBeenCalledWith(target);
  });

  it('hands commands of the native menu on', () => {
    receiveFeed({ type: 'command', command: 'palette' }, wishes);
    expect(wishes.command).toHaveBeenCalledWith('palette');
  });
});
