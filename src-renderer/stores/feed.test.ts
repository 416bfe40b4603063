import { afterEach, describe, expect, it, vi } from 'vitest';
import { aLink, aLinkId, aMachine, aSnapshot } from '../test/records.ts';
import { receiveFeed } from './feed.ts';
import { inventoryStore } from './inventory.ts';
import { linksStore } from './links.ts';

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

  it('hands commands of the native menu on', () => {
    receiveFeed({ type: 'command', command: 'palette' }, wishes);
    expect(wishes.command).toHaveBeenCalledWith('palette');
  });
});
