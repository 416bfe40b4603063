import { type DomainDescription, parseDomainXml } from './domain-xml.ts';

/**
 * Descriptions by machine, with the text each was read from: parsing costs more than everything else in a read,
 * and most reads find the text unchanged. Comparing texts cannot go stale.
 */
export class DescriptionCache {
  readonly #known = new Map<string, { readonly xml: string; readonly description: DomainDescription }>();

  /** The description `xml` holds. Throws SyntaxError as {@link parseDomainXml} does. */
  describe(uuid: string, xml: string): DomainDescription {
    const known = this.#known.get(uuid);
    if (known?.xml === xml) return known.description;
    const description = parseDomainXml(xml);
    this.#known.set(uuid, { xml, description });
    return description;
  }

  /** Forget all machines but these. */
  keepOnly(uuids: ReadonlySet<string>): void {
    for (const uuid of this.#known.keys()) if (!uuids.has(uuid)) this.#known.delete(uuid);
  }
}
