import { XmlDocument } from '../xml-document.ts';
import { DocumentView } from './xml-view.ts';

/** What kinds of storage pools a host's libvirt was built with and has drivers for. */
export class PoolCapabilitiesXml extends DocumentView {
  /** @throws {XmlSyntaxError} when the text is no `<storagepoolCapabilities>` document. */
  static parse(text: string): PoolCapabilitiesXml {
    return new PoolCapabilitiesXml(XmlDocument.parse(text, 'storagepoolCapabilities'));
  }

  supports(type: string): boolean {
    return this.root
      .children('pool')
      .some((pool) => pool.attribute('type') === type && pool.attribute('supported') === 'yes');
  }
}
