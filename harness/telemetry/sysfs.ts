import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problems } from './types.js';

/** A folder of one-value files, as the kernel's drivers offer them. */
export class SysfsFolder {
  readonly path: string;
  readonly #problems: Problems;

  constructor(path: string, problems: Problems) {
    this.path = path;
    this.#problems = problems;
  }

  /** The file's bytes. Null when it is absent, or not to be read now: a sleeping card answers EBUSY or EINVAL. */
  bytes(name: string): Buffer | null {
    try {
      return readFileSync(join(this.path, name));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EACCES' || code === 'EPERM') {
        const file = join(this.path, name);
        this.#problems.add('permission', `${file} may not be read`, `sudo chmod a+r ${file}`);
      }
      return null;
    }
  }

  text(name: string): string | null {
    const text = this.bytes(name)?.toString('utf8').trim();
    return text === undefined || text === '' ? null : text;
  }

  /** A decimal number over `per`; null for anything else. Divided, so that 84123000 µW are 84.123 W and no more. */
  number(name: string, per = 1): number | null {
    const text = this.text(name);
    return text !== null && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) / per : null;
  }

  /** Names in it, sorted; none when it is absent. */
  names(): string[] {
    try {
      return readdirSync(this.path).sort();
    } catch {
      return [];
    }
  }

  folder(name: string): SysfsFolder {
    return new SysfsFolder(join(this.path, name), this.#problems);
  }

  /** The first folder inside `name`, e.g. of `hwmon`; null when there is none. */
  firstIn(name: string, prefix: string): SysfsFolder | null {
    const parent = this.folder(name);
    const first = parent.names().find((entry) => entry.startsWith(prefix));
    return first === undefined ? null : parent.folder(first);
  }
}

/**
 * Values of `<kind><i>_input` by their label, e.g. `temp2_label` = `junction`; without a label by `unlabelled[i]`.
 * @param per what to divide by, e.g. 1e3 for millidegrees
 */
export function labelled(
  hwmon: SysfsFolder,
  kind: string,
  per: number,
  unlabelled: Readonly<Record<string, string>> = {},
): Map<string, number> {
  const values = new Map<string, number>();
  for (const file of hwmon.names()) {
    const index = new RegExp(`^${kind}(\\d+)_input$`).exec(file)?.[1];
    if (index === undefined) continue;
    const label = hwmon.text(`${kind}${index}_label`) ?? unlabelled[index];
    const value = hwmon.number(file, per);
    if (label !== undefined && value !== null && !values.has(label)) values.set(label, value);
  }
  return values;
}
