import { readInteger } from '../quantity.ts';
import { XmlDocument } from '../xml-document.ts';
import { NamedDocument, XmlView } from './xml-view.ts';

/** An address and its DHCP service on a virtual network. */
export class NetworkIp extends XmlView {
  get family(): 'ipv4' | 'ipv6' {
    return this.element.attribute('family') === 'ipv6' ? 'ipv6' : 'ipv4';
  }

  get address(): string | null {
    return this.element.attribute('address');
  }

  get netmask(): string | null {
    return this.element.attribute('netmask');
  }

  get prefix(): number | null {
    return readInteger(this.element.attribute('prefix'));
  }

  /** Address ranges given out; empty without DHCP. */
  get dhcpRanges(): { readonly start: string; readonly end: string }[] {
    const ranges = this.element.child('dhcp')?.children('range') ?? [];
    return ranges.map((range) => ({
      start: range.attribute('start') ?? '',
      end: range.attribute('end') ?? '',
    }));
  }
}

/** The definition of a virtual network. */
export class NetworkXml extends NamedDocument {
  /** @throws {XmlSyntaxError} when the text is no `<network>` document. */
  static parse(text: string): NetworkXml {
    return new NetworkXml(XmlDocument.parse(text, 'network'));
  }

  static create(name: string): NetworkXml {
    return new NetworkXml(
      XmlDocument.create({ name: 'network', content: [{ name: 'name', content: name }] }),
    );
  }

  /** `nat`, `route`, `bridge`, `open`, …; null for an isolated network. */
  get forwardMode(): string | null {
    const forward = this.root.child('forward');
    return forward && (forward.attribute('mode') ?? 'nat');
  }

  set forwardMode(mode: string | null) {
    this.root.set(mode === null ? 'forward' : 'forward/@mode', mode);
  }

  /** The host's bridge. */
  get bridge(): string | null {
    return this.root.get('bridge/@name');
  }

  set bridge(name: string) {
    this.root.set('bridge/@name', name);
  }

  get mac(): string | null {
    return this.root.get('mac/@address');
  }

  /** DNS domain of its guests. */
  get dnsDomain(): string | null {
    return this.root.get('domain/@name');
  }

  set dnsDomain(name: string | null) {
    this.root.set(name === null ? 'domain' : 'domain/@name', name);
  }

  get ips(): NetworkIp[] {
    return this.root.children('ip').map((element) => new NetworkIp(element));
  }
}
