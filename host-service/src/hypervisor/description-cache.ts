import { type DomainDescription, parseDomainXml } from './domain-xml.ts';

interface Known {
  readonly xml: string;
  /** Null when this text, and every one before it, was unreadable. */
  readonly description: DomainDescription | null;
}

/**
 * Descriptions by machine, with the text each was read from: parsing costs more than everything else in a read,
 * and most reads find the text unchanged. Comparing texts cannot go stale.
 */
export class DescriptionCache {
  readonly #known = new Map<string, Known>();
  readonly #onUnreadable: (uuid: string, error: unknown) => void;

  /** @param onUnreadable told once of each text that is not a domain's XML as we know it */
  constructor(onUnreadable: (uuid: string, error: unknown) => void) {
    this.#onUnreadable = onUnreadable;
  }

  /** The description `xml` holds; when it is unreadable the last one that was not, or null. */
  describe(uuid: string, xml: string): DomainDescription | null {
    const known = this.#known.get(uuid);
    if (known?.xml === xml) return known.description;
    const description = this.#parse(uuid, xml) ?? known?.description ?? null;
    this.#known.set(uuid, { xml, description });
    return description;
  }

  /** The last readable description; null when there was none. */
  last(uuid: string): DomainDescription | null {
    return this.#known.get(uuid)?.description ?? null;
  }

  /** Forget all machines but these. */
  keepOnly(uuids: ReadonlySet<string>): void {
    for (const uuid of this.#known.keys()) if (!uuids.has(uuid)) this.#known.delete(uuid);
  }

  #parse(uuid: string, xml: string): DomainDescription | null {
    try {
      return parseDomainXml(xml);
    } catch (error) {
      this.#onUnreadable(uuid, error);
      return null;
    }
  }
}
