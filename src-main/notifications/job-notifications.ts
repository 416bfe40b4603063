import type { HostLink, HostLinkId, Job, JobsEvent, ShowTarget } from '@limen/contract';
import { BrowserWindow, Notification } from 'electron';
import type { TFunction } from 'i18next';
import type { Disposable } from '../common/disposable.ts';
import { JobEnds } from './job-ends.ts';
import { jobMessage } from './job-message.ts';

/** Jobs that end together (twenty machines made at once) are told together. */
const GATHER_MS = 1_500;

export interface JobNotificationsOptions {
  readonly t: () => TFunction;
  readonly link: (linkId: HostLinkId) => HostLink | undefined;
  readonly show: (target: ShowTarget) => void;
}

/** Tells a person who looks elsewhere that their long work has ended. Who looks at LIMEN sees it there. */
export class JobNotifications implements Disposable {
  readonly #options: JobNotificationsOptions;
  readonly #ends = new JobEnds();
  readonly #gathered = new Map<HostLinkId, Job[]>();
  /** Shown ones: without a reference they are collected, and a click on them goes nowhere. */
  readonly #shown = new Set<Notification>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: JobNotificationsOptions) {
    this.#options = options;
  }

  receive(linkId: HostLinkId, event: JobsEvent): void {
    const jobs = this.#ends.receive(linkId, event, this.#options.link(linkId)?.user?.id ?? null);
    if (jobs.length === 0 || !Notification.isSupported()) return;
    this.#gathered.set(linkId, [...(this.#gathered.get(linkId) ?? []), ...jobs]);
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS);
  }

  forget(linkId: HostLinkId): void {
    this.#ends.forget(linkId);
    this.#gathered.delete(linkId);
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const notification of this.#shown) notification.close();
    this.#shown.clear();
  }

  #tell(): void {
    this.#timer = null;
    const gathered = [...this.#gathered];
    this.#gathered.clear();
    if (BrowserWindow.getFocusedWindow() !== null) return;
    for (const [linkId, jobs] of gathered) {
      const link = this.#options.link(linkId);
      if (link !== undefined) this.#show(link, jobs);
    }
  }

  #show(link: HostLink, jobs: readonly Job[]): void {
    const { title, body, target } = jobMessage(this.#options.t(), link, jobs);
    const notification = new Notification({ title, body });
    const forget = (): void => void this.#shown.delete(notification);
    notification.on('click', () => {
      forget();
      this.#options.show(target);
    });
    notification.on('close', forget);
    notification.on('failed', forget);
    this.#shown.add(notification);
    notification.show();
  }
}
