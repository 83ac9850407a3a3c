/** A fault that a card's driver reported to the kernel's log. */
export interface DriverReport {
  /** Seconds since the machine started; null where the line has no such stamp. */
  readonly atS: number | null;
  /** PCI address as the line has it, without the function where that is not told: `0000:01:00`. */
  readonly busAddress: string;
  readonly driver: 'nvidia' | 'amdgpu';
  /** Number of an NVIDIA Xid; null for others. */
  readonly xid: number | null;
  readonly text: string;
}

/** `NVRM: Xid (PCI:0000:01:00): 79, pid=…, GPU has fallen off the bus.` (NVIDIA, XID Errors) */
const XID = /NVRM: Xid \(PCI:([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2})(?:\.[0-7])?\): (\d+)\b,?\s*(.*)$/i;
/** Linux, drivers/gpu/drm/amd: the card's name stands before what happened. */
const AMDGPU = /amdgpu ([0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]): (.*)$/i;
const AMDGPU_FAULT =
  /GPU reset begin|ring \S+ timeout|uncorrectable hardware errors? detected|GPU reset\(\d+\) failed/i;

/**
 * What NVIDIA says an Xid means, where it points at the card or the link (XID Errors, catalogue). Others follow from a
 * program's own mistakes as well: 13, 31, 43, 45, …
 */
export const CARD_XIDS: Readonly<Record<number, string>> = {
  48: 'memory error that ECC could not correct',
  62: 'internal micro-controller halted',
  63: 'a row of memory was marked to be replaced',
  64: 'a row of memory could not be replaced',
  74: 'NVLink error',
  79: 'the card fell off the bus',
  92: 'high rate of corrected memory errors',
  94: 'contained memory error',
  95: 'uncontained memory error',
  119: 'the card’s own processor did not answer',
  120: 'fault of the card’s own processor',
};

/** `[  123.456789] …` of dmesg and of `journalctl -o short-monotonic`; with `-T` there is no such stamp. */
const stampOf = (line: string) => {
  const found = /^\[\s*(\d+\.\d+)\]/.exec(line)?.[1];
  return found === undefined ? null : Number(found);
};

/** Every report of a card's fault in lines of the kernel's log, of whatever card. */
export function driverReports(log: string): DriverReport[] {
  return log.split('\n').flatMap((line): DriverReport[] => {
    const xid = XID.exec(line);
    if (xid) {
      const [, address, number, text] = xid as unknown as [string, string, string, string];
      return [{ atS: stampOf(line), busAddress: shortDomain(address), driver: 'nvidia', xid: Number(number), text }];
    }
    const [, address, text] = AMDGPU.exec(line) ?? [];
    if (address === undefined || text === undefined || !AMDGPU_FAULT.test(text)) return [];
    return [{ atS: stampOf(line), busAddress: address.toLowerCase(), driver: 'amdgpu', xid: null, text }];
  });
}

/** NVIDIA's library writes domains with eight digits, its kernel module with four. */
const shortDomain = (address: string) => address.toLowerCase().replace(/^0{4}(?=[0-9a-f]{4}:)/, '');

/** Whether a report is of the card at an address such as `0000:01:00.0`. */
export function isOf({ busAddress }: DriverReport, address: string): boolean {
  const [seen, own] = [busAddress, address.toLowerCase()];
  return seen.includes('.') ? seen === own : own.replace(/\.[0-7]$/, '') === seen;
}

/** In words: `Xid 79, the card fell off the bus`. */
export function wordsOf({ xid, text }: DriverReport): string {
  return xid === null ? text : `Xid ${xid}, ${CARD_XIDS[xid] ?? (text || 'no description')}`;
}
