import type { FeedMessage } from '@limen/contract';
import { openFeed } from '../api/feed.ts';
import { keepInventories, receiveInventory } from './inventory.ts';
import { setLinks } from './links.ts';
import { keepMetrics, receiveMetrics } from './metrics.ts';
import { settlePending } from './power.ts';
import { receiveSettings } from './settings.ts';

export type FeedCommand = Extract<FeedMessage, { type: 'command' }>['command'];

/** Into which store each message goes. Synchronous on purpose: one message, one change on the screen. */
export function receiveFeed(message: FeedMessage, onCommand: (command: FeedCommand) => void): void {
  switch (message.type) {
    case 'settings':
      receiveSettings(message.settings);
      return;
    case 'links': {
      setLinks(message.links);
      // After signing out nothing of that person's view may stay on the screen.
      const shown = message.links.filter((link) => link.state !== 'needs-sign-in' || link.user !== null);
      const known = new Set(shown.map((link) => link.id));
      keepInventories((linkId) => known.has(linkId));
      keepMetrics((linkId) => known.has(linkId));
      return;
    }
    case 'inventory':
      receiveInventory(message.linkId, message.event, message.cached);
      settlePending();
      return;
    case 'metrics':
      receiveMetrics(message.linkId, message.event);
      return;
    case 'command':
      onCommand(message.command);
      return;
  }
}

/** Connect the stores to the main process. Returns a function that ends it. */
export function startFeed(onCommand: (command: FeedCommand) => void): () => void {
  return openFeed((message) => receiveFeed(message, onCommand));
}
