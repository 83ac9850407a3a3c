import { existsSync, readFileSync } from 'node:fs';
import { type Distribution, parseOsRelease } from './remedies.js';

/** The system at hand, for the commands that mend it. */
export function thisDistribution(): Distribution {
  let release = '';
  try {
    release = readFileSync('/etc/os-release', 'utf8');
  } catch {
    // Not Linux, or one without a name.
  }
  return {
    ...parseOsRelease(release),
    root: process.getuid?.() === 0,
    deb822: existsSync('/etc/apt/sources.list.d/debian.sources'),
  };
}
