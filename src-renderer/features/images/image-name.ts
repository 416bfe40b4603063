/** `debian-12-generic-amd64.qcow2` → `debian-12-generic-amd64`. */
export function nameFromFile(fileName: string): string {
  return fileName.replace(/(\.(iso|img|qcow2|raw|vmdk|vhdx?|vdi|ova|xz|gz|zst|bz2))+$/i, '');
}
