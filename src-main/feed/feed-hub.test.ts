import { settings } from '@limen/contract';
import type { FeedMessage, HostLinkId, MetricsEvent } from '@limen/contract';
import { expect, test } from 'vitest';
import { snapshotEvent } from '../test-support/fake-host.ts';
import { FeedHub, type FeedPort } from './feed-hub.ts';

const linkId = 'c0000000-0000-4000-8000-000000000001' as HostLinkId;
const layout: MetricsEvent = { type: 'layout', machineIds: [] };
const frame = { type: 'frame', at: 1 } as MetricsEvent;

class Window implements FeedPort {
  readonly messages: FeedMessage[] = [];
  close: () => void = () => {};

  postMessage(message: FeedMessage): void {
    this.messages.push(message);
  }

  onClose(listener: () => void): void {
    this.close = listener;
  }

  get types(): string[] {
    return this.messages.map((message) => message.type);
  }
}

function hub(): FeedHub {
  return new FeedHub({
    settings: () => settings.parse({}),
    links: () => [],
    inventories: () => [{ type: 'inventory', linkId, cached: true, event: snapshotEvent() }],
    libraries: () => [{ type: 'jobs', linkId, event: { type: 'snapshot', jobs: [] } }],
    uploads: () => [],
  });
}

test('a new window first gets everything there is, in order, then every change', () => {
  const feed = hub();
  feed.metrics(linkId, layout);
  feed.metrics(linkId, frame);
  const window = new Window();
  feed.attach(1, window);
  feed.links();
  expect(window.types).toEqual([
    'settings',
    'links',
    'inventory',
    'jobs',
    'uploads',
    'metrics',
    'metrics',
    'links',
  ]);
  expect(window.messages[5]).toMatchObject({ event: { type: 'layout' } });
});

test('a frame of an old layout is not given to a new window', () => {
  const feed = hub();
  feed.metrics(linkId, layout);
  feed.metrics(linkId, frame);
  feed.metrics(linkId, layout);
  const window = new Window();
  feed.attach(1, window);
  expect(window.types.filter((type) => type === 'metrics')).toHaveLength(1);
});

test('a window that is only being opened is shown what was asked for, once', () => {
  const feed = hub();
  const target = { kind: 'jobs', linkId } as const;
  feed.show(1, target);
  const window = new Window();
  feed.attach(1, window);
  expect(window.messages.at(-1)).toEqual({ type: 'show', target });
  const reloaded = new Window();
  feed.attach(1, reloaded);
  expect(reloaded.types).not.toContain('show');
  feed.show(1, target);
  expect(reloaded.types.at(-1)).toBe('show');
});

test('a reloaded window keeps its new port when the old one closes', () => {
  const feed = hub();
  const before = new Window();
  const after = new Window();
  feed.attach(1, before);
  feed.attach(1, after);
  before.close();
  feed.command(1, 'palette');
  expect(after.types.at(-1)).toBe('command');
  expect(before.types).not.toContain('command');
  after.close();
  const count = after.messages.length;
  feed.links();
  expect(after.messages).toHaveLength(count);
});
