import { expect, test } from 'vitest';
import { parseIpv4Routes, parseIpv6Routes } from './host-links.ts';

test('routes of IPv4 are read in the byte order of the host, default routes are none', () => {
  const text = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	0101A8C0	0003	0	0	0	00000000	0	0	0
eth0	0001A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
tun0	0000000A	00000000	0001	0	0	0	000000FF	0	0	0
lo	0000007F	00000000	0001	0	0	0	000000FF	0	0	0
eth0	0000FEA9	00000000	0001	0	0	1000	0000FFFF	0	0	0
`;
  expect(parseIpv4Routes(text)).toEqual([
    { subnet: '192.168.1.0/24', by: 'device', name: 'eth0' },
    { subnet: '10.0.0.0/8', by: 'device', name: 'tun0' },
  ]);
});

test('routes of IPv6 are read without what every host has', () => {
  const none = '00000000000000000000000000000000';
  const line = (destination: string, prefix: string, name: string) =>
    `${destination} ${prefix} ${none} 00 ${none} 00000100 00000001 00000000 00000001 ${name.padStart(8)}`;
  const text = [
    line('fd000001000000000000000000000000', '40', 'eth0'),
    line('fe800000000000000000000000000000', '40', 'eth0'),
    line('ff000000000000000000000000000000', '08', 'eth0'),
    line(none, '00', 'eth0'),
    line('00000000000000000000000000000001', '80', 'lo'),
    '',
  ].join('\n');
  expect(parseIpv6Routes(text)).toEqual([{ subnet: 'fd00:1::/64', by: 'device', name: 'eth0' }]);
});
