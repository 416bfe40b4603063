import { hexadecimal, required } from '../../fields/field.ts';
import { type RecordOf, readRecord, writeRecord } from '../../fields/structure.ts';
import type { XmlElement } from '../../xml-element.ts';

const pciAddressFields = {
  domain: required(hexadecimal('@domain', 4), 0),
  bus: required(hexadecimal('@bus', 2), 0),
  slot: required(hexadecimal('@slot', 2), 0),
  function: required(hexadecimal('@function', 1), 0),
};

/** Where a PCI device is on the host. */
export type PciAddress = RecordOf<typeof pciAddressFields>;

export function readPciAddress(element: XmlElement): PciAddress {
  return readRecord(element, pciAddressFields);
}

/** @param type written as the attribute `type` where an address may be of several kinds */
export function writePciAddress(element: XmlElement, address: PciAddress, type: 'pci' | null = null): void {
  element.setAttribute('type', type);
  writeRecord(element, pciAddressFields, address);
}
