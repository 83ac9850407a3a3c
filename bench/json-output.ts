import { writeFileSync } from 'node:fs';

/**
 * Writes a value as JSON to a file, or to standard output for `-`.
 * @throws when the file cannot be written
 */
export function writeJson(target: string, value: unknown): void {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (target === '-') process.stdout.write(text);
  else writeFileSync(target, text);
}
