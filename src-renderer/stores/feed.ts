import type { FeedMessage, ShowTarget } from '@limen/contract';
import { openFeed } from '../api/feed.ts';
import { keepImages, receiveImages } from './images.ts';
import { keepInventories, receiveInventory } from './inventory.ts';
import { keepJobs, receiveJobs } from './jobs.ts';
import { setLinks } from './links.ts';
import { keepMetrics, receiveMetrics } from './metrics.ts';
import { settlePending } from './power.ts';
import { receiveSettings } from './settings.ts';
import { receiveUploads } from './uploads.ts';

export type FeedCommand = Extract<FeedMessage, { type: 'command' }>['command'];

/** What the main process asks a window to do, rather than to know. */
export interface FeedWishes {
  readonly command: (command: FeedCommand) => void;
  readonly show: (target: ShowTarget) => void;
}

/** Into which store each message goes. Synchronous on purpose: one message, one change on the screen. */
export function receiveFeed(message: FeedMessage, wishes: FeedWishes): void {
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
      keepJobs((linkId) => known.has(linkId));
      keepImages((linkId) => known.has(linkId));
      return;
    }
    case 'inventory':
      receiveInventory(message.linkId, message.event, message.cached);
      settlePending();
      return;
    case 'metrics':
      receiveMetrics(message.linkId, message.event);
      return;
    case 'jobs':
      receiveJobs(message.linkId, message.event);
      return;
    case 'images':
      receiveImages(message.linkId, message.event);
      return;
    case 'uploads':
      receiveUploads(message.uploads);
      return;
    case 'show':
      wishes.show(message.target);
      return;
    case 'command':
      wishes.command(message.command);
      return;
  }
}

/** Connect the stores to the main process. Returns a function that ends it. */
export function startFeed(wishes: FeedWishes): () => void {
  return openFeed((message) => receiveFeed(message, wishes));
}
